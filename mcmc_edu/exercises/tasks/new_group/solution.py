"""A worked solution: outcomes of a new group."""

import numpy as np


def new_group(beta, Sigma, sigma, x, rng):
    """Make a line with the covariance T T' = Sigma for each draw, then add noise."""
    factor = np.linalg.cholesky(Sigma)
    z = rng.standard_normal(beta.shape)
    line = beta + np.einsum("sij,sj->si", factor, z)
    mean = line[:, :1] + line[:, 1:] * x
    return mean + sigma[:, np.newaxis] * rng.standard_normal(mean.shape)
