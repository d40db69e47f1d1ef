"""Matrices of formula terms, made by formulaic, with names as in R.

formulaic stores the constants that new rows need: the constants of ``scale`` and ``poly``, the
levels of factors, and the levels that have a column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from .arrays import label
from .factors import Prepared, unseen
from .names import FUNCTIONS, ONE_COLUMN, alias, aliased, unaliased, used
from .scanning import FormulaError, words

DATE = re.compile(r"(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{2,4})(?!\d)")
DATES = 10
"""So many dates may be levels of a factor."""
TRIED = 8
"""Rows that are evaluated by themselves, at most."""


class Matrices:
    """Maker of matrices from one table, by formulaic.

    Parameters
    ----------
    frame
        The rows as they came; its index numbers them.
    columns
        Their columns, made ready.
    made
        formulaic's description of the matrices made so far, which new rows follow.
    first
        Whether these are the data to learn from.
    """

    def __init__(self, frame: Any, columns: Prepared, made: dict[str, Any], first: bool) -> None:
        self.frame = frame
        self.columns = columns
        self.ready = columns.ready
        self.table = columns.ready.rename(columns=alias)
        self.made = made
        self.first = first

    def has(self, text: str) -> bool:
        """Return whether the table has all columns in `text`."""
        try:
            used(text, self.ready.columns)
        except FormulaError:
            return False
        return True

    def matrix(self, text: str, part: str) -> tuple[tuple[str, ...], FloatArray]:
        """Make names and columns, shape (rows, Q), of a sum of terms; errors call it `part`."""
        found = self._by_formulaic(aliased(text, self.columns.factors), part)
        columns = np.ascontiguousarray(found, dtype=np.float64)
        names = _shown(found.model_spec.column_names)
        bad = ~np.isfinite(columns)
        if bad.any():
            row, k = np.argwhere(bad)[0]
            raise ValueError(
                f"{part}: {names[k].removeprefix(ONE_COLUMN)} is {columns[row, k]} in row "
                f"{self.frame.index[row] + 1}; values must be finite: mend the expression or drop "
                "such rows"
            )
        if self.first and not _by_row(text):
            self._refuse_whole_columns(aliased(text, self.columns.factors), names, columns, part)
        return names, columns

    def one(self, text: str, part: str) -> FloatArray:
        """Make a single column, shape (rows,), from an expression or a number."""
        return self.matrix(f"0 + {ONE_COLUMN}({text})", part)[1][:, 0]

    def _refuse_whole_columns(
        self, text: str, names: Sequence[str], columns: FloatArray, part: str
    ) -> None:
        """Refuse an expression whose value for a row depends on the other rows.

        The check evaluates the rows with the smallest and largest values of each column, and all
        rows in reverse.
        """
        places = np.concatenate([columns.argmin(axis=0), columns.argmax(axis=0)])
        tried = [np.array([row]) for row in np.unique(places)[:TRIED]]
        size = np.abs(columns).max(axis=0)
        for rows in (*tried, np.arange(len(columns))[::-1]):
            again = self._again(text, rows)
            same = again is not None and (np.abs(again - columns[rows]) <= 1e-9 * size).all(axis=0)
            if not np.all(same):
                what = names[int(np.argmin(same))] if again is not None else unaliased(text)
                what = what.removeprefix(ONE_COLUMN)
                raise FormulaError(
                    f"{part}: {what} is computed from other rows as well, so that it would be "
                    "something else in new rows than in these data; use center(x), scale(x), "
                    "poly(x, 2) and their like, which remember what they need of the data, write "
                    "the constants of the data as numbers, or make a column of it first"
                )

    def _again(self, text: str, rows: NDArray[np.int64]) -> FloatArray | None:
        """Make the matrix of some rows alone, or return None if that fails."""
        seen = {name: make() for name, make in self.columns.seen.items() if name in text}
        some = {name: values.iloc[rows].reset_index(drop=True) for name, values in seen.items()}
        table = self.table.iloc[rows].reset_index(drop=True)
        try:
            with np.errstate(all="ignore"):
                made = self.made[text].get_model_matrix(table, context=_functions(rows.size) | some)
            found = np.asarray(made, dtype=np.float64)
            return found if len(found) == rows.size else None
        except Exception:  # an expression may raise anything
            return None

    def _by_formulaic(self, text: str, part: str) -> Any:
        from formulaic import Formula as Terms

        seen = {name: make() for name, make in self.columns.seen.items() if name in text}
        context = _functions(len(self.table)) | seen
        try:
            with np.errstate(all="ignore"):
                if not self.first:
                    return self.made[text].get_model_matrix(self.table, context=context)
                options = {"context": context, "output": "numpy", "na_action": "ignore"}
                found = Terms(text).get_model_matrix(self.table, **options)
        except Exception as error:  # an expression may raise anything
            why = (str(error).strip() or type(error).__name__).splitlines()[0]
            if "Term already seen" in why:
                why = (
                    "a 1 among terms that are multiplied gives a term twice; expand the product, "
                    "or leave the 1 out: (x + z) * a has all that (1 + x + z) * a would have"
                )
            why = unaliased(why).replace(f"{ONE_COLUMN}(", "(")
            raise FormulaError(f"{part} cannot be evaluated: {why}; correct it") from error
        _refuse_single_levels(found.model_spec, part)
        _refuse_dates(found.model_spec, part)
        self.made[text] = found.model_spec
        return found


def _by_row(text: str) -> bool:
    """Return whether all functions called are rowwise, or store constants for new rows."""
    from formulaic.transforms import TRANSFORMS

    if "[" in text or re.search(r"\)\s*\.", text):
        return False
    for word in words(text):
        known = TRANSFORMS.get(word.name, getattr(np, word.name.removeprefix("np."), None))
        stateful = getattr(known, "__is_stateful_transform__", False) and word.name != "lag"
        ours = word.name in {*FUNCTIONS, "I"} or word.name.startswith("contr.")
        if word.called and not (stateful or ours or isinstance(known, np.ufunc)):
            return False
        if "." in word.name and not word.called and not word.quoted and not ours:
            return False
    return True


def _refuse_single_levels(spec: Any, part: str) -> None:
    """Refuse a term that has no column, since formulaic would silently leave it out."""
    for term in spec.structure:
        if term.columns:
            continue
        for factor in term.term.factors:
            levels = spec.encoder_state.get(factor.expr, (None, {}))[1].get("categories", ())
            if len(levels) == 1:
                raise FormulaError(
                    f"{part}: the factor {unaliased(factor.expr)} has one level only, "
                    f"{levels[0]!r}, with which nothing can be compared; leave the term "
                    f"{unaliased(str(term.term))} out, or give rows with another level"
                )


def _refuse_dates(spec: Any, part: str) -> None:
    """Refuse text that holds dates, unless in C(day): each date would be a level."""
    for name, (_, state) in spec.encoder_state.items():
        levels = [str(level) for level in state.get("categories", ())]
        if "(" not in name and len(levels) > DATES and all(map(DATE.match, levels)):
            day = unaliased(name)
            raise FormulaError(
                f"{part}: {day} is text that looks like dates, {levels[0]!r} and {len(levels) - 1} "
                "others, of which each would have a coefficient of its own; make a column of "
                "numbers of it, such as days since the first by (t - t.min()).dt.days with t = "
                f"pandas.to_datetime({day}), or write (1 | {day}) for a group; write C({day}) if "
                "that is meant"
            )


def _functions(rows: int) -> dict[str, Any]:
    """`FUNCTIONS`, for a table of so many rows."""
    from formulaic.transforms import stateful_transform

    factor = stateful_transform(_factor)
    plain = (np.sqrt, np.abs, np.log1p, np.expm1)
    made = (*plain, stateful_transform(_rescale), factor, factor, partial(_one_column, rows))
    return dict(zip(FUNCTIONS, made, strict=True))


def _rescale(data: Any, *, _state: dict[str, Any]) -> Any:
    """Return (x - mean) / (2 sd): a difference of 1 is that between a high and a low value of x.

    Source: A. Gelman (2008), *Statistics in Medicine* 27, 2865-2873.
    """
    x = np.asarray(data, dtype=np.float64)
    mean = _state.setdefault("mean", float(x.mean()))
    sd = _state.setdefault("sd", float(x.std(ddof=1)))
    if not sd > 0.0:
        raise ValueError("rescale() of a column with one value only, which has no sd to divide by")
    return (x - mean) / (2.0 * sd)


def _one_column(rows: int, values: Any) -> FloatArray:
    if str(getattr(values, "dtype", "")) in ("category", "str", "object"):
        raise TypeError("it is a factor, where numbers are needed")
    return np.broadcast_to(np.asarray(values, dtype=np.float64), (rows,)).copy()


def _factor(data: Any, contrasts: Any = None, *, levels: Any = None, _state: dict[str, Any]) -> Any:
    """Make a factor as formulaic's C does; whole numbers have levels 2, 3 and not 2.0, 3.0."""
    import pandas
    from formulaic.transforms import C

    values = np.asarray(data)
    if values.dtype.kind == "f" and bool(np.all((values % 1 == 0) & (abs(values) < 2**63))):
        data = data.astype(np.int64)
    found = pandas.unique(data).tolist()
    own = data.cat.categories.tolist() if str(data.dtype) == "category" else sorted(found)
    if str(data.dtype) == "category" and all(isinstance(level, str) for level in own):
        levels, contrasts = None if levels is None else list(map(label, levels)), _named(contrasts)
    known = _state.setdefault("levels", list(levels or own))
    if others := [value for value in found if value not in known]:
        raise ValueError(unseen("the factor", list(map(str, others)), list(map(str, known))))
    return C(data, contrasts, levels=known)


def _named(contrasts: Any) -> Any:
    """Return the contrasts with the baseline as a name: "2" if it is given as 2."""
    base = getattr(contrasts, "base", None)
    if not isinstance(base, bool | int | float | np.generic):
        return contrasts
    return replace(contrasts, base=label(base))


def _shown(names: Sequence[str]) -> tuple[str, ...]:
    """Return our names of coefficients: ``a[b]`` for ``C(a)[T.b]``, without backticks."""
    plain = [name.replace("[T.", "[") for name in names]
    shown = [unaliased(re.sub(r"\b(?:C|factor)\((\w+)\)\[", r"\1[", name)) for name in plain]
    return tuple(shown if len(set(shown)) == len(shown) else map(unaliased, names))
