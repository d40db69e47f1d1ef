"""One doubling of a NUTS tree: new leaves in a row, and whether any block of them turns.

Which leaf of a doubling wins is decided by tickets: each draws log weight - log E with E ~ Exp(1),
and the largest wins, which is a choice in proportion to the weights that can be made in any order.
No tree is stored: leaf i completes the blocks that end there, and of the blocks that are still open
only the first leaf is remembered.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, exp, lean, log
from .hamiltonian import (
    MAX_ENERGY_ERROR,
    Box,
    Density,
    Metric,
    PhasePoint,
    Tuning,
    acceptance,
    hamiltonian,
    inner_of_two,
    leapfrog,
    overwrite,
)

GROWN, TURNED, DIVERGED, INFINITE = 0, 1, 2, 3
"""How a doubling can end."""

LEFT, RIGHT, CANDIDATE, SAMPLE, RHO, NEW_RHO, NEAR, RHO_A, RHO_B, RHO_AB, LAST, OPEN = (
    3,
    6,
    9,
    11,
    13,
    14,
    15,
    16,
    17,
    18,
    19,
    20,
)
"""Rows of the workspace; from OPEN on, three for each doubling (see `OpenBlocks`)."""


def workspace_rows(max_depth: int) -> int:
    """Rows that a workspace needs for trees of this depth."""
    return OPEN + 3 * max(1, max_depth)


class Doubling(NamedTuple):
    """What the new leaves come to.  Their candidate, its gradient and the sum of their momenta are
    in the workspace.
    """

    ended: int
    leaves: int
    block: int
    log_weight: float
    """log sum of exp(H at the start - H)."""
    accept_sum: float
    logp: float
    energy: float


class OpenBlocks(NamedTuple):
    """The first leaves of blocks that are not complete, shape (max_depth, dim) each.

    Leaf i is kept in row bits(i - 1): the next leaf of as many or fewer bits comes when every
    block that begins with leaf i has ended.
    """

    first: FloatArray
    """Momentum of the leaf."""
    previous: FloatArray
    """Momentum of the leaf before it."""
    before: FloatArray
    """Sum of the momenta of all leaves before it."""


@lean
def extend(
    rng: np.random.Generator,
    point: PhasePoint,
    leaves: int,
    forward: bool,
    energy0: float,
    density: Density,
    box: Box,
    tuning: Tuning,
    workspace: FloatArray,
    record: FloatArray,
    recorded: int,
) -> Doubling:
    """Move the point on by a number of leaves, a power of 2, unless they turn or diverge."""
    total, last = workspace[NEW_RHO], workspace[LAST]
    rows = (workspace.shape[0] - OPEN) // 3
    blocks = OpenBlocks(
        workspace[OPEN : OPEN + rows],
        workspace[OPEN + rows : OPEN + 2 * rows],
        workspace[OPEN + 2 * rows : OPEN + 3 * rows],
    )
    step_size = tuning.step_size if forward else -tuning.step_size
    total[:] = 0.0
    log_weight, accept_sum, best = -math.inf, 0.0, -math.inf
    candidate_logp, candidate_energy = -math.inf, math.inf

    for i in range(1, leaves + 1):
        row = bits(i - 1)
        for d in range(total.size):
            blocks.previous[row, d] = point.momentum[d]
            blocks.before[row, d] = total[d]
            last[d] = point.theta[d]
        logp = leapfrog(point, step_size, tuning.metric, density, box)
        energy = hamiltonian(logp, point.momentum, tuning.metric)
        for d in range(total.size):
            blocks.first[row, d] = point.momentum[d]
            total[d] += point.momentum[d]
        if record.shape[0] > 0:
            write_down(record[recorded + i], point, energy, forward)

        error = energy - energy0
        accept_sum += acceptance(error)
        if energy == -math.inf or not error <= MAX_ENERGY_ERROR:
            ended = INFINITE if energy == -math.inf else DIVERGED
            return Doubling(ended, i, 0, log_weight, accept_sum, logp, energy)
        log_weight = log_add(log_weight, -error)
        ticket = -error - log(rng.standard_exponential())
        if ticket > best:
            best, candidate_logp, candidate_energy = ticket, logp, energy
            overwrite(workspace[CANDIDATE], point.theta)
            overwrite(workspace[CANDIDATE + 1], point.grad)
        turned = block_that_turns(i, point.momentum, total, blocks, tuning.metric, workspace)
        if turned > 0:
            return Doubling(TURNED, i, turned, log_weight, accept_sum, logp, energy)
    return Doubling(GROWN, leaves, 0, log_weight, accept_sum, candidate_logp, candidate_energy)


@lean
def block_that_turns(
    i: int,
    last: FloatArray,
    total: FloatArray,
    blocks: OpenBlocks,
    metric: Metric,
    workspace: FloatArray,
) -> int:
    """Length of the smallest block that ends with leaf i and turns; 0 if none does."""
    rho_a, rho_b, scratch = workspace[RHO_A], workspace[RHO_B], workspace[RHO_AB]
    size = 2
    while i % size == 0:
        a, b = bits(i - size), bits(i - size // 2)  # rows of the two halves' first leaves
        for d in range(last.size):
            rho_a[d] = blocks.before[b, d] - blocks.before[a, d]
            rho_b[d] = total[d] - blocks.before[b, d]
        if size == 2:  # of two leaves, the three checks of a merge are one
            for d in range(last.size):
                rho_a[d] += rho_b[d]
            if is_turning(metric, blocks.first[a], last, rho_a):
                return size
        elif merge_turns(
            metric,
            blocks.first[a],
            blocks.previous[b],
            rho_a,
            blocks.first[b],
            last,
            rho_b,
            scratch,
        ):
            return size
        size *= 2
    return 0


@lean
def merge_turns(
    metric: Metric,
    first_a: FloatArray,
    last_a: FloatArray,
    rho_a: FloatArray,
    first_b: FloatArray,
    last_b: FloatArray,
    rho_b: FloatArray,
    scratch: FloatArray,
) -> bool:
    """Whether two halves a and b turn once they are put together: over their whole length, or
    from either one to the nearest leaf of the other.

    `rho` is the sum of the momenta of a half; momenta as they are met when leaving the start.
    """
    for d in range(scratch.size):
        scratch[d] = rho_a[d] + rho_b[d]
    if is_turning(metric, first_a, last_b, scratch):
        return True
    for d in range(scratch.size):
        scratch[d] = rho_a[d] + first_b[d]
    if is_turning(metric, first_a, first_b, scratch):
        return True
    for d in range(scratch.size):
        scratch[d] = last_a[d] + rho_b[d]
    return is_turning(metric, last_a, last_b, scratch)


@lean
def is_turning(metric: Metric, first: FloatArray, last: FloatArray, rho: FloatArray) -> bool:
    """Whether either end has stopped moving along the whole, rho (the sum of all momenta)."""
    along_first, along_last = inner_of_two(metric, first, last, rho)
    return not (along_first > 0.0 and along_last > 0.0)


@lean
def bits(n: int) -> int:
    """Count the ones of n in binary."""
    count = 0
    while n > 0:
        n &= n - 1
        count += 1
    return count


@lean
def log_add(a: float, b: float) -> float:
    """log(exp(a) + exp(b))."""
    high, low = (a, b) if a > b else (b, a)
    return high if low == -math.inf else high + math.log1p(exp(low - high))


@lean
def write_down(row: FloatArray, point: PhasePoint, energy: float, forward: bool) -> None:
    """Record a leaf: theta, momentum, energy, and the direction it was reached in."""
    dim = point.theta.size
    overwrite(row, point.theta)
    overwrite(row[dim:], point.momentum)
    row[2 * dim] = energy
    row[2 * dim + 1] = 1.0 if forward else -1.0
