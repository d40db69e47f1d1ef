"""Partial pooling given its three standard deviations, where everything is normal.

With the triangle R_j and the outcome c_j to which a QR decomposition reduces the rows of a group,
D = diag(sigma_alpha, sigma_beta) and
S_j = R_j D^2 R_j' + sigma^2 I, the covariance of c_j,

    c_j | mu ~ N(R_j mu, S_j)                   P_j = R_j' S_j^-1 R_j,   b_j = R_j' S_j^-1 c_j
    mu | y ~ N(Q^-1 sum_j b_j, Q^-1)            Q = sum_j P_j + I / 3^2
    theta_j | mu, y ~ N(mu + D^2 (b_j - P_j mu), D^2 - D^2 P_j D^2)

All of it for many triples of scales at once: arrays have shape (points, groups).  Means are
measured from the line of least squares, so that no squares of large numbers are subtracted.

Source: Lindley and Smith (1972), *JRSS B* 34, 1-41.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray
from ..datasets import GroupedData
from ..models.post import MEAN_SD
from ..regression.prepare.summaries import triangles_of_lines

AT_ONCE = 10_000  # entries of an array: what a processor's cache holds


class LineSummaries(NamedTuple):
    """Summaries of every group's rows about its line, in the units of the data."""

    qr_r: FloatArray
    """R_j, shape (2, 2, J)."""
    outcome: FloatArray
    """c_j, shape (2, J)."""
    rss: float
    """Sum of squares that no line explains, of all groups."""
    observations: int


def line_summaries(data: GroupedData, one_line: bool = False) -> LineSummaries:
    """Summarise the rows of each group; or, for `one_line`, all of them as those of one group."""
    group, groups = (np.zeros_like(data.group), 1) if one_line else (data.group, data.groups)
    z = np.column_stack([np.ones(data.x.size), data.x])
    return LineSummaries(*triangles_of_lines(z, data.y, group, groups), data.y.size)


class Inverse(NamedTuple):
    """S_j^-1 of every group at every point: its entries, and the sum of log det S_j."""

    v_00: FloatArray
    v_01: FloatArray
    v_11: FloatArray
    log_det: FloatArray


class Population(NamedTuple):
    """mu given the scales, at every point."""

    mean: tuple[FloatArray, FloatArray]
    """Measured from the line, shape (points,)."""
    covariance: tuple[FloatArray, FloatArray, FloatArray]
    """Q^-1: entries 00, 01, 11, shape (points,)."""
    log_evidence: FloatArray
    """log p(y | scales), shape (points,)."""


