"""How `log_likelihood` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, Raises, way_of

Rows = NDArray[np.int64]


def lines_of(bugs: Bugs, rows: int, n: int, group: Rows) -> Rows | None:
    """Return the individual whose line each row gets; None for the mean of all lines."""
    first, order = way_of(bugs, "first-line-for-all"), way_of(bugs, "group-ignored")
    row = np.arange(rows)
    if first is not None and order is not None:
        raise ValueError("a row has one line only")
    if first is not None:
        if first == "mean":
            return None
        return np.full(rows, {"": 0, "last": n - 1, "of first row": group[0]}[first])
    ways = {
        "": row,
        "by index": row,
        "again": row % n,
        "blocks": row * n // rows,
        "sorted": np.sort(group),
    }
    return group if order is None else ways[order]


def answer(
    bugs: Bugs,
    y: FloatArray,
    x: FloatArray,
    alpha: FloatArray,
    beta: FloatArray,
    sigma: float,
    group: Rows,
) -> float | Raises:
    """Return the log likelihood, or what these bugs make of it."""
    rows, order = len(y), way_of(bugs, "group-ignored")
    if order in ("", "by index") and len(alpha) < rows:
        return Raises("IndexError" if order else "ValueError")
    lines = lines_of(bugs, rows, len(alpha), group)
    mean = alpha.mean() + beta.mean() * x if lines is None else alpha[lines] + beta[lines] * x
    scale, power = (np.sqrt(sigma) if "variance-for-sd" in bugs else sigma), 2.0
    if "variance-for-sd/in squares" in bugs:
        power = 1.0
    squares = ((y - mean) ** 2).sum() / scale**power
    half = 1.0 if "half-missing" in bugs else 0.5
    total = half * squares if "sign-flipped" in bugs else -half * squares
    if "constant-missing" not in bugs:
        total -= rows * np.log(2 * np.pi) / 2
    times = 0 if "log-sigma-missing" in bugs else 1 if "log-sigma-once" in bugs else rows
    total -= times * np.log(scale)
    product = way_of(bugs, "product-of-densities")
    if product is not None and total < -700.0:
        return Raises("ValueError") if product == "math" else -np.inf
    return float(total / rows if "mean-for-sum" in bugs else total)


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return data of as many rows as individuals, of more rows, and of very many."""
    calls: list[list[Any]] = []
    for rows, n, sigma in ((4, 4, 1.7), (6, 6, 0.6), (12, 4, 2.4), (10, 5, 0.8), (1, 1, 1.3)):
        alpha, beta = rng.normal(1.0, 1.0, n), rng.normal(-1.0, 0.7, n)
        x, group = rng.normal(0.5, 1.0, rows), rng.integers(0, n, rows)
        group[0], group[-1] = n // 2, 0
        y = alpha[group] + beta[group] * x + sigma * rng.normal(size=rows)
        calls.append([y, x, alpha, beta, sigma, group])
    rows, n, sigma = 450, 3, 3.0
    alpha, beta = rng.normal(1.0, 1.0, n), rng.normal(-1.0, 0.7, n)
    x, group = rng.normal(0.5, 1.0, rows), rng.integers(0, n, rows)
    y = alpha[group] + beta[group] * x + sigma * rng.normal(size=rows)
    calls.append([y, x, alpha, beta, sigma, group])
    far = y + np.where(np.arange(rows) == 7, 150.0, 0.0)  # an outcome 50 sds off
    calls.append([far, x, alpha, beta, sigma, group])
    return calls


RULES = Exact(
    arguments=("y", "x", "alpha", "beta", "sigma", "group"),
    probes=probes,
    answer=answer,
    bugs=(
        "constant-missing",
        "log-sigma-missing",
        "log-sigma-once",
        "variance-for-sd",
        "variance-for-sd/in squares",
        "half-missing",
        "sign-flipped",
        "product-of-densities",
        "product-of-densities/math",
        "group-ignored",
        "group-ignored/by index",
        "group-ignored/again",
        "group-ignored/blocks",
        "group-ignored/sorted",
        "first-line-for-all",
        "first-line-for-all/last",
        "first-line-for-all/of first row",
        "first-line-for-all/mean",
        "mean-for-sum",
    ),
)
