"""Planted bugs that are called: a wrong function gives wrong answers, the right one does not."""

import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from mutants import every_mutant
from mutants.callables import function_with, module_as_it_is, module_with
from scipy import stats

import mcmc_edu as me

FILE = "samplers/metropolis.py"
END = 1.5


def truncated(theta, grad, data):
    """N(0, 1) below 1.5, and no number above."""
    return math.nan if theta[0] > END else -0.5 * theta[0] * theta[0]


def mistakes(metropolis: ModuleType) -> list[str]:
    """Say what is wrong with 4000 steps: four things that hold of any Metropolis chain."""
    n, rng = 4000, np.random.default_rng(1)
    draws, logps, accepted = np.empty((n, 1)), np.empty(n), np.empty(n, dtype=bool)
    increments, uniforms = rng.normal(scale=2.0, size=(n, 1)), rng.random(n)
    start = np.zeros(1)
    metropolis.walk(truncated, None, start, 0.0, increments, uniforms, draws, logps, accepted)
    x = draws[:, 0]
    truth = stats.truncnorm(-np.inf, END)
    moved = np.diff(np.concatenate([[0.0], x])) != 0.0
    holds = {
        "within the support": bool((x <= END).all()),
        "mean": abs(x.mean() - truth.mean()) < 0.1,
        "sd": abs(x.std() - truth.std()) < 0.1,
        "log density": bool(np.array_equal(logps, -0.5 * x * x)),
        "acceptance": bool(np.array_equal(accepted, moved)),
        "the start is left alone": start[0] == 0.0,
    }
    return [name for name, well in holds.items() if not well]


WALKING = [
    mutant.bug
    for mutant in every_mutant()
    if mutant.file == FILE and mutant.function in ("accepts", "step", "walk")
]


def test_without_a_bug_nothing_is_wrong(tmp_path: Path) -> None:
    assert mistakes(module_as_it_is(FILE, tmp_path)) == []


@pytest.mark.parametrize("bug", WALKING)
def test_a_sampler_with_a_bug_gives_wrong_answers(bug: str, tmp_path: Path) -> None:
    assert mistakes(module_with(bug, tmp_path)) != []


def test_there_are_bugs_to_call() -> None:
    assert len(WALKING) >= 7


def test_the_function_with_the_bug_stands_beside_the_right_one(tmp_path: Path) -> None:
    accepts = function_with("the test is turned round", tmp_path)
    assert accepts(-1.0, -2.0)
    assert not accepts(-2.0, -1.0)
    assert me.samplers.metropolis.accepts(-2.0, -1.0)
    increment_chol = function_with("the covariance is taken for its root", tmp_path)
    given = me.Metropolis(covariance=[[4.0]])
    found = [increment_chol(given, 1)[0, 0], given.increment_chol(1)[0, 0]]
    assert found == pytest.approx([4.0, 2.0])


def test_a_compiled_function_has_the_bug_too(tmp_path: Path) -> None:
    accepts = function_with("the test is turned round", tmp_path, compiled=True)
    assert accepts(-1.0, -2.0)
