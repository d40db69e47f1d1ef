"""Arrays of a hierarchical model, from a formula and a table or from bare arrays."""

from .arrays import INTERCEPT, Design, Grouping, collinear, determined_remedy
from .design import design, from_arrays
from .formula import Formula, FormulaError, parse

__all__ = [
    "INTERCEPT",
    "Design",
    "Formula",
    "FormulaError",
    "Grouping",
    "collinear",
    "design",
    "determined_remedy",
    "from_arrays",
    "parse",
]
