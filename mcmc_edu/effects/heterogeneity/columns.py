"""Columns of an experiment: treatments as numbers, modifiers, and the bins that make groups.

A treatment of two values becomes 0 and 1.  A modifier keeps its column, since the effect equation
takes it as it is; if it is binned, the groups are made of a second column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...formulas import columns as tables
from ...formulas.arrays import label
from ...models.verbs.effect.rows import SHOWN, values_in

Bins = int | Sequence[float]
"""A number of bins with about as many rows in each; or their edges, from the lowest up."""


@dataclass(frozen=True)
class Treatment:
    """A treatment and the two values of it that are compared."""

    name: str
    low: float
    high: float
    words: tuple[Any, Any]
    """The same as they stand in the data."""
    note: str = ""
    """What was done with its column."""
    dose: bool = False
    """Whether it is a number of more than two values, whose effect is a line."""

    @property
    def width(self) -> float:
        """Distance between the two values."""
        return abs(self.high - self.low)


def checked_names(
    argument: str, names: str | Sequence[str], columns: Mapping[str, Any]
) -> list[str]:
    """Return names of columns, one or several, all of them there and each once."""
    found = [names] if isinstance(names, str) else list(names)
    if not found:
        raise ValueError(f"{argument}={names!r}: expected one column or more. Name them")
    for name in found:
        if name not in columns:
            near = get_close_matches(str(name), list(columns), 3) or list(columns)
            raise ValueError(
                f"{argument}={name!r}: expected a column of the data, such as "
                f"{', '.join(near[:SHOWN])}"
            )
        if found.count(name) > 1:
            raise ValueError(f"{argument}: {name!r} is in it twice. Leave one out")
    return found


def treated(frame: Any, name: str, values: Any) -> tuple[Any, Treatment]:
    """Make a treatment numeric.

    Parameters
    ----------
    frame
        The rows.
    name
        Column of the treatment.
    values
        The two values to compare, ``(low, high)``; None if it has only two.

    Returns
    -------
    frame, treatment
        The rows that count: those with another word than the two are left out.

    Raises
    ------
    ValueError
        If the treatment is constant, or has more than two values and none are given; if the values
        given do not fit.
    """
    column = frame[name]
    there = values_in(column.dropna())
    number = tables.is_number(column) and not tables.is_boolean(column)
    if len(there) < 2:
        some = repr(there[0]) if there else "missing"
        raise ValueError(
            f"treatment={name!r}: expected two values or more in the data, and it is {some} in "
            "every row. Its effect cannot be told from these data"
        )
    if values is None and len(there) > 2:
        some = ", ".join(map(repr, there[:SHOWN])) + (", ..." if len(there) > SHOWN else "")
        raise ValueError(
            f"values: expected the two values of {name!r} to compare, which has {len(there)} in "
            f"the data ({some}). Pass for example values=({there[0]!r}, {there[-1]!r}); or make a "
            "column of 0 and 1 for each arm, and pass these as treatments"
        )
    low, high = there if values is None else _pair(name, values)
    if number:
        for value in (low, high):
            if not isinstance(value, int | float | np.number) or not np.isfinite(value):
                raise ValueError(f"values: expected finite numbers for {name!r}, not {value!r}")
        if len(there) > 2:
            return frame, Treatment(name, float(low), float(high), (low, high), dose=True)
    for value in (low, high):
        if value not in there:
            raise ValueError(
                f"values: expected values of {name!r}, which has "
                f"{', '.join(map(repr, there[:SHOWN]))}, and {value!r} is none"
            )
    kept = column.isin([low, high]) | column.isna()
    note = f"{name}: {label(low)} is 0, {label(high)} is 1." * ((low, high) != (0, 1))
    if not kept.all():
        note += f" {int((~kept).sum())} rows with another value are left out."
    frame = frame[kept]
    codes = frame[name].map({low: 0.0, high: 1.0}).astype(float)
    return frame.assign(**{name: codes}), Treatment(name, 0.0, 1.0, (low, high), note)


def _pair(name: str, values: Any) -> tuple[Any, Any]:
    pair = list(values) if isinstance(values, list | tuple | np.ndarray) else []
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ValueError(f"values={values!r}: expected two of {name!r} that differ, (low, high)")
    return pair[0], pair[1]


def binned(
    frame: Any, bins: Mapping[str, Bins], modifiers: Sequence[str]
) -> tuple[Any, list[str], dict[str, FloatArray]]:
    """Add a column of bins for each modifier that has them.

    Returns
    -------
    frame, factors, edges
        The frame; for each modifier the column that makes groups, the bins or itself; and the
        edges of the bins.

    Raises
    ------
    ValueError
        If bins are given for what is no modifier or no number, or are none.
    """
    if not isinstance(bins, Mapping):
        raise ValueError(
            f"bins={bins!r}: expected a mapping from modifiers. Pass for example "
            f"{{{modifiers[0]!r}: 4}}"
        )
    edges = {}
    for name, given in bins.items():
        if name not in modifiers:
            raise ValueError(f"bins: expected names of modifiers, and {name!r} is none")
        if not tables.is_number(frame[name]) or tables.is_boolean(frame[name]):
            raise ValueError(
                f"bins: expected a modifier of numbers, and {name!r} is not. Make groups of its "
                "levels in the data"
            )
        column = f"{name}_bin"
        if column in frame:
            raise ValueError(f"bins: {name!r} needs a column {column!r}, which the data have")
        x = tables.floats(frame[name])
        edges[name] = _edges(name, x, given)
        frame = frame.assign(**{column: cut(x, edges[name])})
    return frame, [f"{name}_bin" if name in bins else name for name in modifiers], edges


def _edges(name: str, x: FloatArray, bins: Bins) -> FloatArray:
    """Return the edges of bins that hold all values."""
    whole = isinstance(bins, int | np.integer) and not isinstance(bins, bool)
    given = np.asarray(bins if np.ndim(bins) == 1 else [])
    ascending = given.dtype.kind in "iuf" and bool(np.all(np.diff(given) > 0.0))
    if whole and int(bins) >= 2:  # type: ignore[arg-type]
        shares = np.linspace(0.0, 1.0, int(bins) + 1)  # type: ignore[arg-type]
        edges = np.unique(np.nanquantile(x, shares))
    elif given.size < 3 or not ascending:
        raise ValueError(
            f"bins of {name!r} are {bins!r}: expected a number from 2, or three edges or more, "
            "from the lowest up"
        )
    else:
        edges = given.astype(float)
    outside = np.flatnonzero((x < edges[0]) | (x > edges[-1]))
    if outside.size:
        raise ValueError(
            f"bins of {name!r} go from {edges[0]:g} to {edges[-1]:g}: expected all of its values "
            f"within, and {outside.size} are not, such as {x[outside[0]]:g}. Pass wider ones"
        )
    if edges.size < 3:
        raise ValueError(f"bins of {name!r}: its values are too alike for {bins} bins. Pass edges")
    return edges


def cut(x: FloatArray, edges: FloatArray) -> Any:
    """Put numbers into bins, named by their ends: ``[18, 35)``.

    Numbers beyond the edges are in the first or the last bin.
    """
    import pandas

    names = [f"[{a}, {b})" for a, b in pairwise(_written(edges))]
    names[-1] = names[-1][:-1] + "]"
    codes = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, edges.size - 2)
    return pandas.Categorical.from_codes(np.where(np.isnan(x), -1, codes), names, ordered=True)


def _written(edges: FloatArray) -> list[str]:
    """Write edges with four digits, or as many as it takes to write whole numbers and to differ."""
    for digits in range(4, 18):
        found = [f"{edge:.{digits}g}" for edge in edges.tolist()]
        if len(set(found)) == len(found) and not any("e+" in text for text in found):
            break
    return found
