"""Observed data beside data sets that a model has made up: three pictures of a predictive check.

density     the distribution of y, each data set's a line; of counts, how often each occurs
ribbon      the mean of every group's rows, replicated ones as an interval
statistic   one number of each data set, the observed one marked
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from .canvas import BLACK, BLUE, SKY, VERMILION, axes_or_new, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARE = 0.9
"""Probability of the intervals."""
MOST_BARS = 40
"""More different counts than this are put together in bins."""
MOST_LABELS = 20
"""More groups than this are drawn, but only some are named."""


def predictive_density(
    y: ArrayLike,
    replicated: ArrayLike,
    ax: Axes | None = None,
    *,
    name: str = "",
    whole: bool = False,
) -> Axes:
    """Draw the distribution of the observed outcomes over those of replicated ones.

    Parameters
    ----------
    y
        Observed, shape (row,).
    replicated
        Shape (data set, row).
    ax
        Axes to draw in; new ones if not given.
    name
        The outcome, for the axis.
    whole
        Whether outcomes are counts: bars for the observed, intervals of 90 % for the replicated
        data sets.  Densities otherwise, smoothed by the same width for all.
    """
    observed, data_sets = _pair(y, replicated, "y")
    ax = axes_or_new(ax)
    draw = _counts if whole else _lines
    draw(observed, data_sets, ax)
    ax.set_ylim(bottom=0.0)
    legend_above(ax)
    return tidy(ax, name or "y", "share of rows" if whole else "density")


def _lines(observed: FloatArray, data_sets: FloatArray, ax: Axes) -> None:
    width = bandwidth(observed)
    # a heavy tail of few replicated values must not make a spike of all others
    ends = np.quantile(data_sets, [0.001, 0.999])
    low = min(float(observed.min()), float(ends[0])) - 3.0 * width
    high = max(float(observed.max()), float(ends[1])) + 3.0 * width
    for k, data_set in enumerate(data_sets):
        x, height = smooth(data_set, low, high, width)
        label = f"{len(data_sets)} replicated" if k == 0 else None
        ax.plot(x, height, color=SKY, linewidth=0.7, alpha=0.5, label=label)
    ax.plot(*smooth(observed, low, high, width), color=BLACK, linewidth=1.8, label="observed")
    ax.set_xlim(low, high)


def bandwidth(y: FloatArray) -> float:
    """Silverman's width of a normal kernel: 0.9 min(sd, interquartile range / 1.34) / n^(1/5)."""
    low, high = np.quantile(y, [0.25, 0.75])
    spreads = [s for s in (float(y.std()), float(high - low) / 1.34) if s > 0.0]
    return 0.9 * min(spreads, default=1.0) / float(y.size**0.2)


