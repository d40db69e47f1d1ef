"""From a design, a family, priors and forms to what the kernel takes: its data and its theta."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ..compiling import FloatArray
from ..densities.transforms import lkj_constant
from ..formulas import INTERCEPT, Design, Grouping
from .family import Family, log_choose
from .horseshoe import GLOBAL_SCALE
from .layout import APART, CENTERED, COLLAPSED, NONCENTERED, Layout, Regression
from .prior_choice import Priors
from .priors import Decov, Normal, RegularizedHorseshoe, scale_row
from .reduction import merge_equal, side_by_side, summarise, triangles
from .units import Units

FORMS = {
    "noncentered": NONCENTERED, "centered": CENTERED, "collapsed": COLLAPSED, "apart": APART,
}  # fmt: skip
"""What a term's form is called, and its number."""


@dataclass(frozen=True, eq=False)
class Assembled:
    """A model ready for a gradient sampler."""

    data: Regression = field(repr=False)
    names: list[str]
    """Name of each entry of theta; ``~`` marks unconstrained coordinates in the kernel's units."""
    layouts: tuple[Layout, ...]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows as the kernel takes them: see `Regression`."""

    y: FloatArray
    trials: FloatArray
    offset: FloatArray
    x: FloatArray
    z: FloatArray
    group: NDArray[np.int64]
    constant: float
    observations: float
    rss: float = 0.0


def assemble(
    design: Design, family: Family, units: Units, priors: Priors, forms: Sequence[str]
) -> Assembled:
    """Put the kernel's data together; `forms` has the form of each grouping."""
    make = gaussian_rows if family.name == "gaussian" else other_rows
    rows = make(design, family, units)
    horseshoe = horseshoe_of(units, priors)
    before = len(design.names) + len(family.own)
    held = 2 + horseshoe.chosen.size if horseshoe.chosen.size else 0
    layouts = layouts_of(design, priors, forms, before + held)
    mean, absorbed = means(design, units, forms)
    data = Regression(
        family=family.number,
        y=rows.y,
        trials=rows.trials,
        offset=rows.offset,
        common=np.ascontiguousarray(rows.x.T),
        varying=np.ascontiguousarray(rows.z.T),
        group=rows.group,
        terms=np.array(layouts, dtype=np.int64).reshape(-1, len(Layout._fields)),
        absorbed=absorbed,
        mean=mean,
        root=root_of_collapsed(design, units, forms),
        constant=rows.constant + constant_of_terms(priors, layouts),
        observations=rows.observations,
        rss=rows.rss,
        common_priors=common_rows(units, priors),
        shrunk=horseshoe.chosen,
        shrunk_units=horseshoe.units,
        horseshoe=horseshoe.prior,
        own_priors=own_rows(family, units, priors),
        varying_priors=varying_rows(units, priors),
        lkj=np.array([shape_of(priors, t) for t in range(len(design.groupings))]),
    )
    return Assembled(data, names_of(design, family, priors, layouts), layouts)


def scaled_x(design: Design, units: Units) -> FloatArray:
    """Predictors of the common coefficients in the kernel's units, shape (n, Q)."""
    return units.centered(design.columns) / units.x_scale


def scaled_z(design: Design, units: Units) -> list[FloatArray]:
    """Predictors of every grouping's coefficients in the kernel's units, shape (n, K) each."""
    return [g.columns / scale for g, scale in zip(design.groupings, units.z_scale, strict=True)]


def gaussian_rows(design: Design, family: Family, units: Units) -> Rows:
    """Summaries of the rows of each cell, in which all have the same levels of all factors."""
    n = design.y.size
    y = (design.y - design.offset - units.y_center) / units.y_scale
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
        found.y, np.zeros(0), np.zeros(found.y.size), found.x, found.z,
        np.ascontiguousarray(group), -0.5 * n * math.log(2.0 * math.pi), float(n), found.rss,
    )  # fmt: skip


