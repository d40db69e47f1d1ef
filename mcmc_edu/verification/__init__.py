"""Is the sampler right?  Checks that know the truth because they made it.

exact_start    one transition from exact draws must give exact draws: a kernel on its own
sbc            draws of data simulated from the prior must surround the truth evenly: model,
               sampler and settings together
sampled        a posterior and a sampler, made into what `sbc` calls
ecdf_band      how far the ECDF of uniform ranks may lie from a straight line
"""

from .bands import ecdf_band, ecdf_p_value
from .exact_start import ExactStart, exact_start
from .fits import sampled
from .result import SBC
from .simulation import sbc

__all__ = ["SBC", "ExactStart", "ecdf_band", "ecdf_p_value", "exact_start", "sampled", "sbc"]
