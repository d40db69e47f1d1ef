"""Categories without an order: P(y = k) in proportion to exp(eta_k), with eta_0 = 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from ...compiling import FloatArray, function_value
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
    """Log likelihood of one of several categories.

    Of every category but the first, eta and y have n rows, one category after the other; y is 1
    where an outcome is of that category and 0 elsewhere.
    """
    n = int(observations)
    logp = 0.0
    for i in range(n):
        high = 0.0
        for at in range(i, eta.size, n):
            high = max(high, eta[at])
        total = math.exp(-high)
        for at in range(i, eta.size, n):
            logp += y[at] * eta[at]
            total += math.exp(eta[at] - high)
        logp -= high + math.log(total)
        for at in range(i, eta.size, n):
            eta[at] = y[at] - math.exp(eta[at] - high) / total
    return logp


def log_density(y: Any, eta: Any, trials: Any, own: Own) -> Any:
    """Log probability of categories, by their numbers from 0."""
    with_first = np.concatenate([np.zeros_like(eta[..., :1]), eta], axis=-1)
    chosen = np.take_along_axis(
        with_first, np.broadcast_to(y.astype(np.int64), eta.shape[:-1])[..., np.newaxis], axis=-1
    )
    return chosen[..., 0] - special.logsumexp(with_first, axis=-1)


def probabilities(eta: FloatArray, own: Own) -> FloatArray:
    """Probability of each category, a last axis."""
    with_first = np.concatenate([np.zeros_like(eta[..., :1]), eta], axis=-1)
    return np.asarray(special.softmax(with_first, axis=-1))


CATEGORICAL = Family(
    name="categorical",
    link="logit",
    log_likelihood=log_likelihood,
    log_density=log_density,
    mean=no_mean,
    variance=no_variance,
    draw=draw_category(probabilities),
    constant=nothing_left_out,
    refused=none_refused,
    elsewhere={"brms": {}},
    probabilities=probabilities,
)
