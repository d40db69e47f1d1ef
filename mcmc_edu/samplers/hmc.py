"""Hamiltonian Monte Carlo: a fresh momentum, a trajectory of some length, accept its end or stay.

    1. draw a momentum p ~ N(0, M)
    2. make L leapfrog steps, from (theta, p) to (theta*, p*)
    3. accept theta* with probability min(1, exp(H(theta, p) - H(theta*, p*))), else stay

Turning p* around would make the proposal its own inverse, and changes nothing that is kept.  With
step size times L at half a period of the posterior the chain would swing to and fro for ever, so
that both are varied a little at random.

Source: S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth (1987), *Physics Letters B* 195,
216-222; R. M. Neal (2011), section 5.3.2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..compiling import FloatArray, compiled, entry, log
from .hamiltonian import (
    MAX_ENERGY_ERROR,
    STEP,
    Density,
    Info,
    PackedData,
    State,
    Tuning,
    acceptance,
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
    """One transition; `workspace` has at least 3 rows of the length of theta."""
    point = phase_point(workspace, 0)
    before = refresh_momentum(rng, state, tuning.metric, point)
    step_size, steps = jittered(rng, tuning)
    logp = state.logp
    for _ in range(steps):
        logp = leapfrog(point, step_size, tuning.metric, density, data)
        if logp == math.inf:  # no density, and to be reported
            break
    after = hamiltonian(logp, point.momentum, tuning.metric)
    error = after - before
    divergent = not error <= MAX_ENERGY_ERROR
    diverged_at = divergence_position(point.theta, state.theta, after, divergent)
    if log(rng.random()) < -error and after > -math.inf:
        state = State(point.theta.copy(), logp, point.grad.copy())
        before = after
    elif after == -math.inf:
        before = after
    return state, Info(acceptance(error), before, divergent, diverged_at, 0, steps, False)


@compiled
def jittered(rng: np.random.Generator, tuning: Tuning) -> tuple[float, int]:
    """Draw step size and number of steps of a trajectory, each within `jitter` of its tuning."""
    if tuning.jitter == 0.0:
        return tuning.step_size, tuning.max_length
    step_size = tuning.step_size * (1.0 + tuning.jitter * (2.0 * rng.random() - 1.0))
    fewest = max(1, math.ceil(tuning.max_length * (1.0 - tuning.jitter)))
    most = max(fewest, math.floor(tuning.max_length * (1.0 + tuning.jitter)))
    return step_size, fewest + int(rng.random() * (most - fewest + 1))


@dataclass(frozen=True, repr=False)
class HMC(HamiltonianSampler):
    """Hamiltonian Monte Carlo with trajectories of a given number of leapfrog steps.

    Parameters
    ----------
    steps
        Leapfrog steps of a trajectory, each with one gradient.
    jitter
        Largest share by which the number of steps and the step size are varied at random, from
        one trajectory to the next; 0 keeps both fixed.  The number of steps is whole: at 0.2 it
        varies only if `steps` is 5 or more.
    target_accept
        What the step size is tuned for: mean acceptance at the ends of trajectories.
    step_size, inv_metric, metric
        As in `NUTS`: with a step size given, nothing is adapted.
    """

    steps: int = 10
    jitter: float = 0.2

    kernel = step

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_count("steps", self.steps)
        if not 0.0 <= self.jitter < 1.0:
            raise ValueError(f"jitter is {self.jitter!r}; it must be at least 0 and below 1")

    @property
    def max_length(self) -> int:
        """What `Tuning.max_length` is here."""
        return self.steps
