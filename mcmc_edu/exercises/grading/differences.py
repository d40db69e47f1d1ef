"""Examines functions that are free in a constant: each question asks at two places.

What is compared is the difference of the two answers, in which the constant has gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..sandbox import Answer
from .exact import Bugs, Exact, Raises
from .finding import Finding, Stop, numbers
from .student import Student


@dataclass(frozen=True)
class UpToConstant:
    """Rules for a function without chance whose values may be shifted by a constant.

    Parameters
    ----------
    exact
        Rules for a function that is free in nothing.  Its questions come in twos: each of an even
        number is compared with the one after it, and these two have to share the constant.
    """

    exact: Exact

    @property
    def arguments(self) -> Sequence[str]:
        """Names of the function's arguments."""
        return self.exact.arguments

    def examine(self, student: Student, seed: int) -> Finding:
        """Ask at all places, and say what is found."""
        rules = replace(
            self.exact,
            probes=lambda rng: pairs_of(self.exact.probes(rng)),
            answer=difference_of(self.exact.answer),
        )
        return rules.examine(Differences(student), seed)


class Differences(Student):
    """A submission that is asked at two places and answers with the difference."""

    def __init__(self, student: Student) -> None:
        student.lenient = True
        self._student = student
        self.name = student.name

    @property
    def changed(self) -> set[str]:  # type: ignore[override]
        """Names of arguments that were changed."""
        return self._student.changed

    @property
    def changed_in(self) -> str:  # type: ignore[override]
        """The first call that did so, in words."""
        return self._student.changed_in

    def ask_many(self, calls: Sequence[Sequence[Any]], seconds: float = 10.0) -> list[Answer]:
        """Ask at two places for each question; raises as `Student.ask_many` does."""
        try:
            answers = self._student.ask_many([call for pair in calls for call in pair], seconds)
        except Stop as stop:
            stop.values = [less(*pair) for pair in pairs_of(stop.values)]
            raise
        return [
            replace(one, value=less(one.value, other.value)) for one, other in pairs_of(answers)
        ]

    def called(self, arguments: Sequence[Any]) -> str:
        """Return the two calls in words."""
        one, other = arguments
        return f"{self._student.called(one)} - {self._student.called(other)}"


def pairs_of(entries: Sequence[Any]) -> list[list[Any]]:
    """Return entries in twos; a last one without a partner is left out."""
    return [[entries[k], entries[k + 1]] for k in range(0, len(entries) - 1, 2)]


def difference_of(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a function answers to questions in twos."""

    def difference(bugs: Bugs, one: Sequence[Any], other: Sequence[Any]) -> Any:
        return less(answer(bugs, *one), answer(bugs, *other))

    return difference


def less(one: Any, other: Any) -> Any:
    """Return the difference of two answers, 0 if they are the same infinity.

    An answer that is no number stays what it is.
    """
    for value in (one, other):
        if isinstance(value, Raises):
            return value
        if numbers(value) is None:
            return value
    with np.errstate(invalid="ignore"):
        one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        if one.shape != other.shape:
            return one
        difference = np.where(one == other, 0.0, one - other)
    return float(difference) if difference.ndim == 0 else difference
