"""What a trajectory or a tree went through, as data to look at.

Both come from the leapfrog and the tree that the samplers use, so that a picture cannot disagree
with the library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import (
    DENSITY,
    FLOAT,
    MATRIX,
    PACKED,
    VECTOR,
    BoundDensity,
    FloatArray,
    bind,
    entry,
)
from ..seeds import Seed, generator
from . import nuts
from .hamiltonian import (
    METRIC,
    STEP,
    Density,
    Info,
    Metric,
    PackedData,
    PhasePoint,
    State,
    Tuning,
    hamiltonian,
    leapfrog,
)
from .machinery.base import HamiltonianSampler
from .machinery.settings import metric_of
from .subtree import GROWN, TURNED


class Trajectory(NamedTuple):
    """Leapfrog steps from a start, which is point 0."""

    theta: FloatArray
    """Positions, shape (steps + 1, dim)."""
    momentum: FloatArray
    """Shape (steps + 1, dim)."""
    energy: FloatArray
    """H at each point, shape (steps + 1,)."""


class Tree(NamedTuple):
    """The leaves of one NUTS transition, in the order of time, from the earliest to the latest."""

    theta: FloatArray
    """Positions, shape (n, dim)."""
    momentum: FloatArray
    """Shape (n, dim)."""
    energy: FloatArray
    """H at each leaf, shape (n,)."""
    doubling: NDArray[np.int64]
    """0 for the start, k for the leaves of the k-th doubling, shape (n,)."""
    start: int
    """Index of the start."""
    chosen: int
    """Index of the next state."""
    kept: NDArray[np.bool_]
    """False for the leaves of a doubling that was discarded, shape (n,)."""
    ended_by: str
    """``"turn"``, ``"divergence"`` or ``"depth"``."""
    turned: tuple[int, int]
    """Indices of the first and last leaf of the span that turned; (-1, -1) if none did."""


@entry(DENSITY, PACKED, FLOAT, METRIC, MATRIX, MATRIX, VECTOR)
def _follow(
    density: Density,
    data: PackedData,
    step_size: float,
    metric: Metric,
    theta: FloatArray,
    momentum: FloatArray,
    energy: FloatArray,
) -> None:
    """Go on from row 0 of `theta` and `momentum`; fill the other rows, and `energy`."""
    point = PhasePoint(theta[0].copy(), momentum[0].copy(), np.empty(theta.shape[1]))
    logp = density(point.theta, point.grad, data)
    energy[0] = hamiltonian(logp, point.momentum, metric)
    for t in range(1, theta.shape[0]):
        logp = leapfrog(point, step_size, metric, density, data)
        theta[t] = point.theta
        momentum[t] = point.momentum
        energy[t] = hamiltonian(logp, point.momentum, metric)


@entry(*STEP, MATRIX)
def _grow(
    rng: np.random.Generator,
    state: State,
    density: Density,
    data: PackedData,
    tuning: Tuning,
    workspace: FloatArray,
    record: FloatArray,
) -> tuple[State, Info, nuts.Ending]:
    return nuts.transition(rng, state, density, data, tuning, workspace, record)


def trajectory(
    log_density: Callable[..., float],
    theta0: ArrayLike,
    momentum: ArrayLike,
    *,
    steps: int,
    step_size: float,
    data: Any = (),
    inv_metric: ArrayLike | None = None,
) -> Trajectory:
    """Follow Hamiltonian dynamics by leapfrog steps.

    Parameters
    ----------
    log_density
        ``f(theta, grad, data) -> float``.
    theta0, momentum
        Where to start and with what momentum, shape ``(dim,)`` each.
    steps, step_size
        How many leapfrog steps, and the time of each; back in time if negative.
    data
        Passed to `log_density`.
    inv_metric
        Inverse mass matrix: variances ``(dim,)`` or a covariance matrix ``(dim, dim)``; all 1 if
        not given.

    Returns
    -------
    Trajectory

    Raises
    ------
    TypeError, ValueError
        If `log_density` has no gradient, shapes do not fit, or `steps` is not a positive integer.
    """
    density = _bound(log_density, data, "trajectory")
    start, push = _point("theta0", theta0), _point("momentum", momentum)
    if start.shape != push.shape:
        raise ValueError(f"momentum has shape {push.shape}, theta0 {start.shape}: make them equal")
    HamiltonianSampler.check_count("steps", steps)
    metric = metric_of(inv_metric, start.size)
    theta, momenta = np.empty((2, steps + 1, start.size))
    theta[0], momenta[0] = start, push
    energy = np.empty(steps + 1)
    _follow(density.adapter, density.packed, float(step_size), metric, theta, momenta, energy)
    return Trajectory(theta, momenta, energy)


def tree(
    log_density: Callable[..., float],
    theta0: ArrayLike,
    *,
    step_size: float,
    seed: Seed,
    data: Any = (),
    inv_metric: ArrayLike | None = None,
    max_depth: int = 10,
) -> Tree:
    """Make one transition of NUTS and tell everything of it.

    Parameters
    ----------
    log_density
        ``f(theta, grad, data) -> float``.
    theta0
        Where to start, shape ``(dim,)``.
    step_size, inv_metric, max_depth
        As in `NUTS`; they are not adapted.
    seed
        Of the momentum, the directions and the choice; a generator is used as it is, and makes
        what `NUTS` would make with it.
    data
        Passed to `log_density`.

    Returns
    -------
    Tree

    Raises
    ------
    TypeError, ValueError
        If `log_density` has no gradient, `theta0` or a setting is not what it should be, or
        `max_depth` is above 15: all leaves are kept in memory.
    """
    if max_depth > 15:
        raise ValueError(f"max_depth is {max_depth!r}; 2**max_depth leaves are kept: 15 at most")
    density = _bound(log_density, data, "tree")
    start = _point("theta0", theta0)
    dim = start.size
    grad = np.empty(dim)
    state = State(start, density.with_gradient(start, grad), grad)
    settings = nuts.NUTS(max_depth=max_depth, step_size=step_size, inv_metric=inv_metric)
    record = np.full((2**max_depth, 2 * dim + 2), np.nan)
    new, info, ending = _grow(
        generator(seed),
        state,
        density.adapter,
        density.packed,
        settings.tuning(dim),
        np.empty((settings.rows, dim)),
        record,
    )
    return _in_time(record[: info.n_gradients + 1], new.theta, info.depth, ending, dim)


def _in_time(
    record: FloatArray, chosen: FloatArray, depth: int, ending: nuts.Ending, dim: int
) -> Tree:
    """Order the leaves by time; the record has the start first, then leaf by leaf as made."""
    n = len(record)
    doubling = np.array([int(i).bit_length() for i in range(n)])
    steps = record[:, 2 * dim + 1]  # +1 or -1: the way each leaf was made
    time = np.zeros(n, dtype=int)
    first = last = 0
    for i in range(1, n):
        if steps[i] > 0:
            last += 1
            time[i] = last
        else:
            first -= 1
            time[i] = first
    order = np.argsort(time)
    place = np.empty(n, dtype=int)  # of each leaf of the record, in time
    place[order] = np.arange(n)
    discarded = ending.how != GROWN and not (ending.how == TURNED and not ending.span)
    turned = (-1, -1)
    if ending.how == TURNED:
        ends = place[[n - ending.span, n - 1]] if ending.span else np.array([0, n - 1])
        turned = (int(ends.min()), int(ends.max()))
    same = np.all(record[:, :dim] == chosen, axis=1)
    return Tree(
        theta=record[order, :dim],
        momentum=record[order, dim : 2 * dim],
        energy=record[order, 2 * dim],
        doubling=doubling[order],
        start=int(place[0]),
        chosen=int(place[int(same.argmax())]),
        kept=~(discarded & (doubling[order] == depth)),
        ended_by={GROWN: "depth", TURNED: "turn"}.get(ending.how, "divergence"),
        turned=turned,
    )


def _bound(log_density: Callable[..., float], data: Any, what: str) -> BoundDensity:
    density = bind(log_density, data)
    if not density.has_gradient:
        raise TypeError(
            f"log_density has no gradient, which a {what} needs; write f(theta, grad, data) that "
            "fills grad, or pass me.finite_difference(log_density)"
        )
    return density


def _point(name: str, value: ArrayLike) -> FloatArray:
    point = np.array(value, dtype=float, order="C")
    if point.ndim != 1 or point.size == 0 or not np.isfinite(point).all():
        raise ValueError(f"{name} is {value!r}; it must be finite numbers, shape (dim,)")
    return point
