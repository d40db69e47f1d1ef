"""Units in which everything is of the size of 1: what the sampler works with.

    y' = (y - y_center) / y_scale           x' = (x - x_center) / x_scale         z' = z / z_scale

y is scaled if it is continuous, and centred if there is an intercept, and so are the predictors of
common coefficients.  A model of times in ms has then the draws of the same model in s, and warm-up
need not find out what the units are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..formulas import INTERCEPT, Design
from .categories import predictor
from .family import Family


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
    intercept: NDArray[np.int64]
    """Which column is the intercept that a centre goes into, shape (Q,); -1 if none is."""

    def centered(self, columns: FloatArray) -> FloatArray:
        """Predictors less their centres, shape (n, Q)."""
        ones = np.where(self.intercept < 0, 1.0, columns[:, self.intercept])
        return np.asarray(columns - self.x_center * ones)


def units_of(design: Design, family: Family) -> Units:
    """Sizes of the columns of a design."""
    intercept = intercepts(design)
    itself = intercept == np.arange(intercept.size)
    with_intercept = bool(itself.any())
    y_scale = spread(design.y) if family.continuous else 1.0
    y_center = float(design.y.mean()) if family.continuous and with_intercept else 0.0
    columns = [own_rows(column, design.blocks) for column in design.columns.T]
    kept = itself | (not (with_intercept or family.thresholds))
    center = np.where(kept, 0.0, [column.mean() for column in columns])
    scale = np.where(itself, 1.0, [spread(column) for column in columns])
    z_scale = (
        np.array([spread(own_rows(z, design.blocks)) for z in g.columns.T])
        for g in design.groupings
    )
    return Units(y_center, y_scale, center, scale, tuple(z_scale), intercept)


def intercepts(design: Design) -> NDArray[np.int64]:
    """The intercept's column for every common coefficient, -1 without one; shape (Q,)."""
    of_block = {
        name.removesuffix(INTERCEPT): q
        for q, name in enumerate(design.names)
        if predictor(design, name) == INTERCEPT
    }
    found = [of_block.get(name.removesuffix(predictor(design, name)), -1) for name in design.names]
    return np.array(found, dtype=np.int64)


def own_rows(column: FloatArray, blocks: int | None) -> FloatArray:
    """Of a column in blocks the block that is not zero; any other as it is."""
    if blocks is None:
        return column
    apart = column.reshape(blocks, -1)
    return np.asarray(apart[np.abs(apart).max(axis=1).argmax()])


def spread(values: FloatArray) -> float:
    """Standard deviation as R has it; the size of a constant, and 1 of zeros."""
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    size = float(np.abs(values).max(initial=0.0))
    if sd > 1e-12 * size:
        return sd
    return size or 1.0
