"""Hamiltonian dynamics: give the position a momentum, and let the pair roll.

    H(theta, p) = -log p(theta) + p' M^-1 p / 2          energy = potential + kinetic
    d theta / dt = M^-1 p,     dp / dt = grad log p(theta)

With p ~ N(0, M) the pair has density exp(-H), and moving along a trajectory hardly changes H, so
that a far point can be proposed and accepted.  The leapfrog below is the only one of the package:
samplers, pictures and lessons call it.

Source: R. M. Neal (2011), MCMC using Hamiltonian dynamics, *Handbook of Markov Chain Monte Carlo*,
chapter 5.

    theta       position, the parameters          inverse     M^-1, "inv_metric": variances
    momentum    p, one number for each            chol_mass   Cholesky factor of M
    grad        gradient of log p at theta        step_size   time of one leapfrog step
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import (
    BOOL,
    DENSITY,
    FLOAT,
    INT,
    MATRIX,
    PACKED,
    RNG,
    VECTOR,
    FloatArray,
    compiled,
    exp,
    function,
    lean,
    pair,
    record,
)

Density = Callable[[FloatArray, FloatArray, NDArray[np.int64]], float]
PackedData = NDArray[np.int64]

MAX_ENERGY_ERROR = 1000.0
"""A trajectory whose energy rises by more has diverged (Stan's threshold)."""


class State(NamedTuple):
    """Where a chain is, and all that its next step needs to know."""

    theta: FloatArray
    logp: float
    grad: FloatArray


class Info(NamedTuple):
    """What happened in a step: what diagnostics and drawings need to know."""

    accept_prob: float
    """Mean of min(1, exp(-energy error)) over the points tried: what the step size is tuned by."""
    energy: float
    """H at the new state, with the momentum it was reached with."""
    divergent: bool
    """Whether the energy ran away: the step is too coarse for a place on the way."""
    divergence_theta: FloatArray
    """If divergent, where the step that went wrong was made (NUTS), or the trajectory began (HMC,
    GIST), shape (dim,); if the log density was +inf, the place; else empty."""
    depth: int
    """How often the trajectory was doubled (NUTS); 0 elsewhere."""
    n_gradients: int
    """How often the gradient was computed."""
    reached_limit: bool
    """Whether the trajectory ended only because it may not be longer (NUTS, GIST)."""


class Metric(NamedTuple):
    """The mass matrix M: shapes (1, dim) if diagonal, (dim, dim) if dense."""

    inverse: FloatArray
    """M^-1: best as the posterior's variances, or its covariance matrix."""
    chol_mass: FloatArray
    """Its Cholesky factor C, C C' = M, which makes momenta of standard normals."""


class Tuning(NamedTuple):
    """What a step is tuned by; fixed while it steps."""

    step_size: float
    metric: Metric
    max_length: int
    """Leapfrog steps (HMC), the most of them (GIST), the most doublings (NUTS)."""
    jitter: float
    """Share by which the step size and the number of steps jittered at random (HMC)."""


STATE = record(State, VECTOR, FLOAT, VECTOR)
METRIC = record(Metric, MATRIX, MATRIX)
TUNING = record(Tuning, FLOAT, METRIC, INT, FLOAT)
INFO = record(Info, FLOAT, FLOAT, BOOL, VECTOR, INT, INT, BOOL)
STEP = (RNG, STATE, DENSITY, PACKED, TUNING, MATRIX)
"""Arguments of every step: generator, state, log density and its data, tuning, workspace."""
STEP_FUNCTION = function(pair(STATE, INFO), *STEP)


class PhasePoint(NamedTuple):
    """A position, its momentum and the gradient there, shape (dim,) each; rows of a workspace."""

    theta: FloatArray
    momentum: FloatArray
    grad: FloatArray


@compiled
def phase_point(workspace: FloatArray, row: int) -> PhasePoint:
    """Three rows of a workspace; rows 0 to 2 are, in every sampler, the point that moves."""
    return PhasePoint(workspace[row], workspace[row + 1], workspace[row + 2])


@lean
def overwrite(target: FloatArray, source: FloatArray) -> None:
    """Do target[:] = source, without a look at whether they overlap."""
    for d in range(source.size):
        target[d] = source[d]


@lean
def copy(source: PhasePoint, target: PhasePoint) -> None:
    """Make `target` the same point as `source`."""
    overwrite(target.theta, source.theta)
    overwrite(target.momentum, source.momentum)
    overwrite(target.grad, source.grad)


@lean
def leapfrog(
    point: PhasePoint, step_size: float, metric: Metric, density: Density, data: PackedData
) -> float:
    """Move `point` by one step, in place; backward in time if `step_size` is negative.

    Returns the log density where it arrives.
    """
    half_kick(point, step_size)
    drift(point, step_size, metric)
    logp = density(point.theta, point.grad, data)
    half_kick(point, step_size)
    return logp


@lean
def half_kick(point: PhasePoint, step_size: float) -> None:
    """Half a step in momentum: p += (step_size / 2) grad log p."""
    for i in range(point.theta.size):
        point.momentum[i] += 0.5 * step_size * point.grad[i]


@lean
def drift(point: PhasePoint, step_size: float, metric: Metric) -> None:
    """Make a whole step in position: theta += step_size M^-1 p."""
    dim = point.theta.size
    if metric.inverse.shape[0] == 1:
        variance = metric.inverse[0]
        for i in range(dim):
            point.theta[i] += step_size * variance[i] * point.momentum[i]
    else:
        for i in range(dim):
            for j in range(dim):
                point.theta[i] += step_size * metric.inverse[i, j] * point.momentum[j]


@lean
def inner_products(
    metric: Metric, p: FloatArray, q: FloatArray, r: FloatArray
) -> tuple[float, float]:
    """Return p' M^-1 r and q' M^-1 r: how far two momenta point the way of a third."""
    dim = r.size
    of_p, of_q = 0.0, 0.0
    if metric.inverse.shape[0] == 1:
        variance = metric.inverse[0]
        for i in range(dim):
            velocity = variance[i] * r[i]
            of_p += p[i] * velocity
            of_q += q[i] * velocity
        return of_p, of_q
    for i in range(dim):
        velocity = 0.0
        for j in range(dim):
            velocity += metric.inverse[i, j] * r[j]
        of_p += p[i] * velocity
        of_q += q[i] * velocity
    return of_p, of_q


@lean
def hamiltonian(logp: float, momentum: FloatArray, metric: Metric) -> float:
    """H, the energy of a point; +inf where it is not a number, so that no test lets it pass."""
    twice_kinetic, _ = inner_products(metric, momentum, momentum, momentum)
    energy = 0.5 * twice_kinetic - logp
    return energy if energy == energy else math.inf


@lean
def acceptance(energy_error: float) -> float:
    """min(1, exp(-error)).  Python's min(1, nan) is 1; this comparison is not fooled."""
    return 1.0 if energy_error <= 0.0 else exp(-energy_error)


@compiled
def draw_momentum(rng: np.random.Generator, metric: Metric, momentum: FloatArray) -> None:
    """Fill `momentum` with a draw from N(0, M)."""
    dim = momentum.size
    if metric.chol_mass.shape[0] == 1:
        for i in range(dim):
            momentum[i] = metric.chol_mass[0, i] * rng.standard_normal()
    else:
        z = np.empty(dim)
        for i in range(dim):
            z[i] = rng.standard_normal()
        for i in range(dim):
            momentum[i] = 0.0
            for j in range(i + 1):
                momentum[i] += metric.chol_mass[i, j] * z[j]


@compiled
def refresh_momentum(
    rng: np.random.Generator, state: State, metric: Metric, point: PhasePoint
) -> float:
    """Put `point` at the chain's state with a fresh momentum; returns its energy."""
    overwrite(point.theta, state.theta)
    overwrite(point.grad, state.grad)
    draw_momentum(rng, metric, point.momentum)
    return hamiltonian(state.logp, point.momentum, metric)


@compiled
def divergence_position(
    here: FloatArray, before: FloatArray, energy: float, divergent: bool
) -> FloatArray:
    """Find `Info.divergence_theta`: `here` if the log density is +inf, `before` if divergent."""
    if energy == -math.inf:
        return here.copy()
    return before.copy() if divergent else np.empty(0)
