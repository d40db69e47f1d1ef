"""The fit of a model of varying effects, and what is asked of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from ...formulas import columns as tables
from ...formulas.arrays import label
from ...models import Fit
from ...models.prior_predictive import prior_sds
from ...models.verbs.effect.averaged import Averaged
from ...models.verbs.effect.comparisons import comparison_of
from ...table import Table
from .columns import cut
from .evidence import evidence, may_be_zero
from .group_effects import GroupEffects, p_largest
from .modifier_effects import ModifierEffects, modifier_effects
from .parts import Parts, also_varying, parts_of
from .question import Question


class HeterogeneousFit:
    """Draws from the posterior of a model of varying effects.

    Attributes
    ----------
    question
        What was fitted: see `Question`.
    fit
        The `Fit` of its model, with all of its verbs.
    """

    def __init__(self, question: Question, fit: Fit) -> None:
        self.question = question
        self.fit = fit

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Lines on chains that have not converged; they stand under every table."""
        return tuple(self.fit.summary().notes[len(self.fit.remarks()) :])

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines that say what to look out for."""
        found = [*self.question.notes]
        for name in self.question.treatments:
            if may_be_zero(self.fit.draws[f"sd({self.question.factor}: {name})"]):
                found.append(
                    f"sd of the effects of {name} beyond the modifiers: may be 0. See "
                    "heterogeneity()."
                )
        return (*found, *self.fit.remarks(), *self.warnings)

    def effect(self, treatment: str | None = None, **asked: Any) -> Averaged:
        """Estimate the effect in any rows: see `Fit.effect`, of which this has all arguments.

        The treatment may be left out if there is one; so may its `values`.  New rows need no
        columns of bins.  ``by=`` takes modifiers, or the bins of one, ``"age_bin"``.
        """
        name = self._treatment(treatment)
        compared = self.question.treatments[name]
        newdata = asked.get("newdata")
        if newdata is not None and self.question.edges:
            asked["newdata"] = self._with_bins(newdata)
        numbers = dict(zip(compared.words, (compared.low, compared.high), strict=True))
        words = asked.pop("values", None) or compared.words
        values = [numbers.get(word, word) for word in words]
        found = self.fit.effect(name, values=values, **asked)
        how = comparison_of(asked.get("comparison", "difference"))
        contrast = how.contrast(label(words[1]), label(words[0]))
        return replace(found, contrast=contrast, notes=(*found.notes, *self.warnings))

    def _with_bins(self, newdata: Any) -> Any:
        """Add the bins of the fit to new rows."""
        columns = tables.table(newdata)
        bins = {
            f"{name}_bin": cut(np.asarray(columns[name], dtype=float), edges)
            for name, edges in self.question.edges.items()
            if name in columns and f"{name}_bin" not in columns
        }
        return {**columns, **bins}

    def group_effects(
        self, treatment: str | None = None, *, scale: str | None = None, conf_level: float = 0.95
    ) -> GroupEffects:
        """Estimate each group's effect, and its systematic and its random part.

        Parameters
        ----------
        treatment
            Which one, if there are several.
        scale
            ``"response"`` or ``"link"``; if None, the former, or the latter of ordered outcomes,
            whose response is a probability of each category.
        conf_level
            Probability of the intervals.
        """
        name, question = self._treatment(treatment), self.question
        if scale is None:
            scale = "link" if question.model.family.probabilities is not None else "response"
        if scale == "response" and question.model.family.probabilities is not None:
            raise ValueError(
                "scale='response': expected 'link', since the outcome has several categories. Ask "
                f"effect({name!r}, by={list(question.factors)!r}) for the probability of each"
            )
        asked = {"by": list(question.factors), "scale": scale, "conf_level": conf_level}
        low, high = question.groups.arms[name]
        compared, notes = question.treatments[name], []
        if others := also_varying(question, name):
            notes.append(
                f"The effects vary by {' and '.join(others)}, too: systematic is with this part."
            )
        if compared.dose:
            notes.append(
                f"n_low, n_high: people whose {name} is nearer to {compared.low:g}, or to "
                f"{compared.high:g}, than to the other."
            )
        return GroupEffects(
            self.effect(name, **asked),
            self.effect(name, groups={question.factor: "zero"}, **asked),
            low,
            high,
            question.groups.levels,
            tuple(notes),
        )

    def modifiers(
        self, treatment: str | None = None, *, conf_level: float = 0.95
    ) -> ModifierEffects:
        """Estimate what the modifiers do to the effect: lambda, its meaning and its shares."""
        name = self._treatment(treatment)
        return modifier_effects(self.question, self.fit, name, self.parts(name), conf_level)

    def heterogeneity(self, treatment: str | None = None, *, conf_level: float = 0.95) -> Table:
        """Return whether effects differ: the sd of effects beside its prior, and what is explained.

        A line says which group is the most likely to have the largest effect, on the scale of the
        linear predictor; `GroupEffects.best` says it on that of the response.
        """
        name = self._treatment(treatment)
        sd = f"sd({self.question.factor}: {name})"
        compared = self.question.treatments[name]
        prior = prior_sds(self.question.model, seed=1)[sd] * compared.width
        parts, labels = self.parts(name), self.question.groups.labels
        found = evidence(name, prior, self.fit.draws[sd] * compared.width, parts, conf_level)
        best = p_largest(parts.total)
        scale = "" if self.question.model.family.link == "identity" else " on this scale"
        line = (
            f"Largest effect{scale}: most likely {labels[int(best.argmax())]}, with probability "
            f"{best.max():.2f} among {len(labels)} groups."
        )
        lines = [*found.notes]
        if compared.dose:
            lines.append(f"All effects are of {name}: {compared.high:g} - {compared.low:g}.")
        if others := also_varying(self.question, name):
            lines.append(f"How effects vary by {' and '.join(others)} is not in it.")
        notes = [*lines, line, *self.warnings]
        return Table(found.rows, found.formats, notes, found.errors)

    def parts(self, treatment: str | None = None) -> Parts:
        """Take the effects apart, on the scale of the linear predictor: draws of each part."""
        return parts_of(self.question, self.fit, self._treatment(treatment))

    def _treatment(self, treatment: str | None) -> str:
        known = list(self.question.treatments)
        if treatment is None and len(known) == 1:
            return known[0]
        if treatment not in known:
            raise ValueError(f"treatment={treatment!r}: expected one of {', '.join(known)}")
        return treatment

    def __repr__(self) -> str:
        lines = [self.question.formula, ""]
        for name in self.question.treatments:
            lines += [str(self.effect(name)), "", str(self.heterogeneity(name)), ""]
        return "\n".join([*lines, *self.notes])
