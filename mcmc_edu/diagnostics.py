"""Whether to trust a set of chains: R-hat, effective sample size, Monte Carlo error.

Every function but the last takes the draws of one quantity, shape (chain, draw), and returns a
number: NaN if a draw is not finite or all draws are equal, where nothing can be said.

    R-hat      do the chains agree?  sqrt(variance estimated from all chains together / variance
               within a chain); above 1.01 they do not
    ESS        how many independent draws are these worth?  M N / tau, with tau the
               autocorrelation time; below 100 a chain it is itself not known well
    MCSE       standard error of an estimate from these draws, sd / sqrt(ESS) for the mean
    E-BFMI     can a Hamiltonian sampler change its energy?  Below 0.3 a chain hardly can

R-hat and ESS are computed on split chains, so that a drift within one chain shows; R-hat and the
bulk ESS on ranks, so that they exist for distributions without a variance.

Source: A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner (2021), Rank-normalization,
folding, and localization: an improved R-hat, *Bayesian Analysis* 16, 667-718.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtr, ndtri

from .compiling import FloatArray

Options = ParamSpec("Options")
Number = TypeVar("Number", np.float64, np.bool_)

RHAT_LIMIT = 1.01
"""Chains with a larger R-hat do not agree (Vehtari et al. 2021)."""
ESS_PER_CHAIN = 100
"""Effective draws that each chain should contribute, 400 from four (Vehtari et al. 2021)."""
EBFMI_LIMIT = 0.3
"""A chain with a smaller E-BFMI moves too slowly through its energies (Betancourt 2016)."""

MIN_DRAWS = 4  # the halves of a shorter chain have no variance


def _chains(draws: ArrayLike, argument: str) -> FloatArray:
    """Return the draws as an array (chain, draw) that is long enough."""
    try:
        x = np.asarray(draws, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"{argument} is {type(draws).__name__}; it must be numbers, shape (chain, draw)"
        ) from None
    if x.ndim != 2 or x.shape[0] == 0 or x.shape[1] < MIN_DRAWS:
        raise ValueError(
            f"{argument} has shape {x.shape}; it must be (chain, draw) with at least {MIN_DRAWS} "
            f"draws; one chain is {argument}[np.newaxis, :]"
        )
    return x


def _of_draws(
    diagnostic: Callable[Concatenate[FloatArray, Options], float],
) -> Callable[Concatenate[ArrayLike, Options], float]:
    """Check the draws before, and say NaN where they cannot tell anything."""

    @wraps(diagnostic)
    def checked(draws: ArrayLike, *args: Options.args, **kwargs: Options.kwargs) -> float:
        x = _chains(draws, "draws")
        if not np.isfinite(x).all() or (x == x.flat[0]).all():
            return float("nan")
        with np.errstate(over="ignore", invalid="ignore"):  # squares of huge draws: NaN as well
            return float(diagnostic(x, *args, **kwargs))

    return checked  # type: ignore[return-value]  # mypy cannot tell that no option is called draws


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
    return float(np.fmax.reduce([basic_rhat(rank_normalize(split(x))) for x in (draws, folded)]))


@_of_draws
def ess_bulk(draws: FloatArray) -> float:
    """Effective sample size for location: of the rank-normalised draws, shape (chain, draw)."""
    return ess(rank_normalize(split(draws)))


@_of_draws
def ess_tail(draws: FloatArray) -> float:
    """Effective sample size in the tails: the smaller of those of the 5 % and 95 % quantiles."""
    return float(np.min([ess(split(draws <= x)) for x in np.quantile(draws, (0.05, 0.95))]))


@_of_draws
def ess_mean(draws: FloatArray) -> float:
    """Effective sample size for the mean: of the draws as they are, shape (chain, draw)."""
    return ess(split(draws))


@_of_draws
def ess_sd(draws: FloatArray) -> float:
    """Effective sample size for the standard deviation: of the squared deviations."""
    return ess(split((draws - draws.mean()) ** 2))


@_of_draws
def ess_quantile(draws: FloatArray, q: float) -> float:
    """Effective sample size for the quantile of probability `q`: of "the draw is below it"."""
    return ess(split(draws <= np.quantile(draws, _probability(q))))


@_of_draws
def mcse_mean(draws: FloatArray) -> float:
    """Monte Carlo standard error of the mean, in units of the draws: sd / sqrt(ESS)."""
    return float(draws.std(ddof=1) / np.sqrt(ess_mean(draws)))


@_of_draws
def mcse_sd(draws: FloatArray) -> float:
    """Monte Carlo standard error of the standard deviation.

    With s2 the mean of c = (x - mean)^2, the variance of s2 is var(c) / ESS(c), and of its root
    that over (2 sd)^2 (delta method).
    """
    c = (draws - draws.mean()) ** 2
    return float(np.sqrt(c.var() / ess_sd(draws) / (4.0 * c.mean())))


@_of_draws
def mcse_quantile(draws: FloatArray, q: float) -> float:
    """Monte Carlo standard error of the quantile of probability `q`.

    Of ESS independent draws, the share below the quantile follows a beta distribution: half the
    way between the draws at its 16 % and 84 % points, one standard deviation to either side.
    """
    effective, n = ess_quantile(draws, q), draws.size
    if np.isnan(effective):
        return float("nan")
    low, high = betaincinv(effective * q + 1.0, effective * (1.0 - q) + 1.0, ndtr([-1.0, 1.0])) * n
    ordered = np.sort(draws, axis=None)
    return float(ordered[int(np.ceil(high)) - 1] - ordered[max(int(low), 1) - 1]) / 2.0


def ebfmi(energy: ArrayLike) -> FloatArray:
    """Energy Bayesian fraction of missing information: sum of squared steps / N / variance.

    Parameters
    ----------
    energy
        Hamiltonian at each draw, shape (chain, draw).

    Returns
    -------
    array
        Shape (chain,); NaN for a chain whose energies are not finite or all equal.

    Notes
    -----
    Momenta are drawn afresh for every trajectory; this is the share of the energies' spread that
    a fresh draw crosses.  M. Betancourt (2016), arXiv:1604.00695.
    """
    e = _chains(energy, "energy")
    with np.errstate(all="ignore"):
        steps = np.square(np.diff(e, axis=1)).sum(axis=1) / e.shape[1]
        return np.where(np.ptp(e, axis=1) > 0.0, steps / e.var(axis=1, ddof=1), np.nan)


def _probability(q: float) -> float:
    if np.ndim(q) or not 0.0 < q < 1.0:
        raise ValueError(f"q is {q!r}; it must be between 0 and 1, 0.5 for the median")
    return q


def split(draws: NDArray[Number]) -> NDArray[Number]:
    """Halve the chains: (chain, draw) to (2 chain, draw // 2); the middle of an odd number goes."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def rank_normalize(draws: FloatArray) -> FloatArray:
    """Replace each draw by the normal quantile of its rank among all draws; ties share a rank."""
    order = np.argsort(draws, axis=None)
    ordered = draws.ravel()[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    counts = np.diff(first, append=draws.size)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    normal = np.empty(draws.size)
    normal[order] = np.repeat(_normal_scores(draws.size)[(2.0 * ranks).astype(int) - 2], counts)
    return normal.reshape(draws.shape)


@lru_cache(maxsize=1)  # every quantity of a summary has the same ranks
def _normal_scores(n: int) -> FloatArray:
    """Compute the normal quantiles of the ranks 1, 1.5, 2, ..., n of n draws."""
    return np.asarray(ndtri((np.arange(2, 2 * n + 1) / 2 - 0.375) / (n + 0.25)))


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
    acov = _autocovariance(_power(chains).mean(axis=0), n)  # the mean of the chains'
    within = acov[0] * n / (n - 1)
    total = acov[0] + (chains.mean(axis=1).var(ddof=1) if m > 1 else 0.0)
    if total == 0.0:
        return float("nan")
    rho = (1.0 - (within - acov) / total).tolist()  # a list is faster to walk along
    pairs = [1.0 + rho[1]]
    lag = 2
    while lag < n - 5 and rho[lag] + rho[lag + 1] > 0.0:
        pairs.append(min(rho[lag] + rho[lag + 1], pairs[-1]))
        lag += 2
    beyond = max(rho[lag], 0.0)  # half a pair: the last positive correlation
    tau = -1.0 + 2.0 * sum(pairs) + beyond
    return float(m * n / max(tau, 1.0 / np.log10(m * n)))


def autocovariance(chains: NDArray[np.float64] | NDArray[np.bool_]) -> FloatArray:
    """Autocovariance of each chain at every lag, divided by the number of draws; by FFT."""
    return _autocovariance(_power(chains), chains.shape[1])


def _power(chains: NDArray[np.float64] | NDArray[np.bool_]) -> FloatArray:
    """Squared spectrum of each chain about its mean.

    Zeros behind the chain keep its end from meeting its beginning; a power of two is fast.
    """
    length = 1 << (2 * chains.shape[1] - 1).bit_length()
    spectrum = np.fft.rfft(chains - chains.mean(axis=1, keepdims=True), length, axis=1)
    return np.asarray(spectrum.real * spectrum.real + spectrum.imag * spectrum.imag)


def _autocovariance(power: FloatArray, n: int) -> FloatArray:
    """Compute the first n lags; they are linear in `power`, so averaging may come before."""
    return np.asarray(np.fft.irfft(power, axis=-1)[..., :n] / n)
