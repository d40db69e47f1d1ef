"""Integrals over the effects of a group that is left out, by adaptive Gauss-Hermite quadrature.

With effects b = T u, u ~ N(0, I), the density of all rows of a group is

    p(y) = integral prod_i p(y_i | eta_i + z_i' T u) N(u | 0, I) du

The integrand is close to a normal density at its mode m, with covariance R R'.  Nodes x and
weights w of Gauss and Hermite, moved to there, take few points:

    p(y) ~ 2^(K/2) |R| sum_k w_k exp(x_k' x_k) f(m + sqrt(2) R x_k),      f the integrand

The mode is found by Newton's steps.  Slopes and curvatures are differences of the log density over
a twentieth of the integrand's width, so that a family needs no derivatives of its own.  Where the
integrand is not log-concave (Student's t), R is at most as wide as the prior of u: the rule stays
valid, but needs more nodes, and misses what lies around another mode.  `disagreement` compares it
with a rule of nearly twice the nodes, and looks for other modes.

Source: J. Pinheiro, D. Bates (1995), *Journal of Computational and Graphical Statistics* 4, 12-35.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import logsumexp

from ....compiling import FloatArray

NODES = {1: 25, 2: 15}
"""Nodes for each effect, by the number of effects."""

LARGEST = 2
"""Effects that are integrated out together: the nodes are those of a product rule."""

STEP = 0.05
"""Distance of the differences, in widths of the integrand."""

ITERATIONS = 60

LogDensity = Callable[[FloatArray], FloatArray]
"""Log density of every row given its linear predictor; both of shape (chain, draw, row)."""


def log_integral(
    log_p: LogDensity, eta: FloatArray, z: FloatArray, c: FloatArray, nodes: int | None = None
) -> FloatArray:
    """Integrate normal effects out of the density of all rows together.

    Parameters
    ----------
    log_p
        Log density of every row given its linear predictor.
    eta
        Linear predictor without the effects, shape (chain, draw, row).
    z
        Columns of the effects, shape (row, K).
    c
        Covariance of the effects, shape (chain, draw, K, K).
    nodes
        Number of nodes for each effect; None for `NODES`.

    Returns
    -------
    The log density of the rows, shape (chain, draw).
    """
    return _around(_integrand(log_p, eta, z, c), np.zeros(c.shape[:3]), nodes)[0]


def _integrand(log_p: LogDensity, eta: FloatArray, z: FloatArray, c: FloatArray) -> LogDensity:
    """Make the log density of the rows and u, but for the constant of the latter."""
    lines = z @ root(c)

    def integrand(u: FloatArray) -> FloatArray:
        with np.errstate(all="ignore"):
            moved = eta + np.einsum("cdrk,cdk->cdr", lines, u)
            found = log_p(moved).sum(axis=-1) - 0.5 * (u * u).sum(axis=-1)
        return np.where(np.isnan(found), -np.inf, found)

    return integrand


def _around(
    integrand: LogDensity, start: FloatArray, nodes: int | None = None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Integrate around the mode uphill of `start`, and return the mode and R as well."""
    k = start.shape[-1]
    mode, width = peak(integrand, start)
    x, w = np.polynomial.hermite.hermgauss(nodes or NODES[k])
    points = np.stack(np.meshgrid(*[x] * k, indexing="ij"), axis=-1).reshape(-1, k)
    weights = np.stack(np.meshgrid(*[np.log(w) + x * x] * k, indexing="ij"), axis=-1)
    terms = np.stack(
        [
            weight + integrand(mode + math.sqrt(2.0) * (width @ point))
            for point, weight in zip(points, weights.reshape(-1, k).sum(axis=1), strict=True)
        ]
    )
    volume = np.linalg.slogdet(width)[1] - 0.5 * k * math.log(math.pi)
    return np.asarray(volume + logsumexp(terms, axis=0)), mode, width


