"""GIST: the same draws as its definition in plain Python, on which nothing is saved."""

import math

import numpy as np
import pytest
from kernels import bound, plain, state_at, step
from recursive_nuts import Hamiltonian, Point, energy, leapfrog

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import bind


def turning_time(h: Hamiltonian, start: Point, step_size: float, limit: int) -> tuple[int, bool]:
    """M(theta, p): steps until the distance to the start shrinks, or the energy runs away."""
    point, m, ran_away = start, 0, False
    while m < limit:
        point, m = leapfrog(h, point, step_size), m + 1
        ran_away = not energy(h, point) - energy(h, start) <= 1000.0
        if ran_away or (point.theta - start.theta) @ point.momentum < 0.0:
            break
    return m, ran_away


def gist(rng, h: Hamiltonian, theta, step_size: float, limit: int):
    """The next theta, and what the test needs to know of how it came about."""
    start = Point(theta, h.momentum(rng), *h.log_density(theta))
    there, ran_away = turning_time(h, start, step_size, limit)
    length, end = 1 + int(rng.random() * there), start
    for _ in range(length):
        end = leapfrog(h, end, step_size)
    error = energy(h, end) - energy(h, start)
    if not error <= 1000.0:
        return theta, error, there + length, "divergence", True
    flipped = end._replace(momentum=-end.momentum)
    back, _ = turning_time(h, flipped, step_size, limit)
    gradients = there + length + back
    if length > back:
        return theta, error, gradients, "no way back", ran_away
    if math.log(rng.random()) < math.log(there) - math.log(back) - error:
        return end.theta, error, gradients, "accepted", ran_away
    return theta, error, gradients, "rejected", ran_away


CASES = {
    "normal": (targets.normal([[1.0, 1.2], [1.2, 4.0]]), 0.6, 64, None, set()),
    "dense metric": (targets.normal([1.0, 4.0]), 0.5, 64, [[1.0, 0.3], [0.3, 2.0]], set()),
    "cut off": (targets.normal([1.0, 4.0]), 0.2, 5, None, set()),
    "banana": (targets.banana(2.0, 0.5), 0.5, 100, [4.0, 1.0], set()),
    "centred schools": (targets.eight_schools_centered(), 0.6, 60, None, {"divergence"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_draws_as_by_definition(case) -> None:
    target, step_size, limit, inv_metric, expected = case
    written = plain(target.log_density)

    def log_density(theta):
        grad = np.empty(theta.size)
        with np.errstate(all="ignore"):
            logp = written(theta, grad, target.data)
        return (-math.inf if math.isnan(logp) else logp), grad

    inverse = np.ones(target.dim) if inv_metric is None else np.array(inv_metric)
    sampler = me.GIST(step_size=step_size, max_steps=limit, inv_metric=inv_metric)
    density, rng, twin = bound(target), np.random.default_rng(1), np.random.default_rng(1)
    state, outcomes = state_at(density, target.start), set()
    for _ in range(150):
        theta, error, gradients, outcome, ran_away = gist(
            twin, Hamiltonian(log_density, inverse), state.theta, step_size, limit
        )
        state, info = step(sampler, rng, state, density)
        outcomes.add(outcome)
        np.testing.assert_allclose(state.theta, theta, rtol=1e-11, atol=1e-11)
        assert info.n_gradients == gradients
        assert info.divergent == ran_away
        assert (info.divergence_theta.size > 0) == info.divergent
        assert info.accept_prob == pytest.approx(math.exp(min(0.0, -error)), rel=1e-9)
    assert outcomes >= {"accepted", "no way back"} | expected or limit == 5


def rises_for_ever(theta, grad, data):
    grad[0] = 1.0
    return theta[0]


def test_the_number_of_steps_has_a_limit() -> None:
    density = bind(rises_for_ever)
    sampler = me.GIST(step_size=1.0, max_steps=17)
    _, info = step(sampler, np.random.default_rng(2), state_at(density, [0.0]), density)
    assert info.n_gradients <= 17 + 17 + 17
    assert info.n_gradients > 17
