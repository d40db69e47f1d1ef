"""What a population would answer, from a table of its cells: poststratification.

    mean = sum over cells c of  N_c E(y_c)  /  sum of N_c,     within each draw

The sample need not look like the population: the model says what is expected in each cell, the
census how many people are in it.  Cells that the sample lacks are predicted as well, those with
levels of their own by draws from the population of levels.

Source: D. K. Park, A. Gelman, J. Bafumi (2004), *Political Analysis* 12, 375-385.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from ....seeds import Seed, seed_sequence
from ...fitted import Fitted
from ..prediction.few_draws import evenly
from ..prediction.new_groups import NewGroups
from .averaged import Averaged
from .averages import averages
from .cells import cells_of, names_of, usual_weights, weights_of
from .effect import again, asked_of, check_summary, counted, described, rows_of_result, ways_of
from .rows import Where, chosen_rows, design_of, table_of


def poststratify(
    fit: Fitted,
    cells: Any,
    *,
    wts: str | ArrayLike = "N",
    by: str | Sequence[str] | None = None,
    where: Where | None = None,
    scale: str = "response",
    groups: NewGroups = "fitted",
    conf_level: float = 0.95,
    draws: int | None = None,
    seed: Seed = None,
) -> Averaged:
    """Estimate the mean outcome of a population, or of parts of it.

    Parameters
    ----------
    cells
        A row for each kind of people: the model's predictors, and how many they are.
    wts
        How many: a column, or numbers.
    by
        Columns that make the parts: a row for each combination.  Everybody together if None.
    where, scale, groups, conf_level, draws, seed
        As in `effect`.

    Returns
    -------
    Averaged

    Raises
    ------
    ValueError
        If a cell cannot be predicted, or weights are missing, negative or sum to 0: the error
        names the first five.

    Examples
    --------
    >>> fit = example_fit()
    >>> cells = {"Days": [0, 9], "Subject": ["308", "308"], "N": [3, 1]}
    >>> round(fit.poststratify(cells).table["Reaction"]["estimate"], -1)
    300.0
    """
    model = fit.model
    check_summary(scale, conf_level)
    way = ways_of(model, groups)
    table = table_of(model, cells, way, asked_of(where, by, wts))
    root, few = seed_sequence(seed), evenly(fit, draws)
    outcome = model.full_design.outcome

    def averaged(where: Where, by: Sequence[str]) -> Averaged:
        rows, chosen, note = chosen_rows(table, where, [])
        design = design_of(model, rows, way)
        weights, weighed = weights_of(rows, wts, usual_weights(model, rows, design))
        parts, places = cells_of(rows, chosen, by, weights)
        (found,) = averages(few, [design], parts, way, scale, root)
        return Averaged(
            **rows_of_result(model, found, places, outcome, scale),
            term=outcome,
            contrast="",
            **counted(found, parts.n, parts.weight),
            nothing=None,
            conf_level=conf_level,
            notes=(*([note] if note else []), described(model, way, weighed, scale, conf_level)),
            again=again(averaged, where),
        )

    return averaged({} if where is None else where, names_of(by))
