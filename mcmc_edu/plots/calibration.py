"""Calibration plot: differences between ECDFs of ranks and uniform ranks, with their band."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from .canvas import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    axes_or_new,
    legend_above,
    tidy,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROUNDING = 1e-9

WITHIN = "0.6"
"""Colour of the curves that stay in the band, which need not be told apart."""
WRONG = [VERMILION, BLUE, ORANGE, PURPLE, GREEN, SKY, BLACK]
"""Colours of quantities outside the band; quantity k has colour k in every picture."""


def ecdf_difference(
    differences: Mapping[str, ArrayLike],
    band: tuple[FloatArray, FloatArray],
    ax: Axes | None = None,
    *,
    outside: Collection[str] | None = None,
) -> Axes:
    """Draw the difference between each ECDF of ranks and the straight line of uniform ranks.

    A curve above 0 everywhere means that the draws are too large; below 0, too small.  A curve
    that goes up and then down means that the posterior is too narrow.  A curve that goes down and
    then up means that the posterior is too wide.

    Parameters
    ----------
    differences
        ``{quantity: difference}``, at k = 1 to L, shape (L,) each.
    band
        Smallest and largest differences for uniform ranks, shape (L,) each.
    ax
        Axes to draw in; new ones if not given.
    outside
        Quantities to show as outside; by default those that leave the band.
    """
    low, high = (np.asarray(edge, dtype=float) for edge in band)
    curves = {name: np.asarray(d, dtype=float) for name, d in differences.items()}
    for name, curve in curves.items():
        if not curve.shape == low.shape == high.shape or low.ndim != 1:
            raise ValueError(
                f"differences has {name!r} of shape {curve.shape}, band has {low.shape} and "
                f"{high.shape}; all must be (L,), a value for each k from 1 to L"
            )
    if outside is None:
        outside = [name for name, curve in curves.items() if _leaves(curve, low, high)]
    ax = axes_or_new(ax)
    share = np.linspace(0.0, 1.0, low.size + 2)
    ax.fill_between(share, _with_ends(low), _with_ends(high), color="0.9", linewidth=0, zorder=0)
    ax.axhline(0.0, color="0.7", linewidth=0.8, zorder=1)
    right = [name for name in curves if name not in outside]
    for name in right:
        label = right[0] if len(right) == 1 else f"{len(right)} inside"
        ax.plot(
            share,
            _with_ends(curves[name]),
            color=WITHIN,
            linewidth=1.0,
            label=label if name == right[0] else None,
        )
    for k, name in enumerate(curves):
        if name in outside:
            color = WRONG[k % len(WRONG)]
            ax.plot(share, _with_ends(curves[name]), color=color, linewidth=1.8, label=name)
    ax.set_xlim(0.0, 1.0)
    legend_above(ax)
    return tidy(ax, "rank of the truth / (L + 1)", "ECDF, less that of uniform ranks")


def _leaves(curve: FloatArray, low: FloatArray, high: FloatArray) -> bool:
    return bool((curve < low - ROUNDING).any() or (curve > high + ROUNDING).any())


def _with_ends(curve: FloatArray) -> FloatArray:
    """Add the ends of an ECDF difference, which are 0."""
    return np.concatenate([[0.0], curve, [0.0]])
