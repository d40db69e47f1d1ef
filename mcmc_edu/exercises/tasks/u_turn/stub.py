"""Exercise: whether a trajectory turns round.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def u_turn(theta_minus, theta_plus, p_minus, p_plus):
    """Tell whether a trajectory turns round, so that the sampler should stop.

    With span = theta_plus - theta_minus, stop if

        span . p_minus < 0    or    span . p_plus < 0

    where the dot is the scalar product.  Both momenta are used as they are given.  (A negative
    product says that the ends would come nearer to each other if the trajectory went on at that
    end.)  A product of exactly 0 does not stop; the code of lesson 07 stops there.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    theta_minus, theta_plus : arrays of floats, shape (dim,)
        Positions at the earliest and the latest point in time.
    p_minus, p_plus : arrays of floats, shape (dim,)
        Momenta there; both are momenta forward in time.

    Returns
    -------
    bool
        True to stop (Python's or NumPy's), False to go on.
    """
    raise NotImplementedError
