"""Coefficients with flat priors: no pooling and, as its case of a single group, complete pooling.

    y_i ~ N(x_i . theta_j, sigma)      theta_jk ~ U(-limit, limit)      sigma ~ U(0, scale_upper)

in the unconstrained coordinates (v, a_jk coefficient by coefficient), with

    theta_jk = 2 limit sigmoid(a_jk) - limit        sigma = scale_upper sigmoid(v)

Under complete pooling everybody belongs to one group, and theta_1 is the line of all.

Source: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
"""

from __future__ import annotations

import math

from ..compiling import FloatArray, compiled
from ..densities.priors import uniform_scale
from .joint import likelihood
from .summaries import Summary


@compiled
def unpooled(theta: FloatArray, grad: FloatArray, data: Summary) -> float:
    """Log posterior of (v, a), the log-Jacobians of sigma and of every coefficient included."""
    scale = uniform_scale(theta[0], data.scale_upper)
    if scale.tau == 0.0:
        return -math.inf
    for at in range(1, theta.size):
        grad[at] = uniform_scale(theta[at], 2.0 * data.limit).tau - data.limit
    fit = likelihood(grad[1:].reshape(data.outcome.shape), scale.tau, data)
    grad[0] = scale.d_logp + fit.d_log_sigma * scale.d_tau / scale.tau
    logp = scale.logp + fit.logp
    for at in range(1, theta.size):
        coefficient = uniform_scale(theta[at], 2.0 * data.limit)
        grad[at] = coefficient.d_logp + grad[at] * coefficient.d_tau
        logp += coefficient.logp
    return logp
