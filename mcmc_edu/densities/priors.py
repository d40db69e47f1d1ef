"""Priors of one number, seen from the whole line: of a standard deviation tau, u = log tau or a
logit; of a coefficient.

A gradient sampler walks on the whole line, so the prior is needed as a density of u, which is

    log p(u) = log p(tau(u)) + log |d tau / d u|           (the last term: the log-Jacobian)

For tau = exp(u) the log-Jacobian is u itself.  Each function returns value and derivative side by
side, normalised, and right where tau underflows or overflows.

Source: A. Gelman (2006), *Bayesian Analysis* 1, 515-534, for the choice among them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..compiling import FloatArray, compiled, exp
from .special import log_gamma, logistic
from .transforms import bounded


class Scale(NamedTuple):
    """A standard deviation seen from its unconstrained coordinate u."""

    tau: float
    """The standard deviation itself."""
    d_tau: float
    """d tau / d u."""
    logp: float
    """Log prior density of u: the log-Jacobian is included, and it integrates to 1 over u."""
    d_logp: float
    """d logp / d u."""


@compiled
def uniform_scale(v: float, upper: float) -> Scale:
    """U(0, upper) with tau = upper * sigmoid(v).

    log p(v) = log sigmoid(v) + log sigmoid(-v),      d/dv = 1 - 2 sigmoid(v)
    """
    s = logistic(v)
    tau = upper * s.below
    return Scale(tau, tau * s.above, s.log_slope, s.above - s.below)


@compiled
def half_normal(u: float, s: float) -> Scale:
    """|N(0, s)| with tau = exp(u).

    log p(u) = log 2 - log(2 pi) / 2 - log s - (tau / s)^2 / 2 + u,      d/du = 1 - (tau / s)^2
    """
    tau = exp(u)
    z = tau / s
    constant = 0.5 * math.log(2.0 / math.pi) - math.log(s)
    return Scale(tau, tau, constant - 0.5 * z * z + u, 1.0 - z * z)


@compiled
def half_t(u: float, nu: float, s: float) -> Scale:
    """|t_nu(0, s)| with tau = exp(u): Student's t with nu degrees of freedom and scale s.

    With q = (tau / s)^2 / nu,
    log p(u) = log 2 + log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu pi) / 2 - log s
    - (nu + 1) / 2 log(1 + q) + u,      d/du = 1 - (nu + 1) q / (1 + q)
    """
    constant = log_gamma(0.5 * (nu + 1.0)) - log_gamma(0.5 * nu) - 0.5 * math.log(nu * math.pi)
    return _heavy_tailed(u, nu, s, math.log(2.0) + constant)


@compiled
def half_cauchy(u: float, s: float) -> Scale:
    """|Cauchy(0, s)| with tau = exp(u): `half_t` with nu = 1.

    log p(u) = log(2 / pi) - log s - log(1 + (tau / s)^2) + u
    """
    return _heavy_tailed(u, 1.0, s, math.log(2.0 / math.pi))


@compiled
def _heavy_tailed(u: float, nu: float, s: float, constant: float) -> Scale:
    """`half_t` with its constant given; q is handled as log q, which cannot overflow."""
    tau = exp(u)
    log_q = 2.0 * (u - math.log(s)) - math.log(nu)
    e = math.exp(-abs(log_q))
    log_1_plus_q = max(log_q, 0.0) + math.log1p(e)
    share = (1.0 if log_q > 0.0 else e) / (1.0 + e)  # q / (1 + q)
    logp = constant - math.log(s) - 0.5 * (nu + 1.0) * log_1_plus_q + u
    return Scale(tau, tau, logp, 1.0 - (nu + 1.0) * share)


@compiled
def exponential(u: float, rate: float) -> Scale:
    """Exponential(rate), mean 1 / rate, with tau = exp(u).

    log p(u) = log rate - rate tau + u,      d/du = 1 - rate tau
    """
    tau = exp(u)
    return Scale(tau, tau, math.log(rate) - rate * tau + u, 1.0 - rate * tau)


@compiled
def gamma_scale(u: float, shape: float, rate: float) -> Scale:
    """Gamma(shape, rate), mean shape / rate, with tau = exp(u).

    log p(u) = shape log rate - log Gamma(shape) + shape u - rate tau,    d/du = shape - rate tau
    """
    tau = exp(u)
    constant = shape * math.log(rate) - log_gamma(shape)
    return Scale(tau, tau, constant + shape * u - rate * tau, shape - rate * tau)


HALF_NORMAL, HALF_T, EXPONENTIAL, UNIFORM_SCALE, GAMMA = 0.0, 1.0, 2.0, 3.0, 4.0
"""Priors of a scale by number."""


@compiled
def scale_prior(u: float, row: FloatArray) -> Scale:
    """The prior that `row` gives: its number, then its parameters in order, shape (4,)."""
    kind = row[0]
    if kind == HALF_NORMAL:
        return half_normal(u, row[1])
    if kind == HALF_T:
        return half_t(u, row[1], row[2])
    if kind == EXPONENTIAL:
        return exponential(u, row[1])
    if kind == UNIFORM_SCALE:
        return uniform_scale(u, row[1])
    return gamma_scale(u, row[1], row[2])


class Location(NamedTuple):
    """A coefficient seen from its unconstrained coordinate u."""

    value: float
    """The coefficient itself."""
    slope: float
    """d value / d u."""
    logp: float
    """Log prior density of u, log-Jacobian included."""
    d_logp: float
    """d logp / d u."""


FLAT, NORMAL, STUDENT_T, UNIFORM = 0.0, 1.0, 2.0, 3.0
"""Priors of a coefficient by number."""


@compiled
def location_prior(u: float, row: FloatArray) -> Location:
    """The prior that `row` gives, shape (4,): (NORMAL, location, scale, -), (STUDENT_T, degrees of
    freedom, location, scale), (UNIFORM, low, high, -), or FLAT, which is 1 everywhere.

    Only the uniform has a coordinate other than the coefficient itself: its logit.
    """
    kind = row[0]
    if kind == NORMAL:
        z = (u - row[1]) / row[2]
        logp = -0.5 * z * z - math.log(row[2]) - 0.5 * math.log(2.0 * math.pi)
        return Location(u, 1.0, logp, -z / row[2])
    if kind == STUDENT_T:
        nu, z = row[1], (u - row[2]) / row[3]
        constant = log_gamma(0.5 * (nu + 1.0)) - log_gamma(0.5 * nu) - math.log(row[3])
        logp = constant - 0.5 * math.log(nu * math.pi) - 0.5 * (nu + 1.0) * math.log1p(z * z / nu)
        return Location(u, 1.0, logp, -(nu + 1.0) * z / ((nu + z * z) * row[3]))
    if kind == UNIFORM:
        inside = bounded(u, row[1], row[2])
        logp = inside.log_jacobian - math.log(row[2] - row[1])
        return Location(inside.value, inside.slope, logp, inside.d_log_jacobian)
    return Location(u, 1.0, 0.0, 0.0)
