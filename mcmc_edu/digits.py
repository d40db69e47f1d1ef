"""How many digits of an estimate are worth printing: no finer than its Monte Carlo error.

The last digit that is printed stands where the error is between half a unit of it and five.
Another run of the same length changes that digit, and none before it by much.

    1.47792 +- 0.0088     1.48
    251.416 +- 0.122      251.4
    19234.1 +- 31         19230
"""

from __future__ import annotations

import math

UNITS = 5.0
"""The most that the error can be, in units of the last digit."""
MOST_DECIMALS = 12
"""Finer numbers are written with a power of ten."""
ERROR_OF_ERROR = 0.2
"""A Monte Carlo error is itself known to so large a part of it, from some hundred effective draws:
it has a digit or two."""


def decimals(error: float) -> int:
    """Decimals of a number with this error; negative if not even its units are known.

    Examples
    --------
    >>> [decimals(error) for error in (0.0088, 0.122, 0.06, 0.04, 3.0, 31.0)]
    [2, 1, 1, 2, 0, -1]
    """
    return -math.floor(math.log10(10.0 / UNITS * error))


def known(error: float | None) -> bool:
    """Whether an error tells anything: it is there, finite and not 0."""
    return error is not None and 0.0 < error < math.inf


def rounded(value: float, error: float) -> str:
    """Round a number to the digits that its error leaves.

    Examples
    --------
    >>> rounded(1.47792, 0.0088), rounded(251.416, 0.122), rounded(19234.1, 31.0)
    ('1.48', '251.4', '19230')
    """
    if not math.isfinite(value):
        return f"{value:.3f}"
    places = decimals(error)
    if places > MOST_DECIMALS:
        return f"{value:.{max(decimals(error / max(abs(value), error)), 0)}e}"
    return f"{round(value, places):z.{max(places, 0)}f}"
