"""Exercise: the No-U-Turn sampler.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def nuts(log_density, gradient, theta0, step_size, max_depth, n, rng):
    """Draw from a density by the No-U-Turn sampler, with a fixed step size; masses are one.

    In each of n iterations, draw a momentum of independent standard normal numbers, one for each
    coordinate.  The trajectory is at first the state alone.  Then double it, `max_depth` times at
    most: choose the direction of time, forward or backward, each with probability 1/2, and make as
    many leapfrog steps from that end as the trajectory has points.  The new half is a binary tree.

    - Throw the whole new half away and stop, if the path turns round in any of its binary subtrees,
      itself included; or if at one of its points the energy is NaN, or more than 1000 above that
      of the start.  (In slice sampling: more than 1000 above minus the log of the slice.)
    - Otherwise the new half belongs to the trajectory.  Stop if the path turns round from end to
      end of the whole trajectory.

    A path turns round if (theta_plus - theta_minus) . p < 0 at either of its ends, theta_plus being
    the end that is later in time.  (Lesson 07 asks with the sum of the momenta in place of the
    difference.  That is another rule: it may be asked as well, as Stan does, but not instead.)

    The next state is one of the points that belong to the trajectory, the start included, chosen
    so that the chain keeps the density: with weights exp(-H), or among those in a slice, all at the
    end or as the tree grows, with or without a preference for newer halves.  Energy:

        H = -log_density(theta) + sum(momentum^2) / 2

    Any choice of these is right; see Hoffman and Gelman (2014), algorithms 2 and 3, and Betancourt
    (2017), appendix A.

    Parameters
    ----------
    log_density : callable
        ``log_density(theta)`` returns the log density at an array of shape (dim,), up to a
        constant, as a float.  It is -inf where there is no density, and may be NaN where it cannot
        be computed: such places are never entered.  It does not change theta, nor
        hold on to it.
    gradient : callable
        ``gradient(theta)`` returns the gradient of the log density, an array of shape (dim,).
    theta0 : array of floats, shape (dim,)
        Start of the chain; its density is not zero.  Must not be changed.
    step_size : float
        Length of a leapfrog step, positive; always the same.
    max_depth : int
        Largest number of doublings, at least 1: a trajectory has at most 2**max_depth points.
    n : int
        Number of iterations, at least 1.
    rng : numpy.random.Generator
        The only source of randomness to be used.

    Returns
    -------
    array of floats, shape (n, dim)
        The state after each iteration; theta0 is not among them as such.
    """
    raise NotImplementedError
