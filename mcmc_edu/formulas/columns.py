"""Columns of a table made ready: which are used, which rows are whole, what is a factor.

Text, categoricals and truth values are factors, all else must be numbers; a group is a factor
whatever it is.  Needs pandas.
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .arrays import Index, label, ordered, recode
from .scanning import WORD, FormulaError, inside_calls, words

MODULES = {"np", "contr"}
"""Names before a dot that are no columns: np.log(x), C(a, contr.sum)."""
ONE_COLUMN = "as_one_column"
"""What an expression is wrapped in that must come to one column."""
FUNCTIONS = ("sqrt", "abs", "log1p", "expm1", "C", "factor", ONE_COLUMN)
"""What a formula may call besides formulaic's own."""
BOOLEAN: tuple[str, ...] = ("False", "True")
SHOWN = 8  # columns or levels in a message


@dataclass(frozen=True, eq=False)
class Factor:
    """A column of text, categories or truth values, as the data of the fit have it."""

    levels: tuple[str, ...]
    """Names of its levels, in their order."""
    values: Sequence[Any]
    """What they are called for: 2 for "2", True for "True"."""
    dtype: Any
    """Of the column in an expression."""

    def given(self, name: str, codes: Index) -> Any:
        """The column as it was given, from codes of its levels."""
        import pandas

        from .given import Given

        values = np.empty(len(self.values), dtype=object)
        values[:] = self.values
        return Given(pandas.array(values[codes], dtype=self.dtype), name=name)


Factors = Mapping[str, Factor | None]
"""Of every column in a term, None where it is numbers."""


class _Table(dict[str, Any]):
    """Columns by name, of which only one that is asked for must be the only one of its name."""

    def __init__(self, columns: Mapping[str, Any], names: Sequence[str]) -> None:
        super().__init__(columns)
        self.times = Counter(names)

    def __getitem__(self, name: str) -> Any:
        if self.times[name] > 1:
            raise ValueError(f"data have {self.times[name]} columns {name!r}; rename them")
        return super().__getitem__(name)


def table(data: Any) -> dict[str, Any]:
    """The columns of a data frame or a mapping, by name."""
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
        root = word.name if word.quoted else word.name.split(".")[0]
        if word.name in known and not word.called:
            found.append(word.name)
        elif (
            root in known and root != word.name and root not in MODULES
        ):  # an attribute, x.values, or a method of x
            found.append(root)
        elif not word.called and root not in MODULES:
            raise unknown(word.name, known)
    return found


def unknown(name: str, columns: Iterable[str]) -> FormulaError:
    """The error of a name that is no column."""
    names = sorted(columns)
    for mark in (";", "\t", "|"):
        if len(names) == 1 and mark in names[0]:
            return FormulaError(
                f"the data have no column {name!r} but one of the name {names[0]!r}: the column "
                f"separator is {mark!r}; read them by pandas.read_csv(file, sep={mark!r})"
            )
    near = get_close_matches(name, names, n=3)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    some = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    return FormulaError(f"the data have no column {name!r}; {hint}They have {some or 'none'}")


ALIAS = re.compile(r"\b(column|given|exact)_([0-9a-f]+)_\b")
"""A column in what formulaic gets to see: as a term has it; as an expression does; as C does."""


def alias(name: str, role: str = "column") -> str:
    """What a column is called in what formulaic gets to see.

    A name that formulaic or Python would take for something else, such as ``1``, ``class``, ``log``
    or ``µm``, is spelled in hexadecimal digits.
    """
    harmless = re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) and not ALIAS.fullmatch(name)
    if role == "column" and harmless and name not in _taken():
        return name
    return f"{role}_{name.encode('utf-8', 'surrogatepass').hex()}_"


@cache
def _taken() -> frozenset[str]:
    """Names that mean something to Python or in a formula."""
    from formulaic.transforms import TRANSFORMS

    return frozenset({*keyword.kwlist, *TRANSFORMS, *FUNCTIONS})


def unaliased(text: str) -> str:
    """`text` with the names of columns as they were."""

    def name(found: re.Match[str]) -> str:
        return bytes.fromhex(found[2]).decode("utf-8", "surrogatepass")

    return ALIAS.sub(name, text)


def aliased(text: str, factors: Factors) -> str:
    """`text` as formulaic shall see it, its columns by their `alias`.

    Inside a call a column is as it was given; but C(a), factor(a) and, if a is a factor, I(a) are
    the factor.
    """
    inside = inside_calls(text)

    def spell(found: re.Match[str]) -> str:
        name = found["quoted"] or found["name"]
        if not name or found["keyword"]:
            return found[0]
        whole = name in factors and not found["called"]
        root = name if whole or found["quoted"] else name.split(".")[0]
        if root not in factors or (not whole and (root == name or root in MODULES)):
            return found[0]
        rest = found[0].strip("`")[len(root) :]
        follows = text[found.end() :].lstrip()
        if rest or inside[found.start()] or follows[:1] == "[":
            return alias(root, _role(text[: found.start()], rest + follows, factors[root])) + rest
        return alias(root)

    return WORD.sub(spell, text)


