"""Rules of the exercises on shrinkage, diagnostics and predictions: names, and fitting messages."""

import inspect

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.checking import examine_here
from mcmc_edu.exercises.laws.normal import fit_of_shape
from mcmc_edu.exercises.sandbox.child import changed, copy_of

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of wrong answers: 0/0

EXACT = ["rmse", "rhat", "ess", "shrink", "james_stein", "poststratify", "varying_effect"]
NAMES = [*EXACT, "new_group"]
QUICK = ["variation-missing", "noise-missing"]


def first_of_each_kind(name):
    """First implementation of each kind of bug."""
    kinds = {}
    for kind, function in find(name).bank.wrong:
        kinds.setdefault(kind, function)
    return kinds


def nothing(*_):
    return None


def zero(*_):
    return 0.0


def many_numbers(*_):
    return np.zeros((3, 2, 2))


def words(*_):
    return "the answer"


def scalar_where_tau_is_0(y, se, mu, tau):
    return mu if tau == 0.0 else mu + tau**2 / (tau**2 + se**2) * (y - mu)


def adds_a_name(draws, where):
    draws["effect"] = draws["z"]
    return draws["z"] + sum(draws[f"z:{factor}"][:, level] for factor, level in where.items())


@pytest.mark.parametrize("name", NAMES)
def test_solutions_pass_and_stubs_are_not_written_yet(name):
    exercise = find(name)
    solution, stub = (exercise.function(s) for s in (exercise.solution, exercise.stub))
    for seed in (1, 2, 3):
        result = examine_here(exercise, solution, seed)
        assert result.passed, result
    result = examine_here(exercise, stub, 1)
    assert (result.passed, result.bug) == (False, None)
    assert "not written yet" in result.message


@pytest.mark.parametrize("name", [*EXACT, pytest.param("new_group", marks=pytest.mark.slow)])
def test_all_styles_pass(name):
    exercise = find(name)
    for style, function in exercise.bank.right:
        assert examine_here(exercise, function, 5).passed, style


@pytest.mark.parametrize("name", EXACT)
def test_bugs_have_their_names(name):
    exercise = find(name)
    for kind, function in first_of_each_kind(name).items():
        result = examine_here(exercise, function, 1)
        assert (result.passed, result.bug) == (False, kind), result
        assert kind in result.message


@pytest.mark.parametrize("kind", QUICK)
def test_quick_bugs_of_new_group_have_their_names(kind):
    result = examine_here(find("new_group"), first_of_each_kind("new_group")[kind], 1)
    assert (result.passed, result.bug) == (False, kind), result
    assert "by the rule" in " ".join(result.message.split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("function", [nothing, zero, many_numbers, words])
def test_no_answer_is_described_without_a_name(name, function):
    result = examine_here(find(name), function, 1)
    assert (result.passed, result.bug) == (False, None), result
    assert "expected:" in result.message
    assert "think:" in result.message


def test_all_rules_know_all_kinds():
    for name in EXACT:
        exercise = find(name)
        known = {bug.partition("/")[0] for bug in exercise.rules.bugs} | {exercise.rules.changed}
        assert known - {""} == {bug.name for bug in exercise.about.bugs}, name
    for setting in find("new_group").rules.settings:
        single = {kind for kind in setting.bugs if " + " not in kind}
        assert single == {bug.name for bug in find("new_group").about.bugs}


def test_two_bugs_at_once_have_both_names():
    def no_root_and_biased(chains):
        n = chains.shape[1] // 2
        halves = np.concatenate([chains[:, :n], chains[:, -n:]])
        within = halves.var(axis=1).mean()
        return ((n - 1) / n * within + halves.mean(axis=1).var(ddof=1)) / within

    def independent_and_no_noise(beta, Sigma, sigma, x, rng):
        sds = np.sqrt(np.diagonal(Sigma, axis1=1, axis2=2))
        lines = beta + sds * rng.standard_normal(beta.shape)
        return lines[:, :1] + lines[:, 1:] * x

    result = examine_here(find("rhat"), no_root_and_biased, 1)
    assert result.bug == "root-missing + within-divided-by-n", result
    result = examine_here(find("new_group"), independent_and_no_noise, 1)
    assert result.bug == "correlation-forgotten + noise-missing", result


def test_a_bug_of_no_known_kind_has_no_name():
    def heavy_tails(beta, Sigma, sigma, x, rng):
        z = rng.standard_normal((len(beta), 2, 1))
        lines = beta + (np.linalg.cholesky(Sigma) @ z)[:, :, 0]
        noise = sigma[:, None] * rng.standard_t(2, size=(len(beta), len(x)))
        return lines[:, :1] + lines[:, 1:] * x + noise

    def maximum(estimate, truth):
        return float(np.abs(estimate - truth).max())

    for name, function in (("new_group", heavy_tails), ("rmse", maximum)):
        result = examine_here(find(name), function, 1)
        assert (result.passed, result.bug) == (False, None), result


def uniform(rng, shape):
    return rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), shape)


