"""Exercise: the root mean squared error.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def rmse(estimate, truth):
    """Return the root mean squared error of estimates.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    estimate, truth : array, shape (J,)
        One estimate and one true value for each group.

    Returns
    -------
    float
        Square root of the mean of the squared differences.
    """
    raise NotImplementedError
