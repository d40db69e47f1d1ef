"""The picture of shrinkage: where each model puts the individuals, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..compiling import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ESTIMATE = "#0072B2"  # blue and vermilion of Okabe and Ito (2008), told apart by the colour-blind;
ANCHOR = "#D55E00"  # filled and open markers tell them apart in grey


@dataclass(frozen=True)
class Panel:
    """Estimates of one model for every individual."""

    title: str
    alpha: FloatArray
    """Estimated intercepts, shape (groups,)."""
    beta: FloatArray
    """Estimated slopes, shape (groups,)."""
    corner: str = ""
    """A line or two for the corner: the errors, say."""


def shrinkage_panel(
    panel: Panel, anchor: tuple[FloatArray, FloatArray], anchor_name: str, ax: Axes | None = None
) -> Axes:
    """Draw the estimates of one model, each tied to its anchor by a line.

    Parameters
    ----------
    panel
        Title, estimates and a note.
    anchor
        The (alpha, beta) each estimate is tied to, shape (groups,) each: the truth, or another
        model's estimates.
    anchor_name
        What the anchors are, for the legend.
    ax
        Axes to draw in; new ones if not given.
    """
    if ax is None:
        import matplotlib.pyplot as plt

        ax = plt.figure().add_subplot()
    ax.plot(
        np.stack([anchor[0], panel.alpha]),
        np.stack([anchor[1], panel.beta]),
        color="0.55",
        linewidth=0.8,
        zorder=1,
    )
    ax.plot(
        *anchor,
        linestyle="none",
        marker="o",
        markersize=4.5,
        markerfacecolor="white",
        markeredgecolor=ANCHOR,
        markeredgewidth=1.1,
        label=anchor_name,
        zorder=2,
    )
    ax.plot(
        panel.alpha,
        panel.beta,
        linestyle="none",
        marker="o",
        markersize=4.5,
        color=ESTIMATE,
        markeredgecolor="white",
        markeredgewidth=0.4,
        label="estimate",
        zorder=3,
    )
    ax.set_title(panel.title, fontsize=11)
    ax.set_xlabel(r"intercept $\alpha_i$")
    ax.text(
        0.03,
        0.97,
        panel.corner,
        transform=ax.transAxes,
        fontsize=9,
        va="top",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 2},
    )
    return ax


def shrinkage_figure(
    panels: list[Panel], anchor: tuple[FloatArray, FloatArray], anchor_name: str
) -> Figure:
    """Draw one panel per model on common axes; see `shrinkage_panel`."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        1,
        len(panels),
        figsize=(3.5 * len(panels), 3.9),
        sharex=True,
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for panel, ax in zip(panels, axes[0], strict=True):
        shrinkage_panel(panel, anchor, anchor_name, ax)
    bottom, top = axes[0, 0].get_ylim()
    axes[0, 0].set_ylim(bottom, top + 0.15 * (top - bottom))  # room for the corners
    axes[0, 0].set_ylabel(r"slope $\beta_i$")
    axes[0, 0].legend(loc="upper right", fontsize=8, frameon=False, handletextpad=0.2)
    return figure
