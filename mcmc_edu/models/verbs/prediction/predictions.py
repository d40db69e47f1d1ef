"""Summaries of predictions for any rows, without keeping all draws.

4000 draws of 10 000 rows take 320 MB.  A summary needs the draws of one row at a time, so rows are
taken in blocks, and a block's draws are discarded after they are summarised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .... import diagnostics
from ....compiling import FloatArray
from ....digits import ERROR_OF_ERROR
from ....formulas import Design, Grouping
from ....seeds import Seed, generator
from ....table import Table
from ...fitted import Fitted
from ..estimates import NORMAL, row_of
from ..loo.leave_out import in_blocks
from .draws import of_rows, rows_of
from .few_draws import evenly
from .new_groups import NewGroups

KINDS = ("epred", "linpred", "predict")
BLOCK = 2_000_000
"""Numbers in a block of predictions, 16 MB."""


def predictions(
    fit: Fitted,
    new: Any = None,
    *,
    kind: str = "epred",
    new_groups: NewGroups = "error",
    draws: int | None = None,
    seed: Seed = None,
) -> Table:
    """Summarise the predictions of every row, without keeping their draws.

    Rows are taken in blocks, and need little memory however many they are.  The other
    parameters are those of `linpred`.

    Parameters
    ----------
    kind
        ``"epred"``, the expected value; ``"linpred"``, the linear predictor; ``"predict"``, new
        outcomes.

    Returns
    -------
    Table
        A row for each row of the data, ``[0]`` the first; of categories, one for each of them.
        Columns mean, sd, the 5 %, 50 % and 95 % quantiles, and the Monte Carlo standard error
        of the mean (mcse).

    Raises
    ------
    ValueError
        As `predict`; or if `kind` is another, or has no mean.

    Examples
    --------
    >>> fit, nights = example_fit(), {"Days": [0, 9], "Subject": ["308", "308"]}
    >>> round(fit.predictions(nights)["[1]"]["mean"], -1)
    430.0
    """
    _check(fit, kind)
    rows, rng, few = rows_of(fit, new, new_groups), generator(seed), evenly(fit, draws)
    names, found = _names(fit, rows, kind, new is None), []
    for block in _blocks(rows, few):
        values = of_rows(few, some_rows(rows, block), kind, new_groups, rng)
        found.append(summarised(values.reshape(*values.shape[:2], -1)))
    together = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    by_name = {name: row_of(together, i) for i, name in enumerate(names)}
    return Table(by_name, errors=partial(_errors, by_name))


def _errors(rows: Mapping[str, Mapping[str, float]], name: str) -> dict[str, float]:
    """Return Monte Carlo errors of a row, assuming normal draws; the draws are not kept."""
    mcse = rows[name]["mcse"]
    return {column: factor * mcse for column, factor in NORMAL.items()} | {
        "mcse": ERROR_OF_ERROR * mcse
    }


def _check(fit: Fitted, kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(map(repr, KINDS))}")
    if kind == "predict" and fit.model.design.blocks is not None:
        raise ValueError(
            f"kind is 'predict', and {fit.model.design.outcome} is a category without an order, "
            "whose number has no mean; take 'epred', the probability of each"
        )


def _names(fit: Fitted, rows: Design, kind: str, fitted: bool) -> list[str]:
    """Name every row by its number, or every category of every row if there are several."""
    n = rows.offset.size // (rows.blocks or 1)
    numbers = fit.model.source.rows if fitted else None
    plain = [f"[{i}]" for i in (range(n) if numbers is None else numbers.tolist())]
    levels = fit.model.full_design.outcome_levels
    if kind == "epred" and fit.model.family.probabilities is not None:
        return [f"{row} {level}" for row in plain for level in levels]
    if kind == "linpred" and rows.blocks is not None:
        return [f"{row} {level}" for row in plain for level in levels[1:]]
    return plain


def _blocks(rows: Design, fit: Fitted) -> Iterator[NDArray[np.int64]]:
    chains, draws, _ = fit.draws.array.shape
    numbers = chains * draws * max(len(fit.model.full_design.outcome_levels), 1)
    n, size = rows.offset.size // (rows.blocks or 1), max(BLOCK // numbers, 1)
    for start in range(0, n, size):
        yield np.arange(start, min(start + size, n))


def some_rows(rows: Design, chosen: NDArray[np.int64]) -> Design:
    """Return the design of some of the rows, with the new levels that occur in them."""
    n = rows.offset.size // (rows.blocks or 1)
    everywhere = in_blocks(rows, chosen)
    return replace(
        rows,
        y=rows.y[chosen] if rows.y.size == n else np.empty(0),
        trials=None if rows.trials is None else rows.trials[chosen],
        se=None if rows.se is None else rows.se[chosen],
        offset=rows.offset[everywhere],
        columns=rows.columns[everywhere],
        groupings=tuple(_some_of(g, everywhere) for g in rows.groupings),
        weights=None,
    )


def _some_of(g: Grouping, chosen: NDArray[np.int64]) -> Grouping:
    index = g.index[chosen].copy()
    new = index < 0
    numbers, renumbered = np.unique(-1 - index[new], return_inverse=True)
    index[new] = -1 - renumbered
    unseen = tuple(g.unseen[i] for i in numbers)
    return replace(g, index=index, columns=g.columns[chosen], unseen=unseen)


def summarised(draws: FloatArray) -> dict[str, FloatArray]:
    """Summarise draws (chain, draw, n), shape (n,) each; mcse is the error of the mean."""
    q5, q50, q95 = np.quantile(draws, [0.05, 0.5, 0.95], axis=(0, 1))
    several = draws.shape[0] * draws.shape[1] > 1
    long = draws.shape[1] >= diagnostics.MIN_DRAWS
    mcse = [diagnostics.mcse_mean(draws[..., i]) if long else np.nan for i in range(q5.size)]
    return {
        "mean": draws.mean(axis=(0, 1)),
        "sd": draws.std(axis=(0, 1), ddof=1) if several else np.full(q5.size, np.nan),
        "q5": q5,
        "q50": q50,
        "q95": q95,
        "mcse": np.array(mcse),
    }
