"""A small table that prints well, in a terminal and in a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows by name, each a mapping from column to value, with notes underneath.

    Parameters
    ----------
    rows
        ``{row name: {column: value}}``; every row has the same columns, and None means empty.
    formats
        Format specification of a column's numbers, as in ``format(value, spec)``; 3 decimals
        where nothing is said.
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

    def _cells(self) -> list[list[str]]:
        columns = list(next(iter(self.rows.values()), {}))
        body = [
            [name, *(self._text(c, row[c]) for c in columns)] for name, row in self.rows.items()
        ]
        return [["", *columns], *body]

    def _text(self, column: str, value: Any) -> str:
        if value is None or value != value:
            return "-"
        if isinstance(value, float):
            return format(value, self.formats.get(column, ".3f"))
        return str(value)

    def __str__(self) -> str:
        cells = self._cells()
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])],
            ).rstrip()
            for line in cells
        ]
        return "\n".join([*lines, *([""] if self.notes else []), *self.notes])

    def _repr_html_(self) -> str:
        head, *body = (
            "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in line)
            for tag, line in zip(
                ["th", *["td"] * len(self.rows)], self._cells(), strict=True
            )
        )  # fmt: skip
        rows = "".join(f"<tr>{line}</tr>" for line in (head, *body))
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"<table>{rows}</table>{notes}"

    def to_pandas(self) -> Any:
        """The table as a pandas data frame, the row names as its index (needs pandas)."""
        import pandas

        return pandas.DataFrame.from_dict(dict(self.rows), orient="index")
