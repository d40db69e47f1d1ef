"""Clues about wrong answers that no bug explains: true, and only where they are."""

import numpy as np
import pytest

from mcmc_edu.exercises.grading.clues import clue
from mcmc_edu.exercises.grading.exact import same

CALLS = [(0.5, 2.0), (1.5, 3.0), (-0.7, 0.4), (2.2, 1.3)]


def right(u, rate):
    return rate * np.exp(u)


def told(function, wanted=right, calls=CALLS):
    values, answers = [function(*c) for c in calls], [wanted(*c) for c in calls]
    return clue(("u", "rate"), calls, values, answers, lambda v, r: same(v, r, 1e-9))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda u, rate: 3.0 * right(u, rate), "It is 3 times what it should be, every time."),
        (lambda u, rate: right(u, rate) - 2.5, "It is too low by 2.5, every time."),
        (lambda u, rate: right(u, rate) + 2.5, "It is too high by 2.5, every time."),
        (lambda u, rate: np.log(right(u, rate)), "It is the logarithm of"),
        (lambda u, rate: right(u, rate) ** 2, "It is the square of"),
        (lambda u, rate: 1.0 / right(u, rate), "It is 1 divided by"),
        (lambda u, rate: right(u, rate) - 2.0 * u, "It is off by -2 times `u`, every time."),
        (lambda u, rate: right(u, rate) + np.log(rate), "off by 1 times the logarithm of `rate`"),
        (lambda u, rate: right(u, rate) if u > 0.0 else 0.0, "3 of 4 answers were right"),
        (lambda u, rate: np.sin(right(u, rate)), "Print what each line makes"),
    ],
)
def test_what_numbers_have_in_common(function, words):
    assert words in told(function)


def test_a_shift_of_what_is_finite_is_told_as_that():
    calls = [*CALLS, (-np.inf, 1.0)]

    def wanted(u, rate):
        return u + rate

    assert "too high by 1, wherever it is wrong and finite" in told(
        lambda u, rate: u + rate + 1.0 if np.isfinite(u) else 0.0, wanted, calls
    )


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda u, rate: np.array([u, 0.0]), "The first entry is right, every time."),
        (lambda u, rate: np.array([0.0, rate * u]), "The second entry is right, every time."),
        (lambda u, rate: np.array([0.0, 1.0]), "Print what each line makes"),
    ],
)
def test_which_entries_are_right(function, words):
    assert words in told(function, lambda u, rate: np.array([u, rate * u]))


def test_which_values_of_several_are_right():
    words = told(lambda u, rate: (u, 0.0), lambda u, rate: (u, rate * u))
    assert words.startswith("The first value is right, every time.")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda u, rate: False, "3 of 5 decisions are wrong, where True is right."),
        (lambda u, rate: u > 0.0 or rate < 0.5, "1 of 5 decisions is wrong, where False is right."),
        (lambda u, rate: u <= 0.0, "5 of 5 decisions are wrong, of both kinds."),
        (lambda u, rate: np.array([True, False]), "5 of 5 decisions are wrong, of both kinds."),
    ],
)
def test_decisions_are_no_numbers(function, words):
    assert words in told(function, lambda u, rate: u > 0.0, [*CALLS, (-0.1, 2.0)])


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda u, rate: np.sin(u * rate) if rate > 0.0 else -np.inf, "It is right where the dens"),
        (lambda u, rate: np.sin(u * rate) if rate > 0.0 else 0.5, "Print what each line makes"),
        (lambda u, rate: u * rate if u > 0.0 and rate > 0.0 else -np.inf, "8 of 9 answers were"),
    ],
)
def test_zero_densities_alone_are_not_much_to_have_right(function, words):
    calls = [*CALLS, *[(u, -1.0) for u in range(5)]]
    assert told(function, lambda u, rate: u * rate if rate > 0.0 else -np.inf, calls).startswith(
        words
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: np.append(x[:-1], 0.5), "All entries are right but the last."),
        (lambda x: np.append(0.5, x[1:]), "All entries are right but the first."),
        (lambda x: np.append(x[0], np.sin(x[1:]) + 9.0), "The first entry is right, and those"),
    ],
)
def test_which_end_of_an_array_is_right(change, words):
    def wanted(u, rate):
        return u + rate * np.arange(1.0, 5.0)

    assert words in told(lambda u, rate: change(wanted(u, rate)), wanted)
