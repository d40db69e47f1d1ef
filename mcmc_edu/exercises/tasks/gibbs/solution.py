"""A worked solution: Gibbs sampling of a mean and a standard deviation."""

import numpy as np


def gibbs(y, n, rng):
    """Both conditional distributions are of the kind of their priors: normal, inverse gamma."""
    draws = np.empty((n, 2))
    variance = 1.0
    for i in range(n):
        precision = y.size / variance + 1.0 / 10.0**2
        mu = rng.normal(y.sum() / variance / precision, 1.0 / np.sqrt(precision))
        rate = 2.0 + 0.5 * np.sum((y - mu) ** 2)
        variance = 1.0 / rng.gamma(2.0 + 0.5 * y.size, 1.0 / rate)
        draws[i] = mu, np.sqrt(variance)
    return draws
