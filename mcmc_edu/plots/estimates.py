"""Estimates with what is not known of them, and how they move when groups are pooled.

    intervals           an interval of 50 % and one of 90 % for each quantity, and its median
    shrinkage_arrows    from every group's own estimate to the pooled one, over the population

The ellipses hold 50 % and 90 % of a normal population: x' C^-1 x <= -2 log(1 - share).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from .canvas import BLACK, BLUE, SMALL, VERMILION, axes_or_new, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARES = (0.5, 0.9)
WIDTHS = {0.9: 1.2, 0.5: 4.0}
"""Of the lines of the intervals."""


def intervals(
    draws: ArrayLike | Mapping[str, ArrayLike],
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
    *,
    name: str = "",
    reference: float | None = None,
) -> Axes:
    """Draw the median of each quantity, and its intervals of 50 % and 90 %.

    Parameters
    ----------
    draws
        Shape (chain, draw, quantity); or draws of any shape by the quantity's name.
    names
        Of the quantities, top to bottom; of a mapping, those to draw.
    ax
        Axes to draw in; new ones if not given.
    name
        What the values are, for the axis.
    reference
        Where to draw a line across, such as 0.
    """
    labels, columns = _columns(draws, names)
    ax = axes_or_new(ax)
    for i, x in enumerate(columns):
        for share, width in WIDTHS.items():
            low, high = np.quantile(x, [0.5 - share / 2, 0.5 + share / 2])
            label = f"{share:.0%}".replace("%", " %") if i == 0 else None
            ax.plot([low, high], [i, i], color=BLUE, linewidth=width, label=label)
        label = "median" if i == 0 else None
        ax.plot(
            [np.median(x)],
            [i],
            linestyle="none",
            marker="o",
            markersize=5.0,
            color="white",
            markeredgecolor=BLUE,
            label=label,
        )
    if reference is not None:
        ax.axvline(reference, color="0.5", linewidth=0.8, zorder=0)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)), labels)
    legend_above(ax)
    legend = ax.get_legend()
    for line, width in zip(legend.get_lines() if legend else (), WIDTHS.values(), strict=False):
        line.set_linewidth(width)
    return tidy(ax, name or "value", "quantity")


def _columns(
    draws: ArrayLike | Mapping[str, ArrayLike], names: Sequence[str] | None
) -> tuple[list[str], list[FloatArray]]:
    """Labels, and the draws of each as a flat array."""
    if isinstance(draws, Mapping):
        labels = list(draws) if names is None else list(names)
        columns = [np.asarray(draws[label], dtype=float).ravel() for label in labels]
    else:
        x = np.asarray(draws, dtype=float)
        if x.ndim != 3 or (names is not None and len(names) != x.shape[2]):
            given = "none" if names is None else len(names)
            raise ValueError(
                f"draws has shape {x.shape} and names {given}; they must be "
                "(chain, draw, quantity), or a mapping, and a name for each quantity"
            )
        labels = [str(k) for k in range(x.shape[2])] if names is None else list(names)
        columns = [x[:, :, k].ravel() for k in range(x.shape[2])]
    if not labels or not all(column.size for column in columns):
        raise ValueError("draws holds nothing to draw; give at least one draw of one quantity")
    return labels, columns


def shrinkage_arrows(
    apart: ArrayLike,
    pooled: ArrayLike,
    mean: ArrayLike,
    covariance: ArrayLike,
    ax: Axes | None = None,
    *,
    levels: Sequence[str] | None = None,
    names: tuple[str, str] = ("intercept", "slope"),
) -> Axes:
    """Draw how pooling moves every group's two coefficients, over the population's ellipses.

    Parameters
    ----------
    apart
        Estimates of each group on its own, shape (group, 2).
    pooled
        Estimates by partial pooling, shape (group, 2).
    mean, covariance
        Of the population, shapes (2,) and (2, 2).
    ax
        Axes to draw in; new ones if not given.
    levels
        Names of the groups, to be written beside the arrows' tails.
    names
        Of the two coefficients, for the axes.
    """
    start, end = np.asarray(apart, dtype=float), np.asarray(pooled, dtype=float)
    if start.ndim != 2 or start.shape[1] != 2 or start.shape != end.shape:
        raise ValueError(
            f"apart has shape {start.shape} and pooled {end.shape}; both must be (group, 2)"
        )
    ax = axes_or_new(ax)
    for share in SHARES:
        outline = ellipse(mean, covariance, share)
        label = f"population, {100 * share:.0f} %"
        style = "-" if share == SHARES[0] else "--"
        ax.plot(*outline.T, color="0.45", linewidth=1.0, linestyle=style, label=label, zorder=1)
    for a, b in zip(start, end, strict=True):
        arrow = {"arrowstyle": "->", "color": "0.55", "linewidth": 0.9, "shrinkA": 2, "shrinkB": 2}
        ax.annotate("", xy=(b[0], b[1]), xytext=(a[0], a[1]), arrowprops=arrow, zorder=2)
    _markers(ax, start, VERMILION, "white", "no pooling")
    _markers(ax, end, BLUE, BLUE, "partial pooling")
    center = np.asarray(mean, dtype=float)
    ax.plot(*center, marker="+", markersize=11, color=BLACK, linestyle="none", label="mean")
    for label, a in zip(levels or (), start, strict=bool(levels)):
        ax.annotate(
            label, (a[0], a[1]), xytext=(4, 4), textcoords="offset points", fontsize=SMALL - 1
        )
    legend_above(ax)
    return tidy(ax, *names)


def _markers(ax: Axes, at: FloatArray, edge: str, face: str, label: str) -> None:
    ax.plot(
        *at.T,
        linestyle="none",
        marker="o",
        markersize=4.5,
        markerfacecolor=face,
        markeredgecolor=edge,
        label=label,
        zorder=3,
    )


def ellipse(mean: ArrayLike, covariance: ArrayLike, share: float, points: int = 181) -> FloatArray:
    """Outline of the region that holds `share` of a normal distribution, shape (points, 2).

    Of a singular covariance it is flat.
    """
    values, vectors = np.linalg.eigh(np.asarray(covariance, dtype=float))
    root = vectors * np.sqrt(np.maximum(values, 0.0) * -2.0 * np.log1p(-share))
    angle = np.linspace(0.0, 2.0 * np.pi, points)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(np.asarray(mean, dtype=float) + circle @ root.T)
