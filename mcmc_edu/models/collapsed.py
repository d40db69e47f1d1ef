"""Partial pooling with every group's coefficients integrated out, and drawn afterwards.

Given means mu (K,) and scales tau (K,), sigma, the K numbers c_j that `summaries` leaves of group j
are normal, whatever its coefficients are.  With W_j = R_j diag(tau) / sigma,

    c_j ~ N(R_j mu, sigma^2 M_j),   M_j = I + W_j W_j'       u_j = (c_j - R_j mu) / sigma
    e_j = M_j^-1 u_j,   h_j = W_j' e_j                       (noise and effect, as now expected)

    log p = -1/2 sum_j (log det M_j + u_j' e_j) - rss / (2 sigma^2) - N log sigma + constant
    d / d mu        = sum_j R_j' e_j / sigma
    d / d log tau_k = sum_j (h_jk^2 - f_jk),                 f_jk = (W_j' M_j^-1 W_j)_kk
    d / d log sigma = rss / sigma^2 - N + sum_j (e_j' e_j + sum_k f_jk)

2 K + 1 parameters are left, however many groups there are, and the funnel is gone.  What was
integrated out is drawn exactly: theta_j = mu + diag(tau) (h_j + C_j^-T zeta), zeta ~ N(0, I), where
C_j C_j' = I + W_j' W_j is the precision of the standardised effects.

Source: Lindley and Smith (1972), *JRSS B* 34, 1-41, for the normal distributions; the gradient is
Fisher's identity: the score of the marginal is the expected score of the joint.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, log
from .joint import LOG_2_PI, hyperpriors
from .summaries import Summary

PULL, SQUARES, FREEDOM = 0, 1, 2
"""Columns of `sums`, a row a coefficient: sum over groups of (R_j' e_j)_k, h_jk^2 and f_jk."""


@compiled
def collapsed(theta: FloatArray, grad: FloatArray, data: Summary) -> float:
    """Log posterior of (mu, v), effects integrated out; log-Jacobians of the scales included."""
    size = data.outcome.shape[0]
    scales, sums = np.empty((size + 1, 2)), np.zeros((size, 3))
    logp: float = hyperpriors(theta, grad, data, scales)
    if logp == -math.inf:
        return logp
    sigma: float = scales[size, 0]
    if size == 2:
        found = _marginal_of_lines(theta, scales, sums, data)
    else:
        found = _marginal(theta, scales, sums, data)
    q = found.noise + data.rss / (sigma * sigma)
    d_log_sigma = q - data.rows
    for k in range(size):
        grad[k] += sums[k, PULL] / sigma
        grad[size + k] += (sums[k, SQUARES] - sums[k, FREEDOM]) * scales[k, 1]
        d_log_sigma += sums[k, FREEDOM]
        q += sums[k, SQUARES]
    grad[2 * size] += d_log_sigma * scales[size, 1]
    logp -= data.rows * (log(sigma) + 0.5 * LOG_2_PI)
    return logp - 0.5 * (found.log_det + q)


class Marginal(NamedTuple):
    """Sums over groups; u_j' e_j is split into e_j' e_j + h_j' h_j, which cannot cancel."""

    log_det: float
    """Of log det M_j."""
    noise: float
    """Of e_j' e_j."""


@compiled
def _marginal_of_lines(
    mu: FloatArray, scales: FloatArray, sums: FloatArray, data: Summary
) -> Marginal:
    """Two coefficients: M_j is inverted in closed form, and its determinant has no differences.

    The determinants are multiplied up and their logarithm taken now and then, for it is dear.
    """
    inverse = 1.0 / scales[2, 0]
    mu_0, mu_1 = mu[0], mu[1]
    tau_0, tau_1 = scales[0, 0] * inverse, scales[1, 0] * inverse
    pull_0, pull_1, squares_0, squares_1 = 0.0, 0.0, 0.0, 0.0
    freedom_0, freedom_1, noise = 0.0, 0.0, 0.0
    log_det, product = 0.0, 1.0
    for j in range(data.outcome.shape[1]):
        r_00, r_01, r_11 = data.root[0, 0, j], data.root[0, 1, j], data.root[1, 1, j]
        u_0 = (data.outcome[0, j] - r_00 * mu_0 - r_01 * mu_1) * inverse
        u_1 = (data.outcome[1, j] - r_11 * mu_1) * inverse
        w_00, w_01, w_11 = r_00 * tau_0, r_01 * tau_1, r_11 * tau_1
        a, b, d = w_00 * w_00, w_01 * w_01, 1.0 + w_11 * w_11
        c = w_01 * w_11
        det = (1.0 + a) * d + b
        share = 1.0 / det
        e_0 = (d * u_0 - c * u_1) * share
        e_1 = ((1.0 + a + b) * u_1 - c * u_0) * share
        h_0, h_1 = w_00 * e_0, w_01 * e_0 + w_11 * e_1
        pull_0 += r_00 * e_0
        pull_1 += r_01 * e_0 + r_11 * e_1
        squares_0 += h_0 * h_0
        squares_1 += h_1 * h_1
        freedom_0 += a * d * share
        freedom_1 += (b + (1.0 + a) * (w_11 * w_11)) * share
        noise += e_0 * e_0 + e_1 * e_1
        product *= det
        if product > 1e100:
            log_det += log(product)
            product = 1.0
    sums[0, PULL], sums[0, SQUARES], sums[0, FREEDOM] = pull_0, squares_0, freedom_0
    sums[1, PULL], sums[1, SQUARES], sums[1, FREEDOM] = pull_1, squares_1, freedom_1
    return Marginal(log_det + log(product), noise)


@compiled
def _marginal(mu: FloatArray, scales: FloatArray, sums: FloatArray, data: Summary) -> Marginal:
    """Any number of coefficients: M_j = C C' by Cholesky, e_j by two triangular solves."""
    size, groups = data.outcome.shape
    w, factor, e, f = np.zeros((size, size)), np.zeros((size, size)), np.empty(size), np.empty(size)
    sigma: float = scales[size, 0]
    log_det, noise = 0.0, 0.0
    for j in range(groups):
        for i in range(size):
            e[i] = data.outcome[i, j]
            for k in range(i, size):
                e[i] -= data.root[i, k, j] * mu[k]
                w[i, k] = data.root[i, k, j] * scales[k, 0] / sigma
            e[i] /= sigma
        _cholesky_of_one_plus(w, factor)
        _forward(factor, e)
        _backward(factor, e)
        for k in range(size):
            log_det += 2.0 * log(factor[k, k])
            noise += e[k] * e[k]
            h, pull = 0.0, 0.0
            for i in range(size):
                f[i] = w[i, k]
                h += w[i, k] * e[i]
                pull += data.root[i, k, j] * e[i]
            _forward(factor, f)
            sums[k, PULL] += pull
            sums[k, SQUARES] += h * h
            for i in range(size):
                sums[k, FREEDOM] += f[i] * f[i]
    return Marginal(log_det, noise)


@compiled
def _cholesky_of_one_plus(w: FloatArray, factor: FloatArray) -> None:
    """Write the lower triangular C of C C' = I + W W' into `factor`."""
    size = w.shape[0]
    for i in range(size):
        for k in range(i + 1):
            total = 1.0 if i == k else 0.0
            for m in range(size):
                total += w[i, m] * w[k, m]
            for m in range(k):
                total -= factor[i, m] * factor[k, m]
            factor[i, k] = math.sqrt(total) if i == k else total / factor[k, k]


@compiled
def _forward(factor: FloatArray, x: FloatArray) -> None:
    """Solve C z = x in place."""
    for i in range(x.size):
        for k in range(i):
            x[i] -= factor[i, k] * x[k]
        x[i] /= factor[i, i]


@compiled
def _backward(factor: FloatArray, x: FloatArray) -> None:
    """Solve C' z = x in place."""
    for i in range(x.size - 1, -1, -1):
        for k in range(i + 1, x.size):
            x[i] -= factor[k, i] * x[k]
        x[i] /= factor[i, i]


@compiled
def draw_effects(
    mu: FloatArray, scales: FloatArray, zeta: FloatArray, data: Summary, effects: FloatArray
) -> None:
    """Draw the coefficients of every group given means and scales, exactly.

    Parameters
    ----------
    mu
        Population means, shape (draws, K).
    scales
        tau_1..K and sigma (sds), shape (draws, K + 1).
    zeta
        Independent standard normals, shape (draws, J, K).
    data
        What the groups' observations come to.
    effects
        Receives the coefficients, shape (draws, K, J).
    """
    size, groups = data.outcome.shape
    w, factor = np.zeros((size, size)), np.zeros((size, size))  # w: W', so that C C' = I + W' W
    x = np.empty(size)
    for t in range(mu.shape[0]):
        inverse = 1.0 / scales[t, size]
        for j in range(groups):
            x[:] = 0.0
            for i in range(size):
                u = data.outcome[i, j]
                for k in range(i, size):
                    u -= data.root[i, k, j] * mu[t, k]
                    w[k, i] = data.root[i, k, j] * scales[t, k] * inverse
                for k in range(i, size):
                    x[k] += w[k, i] * u * inverse
            _cholesky_of_one_plus(w, factor)
            _forward(factor, x)
            for k in range(size):
                x[k] += zeta[t, j, k]
            _backward(factor, x)
            for k in range(size):
                effects[t, k, j] = mu[t, k] + scales[t, k] * x[k]
