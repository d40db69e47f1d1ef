"""Weights: rows of data that stand for several equal observations.

A row of weight w is exactly w rows.  Terms that learn from the data, such as ``scale(x)``, learn
from the repeated rows, and the model is fitted to the repeated rows.  Results for rows are reported
once per row.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray
from .arrays import Design, Index

WEIGHTS = "(weights)"
"""The name of a column that was given as an array."""
SHOWN = 5
"""Rows that an error names."""
MOST = 100_000_000
"""Observations that are put into memory."""


def checked(values: ArrayLike, name: str, rows: Index | None = None) -> Index:
    """Check weights: whole numbers, 0 or more.

    Parameters
    ----------
    values
        Shape (rows,).
    name
        Name of the weights in errors.
    rows
        Numbers of the rows in the data, from 0, if some were left out.

    Raises
    ------
    ValueError
        If weights are not such numbers, all are 0, or there are too many observations.
    """
    try:
        weights = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{called(name)} are no numbers; {ALLOWED}") from None
    if weights.ndim != 1:
        raise ValueError(f"{called(name)} have shape {weights.shape}; give (rows,), one a row")
    fractions = np.isfinite(weights) & (weights >= 0.0) & (weights != np.round(weights))
    if fractions.any():
        raise ValueError(
            f"{called(name)} are {first_rows(weights, fractions, rows)}; {ALLOWED}: a row stands "
            "for that many observations.  Survey weights and other fractions are no numbers of "
            "observations, and do not belong into the likelihood: model what they depend on, and "
            "weigh the predictions of the cells of the population (poststratification)"
        )
    wrong = ~(np.isfinite(weights) & (weights >= 0.0))
    if wrong.any():
        raise ValueError(f"{called(name)} are {first_rows(weights, wrong, rows)}; {ALLOWED}")
    if not weights.any():
        raise ValueError(f"{called(name)} are 0 in all rows; at least one must count")
    if weights.sum() > MOST:
        raise ValueError(
            f"{called(name)} add up to {weights.sum():.4g} observations, of which {MOST} at most "
            "fit into memory; give counts as 'successes | trials(n) ~ ...', or means with "
            "their standard errors"
        )
    return weights.astype(np.int64)


def called(name: str) -> str:
    """Return the name of weights in errors, with the name of their column, if any."""
    return "weights" if name in ("weights", WEIGHTS) else f"weights {name!r}"


ALLOWED = "they must be whole numbers, 0 or more"


def first_rows(values: FloatArray, wrong: NDArray[np.bool_], rows: Index | None) -> str:
    """List the first values that are wrong, with the numbers of their rows from 1."""
    found = np.flatnonzero(wrong)
    numbers = found if rows is None else rows[found]
    some = [f"{values[i]:g} in row {n + 1}" for i, n in zip(found, numbers, strict=True)][:SHOWN]
    more = found.size - SHOWN
    rest = f", and {more} more row{'s are' if more > 1 else ' is'} wrong" if more > 0 else ""
    return ", ".join(some) + rest


def times(weights: Index) -> Index:
    """Return the row number of each observation, shape (observations,)."""
    return np.repeat(np.arange(weights.size, dtype=np.int64), weights)


def repeated(design: Design) -> Design:
    """Repeat every row of a design as often as its weight says; do nothing without weights."""
    return design if design.weights is None else of_rows(design, times(design.weights))


def of_rows(design: Design, rows: Index) -> Design:
    """Take these rows of every block of a design, with all levels kept and weights dropped."""
    size = design.offset.size // (design.blocks or 1)
    starts = np.arange(design.blocks or 1) * size
    everywhere = (starts[:, np.newaxis] + rows).reshape(-1)
    return replace(
        design,
        y=design.y[rows],
        trials=None if design.trials is None else design.trials[rows],
        se=None if design.se is None else design.se[rows],
        offset=design.offset[everywhere],
        columns=design.columns[everywhere],
        groupings=tuple(
            replace(g, index=g.index[everywhere], columns=g.columns[everywhere])
            for g in design.groupings
        ),
        weights=None,
    )
