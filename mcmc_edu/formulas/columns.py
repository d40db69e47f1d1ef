"""Columns of a table made ready: which are used, which rows are whole, what is a factor.

Text, categoricals and truth values are factors, all else must be numbers; a group is a factor
whatever it is.  Needs pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .arrays import Index, label, ordered, recode
from .scanning import WORD, FormulaError, words

MODULES = {"np", "contr"}
"""Names before a dot that are no columns: np.log(x), C(a, contr.sum)."""
BOOLEAN: tuple[str, ...] = ("False", "True")
SHOWN = 8  # columns or levels in a message

Factors = Mapping[str, tuple[str, ...] | None]
"""Of every column in a term: its levels, or None where it is numbers."""


def table(data: Any) -> dict[str, Any]:
    """The columns of a data frame or a mapping, by name."""
    import pandas

    if not isinstance(data, pandas.DataFrame | Mapping) and hasattr(data, "to_pandas"):
        data = data.to_pandas()
    if isinstance(data, pandas.DataFrame):
        names = [str(name) for name in data.columns]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"data have {names.count(name)} columns {name!r}; rename them")
        return {name: data.iloc[:, i] for i, name in enumerate(names)}
    if isinstance(data, Mapping):
        return {str(name): values for name, values in data.items()}
    raise TypeError(
        f"data are {type(data).__name__}; give a data frame, or a dict of columns {{name: values}}"
    )


def used(text: str, columns: Iterable[str]) -> list[str]:
    """Names of the columns in an expression.

    Raises
    ------
    FormulaError
        If a name is neither a column nor a function.
    """
    known = set(columns)
    found = []
    for word in words(text):
        root = word.name.split(".")[0]
        if word.name in known and not word.called:
            found.append(word.name)
        elif root in known and root != word.name:  # an attribute, x.values, or a method of x
            found.append(root)
        elif not word.called and root not in MODULES:
            raise unknown(word.name, known)
    return found


def unknown(name: str, columns: Iterable[str]) -> FormulaError:
    """The error of a name that is no column."""
    names = sorted(columns)
    near = get_close_matches(name, names, n=3)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    some = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    return FormulaError(f"the data have no column {name!r}; {hint}They have {some or 'none'}")


def quoted(text: str, columns: Mapping[str, Any]) -> str:
    """`text` with R's dotted names, Sepal.Length, in backticks: to Python a dot is an attribute."""

    def quote(found: Any) -> str:
        name = found["name"]
        dotted = name and "." in name and name in columns and found[0] == name
        return f"`{name}`" if dotted else str(found[0])

    return WORD.sub(quote, text)


def whole(columns: Mapping[str, Any], missing: str, rows: int | None = None) -> tuple[Any, int]:
    """The columns as a data frame without missing values, and how many rows that cost.

    The index of the frame is the number of the row in the data, from 0.  `missing` is ``"error"``,
    ``"drop"``, or ``"new"``: an error that says how to mend new rows.  Without columns there are
    as many rows as `rows`.
    """
    import pandas

    series = {name: _series(name, values) for name, values in columns.items()}
    if len({len(values) for values in series.values()}) > 1:
        sizes = ", ".join(f"{name} {len(values)}" for name, values in series.items())
        raise ValueError(f"columns have different numbers of rows: {sizes}; each row needs all")
    frame = pandas.DataFrame(series, index=None if series or rows is None else range(rows))
    if len(frame) == 0:
        raise ValueError("the data have no rows; give at least one")
    absent = frame.isna()
    gaps = absent.any(axis=1)
    dropped = int(gaps.sum())
    if dropped and missing != "drop":
        counts = ", ".join(f"{name} {n}" for name, n in absent.sum().items() if n)
        remedy = "leave these rows out" + ' with missing="drop"' * (missing != "new")
        raise ValueError(
            f"{dropped} of {len(frame)} rows have missing values ({counts}), "
            f"{_listing(np.flatnonzero(gaps) + 1)}; fill them in, or {remedy}"
        )
    if dropped == len(frame):
        raise ValueError(f"all {dropped} rows have a missing value; no row is left")
    frame = frame[~gaps] if dropped else frame
    for name, values in frame.items():
        if is_number(values):
            _refuse_infinite(str(name), _floats(values), frame.index)
    return frame, dropped


def size(columns: Mapping[str, Any]) -> int:
    """Number of rows of a table, of which no column may be in use."""
    return max((len(_series(name, values)) for name, values in columns.items()), default=0)


def _listing(rows: NDArray[np.int64]) -> str:
    more = ", ..." if rows.size > SHOWN else ""
    return f"row{'s' * (rows.size > 1)} {', '.join(map(str, rows[:SHOWN].tolist()))}{more}"


def has_gaps(values: Any) -> bool:
    """Whether a value of the column is missing."""
    return bool(_series("column", values).isna().any())


