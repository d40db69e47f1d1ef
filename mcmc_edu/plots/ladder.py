"""Effects along a ladder of models: medians with intervals, step by step.

Each subgroup has a colour and a marker of its own; colours differ in lightness as well, so that the
picture can be read in grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from .averaged import COLORS, MARKERS, SPREAD
from .canvas import axes_or_new, legend_above, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ladder(
    steps: Sequence[str],
    series: Mapping[str, ArrayLike],
    name: str,
    ax: Axes | None = None,
    *,
    rungs: int | None = None,
    truth: Mapping[str, float] | None = None,
    reference: float | None = 0.0,
) -> Axes:
    """Draw effects of some subgroups at every step, the first step on top.

    Parameters
    ----------
    steps
        Names of the steps.
    series
        Low end, median and high end at each step, shape (3, steps), by subgroup.
    name
        What the values are, for the axis.
    ax
        Axes to draw in; new ones if not given.
    rungs
        How many steps, from the first, are joined by a line; all if None.  The others stand beneath
        a rule.
    truth
        True value by subgroup: a dashed line that ends in the subgroup's marker, hollow.
    reference
        Where to draw a line across; none if None.

    Raises
    ------
    ValueError
        If a series has another shape.
    """
    count = len(steps)
    ends = {label: np.asarray(values, dtype=float) for label, values in series.items()}
    wrong = [label for label, values in ends.items() if values.shape != (3, count)]
    if wrong or not ends:
        found = ends[wrong[0]].shape if wrong else "nothing"
        raise ValueError(
            f"series has {found}{f' for {wrong[0]!r}' if wrong else ''}; expected shape "
            f"(3, {count}) for each subgroup: low end, median and high end at each step"
        )
    joined = count if rungs is None else rungs
    bottom = count - 0.3
    ax = axes_or_new(ax)
    if reference is not None:
        ax.axvline(reference, color="0.5", linewidth=0.8, zorder=0)
    for s, (label, (low, middle, high)) in enumerate(ends.items()):
        shift = SPREAD * (s / (len(ends) - 1) - 0.5) if len(ends) > 1 else 0.0
        y = np.arange(count) + shift
        color, marker = COLORS[s % len(COLORS)], MARKERS[s % len(MARKERS)]
        ax.hlines(y, low, high, color=color, linewidth=1.6)
        ax.plot(middle[:joined], y[:joined], color=color, linewidth=0.9, alpha=0.6)
        ax.plot(
            middle, y, linestyle="none", marker=marker, markersize=5.5, color=color, label=label
        )
        if truth and label in truth:
            ax.axvline(truth[label], color=color, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
            ax.plot(
                truth[label],
                bottom,
                marker,
                markersize=6.5,
                color=color,
                markerfacecolor="w",
                clip_on=False,
            )
    if joined < count:
        ax.axhline(joined - 0.5, color="0.8", linewidth=0.8, zorder=0)
    ax.set_ylim(bottom if truth else count - 0.5, -0.5)
    ax.set_yticks(range(count), list(steps))
    legend_above(ax)
    return tidy(ax, name + (" (dashed: truth)" if truth else ""), "step")
