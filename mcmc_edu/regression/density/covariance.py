"""Covariance of a term's coefficients: standard deviations, correlations and Cholesky factor T.

    T = diag(tau) L          L L' = R, a correlation matrix ~ LKJ(eta), or L = I

Every tau has a prior of its own (`scale_prior`), or all have rstanarm's *decov*.  With K scales,

    zeta_k ~ Gamma(concentration, 1),  pi = zeta / sum zeta,  t ~ Gamma(shape, 1)
    tau_k = s t scale sqrt(K pi_k)               (K = 1: tau = s t scale, and there is no zeta)

where s is sigma for Gaussian and Student-t outcomes, and 1 for all others.  The prior of Gaussian
and Student-t models thus depends on the noise.

Source: B. Goodrich, J. Gabry, I. Ali, S. Brilleman, *rstanarm*, vignette on prior distributions.
"""

from __future__ import annotations

import math

from ...compiling import FloatArray, exp, uncounted
from ...densities.priors import gamma_scale_given, scale_prior
from ...densities.transforms import correlation_cholesky, correlation_cholesky_reverse, lkj_kernel


@uncounted
def independent_scales(
    u: FloatArray, priors: FloatArray, grad: FloatArray, tau: FloatArray, slopes: FloatArray
) -> float:
    """Fill tau and `slopes`, d log tau / du, from u, all of shape (K,).

    Returns the log prior of u and writes its gradient into `grad`.
    """
    logp = 0.0
    for k in range(tau.size):
        scale = scale_prior(u[k], priors[k])
        if scale.tau == 0.0:
            return -math.inf
        tau[k] = scale.tau
        slopes[k] = scale.d_tau / scale.tau
        grad[k] = scale.d_logp
        logp += scale.logp
    return logp


@uncounted
def pull_back_scales(slopes: FloatArray, d_log_tau: FloatArray, grad: FloatArray) -> None:
    """Add the derivative through log tau to `grad` (K,)."""
    for k in range(slopes.size):
        grad[k] += d_log_tau[k] * slopes[k]


@uncounted
def decov_scales(
    u: FloatArray, priors: FloatArray, log_sigma: float, grad: FloatArray, tau: FloatArray
) -> float:
    """Fill tau from u under decov, where u = (log t, then log zeta_1..K if K > 1).

    Returns the log prior of u and writes its gradient into `grad`.  A row of `priors`, shape
    (K, 5), is (the predictor's unit, shape, log scale, concentration, -).
    """
    size = tau.size
    total = gamma_scale_given(u[0], priors[0, 1], 1.0, 0.0)
    grad[0], logp = total.d_logp, total.logp
    base = log_sigma + priors[0, 2] + u[0]
    if size == 1:
        tau[0] = priors[0, 0] * exp(base)
        return logp
    high = u[1]
    for k in range(size):
        share = gamma_scale_given(u[1 + k], priors[0, 3], 1.0, 0.0)
        grad[1 + k] = share.d_logp
        logp += share.logp
        high = max(high, u[1 + k])
    spread = 0.0
    for k in range(size):
        spread += exp(u[1 + k] - high)
    for k in range(size):
        log_pi = u[1 + k] - high - math.log(spread)
        tau[k] = priors[k, 0] * exp(base + 0.5 * (math.log(size) + log_pi))
    return logp


@uncounted
def pull_back_decov(u: FloatArray, d_log_tau: FloatArray, grad: FloatArray) -> float:
    """Add the derivative through log tau to `grad`; return the derivative by log sigma."""
    size = d_log_tau.size
    total = 0.0
    for k in range(size):
        total += d_log_tau[k]
    grad[0] += total
    if size > 1:
        high = u[1]
        for k in range(size):
            high = max(high, u[1 + k])
        spread = 0.0
        for k in range(size):
            spread += exp(u[1 + k] - high)
        for k in range(size):
            grad[1 + k] += 0.5 * (d_log_tau[k] - total * exp(u[1 + k] - high) / spread)
    return total


@uncounted
def fill_effect_chol(
    y: FloatArray, eta: float, tau: FloatArray, grad: FloatArray, effect_chol: FloatArray
) -> float:
    """Fill the lower triangular T (K, K) from y.

    Returns the log prior of y and writes its gradient into `grad`.  y has shape
    (K (K - 1) / 2,), or (0,) without correlations.
    """
    size = tau.size
    logp = 0.0
    if y.size > 0:
        correlation_cholesky(y, effect_chol)
        logp = lkj_kernel(y, eta, size, grad)
    else:
        for i in range(size):
            for k in range(size):
                effect_chol[i, k] = 1.0 if i == k else 0.0
    for i in range(size):
        for k in range(i + 1):
            effect_chol[i, k] *= tau[i]
    return logp


@uncounted
def pull_back_effect_chol(
    y: FloatArray,
    tau: FloatArray,
    effect_chol: FloatArray,
    d_effect_chol: FloatArray,
    grad: FloatArray,
    d_log_tau: FloatArray,
) -> None:
    """Carry the derivative with respect to T back to log tau (set) and y (added); spoils d_root.

    d / d log tau_k = sum_l dT_kl T_kl,      dL = diag(tau) dT
    """
    size = tau.size
    for i in range(size):
        d_log_tau[i] = 0.0
        for k in range(i + 1):
            d_log_tau[i] += d_effect_chol[i, k] * effect_chol[i, k]
            d_effect_chol[i, k] *= tau[i]
    if y.size > 0:
        correlation_cholesky_reverse(y, d_effect_chol, grad)
