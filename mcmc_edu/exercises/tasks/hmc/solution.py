"""A worked solution: Hamiltonian Monte Carlo."""

import math

import numpy as np


def hmc(log_density, gradient, theta0, step_size, steps, n, rng):
    """Draw a momentum, follow it, and decide by the energies at both ends."""
    theta = np.array(theta0, dtype=float)
    logp = log_density(theta)
    draws = np.empty((n, theta.size))
    for i in range(n):
        momentum = rng.standard_normal(theta.size)
        start = 0.5 * momentum @ momentum - logp
        there, momentum = leapfrog(theta, momentum, step_size, steps, gradient)
        logp_there = log_density(there)
        end = 0.5 * momentum @ momentum - logp_there
        if math.log(1.0 - rng.random()) < start - end:  # False if the end is NaN
            theta, logp = there, logp_there
        draws[i] = theta
    return draws


def leapfrog(theta, momentum, step_size, steps, gradient):
    """Kick, drift, kick, in new arrays."""
    for _ in range(steps):
        momentum = momentum + 0.5 * step_size * gradient(theta)
        theta = theta + step_size * momentum
        momentum = momentum + 0.5 * step_size * gradient(theta)
    return theta, momentum
