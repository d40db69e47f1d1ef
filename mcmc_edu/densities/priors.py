"""Priors of single parameters in an unconstrained coordinate u.

For a standard deviation tau, u is log tau or a logit.  For a coefficient, u is the coefficient or a
logit.  A gradient sampler moves on the whole line, so it needs the prior as a density of u,

    log p(u) = log p(tau(u)) + log |d tau / d u|           (the last term: the log-Jacobian)

For tau = exp(u) the log-Jacobian is u itself.  Each function returns a normalised value and its
derivative, which stay correct if tau underflows or overflows.

Source: A. Gelman (2006), *Bayesian Analysis* 1, 515-534, for the choice among them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..compiling import FloatArray, compiled, exp
from .special import log_gamma, logistic
from .transforms import bounded


class Scale(NamedTuple):
    """A standard deviation as a function of its unconstrained coordinate u."""

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
    return _half_normal(u, s, 0.5 * math.log(2.0 / math.pi) - math.log(s))


@compiled
def _half_normal(u: float, s: float, constant: float) -> Scale:
    tau = exp(u)
    z = tau / s
    return Scale(tau, tau, constant - 0.5 * z * z + u, 1.0 - z * z)


@compiled
def half_t(u: float, nu: float, s: float) -> Scale:
    """|t_nu(0, s)| with tau = exp(u): Student's t with nu degrees of freedom and scale s.

    With q = (tau / s)^2 / nu,
    log p(u) = log 2 + log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu pi) / 2 - log s
    - (nu + 1) / 2 log(1 + q) + u,      d/du = 1 - (nu + 1) q / (1 + q)
    """
    return _heavy_tailed(u, nu, s, math.log(2.0) + student_constant(nu) - math.log(s))


@compiled
def student_constant(nu: float) -> float:
    """Log of what Student's t density is at 0, with scale 1."""
    ratio: float = log_gamma(0.5 * (nu + 1.0)) - log_gamma(0.5 * nu)
    return ratio - 0.5 * math.log(nu * math.pi)


@compiled
def half_cauchy(u: float, s: float) -> Scale:
    """|Cauchy(0, s)| with tau = exp(u): `half_t` with nu = 1.

    log p(u) = log(2 / pi) - log s - log(1 + (tau / s)^2) + u
    """
    return _heavy_tailed(u, 1.0, s, math.log(2.0 / math.pi) - math.log(s))


@compiled
def _heavy_tailed(u: float, nu: float, s: float, constant: float) -> Scale:
    """`half_t` with its constant given; q is handled as log q, which cannot overflow."""
    tau = exp(u)
    log_q = 2.0 * (u - math.log(s)) - math.log(nu)
    e = math.exp(-abs(log_q))
    log_1_plus_q = max(log_q, 0.0) + math.log1p(e)
    share = (1.0 if log_q > 0.0 else e) / (1.0 + e)  # q / (1 + q)
    logp = constant - 0.5 * (nu + 1.0) * log_1_plus_q + u
    return Scale(tau, tau, logp, 1.0 - (nu + 1.0) * share)


@compiled
def exponential(u: float, rate: float) -> Scale:
    """Exponential(rate), mean 1 / rate, with tau = exp(u).

    log p(u) = log rate - rate tau + u,      d/du = 1 - rate tau
    """
    return _exponential(u, rate, math.log(rate))


@compiled
def _exponential(u: float, rate: float, constant: float) -> Scale:
    tau = exp(u)
    return Scale(tau, tau, constant - rate * tau + u, 1.0 - rate * tau)


@compiled
def gamma_scale(u: float, shape: float, rate: float) -> Scale:
    """Gamma(shape, rate), mean shape / rate, with tau = exp(u).

    log p(u) = shape log rate - log Gamma(shape) + shape u - rate tau,    d/du = shape - rate tau
    """
    return gamma_scale_given(u, shape, rate, shape * math.log(rate) - log_gamma(shape))


@compiled
def gamma_scale_given(u: float, shape: float, rate: float, constant: float) -> Scale:
    """`gamma_scale` with its constant given."""
    tau = exp(u)
    return Scale(tau, tau, constant + shape * u - rate * tau, shape - rate * tau)


