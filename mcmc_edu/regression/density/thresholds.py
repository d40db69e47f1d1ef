"""Thresholds of an ordered outcome: increasing numbers seen from the whole line.

    c_1 = u_1,    c_k = c_k-1 + exp(u_k)                log-Jacobian: u_2 + ... + u_C-1

Each has the prior of a coefficient, and the order cuts out where the priors contradict it.
"""

from __future__ import annotations

from ...compiling import FloatArray, exp, uncounted
from ...densities.priors import location_prior


@uncounted
def fill(u: FloatArray, priors: FloatArray, c: FloatArray) -> float:
    """Fill thresholds c from u; returns their log prior, log-Jacobian included."""
    logp = 0.0
    for k in range(c.size):
        if k == 0:
            c[k] = u[k]
        else:
            c[k] = c[k - 1] + exp(u[k])
            logp += u[k]
        logp += location_prior(c[k], priors[k]).logp
    return logp


@uncounted
def pull_back(
    u: FloatArray, priors: FloatArray, c: FloatArray, d_c: FloatArray, grad: FloatArray
) -> None:
    """Set `grad` to the derivative by u of the prior and of what comes through c."""
    of_all_above = 0.0
    for k in range(c.size - 1, -1, -1):
        of_all_above += d_c[k] + location_prior(c[k], priors[k]).d_logp
        grad[k] = of_all_above if k == 0 else of_all_above * exp(u[k]) + 1.0
