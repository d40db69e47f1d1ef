"""Eight schools: effects of coaching on test scores, eight estimates y_j with known errors sigma_j.

    y_j ~ N(theta_j, sigma_j),    theta_j ~ N(mu, tau),    mu ~ N(0, 5),    tau ~ half-Cauchy(0, 5)

The centred chain moves in (mu, log tau, theta), the non-centred chain in (mu, log tau, z) with
theta_j = mu + tau z_j.  Given tau the other parameters are normal, so the exact answer is an
integral over tau.

Source: D. B. Rubin (1981), *Journal of Educational Statistics* 6, 377-401, table 1; the priors are
those of the case in the posteriordb collection.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray, compiled, exp
from ..densities.priors import half_cauchy
from .target import Target

LOG_2_PI = math.log(2.0 * math.pi)
PRIOR_SD = 5.0
"""Prior sd of mu, and scale of tau's half-Cauchy prior."""


class Schools(NamedTuple):
    """Observations, shape (8,) each."""

    y: FloatArray
    """Estimated effect, points of the test."""
    sigma: FloatArray
    """Standard error of the estimated effect."""


def schools() -> Schools:
    """Return the data of Rubin (1981)."""
    return Schools(
        np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]),
        np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]),
    )


@compiled
def normal(x: float, mean: float, sd: float) -> float:
    """Log density of N(mean, sd) at x."""
    z = (x - mean) / sd
    return -0.5 * LOG_2_PI - math.log(sd) - 0.5 * z * z


@compiled
def centered(theta: FloatArray, grad: FloatArray, data: Schools) -> float:
    """Compute the log posterior of (mu, u = log tau, theta_1, ..., theta_8), up to a constant.

    The log-Jacobian of u, which is u, is part of `half_cauchy`.
    """
    mu, tau = theta[0], half_cauchy(theta[1], PRIOR_SD)
    logp = normal(mu, 0.0, PRIOR_SD) + tau.logp
    grad[0], grad[1] = -mu / (PRIOR_SD * PRIOR_SD), tau.d_logp
    inverse_tau = exp(-theta[1])  # tau itself may be 0
    for j in range(data.y.size):
        effect, sigma = theta[2 + j], data.sigma[j]
        z = (effect - mu) * inverse_tau
        residual = (data.y[j] - effect) / sigma
        logp += -0.5 * LOG_2_PI - theta[1] - 0.5 * z * z + normal(data.y[j], effect, sigma)
        grad[0] += z * inverse_tau
        grad[1] += z * z - 1.0
        grad[2 + j] = residual / sigma - z * inverse_tau
    return logp


@compiled
def noncentered(theta: FloatArray, grad: FloatArray, data: Schools) -> float:
    """Log posterior of (mu, u = log tau, z_1, ..., z_8), up to a constant; theta_j = mu + tau z_j.

    The log-Jacobian of u, which is u, is part of `half_cauchy`; z_j ~ N(0, 1) needs none.
    """
    mu, tau = theta[0], half_cauchy(theta[1], PRIOR_SD)
    logp = normal(mu, 0.0, PRIOR_SD) + tau.logp
    grad[0], grad[1] = -mu / (PRIOR_SD * PRIOR_SD), tau.d_logp
    for j in range(data.y.size):
        z, sigma = theta[2 + j], data.sigma[j]
        effect = mu + tau.tau * z
        d_effect = (data.y[j] - effect) / (sigma * sigma)
        logp += normal(z, 0.0, 1.0) + normal(data.y[j], effect, sigma)
        grad[0] += d_effect
        grad[1] += d_effect * z * tau.d_tau
        grad[2 + j] = d_effect * tau.tau - z
    return logp


class Given(NamedTuple):
    """The posterior given tau, for every tau of a grid of n, even in log tau."""

    log_tau: FloatArray
    """Shape (n, 1)."""
    weight: FloatArray
    """Posterior probability, shape (n, 1)."""
    mu: FloatArray
    """Mean of mu, shape (n, 1)."""
    mu_var: FloatArray
    """Variance of mu, shape (n, 1)."""
    pull: FloatArray
    """Mean of z_j given mu too, per point of y_j - mu, shape (n, 8)."""
    z_var: FloatArray
    """Variance of z_j given mu too, shape (n, 8)."""


