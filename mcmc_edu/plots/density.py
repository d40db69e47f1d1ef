"""Contour plot of a density over two coordinates, with contours of known probability.

The contour "90 %" is the boundary of the highest-density region of probability 0.9.  This is the
smallest region with probability 0.9, {(x, y): p(x, y) >= c} for some c.  Probabilities are sums
over a grid, so they are relative to the probability within the limits.

Source: R. J. Hyndman (1996), Computing and graphing highest density regions, *The American
Statistician* 50, 120-126.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from .canvas import BLUE, axes_or_new, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

Limits = tuple[float, float]
LogDensity2D = Callable[[float, float], float]
Density = tuple[LogDensity2D | FloatArray, Limits, Limits]
"""The first three arguments of `density2d`."""

SHARES = (0.5, 0.9, 0.99)


def density2d(
    log_density: LogDensity2D | ArrayLike,
    xlim: Limits,
    ylim: Limits,
    ax: Axes | None = None,
    *,
    shares: Sequence[float] = SHARES,
    points: int = 201,
    names: tuple[str, str] = ("x", "y"),
) -> Axes:
    """Draw the highest-density regions of a density of two coordinates.

    Parameters
    ----------
    log_density
        Function of (x, y): the log density up to a constant; or its values, shape (y, x), on an
        evenly spaced grid from limit to limit.  NaN counts as -inf, outside the support.
    xlim, ylim
        (lower, upper); the region should hold nearly all of the probability.
    ax
        Axes to draw in; new ones if not given.
    shares
        Probabilities of the regions, each between 0 and 1.
    points
        Grid points per axis, where `log_density` is a function.
    names
        Names of the two coordinates, for the axes.
    """
    for limits, which in ((xlim, "xlim"), (ylim, "ylim")):
        if not (np.isfinite(limits).all() and limits[0] < limits[1]):
            raise ValueError(f"{which} is {limits}; it must be (lower, upper), both finite")
    grid = _grid(log_density, xlim, ylim, points)
    levels = region_levels(grid, shares) - 1e-9  # a plateau lies inside its own level
    ax = axes_or_new(ax)
    x, y = np.linspace(*xlim, grid.shape[1]), np.linspace(*ylim, grid.shape[0])
    grid = np.maximum(grid, levels.min() - 20.0)  # contours cannot be found beside -inf
    for level in np.unique(levels):
        ax.contourf(x, y, grid, levels=[level, 1.0], colors=[BLUE], alpha=0.11)
    text = {level: f"{100 * share:.4g} %" for level, share in zip(levels, shares, strict=True)}
    if grid.min() < levels.max():  # a flat density has no boundary to draw
        lines = ax.contour(
            x, y, grid, levels=np.unique(levels), colors=[BLUE], linewidths=0.7, linestyles="solid"
        )
        _name(ax, lines, text, xlim, ylim)
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    return tidy(ax, *names)


def region_levels(grid: FloatArray, shares: Sequence[float]) -> FloatArray:
    """Find the log density at the boundary of each highest-density region, shape (len(shares),).

    Parameters
    ----------
    grid
        Log density up to a constant at the points of a grid of equal cells, any shape.
    shares
        Probabilities, each between 0 and 1.
    """
    wanted = np.asarray(shares, dtype=float)
    if wanted.ndim != 1 or not wanted.size or not ((wanted > 0.0) & (wanted < 1.0)).all():
        raise ValueError(f"shares is {shares!r}; it must hold numbers between 0 and 1")
    descending = np.sort(grid, axis=None)[::-1]
    held = np.cumsum(np.exp(descending - descending[0]))
    return np.asarray(descending[np.searchsorted(held, wanted * held[-1])])


def _name(
    ax: Axes, lines: QuadContourSet, text: dict[float, str], xlim: Limits, ylim: Limits
) -> None:
    """Write the share once on each contour, with a halo to keep the text legible."""
    from matplotlib.patheffects import withStroke

    found = [np.concatenate(segments) for segments in lines.allsegs if segments]
    places = [_top(line, xlim, ylim) for line in found if len(line)]
    for label in ax.clabel(lines, fmt=text, fontsize=8, inline_spacing=3, manual=places):
        label.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _top(line: FloatArray, xlim: Limits, ylim: Limits) -> tuple[float, float]:
    """Return the highest point of a contour (n, 2), where a label lies flat.

    Points at the edge are avoided if possible.
    """
    inside = np.ones(len(line), dtype=bool)
    for values, (low, high) in zip(line.T, (xlim, ylim), strict=True):
        margin = 0.06 * (high - low)
        inside &= (values > low + margin) & (values < high - margin)
    candidates = line[inside] if inside.any() else line
    x, y = candidates[np.argmax(candidates[:, 1])]
    return float(x), float(y)


def _grid(
    log_density: LogDensity2D | ArrayLike, xlim: Limits, ylim: Limits, points: int
) -> FloatArray:
    """Return the log density on the grid, shape (y, x), with maximum 0 and -inf for NaN."""
    if callable(log_density):
        if points < 2:
            raise ValueError(f"points is {points}; it must be at least 2")
        x, y = np.linspace(*xlim, points), np.linspace(*ylim, points)
        grid = np.array([[float(log_density(float(u), float(v))) for u in x] for v in y])
    else:
        grid = np.array(log_density, dtype=float)
    if grid.ndim != 2 or min(grid.shape) < 2:
        raise ValueError(f"log_density has shape {grid.shape}; it must be (y, x), at least (2, 2)")
    grid[np.isnan(grid)] = -np.inf
    if not np.isfinite(grid.max()):
        raise ValueError(
            f"log_density reaches {grid.max()} on the grid; it must be finite somewhere and "
            "nowhere +inf"
        )
    return np.asarray(grid - grid.max())
