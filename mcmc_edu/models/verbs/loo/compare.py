"""Comparison of models by predictive accuracy, with standard errors of the differences.

    difference = sum_i (elpd_i of the one - elpd_i of the other),      se = sqrt(n) sd of the terms

Units that are hard for one model are hard for the others, so the difference is more precise than
either sum.

Source: A. Vehtari, A. Gelman, J. Gabry (2017), *Statistics and Computing* 27, 1413-1432.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from ....compiling import FloatArray
from ....table import Table
from ...fitted import Fitted
from .leave_out import Rows
from .loo import loo, outcome_of
from .result import SHOWN, Loo, errors_of_sum, sum_error, weighted_sum

Outcome = tuple[FloatArray, FloatArray | None, FloatArray]
"""Outcomes of all rows, trials if the outcome is binomial, and weights."""


def compare(models: Mapping[str, Fitted | Loo]) -> Table:
    """Compare models of the same data by how well they predict unseen data.

    Parameters
    ----------
    models
        Fits, of which `Fit.loo` is taken, or what it returned, by name.

    Returns
    -------
    A table, the best model first: elpd, its difference from the best model's and the standard
    error of the difference, found from the differences of each unit, and p_loo.

    Raises
    ------
    ValueError
        If there are fewer than two models, or two differ in their outcome, in the trials of a
        binomial outcome, in their weights, in the number or order of their rows, in which of them
        were dropped because a value is missing, or in what is left out.

    Examples
    --------
    >>> from mcmc_edu.models.example import example_fit
    >>> fit = example_fit()
    >>> list(compare({"one": fit, "the same": fit.loo()})["one"])
    ['elpd', 'difference', 'se', 'p_loo']
    """
    if len(models) < 2:
        raise ValueError(f"models has {len(models)} entries; it takes two to compare")
    numbers = {name: _rows(x) for name, x in models.items()}
    _check_rows(numbers)
    _check_outcomes({name: _outcome(x) for name, x in models.items()}, numbers)
    found = {name: x if isinstance(x, Loo) else loo(x) for name, x in models.items()}
    _check_units(found)
    ordered = sorted(found, key=lambda name: -found[name].elpd)
    best = found[ordered[0]]
    rows = {name: _against(best, found[name]) for name in ordered}
    notes = [f"{name}: {note}" for name in ordered for note in found[name].notes()]
    formats = dict.fromkeys(rows[ordered[0]], ".1f")
    return Table(rows, formats, notes, lambda name: _errors(best, found[name]))


def _errors(best: Loo, other: Loo) -> dict[str, float]:
    """Monte Carlo errors of a row."""
    if not best.errors.size or not other.errors.size:
        return {}
    own = errors_of_sum(other.pointwise, other.errors, other.weights)
    found = {"elpd": own["estimate"]}
    found["p_loo"] = found["elpd"]
    if other is not best:
        both = np.hypot(best.errors, other.errors)
        difference = errors_of_sum(other.pointwise - best.pointwise, both, other.weights)
        found["difference"] = difference.pop("estimate")
        found |= difference
    return found


def _against(best: Loo, other: Loo) -> dict[str, float]:
    with np.errstate(invalid="ignore"):  # -inf less -inf: the units that neither can tell
        difference = other.pointwise - best.pointwise
    return {
        "elpd": other.elpd,
        "difference": weighted_sum(difference, other.weights),
        "se": sum_error(difference, other.weights),
        "p_loo": other.p_loo,
    }


def _outcome(x: Fitted | Loo) -> Outcome:
    y, trials = (x.y, x.trials) if isinstance(x, Loo) else outcome_of(x.model)
    weights = x.weights if isinstance(x, Loo) else x.model.design.weights
    return y, trials, np.ones(y.size) if weights is None else weights.astype(np.float64)


def _rows(x: Fitted | Loo) -> tuple[Rows | None, int]:
    """Return the numbers of the used rows in the data, and the total number of rows."""
    rows, dropped = (
        (x.rows, x.dropped) if isinstance(x, Loo) else (x.model.source.rows, x.model.source.dropped)
    )
    return rows, dropped + (0 if rows is None else rows.size)


def _check_rows(models: Mapping[str, tuple[Rows | None, int]]) -> None:
    """Refuse models of one table that lack different rows of it."""
    for (a, (one, all_of_one)), (b, (other, all_of_other)) in combinations(models.items(), 2):
        if one is None or other is None or all_of_one != all_of_other:
            continue
        lacks = [
            f"{name!r} lacks {_numbers(gone)}"
            for name, gone in ((a, np.setdiff1d(other, one)), (b, np.setdiff1d(one, other)))
            if gone.size
        ]
        if lacks:
            raise ValueError(
                f"{b!r} is not of the same rows as {a!r}: {' and '.join(lacks)} (counted from 0), "
                "where values are missing or weights are 0; leave rows out in which a value of "
                "any of the models is missing, and fit all to the others"
            )


def _numbers(rows: Rows) -> str:
    shown = ", ".join(map(str, rows[:SHOWN].tolist())) + ", ..." * (rows.size > SHOWN)
    return f"row{'s' * (rows.size > 1)} {shown}"


def _check_outcomes(
    outcomes: Mapping[str, Outcome], rows: Mapping[str, tuple[Rows | None, int]]
) -> None:
    """Refuse models of different data before anything is computed."""
    for (a, one), (b, other) in combinations(outcomes.items(), 2):
        what = _difference(one, other, rows[b][0])
        if what is not None:
            raise ValueError(
                f"{b!r} is not of the same data as {a!r}: {what}; fit both to the same outcome, "
                "untransformed, of the same rows in one order"
            )


def _difference(one: Outcome, other: Outcome, numbers: Rows | None) -> str | None:
    """Describe the first difference between two models' data, or return None.

    `numbers` are the numbers of the other model's rows.
    """
    if one[0].size != other[0].size:
        return f"it has {other[0].size} rows, not {one[0].size}"
    kinds = zip(("outcome", "number of trials", "weight"), one, other, strict=True)
    both = {kind: (x, y) for kind, x, y in kinds if x is not None and y is not None}
    wrong = {kind: np.flatnonzero(x != y) for kind, (x, y) in both.items()}
    different = [kind for kind in both if wrong[kind].size]
    if not different:
        return None
    x, y = (np.column_stack(columns) for columns in zip(*both.values(), strict=True))
    if np.array_equal(x[np.lexsort(x.T)], y[np.lexsort(y.T)]):
        return "it has the same rows in another order"
    kind = different[0]
    first = int(wrong[kind][0])
    number = first if numbers is None else int(numbers[first])
    here, there = (values[first] for values in both[kind])
    return (
        f"the {kind} differs in {wrong[kind].size} of {len(x)} rows, the first of them row "
        f"{number} (counted from 0), with {there:.6g} and not {here:.6g}"
    )


def _check_units(found: Mapping[str, Loo]) -> None:
    for (a, one), (b, other) in combinations(found.items(), 2):
        if one.unit != other.unit:
            raise ValueError(
                f"{a!r} leaves out one {one.unit} at a time and {b!r} one {other.unit}; "
                "take the same groups for both"
            )
        if one.names != other.names:
            raise ValueError(
                f"the levels of {one.unit} are {_some(one.names)} in {a!r} and "
                f"{_some(other.names)} in {b!r}; fit both to the same levels in one order"
            )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
