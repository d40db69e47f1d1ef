"""Positive outcomes: y is gamma distributed with mean exp(eta) and variance mean^2 / shape.

The rate is shape / mean.  1 / sqrt(shape) is the coefficient of variation of rows that are alike,
their sd over their mean.  While it is small it is about the sd of log y, in the unit of all other
sds on the scale of the log link.  So its default prior is Exponential(1), as that of counts
(`Overdispersion`).  It is proper, and allows both outcomes that hardly vary and outcomes that vary
more than exponential ones, which have shape 1.  brms has Gamma(0.01, 0.01), which is nearly flat in
log shape: where outcomes hardly vary, nothing keeps the shape from growing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, exp, function_value
from ...densities.special import digamma, log_gamma
from ...priors.univariate import Gamma, Overdispersion
from ..family import LIKELIHOOD, Family, Own, Wrong
from .poisson import exponential


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
    """Log likelihood of gamma outcomes, y being their logarithms, own = (log shape).

    With t = log y - eta, shape (log shape + t - e^t) - log Gamma(shape); without -log y.  It is
    -inf where e^t overflows.
    """
    shape = exp(own[0])
    total = 0.0
    for i in range(eta.size):
        t = y[i] - eta[i]
        above = exp(t) - 1.0 if t > 1.0 else math.expm1(t)  # e^t - 1
        total += t - above
        eta[i] = shape * above
    n = eta.size
    d_own[0] += shape * (n * (own[0] - digamma(shape)) + total)
    logp: float = n * (shape * (own[0] - 1.0) - log_gamma(shape)) + shape * total
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log density of gamma outcomes."""
    shape, t = own["shape"], np.log(y) - eta
    with np.errstate(over="ignore"):
        return shape * (np.log(shape) + t - np.exp(t)) - special.gammaln(shape) - np.log(y)


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum -log y."""
    return -float(np.log(y).sum())


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of an outcome: mean^2 / shape."""
    return np.asarray(mean**2 / own["shape"])


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes, none of them rounded to 0."""
    y = rng.gamma(own["shape"], np.exp(eta) / own["shape"])
    return np.asarray(np.maximum(y, np.finfo(float).tiny))


def refused(y: FloatArray, trials: FloatArray | None) -> Iterator[Wrong]:
    """Find outcomes that are not positive."""
    yield y <= 0.0, y, "", "above 0"


GAMMA = Family(
    name="gamma",
    link="log",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=exponential,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=refused,
    own=("shape",),
    own_priors=MappingProxyType({"shape": Overdispersion(1.0)}),
    elsewhere={"brms": {"shape": Gamma(0.01, 0.01)}},
    on_scale=np.log,
    typical={"shape": 3.0},
    continuous=True,
)
