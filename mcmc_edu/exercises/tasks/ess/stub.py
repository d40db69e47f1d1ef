"""Exercise: the effective sample size.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def ess(chains):
    """Return the effective sample size for the mean, by Geyer's initial monotone sequence.

    Not rank-normalised.  Split each chain into its first and its second half; if n is odd, drop the
    middle draw.  With M half chains of N draws each (M = 2 m, N = n // 2):

        acov_t = mean over half chains of 1 / N * sum over i of (x_i - mean) (x_{i + t} - mean),
                 each about the half chain's own mean, i from 1 to N - t
        W      = acov_0 * N / (N - 1)
        V      = acov_0 + variance of the M means (divided by M - 1)
        rho_t  = 1 - (W - acov_t) / V                        t = 0, 1, ..., N - 1
        P_k    = rho_{2k} + rho_{2k+1}                       k = 0, 1, ..., while 2k + 1 < N

    Keep P_0, P_1, ... up to, and without, the first P_k with k > 0 that is not positive.  Replace
    each of them by the smallest of itself and those before it (their running minimum).  Then

        tau = -1 + 2 * sum of the P_k that are kept; if that is below 1 / log10(M N), this instead
        ESS = M N / tau

    (Stan and this package add half a pair at the end.  That is left out here.)

    Parameters
    ----------
    chains : array of floats, shape (m, n)
        A chain in each row; m is at least 1 and n at least 12.  Must not be changed.

    Returns
    -------
    float
        Effective sample size.
    """
    raise NotImplementedError
