"""How `log_prior_partial_pooling` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, way_of

ROOT = np.log(2 * np.pi) / 2


def is_inside(bugs: Bugs, sigma_alpha: float, sigma_beta: float, sigma: float) -> bool:
    """Say whether the sigmas are inside what these bugs take for the bounds."""
    upper = np.inf if "upper-bound-missing" in bugs else 10.0
    unchecked = way_of(bugs, "one-scale-unchecked")
    sigmas = {"": sigma, "of alpha": sigma_alpha, "of beta": sigma_beta}
    return all(0.0 < value <= upper for name, value in sigmas.items() if name != unchecked)


def normal(bugs: Bugs, values: Any, mean: float, sd: float, kind: str) -> float:
    """Return the sum of log densities; `kind` is that of taking the sd for a variance."""
    values = np.atleast_1d(values)
    constants = way_of(bugs, "constants-missing")
    of_lines = kind == "variance-for-sd"
    root = 0.0 if constants is not None and (of_lines or "lines" not in constants) else ROOT
    way = way_of(bugs, kind)
    scale = np.sqrt(sd) if way == "" else sd
    power = 1.0 if way == "in squares" else 2.0
    log_scale = np.log(scale)
    if of_lines and "log-sigma-missing" in bugs:
        log_scale = 0.0
    if not of_lines and constants is not None and "3" in constants:
        log_scale = 0.0
    return float(
        -len(values) * (root + log_scale) - ((values - mean) ** 2).sum() / scale**power / 2
    )


def answer(
    bugs: Bugs,
    alpha: FloatArray,
    beta: FloatArray,
    mu_alpha: float,
    mu_beta: float,
    sigma_alpha: float,
    sigma_beta: float,
    sigma: float,
) -> float:
    """Return the log prior, or what these bugs make of it."""
    if not is_inside(bugs, sigma_alpha, sigma_beta, sigma):
        return -np.inf
    of_alpha, of_beta = sigma_alpha, sigma_beta
    if "swapped" in bugs:
        of_alpha, of_beta = of_beta, of_alpha
    if "noise-for-population" in bugs:
        if "swapped" in bugs:
            raise ValueError("there is nothing to swap")
        of_alpha = of_beta = sigma
    around = (0.0, 0.0) if "mean-zero" in bugs else (mu_alpha, mu_beta)
    total = normal(bugs, alpha, around[0], of_alpha, "variance-for-sd")
    total += normal(bugs, beta, around[1], of_beta, "variance-for-sd")
    if "hyperprior-missing" not in bugs:
        total += normal(bugs, [mu_alpha, mu_beta], 0.0, 3.0, "hyperprior-variance-3")
    constants = way_of(bugs, "constants-missing")
    times = 1 if "one-scale-constant" in bugs else 3
    if "scales-constant-missing" in bugs or (constants is not None and "10" in constants):
        times = 0
    return float(total - times * np.log(10.0))


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return parameters inside the bounds, on them, and outside."""

    def population(n: int) -> list[Any]:
        mu_alpha, mu_beta = rng.normal(1.5, 1.0), rng.normal(-1.5, 1.0)
        alpha, beta = rng.normal(mu_alpha, 1.5, n), rng.normal(mu_beta, 0.6, n)
        return [alpha, beta, float(mu_alpha), float(mu_beta)]

    def sigmas(*special: float) -> list[float]:
        low, high = rng.uniform(0.5, 0.9), rng.uniform(1.5, 3.0)
        values = [float(high), float(low), float(rng.uniform(3.5, 9.0))]
        return [values[k] if s is None else s for k, s in enumerate(special or [None] * 3)]

    calls = [population(n) + sigmas() for n in (3, 5, 2, 1, 4)]
    calls += [population(3) + sigmas(10.0, 1.0, 2.0), population(3) + sigmas(1.0, 10.0, 10.0)]
    for place in (2, 0, 1):
        for value in (11.0, -1.0, 0.0):
            special = [2.0, 1.0, 3.0]
            special[place] = value
            calls.append(population(3) + sigmas(*special))
    calls.append(population(2) + sigmas(12.0, 11.0, 13.0))
    calls.append(population(400) + sigmas())
    wide = rng.normal(0.0, 5.0, (2, 3)) + 130.0  # lines and means have no bounds
    return [*calls, [wide[0], -wide[1], 125.0, -128.0, 4.0, 3.0, 2.0]]


RULES = Exact(
    arguments=("alpha", "beta", "mu_alpha", "mu_beta", "sigma_alpha", "sigma_beta", "sigma"),
    probes=probes,
    answer=answer,
    bugs=(
        "hyperprior-missing",
        "hyperprior-variance-3",
        "hyperprior-variance-3/in squares",
        "variance-for-sd",
        "variance-for-sd/in squares",
        "constants-missing",
        "constants-missing/and 3",
        "constants-missing/and 10",
        "constants-missing/and 3 and 10",
        "constants-missing/of lines",
        "log-sigma-missing",
        "scales-constant-missing",
        "one-scale-constant",
        "swapped",
        "mean-zero",
        "noise-for-population",
        "upper-bound-missing",
        "one-scale-unchecked",
        "one-scale-unchecked/of alpha",
        "one-scale-unchecked/of beta",
    ),
)
