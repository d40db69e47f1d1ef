"""Exercise: the log prior of lines from a population.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def log_prior_partial_pooling(alpha, beta, mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma):
    """Return the log prior of lines that are drawn from a population, which is learnt as well.

        alpha_j ~ N(mu_alpha, sigma_alpha),    mu_alpha ~ N(0, 3),    sigma_alpha ~ U(0, 10)
        beta_j  ~ N(mu_beta,  sigma_beta),     mu_beta  ~ N(0, 3),    sigma_beta  ~ U(0, 10)
        sigma   ~ U(0, 10)

    where the second argument of N is a standard deviation.  Constants are kept: the result is the
    logarithm of the joint prior density of all parameters.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    alpha, beta : arrays of floats, shape (n,)
        Intercept and slope of each individual.
    mu_alpha, mu_beta : float
        Means of the population.
    sigma_alpha, sigma_beta : float
        Standard deviations of the population, not their logarithms; any numbers.
    sigma : float
        Standard deviation of the noise; any number.

    Returns
    -------
    float
        The log density; -inf if any of the three sigmas lies outside its bounds.  0 is outside, 10
        is inside.  Intercepts, slopes and means have no bounds.
    """
    raise NotImplementedError
