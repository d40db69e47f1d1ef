"""Examines functions without chance: questions at random places, and what each bug would answer.

The rules of an exercise give one function, `answer(bugs, *arguments)`: the right answer for no
bugs, and for a set of kinds of bugs what a student with these would get.  A submission is asked at
several places.  If one answer is wrong, those sets of kinds are left that give its answers at *all*
places, to seven digits.  Numbers with seven digits do not agree by chance at several places, so
the kinds that all sets have in common are named.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...seeds import generator
from .clues import changed_in_a_part, clue, finite
from .finding import Finding, Stop, numbers, shown
from .student import Student, changes

Bugs = frozenset[str]
TOLERANCE = 1e-7
"""Relative difference up to which two answers are the same: order of sums, and no more."""


@dataclass(frozen=True)
class Raises:
    """Stands for an answer where a bug makes the function raise an error."""

    error: str
    """Name of its type."""


@dataclass(frozen=True)
class Such:
    """Stands for an answer that a bug does not determine: all those that pass a test."""

    test: Callable[[Any], bool] = lambda value: True
    """``test(value)``: of an answer, or of `Raises`."""


ANYTHING = Such()
"""Stands for any answer, an error too: at edges of which a bug leaves nothing but chance."""


@dataclass(frozen=True)
class Exact:
    """Rules for a function without chance.

    Parameters
    ----------
    arguments
        Names of the function's arguments.
    probes
        ``probes(rng)`` returns the lists of arguments to ask about: first plain ones, then edges.
    answer
        ``answer(bugs, *arguments)`` returns the right value, or what a set of bugs makes of it.
        It may raise ValueError for sets that cannot be told apart or do not go together, and
        return `Raises` where the bug ends in an error.
    bugs
        Kinds of bugs that `answer` knows, or ways to have one: ``kind/way``.
    together
        Up to how many bugs at once are looked for.
    changed
        Kind of the bug of a function that changes its arguments, if there is one.
    unfinished
        What a half-finished function may return, by the words that say so: functions of the
        arguments.  They come before bugs.
    """

    arguments: Sequence[str]
    probes: Callable[[np.random.Generator], Sequence[Sequence[Any]]]
    answer: Callable[..., Any]
    bugs: Sequence[str]
    together: int = 2
    tolerance: float = TOLERANCE
    changed: str = ""
    unfinished: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def examine(self, student: Student, seed: int) -> Finding:
        """Ask at all places, and say what is found."""
        student.lenient = True  # an answer may be wrong besides
        calls = [list(call) for call in self.probes(generator(seed))]
        try:
            values = [reply.value for reply in student.ask_many(calls)]
        except Stop as stop:
            return self._and_changes(student, self._stopped(student, stop, calls))
        return self._and_changes(student, self._judged(student, calls, values))

    def _and_changes(self, student: Student, found: Finding) -> Finding:
        """Add to a finding that arguments were changed, if they were."""
        if not student.changed:
            return found
        told = changes(student.changed_in, student.changed)
        bugs = tuple(sorted({*found.bugs, self.changed} - {""}))
        advice = found.advice
        if found.passed:
            found, advice = told, "" if self.changed else told.advice
        elif not self.changed:
            advice = f"{advice} Besides, {told.got}: {told.advice}".strip()
        return replace(found, bug=bugs[0] if bugs else None, bugs=bugs, advice=advice)

    def _judged(
        self, student: Student, calls: Sequence[Sequence[Any]], values: Sequence[Any]
    ) -> Finding:
        """Say what is found in the answers to these questions."""
        right = [self.answer(frozenset(), *call) for call in calls]
        wrong = [k for k in range(len(calls)) if not same(values[k], right[k], self.tolerance)]
        evidence: dict[str, Any] = {"questions": len(calls), "wrong": len(wrong)}
        if not wrong:
            return Finding(True, evidence=evidence)
        first = wrong[0]
        seen: dict[str, Any] = {
            "asked": student.called(calls[first]),
            "expected": shown(right[first]),
            "got": shown(values[first]),
        }
        strange = unlike(values[first], right[first])
        if not strange and _is_constant(values) and not _is_constant(right):
            advice = "It returns the same for all questions: it does not look at its arguments."
            if np.ndim(values[0]) == 0 and values[0] == -np.inf:
                advice = (
                    "It is -inf for all questions. Which of your conditions holds for these "
                    "arguments?"
                )
            return Finding(False, **seen, advice=advice, evidence=evidence)
        for words, part in self.unfinished.items():
            parts = [part(*call) for call in calls]
            if all(same(v, p, self.tolerance) for v, p in zip(values, parts, strict=True)):
                return Finding(False, **seen, advice=words, evidence=evidence)
        explained = self._explanations(calls, values, right)
        evidence["explanations"] = [sorted(bugs) for bugs in explained]
        if explained and (certain := Bugs.intersection(*map(kinds_of, explained))):
            names = tuple(sorted(certain))
            return Finding(False, **seen, bug=names[0], bugs=names, evidence=evidence)
        advice = strange or ""
        if not advice and 2 * len(wrong) > sum(finite(answer) is not None for answer in right):
            advice = self._unread(student, [(calls[k], values[k]) for k in wrong])
        advice = advice or clue(self.arguments, calls, values, right, self._agrees)
        return Finding(False, **seen, advice=advice, evidence=evidence)

    def _agrees(self, value: Any, right: Any) -> bool:
        return same(value, right, self.tolerance)

    def _unread(self, student: Student, asked: Sequence[tuple[Sequence[Any], Any]]) -> str:
        """Say what makes no difference to the student's wrong answers, though it should.

        That takes changes of several sizes, up and down, at two questions or more.
        """
        parts = [
            (words, value, others)
            for call, value in [pair for pair in asked if self._is_plain(*pair)][:3]
            for words, others in changed_in_a_part(self.arguments, call)
            if not all(self._agrees(*self._right(call, other)) for other in others)
        ]
        try:
            calls = [other for _, _, others in parts for other in others]
            values = [reply.value for reply in student.ask_many(calls)]
        except Stop as stop:
            values = stop.values
        still: dict[str, list[bool]] = {}
        for words, value, others in parts:
            new, values = values[: len(others)], values[len(others) :]
            unchanged = len(new) == len(others) and all(same(v, value, 0.0) for v in new)
            still.setdefault(words, []).append(unchanged)
        return next((words for words, at in still.items() if len(at) > 1 and all(at)), "")

    def _right(self, *calls: Sequence[Any]) -> list[Any]:
        with np.errstate(all="ignore"):  # what is changed much may overflow
            return [self.answer(frozenset(), *call) for call in calls]

    def _is_plain(self, call: Sequence[Any], value: Any) -> bool:
        """Say whether this is one call, answered and to be answered by finite numbers."""
        if len(call) != len(self.arguments):
            return False
        right = self._right(call)[0]
        decision = isinstance(right, bool | np.bool_)
        return not decision and finite(right) is not None and finite(value) is not None

    def _stopped(self, student: Student, stop: Stop, calls: Sequence[Sequence[Any]]) -> Finding:
        """Say what is found if a question was not answered: a bug's name if one explains it."""
        finding = stop.finding
        if "error" not in finding.evidence:
            return finding
        error = Raises(finding.evidence["error"])
        for values in ([*stop.values, error], stop.values):
            if len(values) > 2:
                judged = self._judged(student, calls[: len(values)], values)
                if judged.bug and judged.got == shown(error):
                    return replace(finding, bug=judged.bug, bugs=judged.bugs, advice="")
                if judged.bug:
                    return judged
        return finding

    def _explanations(
        self, calls: Sequence[Sequence[Any]], values: Sequence[Any], right: Sequence[Any]
    ) -> list[Bugs]:
        """Return the smallest sets of bugs that give all these answers."""
        for number in range(1, self.together + 1):
            found = [
                frozenset(bugs)
                for bugs in itertools.combinations(self.bugs, number)
                if len(kinds_of(bugs)) == number and self._gives(frozenset(bugs), calls, values)
            ]
            if found:
                return found
        return []

    def _gives(self, bugs: Bugs, calls: Sequence[Sequence[Any]], values: Sequence[Any]) -> bool:
        with np.errstate(all="ignore"):
            for call, value in zip(calls, values, strict=True):
                try:
                    expected = self.answer(bugs, *call)
                except (ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError):
                    return False
                if not same(value, expected, self.tolerance):
                    return False
        return True


