"""Warm-up: find a step size and a metric, by the same steps that sample afterwards.

Three ideas, each a function below:

* the step size follows the acceptance it gives, and is averaged: *dual averaging* (`update`),
  started where one leapfrog step is accepted with probability 0.8 (`find_reasonable_step_size`);
* the metric is estimated from the draws of a *window* (`doubling`), and each window, longer than
  the one before, forgets the draws of that one; a new metric changes what a step size means, and
  the search for it begins again;
* estimates (`METRICS`): the variances, drawn towards 0.001 as in Stan ("variance"); the square root
  of variances of draws over variances of gradients, as in nutpie ("scores"); the covariance
  ("dense").

Source: M. D. Hoffman, A. Gelman (2014), section 3.2; the Stan reference manual, chapter on HMC
adaptation; A. Seyboldt, E. Carlson, B. Carpenter (2026), arXiv:2603.18845, for "scores".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..compiling import (
    DENSITY,
    FLOAT,
    MATRIX,
    PACKED,
    RNG,
    FloatArray,
    compiled,
    entry,
    exp,
    log,
    record,
)
from .hamiltonian import (
    METRIC,
    STATE,
    Density,
    Metric,
    PackedData,
    State,
    hamiltonian,
    leapfrog,
    phase_point,
    refresh_momentum,
)

FEWEST_UPDATES = 5
"""A shorter search has only made its first wide leaps: its answer is not to be used."""

LARGEST = 1e30
"""A longer first step is none: a density so wide is taken to be flat."""


class DualAveraging(NamedTuple):
    """Where the search for the step size stands; logarithms of step sizes."""

    log_step: float
    """To be tried next."""
    log_average: float
    """Average of those tried, late ones counting more: the answer in the end."""
    mean_error: float
    """Running mean of target minus acceptance."""
    steps: float
    """So far."""
    centre: float
    """Where the search is drawn to: ten times the first step size, for long steps are cheap."""


AVERAGING = record(DualAveraging, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT)


def dual_averaging(step_size: float) -> DualAveraging:
    """Start a search from a first step size."""
    return DualAveraging(math.log(step_size), 0.0, 0.0, 0.0, math.log(10.0 * step_size))


@compiled
def update(search: DualAveraging, accept_prob: float, target: float) -> DualAveraging:
    """Learn from one step, made with exp(log_step) and accepted with probability `accept_prob`.

    Hoffman and Gelman's (2014) equation 6, with gamma = 0.05, t0 = 10 and kappa = 0.75.
    """
    t = search.steps + 1.0
    mean_error = search.mean_error + (target - accept_prob - search.mean_error) / (t + 10.0)
    log_step = search.centre - math.sqrt(t) / 0.05 * mean_error
    weight = exp(-0.75 * math.log(t))
    log_average = (1.0 - weight) * search.log_average + weight * log_step
    return DualAveraging(log_step, log_average, mean_error, t, search.centre)


@entry(RNG, STATE, DENSITY, PACKED, METRIC, FLOAT, MATRIX)
def find_reasonable_step_size(
    rng: np.random.Generator,
    state: State,
    density: Density,
    data: PackedData,
    metric: Metric,
    step_size: float,
    workspace: FloatArray,
) -> float:
    """Double or halve a step size until one step's acceptance crosses 0.8.

    Returns a step size; 0 or above `LARGEST` if there is none, for a density that is flat or not
    smooth.
    """
    point = phase_point(workspace, 0)
    grows = False
    for trial in range(2000):
        before = refresh_momentum(rng, state, metric, point)
        logp = leapfrog(point, step_size, metric, density, data)
        energy = hamiltonian(logp, point.momentum, metric)
        if energy == -math.inf:  # an infinite density, which the first real step will report
            return step_size
        accepted = before - energy > log(0.8)
        if trial == 0:
            grows = accepted
        elif accepted != grows:
            return step_size
        step_size *= 2.0 if grows else 0.5
        if step_size == 0.0 or step_size > LARGEST:
            return step_size
    return step_size


Windows = list[tuple[int, int]]
"""First and last iteration of each window in which a metric is estimated."""


def stan_windows(warmup: int) -> Windows:
    """Stan's schedule: 75 iterations to find the bulk of the posterior, 50 for the last step size.

    Where there are fewer than 150, Stan leaves the metric as it is; here it is then 15 % and 10 %,
    but at least 10 iterations for the step size: a search's first leaps are wide.

    Examples
    --------
    >>> [last for first, last in stan_windows(1000)]
    [99, 149, 249, 449, 949]
    >>> stan_windows(100)
    [(15, 39), (40, 89)]
    """
    if warmup < 150:
        return doubling(int(0.15 * warmup), 25, warmup - max(10, int(0.1 * warmup)))
    return doubling(75, 25, warmup - 50)


def early_windows(warmup: int) -> Windows:
    """For an estimate that asks for few draws, and not for draws of the bulk.

    There are 10 iterations (at most 15 %) to leave the start, 15 % (at least 10) for the last step
    size.

    Examples
    --------
    >>> [last for first, last in early_windows(1000)]
    [19, 39, 79, 159, 319, 849]
    """
    return doubling(min(10, int(0.15 * warmup)), 10, warmup - max(10, int(0.15 * warmup)))


def doubling(begin: int, length: int, end: int) -> Windows:
    """From `begin`, windows of `length`, twice that, four times that, ... up to `end`.

    One that would leave no room for the next is stretched.  There is none of fewer than 7.
    """
    found = []
    while begin < end and end - begin >= 7:
        last = begin + length
        if last + 2 * length > end:  # the next window would not fit
            last = end
        found.append((begin, last - 1))
        begin, length = last, 2 * length
    return found


def diagonal(inverse: FloatArray) -> Metric:
    """Metric of these variances, shape (dim,)."""
    row = np.ascontiguousarray(inverse, dtype=float)[np.newaxis, :]
    return Metric(row, 1.0 / np.sqrt(row))


def dense(inverse: FloatArray) -> Metric:
    """Metric of this covariance matrix, shape (dim, dim)."""
    inverse = np.ascontiguousarray(inverse, dtype=float)
    return Metric(inverse, np.ascontiguousarray(np.linalg.cholesky(np.linalg.inv(inverse))))


def variance(draws: FloatArray, grads: FloatArray) -> Metric:
    """Variances of the draws (n, dim), drawn towards 0.001 as if by five more draws: Stan's."""
    n = draws.shape[0]
    return diagonal((n * draws.var(axis=0, ddof=1) + 5 * 1e-3) / (n + 5))


