"""Posterior predictive checks: replicated data sets and residuals.

    y_rep ~ p(y | theta_s),  theta_s a draw from the posterior,  beside the y that were observed

A bad fit shows up as a relevant difference between replicated and observed data.  The data are used
twice, by the fit and by the check, so even a bad model can pass.

Source: A. Gelman, X.-L. Meng, H. Stern (1996), *Statistica Sinica* 6, 733-807.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiling import FloatArray
from ...formulas import Grouping
from ...plots import predictive_along, predictive_density, predictive_ribbon, predictive_statistic
from ...plots.along import MOST_PANELS
from ...seeds import Seed, generator
from ..fitted import Fitted
from ..prepared import Prepared
from .conditional.predictors import numbers_of
from .prediction.draws import epred, predict
from .prediction.few_draws import evenly, subset_draws
from .prediction.linear_predictor import own_parameters, trials_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


Statistic = Callable[[FloatArray], Any]
"""Function from data of shape (..., row) to one number per data set, shape (...)."""

KINDS = ("density", "ribbon", "stat")
STATISTICS: dict[str, Statistic] = {
    "mean": lambda y: y.mean(axis=-1),
    "sd": lambda y: y.std(axis=-1, ddof=1),
    "min": lambda y: y.min(axis=-1),
    "max": lambda y: y.max(axis=-1),
    "median": lambda y: np.median(y, axis=-1),
    "zeros": lambda y: (y == 0.0).mean(axis=-1),
}
"""Statistics by name; ``"zeros"`` is the share of rows that are 0."""

REPLICATED = {"density": 50, "ribbon": 1000, "stat": 1000}
"""Data sets of each kind of check, if there are as many draws."""


def pp_check(
    fit: Fitted,
    kind: str = "density",
    *,
    x: str | None = None,
    group: str | None = None,
    stat: str | Statistic = "mean",
    draws: int | None = None,
    seed: Seed = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw data sets that the model makes up beside the data it was fitted to.

    A data set has all observations: a row with a weight has as many, each with noise of its own.

    Parameters
    ----------
    kind
        ``"density"``: the distribution of the outcome, or how often each count occurs;
        ``"ribbon"``: the mean of every level of a group, replicated ones as intervals of 90 %,
        or, with `x`, all outcomes along a predictor over intervals of 50 % and 90 %;
        ``"stat"``: one number of each data set, with the share that is at least the observed.
    x
        Of the ribbon: a column of numbers that the model uses.
    group
        Of the ribbon: the grouping factor; the first if not given.  With `x`: that of which
        every level has a panel, one of the axes' `child_axes`; all in one if not given.
    stat
        Of kind stat: ``"mean"``, ``"sd"``, ``"min"``, ``"max"``, ``"median"``, ``"zeros"`` or a
        function of data (..., row) that gives (...).
    draws
        Number of data sets; 50 for densities and 1000 for others if not given, at most as many
        as there are draws.
    seed
        Of the draws that are taken and of the data sets.
    ax
        Axes to draw in; new ones if not given.

    Raises
    ------
    ValueError
        If `kind`, `x`, `group`, `stat` or `draws` is not one of those allowed; if `group` has
        more levels than there is room for; or categories without an order would be taken for
        numbers.

    Examples
    --------
    >>> fit = example_fit()
    >>> fit.pp_check("stat", stat="max", seed=1).get_xlabel()
    'max of Reaction'
    """
    if kind not in KINDS:
        allowed = ", ".join(map(repr, KINDS))
        raise ValueError(f"kind is {kind!r}; it must be one of {allowed}")
    fit = type(fit)(fit.model.of_observations(), fit.draws)
    design = fit.model.design
    _check_order(fit.model, kind, stat)
    if x is not None:
        return _along(fit, kind, x, group, draws, seed, ax)
    levels = grouping_of(fit, group) if kind == "ribbon" else None
    name, statistic = named(stat)
    y_rep = replicated(fit, REPLICATED[kind] if draws is None else draws, seed)
    if kind == "density":
        whole = not fit.model.family.continuous
        made = predictive_density(design.y, y_rep, ax, name=design.outcome, whole=whole)
        if fit.model.family.probabilities is not None:
            made.set_xticks(range(len(design.outcome_levels)), design.outcome_levels)
        return made
    if levels is not None:
        means, means_rep = level_means(design.y, levels), level_means(y_rep, levels)
        label = f"mean of {design.outcome}"
        return predictive_ribbon(means, means_rep, levels.levels, ax, name=label, by=levels.name)
    # copies, because a statistic may sort in place
    observed, found = np.asarray(statistic(design.y.copy())), np.asarray(statistic(y_rep.copy()))
    if observed.ndim or found.shape != y_rep.shape[:1]:
        raise ValueError(
            f"stat is {name}, which gives shape {found.shape} of data of shape {y_rep.shape}; it "
            "must give a number for each data set, as y.max(axis=-1) does"
        )
    return predictive_statistic(float(observed), found, ax, name=f"{name} of {design.outcome}")


