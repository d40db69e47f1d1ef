"""A small table that prints well, in a terminal and in a notebook."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from .digits import known, rounded

Errors = Callable[[str], Mapping[str, float]]
"""From the name of a row to the Monte Carlo errors of its numbers, by column."""

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
    errors
        Monte Carlo errors of the numbers of a row, by column, worked out for the rows that are
        printed.  A number that has one is printed to the digits that it leaves, see `digits`, or
        to the decimals of its column's format if these are fewer; where q5 and q95 have one, a
        line beneath says how large it is.

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
    errors: Errors | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, row: str) -> Mapping[str, Any]:
        """Return the values of one row, by column."""
        return self.rows[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def text(self, max_rows: int | None = None) -> str:
        """Print the table, whole, or abridged if it has more than `max_rows` rows."""
        cells = self._cells(max_rows)
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
            for line in cells
        ]
        notes = [*self._ends(max_rows), *self.notes]
        return "\n".join([*lines, *([""] if notes else []), *notes])

    def __str__(self) -> str:
        return self.text(MAX_ROWS)

    def _repr_html_(self) -> str:
        head, *body = self._cells(MAX_ROWS)
        rows = "".join(f"<tr>{_html(line)}</tr>" for line in [head, *body])
        beneath = [*self._ends(MAX_ROWS), *self.notes]
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in beneath)
        return f"<table>{rows}</table>{notes}"

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame, the row names as its index (needs pandas)."""
        import pandas

        return pandas.DataFrame.from_dict(dict(self.rows), orient="index")

    def _shown(self, max_rows: int | None) -> list[str]:
        """Names of the rows to print, and lines that say how many are left out."""
        shown = list(self.rows)
        abridged = max_rows is not None and len(shown) > max_rows
        return list(_abridged(shown)) if abridged else shown

    def _cells(self, max_rows: int | None) -> list[list[str]]:
        columns = list(next(iter(self.rows.values()), {}))
        return [["", *columns], *(self._line(name, columns) for name in self._shown(max_rows))]

    def _ends(self, max_rows: int | None) -> Iterator[str]:
        """How well the ends of intervals are known, in the rows that are printed."""
        shares = []
        for name in self._shown(max_rows) if self.errors else ():
            row = self.rows.get(name, {})
            errors = self._errors(name) if {"q5", "q95"} <= row.keys() else {}
            if {"q5", "q95"} <= errors.keys() and row["q95"] > row["q5"]:
                shares.append(max(errors["q5"], errors["q95"]) / (row["q95"] - row["q5"]))
        if shares:
            most = 100.0 * max(shares)
            percent = f"{most:.1g}" if most < 1.0 else f"{most:.0f}"
            yield (
                f"Monte Carlo error at q5 and q95: at most {percent} % of the distance between "
                "them."
            )

    def _errors(self, name: str) -> dict[str, float]:
        """Those of a row that tell anything."""
        found = {} if self.errors is None or name not in self.rows else self.errors(name)
        return {column: error for column, error in found.items() if known(error)}

    def _line(self, name: str, columns: Sequence[str]) -> list[str]:
        values = self.rows.get(name)
        if values is None:  # it says how many are left out
            return [name, *("" for _ in columns)]
        errors = self._errors(name)
        usual = _usual_format([v for c, v in values.items() if c not in {*self.formats, *errors}])
        return [
            name,
            *(
                rounded(values[c], max(errors[c], _least(self.formats.get(c, ""))))
                if c in errors and values[c] is not None
                else _text(values[c], self.formats.get(c, usual))
                for c in columns
            ),
        ]


def _least(spec: str) -> float:
    """Return the error to which a format with so many decimals, ".2f", would be right."""
    fixed = re.fullmatch(r"\.(\d+)f", spec)
    return 0.5 * 10.0 ** -int(fixed[1]) if fixed else 0.0


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
    """Yield the first rows of each block and its last, with the number of those between."""
    for _, rows in groupby(names, key=lambda name: name.partition("[")[0]):
        block = list(rows)
        between = len(block) - FIRST_ROWS - 1
        if between > 1:
            block[FIRST_ROWS:-1] = [f"… {between} more"]
        yield from block


def _html(line: Sequence[str]) -> str:
    name, *cells = (html.escape(cell) for cell in line)
    return f"<th>{name}</th>" + "".join(f"<td>{cell}</td>" for cell in cells)
