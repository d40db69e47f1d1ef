"""A worked solution: the leapfrog."""

import numpy as np


def leapfrog(theta, momentum, step_size, steps, gradient):
    """Kick, drift, kick; new arrays at each step leave the caller's as they are."""
    theta, momentum = np.asarray(theta, dtype=float), np.asarray(momentum, dtype=float)
    force = gradient(theta)
    for _ in range(steps):
        momentum = momentum + 0.5 * step_size * force
        theta = theta + step_size * momentum
        force = gradient(theta)
        momentum = momentum + 0.5 * step_size * force
    return theta, momentum
