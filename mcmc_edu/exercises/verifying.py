"""``verify``: for authors.  Solutions pass, stubs fail, every known bug fails, none misnamed.

A bug may remain without a name: a wrong name is worse, as it sends the student astray.
Functions of the bank are ours, so they are called in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .catalogue import Exercise
from .checking import examine_here


@dataclass
class Verified:
    """What was found for one exercise."""

    name: str
    problems: list[str] = field(default_factory=list)
    bugs: int = 0
    """Wrong answers in the bank."""
    named: int = 0
    """Of them, with their own name."""
    misnamed: int = 0
    """Of them, with another's name."""
    right: int = 0
    """Right answers, the solution included."""


@dataclass
class Verification:
    """What was found for all; it prints as a table."""

    exercises: list[Verified] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether right answers pass, stubs and bugs fail, and no bug has another's name."""
        return not any(verified.problems for verified in self.exercises)

    def __str__(self) -> str:
        """Return the table, and below it what does not hold."""
        lines = [f"{'exercise':26s} right  wrong  named  misnamed"]
        rows = [*self.exercises, self.total()] if len(self.exercises) > 1 else self.exercises
        lines += [
            f"{v.name:26s} {v.right:5d}  {v.bugs:5d}  {v.named:5d}  {v.misnamed:8d}" for v in rows
        ]
        lines += [problem for v in self.exercises for problem in v.problems]
        return "\n".join(lines)

    def total(self) -> Verified:
        """Return the sums over all exercises."""
        sums = {
            name: sum(getattr(v, name) for v in self.exercises)
            for name in ("bugs", "named", "misnamed", "right")
        }
        return Verified("all", **sums)

    def to_dict(self) -> dict[str, Any]:
        """Return all parts, for JSON."""
        return {"holds": self.holds, "exercises": [asdict(v) for v in self.exercises]}


def verify(
    chosen: Sequence[Exercise],
    seed: int = 1,
    tell: Callable[[str], None] | None = None,
    only: Collection[str] = (),
) -> Verification:
    """Examine solutions, stubs and the bank of some exercises.

    Parameters
    ----------
    chosen
        The exercises.
    seed
        Seed of the questions.
    tell
        Called with a line for each exercise when it begins.
    only
        What to look at: ``"solution"``, ``"stub"``, kinds of bugs, styles of right answers; if
        empty, everything.

    Raises
    ------
    ValueError
        If the exercises have nothing of a name in `only`.
    """
    known = {name for exercise in chosen for name in _names(exercise)}
    if missing := sorted(set(only) - known):
        raise ValueError(f"no such part of these exercises: {', '.join(missing)}")
    verification = Verification()
    for exercise in chosen:
        if tell:
            tell(f"{exercise.name} ...")
        verification.exercises.append(verify_one(exercise, seed, only))
    return verification


def _names(exercise: Exercise) -> list[str]:
    """Return the names of all that there is to look at in an exercise."""
    bank = exercise.bank
    return ["solution", "stub", *(name for name, _ in [*bank.right, *bank.wrong])]


def verify_one(exercise: Exercise, seed: int, only: Collection[str] = ()) -> Verified:
    """Examine the solution, the stub and the bank of one exercise; `verify` has the parameters."""
    verified, name, bank = Verified(exercise.name), exercise.name, exercise.bank
    wanted = only or _names(exercise)
    solution, stub = (exercise.function(source) for source in (exercise.solution, exercise.stub))
    for style, function in [("solution", solution), *bank.right]:
        if style not in wanted:
            continue
        result = examine_here(exercise, function, seed)
        verified.right += 1
        if not result.passed:
            verified.problems.append(f"{name}: right, but failed: {style}\n{result}")
    if "stub" in wanted and examine_here(exercise, stub, seed).passed:
        verified.problems.append(f"{name}: the stub passes")
    for kind, function in bank.wrong:
        if kind not in wanted:
            continue
        result = examine_here(exercise, function, seed)
        verified.bugs += 1
        verified.named += result.bug == kind
        which = f"{kind} ({function.__name__})"
        if result.passed:
            verified.problems.append(f"{name}: wrong, but passes: {which}")
        elif result.bug not in (None, kind):
            verified.misnamed += 1
            verified.problems.append(f"{name}: misnamed: {which} is called {result.bug}")
    return verified
