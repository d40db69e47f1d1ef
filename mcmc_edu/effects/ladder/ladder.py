"""`ladder`: the steps from one effect for all to the full model, before they are fitted."""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ...compiling import FloatArray
from ...models import Fit, Model
from ...priors.univariate import Prior
from ...seeds import Seed, seed_sequence
from .ladder_priors import SCALE, check_given, priors_of, unit_of
from .question import Question, question_of
from .result import LadderFit
from .steps import Step, steps_of
from .third_ways import (
    ESTIMATES,
    HORSESHOE,
    EstimatesModel,
    estimates_model,
    horseshoe_priors,
    horseshoe_step,
)

Truth = ArrayLike | Callable[..., float]


def ladder(
    outcome: str,
    treatment: str,
    factors: Sequence[str],
    controls: Sequence[str] = (),
    *,
    data: Any,
    family: str = "gaussian",
    covariates: Sequence[str] = (),
    values: Sequence[Any] | None = None,
    scale: float = SCALE,
    priors: Mapping[str, Prior] | None = None,
    truth: Truth | None = None,
    horseshoe: bool = False,
    estimates: bool = False,
) -> Ladder:
    """Put together a ladder of models, from one effect for all to effects of every intersection.

    Parameters
    ----------
    outcome
        Left side of the formulas: ``"y"``, or ``"k | trials(n)"`` of a binomial outcome.
    treatment
        Column whose effect is asked for.
    factors
        Two columns or more by which the effect may vary.  The second step lets it vary by the
        first of them only: name first what you would look at first.
    controls
        Terms of the formulas that stay as they are, such as ``"age"``.
    data
        A data frame, or a mapping from names to columns.
    family
        ``"gaussian"``, ``"student"``, ``"bernoulli"``, ``"binomial"``, ``"poisson"`` or
        ``"negbin"``.
    covariates
        Columns of numbers that modify the effect in the full model, ``(1 + scale(x)*z | a)``.
    values
        The two values of the treatment that are compared, ``(low, high)``, if it has more.
    scale
        Scale of the priors of sds, in sds of a Gaussian outcome or on the scale of a link.  It
        halves with each order of interaction: see `mcmc_edu.effects.ladder.ladder_priors`.
    priors
        Priors of your own, as `me.Model` takes them, in the place of the ladder's.  One of a
        parameter that only some steps have counts for these.
    truth
        True effects, if the data are simulated: one for each of `Ladder.subgroups`, in their order;
        or a function that returns the effect in a subgroup, of a mapping, ``truth({"a": "x"})``, or
        of keywords, ``truth(**where)``.
    horseshoe
        Whether to fit all interactions as coefficients with a regularized horseshoe, too.
    estimates
        Whether to fit a model of the estimates by subgroup and their standard errors, too.

    Returns
    -------
    Ladder
        Its ``fit(seed=1)`` fits all steps.

    Raises
    ------
    ValueError
        If a column is absent or has missing values; there are fewer than two factors; the treatment
        is constant, or a factor, or has more than two values and `values` are not given; a factor
        is a number of many values; a prior is of no step; or `truth` has another number of
        subgroups.

    Examples
    --------
    >>> data = {"y": [1.0, 2.0, 2.5, 4.0] * 4, "z": [0, 1] * 8, "a": list("pqrs") * 4}
    >>> data["b"] = list("uuuuuuuuvvvvvvvv")
    >>> for step in ladder("y", "z", ["a", "b"], data=data).steps:
    ...     print(step.formula)
    y ~ z + (1 | a) + (1 | b)
    y ~ z + (1 + z | a) + (1 | b)
    y ~ z + (1 + z | a) + (1 + z | b)
    y ~ z + (1 + z | a) + (1 + z | b) + (1 + z | a:b)
    """
    asked = question_of(outcome, treatment, factors, controls, covariates, data, family, values)
    if not (isinstance(scale, int | float) and np.isfinite(scale) and scale > 0.0):
        raise ValueError(f"scale={scale!r}: expected a number above 0, such as {SCALE}")
    steps = steps_of(asked)
    given = {**(priors or {})}
    check_given(asked, [step.formula for step in steps], given)
    return Ladder(asked, steps, float(scale), given, truths(asked, truth), horseshoe, estimates)


