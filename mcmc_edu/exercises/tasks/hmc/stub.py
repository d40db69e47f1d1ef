"""Exercise: Hamiltonian Monte Carlo.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def hmc(log_density, gradient, theta0, step_size, steps, n, rng):
    """Draw from a density by Hamiltonian Monte Carlo with a fixed number of leapfrog steps.

    In each of n iterations, draw a momentum of independent standard normal numbers, one for each
    coordinate (masses are one), and go `steps` leapfrog steps of length `step_size`:

        momentum <- momentum + step_size / 2 * gradient(theta)
        theta    <- theta    + step_size     * momentum
        momentum <- momentum + step_size / 2 * gradient(theta)

    Accept the end with probability min(1, exp(H_start - H_end)), else stay, where

        H = -log_density(theta) + sum(momentum^2) / 2

    Record where the chain is after each iteration: a rejection repeats the state.  An end whose log
    density is -inf or NaN is rejected.

    Parameters
    ----------
    log_density : callable
        ``log_density(theta)`` returns the log density at an array of shape (dim,), up to a
        constant, as a float.  It is -inf where there is no density, and may be NaN where it cannot
        be computed: neither kind of place is ever the end of an accepted trajectory.  (There the
        gradient may be NaN as well.)  It does not change theta, nor hold on
        to it.
    gradient : callable
        ``gradient(theta)`` returns the gradient of the log density, an array of shape (dim,).
    theta0 : array of floats, shape (dim,)
        Start of the chain; its density is not zero.  Must not be changed.
    step_size : float
        Length of a leapfrog step, positive; always the same.
    steps : int
        Number of leapfrog steps, at least 1; always the same.
    n : int
        Number of iterations, at least 1.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (n, dim)
        The state after each iteration.  theta0 is not among them as such, but the first row equals
        it if the first trajectory is rejected.
    """
    raise NotImplementedError
