"""A worked solution: Metropolis-Hastings, for positive parameters."""

import math

import numpy as np


def metropolis_hastings(log_density, theta0, scale, n, rng):
    """Correct for the proposal: q(theta | new) / q(new | theta) = product of new / theta."""
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        step = scale * rng.standard_normal(theta.size)
        proposal = theta * np.exp(step)
        logp_proposal = log_density(proposal)
        if math.log(1.0 - rng.random()) < logp_proposal - logp + step.sum():
            theta, logp = proposal, logp_proposal
        draws[i] = theta
    return draws
