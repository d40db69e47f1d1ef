"""Densities that are hard in one way of their own: a ridge, a funnel, two modes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, exp
from ..densities.special import logistic
from .target import Target

LOG_2_PI = math.log(2.0 * math.pi)


class Bend(NamedTuple):
    """Bend of the banana."""

    sd: float
    bend: float


@compiled
def bent_normal(theta: FloatArray, grad: FloatArray, data: Bend) -> float:
    """Log of N(x | 0, sd) N(y | bend (x^2 - sd^2), 1) at theta = (x, y)."""
    x = theta[0] / data.sd
    y = theta[1] - data.bend * (theta[0] * theta[0] - data.sd * data.sd)
    grad[0] = -x / data.sd + 2.0 * y * data.bend * theta[0]
    grad[1] = -y
    logp: float = -LOG_2_PI - math.log(data.sd) - 0.5 * x * x - 0.5 * y * y
    return logp


def banana(sd: float = 10.0, bend: float = 0.03) -> Target:
    """Make a curved ridge: x ~ N(0, sd), y ~ N(bend (x^2 - sd^2), 1).

    E y = 0, and Var y = 1 + bend^2 Var x^2 = 1 + 2 bend^2 sd^4.

    Source: H. Haario, E. Saksman, J. Tamminen (1999), *Computational Statistics* 14, 375-395.
    """

    def exact_draws(rng: np.random.Generator, n: int) -> FloatArray:
        x = sd * rng.standard_normal(n)
        return np.column_stack([x, rng.standard_normal(n) + bend * (x * x - sd * sd)])

    return Target(
        name="banana",
        names=("x", "y"),
        log_density=bent_normal,
        data=Bend(float(sd), float(bend)),
        mean=np.zeros(2),
        sd=np.array([sd, math.sqrt(1.0 + 2.0 * bend * bend * sd**4)]),
        start=np.zeros(2),
        exact_draws=exact_draws,
        about="The best direction to step in changes along the ridge; no single metric fits.",
    )


@compiled
def neal_funnel(theta: FloatArray, grad: FloatArray, data: tuple[()]) -> float:
    """Log of N(v | 0, 3) prod N(x_i | 0, exp(v / 2)) at theta = (v, x_1, x_2, ...)."""
    v, precision = theta[0], exp(-theta[0])
    logp: float = -v * v / 18.0 - math.log(3.0) - 0.5 * LOG_2_PI
    grad[0] = -v / 9.0
    for i in range(1, theta.size):
        z2 = theta[i] * theta[i] * precision
        logp -= 0.5 * (z2 + v + LOG_2_PI)
        grad[0] += 0.5 * (z2 - 1.0)
        grad[i] = -theta[i] * precision
    return logp


def funnel(dim: int = 10) -> Target:
    """Make a funnel: v ~ N(0, 3) and, given v, x_i ~ N(0, exp(v / 2)), i = 1 to dim - 1.

    E x_i = 0 and Var x_i = E exp(v) = exp(9 / 2), an average of very unequal parts: judge a
    sampler by v.

    Source: R. M. Neal (2003), *Annals of Statistics* 31, 705-767, section 8.
    """

    def exact_draws(rng: np.random.Generator, n: int) -> FloatArray:
        v = 3.0 * rng.standard_normal(n)
        x = np.exp(0.5 * v)[:, None] * rng.standard_normal((n, dim - 1))
        return np.column_stack([v, x])

    return Target(
        name="funnel",
        names=("v", *(f"x[{i}]" for i in range(1, dim))),
        log_density=neal_funnel,
        data=(),
        mean=np.zeros(dim),
        sd=np.array([3.0, *[math.exp(2.25)] * (dim - 1)]),
        start=np.zeros(dim),
        exact_draws=exact_draws,
        about="Centred hierarchical models look like this: no step size suits mouth and neck.",
    )


class Modes(NamedTuple):
    """Positions of a mixture's two modes: `half` and -`half` along the first entry."""

    half: float
    weight: float
    """Probability of the mode at +`half`."""


@compiled
def two_modes(theta: FloatArray, grad: FloatArray, data: Modes) -> float:
    """Log of weight N(x | half, 1) + (1 - weight) N(x | -half, 1), times N(0, 1) of the others."""
    x, m = theta[0], data.half
    right = math.log(data.weight) - 0.5 * (x - m) * (x - m)
    left = math.log(1.0 - data.weight) - 0.5 * (x + m) * (x + m)
    logp: float = max(right, left) + math.log1p(math.exp(-abs(right - left))) - 0.5 * LOG_2_PI
    share = logistic(right - left)  # of the right mode, and of the left
    grad[0] = -share.below * (x - m) - share.above * (x + m)
    for i in range(1, theta.size):
        logp -= 0.5 * (theta[i] * theta[i] + LOG_2_PI)
        grad[i] = -theta[i]
    return logp


def mixture(separation: float = 10.0, weight: float = 0.3, dim: int = 2) -> Target:
    """Make two normal modes along the first entry, `separation` standard deviations apart.

    At 10 a chain never crosses, and each chain reports the mode that it started in.  Of four chains
    that start two in each mode, R-hat says 1.7, of three and one 1.5, and rightly: do not use the
    draws.  If all start in the same mode, R-hat says 1.00 while the mean is wrong by 3 or by 7: no
    diagnostic sees a mode that no chain has visited.  Start chains far apart.

    Parameters
    ----------
    separation
        Distance of the modes, each with sd 1.
    weight
        Probability of the mode at +`separation` / 2; not 1/2, so that chains shared out evenly
        over the modes give a wrong mean too.
    dim
        Number of entries; all but the first are N(0, 1).
    """
    if not 0.0 < weight < 1.0:
        raise ValueError(f"weight is {weight!r}; it must be between 0 and 1")
    half = 0.5 * separation

    def exact_draws(rng: np.random.Generator, n: int) -> FloatArray:
        draws = rng.standard_normal((n, dim))
        draws[:, 0] += np.where(rng.random(n) < weight, half, -half)
        return draws

    return Target(
        name="mixture",
        names=tuple(f"x[{i + 1}]" for i in range(dim)),
        log_density=two_modes,
        data=Modes(half, float(weight)),
        mean=np.array([(2.0 * weight - 1.0) * half, *[0.0] * (dim - 1)]),
        sd=np.array([math.sqrt(1.0 + weight * (1.0 - weight) * separation**2), *[1.0] * (dim - 1)]),
        start=np.zeros(dim),
        exact_draws=exact_draws,
        about="Two modes that no local sampler goes between; R-hat must say so.",
    )
