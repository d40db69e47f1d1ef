"""Three pictures of how the chains of one quantity went: trace, ranks, autocorrelation.

    trace            the draws in time; sound chains look like one band of noise
    rank             where each chain's draws rank among those of all: uniform if the chains agree
    autocorrelation  how long a chain remembers: rho_k = acov_k / acov_0

Source of the rank picture: A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Bürkner (2021),
*Bayesian Analysis* 16, 667-718, section 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from ..diagnostics import autocovariance
from .canvas import axes_or_new, chain_color, chains, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND = 0.99
"""Probability of the grey bands."""


def trace(
    draws: ArrayLike, ax: Axes | None = None, *, name: str = "", truth: float | None = None
) -> Axes:
    """Draw every chain against time.

    Parameters
    ----------
    draws
        Shape (chain, draw), one quantity; a draw that is not finite leaves a gap.
    ax
        Axes to draw in; new ones if not given.
    name
        The quantity, for the axis.
    truth
        The value the draws were to recover, if it is known.
    """
    x = chains(draws, "draws")
    ax = axes_or_new(ax)
    for k, chain in enumerate(x):
        ax.plot(chain, color=chain_color(k), linewidth=0.7, alpha=0.8, label=f"chain {k}")
    if truth is not None:
        ax.axhline(truth, color="black", linewidth=1.2, linestyle="--", label="truth")
    ax.set_xlim(0, x.shape[1] - 1)
    legend_above(ax)
    return tidy(ax, "draw", name or "value")


def rank(draws: ArrayLike, ax: Axes | None = None, *, name: str = "", bins: int = 20) -> Axes:
    """Draw, for each chain, the histogram of its draws' ranks among the draws of all chains.

    Chains of one distribution have uniform ranks.  A chain that slopes lies elsewhere; one shaped
    like a cup is wider than the others, one like a cap narrower.

    The band is simultaneous: it holds every bar of every chain in at least 99 % of runs in which
    all draws are independent draws of one distribution (Bonferroni on the hypergeometric
    distribution of each count).  Draws that depend on each other cluster in ranks too and leave
    it more easily, so thin the chains by their autocorrelation time first.

    Parameters
    ----------
    draws
        Shape (chain, draw), one quantity, at least two chains: alone, any chain is uniform.
        Equal draws share the average of their ranks.
    ax
        Axes to draw in; new ones if not given.
    name
        The quantity, for the axis.
    bins
        Number of bars, from 2 to the number of draws of a chain.
    """
    x = chains(draws, "draws", least=2, why=" to compare")
    if np.isnan(x).any():
        raise ValueError(f"draws holds {np.isnan(x).sum()} NaN, which have no rank; drop them")
    if not 2 <= bins <= x.shape[1]:
        raise ValueError(f"bins is {bins}; it must be from 2 to the {x.shape[1]} draws of a chain")
    ax = axes_or_new(ax)
    edges = np.linspace(0.5, x.size + 0.5, bins + 1)
    low, high = rank_band(x.shape[0], x.shape[1], bins)
    ax.axhspan(low, high, color="0.92", zorder=0, label=f"{BAND:.0%} band".replace("%", " %"))
    ax.axhline(x.shape[1] / bins, color="0.5", linewidth=0.8, zorder=1)
    for k, of_chain in enumerate(ranks(x)):
        counts = np.histogram(of_chain, edges)[0]
        ax.stairs(
            counts, edges, baseline=None, color=chain_color(k), linewidth=1.4, label=f"chain {k}"
        )
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(bottom=0)
    legend_above(ax)
    return tidy(ax, f"rank of {name} among all draws" if name else "rank among all draws", "draws")


def ranks(draws: FloatArray) -> FloatArray:
    """Rank of each draw among all, from 1; equal draws share the average of theirs."""
    _, which, counts = np.unique(draws, return_inverse=True, return_counts=True)
    average = np.cumsum(counts) - (counts - 1) / 2
    return np.asarray(average[which]).reshape(draws.shape)


def rank_band(m: int, n: int, bins: int) -> tuple[float, float]:
    """Least and greatest count of a bar, if m chains of n draws agree: see `rank`.

    A chain's n ranks are a sample, without replacement, of the m n ranks there are, of which
    m n / bins fall into each bin, rounded down or up.  Two tails for each of the m bins counts.
    """
    from scipy.stats import hypergeom

    tail = (1.0 - BAND) / (2 * m * bins)
    low = hypergeom.ppf(tail, m * n, m * n // bins, n)
    return float(low), float(hypergeom.isf(tail, m * n, -(-m * n // bins), n))


def autocorrelation(
    draws: ArrayLike, ax: Axes | None = None, *, name: str = "", max_lag: int | None = None
) -> Axes:
    """Draw the autocorrelation of every chain at lags 0, ..., `max_lag`.

    The band holds, at each lag on its own, 99 % of the estimates from independent draws:
    +- 2.58 / sqrt(draws).

    Parameters
    ----------
    draws
        Shape (chain, draw), one quantity.  A chain that never moves, or is not finite, has no
        autocorrelation and is named in the legend only.
    ax
        Axes to draw in; new ones if not given.
    name
        The quantity, for the axis.
    max_lag
        Last lag, less than the number of draws; 50, or all there are, if not given.
    """
    from scipy.special import ndtri

    x = chains(draws, "draws")
    n = x.shape[1]
    last = min(50, n - 1) if max_lag is None else max_lag
    if not 1 <= last < n:
        raise ValueError(f"max_lag is {max_lag}; it must be from 1 to {n - 1} for {n} draws")
    ax = axes_or_new(ax)
    half = float(ndtri(0.5 + BAND / 2)) / n**0.5
    ax.axhspan(-half, half, color="0.92", zorder=0, label="independent draws")
    ax.axhline(0.0, color="0.5", linewidth=0.8, zorder=1)
    for k, chain in enumerate(x):
        known = np.isfinite(chain).all() and (chain != chain[0]).any()
        covariance = autocovariance(chain[np.newaxis])[0, : last + 1] if known else np.ones(0)
        ax.plot(
            covariance / covariance[:1],
            color=chain_color(k),
            linewidth=1.2,
            marker=".",
            markersize=4,
            label=f"chain {k}" if known else f"chain {k}: none",
        )
    ax.set_xlim(0, last)
    legend_above(ax)
    return tidy(ax, "lag", f"autocorrelation of {name}" if name else "autocorrelation")
