"""``check(name, f)``: examine a student's function, and say what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, overload

from .catalogue import Exercise, find
from .grading.finding import Finding
from .grading.student import Asked, InProcess, Student, global_state
from .result import Result, result_of
from .sandbox import Limits, Submission

Work = Callable[..., Any] | str | Path


class NotRightError(AssertionError):
    """Says in graded work that an answer is not right; its words are the grader's message."""


@overload
def check(
    name: str,
    f: Work,
    *,
    graded: Literal[False] = ...,
    hint: int | None = ...,
    seed: int | None = ...,
) -> Result: ...
@overload
def check(name: str, f: Work, *, graded: Literal[True], seed: int | None = ...) -> float: ...
def check(
    name: str,
    f: Work,
    *,
    graded: bool = False,
    hint: int | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
) -> Result | float:
    """Examine a student's function.

    It runs in a process of its own, with limits on time, memory and files.

    Parameters
    ----------
    name
        Name of the exercise, such as ``"metropolis"``; `exercises()` lists them.
    f
        The function, or the path of a file that has a function of that name.
    graded
        Return the score as a float, 1.0, or raise `NotRightError`; importing mcmc_edu is refused in
        the student's process, and nothing is printed.  For autograders.
    hint
        1, 2 or 3: put a hint below the message, from a nudge to almost the answer.
    seed
        Seed of the questions, an integer; by default a new one, which the result tells.
    limits
        Limits of the process.

    Returns
    -------
    Result or float
        The result prints as one message.

    Raises
    ------
    ValueError
        If there is no exercise of this name, or `hint` is not 1, 2 or 3.
    NotRightError
        If `graded` and the answer is not right.

    Examples
    --------
    >>> import numpy as np
    >>> import mcmc_edu as me
    >>> def rmse(estimate, truth):
    ...     return np.mean((estimate - truth) ** 2)
    >>> me.exercises.check("rmse", rmse, seed=1).bug
    'root-missing'
    """
    exercise = find(name)
    if hint not in (None, 1, 2, 3):
        raise ValueError(f"hint={hint!r}: hints are 1 (a nudge), 2 and 3 (almost the answer)")
    result = examine(exercise, f, graded=graded, hint=hint, seed=seed, limits=limits)
    if not graded:
        return result
    if not result.passed:
        raise NotRightError(result.message) from None
    return result.score


def examine(
    exercise: Exercise,
    f: Work,
    *,
    graded: bool = False,
    hint: int | None = None,
    seed: int | None = None,
    limits: Limits | None = None,
) -> Result:
    """Examine a submission in a process of its own; `check` has the parameters."""
    work = Path(f) if isinstance(f, str | Path) else f
    seed = new_seed() if seed is None else seed
    with Submission(work, exercise.name, graded=graded, limits=limits) as submission:
        remarks: list[str] = []
        if submission.loaded is None and exercise.name not in submission.functions:
            finding = _no_function(exercise, submission.functions)
        else:
            finding = _examined(exercise, submission, seed, remarks)
    if not graded:
        remarks += _said(submission.printed, finding.passed)
    if submission.files:
        remarks.append(f"Your function writes files: {', '.join(submission.files[:3])}")
    if hint is not None:
        remarks.append(f"Hint {hint}: {exercise.about.hints[hint - 1]}")
    return result_of(finding, exercise.about, seed, remarks)


def examine_here(exercise: Exercise, f: Callable[..., Any], seed: int) -> Result:
    """Examine a function that is trusted, in this process: our own solutions and the bank."""
    remarks: list[str] = []
    finding = _examined(exercise, InProcess(f), seed, remarks)
    return result_of(finding, exercise.about, seed, remarks)


def _examined(exercise: Exercise, asked: Asked, seed: int, remarks: list[str]) -> Finding:
    rules = exercise.rules
    solution = exercise.function(exercise.solution)
    student = Student(exercise.name, asked, rules.arguments, solution)
    finding: Finding = rules.examine(student, seed)
    if not student.global_random:
        return finding
    told = global_state(rules.arguments)
    if finding.passed:
        return replace(told, evidence=finding.evidence)
    if finding.got != told.got:
        remarks.append(f"Besides, {told.got}. {told.advice}")
    return finding


WARNING = re.compile(r"^.*?([^/\\]*\.py):(\d+): (\w*Warning): (.*)$")
"""A warning as Python prints it; the line below it is the code."""


def _said(printed: str, passed: bool) -> list[str]:
    """Return remarks about what was printed; about warnings only if the answer is not right."""
    lines, remarks = printed.splitlines(), []
    warned = [k for k, line in enumerate(lines) if WARNING.match(line)]
    codes = [k + 1 for k in warned if lines[k + 1 : k + 2] and lines[k + 1].startswith("  ")]
    if warned and not passed:
        found = WARNING.match(lines[warned[0]])
        assert found is not None
        file, line, _, text = found.groups()
        place = "In your function"
        if file == "submission.py":
            code = f" (`{lines[warned[0] + 1].strip()}`)" if warned[0] + 1 in codes else ""
            place = f"In line {line} of your code{code}"
        remarks.append(f"{place} there is a warning in one of the calls: {text}")
    rest = [line for k, line in enumerate(lines) if k not in warned + codes and line.strip()]
    rest = [line for line in rest if not line.startswith("mcmc_edu: ")]  # the package's own
    if rest:
        remarks.append(f"Your function prints; the first line is: {rest[0][:60]}")
    return remarks


def _no_function(exercise: Exercise, names: list[str]) -> Finding:
    there = ", ".join(sorted(names)[:8]) or "none"
    return Finding(
        False,
        f"a function called {exercise.name}",
        f"the file has it; `mcmc-edu exercises start {exercise.name}` writes one to begin with",
        f"the functions of the file: {there}",
        advice="Is the name spelled as in the exercise?",
    )


def new_seed() -> int:
    """Return a seed that no one has seen before: six digits, to be typed again."""
    import secrets

    return secrets.randbelow(900_000) + 100_000
