"""Rows of numbers that describe the priors to the densities, in the densities' units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...compiling import FloatArray
from ...densities.transforms import lkj_constant
from ...families.family import Family
from ...formulas import INTERCEPT
from ...priors.joint import Decov, RegularizedHorseshoe
from ...priors.univariate import Normal, scale_row
from ..coordinates.units import Units
from ..density.horseshoe import GLOBAL_SCALE
from ..density.layout import TermLayout
from ..prior_choice.records import Priors


def common_rows(units: Units, priors: Priors) -> FloatArray:
    """Return the priors of the common coefficients in the density's units, shape (Q, 5)."""
    rows = [
        (
            Normal(0.0, 1.0)  # of z
            if isinstance(chosen.prior, RegularizedHorseshoe)
            else chosen.coordinate
            or chosen.prior.in_units(
                units.y_scale / float(units.x_scale[q]),
                units.y_center if chosen.name == INTERCEPT else 0.0,
            )
        ).row()
        for q, chosen in enumerate(priors.common)
    ]
    return np.array(rows).reshape(-1, 5)


class Horseshoe(NamedTuple):
    """Coefficients with the horseshoe prior, their units, and the prior's parameters."""

    chosen: NDArray[np.int64]
    units: FloatArray
    prior: FloatArray


def horseshoe_of(units: Units, priors: Priors) -> Horseshoe:
    """Find the coefficients that have a horseshoe prior, if any."""
    chosen, scales, prior = [], [], np.zeros(5)
    for q, one in enumerate(priors.common):
        if isinstance(one.prior, RegularizedHorseshoe):
            mine = one.prior.in_units(units.y_scale / float(units.x_scale[q])).row()
            prior = one.written.row()
            chosen.append(q)
            scales.append(mine[GLOBAL_SCALE] / prior[GLOBAL_SCALE])
    return Horseshoe(np.array(chosen, dtype=np.int64), np.array(scales, dtype=np.float64), prior)


def own_rows(family: Family, units: Units, priors: Priors) -> FloatArray:
    """Return the priors of the family's own parameters in the density's units, shape (own, 5)."""
    rows = [
        chosen.prior.row()
        if family.thresholds
        else scale_row(chosen.prior.in_units(units.y_scale if chosen.name == "sigma" else 1.0))
        for chosen in priors.own
    ]
    return np.array(rows).reshape(-1, 5)


def varying_rows(units: Units, priors: Priors) -> FloatArray:
    """Return the priors of the varying scales, or of unpooled coefficients, shape (K, 5)."""
    rows = []
    for t, chosen in enumerate(priors.varying):
        for k, z_scale in enumerate(units.terms[t].scale):
            one = chosen[0] if is_decov(priors, t) else chosen[k]
            prior, unit = one.prior, units.y_scale / float(z_scale)
            if one.coordinate is not None:
                prior, unit = one.coordinate, 1.0
            if isinstance(prior, Decov):
                row = [z_scale, prior.shape, math.log(prior.scale), prior.concentration, 0.0]
            elif chosen[k].name.startswith("sd("):
                row = list(scale_row(prior.in_units(unit)))
            else:
                row = list(prior.in_units(unit).row())
            rows.append(row)
    return np.array(rows).reshape(-1, 5)


def constant_of_terms(priors: Priors, layouts: Sequence[TermLayout]) -> float:
    """Sum the normalising constants of the LKJ and decov priors."""
    total = 0.0
    for t, layout in enumerate(layouts):
        if layout.effects > layout.correlations:
            total += lkj_constant(shape_of(priors, t), layout.size)
        if layout.decov:
            prior = priors.varying[t][0].prior.numbers()
            shares = layout.size if layout.size > 1 else 0
            total -= float(special.gammaln(prior["shape"]))
            total -= shares * float(special.gammaln(prior["concentration"]))
    return total


def is_decov(priors: Priors, t: int) -> bool:
    """Return whether term t has the decov prior."""
    return isinstance(priors.varying[t][0].prior, Decov)


def shape_of(priors: Priors, t: int) -> float:
    """Return the LKJ shape parameter of term t."""
    both, alone = priors.varying[t][0].prior, priors.correlations[t]
    if isinstance(both, Decov):
        return both.regularization
    return 1.0 if alone is None else alone.prior.numbers()["shape"]
