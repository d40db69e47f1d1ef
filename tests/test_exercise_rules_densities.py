"""Rules of the exercises on log densities and on steps without chance: what they find."""

import importlib
import math

import numpy as np
import pytest

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.checking import examine_here

NAMES = (
    "log_likelihood",
    "log_prior_no_pooling",
    "log_prior_partial_pooling",
    "gradient",
    "jacobian",
    "noncentering",
    "leapfrog",
    "dual_averaging",
    "u_turn",
)
named = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def quiet():
    """Let wrong answers overflow and divide by zero in silence."""
    with np.errstate(all="ignore"):
        yield


def written(name, part):
    """Return the function of a part of an exercise: its solution or its stub."""
    return getattr(importlib.import_module(f"mcmc_edu.exercises.tasks.{name}.{part}"), name)


def found(name, function, seed=1):
    """Return what the grader finds in an answer."""
    return examine_here(find(name), function, seed)


def firsts(name):
    """Return the first wrong answer of each kind."""
    wrong = {}
    for kind, function in find(name).bank.wrong:
        wrong.setdefault(kind, function)
    return wrong


@named
def test_solution_passes(name):
    for seed in (1, 2, 3):
        result = found(name, written(name, "solution"), seed)
        assert result.passed, result.message


@named
def test_right_answers_of_every_style_pass(name):
    for style, function in find(name).bank.right:
        result = found(name, function, seed=4)
        assert result.passed, (style, result.message)


@named
def test_stub_is_not_written_yet(name):
    result = found(name, written(name, "stub"))
    assert not result.passed
    assert result.bug is None
    assert "not written yet" in result.message


@named
def test_first_wrong_answer_of_each_kind_is_named(name):
    wrong = firsts(name)
    assert set(wrong) == {bug.name for bug in find(name).about.bugs}
    results = {kind: found(name, function) for kind, function in wrong.items()}
    assert {kind: result.bug for kind, result in results.items()} == {kind: kind for kind in wrong}


@named
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.0, ("same for all questions", "Return ")),
        (math.inf, ("same for all questions", "Return ")),
        (math.nan, ("not a number", "Return ")),
        (None, ("returns None",)),
        (np.zeros((2, 7)), ("Return ",)),
        ("three", ("Return ",)),
    ],
    ids=["zero", "infinity", "nan", "none", "wrong shape", "text"],
)
def test_constants_and_wrong_shapes_are_described(name, answer, words):
    result = found(name, lambda *arguments: answer)
    assert not result.passed
    assert result.bug is None
    assert any(word in result.message for word in words), result.message


@pytest.mark.slow
@named
def test_every_wrong_answer_is_named(name):
    for seed in (5, 6, 7):
        for kind, function in find(name).bank.wrong:
            result = found(name, function, seed)
            assert result.bug == kind, (function.__name__, result.message)


def normal(r, sigma):
    """Return log densities of N(0, sigma)."""
    return -0.5 * (r / sigma) ** 2 - np.log(sigma) - np.log(2 * np.pi) / 2


