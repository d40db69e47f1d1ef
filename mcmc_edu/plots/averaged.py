"""Averages by cell: medians with intervals, colour and marker by a second column.

Colours differ in lightness as well, and every colour has a marker of its own: the picture can be
read in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from .canvas import BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, axes_or_new, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
MARKERS = "osD^vP"
SPREAD = 0.5
"""How far markers of one place are apart in all, where the distance between places is 1."""


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
    places = list(dict.fromkeys(columns[first]))
    kinds = [
        ", ".join(f"{other} = {columns[other][i]}" for other in others)
        for i in range(len(columns[first]))
    ]
    series = list(dict.fromkeys(kinds))
    ends = [np.asarray(x, dtype=float) for x in (middle, low, high)]
    ax = axes_or_new(ax)
    if reference is not None:
        ax.axvline(reference, color="0.5", linewidth=0.8, zorder=0)
    for s, kind in enumerate(series):
        own = [i for i, one in enumerate(kinds) if one == kind]
        shift = SPREAD * (s / (len(series) - 1) - 0.5) if len(series) > 1 else 0.0
        y = np.array([places.index(columns[first][i]) for i in own]) + shift
        at, left, right = (x[own] for x in ends)
        color, marker = COLORS[s % len(COLORS)], MARKERS[s % len(MARKERS)]
        ax.hlines(y, left, right, color=color, linewidth=1.6)
        ax.plot(
            at,
            y,
            linestyle="none",
            marker=marker,
            markersize=5.5,
            color=color,
            label=kind or f"median, {100 * share:g} %",
        )
    ax.set_ylim(len(places) - 0.5, -0.5)
    ax.set_yticks(range(len(places)), [str(place) for place in places])
    legend_above(ax)
    return tidy(ax, name, first)
