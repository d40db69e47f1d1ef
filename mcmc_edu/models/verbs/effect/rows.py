"""Whom an effect is about: the rows, which of them, with which treatment, and how much they count.

where={"male": 1}     the rows of men; if there are none, all rows, each made a man
by="region"           a cell for each region
wts="N"               a row stands for N people
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ....formulas import Design, parse
from ....formulas import columns as tables
from ....formulas.arrays import label
from ...prepared import Prepared
from ...source import predictors
from .averages import Cells

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
                f"{_rows(gaps)}. Fill it in, or leave these rows out"
            )


def _rows(numbers: NDArray[Any]) -> str:
    some = ", ".join(str(i + 1) for i in numbers[:SHOWN].tolist())
    more = f" and {numbers.size - SHOWN} more" if numbers.size > SHOWN else ""
    return f"row{'s' * (numbers.size > 1)} {some}{more}"


def treatment_values(model: Prepared, treatment: str, values: Any) -> tuple[Any, Any]:
    """Return the two values of the treatment that are compared, low and high.

    Raises
    ------
    ValueError
        If the treatment is no predictor, does not vary, or has more than two values and none are
        given; if the values given are not two that differ and that it can take.
    """
    frame = model.source.values
    known = predictors(parse(model.source.formula or ""), frame)
    groups = [n for bar in parse(model.source.formula or "").bars for n in bar.group]
    if treatment not in known:
        near = get_close_matches(str(treatment), known, 3) or known
        raise ValueError(
            f"treatment={treatment!r}: expected a predictor of the formula, such as "
            f"{', '.join(near[:SHOWN])}"
            + (f". {treatment!r} is a grouping factor" if treatment in groups else "")
        )
    there = values_in(frame[treatment])
    number = tables.is_number(frame[treatment]) and not tables.is_boolean(frame[treatment])
    if len(there) < 2:
        raise ValueError(
            f"treatment={treatment!r}: expected two values or more in the data, and it is "
            f"{there[0]!r} in every row. Its effect cannot be told from these data"
        )
    if values is None:
        if len(there) > 2:
            some = ", ".join(map(repr, there[:SHOWN])) + (", ..." if len(there) > SHOWN else "")
            raise ValueError(
                f"values: expected the two values of {treatment!r} to compare, which has "
                f"{len(there)} in the data ({some}). Pass for example "
                f"values=({there[0]!r}, {there[-1 if number else 1]!r})"
            )
        return there[0], there[1]
    pair = list(values) if isinstance(values, list | tuple | np.ndarray) else []
    if len(pair) != 2 or pair[0] == pair[1]:
        raise ValueError(
            f"values={values!r}: expected two that differ, (low, high). Pass for example "
            f"values=({there[0]!r}, {there[1]!r})"
        )
    for value in pair:
        wrong = not _is_number(value) if number else value not in there
        if wrong:
            expected = (
                "finite numbers" if number else f"among {', '.join(map(repr, there[:SHOWN]))}"
            )
            raise ValueError(f"values={values!r}: expected {expected}, and {value!r} is not")
    return pair[0], pair[1]


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return plain and bool(np.isfinite(value))


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
            f"{_rows(wrong)}. Leave such rows out, or give them a weight of 0"
        )
    if weights.sum() <= 0.0:
        raise ValueError(f"wts: expected a sum above 0, and {name!r} is 0 in every row")
    return weights, name


def design_of(model: Prepared, table: Table, groups: Mapping[str, str]) -> Design:
    """Make the design of the rows; without the bars whose effects do not count."""
    optional = tuple(name for name, way in groups.items() if way == "zero")
    return model.design_for(table.frame, optional)
