"""What is sampled: log densities with their gradients, and the pieces they are made of.

    transforms    from the whole line to where a parameter lives, with log-Jacobians
    priors        of a standard deviation, seen from the whole line
    special       functions that numba and Python must agree on
    targets       densities with known moments, to try samplers on
    differences   a gradient where none is written
    gradients     a written gradient held to differences

A log density is a function ``f(theta, grad, data) -> float``: it returns the log density at
`theta`, up to a constant, and writes the gradient into `grad`.
"""

from . import priors, special, targets, transforms
from .differences import finite_difference
from .gradients import GradientCheck, check_gradient
from .target import Target

__all__ = [
    "GradientCheck",
    "Target",
    "check_gradient",
    "finite_difference",
    "priors",
    "special",
    "targets",
    "transforms",
]