def _series(name: str, values: Any) -> Any:
    import pandas

    if isinstance(values, pandas.Series):
        return values.reset_index(drop=True)
    if isinstance(values, str) or np.ndim(values) != 1:
        raise ValueError(f"column {name!r} has shape {np.shape(values)}; it must be (rows,)")
    return pandas.Series(values)


def is_number(values: Any) -> bool:
    """Whether a column holds real numbers, as dtype or as Python objects."""
    import pandas

    if pandas.api.types.is_object_dtype(values.dtype):
        kinds = ("integer", "floating", "mixed-integer-float", "decimal")
        return str(pandas.api.types.infer_dtype(values)) in kinds
    return bool(pandas.api.types.is_any_real_numeric_dtype(values.dtype))


def is_boolean(values: Any) -> bool:
    """Whether a column holds truth values."""
    import pandas

    return bool(pandas.api.types.infer_dtype(values) == "boolean")


def is_factor(values: Any) -> bool:
    """Whether a column is a factor: text, categorical or truth values."""
    import pandas

    return pandas.api.types.infer_dtype(values) in ("string", "categorical", "boolean")


def is_text(values: Any) -> bool:
    """Whether a column is text, whose levels have no order but the dictionary's."""
    import pandas

    return bool(pandas.api.types.infer_dtype(values) == "string")


def _floats(values: Any) -> FloatArray:
    return np.asarray(values.to_numpy(dtype=np.float64))


def _refuse_infinite(name: str, values: FloatArray, rows: Any) -> None:
    infinite = np.isinf(values)
    if infinite.any():
        first = int(np.argmax(infinite))
        raise ValueError(
            f"{name} has the value {values[first]} in row {rows[first] + 1}; values must be "
            "finite: drop such rows or fill them in first"
        )


def coded(values: Any) -> tuple[Index, tuple[str, ...]]:
    """Codes of a column and the names of the levels that they count, those that occur.

    Numbers by size, text as in a dictionary, a categorical in its own order.
    """
    import pandas

    if isinstance(values.dtype, pandas.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        labels = tuple(label(value) for value in values.cat.categories.tolist())
        return np.asarray(values.cat.codes, dtype=np.int64), labels
    codes, found = pandas.factorize(values)
    return ordered(codes, found.tolist())


def combined(frame: Any, names: Sequence[str]) -> tuple[Index, tuple[str, ...]]:
    """The same of the combinations of several columns that occur, the first varying slowest."""
    codes, labels = coded(frame[names[0]])
    for name in names[1:]:
        more, others = coded(frame[name])
        pairs, codes = np.unique(codes * len(others) + more, return_inverse=True)
        labels = tuple(
            f"{labels[pair // len(others)]}:{others[pair % len(others)]}" for pair in pairs.tolist()
        )
    return codes.astype(np.int64), labels


def prepared(frame: Any, names: Iterable[str], known: Factors | None) -> tuple[Any, Factors]:
    """Columns of terms as floats and categoricals; `known` are the factors of the fit's data."""
    import pandas

    factors: dict[str, tuple[str, ...] | None] = {}
    ready = {}
    for name in names:
        before = None if known is None else known[name]
        if before is not None or (known is None and is_factor(frame[name])):
            codes, levels = _levels(name, frame[name], before)
            ready[name] = pandas.Series(pandas.Categorical.from_codes(codes, list(levels)))
            factors[name] = levels
        elif is_number(frame[name]):
            ready[name] = pandas.Series(_floats(frame[name]))
            factors[name] = None
        else:
            raise ValueError(
                f"column {name!r} is {pandas.api.types.infer_dtype(frame[name])}, where numbers"
                f"{' or a factor (text)' if known is None else ', as before,'} are needed; "
                "convert it first"
            )
    return pandas.DataFrame(ready, index=pandas.RangeIndex(len(frame))), factors


def _levels(
    name: str, values: Any, before: tuple[str, ...] | None
) -> tuple[Index, tuple[str, ...]]:
    if is_boolean(values):  # false is the baseline, even where all are true
        codes, levels = np.asarray(values, dtype=bool).astype(np.int64), BOOLEAN
    else:
        codes, levels = coded(values)
    if before is None:
        if len(set(levels)) < len(levels):
            raise ValueError(f"{name} has different levels of the same name; rename its values")
        return codes, levels
    index, others = recode(codes, levels, before)
    if others:
        raise ValueError(unseen(name, others, before))
    return index, before


def unseen(name: str, others: Sequence[str], levels: Sequence[str]) -> str:
    """What to say of levels of a common factor that have no coefficient."""
    return (
        f"{name} has {len(others)} level{'s' * (len(others) > 1)} unseen in training: "
        f"{list(others[:SHOWN])}; they have no coefficient: give rows with levels among "
        f"{list(levels[:SHOWN])}"
    )
