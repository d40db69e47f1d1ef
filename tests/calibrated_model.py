"""Partial pooling to be calibrated: its prior, its data, what is ranked, and planted bugs."""

import math
from dataclasses import replace

import numpy as np

import mcmc_edu as me
from mcmc_edu.datasets import grouped
from mcmc_edu.regression.density.lines.posterior import log_density

GROUPS, ROWS = 8, 5
FORMS, RIGHT = ("collapsed", "noncentered"), log_density
X = np.random.default_rng(20).standard_normal(GROUPS * ROWS)
GROUP = np.repeat(np.arange(GROUPS), ROWS)


def prior(rng):
    """mu ~ N(0, 3), scales ~ U(0, 10), lines from their population."""
    (mu_alpha, mu_beta), scales = 3.0 * rng.standard_normal(2), 10.0 * rng.random(3)
    return {
        "alpha": mu_alpha + scales[0] * rng.standard_normal(GROUPS),
        "beta": mu_beta + scales[1] * rng.standard_normal(GROUPS),
        "mu_alpha": mu_alpha,
        "mu_beta": mu_beta,
        "sigma_alpha": scales[0],
        "sigma_beta": scales[1],
        "sigma": scales[2],
    }


def simulate(rng, p):
    noise = p["sigma"] * rng.standard_normal(X.size)
    return grouped(p["alpha"][GROUP] + p["beta"][GROUP] * X + noise, X, GROUP)


def quantities(p, data):
    z = (data.y[:, None] - p["alpha"][GROUP] - p["beta"][GROUP] * X[:, None]) / p["sigma"]
    log_prior = -0.5 * (p["mu_alpha"] ** 2 + p["mu_beta"] ** 2) / 9.0
    for effect in ("alpha", "beta"):
        scale = p[f"sigma_{effect}"]
        spread = np.sum((p[effect] - p[f"mu_{effect}"]) ** 2, axis=0) / scale**2
        log_prior = log_prior - 0.5 * spread - GROUPS * np.log(scale)
    scalars = {name: x for name, x in p.items() if x.ndim == 1}
    return scalars | {
        "alpha[0]": p["alpha"][0],
        "beta[0]": p["beta"][0],
        "log_likelihood": -0.5 * np.sum(z * z, axis=0) - X.size * np.log(p["sigma"]),
        "log_prior": log_prior,
    }


def posterior(form, log_density=None):
    """What `sampled` calls: a form of the model with its own density, or another."""

    def of(data):
        found = me.models.partial_pooling(data, form)
        return replace(found, log_density=log_density or found.log_density)

    return of


def calibrate(form, log_density=None, *, replicates=200, sampler=None, warmup=500, draws=1000):
    fit = me.verification.sampled(
        posterior(form, log_density), sampler=sampler or me.NUTS(), warmup=warmup, draws=draws
    )
    return me.verification.sbc(prior, simulate, fit, quantities, replicates=replicates, seed=15)


def without_jacobian(right):
    """The log-Jacobian of sigma, log(s (1 - s)) with s = sigma / 10, is left out."""

    def wrong(theta, grad, data):
        logp = right(theta, grad, data)
        v = theta[2]
        grad[2] += math.tanh(0.5 * v)
        return logp + abs(v) + 2.0 * math.log1p(math.exp(-abs(v)))

    return wrong


def one_group_short(right):
    """-(J - 1) log sigma_alpha where the population's density has -J log sigma_alpha."""

    def wrong(theta, grad, data):
        logp = right(theta, grad, data)
        rest = 1.0 / (1.0 + math.exp(theta[3]))  # 1 - sigma_alpha / 10
        grad[3] += rest
        return logp + theta[3] + math.log(rest)

    return wrong


def variance_for_sd(right):
    """mu ~ N(0, 3) with 3 taken for the variance."""

    def wrong(theta, grad, data):
        logp = right(theta, grad, data)
        for k in range(2):
            sd = data.priors[k, 2]  # 3, in theta's units
            z = theta[k] / sd
            grad[k] += z / sd - 3.0 * z / sd
            logp += 0.5 * z * z - 1.5 * z * z
        return logp

    return wrong


def without_likelihood(right):
    """The posterior is the prior."""

    def wrong(theta, grad, data):
        logp = 0.0
        for k in range(2):
            sd = data.priors[k, 2]
            grad[k] = -theta[k] / (sd * sd)
            logp += 0.5 * theta[k] * grad[k]
        for k in range(2, 5):
            grad[k] = -math.tanh(0.5 * theta[k])
            logp -= abs(theta[k]) + 2.0 * math.log1p(math.exp(-abs(theta[k])))
        for i in range(5, theta.size):
            grad[i] = -theta[i]
            logp -= 0.5 * theta[i] * theta[i]
        return logp

    return wrong


BUGS = {
    "dropped Jacobian": without_jacobian,
    "J - 1 for J": one_group_short,
    "variance for sd": variance_for_sd,
    "no likelihood": without_likelihood,
}
