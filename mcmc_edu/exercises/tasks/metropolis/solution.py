"""A worked solution: Metropolis' random walk."""

import math

import numpy as np


def metropolis(log_density, theta0, scale, n, rng):
    """Propose, decide, record: whether it moved or not."""
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        proposal = theta + scale * rng.standard_normal(theta.size)
        logp_proposal = log_density(proposal)
        if math.log(1.0 - rng.random()) < logp_proposal - logp:
            theta, logp = proposal, logp_proposal
        draws[i] = theta
    return draws
