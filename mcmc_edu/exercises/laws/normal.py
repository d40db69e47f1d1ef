"""Draws that are jointly normal, row by row: their law, and how well they fit it.

Some numbers of a row may be determined by those before them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats
from scipy.linalg import solve_triangular
from scipy.special import ndtr, ndtri

from ...compiling import FloatArray
from .fit import combined

Root = Callable[[FloatArray], Any]
EDGES = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5])
"""Where the bins of distances from the mean begin, in sds."""
DETERMINED = 1e-6
"""A number is determined by those before it if its sd given them is so small, relative to its own
sd."""


@dataclass(frozen=True)
class RowsNormal:
    """Draws are normal vectors, written one after the other; the start has no say.

    Parameters
    ----------
    mean, covariance
        Of each vector, shapes (rows, n) and (rows, n, n); covariances may be singular.  Numbers of
        different rows are independent.
    width
        How far off numbers may be that are determined; the same for laws that are compared.
    """

    mean: FloatArray
    covariance: FloatArray
    width: float = 1e-6

    @cached_property
    def _factor(self) -> FloatArray:
        """Cholesky factors, with columns of zeros for numbers that are determined."""
        n = self.mean.shape[1]
        factor = np.zeros(self.covariance.shape)
        for i in range(n):
            known = factor[:, i:, :i] @ factor[:, i, :i, None]
            rest = self.covariance[:, i:, i] - known[:, :, 0]
            free = rest[:, 0] > DETERMINED**2 * self.covariance[:, i, i]
            factor[free, i:, i] = rest[free] / np.sqrt(rest[free, :1])
        return factor

    def _standardised(self, path: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return each number in sds, given those before it; these sds; and whether it is right.

        A number that is determined is 0 in sds, and right if it is near what it has to be; the
        first one that is not ends it.
        """
        difference = path[1:].reshape(self.mean.shape) - self.mean
        sds = np.diagonal(self._factor, axis1=1, axis2=2)
        z, right = np.zeros(sds.shape), np.full(sds.shape, True)
        if len(z) == 1 and (sds > 0.0).all():
            z[0] = solve_triangular(self._factor[0], difference[0], lower=True)
            return z, sds, right
        for i in range(self.mean.shape[1]):
            known = np.einsum("rk,rk->r", self._factor[:, i, :i], z[:, :i])
            rest = difference[:, i] - known
            free = sds[:, i] > 0.0
            z[free, i] = rest[free] / sds[free, i]
            right[:, i] = free | (np.abs(rest) < self.width)
            if not right[:, i].all():
                break
        return z, sds, right

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        z, sds, right = self._standardised(path)
        scale = np.where(sds > 0.0, sds, 2.0 * self.width / np.sqrt(2.0 * np.pi))
        logs = -0.5 * z * z - np.log(scale * np.sqrt(2.0 * np.pi))
        return np.where(right, logs, -np.inf).ravel()

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function; what is determined has no say."""
        z, sds, right = self._standardised(path)
        shares = np.where(sds > 0.0, ndtr(z), rng.random(z.shape))
        return np.where(right, shares, 0.0).ravel()


def fit_of_rows(uniforms: Sequence[FloatArray], n: int) -> float:
    """Return the p-value that all numbers are independent and uniform, by rows of n numbers.

    As normal numbers z they are tested column by column and in pairs of columns: for the whole
    distribution, the mean square, the share of it in the first half of the rows of each call, the
    correlation of columns, and that of each row with the next and with the one half a call later.
    All these have known distributions and are nearly independent; their p-values are taken
    together by the smallest of them.
    """
    tables = [np.clip(u, 1e-12, 1.0 - 1e-12).reshape(-1, n) for u in uniforms]
    shares = np.concatenate(tables)
    z = ndtri(shares)
    tests = [float(stats.kstest(column, "uniform").pvalue) for column in shares.T]
    tests += list(two_sided(stats.chi2.cdf((z**2).sum(axis=0), len(z))))
    pairs = [(z[:, i], z[:, j]) for i, j in itertools.combinations(range(n), 2)]
    if min(len(table) for table in tables) >= 2:
        halves = [(table[: len(table) // 2], table[len(table) // 2 :]) for table in tables]
        first, second = (ndtri(np.concatenate(half)) for half in zip(*halves, strict=True))
        later = [ndtri(table[len(table) // 2 :][: len(table) // 2]) for table in tables]
        squares, others = (first**2).sum(axis=0), (second**2).sum(axis=0)
        beta = stats.beta.cdf(squares / (squares + others), 0.5 * len(first), 0.5 * len(second))
        tests += list(two_sided(beta))
        odd = [ndtri(table[: len(table) // 2 * 2 : 2]) for table in tables]
        even = [ndtri(table[1::2]) for table in tables]
        pairs += list(zip(first.T, np.concatenate(later).T, strict=True))
        pairs += list(zip(np.concatenate(odd).T, np.concatenate(even).T, strict=True))
    tests += [float(two_sided(ndtr(a @ b / np.sqrt(a @ a)))) for a, b in pairs]
    return combined(tests)


def fit_of_shape(z: FloatArray, rng: np.random.Generator) -> tuple[float, str]:
    """Return the p-value that numbers are standard normal, and how they differ most, in words.

    They are counted in bins of their distance from 0.  Given how many are in a bin or beyond it,
    the number in it is binomial; given the number in a bin, so is that of positive ones.  All these
    are independent, so the level is exact.
    """
    size = np.abs(z)
    beyond = [int((size >= edge).sum()) for edge in EDGES]
    chance = 2.0 * ndtr(-EDGES)
    p, words = [], []
    for k in range(1, len(EDGES)):
        p.append(_p_of_count(beyond[k], beyond[k - 1], chance[k] / chance[k - 1], rng))
        share = beyond[k] / len(z)
        by_rule = f"(by the rule {chance[k]:.2%})"
        words.append(f"{share:.2%} of them are {EDGES[k]:g} sd or more from it {by_rule}")
    for low, high in itertools.pairwise([*EDGES, np.inf]):
        inside = (size >= low) & (size < high)
        count, above = int(inside.sum()), int((inside & (z > 0.0)).sum())
        p.append(_p_of_count(above, count, 0.5, rng))
        words.append(f"of {count} that are {low:g} to {high:g} sd from it, {above} are above it")
    return combined(p), words[int(np.argmin(p))]


def _p_of_count(count: int, n: int, chance: float, rng: np.random.Generator) -> float:
    """Return the p-value of a binomial number: both tails, ties broken by chance."""
    law = stats.binom(n, chance)
    return float(two_sided(law.cdf(count - 1) + rng.random() * law.pmf(count)))


def two_sided(shares: Any) -> Any:
    """Return two-sided p-values of values of distribution functions."""
    return 2.0 * np.minimum(shares, 1.0 - shares)


def cholesky(matrix: FloatArray) -> Any:
    """Return the lower factor, with which a normal vector is multiplied."""
    return np.linalg.cholesky(matrix)


def symmetric(matrix: FloatArray) -> Any:
    """Return the symmetric root."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(values) @ vectors.T


def eigenvectors(matrix: FloatArray) -> Any:
    """Return the root that is made of eigenvectors."""
    values, vectors = np.linalg.eigh(matrix)
    return vectors * np.sqrt(values)


def singular_vectors(matrix: FloatArray) -> Any:
    """Return the root that `Generator.multivariate_normal` uses."""
    _, values, vectors = np.linalg.svd(matrix)
    return vectors.T * np.sqrt(values)


ROOTS: tuple[Root, ...] = (cholesky, symmetric, eigenvectors, singular_vectors)
"""Roots of a covariance: a vector of standard normal numbers times one of them has it."""
