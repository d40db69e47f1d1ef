"""Submissions that do what they should not, from `hostile.txt`: name, what is seen, source."""

import re
from pathlib import Path
from typing import NamedTuple


class Hostile(NamedTuple):
    """A submission, `f`, and what becomes of a call of it."""

    name: str
    seen: str
    """Type of error that it raised; or why its process ended; or "answer"."""
    source: str


def _read() -> list[Hostile]:
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    parts = re.split(r"^### (.+): (\w+)\n", text, flags=re.MULTILINE)[1:]
    return [Hostile(*parts[k : k + 3]) for k in range(0, len(parts), 3)]


BANK = _read()
