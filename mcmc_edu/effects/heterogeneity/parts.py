"""An effect in two parts: what the effect equation says of a group, and what is left.

    theta_g = lambda_0 + z_g lambda + b_g,      on the scale of the linear predictor

How much of the variation among groups the equation explains is asked within each draw, over groups
weighed by their people:

    share explained = Var(z lambda) / Var(theta)
    share of term k = Cov(z_k lambda_k, z lambda) / Var(theta),    which add up to the former
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...compiling import FloatArray
from ...formulas import Design
from ...models import Fit
from ...models.verbs.effect.cells import cells_of, usual_weights
from ...models.verbs.effect.rows import Table, design_of
from .question import Question


@dataclass(frozen=True)
class Parts:
    """Draws of the parts of a treatment's effects, on the scale of the linear predictor."""

    names: tuple[str, ...]
    """Coefficients of the effect equation but for lambda_0."""
    terms: FloatArray
    """What each of them gives a group, shape (chain, draw, term, group)."""
    constant: FloatArray
    """lambda_0, where it is the same for all groups, shape (chain, draw)."""
    random: FloatArray
    """b, shape (chain, draw, group)."""
    weights: FloatArray
    """Share of each group among all people, shape (group,)."""

    @property
    def systematic(self) -> FloatArray:
        """lambda_0 + z lambda, shape (chain, draw, group)."""
        return np.asarray(self.terms.sum(axis=2) + self.constant[:, :, np.newaxis])

    @property
    def total(self) -> FloatArray:
        """theta, shape (chain, draw, group)."""
        return self.systematic + self.random

    def variance(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        """Return the variance among groups, or the covariance, of the last axis."""
        a = x - (x @ self.weights)[..., np.newaxis]
        b = a if y is None else y - (y @ self.weights)[..., np.newaxis]
        return np.asarray((a * b) @ self.weights)

    def shares(self) -> FloatArray:
        """Return the share of each term, shape (chain, draw, term)."""
        systematic = self.systematic[:, :, np.newaxis, :]
        found = self.variance(self.terms, systematic)
        return np.asarray(found / self.variance(self.total)[:, :, np.newaxis])

    def explained(self) -> FloatArray:
        """Return the share of the effect equation, shape (chain, draw)."""
        return np.asarray(self.variance(self.systematic) / self.variance(self.total))


def _designs(question: Question, treatment: str) -> tuple[Table, Design, Design]:
    """Return the rows of the fit, and their designs with the low and with the high value."""
    compared, rows = question.treatments[treatment], question.rows()
    low, high = (
        design_of(question.model, rows.setting({treatment: value}), {})
        for value in (compared.low, compared.high)
    )
    return rows, low, high


def also_varying(question: Question, treatment: str) -> list[str]:
    """Name the grouping factors besides the groups by which effects vary, as `extra` may have."""
    _, low, high = _designs(question, treatment)
    found = [
        one.name
        for one, other in zip(low.groupings, high.groupings, strict=True)
        if one.name != question.factor and (one.columns != other.columns).any()
    ]
    return list(dict.fromkeys(found))


def parts_of(question: Question, fit: Fit, treatment: str) -> Parts:
    """Take the effects of a treatment apart."""
    model = question.model
    rows, low, high = _designs(question, treatment)
    weights, _ = usual_weights(model, rows, low)
    cells, _ = cells_of(rows, np.arange(len(rows)), question.factors, weights)
    share = cells.weights / cells.weight[cells.cell]
    known = [low.names.index(name) for name in model.design.names]
    contrast = (high.columns - low.columns)[:, known]
    sums = np.zeros((cells.weight.size, len(known)))
    np.add.at(sums, cells.cell, share[:, np.newaxis] * contrast)
    differs = np.ptp(contrast, axis=0) > 0.0
    beta = np.stack([fit.draws[name] for name in model.design.names], axis=-1)
    terms = beta[:, :, differs, np.newaxis] * sums[:, differs].T
    random = np.zeros((*beta.shape[:2], cells.weight.size))
    for one, other in zip(low.groupings, high.groupings, strict=True):
        if one.name != question.factor:
            continue
        first = np.unique(cells.cell, return_index=True)[1]  # a row of each group
        change = (other.columns - one.columns)[first]
        for k, name in enumerate(one.names):
            effects = fit.draws[f"b({one.name}: {name})"][:, :, one.index[first]]
            random += effects * change[:, k]
    return Parts(
        tuple(np.array(model.design.names)[differs].tolist()),
        terms,
        beta[:, :, ~differs] @ sums[0, ~differs],
        random,
        cells.weight / cells.weight.sum(),
    )
