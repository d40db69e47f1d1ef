"""Normal distributions as test targets: of any covariance, or ill-conditioned on purpose.

log p(theta) = -(theta - mean)' P (theta - mean) / 2 - log det(2 pi Sigma) / 2,    P = Sigma^-1
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray, compiled
from .target import Target

LOG_2_PI = math.log(2.0 * math.pi)


class Diagonal(NamedTuple):
    """A normal distribution of independent entries."""

    mean: FloatArray
    precision: FloatArray
    """1 / variance of each."""
    constant: float
    """Log density at the mean."""


class Dense(NamedTuple):
    """A normal distribution by its precision, the inverse of the covariance."""

    mean: FloatArray
    precision: FloatArray
    constant: float
    """Log density at the mean."""


@compiled
def diagonal_normal(theta: FloatArray, grad: FloatArray, data: Diagonal) -> float:
    """Add up log N(theta_i | mean_i, sd_i)."""
    logp = data.constant
    for i in range(theta.size):
        d = theta[i] - data.mean[i]
        slope = data.precision[i] * d
        grad[i] = -slope
        logp -= 0.5 * slope * d
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
    chol = _cholesky(matrix)
    dim = len(matrix)
    center = np.broadcast_to(np.asarray(mean, dtype=float), dim).copy()
    sd = np.sqrt(np.diag(matrix))
    diagonal = np.count_nonzero(matrix) == dim
    constant = -0.5 * dim * LOG_2_PI - float(np.log(np.diag(chol)).sum())
    data = (
        Diagonal(center, 1.0 / np.diag(matrix), constant)
        if diagonal
        else Dense(center, np.linalg.inv(matrix), constant)
    )
    return Target(
        name="normal",
        names=tuple(f"x[{i + 1}]" for i in range(dim)),
        log_density=diagonal_normal if diagonal else dense_normal,
        data=data,
        mean=center,
        sd=sd,
        start=center + sd,
        exact_draws=lambda rng, n: center + rng.standard_normal((n, dim)) @ chol.T,
        about="The easiest of all: a sampler that fails here has a bug.",
    )


def _cholesky(covariance: FloatArray) -> FloatArray:
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
        chol: FloatArray = np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise ValueError(
            "covariance is not positive definite: some combination of the entries has a variance "
            "of 0 or less; add a little to the diagonal, or drop an entry"
        ) from None
    return chol


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
