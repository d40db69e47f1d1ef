"""Partial pooling with every group's coefficients in theta: centred and non-centred.

    y_i ~ N(x_i . theta_j, sigma)          theta_j = (alpha_j, beta_j) for a line, in general (K,)
    theta_jk ~ N(mu_k, tau_k)              mu_k ~ N(0, mean_sd)
    tau_k, sigma ~ U(0, scale_upper)

The centred form samples theta_jk itself, the non-centred one xi_jk = (theta_jk - mu_k) / tau_k.
Where a group's data say little, theta_jk is tied to mu_k as closely as tau_k is small (the
funnel), and xi_jk is not; where they say much it is the other way round.

Both densities have the unconstrained coordinates (mu_1..K, v_1..K, v, then theta_jk or xi_jk group
by group), with tau_k = scale_upper * sigmoid(v_k), and sigma the same of v.

Source: Papaspiliopoulos, Roberts and Sköld (2007), *Statistical Science* 22, 59-73.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, log
from ..densities.priors import uniform_scale
from .summaries import Summary

LOG_2_PI = math.log(2.0 * math.pi)


@compiled
def centered(theta: FloatArray, grad: FloatArray, data: Summary) -> float:
    """Log posterior of (mu, v, theta_11, theta_12, ...), log-Jacobians of the scales included."""
    size, groups = data.outcome.shape
    first = 2 * size + 1
    scales = np.empty((size + 1, 2))
    logp = hyperpriors(theta, grad, data, scales)
    if logp == -math.inf:
        return logp
    for at in range(first, theta.size):
        grad[at] = theta[at]
    fit = likelihood(grad[first:].reshape((size, groups)), scales[size, 0], data)
    grad[2 * size] += fit.d_log_sigma * scales[size, 1]
    for k in range(size):
        mu, inverse = theta[k], 1.0 / scales[k, 0]
        pull, squares = 0.0, 0.0
        for at in range(first + k * groups, first + (k + 1) * groups):
            z = (theta[at] - mu) * inverse
            grad[at] -= z * inverse
            pull += z
            squares += z * z
        grad[k] += pull * inverse
        grad[size + k] += (squares - groups) * scales[k, 1]
        logp -= 0.5 * squares + groups * (log(scales[k, 0]) + 0.5 * LOG_2_PI)
    return logp + fit.logp


@compiled
def noncentered(theta: FloatArray, grad: FloatArray, data: Summary) -> float:
    """Log posterior of (mu, v, xi_11, xi_12, ...), log-Jacobians of the scales included.

    The change from theta_jk to xi_jk cancels tau_k: xi_jk ~ N(0, 1), and the gradient passes
    through theta_jk = mu_k + tau_k xi_jk by the chain rule.
    """
    size, groups = data.outcome.shape
    first = 2 * size + 1
    scales = np.empty((size + 1, 2))
    logp = hyperpriors(theta, grad, data, scales)
    if logp == -math.inf:
        return logp
    for k in range(size):
        mu, tau = theta[k], scales[k, 0]
        for at in range(first + k * groups, first + (k + 1) * groups):
            grad[at] = mu + tau * theta[at]
    fit = likelihood(grad[first:].reshape((size, groups)), scales[size, 0], data)
    grad[2 * size] += fit.d_log_sigma * scales[size, 1]
    for k in range(size):
        tau = scales[k, 0]
        d_mu, d_tau, squares = 0.0, 0.0, 0.0
        for at in range(first + k * groups, first + (k + 1) * groups):
            d_effect, xi = grad[at], theta[at]
            grad[at] = tau * d_effect - xi
            d_mu += d_effect
            d_tau += d_effect * xi
            squares += xi * xi
        grad[k] += d_mu
        grad[size + k] += d_tau * tau * scales[k, 1]
        logp -= 0.5 * squares + groups * 0.5 * LOG_2_PI
    return logp + fit.logp


@compiled
def hyperpriors(theta: FloatArray, grad: FloatArray, data: Summary, scales: FloatArray) -> float:
    """Log prior of (mu, v), its gradient written into the same entries of `grad`.

    `scales`, shape (K + 1, 2), receives tau_1..K and sigma, and d log tau / dv of each.  -inf where
    a scale is 0, which it never is but in rounding.
    """
    size = data.outcome.shape[0]
    precision = 1.0 / (data.mean_sd * data.mean_sd)
    logp: float = -size * (0.5 * LOG_2_PI + math.log(data.mean_sd))
    for k in range(size):
        grad[k] = -theta[k] * precision
        logp += 0.5 * theta[k] * grad[k]
    for k in range(size + 1):
        scale = uniform_scale(theta[size + k], data.scale_upper)
        if scale.tau == 0.0:
            return -math.inf
        scales[k, 0], scales[k, 1] = scale.tau, scale.d_tau / scale.tau
        grad[size + k] = scale.d_logp
        logp += scale.logp
    return logp


class Likelihood(NamedTuple):
    """Log likelihood and what its gradient says of the noise."""

    logp: float
    d_log_sigma: float


@compiled
def likelihood(effects: FloatArray, sigma: float, data: Summary) -> Likelihood:
    """Log likelihood of the coefficients, shape (K, J), which its gradient then replaces.

    With u_j = c_j - R_j theta_j the gradient is R_j' u_j / sigma^2.  R_j is triangular, so that
    u_j can take the place of theta_j from the top, and the gradient that of u_j from the bottom.
    """
    size, groups = data.outcome.shape
    precision = 1.0 / (sigma * sigma)
    rss = data.rss
    for i in range(size):
        u = effects[i]
        for j in range(groups):
            u[j] = data.outcome[i, j] - data.root[i, i, j] * u[j]
        for k in range(i + 1, size):
            for j in range(groups):
                u[j] -= data.root[i, k, j] * effects[k, j]
        for j in range(groups):
            rss += u[j] * u[j]
    for k in range(size - 1, -1, -1):
        for j in range(groups):
            effects[k, j] *= data.root[k, k, j] * precision
        for i in range(k):
            for j in range(groups):
                effects[k, j] += data.root[i, k, j] * precision * effects[i, j]
    q = rss * precision
    logp = -0.5 * q - data.rows * (log(sigma) + 0.5 * LOG_2_PI)
    return Likelihood(logp, q - data.rows)