def peak(integrand: LogDensity, start: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find the mode of a log density and a root R of its covariance there, by Newton's steps."""
    k = start.shape[-1]
    mode, width = start, np.broadcast_to(np.eye(k), (*start.shape, k)).copy()
    height = integrand(mode)
    for _ in range(ITERATIONS):
        slope, bend = _differences(integrand, mode, width, height)
        values, vectors = np.linalg.eigh(bend)
        values = np.maximum(values, 0.1)  # uphill, and not too far, where it is not concave
        toward = width @ vectors
        across = (vectors.swapaxes(-1, -2) @ slope[..., np.newaxis])[..., 0]
        step = (toward @ (across / values)[..., np.newaxis])[..., 0]
        mode, height = _uphill(integrand, mode, height, step)
        width = toward / np.sqrt(values)[..., np.newaxis, :]
        width /= np.maximum(np.linalg.norm(width, axis=-2, keepdims=True), 1.0)
        if np.abs(across).max() < 1e-4 and np.abs(np.log(values)).max() < 0.01:
            break
    return mode, width


def _differences(
    integrand: LogDensity, mode: FloatArray, width: FloatArray, height: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Differences along the columns of `width`: slope, and curvature with its sign turned."""
    k = mode.shape[-1]
    slope, bend = np.empty(mode.shape), np.empty(width.shape)
    with np.errstate(invalid="ignore"):
        for i in range(k):
            a = STEP * width[..., i]
            up, down = integrand(mode + a), integrand(mode - a)
            slope[..., i] = (up - down) / (2.0 * STEP)
            bend[..., i, i] = (2.0 * height - up - down) / STEP**2
            for j in range(i):
                b = STEP * width[..., j]
                same = integrand(mode + a + b) + integrand(mode - a - b)
                other = integrand(mode + a - b) + integrand(mode - a + b)
                bend[..., i, j] = bend[..., j, i] = (other - same) / (4.0 * STEP**2)
    wrong = ~(np.isfinite(slope).all(axis=-1) & np.isfinite(bend).all(axis=(-1, -2)))
    slope[wrong], bend[wrong] = 0.0, 16.0 * np.eye(k)  # look nearer
    return slope, bend


def _uphill(
    integrand: LogDensity, mode: FloatArray, height: FloatArray, step: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Take the step, or a part of it that does not lead down."""
    for _ in range(40):
        found = integrand(mode + step)
        down = ~(found >= height - 1e-9)
        if not down.any():
            break
        step = np.where(down[..., np.newaxis], 0.5 * step, step)
    else:
        step = np.where(down[..., np.newaxis], 0.0, step)
        found = np.where(down, height, found)
    return mode + step, found


def root(c: FloatArray) -> FloatArray:
    """Find T with T T' = C, which may be singular."""
    sd = np.sqrt(np.diagonal(c, axis1=-2, axis2=-1))
    scale = np.where(sd > 0.0, sd, 1.0)
    values, vectors = np.linalg.eigh(c / scale[..., :, np.newaxis] / scale[..., np.newaxis, :])
    found = vectors * np.sqrt(np.maximum(values, 0.0))[..., np.newaxis, :]
    return np.asarray(found * sd[..., :, np.newaxis])


def disagreement(log_p: LogDensity, eta: FloatArray, z: FloatArray, c: FloatArray) -> float:
    """Return how wrong `log_integral` may be, at most, over draws.

    It is the difference that 2 `NODES` - 1 nodes make, or that another mode makes, if Newton's
    steps from two sd of an effect to either side find one.
    """
    integrand, middle = _integrand(log_p, eta, z, c), np.zeros(c.shape[:3])
    one, mode, width = _around(integrand, middle)
    with np.errstate(invalid="ignore"):
        found = np.abs(_around(integrand, middle, 2 * NODES[z.shape[1]] - 1)[0] - one)
        for direction in np.vstack([np.eye(z.shape[1]), -np.eye(z.shape[1])]):
            other, elsewhere, _ = _around(integrand, middle + 2.0 * direction)
            away = np.linalg.solve(width, (elsewhere - mode)[..., np.newaxis])[..., 0]
            missed = np.where(
                np.linalg.norm(away, axis=-1) > 1.0, np.logaddexp(one, other) - one, 0
            )
            found = np.fmax(found, missed)
        return float(np.nanmax(found, initial=0.0))
