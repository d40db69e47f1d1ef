"""Hamiltonian dynamics to look at: the energies of a run, and one trajectory.

    H(theta, p) = -log density(theta) + kinetic(p)
    E-BFMI      = sum (H_n - H_{n-1})^2 / N / variance of H

A new momentum changes the energy by as much as H_n - H_{n-1}; where that is little beside the
spread of H, the sampler crosses the energies slowly.  Along one trajectory H would be constant,
were it not for the step size.

Source: M. Betancourt (2017), A conceptual introduction to Hamiltonian Monte Carlo,
arXiv:1701.02434, section 6.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from ..diagnostics import ebfmi
from .canvas import (
    BLUE,
    LEGEND_CHAINS,
    ORANGE,
    SMALL,
    VERMILION,
    axes_or_new,
    chains,
    legend_beside,
    tidy,
)
from .density import Density, density2d

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST_ARROW = 0.3
"""Of the arrows drawn together, as a share of the width of their path."""


class Trajectory(Protocol):
    """States that follow each other in time; a NamedTuple with these fields will do."""

    @property
    def theta(self) -> FloatArray:
        """Positions, shape (steps + 1, dim)."""

    @property
    def momentum(self) -> FloatArray:
        """Shape (steps + 1, dim)."""

    @property
    def energy(self) -> FloatArray:
        """Hamiltonian, shape (steps + 1,)."""


def energy(energy: ArrayLike, ax: Axes | None = None, *, bins: int = 40) -> Axes:
    """Draw the energies, about their chain's mean, and the steps from each to the next.

    Both histograms alike: every new momentum may lead to any energy.  Steps much narrower than
    energies, and an E-BFMI below 0.3: it may not, and tails are seldom reached.

    Parameters
    ----------
    energy
        Hamiltonian at each draw, shape (chain, draw).
    ax
        Axes to draw in; new ones if not given.
    bins
        Bars from the least to the greatest value of both.
    """
    x = chains(energy, "energy")
    if not np.isfinite(x).all():
        raise ValueError(
            f"energy holds {np.sum(~np.isfinite(x))} values that are not finite; pass the "
            "energies of draws, not of divergent proposals"
        )
    centred, steps = x - x.mean(axis=1, keepdims=True), np.diff(x, axis=1)
    ax = axes_or_new(ax)
    edges = np.histogram_bin_edges(np.append(centred, steps), bins).tolist()
    ax.hist(
        centred.ravel(),
        edges,
        density=True,
        histtype="stepfilled",
        color=BLUE,
        alpha=0.35,
        label="energy, centred",
    )
    ax.hist(
        steps.ravel(),
        edges,
        density=True,
        histtype="step",
        color=VERMILION,
        linewidth=1.6,
        label="step to the next energy",
    )
    ax.set_yticks([])
    ax.legend(
        title=_bfmi_text(x),
        loc="upper left",
        bbox_to_anchor=(1.0, 1.0),
        frameon=False,
        fontsize=SMALL,
        title_fontsize=SMALL,
        alignment="left",
    )
    return tidy(ax, "energy", "density")


def _bfmi_text(energy: FloatArray) -> str:
    values = ebfmi(energy)
    lines = [f"chain {k}: E-BFMI {value:.2f}" for k, value in enumerate(values)]
    if len(lines) > LEGEND_CHAINS:
        lines = [f"{len(lines)} chains: E-BFMI {values.min():.2f} to {values.max():.2f}"]
    return "\n".join(lines)


def trajectory(
    trajectory: Trajectory,
    ax: Axes | None = None,
    *,
    density: Density | None = None,
    dims: tuple[int, int] = (0, 1),
    names: tuple[str, str] | None = None,
) -> Axes:
    """Draw two coordinates of a trajectory, its start, its end, and the momentum it started with.

    Parameters
    ----------
    trajectory
        ``theta`` and ``momentum`` (steps + 1, dim), ``energy`` (steps + 1,).
    ax
        Axes to draw in, such as `density2d` returned; new ones if not given, with x and y on
        the same scale.
    density
        ``(log_density, xlim, ylim)`` for `density2d`, to draw beneath; the limits give way to
        hold the path.
    dims
        The two coordinates.
    names
        Of the two coordinates, for the axes.
    """
    theta, momentum = phase_points(trajectory, "trajectory", dims)
    ax = plane(ax, density, dims, names, theta)
    ax.plot(
        *theta.T,
        color=VERMILION,
        linewidth=1.2,
        marker="o",
        markersize=3.5,
        zorder=3,
        label=f"{len(theta) - 1} leapfrog steps",
    )
    ax.plot(
        *theta[-1:].T,
        linestyle="none",
        marker="s",
        markersize=7,
        markerfacecolor=VERMILION,
        markeredgecolor="white",
        zorder=4,
        label="end",
    )
    mark_start(ax, theta[0])
    arrows(
        ax,
        theta[:1],
        momentum[:1],
        along=theta,
        label="momentum at the start",
        widen=density is not None,
    )
    legend_beside(ax)
    return ax


def trajectory_energy(trajectory: Trajectory, ax: Axes | None = None) -> Axes:
    """Draw how far the energy has strayed from that of the start, step by step.

    The end is accepted with probability min(1, exp(-error)).

    Parameters
    ----------
    trajectory
        As for `trajectory`; an energy that is not finite leaves a gap.
    ax
        Axes to draw in; new ones if not given.
    """
    phase_points(trajectory, "trajectory", (0, 0))
    levels = np.asarray(trajectory.energy, dtype=float)
    if not np.isfinite(levels[0]):
        raise ValueError(f"trajectory.energy starts with {levels[0]}; a start has finite energy")
    ax = axes_or_new(ax)
    error = np.where(np.isfinite(levels), levels, np.nan) - levels[0]
    ax.axhline(0.0, color="0.5", linewidth=0.8, zorder=1)
    ax.plot(error, color=VERMILION, linewidth=1.2, marker="o", markersize=3.5)
    return tidy(ax, "leapfrog step", r"energy error $H_n - H_0$")


def phase_points(
    path: Trajectory, name: str, dims: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Two coordinates of the positions and momenta of a path, (n, 2) each, after checks."""
    theta, momentum = np.asarray(path.theta, float), np.asarray(path.momentum, float)
    if theta.ndim != 2 or not theta.size:
        raise ValueError(f"{name}.theta has shape {theta.shape}; it must be (states, dim)")
    n, dim = theta.shape
    for field, value, shape in (("momentum", momentum, (n, dim)), ("energy", path.energy, (n,))):
        if np.shape(value) != shape:
            raise ValueError(
                f"{name}.{field} has shape {np.shape(value)}; beside theta {theta.shape} it must "
                f"be {shape}"
            )
    if not np.isfinite(theta).all(axis=1).any():
        raise ValueError(f"{name}.theta has no state whose position is finite")
    if len(dims) != 2 or not all(0 <= d < dim for d in dims):
        raise ValueError(f"dims is {dims}; it must be two of 0, ..., {dim - 1}")
    return theta[:, list(dims)], momentum[:, list(dims)]


