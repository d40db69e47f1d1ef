"""Default priors of other packages, for comparisons: ``priors="rstanarm"`` or ``"brms"``.

They are those of rstanarm 2.21.3 and brms 2.18.0, as these print them (`prior_summary`,
`get_prior`): `tests/reference/packages.R`.

rstanarm scales its priors to sd(y) / sd(x), column by column, and has decov of covariances.  brms
has flat priors of coefficients, and Student's t of everything else, as wide as the outcome varies
on the scale of the link, but never below 2.5, whatever the unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...families.family import Family
from ...formulas import Design
from ...priors.joint import LKJ
from ...priors.univariate import Flat, HalfT, Normal, Prior, StudentT
from .defaults import FORMAT_1, Defaults

PACKAGES = {"rstanarm": "rstanarm 2.21.3", "brms": "brms 2.18.0"}
"""By the name that `priors` takes, with the version."""


def package_and_priors(
    priors: Mapping[str, Any] | str | None,
) -> tuple[str | None, dict[str, Prior]]:
    """Return the package whose defaults are asked for, if any, and the priors that are given.

    Raises
    ------
    ValueError
        If there is no such package.
    """
    given: dict[str, Any] = {"defaults": priors} if isinstance(priors, str) else {**(priors or {})}
    package = given.pop("defaults", None)
    if package is not None and package not in PACKAGES:
        allowed = ", ".join(map(repr, PACKAGES))
        raise ValueError(
            f"defaults of priors are {package!r}; they must be one of {allowed}, or left out"
        )
    return package, given


def defaults_of(package: str, design: Design, family: Family, unpooled: bool) -> Defaults:
    """Return the default priors of a package for a model.

    Raises
    ------
    ValueError
        If the package has no such model.
    """
    if package not in family.elsewhere:
        raise ValueError(
            f"defaults of priors are {package!r}, which has none for the {family.name} family"
            f"{' with known standard errors, se(...)' * family.known_se}; leave them out, or give "
            "every prior"
        )
    if unpooled:
        raise ValueError(
            f"defaults of priors are {package!r}, which has no models without pooling; write the "
            "groups as predictors, y ~ 0 + g + g:x, or leave the defaults out"
        )
    return _rstanarm(family) if package == "rstanarm" else _brms(design, family)


def _rstanarm(family: Family) -> Defaults:
    own = {**FORMAT_1.own, **family.elsewhere["rstanarm"]}
    usual = replace(FORMAT_1, own=MappingProxyType(own))
    if family.link != "probit":
        return usual
    wide = Normal(0.0, 2.5 * np.sqrt(8.0 / np.pi), autoscale=True)  # dnorm(0) / dlogis(0)
    return replace(usual, intercept=wide, coefficient=wide)


def _brms(design: Design, family: Family) -> Defaults:
    location, scale = 0.0, 2.5
    if family.link in ("identity", "log"):
        y: FloatArray = family.on_scale(design.y)
        if family.link == "log":
            y = np.log(np.where(design.y == 0.0, 0.1, design.y))
        middle = float(np.median(y))
        location = round(middle, 1) - float(design.offset.mean())
        scale = max(scale, round(1.4826 * float(np.median(np.abs(y - middle))), 1))
    half_t = HalfT(3.0, scale)
    own: dict[str, Prior] = {"sigma": half_t, **family.elsewhere["brms"]}
    return Defaults(
        intercept=StudentT(3.0, location, scale),
        coefficient=Flat(),
        unpooled=Flat(),
        threshold=StudentT(3.0, 0.0, 2.5),
        covariance=half_t,
        sd=half_t,
        correlation=LKJ(1.0),
        own=MappingProxyType(own),
    )
