"""A Gaussian model with one grouping factor and two varying coefficients, given its scales.

    y = X gamma + Z b + noise       noise ~ N(0, sigma^2),   b_j ~ N(0, C),   gamma ~ N(m, P)

X has a column of ones and predictors less their means.  C comes from two sds and a correlation.
Given these and sigma, the *scales*, everything is normal.  With

    A_j = Z_j' Z_j,   B_j = Z_j' X_j,   d_j = Z_j' (y_j - X_j m),   W_j = C (sigma^2 I + A_j C)^-1

the inverse of the covariance of y_j given gamma is (I - Z_j W_j Z_j') / sigma^2, so that

    gamma - m | y ~ N(g, V),    V^-1 = P^-1 + sum_j (X_j' X_j - B_j' W_j B_j) / sigma^2
    b_j | y       ~ N(W_j (d_j - B_j g), sigma^2 W_j + W_j B_j V B_j' W_j')

and p(y | scales) is a closed form.  Nothing of the package is imported here: this is what it is
held to.

Source: D. Lindley, A. Smith (1972), *JRSS B* 34, 1-41.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Given(NamedTuple):
    """What is known given the scales, at every point."""

    log_evidence: Array
    """log p(y | scales), shape (points,)."""
    mean: Array
    """g, shape (points, P)."""
    covariance: Array
    """V, shape (points, P, P)."""
    w: tuple[Array, Array, Array]
    """Entries 00, 01, 11 of every W_j, shape (points, J)."""


@dataclass(frozen=True, eq=False)
class Gaussian:
    """The data and the priors that are normal.

    Parameters
    ----------
    y
        Outcome, shape (n,).
    x
        Predictors without the intercept, shape (n, P - 1).
    z
        Predictor whose coefficient varies, as the intercept does, shape (n,).
    group
        Number of the group of each row, from 0, shape (n,).
    prior_mean, prior_sd
        Of the intercept where all predictors are at their means, and of their coefficients; (P,).
    """

    y: Array
    x: Array
    z: Array
    group: NDArray[np.int64]
    prior_mean: Array
    prior_sd: Array

    @cached_property
    def crossed(self) -> Array:
        """Of X and the rest, y - X m, all sums of squares and products: shape (P + 1, P + 1)."""
        return self._x_and_rest.T @ self._x_and_rest

    @cached_property
    def by_group(self) -> tuple[Array, Array]:
        """A_j, shape (J, 2, 2), and (B_j, d_j) side by side, shape (J, 2, P + 1)."""
        z, right = np.column_stack([np.ones(self.y.size), self.z]), self._x_and_rest
        rows = [np.flatnonzero(self.group == j) for j in range(self.group.max() + 1)]
        a = np.array([z[r].T @ z[r] for r in rows])
        return a, np.array([z[r].T @ right[r] for r in rows])

    @cached_property
    def _x_and_rest(self) -> Array:
        x = np.column_stack([np.ones(self.y.size), self.x - self.x.mean(axis=0)])
        return np.column_stack([x, self.y - x @ self.prior_mean])

    def given(self, scales: Array) -> Given:
        """Everything normal, at scales of shape (4, points)."""
        (a, f), n, variance = self.by_group, self.y.size, scales[0] ** 2
        w, det = self._w(scales)
        sums = w[0] @ pairs(f[:, 0], f[:, 0]) + w[2] @ pairs(f[:, 1], f[:, 1])
        sums += w[1] @ (pairs(f[:, 0], f[:, 1]) + pairs(f[:, 1], f[:, 0]))
        left = (self.crossed - sums.reshape(-1, *self.crossed.shape)) / variance[:, None, None]
        precision, score = left[:, :-1, :-1] + np.diag(self.prior_sd**-2.0), left[:, :-1, -1]
        covariance = np.linalg.inv(precision)
        mean = np.einsum("npq,nq->np", covariance, score)
        squares = left[:, -1, -1] - (mean * score).sum(axis=1)
        log_det = (n - 2 * len(a)) * np.log(variance) + np.log(det).sum(axis=1)
        log_det += np.linalg.slogdet(precision)[1] + 2.0 * np.log(self.prior_sd).sum()
        constant = n * np.log(2.0 * np.pi)
        return Given(-0.5 * (constant + log_det + squares), mean, covariance, w)

    def _w(self, scales: Array) -> tuple[tuple[Array, Array, Array], Array]:
        """Entries of W_j, and the determinant of sigma^2 I + A_j C, a sum of what is positive."""
        s, one, other, r = scales[:, :, None]
        (a, _), v, det_c = self.by_group, s * s, (one * other) ** 2 * (1.0 - r) * (1.0 + r)
        c_00, c_01, c_11 = one * one, r * one * other, other * other
        trace = a[:, 0, 0] * c_00 + 2.0 * a[:, 0, 1] * c_01 + a[:, 1, 1] * c_11
        det_a = a[:, 0, 0] * a[:, 1, 1] - a[:, 0, 1] ** 2
        det = v * v + v * trace + det_a * det_c
        w_00, w_11 = v * c_00 + det_c * a[:, 1, 1], v * c_11 + det_c * a[:, 0, 0]
        return (w_00 / det, (v * c_01 - det_c * a[:, 0, 1]) / det, w_11 / det), det

    def moments(self, scales: Array) -> tuple[Array, Array]:
        """Means and variances given the scales, in the order of `Moments`, shape (points, .)."""
        found, (_, f) = self.given(scales), self.by_group
        to_zero = np.eye(self.prior_sd.size)
        to_zero[0, 1:] = -self.x.mean(axis=0)  # the intercept at x = 0
        means = [(self.prior_mean + found.mean) @ to_zero.T, scales.T]
        variances = [np.einsum("ip,npq,iq->ni", to_zero, found.covariance, to_zero), 0.0 * scales.T]
        w_00, w_01, w_11 = found.w
        for w_k0, w_k1, w_kk in ((w_00, w_01, w_00), (w_01, w_11, w_11)):
            wf = w_k0[..., None] * f[:, 0] + w_k1[..., None] * f[:, 1]  # row k of W_j (B_j, d_j)
            means.append(wf[..., -1] - np.einsum("njp,np->nj", wf[..., :-1], found.mean))
            through = np.einsum("njp,npq->njq", wf[..., :-1], found.covariance)
            of_mean = (through * wf[..., :-1]).sum(axis=2)
            variances.append((scales[0] ** 2)[:, None] * w_kk + of_mean)
        return np.hstack(means), np.hstack(variances)


def pairs(one: Array, other: Array) -> Array:
    """Products of all with all, group by group: (J, k) and (J, k) make (J, k k)."""
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)
