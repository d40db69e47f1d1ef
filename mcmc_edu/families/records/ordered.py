"""Categories in an order: P(y <= k) = sigmoid(c_k - eta), with thresholds c_1 < c_2 < ..."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, function_value, log
from ...densities.special import log_logistic_cdf
from ..family import (
    LIKELIHOOD,
    Family,
    Own,
    draw_category,
    no_mean,
    no_variance,
    none_refused,
    nothing_left_out,
)


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
    """Log likelihood of y, the number of a category, from 0; own = (c_0 < c_1 < ...).

    Thresholds are the upper ends of categories, of which the last has none.

    P(y = k) = sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - e^(b - a)), where
    a = c_k - eta and b = c_k-1 - eta: no difference of numbers that are nearly the same.
    """
    logp = 0.0
    for i in range(eta.size):
        k, d = int(y[i]), 0.0
        if k < own.size:
            upper = log_logistic_cdf(own[k] - eta[i])
            logp += upper.value
            d_own[k] += upper.slope
            d -= upper.slope
        if k > 0:
            lower = log_logistic_cdf(eta[i] - own[k - 1])
            logp += lower.value
            d_own[k - 1] -= lower.slope
            d += lower.slope
        if 0 < k < own.size:
            rest = -math.expm1(own[k - 1] - own[k])
            logp += log(rest)
            share = (1.0 - rest) / rest if rest > 0.0 else math.inf
            d_own[k] += share
            d_own[k - 1] -= share
        eta[i] = d
    return logp


def _ends(eta: Any, own: Own) -> list[tuple[Any, Any]]:
    """Of every category how far its lower and its upper threshold are from eta."""
    cuts = [-math.inf, *own.values(), math.inf]
    return [(lower - eta, upper - eta) for lower, upper in pairwise(cuts)]


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of categories, by their numbers from 0."""
    found = np.full(np.shape(eta), -math.inf)
    for k, (lower, upper) in enumerate(_ends(eta, own)):
        between = np.log(-np.expm1(lower - upper))
        log_p = between - np.logaddexp(0.0, -upper) - np.logaddexp(0.0, lower)
        found = np.where(y == k, log_p, found)
    return found


def probabilities(eta: FloatArray, own: Own) -> FloatArray:
    """Probability of each category, a last axis."""
    parts = [special.expit(upper) - special.expit(lower) for lower, upper in _ends(eta, own)]
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


ORDERED = Family(
    name="ordered",
    link="logit",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=no_mean,
    variance=no_variance,
    draw=draw_category(probabilities),
    constant=nothing_left_out,
    refused=none_refused,
    elsewhere={"brms": {}},
    own=("threshold",),
    probabilities=probabilities,
    thresholds=True,
    also_called=("cumulative",),
)