def kinds_of(bugs: Iterable[str]) -> Bugs:
    """Return the kinds of bugs that may be written with their way: ``kind/way``."""
    return frozenset(bug.partition("/")[0] for bug in bugs)


def way_of(bugs: Bugs, kind: str) -> str | None:
    """Return the way in which a kind is among bugs, "" for its first one; None if it is not."""
    return next((bug.partition("/")[2] for bug in bugs if bug.partition("/")[0] == kind), None)


def _is_constant(values: Sequence[Any]) -> bool:
    """Say whether all answers are one number, or arrays of it."""
    if len(values) <= 2:
        return False
    if all(same(value, values[0], 0.0) for value in values):
        return True
    known = [found.ravel() for v in values if (found := numbers(v)) is not None]
    entries = np.concatenate([np.zeros(0), *known])
    return bool(len(known) == len(values) and entries.size and (entries == entries[0]).all())


def same(value: Any, right: Any, tolerance: float) -> bool:
    """Say whether two answers agree, in all their parts."""
    if isinstance(right, Such):
        return right.test(value)
    if isinstance(right, Raises) or isinstance(value, Raises):
        return isinstance(value, Raises) and isinstance(right, Raises) and value == right
    if isinstance(right, tuple):
        value = _unpacked(value)
        return (
            isinstance(value, tuple | list)
            and len(value) == len(right)
            and all(same(v, r, tolerance) for v, r in zip(value, right, strict=True))
        )
    if isinstance(right, bool | np.bool_):
        return isinstance(value, bool | np.bool_ | int | np.integer) and bool(value) == bool(right)
    found, wanted = numbers(value), numbers(right)
    if found is None or wanted is None or found.shape != wanted.shape:
        return False
    scale = np.max(np.abs(wanted[np.isfinite(wanted)]), initial=0.0)
    return bool(np.allclose(found, wanted, rtol=tolerance, atol=tolerance * scale, equal_nan=True))


