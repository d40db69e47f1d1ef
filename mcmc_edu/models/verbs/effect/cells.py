"""Which rows are averaged together, and how much each counts.

by="region"           a cell for each region
wts="N"               a row stands for N people
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ....formulas import Design
from ....formulas import columns as tables
from ....formulas.arrays import label
from ...prepared import Prepared
from .averages import Cells
from .rows import SHOWN, Table, rows_text, values_in


def names_of(by: str | Sequence[str] | None) -> list[str]:
    """Return the names of columns that make cells: one, several, or ``"a:b"``."""
    if by is None:
        return []
    given = [by] if isinstance(by, str) else list(by)
    return list(dict.fromkeys(name.strip() for text in given for name in text.split(":")))


def cells_of(
    table: Table, rows: NDArray[np.int64], by: Sequence[str], weights: FloatArray
) -> tuple[Cells, list[dict[str, Any]]]:
    """Put rows into cells, one for each combination of the columns `by` that occurs.

    Returns
    -------
    cells, values
        The cells, and the value of each column in each of them.

    Raises
    ------
    ValueError
        If the weights of a cell are all 0.
    """
    codes, levels = np.zeros((rows.size, len(by)), dtype=np.int64), []
    for k, name in enumerate(by):
        column = table.column("by", name).iloc[rows]
        there = values_in(column)
        place = {value: i for i, value in enumerate(there)}
        codes[:, k] = [place[value] for value in column.tolist()]
        levels.append(there)
    found, cell = np.unique(codes, axis=0, return_inverse=True)
    values = [
        {name: levels[k][i] for k, (name, i) in enumerate(zip(by, row, strict=True))}
        for row in found.tolist()
    ]
    cells = Cells(rows, np.asarray(cell, dtype=np.int64).reshape(-1), weights[rows])
    empty = np.flatnonzero(cells.weight <= 0.0)
    if empty.size:
        some = "; ".join(cell_label(values[i]) or "all rows" for i in empty[:SHOWN])
        raise ValueError(
            f"wts: expected a sum above 0 in every cell, and it is 0 in {empty.size} ({some}). "
            "Leave such rows out"
        )
    return cells, values


def cell_label(values: Mapping[str, Any]) -> str:
    """Name a cell by the values of its columns."""
    return ", ".join(f"{name}={label(value)}" for name, value in values.items())


Weights = tuple[FloatArray, str]
"""Weight of each row, and what the weights are called."""


def usual_weights(model: Prepared, table: Table, design: Design) -> Weights:
    """Return the weights of rows that are given none: how many observations each row stands for.

    These are the trials of a binomial outcome, and the weights of the fit in its own rows.
    """
    weights, names = np.ones(len(table)), []
    if table.fitted and model.design.weights is not None:
        weights, names = weights * model.design.weights, ["weights of the fit"]
    if design.trials is not None:
        weights, names = weights * design.trials, [*names, "trials"]
    return weights, " times ".join(names) or "rows"


def weights_of(table: Table, wts: Any, usual: Weights) -> Weights:
    """Return the weight of every row, and what the weights are called.

    Parameters
    ----------
    wts
        A column, or numbers, shape (rows,); None for the usual ones.
    usual
        See `usual_weights`.

    Raises
    ------
    ValueError
        If a weight is missing, no number, negative or infinite, or they sum to 0; with the first
        rows.
    """
    n = len(table)
    if wts is None:
        return usual
    if isinstance(wts, str):
        column, name = table.column("wts", wts), wts
        if not tables.is_number(column):
            raise ValueError(f"wts={wts!r}: expected a column of numbers. Pass counts or shares")
        weights = tables.floats(column)
    else:
        weights, name = np.asarray(wts, dtype=float), "as given"
        if weights.shape != (n,):
            raise ValueError(
                f"wts has shape {weights.shape}: expected ({n},), one for each row. Pass a column "
                "of the rows, or as many numbers"
            )
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0.0)))
    if wrong.size:
        raise ValueError(
            f"wts: expected finite numbers, 0 or more, and {name!r} is {weights[wrong[0]]:g} in "
            f"{rows_text(wrong)}. Leave such rows out, or give them a weight of 0"
        )
    if weights.sum() <= 0.0:
        raise ValueError(f"wts: expected a sum above 0, and {name!r} is 0 in every row")
    return weights, name
