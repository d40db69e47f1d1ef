"""Rules of the exercises that draw chains: names where they are due, descriptions elsewhere."""

import importlib

import numpy as np
import pytest

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.checking import examine_here

CHAINS = ["accept", "metropolis", "metropolis_hastings", "gibbs", "hmc", "nuts"]
SEEDS = (1, 2, 3)


def part(name, file):
    return getattr(importlib.import_module(f"mcmc_edu.exercises.tasks.{name}.{file}"), name)


def wrong_answers(name):
    """Return the first implementation of each kind."""
    first = {}
    for kind, function in find(name).bank.wrong:
        first.setdefault(kind, function)
    return list(first.items())


def cases(answers):
    return [
        pytest.param(name, kind, function, id=f"{name}-{kind}".replace(" ", "-"))
        for name in CHAINS
        for kind, function in answers(name)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_solution_of_accept_passes(seed):
    assert examine_here(find("accept"), part("accept", "solution"), seed).passed


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CHAINS[1:])
def test_solutions_pass(name, seed):
    result = examine_here(find(name), part(name, "solution"), seed)
    assert result.passed, result.message


@pytest.mark.parametrize("name", CHAINS)
def test_stub_is_not_written_yet(name):
    result = examine_here(find(name), part(name, "stub"), 1)
    assert not result.passed
    assert result.bug is None
    assert "not written yet" in result.message


@pytest.mark.parametrize("value", [0.0, None, "shape"])
@pytest.mark.parametrize("name", CHAINS)
def test_constants_and_wrong_shapes_are_described(name, value):
    def answer(*arguments):
        return np.zeros((2, 3, 4)) if value == "shape" else value

    result = examine_here(find(name), answer, 1)
    assert not result.passed
    assert result.bug is None
    assert "got:" in result.message
    assert "think:" in result.message


@pytest.mark.parametrize("value", [True, False])
def test_constant_decisions_are_not_misnamed(value):
    result = examine_here(find("accept"), lambda logp_new, logp_old, rng: value, 1)
    assert not result.passed
    assert result.bug in (None, "always")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("metropolis", "one-number"),
        ("metropolis", "other-randomness"),
        ("metropolis_hastings", "one-number"),
        ("hmc", "one-number"),
        ("accept", "nan-accepted"),
        ("accept", "other-randomness"),
        ("gibbs", "variance-handed-on"),
    ],
)
def test_quick_kinds_are_named(name, kind):
    function = dict(wrong_answers(name))[kind]
    assert examine_here(find(name), function, 1).bug == kind


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind", "function"), cases(wrong_answers))
def test_first_implementations_are_named(name, kind, function):
    result = examine_here(find(name), function, 1)
    assert result.bug == kind, result.message


@pytest.mark.slow
@pytest.mark.parametrize(("name", "style", "function"), cases(lambda name: find(name).bank.right))
def test_right_styles_pass(name, style, function):
    result = examine_here(find(name), function, 1)
    assert result.passed, result.message


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAINS)
def test_bank_is_failed_and_named(name):
    wrong = find(name).bank.wrong
    results = [(kind, examine_here(find(name), function, 2)) for kind, function in wrong]
    assert not [kind for kind, result in results if result.passed]
    right = [kind for kind, result in results if result.bug == kind]
    misnamed = [(kind, r.bug) for kind, r in results if r.bug not in (None, kind)]
    assert len(right) >= 0.95 * len(wrong)
    assert len(misnamed) <= len(wrong) / 60, misnamed
