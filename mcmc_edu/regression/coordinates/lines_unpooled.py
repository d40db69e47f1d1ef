"""Units of unpooled lines: every level has its own centres and scales."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...families.categories import predictor
from ...formulas import INTERCEPT, Design, Grouping
from .common_columns import Columns, in_coordinates, in_data_units, is_given
from .turns import height_first, independent, varies, without
from .units import ALONE, HEIGHT, TermUnits, kinds, rows_of_block, spread


def units_of_levels(
    design: Design, given: Mapping[str, object], width: float, balanced: bool
) -> tuple[TermUnits, ...]:
    """Find the units of every grouping; `width` is the default's unit through the origin."""
    return tuple(_unpooled(design, given, g, width, balanced) for g in design.groupings)


def _unpooled(
    design: Design, given: Mapping[str, object], g: Grouping, width: float, balanced: bool
) -> TermUnits:
    """Find the units of one grouping, with coordinates of its own for every level.

    A level's coordinates use the means and moments of its own rows.  If it has too few rows, or
    its columns do not vary, the pooled moments within levels are used.
    """
    z, index = rows_of_block(g, design.blocks)
    names = [predictor(design, name) for name in g.names]
    alone = np.array([is_given(given, a, b) for a, b in zip(g.names, names, strict=True)])
    if alone.all():
        scale = np.array([spread(column) for column in z.T])
        return TermUnits(scale, kind=kinds(g, ALONE), constant=np.zeros(len(names)))
    itself = np.array([name == INTERCEPT for name in names])
    seen = [name if not alone[k] else "" for k, name in enumerate(names)]  # as written, at 0
    of_all = in_coordinates(z, seen, alone, False, balanced, np.arange(len(names)))
    free, others = np.flatnonzero(~(alone | itself)), np.flatnonzero(alone)
    centred = bool((itself & ~alone).any())
    spare = in_data_units(of_all)
    inner = _within(z, index, free, others, balanced) if centred and free.size else None
    turns = np.empty((len(g.levels), len(names), len(names)))
    for j in range(len(g.levels)):
        rows = z[index == j]
        if centred:
            turns[j] = _own_line(rows, int(np.argmax(itself)), free, others, inner, spare, balanced)
        else:
            turns[j] = _own_columns(rows, free, others, of_all, spare, balanced)
    return TermUnits(np.ones(len(names)), turns, g.levels, of_all.kind, of_all.constant, width)


def _within(
    z: FloatArray,
    index: NDArray[np.int64],
    free: NDArray[np.int64],
    others: NDArray[np.int64],
    balanced: bool,
) -> FloatArray | None:
    """Return the turn of the free columns by their pooled moments within levels.

    Returns None if the columns do not vary within levels.
    """
    counts = np.bincount(index)
    freedom = z.shape[0] - int((counts > 0).sum())
    left = np.column_stack(
        [c - (np.bincount(index, c) / np.maximum(counts, 1))[index] for c in z.T]
    )
    left = without(left[:, free], left[:, others])
    if freedom < free.size or not varies(left, z[:, free]):
        return None
    return independent(left, 1, balanced) * math.sqrt(freedom / (z.shape[0] - 1.0))


def _own_line(
    rows: FloatArray,
    at: int,
    free: NDArray[np.int64],
    others: NDArray[np.int64],
    inner: FloatArray | None,
    spare: FloatArray,
    balanced: bool,
) -> FloatArray:
    """Return the turn of a level's rows (n, K), with a constant in column `at`."""
    mean = rows.mean(axis=0)
    mean[at] = 0.0
    left = without(rows[:, free] - mean[free], rows[:, others] - mean[others])
    slopes = np.eye(mean.size)
    if rows.shape[0] > free.size and varies(left, rows[:, free]):
        slopes[np.ix_(free, free)] = independent(left, 1, balanced)
    else:
        slopes[np.ix_(free, free)] = spare[np.ix_(free, free)] if inner is None else inner
    slopes[at] -= mean @ slopes
    return slopes


def _own_columns(
    rows: FloatArray,
    free: NDArray[np.int64],
    others: NDArray[np.int64],
    of_all: Columns,
    spare: FloatArray,
    balanced: bool,
) -> FloatArray:
    """Return the turn of a level's rows (n, K) without a constant column.

    The columns together may still span a constant.
    """
    left, found = without(rows[:, free], rows[:, others]), np.eye(rows.shape[1])
    turn = spare[np.ix_(free, free)]
    if rows.shape[0] >= free.size and varies(left, rows[:, free]):
        high = HEIGHT in of_all.kind
        own = height_first(left, balanced) if high else independent(left, 0, balanced)
        turn = turn if own is None else own
    found[np.ix_(free, free)] = turn
    return found
