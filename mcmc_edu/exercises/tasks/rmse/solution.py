"""A worked solution: the root mean squared error."""

import numpy as np


def rmse(estimate, truth):
    """Square, average, take the root: in this order."""
    error = np.asarray(estimate) - np.asarray(truth)
    return float(np.sqrt(np.mean(error**2)))
