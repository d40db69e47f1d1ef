"""Conditions of a conditional effect besides its predictors: trials and offset.

The defaults are one trial and an offset of 0.  If the offset is a log exposure, 0 is an exposure of
1.  `levels` may set the columns from which trials and offset are computed.  A column that is also
a predictor is held as a predictor, and sets neither.
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
    """Columns of trials and offset, and the values given for them."""

    columns: Mapping[str, tuple[str, ...]]
    """Columns of ``"trials"`` and ``"offset"``, if the model has them."""
    given: Mapping[str, float] = field(default_factory=dict)

    def sets(self, part: str) -> bool:
        """Return whether ``"trials"`` or ``"offset"`` was given a value."""
        return any(name in self.given for name in self.columns.get(part, ()))

    @property
    def values(self) -> dict[str, float]:
        """Values conditioned on, by name: trials and offset, or the columns that define them."""
        usual = {"trials": 1.0, "offset": 0.0}
        found = {part: usual[part] for part in self.columns if not self.sets(part)}
        return found | dict(self.given)

    @property
    def settable(self) -> list[str]:
        """Names of all the columns."""
        return [name for names in self.columns.values() for name in names]

    def note(self) -> list[str]:
        """Return a line that names the conditions and how to change them."""
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
    """Find the values that `levels` gives for trials, offset and standard errors.

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
    """Return the names of the columns of trials, offset and standard errors.

    A part is left out if the model has none, or if `kind` does not need the part.
    """
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
