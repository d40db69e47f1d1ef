"""Scatter plots of pairs of quantities, with divergent transitions on top.

Divergent transitions that gather in one place, such as the neck of a funnel, show where the
posterior is too curved for the step size.  Randomly scattered ones are less informative.

Source: M. Betancourt, M. Girolami (2015), Hamiltonian Monte Carlo for hierarchical models, in
*Current Trends in Bayesian Methodology with Applications*, CRC Press; arXiv:1312.0906.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray
from .canvas import BLUE, LESSON_SIZE, SMALL, VERMILION, chains, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    AxesGrid = NDArray[Any]

MOST = 6
"""More quantities than this cannot be read in one figure."""


def pairs(
    quantities: Mapping[str, ArrayLike],
    divergent: ArrayLike | None = None,
    axes: Axes | AxesGrid | None = None,
) -> AxesGrid:
    """Draw each of 2 to 6 quantities against each other, with histograms on the diagonal.

    Two quantities take one panel: the first along x, the second along y.  More quantities take a
    square of panels, and use its lower triangle.

    Parameters
    ----------
    quantities
        Name to draws, shape (chain, draw), the same for all; a draw that is not finite is left
        out of its panels.
    divergent
        Marks of divergent transitions, bool, shape (chain, draw).
    axes
        Axes to draw in, for two quantities, or an array (k, k) of them for k; new ones if not
        given.

    Returns
    -------
    Array of axes, shape (1, 1) for two quantities, else (k, k) with the unused ones invisible.
    """
    columns = _columns(quantities)
    marked = _marked(quantities, divergent)
    k = 1 if len(columns) == 2 else len(columns)
    grid = _grid(axes, k)
    names = list(columns)
    for row in range(k):
        for column in range(k):
            ax = grid[row, column]
            if k == 1:
                _scatter(ax, columns[names[0]], columns[names[1]], marked)
                tidy(ax, *names)
            elif column > row:
                ax.set_visible(False)
            else:
                _panel(ax, columns, names[column], names[row], marked)
                _label_outer(ax, names, row, column)
    _legend(grid, marked)
    grid[0, 0].figure.align_ylabels(grid[:, 0])
    return grid


def _panel(ax: Axes, columns: dict[str, FloatArray], x: str, y: str, marked: NDArray[Any]) -> None:
    """Draw the histogram or scatter plot of one panel, with the limits of its quantities."""
    if x == y:
        ax.hist(columns[x][np.isfinite(columns[x])], 30, color=BLUE, alpha=0.55)
    else:
        _scatter(ax, columns[x], columns[y], marked)
        ax.set_ylim(*_limits(columns[y]))
    ax.set_xlim(*_limits(columns[x]))


def _scatter(ax: Axes, x: FloatArray, y: FloatArray, marked: NDArray[Any]) -> None:
    alpha = float(np.clip(20.0 / np.sqrt(x.size), 0.15, 0.8))  # many points, faint points
    ax.plot(
        x[~marked],
        y[~marked],
        linestyle="none",
        marker="o",
        markersize=2.5,
        color=BLUE,
        alpha=alpha,
        markeredgewidth=0,
        label="draws",
        rasterized=True,
    )
    if marked.any():
        ax.plot(
            x[marked],
            y[marked],
            linestyle="none",
            marker="o",
            markersize=4.5,
            color=VERMILION,
            markeredgecolor="white",
            markeredgewidth=0.4,
            label=f"divergent: {marked.sum()}",
            zorder=5,
        )


def _label_outer(ax: Axes, names: list[str], row: int, column: int) -> None:
    """Label the left and the bottom panels; the heights of histograms get no labels."""
    tidy(ax, names[column] if row == len(names) - 1 else "", names[row] if column == 0 else "")
    ax.tick_params(
        labelbottom=row == len(names) - 1, labelleft=column == 0 and row > 0, labelsize=8
    )
    ax.locator_params(nbins=4)
    if row == column:
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)


def _legend(grid: AxesGrid, marked: NDArray[Any]) -> None:
    """Add the legend beside a single panel, or beside the first histogram of a square."""
    if not marked.any():
        return
    handles, labels = grid[-1, 0].get_legend_handles_labels()
    legend = grid[0, 0].legend(
        handles,
        labels,
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        fontsize=SMALL,
        markerscale=1.6,
        handletextpad=0.2,
    )
    for handle in legend.legend_handles:
        if handle is not None:
            handle.set_alpha(1.0)
    legend.set_in_layout(len(grid) == 1)  # in a square it lies in room that is there anyway


def _limits(values: FloatArray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    margin = 0.05 * float(np.ptp(finite)) or 0.5
    return float(finite.min()) - margin, float(finite.max()) + margin


def _columns(quantities: Mapping[str, ArrayLike]) -> dict[str, FloatArray]:
    """Check the draws of each quantity, and flatten them."""
    if not 2 <= len(quantities) <= MOST:
        raise ValueError(f"quantities holds {len(quantities)}; it must hold 2 to {MOST}, by name")
    columns = {name: chains(x, f"quantities[{name!r}]") for name, x in quantities.items()}
    shapes = {name: x.shape for name, x in columns.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"quantities have shapes {shapes}; all must have the same (chain, draw)")
    return {name: x.ravel() for name, x in columns.items()}


def _marked(quantities: Mapping[str, ArrayLike], divergent: ArrayLike | None) -> NDArray[Any]:
    shape = np.shape(next(iter(quantities.values())))
    if divergent is None:
        return np.zeros(shape, dtype=bool).ravel()
    marked = np.asarray(divergent)
    if marked.shape != shape or marked.dtype != bool:
        raise ValueError(
            f"divergent has shape {marked.shape} and dtype {marked.dtype}; it must be {shape}, "
            "as the quantities are, and bool"
        )
    return marked.ravel()


def _grid(axes: Axes | AxesGrid | None, k: int) -> AxesGrid:
    """Return the given axes as an array (k, k), or the axes of a new figure."""
    if axes is None:
        import matplotlib.pyplot as plt

        size = LESSON_SIZE if k == 1 else (8.5, max(4.0, 1.4 * k + 0.4))
        return plt.subplots(k, k, figsize=size, squeeze=False, layout="constrained")[1]
    grid = np.array(axes, dtype=object)
    grid = grid.reshape(1, 1) if grid.size == 1 else grid
    if grid.shape != (k, k):
        raise ValueError(f"axes has shape {grid.shape}; for these quantities it must be {(k, k)}")
    return grid
