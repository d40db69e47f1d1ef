"""2 x 2 matrices of one group, element by element: T, lower triangular, and W = R T / sigma.

A term of one coefficient is treated as the first of two, with zeros for the second.
"""

from __future__ import annotations

from typing import NamedTuple

from ....compiling import FloatArray, inlined


class Lower(NamedTuple):
    """Lower triangular matrix T."""

    t_00: float
    t_10: float
    t_11: float


@inlined
def lower_of(effect_chol: FloatArray) -> Lower:
    """Return T, padded to two coefficients if there is only one."""
    if effect_chol.shape[0] == 1:
        return Lower(effect_chol[0, 0], 0.0, 1.0)
    return Lower(effect_chol[0, 0], effect_chol[1, 0], effect_chol[1, 1])


@inlined
def second_row(rows: FloatArray, nothing: FloatArray) -> FloatArray:
    """Return the second row of an array of shape (K, J), or `nothing` in its place."""
    return rows[1] if rows.shape[0] == 2 else nothing


@inlined
def fill_lower(d_00: float, d_10: float, d_11: float, d_effect_chol: FloatArray) -> None:
    """Fill the derivative by T for one or two coefficients."""
    d_effect_chol[0, 0] = d_00
    if d_effect_chol.shape[0] == 2:
        d_effect_chol[1, 0], d_effect_chol[1, 1] = d_10, d_11


class W(NamedTuple):
    """Matrix W of one group, with its determinant."""

    w_00: float
    w_01: float
    w_10: float
    w_11: float
    det: float


@inlined
def w_of(r_00: float, r_01: float, r_11: float, t: Lower) -> W:
    """Compute W = R T / sigma from the upper triangle R and `t` = T / sigma."""
    det = r_00 * r_11 * (t.t_00 * t.t_11)
    return W(r_00 * t.t_00 + r_01 * t.t_10, r_01 * t.t_11, r_11 * t.t_10, r_11 * t.t_11, det)


@inlined
def in_units_of_noise(effect_chol: FloatArray, sigma: float) -> Lower:
    """Return T / sigma."""
    t = lower_of(effect_chol)
    return Lower(t.t_00 / sigma, t.t_10 / sigma, t.t_11 / sigma)


@inlined
def determinant(w: W) -> float:
    """Compute the determinant of M of one group, as a sum of squares without cancellation."""
    squares = (w.w_00 * w.w_00 + w.w_01 * w.w_01) + (w.w_10 * w.w_10 + w.w_11 * w.w_11)
    return 1.0 + squares + w.det * w.det


class Pair(NamedTuple):
    """Two numbers of one group."""

    x_0: float
    x_1: float


@inlined
def expected_noise(w: W, u_0: float, u_1: float, det: float) -> Pair:
    """Compute M^-1 u of one group."""
    share = 1.0 / det
    m_00 = 1.0 + (w.w_00 * w.w_00 + w.w_01 * w.w_01)
    m_01 = w.w_00 * w.w_10 + w.w_01 * w.w_11
    m_11 = 1.0 + (w.w_10 * w.w_10 + w.w_11 * w.w_11)
    return Pair((m_11 * u_0 - m_01 * u_1) * share, (m_00 * u_1 - m_01 * u_0) * share)
