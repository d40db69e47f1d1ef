"""What outcomes may be: the log likelihood of each family, and its derivatives, in one function.

Every function takes the linear predictor eta of all rows, adds up the log density of the outcomes,
less what depends on no parameter, and leaves d log density / d eta in the place of eta.  Families
with a parameter of their own add its derivative to `d_own`.  All are safe where eta is far out
(+-700 and more).

    gaussian            y ~ N(eta, sigma)                                  own: log sigma
    student             y ~ t_nu(eta, sigma)                               own: log sigma, log nu
    binomial            y of n, probability sigmoid(eta)
    binomial, probit    y of n, probability Phi(eta)
    poisson             y, mean exp(eta)
    negative binomial   y, mean exp(eta), variance mean + mean^2 / phi     own: log phi
    ordered             P(y <= k) = sigmoid(c_k - eta)                     own: c_1 < c_2 < ...
    categorical         P(y = k) in proportion to exp(eta_k), eta_0 = 0

Source: P. McCullagh, J. A. Nelder (1989), *Generalized Linear Models*.
"""

from __future__ import annotations

import math

from ..compiling import FloatArray, compiled, exp, log
from ..densities.special import digamma, log_gamma, log_logistic_cdf, log_normal_cdf
from ..densities.sums import dot

LOG_2_PI = math.log(2.0 * math.pi)


GAUSSIAN, STUDENT, BINOMIAL, PROBIT, POISSON, NEGATIVE_BINOMIAL, ORDERED, CATEGORICAL = range(8)
"""The families by number."""


@compiled
def has_sigma(family: int) -> bool:
    """Whether log sigma, the scale of the noise, is the first of a family's own parameters."""
    return family in (GAUSSIAN, STUDENT)


