"""Integrals over a few standard deviations, each from 0 to the upper end of its prior.

The method is Gauss-Legendre on a product grid, in coordinates that concentrate the points where the
mass is.  With centre m and spread s of an axis, x = m + s sinh(t).  Points are evenly spaced within
a few s of m and get sparser farther out, so they cover both a peak and a long tail.  The location
of the mass is found iteratively: the box starts as the whole prior and changes until it settles.

Source: Press et al. (2007), *Numerical Recipes*, 3rd ed., sections 4.5-4.6.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from ..compiling import FloatArray

LOOK, LOOKS = 14, 40  # points on an axis while the box is sought, and how often to look
NEGLIGIBLE = 1e-11  # of the largest marginal density on an axis

LogDensity = Callable[[FloatArray], FloatArray]
"""Log density at points of shape (dims, points), up to a constant; shape (points,)."""


class Axis(NamedTuple):
    """One side of the box and how its points are spread."""

    low: float
    high: float
    centre: float
    spread: float


class Grid(NamedTuple):
    """Points that carry the posterior."""

    points: FloatArray
    """Shape (dims, points)."""
    weights: FloatArray
    """Posterior weight of each point, shape (points,); they add up to 1."""
    log_integral: float
    """Log of the integral of the density over the box."""


@cache
def _legendre(n: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(n)


def _rule(axis: Axis, n: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Points and weights on one axis, and the weights in t alone."""
    t, weight = _legendre(n)
    ends = np.arcsinh((np.array([axis.low, axis.high]) - axis.centre) / axis.spread)
    half = 0.5 * (ends[1] - ends[0])
    t = ends[0] + half * (t + 1.0)
    points = axis.centre + axis.spread * np.sinh(t)
    return points.clip(axis.low, axis.high), weight * half * axis.spread * np.cosh(t), weight


def on_grid(log_density: LogDensity, box: list[Axis], n: int) -> Grid:
    """Evaluate the density on `n` points an axis."""
    rules = [_rule(axis, n) for axis in box]
    points = np.array(np.meshgrid(*(rule[0] for rule in rules), indexing="ij"))
    points = points.reshape(len(box), -1)
    log_weights = np.zeros(())
    for rule in rules:
        log_weights = np.add.outer(log_weights, np.log(rule[1]))
    log_terms = log_density(points) + log_weights.ravel()
    top = float(log_terms.max())
    terms = np.exp(log_terms - top)
    total = float(terms.sum())
    return Grid(points, terms / total, top + float(np.log(total)))


def find_box(log_density: LogDensity, upper: float, dims: int, smallest: float) -> list[Axis]:
    """Find the box that contains all but a negligible part of the mass.

    Parameters
    ----------
    log_density
        See `LogDensity`.
    upper
        Each coordinate lives between 0 and `upper`.
    dims
        Number of coordinates.
    smallest
        Smallest scale that the first pass must resolve.

    Raises
    ------
    ArithmeticError
        If the box does not settle: the density is too sharp or its integral not finite.
    """
    box = [Axis(0.0, upper, 0.0, smallest)] * dims
    for _ in range(LOOKS):
        grid = on_grid(log_density, box, LOOK)
        weights = grid.weights.reshape((LOOK,) * dims)
        new = []
        for d, axis in enumerate(box):
            others = tuple(i for i in range(dims) if i != d)
            new.append(_look_along(axis, weights.sum(axis=others), upper))
        if all(_suffices(old, seen) for old, seen in zip(box, new, strict=True)):
            return box
        box = new
    raise ArithmeticError(
        f"the posterior of the standard deviations cannot be boxed in (now {box}); is there "
        "noise in the data?"
    )


def _look_along(axis: Axis, marginal: FloatArray, upper: float) -> Axis:
    """Move the ends of an axis to where the marginal density becomes negligible."""
    points, weight, weight_t = _rule(axis, marginal.size)
    density = marginal / weight_t
    there = np.flatnonzero(density > NEGLIGIBLE * density.max())
    width = axis.high - axis.low
    low = points[there[0] - 1] if there[0] > 0 else max(0.0, axis.low - width)
    high = points[there[-1] + 1] if there[-1] + 1 < points.size else min(upper, axis.high + width)
    centre = float(marginal @ points)
    step = float(weight[np.abs(points - centre).argmin()])  # how far apart points are there
    spread = float(np.sqrt(marginal @ (points - centre) ** 2))
    return Axis(float(low), float(high), centre, max(spread, 0.5 * step))


def _suffices(side: Axis, seen: Axis) -> bool:
    """Return whether a side of the box fits the mass seen through it.

    The side must hold all of the mass, not be too wide, and have its points where the mass is.
    """
    holds = side.low <= seen.low and seen.high <= side.high
    tight = seen.high - seen.low > 0.25 * (side.high - side.low)
    centred = abs(side.centre - seen.centre) < 0.25 * seen.spread
    return holds and tight and centred and 0.8 < side.spread / seen.spread < 1.25