def smooth(
    values: FloatArray, low: float, high: float, width: float
) -> tuple[FloatArray, FloatArray]:
    """Kernel density estimate on a grid from low to high: values in fine bins, then convolved."""
    bins = int(min(4096, max(256, np.ceil(5.0 * (high - low) / width))))
    counts, edges = np.histogram(values, bins, (low, high))
    step = (high - low) / bins
    reach = min(int(np.ceil(4.0 * width / step)), bins // 2 - 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    height = np.convolve(counts, kernel / kernel.sum(), mode="same") / (values.size * step)
    return np.asarray(edges[:-1] + 0.5 * step), np.asarray(height)


def _counts(observed: FloatArray, data_sets: FloatArray, ax: Axes) -> None:
    edges = count_edges(observed, data_sets)
    middle, width = 0.5 * (edges[1:] + edges[:-1]), float(edges[1] - edges[0])
    shares = np.array([_shares(data_set, edges) for data_set in data_sets])
    low, half, high = np.quantile(shares, [0.5 - SHARE / 2, 0.5, 0.5 + SHARE / 2], axis=0)
    ax.bar(middle, _shares(observed, edges), 0.85 * width, color=SKY, alpha=0.6, label="observed")
    ax.errorbar(
        middle,
        half,
        [half - low, high - half],
        linestyle="none",
        marker="o",
        markersize=4.0,
        color=BLUE,
        linewidth=1.3,
        label=f"{len(data_sets)} replicated, 90 %",
    )
    ax.locator_params(axis="x", integer=True)


def count_edges(observed: FloatArray, data_sets: FloatArray) -> FloatArray:
    """Edges of bins of whole numbers, each a half below a number.

    The upper end leaves out what is beyond all observed and in under 1 % of the replicated rows.
    """
    low = min(observed.min(), data_sets.min())
    high = max(observed.max(), np.quantile(data_sets, 0.99))
    wide = int(np.ceil((high - low + 1.0) / MOST_BARS))
    return np.asarray(np.arange(low, high + wide + 0.5, wide) - 0.5)


def _shares(values: FloatArray, edges: FloatArray) -> FloatArray:
    return np.asarray(np.histogram(values, edges)[0] / values.size)


def predictive_ribbon(
    observed: ArrayLike,
    replicated: ArrayLike,
    levels: Sequence[str],
    ax: Axes | None = None,
    *,
    name: str = "",
    by: str = "",
) -> Axes:
    """Draw a number of every group over the interval that replicated data sets have there.

    Groups are put in the order of the observed numbers; those outside their interval are marked.

    Parameters
    ----------
    observed
        Shape (group,).
    replicated
        Shape (data set, group).
    levels
        Names of the groups.
    ax
        Axes to draw in; new ones if not given.
    name, by
        What the number is, and what the groups are, for the axes.
    """
    y, data_sets = _pair(observed, replicated, "observed")
    if len(levels) != y.size:
        raise ValueError(
            f"levels has {len(levels)} names; give one for each of the {y.size} groups"
        )
    ax = axes_or_new(ax)
    order = np.argsort(y, kind="stable")
    y, data_sets, x = y[order], data_sets[:, order], np.arange(y.size)
    low, half, high = np.quantile(data_sets, [0.5 - SHARE / 2, 0.5, 0.5 + SHARE / 2], axis=0)
    outside = (y < low) | (y > high)
    ax.vlines(x, low, high, color=SKY, linewidth=4.0, alpha=0.6, label="replicated, 90 %")
    ax.plot(x, half, linestyle="none", marker="_", color=BLUE, markersize=7.0, label="median")
    _points(ax, x[~outside], y[~outside], BLACK, "observed")
    _points(ax, x[outside], y[outside], VERMILION, f"outside ({outside.sum()} of {y.size})")
    shown = x[:: -(-y.size // MOST_LABELS)]
    names = [levels[int(order[i])] for i in shown]
    ax.set_xticks(shown, names, rotation=90 if sum(map(len, names)) > 60 else 0)
    legend_above(ax)
    return tidy(ax, by or "group", name or "mean")


def _points(ax: Axes, x: FloatArray, y: FloatArray, color: str, label: str) -> None:
    if y.size:
        ax.plot(x, y, linestyle="none", marker="o", markersize=5.0, color=color, label=label)


def predictive_statistic(
    observed: float, replicated: ArrayLike, ax: Axes | None = None, *, name: str = ""
) -> Axes:
    """Draw the distribution of a number over replicated data sets, and the observed one.

    Parameters
    ----------
    observed
        Of the data.
    replicated
        Of each data set, shape (data set,).
    ax
        Axes to draw in; new ones if not given.
    name
        What the number is.
    """
    values = np.asarray(replicated, dtype=float)
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ValueError(
            f"replicated has shape {values.shape}; it must be (data set,), and its values finite"
        )
    ax = axes_or_new(ax)
    ax.hist(values, bins="auto" if np.unique(values).size > 30 else 20, color=SKY, alpha=0.7)
    ax.axvline(observed, color=BLACK, linewidth=1.8, label="observed")
    above = np.mean(values >= observed)
    ax.set_title(f"P(replicated ≥ observed) = {above:.2f}", fontsize=11, loc="left")
    legend_above(ax)
    return tidy(ax, name or "statistic", "data sets")


def _pair(one: ArrayLike, many: ArrayLike, name: str) -> tuple[FloatArray, FloatArray]:
    """Observed numbers (n,) and replicated ones (data set, n), or a ValueError."""
    y, data_sets = np.asarray(one, dtype=float), np.asarray(many, dtype=float)
    if y.ndim != 1 or not y.size or data_sets.ndim != 2 or data_sets.shape[1:] != y.shape:
        raise ValueError(
            f"{name} has shape {y.shape} and replicated {data_sets.shape}; "
            "they must be (n,) and (data set, n)"
        )
    if not data_sets.shape[0]:
        raise ValueError("replicated has no data set; give at least one")
    return y, data_sets
