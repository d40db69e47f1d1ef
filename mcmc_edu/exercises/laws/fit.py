"""Goodness of fit: whether draws follow a law, whatever else they might follow.

A law turns draws into numbers that are independent and uniform on (0, 1) if it is the right one.
Each number may then be reflected, u to 1 - u, by anything that was known before it, and is uniform
still.  If the law is wrong, the reflected numbers are not: a chain whose step depends on what it
should not depend on is found by one of the reflections.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from ...compiling import FloatArray

SHORT = 50
"""Runs with fewer draws are tested by their first draws, too."""
EDGE = 1e-4
"""Uniform numbers nearer to 0 or 1 are taken to be so near: no single draw decides."""
FAR = 0.67
"""Half of normal numbers are farther than this from their mean, in sds."""


def two_orders(
    below: FloatArray,
    stay: FloatArray,
    stayed: NDArray[np.bool_],
    above: NDArray[np.bool_],
    uniform: FloatArray,
) -> FloatArray:
    """Return draws through their distribution functions, in two orders, shape (2, n).

    Along the line; and first those that stayed, then moves from the middle of the law outwards.
    The first order finds wrong directions, the second wrong step sizes and decisions.

    Parameters
    ----------
    below
        Probability of moving to below the draw.
    stay
        Probability of staying.
    stayed, above
        Whether the draw repeats the state, and whether it is above the state.
    uniform
        Uniform numbers, one for each draw, that spread the probability of staying.
    """
    along = below + np.where(stayed, uniform * stay, np.where(above, stay, 0.0))
    share = below / np.maximum(1.0 - stay, 1e-12)
    moved = stay + (1.0 - stay) * np.abs(2.0 * share - 1.0)
    outwards = np.where(stayed, uniform * stay, moved)
    both: FloatArray = np.clip(np.array([along, outwards]), 0.0, 1.0)
    return both


def both_orders(uniforms: FloatArray) -> FloatArray:
    """Return uniform numbers as they are, and from the middle outwards, shape (2, n)."""
    return uniforms if uniforms.ndim == 2 else np.array([uniforms, np.abs(2.0 * uniforms - 1.0)])


def reflected(u: FloatArray, path: FloatArray) -> dict[str, FloatArray]:
    """Return uniform numbers, as they are and reflected by what was known before each.

    Parameters
    ----------
    u
        Numbers, shape (k n,): the n draws once or more often.
    path
        Start and draws, shape (n + 1,) or (n + 1, coordinates).
    """
    before = np.tile(standing(path), u.size // (len(path) - 1))
    last = np.concatenate([[0.0], u[:-1]])
    return {
        "values": u,
        "last": np.where(last > 0.5, 1.0 - u, u),
        "side": np.where(before > 0.0, 1.0 - u, u),
        "distance": np.where(np.abs(before) > FAR, 1.0 - u, u),
    }


def standing(path: FloatArray) -> FloatArray:
    """Return where the chain stands before each draw, in sds from the mean of the path so far."""
    x = path[:-1] if path.ndim == 1 else path[:-1].sum(axis=1)
    count = np.arange(1, len(x) + 1)
    mean = np.cumsum(x) / count
    variance = np.cumsum(x * x) / count - mean**2
    known = (count > 5) & (variance > 1e-12 * (1.0 + mean**2))
    return np.where(known, (x - mean) / np.sqrt(np.where(known, variance, 1.0)), 0.0)


def fits(
    uniforms: Sequence[FloatArray],
    paths: Sequence[FloatArray],
    settings: Sequence[Hashable],
    tests: Sequence[str] = ("all", "mean", "spread"),
) -> dict[str, float]:
    """Return p-values of several tests that all these numbers are independent and uniform.

    Each is by Kolmogorov and Smirnov's distance, or by mean and spread of normal numbers, in all
    runs of a setting together.  Short runs are tested by their first draws, too.

    Parameters
    ----------
    uniforms
        Of each run, shape (n,), or (2, n) in two orders.
    paths
        Start and draws of each run.
    settings
        What tells the setting of each run.
    tests
        Which of `normal_tests` are made.
    """
    found: dict[str, dict[Hashable, list[FloatArray]]] = {}
    for uniform, path, setting in zip(uniforms, paths, settings, strict=True):
        for order, u in zip(("along", "outwards"), both_orders(uniform), strict=True):
            numbers = reflected(u, path)
            if u.size < SHORT:
                numbers["first"] = u[:1]
            for name, values in numbers.items():
                found.setdefault(f"{name} {order}", {}).setdefault(setting, []).append(values)
    p_values: dict[str, list[float]] = {}
    for name, runs in found.items():
        for u in runs.values():
            for test, p in normal_tests(np.concatenate(u)).items():
                if test in tests and (test != "spread" or name.startswith(("values", "first"))):
                    key = name if test == "all" else f"{name}: {test}"
                    p_values.setdefault(key, []).append(p)
    return {name: combined(several) for name, several in p_values.items()}


def normal_tests(u: FloatArray) -> dict[str, float]:
    """Return p-values of three tests that numbers are independent and uniform.

    "all" is by Kolmogorov and Smirnov's distance; "mean" and "spread" by the sum, and the sum of
    squares, of the normal numbers that have the same probabilities.
    """
    z = ndtri(np.clip(u, EDGE, 1.0 - EDGE))
    return {
        "all": float(stats.kstest(u, "uniform").pvalue),
        "mean": two_sided(stats.norm(), float(z.sum() / np.sqrt(len(z)))),
        "spread": two_sided(stats.chi2(len(z)), float(z @ z)),
    }


def two_sided(law: Any, value: float) -> float:
    """Return the p-value of a number that follows a law if all is well: both ends count."""
    return float(min(2.0 * min(law.cdf(value), law.sf(value)), 1.0))


def both_ends(u: float) -> float:
    """Return the p-value of a number that is uniform if all is well."""
    return float(2.0 * min(u, 1.0 - u))


def combined(p_values: Sequence[float]) -> float:
    """Return the p-value of several independent ones, by the smallest of them (L. Tippett 1931)."""
    smallest = min(p_values)
    return float(-np.expm1(len(p_values) * np.log1p(-min(smallest, 1.0 - 1e-16))))


def smallest_of(p_values: Sequence[float]) -> float:
    """Return a p-value of several ones, however they depend: the smallest, times their number."""
    return min(1.0, len(p_values) * min(p_values))


def bet_against(p: float) -> float:
    """Return the value of a bet against a hypothesis whose p-value is p; 1 on average under it."""
    p = min(max(p, 1e-300), 1.0 - 1e-9)
    log_p = math.log(p)
    return (1.0 - p + p * log_p) / (p * log_p**2)
