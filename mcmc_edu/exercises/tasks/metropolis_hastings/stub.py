"""Exercise: Metropolis-Hastings, for positive parameters.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def metropolis_hastings(log_density, theta0, scale, n, rng):
    """Draw from a density of positive parameters by steps that multiply.

    In each of n iterations, propose theta * exp(scale * z), with z a vector of independent standard
    normal numbers, one for each coordinate; all coordinates are proposed at once.  The density
    q(b | a) of proposing b from a is that of a lognormal distribution in each coordinate, which is
    *not* symmetric.  Accept the proposal with the probability of Metropolis and Hastings,

        min(1, p(proposal) q(theta | proposal) / (p(theta) q(proposal | theta))),

    else stay.  Record where the chain is after each iteration.

    Parameters
    ----------
    log_density : callable
        ``log_density(theta)`` returns the log density *of theta itself* (not of its logarithm) at
        an array of shape (dim,), all positive, up to a constant, as a float.  It is -inf where
        there is no density, and may be NaN where it cannot be computed: neither kind of place is
        ever entered.  It does not change theta, nor hold
        on to it.
    theta0 : array of floats, shape (dim,)
        Start of the chain, all positive; its density is not zero.  Must not be changed.
    scale : float
        Standard deviation of the steps of log theta, in each coordinate.
    n : int
        Number of iterations, at least 1.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (n, dim)
        The state after each iteration.  theta0 is not among them as such, but the first row equals
        it (up to rounding) if the first proposal is rejected: a rejection repeats the state.
    """
    raise NotImplementedError
