"""The picture of a conditional effect: lines with bands, or points with bars for a factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .canvas import axes_or_new, chain_color, legend_beside, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 0.5
"""How much of the distance between two levels their points may take."""


def conditional(
    grid: Mapping[str, NDArray[Any]], mean: FloatArray, low: FloatArray, high: FloatArray,
    outcome: str, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw estimates along the first predictor, a colour for each value of the second.

    Parameters
    ----------
    grid
        One or two predictors by name, shape (points,): numbers, or levels of a factor.
    mean, low, high
        The estimate at each point and the ends of its interval, shape (points,).
    outcome
        What is estimated, for the axis.
    ax
        Axes to draw in; new ones if not given.
    """
    ax = axes_or_new(ax)
    (name, x), *second = grid.items()
    by = second[0][1] if second else np.zeros(mean.size)
    values = list(dict.fromkeys(by.tolist()))
    for k, value in enumerate(values):
        label = f"{second[0][0]} = {_text(value)}" if second else None
        rows = np.flatnonzero(by == value)
        part = x[rows], mean[rows], low[rows], high[rows]
        if x.dtype.kind in "fiu":
            _line(ax, *part, chain_color(k), label)
        else:
            shift = WIDTH * ((k + 0.5) / len(values) - 0.5)
            _points(ax, *part, chain_color(k), label, shift)
    if second:
        legend_beside(ax)
    return tidy(ax, name, outcome)


def _line(
    ax: Axes, x: NDArray[Any], mean: FloatArray, low: FloatArray, high: FloatArray, color: str,
    label: str | None,
) -> None:  # fmt: skip
    ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0)
    ax.plot(x, mean, color=color, label=label)


def _points(
    ax: Axes, x: NDArray[Any], mean: FloatArray, low: FloatArray, high: FloatArray, color: str,
    label: str | None, shift: float,
) -> None:  # fmt: skip
    at = np.arange(x.size)
    ax.vlines(at + shift, low, high, color=color)
    ax.plot(at + shift, mean, linestyle="none", marker="o", color=color, label=label)
    ax.set_xticks(at, [str(level) for level in x])


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
