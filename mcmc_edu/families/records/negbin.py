"""Counts that vary more than Poisson's: negative binomial, with variance mean + mean^2 / phi."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, exp, function_value
from ...densities.special import digamma, log_gamma
from ...priors.univariate import Exponential, Gamma, Overdispersion
from ..family import LIKELIHOOD, Family, Own
from .poisson import constant, exponential, refused


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
    """Log likelihood of y with mean exp(eta) and variance mean + mean^2 / phi, own = (log phi).

    log Gamma(y + phi) - log Gamma(phi) + y log p + phi log(1 - p) with logit p = eta - log phi;
    without -log y!.
    """
    phi = exp(own[0])
    base, d_base = log_gamma(phi), digamma(phi)
    logp, d_phi = 0.0, 0.0
    for i in range(eta.size):
        x = eta[i] - own[0]
        e = math.exp(-abs(x))
        share = 1.0 / (1.0 + e) if x > 0.0 else e / (1.0 + e)
        spread = math.log1p(e)
        log_p = -spread - max(-x, 0.0)
        log_rest = -spread - max(x, 0.0)
        logp += log_gamma(y[i] + phi) - base + y[i] * log_p + phi * log_rest
        d = y[i] - (y[i] + phi) * share
        d_phi += phi * (digamma(y[i] + phi) - d_base + log_rest) - d
        eta[i] = d
    d_own[0] += d_phi
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of counts."""
    phi = own["phi"]
    x = eta - np.log(phi)
    constant = special.gammaln(y + phi) - special.gammaln(phi) - special.gammaln(y + 1.0)
    return constant - y * np.logaddexp(0.0, -x) - phi * np.logaddexp(0.0, x)


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of a count: mean + mean^2 / phi."""
    return np.asarray(mean + mean**2 / own["phi"])


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes."""
    mean = rng.gamma(own["phi"], np.exp(eta) / own["phi"])
    return np.asarray(rng.poisson(mean), dtype=float)


NEGATIVE_BINOMIAL = Family(
    name="negbin",
    link="log",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=exponential,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=refused,
    own=("phi",),
    own_priors=MappingProxyType({"phi": Overdispersion(1.0)}),
    elsewhere={"rstanarm": {"phi": Exponential(1.0)}, "brms": {"phi": Gamma(0.01, 0.01)}},
    also_called=("neg_binomial_2", "negative_binomial"),
)
