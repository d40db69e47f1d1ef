"""A tree of the no-U-turn sampler: where its leaves lie, and how it doubled.

A trajectory grows by doubling, forward or backward in time, until the momentum p at one end of it,
or of a subtree of it, no longer points along it: p . rho <= 0, with rho the sum of its momenta or,
which is nearly proportional for a unit metric, the chord from its first leaf to its last.
The k-th doubling adds 2^(k-1) leaves; those of a doubling that turns inside are thrown away.

Source: M. D. Hoffman, A. Gelman (2014), The No-U-Turn Sampler, *Journal of Machine Learning
Research* 15, 1593-1623; M. Betancourt (2017), arXiv:1701.02434, appendix A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .canvas import BLACK, VERMILION, axes_or_new, legend_beside, tidy
from .density import Density
from .hamiltonian import arrows, mark_start, phase_points, plane

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENDINGS = {"turn": "a U-turn", "divergence": "a divergence", "depth": "the greatest depth"}


class Tree(Protocol):
    """The leaves of a tree in order of time, n of them; a NamedTuple with these fields will do."""

    @property
    def theta(self) -> FloatArray:
        """Positions, shape (n, dim)."""

    @property
    def momentum(self) -> FloatArray:
        """Shape (n, dim)."""

    @property
    def energy(self) -> FloatArray:
        """Hamiltonian, shape (n,)."""

    @property
    def doubling(self) -> NDArray[np.integer]:
        """The doubling that added each leaf, from 1; 0 for the start; shape (n,)."""

    @property
    def start(self) -> int:
        """Index of the leaf the tree grew from."""

    @property
    def chosen(self) -> int:
        """Index of the next state of the chain."""

    @property
    def kept(self) -> NDArray[np.bool_]:
        """False for leaves of a last doubling that was thrown away; shape (n,)."""

    @property
    def ended_by(self) -> str:
        """'turn', 'divergence' or 'depth'."""

    @property
    def turned(self) -> tuple[int, int]:
        """First and last leaf of the part whose ends turned; (-1, -1) if none did."""


def tree(
    tree: Tree,
    ax: Axes | None = None,
    *,
    density: Density | None = None,
    dims: tuple[int, int] = (0, 1),
    names: tuple[str, str] | None = None,
) -> Axes:
    """Draw two coordinates of the leaves, coloured by doubling, and what ended the tree.

    Leaves that were thrown away are open.  The part that turned is spanned by a dashed chord with
    the momenta at its ends: at one end or both, the arrow no longer points along the chord.  That
    can be seen if there are two coordinates, on one scale, and the metric is the unit metric; else
    it holds of angles that the picture does not show.

    Parameters
    ----------
    tree
        See `Tree`.
    ax
        Axes to draw in, such as `density2d` returned; new ones if not given, with x and y on
        the same scale, so that angles can be seen.
    density
        ``(log_density, xlim, ylim)`` for `density2d`, to draw beneath; the limits give way to
        hold the path.
    dims
        The two coordinates.
    names
        Of the two coordinates, for the axes.
    """
    theta, momentum = _checked(tree, dims)
    ax = plane(ax, density, dims, names, theta)
    ax.plot(*theta.T, color="0.45", linewidth=0.8, zorder=2)
    _leaves(ax, tree, theta)
    mark_start(ax, theta[tree.start])
    _mark_chosen(ax, theta[tree.chosen])
    if tree.turned[0] >= 0:
        ends = list(tree.turned)
        ax.plot(
            *theta[ends].T,
            color="black",
            linewidth=1.2,
            linestyle="--",
            zorder=5,
            label="the part that turned",
        )
        arrows(
            ax,
            theta[ends],
            momentum[ends],
            along=theta,
            label="momenta at its ends",
            widen=density is not None,
        )
    ax.set_title(_summary(tree), fontsize=10)
    legend_beside(ax)
    return ax


def tree_diagram(tree: Tree, ax: Axes | None = None) -> Axes:
    """Draw the doublings as a binary tree over the leaves in order of time.

    A node of height k joins 2^k leaves; the trunk joins the tree so far with each doubling.
    A doubling that was thrown away is drawn dashed, and only as far as it was built.

    Parameters
    ----------
    tree
        See `Tree`.
    ax
        Axes to draw in; new ones if not given.
    """
    theta, _ = _checked(tree, (0, 0))
    doubling = np.asarray(tree.doubling)
    ax = axes_or_new(ax)
    time = np.arange(len(theta)) - tree.start
    trunk = 0.0
    for k in range(1, doubling.max() + 1):
        added = np.flatnonzero(doubling == k)
        kept = bool(tree.kept[added[0]])
        outward = time[added] if added[0] > tree.start else time[added][::-1]
        top, height = _branches(ax, outward.astype(float), _color(k, tree), kept)
        if height == k - 1:
            trunk = _join(ax, trunk, top, k, BLACK if kept else "0.6", kept)
    _leaves(ax, tree, np.stack([time, np.zeros(len(time))], axis=1))
    mark_start(ax, np.zeros(2))
    _mark_chosen(ax, np.array([time[tree.chosen], 0.0]))
    ax.set_ylim(bottom=-0.5)
    ax.locator_params(integer=True)
    ax.set_title(_summary(tree), fontsize=10)
    legend_beside(ax)
    return tidy(ax, "leapfrog steps from the start", "doublings")


def _branches(ax: Axes, leaves: FloatArray, color: str, kept: bool) -> tuple[float, int]:
    """Join leaves, given from the trunk outward, in pairs; the last node's place and height."""
    nodes, height = list(leaves), 0
    while len(nodes) > 1:
        height += 1
        pairs = zip(nodes[::2], nodes[1::2], strict=False)  # a node without a partner stays alone
        nodes = [_join(ax, left, right, height, color, kept) for left, right in pairs]
    return float(nodes[0]), height