def truths(question: Question, truth: Truth | None) -> FloatArray | None:
    """Return the true effect in each subgroup, or None.

    Raises
    ------
    ValueError
        If there is not one for each.
    """
    if truth is None:
        return None
    subgroups = question.subgroups()
    if callable(truth):
        by_keyword = _takes_keywords(truth, subgroups[0])
        found = [truth(**one) if by_keyword else truth(one) for one in subgroups]
    else:
        found = list(np.asarray(truth, dtype=float).ravel())
    values = np.asarray(found, dtype=float)
    if values.shape != (len(subgroups),) or not np.isfinite(values).all():
        raise ValueError(
            f"truth: expected {len(subgroups)} finite numbers, one for each subgroup in the order "
            f"of ladder.subgroups, and got {values.size}"
        )
    return values


def _takes_keywords(function: Callable[..., Any], subgroup: Mapping[str, Any]) -> bool:
    """Whether a function takes the levels by keyword, as the simulators' `truth` does."""
    try:
        inspect.signature(function).bind(**subgroup)
    except TypeError:
        return False
    return True


class Ladder:
    """The steps of a ladder: formulas, models and priors, ready to be fitted."""

    def __init__(
        self,
        question: Question,
        steps: tuple[Step, ...],
        scale: float,
        priors: Mapping[str, Prior],
        truth: FloatArray | None,
        horseshoe: bool,
        estimates: bool,
    ) -> None:
        self.question, self.steps, self.scale = question, steps, scale
        self.given, self.truth = priors, truth
        self.horseshoe, self.estimates = horseshoe, estimates

    @property
    def subgroups(self) -> list[dict[str, Any]]:
        """All combinations of the factors' levels in the data, the first factor slowest."""
        return self.question.subgroups()

    @cached_property
    def unit(self) -> float:
        """Unit of the priors: sd of a Gaussian outcome, 1 on the scale of a logit or a log."""
        return unit_of(self.question)

    @cached_property
    def models(self) -> dict[str, Model]:
        """The model of each step by its name, and of the horseshoe; `me.Model` each."""
        made = {step.name: self.model_of(step, self.scale) for step in self.steps}
        if self.horseshoe:
            step = horseshoe_step(self.question)
            priors = horseshoe_priors(self.question, step.formula)
            made[HORSESHOE] = self._model(step, priors)
        return made

    @cached_property
    def estimates_model(self) -> EstimatesModel | None:
        """The model of estimates by subgroup, if it was asked for."""
        return estimates_model(self.question, self.unit, self.scale) if self.estimates else None

    def model_of(self, step: Step, scale: float) -> Model:
        """Make the model of a step, with priors of this scale."""
        priors = priors_of(self.question, step.formula, self.unit, scale, self.given)
        return self._model(step, priors)

    def _model(self, step: Step, priors: Mapping[str, Prior]) -> Model:
        asked = self.question
        return Model(step.formula, asked.frame, asked.family, priors=priors)

    def fit(self, *, seed: Seed = None, **settings: Any) -> LadderFit:
        """Fit all steps.

        Parameters
        ----------
        seed
            Every model has a seed of its own made from it, so that models asked for besides the
            steps change no draw of the steps.
        settings
            As `me.Model.fit` takes them: `draws`, `warmup`, `chains`, and more.
        """
        seeds = seed_sequence(seed).spawn(len(self.steps) + 2)
        places = {step.name: i for i, step in enumerate(self.steps)}
        other = self.estimates_model  # bad input is refused before the first fit

        def refit(name: str, scale: float) -> Fit:
            """Fit a step with priors of another scale."""
            model = self.model_of(self.steps[places[name]], scale)
            return model.fit(seed=seeds[places[name]], **settings)

        fits = {
            name: model.fit(seed=seeds[places.get(name, -2)], **settings)
            for name, model in self.models.items()
        }
        if other:
            fits[ESTIMATES] = other.model.fit(seed=seeds[-1], **settings)
        return LadderFit(self.question, self.formulas, fits, other, self.truth, self.scale, refit)

    @property
    def formulas(self) -> dict[str, str]:
        """The formula of each model, by name."""
        found = {step.name: step.formula for step in self.steps}
        if self.horseshoe:
            step = horseshoe_step(self.question)
            found[step.name] = step.formula
        if self.estimates_model:
            found[self.estimates_model.step.name] = self.estimates_model.step.formula
        return found

    def __repr__(self) -> str:
        longest = max(map(len, self.formulas))
        lines = [f"{name.ljust(longest)}  {text}" for name, text in self.formulas.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{html.escape(name)}</th><td><code>{html.escape(text)}</code></td></tr>"
            for name, text in self.formulas.items()
        )
        return f"<table>{rows}</table>"
