"""Group means: the part of the varying coefficients that comes from common coefficients.

A predictor x belongs to the lines of a grouping if in every group x is a multiple of one of z's
columns.  Examples are the same predictor, a predictor that is constant in each group, or a product
of these two.  The coefficient of x then moves all the groups' lines, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...formulas import INTERCEPT, Design, Grouping
from .units import Units


class GroupMeans(NamedTuple):
    """Fields of `Regression` that describe group means."""

    group_mean_x: FloatArray
    group_mean_index: NDArray[np.int64]
    in_group_mean: NDArray[np.int64]


def group_means(design: Design, units: Units, chosen: Sequence[bool]) -> GroupMeans:
    """Find the common coefficients that belong to the lines of the `chosen` groupings.

    If a coefficient belongs to several groupings, the first one counts.
    """
    in_group_mean = np.zeros(len(design.names), dtype=np.int64)
    levels = max((len(g.levels) for g in design.groupings), default=0)
    group_mean_x, group_mean_index, first = [np.zeros((0, levels))], [], 0
    for t, g in enumerate(design.groupings):
        if chosen[t]:
            for q, share in enumerate(multiples_of_columns(design, units, g, t)):
                if share is not None and not in_group_mean[q]:
                    in_group_mean[q] = 1
                    used = np.flatnonzero(share.any(axis=1))
                    group_mean_x.append(np.pad(share[used], [(0, 0), (0, levels - len(g.levels))]))
                    group_mean_index += [(first + k, q) for k in used]
        first += len(g.names)
    pairs = np.array(group_mean_index, dtype=np.int64).reshape(-1, 2)
    return GroupMeans(np.vstack(group_mean_x), pairs, in_group_mean)


def multiples_of_columns(
    design: Design, units: Units, g: Grouping, t: int
) -> list[FloatArray | None]:
    """Express every common column by the columns of a grouping, in each level.

    Both are in the sampler's units.  Each entry has shape (K, J), or is None if the common column
    does not belong to the grouping's lines.
    """
    scale = units.terms[t].scale
    scaled = [_multiple_of_scaled(design, units, g, scale, q) for q in range(len(design.names))]
    turn = units.terms[t].turn
    back = None if turn is None else np.linalg.inv(turn)
    found: list[FloatArray | None] = []
    for q in range(len(design.names)):
        if units.turn is None:
            share = scaled[q]
        else:
            used = np.flatnonzero(units.turn[:, q])
            parts = [scaled[p] for p in used]
            share = None
            if all(part is not None for part in parts):
                share = np.sum([units.turn[p, q] * scaled[p] for p in used], axis=0)
        found.append(share if share is None or back is None else back @ share)
    return found


def _multiple_of_scaled(
    design: Design, units: Units, g: Grouping, scale: FloatArray, q: int
) -> FloatArray | None:
    """Express one common column by a grouping's columns, all scaled but not turned."""
    center, intercept = float(units.x_center[q]), int(units.intercept[q])
    share = multiple_within_levels(g, design.columns[:, q])
    if share is None:
        return None
    share = np.asarray(share * scale[:, np.newaxis] / units.x_scale[q])
    if center != 0.0:
        name = design.names[intercept] if intercept >= 0 else INTERCEPT
        if name not in g.names:
            return None
        k = g.names.index(name)
        share[k] -= center / units.x_scale[q] * scale[k]
    return share


def multiple_within_levels(g: Grouping, x: FloatArray) -> FloatArray | None:
    """Return the factors by which x (n,) is a multiple of a grouping's column in every level.

    The array has shape (K, J), with one nonzero row; None if x is not such a multiple.
    """
    for k in range(len(g.names)):
        z = g.columns[:, k]
        sums = np.bincount(g.index, z * z, len(g.levels))
        weight = np.bincount(g.index, z * x, len(g.levels)) / np.where(sums > 0.0, sums, 1.0)
        if np.abs(x - z * weight[g.index]).max() <= 1e-10 * np.abs(x).max():
            share = np.zeros((len(g.names), len(g.levels)))
            share[k] = weight
            return share
    return None
