"""From levels to rows and back: z_i b[g(i)] added to every row, and its transpose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray, lean


@lean
def add_to_rows(eta: FloatArray, z: FloatArray, b: FloatArray, group: NDArray[np.int64]) -> None:
    """Add z_i b[g(i)] to eta_i; with an empty `group`, row i is of level i mod J."""
    if group.size == 0:
        for start in range(0, eta.size, b.size):
            for j in range(b.size):
                eta[start + j] += z[start + j] * b[j]
    else:
        for i in range(eta.size):
            eta[i] += z[i] * b[group[i]]


@lean
def add_to_levels(b: FloatArray, z: FloatArray, eta: FloatArray, group: NDArray[np.int64]) -> None:
    """Add z_i eta_i to b[g(i)]."""
    if group.size == 0:
        for start in range(0, eta.size, b.size):
            for j in range(b.size):
                b[j] += z[start + j] * eta[start + j]
    else:
        for i in range(eta.size):
            b[group[i]] += z[i] * eta[i]


@lean
def dot(a: FloatArray, b: FloatArray) -> float:
    """Sum of a_i b_i, from the first to the last."""
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total
