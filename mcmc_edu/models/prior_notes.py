"""Notes on priors for users, printed beneath `prior_summary` and `summary`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..families.categories import predictor
from ..formulas import INTERCEPT, Grouping
from ..formulas.weights import repeated
from ..regression.coordinates.units import ALONE, HEIGHT, ORIGIN, SLOPE, spread
from ..regression.prior_choice import empty_categories
from ..regression.prior_choice.names import unused_classes
from ..regression.prior_choice.packages import PACKAGES
from ..regression.prior_choice.records import ResolvedPrior
from .fitted import Fitted
from .prepared import Prepared

FEW_LEVELS = 4
"""Number of levels up to which the prior of an sd strongly affects the results."""
SHARE = 0.5
"""Share of the prior's sd above which a posterior sd shows that the prior decides."""


def of_model(model: Prepared) -> list[str]:
    """List notes on the priors of a model that is not fitted yet, most important first."""
    return [
        *_package(model),
        *_common(model),
        *_bars(model),
        *empty_categories.notes(model.full_design, model.family),
        *_idle(model),
    ]


def of_fit(fit: Fitted) -> list[str]:
    """List notes on results of a fit that the priors decide."""
    empty = empty_categories.notes(fit.model.full_design, fit.model.family)
    return [*_few_levels(fit.model), *empty, *_undecided(fit)]


def _package(model: Prepared) -> Iterator[str]:
    if model.defaults is not None:
        yield f"Defaults are those of {PACKAGES[model.defaults]}."


def _common(model: Prepared) -> Iterator[str]:
    kinds, design = model.units.kind, model.design
    apart = [kind for term in model.units.terms for kind in term.kind if model.pooling == "none"]
    high = [
        predictor(design, name) for name, k in zip(design.names, kinds, strict=True) if k == HEIGHT
    ]
    if INTERCEPT in (*high, *design.names):
        yield "The intercept's prior is that of the intercept after centring all predictors."
    elif high:
        yield (
            "The mean of the linear predictor over all rows has a prior of its own, written for "
            f"{high[0]}."
        )
    slopes = [name for name, kind in zip(design.names, kinds, strict=True) if kind == SLOPE]
    if len(slopes) > 1:
        yield (
            f"{_some(slopes)} have one default prior together, which is the same whatever their "
            "zeros, units, contrasts and reference levels: Normal(0, 2.5) in units of the outcome "
            "for every direction in which their columns vary.  Each is shown by itself."
        )
    through = [name for name, kind in zip(design.names, kinds, strict=True) if kind == ORIGIN]
    if through:
        yield (
            f"The model has no intercept: the default prior of {_some(through)} is about 0, in "
            "units of the outcome's distance from 0."
        )
    if HEIGHT in apart or SLOPE in apart:
        yield (
            "Every level's line has its default prior at the level's own means, by how much its "
            "own predictors vary; the typical one is shown."
        )


def _bars(model: Prepared) -> Iterator[str]:
    if model.pooling == "none":
        return
    observed = repeated(model.design)
    for g, term in zip(observed.groupings, model.units.terms, strict=True):
        names = [predictor(model.design, name) for name in g.names]
        if term.turn is not None:
            yield (
                f"{_bar(g)}: default priors are for lines at the means of their predictors; the "
                "summary gives sds and correlations where these are 0."
            )
        elif term.kind.size and not g.correlated and INTERCEPT in names and len(names) > 1:
            yield from _independent_at_zero(g, names)
    yield from _few_levels(model)


def _independent_at_zero(g: Grouping, names: list[str]) -> Iterator[str]:
    far = []
    for name, column in zip(names, g.columns.T, strict=True):
        means = np.bincount(g.index, column) / np.maximum(np.bincount(g.index), 1)
        within = spread(column - means[g.index])
        if name != INTERCEPT and (
            abs(column.mean()) > spread(column) or spread(column) > 3.0 * within
        ):
            far.append(name)
    if far:
        yield (
            f"{_bar(g)}: intercepts and slopes are independent where {_some(far)} is 0, as '||' "
            "says, and that is far from the rows: centre it, or write '|'."
        )


def _bar(g: Grouping) -> str:
    return f"({', '.join(g.names)} | {g.name})"


def _few_levels(model: Prepared) -> Iterator[str]:
    if model.pooling == "none":
        return
    for g, chosen in zip(model.design.groupings, model.priors.varying, strict=True):
        if len(g.levels) <= FEW_LEVELS and chosen[0].coordinate is not None:
            yield (
                f"{g.name} has {len(g.levels)} levels, which say little of their sd: the default "
                f"prior decides much of it; you may know better, priors={{'sd({g.name})': ...}}."
            )


def _undecided(fit: Fitted) -> Iterator[str]:
    model = fit.model
    found = []
    for chosen, kind in zip(model.priors.common, model.units.kind, strict=True):
        if kind != ALONE and kind != HEIGHT:
            sd, prior = float(fit.draws[chosen.name].std()), _sd(chosen)
            if sd > SHARE * prior:
                found.append(f"{chosen.name} (sd {sd:.3g}, its prior's {prior:.3g})")
    if found:
        yield (
            f"The data say little of {_some(found)}: the default prior decides; give a prior of "
            "your own."
        )


def _sd(chosen: ResolvedPrior) -> float:
    return chosen.prior.numbers()["scale"]


def _idle(model: Prepared) -> Iterator[str]:
    without = unused_classes(model.design, model.family, model.given, model.pooling == "none")
    if without:
        yield f"Given for what this model has not: {', '.join(without)}."


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:4])
    return shown + (f" and {len(names) - 4} others" if len(names) > 4 else "")
