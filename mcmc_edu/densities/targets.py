"""Test targets: densities with known moments, each hard in one way of its own.

    normal, ill_conditioned_normal     scales and correlations
    banana                             a curved ridge
    funnel                             a scale that changes from place to place
    mixture                            two modes, and nothing in between
    eight_schools_centered, ..._noncentered     a small hierarchical model, in two coordinates

Every gradient is derived by hand, and held to differences by the tests.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray, compiled, exp
from .eight_schools import eight_schools_centered, eight_schools_noncentered
from .special import logistic
from .target import Target

__all__ = [
    "Target",
    "banana",
    "eight_schools_centered",
    "eight_schools_noncentered",
    "funnel",
    "ill_conditioned_normal",
    "mixture",
    "normal",
]

LOG_2_PI = math.log(2.0 * math.pi)


class Diagonal(NamedTuple):
    """A normal distribution of independent entries."""

    mean: FloatArray
    sd: FloatArray


class Dense(NamedTuple):
    """A normal distribution by its precision, the inverse of the covariance."""

    mean: FloatArray
    precision: FloatArray
    constant: float
    """Log density at the mean."""


@compiled
def diagonal_normal(theta: FloatArray, grad: FloatArray, data: Diagonal) -> float:
    """Add up log N(theta_i | mean_i, sd_i)."""
    logp = 0.0
    for i in range(theta.size):
        z = (theta[i] - data.mean[i]) / data.sd[i]
        grad[i] = -z / data.sd[i]
        logp -= 0.5 * z * z + math.log(data.sd[i]) + 0.5 * LOG_2_PI
    return logp


@compiled
def dense_normal(theta: FloatArray, grad: FloatArray, data: Dense) -> float:
    """Log density -d' P d / 2 and a constant, d = theta - mean; its gradient is -P d."""
    for i in range(theta.size):
        grad[i] = 0.0
    for j in range(theta.size):  # column by column, along the memory of a symmetric matrix
        d = theta[j] - data.mean[j]
        for i in range(theta.size):
            grad[i] -= data.precision[j, i] * d
    logp = data.constant
    for i in range(theta.size):
        logp += 0.5 * (theta[i] - data.mean[i]) * grad[i]
    return logp


def normal(covariance: ArrayLike, mean: ArrayLike = 0.0) -> Target:
    """Make a normal distribution.

    Parameters
    ----------
    covariance
        Matrix, shape (dim, dim), or variances, shape (dim,).
    mean
        Shape (dim,), or one number for all.

    Raises
    ------
    ValueError
        If `covariance` is not symmetric and positive definite.
    """
    matrix = np.asarray(covariance, dtype=float)
    if matrix.ndim == 1 and matrix.size:
        matrix = np.diag(matrix)
    root = _root(matrix)
    dim = len(matrix)
    center = np.broadcast_to(np.asarray(mean, dtype=float), dim).copy()
    sd = np.sqrt(np.diag(matrix))
    diagonal = np.count_nonzero(matrix) == dim
    constant = -0.5 * dim * LOG_2_PI - float(np.log(np.diag(root)).sum())
    return Target(
        name="normal",
        names=tuple(f"x[{i + 1}]" for i in range(dim)),
        log_density=diagonal_normal if diagonal else dense_normal,
        data=Diagonal(center, sd) if diagonal else Dense(center, np.linalg.inv(matrix), constant),
        mean=center,
        sd=sd,
        start=center + sd,
        exact_draws=lambda rng, n: center + rng.standard_normal((n, dim)) @ root.T,
        about="The easiest of all: a sampler that fails here has a bug.",
    )


def _root(covariance: FloatArray) -> FloatArray:
    if (
        covariance.ndim != 2
        or not np.isfinite(covariance).all()
        or covariance.shape != covariance.T.shape
        or not np.allclose(covariance, covariance.T, rtol=1e-12, atol=0.0)
    ):
        raise ValueError(
            f"covariance has shape {covariance.shape}; it must be a symmetric matrix (dim, dim) of "
            "finite numbers, or variances (dim,)"
        )
    try:
        root: FloatArray = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        raise ValueError(
            "covariance is not positive definite: some combination of the entries has a variance "
            "of 0 or less; add a little to the diagonal, or drop an entry"
        ) from None
    return root


def ill_conditioned_normal(
    dim: int = 100, condition: float = 1e4, rotation_seed: int | None = None
) -> Target:
    """Make a normal distribution whose variances run from 1 / `condition` to 1, evenly in the log.

    Parameters
    ----------
    dim
        Number of entries, at least 2.
    condition
        Largest variance by smallest.
    rotation_seed
        None leaves the axes along theta's entries, where a diagonal metric cures it; a number
        turns them at random, where only a dense one does.
    """
    variances = np.geomspace(1.0 / condition, 1.0, dim)
    covariance = np.diag(variances)
    if rotation_seed is not None:
        gaussian = np.random.default_rng(rotation_seed).standard_normal((dim, dim))
        axes, _ = np.linalg.qr(gaussian)
        covariance = (axes * variances) @ axes.T
        covariance = 0.5 * (covariance + covariance.T)
    target = normal(covariance)
    about = "One step size must serve all scales: the steps are short, the way is long."
    return Target(**vars(target) | {"name": "ill-conditioned normal", "about": about})


class Bend(NamedTuple):
    """How the banana is bent."""

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
    """Where the two modes of a mixture are: at `half` and -`half` along the first entry."""

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
