"""Every group's line as theta holds it, group by group: its prior, its likelihood, its derivatives.

Of group j there are q_j, R_j (see `posterior`), and the mean m_j of its line c_j, which is

    noncentered   c = m + T xi                       xi ~ N(0, I)
    centered      c itself                           xi = T^-1 (c - m) ~ N(0, I)

With u = (q - R c) / sigma, and p = R' u / sigma, the derivative of the likelihood by c,

    noncentered   d / d xi = T' p - xi               d / d m = p        d / d T = p xi'
    centered      d / d c  = p - w,  w = T^-T xi     d / d m = w        d / d T = w xi' - T^-T

Everything is 2 x 2 and written out, so that a group is one pass through a few lines.  A line of one
coefficient is the first of two of which the second is of nothing: there R_01 = R_11 = 0.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ....compiling import FloatArray, log, uncounted
from .two_by_two import fill_lower, lower_of, second_row

LOG_2_PI = math.log(2.0 * math.pi)


class Joint(NamedTuple):
    """Sums over all groups."""

    noise: float
    """Sum of u' u."""
    logp: float
    """Log prior of what theta holds of the lines."""


@uncounted
def noncentered(
    xi: FloatArray,
    m: FloatArray,
    effect_chol: FloatArray,
    sigma: float,
    r: FloatArray,
    q: FloatArray,
    d_xi: FloatArray,
    d_effect_chol: FloatArray,
    zeros: FloatArray,
) -> Joint:
    """Theta holds xi.

    Parameters
    ----------
    xi
        Shape (K, J).
    m
        Means of the lines, shape (2, J); the derivatives by them take their place.
    effect_chol
        T, shape (K, K).
    r, q
        `Lines.qr_r` and `Lines.outcome`.
    d_xi, d_effect_chol
        Receive the derivatives by xi and by T.
    zeros
        Shape (2, J): what stands for a second coefficient, and for its derivative.
    """
    t = lower_of(effect_chol)
    x_0, x_1, d_x_0, d_x_1 = xi[0], second_row(xi, zeros[0]), d_xi[0], second_row(d_xi, zeros[1])
    inverse = 1.0 / sigma
    noise, squares, d_00, d_10, d_11 = 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(m.shape[1]):
        a, b, c = r[0, 0, j] * inverse, r[0, 1, j] * inverse, r[1, 1, j] * inverse
        x, y = x_0[j], x_1[j]
        c_0, c_1 = m[0, j] + t.t_00 * x, m[1, j] + (t.t_10 * x + t.t_11 * y)
        u_0, u_1 = q[0, j] * inverse - a * c_0 - b * c_1, q[1, j] * inverse - c * c_1
        p_0, p_1 = a * u_0, b * u_0 + c * u_1
        noise += u_0 * u_0 + u_1 * u_1
        squares += x * x + y * y
        d_00 += p_0 * x
        d_10 += p_1 * x
        d_11 += p_1 * y
        d_x_1[j] = t.t_11 * p_1 - y
        d_x_0[j] = t.t_00 * p_0 + t.t_10 * p_1 - x
        m[0, j], m[1, j] = p_0, p_1
    fill_lower(d_00, d_10, d_11, d_effect_chol)
    return Joint(noise, -0.5 * (squares + xi.size * LOG_2_PI))


@uncounted
def centered(
    line: FloatArray,
    m: FloatArray,
    effect_chol: FloatArray,
    sigma: float,
    r: FloatArray,
    q: FloatArray,
    d_line: FloatArray,
    d_effect_chol: FloatArray,
    zeros: FloatArray,
) -> Joint:
    """Theta holds c, `line`; other arguments are those of `noncentered`."""
    t = lower_of(effect_chol)
    s_00, s_11 = 1.0 / t.t_00, 1.0 / t.t_11
    s_10 = -t.t_10 * s_00 * s_11  # T^-1 is lower triangular as well
    l_0, l_1, d_l_0, d_l_1 = (
        line[0],
        second_row(line, zeros[0]),
        d_line[0],
        second_row(d_line, zeros[1]),
    )
    levels, inverse = m.shape[1], 1.0 / sigma
    noise, squares, d_00, d_10, d_11 = 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(levels):
        a, b, c = r[0, 0, j] * inverse, r[0, 1, j] * inverse, r[1, 1, j] * inverse
        c_0, c_1 = l_0[j], l_1[j]
        from_mean = c_0 - m[0, j]
        x, y = s_00 * from_mean, s_10 * from_mean + s_11 * (c_1 - m[1, j])
        u_0, u_1 = q[0, j] * inverse - a * c_0 - b * c_1, q[1, j] * inverse - c * c_1
        w_0, w_1 = s_00 * x + s_10 * y, s_11 * y
        noise += u_0 * u_0 + u_1 * u_1
        squares += x * x + y * y
        d_00 += w_0 * x
        d_10 += w_1 * x
        d_11 += w_1 * y
        d_l_1[j] = b * u_0 + c * u_1 - w_1
        d_l_0[j] = a * u_0 - w_0
        m[0, j], m[1, j] = w_0, w_1
    fill_lower(d_00 - levels * s_00, d_10, d_11 - levels * s_11, d_effect_chol)
    log_det = log(t.t_00) + log(t.t_11)
    return Joint(noise, -0.5 * (squares + line.size * LOG_2_PI) - levels * log_det)


@uncounted
def given(c: FloatArray, sigma: float, r: FloatArray, q: FloatArray) -> float:
    """Sum of u' u of lines that are given, shape (2, J); their derivatives p take their place."""
    inverse, noise = 1.0 / sigma, 0.0
    for j in range(c.shape[1]):
        r_00, r_01, r_11 = r[0, 0, j] * inverse, r[0, 1, j] * inverse, r[1, 1, j] * inverse
        u_0 = q[0, j] * inverse - r_00 * c[0, j] - r_01 * c[1, j]
        u_1 = q[1, j] * inverse - r_11 * c[1, j]
        noise += u_0 * u_0 + u_1 * u_1
        c[0, j], c[1, j] = r_00 * u_0, r_01 * u_0 + r_11 * u_1
    return noise
