"""Units in which everything is of the size of 1: what the sampler works with.

    y' = (y - y_center) / y_scale           x' = (x - x_center) / x_scale         z' = z / z_scale

y is scaled if it is continuous, and centred if there is an intercept, and so are the predictors of
common coefficients.  A model of times in ms has then the draws of the same model in s, and warm-up
need not find out what the units are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..compiling import FloatArray
from ..formulas import Design
from .family import Family

INTERCEPT = "Intercept"


@dataclass(frozen=True, eq=False)
class Units:
    """Centres and scales of outcome and predictors."""

    y_center: float
    y_scale: float
    x_center: FloatArray
    """Shape (Q,); 0 for the intercept."""
    x_scale: FloatArray
    """Shape (Q,); 1 for the intercept."""
    z_scale: tuple[FloatArray, ...]
    """Of every grouping, shape (K,)."""


def units_of(design: Design, family: Family) -> Units:
    """Sizes of the columns of a design."""
    with_intercept = INTERCEPT in design.names
    y_scale = spread(design.y) if family.continuous else 1.0
    y_center = float(design.y.mean()) if family.continuous and with_intercept else 0.0
    intercept = np.array([name == INTERCEPT for name in design.names], dtype=bool)
    center = np.where(intercept | (not with_intercept), 0.0, design.columns.mean(axis=0))
    scale = np.array([spread(column) for column in design.columns.T])
    return Units(
        y_center, y_scale, center, np.where(intercept, 1.0, scale),
        tuple(np.array([spread(z) for z in g.columns.T]) for g in design.groupings),
    )  # fmt: skip


def spread(values: FloatArray) -> float:
    """Standard deviation as R has it; the size of a constant, and 1 of zeros."""
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    size = float(np.abs(values).max(initial=0.0))
    if sd > 1e-12 * size:
        return sd
    return size or 1.0
