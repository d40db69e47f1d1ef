"""Exercise: split R-hat.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def rhat(chains):
    """Return split R-hat, after Gelman et al. (2013), not rank-normalised.

    (Lesson 04 computes it by hand from whole chains; here they are split.)

    Split each chain into its first and its second half; if n is odd, drop the middle draw.  With M
    half chains of N draws each (M = 2 m, N = n // 2), their means and their variances,

        B = N * variance of the M means            (divided by M - 1)
        W = mean of the M variances                (each divided by N - 1)
        R-hat = sqrt(((N - 1) / N * W + B / N) / W)

    Parameters
    ----------
    chains : array of floats, shape (m, n)
        A chain in each row; m is at least 1 and n at least 4.  Must not be changed.

    Returns
    -------
    float
        R-hat.  W is not zero.
    """
    raise NotImplementedError
