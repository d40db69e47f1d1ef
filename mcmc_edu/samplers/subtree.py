"""One doubling of a NUTS tree: new leaves in a row, and whether any span of them turns.

The leaf that a doubling proposes is chosen by the Gumbel-max trick: each leaf draws the key
log weight - log E with E ~ Exp(1), and the largest key wins.  That is a choice in proportion to the
weights, and can be made one leaf at a time.  No tree is stored: leaf i completes the spans that end
there, and of the spans that are still open only the first leaf is remembered.

Source of the trick: C. J. Maddison, D. Tarlow, T. Minka (2014), A* sampling, *NeurIPS* 27.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, exp, lean, log
from .hamiltonian import (
    MAX_ENERGY_ERROR,
    Density,
    Metric,
    PackedData,
    PhasePoint,
    Tuning,
    acceptance,
    hamiltonian,
    inner_products,
    leapfrog,
    overwrite,
)

GROWN, TURNED, DIVERGED, INFINITE = 0, 1, 2, 3
"""How a doubling can end."""

# Rows of the workspace, after the point that moves (rows 0 to 2, see `phase_point`):
LEFT = 3  # the left end of the trajectory: theta, momentum, gradient
RIGHT = 6  # the right end
CANDIDATE = 9  # the leaf that the doubling proposes: theta, gradient
SAMPLE = 11  # the leaf that the trajectory proposes: theta, gradient
RHO = 13  # sum of the momenta of the trajectory
NEW_RHO = 14  # sum of the momenta of the doubling
NEAR = 15  # momentum of the trajectory's end to which the doubling is joined
RHO_A, RHO_B, RHO_AB = 16, 17, 18  # sums of the momenta of two halves, and of both
LAST = 19  # theta before the last step
OPEN = 20  # from here on, three for each doubling: see `OpenSpans`


def workspace_rows(max_depth: int) -> int:
    """Rows that a workspace needs for trees of this depth."""
    return OPEN + 3 * max(1, max_depth)


class Subtree(NamedTuple):
    """Sums over the new leaves.

    Their candidate, its gradient and the sum of their momenta are in the workspace.
    """

    ended: int
    leaves: int
    span: int
    log_weight: float
    """log sum of exp(H at the start - H)."""
    accept_sum: float
    logp: float
    energy: float


class OpenSpans(NamedTuple):
    """The first leaves of spans that are not complete, shape (max_depth, dim) each.

    Leaf i is kept in row bits(i - 1): the next leaf of as many or fewer bits comes when every
    span that begins with leaf i has ended.
    """

    first: FloatArray
    """Momentum of the leaf."""
    previous: FloatArray
    """Momentum of the leaf before it."""
    before: FloatArray
    """Sum of the momenta of all leaves before it."""


@lean
def build_subtree(
    rng: np.random.Generator,
    point: PhasePoint,
    leaves: int,
    forward: bool,
    energy0: float,
    density: Density,
    data: PackedData,
    tuning: Tuning,
    workspace: FloatArray,
    record: FloatArray,
    recorded: int,
) -> Subtree:
    """Move the point on by a number of leaves, a power of 2, unless they turn or diverge."""
    total, last = workspace[NEW_RHO], workspace[LAST]
    rows = (workspace.shape[0] - OPEN) // 3
    spans = OpenSpans(
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
            spans.previous[row, d] = point.momentum[d]
            spans.before[row, d] = total[d]
            last[d] = point.theta[d]
        logp = leapfrog(point, step_size, tuning.metric, density, data)
        energy = hamiltonian(logp, point.momentum, tuning.metric)
        for d in range(total.size):
            spans.first[row, d] = point.momentum[d]
            total[d] += point.momentum[d]
        if record.shape[0] > 0:
            write_down(record[recorded + i], point, energy, forward)

        error = energy - energy0
        accept_sum += acceptance(error)
        if energy == -math.inf or not error <= MAX_ENERGY_ERROR:
            ended = INFINITE if energy == -math.inf else DIVERGED
            return Subtree(ended, i, 0, log_weight, accept_sum, logp, energy)
        log_weight = log_add(log_weight, -error)
        gumbel_key = -error - log(rng.standard_exponential())
        if gumbel_key > best:
            best, candidate_logp, candidate_energy = gumbel_key, logp, energy
            overwrite(workspace[CANDIDATE], point.theta)
            overwrite(workspace[CANDIDATE + 1], point.grad)
        turned = span_that_turns(i, point.momentum, total, spans, tuning.metric, workspace)
        if turned > 0:
            return Subtree(TURNED, i, turned, log_weight, accept_sum, logp, energy)
    return Subtree(GROWN, leaves, 0, log_weight, accept_sum, candidate_logp, candidate_energy)


@lean
def span_that_turns(
    i: int,
    last: FloatArray,
    total: FloatArray,
    spans: OpenSpans,
    metric: Metric,
    workspace: FloatArray,
) -> int:
    """Length of the smallest span that ends with leaf i and turns; 0 if none does."""
    rho_a, rho_b, scratch = workspace[RHO_A], workspace[RHO_B], workspace[RHO_AB]
    size = 2
    while i % size == 0:
        a, b = bits(i - size), bits(i - size // 2)  # rows of the two halves' first leaves
        for d in range(last.size):
            rho_a[d] = spans.before[b, d] - spans.before[a, d]
            rho_b[d] = total[d] - spans.before[b, d]
        if size == 2:  # of two leaves, the three checks of a merge are one
            for d in range(last.size):
                rho_a[d] += rho_b[d]
            if is_turning(metric, spans.first[a], last, rho_a):
                return size
        elif merge_turns(
            metric, spans.first[a], spans.previous[b], rho_a, spans.first[b], last, rho_b, scratch
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
    """Check whether two halves a and b turn once they are put together.

    The whole length counts, and the way from either half to the nearest leaf of the other.

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
    along_first, along_last = inner_products(metric, first, last, rho)
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
