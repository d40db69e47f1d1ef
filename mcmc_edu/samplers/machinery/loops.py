"""The two loops around a step, compiled once for all samplers: one that samples, one that adapts.

A loop calls the step that it is given, whichever sampler's it is, and writes down what came of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...compiling import (
    DENSITY,
    FLOAT,
    MATRIX,
    PACKED,
    RNG,
    FloatArray,
    compiled,
    entry,
    exp,
    without_refcount,
)
from ..hamiltonian import (
    STATE,
    STEP_FUNCTION,
    TUNING,
    Density,
    Info,
    Metric,
    PackedData,
    State,
    Tuning,
)
from ..warmup import AVERAGING, DualAveraging, update

STATS = {
    "logp": float,
    "accept_prob": float,
    "energy": float,
    "divergent": bool,
    "depth": int,
    "n_gradients": int,
    "reached_limit": bool,
    "step_size": float,
}
"""What is recorded of each step, in the order of the columns of `stats`."""

Step = Callable[..., tuple[State, Info]]


@compiled
def write(state: State, info: Info, step_size: float, draw: FloatArray, stats: FloatArray) -> None:
    """Record a draw (dim,) and what `STATS` lists."""
    draw[:] = state.theta
    stats[0] = state.logp
    stats[1] = info.accept_prob
    stats[2] = info.energy
    stats[3] = 1.0 if info.divergent else 0.0
    stats[4] = info.depth
    stats[5] = info.n_gradients
    stats[6] = 1.0 if info.reached_limit else 0.0
    stats[7] = step_size


@compiled
def tuning_without_refcount(tuning: Tuning) -> Tuning:
    """Do what `without_refcount` does for its arrays."""
    metric = Metric(
        without_refcount(tuning.metric.inverse), without_refcount(tuning.metric.chol_mass)
    )
    return Tuning(tuning.step_size, metric, tuning.max_length, tuning.jitter)


@entry(STEP_FUNCTION, DENSITY, PACKED, RNG, STATE, TUNING, MATRIX, MATRIX, MATRIX, MATRIX, PACKED)
def draw_block(
    step: Step,
    density: Density,
    data: PackedData,
    rng: np.random.Generator,
    state: State,
    tuning: Tuning,
    draws: FloatArray,
    stats: FloatArray,
    where: FloatArray,
    workspace: FloatArray,
    done: NDArray[np.int64],
) -> State:
    """Fill `draws` (n, dim), `stats` (n, 8) and, of steps that diverged, `where` (n, dim).

    `done` counts the steps for the caller, after an exception; it ends below n if the log
    density was +inf.
    """
    workspace, tuning = without_refcount(workspace), tuning_without_refcount(tuning)
    for t in range(draws.shape[0]):
        done[0] = t
        state, info = step(rng, state, density, data, tuning, workspace)
        write(state, info, tuning.step_size, draws[t], stats[t])
        if info.divergence_theta.size > 0:
            where[t] = info.divergence_theta
        if info.energy == -math.inf:
            return state
    done[0] = draws.shape[0]
    return state


@entry(
    STEP_FUNCTION,
    DENSITY,
    PACKED,
    RNG,
    STATE,
    TUNING,
    AVERAGING,
    FLOAT,
    MATRIX,
    MATRIX,
    MATRIX,
    MATRIX,
    MATRIX,
    PACKED,
)
def warmup_block(
    step: Step,
    density: Density,
    data: PackedData,
    rng: np.random.Generator,
    state: State,
    tuning: Tuning,
    search: DualAveraging,
    target: float,
    draws: FloatArray,
    grads: FloatArray,
    stats: FloatArray,
    where: FloatArray,
    workspace: FloatArray,
    done: NDArray[np.int64],
) -> tuple[State, DualAveraging]:
    """Do the same, and after every step let the search for the step size learn from it.

    The gradients at the draws go into `grads` (n, dim).
    """
    workspace, tuning = without_refcount(workspace), tuning_without_refcount(tuning)
    for t in range(draws.shape[0]):
        done[0] = t
        step_size = exp(search.log_step)
        now = Tuning(step_size, tuning.metric, tuning.max_length, tuning.jitter)
        state, info = step(rng, state, density, data, now, workspace)
        write(state, info, step_size, draws[t], stats[t])
        if info.divergence_theta.size > 0:
            where[t] = info.divergence_theta
        if info.energy == -math.inf:
            return state, search
        grads[t] = state.grad
        search = update(search, info.accept_prob, target)
    done[0] = draws.shape[0]
    return state, search
