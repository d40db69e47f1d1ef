"""Exercise: the log prior of unrelated lines.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def log_prior_no_pooling(alpha, beta, sigma):
    """Return the log prior of lines that have nothing to do with each other.

    All parameters are independent:

        alpha_j ~ U(-100, 100),    beta_j ~ U(-100, 100),    sigma ~ U(0, 10)

    Constants are kept: the result is the logarithm of the joint prior density.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    alpha, beta : arrays of floats, shape (n,)
        Intercept and slope of each individual.
    sigma : float
        Standard deviation of the noise, not its logarithm; any number.

    Returns
    -------
    float
        The log density; -inf if any of the parameters lies outside its bounds, sigma = 0 included.
        The other bounds belong to the support: -100 and 100 are possible, and sigma = 10.
    """
    raise NotImplementedError
