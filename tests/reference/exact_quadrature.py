"""The exact posterior of `exact_gaussian`: its integral over the four scales.

The scales are sigma, two sds and a correlation.  They are seen from the whole line, as logarithms
and as the inverse hyperbolic tangent of the correlation.  Each coordinate runs over

    mode + spread sinh(t)

with t evenly spaced.  This is the double exponential rule: its error falls faster than any power of
the step, and the points reach far into the tails.

Source: H. Takahasi, M. Mori (1974), *Publ. RIMS* 9, 721-741.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from exact_gaussian import Array, Gaussian
from scipy import optimize

LogPrior = Callable[[Array], Array]
"""Log density of sigma, two sds and the correlation, shape (4, points), at points."""
Ends = tuple[tuple[float, float], ...]
"""Of t on each axis."""

LOOK, STEPS = 0.5, (0.25, 0.18)
"""Steps of t: to look where the posterior is, then coarse and fine."""
FAR = ((-4.0, 4.0), (-6.0, 4.0), (-6.0, 4.0), (-4.5, 4.5))
"""Where to look: the logarithm of a sd has a long way to 0, which is at minus infinity."""
NEGLIGIBLE = 1e-14
"""Weight, of a point or of all points with the same t, that is not worth computing."""
AT_ONCE = 200_000
"""Pairs of point and group that are in memory at once."""


class Moments(NamedTuple):
    """Posterior moments of all that there is."""

    mean: Array
    """Of coefficients (intercept at x = 0), scales, then effects of one coefficient after the
    other, shape (P + 4 + 2 J,)."""
    sd: Array
    log_evidence: float


def seen(z: Array) -> tuple[Array, Array]:
    """Scales from the whole line, shape (4, points), and the log-Jacobian."""
    log_jacobian = z[:3].sum(axis=0) - 2.0 * np.log(np.cosh(z[3]))
    return np.vstack([np.exp(z[:3]), np.tanh(z[3])]), log_jacobian


def chunks(model: Gaussian, points: int) -> Iterator[slice]:
    """Portions of points that fit into memory."""
    step = max(1, AT_ONCE // len(model.by_group[0]))
    return (slice(i, i + step) for i in range(0, points, step))


def log_density(model: Gaussian, log_prior: LogPrior, z: Array) -> Array:
    """Log of p(y | scales) p(scales), the scales as seen from the whole line."""
    found = []
    for chunk in chunks(model, z.shape[1]):
        scales, log_jacobian = seen(z[:, chunk])
        found.append(model.given(scales).log_evidence + log_prior(scales) + log_jacobian)
    return np.concatenate(found)


def mode_and_spread(model: Gaussian, log_prior: LogPrior) -> tuple[Array, Array]:
    """Where the density of the scales is highest, and how wide it is there along each axis."""

    def minus(z: Array) -> float:
        return -float(log_density(model, log_prior, z[:, None])[0])

    sd = model.y.std()
    start = [np.log(sd), np.log(sd), np.log(sd / np.abs(model.z).max()), 0.0]
    options = {"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-8}
    mode = optimize.minimize(minus, start, method="Nelder-Mead", options=options).x
    h = 1e-3 * np.eye(4)
    hessian = [
        [
            minus(mode + a + b) - minus(mode + a - b) - minus(mode - a + b) + minus(mode - a - b)
            for a in h
        ]
        for b in h
    ]
    return mode, np.sqrt(np.diag(np.linalg.inv(hessian)) * 4e-6)


class Grid(NamedTuple):
    """Points of the whole line with their weights."""

    z: Array
    weights: Array
    """They add up to 1, shape (points,)."""
    log_integral: float
    shape: tuple[int, ...]


def on_grid(
    model: Gaussian, log_prior: LogPrior, mode: Array, spread: Array, ends: Ends, h: float
) -> Grid:
    """Evaluate the density at t in steps of h between the ends."""
    t = [h * np.arange(np.floor(low / h), np.ceil(high / h) + 1) for low, high in ends]
    mesh = np.array(np.meshgrid(*t, indexing="ij"))
    grid = mesh.reshape(4, -1)
    z = mode[:, None] + spread[:, None] * np.sinh(grid)
    log_terms = log_density(model, log_prior, z) + np.log(np.cosh(grid)).sum(axis=0)
    top = log_terms.max()
    terms = np.exp(log_terms - top)
    volume = 4.0 * np.log(h) + np.log(spread).sum()
    log_integral = float(top + np.log(terms.sum()) + volume)
    return Grid(z, terms / terms.sum(), log_integral, mesh.shape[1:])


def ends_of(grid: Grid) -> Ends:
    """Where on each axis of a grid that looks everywhere the posterior begins and ends."""
    found, weights = [], grid.weights.reshape(grid.shape)
    for k, (low, _) in enumerate(FAR):
        marginal = weights.sum(axis=tuple(i for i in range(4) if i != k))
        there = np.flatnonzero(marginal > NEGLIGIBLE)
        found.append((low + LOOK * there[0], low + LOOK * there[-1]))
    return tuple(found)


def moments_of(model: Gaussian, grid: Grid) -> Moments:
    """All moments by one grid: the variance is that of the mixture."""
    kept = grid.weights > NEGLIGIBLE
    z, weights = grid.z[:, kept], grid.weights[kept]
    origin = model.moments(seen(z[:, [weights.argmax()]])[0])[0][0]  # so that squares stay small
    first, second = np.zeros_like(origin), np.zeros_like(origin)
    for chunk in chunks(model, z.shape[1]):
        mean, variance = model.moments(seen(z[:, chunk])[0])
        mean = mean - origin
        first += weights[chunk] @ mean
        second += weights[chunk] @ (variance + mean * mean)
    return Moments(origin + first, np.sqrt(second - first * first), grid.log_integral)


def posterior(model: Gaussian, log_prior: LogPrior) -> tuple[Moments, float]:
    """Moments by the finer grid, and the error: by how much the coarser one differs."""
    coarse, fine = by_grids(model, log_prior, STEPS)
    return fine, error_of(coarse, fine)


def by_grids(model: Gaussian, log_prior: LogPrior, steps: Sequence[float]) -> list[Moments]:
    """Moments by a grid of each step."""
    mode, spread = mode_and_spread(model, log_prior)
    ends = ends_of(on_grid(model, log_prior, mode, spread, FAR, LOOK))
    return [moments_of(model, on_grid(model, log_prior, mode, spread, ends, h)) for h in steps]


def error_of(coarse: Moments, fine: Moments) -> float:
    """The largest difference: in a mean or a sd in units of the sd, or in log p(y)."""
    of_mean = np.abs((coarse.mean - fine.mean) / fine.sd).max()
    of_sd = np.abs(coarse.sd / fine.sd - 1.0).max()
    return float(max(of_mean, of_sd, abs(coarse.log_evidence - fine.log_evidence)))
