"""What common coefficients come to in the lines of groups: the means of the varying ones.

A predictor x belongs to the lines of a grouping if in every group it is a multiple of one of z's
columns: the same predictor, one that is constant in each group, or the product of two such.  Its
coefficient then moves all the groups' lines, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..formulas import INTERCEPT, Design, Grouping
from .units import Units


class Means(NamedTuple):
    """See `Regression`."""

    mean: FloatArray
    mean_of: NDArray[np.int64]
    absorbed: NDArray[np.int64]


def means(design: Design, units: Units, chosen: Sequence[bool]) -> Means:
    """Find the common coefficients that belong to the lines of the groupings that are `chosen`; of
    several such groupings, to the first.
    """
    absorbed = np.zeros(len(design.names), dtype=np.int64)
    levels = max((len(g.levels) for g in design.groupings), default=0)
    mean, mean_of, first = [np.zeros((0, levels))], [], 0
    for t, g in enumerate(design.groupings):
        for q in range(len(design.names)):
            share = None if absorbed[q] or not chosen[t] else share_of(design, units, g, t, q)
            if share is not None:
                absorbed[q] = 1
                used = np.flatnonzero(share.any(axis=1))
                mean.append(np.pad(share[used], [(0, 0), (0, levels - len(g.levels))]))
                mean_of += [(first + k, q) for k in used]
        first += len(g.names)
    places = np.array(mean_of, dtype=np.int64).reshape(-1, 2)
    return Means(np.vstack(mean), places, absorbed)


def share_of(design: Design, units: Units, g: Grouping, t: int, q: int) -> FloatArray | None:
    """How x_q is made of a grouping's z in every level, shape (K, J), in the kernel's units; None
    if it is not.
    """
    x, center = design.columns[:, q], float(units.x_center[q])
    q_intercept = int(units.intercept[q])
    intercept = design.names[q_intercept] if q_intercept >= 0 else INTERCEPT
    if center != 0.0 and intercept not in g.names:
        return None
    for k in range(len(g.names)):
        z = g.columns[:, k]
        sums = np.bincount(g.index, z * z, len(g.levels))
        weight = np.bincount(g.index, z * x, len(g.levels)) / np.where(sums > 0.0, sums, 1.0)
        if np.abs(x - z * weight[g.index]).max() <= 1e-10 * np.abs(x).max():
            share = np.zeros((len(g.names), len(g.levels)))
            share[k] = weight * units.z_scale[t][k] / units.x_scale[q]
            if center != 0.0:
                share[g.names.index(intercept)] -= center / units.x_scale[q]
            return share
    return None
