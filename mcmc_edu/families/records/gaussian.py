"""Normal outcomes: y ~ N(eta, sigma)."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Any

import numpy as np

from ...compiling import FloatArray, exp, function_value
from ...densities.sums import dot
from ...priors.univariate import Exponential
from ..family import LIKELIHOOD, Family, Own, none_refused


@function_value(*LIKELIHOOD)
def log_likelihood(
    eta: FloatArray,
    y: FloatArray,
    trials: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """Log likelihood of N(eta, sigma), own = (log sigma).

    Rows may summarise more observations: `rss` is the sum of squares that they leave out.
    """
    precision = exp(-2.0 * own[0])
    for i in range(eta.size):
        eta[i] = y[i] - eta[i]
    rss += dot(eta, eta)
    for i in range(eta.size):
        eta[i] *= precision
    d_own[0] += rss * precision - observations
    logp: float = -0.5 * rss * precision - observations * own[0]
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log density of normal outcomes."""
    z = (y - eta) / own["sigma"]
    return -0.5 * z * z - np.log(own["sigma"]) - 0.5 * math.log(2.0 * math.pi)


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum -log sqrt(2 pi)."""
    return -0.5 * y.size * math.log(2.0 * math.pi)


def identity(eta: FloatArray, own: Own) -> FloatArray:
    """Return the linear predictor, which is the mean."""
    return eta


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of an outcome: sigma^2."""
    return np.asarray(np.broadcast_to(own["sigma"] ** 2, mean.shape))


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes."""
    return rng.normal(eta, own["sigma"])


GAUSSIAN = Family(
    name="gaussian",
    link="identity",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=identity,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=none_refused,
    own=("sigma",),
    own_priors=MappingProxyType({"sigma": Exponential(1.0, autoscale=True)}),
    elsewhere={"rstanarm": {}, "brms": {}},
    continuous=True,
    exactly_normal=True,
    also_called=("normal",),
)
