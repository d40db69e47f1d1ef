"""Unknown bugs and further styles: complete, and of the signatures that exercises ask for."""

import copy
import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest
from styles import RIGHT
from subtle_bugs import TOO_SMALL
from test_exercise_bank import DETERMINISTIC, RANDOM, SIGNATURES, differs, part, probes
from unknown_bugs import UNKNOWN

from mcmc_edu.exercises import catalogue
from mcmc_edu.exercises.checking import examine_here


def answers():
    return [pytest.param(e, f, id=f"{e}-{name}") for e, name, f in UNKNOWN + RIGHT]


@pytest.mark.parametrize(("exercise", "function"), answers())
def test_a_signature_is_that_of_the_stub(exercise, function):
    stub = importlib.import_module(f"mcmc_edu.exercises.tasks.{exercise}.stub")
    assert inspect.signature(function) == inspect.signature(getattr(stub, exercise))


@pytest.mark.parametrize("answers", [UNKNOWN, RIGHT], ids=["unknown", "right"])
def test_names_are_unique(answers):
    assert len({(exercise, name) for exercise, name, _ in answers}) == len(answers)
    assert len({function.__name__ for _, _, function in answers}) == len(answers)


def test_there_are_many():
    assert len(UNKNOWN) >= 70
    assert len(RIGHT) >= 24
    assert len({exercise for exercise, _, _ in UNKNOWN}) >= 14
    assert sum(exercise in RANDOM for exercise, _, _ in UNKNOWN) >= 10
    assert {exercise for exercise, _, _ in RIGHT} >= set(RANDOM)


def test_the_table_that_is_kept_counts_what_there_is():
    """Who adds an answer has it examined, and keeps what `benchmarks/exercises.py` prints."""
    text = Path(__file__).parents[1].joinpath("benchmarks", "exercises.md").read_text("utf-8")
    kept = {}
    for line in text.splitlines():
        if line.startswith("| ") and line.endswith(" |") and "kinds" not in line:
            name, *cells = line.strip("| ").split(" | ")
            kept[name] = [int(cells[k]) for k in (0, 1, 6, 8)]
    found = {}
    for exercise in catalogue.exercises():
        wrong, right = exercise.bank.wrong, exercise.bank.right
        found[exercise.name] = [
            len({kind for kind, _ in wrong}),
            len(wrong),
            sum(name == exercise.name for name, _, _ in UNKNOWN),
            len(right) + sum(name == exercise.name for name, _, _ in RIGHT),
        ]
    found["all"] = np.sum(list(found.values()), axis=0).tolist()
    assert kept == found
    assert f"{50 * found['all'][3]} checks of {found['all'][3]} styles" in text


def test_names_are_not_those_of_the_bank():
    for exercise in SIGNATURES:
        about, bank = part(exercise, "about").ABOUT, part(exercise, "bank").BANK
        known = {bug.name for bug in about.bugs} | {bug.title for bug in about.bugs}
        assert not known & {name for e, name, _ in UNKNOWN if e == exercise}
        styles = {style for style, _ in bank.right}
        assert not styles & {name for e, name, _ in RIGHT if e == exercise}


@pytest.mark.parametrize("exercise", DETERMINISTIC)
def test_exact_answers_are_wrong_and_right(exercise):
    for e, name, function in UNKNOWN:
        if e == exercise:
            assert any(differs(e, function, probe) for probe in edges(e)), name
    for e, name, function in RIGHT:
        if e == exercise:
            assert not any(differs(e, function, probe) for probe in edges(e)), name


def edges(exercise):
    """Inputs of the bank's test, and some at the edge of what a statement names."""
    still, ninth = np.ones(9), np.eye(9)[8]
    apart = np.random.default_rng(2).normal(size=(2, 620)) + np.array([[-5.0], [5.0]])
    draws = {name: np.arange(12.0).reshape(4, 3) for name in ("z:age", "z:age_band", "z:cottage")}
    more = {
        "log_prior_no_pooling": [(np.full(2, 100.0), np.zeros(2), 10.0)],
        "gradient": [(np.array([2.0, -4.0]), np.array([2.1, 1.9]))],
        "dual_averaging": [(np.array([0.0, 1.0, 1.0]), 0.3, 0.8)],
        "u_turn": [(still, still, ninth, ninth), (still, still + ninth, ninth, -ninth)],
        "ess": [(apart,)],
        "noncentering": [(np.array([0.0, 30.0, 1.0]), np.ones(1), np.ones(1))],
        "varying_effect": [({"z": np.ones(4)} | draws, {"age": 1})],
        "leapfrog": [(np.ones(1), np.ones(1), 0.1, 30, lambda theta: -theta)],
    }
    return copy.deepcopy(probes(exercise) + more.get(exercise, []))


SLOW = pytest.mark.slow


def cases(answers):
    """Return answers as parameters of a test; those to `nuts` are slow."""
    return [
        pytest.param(
            case, id=f"{case[0]}-{case[1]}", marks=[pytest.mark.slow] * (case[0] == "nuts")
        )
        for case in answers
    ]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", cases(UNKNOWN))
def test_an_unknown_mistake_fails_without_a_name(case) -> None:
    result = examine_here(catalogue.find(case[0]), case[2], seed=1)
    assert (result.passed, result.bug) == (False, None), result


@pytest.mark.parametrize("case", cases(RIGHT))
def test_other_right_styles_pass(case) -> None:
    result = examine_here(catalogue.find(case[0]), case[2], seed=1)
    assert result.passed, result


@pytest.mark.parametrize("case", TOO_SMALL, ids=lambda case: case[1])
def test_mistakes_too_small_to_be_seen_pass(case) -> None:
    """A limit that `benchmarks/exercises.md` states: who overcomes it, moves the mistake."""
    assert examine_here(catalogue.find(case[0]), case[2], seed=1).passed
