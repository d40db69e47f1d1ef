"""Averages by cell: medians with intervals, colour and marker by a second column.

Colours differ in lightness as well, and every colour has a marker of its own: the picture can be
read in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .canvas import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    SMALL,
    VERMILION,
    axes_or_new,
    legend_above,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
MARKERS = "osD^vP"
SPREAD = 0.5
"""How far markers of one place are apart in all, where the distance between places is 1."""
LETTERS = 10
"""So many letters of a legend are in an inch, at least."""
WIDEST = 4
"""So many axes are beside each other, at most."""


def averaged(
    columns: Mapping[str, Sequence[Any]],
    middle: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    name: str,
    ax: Axes | None = None,
    *,
    reference: float | None = None,
    share: float = 0.95,
) -> Axes:
    """Draw a marker and an interval for each cell, shape (cells,) each.

    Parameters
    ----------
    columns
        Values of the columns that make the cells, by name: the first along the axis; the second
        one colour and marker; more of them are written together with the second.
    middle, low, high
        Medians and ends of the intervals.
    name
        What the values are, for the axis.
    ax
        Axes to draw in; new ones if not given.
    reference
        Where to draw a line across, such as 0.
    share
        Probability of the intervals.
    """
    first, *others = columns
    kinds = [_kind(columns, others, i) for i in range(len(columns[first]))]
    everything = list(range(len(kinds)))
    ax = axes_or_new(ax)
    places, series = list(dict.fromkeys(columns[first])), list(dict.fromkeys(kinds))
    ends = [np.asarray(x, dtype=float) for x in (middle, low, high)]
    label = f"median, {100 * share:g} %"
    _draw(ax, columns[first], kinds, everything, ends, places, series, label, reference)
    legend_above(ax)
    return tidy(ax, name, first)


def averaged_facets(
    columns: Mapping[str, Sequence[Any]],
    middle: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    name: str,
    *,
    facets: Sequence[str] = (),
    levels: Mapping[str, Sequence[Any]] | None = None,
    reference: float | None = None,
    share: float = 0.95,
) -> NDArray[Any]:
    """Draw what `averaged` draws, in axes of their own for each combination of some columns.

    Parameters
    ----------
    columns, middle, low, high, name, reference, share
        As in `averaged`.
    facets
        Columns, of those that make the cells, whose combinations have axes.
    levels
        Values of each column in their order; if None, that in which they occur.

    Returns
    -------
    ndarray of Axes
        One for each combination that occurs.
    """
    import matplotlib.pyplot as plt

    first, *others = [column for column in columns if column not in facets]
    size = len(columns[first])
    kinds = [_kind(columns, others, i) for i in range(size)]
    panels = [_kind(columns, facets, i) for i in range(size)]
    order = {name: list(dict.fromkeys((levels or columns)[name])) for name in columns}
    places = [value for value in order[first] if value in columns[first]]
    series = _in_order(kinds, columns, others, order)
    ends = [np.asarray(x, dtype=float) for x in (middle, low, high)]
    there = _in_order(panels, columns, facets, order)
    across = min(len(there), WIDEST)
    down = -(-len(there) // across)
    height = 1.2 + down * max(2.0, 0.14 * len(places) * max(len(series), 2))
    width = min(4.5 + 2.5 * (across - 1), 12.0)
    figure = plt.figure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    for ax in grid.reshape(-1)[len(there) :]:
        ax.remove()
    drawn = grid.reshape(-1)[: len(there)]
    for p, (ax, panel) in enumerate(zip(drawn, there, strict=True)):
        own = [i for i, one in enumerate(panels) if one == panel]
        _draw(ax, columns[first], kinds, own, ends, places, series, "", reference)
        ax.set_title(panel, fontsize=SMALL + 1)
        lowest = p >= len(there) - across
        ax.tick_params(labelbottom=lowest)
        tidy(ax, name if lowest else "", first if p % across == 0 else "")
    named: dict[str, Any] = {}
    for ax in drawn:
        handles, labels = ax.get_legend_handles_labels()
        named |= dict(zip(labels, handles, strict=True))
    if others:
        shown = [kind for kind in series if kind in named]
        figure.legend(
            [named[kind] for kind in shown],
            shown,
            loc="outside upper center",
            ncols=min(len(shown), 6, max(1, int(width * LETTERS / (max(map(len, shown)) + 5)))),
            fontsize=SMALL,
            frameon=False,
        )
    figure.supxlabel(f"Medians and {100 * share:g} % intervals", fontsize=SMALL, color="0.3")
    return np.asarray(drawn)


def _kind(columns: Mapping[str, Sequence[Any]], names: Sequence[str], i: int) -> str:
    """Write the values of some columns in a cell."""
    return ", ".join(f"{name} = {columns[name][i]}" for name in names)


def _in_order(
    texts: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    names: Sequence[str],
    order: Mapping[str, Sequence[Any]],
) -> list[str]:
    """Return what is written of cells, each once, by the order of the columns' values."""
    places = {
        text: tuple(order[name].index(columns[name][i]) for name in names)
        for i, text in enumerate(texts)
    }
    return sorted(places, key=places.__getitem__)


def _draw(
    ax: Axes,
    along: Sequence[Any],
    kinds: Sequence[str],
    cells: Sequence[int],
    ends: Sequence[NDArray[np.float64]],
    places: Sequence[Any],
    series: Sequence[str],
    label: str,
    reference: float | None,
) -> None:
    """Draw a marker and an interval for each of some cells."""
    if reference is not None:
        ax.axvline(reference, color="0.5", linewidth=0.8, zorder=0)
    for s, kind in enumerate(series):
        own = [i for i in cells if kinds[i] == kind]
        if not own:
            continue
        shift = SPREAD * (s / (len(series) - 1) - 0.5) if len(series) > 1 else 0.0
        y = np.array([places.index(along[i]) for i in own]) + shift
        at, left, right = (x[own] for x in ends)
        color = COLORS[s % len(COLORS)]
        marker = MARKERS[(s + s // len(COLORS)) % len(MARKERS)]  # no pair of both twice, up to 36
        ax.hlines(y, left, right, color=color, linewidth=1.6)
        ax.plot(
            at, y, linestyle="none", marker=marker, markersize=5.5, color=color, label=kind or label
        )
    ax.set_ylim(len(places) - 0.5, -0.5)
    ax.set_yticks(range(len(places)), [str(place) for place in places])
