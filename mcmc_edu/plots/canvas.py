"""Shared parts of all pictures: colours, axes and input checks.

matplotlib takes 0.4 s to import, so only the first picture of a session imports it.
Colours: the palette of M. Okabe and K. Ito (2008), *Color Universal Design*, which readers with
any common colour vision can distinguish.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
SKY, ORANGE, BLACK = "#56B4E9", "#E69F00", "#000000"
CHAIN_COLORS = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, BLACK]
"""Chain k takes colour k, and after the last one the first again."""

LESSON_SIZE = (8.5, 4.0)
"""Width and height in inches."""
LEGEND_CHAINS = 8
"""More chains than this are drawn, but not named."""
SMALL = 9
"""Font size of legends and notes."""


def axes_or_new(ax: Axes | None) -> Axes:
    """Return the given axes, or the axes of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.figure(figsize=LESSON_SIZE, layout="constrained").add_subplot()


def show(figure: Figure, description: str) -> None:
    """Show a figure, and say in words what is in it, for readers who cannot see it.

    In a notebook the words are the alternative text of the picture; a script prints them.

    Parameters
    ----------
    figure
        The figure to show.
    description
        One to three sentences: what is drawn against what, and what there is to see.

    Raises
    ------
    ValueError
        If the description is empty.
    """
    import matplotlib.pyplot as plt

    words = " ".join(description.split())
    if not words:
        raise ValueError("description is empty; say what is drawn, and what there is to see")
    if "inline" in plt.get_backend().lower():
        ipython: Any = import_module("IPython.display")  # which has no types
        ipython.display(figure, metadata={"image/png": {"alt": words}})
        plt.close(figure)  # else the notebook would show it a second time
    else:
        print(f"[figure: {words}]")
        plt.show()


def chains(values: ArrayLike, name: str, *, least: int = 1, why: str = "") -> FloatArray:
    """Check that values have shape (chain, draw), with at least two draws per chain."""
    x = np.asarray(values, dtype=float)
    if x.ndim != 2 or x.shape[0] < least or x.shape[1] < 2:
        raise ValueError(
            f"{name} has shape {x.shape}; it must be (chain, draw) with at least {least} "
            f"chain{'s' * (least > 1)}{why} and 2 draws; one chain is {name}[np.newaxis, :]"
        )
    return x


def chain_color(k: int) -> str:
    """Colour of chain k."""
    return CHAIN_COLORS[k % len(CHAIN_COLORS)]


def legend_above(ax: Axes) -> None:
    """Add a legend above the axes, where it hides no data, unless there are many chains."""
    entries = len(ax.get_legend_handles_labels()[1])
    if entries > LEGEND_CHAINS + 2:
        return
    legend = ax.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=entries if entries <= 6 else 5,
        fontsize=SMALL,
        frameon=False,
        borderaxespad=0.2,
        columnspacing=1.4,
        handlelength=1.5,
    )
    for line in legend.get_lines():
        line.set(linewidth=2.0, alpha=1.0)  # a thin line has no colour to the eye


def legend_beside(ax: Axes) -> None:
    """Add a legend to the right of the axes."""
    ax.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=SMALL, frameon=False, handlelength=1.5
    )


def tidy(ax: Axes, xlabel: str, ylabel: str) -> Axes:
    """Name the axes, and remove the two unused sides of the frame."""
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
