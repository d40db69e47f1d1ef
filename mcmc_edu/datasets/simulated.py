"""Data made from known lines: the seed post's, bit for bit, and any number of others.

alpha_j ~ N(mu_alpha, sigma_alpha),   beta_j ~ N(mu_beta, sigma_beta),   correlated rho
x_i ~ N(0, 1),   y_i ~ N(alpha_j + beta_j x_i, sigma)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..rstream import RStream
from .grouped import GroupedData, Truth

MU_ALPHA, MU_BETA, SIGMA_ALPHA, SIGMA_BETA, SIGMA = 2.0, -2.0, 1.0, 1.0, 2.0
"""The population and the noise (sd) of the post."""


def boelstad(seed: int = 1, individuals: int = 75, observations: int = 5) -> GroupedData:
    """Make the data of the seed post, as its R code does after ``set.seed(seed)``.

    75 individuals with a line each, alpha_j ~ N(2, 1) and beta_j ~ N(-2, 1), are observed 5 times
    with noise of sd 2: more noise than there are differences, which is when pooling pays.

    Parameters
    ----------
    seed
        R's seed; the post takes 1.
    individuals, observations
        How many individuals, and how many observations of each.

    Returns
    -------
    GroupedData
        Rows individual by individual, with the true lines.

    Source
    ------
    J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.

    Examples
    --------
    >>> boelstad(seed=1).y[:5].round(8).tolist()
    [-2.76466397, -1.99567182, 2.20708395, 2.75054243, 0.01693105]
    """
    made = boelstad_from(RStream(seed), individuals, observations)
    return replace(made, post_seed=int(seed))


def stream_after(data: GroupedData) -> RStream | None:
    """Find R's stream as the post's code leaves it after making these data.

    Returns
    -------
    RStream or None
        None if the post's code did not make them: `post_seed` is not set, or what it makes has
        other values.
    """
    if data.post_seed is None or data.y.size % data.groups:
        return None
    stream = RStream(data.post_seed)
    made = boelstad_from(stream, data.groups, data.y.size // data.groups)
    columns = ("y", "x", "group")
    same = all(np.array_equal(getattr(made, c), getattr(data, c)) for c in columns)
    return stream if same else None


def boelstad_from(stream: RStream, individuals: int = 75, observations: int = 5) -> GroupedData:
    """Make the data of the seed post from a stream that goes on afterwards, as the post's does."""
    _positive("individuals", individuals, 2)
    _positive("observations", observations, 1)
    size = individuals * observations
    alpha = stream.rnorm(individuals, MU_ALPHA, SIGMA_ALPHA)
    beta = stream.rnorm(individuals, MU_BETA, SIGMA_BETA)
    x = stream.rnorm(size).reshape(observations, individuals).T.ravel()  # R fills by column
    group = np.repeat(np.arange(individuals), observations)
    y = stream.rnorm(size, alpha[group] + beta[group] * x, SIGMA)
    return GroupedData(y, x, group, _numbered(individuals), Truth(alpha, beta))


def simulate(
    individuals: int = 75,
    observations: int | Sequence[int] = 5,
    *,
    mu_alpha: float = MU_ALPHA,
    mu_beta: float = MU_BETA,
    sigma_alpha: float = SIGMA_ALPHA,
    sigma_beta: float = SIGMA_BETA,
    rho: float = 0.0,
    sigma: float = SIGMA,
    seed: int | np.random.SeedSequence | None = None,
) -> GroupedData:
    """Make data of the same kind with NumPy's random numbers, of any size and balance.

    Parameters
    ----------
    individuals
        Number of individuals, at least 2.
    observations
        Observations of each individual: one number, or one for each individual.
    mu_alpha, mu_beta
        Population means of intercept and slope.
    sigma_alpha, sigma_beta
        Their population sds, 0 or more.
    rho
        Their correlation, from -1 to 1.
    sigma
        Noise, an sd, 0 or more.
    seed
        Seed of the random numbers.

    Returns
    -------
    GroupedData
        Rows individual by individual, with the true lines.

    Examples
    --------
    >>> simulate(3, [1, 2, 4], seed=1).group.tolist()
    [0, 1, 1, 2, 2, 2, 2]
    """
    _positive("individuals", individuals, 2)
    counts = np.asarray(observations)
    if counts.ndim == 0:
        counts = np.full(individuals, counts)
    if counts.shape != (individuals,) or counts.dtype.kind not in "iu" or (counts < 1).any():
        raise ValueError(
            f"observations is {observations!r}; it must be a positive integer, or {individuals} of "
            "them, one for each individual"
        )
    for name, mean in (("mu_alpha", mu_alpha), ("mu_beta", mu_beta)):
        if not np.isfinite(mean):
            raise ValueError(f"{name} is {mean}; a mean is a finite number")
    for name, sd in (("sigma_alpha", sigma_alpha), ("sigma_beta", sigma_beta), ("sigma", sigma)):
        if not 0.0 <= sd < np.inf:
            raise ValueError(f"{name} is {sd}; a standard deviation is a finite number, 0 or more")
    if not -1.0 <= rho <= 1.0:
        raise ValueError(f"rho is {rho}; a correlation is from -1 to 1")
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((2, individuals))
    alpha = mu_alpha + sigma_alpha * z[0]
    beta = mu_beta + sigma_beta * (rho * z[0] + np.sqrt(1.0 - rho * rho) * z[1])
    group = np.repeat(np.arange(individuals), counts)
    x = rng.standard_normal(group.size)
    y = alpha[group] + beta[group] * x + sigma * rng.standard_normal(group.size)
    return GroupedData(y, x, group, _numbered(individuals), Truth(alpha, beta))


def _numbered(individuals: int) -> tuple[str, ...]:
    return tuple(str(j + 1) for j in range(individuals))


def _positive(name: str, value: int, least: int) -> None:
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}; it must be an integer, {least} or more")
