"""Two other models of the same effects, to set beside a ladder.

A horseshoe: y ~ z*a*b with a regularized horseshoe on every interaction, so that few of them are
large.  Main effects keep their usual priors.

A model of estimates: the effect in each subgroup is estimated from its own rows, and

    estimate | se(s) ~ 1 + (1 | a) + (1 | b) + (1 | a:b)

pools them (Jones et al. 2011, as in the R package beanz).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...formulas import INTERCEPT, design
from ...formulas import columns as tables
from ...formulas.scanning import quoted
from ...models import Fit, Model
from ...models.verbs.effect.rows import several
from ...priors.joint import RegularizedHorseshoe
from ...priors.univariate import Prior
from ...seeds import Seed
from .estimates import Estimates, estimates_of, places_of
from .ladder_priors import sd_prior
from .question import Question
from .steps import Step, intersections

HORSESHOE, ESTIMATES = "horseshoe", "estimates"
LOGIT_NOISE = 2.0
"""Sd of one row on the scale of a logit, about 1 / sqrt(p (1 - p)) (Piironen and Vehtari 2017)."""
EXPECTED = 0.1
"""Share of the interactions that are expected to matter."""


def horseshoe_step(question: Question) -> Step:
    """Write the model with all interactions as coefficients.

    If subgroups lack an arm, the data cannot tell the interactions of highest order apart: those
    of the highest order that they can are taken.

    Raises
    ------
    ValueError
        If the data cannot tell even pairs apart.
    """
    frame = question.frame
    factors = [
        f"C({quoted(n)})" if tables.is_number(frame[n]) else quoted(n) for n in question.factors
    ]
    covariates = [f"scale({quoted(n)})" for n in question.covariates]
    crossed = [quoted(question.treatment), *factors, *covariates]
    for order in range(len(crossed), 1, -1):
        products = ["*".join(group) for group in combinations(crossed, order)]
        formula = f"{question.outcome} ~ {' + '.join([*products, *question.controls])}"
        columns = design(formula, frame).columns
        if np.linalg.matrix_rank(columns) == columns.shape[1]:
            return Step(HORSESHOE, formula)
    raise ValueError(
        "horseshoe=True: some pairs of levels occur together in no row, so that their interactions "
        "cannot be told apart. Leave the horseshoe out, or take fewer factors"
    )


def horseshoe_priors(question: Question, formula: str) -> dict[str, Prior]:
    """Give every interaction one horseshoe, in units of the data.

    Its global scale is that of Piironen and Vehtari, p / (H - p) / sqrt(n), if a tenth of the
    H interactions matter.
    """
    made = design(formula, question.frame)
    controls = design(
        f"{question.outcome} ~ {' + '.join(['1', *question.controls])}", question.frame
    )
    names = [n for n in made.names if ":" in n and n not in controls.names and n != INTERCEPT]
    noise = 1.0 if question.family in ("gaussian", "student") else LOGIT_NOISE
    share = EXPECTED / (1.0 - EXPECTED)
    scale = noise * share / math.sqrt(made.y.size)
    prior = RegularizedHorseshoe(float(f"{scale:.3g}"), autoscale=True)
    return dict.fromkeys(names, prior)


@dataclass(frozen=True, eq=False)
class EstimatesModel:
    """The model of estimates, with what they are."""

    question: Question
    estimates: Estimates
    step: Step
    model: Model

    def draws(self, fit: Fit, seed: Seed = 0) -> FloatArray:
        """Return the effect in each subgroup, shape (chain, draw, subgroup).

        Subgroups that lack an arm have their own part drawn from the population.
        """
        return fit.epred(self._frame(), new_groups="sample", seed=seed)

    def average(self, fit: Fit, draws: FloatArray, where: Mapping[str, Any]) -> FloatArray:
        """Average subgroups by their rows, within each draw: shape (chain, draw).

        If no row is in what is asked for, its columns are set in all subgroups, as `Fit.effect`
        sets them in all rows.
        """
        rows = np.bincount(places_of(self.question), minlength=draws.shape[2]).astype(float)
        inside = np.array([is_in(one, where) for one in self.estimates.subgroups])
        if inside.any():
            rows = np.where(inside, rows, 0.0)
        else:
            frame = self._frame().assign(**where)
            draws = fit.epred(frame, new_groups="sample", seed=0)
        return np.asarray(draws @ (rows / rows.sum()))

    def _frame(self) -> Any:
        estimate, se = _columns(self.question)
        frame = self.estimates.frame(estimate, se)
        return frame.fillna({estimate: 0.0, se: 1.0})


def estimates_model(question: Question, unit: float, scale: float) -> EstimatesModel:
    """Make the model of estimates, with the ladder's priors of effects.

    Shares have a unit of 1/2, the sd of one answer.
    """
    found = estimates_of(question)
    estimate, se = _columns(question)
    bars = " + ".join(
        f"(1 | {':'.join(map(quoted, group))})" for group in intersections(question.factors)
    )
    step = Step(ESTIMATES, f"{estimate} | se({se}) ~ 1 + {bars}")
    unit = 0.5 if question.family == "bernoulli" else unit
    priors = {
        f"sd({':'.join(group)}: {INTERCEPT})": sd_prior(
            question, group, INTERCEPT, unit * scale, above=1
        )
        for group in intersections(question.factors)
    }
    frame = found.frame(estimate, se)[found.has]
    return EstimatesModel(question, found, step, Model(step.formula, frame, priors=priors))


def _columns(question: Question) -> tuple[str, str]:
    """Name two columns that are no factor's."""
    estimate, se = "estimate", "s"
    while {estimate, se} & set(question.factors):
        estimate, se = f"{estimate}_", f"{se}_"
    return estimate, se


def is_in(subgroup: Any, where: Any) -> bool:
    """Return whether a subgroup has the levels that are asked for."""
    return all(subgroup[name] in several(asked) for name, asked in where.items())
