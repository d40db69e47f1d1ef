"""Exercise: Metropolis' decision.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def accept(logp_new, logp_old, rng):
    """Decide whether a proposal is accepted, by Metropolis' rule.

    The proposal is as likely as its reverse.  It is accepted with probability

        min(1, p_new / p_old),    p = exp(logp)

    Parameters
    ----------
    logp_new : float
        Log density at the proposal, up to a constant that is the same for both.  It is -inf where
        there is no density, and may be NaN where the density cannot be computed: such proposals
        are never accepted.  It may be a large number of either sign, such as -5000 or 5000.
    logp_old : float
        Log density at the present state; finite.
    rng : numpy.random.Generator
        The only source of randomness to be used.  Which numbers you draw from it, and how many,
        is up to you.

    Returns
    -------
    bool
        True to accept (Python's or NumPy's), False to stay.
    """
    raise NotImplementedError
