"""Steps and decisions of chains, looked at closely: uniform p-values, and what is seen of them."""

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.chance.closely import groups_test, steps_tests, told_of
from mcmc_edu.exercises.chance.places import proposals_of, trajectories_of
from mcmc_edu.exercises.grading.student import InProcess, Student
from mcmc_edu.exercises.laws.fit import both_ends, normal_tests
from mcmc_edu.exercises.tasks.hmc.rules import CLOSELY as HMC
from mcmc_edu.exercises.tasks.metropolis.rules import CLOSELY as METROPOLIS
from mcmc_edu.exercises.tasks.metropolis_hastings.rules import CLOSELY as HASTINGS
from mcmc_edu.exercises.tasks.nuts.rules import CLOSELY as NUTS

CHAINS = {"metropolis": METROPOLIS, "metropolis_hastings": HASTINGS, "hmc": HMC, "nuts": NUTS}


def p_values(test, numbers, times=400):
    found = [test(numbers(np.random.default_rng(seed))) for seed in range(times)]
    return {name: np.array([p[name] for p in found]) for name in found[0]}


def test_p_values_of_uniform_numbers_are_uniform():
    for name, p in p_values(normal_tests, lambda rng: rng.random(150)).items():
        assert stats.kstest(p, "uniform").pvalue > 1e-4, name


def test_p_values_of_normal_steps_are_uniform():
    found = p_values(
        lambda z: steps_tests(z, np.random.default_rng(1)),
        lambda rng: rng.standard_normal((10, 30, 3)),
    )
    assert len(found) == 7
    for name, p in found.items():
        enough = 1e-4 if name != "steps: tails" else 1e-3
        assert stats.kstest(p, "uniform").pvalue > enough, name


@pytest.mark.parametrize(
    ("test", "wrong"),
    [
        ("means", lambda z: z + 0.1),
        ("spread", lambda z: 1.1 * z),
        ("sums", lambda z: np.concatenate([z[:, :, :2], z[:, :, :1]], axis=2)),
        ("shape", lambda z: np.sign(z) * np.sqrt(np.abs(z))),
        ("tails", lambda z: np.clip(z, -2.0, 2.0)),
        ("last", lambda z: np.concatenate([z[:, :1], z[:, 1:] + 0.1 * z[:, :-1]], axis=1)),
        ("first", lambda z: np.concatenate([1.6 * z[:, :1], z[:, 1:]], axis=1)),
    ],
)
def test_each_test_of_steps_finds_its_mistake(test, wrong):
    rng = np.random.default_rng(2)
    z = rng.standard_normal((40, 80, 3))
    assert min(steps_tests(z, rng).values()) > 1e-3
    assert steps_tests(wrong(z), rng)[f"steps: {test}"] < 1e-7


def test_p_values_of_groups_are_uniform_and_small_where_groups_differ():
    p = [groups_test(np.random.default_rng(seed).random(200)) for seed in range(400)]
    assert stats.kstest(p, "uniform").pvalue > 1e-4
    u = np.random.default_rng(1).random(1000)
    assert groups_test(np.concatenate([0.8 * u, 1.0 - 0.8 * u])) < 1e-7
    assert normal_tests(np.concatenate([0.8 * u, 1.0 - 0.8 * u]))["mean"] > 0.9


@pytest.mark.parametrize(("u", "p"), [(0.5, 1.0), (0.01, 0.02), (0.99, 0.02)])
def test_both_ends_count(u, p):
    assert both_ends(u) == pytest.approx(p)


PATH = np.array([[0.0], [0.0], [2.0], [2.0]])
"""A stay, a move, a stay."""


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
        ([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),  # the start once, in advance
        ([1.0, 0.0, 2.0, 0.0, 3.0, 2.0], [1.0, 2.0, 3.0]),  # the state again, each time
        ([1.0, 1.0, 2.0, 2.0, 3.0], [1.0, 2.0, 3.0]),  # the proposal twice
        ([1.0, 2.0], None),  # too few
        ([1.0, 2.0, 3.0, 4.0], None),  # too many
        ([2.0, 1.0, 3.0], None),  # another order
    ],
)
def test_proposals_are_read_from_the_calls(places, found):
    seen = proposals_of(PATH, np.array(places)[:, None])
    if found is None:
        assert seen is None
    else:
        assert seen is not None
        np.testing.assert_array_equal(seen[0][:, 0], found)
        np.testing.assert_array_equal(seen[1], [False, True, False])


@pytest.mark.parametrize(
    ("places", "seen"),
    [
        ([0.5, 1.0, 1.5, 2.0, 2.5, 3.0], True),
        ([0.0, 0.5, 1.0, 0.0, 1.5, 2.0, 2.0, 2.5, 3.0], True),  # at the start of each as well
        ([0.5, 0.5, 1.0, 1.0, 1.5, 1.5, 2.0, 2.5, 3.0], True),  # for either half kick
        ([0.5, 1.0, 1.5, 2.0, 2.5], False),
        ([0.5, 1.0, 2.0, 1.5, 2.5, 3.0], False),
    ],
)
def test_trajectories_are_read_from_the_calls(places, seen):
    found = trajectories_of(PATH, np.array(places)[:, None], 2)
    assert (found is not None) == seen
    if found is not None:
        np.testing.assert_array_equal(found[0][:, 0], [0.5, 1.5, 2.5])
        np.testing.assert_array_equal(found[1][:, 0], [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(found[2], [False, True, False])


@pytest.mark.parametrize("name", CHAINS)
def test_decisions_of_most_styles_are_seen(name):
    """A style that calls in an order of its own is not judged; most are, and pass."""
    exercise, seen = find(name), 0
    for _, function in exercise.bank.right:
        student = Student(name, InProcess(function), exercise.rules.arguments)
        p, _ = CHAINS[name].decisions(student, np.random.default_rng(3))
        seen += bool(p)
        assert not p or min(p.values()) > 1e-4
    assert seen >= 0.7 * len(exercise.bank.right)


def test_of_wrong_decisions_those_that_show_it_are_told():
    rng = np.random.default_rng(4)
    chance = rng.random(1000)
    accepted = rng.random(1000) < np.where(chance < 0.2, 0.6, chance)
    told = told_of("draws", chance, accepted)
    assert "whose probability of acceptance is 0.0" in told.expected
    assert 100 <= int(told.got.split()[0]) <= 140


def test_a_refusal_where_all_is_accepted_is_told():
    def refuses(log_density, theta0, scale, n, rng):
        steps = rng.standard_normal((n, theta0.size)) * (rng.random((n, 1)) < 0.9)
        return theta0 + scale * np.cumsum(steps, axis=0)

    student = Student("metropolis", InProcess(refuses), find("metropolis").rules.arguments)
    p, told = METROPOLIS.flat_walk(student, np.random.default_rng(5))
    assert min(p.values()) == 0.0
    assert told.expected == "4800 moves"
    assert 380 <= int(told.got.split()[0]) <= 580
    assert "repeat the one before" in told.got
