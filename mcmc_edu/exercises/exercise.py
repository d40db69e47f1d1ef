"""Parts of an exercise: what is asked, what to know about it, and known wrong and right answers.

Each exercise is a folder of `tasks/`, with one name, that of the function which the student writes:

    stub.py       what the student starts from: the statement, as docstring of an empty function
    solution.py   a worked solution
    about.py      why it matters, its lesson, hints, and the kinds of bugs that are known
    bank.py       wrong answers of each kind, and right ones in several styles
    rules.py      the questions that the grader asks, and how it tells the kinds apart
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Answer = TypeVar("Answer", bound=Callable[..., Any])


@dataclass(frozen=True)
class Bug:
    """A kind of mistake."""

    name: str
    """Short, for tables: ``accepted-only``."""
    title: str
    """The mistake in a few words: ``only accepted points are recorded``."""
    thought: str
    """What the student is told: a question or a pointer to the line of thought, not the answer."""
    source: str = ""
    """Where it was published, if it was."""


@dataclass(frozen=True)
class About:
    """What there is to know about an exercise besides its statement."""

    name: str
    title: str
    """The task in a few words."""
    lesson: str
    """Number of the lesson that it belongs to."""
    why: str
    """Why it matters, in one to three sentences."""
    hints: tuple[str, str, str]
    """From a nudge to almost the answer."""
    bugs: tuple[Bug, ...]


@dataclass
class Bank:
    """Wrong and right answers to one exercise."""

    name: str
    wrong: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)
    """Name of the kind of bug, and a function that has it."""
    right: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)
    """Style in a few words, and a right function."""

    def has_bug(self, kind: str) -> Callable[[Answer], Answer]:
        """Put the decorated function among the wrong answers of a kind."""

        def keep(function: Answer) -> Answer:
            self.wrong.append((kind, function))
            return function

        return keep

    def is_right(self, style: str) -> Callable[[Answer], Answer]:
        """Put the decorated function among the right answers."""

        def keep(function: Answer) -> Answer:
            self.right.append((style, function))
            return function

        return keep