def plane(
    ax: Axes | None,
    density: Density | None,
    dims: tuple[int, int],
    names: tuple[str, str] | None,
    theta: FloatArray,
) -> Axes:
    """Axes for the points theta (n, 2), with the density in them if there is one."""
    new = ax is None
    ax = axes_or_new(ax)
    if new:  # one scale for x and y; limits that a density sets stay, others give way
        ax.set_aspect("equal", adjustable="datalim" if density is None else "box")
    default = [rf"$\theta_{{{dim}}}$" for dim in dims]
    x, y = names or (ax.get_xlabel() or default[0], ax.get_ylabel() or default[1])
    if density is not None:
        density2d(*density, ax)
        make_room(ax, theta)
    return tidy(ax, x, y)


def make_room(ax: Axes, theta: FloatArray) -> None:
    """Widen the limits to hold the points (n, 2), to three times the width if need be, not more.

    A path that diverges would else shrink all the rest to a dot.
    """
    finite = theta[np.isfinite(theta).all(axis=1)]
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    width = high - low
    least, most = finite.min(axis=0), finite.max(axis=0)
    new_low = np.where(least < low, np.maximum(low - width, least - 0.05 * width), low)
    new_high = np.where(most > high, np.minimum(high + width, most + 0.05 * width), high)
    ax.set_xlim(new_low[0], new_high[0])
    ax.set_ylim(new_low[1], new_high[1])


def mark_start(ax: Axes, theta: FloatArray) -> None:
    """Mark the point, shape (2,), that a path started from."""
    ax.plot(
        *theta[:, np.newaxis],
        linestyle="none",
        marker="o",
        markersize=9,
        markerfacecolor=ORANGE,
        markeredgecolor="black",
        zorder=5,
        label="start",
    )


def arrows(
    ax: Axes, theta: FloatArray, momentum: FloatArray, *, along: FloatArray, label: str, widen: bool
) -> None:
    """Draw momenta (n, 2) at their positions, the longest a share of the width of a path (m, 2).

    `widen` makes room for the tips where limits were set; those that follow the data do anyway.
    """
    finite = np.isfinite(theta).all(axis=1) & np.isfinite(momentum).all(axis=1)
    theta, momentum = theta[finite], momentum[finite]
    longest = float(np.hypot(*momentum.T).max(initial=0.0))
    if longest == 0.0:
        return
    width = float(np.ptp(along[np.isfinite(along).all(axis=1)], axis=0).max())
    if widen:  # a path that diverges is wider than what is seen of it
        width = min(width, float(np.ptp([ax.get_xlim(), ax.get_ylim()], axis=1).max()))
    tips = momentum * (LONGEST_ARROW * (width or 1.0) / longest)
    ax.quiver(
        *theta.T,
        *tips.T,
        angles="xy",
        scale_units="xy",
        scale=1.0,
        color="black",
        units="inches",
        width=0.02,
        zorder=6,
    )
    ax.plot(
        [], [], linestyle="none", marker=r"$\rightarrow$", markersize=13, color="black", label=label
    )
    ax.update_datalim(theta + tips)  # a quiver claims room for its tails only
    ax.autoscale_view()
    if widen:
        make_room(ax, theta + tips)
