"""Exercise: the leapfrog.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def leapfrog(theta, momentum, step_size, steps, gradient):
    """Follow Hamilton's equations for some leapfrog steps; masses are one.

    The potential energy is minus the log density, so that the force is the gradient of the log
    density.  One step kicks, drifts and kicks:

        momentum <- momentum + step_size / 2 * gradient(theta)
        theta    <- theta    + step_size     * momentum
        momentum <- momentum + step_size / 2 * gradient(theta)

    Parameters
    ----------
    theta : array of floats, shape (dim,)
        Where it starts.  Must not be changed.
    momentum : array of floats, shape (dim,)
        Momentum at the start.  Must not be changed.
    step_size : float
        Length of a step in time; negative to go back in time.
    steps : int
        Number of steps, at least 1.
    gradient : callable
        ``gradient(theta)`` returns the gradient of the log density, an array of shape (dim,).  It
        does not change theta, nor hold on to it.

    Returns
    -------
    theta, momentum : arrays of floats, shape (dim,) each
        Position and momentum at the end.  The momentum is *not* negated.
    """
    raise NotImplementedError
