"""Assembly of a density's data and theta from a design, a family, priors and forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...compiling import FloatArray
from ...families.family import Family
from ...formulas import Design
from ...priors.joint import RegularizedHorseshoe
from ..coordinates.group_means import group_means
from ..coordinates.units import Units
from ..density.general import posterior as general
from ..density.general.data import Regression
from ..density.layout import CENTERED, COLLAPSED, NONCENTERED, UNPOOLED, TermLayout
from ..density.lines import posterior as lines
from ..density.lines.data import Lines
from ..density.recover.general import recover
from ..density.recover.lines import recover_lines
from ..prior_choice.records import Priors
from .lines_data import lines_of, terms_of
from .prior_rows import (
    common_rows,
    constant_of_terms,
    horseshoe_of,
    is_decov,
    own_rows,
    shape_of,
    varying_rows,
)
from .rows_data import gaussian_rows, other_rows, scaled_z
from .summaries import triangles

FORMS = {
    "noncentered": NONCENTERED,
    "centered": CENTERED,
    "collapsed": COLLAPSED,
    "unpooled": UNPOOLED,
}
"""What a term's form is called, and its number."""


@dataclass(frozen=True, eq=False)
class Assembled:
    """A model ready for a gradient sampler."""

    data: Regression | Lines = field(repr=False)
    log_density: Callable[..., float] = field(repr=False)
    """The density of theta given such data."""
    recover: Callable[..., None] = field(repr=False)
    """From theta to coefficients, scales and effects, see `recover`."""
    names: list[str]
    """Name of each entry of theta; ``~`` marks unconstrained coordinates in the density's units."""
    layouts: tuple[TermLayout, ...]


def assemble(
    design: Design,
    family: Family,
    units: Units,
    priors: Priors,
    forms: Sequence[str],
    *,
    by_rows: bool = False,
) -> Assembled:
    """Put the data of the log posterior together.

    Parameters
    ----------
    forms
        The form of each grouping.
    by_rows
        Take the general density also where `lines` has the same density for less.
    """
    horseshoe = horseshoe_of(units, priors)
    before = len(design.names) + len(family.own)
    held = 2 + horseshoe.chosen.size if horseshoe.chosen.size else 0
    layouts = layouts_of(design, priors, forms, before + held)
    names = names_of(design, family, priors, layouts)
    lines_data = None if by_rows else lines_of(design, family, units, priors, layouts)
    if lines_data is not None:
        return Assembled(lines_data, lines.log_density, recover_lines, names, layouts)
    make = gaussian_rows if family.exactly_normal else other_rows
    rows = make(design, family, units)
    found = group_means(design, units, [form == "centered" for form in forms])
    data = Regression(
        log_likelihood=family.log_likelihood,
        has_sigma=family.has_sigma,
        thresholds=family.thresholds,
        y=np.ascontiguousarray(rows.y),
        trials=rows.trials,
        offset=rows.offset,
        common=np.ascontiguousarray(rows.x.T),
        varying=np.ascontiguousarray(rows.z.T),
        group=rows.group,
        terms=terms_of(layouts),
        in_group_mean=found.in_group_mean,
        group_mean_x=found.group_mean_x,
        group_mean_index=found.group_mean_index,
        qr_r=qr_r_of_collapsed(design, units, forms),
        constant=rows.constant + constant_of_terms(priors, layouts),
        observations=rows.observations,
        rss=rows.rss,
        common_priors=common_rows(units, priors),
        shrunk=horseshoe.chosen,
        shrunk_units=horseshoe.units,
        horseshoe=horseshoe.prior,
        own_priors=own_rows(family, units, priors),
        varying_priors=varying_rows(units, priors),
        lkj=np.array([shape_of(priors, t) for t in range(len(design.groupings))], dtype=np.float64),
    )
    return Assembled(data, general.log_density, recover, names, layouts)


def layouts_of(
    design: Design, priors: Priors, forms: Sequence[str], at: int
) -> tuple[TermLayout, ...]:
    """Return each term's layout; theta's first `at` entries belong to no term."""
    found = []
    first = effects = chol = 0
    for t, (g, form) in enumerate(zip(design.groupings, forms, strict=True)):
        size, levels = len(g.names), len(g.levels)
        decov = form != "unpooled" and is_decov(priors, t)
        scales = 0 if form == "unpooled" else size + (1 if decov and size > 1 else 0)
        correlations = size * (size - 1) // 2 if g.correlated and form != "unpooled" else 0
        begin = at + scales + correlations
        found.append(
            TermLayout(
                size, levels, FORMS[form], first, at, at + scales, begin, effects, chol, decov
            )
        )
        at = begin + (0 if form == "collapsed" else size * levels)
        first, effects, chol = first + size, effects + size * levels, chol + size * size
    return tuple(found)


def qr_r_of_collapsed(design: Design, units: Units, forms: Sequence[str]) -> FloatArray:
    """R_j of the collapsed term, if there is one."""
    z = scaled_z(design, units)
    for t, form in enumerate(forms):
        if form == "collapsed":
            g = design.groupings[t]
            return triangles(z[t], g.index, len(g.levels))
    return np.zeros((0, 0, 0))


def names_of(
    design: Design, family: Family, priors: Priors, layouts: Sequence[TermLayout]
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
