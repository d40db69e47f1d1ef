"""Columns as an expression in a formula sees them: as they were given, true counting as 1.

A bare term takes truth values, text and categoricals as factors.  Inside ``I(flag == True)`` or
``np.where(stage == 2, x, 0)`` they are what they were, so that they compare with what they hold.
Import when pandas is there.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

import pandas

ARITHMETIC = ("add", "sub", "mul", "truediv", "pow")


class Given(pandas.Series):  # type: ignore[misc]
    """A series whose truth values and large integers are floats where one calculates with them.

    Sums of truth values count, as in R; and integers beyond 2^53 compare exactly, but no product
    of them overflows.  Comparing text with numbers or truth values, which is false in every row, is
    an error.
    """

    @property
    def _constructor(self) -> type[Given]:
        return Given

    def __eq__(self, other: object) -> Any:
        _refuse_other_kind(self, [other])
        return super().__eq__(other)

    def __ne__(self, other: object) -> Any:
        _refuse_other_kind(self, [other])
        return super().__ne__(other)

    __hash__ = None  # type: ignore[assignment]

    def __neg__(self) -> Any:
        return pandas.Series.__neg__(_calculable(self))

    def isin(self, values: Iterable[Any]) -> Any:
        """Return whether each value is among `values`."""
        values = list(values)
        _refuse_other_kind(self, values)
        return super().isin(values)


def _calculable(values: Any) -> Any:
    """Truth values and integers as floats."""
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    return values.astype(float) if kind in "biu" and kind else values


def _arithmetic(name: str) -> Callable[[Any, Any], Any]:
    plain = getattr(pandas.Series, name)

    def calculate(self: Any, other: Any) -> Any:
        return plain(_calculable(self), _calculable(other))

    return calculate


for _name in ARITHMETIC:
    setattr(Given, f"__{_name}__", _arithmetic(f"__{_name}__"))
    setattr(Given, f"__r{_name}__", _arithmetic(f"__r{_name}__"))


def _refuse_other_kind(column: Given, others: Iterable[Any]) -> None:
    """Refuse text where the column has none, and numbers where it is text."""
    values = column.cat.categories if hasattr(column, "cat") else column
    kind = pandas.api.types.infer_dtype(values)
    if kind in ("mixed", "mixed-integer"):
        return
    text = kind == "string"
    for other in others:
        if isinstance(other, str) != text and (isinstance(other, str) or _is_number(other)):
            held = "text" if text else "truth values" if kind == "boolean" else "numbers"
            raise TypeError(f"{column.name} holds {held}, of which none is {other!r}")


def _is_number(value: Any) -> bool:
    try:
        operator.index(value)
    except TypeError:
        return isinstance(value, float)
    return True
