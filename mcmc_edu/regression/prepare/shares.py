"""How much of a term's effects the data decide, given all other terms: no chain is needed.

With tau the sd among levels, and v_j the variance with which level j's own data determine its
coefficient, all other coefficients held,

    phi = mean of tau^2 / (tau^2 + v_j)

is the share that the data decide.  Where it is next to 1 a term's effects are known whatever tau
is; where it is next to 0, because the levels have few rows or because tau itself is next to 0, they
are tau times what the prior says.

All terms are estimated together, one after the other in turn: a step of Newton's method for the
effects b of each level, whose variance V_jk is then known, and the fixed point of D. MacKay

    tau_k^2 = sum_j b_jk^2 / sum_j (1 - V_jk / tau_k^2)

for the scales, which goes to 0 fast where there is nothing to be explained: effects of a region by
age are not those of region and of age over again.  What is reported is the share at a tau as low as
the data allow, for there a chain that should not be centred sticks.

Source: O. Papaspiliopoulos, G. Roberts, M. Sköld (2007), *Statistical Science* 22, 59-73, for the
share; N. Breslow, D. Clayton (1993), *JASA* 88, 9-25, for the quasi-likelihood; D. MacKay (1992),
*Neural Computation* 4, 415-447, for the scales.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...families.family import Family
from ...formulas import Design
from ..coordinates.units import Units
from ..prior_choice.choice import choose
from .assembly import assemble
from .rows_data import outcomes_of, scaled_offset, scaled_x, scaled_z

SWEEPS = 60
"""Over all terms, at most;"""
WORK = 6e7
"""fewer if rows times coefficients, times sweeps, would be more than this: about a second."""
MANY = 100_000
"""Rows that are enough to see."""
CHANGE = 1e-3
"""Of all shares between two sweeps, below which these are found."""
LOW = 1.5
"""Standard deviations of log tau^2 by which the scales may be smaller."""
STEP = 1e-4
"""Of the linear predictor, for a second derivative."""


@dataclass
class Term:
    """What is known of a bar so far."""

    z: FloatArray
    """Shape (n, K)."""
    index: NDArray[np.int64]
    levels: int
    b: FloatArray
    """Shape (J, K)."""
    variance: FloatArray
    """Of the scales: tau^2, shape (K,)."""
    decided: FloatArray
    """Shares of each effect, shape (J, K)."""

    @property
    def left(self) -> FloatArray:
        """Variances of b, shape (J, K)."""
        return np.asarray(self.variance * (1.0 - self.decided))

    @property
    def eta(self) -> FloatArray:
        """What it adds to the linear predictor."""
        return np.asarray((self.z * self.b[self.index]).sum(axis=1))

    def step(self, score: FloatArray, weight: FloatArray) -> None:
        """Newton's, for all levels at once; with row derivatives of the log likelihood."""
        columns = (np.bincount(self.index, z * score, self.levels) for z in self.z.T)
        slope = np.column_stack(list(columns)) - self.b / self.variance
        inverse = self.covariance(weight, self.variance)
        self.b = self.b + np.einsum("jab,jb->ja", inverse, slope)
        self.decided = 1.0 - np.diagonal(inverse, axis1=1, axis2=2) / self.variance

    def covariance(self, weight: FloatArray, variance: FloatArray) -> FloatArray:
        """Of the effects of each level, shape (J, K, K), given scales tau^2 (K,)."""
        k = self.z.shape[1]
        precision = np.empty((self.levels, k, k))
        for a in range(k):
            for c in range(a + 1):
                product = self.z[:, a] * self.z[:, c] * weight
                precision[:, a, c] = np.bincount(self.index, product, self.levels)
                precision[:, c, a] = precision[:, a, c]
        return np.asarray(np.linalg.inv(precision + np.diag(1.0 / variance)))

    def least_share(self, weight: FloatArray) -> float:
        """Compute the least share over coefficients and levels, with scales as small as possible.

        Of a tau^2 that m effects tell of, the logarithm is known with a variance of about 2 / m;
        where there are few, a chain goes to where it is small.
        """
        m = np.maximum((self.decided * self.decided).sum(axis=0), 1e-3)
        low = self.variance * np.exp(-LOW * np.sqrt(2.0 / m))
        left = np.diagonal(self.covariance(weight, low), axis1=1, axis2=2)
        return float(np.mean(1.0 - left / low))

    def rescale(self) -> None:
        """Find the scales that go with the effects."""
        freedom = np.maximum(self.decided.sum(axis=0), 1e-3)
        self.variance = np.clip((self.b * self.b).sum(axis=0) / freedom, 1e-10, 1e10)


