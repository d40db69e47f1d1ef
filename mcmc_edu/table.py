"""A small table that prints well, in a terminal and in a notebook."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

MAX_ROWS = 40
"""A longer table is printed with its blocks, such as ``alpha[0], alpha[1], ...``, abridged."""
FIRST_ROWS = 3  # and the last, of an abridged block


@dataclass(frozen=True)
class Table:
    """Rows by name, each a mapping from column to value, with notes underneath.

    Printing abridges the blocks of a table of more than 40 rows; item access, `text` and
    `to_pandas` give all.

    Parameters
    ----------
    rows
        ``{row name: {column: value}}``; every row has the same columns, and None means empty.
    formats
        Format specification of a column's numbers, as in ``format(value, spec)``; where nothing
        is said, 3 decimals, or more in a row of small numbers.
    notes
        Lines to print under the table.

    Examples
    --------
    >>> print(Table({"mu": {"mean": 1.5, "n": 4}, "tau": {"mean": None, "n": 5}}))
          mean  n
    mu   1.500  4
    tau      -  5
    """

    rows: Mapping[str, Mapping[str, Any]]
    formats: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def __getitem__(self, row: str) -> Mapping[str, Any]:
        """The values of one row, by column."""
        return self.rows[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, max_rows: int | None = None) -> str:
        """The printed table, whole, or abridged if it has more than `max_rows` rows."""
        cells = self._cells(max_rows)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])],
            ).rstrip()
            for line in cells
        ]
        return "\n".join([*lines, *([""] if self.notes else []), *self.notes])

    def __str__(self) -> str:
        return self.text(MAX_ROWS)

    def _repr_html_(self) -> str:
        head, *body = self._cells(MAX_ROWS)
        rows = "".join(f"<tr>{_html(line)}</tr>" for line in [head, *body])
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<table>{rows}</table>{notes}"

    def to_pandas(self) -> Any:
        """The table as a pandas data frame, the row names as its index (needs pandas)."""
        import pandas

        return pandas.DataFrame.from_dict(dict(self.rows), orient="index")

    def _cells(self, max_rows: int | None) -> list[list[str]]:
        columns = list(next(iter(self.rows.values()), {}))
        shown = list(self.rows)
        if max_rows is not None and len(shown) > max_rows:
            shown = list(_abridged(shown))
        return [["", *columns], *(self._line(name, columns) for name in shown)]

    def _line(self, name: str, columns: Sequence[str]) -> list[str]:
        values = self.rows.get(name)
        if values is None:  # it says how many are left out
            return [name, *("" for _ in columns)]
        usual = _usual_format([v for c, v in values.items() if c not in self.formats])
        return [name, *(_text(values[c], self.formats.get(c, usual)) for c in columns)]


def _text(value: Any, spec: str) -> str:
    if value is None or value != value:
        return "-"
    return format(value, spec) if isinstance(value, float) else str(value)


def _usual_format(values: Sequence[Any]) -> str:
    """Three decimals, or as many as give the largest number three digits."""
    sizes = [abs(v) for v in values if isinstance(v, float) and 0.0 < abs(v) < math.inf]
    if not sizes or max(sizes) >= 0.1:
        return ".3f"
    return f".{2 - math.floor(math.log10(max(sizes)))}f" if max(sizes) >= 1e-6 else ".3g"


def _abridged(names: Sequence[str]) -> Iterator[str]:
    """The first rows of each block and its last, with the number of those between."""
    for _, rows in groupby(names, key=lambda name: name.partition("[")[0]):
        block = list(rows)
        between = len(block) - FIRST_ROWS - 1
        if between > 1:
            block[FIRST_ROWS:-1] = [f"… {between} more"]
        yield from block


def _html(line: Sequence[str]) -> str:
    name, *cells = (html.escape(cell) for cell in line)
    return f"<th>{name}</th>" + "".join(f"<td>{cell}</td>" for cell in cells)
