"""Test of uniform ranks: simultaneous bands for their ECDF around a straight line.

Of N ranks from 0 to L, let C_k be the number below k, k = 1 to L.  If they are uniform,

    C_k ~ Bin(N, k / (L + 1)),      C_{k+1} - C_k given C_k ~ Bin(N - C_k, 1 / (L + 1 - k))

The statistic is the smallest two-sided tail probability of any C_k.  The p-value is the probability
that uniform ranks have a statistic as small.  It is exact: the distribution of C_k is carried from
k to k + 1, and mass that leaves the band is dropped.

Source: T. Säilynoja, P.-C. Bürkner, A. Vehtari (2022), *Statistics and Computing* 32, 32.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrc, gammaln

from ..compiling import FloatArray

LEAST = 1e-12
"""Smaller p-values are rounding errors, and given as this."""


def ecdf_p_value(ranks: ArrayLike, draws: int) -> float:
    """Compute the probability that uniform ranks deviate from uniformity as much as these.

    Parameters
    ----------
    ranks
        Integers from 0 to `draws`, shape (replicates,).
    draws
        L, the number of draws among which each was ranked.
    """
    counts = counts_below(ranks, draws)
    n = int(np.size(ranks))
    observed = tails(n, draws)[np.arange(draws), counts]
    return leaving_probability(float(observed.min()), n, draws)


@lru_cache(maxsize=32)
def ecdf_band(replicates: int, draws: int, level: float) -> tuple[FloatArray, FloatArray]:
    """Compute a simultaneous band that contains ECDFs of uniform ranks with probability `level`.

    Parameters
    ----------
    replicates
        N, the number of ranks.
    draws
        L: ranks are integers from 0 to L.
    level
        Least probability of staying inside, such as 0.95; ranks are discrete, and the true one
        is a little larger.

    Returns
    -------
    low, high
        The least and the greatest that ECDF(k) - k / (L + 1) may be, k = 1 to L, where ECDF(k) is
        the share of ranks below k; shape (draws,) each.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level!r}; it must be between 0 and 1, such as 0.95")
    tail = tails(replicates, draws)
    limits = np.concatenate([[0.0], np.unique(tail)])  # at 0 nothing is outside
    first, last = 0, limits.size - 1
    while last - first > 1:  # the largest limit that uniform ranks rarely reach
        middle = (first + last) // 2
        rarely = leaving_probability(limits[middle], replicates, draws) <= 1.0 - level
        first, last = (middle, last) if rarely else (first, middle)
    inside = tail > limits[first]
    low = inside.argmax(axis=1)
    high = replicates - inside[:, ::-1].argmax(axis=1)
    line = expected(draws)
    return low / replicates - line, high / replicates - line


def counts_below(ranks: ArrayLike, draws: int) -> NDArray[np.int64]:
    """Compute C_k, the number of ranks, shape (N,), below k, for k = 1 to `draws`."""
    found = np.asarray(ranks)
    if found.ndim != 1 or found.size == 0 or found.min() < 0 or found.max() > draws:
        raise ValueError(f"ranks must be integers from 0 to draws = {draws}, shape (replicates,)")
    return np.cumsum(np.bincount(found, minlength=draws + 1))[:-1]


def expected(draws: int) -> FloatArray:
    """Return the straight line k / (L + 1), k = 1 to L."""
    return np.arange(1, draws + 1) / (draws + 1.0)


@lru_cache(maxsize=8)
def tails(n: int, draws: int) -> FloatArray:
    """Compute the two-sided tail probability of every C_k = c, shape (draws, n + 1)."""
    c, share = np.arange(n + 1.0), expected(draws)[:, None]
    at_least = np.where(c > 0.0, bdtrc(np.maximum(c - 1.0, 0.0), n, share), 1.0)
    tail = np.minimum(bdtr(c, n, share), at_least)
    return np.asarray(tail + tail[::-1, ::-1])  # C_k and n - C_{L+1-k} are alike: to the last bit


def leaving_probability(limit: float, n: int, draws: int) -> float:
    """Compute the probability that some C_k of `n` uniform ranks has a tail within `limit`."""
    inside = tails(n, draws) > limit
    at, mass = np.zeros(1, dtype=np.int64), np.ones(1)  # C_0 = 0
    for k in range(draws):
        to = np.flatnonzero(inside[k])
        mass = mass @ _binomial(to - at[:, None], n - at[:, None], 1.0 / (draws + 1.0 - k))
        at = to
    return float(max(LEAST, 1.0 - mass.sum()))


def _binomial(x: NDArray[np.int64], n: NDArray[np.int64], share: float) -> FloatArray:
    """P(X = x) for X ~ Bin(n, share), 0 < share < 1; 0 where x is negative or above n."""
    possible = (x >= 0) & (x <= n)
    x = np.where(possible, x, 0)
    ways = gammaln(n + 1.0) - gammaln(x + 1.0) - gammaln(n - x + 1.0)
    logp = ways + x * np.log(share) + (n - x) * np.log1p(-share)
    return np.where(possible, np.exp(logp), 0.0)
