"""Exercise: poststratification.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def poststratify(p, N):
    """Return the share in the whole population, from shares in its cells.

    A model was fitted to a survey, and gives for each of S posterior draws the share of yes in
    every cell (say, of age by region).  The census tells how many people are in each cell.  Return,
    for each posterior draw, the share of yes among all people.

    The arrays that it is given must not be changed.

    Parameters
    ----------
    p : array of floats, shape (S, cells)
        Shares, above 0 and below 1, a posterior draw in each row.
    N : array of integers, shape (cells,)
        Number of people in each cell, 0 or more; not all are 0.

    Returns
    -------
    array of floats, shape (S,)
        A share for each posterior draw, so that its uncertainty can be seen.
    """
    raise NotImplementedError
