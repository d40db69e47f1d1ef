"""Random-walk Metropolis: the accept test, the walk, and what it converges to."""

import math

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.compiling import bind
from mcmc_edu.samplers.metropolis import State, accepts, step, walk


def standard_normal(theta, data):
    total = 0.0
    for x in theta:
        total -= 0.5 * x * x
    return total


def half_normal(theta, data):
    return -0.5 * theta[0] * theta[0] if theta[0] > 0.0 else -math.inf


def nan_above_1(theta, data):
    return math.nan if theta[0] > 1.0 else -0.5 * theta[0] * theta[0]


def infinite_above_2(theta, data):
    return math.inf if theta[0] > 2.0 else 0.0


def run_walk(log_density, start, increments, uniforms):
    """Draws, log densities and acceptances of a walk along the given numbers."""
    density = bind(log_density)
    increments, uniforms = np.asarray(increments, float), np.asarray(uniforms, float)
    draws, logps = np.empty_like(increments), np.empty(len(uniforms))
    accepted = np.empty(len(uniforms), dtype=bool)
    start = np.asarray(start, float)
    done = walk(
        density.adapter,
        density.packed,
        start,
        density(start),
        increments,
        uniforms,
        draws,
        logps,
        accepted,
    )
    return draws, logps, accepted, done


def test_the_accept_test_is_on_logarithms() -> None:
    assert accepts(math.log(0.5), math.log(0.6))
    assert not accepts(math.log(0.6), math.log(0.5))
    assert accepts(-1e-12, 0.0)  # a proposal as good as the point is always taken
    assert accepts(-math.inf, -700.0)
    assert not accepts(math.log(1e-300), -math.inf)
    assert not accepts(math.log(1e-300), math.nan)


def test_three_steps_by_hand() -> None:
    """N(0, 1) from 0: to 1 the ratio is exp(-1/2) = 0.607, from 1 to 3 it is exp(-4) = 0.018."""
    draws, logps, accepted, done = run_walk(
        standard_normal, [0.0], [[1.0], [2.0], [2.0], [-1.0]], [0.60, 0.02, 0.01, 0.99]
    )
    assert draws[:, 0].tolist() == [1.0, 1.0, 3.0, 2.0]
    assert logps.tolist() == [-0.5, -0.5, -4.5, -2.0]
    assert accepted.tolist() == [True, False, True, True]
    assert done == 4


def test_a_rejection_records_the_point_where_the_chain_stays() -> None:
    draws, _, accepted, _ = run_walk(standard_normal, [0.5], np.full((5, 1), 50.0), np.full(5, 0.5))
    assert not accepted.any()
    assert (draws == 0.5).all()


def test_minus_infinity_and_nan_are_rejected() -> None:
    for log_density, jump in ((half_normal, -5.0), (nan_above_1, 5.0)):
        draws, logps, accepted, _ = run_walk(log_density, [0.5], [[jump]], [1e-300])
        assert not accepted[0]
        assert draws[0, 0] == 0.5
        assert logps[0] == -0.125


def test_plus_infinity_stops_the_walk_where_it_was_met() -> None:
    draws, _, _, done = run_walk(infinite_above_2, [0.0], np.ones((5, 1)), np.full(5, 0.5))
    assert done == 2
    assert draws[2, 0] == 3.0


def test_the_density_is_evaluated_once_a_step() -> None:
    """The log density of the current point is carried along, never computed again."""
    calls = []

    def counting(theta, grad, data):
        calls.append(theta.copy())
        return -0.5 * theta[0] ** 2

    plain = getattr(step, "py_func", step)
    state, infos = State(np.zeros(1), 0.0), []
    for t in range(7):
        state, info = plain(state, np.array([0.3]), math.log((t % 3 + 0.1) / 3), counting, None)
        infos.append(info.accepted)
    assert len(calls) == 7
    assert {True, False} == set(infos)


def test_step_leaves_its_input_alone() -> None:
    theta = np.zeros(2)
    density = bind(standard_normal)
    plain = getattr(step, "py_func", step)
    plain(State(theta, 0.0), np.ones(2), -10.0, lambda t, g, b: density(t), None)
    assert (theta == 0.0).all()