class NormalGivenSds:
    """The model's normal part, for two coefficients.

    Parameters
    ----------
    data
        What the observations come to.
    """

    def __init__(self, data: LineSummaries) -> None:
        self.data = data
        r_00, r_01, r_11 = self.qr_r = data.qr_r[0, 0], data.qr_r[0, 1], data.qr_r[1, 1]
        stacked = np.moveaxis(data.qr_r, 2, 0).reshape(-1, 2)
        self.line = np.linalg.lstsq(stacked, data.outcome.T.ravel())[0]
        c_0, c_1 = self.outcome = data.outcome - np.einsum("ikj,k->ij", data.qr_r, self.line)
        zero = np.zeros_like(c_0)
        # P_00, P_01, P_11, b_0, b_1 and c' S^-1 c are linear in the entries of S^-1: their columns
        self.by_v_00 = np.stack(
            [r_00 * r_00, r_00 * r_01, r_01 * r_01, r_00 * c_0, r_01 * c_0, c_0 * c_0], axis=1
        )
        self.by_v_01 = np.stack(
            [
                zero,
                r_00 * r_11,
                2 * r_01 * r_11,
                r_00 * c_1,
                r_01 * c_1 + r_11 * c_0,
                2 * c_0 * c_1,
            ],
            axis=1,
        )
        self.by_v_11 = np.stack([zero, zero, r_11 * r_11, zero, r_11 * c_1, c_1 * c_1], axis=1)

    def chunks(self, points: FloatArray) -> list[slice]:
        """Cut the points into portions that fit a processor's cache."""
        step = max(1, AT_ONCE // self.data.outcome.shape[1])
        return [slice(i, i + step) for i in range(0, points.shape[1], step)]

    def log_evidence(self, points: FloatArray) -> FloatArray:
        """Log density of y given the scales, at points of shape (3, points)."""
        parts = [points[:, chunk] for chunk in self.chunks(points)]
        return np.concatenate([self.population(p, self.inverse(p)).log_evidence for p in parts])

    def inverse(self, points: FloatArray) -> Inverse:
        """S_j^-1 in closed form; the determinant is a sum of squares."""
        r_00, r_01, r_11 = self.qr_r
        square_0, square_1, noise = (points * points)[:, :, np.newaxis]
        a_00, a_01, a_11 = r_00 * r_00 * square_0, r_01 * r_01 * square_1, r_11 * r_11 * square_1
        above, below = noise + a_11, noise + a_00  # det = above below + noise a_01
        det = above * below + noise * a_01
        return Inverse(
            above / det,
            -r_01 * r_11 * square_1 / det,
            (below + a_01) / det,
            np.log(det).sum(axis=1),
        )

    def population(self, points: FloatArray, inverse: Inverse) -> Population:
        """Return mean and covariance of the population's means, and log evidence, at each point.

        The groups' data are combined with the prior N(0, `MEAN_SD`).
        """
        data, sigma = self.data, points[2]
        prior = 1.0 / MEAN_SD**2
        sums = inverse.v_00 @ self.by_v_00 + inverse.v_01 @ self.by_v_01
        sums += inverse.v_11 @ self.by_v_11
        q_00, q_01, q_11, s_0, s_1, squares = sums.T
        q_00, q_11 = q_00 + prior, q_11 + prior
        s_0, s_1 = s_0 - prior * self.line[0], s_1 - prior * self.line[1]
        least = prior * (q_00 + q_11 - prior)  # of det Q, where the difference is all rounding
        det = np.maximum(q_00 * q_11 - q_01 * q_01, least)
        c_00, c_01, c_11 = q_11 / det, -q_01 / det, q_00 / det
        m_0, m_1 = c_00 * s_0 + c_01 * s_1, c_01 * s_0 + c_11 * s_1
        squares = squares + prior * (self.line @ self.line) - m_0 * s_0 - m_1 * s_1
        squares += data.rss / (sigma * sigma)
        log_det = inverse.log_det + 2 * (data.observations - data.outcome.size) * np.log(sigma)
        log_det += np.log(det) + 4.0 * math.log(MEAN_SD)
        constant = data.observations * math.log(2.0 * math.pi)
        return Population((m_0, m_1), (c_00, c_01, c_11), -0.5 * (squares + log_det + constant))

    def moments(self, points: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Average means and variances of mu_0, mu_1, then theta_j0 and theta_j1 of all groups.

        Variances are those of the mixture: the mean of the variance and the variance of the mean.
        """
        top = int(weights.argmax())
        reference = self._at(points[:, top : top + 1])[0][0]  # near every mean: squares stay small
        first = second = np.zeros(())
        for chunk in self.chunks(points):
            means, variances = self._at(points[:, chunk])
            means -= reference
            first = first + weights[chunk] @ means
            second = second + weights[chunk] @ (variances + means * means)
        line = np.concatenate([self.line, np.repeat(self.line, self.data.outcome.shape[1])])
        return line + reference + first, second - first * first

    def _at(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Means, measured from the line, and variances, at every point."""
        inverse = self.inverse(points)
        mu = self.population(points, inverse)
        means, variances = [np.stack(mu.mean, axis=1)], [np.stack(mu.covariance[::2], axis=1)]
        m_0, m_1 = (m[:, np.newaxis] for m in mu.mean)
        c_00, c_01, c_11 = (c[:, np.newaxis] for c in mu.covariance)
        p_00, p_01, p_11, b_0, b_1 = self._by_group(inverse)
        for k, (p_k0, p_k1, b_k) in enumerate(((p_00, p_01, b_0), (p_01, p_11, b_1))):
            d = (points[k] * points[k])[:, np.newaxis]
            f_0, f_1 = float(k == 0) - d * p_k0, float(k == 1) - d * p_k1  # row k of I - D^2 P_j
            means.append(d * b_k + f_0 * m_0 + f_1 * m_1)
            from_mu = f_0 * f_0 * c_00 + 2.0 * f_0 * f_1 * c_01 + f_1 * f_1 * c_11
            variances.append(d * (f_0, f_1)[k] + from_mu)
        return np.concatenate(means, axis=1), np.concatenate(variances, axis=1)

    def _by_group(self, inverse: Inverse) -> tuple[FloatArray, ...]:
        """P_j (00, 01, 11) and b_j (0, 1) at every point, shape (points, groups)."""
        r_00, r_01, r_11 = self.qr_r
        v_00, v_01, v_11, _ = inverse
        c_0, c_1 = self.outcome
        x_0, x_1 = v_00 * r_01 + v_01 * r_11, v_01 * r_01 + v_11 * r_11
        z_0, z_1 = v_00 * c_0 + v_01 * c_1, v_01 * c_0 + v_11 * c_1
        p = r_00 * r_00 * v_00, r_00 * x_0, r_01 * x_0 + r_11 * x_1
        return *p, r_00 * z_0, r_01 * z_0 + r_11 * z_1
