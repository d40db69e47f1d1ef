"""What the modifiers do to the effect: coefficients of the effect equation, and what they mean."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...diagnostics import MIN_DRAWS, mcse_quantile
from ...formulas import columns as tables
from ...formulas.arrays import label
from ...models import Fit
from ...models.verbs.effect.cells import usual_weights
from ...models.verbs.effect.rows import design_of, values_in
from ...table import Table
from .parts import Parts
from .question import Question


@dataclass(frozen=True, eq=False, repr=False)
class ModifierEffects:
    """How effects differ with the modifiers.

    Attributes
    ----------
    coefficients
        Of the effect equation, on the scale of the linear predictor, with the share of each in the
        variation of effects among groups.
    changes
        What the effect changes by on the scale of the response if a modifier goes from one value
        to another, for all people, everything else about them staying.
    """

    coefficients: Table
    changes: Table

    def __repr__(self) -> str:
        return (
            f"Effect equation, scale of the linear predictor\n\n{self.coefficients}\n\n"
            f"Change of the average effect, scale of the response\n\n{self.changes}"
        )

    def _repr_html_(self) -> str:
        parts = (
            ("Effect equation, scale of the linear predictor", self.coefficients),
            ("Change of the average effect, scale of the response", self.changes),
        )
        return "".join(f"<p>{html.escape(title)}</p>{t._repr_html_()}" for title, t in parts)


def modifier_effects(
    question: Question, fit: Fit, treatment: str, parts: Parts, conf_level: float
) -> ModifierEffects:
    """Estimate what the modifiers do to the effect of a treatment."""
    return ModifierEffects(
        _coefficients(fit, parts, conf_level), _changes(question, fit, treatment, conf_level)
    )


def _row(x: FloatArray, conf_level: float) -> tuple[dict[str, float], dict[str, float]]:
    """Median and interval of draws, and their Monte Carlo errors."""
    tail = 0.5 * (1.0 - conf_level)
    at = {"estimate": 0.5, "conf_low": tail, "conf_high": 1.0 - tail}
    row = {name: float(np.quantile(x, q)) for name, q in at.items()}
    row["p_gt_0"] = float((x > 0.0).mean())
    if x.shape[1] < MIN_DRAWS:
        return row, {}
    return row, {name: mcse_quantile(x, q) for name, q in at.items()}


def _coefficients(fit: Fit, parts: Parts, conf_level: float) -> Table:
    rows, errors = {}, {}
    shares = parts.shares()
    for k, name in enumerate(parts.names):
        rows[name], errors[name] = _row(fit.draws[name], conf_level)
        rows[name]["share"] = float(np.median(shares[:, :, k]))
        if shares.shape[1] >= MIN_DRAWS:
            errors[name]["share"] = mcse_quantile(shares[:, :, k].copy(), 0.5)
    notes = [
        "share: median of Cov(z_k lambda_k, z lambda) / Var(theta) among groups, weighed by "
        "people. In each draw the shares add up to that of the equation; a factor's levels go "
        "together."
    ]
    return Table(rows, {"p_gt_0": ".3f"}, notes, lambda name: errors.get(name, {}))


def _changes(question: Question, fit: Fit, treatment: str, conf_level: float) -> Table:
    model, people = question.model, question.rows()
    compared = question.treatments[treatment]
    weights, _ = usual_weights(model, people, design_of(model, people, {}))
    rows, errors = {}, {}
    there = [name for name in question.modifiers if name in people.frame]
    for name in there:
        for low, high in _steps(people.frame[name]):
            effects = [
                fit.effect(
                    treatment,
                    values=(compared.low, compared.high),
                    newdata=people.setting({name: value}).frame,
                    wts=weights,
                    scale="link" if model.family.probabilities is not None else "response",
                    groups={question.factor: "zero"},
                ).draws[:, :, 0]
                for value in (low, high)
            ]
            said = f"{name}: {label(high)} - {label(low)}"
            rows[said], errors[said] = _row(effects[1] - effects[0], conf_level)
    notes = [
        "Numbers of more than two values go from a sd below their mean to a sd above it. The "
        "groups' own deviations are left out."
    ]
    if lost := [name for name in question.modifiers if name not in there]:
        notes.append(
            f"{' and '.join(lost)}: in bins that make groups only, and not in the effect equation."
        )
    if model.family.probabilities is not None:
        notes.append("Scale: linear predictor, since the outcome has several categories.")
    return Table(rows, {"p_gt_0": ".3f"}, notes, lambda name: errors.get(name, {}))


def _steps(column: Any) -> list[tuple[Any, Any]]:
    """Return the pairs of values between which a modifier goes."""
    there = values_in(column)
    if len(there) == 2:
        return [(there[0], there[1])]
    if not tables.is_number(column) or tables.is_boolean(column):
        return [(there[0], other) for other in there[1:]]
    x = tables.floats(column)
    digits = 2 - int(np.floor(np.log10(x.std())))
    low, high = (round(float(x.mean() + sign * x.std(ddof=1)), digits) for sign in (-1, 1))
    return [(low, high)]
