"""The treatment of an effect, and the two values of it that are compared."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import numpy as np

from ....formulas import columns as tables
from ....formulas import parse
from ...prepared import Prepared
from ...source import predictors
from .rows import SHOWN, values_in


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
