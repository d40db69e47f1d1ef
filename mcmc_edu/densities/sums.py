"""Sums over arrays that are the same bits compiled and uncompiled, and not slow."""

from __future__ import annotations

from ..compiling import FloatArray, lean


@lean
def dot(a: FloatArray, b: FloatArray) -> float:
    """Sum of a_i b_i, in four parts: an addition need not wait for the one before."""
    p, q, r, s = 0.0, 0.0, 0.0, 0.0
    whole = a.size - a.size % 4
    for i in range(0, whole, 4):
        p += a[i] * b[i]
        q += a[i + 1] * b[i + 1]
        r += a[i + 2] * b[i + 2]
        s += a[i + 3] * b[i + 3]
    for i in range(whole, a.size):
        p += a[i] * b[i]
    return (p + q) + (r + s)
