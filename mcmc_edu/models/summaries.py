"""Grouped observations made small: what a Gaussian likelihood needs of each group, and no more.

A QR decomposition turns the n_j rows of group j into K, however many they were:

    ||y_j - X_j theta||^2 = ||c_j - R_j theta||^2 + rss_j        for every theta (K,),

R_j upper triangular (K, K), c_j (K,), rss_j what no theta can explain.  Residuals are formed before
they are squared, so that nothing cancels where y is far from 0; and a group with one observation,
or with a constant x, needs no case of its own: some rows of R_j are then 0.

Source: G. Golub (1965), *Numerische Mathematik* 7, 206-216, for least squares by QR.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..datasets import GroupedData

MEAN_SD, SCALE_UPPER, LIMIT = 3.0, 10.0, 100.0
"""The post's priors: means ~ N(0, 3), scales ~ U(0, 10), flat coefficients ~ U(-100, 100)."""


class Summary(NamedTuple):
    """The data of the hierarchical densities: J groups, K coefficients that vary among them."""

    root: FloatArray
    """R_j of every group, upper triangular, shape (K, K, J)."""
    outcome: FloatArray
    """c_j of every group, shape (K, J)."""
    rss: float
    """Sum of all rss_j."""
    rows: int
    """Number of observations in all."""
    mean_sd: float = MEAN_SD
    """Prior sd of the population means, which are normal around 0."""
    scale_upper: float = SCALE_UPPER
    """Upper end of the uniform prior of every standard deviation."""
    limit: float = LIMIT
    """End, on either side of 0, of the uniform prior of coefficients that are not pooled."""


def summarize(
    y: FloatArray, predictors: FloatArray, group: NDArray[np.int64], groups: int
) -> Summary:
    """Reduce the rows of each group to K.

    Parameters
    ----------
    y
        Outcome, shape (rows,).
    predictors
        What the varying coefficients multiply, shape (rows, K); a column of ones for an intercept.
    group
        Group of each row, 0 to `groups` - 1, shape (rows,).
    groups
        Number of groups, J.  A group without rows is allowed.
    """
    k = predictors.shape[1]
    both = np.column_stack([predictors, y])[np.argsort(group, kind="stable")]
    ends = np.cumsum(np.bincount(group, minlength=groups))
    triangles = np.zeros((groups, k + 1, k + 1))
    for triangle, rows in zip(triangles, np.split(both, ends[:-1]), strict=True):
        found = np.linalg.qr(rows, mode="r")
        triangle[: len(found)] = found
    rss = float(triangles[:, k, k] @ triangles[:, k, k])
    triangles = np.moveaxis(triangles, 0, 2)
    root, outcome = (np.ascontiguousarray(a) for a in (triangles[:k, :k], triangles[:k, k]))
    return Summary(root, outcome, rss, y.size)


def lines(data: GroupedData) -> Summary:
    """Reduce observations (y, x, group) of which each group has a line: intercept and slope."""
    predictors = np.column_stack([np.ones(data.x.size), data.x])
    return summarize(data.y, predictors, data.group, data.groups)


def one_line(data: GroupedData) -> Summary:
    """Reduce the same observations to one line for everybody: a single group."""
    predictors = np.column_stack([np.ones(data.x.size), data.x])
    return summarize(data.y, predictors, np.zeros_like(data.group), 1)
