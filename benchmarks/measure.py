"""What draws are worth, by one code for everybody: ours, on the draws that each peer saved."""

from __future__ import annotations

from collections.abc import Iterator
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
    with np.load(path) as arrays:
        found = dict(scalars(dict(arrays)))
    truth = exact_means(problem)
    if found.keys() != truth.keys():
        odd = sorted(found.keys() ^ truth.keys())
        raise ValueError(f"draws and exact answer of {problem} differ in quantities: {odd[:5]}")
    ess = worst({name: diagnostics.ess_bulk(x) for name, x in found.items()}, largest=False)
    rhat = worst({name: diagnostics.rhat(x) for name, x in found.items()}, largest=True)
    z = worst({name: distance(x, truth[name]) for name, x in found.items()}, largest=True)
    return {
        "ess": ess[1],
        "ess_of": ess[0],
        "ess_per_second": ess[1] / report["seconds"]["sample"],
        "ess_per_1000_gradients": 1000.0 * ess[1] / report["gradients"],
        "rhat": rhat[1],
        "z": z[1],
        "z_of": z[0],
        "trusted": bool(ess[1] >= ENOUGH and rhat[1] <= diagnostics.RHAT_LIMIT),
    }


def distance(draws: np.ndarray, mean: float) -> float:
    return abs(float(draws.mean()) - mean) / diagnostics.mcse_mean(draws)
