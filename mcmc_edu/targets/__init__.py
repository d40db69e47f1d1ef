"""Test targets: densities with known moments, each hard in one way of its own.

    normal, ill_conditioned_normal     scales and correlations
    banana                             a curved ridge
    funnel                             a scale that changes from place to place
    mixture                            two modes, and nothing in between
    eight_schools_centered, ..._noncentered     a small hierarchical model, in two coordinates

Every gradient is derived by hand, and compared with differences by the tests.
"""

from .eight_schools import eight_schools_centered, eight_schools_noncentered
from .normals import ill_conditioned_normal, normal
from .shapes import banana, funnel, mixture
from .target import Target

__all__ = [
    "Target",
    "banana",
    "eight_schools_centered",
    "eight_schools_noncentered",
    "funnel",
    "ill_conditioned_normal",
    "mixture",
    "normal",
]
