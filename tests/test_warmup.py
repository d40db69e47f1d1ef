"""Warm-up: step size, windows and metric, each against what can be worked out by hand."""

import itertools
import math

import numpy as np
import pytest
from kernels import SAMPLERS, bound, state_at

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.samplers import warmup
from mcmc_edu.samplers.warmup import (
    METRICS,
    DualAveraging,
    dual_averaging,
    early_windows,
    stan_windows,
    update,
)


def test_dual_averaging_three_steps_by_hand() -> None:
    """From 0.5, target 0.8, acceptances 1, 0.5 and 0; the mean errors come to -0.2 / 11, 0.1 / 12
    and 0.9 / 13.
    """
    centre, w2, w3 = math.log(5.0), 2.0**-0.75, 3.0**-0.75
    search = dual_averaging(0.5)
    assert search.log_step == math.log(0.5)
    first = centre + 4.0 / 11.0
    second = centre - math.sqrt(2.0) / 6.0
    third = centre - math.sqrt(3.0) * 18.0 / 13.0
    average = first
    search = update(search, 1.0, 0.8)
    assert search[:2] == pytest.approx((first, average), rel=1e-14)
    average = (1.0 - w2) * average + w2 * second
    search = update(search, 0.5, 0.8)
    assert search[:2] == pytest.approx((second, average), rel=1e-14)
    average = (1.0 - w3) * average + w3 * third
    search = update(search, 0.0, 0.8)
    assert search[:2] == pytest.approx((third, average), rel=1e-14)
    assert search.steps == 3.0


@pytest.mark.parametrize("target", [0.6, 0.8, 0.95])
def test_dual_averaging_finds_where_acceptance_is_on_target(target: float) -> None:
    """Acceptance exp(-step): the answer is -log(target)."""
    search = DualAveraging(*dual_averaging(1.0))
    for _ in range(2000):
        search = update(search, math.exp(-math.exp(search.log_step)), target)
    assert math.exp(search.log_average) == pytest.approx(-math.log(target), rel=0.1)


@pytest.mark.parametrize(
    ("length", "ends"),
    [
        (1000, [99, 149, 249, 449, 949]),
        (2000, [99, 149, 249, 449, 849, 1949]),
        (500, [99, 149, 249, 449]),
        (400, [99, 149, 349]),
        (350, [99, 149, 299]),
        (300, [99, 149, 249]),
        (200, [99, 149]),
        (150, [99]),
    ],
)
def test_windows_are_stans(length: int, ends: list[int]) -> None:
    found = stan_windows(length)
    assert [last for _, last in found] == ends
    assert [first for first, _ in found] == [75, *(last + 1 for last in ends[:-1])]


def test_windows_of_the_scores_begin_early() -> None:
    ends = [19, 39, 79, 159, 319, 849]
    assert early_windows(1000) == list(zip([10, *(t + 1 for t in ends)], ends, strict=False))


