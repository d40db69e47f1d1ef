"""The common columns of one linear predictor in coordinates of independent default priors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...formulas import INTERCEPT
from .turns import height_first, independent, without
from .units import ALONE, HEIGHT, ORIGIN, SLOPE, spread

Mask = NDArray[np.bool_]


class Columns(NamedTuple):
    """The columns of one linear predictor in their coordinates: see `Units`."""

    center: FloatArray
    scale: FloatArray
    turn: FloatArray
    constant: FloatArray
    kind: NDArray[np.int64]


def in_coordinates(
    x: FloatArray,
    names: list[str],
    alone: Mask,
    anchored: bool,
    balanced: bool,
    order: NDArray[np.int64],
) -> Columns:
    """Find the coordinates of x (n, Q).

    Parameters
    ----------
    alone
        Marks the columns whose coefficient has a prior of its own.
    anchored
        Whether a constant outside x absorbs the shift due to centring.
    order
        Order of the columns in the decomposition.  It changes the coordinates, not the prior.
    """
    itself = np.array([name == INTERCEPT for name in names], dtype=bool)
    size = itself.size
    centred = anchored or itself.any()
    center = np.where(itself | (not centred), 0.0, x.mean(axis=0) if size else 0.0)
    scale = np.where(itself, 1.0, [spread(column) for column in x.T])
    turn, kind = np.eye(size), np.full(size, ALONE)
    constant = itself.astype(np.float64)
    free = order[~(alone | itself)[order]]
    others = np.flatnonzero(alone & ~itself)
    kind[itself & ~alone] = HEIGHT
    if not free.size:
        return Columns(center, scale, turn, constant, kind)
    _refuse_too_many(free.size, x.shape[0], names)
    scaled = (x - center * centred) / scale
    left = without(scaled[:, free], scaled[:, others])
    at = np.ix_(free, free)
    if centred:
        turn[at] = independent(left, 1, balanced)
        means = (scaled[:, free] @ turn[at]).mean(axis=0)
        if itself.any() and np.abs(means).max() > 1e-12:
            turn[np.ix_(itself, free)] = -means  # of year**3, a rounded centre leaves some
        kind[free] = SLOPE
        return Columns(center, scale, turn, constant, kind)
    with_height = None if others.size else height_first(left, balanced)
    if with_height is None:
        turn[at] = independent(left, 0, balanced)
        kind[free] = ORIGIN
    else:
        turn[at] = with_height
        kind[free] = SLOPE
        kind[free[0]] = HEIGHT
        constant[free] = with_height[:, 0] / scale[free]
    return Columns(center, scale, turn, constant, kind)


def _refuse_too_many(free: int, rows: int, names: list[str]) -> None:
    if free >= rows - 1 and free > 1:
        raise ValueError(
            f"{free} coefficients have default priors, and {rows} rows are too few to scale these "
            "by; give the coefficients one: priors={'b': me.Normal(0, 1)}"
        )


def is_given(given: Mapping[str, object], name: str, plain: str) -> bool:
    """Return whether the user gave a prior, by coefficient name, predictor or class."""
    wider = () if plain == INTERCEPT else ("b",)
    return any(one in given for one in (name, plain, *wider))


def in_data_units(found: Columns) -> FloatArray:
    """Return the turn from coordinates to coefficients of the uncentred, unscaled columns."""
    turn = found.turn / found.scale[:, np.newaxis]
    return np.asarray(turn - np.outer(found.constant, found.center @ turn))
