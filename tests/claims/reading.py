"""Compare what a lesson says with what it computes.

A lesson's prose has numbers.  Each must be one that its code computes, or be declared as given:
a setting, or a fact from a source.  Not looked at: code and formulas, links, years, single digits,
references to lessons, and the parts on what to make and on sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LESSONS = Path(__file__).parent.parent.parent / "lessons"
"""Folder of the lessons."""
NUMBER = r"(?:[-−+]?\d+(?:[ ,]\d{3})*(?:\.\d+)?|[-−+]?\.\d+)"
LEFT_OUT = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$"  # code and formulas
    r"|\]\([^)]*\)|https?://\S+"
    r"|\b[Ll]essons? [0-9a-z]+(?:(?:, | and | to | or )[0-9]+[a-z]?)*|^# \w+ ·"
    r"|\b(?:1[5-9]|20)\d\d\b(?! ?%)"  # years
    r"|(?<![\w.])\d\.(?= )"  # of a list
    r"|\b(?:arXiv:|doi:)\S+|#\d+",
    re.DOTALL,
)
NO_CLAIMS = re.compile(r"## (?:Make|Sources)\b.*?(?=## |\Z)", re.DOTALL)


def prose_of(text: str) -> str:
    """Return the markdown of a percent script, each cell as one line of words."""
    cells = re.split(r"^# %%", text, flags=re.MULTILINE)[1:]
    markdown = [cell.partition("\n")[2] for cell in cells if cell.startswith(" [markdown]")]
    lines = [
        re.sub(r"^(?:> ?)+", "", line[2:])
        for cell in markdown
        for line in [*cell.splitlines(), ""]
        if line.startswith("#")
    ]
    return " ".join(" ".join(lines).split())


def numbers_in(prose: str) -> dict[int, str]:
    """Return the numbers that need a reason, by their place in the prose."""
    hidden = LEFT_OUT.sub(lambda found: "_" * len(found[0]), prose)
    hidden = NO_CLAIMS.sub(lambda found: "_" * len(found[0]), hidden)
    found = re.finditer(rf"(?<![\w.]){NUMBER}(?![\w])", hidden)
    return {hit.start(): hit[0] for hit in found if not re.fullmatch(r"[-−+]?\d", hit[0])}


def value_of(number: str) -> tuple[float, float]:
    """Return a number of the prose, and half a unit of its last digit."""
    plain = number.replace("−", "-").replace(",", "").replace(" ", "")
    decimals = len(plain.partition(".")[2])
    return float(plain), 0.5 * 10.0**-decimals


@dataclass
class Lesson:
    """A lesson that has run: its names as attributes, its output, its prose."""

    names: dict[str, Any]
    printed: str
    prose: str
    wrong: list[str] = field(default_factory=list)
    """What the claims found wrong, in words."""
    _explained: set[int] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        """Return what the lesson calls `name` at its end."""
        try:
            return self.names[name]
        except KeyError:
            raise AttributeError(f"the lesson has no name {name!r}") from None

    def says(self, sentence: str, *values: float, within: float = 0.0) -> None:
        """Require that the prose has a sentence with these numbers in the places of ``{}``.

        A number may differ from its value by its rounding and by `within`, the Monte Carlo error
        that is allowed (of the value's unit; say how many standard errors where you call it).
        """
        if sentence.count("{}") != len(values):
            raise ValueError(f"{sentence!r} has {sentence.count('{}')} places, not {len(values)}")
        parts = [re.escape(part) for part in " ".join(sentence.split()).split("{}")]
        found = list(re.finditer(f"({NUMBER})".join(parts), self.prose))
        if not found:
            self.wrong.append(f"the prose does not say {sentence!r}")
        for hit in found:
            for place, value in enumerate(values, 1):
                self._explained.add(hit.start(place))
                said, rounding = value_of(hit[place])
                if not abs(said - float(value)) <= rounding * 1.001 + within:
                    self.wrong.append(f"{hit[0]!r}: {hit[place]} is said, {float(value):.6g} found")

    def given(self, *sentences: str) -> None:
        """Declare the numbers in these words of the prose: settings, or facts of a source."""
        for sentence in sentences:
            words = " ".join(sentence.split())
            starts = [hit.start() for hit in re.finditer(re.escape(words), self.prose)]
            if not starts:
                self.wrong.append(f"the prose does not say {sentence!r}")
            for start in starts:
                inside = range(start, start + len(words))
                self._explained.update(at for at in numbers_in(self.prose) if at in inside)

    def holds(self, claim: str, truth: Any) -> None:
        """Require that a claim in words is true."""
        if not bool(truth):
            self.wrong.append(f"not so: {claim}")

    def prints(self, *texts: str) -> None:
        """Require that the output has these texts."""
        self.wrong += [f"not printed: {text!r}" for text in texts if text not in self.printed]

    def unexplained(self) -> list[str]:
        """Return the numbers of the prose that no claim covers, with the words around them."""
        return [
            f"{number} in '... {self.prose[max(0, at - 40) : at + 40]} ...'"
            for at, number in numbers_in(self.prose).items()
            if at not in self._explained
        ]
