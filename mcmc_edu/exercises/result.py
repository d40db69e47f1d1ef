"""The grader's answer: passed or not, the bug's name if there is one, and one message."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass, field
from typing import Any

from .exercise import About
from .grading.finding import Finding

WIDTH = 88


@dataclass(frozen=True)
class Result:
    """What the grader found; it prints as its message.

    Attributes
    ----------
    passed : bool
        Whether the answer is right.
    bug : str or None
        Name of the bug; several at once are joined by `` + ``.  None if it passed, or if the odds
        do not suffice for a name.
    message : str
        What was asked, expected and seen, and what to think about.
    evidence : dict
        Numbers behind the decision: questions, p-value, odds.
    seed : int
        Seed of the questions: the same seed asks the same again.
    score : float
        1 if it passed, else 0.
    """

    exercise: str
    passed: bool
    bug: str | None
    message: str
    evidence: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    score: float = 0.0

    def __repr__(self) -> str:
        """Return the message."""
        return self.message

    def to_dict(self) -> dict[str, Any]:
        """Return all parts, for JSON."""
        return asdict(self)


def result_of(finding: Finding, about: About, seed: int, remarks: list[str]) -> Result:
    """Return the result of a finding, in the words of the exercise."""
    bug = " + ".join(finding.bugs) or finding.bug
    return Result(
        about.name,
        finding.passed,
        bug,
        message_of(finding, about, seed, remarks),
        finding.evidence,
        seed,
        1.0 if finding.passed else 0.0,
    )


def message_of(finding: Finding, about: About, seed: int, remarks: list[str]) -> str:
    """Return the one message that a student gets."""
    if finding.passed:
        lines = [f"{about.name}: passed. {about.why}"]
    else:
        lines = [f"{about.name}: not yet."]
        for head, words in (
            ("asked", finding.asked),
            ("expected", finding.expected),
            ("got", finding.got),
        ):
            if words:
                lines.append(_hanging(f"  {head + ':':<10}", words))
        known = {bug.name: bug for bug in about.bugs}
        for thought in dict.fromkeys(known[name].thought for name in finding.bugs):
            names = [name for name in finding.bugs if known[name].thought == thought]
            lines.append(_hanging("  bug:      ", f"{' and '.join(names)}. {thought}"))
        if finding.advice:
            lines.append(_hanging("  think:    ", finding.advice))
    lines += [_hanging("  note:     ", remark) for remark in remarks]
    if not finding.passed:
        lines.append(f"  (the same questions again: seed={seed})")
    return "\n".join(lines)


def _hanging(head: str, words: str) -> str:
    return textwrap.fill(
        words, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )
