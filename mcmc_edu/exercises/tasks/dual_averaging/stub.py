"""Exercise: the step size by dual averaging.

Run `mcmc-edu exercises check FILE` when you have written it.
"""

import numpy as np


def dual_averaging(accept_probs, step_size0, target):
    """Return the step sizes that dual averaging makes of acceptance probabilities.

    There are as many step sizes as probabilities.  The first of them is that after the first
    probability: step_size0 is not among them.  They are those in use during warm-up, and not
    their average, with which a sampler goes on: the paper's kappa = 0.75 is for that alone.

    After Hoffman and Gelman (2014), algorithms 5 and 6, with gamma = 0.05, t0 = 10 and
    mu = log(10 * step_size0), natural logarithms.  Start from h_0 = 0; then for t = 1, 2, ..., n

        h_t = (1 - 1 / (t + t0)) * h_{t-1} + (target - accept_probs_t) / (t + t0)
        x_t = mu - sqrt(t) / gamma * h_t

    and the step size after the t-th probability is exp(x_t).  In the code of lesson 07b h is
    `mean_error`, mu is `centre` and x is `log_step`.

    Parameters
    ----------
    accept_probs : array of floats, shape (n,)
        Acceptance probabilities of iterations 1 to n, given (in a sampler each would depend on the
        step size before).  Must not be changed.
    step_size0 : float
        First step size, positive.
    target : float
        Acceptance probability that is wanted.

    Returns
    -------
    array of floats, shape (n,)
        exp(x_1), ..., exp(x_n).
    """
    raise NotImplementedError
