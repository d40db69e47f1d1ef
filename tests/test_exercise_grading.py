"""How exercises without chance, and decisions by chance, are examined: what passes, what is named.

The rules here are made up, so that what is expected can be computed by hand.
"""

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.exercises.chance.decisions import Decisions
from mcmc_edu.exercises.grading.differences import UpToConstant, less, pairs_of
from mcmc_edu.exercises.grading.exact import Exact, Raises, Such, same, way_of
from mcmc_edu.exercises.grading.finding import Finding, Stop
from mcmc_edu.exercises.grading.student import InProcess, Student

PLACES = (2.0, 3.0, 5.0, 7.0)


def answer(bugs, x):
    """Return x + 10, or what bugs make of it; `one` and `other` are the same mistake."""
    if {"one", "other"} <= bugs:
        raise ValueError("they are the same")
    value = x + (0.0 if "ten-missing" in bugs else 10.0)
    value *= 3.0 if way_of(bugs, "tripled") is not None or bugs & {"one", "other"} else 1.0
    if way_of(bugs, "tripled") == "but not small" and x < 3.0:
        value /= 3.0
    if "raises" in bugs and x > 4.0:
        return Raises("ValueError")
    return value - 1.0 if "one-less" in bugs else value


def rules(*bugs, **changes):
    return Exact(("x",), lambda rng: [[x] for x in PLACES], answer, bugs, **changes)


def found(examined, function):
    student = Student("f", InProcess(function), examined.arguments)
    return examined.examine(student, 1)


@pytest.mark.parametrize(("error", "passes"), [(1e-9, True), (3e-8, True), (3e-7, False)])
def test_seven_digits_count(error, passes):
    assert found(rules(), lambda x: (x + 10.0) * (1.0 + error)).passed == passes
    assert found(rules(), lambda x: (x + 10.0) * (1.0 - error)).passed == passes


def test_small_entries_are_compared_by_the_largest_of_their_array():
    assert same(np.array([1.0, 1e-9]), np.array([1.0, 0.0]), 1e-7)
    assert not same(np.array([1.0, 1e-6]), np.array([1.0, 0.0]), 1e-7)
    assert not same(np.array([2e-9]), np.array([1e-9]), 1e-7)
    assert same(np.array([np.inf, np.nan]), np.array([np.inf, np.nan]), 1e-7)
    assert not same(np.inf, -np.inf, 1e-7)


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (np.array([1.0]), 1.0),
        (1.0, np.array([1.0, 1.0])),
        (np.ones((2, 1)), np.ones(2)),
        ((1.0,), (1.0, 1.0)),
        (1.0, True),
        ("word", 1.0),
        (Raises("ValueError"), Raises("TypeError")),
        (Raises("ValueError"), 1.0),
        (3.0, Such(lambda value: value > 3.0)),
    ],
)
def test_what_is_not_the_same(value, right):
    assert not same(value, right, 1e-7)


def test_a_bug_has_its_name_if_it_explains_all_answers():
    kinds = ("ten-missing", "tripled", "tripled/but not small", "one-less")
    assert found(rules(*kinds), lambda x: x).bugs == ("ten-missing",)
    assert found(rules(*kinds), lambda x: 3 * x + 30).bugs == ("tripled",)
    assert found(rules(*kinds), lambda x: (3 if x > 2 else 1) * (x + 10)).bugs == ("tripled",)
    mixed = found(rules(*kinds), lambda x: x if x < 4 else 3 * (x + 10))
    assert (mixed.passed, mixed.bug, mixed.bugs) == (False, None, ())


def test_two_kinds_with_the_same_answers_have_no_name():
    both = found(rules("one", "other"), lambda x: 3 * (x + 10))
    assert (both.passed, both.bug) == (False, None)
    assert both.evidence["explanations"] == [["one"], ["other"]]
    assert found(rules("one"), lambda x: 3 * (x + 10)).bug == "one"


