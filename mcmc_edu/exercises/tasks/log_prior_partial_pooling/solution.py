"""A worked solution: the log prior of lines from a population."""

import math

import numpy as np


def log_prior_partial_pooling(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    """Add up the priors of the population, and of the individuals given the population."""
    scales = (sigma_alpha, sigma_beta, sigma)
    if not all(0.0 < s <= 10.0 for s in scales):
        return -math.inf
    population = normal(mu_alpha, 0.0, 3.0) + normal(mu_beta, 0.0, 3.0) - 3.0 * math.log(10.0)
    lines = normal(alpha, mu_alpha, sigma_alpha) + normal(beta, mu_beta, sigma_beta)
    return float(population + np.sum(lines))


def normal(x, mean, sd):
    """Log density of N(mean, sd)."""
    return -0.5 * math.log(2.0 * math.pi) - math.log(sd) - 0.5 * ((x - mean) / sd) ** 2
