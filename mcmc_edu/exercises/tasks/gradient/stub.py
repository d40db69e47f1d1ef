"""Exercise: the gradient of a normal model.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def gradient(theta, y):
    """Return the gradient of a log density of theta = (mu, log sigma).

    The model is y_i ~ N(mu, sigma), sigma being a standard deviation.  The prior is flat in mu and
    in sigma itself; because theta holds the logarithm of sigma, the log density of theta has a
    Jacobian, log sigma:

        log_density(theta) = sum over i of [-log(sigma) - (y_i - mu)^2 / (2 sigma^2)] + log(sigma)

    Parameters
    ----------
    theta : array of floats, shape (2,)
        mu, and the natural logarithm of sigma.  Must not be changed.
    y : array of floats, shape (N,)
        Outcomes; N is at least 1.  Must not be changed.

    Returns
    -------
    array of floats, shape (2,)
        Derivatives by mu and by log sigma, to a relative accuracy of 1e-6 or better: write them as
        formulas.
    """
    raise NotImplementedError