def data_shares(design: Design, family: Family, units: Units) -> list[float]:
    """Of every grouping the share phi that the data decide at least.

    Of very many rows some are taken at even distances, and count for those between them.
    """
    count = 1.0
    if design.y.size > MANY and design.blocks is None:
        count = design.y.size / MANY
        design = some_rows(design, np.linspace(0, design.y.size - 1, MANY).astype(np.int64))
    x, y = scaled_x(design, units), outcomes_of(design, family, units)
    beta, own = pooled_fit(design, family, units)
    terms = [
        Term(z, g.index, len(g.levels), *_nothing(len(g.levels), z.shape[1]))
        for g, z in zip(design.groupings, scaled_z(design, units), strict=True)
    ]
    fixed = scaled_offset(design, units)
    score = derivative(design, family, y)
    columns = x.shape[1] ** 2 + sum(term.z.shape[1] ** 2 for term in terms)
    found = np.zeros(len(terms))
    for _ in range(int(np.clip(WORK / (fixed.size * max(columns, 1)), 3, SWEEPS))):
        eta = fixed + x @ beta + sum((term.eta for term in terms), np.zeros(fixed.size))
        slope = score(eta, own)
        weight = (score(eta - STEP, own) - score(eta + STEP, own)) / (2.0 * STEP)
        weight = np.maximum(weight, 1e-10)
        for term in terms:
            before = term.eta
            term.step(slope, weight)
            slope = slope - weight * (term.eta - before)
            term.rescale()
        moved = np.linalg.solve(
            x.T @ (weight[:, np.newaxis] * x) + 1e-6 * np.eye(beta.size), x.T @ slope
        )
        beta = beta + moved
        if family.has_sigma:
            own = with_sigma(own, slope - weight * (x @ moved), weight, terms)
        last, found = found, np.array([float(term.decided.mean()) for term in terms])
        if np.abs(found - last).max() < CHANGE:
            break
    return [term.least_share(weight * count) for term in terms]


def some_rows(design: Design, rows: NDArray[np.int64]) -> Design:
    """Return these rows, and the levels that they have."""
    groupings = []
    for g in design.groupings:
        occur, index = np.unique(g.index[rows], return_inverse=True)
        levels = tuple(g.levels[j] for j in occur)
        groupings.append(replace(g, levels=levels, index=index, columns=g.columns[rows]))
    trials = None if design.trials is None else design.trials[rows]
    return replace(
        design,
        y=design.y[rows],
        offset=design.offset[rows],
        columns=design.columns[rows],
        trials=trials,
        se=None if design.se is None else design.se[rows],
        groupings=tuple(groupings),
    )


def _nothing(levels: int, size: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    return np.zeros((levels, size)), np.full(size, 0.3), np.zeros((levels, size))


def with_sigma(
    own: FloatArray, slope: FloatArray, weight: FloatArray, terms: list[Term]
) -> FloatArray:
    """Return the family's parameters with the sigma that the residuals have."""
    spread = sum(
        (((term.z * term.z) * term.left[term.index]).sum(axis=1) for term in terms),
        np.zeros(slope.size),
    )
    residual = slope / weight
    sigma2 = float(np.average(residual * residual + spread, weights=weight))
    return np.array([0.5 * np.log(sigma2), *own[1:]])


def derivative(
    design: Design, family: Family, y: FloatArray
) -> Callable[[FloatArray, FloatArray], FloatArray]:
    """Of each row's log density by its linear predictor: a function of it and of own parameters."""
    trials = np.ones(y.size) if design.trials is None else design.trials

    def score(eta: FloatArray, own: FloatArray) -> FloatArray:
        found = eta.copy()
        family.log_likelihood(found, y, trials, float(design.y.size), 0.0, own, np.zeros(own.size))
        return found

    return score


def pooled_fit(design: Design, family: Family, units: Units) -> tuple[FloatArray, FloatArray]:
    """Find the common coefficients and own parameters where complete pooling fits best.

    They are as the likelihood takes them.
    """
    from scipy import optimize

    pooled = replace(design, groupings=())
    without = replace(units, terms=())
    model = assemble(pooled, family, without, choose(pooled, family, without, {}), ())

    def lost(theta: FloatArray) -> tuple[float, FloatArray]:
        grad = np.empty(theta.size)
        value: Any = model.log_density(theta, grad, model.data)
        return -value, -grad

    best = optimize.minimize(lost, np.zeros(len(model.names)), jac=True, method="L-BFGS-B").x
    beta, own = best[: len(design.names)], best[len(design.names) :]
    if family.thresholds:
        own = np.cumsum([*own[:1], *np.exp(own[1:])])
    return beta, own
