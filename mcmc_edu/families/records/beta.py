"""Shares between 0 and 1: y ~ Beta(m phi, (1 - m) phi), with mean m = sigmoid(eta).

phi is the precision: the variance is m (1 - m) / (1 + phi).  While it is small, the sd of logit y
near m = 1/2 is 2 / sqrt(phi).  So 1 / sqrt(phi) is in the unit of all other sds on the scale of the
logit, and its default prior is Exponential(1), as that of counts (`Overdispersion`).  It is proper,
flat where shares hardly vary, and has little weight where phi is so small that all shares are next
to 0 or 1.  brms has Gamma(0.01, 0.01), which is nearly flat in log phi: where shares hardly vary,
nothing keeps phi from growing.

Gamma(a) is written Gamma(1 + a) / a, so that all is finite however far eta is out, where a or b is
0 to rounding and its logarithm is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, exp, function_value, log
from ...densities.special import digamma, log_gamma
from ...priors.univariate import Gamma, Overdispersion
from ..family import LIKELIHOOD, Family, Own, Wrong
from .binomial import sigmoid

NEAREST = (float(np.finfo(float).tiny), 1.0 - float(np.finfo(float).epsneg))
"""Shares next to 0 and 1 that a draw may have."""


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
    """Log likelihood of beta outcomes, own = (log phi).

    log Gamma(phi) - log Gamma(a) - log Gamma(b) + a log y + b log(1 - y) with a = m phi and
    b = (1 - m) phi; without -log y - log(1 - y).
    """
    phi = exp(own[0])
    base, d_base = log_gamma(1.0 + phi) + own[0], phi * digamma(1.0 + phi) - 1.0
    logp, d_phi = 0.0, 0.0
    for i in range(eta.size):
        x = eta[i]
        e = math.exp(-abs(x))
        near, far = 1.0 / (1.0 + e), e / (1.0 + e)
        m, rest = (near, far) if x > 0.0 else (far, near)
        a, b = m * phi, rest * phi
        up, down = log(y[i]), math.log1p(-y[i])
        logp += base - abs(x) - 2.0 * math.log1p(e)
        logp += a * up - log_gamma(1.0 + a) + b * down - log_gamma(1.0 + b)
        d_a = a * digamma(1.0 + a) - 1.0  # a times the derivative of log Gamma(a)
        d_b = b * digamma(1.0 + b) - 1.0
        d_phi += d_base - d_a - d_b + a * up + b * down
        eta[i] = m * d_b - rest * d_a + a * rest * (up - down)
    d_own[0] += d_phi
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log density of beta outcomes."""
    phi, m, rest = own["phi"], special.expit(eta), special.expit(-eta)
    a, b = m * phi, rest * phi
    constant = special.gammaln(1.0 + phi) - special.gammaln(1.0 + a) - special.gammaln(1.0 + b)
    constant = constant + np.log(phi) - np.logaddexp(0.0, eta) - np.logaddexp(0.0, -eta)
    return constant + (a - 1.0) * np.log(y) + (b - 1.0) * np.log1p(-y)


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum -log y - log(1 - y), the part of the log density that depends on no parameter."""
    return -float((np.log(y) + np.log1p(-y)).sum())


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of an outcome: m (1 - m) / (1 + phi)."""
    return np.asarray(mean * (1.0 - mean) / (1.0 + own["phi"]))


def draw(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes, none of them rounded to 0 or 1."""
    least = np.finfo(float).tiny
    a, b = special.expit(eta) * own["phi"], special.expit(-eta) * own["phi"]
    return np.asarray(np.clip(rng.beta(np.maximum(a, least), np.maximum(b, least)), *NEAREST))


def refused(y: FloatArray, trials: FloatArray | None) -> Iterator[Wrong]:
    """Find outcomes that are no shares, or all or nothing."""
    yield (y <= 0.0) | (y >= 1.0), y, "", "between 0 and 1, and neither of them"


BETA = Family(
    name="beta",
    link="logit",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=sigmoid,
    variance=variance,
    draw=draw,
    constant=constant,
    refused=refused,
    own=("phi",),
    own_priors=MappingProxyType({"phi": Overdispersion(1.0)}),
    elsewhere={"brms": {"phi": Gamma(0.01, 0.01)}},
    typical={"phi": 8.0},
    continuous=True,
    level=special.logit,
)
