"""Plot of a conditional effect: lines with bands, or points with bars for a factor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray
from .canvas import axes_or_new, chain_color, legend_beside, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 0.5
"""Share of the distance between two levels that their points may take."""


def conditional(
    grid: Mapping[str, ArrayLike],
    mean: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    outcome: str = "outcome",
    ax: Axes | None = None,
) -> Axes:
    """Draw estimates along the first predictor, with a colour for each value of the second.

    Parameters
    ----------
    grid
        One or two predictors by name, shape (points,): numbers, or levels of a factor.
    mean, low, high
        The estimate at each point and the ends of its interval, shape (points,).
    outcome
        Name of the estimated quantity, for the axis.
    ax
        Axes to draw in; new ones if not given.

    Raises
    ------
    ValueError
        If there are no predictors or more than two, or shapes differ.

    Examples
    --------
    >>> found = {"x": [0, 1, 0, 1], "sex": ["f", "f", "m", "m"]}
    >>> mean = np.array([1.0, 2.0, 1.0, 3.0])
    >>> ax = conditional(found, mean, mean - 0.5, mean + 0.5, "y")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['sex = f', 'sex = m']
    """
    columns, (mean, low, high) = _checked(grid, {"mean": mean, "low": low, "high": high})
    ax = axes_or_new(ax)
    (name, x), *second = columns.items()
    by = second[0][1] if second else np.zeros(x.size)
    values, levels = list(dict.fromkeys(by.tolist())), list(dict.fromkeys(x.tolist()))
    numbers = x.dtype.kind in "fiu"
    for k, value in enumerate(values):
        label = f"{second[0][0]} = {_text(value)}" if second else None
        rows = np.flatnonzero(by == value)
        part = mean[rows], low[rows], high[rows], chain_color(k), label
        if numbers:
            _line(ax, x[rows], *part)
        else:
            shift = WIDTH * ((k + 0.5) / len(values) - 0.5)
            _points(ax, np.array([levels.index(level) for level in x[rows]]) + shift, *part)
    if not numbers:
        ax.set_xticks(range(len(levels)), [str(level) for level in levels])
    if second:
        legend_beside(ax)
    return tidy(ax, name, outcome)


def _checked(
    grid: Mapping[str, ArrayLike], estimates: Mapping[str, ArrayLike]
) -> tuple[dict[str, NDArray[Any]], list[FloatArray]]:
    """Return the predictors and the estimates as arrays of one shape, (points,)."""
    if not 1 <= len(grid) <= 2:
        raise ValueError(f"grid has {len(grid)} predictors; it must have one or two, by name")
    columns = {name: np.asarray(x) for name, x in grid.items()}
    numbers = {name: np.asarray(x, dtype=np.float64) for name, x in estimates.items()}
    shapes = {name: x.shape for name, x in (*columns.items(), *numbers.items())}
    if len(set(shapes.values())) > 1 or numbers["mean"].ndim != 1:
        raise ValueError(f"shapes are {shapes}; all must be (points,)")
    return columns, list(numbers.values())


def _line(
    ax: Axes,
    x: NDArray[Any],
    mean: FloatArray,
    low: FloatArray,
    high: FloatArray,
    color: str,
    label: str | None,
) -> None:
    ax.fill_between(x, low, high, color=color, alpha=0.2, linewidth=0)
    ax.plot(x, mean, color=color, label=label)


def _points(
    ax: Axes,
    x: NDArray[Any],
    mean: FloatArray,
    low: FloatArray,
    high: FloatArray,
    color: str,
    label: str | None,
) -> None:
    ax.vlines(x, low, high, color=color)
    ax.plot(x, mean, linestyle="none", marker="o", color=color, label=label)


def _text(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