@compiled
def gamma_of_power(u: float, shape: float, rate: float, power: float) -> Scale:
    """tau^-power ~ Gamma(shape, rate) with tau = exp(u): the inverse gamma, if the power is 1.

    log p(u) = log power + shape log rate - log Gamma(shape) - shape power u - rate exp(-power u)
    """
    constant = shape * math.log(rate) - log_gamma(shape) + math.log(power)
    return _gamma_of_power(u, shape, rate, power, constant)


@compiled
def _gamma_of_power(u: float, shape: float, rate: float, power: float, constant: float) -> Scale:
    tau, inverse = exp(u), rate * exp(-power * u)
    return Scale(tau, tau, constant - shape * power * u - inverse, power * (inverse - shape))


HALF_NORMAL, HALF_T, EXPONENTIAL, UNIFORM_SCALE, GAMMA = 0.0, 1.0, 2.0, 3.0, 4.0
FLAT, NORMAL, STUDENT_T, UNIFORM = 5.0, 6.0, 7.0, 8.0
GAMMA_OF_POWER = 9.0
"""Priors by number: of a scale, and of a coefficient."""


@compiled
def log_constant(row: FloatArray) -> float:
    """Return the normalising constant of a prior, computed once because it is slow.

    `row` describes the prior as in `scale_prior` and `location_prior`; its last entry is not read.
    """
    kind = row[0]
    a, b, c = float(row[1]), float(row[2]), float(row[3])
    if kind == HALF_T:
        return math.log(2.0) + student_constant(a) - math.log(b)
    if kind == STUDENT_T:
        return student_constant(a) - math.log(c)
    if kind == GAMMA:
        return a * math.log(b) - log_gamma(a)
    if kind == GAMMA_OF_POWER:
        return a * math.log(b) - log_gamma(a) + math.log(c)
    if kind == HALF_NORMAL:
        return 0.5 * math.log(2.0 / math.pi) - math.log(a)
    if kind == NORMAL:
        return -0.5 * math.log(2.0 * math.pi) - math.log(b)
    if kind == EXPONENTIAL:
        return math.log(a)
    return -math.log(b - a) if kind == UNIFORM else 0.0


@compiled
def scale_prior(u: float, row: FloatArray) -> Scale:
    """Evaluate the prior of a standard deviation that `row` describes.

    `row`, shape (5,), holds the kind, the parameters in order, and `log_constant`.
    """
    kind = row[0]
    if kind == HALF_NORMAL:
        return _half_normal(u, row[1], row[4])
    if kind == HALF_T:
        return _heavy_tailed(u, row[1], row[2], row[4])
    if kind == EXPONENTIAL:
        return _exponential(u, row[1], row[4])
    if kind == UNIFORM_SCALE:
        return uniform_scale(u, row[1])
    if kind == GAMMA:
        return gamma_scale_given(u, row[1], row[2], row[4])
    return _gamma_of_power(u, row[1], row[2], row[3], row[4])


class Location(NamedTuple):
    """A coefficient as a function of its unconstrained coordinate u."""

    value: float
    """The coefficient itself."""
    slope: float
    """d value / d u."""
    logp: float
    """Log prior density of u, log-Jacobian included."""
    d_logp: float
    """d logp / d u."""


@compiled
def location_prior(u: float, row: FloatArray) -> Location:
    """Evaluate the prior of a coefficient that `row`, shape (5,), describes.

    `row` is (NORMAL, location, scale, -, constant), (UNIFORM, low, high, -, constant),
    (STUDENT_T, degrees of freedom, location, scale, constant), or FLAT, which is 1 everywhere.

    The coordinate is the coefficient itself, except for the uniform prior: there it is the logit.
    """
    kind = row[0]
    if kind == NORMAL:
        z = (u - row[1]) / row[2]
        return Location(u, 1.0, row[4] - 0.5 * z * z, -z / row[2])
    if kind == STUDENT_T:
        nu, z = row[1], (u - row[2]) / row[3]
        logp = row[4] - 0.5 * (nu + 1.0) * math.log1p(z * z / nu)
        return Location(u, 1.0, logp, -(nu + 1.0) * z / ((nu + z * z) * row[3]))
    if kind == UNIFORM:
        inside = bounded(u, row[1], row[2])
        return Location(
            inside.value, inside.slope, inside.log_jacobian + row[4], inside.d_log_jacobian
        )
    return Location(u, 1.0, 0.0, 0.0)
