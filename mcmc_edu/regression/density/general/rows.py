"""From levels to rows and back: z_i b[g(i)] added to every row, and its transpose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray, lean


@lean
def add_to_rows(eta: FloatArray, z: FloatArray, b: FloatArray, group: NDArray[np.int64]) -> None:
    """Add z_i b[g(i)] to eta_i; with an empty `group`, row i is of level i mod J."""
    if group.size == 0:
        for start in range(0, eta.size, b.size):
            end = start + b.size
            add_products(eta[start:end], z[start:end], b)
    else:
        for i in range(eta.size):
            eta[i] += z[i] * b[group[i]]


@lean
def add_to_levels(b: FloatArray, z: FloatArray, eta: FloatArray, group: NDArray[np.int64]) -> None:
    """Add z_i eta_i to b[g(i)]."""
    if group.size == 0:
        for start in range(0, eta.size, b.size):
            end = start + b.size
            add_products(b, z[start:end], eta[start:end])
    else:
        for i in range(eta.size):
            b[group[i]] += z[i] * eta[i]


@lean
def add_products(total: FloatArray, a: FloatArray, b: FloatArray) -> None:
    """Add a_i b_i to total_i."""
    for i in range(total.size):
        total[i] += a[i] * b[i]
