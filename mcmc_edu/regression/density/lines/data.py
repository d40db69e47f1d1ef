"""The data of the density of lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray, inlined, without_refcount


class Lines(NamedTuple):
    """The data: J groups whose lines have K coefficients, and Q common coefficients.

    What has the name of a field of `Regression` is what it is there.
    """

    qr_r: FloatArray
    """R_j of every group, shape (2, 2, J); zeros in the place of a second coefficient."""
    outcome: FloatArray
    """q_j, shape (2, J)."""
    rss: float
    """Sum of all rss_j."""
    observations: float
    group_mean_x: FloatArray
    group_mean_index: NDArray[np.int64]
    terms: NDArray[np.int64]
    """Shape (1, 10), or (0, 10) where all have the same line."""
    constant: float
    has_sigma: bool
    priors: FloatArray
    """Those of Q common coefficients, of sigma if the model has it, and of K varying ones, shape
    (Q + 1 + K, 5) or (Q + K, 5)."""
    lkj: float


@inlined
def lines_without_refcount(data: Lines) -> Lines:
    """Do what `without_refcount` does for its arrays."""
    return Lines(
        without_refcount(data.qr_r),
        without_refcount(data.outcome),
        data.rss,
        data.observations,
        without_refcount(data.group_mean_x),
        without_refcount(data.group_mean_index),
        without_refcount(data.terms),
        data.constant,
        data.has_sigma,
        without_refcount(data.priors),
        data.lkj,
    )