def cauchy_likelihood(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return float(np.sum(-np.log(np.pi * sigma * (1 + z * z))))


def likelihood_without_slopes(y, x, alpha, beta, sigma, group):
    return float(normal(y - alpha[group], sigma).sum())


def likelihood_upside_down(y, x, alpha, beta, sigma, group):
    return -float(normal(y - alpha[group] - beta[group] * x, sigma).sum())


def zero_allowed(alpha, beta, sigma):
    lines = np.concatenate([alpha, beta])
    inside = (np.abs(lines) <= 100).all() and 0 <= sigma <= 10
    return -len(lines) * np.log(200) - np.log(10) if inside else -np.inf


def no_lower_bounds(alpha, beta, sigma):
    lines = np.concatenate([alpha, beta])
    inside = (lines <= 100).all() and 0 < sigma <= 10
    return -len(lines) * np.log(200) - np.log(10) if inside else -np.inf


def one_hyperprior(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    if not all(0 < s <= 10 for s in (sigma_alpha, sigma_beta, sigma)):
        return -np.inf
    lines = normal(alpha - mu_alpha, sigma_alpha).sum() + normal(beta - mu_beta, sigma_beta).sum()
    return float(lines + normal(mu_alpha, 3.0) - 3 * np.log(10))


def entries_swapped(theta, y):
    z = (y - theta[0]) / np.exp(theta[1])
    return np.array([(z * z - 1).sum() + 1, z.sum() / np.exp(theta[1])])


def jacobian_twice(u, rate):
    return math.log(rate) - rate * math.exp(u) + 2 * u


def tau_added(theta, y, se):
    mu, tau, z = theta[0], np.exp(theta[1]), theta[2:]
    prior = -(mu**2) / 50 - np.log(1 + (tau / 5) ** 2) + theta[1] - z @ z / 2
    return float(prior - (((y - mu - tau - z) / se) ** 2).sum() / 2)


def position_negated(theta, momentum, step_size, steps, gradient):
    theta, momentum = written("leapfrog", "solution")(theta, momentum, step_size, steps, gradient)
    return -theta, momentum


def times_the_first(accept_probs, step_size0, target):
    return step_size0 * written("dual_averaging", "solution")(accept_probs, step_size0, target)


def momenta_subtracted(theta_minus, theta_plus, p_minus, p_plus):
    return (theta_plus - theta_minus) @ (p_plus - p_minus) < 0


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("log_likelihood", cauchy_likelihood),
        ("log_likelihood", likelihood_without_slopes),
        ("log_likelihood", likelihood_upside_down),
        ("log_prior_no_pooling", zero_allowed),
        ("log_prior_no_pooling", no_lower_bounds),
        ("log_prior_partial_pooling", one_hyperprior),
        ("gradient", entries_swapped),
        ("jacobian", jacobian_twice),
        ("noncentering", tau_added),
        ("leapfrog", position_negated),
        ("dual_averaging", times_the_first),
        ("u_turn", momenta_subtracted),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_unknown_bugs_fail_without_a_name(name, function):
    for seed in (1, 2):
        result = found(name, function, seed)
        assert not result.passed
        assert result.bug is None, result.message


def two_in_a_likelihood(y, x, alpha, beta, sigma, group):
    z = (y - alpha[group] - beta[group] * x) / sigma
    return float(np.mean(-0.5 * z * z - np.log(sigma)))


def two_in_a_gradient(theta, y):
    z = (y - theta[0]) / np.exp(theta[1])
    return np.array([-z.sum() / np.exp(theta[1]), (z * z - 1).sum()])


def two_in_a_leapfrog(theta, momentum, step_size, steps, gradient):
    for _ in range(steps):
        momentum = momentum - step_size * gradient(theta)
        theta = theta + step_size * momentum
    return theta, momentum


@pytest.mark.parametrize(
    ("name", "function", "bugs"),
    [
        ("log_likelihood", two_in_a_likelihood, "constant-missing + mean-for-sum"),
        ("gradient", two_in_a_gradient, "jacobian-missing + sign-of-mu"),
        ("leapfrog", two_in_a_leapfrog, "sign-flipped + symplectic-euler"),
    ],
    ids=["likelihood", "gradient", "leapfrog"],
)
def test_two_bugs_at_once_are_both_named(name, function, bugs):
    assert found(name, function).bug == bugs


def math_of_product(y, x, alpha, beta, sigma, group):
    return math.log(np.prod(np.exp(normal(y - alpha[group] - beta[group] * x, sigma))))


def lines_by_row(y, x, alpha, beta, sigma, group):
    return float(normal(y - alpha - beta * x, sigma).sum())


def math_of_density(u, rate):
    return math.log(rate * math.exp(-rate * math.exp(u)) * math.exp(u))


def math_of_log_tau(theta, y, se):
    mu, tau, z = theta[0], theta[1], theta[2:]
    prior = -(mu**2) / 50 - math.log(1 + (tau / 5) ** 2) + math.log(tau) - z @ z / 2
    return float(prior - (((y - mu - tau * z) / se) ** 2).sum() / 2)


@pytest.mark.parametrize(
    ("name", "function", "bug"),
    [
        ("log_likelihood", math_of_product, "product-of-densities"),
        ("log_likelihood", lines_by_row, "group-ignored"),
        ("jacobian", math_of_density, "log-of-density"),
        ("noncentering", math_of_log_tau, "log-tau-as-tau"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_bug_that_ends_in_an_error_is_named(name, function, bug):
    result = found(name, function)
    assert result.bug == bug
    assert "Error" in result.message or "expected" in result.message


def test_array_for_each_row_is_called_by_its_shape():
    def rows(y, x, alpha, beta, sigma, group):
        return normal(y - alpha[group] - beta[group] * x, sigma)

    assert "yours has shape (4,)" in found("log_likelihood", rows).message


def test_one_of_two_values_is_asked_for():
    result = found("leapfrog", lambda theta, momentum, h, steps, gradient: theta + h * momentum)
    assert "Return 2 values" in result.message


def test_shift_by_a_constant_does_not_matter_where_the_statement_says_so():
    right = written("noncentering", "solution")
    result = found("noncentering", lambda theta, y, se: right(theta, y, se) + 7.0 * y.sum())
    assert result.passed


def test_gradient_of_finite_differences_is_as_accurate_as_asked():
    def log_density(theta, y):
        return normal(y - theta[0], np.exp(theta[1])).sum() + theta[1]

    def differences(theta, y):
        steps = 1e-5 * np.eye(2)
        return np.array(
            [(log_density(theta + h, y) - log_density(theta - h, y)) / 2e-5 for h in steps]
        )

    assert found("gradient", differences).passed
