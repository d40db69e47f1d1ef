"""Special functions, written out so that they are the same to the last bit, compiled or not.

(`math.lgamma` is not: numba and Python call different libraries.)  Around 2 the logarithm of the
gamma function is a power series, whose coefficients are the zeta function's distance from 1:

    log Gamma(2 + z) = (1 - gamma) z + sum_{k >= 2} (-1)^k (zeta(k) - 1) z^k / k,      |z| < 2

From elsewhere x Gamma(x) = Gamma(x + 1) leads there; far out there is Stirling's series.

Source: Abramowitz and Stegun (1964), *Handbook of Mathematical Functions*, 6.1.33 and 6.1.41;
6.3.18 for digamma, 26.2 for the normal distribution.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..compiling import compiled, log

ONE_MINUS_GAMMA = 0.42278433509846713
"""1 less Euler's constant."""

# zeta(k) - 1, k = 2, 3, ...; term 28 adds less than 1e-18 for |z| <= 1/2.
ZETA_MINUS_1 = (
    0.6449340668482264,
    0.2020569031595943,
    0.08232323371113819,
    0.03692775514336993,
    0.01734306198444914,
    0.008349277381922827,
    0.00407735619794434,
    0.0020083928260822143,
    0.0009945751278180853,
    0.0004941886041194645,
    0.0002460865533080483,
    0.00012271334757848915,
    6.124813505870483e-05,
    3.058823630702049e-05,
    1.528225940865187e-05,
    7.637197637899763e-06,
    3.81729326499984e-06,
    1.908212716553939e-06,
    9.539620338727962e-07,
    4.769329867878064e-07,
    2.38450502727733e-07,
    1.1921992596531106e-07,
    5.960818905125948e-08,
    2.980350351465228e-08,
    1.4901554828365043e-08,
    7.45071178983543e-09,
    3.725334024788457e-09,
)


@compiled
def log_gamma(x: float) -> float:
    """Log of Gamma(x), x > 0, to 2e-15 relative; inf at 0, nan below.

    The zeros at 1 and 2 are met exactly, and approached without loss of digits.
    """
    if not x > 0.0:
        return math.inf if x == 0.0 else math.nan
    if x > 10.0:
        return _stirling(x)
    if x < 0.5:  # two steps up
        return _around_2(x) - math.log1p(x) - math.log(x)
    if x < 1.5:  # one step up
        return _around_2(x - 1.0) - math.log1p(x - 1.0)
    product = 1.0
    while x > 2.5:  # as many steps down as it takes
        x -= 1.0
        product *= x
    return _around_2(x - 2.0) + math.log(product)


@compiled
def _around_2(z: float) -> float:
    """Log of Gamma(2 + z), |z| <= 1/2, by its power series."""
    total = 0.0
    for i in range(len(ZETA_MINUS_1) - 1, -1, -1):  # Horner's rule, smallest term first
        total = ZETA_MINUS_1[i] / (i + 2.0) - z * total
    return z * (ONE_MINUS_GAMMA + z * total)


@compiled
def _stirling(x: float) -> float:
    """Log of Gamma(x), x > 10."""
    y = 1.0 / x
    w = y * y
    tail = 1.0 / 156.0 - w * 3617.0 / 122400.0
    tail = 691.0 / 360360.0 - w * tail
    tail = 1.0 / 1188.0 - w * tail
    tail = 1.0 / 1680.0 - w * tail
    tail = 1.0 / 1260.0 - w * tail
    tail = 1.0 / 360.0 - w * tail
    tail = 1.0 / 12.0 - w * tail
    return (x - 0.5) * (log(x) - 1.0) - 0.5 + 0.5 * math.log(2.0 * math.pi) + y * tail


@compiled
def digamma(x: float) -> float:
    """Compute the derivative of log Gamma(x), x > 0; -inf at 0, nan below.

    The error is at most 1e-14, absolute or relative.  The recursion psi(x) = psi(x + 1) - 1 / x is
    used up to 10, and the asymptotic series (6.3.18) above.
    """
    if not x > 0.0:
        return -math.inf if x == 0.0 else math.nan
    down = 0.0
    while x < 10.0:
        down += 1.0 / x
        x += 1.0
    w = 1.0 / (x * x)
    tail = 1.0 / 132.0 - w * 691.0 / 32760.0
    tail = 1.0 / 240.0 - w * tail
    tail = 1.0 / 252.0 - w * tail
    tail = 1.0 / 120.0 - w * tail
    tail = 1.0 / 12.0 - w * tail
    return log(x) - 0.5 / x - w * tail - down


class LogCDF(NamedTuple):
    """Log of a distribution function and its derivative."""

    value: float
    slope: float


@compiled
def log_normal_cdf(x: float) -> LogCDF:
    """Log Phi(x) and its derivative phi / Phi, to 5e-13 relative however far x is out.

    Below -1.5, Phi(-t) = phi(t) / (t + 1/(t + 2/(t + 3/...))), a continued fraction (26.2.14);
    in the middle Phi(x) = 1/2 + phi(x) (x + x^3 / 3 + x^5 / 15 + ...) (26.2.11).
    """
    log_density = -0.5 * x * x - 0.5 * math.log(2.0 * math.pi)
    if x < -1.5:
        slope = _mills(-x)
        return LogCDF(log_density - log(slope), slope)
    density = math.exp(log_density)
    if x > 1.5:
        below = density / _mills(x)  # what is missing to 1
        return LogCDF(math.log1p(-below), density / (1.0 - below))
    term, total, n = x, 0.0, 1.0
    while abs(term) > 1e-18:
        total += term
        n += 2.0
        term *= x * x / n
    cdf = 0.5 + density * total
    return LogCDF(math.log(cdf), density / cdf)


@compiled
def log_logistic_cdf(x: float) -> LogCDF:
    """Log sigmoid(x) and its derivative, sigmoid(-x)."""
    e = math.exp(-abs(x))  # never overflows
    slope = e / (1.0 + e) if x > 0.0 else 1.0 / (1.0 + e)
    return LogCDF(min(x, 0.0) - math.log1p(e), slope)


@compiled
def _mills(t: float) -> float:
    """phi(t) / Phi(-t), t > 1.5: the continued fraction from its far end."""
    fraction = t
    for n in range(int(15.0 + 250.0 / (t * t)), 0, -1):
        fraction = t + n / fraction
    return fraction


class Logistic(NamedTuple):
    """The logistic function from both ends, so that neither loses digits beside the other."""

    below: float
    """sigmoid(v) = 1 / (1 + exp(-v))."""
    above: float
    """1 - sigmoid(v) = sigmoid(-v)."""
    log_slope: float
    """Log of the derivative: log sigmoid(v) + log sigmoid(-v)."""


@compiled
def logistic(v: float) -> Logistic:
    """sigmoid(v), its complement, and the logarithm of its derivative."""
    e = math.exp(-abs(v))  # never overflows
    large, small = 1.0 / (1.0 + e), e / (1.0 + e)
    log_slope = -abs(v) - 2.0 * math.log1p(e)
    if v > 0.0:
        return Logistic(large, small, log_slope)
    return Logistic(small, large, log_slope)
