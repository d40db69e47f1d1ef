"""Densities by scipy.stats: of priors as they are written, and of outcomes.

The rule of `on_paper` holds here too: nothing of the package is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats


@dataclass(frozen=True)
class Half:
    """A symmetric distribution folded at 0."""

    whole: Any

    def logpdf(self, x):
        return self.whole.logpdf(x) + np.log(2.0)


@dataclass(frozen=True)
class OfInverseRoot:
    """Of x, where 1 / sqrt(x) has a distribution."""

    law: Any

    def logpdf(self, x):
        return self.law.logpdf(x**-0.5) + np.log(0.5) - 1.5 * np.log(x)


class Flat:
    """1 everywhere."""

    def logpdf(self, x):
        return np.zeros(np.shape(x))


LAWS = {
    "Normal": lambda location, scale: stats.norm(location, scale),
    "StudentT": lambda df, location, scale: stats.t(df, location, scale),
    "Cauchy": lambda location, scale: stats.cauchy(location, scale),
    "Uniform": lambda low, high: stats.uniform(low, high - low),
    "Flat": Flat,
    "HalfNormal": lambda scale: stats.halfnorm(0.0, scale),
    "HalfT": lambda df, scale: Half(stats.t(df, 0.0, scale)),
    "HalfCauchy": lambda scale: stats.halfcauchy(0.0, scale),
    "Exponential": lambda rate: stats.expon(scale=1.0 / rate),
    "Gamma": lambda shape, rate: stats.gamma(shape, scale=1.0 / rate),
    "Overdispersion": lambda rate: OfInverseRoot(stats.expon(scale=1.0 / rate)),
}
"""By the name of a prior's class, from its numbers."""


def kind_of(prior: Any) -> str:
    """The name of a prior's class."""
    return type(prior).__name__


def law_of(prior: Any, unit: float, origin: float = 0.0) -> Any:
    """Its distribution.  One that is to be scaled to the data is meant for (x - origin) / unit."""
    numbers = dict(vars(prior))
    if numbers.pop("autoscale", False):
        if "location" in numbers:
            numbers["location"] = origin + unit * numbers["location"]
        if "scale" in numbers:
            numbers["scale"] *= unit
        if "rate" in numbers:
            numbers["rate"] /= unit
    return LAWS[kind_of(prior)](**numbers)


def log_outcome(
    family: str,
    link: str,
    y: np.ndarray,
    trials: np.ndarray | None,
    eta: np.ndarray,
    own: Mapping[str, float],
) -> np.ndarray:
    """Log density of each outcome, `eta` being its linear predictor, shape (n,), or those of all
    categories but the first, shape (C - 1, n).
    """
    if family == "gaussian":
        return stats.norm(eta, own["sigma"]).logpdf(y)
    if family == "student":
        return stats.t(own["nu"], eta, own["sigma"]).logpdf(y)
    if family == "poisson":
        return stats.poisson(np.exp(eta)).logpmf(y)
    if family == "negbin":
        phi = own["phi"]
        return stats.nbinom(phi, phi / (phi + np.exp(eta))).logpmf(y)
    if family == "gamma":
        return stats.gamma(own["shape"], scale=np.exp(eta) / own["shape"]).logpdf(y)
    if family == "beta":
        m = 1.0 / (1.0 + np.exp(-eta))
        return stats.beta(own["phi"] * m, own["phi"] * (1.0 - m)).logpdf(y)
    if family == "lognormal":
        return stats.lognorm(own["sigma"], scale=np.exp(eta)).logpdf(y)
    if family == "ordered":
        cuts, at = np.array([-np.inf, *own.values(), np.inf]), y.astype(int)
        above, below = stats.logistic.cdf([cuts[at + 1] - eta, cuts[at] - eta])
        return np.log(above - below)
    if family == "categorical":
        odds = np.exp(np.vstack([np.zeros(y.size), eta]))
        return np.log(odds[y.astype(int), np.arange(y.size)] / odds.sum(axis=0))
    law = {"logit": stats.logistic, "probit": stats.norm}[link]  # its logarithms last far out
    return np.log(special.binom(trials, y)) + y * law.logcdf(eta) + (trials - y) * law.logsf(eta)
