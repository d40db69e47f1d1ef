"""Answers that no one expects: each is told, none ends the grader."""

import numpy as np
import pytest

from mcmc_edu.exercises.catalogue import exercises, find
from mcmc_edu.exercises.checking import examine_here
from mcmc_edu.exercises.grading.finding import numbers, shown

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def after(k, strange):
    """Return a way to be strange in each k-th call alone."""
    return lambda value, call: strange(value, call) if call % k == k - 1 else value


def rows(count):
    """Return a way to give so many rows, by what there are and by the call."""
    return lambda value, call: value[: count(len(value), call)] if np.ndim(value) else value


STRANGE = {
    "no rows": rows(lambda n, call: 0),
    "no rows at times": after(7, rows(lambda n, call: 0)),
    "one row": rows(lambda n, call: 1),
    "two rows": rows(lambda n, call: 2),
    "other numbers of rows": rows(lambda n, call: 1 + call % 5),
    "half the rows": rows(lambda n, call: n // 2),
    "all twice": lambda value, call: np.concatenate([np.atleast_1d(value)] * 2),
    "zeros": lambda value, call: np.zeros_like(value),
    "huge": lambda value, call: np.asarray(value, dtype=float) * 1e308,
    "infinite": lambda value, call: np.asarray(value, dtype=float) / 0.0,
    "integers": lambda value, call: np.asarray(value).astype(int)[()] if np.ndim(value) else value,
    "complex": lambda value, call: value + 1j,
    "words": lambda value, call: str(value),
    "list of words": lambda value, call: ["a", "b", "c"],
    "ragged": lambda value, call: [[1.0], [2.0, 3.0]],
    "a dict": lambda value, call: {"a": 1.0},
    "a set": lambda value, call: {1.0},
    "a generator": lambda value, call: iter([1.0]),
    "one more axis": lambda value, call: np.asarray(value)[..., None],
    "one row, repeated": lambda value, call: np.repeat(np.atleast_1d(value)[:1], 3, axis=0),
    "nothing at times": after(5, lambda value, call: None),
    "an error at times": after(5, lambda value, call: 1 / 0),
    "a long integer": lambda value, call: 10**400,
    "twice, in a tuple": lambda value, call: (value, value),
}


def made_strange(solution, strange):
    """Return a function that answers strangely, and a list of whether it ever did."""
    differs = []

    def part(value):
        differs.append(True)  # an error, perhaps
        answer = strange(value, len(differs) - 1)
        found = numbers(answer)
        differs[-1] = found is None or not np.array_equal(found, np.asarray(value, dtype=float))
        return answer

    def function(*arguments):
        value = solution(*arguments)
        return tuple(map(part, value)) if isinstance(value, tuple) else part(value)

    return function, differs


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("name", [exercise.name for exercise in exercises()])
def test_a_strange_answer_is_told(name, strange):
    exercise = find(name)
    solution = exercise.function(exercise.solution)
    function, differs = made_strange(solution, STRANGE[strange])
    result = examine_here(exercise, function, 1)
    assert result.passed == (not any(differs)), result
    assert len(result.message) < 4000


def test_a_start_and_no_draws_are_told():
    """The start is recorded, and after it what is accepted alone: at times nothing."""

    def metropolis(log_density, theta0, scale, n, rng):
        theta, rows = np.array(theta0, dtype=float), [theta0]
        for _ in range(n - 1):
            proposal = theta + scale * rng.standard_normal(theta.size)
            if np.log(rng.random()) < log_density(proposal) - log_density(theta):
                theta = proposal
                rows.append(theta)
        return np.array(rows)

    assert not examine_here(find("metropolis"), metropolis, 1).passed


@pytest.mark.parametrize("value", ["1.0", 1j, [1j], ["1.0"], 10**400, {1.0}, [[1.0], [1.0, 2.0]]])
def test_what_is_no_number_is_none(value):
    assert numbers(value) is None


def test_what_is_shown_is_short():
    assert len(shown("a" * 1000)) < 80
    assert len(shown(10**400)) < 80
