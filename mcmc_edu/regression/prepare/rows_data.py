"""Rows of the general density, in its units, reduced to as few rows as possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...families.family import Family
from ...formulas import Design
from ..coordinates.units import Units
from .summaries import merge_equal, side_by_side, summarise


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows in the format of the general density; see `Regression`."""

    y: FloatArray
    trials: FloatArray
    offset: FloatArray
    x: FloatArray
    z: FloatArray
    group: NDArray[np.int64]
    constant: float
    observations: float
    rss: float = 0.0


def scaled_x(design: Design, units: Units) -> FloatArray:
    """Return the predictors of the common coefficients in the density's units, shape (n, Q)."""
    return by_error(units.common(design.columns), design, units)


def scaled_z(design: Design, units: Units) -> list[FloatArray]:
    """Return the predictors of every grouping in the density's units, shape (n, K) each."""
    return [
        by_error(term.turned(g, g.columns, g.index), design, units)
        for g, term in zip(design.groupings, units.terms, strict=True)
    ]


def scaled_offset(design: Design, units: Units) -> FloatArray:
    """Return the offsets in the density's units, shape (n,)."""
    return by_error(design.offset / units.y_scale, design, units)


def by_error(values: FloatArray, design: Design, units: Units) -> FloatArray:
    """Divide rows, shape (n, ...), by their standard errors, if these are known."""
    if design.se is None:
        return values
    error = design.se / units.y_scale
    return np.asarray(values / error.reshape(-1, *(1,) * (values.ndim - 1)))


def gaussian_outcomes(design: Design, family: Family, units: Units) -> FloatArray:
    """Return normal outcomes less their offset in the density's units, shape (n,)."""
    y = (family.on_scale(design.y) - design.offset - units.y_center) / units.y_scale
    return by_error(y, design, units)


def gaussian_constant(design: Design, family: Family, units: Units) -> float:
    """Return the part of the Gaussian log likelihood that depends on no parameter."""
    known = 0.0 if design.se is None else float(np.log(design.se / units.y_scale).sum())
    return family.constant(design.y, np.zeros(0)) - known


def gaussian_rows(design: Design, family: Family, units: Units) -> Rows:
    """Summarise the rows of each cell; a cell's rows share their levels of all factors."""
    n = design.y.size
    y = gaussian_outcomes(design, family, units)
    z = np.hstack([np.zeros((n, 0)), *scaled_z(design, units)])
    index = np.array([g.index for g in design.groupings], dtype=np.int64).reshape(-1, n)
    x = scaled_x(design, units)
    if len(index) == 1:  # its cells are its levels
        found = summarise(z, x, y, index[0])
        found = side_by_side(found, len(design.groupings[0].levels))
        group = np.zeros((1, 0), dtype=np.int64)
    else:
        first, cell = cells_of(index)
        found = summarise(z, x, y, cell)
        group = index[:, first][:, found.cell]
    return Rows(
        found.y,
        np.zeros(0),
        np.zeros(found.y.size),
        found.x,
        found.z,
        np.ascontiguousarray(group),
        gaussian_constant(design, family, units),
        float(n),
        found.rss,
    )


def cells_of(index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of each cell, in the order of cells, and the cell of each row.

    `index`, shape (T, n), holds the levels of every row.
    """
    cell = np.zeros(index.shape[1], dtype=np.int64)
    for levels in index:
        _, cell = np.unique(cell * (levels.max() + 1) + levels, return_inverse=True)
    _, first = np.unique(cell, return_index=True)
    return first.astype(np.int64), cell.astype(np.int64)


def other_rows(design: Design, family: Family, units: Units) -> Rows:
    """Return the rows unchanged, except that equal rows of a binomial model are merged."""
    n, rows = design.y.size, design.offset.size
    y, trials = outcomes_of(design, family, units), np.zeros(0)
    offset = design.offset / units.y_scale
    x, z = scaled_x(design, units), np.hstack([np.zeros((rows, 0)), *scaled_z(design, units)])
    group = np.array([g.index for g in design.groupings], dtype=np.int64).reshape(-1, rows)
    if family.has_trials:
        trials = np.ones(n) if design.trials is None else design.trials
    constant = family.constant(design.y, trials)
    if family.has_trials:
        first, y, trials = merge_equal(np.column_stack([x, z, group.T, offset]), y, trials)
        offset, x, z, group = offset[first], x[first], z[first], group[:, first]
    return Rows(y, trials, offset, x, z, np.ascontiguousarray(group), constant, float(n))


def outcomes_of(design: Design, family: Family, units: Units) -> FloatArray:
    """Return outcomes in the density's units.

    Categorical outcomes become indicators, stacked by category.
    """
    if design.blocks is not None:
        others = 1.0 + np.arange(design.blocks)
        return np.asarray(design.y == others[:, np.newaxis], dtype=np.float64).reshape(-1)
    return by_error((family.on_scale(design.y) - units.y_center) / units.y_scale, design, units)