def heavy(rng, shape):
    return np.sqrt(0.6) * rng.standard_t(5, shape)


def normal(rng, shape):
    return rng.standard_normal(shape)


def opposite(rng, shape):
    half = rng.standard_normal(((shape[0] + 1) // 2, *shape[1:]))
    return np.concatenate([half, -half])[: shape[0]]


def a_tenth_too_much(rng, shape):
    return 1.1 * rng.standard_normal(shape)


@pytest.mark.parametrize(
    ("lines", "noise", "words"),
    [
        (normal, uniform, "distribution do the random numbers of the noise"),
        (normal, heavy, "distribution do the random numbers of the noise"),
        (uniform, normal, "distribution do the random numbers of the line"),
        (heavy, normal, "distribution do the random numbers of the line"),
        (opposite, normal, "for 80 posterior draws"),
        (normal, opposite, "for 80 posterior draws"),
        (normal, a_tenth_too_much, "random numbers in common"),
    ],
    ids=lambda part: part.__name__ if callable(part) else "",
)
def test_the_law_of_new_groups_is_looked_at_closely(lines, noise, words):
    def answer(beta, Sigma, sigma, x, rng):
        z = lines(rng, beta.shape)
        b = beta + (np.linalg.cholesky(Sigma) @ z[:, :, None])[:, :, 0]
        mean = b[:, :1] + b[:, 1:] * x
        return mean + sigma[:, None] * noise(rng, mean.shape)

    result = examine_here(find("new_group"), answer, 1)
    assert (result.passed, result.bug) == (False, None), result
    assert words in " ".join(result.message.split())


def test_the_shape_of_normal_numbers_is_tested_at_its_level():
    rng = np.random.default_rng(1)
    p = [fit_of_shape(rng.standard_normal(300), rng)[0] for _ in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    p_value, words = fit_of_shape(rng.uniform(-1.7, 1.7, 3000), rng)
    assert p_value < 1e-9
    assert "sd or more from it" in words
    p_value, words = fit_of_shape(np.abs(rng.standard_normal(300)), rng)
    assert p_value < 1e-9
    assert "are above it" in words


def test_a_number_where_tau_is_0_is_described_by_its_shape():
    result = examine_here(find("shrink"), scalar_where_tau_is_0, 1)
    assert result.bug is None
    assert "shape" in result.message


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("shrink", lambda y, se, mu, tau: y.copy(), "nothing is shrunk yet"),
        ("james_stein", lambda y, se: y * 0 + np.average(y, weights=se**-2.0), "always 0"),
        ("varying_effect", lambda draws, where: draws["z"].copy(), "no difference yet"),
        ("poststratify", lambda p, N: p * N, "in each cell"),
        ("rhat", lambda chains: 0.5 if len(chains) > 4 else "no number", "a number"),
    ],
)
def test_half_finished_answers_are_described(name, function, words):
    result = examine_here(find(name), function, 1)
    assert (result.passed, result.bug) == (False, None), result
    assert words in " ".join(result.message.split())


def test_arguments_have_the_names_of_the_statement():
    for name in NAMES:
        exercise = find(name)
        stub = exercise.function(exercise.stub)
        assert tuple(exercise.rules.arguments) == tuple(inspect.signature(stub).parameters)


def test_the_global_random_state_is_not_to_be_used():
    def of_its_own(beta, Sigma, sigma, x, rng):
        return np.random.normal(size=(len(beta), len(x)))  # noqa: NPY002 (the mistake)

    result = examine_here(find("new_group"), of_its_own, 1)
    assert not result.passed
    assert "random numbers from `rng` alone" in result.message


def test_a_new_name_among_draws_is_a_change():
    result = examine_here(find("varying_effect"), adds_a_name, 1)
    assert result.bug == "input-changed", result


def test_changes_in_dicts_are_seen():
    arguments = [{"z": np.zeros(2), "where": {"g": 1}}, {"g": 0}]
    before = copy_of(arguments)
    assert changed(arguments, before) == []
    arguments[0]["z"][1] = 1.0
    assert changed(arguments, before) == [0]
    arguments[0]["z"] = None
    del arguments[1]["g"]
    assert changed(arguments, before) == [0, 1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_the_whole_bank_has_its_names(name, seed):
    exercise = find(name)
    results = [(kind, examine_here(exercise, f, seed)) for kind, f in exercise.bank.wrong]
    assert not any(result.passed for _, result in results)
    assert [result.bug for _, result in results] == [kind for kind, _ in results]


@pytest.mark.slow
@pytest.mark.parametrize("name", EXACT)
def test_probes_tell_all_kinds_apart(name):
    exercise = find(name)
    for seed in range(20):
        for kind, function in first_of_each_kind(name).items():
            assert examine_here(exercise, function, 100 + seed).bug == kind, (seed, kind)
