"""How the coefficients of a term vary: standard deviations, correlations, and the root T of both.

    T = diag(tau) L          L L' = R, a correlation matrix ~ LKJ(eta), or L = I

Every tau has a prior of its own (`scale_prior`), or all have rstanarm's *decov*: with K scales,

    zeta_k ~ Gamma(concentration, 1),  pi = zeta / sum zeta,  t ~ Gamma(shape, 1)
    tau_k = s t scale sqrt(K pi_k)               (K = 1: tau = s t scale, and there is no zeta)

where s is sigma of Gaussian and Student-t outcomes, which makes the prior depend on the noise, and
1 of others.

Source: B. Goodrich, J. Gabry, I. Ali, S. Brilleman, *rstanarm*, vignette on prior distributions.
"""

from __future__ import annotations

import math

from ..compiling import FloatArray, exp, log, uncounted
from ..densities.priors import gamma_scale, scale_prior
from ..densities.transforms import correlation_cholesky, correlation_cholesky_reverse, lkj


@uncounted
def independent_scales(
    u: FloatArray, priors: FloatArray, grad: FloatArray, log_tau: FloatArray
) -> float:
    """Fill log tau (K,) from u (K,); returns their log prior, whose gradient goes into `grad`."""
    logp = 0.0
    for k in range(log_tau.size):
        scale = scale_prior(u[k], priors[k])
        log_tau[k] = log(scale.tau)
        grad[k] = scale.d_logp
        logp += scale.logp
    return logp


@uncounted
def pull_back_scales(
    u: FloatArray, priors: FloatArray, d_log_tau: FloatArray, grad: FloatArray
) -> None:
    """Add the derivative that comes through log tau to `grad` (K,)."""
    for k in range(u.size):
        scale = scale_prior(u[k], priors[k])
        grad[k] += d_log_tau[k] * scale.d_tau / scale.tau


@uncounted
def decov_scales(
    u: FloatArray, priors: FloatArray, log_sigma: float, grad: FloatArray, log_tau: FloatArray
) -> float:
    """Do the same under decov: u = (log t, then log zeta_1..K if K > 1).

    A row of `priors`, shape (K, 4), is (log of the predictor's unit, shape, scale, concentration).
    """
    size = log_tau.size
    total = gamma_scale(u[0], priors[0, 1], 1.0)
    grad[0], logp = total.d_logp, total.logp
    base = log_sigma + math.log(priors[0, 2]) + u[0]
    if size == 1:
        log_tau[0] = base + priors[0, 0]
        return logp
    high = u[1]
    for k in range(size):
        share = gamma_scale(u[1 + k], priors[0, 3], 1.0)
        grad[1 + k] = share.d_logp
        logp += share.logp
        high = max(high, u[1 + k])
    spread = 0.0
    for k in range(size):
        spread += exp(u[1 + k] - high)
    for k in range(size):
        log_pi = u[1 + k] - high - math.log(spread)
        log_tau[k] = base + priors[k, 0] + 0.5 * (math.log(size) + log_pi)
    return logp


@uncounted
def pull_back_decov(u: FloatArray, d_log_tau: FloatArray, grad: FloatArray) -> float:
    """Carry the derivative with respect to log tau back to u; returns that for log sigma."""
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
def fill_root(
    y: FloatArray, eta: float, log_tau: FloatArray, grad: FloatArray, root: FloatArray
) -> float:
    """Fill T (K, K), lower triangular; returns the log prior of y, shape (K (K - 1) / 2,) or (0,)
    without correlations, whose gradient goes into `grad`.
    """
    size = log_tau.size
    logp = 0.0
    if y.size > 0:
        correlation_cholesky(y, root)
        logp = lkj(y, eta, size, grad)
    else:
        for i in range(size):
            for k in range(size):
                root[i, k] = 1.0 if i == k else 0.0
    for i in range(size):
        tau = exp(log_tau[i])
        for k in range(i + 1):
            root[i, k] *= tau
    return logp


@uncounted
def pull_back_root(
    y: FloatArray, log_tau: FloatArray, root: FloatArray, d_root: FloatArray, grad: FloatArray,
    d_log_tau: FloatArray,
) -> None:  # fmt: skip
    """Carry the derivative with respect to T back to log tau (set) and y (added); spoils d_root.

    d / d log tau_k = sum_l dT_kl T_kl,      dL = diag(tau) dT
    """
    size = log_tau.size
    for i in range(size):
        tau = exp(log_tau[i])
        d_log_tau[i] = 0.0
        for k in range(i + 1):
            d_log_tau[i] += d_root[i, k] * root[i, k]
            d_root[i, k] *= tau
    if y.size > 0:
        correlation_cholesky_reverse(y, d_root, grad)
