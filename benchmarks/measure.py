"""What draws are worth, by one code for everybody: ours, on the draws that each peer saved."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import problems

from mcmc_edu import diagnostics

ENOUGH = 400
"""Effective draws from which a summary of four chains is to be trusted, R-hat permitting."""

exact_means = cache(problems.exact_means)


def scalars(draws: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """Name and draws (chain, draw) of each quantity: `alpha` of shape (.., .., k) is k of them."""
    for name, values in draws.items():
        if values.ndim == 2:
            yield name, values
        else:
            yield from ((f"{name}[{k}]", values[:, :, k]) for k in range(values.shape[2]))


def worst(values: dict[str, float], largest: bool) -> tuple[str, float]:
    """Name and value of the worst; a value that is NaN is worse than any other."""
    sign = 1.0 if largest else -1.0
    name = max(values, key=lambda n: np.inf if np.isnan(values[n]) else sign * values[n])
    return name, values[name]


def worth(path: Path, problem: str, report: dict[str, Any]) -> dict[str, Any]:
    """Measure the draws of a file: smallest ESS, by second and gradient; R-hat; distance to truth.

    The truth's |z| is in Monte Carlo standard errors, the largest over all quantities; of 155 good
    ones it is about 3.
    """
    found, truth = read(path), exact_means(problem)
    check_names(problem, found, truth)
    exact = {name: (mean, 0.0) for name, mean in truth.items()}
    return efficiency(found, report) | farthest(found, exact)


def read(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as arrays:
        return dict(scalars(dict(arrays)))


def check_names(problem: str, found: Collection[str], wanted: Collection[str]) -> None:
    if set(found) != set(wanted):
        odd = sorted(set(found) ^ set(wanted))
        raise ValueError(f"draws and exact answer of {problem} differ in quantities: {odd[:5]}")


def efficiency(found: dict[str, np.ndarray], report: dict[str, Any]) -> dict[str, Any]:
    """Smallest ESS, by second and gradient; R-hat; and whether these are enough."""
    ess = worst({name: diagnostics.ess_bulk(x) for name, x in found.items()}, largest=False)
    rhat = worst({name: diagnostics.rhat(x) for name, x in found.items()}, largest=True)
    return {
        "ess": ess[1],
        "ess_of": ess[0],
        "ess_per_second": ess[1] / report["seconds"]["sample"],
        "ess_per_1000_gradients": 1000.0 * ess[1] / report["gradients"],
        "rhat": rhat[1],
        "trusted": bool(ess[1] >= ENOUGH and rhat[1] <= diagnostics.RHAT_LIMIT),
    }


def farthest(
    found: dict[str, np.ndarray], wanted: dict[str, tuple[float, float]]
) -> dict[str, Any]:
    """Find the quantity that is farthest from what is wanted: means by name, with their errors."""
    z = {name: distance(draws, *wanted[name]) for name, draws in found.items()}
    name, value = worst(z, largest=True)
    return {"z": value, "z_of": name}


def distance(draws: np.ndarray, mean: float, error: float = 0.0) -> float:
    return abs(float(draws.mean()) - mean) / math.hypot(diagnostics.mcse_mean(draws), error)
