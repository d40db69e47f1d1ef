"""Counts: y is Poisson with mean exp(eta)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, exp, function_value
from ..family import LIKELIHOOD, Family, Own, Wrong, whole_numbers


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
    """Log likelihood of y with mean exp(eta): y eta - exp(eta); -inf where exp overflows.

    The constant is left out.
    """
    logp = 0.0
    for i in range(eta.size):
        mean = exp(eta[i])
        logp += y[i] * eta[i] - mean
        eta[i] = y[i] - mean
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of counts."""
    return y * eta - np.exp(eta) - special.gammaln(y + 1.0)


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum -log y!."""
    return -float(np.sum(special.gammaln(y + 1.0)))


def exponential(eta: FloatArray, own: Own) -> FloatArray:
    """Inverse of the logarithm."""
    return np.asarray(np.exp(eta))


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of a count, which is its mean."""
    return mean


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes."""
    return rng.poisson(np.exp(eta)).astype(float)


def refused(y: FloatArray, trials: FloatArray | None) -> Iterator[Wrong]:
    """Find outcomes that are no counts."""
    yield whole_numbers(y)


POISSON = Family(
    name="poisson",
    link="log",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=exponential,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=refused,
    elsewhere={"rstanarm": {}, "brms": {}},
)
