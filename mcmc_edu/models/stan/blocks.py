"""`Blocks`: the parts of a Stan program while it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...formulas import Grouping


@dataclass
class Blocks:
    """Lines of each block of a program, the values of its data, and the names of its quantities."""

    data: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    transformed: list[str] = field(default_factory=list)
    """Transformed parameters."""
    predictor: list[str] = field(default_factory=list)
    """What is added to the linear predictor."""
    likelihood: list[str] = field(default_factory=list)
    priors: list[str] = field(default_factory=list)
    generated: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    """Data by the name of the variable."""
    names: dict[str, str] = field(default_factory=dict)
    """Our names of quantities by the names that they have in the program."""

    def give(self, declaration: str, name: str, value: Any, comment: str = "") -> None:
        """Declare a variable of the data and set its value."""
        self.data.append(commented(f"{declaration} {name};", comment))
        self.values[name] = value

    def code(self, title: str) -> str:
        """Return the program."""
        model = [*self.predictor, *self.likelihood]
        if self.priors:
            model += ["// priors", *self.priors]
        blocks = {
            "data": self.data,
            "parameters": self.parameters,
            "transformed parameters": self.transformed,
            "model": model,
            "generated quantities": self.generated,
        }
        text = "".join(block(name, lines) for name, lines in blocks.items() if lines)
        return f"{title}\n{text}"


def block(name: str, lines: list[str]) -> str:
    """Return a block of a program: its lines, indented, between braces."""
    return "".join([f"{name} {{\n", *(f"  {line}\n" for line in lines), "}\n"])


def commented(line: str, comment: str) -> str:
    """Append a comment, which must stay on its line."""
    plain = " ".join(comment.split())
    return f"{line}  // {plain}" if plain else line


def listed(names: list[str] | tuple[str, ...]) -> str:
    """List names for a comment; of many, the first and the last."""
    if len(names) > 8:
        names = [*names[:5], "...", names[-1]]
    return ", ".join(names)


def bar(g: Grouping) -> str:
    """Name a bar for a comment."""
    return f"({', '.join(g.names)} {'|' if g.correlated else '||'} {g.name})"
