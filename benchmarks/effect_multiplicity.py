"""What 100 subgroups of an experiment show if the effect is the same in all of them.

    y ~ N(tau z, 1),   100 groups of 12 people, half of them treated

Intervals of each group's effect come from that group's rows alone (*separate*, t intervals of the
difference in means), or from one model for all (*partial*, `y ~ z + (1 + z | g)` with default
priors).  An interval misses if the overall effect is outside, and is significant if 0 is.

Source of the errors of sign (S) and of size (M): A. Gelman, J. Carlin (2014), *Perspectives on
Psychological Science* 9, 641-651.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import mcmc_edu as me

EXPERIMENTS, GROUPS, ROWS, EFFECT = 200, 100, 12, 0.2
G = np.repeat(np.arange(GROUPS), ROWS)
Z = np.tile([0.0, 1.0], GROUPS * ROWS // 2)
WAYS = ("separate", "partial")

Intervals = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""Estimate, low and high bound of every group."""


def outcome(seed: int) -> NDArray[np.float64]:
    """Simulate an experiment."""
    rng = np.random.default_rng([17, seed])
    return EFFECT * Z + rng.standard_normal(Z.size)


def separate(y: NDArray[np.float64]) -> Intervals:
    """Estimate each group's effect from its rows alone."""
    arms = y.reshape(GROUPS, -1, 2)  # group, person, arm
    n = arms.shape[1]
    estimate = arms[:, :, 1].mean(axis=1) - arms[:, :, 0].mean(axis=1)
    variance = arms.var(axis=1, ddof=1).mean(axis=1)
    half = stats.t(2 * n - 2).ppf(0.975) * np.sqrt(2.0 * variance / n)
    return estimate, estimate - half, estimate + half


def partial(y: NDArray[np.float64], seed: int) -> Intervals:
    """Estimate all effects by one model."""
    fit = me.Model("y ~ z + (1 + z | g)", {"y": y, "z": Z, "g": G}).fit(
        draws=500, warmup=500, seed=seed, threads=1, progress=False
    )
    draws = fit.effect("z", by="g").draws.reshape(-1, GROUPS)
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975], axis=0)
    return middle, low, high


def counts(found: Intervals) -> dict[str, float]:
    """Count what one experiment shows."""
    estimate, low, high = found
    misses = (low > EFFECT) | (high < EFFECT)
    shown = (low > 0.0) | (high < 0.0)
    return {
        "misses": float(misses.sum()),
        "significant": float(shown.sum()),
        "wrong sign": float((shown & (estimate < 0.0)).sum()),
        "size": float(np.abs(estimate[shown]).sum() / EFFECT),
        "squared error": float(((estimate - EFFECT) ** 2).mean()),
    }


def study(experiments: int = EXPERIMENTS) -> dict[str, dict[str, list[float]]]:
    """Run all experiments: each number with its Monte Carlo standard error, for both ways."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for seed in range(experiments):
        y = outcome(seed)
        found["separate"].append(counts(separate(y)))
        found["partial"].append(counts(partial(y, seed)))
    return {way: summary(of_way) for way, of_way in found.items()}


def summary(found: list[dict[str, float]]) -> dict[str, list[float]]:
    """Summarise the counts of all experiments: pairs of a number and its standard error."""
    columns = {name: np.array([one[name] for one in found]) for name in found[0]}
    misses, shown = columns["misses"], columns["significant"]
    mse = mean(columns["squared error"])
    rmse = float(np.sqrt(mse[0]))
    return {
        "any misses": share(misses > 0.0),
        "intervals that miss": mean(misses / GROUPS),
        "any significant": share(shown > 0.0),
        "significant": mean(shown / GROUPS),
        "type S": ratio(columns["wrong sign"], shown),
        "type M": ratio(columns["size"], shown),
        "rmse": [rmse, mse[1] / (2.0 * rmse)],
    }


def share(events: NDArray[Any]) -> list[float]:
    """Return a share of experiments, with Wilson's standard error, which is not 0 at the ends."""
    n, p = len(events), float(events.mean())
    return [p, float(np.sqrt(p * (1.0 - p) / n + 0.25 / n**2) / (1.0 + 1.0 / n))]


def mean(x: NDArray[np.float64]) -> list[float]:
    """Return a mean over experiments and its standard error."""
    return [float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))]


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> list[float]:
    """Return a ratio of two sums over experiments, with its error by the delta method."""
    total = float(below.sum())
    if total == 0.0:
        return [float("nan"), float("nan")]
    found = float(above.sum()) / total
    error = np.sqrt(len(above)) * (above - found * below).std(ddof=1) / total
    return [found, float(error)]
