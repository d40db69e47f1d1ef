"""Columns of a table: missing values, numbers and factors, and codes of levels.

Text, categoricals and truth values are factors; all other columns must be numbers.  A group is
always a factor.  Needs pandas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .arrays import Index, label, ordered
from .scanning import SHOWN

BOOLEAN: tuple[str, ...] = ("False", "True")


class _Table(dict[str, Any]):
    """Columns by name; a duplicate name is an error only if the column is used."""

    def __init__(self, columns: Mapping[str, Any], names: Sequence[str]) -> None:
        super().__init__(columns)
        self.times = Counter(names)

    def __getitem__(self, name: str) -> Any:
        if self.times[name] > 1:
            raise ValueError(f"data have {self.times[name]} columns {name!r}; rename them")
        return super().__getitem__(name)


def table(data: Any) -> dict[str, Any]:
    """Return the columns of a data frame or a mapping, by name."""
    import pandas

    if not isinstance(data, pandas.DataFrame | Mapping) and hasattr(data, "to_pandas"):
        data = data.to_pandas()
    if isinstance(data, pandas.DataFrame):
        names = [str(name) for name in data.columns]
        return _Table({name: data.iloc[:, i] for i, name in enumerate(names)}, names)
    if isinstance(data, Mapping):
        return {str(name): values for name, values in data.items()}
    raise TypeError(
        f"data are {type(data).__name__}; give a data frame, or a dict of columns {{name: values}}"
    )


def whole(columns: Mapping[str, Any], missing: str, rows: int | None = None) -> tuple[Any, int]:
    """Return the columns as a data frame without missing values, and the number of dropped rows.

    The index of the frame is the number of the row in the data, from 0.  `missing` is ``"error"``,
    ``"drop"``, or ``"new"``: an error with a remedy for new rows.  Without columns the frame has
    `rows` rows.
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
            _refuse_infinite(str(name), floats(values), frame.index)
    return frame, dropped


def size(columns: Mapping[str, Any]) -> int:
    """Return the number of rows of a table, even if no column is used."""
    return max((len(_series(name, values)) for name, values in columns.items()), default=0)


def _listing(rows: NDArray[np.int64]) -> str:
    more = ", ..." if rows.size > SHOWN else ""
    return f"row{'s' * (rows.size > 1)} {', '.join(map(str, rows[:SHOWN].tolist()))}{more}"


def has_gaps(values: Any) -> bool:
    """Return whether a value of the column is missing."""
    return bool(_series("column", values).isna().any())


def _series(name: str, values: Any) -> Any:
    import pandas

    if isinstance(values, pandas.Series):
        return values.reset_index(drop=True)
    if isinstance(values, str) or np.ndim(values) != 1:
        raise ValueError(f"column {name!r} has shape {np.shape(values)}; it must be (rows,)")
    return pandas.Series(values)


def is_number(values: Any) -> bool:
    """Return whether a column holds real numbers, as dtype or as Python objects."""
    import pandas

    if pandas.api.types.is_object_dtype(values.dtype):
        kinds = ("integer", "floating", "mixed-integer-float", "decimal")
        return str(pandas.api.types.infer_dtype(values)) in kinds
    return bool(pandas.api.types.is_any_real_numeric_dtype(values.dtype))


def is_boolean(values: Any) -> bool:
    """Return whether a column holds truth values."""
    import pandas

    return bool(pandas.api.types.infer_dtype(values) == "boolean")


def is_factor(values: Any) -> bool:
    """Return whether a column is a factor: text, categorical or truth values."""
    import pandas

    return pandas.api.types.infer_dtype(values) in ("string", "categorical", "boolean")


def is_text(values: Any) -> bool:
    """Return whether a column is text, whose levels have only alphabetical order."""
    import pandas

    return bool(pandas.api.types.infer_dtype(values) == "string")


def floats(values: Any) -> FloatArray:
    """Convert a column of numbers to floats."""
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
    """Return the codes of a column, and the names of the levels that occur.

    Numbers are sorted by size, text as in a dictionary.  A categorical keeps its own order.
    """
    import pandas

    if isinstance(values.dtype, pandas.CategoricalDtype):
        values = values.cat.remove_unused_categories()
        labels = tuple(label(value) for value in values.cat.categories.tolist())
        return np.asarray(values.cat.codes, dtype=np.int64), labels
    codes, found = pandas.factorize(values)
    return ordered(codes, found.tolist())


def declared(values: Any) -> tuple[str, ...]:
    """Return the names of all levels of a categorical; none for other columns."""
    import pandas

    if is_boolean(values) or not isinstance(values.dtype, pandas.CategoricalDtype):
        return ()
    return tuple(label(value) for value in values.cat.categories.tolist())


def as_codes(values: Any) -> dict[str, Any]:
    """Return the codes of a factor and its levels as plain data; numbers stay numbers.

    A categorical keeps all of its levels, even levels that do not occur.  New rows or an ordered
    outcome may have any of them.
    """
    import pandas

    codes, labels = coded(values)
    if not isinstance(values.dtype, pandas.CategoricalDtype):
        return {"codes": codes, "levels": list(labels)}
    ordered = bool(values.cat.ordered)
    levels = values.cat.categories.tolist()
    if not all(isinstance(level, str | int | float) for level in levels):
        return {"codes": codes, "levels": list(labels), "ordered": ordered}
    return {"codes": np.asarray(values.cat.codes, np.int64), "levels": levels, "ordered": ordered}


def combined(frame: Any, names: Sequence[str]) -> tuple[Index, tuple[str, ...]]:
    """Return codes and names of the combinations of several columns that occur.

    The first column varies slowest.
    """
    codes, labels = coded(frame[names[0]])
    for name in names[1:]:
        more, others = coded(frame[name])
        pairs, codes = np.unique(codes * len(others) + more, return_inverse=True)
        labels = tuple(
            f"{labels[pair // len(others)]}:{others[pair % len(others)]}" for pair in pairs.tolist()
        )
    return codes.astype(np.int64), labels


def exact(values: Any) -> Any:
    """Return a column as a Series in which integers stay integers, and other numbers are floats.

    A float cannot hold all integers beyond 2^53.
    """
    import pandas

    if pandas.api.types.infer_dtype(values) != "integer":
        return pandas.Series(floats(values))
    if not pandas.api.types.is_integer_dtype(values.dtype):  # Python's own
        return pandas.Series(values.tolist())
    dtype = getattr(values.dtype, "numpy_dtype", values.dtype)  # of a nullable one, and of Arrow's
    return pandas.Series(values.to_numpy(dtype))
