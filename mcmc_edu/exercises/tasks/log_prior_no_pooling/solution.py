"""A worked solution: the log prior of unrelated lines."""

import math

import numpy as np


def log_prior_no_pooling(alpha, beta, sigma):
    """Multiply densities of 1 / 200 for each line's two numbers, and 1 / 10 for sigma."""
    inside = np.all(np.abs(alpha) <= 100.0) and np.all(np.abs(beta) <= 100.0)
    if not (inside and 0.0 < sigma <= 10.0):
        return -math.inf
    return -(len(alpha) + len(beta)) * math.log(200.0) - math.log(10.0)
