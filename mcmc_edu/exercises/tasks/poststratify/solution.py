"""A worked solution: poststratification."""

import numpy as np


def poststratify(p, N):
    """Average over cells within each draw, weighted by people."""
    return p @ N / np.sum(N)
