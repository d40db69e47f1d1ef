"""What an examination of a submission finds: nothing, a described fault, or a bug with a name."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...compiling import FloatArray


@dataclass(frozen=True)
class Finding:
    """The outcome of an examination.

    One message is built of it: what was asked, what was seen, and what to think about.
    """

    passed: bool
    asked: str = ""
    """What the submission was asked to do, in words, with its inputs."""
    expected: str = ""
    """What a right answer does."""
    got: str = ""
    """What the submission did."""
    bug: str | None = None
    """Name of the kind of bug, where the odds suffice."""
    bugs: tuple[str, ...] = ()
    """Names of several kinds at once, where they were recognised together."""
    sure: bool = False
    """Whether the name needs no further evidence."""
    advice: str = ""
    """What to think about, where there is no bug with a name."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """Numbers behind the decision: questions asked, p-value, odds."""


class Stop(Exception):  # noqa: N818 (it is no error of ours)
    """Ends an examination with a finding: there is enough to tell."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.got)
        self.finding = finding
        self.values: list[Any] = []
        """What the questions before this one returned, if several were asked at once."""


_SHORT = reprlib.Repr()
_SHORT.maxstring, _SHORT.maxother, _SHORT.maxlong = 60, 80, 40
"""Writes what is neither number nor array, and cuts what is long in the middle."""


def numbers(value: Any) -> FloatArray | None:
    """Return an answer as an array of numbers, or None if it is none: words, or complex ones."""
    try:
        array = np.asarray(value)
        return None if array.dtype.kind in "cSUmM" else array.astype(float)
    except (TypeError, ValueError, OverflowError):
        return None


def shown(value: Any, digits: int = 6) -> str:
    """Return a value of a call as words: short, with a few digits."""
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, np.generic):
        return shown(value.item(), digits)
    if isinstance(value, np.ndarray):
        if value.size <= 8:
            return shown(value.tolist(), digits)
        first = ", ".join(shown(entry, digits) for entry in value.reshape(-1)[:4])
        return f"an array of shape {value.shape}, [{first}, ...]"
    if isinstance(value, tuple):
        return "(" + ", ".join(shown(entry, digits) for entry in value) + ")"
    if isinstance(value, list):
        entries = [shown(entry, digits) for entry in value[:8]]
        return "[" + ", ".join(entries) + (", ...]" if len(value) > 8 else "]")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_briefly(v)}" for k, v in value.items()) + "}"
    return _SHORT.repr(value)


def _briefly(value: Any) -> str:
    """Return an entry of a dict as words: of an array its shape and two numbers."""
    if not isinstance(value, np.ndarray) or value.size <= 2:
        return shown(value)
    first = ", ".join(shown(entry, 3) for entry in value.reshape(-1)[:2])
    return f"{value.shape} [{first}, ...]"
