"""Outcomes with heavy tails: y ~ t_nu(eta, sigma), Student's t with scale sigma."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, exp, function_value
from ...densities.special import digamma, log_gamma
from ...priors.univariate import Exponential, Gamma
from ..family import LIKELIHOOD, Family, Own, none_refused, nothing_left_out
from .gaussian import identity


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
    """Log likelihood of Student's t with nu degrees of freedom, own = (log sigma, log nu)."""
    sigma, nu = exp(own[0]), exp(own[1])
    half = 0.5 * (nu + 1.0)
    constant = log_gamma(half) - log_gamma(0.5 * nu) - 0.5 * (math.log(math.pi) + own[1]) - own[0]
    total, d_sigma, d_nu = 0.0, 0.0, 0.0
    for i in range(eta.size):
        z = (y[i] - eta[i]) / sigma
        q = z * z / nu
        share = q / (1.0 + q) if q < 1e300 else 1.0
        spread = math.log1p(q)
        eta[i] = (nu + 1.0) * (z / (nu + z * z) if q < 1e300 else 1.0 / z) / sigma
        total += half * spread
        d_sigma += (nu + 1.0) * share - 1.0
        d_nu += half * share - 0.5 * nu * spread
    n = eta.size
    d_own[0] += d_sigma
    d_own[1] += d_nu + n * (0.5 * nu * (digamma(half) - digamma(0.5 * nu)) - 0.5)
    logp: float = n * constant - total
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log density of outcomes with Student's t."""
    nu, z = own["nu"], (y - eta) / own["sigma"]
    constant = special.gammaln(0.5 * (nu + 1.0)) - special.gammaln(0.5 * nu)
    constant = constant - 0.5 * np.log(nu * math.pi) - np.log(own["sigma"])
    return constant - 0.5 * (nu + 1.0) * np.log1p(z * z / nu)


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of an outcome: sigma^2 nu / (nu - 2); inf with nu of 2 or less."""
    nu = own["nu"]
    heavy = nu <= 2.0
    spread = np.where(heavy, np.inf, own["sigma"] ** 2 * nu / np.where(heavy, 1.0, nu - 2.0))
    return np.asarray(np.broadcast_to(spread, mean.shape))


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes."""
    t = rng.standard_t(np.broadcast_to(own["nu"], eta.shape))
    return np.asarray(eta + own["sigma"] * t)


STUDENT = Family(
    name="student",
    link="identity",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=identity,
    variance=variance,
    draw=draw,
    constant=nothing_left_out,
    refused=none_refused,
    own=("sigma", "nu"),
    own_priors=MappingProxyType({"sigma": Exponential(1.0, autoscale=True), "nu": Gamma(2.0, 0.1)}),
    elsewhere={"brms": {"nu": Gamma(2.0, 0.1)}},
    continuous=True,
    robust=True,
)
