"""What checks of indices cost: `python benchmarks/bounds.py [--pairs 15]`.

Users' functions are compiled so that an index beyond an array is an IndexError.  Here the same
densities are compiled with and without these checks, in one process, and called in turn; a pair is
a number of calls of each.  A ratio above 1 says that checks cost time.  Beside the median of the
ratios is the interval of `before.py`, which has the true median in at least 90 of 100 runs.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from before import interval_of_median

from mcmc_edu.compiling import DENSITY, FLOAT, PACKED, VECTOR, BoundDensity, bind, entry
from mcmc_edu.compiling.binding import callees

ROWS, GROUPS = 1000, 50


class Data(NamedTuple):
    """Outcomes, a predictor and the number of a group, shape (rows,) each."""

    y: np.ndarray
    x: np.ndarray
    group: np.ndarray


def loop(theta, grad, data):  # type: ignore[no-untyped-def]
    """Compute a regression by a loop over rows, with two indices a row."""
    total, grad[0], grad[1] = 0.0, 0.0, 0.0
    for i in range(data.y.size):
        z = data.y[i] - theta[0] - theta[1] * data.x[i]
        total -= 0.5 * z * z
        grad[0] += z
        grad[1] += z * data.x[i]
    return total


def groups(theta, grad, data):  # type: ignore[no-untyped-def]
    """Compute intercepts of groups: an index that is itself looked up, in every row."""
    total = 0.0
    for j in range(theta.size):
        total -= 0.5 * theta[j] * theta[j]
        grad[j] = -theta[j]
    for i in range(data.y.size):
        j = data.group[i]
        z = data.y[i] - theta[j]
        total -= 0.5 * z * z
        grad[j] += z
    return total


def vectors(theta, grad, data):  # type: ignore[no-untyped-def]
    """Compute the regression by whole arrays, without an index of the user's in a loop."""
    z = data.y - theta[0] - theta[1] * data.x
    grad[0], grad[1] = z.sum(), (z * data.x).sum()
    return -0.5 * (z * z).sum()


def normal(theta, grad, data):  # type: ignore[no-untyped-def]
    """Compute a hundred normals: nothing but indices."""
    total = 0.0
    for i in range(theta.size):
        total -= 0.5 * theta[i] * theta[i]
        grad[i] = -theta[i]
    return total


def chain(theta, grad, data):  # type: ignore[no-untyped-def]
    """Compute a random walk, which reads the neighbours of an entry too."""
    total = -0.5 * theta[0] * theta[0]
    grad[0] = -theta[0]
    for i in range(1, theta.size):
        z = theta[i] - theta[i - 1]
        total -= 0.5 * z * z
        grad[i] = -z
        grad[i - 1] += z
    return total


DENSITIES: dict[str, tuple[Callable[..., float], int]] = {
    "regression, a loop": (loop, 2),
    "regression, vectors": (vectors, 2),
    "groups": (groups, GROUPS),
    "100 normals": (normal, 100),
    "random walk of 100": (chain, 100),
}


def bound(density: Callable[..., float], data: Any, checked: bool) -> BoundDensity:
    """Compile the density with or without checks of its indices."""
    callees.CHECKED["boundscheck"] = checked
    try:
        made = bind(density, data)
    finally:
        callees.CHECKED["boundscheck"] = True
    assert made.mode == "compiled"
    return made


def seconds(density: BoundDensity, theta: np.ndarray, calls: int) -> float:
    """Time of a call from compiled code, as a chain makes it."""
    grad = np.empty(theta.size)
    begin = time.perf_counter()
    repeat(density.adapter, theta, grad, density.packed, float(calls))
    return (time.perf_counter() - begin) / calls


def pair(
    both: list[BoundDensity], theta: np.ndarray, calls: int, turned: bool
) -> tuple[float, float]:
    """Time a call with checks and one without, the second first if `turned`."""
    order = both[::-1] if turned else both
    found = [seconds(one, theta, calls) for one in order]
    checked, free = found[::-1] if turned else found
    return checked, free


@entry(DENSITY, VECTOR, VECTOR, PACKED, FLOAT)
def repeat(density: Any, theta: Any, grad: Any, data: Any, calls: float) -> float:
    """Call a density so many times; the sum keeps the compiler from leaving calls out."""
    total = 0.0
    while calls > 0.0:
        total += density(theta, grad, data)
        calls -= 1.0
    return total


def main(pairs: int) -> None:
    rng = np.random.default_rng(1)
    data = Data(rng.standard_normal(ROWS), rng.standard_normal(ROWS), rng.integers(0, GROUPS, ROWS))
    print("| density | checked, us | not, us | ratio | interval |\n|---|--:|--:|--:|---|")
    for name, (density, dim) in DENSITIES.items():
        theta = rng.standard_normal(dim)
        both = [bound(density, data, checked) for checked in (True, False)]
        calls = max(100, int(0.05 / seconds(both[0], theta, 1000)))
        times = [pair(both, theta, calls, turned=k % 2 == 1) for k in range(pairs)]
        ratios = [checked / free for checked, free in times]
        checked, free = (1e6 * statistics.median(column) for column in zip(*times, strict=True))
        low, high = interval_of_median(ratios)
        middle = statistics.median(ratios)
        print(f"| {name} | {checked:.2f} | {free:.2f} | {middle:.3f} | {low:.3f} to {high:.3f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=15)
    main(parser.parse_args().pairs)