def _join(ax: Axes, left: float, right: float, height: int, color: str, kept: bool) -> float:
    """Draw the node of two nodes one level below it; its place is the middle."""
    middle = 0.5 * (left + right)
    ax.plot(
        [left, middle, right],
        [height - 1, height, height - 1],
        color=color,
        linewidth=1.3,
        linestyle="-" if kept else "--",
        zorder=2,
    )
    return middle


def _leaves(ax: Axes, tree: Tree, points: FloatArray) -> None:
    """Mark the leaves at points (n, 2): one colour a doubling, open if thrown away."""
    doubling = np.asarray(tree.doubling)
    for k in range(1, doubling.max() + 1):
        added = doubling == k
        kept = bool(np.asarray(tree.kept)[added].all())
        ax.plot(
            *points[added].T,
            linestyle="none",
            marker="o",
            markersize=5,
            zorder=4,
            color=_color(k, tree),
            markerfacecolor=_color(k, tree) if kept else "white",
            label=f"doubling {k}: {added.sum()}" + ("" if kept else ", thrown away"),
        )


def _mark_chosen(ax: Axes, theta: FloatArray) -> None:
    ax.plot(
        *theta[:, np.newaxis],
        linestyle="none",
        marker="o",
        markersize=12,
        markerfacecolor="none",
        markeredgecolor=VERMILION,
        markeredgewidth=2,
        zorder=6,
        label="next state",
    )


def _color(k: int, tree: Tree) -> str:
    """Colour of doubling k: from dark to light along a scale whose lightness alone tells."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    last = max(int(np.max(tree.doubling)), 2)
    return to_hex(colormaps["viridis"](0.75 * (k - 1) / (last - 1)))


def _summary(tree: Tree) -> str:
    """Describe in a short text how far the tree grew, and why it stopped."""
    steps, doublings = len(tree.theta) - 1, np.max(tree.doubling)
    return f"{steps} steps, {doublings} doublings, then {ENDINGS[tree.ended_by]}"


def _checked(tree: Tree, dims: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Two coordinates of the positions and momenta, (n, 2) each, if the tree is one."""
    theta, momentum = phase_points(tree, "tree", dims)
    n = len(theta)
    for name, field in (("doubling", tree.doubling), ("kept", tree.kept)):
        if np.shape(field) != (n,):
            raise ValueError(f"tree.{name} has shape {np.shape(field)}; it must be {(n,)}")
    for name, index, least in (
        ("start", tree.start, 0),
        ("chosen", tree.chosen, 0),
        ("turned", min(tree.turned), -1),
        ("turned", max(tree.turned), -1),
    ):
        if not least <= index < n:
            raise ValueError(f"tree.{name} holds {index}; it must be from {least} to {n - 1}")
    if (tree.turned[0] < 0) != (tree.turned[1] < 0):
        raise ValueError(f"tree.turned is {tree.turned}; it must be two leaves, or (-1, -1)")
    if np.flatnonzero(np.asarray(tree.doubling) == 0).tolist() != [tree.start]:
        raise ValueError(f"tree.doubling must be 0 at the start, {tree.start}, and only there")
    if tree.ended_by not in ENDINGS:
        raise ValueError(f"tree.ended_by is {tree.ended_by!r}; it must be one of {[*ENDINGS]}")
    return theta, momentum
