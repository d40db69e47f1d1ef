"""Exercise: shrinkage, the population being known.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def shrink(y, se, mu, tau):
    """Return posterior means of groups of a known population.

    The model is y_j ~ N(theta_j, se_j) and theta_j ~ N(mu, tau); second arguments are standard
    deviations, and all but theta are known.  Return the posterior mean of each theta_j.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    y : array of floats, shape (J,)
        Estimate for each group from its own data.
    se : array of floats, shape (J,)
        Their standard errors, positive; they may differ.
    mu : float
        Mean of the population.
    tau : float
        Standard deviation of the population; 0 or larger.  If it is 0, all groups are equal: the
        answer is mu for each.

    Returns
    -------
    array of floats, shape (J,)
    """
    raise NotImplementedError
