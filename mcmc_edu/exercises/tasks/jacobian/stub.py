"""Exercise: the Jacobian of a logarithm.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def jacobian(u, rate):
    """Return the log density of u = log(sigma), where sigma is exponential.

    sigma has the density rate * exp(-rate * sigma) for sigma > 0, so that its mean is 1 / rate.
    Return the logarithm of the density *of u*, with constants.

    Parameters
    ----------
    u : float
        The natural logarithm of sigma, between -1000 and 700.
    rate : float
        Rate of the exponential distribution, positive.

    Returns
    -------
    float
        Log density of u; finite as long as rate * exp(u) is.
    """
    raise NotImplementedError
