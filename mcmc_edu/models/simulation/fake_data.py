"""Simulated outcomes in the form of the data that a model was given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...families import outcomes
from ...formulas import columns as tables
from ...formulas import parse
from ...formulas.arrays import label
from ...formulas.weights import WEIGHTS
from ..prepared import Prepared
from ..source import Source


def refuse_computed_outcome(model: Prepared) -> None:
    """Refuse an outcome that is no column, which could not be put into the data.

    Raises
    ------
    ValueError
        With what to do.
    """
    formula = model.source.formula
    name = _outcome(model)
    if formula is not None and name not in model.source.values:
        raise ValueError(
            f"the outcome of {formula!r} is computed, {name}; make a column of it in the data, "
            "and write its name before the tilde"
        )


def check(model: Prepared, y: FloatArray) -> None:
    """Refuse outcomes that the model could not be fitted to.

    Raises
    ------
    ValueError
        With what to do.
    """
    remedy = "take narrower priors, or give parameters values=..., and look at prior_predictive()"
    if not np.isfinite(y).all():
        raise ValueError(
            f"{int((~np.isfinite(y)).sum())} of {y.size} simulated outcomes are not finite: the "
            f"parameters overflow; {remedy}"
        )
    try:
        outcomes.check(replace(model.full_design, y=y), model.family, model.family.name)
    except ValueError as error:
        raise ValueError(
            f"the model cannot be fitted to what was simulated: {error}; {remedy}"
        ) from None


def with_outcome(model: Prepared, y: FloatArray) -> Source:
    """Return the source of the model with another outcome, coded as the design has it."""
    source = model.source
    levels = model.full_design.outcome_levels
    if source.formula is None:
        given = source.values["y"]
        values = np.unique(given)[y.astype(np.int64)] if levels else y
        return replace(source, values={**source.values, "y": values})
    name = _outcome(model)
    column = _like(source.values[name], y, levels)
    if model.family.thresholds and column.nunique() < len(levels):  # or a threshold would be lost
        column = _declared(column, levels)
    return replace(source, values=source.values.assign(**{name: column}))


def table(source: Source, weights: str | None) -> Any:
    """Return the columns in use as a data frame, or the arrays by name.

    A column of weights is 1: every observation has a row of its own.
    """
    if source.formula is None:
        return dict(source.values)
    frame = source.values.reset_index(drop=True)
    if weights is None:
        return frame
    return frame.drop(columns=weights) if weights == WEIGHTS else frame.assign(**{weights: 1})


def _outcome(model: Prepared) -> str:
    if model.source.formula is None:
        return "y"
    return parse(model.source.formula).response.outcome.strip("`")


def _like(column: Any, y: FloatArray, levels: tuple[str, ...]) -> Any:
    """Outcomes as a column of the same type: numbers, truth values, text or a categorical."""
    import pandas

    if not levels:
        whole = pandas.api.types.is_integer_dtype(column) and bool((y == np.round(y)).all())
        return pandas.Series(y.astype(np.int64) if whole else y, index=column.index)
    categories = tables.declared(column) if hasattr(column, "cat") else ()
    known = list(column.cat.categories) if categories else list(pandas.unique(column))
    by_label = {label(value): value for value in known}
    values = [by_label[levels[int(k)]] for k in y]
    return pandas.Series(values, index=column.index, dtype=column.dtype)


def _declared(column: Any, levels: tuple[str, ...]) -> Any:
    """Make a categorical of a column, with the levels that are in no row."""
    import pandas

    return pandas.Series(
        pandas.Categorical(column.map(label), levels, ordered=True), index=column.index
    )
