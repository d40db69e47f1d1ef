"""The bank of exercises: complete, of the promised signatures, and right where it says so."""

import copy
import importlib
import inspect
import warnings

import numpy as np
import pytest
from scipy import stats

from mcmc_edu import diagnostics

SIGNATURES = {
    "log_likelihood": "y x alpha beta sigma group",
    "log_prior_no_pooling": "alpha beta sigma",
    "log_prior_partial_pooling": "alpha beta mu_alpha mu_beta sigma_alpha sigma_beta sigma",
    "accept": "logp_new logp_old rng",
    "metropolis": "log_density theta0 scale n rng",
    "metropolis_hastings": "log_density theta0 scale n rng",
    "gibbs": "y n rng",
    "gradient": "theta y",
    "jacobian": "u rate",
    "leapfrog": "theta momentum step_size steps gradient",
    "hmc": "log_density gradient theta0 step_size steps n rng",
    "dual_averaging": "accept_probs step_size0 target",
    "u_turn": "theta_minus theta_plus p_minus p_plus",
    "nuts": "log_density gradient theta0 step_size max_depth n rng",
    "noncentering": "theta y se",
    "rhat": "chains",
    "ess": "chains",
    "shrink": "y se mu tau",
    "james_stein": "y se",
    "rmse": "estimate truth",
    "new_group": "beta Sigma sigma x rng",
    "poststratify": "p N",
    "varying_effect": "draws where",
}
RANDOM = ["accept", "metropolis", "metropolis_hastings", "gibbs", "hmc", "nuts", "new_group"]
DETERMINISTIC = [name for name in SIGNATURES if name not in RANDOM]


def part(name, file):
    return importlib.import_module(f"mcmc_edu.exercises.tasks.{name}.{file}")


def solution(name):
    return getattr(part(name, "solution"), name)


def probes(name):
    """Inputs at which right answers must agree."""
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 3))
    y, x, se = rng.normal(size=7), rng.normal(size=7), rng.uniform(0.4, 2.0, 7)
    group = np.array([2, 0, 1, 2, 0, 0, 1])
    population = (a, b, 0.4, -0.8)
    draws = {"z": rng.normal(size=5), "sigma": rng.random(5)}
    for factor, levels in (("g", 4), ("h", 3)):
        draws |= {factor: rng.normal(size=(5, levels)), f"z:{factor}": rng.normal(size=(5, levels))}
    chains = np.cumsum(rng.normal(size=(3, 41)), axis=1) + rng.normal(size=(3, 41))
    hill = (a, b, 0.3, 4, lambda theta: -(theta**3) + 0.2 * theta.sum())
    theta = rng.normal(size=9)
    return {
        "log_likelihood": [(y, x, a, b, 1.7, group), (400.0 * y, x, a, b, 0.2, group)],
        "log_prior_no_pooling": [(a, b, s) for s in (1.7, 0.0, -1.0, 10.0, 11.0)]
        + [(200.0 * a, b, 1.0), (a, b + 200.0, 1.0), (a * 0.0 + 100.0, b, 1.0)],
        "log_prior_partial_pooling": [(*population, *s) for s in ([1.2, 0.7, 2.0], [10.0, 1, 1])]
        + [(*population, *s) for s in ([0.0, 1.0, 1.0], [1.0, -1.0, 1.0], [1.0, 1.0, 11.0])],
        "gradient": [(a[:2], y), (np.array([2.0, 1.5]), y)],
        "jacobian": [(0.5, 2.0), (-0.5, 0.3), (-800.0, 2.0), (7.0, 3.0)],
        "leapfrog": [hill, (a, b, -0.2, 1, hill[-1])],
        "dual_averaging": [(rng.random(40), 0.3, 0.8)],
        "u_turn": [tuple(rng.normal(size=(4, 3))) for _ in range(50)]
        + [(np.zeros(2), np.ones(2), np.array([1.0, -1.0]), np.ones(2)), (a, a, b, b)],
        "noncentering": [(theta, y, se)],
        "rhat": [(chains,), (chains[:1, :40],)],
        "ess": [(chains,), (rng.normal(size=(2, 40)),), (chains[:1],)],
        "shrink": [(y, se, 0.7, 1.3), (y, se, 0.7, 0.0)],
        "james_stein": [(y, se), (0.01 * y, se), (30.0 + 5.0 * y, se)],
        "rmse": [(a, b)],
        "poststratify": [(rng.uniform(0.1, 0.9, (5, 4)), np.array([5, 100, 0, 75]))],
        "varying_effect": [(draws, w) for w in ({}, {"g": 0}, {"h": 2, "g": 3})],
    }[name]


def value(name, function, probe):
    result = function(*copy.deepcopy(probe))
    if name == "noncentering":  # up to a constant
        theta, y, se = copy.deepcopy(probe)
        result -= function(0.0 * theta, y, se)
    return np.asarray(result, dtype=float)


@pytest.mark.parametrize("name", SIGNATURES)
def test_an_exercise_is_complete(name):
    for function in (getattr(part(name, "stub"), name), solution(name)):
        assert list(inspect.signature(function).parameters) == SIGNATURES[name].split()
    stub = getattr(part(name, "stub"), name)
    with pytest.raises(NotImplementedError):
        stub(*[None] * len(SIGNATURES[name].split()))
    assert len(stub.__doc__.splitlines()) > 5
    about, bank = part(name, "about").ABOUT, part(name, "bank").BANK
    assert about.name == bank.name == name
    assert len(about.hints) == len(set(about.hints)) == 3
    assert all(part(name, "bank").__name__ == f.__module__ for _, f in bank.wrong + bank.right)


