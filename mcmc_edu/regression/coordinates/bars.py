"""Units of bars whose covariance has a default prior.

The lines are described at the means of their predictors.  The constant comes first, and every
column is made orthogonal to the columns before it.  The unit of a slope follows from the sd of its
column within levels.  If x varies mostly between levels, the unit of the intercepts grows, because
the slopes alone then spread them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...families.categories import predictor
from ...formulas import INTERCEPT, Design, Grouping
from .turns import in_turn
from .units import SLOPE, TermUnits, kinds, own_rows, rows_of_block, spread


def of_population(design: Design, given: Mapping[str, object]) -> tuple[TermUnits, ...]:
    """Find the units of every bar; coefficients with a user's prior keep their columns, at 0."""
    found = []
    for g in design.groupings:
        both = _gives(given, g, "sd", "covariance")
        correlations = g.correlated and len(g.names) > 1 and _gives(given, g, "cor")
        if both or correlations or _gives_one(given, design, g):
            sizes = np.zeros(0) if both else _sizes_at_zero(_bar(design, g))
            scale = np.array([spread(own_rows(z, design.blocks)) for z in g.columns.T])
            found.append(TermUnits(scale, sizes=sizes))
        else:
            found.append(_bar(design, g))
    return tuple(found)


def _gives(given: Mapping[str, object], g: Grouping, *kinds: str) -> bool:
    return any(name in given for kind in kinds for name in (kind, f"{kind}({g.name})"))


def _gives_one(given: Mapping[str, object], design: Design, g: Grouping) -> bool:
    """Return whether the sd of one coefficient has a prior of its own."""
    names = [*g.names, *(predictor(design, name) for name in g.names)]
    return any(f"sd({g.name}: {name})" in given for name in names)


def _sizes_at_zero(term: TermUnits) -> FloatArray:
    """Return the default scales of a bar at 0, assuming no correlations at the mean."""
    turn = np.eye(term.scale.size) if term.turn is None else term.turn
    return np.asarray(np.linalg.norm(turn, axis=1) / term.scale)


def _bar(design: Design, g: Grouping) -> TermUnits:
    """Find the units of a bar whose covariance has a default prior."""
    z, index = rows_of_block(g, design.blocks)
    names = [predictor(design, name) for name in g.names]
    if INTERCEPT not in names:
        return TermUnits(np.array([_size_at_zero(column) for column in z.T]), kind=kinds(g, SLOPE))
    at = names.index(INTERCEPT)
    if not g.correlated or len(names) == 1:
        scale = np.array([_size_within(column, index) for column in z.T])
        scale[at] = 1.0 / _ratio(np.delete(z, at, axis=1), index)
        return TermUnits(scale, kind=kinds(g, SLOPE))
    order = [at, *(k for k in range(len(names)) if k != at)]
    turned, left = in_turn(z[:, order])
    sizes = np.array([_size_within(column, index) for column in left.T])
    sizes[0] = 1.0 / _ratio(left[:, 1:], index)
    turn = np.zeros_like(turned)
    turn[np.ix_(order, order)] = turned / sizes
    return TermUnits(np.ones(len(names)), turn, kind=kinds(g, SLOPE))


def _size_within(column: FloatArray, index: NDArray[np.int64]) -> float:
    """Return the sd within levels, or the sd of all rows.

    The sd of all rows is returned if it is smaller, or if the column is constant within levels.
    """
    counts = np.bincount(index)
    means = np.bincount(index, column) / np.maximum(counts, 1)
    freedom = column.size - int((counts > 0).sum())
    left = column - means[index]
    sd, everywhere = math.sqrt(float(left @ left) / max(freedom, 1)), spread(column)
    return min(sd, everywhere) if freedom > 0 and sd > 1e-8 * everywhere else everywhere


def _ratio(columns: FloatArray, index: NDArray[np.int64]) -> float:
    """Return the factor by which the sd of intercepts exceeds the sd of slopes.

    If x varies mostly between levels, the intercepts at the mean of x are far from their rows.
    """
    found = [spread(column) / _size_within(column, index) for column in columns.T]
    return max([1.0, *found])


def _size_at_zero(column: FloatArray) -> float:
    """Return the root mean square of a column, or the nonzero value of a dummy."""
    used = column[column != 0.0]
    if not used.size:
        return 1.0
    if np.ptp(used) == 0.0:
        return float(np.abs(used[0]))
    return math.sqrt(float(np.mean(column * column)))
