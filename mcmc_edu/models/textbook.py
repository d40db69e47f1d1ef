"""One likelihood, three priors: the shrinkage demonstration's models, as they stand on paper.

Individual j is observed n_j times, and every individual has a line of its own:

    y_i ~ N(alpha_j + beta_j x_i, sigma),      j = group of row i                (the likelihood)

What is believed about the lines before the data are seen makes three models of it:

    complete pooling   all lines are one line:  alpha_j = alpha, beta_j = beta
                       alpha, beta ~ U(-100, 100)
    no pooling         each line stands alone:  alpha_j, beta_j ~ U(-100, 100)
    partial pooling    the lines are a population:
                       alpha_j ~ N(mu_alpha, sigma_alpha),   mu_alpha ~ N(0, 3)
                       beta_j  ~ N(mu_beta,  sigma_beta),    mu_beta  ~ N(0, 3)

Every sigma ~ U(0, 10).  The second argument of N is a standard deviation throughout.

The code below is the formulas above, in the coordinates they are written in (sigma, not its
logarithm), made to be read; faster forms of the same posteriors are checked against it.

Source: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net, for the
second and third model; complete pooling is added here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray, compiled, log
from ..datasets import GroupedData


class Observations(NamedTuple):
    """Observations, one per row: the data of the three log posteriors."""

    y: FloatArray
    """Outcome, shape (rows,)."""
    x: FloatArray
    """Predictor, shape (rows,)."""
    group: NDArray[np.int64]
    """Individual of each row, 0 to `groups` - 1, shape (rows,)."""
    groups: int
    """Number of individuals."""


def observations(data: GroupedData) -> Observations:
    """Take from a data set what the log posteriors need."""
    return Observations(data.y, data.x, data.group, data.groups)


@compiled
def log_likelihood(alpha: FloatArray, beta: FloatArray, sigma: float, data: Observations) -> float:
    """Add up log N(y_i | alpha_j + beta_j x_i, sigma); `alpha`, `beta`: shape (groups,)."""
    total = 0.0
    for i in range(data.y.size):
        j = data.group[i]
        total += normal(data.y[i], alpha[j] + beta[j] * data.x[i], sigma)
    return total


@compiled
def complete_pooling(theta: FloatArray, data: Observations) -> float:
    """Compute the log posterior of theta = (alpha, beta, sigma): one line for everybody."""
    alpha, beta, sigma = theta[0], theta[1], theta[2]
    prior = uniform(alpha, -100.0, 100.0) + uniform(beta, -100.0, 100.0) + scale(sigma)
    if prior == -math.inf:
        return prior
    everybody = np.ones(data.groups)
    return prior + log_likelihood(alpha * everybody, beta * everybody, sigma, data)


@compiled
def no_pooling(theta: FloatArray, data: Observations) -> float:
    """Compute the log posterior of unrelated lines.

    theta = (alpha_1, ..., beta_1, ..., sigma) has a line for each individual.
    """
    n = data.groups
    alpha, beta, sigma = theta[:n], theta[n : 2 * n], theta[2 * n]
    prior = scale(sigma)
    for j in range(n):
        prior += uniform(alpha[j], -100.0, 100.0) + uniform(beta[j], -100.0, 100.0)
    if prior == -math.inf:
        return prior
    return prior + log_likelihood(alpha, beta, sigma, data)


@compiled
def partial_pooling(theta: FloatArray, data: Observations) -> float:
    """Compute the log posterior of lines drawn from a population, which is learnt as well.

    theta = (alpha_1, ..., beta_1, ..., mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma).
    """
    n = data.groups
    alpha, beta = theta[:n], theta[n : 2 * n]
    mu_alpha, mu_beta = theta[2 * n], theta[2 * n + 1]
    sigma_alpha, sigma_beta, sigma = theta[2 * n + 2], theta[2 * n + 3], theta[2 * n + 4]
    prior = normal(mu_alpha, 0.0, 3.0) + normal(mu_beta, 0.0, 3.0)
    prior += scale(sigma_alpha) + scale(sigma_beta) + scale(sigma)
    if prior == -math.inf:
        return prior
    for j in range(n):
        prior += normal(alpha[j], mu_alpha, sigma_alpha) + normal(beta[j], mu_beta, sigma_beta)
    return prior + log_likelihood(alpha, beta, sigma, data)


@compiled
def normal(x: float, mean: float, sd: float) -> float:
    """Log density of N(mean, sd) at x."""
    z = (x - mean) / sd
    return -0.5 * math.log(2.0 * math.pi) - log(sd) - 0.5 * z * z


@compiled
def uniform(x: float, low: float, high: float) -> float:
    """Log density of U(low, high) at x; the ends belong to it."""
    return -log(high - low) if low <= x <= high else -math.inf


@compiled
def scale(sigma: float) -> float:
    """Return the log prior of a standard deviation, U(0, 10); 0 itself is excluded."""
    return uniform(sigma, 0.0, 10.0) if sigma > 0.0 else -math.inf


PARAMETERS = {
    "complete": ("alpha", "beta", "sigma"),
    "none": ("alpha[]", "beta[]", "sigma"),
    "partial": ("alpha[]", "beta[]", "mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma"),
}
"""Layout of theta under each pooling; ``[]`` stands for one entry per individual."""


def parameter_names(pooling: str, groups: int) -> list[str]:
    """Name the entries of theta, in order.

    Parameters
    ----------
    pooling
        ``"complete"``, ``"none"`` or ``"partial"``.
    groups
        Number of individuals.
    """
    names: list[str] = []
    for name in PARAMETERS[pooling]:
        stem = name.removesuffix("[]")
        names += [name] if stem == name else [f"{stem}[{j}]" for j in range(groups)]
    return names
