"""Replicated data sets along a predictor: bands of 50 % and 90 %, with the data as points.

There is one panel, or one panel for each group.  Panels are the `child_axes` of the returned axes.

Source: J. Gabry, T. Mahr, *bayesplot*, `ppc_ribbon_grouped`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray
from .canvas import BLACK, BLUE, LESSON_SIZE, SKY, SMALL, VERMILION, axes_or_new, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_PLACES, BINS = 40, 20
"""More places than this on the axis of a panel are put together into bins of as many rows."""
MOST_PANELS = 42
"""Largest number of panels that are still readable."""
PANEL_HEIGHT = 1.35
"""Height of a row of panels, in inches."""


def predictive_along(
    x: ArrayLike,
    y: ArrayLike,
    replicated: ArrayLike,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
    *,
    name: str = "",
    along: str = "",
    by: str = "",
) -> Axes:
    """Draw observed outcomes over intervals of replicated data sets along a predictor.

    Rows at the same place of a panel share an interval.  Outcomes outside the 90 % interval are
    marked.

    Parameters
    ----------
    x, y
        Predictor and outcome, shape (row,).
    replicated
        Shape (data set, row).
    groups
        Group of each row, for a panel each, in the order in which they first occur; one panel if
        None.
    ax
        Axes to draw in; new ones if not given.
    name, along, by
        What the outcome, the predictor and the groups are, for the axes.

    Raises
    ------
    ValueError
        If shapes disagree, or there are more groups than panels can be.
    """
    place, outcome = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    data_sets = np.asarray(replicated, dtype=float)
    of_row = [""] * place.size if groups is None else [str(group) for group in groups]
    levels = list(dict.fromkeys(of_row))
    _check(place, outcome, data_sets, len(of_row), len(levels))
    columns = _columns(len(levels))
    parent = axes_or_new(ax)
    if ax is None and len(levels) > 1:
        height = max(PANEL_HEIGHT * -(-len(levels) // columns) + 0.9, LESSON_SIZE[1])
        figure: Any = parent.figure
        figure.set_size_inches(LESSON_SIZE[0], height)
    panels = _panels(parent, len(levels), columns)
    outside = 0
    for panel, level in zip(panels, levels, strict=True):
        rows = np.array([group == level for group in of_row])
        outside += _draw(panel, place[rows], outcome[rows], data_sets[:, rows], np.ptp(place))
        panel.set_title(level, fontsize=SMALL, pad=2.0)
    _key(parent, outside, place.size)
    if panels[0] is not parent:
        _share(parent, panels, columns)
    panels[0].locator_params("x", nbins="auto" if columns == 1 else 4, integer=_whole(place))
    panels[0].locator_params("y", nbins="auto" if columns == 1 else 4)
    by_group = f", by {by}" if by and groups is not None else ""
    return tidy(parent, (along or "x") + by_group, name or "y")


def _check(x: FloatArray, y: FloatArray, data_sets: FloatArray, rows: int, panels: int) -> None:
    if x.ndim != 1 or not x.size or y.shape != x.shape or data_sets.shape[1:] != x.shape:
        raise ValueError(
            f"x has shape {x.shape}, y {y.shape} and replicated {data_sets.shape}; they must be "
            "(row,), (row,) and (data set, row)"
        )
    if rows != x.size:
        raise ValueError(f"groups has {rows} names; there are {x.size} rows")
    if panels > MOST_PANELS:
        raise ValueError(
            f"groups has {panels} levels, of which {MOST_PANELS} at most have room for a panel; "
            "leave rows or groups out"
        )


def _whole(x: FloatArray) -> bool:
    return bool(np.array_equal(x, np.round(x)))


def bands(x: FloatArray, data_sets: FloatArray) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """Return the places on the axis, the `QUANTILES` at each place, and the place of each row.

    The shapes are (place,), (5, place) and (row,).
    """
    values, place = np.unique(x, return_inverse=True)
    if values.size > MOST_PLACES:
        rank = np.argsort(np.argsort(x, kind="stable"), kind="stable")
        place = np.asarray(rank * BINS // x.size)
    count = int(place.max()) + 1
    middle = np.bincount(place, x) / np.bincount(place)
    found = [np.quantile(data_sets[:, place == k], QUANTILES) for k in range(count)]
    middle[[0, -1]] = x.min(), x.max()  # so that no point lies beside the bands
    return np.asarray(middle), np.array(found).T, place


def _draw(ax: Axes, x: FloatArray, y: FloatArray, data_sets: FloatArray, width: float) -> int:
    """Draw one panel; returns how many observed are outside."""
    places, found, place = bands(x, data_sets)
    out = (y < found[0, place]) | (y > found[4, place])
    if places.size == 1:  # a band of no width cannot be seen
        places = places + np.array([-0.02, 0.02]) * (width or 1.0)
        found = np.repeat(found, 2, axis=1)
    ax.fill_between(places, found[0], found[4], color=SKY, alpha=0.35, linewidth=0.0)
    ax.fill_between(places, found[1], found[3], color=SKY, alpha=0.65, linewidth=0.0)
    ax.plot(places, found[2], color=BLUE, linewidth=1.2)
    for rows, color in ((~out, BLACK), (out, VERMILION)):
        ax.plot(x[rows], y[rows], linestyle="none", marker="o", markersize=3.0, color=color)
    ax.spines[["top", "right"]].set_visible(False)
    return int(out.sum())


def _key(parent: Axes, outside: int, rows: int) -> None:
    """Entries of the legend, which stand for all panels."""
    empty: list[float] = []
    parent.fill_between(empty, empty, color=SKY, alpha=0.35, label="replicated, 90 %")
    parent.fill_between(empty, empty, color=SKY, alpha=0.95, label="50 %")
    parent.plot(empty, empty, color=BLUE, linewidth=1.2, label="median")
    points: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 4.0}
    parent.plot(empty, empty, color=BLACK, label="observed", **points)
    if outside:
        label = f"outside ({outside} of {rows})"
        parent.plot(empty, empty, color=VERMILION, label=label, **points)
    legend_above(parent)


def _columns(panels: int) -> int:
    """Choose the number of panels in a row, so that panels are a little wider than high."""
    return min(panels, max(int(np.ceil(np.sqrt(1.5 * panels))), 1))


def _panels(parent: Axes, count: int, columns: int) -> list[Axes]:
    """Make the axes of every panel, row by row; a single panel uses `parent` itself."""
    if count == 1:
        return [parent]
    rows = -(-count // columns)
    wide, high = 1.0 / columns, 1.0 / rows
    found: list[Axes] = []
    for k in range(count):
        down, right = divmod(k, columns)
        corner = (right * wide + 0.04 * wide, 1.0 - (down + 1) * high + 0.04 * high)
        shared: dict[str, Any] = {"sharex": found[0], "sharey": found[0]} if found else {}
        found.append(parent.inset_axes((*corner, 0.92 * wide, 0.76 * high), **shared))
    return found


def _share(parent: Axes, panels: Sequence[Axes], columns: int) -> None:
    """Show tick labels only on the outer sides, and the axis names beyond them."""
    for k, panel in enumerate(panels):
        panel.tick_params(
            labelsize=SMALL - 1, labelleft=k % columns == 0, labelbottom=k + columns >= len(panels)
        )
    parent.set_xticks([])
    parent.set_yticks([])
    parent.spines[:].set_visible(False)
    parent.xaxis.labelpad, parent.yaxis.labelpad = 18.0, 30.0