def scores(draws: FloatArray, grads: FloatArray) -> Metric:
    """sqrt(variance of the draws / variance of the gradients), shape (n, dim) each.

    For a normal posterior with independent entries the gradient is -(theta - mean) / variance, so
    that the ratio is the variance squared, whatever the draws: two different draws are enough.
    """
    spread, slope = draws.var(axis=0, ddof=1), grads.var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.sqrt(spread / slope)
    usable = np.isfinite(inverse) & (inverse > 0.0)
    return diagonal(np.clip(np.where(usable, inverse, 1.0), 1e-20, 1e20))


def covariance(draws: FloatArray, grads: FloatArray) -> Metric:
    """Covariance of the draws (n, dim), drawn towards 0.001 as if by five more draws: Stan's."""
    n, dim = draws.shape
    return dense((n * np.atleast_2d(np.cov(draws.T)) + 5 * 1e-3 * np.eye(dim)) / (n + 5))


class Estimate(NamedTuple):
    """A way to learn the metric."""

    of: Callable[[FloatArray, FloatArray], Metric]
    """From the draws and the gradients of a window, shape (n, dim) each."""
    windows: Callable[[int], Windows]
    """From the number of iterations of warm-up."""


METRICS = {
    "variance": Estimate(variance, stan_windows),
    "scores": Estimate(scores, early_windows),
    "dense": Estimate(covariance, stan_windows),
}
"""Ways to learn the metric, by the name that a sampler's `metric` gives."""
