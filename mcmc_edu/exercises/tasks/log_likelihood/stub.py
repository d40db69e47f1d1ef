"""Exercise: the log likelihood of many lines.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def log_likelihood(y, x, alpha, beta, sigma, group):
    """Return the log likelihood of lines, one for each individual.

    Row i belongs to individual j = group[i], and

        y_i ~ N(alpha_j + beta_j x_i, sigma)

    where the second argument of N is a standard deviation.  Constants are kept: the result is the
    logarithm of the joint density of all y, not something that differs from it by a constant.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    y, x : arrays of floats, shape (rows,)
        Outcome and predictor of each row.
    alpha, beta : arrays of floats, shape (n,)
        Intercept and slope of each individual.
    sigma : float
        Standard deviation of the noise, positive.
    group : array of integers, shape (rows,)
        Individual of each row, 0 to n - 1, in any order; individuals may have different numbers of
        rows, or none.

    Returns
    -------
    float
        The sum of the log densities.  With many rows it may be far below -1000, and is finite.
    """
    raise NotImplementedError
