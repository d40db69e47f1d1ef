"""What to look out for in an experiment whose effects vary by group, before it is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...models.prepared import Prepared
from ...models.verbs.effect.cells import cell_label, cells_of, usual_weights
from ...models.verbs.effect.rows import SHOWN, design_of, table_of, values_in
from .columns import Treatment

FEW = 5
"""A group with fewer people tells little by itself."""


@dataclass(frozen=True)
class Groups:
    """The groups that occur: their values, and how many people are in each arm."""

    values: list[dict[str, Any]]
    """Value of each column that makes the groups."""
    n: NDArray[np.int64]
    """People of each."""
    levels: dict[str, list[Any]]
    """Values of each of these columns, in their order."""
    arms: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]
    """By treatment, people with its low and with its high value; of a dose, people whose dose is
    nearer to that value than to the other."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(cell_label(values) for values in self.values)

    def notes(self, treatments: Sequence[Treatment]) -> list[str]:
        """Say what to look out for."""
        found = [
            f"{self.n.size} groups of {self.n.min()} to {self.n.max()} people, median "
            f"{np.median(self.n):g}."
        ]
        few = int((self.n < FEW).sum())
        if few:
            found[0] = found[0][:-1] + (
                f"; {few} have fewer than {FEW}. What small groups are estimated to be, the "
                "effect equation and the other groups decide."
            )
        for treatment in treatments:
            low, high = self.arms[treatment.name]
            lacking = np.flatnonzero((low == 0) | (high == 0))
            if lacking.size:
                some = "; ".join(self.labels[i] for i in lacking[:SHOWN])
                more = "; ..." if lacking.size > SHOWN else ""
                what = f"lack one arm of {treatment.name}"
                if treatment.dose:
                    ends = f"{treatment.low:g} and {treatment.high:g}"
                    what = f"have {treatment.name} near only one of {ends}, or near neither"
                found.append(
                    f"{lacking.size} groups {what} ({some}{more}): their effects are predictions."
                )
        return found


def groups_of(model: Prepared, factors: Sequence[str], treatments: Sequence[Treatment]) -> Groups:
    """Count the people of each group, which are trials if the outcome is binomial."""
    rows = table_of(model, None, {})
    weights, _ = usual_weights(model, rows, design_of(model, rows, {}))
    cells, values = cells_of(rows, np.arange(len(rows)), factors, np.ones(len(rows)))

    def people(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(cells.cell, weights * chosen, len(values)).astype(np.int64)

    arms = {}
    for treatment in treatments:
        column = rows.frame[treatment.name].to_numpy(dtype=float)
        to_low, to_high = abs(column - treatment.low), abs(column - treatment.high)
        arms[treatment.name] = people(to_low < to_high), people(to_high < to_low)
    levels = {name: values_in(rows.frame[name]) for name in factors}
    return Groups(values, people(np.ones(len(rows), dtype=bool)), levels, arms)


def refuse_modifiers(frame: Any, modifiers: Sequence[str], treatments: Sequence[Treatment]) -> None:
    """Refuse modifiers by which effects cannot be told apart.

    Raises
    ------
    ValueError
        If no row is whole; if a modifier is constant, in the data or within an arm.
    """
    if not len(frame):
        raise ValueError(
            "modifiers: expected rows in which treatments and modifiers have values, and there are "
            "none. Leave out a column that is missing throughout"
        )
    for name in modifiers:
        if len(values_in(frame[name])) < 2:
            raise ValueError(
                f"modifiers: expected columns that vary, and {name!r} is "
                f"{values_in(frame[name])[0]!r} in every row. Leave it out"
            )
        for treatment in treatments:
            arms = values_in(frame[treatment.name])
            for value in arms if len(arms) == 2 else ():
                there = values_in(frame.loc[frame[treatment.name] == value, name])
                if len(there) == 1:
                    raise ValueError(
                        f"modifiers: expected values that differ within each arm, and {name!r} is "
                        f"{there[0]!r} wherever {treatment.name} is {value:g}. How the effect "
                        "changes with it cannot be told from these data. Leave it out"
                    )


def refuse_single_rows(n: NDArray[np.int64], frame: Any, factors: Sequence[str]) -> None:
    """Refuse groups of one person each.

    Raises
    ------
    ValueError
        If most groups are.
    """
    if np.median(n) > 1.0:
        return
    most = max(factors, key=lambda name: len(values_in(frame[name])))
    raise ValueError(
        f"modifiers: expected groups of several people, and most of the {n.size} combinations have "
        f"one. Make fewer: {most!r} has {len(values_in(frame[most]))} values; if it is a number, "
        f"pass bins={{{most!r}: 4}}"
    )
