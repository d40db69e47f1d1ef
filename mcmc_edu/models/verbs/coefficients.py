"""Estimates of coefficients: common ones, those of every level, and how they vary."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...compiling import FloatArray
from ...table import Table
from .. import prior_summary as priors
from ..fitted import Fitted
from .estimates import estimates, of_levels


def fixef(fit: Fitted) -> Table:
    """Estimates of the common coefficients.

    Examples
    --------
    >>> fit = example_fit()
    >>> list(fit.fixef())
    ['Intercept', 'Days']
    """
    return estimates({name: fit.draws[name] for name in fit.model.design.names})


def ranef(fit: Fitted) -> dict[str, Table]:
    """Estimates of every level's deviations from the common coefficients, by grouping factor.

    Examples
    --------
    >>> fit = example_fit()
    >>> round(fit.ranef()["Subject"]["308"]["Days"], 0)
    9.0
    """
    return _by_group(fit, {})


def coef(fit: Fitted) -> dict[str, Table]:
    """Estimates of every level's own coefficients: common ones and deviations added up.

    Examples
    --------
    >>> fit = example_fit()
    >>> round(fit.coef()["Subject"]["308"]["Days"], 0)
    20.0
    """
    return _by_group(fit, {name: fit.draws[name] for name in fit.model.design.names})


def _by_group(fit: Fitted, common: Mapping[str, FloatArray]) -> dict[str, Table]:
    """Effects of the levels of each grouping factor, of all its bars, and `common` added."""
    found: dict[str, dict[str, FloatArray]] = {}
    levels: dict[str, tuple[str, ...]] = {}
    for g in fit.model.design.groupings:
        levels[g.name] = g.levels
        for name in g.names:
            draws = fit.draws[f"b({g.name}: {name})"]
            if name in common:
                draws = draws + common[name][:, :, np.newaxis]
            found.setdefault(g.name, {})[name] = draws
    return {name: of_levels(effects, levels[name]) for name, effects in found.items()}


def varcorr(fit: Fitted) -> Table:
    """Estimates of how the coefficients vary among levels: standard deviations, correlations,
    and the residual's standard deviation.

    Examples
    --------
    >>> fit = example_fit()
    >>> [name for name in fit.varcorr() if name.startswith("cor")]
    ['cor(Subject: Intercept, Days)']
    """
    kinds = ("sd(", "cor(")
    noise = ["sigma"] if fit.model.family.has_sigma else []
    names = [n for n in fit.draws.natural if n.startswith(kinds) or n in noise]
    return estimates({name: fit.draws[name] for name in names})


def prior_summary(fit: Fitted) -> Table:
    """The priors: see `Model.prior_summary`.

    Examples
    --------
    >>> fit = example_fit()
    >>> fit.prior_summary()["Days"]["written"]
    'Normal(0, 2.5), autoscaled'
    """
    return priors.prior_summary(fit.model)
