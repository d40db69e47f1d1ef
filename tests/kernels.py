"""Hamiltonian kernels under test: one transition of any sampler, or one from each of many starts.

Everything goes through the package's own compiled entries, so that nothing is compiled for a test
that a chain does not run.
"""

import warnings
from typing import Any

import numpy as np

import mcmc_edu as me
from mcmc_edu.compiling import (
    DENSITY,
    MATRIX,
    PACKED,
    RNG,
    UNCOMPILED,
    BoundDensity,
    ObjectModeWarning,
    bind,
    entry,
)
from mcmc_edu.samplers.hamiltonian import STEP_FUNCTION, TUNING, Info, State
from mcmc_edu.targets import Target

SAMPLERS = {"HMC": me.HMC(steps=7), "GIST": me.GIST(), "NUTS": me.NUTS()}


def plain(function: Any) -> Any:
    """A compiled function as it was written."""
    return getattr(function, "py_func", function)


def bind_python(log_density: Any, data: Any = ()) -> BoundDensity:
    """Bind a density that cannot be compiled, for example because it keeps a record."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ObjectModeWarning)
        return bind(log_density, data)


def bound(target: Target) -> BoundDensity:
    return bind(target.log_density, target.data)


def state_at(density: BoundDensity, theta: Any) -> State:
    theta, grad = np.array(theta, dtype=float), np.empty(len(theta))
    return State(theta, density.with_gradient(theta, grad), grad)


def step(sampler: Any, rng: Any, state: State, density: BoundDensity, tuning: Any = None) -> Any:
    """One transition: the new state, and Info."""
    dim = state.theta.size
    state, info = sampler.kernel(
        rng,
        state,
        density.adapter,
        density.packed,
        tuning or sampler.tuning(dim),
        np.empty((sampler.rows, dim)),
    )
    return State(*state), Info(*info)


@entry(STEP_FUNCTION, DENSITY, PACKED, RNG, TUNING, MATRIX, MATRIX, MATRIX, MATRIX)
def _step_from_each(step, density, data, rng, tuning, starts, after, logps, workspace):
    for k in range(starts.shape[0]):
        grad = np.empty(starts.shape[1])
        logps[0, k] = density(starts[k], grad, data)
        state, _ = step(
            rng, State(starts[k].copy(), logps[0, k], grad), density, data, tuning, workspace
        )
        after[k] = state.theta
        logps[1, k] = state.logp


def step_from_each(sampler: Any, target: Target, starts: Any, seed: int) -> Any:
    """One transition from each of `starts` (n, dim): where it led, and logp (2, n) of both."""
    density, (n, dim) = bound(target), starts.shape
    sampler.load()
    after, logps = np.empty((n, dim)), np.empty((2, n))
    _step_from_each(
        sampler.kernel.dispatcher,
        density.adapter,
        density.packed,
        np.random.default_rng(seed),
        sampler.tuning(dim),
        starts,
        after,
        logps,
        np.empty((sampler.rows, dim)),
    )
    return after, logps


def many(n: int) -> int:
    """How many transitions to make: fewer where nothing is compiled."""
    return max(200, n // 100) if UNCOMPILED else n
