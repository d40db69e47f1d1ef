"""Exercise: the estimator of James and Stein.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def james_stein(y, se):
    """Return the estimates of James and Stein, towards the mean, with the positive part.

    y_j ~ N(theta_j, se_j) with known standard deviations se_j, which may differ.  All J estimates
    are pulled towards their weighted mean by the same factor:

        m = sum(y_j / se_j^2) / sum(1 / se_j^2)
        S = sum((y_j - m)^2 / se_j^2)
        estimate_j = m + max(0, 1 - (J - 3) / S) * (y_j - m)

    (In lesson 13 all se_j are the same, and m is the plain mean.)

    The arrays that it is given must not be changed.

    Parameters
    ----------
    y : array of floats, shape (J,)
        Estimate for each group from its own data; J is at least 4, and S is not 0.
    se : array of floats, shape (J,)
        Their standard errors, positive.

    Returns
    -------
    array of floats, shape (J,)
    """
    raise NotImplementedError
