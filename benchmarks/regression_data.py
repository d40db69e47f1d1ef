"""The data of the regressions: published, simulated with a known truth, or of a folder."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
from peers.formulas.models import REGRESSIONS

import mcmc_edu as me
from mcmc_edu.datasets import SimulatedRegression

Arrays = dict[str, np.ndarray]

SIMULATED = {
    "bernoulli": {"groups": 1_000, "beta": (-0.5, 0.8), "sd": (0.8, 0.5), "correlation": 0.3},
    "gaussian": {"groups": 10_000, "beta": (1.0, -0.5), "sd": (0.7, 0.4), "correlation": -0.4},
}
"""What these are made from, with 100 rows of each group and seed 1."""

RADON = "radon_mn.csv"


@cache
def simulated(problem: str) -> SimulatedRegression:
    return me.datasets.simulate_regression(problem, observations=100, seed=1, **SIMULATED[problem])


def data_of(problem: str, folder: Path | None) -> Arrays:
    """Columns of a problem; `FileNotFoundError` if they are to be in the folder and are not."""
    if problem in SIMULATED:
        columns = simulated(problem).columns
    elif problem == "radon":
        columns = radon(folder)
    else:
        columns = getattr(me.datasets, problem)()
    return {name: np.asarray(columns[name]) for name in REGRESSIONS[problem].columns}


def radon(folder: Path | None) -> Arrays:
    """Radon in Minnesota's houses (Gelman and Hill 2007), which the package does not ship."""
    if folder is None:
        raise FileNotFoundError(f"{RADON} is not shipped: pass --data, the folder that has it")
    with (folder / RADON).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def truth_of(problem: str) -> dict[str, float]:
    """Return what simulated data were made from, by quantity; nothing for other data."""
    if problem not in SIMULATED:
        return {}
    truth = simulated(problem).truth
    found = {
        "Intercept": truth.beta[0],
        "slope": truth.beta[1],
        "sd_Intercept": truth.sd[0],
        "sd_slope": truth.sd[1],
        "cor": truth.correlation,
    } | ({} if truth.sigma is None else {"sigma": truth.sigma})
    return {name: float(value) for name, value in found.items()}
