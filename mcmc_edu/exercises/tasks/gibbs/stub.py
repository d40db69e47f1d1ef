"""Exercise: Gibbs sampling of a mean and a standard deviation.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def gibbs(y, n, rng):
    """Draw from the posterior of mu and sigma by Gibbs sampling.

    The model is

        y_i ~ N(mu, sigma),    mu ~ N(0, 10),    sigma^2 ~ InvGamma(2, 2)

    where the second argument of N is a standard deviation, so that the prior *variance* of mu is
    100, and InvGamma(a, b) has the density b^a / Gamma(a) * v^(-a - 1) * exp(-b / v): 1 / sigma^2
    has a gamma distribution of shape a and *rate* b.  mu and sigma are independent a priori.

    (In lesson 02b the priors are flat: its formulas are others.)  Derive two distributions first,
    on paper: that of mu given sigma and y, which is normal, and that of sigma^2 given mu and y,
    which is an inverse gamma again.  In each of n iterations, draw one of the two from its
    distribution given the other and y, then the other one given the new value of the first.
    Record (mu, sigma) after each iteration.

    The order is yours.  Start

    - at sigma = 1 if you draw mu first;
    - at mu = mean of y if you draw sigma first.

    ``rng.gamma`` takes a shape and a *scale*, which is 1 / rate.

    Parameters
    ----------
    y : array of floats, shape (N,)
        Outcomes; N is at least 1.  Must not be changed.
    n : int
        Number of iterations, at least 1; the number of outcomes is y.size.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (n, 2)
        mu in the first column, sigma (the standard deviation) in the second.  The start is not
        among the draws.
    """
    raise NotImplementedError
