"""Successes among trials: y of n, with probability sigmoid(eta) (logit) or Phi(eta) (probit).

A Bernoulli outcome is a binomial one of one trial.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, function_value
from ...densities.special import log_normal_cdf
from ..family import LIKELIHOOD, Family, Own, Wrong, whole_numbers

PROBIT_UNIT = 1.0 / 1.6
"""A unit of the logit, seen on the probit's scale."""


@function_value(*LIKELIHOOD)
def logit_log_likelihood(
    eta: FloatArray,
    y: FloatArray,
    trials: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """Log likelihood of y of n trials, probability sigmoid(eta): y eta - n log(1 + e^eta).

    The constant is left out.
    """
    logp = 0.0
    for i in range(eta.size):
        x = eta[i]
        e = math.exp(-abs(x))
        share = 1.0 / (1.0 + e) if x > 0.0 else e / (1.0 + e)
        logp += y[i] * x - trials[i] * (max(x, 0.0) + math.log1p(e))
        eta[i] = y[i] - trials[i] * share
    return logp


@function_value(*LIKELIHOOD)
def probit_log_likelihood(
    eta: FloatArray,
    y: FloatArray,
    trials: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """Log likelihood of y of n trials, probability Phi(eta), without the constant."""
    logp = 0.0
    for i in range(eta.size):
        up, down = log_normal_cdf(eta[i]), log_normal_cdf(-eta[i])
        d = 0.0
        if y[i] > 0.0:
            logp += y[i] * up.value
            d += y[i] * up.slope
        if trials[i] > y[i]:
            logp += (trials[i] - y[i]) * down.value
            d -= (trials[i] - y[i]) * down.slope
        eta[i] = d
    return logp


def log_choose(y: Any, trials: Any) -> Any:
    """Log of the binomial coefficient."""
    return (
        special.gammaln(trials + 1.0) - special.gammaln(y + 1.0) - special.gammaln(trials - y + 1.0)
    )


def logit_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of y successes, logit link."""
    return log_choose(y, trials) + y * eta - trials * np.logaddexp(0.0, eta)


def probit_log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of y successes, probit link."""
    up, down = special.log_ndtr(eta), special.log_ndtr(-eta)
    return log_choose(y, trials) + y * up + (trials - y) * down


def constant(y: FloatArray, trials: FloatArray) -> float:
    """Sum the logs of the binomial coefficients."""
    return float(np.sum(log_choose(y, trials)))


def sigmoid(eta: FloatArray, own: Own) -> FloatArray:
    """Inverse of the logit."""
    return np.asarray(special.expit(eta))


def normal_cdf(eta: FloatArray, own: Own) -> FloatArray:
    """Inverse of the probit."""
    return np.asarray(special.ndtr(eta))


def variance(mean: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Variance of the successes: n p (1 - p)."""
    return np.asarray(mean * (1.0 - mean / trials))


def draw_logit(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes, logit link."""
    return rng.binomial(np.asarray(trials, dtype=np.int64), sigmoid(eta, own)).astype(float)


def draw_probit(rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own) -> FloatArray:
    """Draw outcomes, probit link."""
    return rng.binomial(np.asarray(trials, dtype=np.int64), normal_cdf(eta, own)).astype(float)


def refused(y: FloatArray, trials: FloatArray | None) -> Iterator[Wrong]:
    """Find outcomes that are no successes among these trials, or trials that are none."""
    yield whole_numbers(y)
    if trials is None:
        yield y > 1.0, y, "", "0 or 1; of several trials write 'y | trials(n) ~ ...'"
        return
    yield from refused_trials(trials)
    yield y > trials, y, "", "at most the number of trials"


def refused_trials(trials: FloatArray) -> Iterator[Wrong]:
    """Find numbers of trials that cannot be."""
    wrong = (trials != np.round(trials)) | (trials < 0.0)
    yield wrong, trials, "trials", "a whole number, 0 or more"


LOGIT = Family(
    name="binomial",
    link="logit",
    log_likelihood=logit_log_likelihood,
    log_density=logit_log_density,
    mean=sigmoid,
    variance=variance,
    draw=draw_logit,
    constant=constant,
    refused=refused,
    has_trials=True,
    level=special.logit,
    elsewhere={"rstanarm": {}, "brms": {}},
    also_called=("bernoulli",),
)

PROBIT = Family(
    name="binomial",
    link="probit",
    log_likelihood=probit_log_likelihood,
    log_density=probit_log_density,
    mean=normal_cdf,
    variance=variance,
    draw=draw_probit,
    constant=constant,
    refused=refused,
    has_trials=True,
    unit=PROBIT_UNIT,
    level=special.ndtri,
    elsewhere={"rstanarm": {}, "brms": {}},
    also_called=("bernoulli",),
)