def test_the_smallest_set_of_bugs_is_named_up_to_so_many():
    kinds = ("ten-missing", "tripled", "one-less")
    assert found(rules(*kinds), lambda x: 3 * x - 1).bugs == ()  # three at once
    assert found(rules(*kinds, together=3), lambda x: 3 * x - 1).bugs == tuple(sorted(kinds))
    assert found(rules(*kinds), lambda x: 3 * x).bugs == ("ten-missing", "tripled")
    assert found(rules(*kinds, together=1), lambda x: 3 * x).bugs == ()


def test_an_error_is_named_where_a_bug_ends_in_it():
    def fails(x):
        if x > 4.0:
            raise ValueError("no")
        return x + 10.0

    def fails_otherwise(x):
        if x > 4.0:
            raise KeyError("no")
        return x + 10.0

    assert found(rules("raises"), fails).bug == "raises"
    assert found(rules("raises"), fails_otherwise).bug is None
    assert "KeyError" in found(rules("raises"), fails_otherwise).got


def test_changed_arguments_are_named_if_that_is_a_kind():
    def changes(x):
        x += 1.0
        return float(x[0]) + 9.0

    def probes(rng):
        return [[np.array([x])] for x in PLACES]

    def first(bugs, x):
        return float(x[0]) + 10.0

    exact = Exact(("x",), probes, first, (), changed="changed")
    assert found(exact, changes).bug == "changed"
    plain = found(Exact(("x",), probes, first, ()), changes)
    assert plain.bug is None
    assert "x has been changed" in plain.got


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: 4.0 * (x + 10.0), "It is 4 times what it should be, every time."),
        (lambda x: x + 12.5, "It is too high by 2.5, every time."),
        (lambda x: x + 10.0 + (x == 3.0), "3 of 4 answers were right; this one was not."),
        (lambda x: x * x + 10.0, "Print what each line makes of these arguments"),
        (lambda x: 12.0, "It returns the same for all questions"),
        (lambda x: -x, "The sign is left."),
        (lambda x: np.array([x]), "Return one number; yours has shape (1,)."),
        (lambda x: math.nan, "It is not a number (nan)."),
    ],
)
def test_the_pattern_of_unknown_mistakes_is_described(function, words):
    result = found(rules(unfinished={"The sign is left.": lambda x: -x}), function)
    assert (result.passed, result.bug) == (False, None)
    assert result.advice.startswith(words)
    assert result.asked.startswith("f(x=")


def shifted(bugs, x):
    if x == 0.0:
        return -np.inf
    return (2.0 * x if "doubled" in bugs else x) + 10.0


SHIFTED = UpToConstant(
    Exact(("x",), lambda rng: [[x] for x in (1.0, 4.0, 2.0, 7.0, 0.0, 1.0)], shifted, ("doubled",))
)


def test_a_constant_is_free_and_nothing_else():
    def free(x, constant=3.0):
        return x + constant if x else -np.inf

    assert found(SHIFTED, free).passed
    assert found(SHIFTED, lambda x: 2.0 * free(x)).bug == "doubled"
    for wrong in (lambda x: x * x if x else -np.inf, lambda x: -free(x), lambda x: x + 3.0):
        result = found(SHIFTED, wrong)
        assert (result.passed, result.bug) == (False, None)
    assert found(SHIFTED, lambda x: -free(x)).asked == "f(x=1) - f(x=4)"


def test_differences_of_answers():
    assert less(-np.inf, -np.inf) == 0.0
    assert less(1.0, -np.inf) == np.inf
    assert less(5.0, 3.0) == 2.0
    assert less(Raises("KeyError"), 1.0) == less(1.0, Raises("KeyError")) == Raises("KeyError")
    assert less("word", 1.0) == "word"
    assert pairs_of([1, 2, 3, 4, 5]) == [[1, 2], [3, 4]]


YES = (24.0, 36.0, 23.0, 37.0, 24.0, 36.0, 25.0, 35.0, 24.0, 36.0)
"""Of 60 each, where 30 are due: no number is unusual, all together are."""


