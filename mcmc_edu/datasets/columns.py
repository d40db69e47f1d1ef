"""Columns of equal length by name: the form of data that a model formula takes.

`Columns` is only a mapping, without row selection, index or missing values.  Models also accept any
other mapping from names to arrays, such as a dictionary or a data frame.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

SHOWN = 3  # of each column, when printed


class Columns(Mapping[str, NDArray[Any]]):
    """Columns of numbers or text, copied and read-only.

    Parameters
    ----------
    columns
        Values by column name, each of shape (rows,): numbers, or nothing but text.  True and
        False become 1 and 0.

    Raises
    ------
    ValueError
        If there is no column, a name is not text, a column is not one-dimensional, their lengths
        differ, or a value is neither a number nor text.

    Examples
    --------
    >>> data = Columns({"school": ["A", "B"], "effect": [28.0, 8.0]})
    >>> data
    Columns of 2 rows
      school  A, B
      effect  28, 8
    >>> data["effect"].mean()
    np.float64(18.0)
    """

    __slots__ = ("_columns",)

    def __init__(self, columns: Mapping[str, ArrayLike]) -> None:
        self._columns = {name: _column(name, values) for name, values in columns.items()}
        lengths = {name: column.size for name, column in self._columns.items()}
        if not lengths:
            raise ValueError("columns is empty; give at least one column")
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}; each row needs all of them")

    def __getitem__(self, name: str) -> NDArray[Any]:
        try:
            return self._columns[name]
        except KeyError:
            raise KeyError(f"no column {name!r}; there are {', '.join(self)}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        """Return the number of columns, as for any mapping; see `rows`."""
        return len(self._columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return next(iter(self._columns.values())).size

    def __eq__(self, other: object) -> bool:
        """Return whether names, their order, and all values are the same."""
        if not isinstance(other, Columns):
            return NotImplemented
        return list(self) == list(other) and all(np.array_equal(self[k], other[k]) for k in self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        width = max(map(len, self))
        lines = [f"  {name:<{width}}  {_first(self[name])}".rstrip() for name in self]
        return "\n".join([f"Columns of {self.rows} row{'s' * (self.rows != 1)}", *lines])

    def to_pandas(self) -> Any:
        """Copy the columns into a pandas data frame (needs pandas)."""
        import pandas

        return pandas.DataFrame({name: column.copy() for name, column in self.items()})

    def to_csv(self, path: str | Path) -> None:
        """Write a CSV file in UTF-8, with a line of names, and numbers in full precision."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self)
            writer.writerows(zip(*(column.tolist() for column in self.values()), strict=True))


def _column(name: str, values: ArrayLike) -> NDArray[Any]:
    if not isinstance(name, str):
        raise ValueError(f"a column is called {name!r}; names are text")
    try:
        column = np.array(values)
        if column.dtype.kind == "O":  # as data frames keep text
            column = np.array(column.tolist())
    except ValueError:
        raise ValueError(f"{name} has entries of different lengths; give one value a row") from None
    if column.ndim != 1:
        raise ValueError(f"{name} has shape {column.shape}; it must be (rows,), a value a row")
    if column.dtype.kind in "UO":
        column = _text(name, np.asarray(values, dtype=object).tolist())
    elif column.dtype.kind == "b":
        column = column.astype(np.int64)
    elif column.dtype.kind not in "iuf":
        raise ValueError(f"{name} is of type {column.dtype}; give numbers or text")
    column.setflags(write=False)
    return column


def _text(name: str, values: list[Any]) -> NDArray[np.str_]:
    for allowed in ((str, Real), str):  # what is neither is named first
        for row, value in enumerate(values, start=1):
            if not isinstance(value, allowed):
                raise ValueError(
                    f"{name} has the value {value!r} in row {row}; a column is all numbers or all "
                    "text, with none missing"
                )
    return np.array(values, dtype=np.str_)


def _first(column: NDArray[Any]) -> str:
    shown = [f"{v:.6g}" if isinstance(v, float) else str(v) for v in column[:SHOWN].tolist()]
    return ", ".join([*shown, *(["…"] if column.size > SHOWN else [])])