@pytest.mark.parametrize("length", [*range(20, 202), 250, 949, 950, 5000])
def test_windows_lie_within_warm_up_and_join(length: int) -> None:
    rest_of_stans = 50 if length >= 150 else max(10, length // 10)
    rest_of_early = max(10, int(0.15 * length))
    for windows, rest in ((stan_windows, rest_of_stans), (early_windows, rest_of_early)):
        found = windows(length)
        assert found[0][0] > 0
        assert found[-1][1] == length - 1 - rest  # room to find a step size for the last metric
        for (first, last), (following, _) in itertools.pairwise(found):
            assert last + 1 == following
            assert last > first


def test_a_very_short_warm_up_has_no_window() -> None:
    for windows in (stan_windows, early_windows):
        assert [windows(n) for n in (0, 1, 5, 18)] == [[]] * 4
        assert windows(20) == [(3, 9)]
    assert stan_windows(100) == [(15, 39), (40, 89)]
    assert early_windows(100) == [(10, 19), (20, 39), (40, 84)]


def test_variances_are_drawn_towards_a_thousandth() -> None:
    """Of 1, 2, 6 the variance is 7: (3 * 7 + 5 * 0.001) / 8."""
    draws = np.array([[1.0], [2.0], [6.0]])
    for name in ("variance", "dense"):
        assert METRICS[name].of(draws, -draws).inverse[0, 0] == pytest.approx(21.005 / 8, rel=1e-14)
    both = METRICS["dense"].of(np.array([[1.0, 0.0], [2.0, 3.0], [6.0, 0.0]]), draws)
    np.testing.assert_allclose(
        both.inverse, [[21.005 / 8, 3 * -1.5 / 8], [3 * -1.5 / 8, 9.005 / 8]], rtol=1e-14
    )


def test_scores_know_the_variance_of_a_normal_from_any_draws() -> None:
    rng, sd = np.random.default_rng(1), np.array([1e-6, 0.1, 1.0, 1e5])
    draws = 7.0 * sd + 0.01 * sd * rng.standard_normal((5, 4))
    found = METRICS["scores"].of(draws, -draws / sd**2)
    np.testing.assert_allclose(found.inverse[0], sd**2, rtol=1e-6)


def test_scores_of_a_chain_that_has_not_moved_change_nothing() -> None:
    draws = np.zeros((10, 3))
    draws[:, 2] = np.arange(10.0)
    found = METRICS["scores"].of(draws, np.column_stack([np.zeros((10, 2)), -4.0 * draws[:, 2]]))
    np.testing.assert_allclose(found.inverse[0], [1.0, 1.0, 0.25], rtol=1e-14)


@pytest.mark.parametrize("name", METRICS)
def test_metrics_approach_the_truth(name: str) -> None:
    rng, n = np.random.default_rng(2), 20_000
    target = targets.normal([[1.0, 1.2], [1.2, 4.0]])
    draws = target.exact_draws(rng, n)
    precision = np.linalg.inv([[1.0, 1.2], [1.2, 4.0]])
    found = METRICS[name].of(draws, -draws @ precision)
    # scores: sqrt(variance / variance of the gradient, which is the precision's diagonal)
    truth = {
        "variance": [[1.0, 4.0]],
        "scores": [np.sqrt(np.array([1.0, 4.0]) / np.diag(precision))],
        "dense": [[1.0, 1.2], [1.2, 4.0]],
    }[name]
    np.testing.assert_allclose(found.inverse, truth, rtol=4.5 * math.sqrt(2.0 / n) + 1e-3)
    root = np.diag(found.chol_mass[0]) if len(found.chol_mass) == 1 else found.chol_mass
    inverse = np.diag(found.inverse[0]) if len(found.inverse) == 1 else found.inverse
    np.testing.assert_allclose(root @ root.T @ inverse, np.eye(2), atol=1e-12)


def replayed_first_step(rng, target, theta, step_size, inverse):
    """Double or halve until acceptance crosses 0.8, along `me.trajectory`."""
    crossed = None
    while True:
        momentum = rng.standard_normal(target.dim) / np.sqrt(inverse)
        path = me.trajectory(
            target.log_density,
            theta,
            momentum,
            steps=1,
            step_size=step_size,
            data=target.data,
            inv_metric=inverse,
        )
        accepted = math.exp(min(0.0, path.energy[0] - path.energy[1])) > 0.8
        if crossed is not None and accepted != crossed:
            return step_size
        crossed = accepted
        step_size *= 2.0 if accepted else 0.5


@pytest.mark.parametrize("begin", [1e-4, 1.0, 100.0])
@pytest.mark.parametrize("inverse", [[1.0, 1.0], [0.04, 9.0]])
def test_the_first_step_size_is_where_acceptance_crosses_080(begin: float, inverse) -> None:
    target = targets.normal([0.04, 9.0])
    density, metric = bound(target), warmup.diagonal(np.array(inverse))
    state, workspace = state_at(density, [0.1, -1.0]), np.empty((9, 2))
    for seed in range(4):
        found = warmup.find_reasonable_step_size(
            np.random.default_rng(seed),
            state,
            density.adapter,
            density.packed,
            metric,
            begin,
            workspace,
        )
        twin = np.random.default_rng(seed)
        expected = replayed_first_step(twin, target, state.theta, begin, np.array(inverse))
        assert found == expected
        assert math.log2(found / begin) == round(math.log2(found / begin))
    np.testing.assert_array_equal(state.theta, [0.1, -1.0])


def run(sampler, target, length: int, more: int = 0, seed: int = 3):
    """A chain that has warmed up, with draws and stats of warm-up and `more` iterations."""
    chain = sampler.chain(
        bound(target), np.array(target.start), length, np.random.SeedSequence(seed)
    )
    draws, columns, _ = chain.run(length + more)
    return chain, draws, columns


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("length", [20, 100, 210])
def test_the_metric_is_that_of_the_last_window_alone(name: str, length: int) -> None:
    target = targets.normal([0.25, 9.0])
    chain, draws, _ = run(me.NUTS(metric=name), target, length)
    first, last = METRICS[name].windows(length)[-1]
    inside = draws[first : last + 1]
    grads = np.array([state_at(bound(target), theta).grad for theta in inside])
    expected = METRICS[name].of(inside, grads)
    np.testing.assert_array_equal(chain.tuning.metric.inverse, expected.inverse)
    np.testing.assert_array_equal(chain.tuning.metric.chol_mass, expected.chol_mass)


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_step_size_follows_from_the_acceptances_before_it(name: str) -> None:
    """Hoffman and Gelman's recursion in their letters, run again over what was recorded."""
    length, delta = 210, 0.7
    sampler = type(SAMPLERS[name])(target_accept=delta)
    _, _, columns = run(sampler, targets.normal([0.25, 9.0]), length, 30)
    step_size, accepted = columns["step_size"], columns["accept_prob"]
    begins = [0, *(last + 1 for _, last in METRICS["scores"].windows(length))]
    assert len(begins) == 5
    for begin, end in zip(begins, [*begins[1:], length], strict=True):
        mu, h_bar, log_bar = math.log(10.0 * step_size[begin]), 0.0, 0.0
        for t in range(1, end - begin + 1):
            h_bar = (1.0 - 1.0 / (t + 10)) * h_bar + (delta - accepted[begin + t - 1]) / (t + 10)
            log_step = mu - math.sqrt(t) / 0.05 * h_bar
            log_bar = t**-0.75 * log_step + (1.0 - t**-0.75) * log_bar
            if begin + t < end:
                assert step_size[begin + t] == pytest.approx(math.exp(log_step), rel=1e-10)
    np.testing.assert_allclose(step_size[length:], math.exp(log_bar), rtol=1e-10)
    assert len(set(step_size[length:])) == 1


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("length", [100, 149])
def test_a_short_warm_up_adapts_the_metric(name: str, length: int) -> None:
    """Where Stan leaves the metric as it is, and steps of a hundredth have to do."""
    target = targets.normal(np.array([1e-4, 1.0, 100.0]))
    for seed in range(3):
        chain, _, columns = run(SAMPLERS[name], target, length, 50, seed)
        np.testing.assert_allclose(chain.tuning.metric.inverse[0], target.sd**2, rtol=1e-6)
        assert columns["step_size"][-1] > 0.2


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("length", [10, 20, 30, 50, 60])
def test_a_very_short_warm_up_leaves_a_step_size_that_works(name: str, length: int) -> None:
    """Two iterations after the last window left steps up to ten times too long."""
    target = targets.normal(np.ones(10))
    for seed in range(8):
        _, _, columns = run(SAMPLERS[name], target, length, 50, seed)
        assert columns["accept_prob"][length:].mean() > 0.5


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("target_accept", [0.65, 0.9])
def test_acceptance_is_at_least_what_was_asked_for(name: str, target_accept: float) -> None:
    """And not much more, though acceptance at the end of a trajectory alone varies widely."""
    target = targets.eight_schools_noncentered()
    draws = me.sample(
        target.log_density,
        target.start,
        data=target.data,
        warmup=600,
        draws=500,
        seed=4,
        sampler=type(SAMPLERS[name])(target_accept=target_accept),
        progress=False,
    )
    assert -0.05 < draws.stats["accept_prob"].mean() - target_accept < 0.2


def test_given_settings_are_kept() -> None:
    target = targets.normal([0.25, 9.0])
    chain, _, columns = run(me.NUTS(step_size=0.3), target, 100, 20)
    assert (columns["step_size"] == 0.3).all()
    assert (chain.tuning.metric.inverse == 1.0).all()
    chain, _, columns = run(me.NUTS(inv_metric=[0.25, 9.0]), target, 100, 20)
    np.testing.assert_array_equal(chain.tuning.metric.inverse, [[0.25, 9.0]])
    assert len(set(columns["step_size"][:100])) > 90
    tuned = chain.tuned()
    assert tuned.step_size == columns["step_size"][-1]
    np.testing.assert_array_equal(tuned.inv_metric, [0.25, 9.0])


def test_without_warm_up_half_of_the_first_step_size_is_used() -> None:
    target = targets.normal([0.01, 0.01])
    _, _, columns = run(me.NUTS(), target, 0, 20)
    (found,) = set(columns["step_size"])
    assert 0.01 < found < 0.2  # beyond two standard deviations nothing is accepted


@pytest.mark.parametrize("warmup", range(5))
def test_a_very_short_warm_up_does_not_leap(warmup: int) -> None:
    """The search's first steps go to ten times where it starts: too few of them are no answer."""
    target = targets.normal(np.ones(10))
    accepted = [
        run(me.NUTS(), target, warmup, 20, seed)[2]["accept_prob"][warmup:].mean()
        for seed in range(10)
    ]
    assert min(accepted) > 0.5


def flat(theta, grad, data):
    grad[:] = 0.0
    return 0.0


def spike(theta, grad, data):
    grad[:] = 0.0
    return 0.0 if theta[0] == 0.0 else -10.0


@pytest.mark.parametrize(("density", "message"), [(flat, "flat"), (spike, "gradient is wrong")])
def test_no_step_size_is_right(density, message: str) -> None:
    with pytest.raises(me.DensityError, match=message):
        me.sample(density, [0.0], seed=1, chains=1, progress=False)
