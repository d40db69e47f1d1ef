"""Positive outcomes whose logarithm is normal: log y ~ N(eta, sigma).

The linear predictor is the mean, and the median, of log y; exp(eta) is the median of y, and its
mean exp(eta + sigma^2 / 2).  In terms of log y all is as for normal outcomes, effects integrated
out included: the likelihood is theirs.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...priors.univariate import Exponential
from ..family import Family, Own
from . import gaussian
from .gamma import refused


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log density of outcomes: that of their logarithms, less log y."""
    log_y = np.log(y)
    return gaussian.log_density(log_y, eta, trials, own) - log_y


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum what the logarithms leave out, and -log y."""
    return gaussian.constant(y, trials) - float(np.log(y).sum())


def mean(eta: FloatArray, own: Own) -> FloatArray:
    """Mean of an outcome: exp(eta + sigma^2 / 2)."""
    return np.asarray(np.exp(eta + 0.5 * own["sigma"] ** 2))


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of an outcome: mean^2 (exp(sigma^2) - 1)."""
    return np.asarray(mean**2 * np.expm1(own["sigma"] ** 2))


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes."""
    return np.asarray(np.exp(rng.normal(eta, own["sigma"])))


LOGNORMAL = Family(
    name="lognormal",
    link="identity",
    log_likelihood=gaussian.log_likelihood,
    log_density=log_density,
    mean=mean,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=refused,
    own=("sigma",),
    own_priors=MappingProxyType({"sigma": Exponential(1.0, autoscale=True)}),
    elsewhere={"brms": {}},
    on_scale=np.log,
    typical={"sigma": 0.5},
    continuous=True,
    exactly_normal=True,
)
