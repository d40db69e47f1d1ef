"""Whether to trust a set of chains: R-hat and effective sample size.

Every function takes the draws of one quantity, shape (chain, draw), and returns a number: NaN if
a draw is not finite or all draws are equal, where nothing can be said.

    R-hat      do the chains agree?  sqrt(variance estimated from all chains together / variance
               within a chain); above 1.01 they do not
    ESS        how many independent draws are these worth?  M N / tau, with tau the
               autocorrelation time; below 100 a chain it is itself not known well

Both are computed on split chains, so that a drift within one chain shows, and on ranks, so that
they exist for distributions without a variance.

Source: A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner (2021), Rank-normalization,
folding, and localization: an improved R-hat, *Bayesian Analysis* 16, 667-718.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from .compiling import FloatArray

Number = TypeVar("Number", np.float64, np.bool_)

RHAT_LIMIT = 1.01
"""Chains with a larger R-hat do not agree (Vehtari et al. 2021)."""
ESS_PER_CHAIN = 100
"""Effective draws that each chain should contribute, 400 from four (Vehtari et al. 2021)."""

MIN_DRAWS = 4  # the halves of a shorter chain have no variance


def _of_draws(diagnostic: Callable[[FloatArray], float]) -> Callable[[ArrayLike], float]:
    """Check the draws before, and say NaN where they cannot tell anything."""

    @wraps(diagnostic)
    def checked(draws: ArrayLike) -> float:
        x = np.asarray(draws, dtype=float)
        if x.ndim != 2 or x.shape[1] < MIN_DRAWS:
            raise ValueError(
                f"draws has shape {x.shape}; it must be (chain, draw) with at least {MIN_DRAWS} "
                "draws; one chain is draws[np.newaxis, :]"
            )
        if not np.isfinite(x).all() or (x == x.flat[0]).all():
            return float("nan")
        return float(diagnostic(x))

    return checked


@_of_draws
def rhat(draws: FloatArray) -> float:
    """Rank-normalised split R-hat: the larger of those for location (bulk) and spread (folded).

    Parameters
    ----------
    draws
        Shape (chain, draw).  A single chain is compared with itself, first half with second.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> round(rhat(rng.normal(size=(4, 1000))), 3)
    1.002
    """
    folded = np.abs(draws - np.median(draws))
    return float(np.nanmax([basic_rhat(rank_normalize(split(x))) for x in (draws, folded)]))


@_of_draws
def ess_bulk(draws: FloatArray) -> float:
    """Effective sample size for location: of the rank-normalised draws, shape (chain, draw)."""
    return ess(rank_normalize(split(draws)))


@_of_draws
def ess_tail(draws: FloatArray) -> float:
    """Effective sample size in the tails: the smaller of those of the 5 % and 95 % quantiles."""
    return float(np.min([ess(split(draws <= np.quantile(draws, q))) for q in (0.05, 0.95)]))


def split(draws: NDArray[Number]) -> NDArray[Number]:
    """Halve the chains: (chain, draw) to (2 chain, draw // 2); the middle of an odd number goes."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def rank_normalize(draws: FloatArray) -> FloatArray:
    """Replace each draw by the normal quantile of its rank among all draws; ties share a rank."""
    _, which, counts = np.unique(draws, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(ndtri((ranks[which] - 0.375) / (draws.size + 0.25))).reshape(draws.shape)


def basic_rhat(chains: FloatArray) -> float:
    """R-hat of chains as they are: sqrt((B / W + N - 1) / N) with N draws in a chain."""
    n = chains.shape[1]
    between = n * chains.mean(axis=1).var(ddof=1)
    within = chains.var(axis=1, ddof=1).mean()
    if within == 0.0:
        return float("inf") if between > 0.0 else float("nan")
    return float(np.sqrt((between / within + n - 1) / n))


def ess(chains: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    """Effective sample size of chains as they are, by Geyer's initial monotone sequence.

    Autocorrelations are summed in pairs, which cannot be negative for a reversible chain, up to
    the first pair that is, and never let grow again.  Antithetic chains can have more effective
    draws than draws; the gain is capped at a factor log10(number of draws).
    """
    m, n = chains.shape
    if n < 6:  # not one pair of lags to judge by
        return float("nan")
    acov = autocovariance(chains).mean(axis=0)
    within = acov[0] * n / (n - 1)
    total = acov[0] + (chains.mean(axis=1).var(ddof=1) if m > 1 else 0.0)
    if total == 0.0:
        return float("nan")
    rho = 1.0 - (within - acov) / total
    rho[0] = 1.0
    pairs = [rho[0] + rho[1]]
    lag = 2
    while lag < n - 5 and rho[lag] + rho[lag + 1] > 0.0:
        pairs.append(min(rho[lag] + rho[lag + 1], pairs[-1]))
        lag += 2
    beyond = max(rho[lag], 0.0)  # half a pair: the last positive correlation
    tau = -1.0 + 2.0 * sum(pairs) + beyond
    return float(m * n / max(tau, 1.0 / np.log10(m * n)))


def autocovariance(chains: NDArray[np.float64] | NDArray[np.bool_]) -> FloatArray:
    """Autocovariance of each chain at every lag, divided by the number of draws; by FFT."""
    n = chains.shape[1]
    spectrum = np.fft.rfft(chains - chains.mean(axis=1, keepdims=True), 2 * n, axis=1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, 2 * n, axis=1)[:, :n] / n)
