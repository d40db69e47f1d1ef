"""The effects b of a term from what theta holds of them, and the way back for their derivatives.

Arrays have shape (K, J): a row a coefficient, a column a level.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray, log, uncounted
from ...densities.priors import location_prior
from ...densities.sums import dot

LOG_2_PI = math.log(2.0 * math.pi)


@uncounted
def noncentered(xi: FloatArray, effect_chol: FloatArray, b: FloatArray) -> float:
    """Fill b = T xi; returns log N(xi | 0, I)."""
    size, levels = xi.shape
    squares = 0.0
    for k in range(size):
        squares += dot(xi[k], xi[k])
        for j in range(levels):
            b[k, j] = effect_chol[k, k] * xi[k, j]
        for m in range(k):
            for j in range(levels):
                b[k, j] += effect_chol[k, m] * xi[m, j]
    return -0.5 * (squares + xi.size * LOG_2_PI)


@uncounted
def pull_back_noncentered(
    xi: FloatArray,
    effect_chol: FloatArray,
    d_b: FloatArray,
    d_xi: FloatArray,
    d_effect_chol: FloatArray,
) -> None:
    """Set d_xi to T' d_b - xi, add d_b xi' to `d_effect_chol`."""
    size, levels = xi.shape
    for m in range(size):
        for j in range(levels):
            d_xi[m, j] = effect_chol[m, m] * d_b[m, j] - xi[m, j]
        for k in range(m + 1, size):
            for j in range(levels):
                d_xi[m, j] += effect_chol[k, m] * d_b[k, j]
        for k in range(m, size):
            d_effect_chol[k, m] += dot(d_b[k], xi[m])


@uncounted
def fill_mean(
    m: FloatArray,
    beta: FloatArray,
    group_mean_x: FloatArray,
    group_mean_index: NDArray[np.int64],
    first: int,
) -> None:
    """Fill m_kj = sum_q mean_kqj beta_q.

    `group_mean_x` and `group_mean_index` are as in `Regression`, where the term's coefficients
    begin with number `first`.
    """
    for k in range(m.shape[0]):
        empty = True
        for p in range(group_mean_index.shape[0]):
            if group_mean_index[p, 0] == first + k:
                value = beta[group_mean_index[p, 1]]
                if empty:
                    for j in range(m.shape[1]):
                        m[k, j] = group_mean_x[p, j] * value
                    empty = False
                else:
                    for j in range(m.shape[1]):
                        m[k, j] += group_mean_x[p, j] * value
        if empty:
            for j in range(m.shape[1]):
                m[k, j] = 0.0


@uncounted
def pull_back_mean(
    d_m: FloatArray,
    group_mean_x: FloatArray,
    group_mean_index: NDArray[np.int64],
    first: int,
    d_beta: FloatArray,
) -> None:
    """Add to `d_beta` what the derivative by m says of beta."""
    for p in range(group_mean_index.shape[0]):
        k = group_mean_index[p, 0] - first
        if 0 <= k < d_m.shape[0]:
            d_beta[group_mean_index[p, 1]] += dot(d_m[k], group_mean_x[p, : d_m.shape[1]])


@uncounted
def centered(c: FloatArray, effect_chol: FloatArray, xi: FloatArray) -> float:
    """Make xi = T^-1 (c - m) of m; returns log N(c | m, T T')."""
    size, levels = c.shape
    squares, log_det = 0.0, 0.0
    for k in range(size):
        for j in range(levels):
            xi[k, j] = c[k, j] - xi[k, j]
        for m in range(k):
            for j in range(levels):
                xi[k, j] -= effect_chol[k, m] * xi[m, j]
        inverse = 1.0 / effect_chol[k, k]
        for j in range(levels):
            xi[k, j] *= inverse
        squares += dot(xi[k], xi[k])
        log_det += log(effect_chol[k, k])
    logp: float = -0.5 * (squares + xi.size * LOG_2_PI) - levels * log_det
    return logp


@uncounted
def pull_back_centered(
    xi: FloatArray,
    effect_chol: FloatArray,
    d_c: FloatArray,
    d_effect_chol: FloatArray,
    w: FloatArray,
    d_u: FloatArray,
) -> None:
    """Set `d_u` to d_c - w and add w xi' - J diag(1 / T_kk) to `d_effect_chol`.

    w = T^-T xi is the derivative by the mean, and is filled here.
    """
    size, levels = xi.shape
    for k in range(size - 1, -1, -1):
        for j in range(levels):
            w[k, j] = xi[k, j]
        for i in range(k + 1, size):
            for j in range(levels):
                w[k, j] -= effect_chol[i, k] * w[i, j]
        inverse = 1.0 / effect_chol[k, k]
        for j in range(levels):
            w[k, j] *= inverse
            d_u[k, j] = d_c[k, j] - w[k, j]
        for m in range(k + 1):
            d_effect_chol[k, m] += dot(w[k], xi[m])
        d_effect_chol[k, k] -= levels * inverse


@uncounted
def unpooled(u: FloatArray, priors: FloatArray, c: FloatArray) -> float:
    """Fill coefficients c from unconstrained u, each with the prior of its row in `priors`."""
    logp = 0.0
    for k in range(u.shape[0]):
        for j in range(u.shape[1]):
            coefficient = location_prior(u[k, j], priors[k])
            c[k, j] = coefficient.value
            logp += coefficient.logp
    return logp


@uncounted
def pull_back_unpooled(u: FloatArray, priors: FloatArray, d_c: FloatArray, d_u: FloatArray) -> None:
    """Set d_u to the derivative of the prior plus the derivative through c."""
    for k in range(u.shape[0]):
        for j in range(u.shape[1]):
            coefficient = location_prior(u[k, j], priors[k])
            d_u[k, j] = coefficient.d_logp + coefficient.slope * d_c[k, j]
