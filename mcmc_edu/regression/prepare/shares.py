"""Share of a term's effects that the data decide, given all other terms, without running a chain.

Let tau be the sd among levels.  Let v_j be the variance of level j's coefficient given only its own
data, with all other coefficients fixed.  The share that the data decide is

    phi = mean of tau^2 / (tau^2 + v_j)

If phi is near 1, the data determine the effects whatever tau is.  If phi is near 0, the effects are
tau times standard normal draws from the prior.  This happens if levels have few rows, or if tau is
near 0.

All terms are estimated in turn.  The effects b of each level take a step of Newton's method, which
also gives their variance V_jk.  The scales take a step of D. MacKay's fixed point,

    tau_k^2 = sum_j b_jk^2 / sum_j (1 - V_jk / tau_k^2)

which goes to 0 fast if a term has nothing left to explain.  For example, effects of region by age
do not repeat the effects of region and of age.  The reported share is computed at the lowest tau
that the data allow, because a wrongly centred chain gets stuck there.

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
"""Largest number of sweeps over all terms."""
WORK = 6e7
"""Limit on rows times squared coefficients times sweeps: about a second."""
MANY = 100_000
"""Largest number of rows used; more rows are thinned."""
CHANGE = 1e-3
"""Convergence tolerance: largest change of a share between two sweeps."""
LOW = 1.5
"""Number of standard deviations by which log tau^2 is lowered for the least share."""
STEP = 1e-4
"""Step in the linear predictor for the numerical second derivative."""


@dataclass
class Term:
    """Current estimates of a bar."""

    z: FloatArray
    """Shape (n, K)."""
    index: NDArray[np.int64]
    levels: int
    b: FloatArray
    """Shape (J, K)."""
    variance: FloatArray
    """Squared scales tau^2, shape (K,)."""
    decided: FloatArray
    """Shares of each effect, shape (J, K)."""

    @property
    def left(self) -> FloatArray:
        """Variances of b, shape (J, K)."""
        return np.asarray(self.variance * (1.0 - self.decided))

    @property
    def eta(self) -> FloatArray:
        """Contribution of the bar to the linear predictor, shape (n,)."""
        return np.asarray((self.z * self.b[self.index]).sum(axis=1))

    def step(self, score: FloatArray, weight: FloatArray) -> None:
        """Take a step of Newton's method for all levels at once.

        `score` and `weight` are the first and minus the second derivative of each row's log
        likelihood by its linear predictor.
        """
        columns = (np.bincount(self.index, z * score, self.levels) for z in self.z.T)
        slope = np.column_stack(list(columns)) - self.b / self.variance
        inverse = self.covariance(weight, self.variance)
        self.b = self.b + np.einsum("jab,jb->ja", inverse, slope)
        self.decided = 1.0 - np.diagonal(inverse, axis1=1, axis2=2) / self.variance

    def covariance(self, weight: FloatArray, variance: FloatArray) -> FloatArray:
        """Compute the covariance of each level's effects, shape (J, K, K).

        `variance` holds the squared scales tau^2, shape (K,).
        """
        k = self.z.shape[1]
        precision = np.empty((self.levels, k, k))
        for a in range(k):
            for c in range(a + 1):
                product = self.z[:, a] * self.z[:, c] * weight
                precision[:, a, c] = np.bincount(self.index, product, self.levels)
                precision[:, c, a] = precision[:, a, c]
        return np.asarray(np.linalg.inv(precision + np.diag(1.0 / variance)))

    def least_share(self, weight: FloatArray) -> float:
        """Return the mean share if the scales are as small as the data allow.

        If m effects determine tau^2, its logarithm has a variance of about 2 / m.  With few
        effects, a chain therefore visits small values of tau.
        """
        m = np.maximum((self.decided * self.decided).sum(axis=0), 1e-3)
        low = self.variance * np.exp(-LOW * np.sqrt(2.0 / m))
        left = np.diagonal(self.covariance(weight, low), axis1=1, axis2=2)
        return float(np.mean(1.0 - left / low))

    def rescale(self) -> None:
        """Update the scales from the effects by MacKay's fixed point."""
        freedom = np.maximum(self.decided.sum(axis=0), 1e-3)
        self.variance = np.clip((self.b * self.b).sum(axis=0) / freedom, 1e-10, 1e10)


def data_shares(design: Design, family: Family, units: Units) -> list[float]:
    """Return for every grouping a lower bound of the share phi that the data decide.

    If there are very many rows, evenly spaced rows are used, and each counts for several.
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
    """Return the design of these rows, with only the levels that occur in them."""
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
    """Return the family's parameters with sigma estimated from the residuals.

    The posterior variances of the effects are included in the residual variance.
    """
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
    """Return a function that computes the derivative of each row's log density.

    The derivative is by the row's linear predictor.  The function takes the linear predictor and
    the family's own parameters.
    """
    trials = np.ones(y.size) if design.trials is None else design.trials

    def score(eta: FloatArray, own: FloatArray) -> FloatArray:
        found = eta.copy()
        family.log_likelihood(found, y, trials, float(design.y.size), 0.0, own, np.zeros(own.size))
        return found

    return score


def pooled_fit(design: Design, family: Family, units: Units) -> tuple[FloatArray, FloatArray]:
    """Find the best fit under complete pooling.

    Returns the common coefficients and the family's own parameters as the likelihood takes them.
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