@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_exact_draws_stay_exact(scale: float) -> None:
    """Invariance: one transition from 100 000 independent exact draws leaves them exact."""
    rng = np.random.default_rng(3)
    n = 100_000
    density = bind(standard_normal)
    starts, increments = rng.normal(size=(n, 1)), scale * rng.normal(size=(n, 1))
    uniforms, after = rng.random(n), np.empty((n, 1))
    logps, accepted = np.empty(1), np.empty(1, dtype=bool)
    for k in range(n):
        walk(
            density.adapter,
            density.packed,
            starts[k],
            -0.5 * starts[k, 0] ** 2,
            increments[k : k + 1],
            uniforms[k : k + 1],
            after[k : k + 1],
            logps,
            accepted,
        )
    assert stats.kstest(after[:, 0], stats.norm.cdf).pvalue > 1e-4


COVARIANCE = np.array([[1.0, 1.2], [1.2, 4.0]])


def correlated(theta, data):
    (precision,) = data
    total = 0.0
    for i in range(2):
        for j in range(2):
            total -= 0.5 * theta[i] * precision[i, j] * theta[j]
    return total


@pytest.mark.parametrize(
    "sampler",
    [
        me.Metropolis(scale=1.2),
        me.Metropolis(scale=[0.9, 1.8]),
        me.Metropolis(covariance=2.0 * COVARIANCE),
    ],
    ids=["one sd", "an sd each", "covariance"],
)
def test_moments_of_a_correlated_normal(sampler: me.Metropolis) -> None:
    draws = me.sample(
        correlated,
        np.zeros(2),
        data=(np.linalg.inv(COVARIANCE),),
        sampler=sampler,
        draws=20_000,
        seed=5,
        names=["a", "b"],
    )
    assert 0.2 < draws.accept_rate < 0.6
    exact = {"a": 1.0, "b": 2.0}
    for name, sd in exact.items():
        x = draws[name]
        error = sd / math.sqrt(me.ess_bulk(x))
        assert abs(x.mean()) < 4.5 * error
        ess_of_square = me.ess_bulk(x**2)
        assert abs((x**2).mean() - sd**2) < 4.5 * math.sqrt(2.0) * sd**2 / math.sqrt(ess_of_square)
    products = draws["a"] * draws["b"]
    sd_of_product = math.sqrt(1.0 * 4.0 + 1.2**2)
    assert abs(products.mean() - 1.2) < 4.5 * sd_of_product / math.sqrt(me.ess_bulk(products))


def test_increments_have_the_covariance_asked_for() -> None:
    root = me.Metropolis(covariance=COVARIANCE).increment_chol(2)
    np.testing.assert_allclose(root @ root.T, COVARIANCE, rtol=1e-14)
    assert me.Metropolis(scale=[0.5, 2.0]).increment_chol(2).tolist() == [0.5, 2.0]
    assert me.Metropolis(scale=0.5).increment_chol(3).tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("sampler", "message"),
    [
        (lambda: me.Metropolis(), "needs the size of its steps"),
        (lambda: me.Metropolis(scale=1.0, covariance=np.eye(2)), "both"),
        (lambda: me.Metropolis(scale=[1.0, 2.0, 3.0]), r"scale has shape \(3,\)"),
        (lambda: me.Metropolis(scale=0.0), "standard deviations must be positive"),
        (lambda: me.Metropolis(scale=[1.0, math.nan]), "standard deviations must be positive"),
        (lambda: me.Metropolis(covariance=np.eye(3)), r"covariance has shape \(3, 3\)"),
        (lambda: me.Metropolis(covariance=[[1.0, 0.5], [0.1, 1.0]]), "not symmetric"),
        (lambda: me.Metropolis(covariance=[[1.0, 2.0], [2.0, 1.0]]), "not positive definite"),
    ],
)
def test_bad_settings_are_named(sampler, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        me.sample(standard_normal, np.zeros(2), sampler=sampler())
