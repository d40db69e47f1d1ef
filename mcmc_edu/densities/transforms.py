"""Transforms from the whole line to a parameter's support, with log-Jacobians.

A density of x becomes one of the unconstrained y by  log p(y) = log p(x(y)) + log |dx / dy|.

The correlation matrix R = L L' of k variables goes through its Cholesky factor L, whose row i is a
point on the upper half of a sphere in i dimensions.  With z_ij = tanh(y_ij), j < i, from the left,

    L_ij = z_ij s_ij,    s_i1 = 1,    s_i,j+1 = s_ij sqrt(1 - z_ij^2),    L_ii = s_ii:

each z_ij spends a share of the length that is left, s_ij; it is a partial correlation.

Source: D. Lewandowski, D. Kurowicka, H. Joe (2009), *Journal of Multivariate Analysis* 100,
1989-2001, for the distribution and for the partial correlations.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, exp
from .special import log_gamma, logistic


class Transformed(NamedTuple):
    """A parameter as a function of its unconstrained coordinate."""

    value: float
    """The parameter x itself."""
    slope: float
    """dx / dy."""
    log_jacobian: float
    """log |dx / dy|, to be added to the log density of x."""
    d_log_jacobian: float
    """Derivative of the log-Jacobian with respect to y."""


@compiled
def positive(y: float) -> Transformed:
    """Positive x from its logarithm: x = exp(y), log-Jacobian y."""
    x = exp(y)
    return Transformed(x, x, y, 1.0)


@compiled
def bounded(y: float, low: float, high: float) -> Transformed:
    """Take x between `low` and `high` from its logit.

    x = low + (high - low) sigmoid(y),
    log-Jacobian  log(high - low) + log sigmoid(y) + log sigmoid(-y),  derivative  1 - 2 sigmoid(y)
    """
    s, width = logistic(y), high - low
    x = low + width * s.below if y < 0.0 else high - width * s.above
    slope = width * s.below * s.above
    return Transformed(x, slope, math.log(width) + s.log_slope, s.above - s.below)


@compiled
def sech(y: float) -> float:
    """1 / cosh(y), the sqrt(1 - z^2) of z = tanh(y), where 1 - z^2 would have no digits left."""
    e = math.exp(-abs(y))
    return 2.0 * e / (1.0 + e * e)


@compiled
def log_sech(y: float) -> float:
    """Log of 1 / cosh(y), which is near -|y| far out."""
    return math.log(2.0) - abs(y) - math.log1p(math.exp(-2.0 * abs(y)))


@compiled
def correlation_cholesky(y: FloatArray, factor: FloatArray) -> float:
    """Fill `factor` with the Cholesky factor of a correlation matrix; return the log-Jacobian.

    log |dL / dy| = sum_{j < i} [log s_ij + log(1 - z_ij^2)],  where dL takes the entries below
    the diagonal (those on it follow).

    Parameters
    ----------
    y
        Shape (k (k - 1) / 2,), row by row: y_21, y_31, y_32, y_41, ...; tanh(y_i1) is R_i1.
    factor
        Written: shape (k, k), zero above the diagonal.
    """
    log_jacobian = 0.0
    at = 0
    for i in range(factor.shape[0]):
        left, log_left = 1.0, 0.0  # s_ij and its logarithm
        for j in range(i):
            factor[i, j] = math.tanh(y[at]) * left
            log_jacobian += log_left + 2.0 * log_sech(y[at])
            left *= sech(y[at])
            log_left += log_sech(y[at])
            at += 1
        factor[i, i] = left
        for j in range(i + 1, factor.shape[0]):
            factor[i, j] = 0.0
    return log_jacobian


@compiled
def correlation_cholesky_reverse(y: FloatArray, factor_bar: FloatArray, y_bar: FloatArray) -> None:
    """Carry a gradient with respect to L back to y, and add it to `y_bar`.

    Along row i, from s_bar = L_bar_ii and j = i - 1 down to 1, with r = sqrt(1 - z^2):

        y_bar_ij += r^2 s_ij L_bar_ij - z s_i,j+1 s_bar,      s_bar <- z L_bar_ij + r s_bar

    Nothing is divided by, so that it holds however near a correlation is to 1 or -1.

    Parameters
    ----------
    y
        As in `correlation_cholesky`, whose log-Jacobian is *not* part of this (it is of `lkj`).
    factor_bar
        Derivatives with respect to L, shape (k, k); what is above the diagonal is not read.
    y_bar
        Added to: shape (k (k - 1) / 2,).
    """
    k = factor_bar.shape[0]
    left = np.empty(k)
    for i in range(1, k):
        row = i * (i - 1) // 2
        left[0] = 1.0
        for j in range(i):
            left[j + 1] = left[j] * sech(y[row + j])
        left_bar = factor_bar[i, i]
        for j in range(i - 1, -1, -1):
            z, r = math.tanh(y[row + j]), sech(y[row + j])
            y_bar[row + j] += r * r * left[j] * factor_bar[i, j] - z * left[j + 1] * left_bar
            left_bar = z * factor_bar[i, j] + r * left_bar


@compiled
def lkj(y: FloatArray, eta: float, k: int, grad: FloatArray) -> float:
    """Log density of LKJ(eta), p(R) proportional to det(R)^(eta - 1), as a density of y.

    Log-Jacobian included, normalised; its gradient is *added* to `grad`.  On y it falls into
    independent terms, (1 + z_ij) / 2 ~ Beta(b_j, b_j), with b_j = eta + (k - 1 - j) / 2:

        log p(y) = sum_{j < i} [2 b_j log sech(y_ij) - log B(b_j, 1/2)],    d/dy = -2 b_j tanh(y_ij)

    Parameters
    ----------
    y, grad
        Shape (k (k - 1) / 2,), ordered as in `correlation_cholesky`.
    eta
        Above 0; 1 is uniform over correlation matrices, more draws them to the identity.
    k
        Number of variables.
    """
    return lkj_constant(eta, k) + lkj_kernel(y, eta, k, grad)


@compiled
def lkj_constant(eta: float, k: int) -> float:
    """Return the part of the LKJ log density that does not depend on y."""
    total = 0.0
    for j in range(k - 1):
        b = _shape_of_column(eta, k, j)
        total -= (k - 1 - j) * (log_gamma(b) + log_gamma(0.5) - log_gamma(b + 0.5))
    return total


@compiled
def _shape_of_column(eta: float, k: int, j: int) -> float:
    """b_j, j counting from 0 here."""
    return eta + 0.5 * (k - 2 - j)


@compiled
def lkj_kernel(y: FloatArray, eta: float, k: int, grad: FloatArray) -> float:
    """Return the part of the LKJ log density that depends on y, and add its gradient."""
    logp = 0.0
    for j in range(k - 1):
        b = _shape_of_column(eta, k, j)
        for i in range(j + 1, k):
            at = i * (i - 1) // 2 + j
            logp += 2.0 * b * log_sech(y[at])
            grad[at] -= 2.0 * b * math.tanh(y[at])
    return logp


def lkj_draw(rng: np.random.Generator, eta: float, k: int) -> FloatArray:
    """Draw y of `lkj` from the prior itself, shape (k (k - 1) / 2,).

    y = artanh(2 B - 1) with B ~ Beta(b_j, b_j) is half the log of a ratio of two gamma draws.
    """
    column = np.array([j for i in range(1, k) for j in range(i)], dtype=np.int64)
    b = eta + 0.5 * (k - 2 - column)
    draw: FloatArray = 0.5 * (np.log(rng.standard_gamma(b)) - np.log(rng.standard_gamma(b)))
    return draw
