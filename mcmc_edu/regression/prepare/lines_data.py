"""Data of the `lines` density, made from the design of a model with group lines only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...families.family import Family
from ...formulas import Design
from ..coordinates.group_means import GroupMeans, group_means
from ..coordinates.units import Units
from ..density.layout import TermLayout
from ..density.lines.data import Lines
from ..prior_choice.records import Priors
from .prior_rows import (
    common_rows,
    constant_of_terms,
    horseshoe_of,
    own_rows,
    shape_of,
    varying_rows,
)
from .rows_data import gaussian_constant, gaussian_outcomes, scaled_x, scaled_z
from .summaries import triangles_of_lines


def lines_of(
    design: Design, family: Family, units: Units, priors: Priors, layouts: Sequence[TermLayout]
) -> Lines | None:
    """Return the model's data for the `lines` density.

    Returns None unless each group is fully described by a line of at most two coefficients; such
    models use the general density.
    """
    if not family.exactly_normal or len(layouts) > 1 or horseshoe_of(units, priors).chosen.size:
        return None
    if layouts:
        (g,), (z,) = design.groupings, scaled_z(design, units)
        found = group_means(design, units, [True])
        index, levels, lkj = g.index, len(g.levels), shape_of(priors, 0)
    else:  # the line of all is that of a single group, moved by the common coefficients alone
        z, levels, lkj = scaled_x(design, units), 1, 1.0
        index, found = np.zeros(design.y.size, dtype=np.int64), of_all(z.shape[1])
    if z.shape[1] > 2 or not found.in_group_mean.all():
        return None
    y = gaussian_outcomes(design, family, units)
    qr_r, outcome, rss = triangles_of_lines(z, y, index, levels)
    priors_of_all = [common_rows(units, priors), own_rows(family, units, priors)]
    if layouts:
        priors_of_all.append(varying_rows(units, priors))
    return Lines(
        qr_r=qr_r,
        outcome=outcome,
        rss=rss,
        observations=float(y.size),
        group_mean_x=found.group_mean_x,
        group_mean_index=found.group_mean_index,
        terms=terms_of(layouts),
        constant=gaussian_constant(design, family, units) + constant_of_terms(priors, layouts),
        has_sigma=family.has_sigma,
        priors=np.vstack(priors_of_all),
        lkj=float(lkj),
    )


def of_all(size: int) -> GroupMeans:
    """Return group means for common coefficients that are the line's own coefficients."""
    group_mean_index = np.repeat(np.arange(size)[:, np.newaxis], 2, axis=1)
    return GroupMeans(np.ones((size, 1)), group_mean_index, np.ones(size, dtype=np.int64))


def terms_of(layouts: Sequence[TermLayout]) -> NDArray[np.int64]:
    """Lay out the terms as the densities read them, one row per term; shape (T, 10)."""
    return np.array(layouts, dtype=np.int64).reshape(-1, len(TermLayout._fields))
