"""The pieces of which log densities are made: each of one number, or of a few.

transforms    from the whole line to where a parameter lives, with log-Jacobians
priors        of a standard deviation, seen from the whole line
special       functions that numba and Python must agree on
sums          sums and products in Python's order
"""

from .._old_names import old_names
from . import priors, special, transforms

__all__ = ["priors", "special", "transforms"]

__getattr__ = old_names(__name__)
