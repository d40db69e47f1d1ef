"""Normal outcomes with known standard errors: y_i ~ N(eta_i, s_i).

Published estimates of which only the standard error is known, as in a meta-analysis.  Divided by
s_i, rows are normal with sd 1, and this is what the density has: of outcomes, columns and offsets.
There is no sigma: what differs among estimates beyond their errors is an effect, ``(1 | study)``.

Default priors take median and MAD of the estimates.  Their spread is that among studies and that of
the errors together, above the former, and an estimate that is far out because of its large
error makes no prior wider.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from ...compiling import FloatArray, function_value
from ...densities.sums import dot
from ..family import LIKELIHOOD
from .gaussian import GAUSSIAN


@function_value(*LIKELIHOOD)
def log_likelihood(
    eta: FloatArray,
    y: FloatArray,
    trials: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """Log likelihood of N(eta, 1): rows are divided by their standard errors.

    Rows may summarise more observations: `rss` is the sum of squares that they leave out.
    """
    for i in range(eta.size):
        eta[i] = y[i] - eta[i]
    return -0.5 * (rss + dot(eta, eta))


KNOWN_SE = replace(
    GAUSSIAN,
    log_likelihood=log_likelihood,
    own=(),
    own_priors=MappingProxyType({}),
    elsewhere={"brms": {}},
    robust=True,
    known_se=True,
    also_called=(),
)
"""What the Gaussian family is where the formula has ``| se(s)``; `Design.se` is its sigma."""
