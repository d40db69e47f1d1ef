"""Lines integrated out of a Gaussian model in closed form, and drawn when all else is known.

Of group j there are q_j, R_j (see `posterior`), and the mean m_j of its line.  With T and R_j,
W_j = R_j T / sigma, and what the mean leaves, u_j = (q_j - R_j m_j) / sigma,

    u_j ~ N(0, M_j),    M_j = I + W_j W_j'             e_j = M_j^-1 u_j,   p_j = R_j' e_j / sigma
    log p = -1/2 sum_j (log det M_j + u_j' e_j)        P_j = R_j' M_j^-1 R_j / sigma^2

    d / d m_j       = p_j
    d / d T         = sum_j (p_j p_j' - P_j) T         (its lower triangle)
    d / d log sigma = sum_j (e_j' e_j + tr T' P_j T)   less what is of the observations' number

The score of the marginal is the expected score of the joint (Fisher's identity), of which this is
the closed form.  A line is m_j + T xi_j, and given all else, with H_j = I + W_j' W_j = C_j C_j',

    xi_j ~ N(W_j' e_j, H_j^-1)

`general.collapsed` does this for any number of coefficients, and beside other terms.

Source: Lindley and Smith (1972), *JRSS B* 34, 1-41.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ....compiling import FloatArray, log, uncounted
from .two_by_two import determinant, expected_noise, fill_lower, in_units_of_noise, w_of


class Marginal(NamedTuple):
    """Sums over groups; u_j' e_j is split into e_j' e_j and the rest, which cannot cancel."""

    log_det: float
    """Of log det M_j."""
    noise: float
    """Of e_j' e_j."""
    effects: float
    """Of tr T' p_j p_j' T, the squares of the expected xi_j."""
    freedom: float
    """Of tr T' P_j T: how many of the effects the data decide."""


@uncounted
def marginal(
    m: FloatArray,
    effect_chol: FloatArray,
    sigma: float,
    r: FloatArray,
    q: FloatArray,
    d_effect_chol: FloatArray,
    det: FloatArray,
) -> Marginal:
    """Integrate the lines out.

    Parameters
    ----------
    m
        Means of the lines, shape (2, J); sigma^2 p takes their place.
    effect_chol
        T, shape (K, K).
    r, q
        `Lines.qr_r` and `Lines.outcome`.
    d_effect_chol
        Receives the derivative by T.
    det
        Room for det M, shape (J,).
    """
    t = in_units_of_noise(effect_chol, sigma)
    for j in range(det.size):
        det[j] = determinant(w_of(r[0, 0, j], r[0, 1, j], r[1, 1, j], t))
    noise, log_det, product = 0.0, 0.0, 1.0
    p_00, p_01, p_11 = 0.0, 0.0, 0.0  # of p p'
    s_00, s_01, s_11, s_det = 0.0, 0.0, 0.0, 0.0  # of R' R / det M, and of det(R' R) / det M
    for j in range(det.size):
        r_00, r_01, r_11 = r[0, 0, j], r[0, 1, j], r[1, 1, j]
        u_0, u_1 = q[0, j] - r_00 * m[0, j] - r_01 * m[1, j], q[1, j] - r_11 * m[1, j]
        e = expected_noise(w_of(r_00, r_01, r_11, t), u_0, u_1, det[j])
        p_0, p_1 = r_00 * e.x_0, r_01 * e.x_0 + r_11 * e.x_1
        noise += e.x_0 * e.x_0 + e.x_1 * e.x_1
        p_00 += p_0 * p_0
        p_01 += p_0 * p_1
        p_11 += p_1 * p_1
        share, det_r = 1.0 / det[j], r_00 * r_11
        s_00 += r_00 * r_00 * share
        s_01 += r_00 * r_01 * share
        s_11 += (r_01 * r_01 + r_11 * r_11) * share
        s_det += det_r * det_r * share
        m[0, j], m[1, j] = p_0, p_1
        product *= det[j]
        if product > 1e100:  # a logarithm is slow: take it of many determinants together
            log_det += log(product)
            product = 1.0

    # the sums were in units of y: p sigma^2, e sigma and, of P = (R' R + det(R' R) adj V) / det M
    # with V = T T' / sigma^2, P sigma^2
    precision = 1.0 / (sigma * sigma)
    p_00, p_01, p_11 = p_00 * precision, p_01 * precision, p_11 * precision
    v_00, v_01, v_11 = t.t_00 * t.t_00, t.t_00 * t.t_10, t.t_10 * t.t_10 + t.t_11 * t.t_11
    s_00, s_01, s_11 = s_00 + s_det * v_11, s_01 - s_det * v_01, s_11 + s_det * v_00
    inverse = 1.0 / sigma
    fill_lower(
        ((p_00 - s_00) * t.t_00 + (p_01 - s_01) * t.t_10) * inverse,
        ((p_01 - s_01) * t.t_00 + (p_11 - s_11) * t.t_10) * inverse,
        (p_11 - s_11) * t.t_11 * inverse,
        d_effect_chol,
    )
    return Marginal(
        log_det + log(product),
        noise * precision,
        p_00 * v_00 + 2.0 * p_01 * v_01 + p_11 * v_11,
        s_00 * v_00 + 2.0 * s_01 * v_01 + s_11 * v_11,
    )


@uncounted
def draw(
    m: FloatArray,
    effect_chol: FloatArray,
    sigma: float,
    r: FloatArray,
    q: FloatArray,
    zeta: FloatArray,
    xi: FloatArray,
) -> None:
    """Draw xi of every group given all else, W_j' e_j + C_j^-T zeta_j with zeta ~ N(0, I).

    Arguments are those of `marginal`; `zeta` and `xi`, which is filled, have shape (K, J).
    """
    t, inverse = in_units_of_noise(effect_chol, sigma), 1.0 / sigma
    for j in range(m.shape[1]):
        r_00, r_01, r_11 = r[0, 0, j], r[0, 1, j], r[1, 1, j]
        u_0 = (q[0, j] - r_00 * m[0, j] - r_01 * m[1, j]) * inverse
        u_1 = (q[1, j] - r_11 * m[1, j]) * inverse
        w = w_of(r_00, r_01, r_11, t)
        det = determinant(w)
        e = expected_noise(w, u_0, u_1, det)
        c_00 = math.sqrt(1.0 + (w.w_00 * w.w_00 + w.w_10 * w.w_10))
        from_second = 0.0
        if xi.shape[0] == 2:
            x = zeta[1, j] * c_00 / math.sqrt(det)  # C_11 = sqrt(det H) / C_00, det H = det M
            xi[1, j] = w.w_01 * e.x_0 + w.w_11 * e.x_1 + x
            from_second = (w.w_00 * w.w_01 + w.w_10 * w.w_11) / c_00 * x
        xi[0, j] = w.w_00 * e.x_0 + w.w_10 * e.x_1 + (zeta[0, j] - from_second) / c_00
