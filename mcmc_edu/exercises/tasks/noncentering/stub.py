"""Exercise: eight schools, non-centred.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def noncentering(theta, y, se):
    """Return the log posterior of eight schools in coordinates that are not centred.

    The model is

        y_j ~ N(effect_j, se_j),    effect_j ~ N(mu, tau),    mu ~ N(0, 5),    tau ~ half-Cauchy(5)

    where the second argument of N is a standard deviation, and half-Cauchy(s) has a density in
    proportion to 1 / (1 + (tau / s)^2) for tau > 0.  The coordinates are theta = (mu, log tau, z),
    with effect_j = mu + tau * z_j, so that z_j ~ N(0, 1) independently.

    Return the log density *of theta* given y: the Jacobian of log tau is part of it.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    theta : array of floats, shape (2 + J,)
        mu; the natural logarithm of tau; z_1, ..., z_J.
    y, se : arrays of floats, shape (J,)
        Estimates and their standard errors.

    Returns
    -------
    float
        Log density of theta, up to a constant: it may differ from the log of the joint density by
        anything that depends on y, se and J only.
    """
    raise NotImplementedError
