"""Conditional effects: the outcome along one or two predictors, with all others held fixed.

    fit.conditional_effects("Days").plot()

Other predictors are held at their mean, factors at their first level, offsets at 0 and trials at 1.
With 1 trial, the effect on a binomial outcome is an effect on a probability; see `conditions`.
Every group has a new level: the middle of the population of groups, or a draw from the population.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .... import plots
from ....compiling import FloatArray
from ....families import outcomes
from ....formulas import INTERCEPT, Design, parse
from ....seeds import Seed, generator
from ....table import Table
from ...fitted import Fitted
from ...prepared import Prepared
from ...source import named
from ..estimates import errors_of_columns, row_of
from ..prediction.draws import of_rows
from ..prediction.few_draws import evenly
from ..prediction.new_groups import NewGroups, ways
from ..prediction.predictions import KINDS
from .conditions import Conditions, conditions
from .predictors import check_levels, names_of, places_of, predictors_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


NEW_GROUPS = ("zero", "sample")
ESTIMATES = ("mean", "q5", "q95")


@dataclass(frozen=True, eq=False, repr=False)
class ConditionalEffects:
    """Estimates at every point of a grid.

    Attributes
    ----------
    outcome, kind
        What is estimated: the outcome, and whether its expected value (``"epred"``), its linear
        predictor or new outcomes.
    grid
        The predictors that vary, by name, each of shape (points,): numbers or levels.
    mean, q5, q95
        Of the draws at each point, shape (points,).
    held
        Value of every predictor that does not vary.
    conditions
        Trials and offset, where the model has them, or the columns of which they are made.
    errors
        Monte Carlo standard errors of mean, q5 and q95, shape (points,) each.
    """

    outcome: str
    kind: str
    grid: Mapping[str, NDArray[Any]]
    mean: FloatArray
    q5: FloatArray
    q95: FloatArray
    held: Mapping[str, Any]
    conditions: Conditions = field(default_factory=lambda: Conditions({}))
    errors: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """Grid and estimates, one row per point."""
        columns = {f"`{name}`" if name in ESTIMATES else name: v for name, v in self.grid.items()}
        columns |= {name: getattr(self, name) for name in ESTIMATES}
        rows = {
            f"[{i}]": {name: values[i].item() for name, values in columns.items()}
            for i in range(self.mean.size)
        }
        held = ", ".join(f"{name} = {_shown(value)}" for name, value in self.held.items())
        notes = [*([f"Held: {held}."] if held else []), *self.conditions.note()]
        return Table(rows, notes=notes, errors=self._errors_of_row)

    def _errors_of_row(self, name: str) -> dict[str, float]:
        return row_of(self.errors, int(name[1:-1]))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the means, and bands or bars from q5 to q95; see `me.plots.conditional`.

        Parameters
        ----------
        ax
            Axes to draw in; new ones if not given.
        """
        label = {"epred": "expected {}", "linpred": "linear predictor of {}", "predict": "{}"}
        of_one = " of 1 trial" * (self.conditions.values.get("trials") == 1.0)
        y_label = label[self.kind].format(self.outcome) + of_one * (self.kind != "linpred")
        return plots.conditional(self.grid, self.mean, self.q5, self.q95, y_label, ax)

    def __repr__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def conditional_effects(
    fit: Fitted,
    effect: str,
    *,
    levels: Mapping[str, Any] | None = None,
    grid: int = 100,
    new_groups: NewGroups = "zero",
    kind: str = "epred",
    draws: int | None = None,
    seed: Seed = None,
) -> ConditionalEffects:
    """Estimate the outcome along one predictor, or two, with all others held still.

    Parameters
    ----------
    effect
        A predictor, ``"x"``: a grid over its range if it is numbers, all levels if it is a
        factor.  Or two, ``"x:z"``: z at its levels, or at its mean and a standard deviation
        to either side.  If that is beyond the data, as of a skewed z, z is at its quantiles
        of 16, 50 and 84 %, or at its values if it has three or fewer.
    levels
        Values to take instead, by predictor; of one that does not vary, the value to hold it
        at in place of its mean or first level.  Of columns of an offset and of trials too, of
        which the usual values are 0 and 1: ``{"exposure": 100}``.
    grid
        Number of places on the axis of a numeric predictor.
    new_groups
        ``"zero"``: the middle of the population of groups; ``"sample"``: a new group, so that
        intervals hold the differences among groups as well; or a word for each factor.
    kind
        ``"epred"``, the expected value (of one trial if binomial: a probability);
        ``"linpred"``, the linear predictor; ``"predict"``, new outcomes.
    draws
        How many draws to take, spaced evenly over all chains; all of them if None.
    seed
        Of what is drawn.

    Examples
    --------
    >>> found = example_fit().conditional_effects("Days", grid=4)
    >>> found.grid["Days"].tolist(), bool((found.q5 < found.mean).all())
    ([0.0, 3.0, 6.0, 9.0], True)
    """
    model = fit.model
    _check_choices(model, grid, kind)
    way = ways(new_groups, model.full_design, "zero", NEW_GROUPS)
    predictors = predictors_of(model)
    names = names_of(effect, predictors)
    _check_categories(model, names, kind)
    given = conditions(model, predictors, levels or {}, kind)
    rest = {name: value for name, value in (levels or {}).items() if name not in given.given}
    check_levels(rest, [*predictors, *given.settable])
    values, held = places_of(predictors, names, rest, grid)
    points = list(zip(*product(*values), strict=True))
    varying = {name: np.array(column) for name, column in zip(names, points, strict=True)}
    rows = _rows(model, {**held, **varying}, given, len(points[0]))
    if model.family.probabilities is not None and kind == "epred":
        varying = _by_category(model.design, varying)
    found = of_rows(evenly(fit, draws), rows, kind, way, generator(seed))
    flat = found.reshape(*found.shape[:2], -1)  # a point after the other, of all categories
    q5, q95 = np.quantile(flat, [0.05, 0.95], axis=(0, 1))
    errors = {name: e for name, e in errors_of_columns(flat).items() if name in ESTIMATES}
    return ConditionalEffects(
        model.design.outcome, kind, varying, flat.mean(axis=(0, 1)), q5, q95, held, given, errors
    )


