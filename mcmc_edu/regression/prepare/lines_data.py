"""From a design to the data of `lines`, where a model is one of lines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...families.family import Family
from ...formulas import Design
from ..coordinates.means import Means, means
from ..coordinates.units import Units
from ..density.layout import COMMON, Layout
from ..density.lines.posterior import Lines
from ..prior_choice.choice import Priors
from .prior_rows import (
    common_rows,
    constant_of_terms,
    horseshoe_of,
    own_rows,
    shape_of,
    varying_rows,
)
from .rows_data import scaled_x, scaled_z
from .summaries import triangles_of_lines


def lines_of(
    design: Design, family: Family, units: Units, priors: Priors, layouts: Sequence[Layout]
) -> Lines | None:
    """The model's data if all there is of a group is a line of at most two coefficients; else None,
    and it takes the rows of `kernel`.
    """
    if family.name != "gaussian" or len(layouts) > 1 or horseshoe_of(units, priors).chosen.size:
        return None
    if layouts:
        (g,), (z,), found = design.groupings, scaled_z(design, units), means(design, units, [True])
        index, levels, term = g.index, len(g.levels), layouts[0]
        lkj = shape_of(priors, 0)
    else:  # the line of all is that of a single group, moved by the common coefficients alone
        z, levels, lkj = scaled_x(design, units), 1, 1.0
        index, found = np.zeros(design.y.size, dtype=np.int64), of_all(z.shape[1])
        at = z.shape[1] + 1
        term = Layout(0, 1, COMMON, 0, at, at, at, 0, 0, 0)
    if z.shape[1] > 2 or not found.absorbed.all():
        return None
    y = (design.y - design.offset - units.y_center) / units.y_scale
    root, outcome, rss = triangles_of_lines(z, y, index, levels)
    priors_of_all = [common_rows(units, priors), own_rows(family, units, priors)]
    if layouts:
        priors_of_all.append(varying_rows(units, priors))
    return Lines(
        root=root,
        outcome=outcome,
        rss=rss,
        observations=float(y.size),
        mean=found.mean,
        mean_of=found.mean_of,
        terms=np.array([term], dtype=np.int64),
        constant=-0.5 * y.size * math.log(2.0 * math.pi) + constant_of_terms(priors, layouts),
        priors=np.vstack(priors_of_all),
        lkj=float(lkj),
    )


def of_all(size: int) -> Means:
    """Common coefficients that are the coefficients of the line."""
    mean_of = np.repeat(np.arange(size)[:, np.newaxis], 2, axis=1)
    return Means(np.ones((size, 1)), mean_of, np.ones(size, dtype=np.int64))
