"""A worked solution: the gradient of a normal model."""

import numpy as np


def gradient(theta, y):
    """Differentiate by mu, and by log sigma: d/d(log sigma) = sigma * d/d(sigma)."""
    sigma = np.exp(theta[1])
    z = (y - theta[0]) / sigma
    return np.array([np.sum(z) / sigma, np.sum(z**2 - 1.0) + 1.0])
