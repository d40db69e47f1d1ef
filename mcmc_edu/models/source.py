"""Source data of a model, kept to rebuild the model from a file or for a grid.

For a formula these are the columns it uses, in the rows without missing values.  For arrays they
are the arrays themselves.
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
from ..formulas.bare_arrays import rows_of
from ..formulas.design import weights_of
from ..formulas.formula import RESPONSE_FUNCTIONS
from ..formulas.names import unknown, used
from ..formulas.scanning import NAME, PYTHON
from ..formulas.weights import WEIGHTS, times

ROWS = ("y", "X", "Z", "group", "trials", "offset", "se")
"""Arguments of `from_arrays` that have a row each."""


@dataclass(frozen=True, eq=False)
class Source:
    """A formula and its table, or arrays without a formula."""

    formula: str | None
    missing: str
    values: Any
    """A data frame, or the arguments of `formulas.from_arrays` by name."""
    dropped: int = 0
    """Rows that were left out because a value is missing or their weight is 0."""
    numbered: bool = True
    """Whether the frame's index holds the rows' numbers, which old files lack."""
    weights: str | None = None
    """Name of the column with the number of observations that each row stands for."""

    @classmethod
    def of_table(cls, formula: str, data: Any, missing: str, weights: str | None = None) -> Self:
        """Copy the columns that the formula uses, and the weights, in the rows that count."""
        columns = tables.table(data)
        used = used_columns(parse(formula), columns)
        if weights is not None and weights not in columns:
            raise unknown(weights, columns)
        used = list(dict.fromkeys([*used, *([] if weights is None else [weights])]))
        frame, dropped = tables.whole({name: columns[name] for name in used}, missing)
        if weights is not None:
            counted = weights_of(frame, weights) > 0
            frame, dropped = frame[counted], dropped + int((~counted).sum())
        return cls(formula, missing, frame, dropped, weights=weights)

    @classmethod
    def of_arrays(cls, given: Mapping[str, Any]) -> Self:
        """Copy the arrays that are not None."""
        values = {n: _copied(n, v) for n, v in given.items() if v is not None}
        lost = int((values["weights"] == 0.0).sum()) if "weights" in values else 0
        return cls(None, "error", values, lost)

    @property
    def rows(self) -> Index | None:
        """Numbers of the used rows in the table, from 0; None if all are used or none is known.

        Arrays keep all rows, except rows of weight 0.
        """
        if self.formula is None and self.dropped:
            return np.flatnonzero(self.values["weights"]).astype(np.int64)
        if self.formula is None or not self.numbered:
            return None
        return np.asarray(self.values.index, dtype=np.int64)

    def design(self) -> Design:
        """Make the design again."""
        if self.formula is None:
            return from_arrays(**self.values)
        made = design(self.formula, self.values, weights=self.weights)
        return replace(made, dropped=self.dropped)

    def repeated(self) -> Self:
        """Every row as often as its weight says, without weights."""
        if self.formula is None:
            weights = self.values["weights"].astype(np.int64)
            values = {
                name: rows_of(value, weights) if name in ROWS else value
                for name, value in self.values.items()
                if name != "weights"
            }
            return replace(self, values=values, dropped=0)
        assert self.weights is not None
        frame = self.values.iloc[times(weights_of(self.values, self.weights))]
        return replace(self, values=frame, weights=None)

    def without_empty_categories(self) -> Self:
        """Drop empty categories of the outcome, as older versions did before a fit."""
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
        found = {"columns": columns, "dropped": self.dropped, "rows": self.rows}
        return found if self.weights is None else found | {"weights": self.weights}

    @classmethod
    def of_plain(cls, formula: str | None, missing: str, plain: Mapping[str, Any]) -> Self:
        """Build the source from the description that `plain` returned."""
        if formula is None:
            return replace(cls.of_arrays(plain["arguments"]), missing=missing)
        import pandas

        columns = {column["name"]: _column(column) for column in plain["columns"]}
        frame = pandas.DataFrame(columns)
        rows = plain.get("rows")
        if rows is not None:
            frame.index = pandas.Index(rows)
        numbered = rows is not None or not plain["dropped"]
        weights = plain.get("weights")
        return cls(formula, missing, frame, plain["dropped"], numbered, weights)


def weighted(data: Any, weights: Any) -> tuple[Any, str | None]:
    """Return a table that contains the weights, and the name of their column.

    An array of weights becomes a new column.
    """
    if weights is None or isinstance(weights, str):
        return data, weights
    values = list(weights) if np.ndim(weights) == 1 else weights
    rows = tables.size(tables.table(data))
    if np.shape(values) != (rows,):
        raise ValueError(
            f"weights have shape {np.shape(values)}; give ({rows},), one a row, or the name of a "
            "column"
        )
    if isinstance(data, Mapping):
        return {**data, WEIGHTS: values}, WEIGHTS
    frame = data.to_pandas() if hasattr(data, "to_pandas") else data
    return frame.assign(**{WEIGHTS: values}), WEIGHTS


def used_columns(parsed: Formula, columns: Mapping[str, Any]) -> list[str]:
    """Names of the columns of all parts of a formula."""
    response = [parsed.response.outcome, parsed.response.trials or "1", parsed.response.se or "1"]
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
    """Describe a column as numbers, or as ordered levels with codes if it is not numeric."""
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
    "FALSE",
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
    "rescale",
    "se",
    "trials",
}
"""Functions outside NumPy that a formula may call."""

TOKEN = re.compile(
    rf"""(?<!\w)(?:'[^'\\]*'|"[^"\\]*")                # text, not the f'' that is evaluated
    |`(?P<quoted>[^`]*)`
    |(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?!\w)
    |(?P<name>{NAME})(?P<called>\s*\()?(?P<keyword>\s*=(?!=))?
    |[-+*/:^|~(),=<>!&\[\]\s]""",
    re.VERBOSE,
)


def unsafe(formula: str | None, source: Mapping[str, Any]) -> str | None:
    """Return the first unsafe part of a formula, or None if the formula is safe.

    A part is unsafe if it may do anything other than compute with columns.
    """
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
    """Return whether a name is a NumPy elementwise function, such as ``np.log``, or constant."""
    return name.startswith("np.") and isinstance(getattr(np, name[3:], None), np.ufunc | float)
