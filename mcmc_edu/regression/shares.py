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
age are not those of region and of age over again.

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

from ..compiling import FloatArray
from ..densities import families
from ..formulas import Design
from .assembly import assemble
from .family import Family
from .observations import outcomes_of, scaled_x, scaled_z
from .prior_choice import choose
from .units import Units

SWEEPS = 60
"""Over all terms, at most;"""
WORK = 6e7
"""fewer if rows times coefficients, times sweeps, would be more than this: about a second."""
CHANGE = 1e-3
"""Of all shares between two sweeps, below which these are found."""
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
        k = self.z.shape[1]
        precision, slope = np.empty((self.levels, k, k)), np.empty((self.levels, k))
        for a in range(k):
            slope[:, a] = np.bincount(self.index, self.z[:, a] * score, self.levels)
            for c in range(a + 1):
                product = self.z[:, a] * self.z[:, c] * weight
                precision[:, a, c] = np.bincount(self.index, product, self.levels)
                precision[:, c, a] = precision[:, a, c]
        slope -= self.b / self.variance
        precision += np.diag(1.0 / self.variance)
        inverse = np.linalg.inv(precision)
        self.b = self.b + np.einsum("jab,jb->ja", inverse, slope)
        self.decided = 1.0 - np.diagonal(inverse, axis1=1, axis2=2) / self.variance

    def rescale(self) -> None:
        """Find the scales that go with the effects."""
        freedom = np.maximum(self.decided.sum(axis=0), 1e-3)
        self.variance = np.clip((self.b * self.b).sum(axis=0) / freedom, 1e-10, 1e10)


def data_shares(design: Design, family: Family, units: Units) -> list[float]:
    """Of every grouping the share phi, averaged over its coefficients and levels."""
    x, y = scaled_x(design, units), outcomes_of(design, family, units)
    beta, own = pooled_fit(design, family, units)
    terms = [
        Term(z, g.index, len(g.levels), *_nothing(len(g.levels), z.shape[1]))
        for g, z in zip(design.groupings, scaled_z(design, units), strict=True)
    ]
    fixed = design.offset / units.y_scale
    score = derivative(design, family, y)
    columns = x.shape[1] ** 2 + sum(term.z.shape[1] ** 2 for term in terms)
    found = np.zeros(len(terms))
    for _ in range(int(np.clip(WORK / (fixed.size * max(columns, 1)), 3, SWEEPS))):
        eta = fixed + x @ beta + sum((term.eta for term in terms), np.zeros(fixed.size))
        slope = score(eta, own)
        weight = np.maximum(score(eta - STEP, own) - score(eta + STEP, own), 0.0) / (2.0 * STEP)
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
        if families.has_sigma(family.number):
            own = with_sigma(own, slope - weight * (x @ moved), weight, terms)
        last, found = found, np.array([float(term.decided.mean()) for term in terms])
        if np.abs(found - last).max() < CHANGE:
            break
    return found.tolist()


def _nothing(levels: int, size: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    return np.zeros((levels, size)), np.full(size, 0.3), np.zeros((levels, size))


def with_sigma(
    own: FloatArray, slope: FloatArray, weight: FloatArray, terms: list[Term]
) -> FloatArray:
    """The family's parameters with the sigma that the residuals have, their variances included."""
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
        families.log_likelihood(
            family.number, found, y, trials, float(design.y.size), 0.0, own, np.zeros(own.size)
        )
        return found

    return score


def pooled_fit(design: Design, family: Family, units: Units) -> tuple[FloatArray, FloatArray]:
    """Common coefficients and own parameters, as the likelihood takes them, where complete pooling
    fits best.
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
