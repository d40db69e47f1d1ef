"""A worked solution: split R-hat."""

import numpy as np


def rhat(chains):
    """Split, then compare the variance of all with that within a chain."""
    n = chains.shape[1] // 2
    halves = np.concatenate([chains[:, :n], chains[:, -n:]])
    between = n * halves.mean(axis=1).var(ddof=1)
    within = halves.var(axis=1, ddof=1).mean()
    return float(np.sqrt(((n - 1) / n * within + between / n) / within))
