"""Estimates of coefficients: common, varying, and their covariance among levels."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...compiling import FloatArray
from ...table import Table
from .. import prior_summary as priors
from ..fitted import Fitted
from .estimates import estimates, of_levels


def fixef(fit: Fitted) -> Table:
    """Estimate the common coefficients.

    Examples
    --------
    >>> fit = example_fit()
    >>> list(fit.fixef())
    ['Intercept', 'Days']
    """
    return estimates({name: fit.draws[name] for name in fit.model.design.names})


def ranef(fit: Fitted) -> dict[str, Table]:
    """Estimate every level's deviations from the common coefficients, by grouping factor.

    Examples
    --------
    >>> fit = example_fit()
    >>> round(fit.ranef()["Subject"]["308"]["Days"], 0)
    9.0
    """
    return _by_group(fit, {})


def coef(fit: Fitted) -> dict[str, Table]:
    """Estimate every level's own coefficients: common coefficients plus deviations.

    Examples
    --------
    >>> fit = example_fit()
    >>> round(fit.coef()["Subject"]["308"]["Days"], 0)
    20.0
    """
    return _by_group(fit, {name: fit.draws[name] for name in fit.model.design.names})


def _by_group(fit: Fitted, common: Mapping[str, FloatArray]) -> dict[str, Table]:
    """Collect the effects of all bars by grouping factor and level, and add `common`."""
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


def varcorr(fit: Fitted, layout: str = "estimates") -> Table:
    """Estimate how coefficients vary among levels: standard deviations and correlations.

    The residual standard deviation sigma is included if the family has one.

    Parameters
    ----------
    layout
        ``"estimates"``, a row for each quantity; or ``"lme4"``, as lme4 prints it: a row for each
        coefficient, its sd and its correlations with those above it (posterior means).

    Raises
    ------
    ValueError
        If `layout` is another.

    Examples
    --------
    >>> fit = example_fit()
    >>> [name for name in fit.varcorr() if name.startswith("cor")]
    ['cor(Subject: Intercept, Days)']
    """
    if layout == "lme4":
        return Table(_as_lme4(fit))
    if layout != "estimates":
        raise ValueError(f"layout={layout!r}: expected 'estimates' or 'lme4'")
    kinds = ("sd(", "cor(")
    noise = ["sigma"] if fit.model.family.has_sigma else []
    names = [n for n in fit.draws.natural if n.startswith(kinds) or n in noise]
    return estimates({name: fit.draws[name] for name in names})


def _as_lme4(fit: Fitted) -> dict[str, dict[str, float | str]]:
    """Posterior means in rows of coefficients: sd, and correlations with those above."""
    groupings, natural = fit.model.design.groupings, fit.draws.natural
    widest = max((len(g.names) for g in groupings if g.correlated), default=1)
    blank: dict[str, float | str] = {f"Corr {k}": "" for k in range(1, widest)}
    rows: dict[str, dict[str, float | str]] = {}
    for g in groupings:
        for i, name in enumerate(g.names):
            if f"sd({g.name}: {name})" not in natural:
                continue
            sd = float(fit.draws[f"sd({g.name}: {name})"].mean())
            row: dict[str, float | str] = {"Std.Dev.": sd, **blank}
            for k, other in enumerate(g.names[:i] if g.correlated else (), start=1):
                row[f"Corr {k}"] = float(fit.draws[f"cor({g.name}: {other}, {name})"].mean())
            rows[f"{g.name}: {name}"] = row
    if fit.model.family.has_sigma:
        rows["Residual"] = {"Std.Dev.": float(fit.draws["sigma"].mean()), **blank}
    return rows


def prior_summary(fit: Fitted) -> Table:
    """List the priors; see `Model.prior_summary`.

    Examples
    --------
    >>> fit = example_fit()
    >>> fit.prior_summary()["Days"]["written"]
    'Normal(0, 2.5), autoscaled'
    """
    return priors.prior_summary(fit.model)
