"""The exercises, in the order of the lessons."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from .exercise import About, Bank
from .grading.finding import Finding
from .grading.student import Student

TASKS = Path(__file__).parent / "tasks"


class Rules(Protocol):
    """How an exercise is examined."""

    @property
    def arguments(self) -> Sequence[str]:
        """Names of the function's arguments."""
        ...

    def examine(self, student: Student, seed: int) -> Finding:
        """Ask the student's function, and say what was found."""
        ...


@dataclass(frozen=True)
class Exercise:
    """An exercise: its folder, and what is in it, loaded when it is needed."""

    name: str

    @property
    def folder(self) -> Path:
        """Folder of the exercise."""
        return TASKS / self.name

    @property
    def about(self) -> About:
        """What there is to know besides the statement."""
        about: About = self._part("about").ABOUT
        return about

    @property
    def rules(self) -> Rules:
        """How it is examined."""
        rules: Rules = self._part("rules").RULES
        return rules

    @property
    def bank(self) -> Bank:
        """Known wrong and right answers."""
        bank: Bank = self._part("bank").BANK
        return bank

    @property
    def stub(self) -> str:
        """Source of what the student starts from."""
        return (self.folder / "stub.py").read_text(encoding="utf-8")

    @property
    def solution(self) -> str:
        """Source of a worked solution."""
        return (self.folder / "solution.py").read_text(encoding="utf-8")

    def function(self, source: str) -> Callable[..., Any]:
        """Return the function of a source text of ours: the stub or the solution."""
        names: dict[str, Any] = {"__name__": self.name}
        exec(compile(source, f"<{self.name}>", "exec"), names)
        function: Callable[..., Any] = names[self.name]
        return function

    def _part(self, name: str) -> Any:
        return importlib.import_module(f"{__package__}.tasks.{self.name}.{name}")


@cache
def exercises() -> tuple[Exercise, ...]:
    """Return all exercises, in the order of the lessons that they belong to."""
    found = [
        Exercise(folder.name)
        for folder in sorted(TASKS.iterdir())
        if (folder / "about.py").exists()
    ]
    return tuple(sorted(found, key=lambda exercise: (exercise.about.lesson, exercise.name)))


def find(name: str) -> Exercise:
    """Return the exercise of a name.

    Raises
    ------
    ValueError
        If there is none.
    """
    names = [exercise.name for exercise in exercises()]
    if name in names:
        return exercises()[names.index(name)]
    near = get_close_matches(name, names, n=3)
    hint = f"; near are {', '.join(near)}" if near else ""
    raise ValueError(f"there is no exercise {name!r}{hint}; all are {', '.join(names)}")
