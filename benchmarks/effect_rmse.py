"""How near estimates of group effects come to the true ones, by how groups are put together.

    alpha_g ~ N(0, .3),   theta_g = lambda_0 + lambda w_g + sigma_theta e_g,   w_g = -1 or 1
    y ~ N(alpha_g + theta_g z, 1),   16 people in a group, 8 of them treated

The true effects have sd .3 and those of single groups the standard error .5, as in the simulation
of J. Alley (2023).  In all settings e has mean 0 and variance 1, heavy tails included, which are
t(3) divided by sqrt(3).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import mcmc_edu as me

REPLICATES, GROUPS, ROWS = 100, (8, 32, 128), 16
MEAN, SD, SD_ALPHA = 0.3, 0.3, 0.3
SETTINGS = {
    # the share of the variance of the effects that w explains, and the law of the rest
    "normal": (2.0 / 3.0, "normal"),
    "heavy tails": (2.0 / 3.0, "t"),
    "w irrelevant": (0.0, "normal"),
    "one effect for all": (None, "normal"),
}
ROW = ("constant", "none", "complete", "partial", "partial with w", "oracle")
PRIORS = {
    "Intercept": me.Normal(0, 1),
    "b": me.Normal(0, 0.5),
    "sd": me.HalfNormal(1),
    "cor": me.LKJ(2),
    "sigma": me.HalfNormal(2),
}
FORMULAS = {"partial": "y ~ z + (1 + z | g)", "partial with w": "y ~ z*w + (1 + z | g)"}

Array = NDArray[np.float64]


def scales(setting: str) -> tuple[float, float]:
    """Return lambda and sigma_theta."""
    share = SETTINGS[setting][0]
    if share is None:
        return 0.0, 0.0
    return SD * float(np.sqrt(share)), SD * float(np.sqrt(1.0 - share))


def simulate(setting: str, groups: int, seed: int) -> tuple[dict[str, Any], Array]:
    """Simulate rows, and the effect of each group."""
    rng = np.random.default_rng([18, list(SETTINGS).index(setting), groups, seed])
    slope, rest = scales(setting)
    w = np.where(np.arange(groups) % 2, 1.0, -1.0)
    heavy = SETTINGS[setting][1] == "t"
    e = rng.standard_t(3, groups) / np.sqrt(3.0) if heavy else rng.standard_normal(groups)
    theta, alpha = MEAN + slope * w + rest * e, SD_ALPHA * rng.standard_normal(groups)
    g, z = np.repeat(np.arange(groups), ROWS), np.tile([0.0, 1.0], groups * ROWS // 2)
    y = alpha[g] + theta[g] * z + rng.standard_normal(g.size)
    return {"y": y, "z": z, "w": w[g], "g": g}, theta


def estimates(data: dict[str, Any], setting: str, seed: int) -> dict[str, Array]:
    """Estimate the effect of each group in all ways."""
    arms = data["y"].reshape(-1, ROWS // 2, 2).mean(axis=1)  # group, arm
    single, groups = arms[:, 1] - arms[:, 0], len(arms)
    found = {
        "constant": np.full(groups, MEAN),
        "none": single,
        "complete": np.full(groups, single.mean()),
        "oracle": oracle(arms, data["w"][::ROWS], setting),
    }
    for way, formula in FORMULAS.items():
        model = me.Model(formula, data, priors=PRIORS)
        fit = model.fit(draws=250, warmup=250, seed=seed, threads=1, progress=False)
        found[way] = fit.effect("z", by="g").draws.mean(axis=(0, 1))
    return {way: found[way] for way in ROW}


def oracle(arms: Array, w: Array, setting: str) -> Array:
    """Return posterior means of effects if all but the group effects are known.

    Two means of each group are normal given (alpha, theta), which are normal too.  With heavy
    tails it is the best linear estimate.
    """
    slope, rest = scales(setting)
    design = np.array([[1.0, 0.0], [1.0, 1.0]])
    prior = np.diag([SD_ALPHA**2, rest**2])
    of_means = design @ prior @ design.T + np.eye(2) / (ROWS / 2)
    centre = np.column_stack([np.zeros(len(w)), MEAN + slope * w])
    gain = prior @ design.T @ np.linalg.inv(of_means)
    found: Array = (centre + (arms - centre @ design.T) @ gain.T)[:, 1]
    return found


def study(
    settings: Any = tuple(SETTINGS), groups: Any = GROUPS, replicates: int = REPLICATES
) -> dict[str, dict[str, Any]]:
    """Run all replicates of each setting and number of groups."""
    result = {}
    for setting in settings:
        for j in groups:
            errors: dict[str, list[float]] = {way: [] for way in ROW}
            for seed in range(replicates):
                data, theta = simulate(setting, j, seed)
                for way, found in estimates(data, setting, seed).items():
                    errors[way].append(float(((found - theta) ** 2).mean()))
            arrays = {way: np.array(x) for way, x in errors.items()}
            result[f"{setting}, {j} groups"] = summary(arrays)
    return result


def summary(errors: dict[str, Array]) -> dict[str, Any]:
    """Summarise squared errors, one of each replicate, all ways in the same replicates.

    Returns
    -------
    dict
        ``rmse`` of each way with its Monte Carlo standard error, and ``less``: by how much the
        mean squared error of partial pooling with w is below that of each other way, with the
        standard error of the paired difference.
    """
    best = errors["partial with w"]
    others = {way: x for way, x in errors.items() if way != "partial with w"}
    rmse = {}
    for way, x in errors.items():
        root = float(np.sqrt(x.mean()))
        rmse[way] = [root, standard_error(x) / (2.0 * root) if root else 0.0]
    return {
        "rmse": rmse,
        "less": {
            way: [float((x - best).mean()), standard_error(x - best)] for way, x in others.items()
        },
    }


def standard_error(x: Array) -> float:
    """Return the standard error of a mean over replicates."""
    return float(x.std(ddof=1) / np.sqrt(len(x)))