def _given_tau(data: Schools) -> Given:
    """Integrate mu and theta out, exactly; on a smooth density the grid's sum is as good."""
    log_tau = np.linspace(-30.0, 10.0, 4001)[:, None]
    tau = np.exp(log_tau)
    var = tau**2 + data.sigma**2  # of y_j given mu
    mu_var = 1.0 / (1.0 / PRIOR_SD**2 + (1.0 / var).sum(1, keepdims=True))
    mu = mu_var * (data.y / var).sum(1, keepdims=True)
    log_marginal = 0.5 * (
        np.log(mu_var) + mu**2 / mu_var - (np.log(var) + data.y**2 / var).sum(1, keepdims=True)
    )
    log_prior = log_tau - np.log1p((tau / PRIOR_SD) ** 2)
    weight = np.exp(log_marginal + log_prior - (log_marginal + log_prior).max())
    return Given(
        log_tau, weight / weight.sum(), mu, mu_var, pull=tau / var, z_var=data.sigma**2 / var
    )


def exact_moments() -> Mapping[str, tuple[float, float]]:
    """Compute posterior mean and sd of mu, tau, log tau, each theta[j] and each z[j]."""
    data = schools()
    at = _given_tau(data)
    tau, nothing = np.exp(at.log_tau), np.zeros_like(at.log_tau)
    kept = 1.0 - tau * at.pull  # share of mu in the mean of theta_j
    z, z_var = at.pull * (data.y - at.mu), at.z_var + at.pull**2 * at.mu_var
    theta, theta_var = at.mu + tau * z, tau**2 * at.z_var + kept**2 * at.mu_var
    columns = {
        "mu": (at.mu, at.mu_var),
        "tau": (tau, nothing),
        "log_tau": (at.log_tau, nothing),
        **{f"theta[{j + 1}]": (theta[:, [j]], theta_var[:, [j]]) for j in range(8)},
        **{f"z[{j + 1}]": (z[:, [j]], z_var[:, [j]]) for j in range(8)},
    }
    moments = {}
    for name, (mean, var) in columns.items():
        average = float((at.weight * mean).sum())
        spread = float((at.weight * (var + (mean - average) ** 2)).sum())
        moments[name] = average, math.sqrt(spread)
    return moments


def exact_draws(rng: np.random.Generator, n: int) -> FloatArray:
    """Draw (mu, log tau, z_1, ..., z_8) from the posterior, shape (n, 10), without a chain.

    log tau by inverting its distribution function, between points of the grid linearly.
    """
    data = schools()
    at = _given_tau(data)
    weight, grid = at.weight[:, 0], at.log_tau[:, 0]
    below = np.cumsum(weight) - 0.5 * weight  # probability to the left of each point
    log_tau = np.interp(rng.random(n), below, grid)
    tau = np.exp(log_tau)[:, None]
    mu = np.interp(log_tau, grid, at.mu[:, 0])
    mu += rng.standard_normal(n) * np.sqrt(np.interp(log_tau, grid, at.mu_var[:, 0]))
    var = tau**2 + data.sigma**2
    z = tau / var * (data.y - mu[:, None])
    z += rng.standard_normal((n, 8)) * data.sigma / np.sqrt(var)
    return np.column_stack([mu, log_tau, z])


def eight_schools_centered() -> Target:
    """Make the eight schools' posterior of (mu, log tau, theta_1, ..., theta_8).

    A funnel where tau is small, which a sampler gets into too seldom: E tau = 3.598, and who
    stays out of the neck finds more.
    """

    def draws(rng: np.random.Generator, n: int) -> FloatArray:
        found = exact_draws(rng, n)
        found[:, 2:] = found[:, :1] + np.exp(found[:, 1:2]) * found[:, 2:]
        return found

    return _target("theta", centered, draws, "Little is known of tau: the centred form's funnel.")


def eight_schools_noncentered() -> Target:
    """Make the eight schools' posterior of (mu, log tau, z_1, ..., z_8), theta_j = mu + tau z_j."""
    return _target("z", noncentered, exact_draws, "The same posterior without the funnel.")


def _target(
    effect: str,
    log_density: Callable[..., float],
    draws: Callable[[np.random.Generator, int], FloatArray],
    about: str,
) -> Target:
    names = ("mu", "log_tau", *(f"{effect}[{j + 1}]" for j in range(8)))
    moments = exact_moments()
    return Target(
        name=f"eight schools, {log_density.__name__}",
        names=names,
        log_density=log_density,
        data=schools(),
        mean=np.array([moments[name][0] for name in names]),
        sd=np.array([moments[name][1] for name in names]),
        start=np.zeros(10),
        exact_draws=draws,
        about=about,
    )
