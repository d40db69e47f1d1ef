"""A worked solution: the step size by dual averaging."""

import numpy as np


def dual_averaging(accept_probs, step_size0, target):
    """Average the errors, and step further from mu the larger their average."""
    gamma, t0 = 0.05, 10.0
    mu = np.log(10.0 * step_size0)
    steps = np.empty(len(accept_probs))
    h = 0.0
    for i, accept_prob in enumerate(accept_probs):
        t = i + 1
        h = (1.0 - 1.0 / (t + t0)) * h + (target - accept_prob) / (t + t0)
        steps[i] = np.exp(mu - np.sqrt(t) / gamma * h)
    return steps
