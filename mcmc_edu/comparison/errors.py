"""The error of estimates, and the estimates that need no sampling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from ..datasets import GroupedData


def rmse(estimate: ArrayLike, truth: ArrayLike) -> float:
    """Root mean squared error of estimates against the truth, arrays of one shape.

    Raises
    ------
    ValueError
        If the shapes differ or there is nothing to compare.

    Examples
    --------
    >>> rmse([1.0, 3.0], [1.0, 1.0])
    1.4142135623730951
    """
    a, b = np.asarray(estimate, dtype=float), np.asarray(truth, dtype=float)
    if a.shape != b.shape or a.size == 0:
        raise ValueError(
            f"estimate has shape {a.shape}, truth {b.shape}; both must have the same, not empty"
        )
    return float(np.sqrt(np.mean((a - b) ** 2)))


def least_squares(data: GroupedData) -> tuple[float, float]:
    """Fit one line to all rows: intercept and slope.

    Under complete pooling with a flat prior these are the exact posterior means of alpha and
    beta, whatever sigma is: given sigma the posterior is normal around them.  (As long as the
    ends of the prior are far away; see `line_inside_prior`.)

    Raises
    ------
    ValueError
        If x is constant, where no line is determined.
    """
    if np.unique(data.x).size < 2:
        raise ValueError(f"x is {data.x[0]} in every row; a slope needs two different values of x")
    slope = _slope(data.x, data.y)
    return float(data.y.mean() - slope * data.x.mean()), slope


def least_squares_by_group(data: GroupedData) -> tuple[FloatArray, FloatArray] | None:
    """Fit a line to each individual: intercepts and slopes, shape (groups,) each.

    Under no pooling with a flat prior these are the exact posterior means, as long as the ends of
    the prior, at -100 and 100, are many standard errors away.  None if some individual's data do
    not determine a line.
    """
    if data.without_own_line():
        return None
    alpha, beta = np.empty(data.groups), np.empty(data.groups)
    for j in range(data.groups):
        x, y = data.x[data.group == j], data.y[data.group == j]
        beta[j] = _slope(x, y)
        alpha[j] = y.mean() - beta[j] * x.mean()
    return alpha, beta


def least_squares_noise(data: GroupedData) -> float:
    """Residual sd around the one line of `least_squares`; 1 where two rows leave no residual."""
    intercept, slope = least_squares(data)
    residuals = data.y - intercept - slope * data.x
    return float(np.sqrt(residuals @ residuals / (data.y.size - 2))) if data.y.size > 2 else 1.0


def line_inside_prior(data: GroupedData) -> bool:
    """Tell whether the ends of U(-100, 100) leave complete pooling's posterior untouched."""
    line = least_squares(data)
    noise = least_squares_noise(data) if data.y.size - 2 > ENOUGH_FREEDOM else LARGEST_NOISE
    return _inside_prior(data.x, *line, noise)


def lines_inside_prior(data: GroupedData, alpha: FloatArray, beta: FloatArray) -> bool:
    """Tell whether the ends of U(-100, 100) leave the individuals' posteriors untouched.

    They do if every least-squares estimate, five standard errors added, lies inside; the noise is
    the individuals' pooled residual sd, or the prior's largest where the data hardly tell.
    """
    residuals = data.y - alpha[data.group] - beta[data.group] * data.x
    freedom = data.y.size - 2 * data.groups
    noise = LARGEST_NOISE
    if freedom > ENOUGH_FREEDOM:
        noise = float(np.sqrt(residuals @ residuals / freedom))
    return all(
        _inside_prior(data.x[data.group == j], alpha[j], beta[j], noise) for j in range(data.groups)
    )


LARGEST_NOISE = 10.0  # sigma ~ U(0, 10)
ENOUGH_FREEDOM = 10  # residual degrees of freedom from which the data tell what the noise is


def _inside_prior(x: FloatArray, alpha: float, beta: float, noise: float) -> bool:
    spread = float(((x - x.mean()) ** 2).sum())
    slope_error = noise / np.sqrt(spread)
    intercept_error = noise * np.sqrt(1.0 / x.size + x.mean() ** 2 / spread)
    reach = max(abs(beta) + 5.0 * slope_error, abs(alpha) + 5.0 * intercept_error)
    return bool(reach < 100.0)


def _slope(x: FloatArray, y: FloatArray) -> float:
    centred = x - x.mean()
    return float(centred @ y / (centred @ centred))
