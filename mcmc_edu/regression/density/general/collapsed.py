"""A term's effects integrated out of a Gaussian model: at their highest point, a determinant less.

Given everything else the standardised effects xi_j of a level are normal, with precision H_j and
mean h_j.  With R_j' R_j = Z_j' Z_j and the rows' residuals r,

    W_j = R_j T / sigma,    H_j = I + W_j' W_j = C_j C_j',    h_j = H_j^-1 T' Z_j' r_j / sigma^2
    log p(y) = log p(y, xi = h) + K J log(2 pi) / 2 - sum_j log det C_j

Where the joint density is highest it does not change with xi, so that its gradient there is that of
the non-centred form with h in the place of xi.  The determinant adds

    d / d T = -sum_j R_j' W_j H_j^-1 / sigma,        d / d log sigma = sum_j (K - tr H_j^-1)

All groups go through the same arithmetic side by side: the last axis of every array is the level.

Source: Lindley and Smith (1972), *JRSS B* 34, 1-41.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ....compiling import FloatArray, log, uncounted
from ....densities.sums import dot


class Determinant(NamedTuple):
    """Sum over levels of log det C_j, and its derivative with respect to log sigma, less sign."""

    value: float
    d_log_sigma: float


@uncounted
def collapse(
    q: FloatArray,
    effect_chol: FloatArray,
    qr_r: FloatArray,
    sigma: float,
    h: FloatArray,
    matrices: FloatArray,
    d_effect_chol: FloatArray,
) -> Determinant:
    """Find h_j from q_j = Z_j' r_j, shape (K, J), and add the determinant's derivative by T.

    `matrices`, shape (3, K, K, J), is room to work in; C_j^-1 is left in its last.
    """
    size, levels = q.shape
    w, factor, inverse = matrices[0], matrices[1], matrices[2]
    standardise(qr_r, effect_chol, sigma, w)
    factorise(w, factor)
    invert(factor, inverse)
    mode(q, effect_chol, sigma, inverse, h)
    log_det, product, trace = 0.0, 1.0, 0.0
    for k in range(size):
        for j in range(levels):
            product *= factor[k, k, j]
            if product > 1e100:  # a logarithm is slow: take it of many factors together
                log_det += log(product)
                product = 1.0
        for m in range(k + 1):
            trace += dot(inverse[k, m], inverse[k, m])
    pull_back_determinant(qr_r, w, inverse, sigma, factor, d_effect_chol)
    return Determinant(log_det + log(product), size * levels - trace)


@uncounted
def standardise(qr_r: FloatArray, effect_chol: FloatArray, sigma: float, w: FloatArray) -> None:
    """W = R T / sigma; R is upper and T lower triangular."""
    size, _, levels = qr_r.shape
    for i in range(size):
        for k in range(size):
            for j in range(levels):
                w[i, k, j] = 0.0
            for m in range(max(i, k), size):
                share = effect_chol[m, k] / sigma
                for j in range(levels):
                    w[i, k, j] += qr_r[i, m, j] * share


@uncounted
def factorise(w: FloatArray, factor: FloatArray) -> None:
    """Lower triangular C with C C' = I + W' W."""
    size, _, levels = w.shape
    for i in range(size):
        for k in range(i + 1):
            for j in range(levels):
                factor[i, k, j] = 1.0 if i == k else 0.0
            for m in range(size):
                for j in range(levels):
                    factor[i, k, j] += w[m, i, j] * w[m, k, j]
            for m in range(k):
                for j in range(levels):
                    factor[i, k, j] -= factor[i, m, j] * factor[k, m, j]
            if i == k:
                for j in range(levels):
                    factor[i, i, j] = math.sqrt(factor[i, i, j])
            else:
                for j in range(levels):
                    factor[i, k, j] /= factor[k, k, j]


@uncounted
def invert(factor: FloatArray, inverse: FloatArray) -> None:
    """C^-1, lower triangular."""
    size, _, levels = factor.shape
    for i in range(size):
        for j in range(levels):
            inverse[i, i, j] = 1.0 / factor[i, i, j]
        for k in range(i):
            for j in range(levels):
                inverse[i, k, j] = 0.0
            for m in range(k, i):
                for j in range(levels):
                    inverse[i, k, j] -= factor[i, m, j] * inverse[m, k, j]
            for j in range(levels):
                inverse[i, k, j] *= inverse[i, i, j]


@uncounted
def mode(
    q: FloatArray, effect_chol: FloatArray, sigma: float, inverse: FloatArray, h: FloatArray
) -> None:
    """H = C^-T C^-1 T' q / sigma^2."""
    size, levels = q.shape
    precision = 1.0 / (sigma * sigma)
    for m in range(size):  # T' q / sigma^2, where h will be
        for j in range(levels):
            h[m, j] = 0.0
        for i in range(m, size):
            share = effect_chol[i, m] * precision
            for j in range(levels):
                h[m, j] += share * q[i, j]
    for k in range(size - 1, -1, -1):  # C^-1 from the left: row k needs those above, still in place
        for j in range(levels):
            h[k, j] *= inverse[k, k, j]
        for m in range(k):
            for j in range(levels):
                h[k, j] += inverse[k, m, j] * h[m, j]
    for k in range(size):  # C^-T: row k needs those below
        for j in range(levels):
            h[k, j] *= inverse[k, k, j]
        for m in range(k + 1, size):
            for j in range(levels):
                h[k, j] += inverse[m, k, j] * h[m, j]


@uncounted
def pull_back_determinant(
    qr_r: FloatArray,
    w: FloatArray,
    inverse: FloatArray,
    sigma: float,
    scratch: FloatArray,
    d_effect_chol: FloatArray,
) -> None:
    """Subtract sum_j R_j' W_j H_j^-1 / sigma from `d_effect_chol` (on and below the diagonal)."""
    size, _, levels = w.shape
    for i in range(size):  # W C^-T, into the scratch
        for k in range(size):
            for j in range(levels):
                scratch[i, k, j] = 0.0
            for m in range(k + 1):
                for j in range(levels):
                    scratch[i, k, j] += w[i, m, j] * inverse[k, m, j]
    for i in range(size):  # times C^-1: W H^-1, into W
        for k in range(size):
            for j in range(levels):
                w[i, k, j] = 0.0
            for m in range(k, size):
                for j in range(levels):
                    w[i, k, j] += scratch[i, m, j] * inverse[m, k, j]
    for i in range(size):
        for k in range(i + 1):
            for m in range(i + 1):
                d_effect_chol[i, k] -= dot(qr_r[m, i], w[m, k]) / sigma