def cells_of(index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row of each cell, in the order of the cells, and the cell of each row; index (T, n)."""
    cell = np.zeros(index.shape[1], dtype=np.int64)
    for levels in index:
        _, cell = np.unique(cell * (levels.max() + 1) + levels, return_inverse=True)
    _, first = np.unique(cell, return_index=True)
    return first.astype(np.int64), cell.astype(np.int64)


def other_rows(design: Design, family: Family, units: Units) -> Rows:
    """The rows themselves; of a binomial model, equal ones together."""
    n, rows = design.y.size, design.offset.size
    y, trials = outcomes_of(design, family, units), np.zeros(0)
    offset = design.offset / units.y_scale
    x, z = scaled_x(design, units), np.hstack([np.zeros((rows, 0)), *scaled_z(design, units)])
    group = np.array([g.index for g in design.groupings], dtype=np.int64).reshape(-1, rows)
    constant = 0.0
    if family.has_trials:
        trials = np.ones(n) if design.trials is None else design.trials
        constant = float(np.sum(log_choose(y, trials)))
        first, y, trials = merge_equal(np.column_stack([x, z, group.T, offset]), y, trials)
        offset, x, z, group = offset[first], x[first], z[first], group[:, first]
    elif not family.continuous and family.probabilities is None:
        constant = -float(np.sum(special.gammaln(y + 1.0)))
    return Rows(y, trials, offset, x, z, np.ascontiguousarray(group), constant, float(n))


def outcomes_of(design: Design, family: Family, units: Units) -> FloatArray:
    """Outcomes in the kernel's units; of categories in blocks, 1 in each one's own block."""
    if design.blocks is not None:
        others = 1.0 + np.arange(design.blocks)
        return np.asarray(design.y == others[:, np.newaxis], dtype=np.float64).reshape(-1)
    return (design.y - units.y_center) / units.y_scale


def layouts_of(design: Design, priors: Priors, forms: Sequence[str], at: int) -> tuple[Layout, ...]:
    """Where each term's numbers are; theta's first `at` entries are of no term."""
    found = []
    first = room = square = 0
    for t, (g, form) in enumerate(zip(design.groupings, forms, strict=True)):
        size, levels = len(g.names), len(g.levels)
        decov = form != "apart" and is_decov(priors, t)
        scales = 0 if form == "apart" else size + (1 if decov and size > 1 else 0)
        correlations = size * (size - 1) // 2 if g.correlated and form != "apart" else 0
        begin = at + scales + correlations
        found.append(
            Layout(size, levels, FORMS[form], first, at, at + scales, begin, room, square, decov)
        )
        at = begin + (0 if form == "collapsed" else size * levels)
        first, room, square = first + size, room + size * levels, square + size * size
    return tuple(found)


def constant_of_terms(priors: Priors, layouts: Sequence[Layout]) -> float:
    """What of the priors of correlations, and of decov, depends on no parameter."""
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
    """Whether term t has the decov prior."""
    return isinstance(priors.varying[t][0].prior, Decov)


def shape_of(priors: Priors, t: int) -> float:
    """LKJ's parameter for term t."""
    both, alone = priors.varying[t][0].prior, priors.correlations[t]
    if isinstance(both, Decov):
        return both.regularization
    return 1.0 if alone is None else alone.prior.numbers()["shape"]


def means(
    design: Design, units: Units, forms: Sequence[str]
) -> tuple[FloatArray, NDArray[np.int64]]:
    """What the common coefficients come to in the lines of centred terms: `Regression.mean` and
    `Regression.absorbed`.

    A predictor x belongs to the lines if in every group it is a multiple of one of z's columns:
    the same predictor, one that is constant in each group, or the product of two such.
    """
    absorbed = np.zeros(len(design.names), dtype=np.int64)
    if "centered" not in forms:
        return np.zeros((0, 0, 0)), absorbed
    levels = max(len(g.levels) for g in design.groupings)
    sizes = [len(g.names) for g in design.groupings]
    mean = np.zeros((sum(sizes), len(design.names), levels))
    for t, (g, form) in enumerate(zip(design.groupings, forms, strict=True)):
        first = sum(sizes[:t])
        for q in range(len(design.names)):
            share = None if form != "centered" or absorbed[q] else share_of(design, units, g, t, q)
            if share is not None:
                mean[first : first + sizes[t], q, : len(g.levels)] = share
                absorbed[q] = 1
    return mean, absorbed


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


def root_of_collapsed(design: Design, units: Units, forms: Sequence[str]) -> FloatArray:
    """R_j of the collapsed term, if there is one."""
    z = scaled_z(design, units)
    for t, form in enumerate(forms):
        if form == "collapsed":
            g = design.groupings[t]
            return triangles(z[t], g.index, len(g.levels))
    return np.zeros((0, 0, 0))


def common_rows(units: Units, priors: Priors) -> FloatArray:
    """Priors of the common coefficients in the kernel's units, shape (Q, 5)."""
    rows = [
        (
            Normal(0.0, 1.0)  # of z
            if isinstance(chosen.prior, RegularizedHorseshoe)
            else chosen.prior.in_units(
                units.y_scale / float(units.x_scale[q]),
                units.y_center if chosen.name == INTERCEPT else 0.0,
            )
        ).row()
        for q, chosen in enumerate(priors.common)
    ]
    return np.array(rows).reshape(-1, 5)


class Horseshoe(NamedTuple):
    """The coefficients that have the horseshoe prior, what it is multiplied by, and its numbers."""

    chosen: NDArray[np.int64]
    units: FloatArray
    prior: FloatArray


def horseshoe_of(units: Units, priors: Priors) -> Horseshoe:
    """Find the coefficients of the horseshoe, if there is one."""
    chosen, scales, prior = [], [], np.zeros(5)
    for q, one in enumerate(priors.common):
        if isinstance(one.prior, RegularizedHorseshoe):
            mine = one.prior.in_units(units.y_scale / float(units.x_scale[q])).row()
            prior = one.written.row()
            chosen.append(q)
            scales.append(mine[GLOBAL_SCALE] / prior[GLOBAL_SCALE])
    return Horseshoe(np.array(chosen, dtype=np.int64), np.array(scales, dtype=np.float64), prior)


def own_rows(family: Family, units: Units, priors: Priors) -> FloatArray:
    """Priors of the family's own parameters in the kernel's units, shape (own, 5)."""
    rows = [
        chosen.prior.row()
        if family.thresholds
        else scale_row(chosen.prior.in_units(units.y_scale if chosen.name == "sigma" else 1.0))
        for chosen in priors.own
    ]
    return np.array(rows).reshape(-1, 5)


def varying_rows(units: Units, priors: Priors) -> FloatArray:
    """Priors of the varying coefficients' scales, or of coefficients apart, shape (K, 5)."""
    rows = []
    for t, chosen in enumerate(priors.varying):
        for k, z_scale in enumerate(units.z_scale[t]):
            prior = chosen[0].prior if is_decov(priors, t) else chosen[k].prior
            unit = units.y_scale / float(z_scale)
            if isinstance(prior, Decov):
                row = [z_scale, prior.shape, math.log(prior.scale), prior.concentration, 0.0]
            elif chosen[k].name.startswith("sd("):
                row = list(scale_row(prior.in_units(unit)))
            else:
                row = list(prior.in_units(unit).row())
            rows.append(row)
    return np.array(rows).reshape(-1, 5)


def names_of(
    design: Design, family: Family, priors: Priors, layouts: Sequence[Layout]
) -> list[str]:
    """Name the entries of theta."""
    names = [f"~{name}" for name in (*design.names, *family.own)]
    shrunk = [c.name for c in priors.common if isinstance(c.prior, RegularizedHorseshoe)]
    names += [f"~hs({name})" for name in (["global", "slab", *shrunk] if shrunk else [])]
    for g, layout in zip(design.groupings, layouts, strict=True):
        scales = [f"~sd({g.name}: {name})" for name in g.names]
        if layout.decov:
            shares = [f"~share({g.name}: {name})" for name in g.names]
            total = f"~sd({g.name}: {', '.join(g.names)})"
            scales = [total, *(shares if len(shares) > 1 else [])]
        names += scales[: layout.correlations - layout.scales]
        pairs = layout.effects - layout.correlations
        names += [f"~cor({g.name}: {', '.join(g.names)})[{i}]" for i in range(pairs)]
        if layout.form != COLLAPSED:
            names += [f"~{g.name}: {name}[{j}]" for name in g.names for j in range(len(g.levels))]
    return names
