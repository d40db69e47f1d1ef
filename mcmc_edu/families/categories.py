"""Outcomes that are categories: their numbers, and a linear predictor for each.

An *ordered* outcome has one linear predictor, and thresholds where others have an intercept.  A
*categorical* outcome has one linear predictor for every category but the first, with coefficients
and effects of its own.  Its design is made of blocks of rows, one after the other, each the whole
data as the linear predictor of one category sees them:

    rows of category 2:   X  0  0
    rows of category 3:   0  X  0         and the same of the columns of every bar
    rows of category 4:   0  0  X
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..compiling import FloatArray
from ..formulas import INTERCEPT, Design, Grouping
from ..formulas.arrays import Index, label
from .family import Family
from .outcomes import row_number


def coded(design: Design, family: Family, rows: Index | None = None) -> Design:
    """Code the outcome as the number of a category, from 0, if the family wants that.

    An ordered outcome keeps categories that a categorical declares and no row has.
    `rows` are the numbers of the rows in the data, from 0, if some were left out.

    Raises
    ------
    ValueError
        If there are fewer than two categories; if they are numbers that are not whole, or words in
        an order that is only the dictionary's.
    """
    if family.probabilities is None:
        return design
    name, y, levels = design.outcome, design.y, design.outcome_levels
    if family.thresholds and not design.outcome_in_order:
        raise ValueError(
            f"{name} is text, {_some(levels)}, whose order is not known; make an ordered "
            "categorical of it, pandas.Categorical(values, [first, ..., last]), or numbers"
        )
    if levels:
        made = _with_declared(design) if family.thresholds else design
    else:
        if not np.array_equal(y, np.round(y)):
            first = int(np.argmax(y != np.round(y)))
            raise ValueError(
                f"{name} is {y[first]:g} in row {row_number(first, rows)}; categories must be "
                "whole numbers, text or a categorical"
            )
        values, codes = np.unique(y, return_inverse=True)
        levels = tuple(label(value) for value in values.tolist())
        made = replace(design, y=codes.astype(np.float64), outcome_levels=levels)
    if len(levels) < 2:
        raise ValueError(f"{name} is {levels[0]} in every row: it does not vary")
    numbers = dict(zip(design.y.tolist(), made.y.tolist(), strict=True))
    return replace(made, make_again=partial(_new_rows, design, numbers, made.outcome_levels))


def _with_declared(design: Design) -> Design:
    """Code the outcome among all categories that are declared, in their order."""
    if not design.outcome_declared:
        return design
    place = {level: k for k, level in enumerate(design.outcome_declared)}
    number = np.array([place[level] for level in design.outcome_levels], dtype=np.float64)
    return replace(
        design, y=number[design.y.astype(np.int64)], outcome_levels=design.outcome_declared
    )


def _new_rows(
    design: Design,
    numbers: Mapping[float, float],
    levels: tuple[str, ...],
    data: Any,
    groups: bool,
    optional: Sequence[str],
) -> Design:
    """Make the design of new rows and code their outcome; without an outcome that is another."""
    made = design.rows(data, groups, optional)
    y = [numbers.get(value, math.nan) for value in made.y.tolist()]
    known = not np.isnan(y).any()
    return replace(made, y=np.array(y if known else [], dtype=float), outcome_levels=levels)


def arranged(design: Design, family: Family) -> Design:
    """Arrange the design as the linear predictors see it: without an intercept, or in blocks."""
    if family.thresholds:
        return _without_intercept(design)
    return design if family.probabilities is None else stacked(design)


def _without_intercept(design: Design) -> Design:
    if INTERCEPT not in design.names:
        raise ValueError(
            "an ordered outcome has thresholds in the place of an intercept, and this model has no "
            "intercept to be replaced: leave '0 +' out of the common terms, and with "
            "pooling='none' let no intercept vary, (0 + x | g)"
        )
    kept = [q for q, name in enumerate(design.names) if name != INTERCEPT]
    return replace(
        design, names=tuple(design.names[q] for q in kept), columns=design.columns[:, kept]
    )


def stacked(design: Design) -> Design:
    """Put the design in blocks, one for every category but the first."""
    others = design.outcome_levels[1:]
    blocks = len(others)
    return replace(
        design,
        blocks=blocks,
        offset=np.tile(design.offset, blocks),
        names=tuple(in_category(level, name) for level in others for name in design.names),
        columns=np.asarray(np.kron(np.eye(blocks), design.columns), dtype=np.float64),
        groupings=tuple(_in_block(g, c, others) for g in design.groupings for c in range(blocks)),
    )


def _in_block(g: Grouping, c: int, levels: Sequence[str]) -> Grouping:
    columns = np.zeros((len(levels), *g.columns.shape))
    columns[c] = g.columns
    return replace(
        g,
        index=np.tile(g.index, len(levels)),
        columns=columns.reshape(-1, len(g.names)),
        names=tuple(in_category(levels[c], name) for name in g.names),
    )


def in_category(level: str, name: str) -> str:
    """Name the coefficient of a predictor in the linear predictor of a category."""
    return f"{level}: {name}"


def predictor(design: Design, name: str) -> str:
    """Return the predictor that a coefficient belongs to, whatever the category."""
    if design.blocks is None:
        return name
    prefixes = [in_category(level, "") for level in design.outcome_levels]
    return next((name.removeprefix(p) for p in prefixes if name.startswith(p)), name)


def by_row(eta: FloatArray, design: Design) -> FloatArray:
    """Linear predictors in blocks (..., block * row) as (..., row, block); others as they are."""
    if design.blocks is None:
        return eta
    return np.moveaxis(eta.reshape(*eta.shape[:-1], design.blocks, -1), -2, -1)


def _some(levels: Sequence[str]) -> str:
    return ", ".join(map(repr, levels[:4])) + (", ..." if len(levels) > 4 else "")
