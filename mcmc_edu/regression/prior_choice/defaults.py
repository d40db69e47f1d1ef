"""Default priors of parameters.

A saved fit stores the defaults it used.  Fits of format 1 do not, so their defaults are kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ...priors.joint import LKJ, Decov
from ...priors.univariate import Exponential, Gamma, HalfT, Normal, Prior, StudentT
from ..coordinates.turns import categories_root
from ..coordinates.units import HEIGHT, ORIGIN, Units


@dataclass(frozen=True)
class Defaults:
    """A prior for each class of parameters."""

    intercept: Prior
    """Prior of the intercept after centring all predictors."""
    coefficient: Prior
    unpooled: Prior
    """Prior of an unpooled coefficient, for the level's own line."""
    threshold: Prior
    covariance: Prior
    sd: Prior
    """Prior of an sd if the correlations have a prior, which excludes a covariance prior."""
    correlation: LKJ
    own: Mapping[str, Prior] = field(hash=False)
    """Priors of own parameters that replace those of the family's record, by name."""


FORMAT_1 = Defaults(
    intercept=Normal(0.0, 2.5, autoscale=True),
    coefficient=Normal(0.0, 2.5, autoscale=True),
    unpooled=Normal(0.0, 10.0, autoscale=True),
    threshold=StudentT(3.0, 0.0, 2.5),
    covariance=Decov(),
    sd=Exponential(1.0, autoscale=True),
    correlation=LKJ(1.0),
    own=MappingProxyType(
        {"sigma": Exponential(1.0, autoscale=True), "nu": Gamma(2.0, 0.1), "phi": Exponential(1.0)}
    ),
)
"""Defaults of fits saved by version 0.1.0."""

TODAY = replace(FORMAT_1, own=MappingProxyType({}))
"""Defaults of new models for single parameters; for joint priors see `joint_default`."""


class Default(NamedTuple):
    """The default prior of a parameter."""

    written: Prior
    prior: Prior
    """Marginal prior of the parameter in the data's units."""
    coordinate: Prior
    """Prior of the parameter's coordinate, in the sampler's units."""


def joint_default(units: Units, q: int) -> Default:
    """Return the default prior of a common coefficient, one of several with a joint prior."""
    kind, size = int(units.kind[q]), units.kind.size // units.blocks
    row = np.eye(units.kind.size)[q] if units.turn is None else units.turn[q]
    unit = units.width if kind == ORIGIN else units.unit
    own = units.y_scale / float(units.x_scale[q])
    scale = 2.5 * unit * own * float(np.linalg.norm(row))
    center = units.y_center + units.y_scale * float(units.level[q // size])
    seen = Normal(center * float(units.constant[q]), scale)
    if kind == HEIGHT:
        coordinate = height(units, q // size)
        alone = units.intercept[q] == q and units.blocks == 1
        prior = coordinate.in_units(1.0 / own, -units.y_center / own) if alone else seen
        return Default(replace(coordinate, autoscale=True), prior, coordinate)
    return Default(Normal(0.0, 2.5, autoscale=True), seen, Normal(0.0, 2.5 * unit))


def height(units: Units, block: int) -> Normal | StudentT:
    """Return the prior of the mean of the linear predictor over rows.

    For several categories the prior is joint and normal: it does not depend on which category is
    the first.  A Student's t prior would.
    """
    if units.blocks == 1:
        return StudentT(3.0, float(units.level[0]), 2.5 * units.unit)
    root = categories_root(units.blocks) if units.turn is not None else np.eye(units.blocks)
    return Normal(float(np.linalg.solve(root, units.level)[block]), 2.5 * units.unit)


def line_default(units: Units, t: int, k: int) -> Default:
    """Return the default prior of an unpooled coefficient, at the level's own means."""
    term, own = units.terms[t], units.y_scale
    if term.kind[k] == HEIGHT:
        level = float(units.level[t % units.blocks])
        coordinate: Normal | StudentT = StudentT(3.0, level, 2.5 * units.unit)
        prior = coordinate.in_units(1.0 / own, -units.y_center / own)
        return Default(replace(coordinate, autoscale=True), prior, coordinate)
    unit = term.width if term.kind[k] == ORIGIN else units.unit
    assert term.turn is not None
    typical = float(np.median(np.linalg.norm(term.turn[:, k], axis=1)))
    prior = Normal(0.0, 2.5 * unit * own * typical)
    return Default(Normal(0.0, 2.5, autoscale=True), prior, Normal(0.0, 2.5 * unit))


def scale_default(units: Units, t: int, k: int) -> Default:
    """Return the default prior of a bar's sd, for lines at the mean of x."""
    term = units.terms[t]
    turn = 1.0 if term.turn is None else float(term.turn[k, k])
    size = units.unit * units.y_scale * turn / float(term.scale[k])
    return Default(HalfT(3.0, 1.0, autoscale=True), HalfT(3.0, size), HalfT(3.0, units.unit))
