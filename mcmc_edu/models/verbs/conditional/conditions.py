"""What a conditional effect is conditional on besides its predictors: trials, and the offset.

Of one trial, and at an offset of 0, which is an exposure of 1 where the offset is its logarithm,
unless `levels` has values for the columns that they are made of.  A column that is a predictor too
is held as one, and sets neither.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....formulas import parse
from ...prepared import Prepared
from ...source import named


@dataclass(frozen=True)
class Conditions:
    """Columns of trials and offset, and the values that they were given."""

    columns: Mapping[str, tuple[str, ...]]
    """Of ``"trials"`` and ``"offset"``, where the model has them."""
    given: Mapping[str, float] = field(default_factory=dict)

    def sets(self, part: str) -> bool:
        """Whether ``"trials"`` or ``"offset"`` was given a value."""
        return any(name in self.given for name in self.columns.get(part, ()))

    @property
    def values(self) -> dict[str, float]:
        """What is conditioned on, by name: trials and offset, or the columns they are made of."""
        usual = {"trials": 1.0, "offset": 0.0}
        found = {part: usual[part] for part in self.columns if not self.sets(part)}
        return found | dict(self.given)

    @property
    def settable(self) -> list[str]:
        """Names of all the columns."""
        return [name for names in self.columns.values() for name in names]

    def note(self) -> list[str]:
        """Write a line that says the conditions, and how to change them."""
        if not self.columns:
            return []
        values = ", ".join(f"{name} = {value:.6g}" for name, value in self.values.items())
        free = [name for name in self.settable if name not in self.given]
        remedy = ", ".join(f"{name!r}: ..." for name in free)
        return [
            f"Conditional on {values}" + (f"; levels={{{remedy}}} sets others." if free else ".")
        ]


def conditions(
    model: Prepared, predictors: Collection[str], levels: Mapping[str, Any], kind: str = "epred"
) -> Conditions:
    """Find what `levels` say of trials and offset, and of the standard errors of new outcomes.

    Raises
    ------
    ValueError
        If a value is no number, or trials no whole one; if a part has several columns, and some
        of them are given and others not; or if new outcomes have no standard error.
    """
    columns = {
        part: tuple(name for name in names if name not in predictors)
        for part, names in _columns(model, kind).items()
    }
    columns = {part: names for part, names in columns.items() if names or part != "se"}
    settable = Conditions(columns).settable
    given = {name: _number(name, levels[name]) for name in settable if name in levels}
    for part, names in columns.items():
        missing = [name for name in names if name not in given]
        if missing and len(missing) < len(names):
            raise ValueError(
                f"levels has a part of the {part} only; give {', '.join(map(repr, missing))} too"
            )
    for name in columns.get("se", ()):
        if name not in given:
            raise ValueError(
                f"kind is 'predict', and new outcomes have a standard error: give it, "
                f"levels={{{name!r}: ...}}, or take 'epred'"
            )
    for name in columns.get("trials", ()):
        if name in given and (given[name] < 1 or given[name] % 1):
            raise ValueError(
                f"levels of {name!r} are {levels[name]!r}; trials must be a whole number, 1 or more"
            )
    return Conditions(columns, given)


def _columns(model: Prepared, kind: str) -> dict[str, list[str]]:
    """Name the columns of trials, offset and errors, where the model has them."""
    source, found = model.source, {}
    if source.formula is None:
        parts = ("trials", "offset", *["se"] * (kind == "predict"))
        return {part: [part] for part in parts if part in source.values}
    parsed = parse(source.formula)
    if parsed.response.trials:
        found["trials"] = named([parsed.response.trials], source.values)
    if parsed.response.se and kind == "predict":
        found["se"] = named([parsed.response.se], source.values)
    if parsed.offsets:
        found["offset"] = named(parsed.offsets, source.values)
    return {part: list(dict.fromkeys(names)) for part, names in found.items()}


def _number(name: str, value: Any) -> float:
    one = value[0] if isinstance(value, list | tuple | np.ndarray) and len(value) == 1 else value
    if isinstance(one, int | float | np.number) and not isinstance(one, bool) and np.isfinite(one):
        return float(one)
    raise ValueError(f"levels of {name!r} are {value!r}; give one finite number")
