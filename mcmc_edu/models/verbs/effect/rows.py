"""Whom an effect is about: rows of the fit or new ones, and a subset of them.

where={"male": 1}     the rows of men; if there are none, all rows, each made a man
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....formulas import Design, parse
from ....formulas import columns as tables
from ....formulas.arrays import label
from ...prepared import Prepared
from ...source import predictors

SHOWN = 5
"""Rows, cells or levels that an error names."""

Where = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """The rows that are asked about, as a data frame."""

    frame: Any
    fitted: bool
    """Whether they are those of the fit."""

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, argument: str, name: str) -> Any:
        """Return a column that an argument names.

        Raises
        ------
        ValueError
            If there is none of this name.
        """
        if name in self.frame:
            return self.frame[name]
        there = [str(known) for known in self.frame]
        near = get_close_matches(str(name), there, 3) or there
        more = (
            " The fit keeps the columns of its formula only: pass newdata= with it." * self.fitted
        )
        raise ValueError(
            f"{argument}={name!r}: expected a column of the rows, such as "
            f"{', '.join(near[:SHOWN])}.{more}"
        )

    def setting(self, values: Mapping[str, Any]) -> Table:
        """Set columns to one value in all rows."""
        columns = {name: self._constant(name, value) for name, value in values.items()}
        return Table(self.frame.assign(**columns), self.fitted)

    def _constant(self, name: str, value: Any) -> Any:
        import pandas

        dtype = self.frame[name].dtype if name in self.frame else None
        values = [value] * len(self.frame)
        if not isinstance(dtype, pandas.CategoricalDtype):
            return values
        known = dtype.categories.tolist()
        levels = known if value in known else [*known, value]
        return pandas.Categorical(values, categories=levels, ordered=dtype.ordered)


def table_of(
    model: Prepared,
    newdata: Any,
    groups: Mapping[str, str],
    asked: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Table:
    """Take the rows of the fit, or new ones.

    Parameters
    ----------
    newdata
        New rows; None for those of the fit.
    groups
        What is done with each grouping factor: where its levels do not count, rows may lack it.
    asked
        Columns that other arguments name, which must have a value in every row too.
    without
        Columns that rows may lack.

    Raises
    ------
    ValueError
        If the model was made of arrays; a column is absent, or has missing values in new rows.
    """
    source = model.source
    if source.formula is None:
        raise ValueError(
            "the model was made of arrays, of which it is not known which columns the treatment "
            "makes. Make it of a formula and a table, me.Model('y ~ z * x + (1 | g)', data)"
        )
    frame = source.values.reset_index(drop=True)
    if newdata is None:
        return Table(frame, True)
    given = tables.table(newdata)
    parsed = parse(source.formula)
    columns = {name: given[name] for name in given}
    of_terms = predictors(parsed, frame)
    for name in dict.fromkeys(n for bar in parsed.bars for n in bar.group):
        ways = {groups.get(":".join(bar.group)) for bar in parsed.bars if name in bar.group}
        if ways <= {"zero", "sample"} and name not in columns and name not in of_terms:
            columns[name] = [frame[name].iloc[0]] * tables.size(given)  # whichever: it is replaced
    needed = [*of_terms, *(n for bar in parsed.bars for n in bar.group), *asked]
    _refuse_gaps(
        {name: columns[name] for name in needed if name in columns and name not in without}
    )
    made, _ = tables.whole({n: c for n, c in columns.items() if not tables.has_gaps(c)}, "new")
    return Table(made, False)


def _refuse_gaps(columns: Mapping[str, Any]) -> None:
    """Refuse rows that cannot be predicted, and name the first."""
    import pandas

    for name, column in columns.items():
        gaps = np.flatnonzero(pandas.isna(pandas.Series(column)).to_numpy())
        if gaps.size:
            raise ValueError(
                f"new rows: expected a value of {name!r} in every row, and there is none in "
                f"{rows_text(gaps)}. Fill it in, or leave these rows out"
            )


def rows_text(numbers: NDArray[Any]) -> str:
    """Name rows by their numbers from 1, the first five of them."""
    some = ", ".join(str(i + 1) for i in numbers[:SHOWN].tolist())
    more = f" and {numbers.size - SHOWN} more" if numbers.size > SHOWN else ""
    return f"row{'s' * (numbers.size > 1)} {some}{more}"


def values_in(column: Any) -> list[Any]:
    """Return the values of a column that occur: a categorical's in its order, others sorted."""
    import pandas

    if isinstance(column.dtype, pandas.CategoricalDtype):
        found: list[Any] = column.cat.remove_unused_categories().cat.categories.tolist()
        return found
    return sorted(pandas.unique(column).tolist())


def chosen_rows(
    table: Table, where: Where, fixed: Sequence[str]
) -> tuple[Table, NDArray[np.int64], str]:
    """Find the rows of a subset; if no row is in it, set its columns in all rows.

    Parameters
    ----------
    where
        A value, or a list of values, by column; rows must fit all.
    fixed
        Columns that may not be set.

    Returns
    -------
    table, rows, note
        The table, changed where columns were set; numbers of the rows; and a line that says so.
    """
    everything = np.arange(len(table))
    if not isinstance(where, Mapping):
        raise TypeError(
            f"where={where!r}: expected values by column. Pass for example "
            "where={'region': ['North', 'East']}"
        )
    if not where:
        return table, everything, ""
    inside = np.ones(len(table), dtype=bool)
    for name, value in where.items():
        column = table.column("where", name)
        values = several(value)
        _check_values(name, column, values)
        inside &= column.isin(values).to_numpy()
    if inside.any():
        return table, np.flatnonzero(inside), ""
    wanted = _described(where)
    for name, value in where.items():
        if name in fixed or len(several(value)) > 1:
            raise ValueError(
                f"where={dict(where)!r}: expected rows with {wanted}, and there are none. "
                "Ask for rows that are there, or for one value of columns that may be set"
            )
    note = f"No row has {wanted}: these columns were set in all rows."
    return (
        table.setting({name: several(value)[0] for name, value in where.items()}),
        everything,
        note,
    )


def several(value: Any) -> list[Any]:
    """Return the values of one condition."""
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        return list(value)
    return [value]


def _check_values(name: str, column: Any, values: Sequence[Any]) -> None:
    number = tables.is_number(column) and not tables.is_boolean(column)
    if not values or (number and not all(isinstance(v, int | float | np.number) for v in values)):
        raise ValueError(
            f"where: expected {'numbers' if number else 'a value'} for {name!r}, and it is "
            f"{values!r}. Pass a value of the column, or a list of them"
        )
    if len(values) > 1 and not number:
        there = values_in(column)
        unknown = [value for value in values if value not in there]
        if unknown:
            raise ValueError(
                f"where: expected levels of {name!r}, and {unknown[0]!r} is none. It has "
                f"{', '.join(map(repr, there[:SHOWN]))}"
            )


def _described(where: Where) -> str:
    return " and ".join(
        f"{name} = {' or '.join(label(v) for v in several(value))}" for name, value in where.items()
    )


def design_of(model: Prepared, table: Table, groups: Mapping[str, str]) -> Design:
    """Make the design of the rows; without the bars whose effects do not count."""
    optional = tuple(name for name, way in groups.items() if way == "zero")
    return model.design_for(table.frame, optional)