def _role(before: str, after: str, factor: Factor | None) -> str:
    """What a column is in an expression, from what stands before and after it."""
    call = re.search(r"(?<![\w.])(C|factor|I)\(\s*$", before)
    if call is None or after[:1] not in (")", ",") or (call[1] == "I" and factor is None):
        return "given"
    return "exact" if factor is None else "column"


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


def declared(values: Any) -> tuple[str, ...]:
    """Names of all levels of a categorical, whether they occur or not; none of anything else."""
    import pandas

    if is_boolean(values) or not isinstance(values.dtype, pandas.CategoricalDtype):
        return ()
    return tuple(label(value) for value in values.cat.categories.tolist())


def as_codes(values: Any) -> dict[str, Any]:
    """Codes of a factor and its levels as plain data: numbers stay numbers.

    A categorical keeps all of its levels, those that do not occur included: rows may be compared
    with any, and an ordered outcome may be any.
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
    """The same of the combinations of several columns that occur, the first varying slowest."""
    codes, labels = coded(frame[names[0]])
    for name in names[1:]:
        more, others = coded(frame[name])
        pairs, codes = np.unique(codes * len(others) + more, return_inverse=True)
        labels = tuple(
            f"{labels[pair // len(others)]}:{others[pair % len(others)]}" for pair in pairs.tolist()
        )
    return codes.astype(np.int64), labels


@dataclass(frozen=True, eq=False)
class Prepared:
    """Columns of terms, in every way in which a formula can see them."""

    ready: Any
    """A data frame of floats and categoricals."""
    seen: Mapping[str, Callable[[], Any]]
    """What makes the columns that are seen in calls, by `alias`."""
    factors: Factors


def prepared(frame: Any, names: Iterable[str], known: Factors | None) -> Prepared:
    """Columns of terms made ready; `known` are the factors of the fit's data."""
    import pandas

    factors: dict[str, Factor | None] = {}
    ready, seen = {}, {}
    for name in names:
        before = None if known is None else known[name]
        if before is not None or (known is None and is_factor(frame[name])):
            codes, factor = _levels(name, frame[name], before)
            ready[name] = pandas.Series(pandas.Categorical.from_codes(codes, list(factor.levels)))
            seen[alias(name, "given")] = partial(factor.given, name, codes)
            factors[name] = factor
        elif is_number(frame[name]):
            ready[name] = pandas.Series(_floats(frame[name]))
            seen[alias(name, "given")] = partial(_given, name, frame[name])
            seen[alias(name, "exact")] = partial(exact, frame[name])
            factors[name] = None
        else:
            raise ValueError(
                f"column {name!r} is {pandas.api.types.infer_dtype(frame[name])}, where numbers"
                f"{' or a factor (text)' if known is None else ', as before,'} are needed; "
                "convert it first"
            )
    return Prepared(pandas.DataFrame(ready, index=pandas.RangeIndex(len(frame))), seen, factors)


def _given(name: str, values: Any) -> Any:
    from .given import Given

    found = exact(values)
    large = found.dtype.kind != "f" and bool(((found > 2**53) | (found < -(2**53))).any())
    return Given(found if large else _floats(values), name=name)


def exact(values: Any) -> Any:
    """Integers as such, for a float cannot hold all beyond 2^53; other numbers as floats."""
    import pandas

    if pandas.api.types.infer_dtype(values) != "integer":
        return pandas.Series(_floats(values))
    if not pandas.api.types.is_integer_dtype(values.dtype):  # Python's own
        return pandas.Series(values.tolist())
    dtype = getattr(values.dtype, "numpy_dtype", values.dtype)  # of a nullable one, and of Arrow's
    return pandas.Series(values.to_numpy(dtype))


def _levels(name: str, values: Any, before: Factor | None) -> tuple[Index, Factor]:
    if is_boolean(values):  # false is the baseline, even where all are true
        codes, levels = np.asarray(values, dtype=bool).astype(np.int64), BOOLEAN
    else:
        codes, levels = coded(values)
    if before is None:
        if len(set(levels)) < len(levels):
            raise ValueError(f"{name} has different levels of the same name; rename its values")
        return codes, _factor(values, levels)
    index, others = recode(codes, levels, before.levels)
    if others:
        raise ValueError(unseen(name, others, before.levels))
    return index, before


def _factor(values: Any, levels: tuple[str, ...]) -> Factor:
    import pandas

    if is_boolean(values):
        return Factor(levels, (False, True), bool)
    if not isinstance(values.dtype, pandas.CategoricalDtype):
        return Factor(levels, levels, object)
    found = values.cat.remove_unused_categories().cat.categories
    return Factor(levels, found.tolist(), bool if is_boolean(found) else values.dtype)


def unseen(name: str, others: Sequence[str], levels: Sequence[str]) -> str:
    """What to say of levels of a common factor that have no coefficient."""
    return (
        f"{name} has {len(others)} level{'s' * (len(others) > 1)} unseen in training: "
        f"{list(others[:SHOWN])}; they have no coefficient: give rows with levels among "
        f"{list(levels[:SHOWN])}"
    )