def _by_category(design: Design, places: Mapping[str, Any]) -> dict[str, Any]:
    """Add the outcome's levels to the places as another predictor, which varies fastest."""
    levels = np.array(design.outcome_levels)
    repeated = {name: np.repeat(values, levels.size) for name, values in places.items()}
    points = next(iter(repeated.values())).size // levels.size
    return repeated | {design.outcome: np.tile(levels, points)}


def _check_choices(model: Prepared, grid: int, kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it must be {' or '.join(map(repr, KINDS))}")
    if not isinstance(grid, int | np.integer) or grid < 2:
        raise ValueError(f"grid is {grid!r}; it must be an integer, 2 or more")
    if model.pooling == "none":
        raise ValueError(
            "with no pooling there is no line in the middle of the groups; predict for each of "
            "them, fit.epred(rows), or take pooling='partial'"
        )


def _check_categories(model: Prepared, names: Sequence[str], kind: str) -> None:
    if model.family.probabilities is None:
        return
    if kind == "linpred" and model.design.blocks is not None:
        raise ValueError(
            "kind is 'linpred', of which a categorical outcome has one for every category but the "
            "first; take 'epred', the probability of each, or fit.linpred(rows)"
        )
    if kind == "predict" and model.design.blocks is not None:
        raise ValueError(
            "kind is 'predict', and the outcome is a category without an order, whose number has "
            "no mean; take 'epred', the probability of each"
        )
    if kind == "epred" and len(names) > 1:
        raise ValueError(
            f"effect names {' and '.join(names)}, and the categories of the outcome are a second "
            "predictor already; name one, and hold the other at a value by levels={...}"
        )


def _rows(model: Prepared, places: Mapping[str, Any], given: Conditions, size: int) -> Design:
    """Make the rows at these places, with one group that was not fitted.

    Offset 0 and one trial are used unless `given` has other values.
    """
    source, design = model.source, model.full_design
    columns = {name: np.broadcast_to(np.asarray(place), (size,)) for name, place in places.items()}
    data: dict[str, Any]
    if source.formula is None:
        names = [name for name in design.names if name != INTERCEPT]
        data = {"group": {g.name: [g.levels[0]] * size for g in design.groupings}}
        data |= {"X": np.column_stack([columns[name] for name in names])} if names else {}
    else:
        first = np.zeros(size, dtype=np.int64)
        parsed, frame = parse(source.formula), source.values
        needed = [name for bar in parsed.bars for name in bar.group]
        needed += named(parsed.offsets, frame)
        data = {name: frame[name].iloc[first] for name in dict.fromkeys(needed)} | columns
    data |= {name: np.full(size, value) for name, value in given.given.items()}
    made = _computed(model, data, places)
    outcomes.check_se(made)
    new = tuple(replace(g, index=first_new(g.index.size), unseen=("new",)) for g in made.groupings)
    return replace(
        made,
        groupings=new,
        offset=made.offset if given.sets("offset") else np.zeros_like(made.offset),
        trials=made.trials if given.sets("trials") else None,
    )


def _computed(model: Prepared, data: Mapping[str, Any], places: Mapping[str, Any]) -> Design:
    """Make the design at these places; an error names the places."""
    try:
        return model.design_for(data)
    except ValueError as error:
        where = ", ".join(f"{name} {_span(place)}" for name, place in places.items())
        raise ValueError(
            f"the model's terms cannot be computed at all places, with {where} ({error}); give "
            "others, levels={name: values}"
        ) from error


def _span(places: Any) -> str:
    """Describe the range of a predictor's places."""
    values = np.ravel(places)
    if values.dtype.kind not in "if" or values.min() == values.max():
        return f"at {', '.join(_shown(value) for value in dict.fromkeys(values.tolist()))}"
    return f"from {values.min():.4g} to {values.max():.4g}"


def first_new(size: int) -> NDArray[np.int64]:
    """Return the index of the first level that was not fitted, for every row."""
    return np.full(size, -1, dtype=np.int64)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
