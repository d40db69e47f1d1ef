"""Default priors of other packages, for comparisons: ``priors="rstanarm"`` or ``"brms"``.

They match rstanarm 2.21.3 and brms 2.18.0, as printed by `prior_summary` and `get_prior`; see
`tests/reference/packages.R`.

rstanarm scales its priors to sd(y) / sd(x), column by column, and uses decov for covariances.  brms
uses flat priors for coefficients and Student's t for most other parameters.  Its scale follows the
spread of the outcome on the link scale, but is at least 2.5, whatever the unit.
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
"""Packages with their versions, by the name that `priors` takes."""

"""Families that a package does not support, or supports with other kinds of priors."""


def package_and_priors(
    priors: Mapping[str, Any] | str | None,
) -> tuple[str | None, dict[str, Prior]]:
    """Return the package whose defaults are requested, if any, and the given priors.

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
        If the package does not support such a model.
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
