"""Tables of estimates, printed with as many digits as their Monte Carlo errors justify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from ... import diagnostics
from ...compiling import FloatArray
from ...draws.summary import errors
from ...table import Table


def estimates(quantities: Mapping[str, FloatArray]) -> Table:
    """Compute mean, sd and quantiles of quantities by name, each of shape (chain, draw)."""
    rows = {name: _estimate(draws) for name, draws in quantities.items()}
    return Table(rows, errors=partial(errors, quantities))


def _estimate(draws: FloatArray) -> dict[str, float]:
    q5, q50, q95 = np.quantile(draws, [0.05, 0.5, 0.95])
    return {
        "mean": float(draws.mean()),
        "sd": float(draws.std(ddof=1)),
        "q5": float(q5),
        "q50": float(q50),
        "q95": float(q95),
    }


def of_levels(effects: Mapping[str, FloatArray], levels: Sequence[str]) -> Table:
    """Compute mean and sd of every level's effects from draws (chain, draw, level)."""
    rows: dict[str, dict[str, float]] = {level: {} for level in levels}
    for name, draws in effects.items():
        for j, level in enumerate(levels):
            rows[level][name] = float(draws[:, :, j].mean())
            rows[level][f"sd({name})"] = float(draws[:, :, j].std(ddof=1))
    return Table(rows, errors=partial(_errors_of_level, effects, list(levels)))


def _errors_of_level(
    effects: Mapping[str, FloatArray], levels: Sequence[str], level: str
) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, draws in effects.items():
        own = draws[:, :, levels.index(level)]
        if own.shape[1] >= diagnostics.MIN_DRAWS:
            found |= {name: diagnostics.mcse_mean(own), f"sd({name})": diagnostics.mcse_sd(own)}
    return found


NORMAL = {"mean": 1.0, "sd": 0.5**0.5, "q5": 2.11, "q50": 1.25, "q95": 2.11}
"""Errors of estimates from draws that are normal, in those of their mean."""


def errors_of_columns(draws: FloatArray) -> dict[str, FloatArray]:
    """Compute Monte Carlo errors, shape (n,), by estimate, from draws (chain, draw, n)."""
    found = [errors({"": draws[:, :, i]}, "") for i in range(draws.shape[2])]
    return {name: np.array([one[name] for one in found]) for name in (found[0] if found else ())}


def row_of(columns: Mapping[str, FloatArray], i: int) -> dict[str, float]:
    """Return row i of columns by name."""
    return {name: float(values[i]) for name, values in columns.items()}