@pytest.mark.parametrize("name", SIGNATURES)
def test_every_kind_has_two_implementations(name):
    about, bank = part(name, "about").ABOUT, part(name, "bank").BANK
    kinds = [bug.name for bug in about.bugs]
    assert len(kinds) == len(set(kinds)) >= 3
    assert {kind for kind, _ in bank.wrong} == set(kinds)
    for kind in kinds:
        assert len([f for k, f in bank.wrong if k == kind]) >= 2, kind
    functions = [f.__name__ for _, f in bank.wrong + bank.right]
    assert len(functions) == len(set(functions))
    assert all(bug.title and bug.thought for bug in about.bugs)


def test_there_are_many_kinds_and_styles():
    assert sum(len(part(name, "about").ABOUT.bugs) for name in SIGNATURES) >= 60
    for name in SIGNATURES:
        styles = [style for style, _ in part(name, "bank").BANK.right]
        assert len(styles) == len(set(styles)) >= (6 if name in RANDOM else 2), name


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_right_answers_agree_with_the_solution(name):
    for probe in probes(name):
        expected = value(name, solution(name), probe)
        for style, function in part(name, "bank").BANK.right:
            np.testing.assert_allclose(
                value(name, function, probe), expected, rtol=1e-9, atol=1e-9, err_msg=style
            )


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_wrong_answers_do_not_agree_with_the_solution(name):
    for kind, function in part(name, "bank").BANK.wrong:
        assert any(differs(name, function, probe) for probe in probes(name)), (kind, function)


def differs(name, function, probe):
    given = copy.deepcopy(probe)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            result = value(name, function, probe)
            function(*given)
    except ArithmeticError:
        return True
    expected = value(name, solution(name), probe)
    if result.shape != expected.shape or not np.allclose(result, expected, rtol=1e-6):
        return True
    return not same(given, probe)  # its input has been changed


def same(a, b):
    if isinstance(a, dict):
        return all(same(a[key], b[key]) for key in b)
    if isinstance(a, tuple):
        return all(same(x, y) for x, y in zip(a, b, strict=True))
    return a is b or np.array_equal(a, b)


@pytest.mark.parametrize("name", RANDOM)
def test_answers_to_random_exercises_run(name):
    def log_density(theta):
        return float(-0.5 * theta @ theta) if (theta > 0).all() else -np.inf

    def gradient(theta):
        return -theta

    start, rng = np.array([0.5, 1.0]), np.random.default_rng(1)
    arguments = {
        "accept": (-1.0, -1.5),
        "metropolis": (log_density, start, 0.5, 3),
        "metropolis_hastings": (log_density, start, 0.5, 3),
        "gibbs": (np.array([1.0, 2.0, 4.0]), 3),
        "hmc": (log_density, gradient, start, 0.1, 2, 3),
        "nuts": (log_density, gradient, start, 0.1, 2, 3),
        "new_group": (np.ones((3, 2)), np.array([np.eye(2)] * 3), np.ones(3), np.arange(2.0)),
    }[name]
    bank = part(name, "bank").BANK
    shape = () if name == "accept" else (3, 2)
    with np.errstate(all="ignore"):
        for _, function in [("", solution(name)), *bank.right, *bank.wrong]:
            assert np.shape(function(*copy.deepcopy(arguments), rng)) == shape, function


def test_solutions_agree_with_the_library():
    (chains,) = probes("rhat")[0]
    halves = diagnostics.split(chains)
    assert solution("rhat")(chains) == pytest.approx(diagnostics.basic_rhat(halves), rel=1e-12)
    many = np.random.default_rng(1).normal(size=(4, 500))
    assert solution("ess")(many) == pytest.approx(diagnostics.ess_mean(many), rel=0.03)
    y, se = np.random.default_rng(3).uniform(1.0, 5.0, (2, 8))
    a, b = np.random.default_rng(2).normal(size=(2, 10))
    own = [solution("noncentering")(theta, y, se) for theta in (a, b)]
    by_scipy = [eight_schools(theta, y, se) for theta in (a, b)]
    assert own[0] - own[1] == pytest.approx(by_scipy[0] - by_scipy[1], rel=1e-9)


def eight_schools(theta, y, se):
    mu, tau, z = theta[0], np.exp(theta[1]), theta[2:]
    prior = stats.norm.logpdf(mu, 0.0, 5.0) + stats.halfcauchy.logpdf(tau, scale=5.0) + theta[1]
    return prior + stats.norm.logpdf(z).sum() + stats.norm.logpdf(y, mu + tau * z, se).sum()


@pytest.mark.parametrize("name", ["metropolis", "metropolis_hastings", "hmc", "nuts"])
def test_solutions_that_sample_know_a_half_normal(name):
    def log_density(theta):
        return float(-0.5 * theta @ theta) if theta[0] > 0 else -np.inf

    def gradient(theta):
        return -theta

    start, rng = np.array([1.0]), np.random.default_rng(1)
    settings = {"hmc": (0.7, 2, 6000), "nuts": (0.7, 3, 3000)}.get(name, (1.5, 12000))
    functions = (log_density, gradient) if name in ("hmc", "nuts") else (log_density,)
    draws = solution(name)(*functions, start, *settings, rng)
    assert draws.mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.05)
    assert np.mean(draws**2) == pytest.approx(1.0, abs=0.1)
