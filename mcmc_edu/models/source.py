"""What a model was made of, kept so that it can be made again: from a file, and for a grid.

Of a table the columns that the formula uses, in the rows that are whole; of arrays the arrays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from ..formulas import Design, Formula, design, from_arrays, parse
from ..formulas import columns as tables
from ..formulas.arrays import Index, label
from ..formulas.formula import RESPONSE_FUNCTIONS
from ..formulas.names import used
from ..formulas.scanning import NAME, PYTHON


@dataclass(frozen=True, eq=False)
class Source:
    """A formula and its table; or no formula, and arrays."""

    formula: str | None
    missing: str
    values: Any
    """A data frame; or what `formulas.from_arrays` was given, by argument."""
    dropped: int = 0
    """Rows that were left out because a value is missing."""
    numbered: bool = True
    """Whether the index of the frame is the rows' numbers; not so in old files."""

    @classmethod
    def of_table(cls, formula: str, data: Any, missing: str) -> Self:
        """Copy what the formula uses of a table."""
        columns = tables.table(data)
        used = used_columns(parse(formula), columns)
        frame, dropped = tables.whole({name: columns[name] for name in used}, missing)
        return cls(formula, missing, frame, dropped)

    @classmethod
    def of_arrays(cls, given: Mapping[str, Any]) -> Self:
        """Copy the arrays that are not None."""
        return cls(None, "error", {n: _copied(n, v) for n, v in given.items() if v is not None})

    @property
    def rows(self) -> Index | None:
        """Numbers of the rows in the table, from 0; None of arrays, whose rows are all there, and
        where they are not known.
        """
        if self.formula is None or not self.numbered:
            return None
        return np.asarray(self.values.index, dtype=np.int64)

    def design(self) -> Design:
        """The design, as it was."""
        if self.formula is None:
            return from_arrays(**self.values)
        return replace(design(self.formula, self.values), dropped=self.dropped)

    def without_empty_categories(self) -> Self:
        """The source of a fit of the time when outcomes kept only categories that occur."""
        name = parse(self.formula).response.outcome.strip("`") if self.formula else ""
        if not (name and name in self.values and tables.declared(self.values[name])):
            return self
        column = self.values[name].cat.remove_unused_categories()
        return replace(self, values=self.values.assign(**{name: column}))

    def plain(self) -> dict[str, Any]:
        """Arrays, numbers and text only."""
        if self.formula is None:
            return {"arguments": self.values}
        columns = [{"name": name} | _plain(column) for name, column in self.values.items()]
        return {"columns": columns, "dropped": self.dropped, "rows": self.rows}

    @classmethod
    def of_plain(cls, formula: str | None, missing: str, plain: Mapping[str, Any]) -> Self:
        """What `plain` was made of."""
        if formula is None:
            return cls(None, missing, plain["arguments"])
        import pandas

        columns = {column["name"]: _column(column) for column in plain["columns"]}
        frame = pandas.DataFrame(columns)
        rows = plain.get("rows")
        if rows is not None:
            frame.index = pandas.Index(rows)
        return cls(
            formula, missing, frame, plain["dropped"], rows is not None or not plain["dropped"]
        )


def used_columns(parsed: Formula, columns: Mapping[str, Any]) -> list[str]:
    """Names of the columns of all parts of a formula."""
    response = [parsed.response.outcome, parsed.response.trials or "1"]
    groups = [name for bar in parsed.bars for name in bar.group]
    return list(dict.fromkeys([*named(response, columns), *predictors(parsed, columns), *groups]))


def predictors(parsed: Formula, columns: Mapping[str, Any]) -> list[str]:
    """Names of the columns right of the tilde, but for the groups."""
    bars = [bar.coefficients for bar in parsed.bars]
    return list(dict.fromkeys(named([parsed.common, *bars, *parsed.offsets], columns)))


def named(texts: Sequence[str], columns: Mapping[str, Any]) -> list[str]:
    """Names of the columns in expressions."""
    return [name for text in texts for name in used(text, columns)]


def _copied(name: str, value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    if name in ("names", "z_names"):
        return [str(item) for item in value]
    if name != "group":
        return np.array(value, dtype=np.float64)
    if isinstance(value, Mapping):
        return {str(factor): _labels(labels) for factor, labels in value.items()}
    return _labels(value)


def _labels(values: Any) -> Any:
    """Labels as an array of numbers or of text."""
    items = values.tolist() if hasattr(values, "tolist") else list(values)
    found = np.array(items)
    return np.array([label(item) for item in items]) if found.dtype.hasobject else found


def _plain(column: Any) -> dict[str, Any]:
    """A column as numbers; or, of anything else, as codes of levels in their order."""
    if tables.is_boolean(column):
        return {"values": np.array(column.tolist(), dtype=bool)}
    if tables.is_number(column):
        values = np.array(column.tolist())
        return {"values": values.astype(np.float64) if values.dtype.hasobject else values}
    return tables.as_codes(column)


def _column(plain: Mapping[str, Any]) -> Any:
    import pandas

    if "values" in plain:
        return plain["values"]
    ordered = plain.get("ordered", False)
    return pandas.Categorical.from_codes(plain["codes"], plain["levels"], ordered=ordered)


HARMLESS = RESPONSE_FUNCTIONS | {
    "C",
    "as.factor",
    "bs",
    "cc",
    "contr.helmert",
    "contr.poly",
    "contr.sum",
    "contr.treatment",
    "cr",
    "cs",
    "expm1",
    "factor",
    "offset",
    "p",
    "poly",
    "trials",
}
"""What a formula may call that is not NumPy's."""

TOKEN = re.compile(
    rf"""(?<!\w)(?:'[^'\\]*'|"[^"\\]*")                # text, not the f'' that is evaluated
    |`(?P<quoted>[^`]*)`
    |(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?!\w)
    |(?P<name>{NAME})(?P<called>\s*\()?(?P<keyword>\s*=(?!=))?
    |[-+*/:^|~(),=<>!&\[\]\s]""",
    re.VERBOSE,
)


def unsafe(formula: str | None, source: Mapping[str, Any]) -> str | None:
    """What in a formula might do anything but compute with columns; None if there is nothing."""
    known = {column["name"] for column in source.get("columns", ())}
    at, text = 0, formula or ""
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            return f"`{text[at : at + 20]}`"
        name, called = token["quoted"] or token["name"], token["called"]
        harmless = not name or name in HARMLESS or _of_numpy(name)
        if called and not harmless:
            return f"`{name}(...)`"
        if not (called or harmless or token["keyword"] or name in known | PYTHON):
            return f"`{name}`"
        at = token.end()
    return None


def _of_numpy(name: str) -> bool:
    """Whether it is one of NumPy's functions of each number, ``np.log``, or a constant of it."""
    return name.startswith("np.") and isinstance(getattr(np, name[3:], None), np.ufunc | float)
