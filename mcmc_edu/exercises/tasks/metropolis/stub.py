"""Exercise: Metropolis' random walk.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def metropolis(log_density, theta0, scale, n, rng):
    """Draw from a density by Metropolis' random walk.

    In each of n iterations, propose theta + scale * z, with z a vector of independent standard
    normal numbers, one for each coordinate; all coordinates are proposed at once.  Accept the
    proposal with probability min(1, p(proposal) / p(theta)), else stay.  Record where the chain is
    after each iteration.

    Parameters
    ----------
    log_density : callable
        ``log_density(theta)`` returns the log density at an array of shape (dim,), up to a
        constant, as a float.  It is -inf where there is no density, and may be NaN where it cannot
        be computed: neither kind of place is ever entered.  It does not change theta,
        nor hold on to it.
    theta0 : array of floats, shape (dim,)
        Start of the chain; its density is not zero.  Must not be changed.
    scale : float
        Standard deviation of the step in each coordinate.
    n : int
        Number of iterations, at least 1.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (n, dim)
        The state after each iteration.  theta0 is not among them as such, but the first row equals
        it if the first proposal is rejected: a rejection repeats the state.
    """
    raise NotImplementedError
