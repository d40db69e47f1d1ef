"""The no-U-turn sampler: double the trajectory until it turns round, then choose a point of it.

A trajectory through the state grows by doubling, forward or backward at random: by 1, 2, 4, ...
leaves, each a leapfrog step from the next.  It stops growing

* when the ends of it, or of one of the 2, 4, 8, ... aligned leaves it is built of, move towards
  each other (`is_turning`, and `merge_turns` for the two halves put together);
* when its energy runs away: a divergence;
* after `max_depth` doublings.

A doubling that turned or diverged inside is discarded whole.  The next state is a leaf, chosen with
probability proportional to exp(-H) within a doubling, and between the old trajectory and the
doubling with preference for the new.

This is the multinomial variant with the generalised criterion and the checks across subtrees, as
in Stan.  How the leaves of a doubling are made, chosen from and checked is in `subtree.py`.

Source: M. D. Hoffman, A. Gelman (2014), *Journal of Machine Learning Research* 15, 1593-1623;
M. Betancourt (2017), arXiv:1701.02434, appendix A; checks across subtrees: Stan, pull request 2800.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, entry, lean, log
from .hamiltonian import (
    STEP,
    Density,
    Info,
    Metric,
    PackedData,
    PhasePoint,
    State,
    Tuning,
    copy,
    divergence_position,
    overwrite,
    phase_point,
    refresh_momentum,
)
from .machinery.base import HamiltonianSampler
from .subtree import (
    CANDIDATE,
    DIVERGED,
    GROWN,
    INFINITE,
    LAST,
    LEFT,
    NEAR,
    NEW_RHO,
    OPEN,
    RHO,
    RHO_AB,
    RIGHT,
    SAMPLE,
    TURNED,
    build_subtree,
    log_add,
    merge_turns,
    workspace_rows,
    write_down,
)


@entry(*STEP)
def step(
    rng: np.random.Generator,
    state: State,
    density: Density,
    data: PackedData,
    tuning: Tuning,
    workspace: FloatArray,
) -> tuple[State, Info]:
    """One transition; `workspace` has at least `workspace_rows(max_depth)` rows."""
    state, info, _ = transition(rng, state, density, data, tuning, workspace, np.empty((0, 0)))
    return state, info


class Ending(NamedTuple):
    """Why a trajectory stopped growing."""

    how: int
    """GROWN (as deep as allowed), TURNED, DIVERGED or INFINITE."""
    leaves: int
    """Leaves of the last doubling."""
    span: int
    """How many of them, from the last, make the span that turned; 0 if the whole trajectory."""


@compiled
def transition(
    rng: np.random.Generator,
    state: State,
    density: Density,
    data: PackedData,
    tuning: Tuning,
    workspace: FloatArray,
    record: FloatArray,
) -> tuple[State, Info, Ending]:
    """Make a tree and choose from it; every leaf is written down if `record` has rows for it."""
    point = phase_point(workspace, 0)
    left, right = phase_point(workspace, LEFT), phase_point(workspace, RIGHT)
    energy0 = refresh_momentum(rng, state, tuning.metric, point)
    begin(point, left, right, workspace)
    logp, energy = state.logp, energy0
    log_weight, accept_sum, leaves, depth = 0.0, 0.0, 0, 0
    ending = Ending(GROWN, 0, 0)
    if record.shape[0] > 0:
        write_down(record[0], point, energy0, True)

    while depth < tuning.max_length:
        forward = rng.random() < 0.5
        end, other = (right, left) if forward else (left, right)
        copy(end, point)
        overwrite(workspace[NEAR], end.momentum)
        new = build_subtree(
            rng,
            point,
            1 << depth,
            forward,
            energy0,
            density,
            data,
            tuning,
            workspace,
            record,
            leaves,
        )
        depth += 1
        leaves += new.leaves
        accept_sum += new.accept_sum
        if new.ended != GROWN:
            ending = Ending(new.ended, new.leaves, new.span)
            break
        if log(rng.random()) < new.log_weight - log_weight:  # biased: prefer the new half
            overwrite(workspace[SAMPLE], workspace[CANDIDATE])
            overwrite(workspace[SAMPLE + 1], workspace[CANDIDATE + 1])
            logp, energy = new.logp, new.energy
        log_weight = log_add(log_weight, new.log_weight)
        copy(point, end)
        if whole_turns(other, point, tuning.metric, workspace):
            ending = Ending(TURNED, new.leaves, 0)
            break

    divergent = ending.how == DIVERGED
    if ending.how == INFINITE:
        energy = -math.inf
    diverged_at = divergence_position(point.theta, workspace[LAST], energy, divergent)
    info = Info(
        accept_sum / leaves, energy, divergent, diverged_at, depth, leaves, ending.how == GROWN
    )
    sample = State(workspace[SAMPLE].copy(), logp, workspace[SAMPLE + 1].copy())
    return sample, info, ending


@lean
def begin(point: PhasePoint, left: PhasePoint, right: PhasePoint, workspace: FloatArray) -> None:
    """Make the trajectory of one leaf, which is both its ends and its proposal."""
    copy(point, left)
    copy(point, right)
    overwrite(workspace[RHO], point.momentum)
    overwrite(workspace[SAMPLE], point.theta)
    overwrite(workspace[SAMPLE + 1], point.grad)


@lean
def whole_turns(
    other: PhasePoint, point: PhasePoint, metric: Metric, workspace: FloatArray
) -> bool:
    """Join the doubling that ends at `point` to the trajectory, and check whether the whole turns.

    If it does not, the momenta of the doubling are added to the trajectory's.
    """
    rho, new_rho, near, first_new = (
        workspace[RHO],
        workspace[NEW_RHO],
        workspace[NEAR],
        workspace[OPEN],
    )
    if merge_turns(
        metric, other.momentum, near, rho, first_new, point.momentum, new_rho, workspace[RHO_AB]
    ):
        return True
    for i in range(rho.size):
        rho[i] += new_rho[i]
    return False


@dataclass(frozen=True, repr=False)
class NUTS(HamiltonianSampler):
    """The no-U-turn sampler.

    Parameters
    ----------
    max_depth
        The most doublings: a trajectory has up to 2**max_depth - 1 leapfrog steps.
    step_size
        Time of a leapfrog step.  If given, nothing is adapted, the metric included; if not, it is
        found during warm-up.
    inv_metric
        Inverse mass matrix, best as the posterior's variances, shape ``(dim,)``, or its
        covariance matrix, shape ``(dim, dim)``; if neither this nor the step size is given, it is
        found during warm-up.
    target_accept
        What the step size is tuned for: mean acceptance along trajectories, between 0 and 1.
        Larger means shorter steps, which get into narrower corners.
    metric
        How warm-up estimates `inv_metric`; see `mcmc_edu.samplers.warmup`.
    """

    max_depth: int = 10

    kernel = step

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_count("max_depth", self.max_depth)

    @property
    def max_length(self) -> int:
        """What `Tuning.max_length` is here."""
        return self.max_depth

    @property
    def rows(self) -> int:
        """Rows of the workspace."""
        return workspace_rows(self.max_depth)
