"""The regularised horseshoe: a prior for many coefficients of which few are expected to matter.

    beta_q = z_q s_q unit_q,  z_q ~ N(0, 1),  s_q = tau lambda_q / sqrt(1 + (tau lambda_q / c)^2)

    tau ~ half-t(global_df, global_scale)        how little most of them matter
    lambda_q ~ half-t(df, 1)                     which of them are let through, the tail being long
    c^2 ~ InvGamma(slab_df / 2, slab_df slab_scale^2 / 2)    and how large those may be

theta holds z in the place of beta, and (log tau, log c, log lambda_1..H).  With
m = log tau lambda_q and share = sigmoid(2 (m - log c)),
log s_q = m - log(1 + e^(2 (m - log c))) / 2, so that

    d log s_q / d m = 1 - share,        d log s_q / d log c = share

Source: J. Piironen, A. Vehtari (2017), *Electronic Journal of Statistics* 11, 5018-5051.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray, exp, uncounted
from ...densities.priors import half_t
from ...densities.special import log_gamma, log_logistic_cdf

DF, GLOBAL_DF, GLOBAL_SCALE, SLAB_DF, SLAB_SCALE = range(5)
"""Positions of the prior's parameters in its row."""


@uncounted
def fill(
    u: FloatArray,
    prior: FloatArray,
    units: FloatArray,
    chosen: NDArray[np.int64],
    beta: FloatArray,
    grad: FloatArray,
) -> float:
    """Turn z into beta for the H `chosen` coefficients.

    Returns the log prior of u, shape (2 + H,), and writes its gradient into `grad`.
    """
    total = half_t(u[0], prior[GLOBAL_DF], prior[GLOBAL_SCALE])
    grad[0] = total.d_logp
    logp: float = total.logp
    a = 0.5 * prior[SLAB_DF]
    b = a * prior[SLAB_SCALE] * prior[SLAB_SCALE]
    tail = b * exp(-2.0 * u[1])
    grad[1] = 2.0 * (tail - a)
    logp += a * math.log(b) - log_gamma(a) + math.log(2.0) - 2.0 * a * u[1] - tail
    for h in range(chosen.size):
        local = half_t(u[2 + h], prior[DF], 1.0)
        grad[2 + h] = local.d_logp
        logp += local.logp
        beta[chosen[h]] *= units[h] * exp(log_scale(u, h))
    return logp


@uncounted
def log_scale(u: FloatArray, h: int) -> float:
    """Return log s of the coefficient h."""
    m = u[0] + u[2 + h]
    return float(m + 0.5 * log_logistic_cdf(2.0 * (u[1] - m)).value)


@uncounted
def pull_back(
    u: FloatArray,
    units: FloatArray,
    chosen: NDArray[np.int64],
    beta: FloatArray,
    d_beta: FloatArray,
    grad: FloatArray,
) -> None:
    """Turn the derivative by beta into the derivative by z; add the part through u to `grad`."""
    for h in range(chosen.size):
        q = chosen[h]
        through = d_beta[q] * beta[q]  # d / d log s
        share = log_logistic_cdf(2.0 * (u[1] - u[0] - u[2 + h])).slope
        grad[0] += through * (1.0 - share)
        grad[1] += through * share
        grad[2 + h] += through * (1.0 - share)
        d_beta[q] *= units[h] * exp(log_scale(u, h))
