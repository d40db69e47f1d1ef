"""A gradient: checked, or supplied where none is written.

check          a written gradient against differences
differences    a gradient by differences
report         what a check found, with the likely mistake
"""

from .check import GradientCheck, check_gradient
from .differences import finite_difference

__all__ = ["GradientCheck", "check_gradient", "finite_difference"]
