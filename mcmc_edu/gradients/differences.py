"""Derivatives by finite differences, to replace or to check a written gradient.

The central difference  (f(x + h) - f(x - h)) / 2h  has an error of order h^2, and a rounding error
of order 1/h.  The best h leaves 9 to 11 digits (`finite_difference`).  For more digits,
`derivative` shrinks h step by step and extrapolates to h = 0, which also gives an error bound.

Source: C. J. F. Ridders (1982), *Advances in Engineering Software* 4, 75-76.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..compiling import FloatArray, arguments_of, nan_to_minus_inf

EPSILON = 2.0**-52
STEP = EPSILON ** (1.0 / 3.0)
"""Where a central difference balances its two errors, for a function on the scale of 1."""


def finite_difference(log_density: Callable[..., float]) -> Callable[..., float]:
    """Give a log density a gradient by central differences, for any sampler that needs one.

    A gradient costs 2 dim + 1 evaluations, so that this is for few parameters, or to get going. It
    has 9 to 11 good digits where parameters matter on a scale of about 1; rescale those that do
    not.  It is compiled where `log_density` can be.

    Parameters
    ----------
    log_density
        ``f(theta, data) -> float``.  One step out of the support the difference is one-sided.

    Returns
    -------
    Callable
        ``g(theta, grad, data) -> float``; outside the support -inf, and a gradient of 0.

    Raises
    ------
    TypeError
        If `log_density` takes other arguments.

    Examples
    --------
    >>> import numpy as np
    >>> def log_density(theta, data):
    ...     return -0.5 * theta[0] * theta[0]
    >>> grad = np.empty(1)
    >>> finite_difference(log_density)(np.array([3.0]), grad, ())
    -4.5
    >>> grad.round(6)
    array([-3.])
    """
    name = getattr(log_density, "__name__", "log_density")
    if arguments_of(log_density) != 2:
        raise TypeError(f"{name} has a gradient of its own already: pass f(theta, data)")

    def by_differences(theta: FloatArray, grad: FloatArray, data: Any) -> float:
        logp = nan_to_minus_inf(log_density(theta.copy(), data))
        for i in range(theta.size):
            h = STEP * (1.0 + abs(theta[i]))
            moved = np.empty((2, theta.size))  # of each call its own: a density may keep it
            moved[0, :] = theta
            moved[1, :] = theta
            moved[0, i] = right = theta[i] + h
            moved[1, i] = left = theta[i] - h
            above = nan_to_minus_inf(log_density(moved[0], data))
            below = nan_to_minus_inf(log_density(moved[1], data))
            if above == -math.inf:
                right, above = theta[i], logp
            if below == -math.inf:
                left, below = theta[i], logp
            grad[i] = (above - below) / (right - left) if left < right and logp > -math.inf else 0.0
        return logp

    by_differences.__name__ = name  # what messages call it
    return by_differences


def derivative(function: Callable[[float], float], x: float) -> tuple[float, float]:
    """Compute the derivative of a function of one number, with a bound on its error.

    Returns (nan, inf) if there is no derivative.  Column k of the scheme is free of error terms up
    to h^2k.  The result is the entry that differs least from the two entries it was made from.
    Steps that leave the support on either side are skipped.
    """
    best, least = math.nan, math.inf
    coarser: list[float] = []  # the row before: steps three times as large
    for k in range(12):
        h = 0.02 * (1.0 + abs(x)) / 3.0**k
        right, left = x + h, x - h
        above, below = function(right), function(left)
        if not (math.isfinite(above) and math.isfinite(below)):
            continue
        rounding = EPSILON * (1.0 + abs(above)) / (right - left)
        row = [(above - below) / (right - left)]
        for order, neighbour in enumerate(coarser, 1):
            row.append(row[-1] + (row[-1] - neighbour) / (9.0**order - 1.0))
            doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - neighbour)) + rounding
            if doubt < least:
                best, least = row[-1], doubt
        coarser = row
    return best, least
