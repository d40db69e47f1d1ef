"""The no-U-turn idea in thirty lines: go until the way back begins, and stop somewhere before.

    M(theta, p)   leapfrog steps until (theta_m - theta) . p_m < 0: the trajectory turns round
    1. draw p ~ N(0, M), count m = M(theta, p), draw L uniformly from 1, ..., m
    2. make L leapfrog steps to (theta*, p*); count from there, back in time, m* = M(theta*, -p*)
    3. accept theta* with probability min(1, exp(H - H*) m / m*) if L <= m*, else stay

Why the factor: L had probability 1 / m on the way there and has 1 / m* on the way back.  Drawing
the number of steps like a momentum, from a distribution that knows the position, is all there is to
it (GIST: Gibbs self-tuning).

Source: N. Bou-Rabee, B. Carpenter, M. Marsden (2024), arXiv:2404.15253.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, entry, lean, log
from .hamiltonian import (
    MAX_ENERGY_ERROR,
    STEP,
    Density,
    Info,
    PackedData,
    PhasePoint,
    State,
    Tuning,
    acceptance,
    copy,
    divergence_position,
    hamiltonian,
    leapfrog,
    phase_point,
    refresh_momentum,
)
from .machinery.base import HamiltonianSampler


@entry(*STEP)
def step(
    rng: np.random.Generator,
    state: State,
    density: Density,
    data: PackedData,
    tuning: Tuning,
    workspace: FloatArray,
) -> tuple[State, Info]:
    """One transition; `workspace` has at least 9 rows of the length of theta."""
    point = phase_point(workspace, 0)
    start, proposal = phase_point(workspace, 3), phase_point(workspace, 6)
    before = refresh_momentum(rng, state, tuning.metric, point)
    copy(point, start)
    there = steps_to_turn(point, start, state.logp, 1.0, tuning, density, data)
    if there.infinite:
        return state, report_infinite(point, state, there.steps)
    length = 1 + int(rng.random() * there.steps)

    copy(start, point)
    logp = state.logp
    for _ in range(length):
        logp = leapfrog(point, tuning.step_size, tuning.metric, density, data)
    after = hamiltonian(logp, point.momentum, tuning.metric)
    error = after - before
    divergent = there.ran_away
    diverged_at = divergence_position(point.theta, state.theta, after, divergent)
    gradients = there.steps + length

    if error <= MAX_ENERGY_ERROR:
        copy(point, proposal)
        back = steps_to_turn(point, proposal, logp, -1.0, tuning, density, data)
        gradients += back.steps
        if back.infinite:
            return state, report_infinite(point, state, gradients)
        log_ratio = log(there.steps / back.steps) - error
        if length <= back.steps and log(rng.random()) < log_ratio:
            state = State(proposal.theta.copy(), logp, proposal.grad.copy())
            before = after
    return state, Info(
        acceptance(error), before, divergent, diverged_at, 0, gradients, there.reached_limit
    )


class Way(NamedTuple):
    """How far a trajectory went until it turned, and whether that is what ended it."""

    steps: int
    ran_away: bool
    """The energy did: a divergence."""
    reached_limit: bool
    """No more steps are allowed."""
    infinite: bool
    """The log density was +inf."""


@compiled
def report_infinite(point: PhasePoint, state: State, gradients: int) -> Info:
    """Return the info of a step that met a log density of +inf at this point."""
    diverged_at = divergence_position(point.theta, state.theta, -math.inf, False)
    return Info(1.0, -math.inf, False, diverged_at, 0, gradients, False)


@lean
def steps_to_turn(
    point: PhasePoint,
    start: PhasePoint,
    logp: float,
    direction: float,
    tuning: Tuning,
    density: Density,
    data: PackedData,
) -> Way:
    """Move `point` on from `start` until it comes back, or its energy runs away; count the steps.

    `direction` is 1 forward in time, -1 backward.
    """
    first = hamiltonian(logp, start.momentum, tuning.metric)
    for steps in range(1, tuning.max_length + 1):
        logp = leapfrog(point, direction * tuning.step_size, tuning.metric, density, data)
        energy = hamiltonian(logp, point.momentum, tuning.metric)
        away = 0.0
        for i in range(point.theta.size):
            away += direction * (point.theta[i] - start.theta[i]) * point.momentum[i]
        ran_away = not energy - first <= MAX_ENERGY_ERROR
        infinite = logp == math.inf
        if away < 0.0 or ran_away or infinite:
            return Way(steps, ran_away, False, infinite)
    return Way(tuning.max_length, False, True, False)


@dataclass(frozen=True, repr=False)
class GIST(HamiltonianSampler):
    """Hamiltonian Monte Carlo that finds its number of steps at every state.

    Parameters
    ----------
    max_steps
        The most leapfrog steps before turning.
    target_accept
        What the step size is tuned for: mean acceptance of proposals, their energy alone counted.
    step_size, inv_metric, metric
        As in `NUTS`.
    """

    max_steps: int = 1024

    kernel = step

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_count("max_steps", self.max_steps)

    @property
    def max_length(self) -> int:
        """What `Tuning.max_length` is here."""
        return self.max_steps
