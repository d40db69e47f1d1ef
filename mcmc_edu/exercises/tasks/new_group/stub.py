"""Exercise: outcomes of a new group.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def new_group(beta, Sigma, sigma, x, rng):
    """Draw outcomes of a group that is not in the data.

    A hierarchical model with a line for each group, (intercept, slope) ~ N(beta, Sigma), was
    fitted, and there are S posterior draws of beta, Sigma and sigma.  For *each* of them draw one
    new group: its own intercept and slope once, then an outcome at every x:

        (a, b) ~ N(beta_s, Sigma_s)
        y_i    ~ N(a + b x_i, sigma_s)              i = 1, ..., n

    Sigma_s is a covariance matrix, sigma_s a standard deviation.  A loop over the S posterior draws
    is fine.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    beta : array of floats, shape (S, 2)
        Mean intercept and mean slope of the population, a posterior draw in each row.
    Sigma : array of floats, shape (S, 2, 2)
        Covariance matrix of intercept and slope; positive definite.
    sigma : array of floats, shape (S,)
        Standard deviation of the noise, positive.
    x : array of floats, shape (n,)
        Where outcomes are wanted.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (S, n)
        Row s holds outcomes of the group that was drawn with the s-th posterior draw.
    """
    raise NotImplementedError
