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
from ...priors.univariate import Flat, Gamma, HalfT, Normal, Prior, StudentT
from .defaults import FORMAT_1, Defaults

PACKAGES = {"rstanarm": "rstanarm 2.21.3", "brms": "brms 2.18.0"}
"""By the name that `priors` takes, with the version."""

LACKS = {"rstanarm": ("student", "ordered", "categorical"), "brms": ()}
"""Families that a package has not, or has with other priors than of coefficients."""


def package_and_priors(
    priors: Mapping[str, Any] | str | None,
) -> tuple[str | None, dict[str, Prior]]:
    """The package whose defaults are asked for, if any, and the priors that are given.

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
    """The default priors of a package for a model.

    Raises
    ------
    ValueError
        If the package has no such model.
    """
    if family.known_se and package == "rstanarm":
        raise ValueError(
            f"defaults of priors are {package!r}, which has no known standard errors, se(...); "
            "leave them out, or take 'brms'"
        )
    if family.name in LACKS[package]:
        raise ValueError(
            f"defaults of priors are {package!r}, which has none for the {family.name} family; "
            "leave them out, or give every prior"
        )
    if unpooled:
        raise ValueError(
            f"defaults of priors are {package!r}, which has no models without pooling; write the "
            "groups as predictors, y ~ 0 + g + g:x, or leave the defaults out"
        )
    return _rstanarm(family) if package == "rstanarm" else _brms(design, family)


def _rstanarm(family: Family) -> Defaults:
    if family.link != "probit":
        return FORMAT_1
    wide = Normal(0.0, 2.5 * np.sqrt(8.0 / np.pi), autoscale=True)  # dnorm(0) / dlogis(0)
    return replace(FORMAT_1, intercept=wide, coefficient=wide)


def _brms(design: Design, family: Family) -> Defaults:
    location, scale = 0.0, 2.5
    if family.link in ("identity", "log"):
        y: FloatArray = design.y
        if family.link == "log":
            y = np.log(np.where(y == 0.0, 0.1, y))
        middle = float(np.median(y))
        location = round(middle, 1) - float(design.offset.mean())
        scale = max(scale, round(1.4826 * float(np.median(np.abs(y - middle))), 1))
    half_t = HalfT(3.0, scale)
    own: dict[str, Prior] = {"sigma": half_t, "nu": Gamma(2.0, 0.1), "phi": Gamma(0.01, 0.01)}
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
