"""The units and priors that a model comes to: today's, or those of a saved fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ...families.family import Family
from ...formulas import Design
from ...priors.univariate import Prior
from ..coordinates.of_model import coordinates
from ..coordinates.units import TermUnits, Units, units_format_1
from .choice import choose
from .defaults import FORMAT_1
from .packages import defaults_of
from .records import Given, Priors, ResolvedPrior
from .refusals import check


class Resolved(NamedTuple):
    """Units of theta's coordinates, and the prior of every parameter."""

    units: Units
    priors: Priors


Resolve = Callable[[Design, Family, Given, bool], Resolved]
"""``resolve(design, family, given priors, unpooled)``."""


def resolve_today(design: Design, family: Family, given: Given, unpooled: bool) -> Resolved:
    """Resolve a new model."""
    check(design, family, given, unpooled)
    units = coordinates(design, family, given, unpooled)
    return Resolved(units, choose(design, family, units, given, unpooled))


def resolve_format_1(design: Design, family: Family, given: Given, unpooled: bool) -> Resolved:
    """Resolve the model of a fit of format 1, which did not keep what its defaults came to."""
    units = units_format_1(design, family)
    return Resolved(units, choose(design, family, units, given, unpooled, FORMAT_1))


def resolve_package(package: str) -> Resolve:
    """Make what resolves a new model with the default priors of another package."""

    def resolve(design: Design, family: Family, given: Given, unpooled: bool) -> Resolved:
        defaults = defaults_of(package, design, family, unpooled)
        units = units_format_1(design, family)
        return Resolved(units, choose(design, family, units, given, unpooled, defaults))

    return resolve


def plain(resolved: Resolved, prior: Callable[[Prior], Any]) -> dict[str, Any]:
    """Take it apart into arrays, numbers and text; `prior` does so with a prior."""

    def chosen(one: ResolvedPrior | None) -> Any:
        if one is None:
            return None
        coordinate = one.coordinate and prior(one.coordinate)
        return {
            "name": one.name,
            "written": prior(one.written),
            "prior": prior(one.prior),
            "coordinate": coordinate,
        }

    units, priors = resolved
    return {
        "units": vars(units) | {"terms": [vars(term) for term in units.terms]},
        "common": [chosen(one) for one in priors.common],
        "own": [chosen(one) for one in priors.own],
        "varying": [[chosen(one) for one in term] for term in priors.varying],
        "correlations": [chosen(one) for one in priors.correlations],
    }


def from_plain(found: Mapping[str, Any], prior: Callable[[Any], Prior]) -> Resolved:
    """Put together what `plain` took apart."""

    def chosen(one: Any) -> ResolvedPrior:
        coordinate = one["coordinate"] and prior(one["coordinate"])
        return ResolvedPrior(one["name"], prior(one["written"]), prior(one["prior"]), coordinate)

    terms = tuple(
        TermUnits(**term | {"levels": tuple(term["levels"])}) for term in found["units"]["terms"]
    )
    return Resolved(
        Units(**found["units"] | {"terms": terms}),
        Priors(
            common=tuple(map(chosen, found["common"])),
            own=tuple(map(chosen, found["own"])),
            varying=tuple(tuple(map(chosen, term)) for term in found["varying"]),
            correlations=tuple(one and chosen(one) for one in found["correlations"]),
        ),
    )