def _along(
    fit: Fitted,
    kind: str,
    x: str,
    group: str | None,
    draws: int | None,
    seed: Seed,
    ax: Axes | None,
) -> Axes:
    """Draw the ribbon along a predictor, with a panel for each level of `group`."""
    if kind != "ribbon":
        raise ValueError(f"x is {x!r}, along which only kind 'ribbon' goes; kind is {kind!r}")
    design, place = fit.model.design, numbers_of(fit.model, x)
    levels = None if group is None else grouping_of(fit, group)
    if levels is not None and len(levels.levels) > MOST_PANELS:
        raise ValueError(
            f"group is {group!r}, which has {len(levels.levels)} levels, and {MOST_PANELS} at most "
            "have room for a panel; leave group out, or x, for the mean of every level"
        )
    y_rep = replicated(fit, REPLICATED[kind] if draws is None else draws, seed)
    y, named_by = design.y, None
    if levels is not None:  # so that panels are in the order of the levels
        order = np.argsort(levels.index, kind="stable")
        place, y, y_rep = place[order], y[order], y_rep[:, order]
        named_by = [levels.levels[j] for j in levels.index[order]]
    by = group or ""
    made = predictive_along(place, y, y_rep, named_by, ax, name=design.outcome, along=x, by=by)
    if fit.model.family.probabilities is not None:
        first = (made.child_axes or [made])[0]
        first.set_yticks(range(len(design.outcome_levels)), design.outcome_levels)
    return made


def _check_order(model: Prepared, kind: str, stat: str | Statistic) -> None:
    """Refuse checks that would treat the numbers of unordered categories as quantities."""
    own_statistic = kind == "stat" and callable(stat)
    if model.design.blocks is None or kind == "density" or own_statistic:
        return
    raise ValueError(
        f"kind is {kind!r}, and {model.design.outcome} is a category without an order, whose "
        "number has no mean; take 'density', or 'stat' with a function, such as "
        "stat=lambda y: (y == 1).mean(axis=-1), the share of category 1, counted from 0"
    )


def replicated(fit: Fitted, number: int, seed: Seed) -> FloatArray:
    """Draw replicated data sets, shape (number, row), one from each of `number` draws.

    The draws are chosen at random without replacement.  If there are fewer, all are used.
    """
    if not isinstance(number, int | np.integer) or number < 1:
        raise ValueError(
            f"draws is {number!r}; it must be an integer, 1 or more: the data sets to draw"
        )
    chains, per_chain, _ = fit.draws.array.shape
    rng = generator(seed)
    total = chains * per_chain
    chosen = rng.choice(total, min(number, total), replace=False)
    return np.asarray(predict(subset_draws(fit, chosen), seed=int(rng.integers(2**31)))[0])


def named(stat: str | Statistic) -> tuple[str, Statistic]:
    """Return the name of a statistic and its function."""
    if callable(stat):
        return getattr(stat, "__name__", "statistic"), stat
    if stat not in STATISTICS:
        allowed = ", ".join(map(repr, STATISTICS))
        raise ValueError(
            f"stat is {stat!r}; it must be one of {allowed}, or a function of data (..., row)"
        )
    return stat, STATISTICS[stat]


def grouping_of(fit: Fitted, group: str | None) -> Grouping:
    """Return the grouping named `group`, or the first grouping if None."""
    known = {g.name: g for g in reversed(fit.model.full_design.groupings)}
    if group is not None and group not in known:
        allowed = ", ".join(map(repr, reversed(known))) or "none, for the model has no groups"
        raise ValueError(f"group is {group!r}; it must be one of {allowed}")
    if not known:
        raise ValueError("kind is 'ribbon', and the model has no groups; take 'density' or 'stat'")
    return fit.model.full_design.groupings[0] if group is None else known[group]


def level_means(y: FloatArray, g: Grouping) -> FloatArray:
    """Mean of each level's rows, from (..., row) to (..., level)."""
    indicator = np.zeros((y.shape[-1], len(g.levels)))
    indicator[np.arange(y.shape[-1]), g.index] = 1.0
    return np.asarray(y @ (indicator / indicator.sum(axis=0)))


def residuals(fit: Fitted, kind: str = "response", draws: int | None = None) -> FloatArray:
    """Compute draws of the residuals, shape (chain, draw, row); `draws` is as in `linpred`.

    Parameters
    ----------
    kind
        ``"response"``: the outcome less its expected value, in the outcome's units;
        ``"pearson"``: that over the standard deviation of the outcome given each draw, 0 where
        a Student outcome has none (nu of 2 or less).

    Raises
    ------
    ValueError
        If `kind` is another.

    Examples
    --------
    >>> fit = example_fit()
    >>> round(float(fit.residuals("pearson").std()), 1)
    1.0
    """
    if kind not in ("response", "pearson"):
        raise ValueError(f"kind is {kind!r}; it must be 'response' or 'pearson'")
    if fit.model.family.probabilities is not None:
        raise ValueError(
            f"{fit.model.design.outcome} is a category, from which no mean can be subtracted; "
            "compare fit.epred(), the probabilities, with what occurred"
        )
    fit = evenly(fit, draws)
    mean = epred(fit)
    raw = fit.model.design.y - mean
    rows = fit.model.design
    spread = fit.model.family.variance(mean, trials_of(rows), own_parameters(fit, rows))
    return raw if kind == "response" else raw / np.sqrt(spread)