def _unpacked(value: Any) -> Any:
    """Return the rows of an array that stands for several values: ``a, b = array`` takes them."""
    return list(value) if isinstance(value, np.ndarray) and value.ndim else value


def unlike(value: Any, right: Any) -> str | None:
    """Say what is wrong with the type or shape of an answer, if that is wrong already."""
    if isinstance(right, tuple):
        value = _unpacked(value)
        if not isinstance(value, tuple | list) or len(value) != len(right):
            return f"Return {len(right)} values, separated by a comma."
        return next((s for v, r in zip(value, right, strict=True) if (s := unlike(v, r))), None)
    if isinstance(right, bool | np.bool_):
        known = isinstance(value, bool | np.bool_ | int | np.integer)
        return None if known else "Return True or False."
    found = numbers(value)
    if found is None:
        return "Return a number, or an array of numbers."
    wanted = np.asarray(right, dtype=float)
    if found.shape != wanted.shape:
        what = f"an array of shape {wanted.shape}" if wanted.ndim else "one number"
        return f"Return {what}; yours has shape {found.shape}."
    if np.isnan(found).any() and not np.isnan(wanted).any():
        return (
            "It is not a number (nan). Which step makes it so: 0/0, inf - inf, the log or the root "
            "of a number below 0, a function that does not take these arguments?"
        )
    return None