@compiled
def log_likelihood(
    family: int,
    eta: FloatArray,
    y: FloatArray,
    trials: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """Log likelihood of a family, less what depends on no parameter: see `constant_of`."""
    if family == GAUSSIAN:
        return gaussian(eta, y, observations, rss, own, d_own)
    if family == STUDENT:
        return student(eta, y, own, d_own)
    if family == BINOMIAL:
        return binomial(eta, y, trials)
    if family == PROBIT:
        return binomial_probit(eta, y, trials)
    if family == POISSON:
        return poisson(eta, y)
    if family == NEGATIVE_BINOMIAL:
        return negative_binomial(eta, y, own, d_own)
    if family == ORDERED:
        return ordered(eta, y, own, d_own)
    return categorical(eta, y, int(observations))


@compiled
def gaussian(
    eta: FloatArray,
    y: FloatArray,
    observations: float,
    rss: float,
    own: FloatArray,
    d_own: FloatArray,
) -> float:
    """N(eta, sigma), own = (log sigma).

    Rows may summarise more observations: `rss` is the sum of squares that they leave out.
    """
    precision = exp(-2.0 * own[0])
    for i in range(eta.size):
        eta[i] = y[i] - eta[i]
    rss += dot(eta, eta)
    for i in range(eta.size):
        eta[i] *= precision
    d_own[0] += rss * precision - observations
    logp: float = -0.5 * rss * precision - observations * own[0]
    return logp


@compiled
def student(eta: FloatArray, y: FloatArray, own: FloatArray, d_own: FloatArray) -> float:
    """Student's t with nu degrees of freedom, own = (log sigma, log nu)."""
    sigma, nu = exp(own[0]), exp(own[1])
    half = 0.5 * (nu + 1.0)
    constant = log_gamma(half) - log_gamma(0.5 * nu) - 0.5 * (math.log(math.pi) + own[1]) - own[0]
    total, d_sigma, d_nu = 0.0, 0.0, 0.0
    for i in range(eta.size):
        z = (y[i] - eta[i]) / sigma
        q = z * z / nu
        share = q / (1.0 + q) if q < 1e300 else 1.0
        spread = math.log1p(q)
        eta[i] = (nu + 1.0) * (z / (nu + z * z) if q < 1e300 else 1.0 / z) / sigma
        total += half * spread
        d_sigma += (nu + 1.0) * share - 1.0
        d_nu += half * share - 0.5 * nu * spread
    n = eta.size
    d_own[0] += d_sigma
    d_own[1] += d_nu + n * (0.5 * nu * (digamma(half) - digamma(0.5 * nu)) - 0.5)
    logp: float = n * constant - total
    return logp


@compiled
def binomial(eta: FloatArray, y: FloatArray, trials: FloatArray) -> float:
    """Y of n trials, probability sigmoid(eta): y eta - n log(1 + e^eta), without the constant."""
    logp = 0.0
    for i in range(eta.size):
        x = eta[i]
        e = math.exp(-abs(x))
        share = 1.0 / (1.0 + e) if x > 0.0 else e / (1.0 + e)
        logp += y[i] * x - trials[i] * (max(x, 0.0) + math.log1p(e))
        eta[i] = y[i] - trials[i] * share
    return logp


@compiled
def binomial_probit(eta: FloatArray, y: FloatArray, trials: FloatArray) -> float:
    """Y of n trials, probability Phi(eta), without the constant."""
    logp = 0.0
    for i in range(eta.size):
        up, down = log_normal_cdf(eta[i]), log_normal_cdf(-eta[i])
        d = 0.0
        if y[i] > 0.0:
            logp += y[i] * up.value
            d += y[i] * up.slope
        if trials[i] > y[i]:
            logp += (trials[i] - y[i]) * down.value
            d -= (trials[i] - y[i]) * down.slope
        eta[i] = d
    return logp


@compiled
def poisson(eta: FloatArray, y: FloatArray) -> float:
    """Y with mean exp(eta): y eta - exp(eta), without the constant; -inf where exp overflows."""
    logp = 0.0
    for i in range(eta.size):
        mean = exp(eta[i])
        logp += y[i] * eta[i] - mean
        eta[i] = y[i] - mean
    return logp


@compiled
def negative_binomial(eta: FloatArray, y: FloatArray, own: FloatArray, d_own: FloatArray) -> float:
    """Y with mean exp(eta) and variance mean + mean^2 / phi, own = (log phi).

    log Gamma(y + phi) - log Gamma(phi) + y log p + phi log(1 - p) with logit p = eta - log phi;
    without -log y!.
    """
    phi = exp(own[0])
    base, d_base = log_gamma(phi), digamma(phi)
    logp, d_phi = 0.0, 0.0
    for i in range(eta.size):
        x = eta[i] - own[0]
        e = math.exp(-abs(x))
        share = 1.0 / (1.0 + e) if x > 0.0 else e / (1.0 + e)
        spread = math.log1p(e)
        log_p = -spread - max(-x, 0.0)
        log_rest = -spread - max(x, 0.0)
        logp += log_gamma(y[i] + phi) - base + y[i] * log_p + phi * log_rest
        d = y[i] - (y[i] + phi) * share
        d_phi += phi * (digamma(y[i] + phi) - d_base + log_rest) - d
        eta[i] = d
    d_own[0] += d_phi
    return logp


@compiled
def ordered(eta: FloatArray, y: FloatArray, own: FloatArray, d_own: FloatArray) -> float:
    """Y the number of a category, from 0; own = its upper ends c_0 < c_1 < ..., the last has none.

    P(y = k) = sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - e^(b - a)), where
    a = c_k - eta and b = c_k-1 - eta: no difference of numbers that are nearly the same.
    """
    logp = 0.0
    for i in range(eta.size):
        k, d = int(y[i]), 0.0
        if k < own.size:
            upper = log_logistic_cdf(own[k] - eta[i])
            logp += upper.value
            d_own[k] += upper.slope
            d -= upper.slope
        if k > 0:
            lower = log_logistic_cdf(eta[i] - own[k - 1])
            logp += lower.value
            d_own[k - 1] -= lower.slope
            d += lower.slope
        if 0 < k < own.size:
            rest = -math.expm1(own[k - 1] - own[k])
            logp += log(rest)
            share = (1.0 - rest) / rest if rest > 0.0 else math.inf
            d_own[k] += share
            d_own[k - 1] -= share
        eta[i] = d
    return logp


@compiled
def categorical(eta: FloatArray, y: FloatArray, n: int) -> float:
    """Of every category but the first n rows of eta, one category after the other; y is 1 where an
    outcome is of that category and 0 elsewhere.
    """
    logp = 0.0
    for i in range(n):
        high = 0.0
        for at in range(i, eta.size, n):
            high = max(high, eta[at])
        total = math.exp(-high)
        for at in range(i, eta.size, n):
            logp += y[at] * eta[at]
            total += math.exp(eta[at] - high)
        logp -= high + math.log(total)
        for at in range(i, eta.size, n):
            eta[at] = y[at] - math.exp(eta[at] - high) / total
    return logp
