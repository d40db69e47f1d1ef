"""The units and priors that a model comes to: today's, or those of a saved fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ..formulas import Design
from .defaults import FORMAT_1
from .family import Family
from .prior_choice import Chosen, Given, Priors, choose
from .priors import Prior
from .units import Units, units_of


class Resolved(NamedTuple):
    """What the coordinates of theta are measured in, and the prior of every parameter."""

    units: Units
    priors: Priors


Resolve = Callable[[Design, Family, Given, bool], Resolved]
"""``resolve(design, family, given priors, unpooled)``."""


def resolve_today(design: Design, family: Family, given: Given, unpooled: bool) -> Resolved:
    """Resolve a new model."""
    units = units_of(design, family)
    return Resolved(units, choose(design, family, units, given, unpooled))


def resolve_format_1(design: Design, family: Family, given: Given, unpooled: bool) -> Resolved:
    """Resolve the model of a fit of format 1, which did not keep what its defaults came to."""
    units = units_of(design, family)
    return Resolved(units, choose(design, family, units, given, unpooled, FORMAT_1))


def plain(resolved: Resolved, prior: Callable[[Prior], Any]) -> dict[str, Any]:
    """Take it apart into arrays, numbers and text; `prior` does so with a prior."""

    def chosen(one: Chosen | None) -> Any:
        if one is None:
            return None
        return {"name": one.name, "written": prior(one.written), "prior": prior(one.prior)}

    units, priors = resolved
    return {
        "units": vars(units) | {"z_scale": list(units.z_scale)},
        "common": [chosen(one) for one in priors.common],
        "own": [chosen(one) for one in priors.own],
        "varying": [[chosen(one) for one in term] for term in priors.varying],
        "correlations": [chosen(one) for one in priors.correlations],
    }


def from_plain(found: Mapping[str, Any], prior: Callable[[Any], Prior]) -> Resolved:
    """Put together what `plain` took apart."""

    def chosen(one: Any) -> Chosen:
        return Chosen(one["name"], prior(one["written"]), prior(one["prior"]))

    units = found["units"]
    return Resolved(
        Units(
            y_center=float(units["y_center"]),
            y_scale=float(units["y_scale"]),
            x_center=np.asarray(units["x_center"], dtype=np.float64),
            x_scale=np.asarray(units["x_scale"], dtype=np.float64),
            z_scale=tuple(np.asarray(z, dtype=np.float64) for z in units["z_scale"]),
            intercept=np.asarray(units["intercept"], dtype=np.int64),
        ),
        Priors(
            common=tuple(map(chosen, found["common"])),
            own=tuple(map(chosen, found["own"])),
            varying=tuple(tuple(map(chosen, term)) for term in found["varying"]),
            correlations=tuple(one and chosen(one) for one in found["correlations"]),
        ),
    )
