"""Prepared columns of a formula's terms: factors as codes of levels, other columns as numbers.

Text, categoricals and truth values are factors.  Needs pandas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .arrays import Index, recode
from .columns import BOOLEAN, coded, exact, floats, is_boolean, is_factor, is_number
from .names import alias
from .scanning import SHOWN


@dataclass(frozen=True, eq=False)
class Factor:
    """A column of text, categories or truth values in the data of the fit."""

    levels: tuple[str, ...]
    """Names of its levels, in their order."""
    values: Sequence[Any]
    """Values that the levels stand for: 2 for "2", True for "True"."""
    dtype: Any
    """Data type of the column in an expression."""

    def given(self, name: str, codes: Index) -> Any:
        """Rebuild the column as the user gave it, from codes of its levels."""
        import pandas

        from .given import Given

        values = np.empty(len(self.values), dtype=object)
        values[:] = self.values
        return Given(pandas.array(values[codes], dtype=self.dtype), name=name)


Factors = Mapping[str, Factor | None]
"""Factors by column name; None for columns of numbers."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """Columns of terms, in every form in which a formula can use them."""

    ready: Any
    """A data frame of floats and categoricals."""
    seen: Mapping[str, Callable[[], Any]]
    """What makes the columns that are seen in calls, by `alias`."""
    factors: Factors


def prepared(frame: Any, names: Iterable[str], known: Factors | None) -> Prepared:
    """Prepare the columns of terms; `known` are the factors of the fit's data."""
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
            ready[name] = pandas.Series(floats(frame[name]))
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
    return Given(found if large else floats(values), name=name)


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
    """Write the error for levels of a common factor that have no coefficient."""
    return (
        f"{name} has {len(others)} level{'s' * (len(others) > 1)} unseen in training: "
        f"{list(others[:SHOWN])}; they have no coefficient: give rows with levels among "
        f"{list(levels[:SHOWN])}"
    )
