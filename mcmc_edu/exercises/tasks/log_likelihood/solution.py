"""A worked solution: the log likelihood of many lines."""

import numpy as np


def log_likelihood(y, x, alpha, beta, sigma, group):
    """Give each row its line, and add up normal log densities."""
    z = (y - alpha[group] - beta[group] * x) / sigma
    return float(np.sum(-0.5 * np.log(2.0 * np.pi) - np.log(sigma) - 0.5 * z**2))
