"""`LadderFit`: the fitted steps of a ladder, compared, and what is asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ...compiling import FloatArray
from ...formulas.arrays import label
from ...models import Fit, compare
from ...table import Table
from .estimates import counts_of, label_of
from .path import Path, draw
from .question import Question
from .sensitivity import TIMES, sensitivity_table
from .third_ways import ESTIMATES, HORSESHOE, EstimatesModel, is_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Where = Mapping[str, Any]
ALL = "all rows"


@dataclass(frozen=True, eq=False, repr=False)
class LadderFit:
    """A fitted ladder.

    Attributes
    ----------
    question
        What was asked: outcome, treatment, factors and data.
    formulas
        The formula of each model by its name, models beside the ladder last.
    fits
        The fits by the same names, `me.Fit` each.
    truth
        True effects of `subgroups`, if the data are simulated.
    scale
        Scale of the priors of the first order, in units of the outcome.
    """

    question: Question
    formulas: Mapping[str, str]
    fits: Mapping[str, Fit]
    estimates: EstimatesModel | None
    """The model of estimates by subgroup, with the estimates, if it was asked for."""
    truth: FloatArray | None
    scale: float
    refit: Callable[[str, float], Fit] = field(repr=False)
    """Fits a step again with priors of another scale."""

    @property
    def subgroups(self) -> list[dict[str, Any]]:
        """All combinations of the factors' levels in the data, the first factor slowest."""
        return self.question.subgroups()

    @property
    def steps(self) -> list[str]:
        """Names of the steps of the ladder, without the models beside it."""
        return [name for name in self.fits if name not in (HORSESHOE, ESTIMATES)]

    @property
    def table(self) -> Table:
        """A row for each model: effects, predictive accuracy, and error where truth is known.

        ``elpd``, its difference from the best model's, the standard error of the difference and
        ``p_loo`` are those of `me.compare`; the model of estimates has other data and none of them.
        ``rmse`` is the root mean square of median - truth over the subgroups, each counted once.
        """
        found, rows = self._compared, dict[str, dict[str, Any]]()
        names = ("elpd", "difference", "se", "p_loo")
        for name in self.fits:
            accuracy = found[name] if name in found.rows else dict.fromkeys(names)
            rows[name] = {"effects": effects_in(self.fits[name])}
            rows[name] |= {column: accuracy[column] for column in names}
            if self.truth is not None:
                middle = np.median(self.effects[name], axis=(0, 1))
                rows[name]["rmse"] = float(np.sqrt(np.mean((middle - self.truth) ** 2)))
        formats = dict.fromkeys(names, ".1f") | {"rmse": ".3f"}
        errors = found.errors or (lambda name: {})
        return Table(
            rows,
            formats,
            self._notes(found.notes),
            lambda name: errors(name) if name in found.rows else {},
        )

    @cached_property
    def _compared(self) -> Table:
        return compare({name: fit for name, fit in self.fits.items() if name != ESTIMATES})

    def _notes(self, more: Any) -> list[str]:
        notes = [f"{name}: {text}" for name, text in self.formulas.items()]
        notes.append("effects: coefficients, common ones and those of every level.")
        if self.truth is not None:
            count = len(self.subgroups)
            notes.append(f"rmse: of the medians of {count} subgroups' effects, each counted once.")
        return [*notes, *self._estimates_note(), *more]

    def _estimates_note(self) -> list[str]:
        return [self.estimates.estimates.note] if self.estimates else []

    @cached_property
    def effects(self) -> dict[str, FloatArray]:
        """Draws of the effect in every subgroup, (chain, draw, subgroup), by model."""
        return {name: self._of_subgroups(name, fit) for name, fit in self.fits.items()}

    def _of_subgroups(self, name: str, fit: Fit) -> FloatArray:
        if name == ESTIMATES and self.estimates:
            return self.estimates.draws(fit)
        return self._ordered(fit)[0]

    def _ordered(self, fit: Fit) -> tuple[FloatArray, FloatArray]:
        """Return effects in the subgroups, in their order, and the weight of each."""
        asked = self.question
        found = fit.effect(asked.treatment, values=asked.values, by=list(asked.factors))
        there = [
            tuple(label(found.columns[factor][i]) for factor in asked.factors)
            for i in range(len(found))
        ]
        order = [there.index(tuple(map(label, one.values()))) for one in self.subgroups]
        return found.draws[:, :, order], found.weight[order]

    def by_subgroup(self) -> Table:
        """Return the median effect of every subgroup at every step, with the rows of each arm."""
        n = counts_of(self.question)
        rows: dict[str, dict[str, Any]] = {}
        for i, one in enumerate(self.subgroups):
            row: dict[str, Any] = {"n_low": int(n[i, 0]), "n_high": int(n[i, 1])}
            row |= {name: float(np.median(x[:, :, i])) for name, x in self.effects.items()}
            if self.truth is not None:
                row["truth"] = float(self.truth[i])
            rows[label_of(one)] = row
        notes = [f"{self._contrast()}; medians.", *self._estimates_note()]
        if self.question.dose:
            notes.append(
                f"n_low, n_high: rows whose {self.question.treatment} is nearer to "
                f"{label(self.question.low)}, or to {label(self.question.high)}, than to the other."
            )
        return Table(rows, {}, notes)

    def subgroup(self, where: Where | None = None) -> Path:
        """Return how the effect in a subgroup moves along the ladder.

        Parameters
        ----------
        where
            Levels by factor, ``{"a": "x"}`` or ``{"a": "x", "b": ["y", "z"]}``, as `Fit.effect`
            takes them; all rows if None.

        Returns
        -------
        Path
            Median and 95 % interval at each step, with a picture.

        Raises
        ------
        ValueError
            If it names no factor, or a level that is not in the data.
        """
        if where is not None:
            self.question.check_where(where)
        asked, draws, notes = self.question, {}, dict[str, None]()
        for name, fit in self.fits.items():
            if name == ESTIMATES and self.estimates:
                draws[name] = self.estimates.average(fit, self.effects[name], where or {})
                continue
            found = fit.effect(asked.treatment, values=asked.values, where=where)
            draws[name] = found.draws[:, :, 0]
            notes |= dict.fromkeys(n for n in found.notes if n.startswith("No row"))
        told = label_of(where) if where else ALL
        notes |= dict.fromkeys([*self._estimates_note(), "Median and 95 % interval."])
        return Path(
            told, self._contrast(), draws, len(self.steps), self._truth_of(where), tuple(notes)
        )

    def _truth_of(self, where: Where | None) -> float | None:
        """Average the true effects over a subgroup's rows or trials; None if it has none."""
        if self.truth is None:
            return None
        inside = [is_in(one, where or {}) for one in self.subgroups]
        weight = self._ordered(self.fits[self.steps[0]])[1] * inside
        return float(weight @ self.truth / weight.sum()) if weight.sum() > 0.0 else None

    def plot(self, *where: Where, ax: Axes | None = None) -> Axes:
        """Draw how the effects of some subgroups move along the ladder.

        Parameters
        ----------
        where
            The subgroups; if there are none, all rows, and the subgroups whose effects are smallest
            and largest at the last step.
        ax
            Axes to draw in; new ones if not given.
        """
        if where:
            return draw([self.subgroup(one) for one in where], ax)
        last = np.median(self.effects[self.steps[-1]], axis=(0, 1))
        ends = [self.subgroups[i] for i in (int(last.argmin()), int(last.argmax()))]
        return draw([self.subgroup(), *map(self.subgroup, ends)], ax)

    def sensitivity(self, where: Where | None = None, step: str | None = None) -> Table:
        """Fit a step again at half and at twice the scales of all sds, and compare the answers.

        Parameters
        ----------
        where
            Whose effect: see `subgroup`.
        step
            The name of the step; the last if None.

        Returns
        -------
        Table
            A row for each scale: the effect; ``spread``, the median of the sd of the effects over
            subgroups; and how far the median of any subgroup has moved at most.

        Raises
        ------
        ValueError
            If there is no such step or no such subgroup.
        """
        chosen = self.steps[-1] if step is None else step
        if chosen not in self.steps:
            raise ValueError(f"step={step!r}: expected one of {', '.join(map(repr, self.steps))}")
        if where is not None:
            self.question.check_where(where)
        asked, subgroups = {}, {}
        for name, times in TIMES.items():
            fit = self.fits[chosen] if times == 1.0 else self.refit(chosen, self.scale * times)
            found = fit.effect(self.question.treatment, values=self.question.values, where=where)
            asked[name], subgroups[name] = found.draws[:, :, 0], self._of_subgroups(chosen, fit)
        who = label_of(where) if where else ALL
        notes = (
            f"{chosen}: {self.formulas[chosen]}",
            f"Effect in {who}, {self._contrast()}: median and 95 % interval. spread: sd of the "
            f"effects over {len(self.subgroups)} subgroups; largest_move: of any subgroup's "
            "median, against the scales as they are.",
        )
        return sensitivity_table(self.scale, asked, subgroups, notes)

    def _contrast(self) -> str:
        asked = self.question
        return f"{asked.treatment}: {label(asked.high)} - {label(asked.low)}"

    def to_pandas(self) -> Any:
        """Return the table with the formulas as a pandas data frame."""
        found = self.table.to_pandas()
        found.insert(0, "formula", [self.formulas[name] for name in found.index])
        return found

    def __repr__(self) -> str:
        return str(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def effects_in(fit: Fit) -> int:
    """Count the coefficients of a model, common ones and those of every level."""
    made = fit.model.design
    return len(made.names) + sum(len(g.names) * len(g.levels) for g in made.groupings)
