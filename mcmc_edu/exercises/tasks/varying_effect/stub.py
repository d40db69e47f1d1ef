"""Exercise: the effect for whom.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def varying_effect(draws, where):
    """Return posterior draws of an effect in a subgroup.

    A model was fitted in which the effect of a treatment z varies by factors.  In each posterior
    draw, the effect on a person is the average effect plus a deviation for the person's level of
    each factor, which add up:

        effect = z + (deviation of z for the level of the first factor) + (of the second) + ...

    Return the effect for the levels that `where` names.  A factor that it does not name contributes
    nothing: its deviations are taken to be 0, which is their mean in the population of levels.

    Parameters
    ----------
    draws : dict of arrays of floats
        Posterior draws by name.  ``draws["z"]``, shape (S,), is the average effect; for a factor
        called region, ``draws["z:region"]``, shape (S, levels), holds the deviations of its levels.
        There may be other names, such as ``"sigma"`` or ``"region"`` (deviations of the intercept,
        shape (S, levels)), which are not part of the effect.  Must not be changed.
    where : dict of integers
        Level of each factor that is asked for, counted from 0: ``{"region": 2, "age": 0}``.  May be
        empty.  Factors and levels are known to exist.  Must not be changed.

    Returns
    -------
    array of floats, shape (S,)
        The effect in each posterior draw.
    """
    raise NotImplementedError