def law_of(yes, chances):
    return stats.binom.logpmf(yes, 60, chances).sum()


def examined(bugs, yes=YES):
    """Return what is found of a submission that says yes so often."""

    class Counted(Decisions):
        def _same_seed(self, student, rng, questions):
            return None

        def _asked(self, student, rng, questions):
            return np.array(yes)

    def way(chances):
        return lambda question: chances[int(question)]

    decisions = Counted(
        ("x", "rng"),
        lambda rng: [(float(k),) for k in range(len(yes))],
        lambda question: 0.5,
        {kind: [way(chances) for chances in ways] for kind, ways in bugs.items()},
        lambda rng: [],
        times=60,
        rounds=1,
    )
    return decisions.examine(Student("f", InProcess(lambda x: True), ("x", "rng")), 1)


def toward(share):
    """Return chances from those that are right (0) to those that were seen (1)."""
    return 0.5 + share * (np.array(YES) / 60 - 0.5)


def share_with(log_ratio):
    """Return how far chances go to what was seen for a log likelihood ratio to the right ones."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        ratio = law_of(YES, toward(middle)) - law_of(YES, 0.5)
        low, high = (middle, high) if ratio < log_ratio else (low, middle)
    return low


@pytest.mark.parametrize(("log_ratio", "passes"), [(12.1, True), (12.3, False)])
def test_decisions_fail_at_half_the_level(log_ratio, passes):
    """1 / (0.5 * 1e-5) is e to the 12.206."""
    result = examined({"bug": [toward(share_with(log_ratio))]})
    assert result.passed == passes
    assert result.evidence["p_values"]["decisions"] > 0.05


def test_a_bet_is_shared_among_kinds_and_among_ways():
    sure, lost = toward(share_with(12.7)), np.full(10, 1e-9)
    assert not examined({"bug": [sure]}).passed
    assert examined({"bug": [sure], "other": [lost]}).passed
    assert examined({"bug": [sure, lost]}).passed
    assert examined({"bug": [np.full(10, np.nan)]}).passed


@pytest.mark.parametrize(("gap", "named"), [(4.68, True), (4.63, False)])
def test_a_decision_that_is_wrong_is_named_at_99_to_1(gap, named):
    """Unknown has prior odds of 0.001, and a bet of 0.5 or so against what fits well."""
    yes = (12.0,) * 10
    best, other = np.full(10, 0.2), np.full(10, 0.2)
    while law_of(yes, best) - law_of(yes, other) < gap:
        other = other + 1e-5
    result = examined({"bug": [best], "other": [other]}, yes)
    assert not result.passed
    assert result.evidence["best"] == "bug"
    assert result.bug == ("bug" if named else None)


def test_a_decision_that_no_bug_explains_is_described():
    yes = (3.0, 57.0) * 5
    result = examined({"bug": [toward(0.3)], "other": [np.full(10, 0.9)]}, yes)
    assert (result.passed, result.bug) == (False, None)
    assert "Which share should be True?" in result.advice
    assert (result.expected, result.got) == ("True about 50% of the time", "True 5% of the time")
    for said, words in ((60.0, "It says True to all"), (0.0, "It says False to all")):
        assert examined({"bug": [toward(0.3)]}, (said,) * 10).advice.startswith(words)


def decisions_of(function, **changes):
    """Return what is found of a function that should say yes half of the time."""
    settings = {
        "questions": lambda rng: [(0.0,), (1.0,)],
        "right": lambda x: 0.0 if math.isnan(x) else 0.5,
        "bugs": {"always": [lambda x: 1.0]},
        "edges": lambda rng: [((math.nan,), "nan-accepted")],
    }
    examined_ = Decisions(("x", "rng"), **(settings | changes))
    return found(examined_, function)


def test_edges_are_asked_last():
    def right(x, rng):
        return bool(rng.random() < 0.5 and not math.isnan(x))

    assert decisions_of(right).passed
    wrong = decisions_of(lambda x, rng: bool(rng.random() < 0.5 or math.isnan(x)))
    assert (wrong.passed, wrong.bug, wrong.got) == (False, "nan-accepted", "True")
    assert decisions_of(lambda x, rng: True).bug == "always"


def test_decisions_are_booleans_and_come_from_the_generator():
    own = np.random.default_rng(1)
    assert decisions_of(lambda x, rng: bool(own.random() < 0.5)).bug == "other-randomness"
    number = decisions_of(lambda x, rng: int(rng.random() < 0.5))
    assert (number.passed, number.bug) == (False, None)
    assert number.expected == "True or False"


def asked(function, *arguments, lenient=False):
    student = Student("f", InProcess(function), ("x", "rng"))
    student.lenient = lenient
    return student, student.ask(*arguments)


def test_what_a_student_does_besides_stops_the_examination(monkeypatch):
    def replaces(x):
        np.exp = np.log
        return 1.0

    monkeypatch.setattr(np, "exp", np.exp)
    with pytest.raises(Stop) as stop:
        asked(replaces, 1.0)
    assert stop.value.finding.got == "it has replaced numpy.exp"
    monkeypatch.undo()
    with pytest.raises(Stop) as stop:
        asked(lambda x: None, 1.0)
    assert stop.value.finding.got == "it returns None"


def test_a_lenient_student_may_change_arguments_which_is_noted():
    def changes(x):
        x += 1.0
        return 1.0

    with pytest.raises(Stop) as stop:
        asked(changes, np.zeros(2))
    assert stop.value.finding.evidence == {"changed": "x"}
    student, reply = asked(changes, np.zeros(2), lenient=True)
    assert student.changed == {"x"}
    assert reply.value == 1.0


def test_answers_before_an_error_are_kept():
    student = Student("f", InProcess(lambda x: 1 / x), ("x",))
    with pytest.raises(Stop) as stop:
        student.ask_many([[1.0], [4.0], [0.0], [2.0]])
    assert stop.value.values == [1.0, 0.25]
    assert student.questions == 3
    assert isinstance(stop.value.finding, Finding)
    assert stop.value.finding.evidence == {"error": "ZeroDivisionError"}


def test_the_global_random_state_is_noted_in_any_call():
    def at_first(x, calls=[]):  # noqa: B006 (it has to remember)
        calls.append(x)
        return x if len(calls) > 1 else np.random.random()  # noqa: NPY002 (the mistake)

    student, _ = asked(at_first, 1.0)
    assert student.global_random
    student.ask(2.0)
    assert student.global_random


def test_arguments_of_the_grader_stay_as_they_are():
    def changes(x):
        x += 1.0
        return 1.0

    given, held = np.zeros(2), {"x": np.zeros(2)}
    asked(changes, given, lenient=True)
    asked(lambda x: changes(x["x"]), held, lenient=True)
    assert not given.any()
    assert not held["x"].any()


def test_what_rightly_makes_no_difference_is_not_told():
    calls = [[x, 2.0] for x in PLACES]
    exact = Exact(("x", "z"), lambda rng: calls, lambda bugs, x, z: x, ())
    both = Exact(("x", "z"), lambda rng: calls, lambda bugs, x, z: x * z, ())
    assert "not change" not in found(exact, lambda x, z: np.sin(x) + 9.0).advice
    assert "not change with `z`" in found(both, lambda x, z: np.sin(x) + 9.0).advice


def test_the_grader_does_not_warn_of_what_it_changes():
    """A little more makes no difference here, so it asks about much more: exp overflows."""
    calls = [[90.0], [100.0], [120.0]]
    exact = Exact(("x",), lambda rng: calls, lambda bugs, x: np.exp(np.maximum(x, 200.0)), ())
    with warnings.catch_warnings(action="error"):
        assert not found(exact, np.sin).passed
