"""The effect of a treatment on whom it may be asked about: a contrast of predictions.

    effect_c = f( mean of E(y | treatment high), mean of E(y | treatment low) ),   rows of cell c

All rows get the treatment, then none of them does; everything else about them stays.  Averages are
taken within each draw, and the draws are summarised last.

It is a contrast of predictions.  It is what the treatment causes only if the design of the study
makes it so, as an experiment does.

Sources: A. Gelman (2016), *Varying treatment effects*; J. Alley (2023), *Using Bayesian
Hierarchical Models to Estimate Heterogeneous Effects*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ....compiling import FloatArray
from ....formulas.arrays import label
from ....seeds import Seed, seed_sequence
from ...fitted import Fitted
from ...prepared import Prepared
from ..prediction.few_draws import evenly
from ..prediction.new_groups import NewGroups, ways
from .averaged import Averaged
from .averages import GROUPS, averages
from .cells import cell_label, cells_of, names_of, usual_weights, weights_of
from .comparisons import Compare, comparison_of
from .rows import Table, Where, chosen_rows, design_of, table_of
from .treatment import treatment_values

SCALES = ("response", "link")
CAUSAL = "A contrast of predictions: causal only if the design of the study makes it so."


def effect(
    fit: Fitted,
    treatment: str,
    *,
    comparison: str | Compare = "difference",
    values: Sequence[Any] | None = None,
    scale: str = "response",
    newdata: Any = None,
    where: Where | None = None,
    by: str | Sequence[str] | None = None,
    wts: str | ArrayLike | None = None,
    groups: NewGroups = "fitted",
    conf_level: float = 0.95,
    draws: int | None = None,
    seed: Seed = None,
) -> Averaged:
    """Estimate the effect of a treatment, in all rows, in a subset, or in each of several cells.

    Parameters
    ----------
    treatment
        A predictor of the formula, by the name of its column.
    comparison
        What is made of the average under the high value and that under the low one, within each
        draw: ``"difference"``; ``"ratio"``, high / low; ``"lift"``, high / low - 1; or a function
        ``f(high, low)`` of arrays of shape (chain, draw, row).
    values
        The two values of the treatment, ``(low, high)``.  They are needed if it has more than two
        in the data; otherwise the lower and the higher one, or the first and the second level.
    scale
        ``"response"``, expected values, of one trial if the outcome is binomial, or the probability
        of each category; ``"link"``, the linear predictor.
    newdata
        The rows; those that were fitted if None.  The treatment may be absent.
    where
        A subset of the rows, ``{"male": 1, "region": ["North", "East"]}``.  If no row is in it,
        the columns are set in all rows, and a line under the table says so.
    by
        Columns, or grouping factors, that make the cells: a row for each combination.
    wts
        Weight of each row, a column or numbers.  If None, the trials of a binomial outcome, or 1,
        times the weights of the fit if the rows are those of the fit.
    groups
        Which group effects are in it: ``"fitted"``, those of the rows' levels, where a level that
        was not fitted is drawn from the population, one draw for all of its rows and for both
        values of the treatment; ``"zero"``, the population's own line, without group effects;
        ``"sample"``, one new level in the place of every level.  Or a mapping,
        ``{"g": "zero"}``; factors that it does not name are ``"fitted"``.
    conf_level
        Probability of the intervals, between quantiles.
    draws
        How many draws to take, spaced evenly over all chains; all of them if None.
    seed
        Of the effects that are drawn.

    Returns
    -------
    Averaged
        Draws of the effects, with a table, probabilities, differences and ranks.

    Raises
    ------
    ValueError
        If an argument is not as it should be; a column is absent, or a level of a common factor
        was not in the data; a treatment does not vary; weights are negative, or sum to 0.

    Examples
    --------
    >>> effect = example_fit().effect("Days", values=(0, 9))
    >>> round(effect.table["Days"]["estimate"], -1)  # ms more after nine nights
    90.0
    """
    model = fit.model
    check_summary(scale, conf_level)
    how, way = comparison_of(comparison), ways_of(model, groups)
    table = table_of(model, newdata, way, asked_of(where, by, wts), [treatment])
    low, high = treatment_values(model, treatment, values)
    cells_by = checked_columns(table, treatment, by)
    root = seed_sequence(seed)
    few = evenly(fit, draws)

    def averaged(where: Where, by: Sequence[str]) -> Averaged:
        """Make the effect of a subset, always from the same draws."""
        rows, chosen, note = chosen_rows(table, where, [treatment])
        arms = [design_of(model, rows.setting({treatment: value}), way) for value in (high, low)]
        weights, weighed = weights_of(rows, wts, usual_weights(model, rows, arms[0]))
        cells, places = cells_of(rows, chosen, by, weights)
        found = averages(few, arms, cells, way, scale, root)
        effects = how(*found)
        made = rows_of_result(model, effects, places, treatment, scale)
        return Averaged(
            **made,
            term=treatment,
            contrast=how.contrast(label(high), label(low)),
            **counted(effects, cells.n, cells.weight),
            nothing=how.nothing,
            conf_level=conf_level,
            notes=(
                *([note] if note else []),
                described(model, way, weighed, scale, conf_level),
                CAUSAL,
            ),
            again=again(averaged, where),
        )

    return averaged({} if where is None else where, cells_by)


def check_question(
    model: Prepared,
    treatment: str,
    *,
    comparison: str | Compare,
    values: Sequence[Any] | None,
    scale: str,
    by: str | Sequence[str] | None,
    groups: NewGroups,
) -> None:
    """Refuse before the fit what `effect` would refuse after it."""
    check_summary(scale, 0.95)
    comparison_of(comparison)
    table = table_of(model, None, ways_of(model, groups))
    treatment_values(model, treatment, values)
    checked_columns(table, treatment, by)


def checked_columns(table: Table, treatment: str, by: str | Sequence[str] | None) -> list[str]:
    """Return the columns that make the cells, which must be there and not be the treatment."""
    found = names_of(by)
    if treatment in found:
        raise ValueError(
            f"by={by!r}: expected columns other than the treatment, which is set. Leave it out"
        )
    for name in found:
        table.column("by", name)
    return found


def asked_of(where: Any, by: str | Sequence[str] | None, wts: Any) -> list[str]:
    """List the columns that arguments name."""
    asked = [*where] if isinstance(where, Mapping) else []
    return [*asked, *names_of(by), *([wts] if isinstance(wts, str) else [])]


def again(
    averaged: Callable[[Where, Sequence[str]], Averaged], where: Where
) -> Callable[[Mapping[str, Any]], Averaged]:
    """Return what makes the same of a subset of the rows."""
    return partial(_of_subset, averaged, where)


def _of_subset(
    averaged: Callable[[Where, Sequence[str]], Averaged], where: Where, subset: Mapping[str, Any]
) -> Averaged:
    return averaged({**where, **subset}, [])


def rows_of_result(
    model: Prepared, found: FloatArray, places: Sequence[Mapping[str, Any]], term: str, scale: str
) -> dict[str, Any]:
    """Put cells, and the categories of each, in a row: draws, labels and columns of the result."""
    columns: dict[str, list[Any]] = {name: [p[name] for p in places] for name in places[0]}
    labels = [cell_label(place) or term for place in places]
    if found.ndim == 4:
        levels = model.full_design.outcome_levels
        levels = levels if scale == "response" else levels[1:]
        columns = {name: np.repeat(v, len(levels)).tolist() for name, v in columns.items()}
        columns[model.full_design.outcome] = list(levels) * len(places)
        labels = [f"{place}: {level}" for place in labels for level in levels]
        found = found.reshape(*found.shape[:2], -1)
    return {"draws": found, "labels": tuple(labels), "columns": columns}


def counted(found: FloatArray, n: Any, weight: FloatArray) -> dict[str, Any]:
    """Rows and weight of every row of the result."""
    times = found.shape[3] if found.ndim == 4 else 1
    return {"n": np.repeat(n, times), "weight": np.repeat(weight, times)}


def described(
    model: Prepared, way: Mapping[str, str], weighed: str, scale: str, conf_level: float
) -> str:
    """Say which group effects, weights, scale and interval there are."""
    words = {
        "fitted": "of fitted levels, new ones drawn",
        "zero": "none",
        "sample": "of one new level",
    }
    factors = [
        f"{', '.join(name for name in way if way[name] == word)}: {text}"
        for word, text in words.items()
        if word in way.values()
    ] or ["none in the model"]
    response = "response"
    if model.family.probabilities is not None:
        response = "probability"
    elif model.family.has_trials and model.full_design.trials is not None:
        response = "response, per trial"
    return (
        f"Group effects ({'; '.join(factors)}). Weights: {weighed}. Scale: "
        f"{response if scale == 'response' else 'link'}. Median and {100 * conf_level:g} % "
        "interval between quantiles."
    )


def ways_of(model: Prepared, groups: NewGroups) -> dict[str, str]:
    """Return which effects of each grouping factor are in the averages: see `GROUPS`."""
    if model.pooling == "complete":
        return {}
    found = ways(groups, model.full_design, "fitted", GROUPS, "groups")
    if model.pooling == "none" and set(found.values()) - {"fitted"}:
        raise ValueError(
            f"groups={groups!r}: expected 'fitted', since with no pooling there is no population "
            "of groups. Take pooling='partial'"
        )
    return found


def check_summary(scale: str, conf_level: float) -> None:
    """Refuse a scale or a level of intervals that is none."""
    if scale not in SCALES:
        raise ValueError(f"scale={scale!r}: expected 'response' or 'link'")
    if not (isinstance(conf_level, float) and 0.0 < conf_level < 1.0):
        raise ValueError(f"conf_level={conf_level!r}: expected a number between 0 and 1. Pass 0.95")
