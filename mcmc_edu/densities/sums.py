"""Sums over arrays that are the same bits compiled and uncompiled, and not slow."""

from __future__ import annotations

from ..compiling import FloatArray, lean


@lean
def dot(a: FloatArray, b: FloatArray) -> float:
    """Sum of a_i b_i, in eight parts: an addition need not wait for the one before."""
    p, q, r, s = 0.0, 0.0, 0.0, 0.0
    t, u, v, w = 0.0, 0.0, 0.0, 0.0
    whole = a.size - a.size % 8
    for i in range(0, whole, 8):
        p += a[i] * b[i]
        q += a[i + 1] * b[i + 1]
        r += a[i + 2] * b[i + 2]
        s += a[i + 3] * b[i + 3]
        t += a[i + 4] * b[i + 4]
        u += a[i + 5] * b[i + 5]
        v += a[i + 6] * b[i + 6]
        w += a[i + 7] * b[i + 7]
    for i in range(whole, a.size):
        p += a[i] * b[i]
    return ((p + q) + (r + s)) + ((t + u) + (v + w))
