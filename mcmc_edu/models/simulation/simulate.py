"""Fake data from one's own model: parameters, then outcomes, in the form of the data.

    truth ~ priors, or as given,    y ~ family(eta(truth))

If a model cannot recover parameters from data that it made itself, it will not find them in data
of the world.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np

from ...compiling import FloatArray
from ...seeds import Seed, generator
from ...table import Table
from ..fitted import Fitted
from ..prepared import Prepared
from .fake_data import check, refuse_computed_outcome, table, with_outcome
from .parameters import draw_outcomes, draw_parameters
from .values import checked

ModelT = TypeVar("ModelT", bound=Prepared)
"""A model of whatever kind: what is simulated is fitted by the same."""

REMEDY = "take narrower priors, such as priors={'b': me.Normal(0, 1)}, or give values=..."


@dataclass(frozen=True, eq=False)
class Simulated(Generic[ModelT]):
    """Fake data and the parameters behind them."""

    data: Any
    """The columns that the formula uses, with the simulated outcome; a dict if made of arrays."""
    truth: dict[str, Any]
    """True values by the names of a fit's draws: a number, or of effects ``b(g: x)`` an array
    with one for each level."""
    model: ModelT
    """The model of the fake data, with the priors that the truth was drawn from: its default
    priors do not follow the new outcome."""

    def recovery(self, fit: Fitted, *names: str, level: float = 0.9) -> Table:
        """Compare a fit to the fake data with the truth.

        Parameters
        ----------
        fit
            A fit of the same model to the fake data, such as ``fake.model.fit(seed=1)``.
        *names
            Quantities, all numbers (no effects of levels) if not given; ``"b(g: x)"`` stands for
            the effects of all levels.
        level
            Probability of the interval between equal tails.

        Returns
        -------
        Table
            For each quantity the truth, mean and sd of the draws, the ends of the interval,
            whether it holds the truth, and the truth's rank: the share of draws below it, uniform
            between 0 and 1 over many data sets.

        Raises
        ------
        ValueError
            If `level` is not between 0 and 1, or the fit is of another model.
        """
        if not 0.0 < level < 1.0:
            raise ValueError(f"level is {level!r}; it must be between 0 and 1, such as 0.9")
        if missing := [name for name in self.truth if name not in fit.draws.natural]:
            raise ValueError(
                f"fit has no draws of {missing[0]!r}, which the simulation has; fit the same "
                "model, such as fake.model.fit(seed=1)"
            )
        chosen = names or tuple(name for name, value in self.truth.items() if np.ndim(value) == 0)
        truth = np.concatenate([np.atleast_1d(self._true(name)) for name in chosen])
        quantities = list(fit.draws.quantities(*chosen))
        rows = {
            name: _recovered(float(true), draws, level)
            for true, (name, draws) in zip(truth, quantities, strict=True)
        }
        inside = sum(row["inside"] == "yes" for row in rows.values())
        note = f"{inside} of {len(rows)} intervals of {100.0 * level:g} % hold the truth."
        return Table(rows, {"rank": ".3f"}, [note])

    def _true(self, name: str) -> Any:
        """Return a true value, or that of one level, ``b(g: x)[level]``."""
        if name in self.truth:
            return self.truth[name]
        stem, _, level = name.partition("[")
        for g in self.model.design.groupings:
            if stem in self.truth and stem.startswith(f"b({g.name}: ") and level[:-1] in g.levels:
                return self.truth[stem][g.levels.index(level[:-1])]
        raise ValueError(
            f"names has {name!r}, which was not simulated; there are {', '.join(self.truth)}"
        )


def _recovered(true: float, draws: FloatArray, level: float) -> dict[str, Any]:
    low, high = np.quantile(draws, [0.5 - 0.5 * level, 0.5 + 0.5 * level])
    return {
        "truth": true,
        "mean": float(draws.mean()),
        "sd": float(draws.std(ddof=1)),
        "low": float(low),
        "high": float(high),
        "inside": "yes" if low <= true <= high else "NO",
        "rank": float(np.mean(draws < true)),
    }


def simulate(
    model: ModelT, values: Mapping[str, Any] | None = None, *, seed: Seed = None
) -> Simulated[ModelT]:
    """Make fake data from the model, and keep the parameters behind them.

    Parameters are drawn from their priors, unless they are given; then comes an outcome for every
    observation, at the predictors, groups, trials, offsets and known standard errors of the data.

    Parameters
    ----------
    values
        True values by the names of a fit's draws: ``{"Days": 10.0, "sigma": 30.0}``; effects
        ``"b(Subject: Days)"`` as an array in the order of the levels, or a dict by level.  Whatever
        is not given is drawn: effects from the population with the given sds, everything else
        from its prior.
    seed
        The same seed makes the same data; a `numpy.random.Generator` moves on.

    Returns
    -------
    Simulated
        `data` (a data frame of the columns in use, with the outcome replaced), `truth` (by name)
        and `model` (to be fitted to the fake data).  Of weights, each observation has a row, of
        weight 1.

    Raises
    ------
    ValueError
        If a parameter has an improper prior, `Flat`, and no value; if a value is none of the
        model's or out of range; if the outcome is computed in the formula; or if the outcomes
        could not be fitted, as of priors so wide that they overflow.

    Examples
    --------
    >>> from mcmc_edu import Model, Normal, datasets
    >>> model = Model("Reaction ~ Days + (1 | Subject)", datasets.sleepstudy())
    >>> fake = model.simulate({"Intercept": 250.0, "Days": 10.0, "sigma": 30.0}, seed=1)
    >>> fake.data.columns.tolist(), fake.data.shape, fake.truth["Days"]
    (['Reaction', 'Days', 'Subject'], (180, 3), 10.0)
    >>> fit = fake.model.fit(draws=500, warmup=300, seed=2, progress=False)
    >>> print(fake.recovery(fit, "Days").notes[0])
    1 of 1 intervals of 90 % hold the truth.
    """
    refuse_computed_outcome(model)
    given = checked(model, values)
    rng = generator(seed)
    each = model.of_observations()
    drawn = draw_parameters(each, rng, 1, given)
    y = draw_outcomes(each, rng, drawn, REMEDY)[0]
    check(each, y)
    made = each.changed(
        source=with_outcome(each, y),
        full_design=replace(each.full_design, y=y),
        design=replace(each.design, y=y),
    )
    truth = {name: x[0].copy() if x.ndim == 2 else float(x[0]) for name, x in drawn.items()}
    return Simulated(table(made.source, model.source.weights), truth, made)
