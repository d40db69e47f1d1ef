"""A worked solution: the Jacobian of a logarithm."""

import math


def jacobian(u, rate):
    """Add log |d sigma / d u| = log(exp(u)) = u to the log density of sigma."""
    return math.log(rate) - rate * math.exp(u) + u
