"""What the default priors do with few groups: `python benchmarks/few_groups.py [--sets 100]`.

Many data sets are simulated for every number of groups and every true sd among them, and fitted
with default priors.  Printed are the root mean square error of the posterior median of the sd, in
how many sets the 90 % intervals of the sd and of the mean hold the truth, and in how many a
trajectory diverged.
"""

from __future__ import annotations

import argparse

import numpy as np

import mcmc_edu as me

CASES = {
    "gaussian": [(j, sd) for j in (2, 3, 5, 10) for sd in (0.1, 1.0, 10.0)],
    "bernoulli": [(j, sd) for j in (2, 3, 5, 10) for sd in (0.2, 1.0, 2.5)],
}
ROWS = {"gaussian": 10, "bernoulli": 20}
"""Of each group; the noise of a Gaussian outcome has sd 1."""


def one_set(family: str, groups: int, sd: float, seed: int) -> tuple[float, bool, bool, bool]:
    """Fit one data set: median sd, whether intervals of it and of the mean hold, divergences."""
    rng = np.random.default_rng([seed, groups, int(10 * sd)])
    g = np.repeat(np.arange(groups), ROWS[family])
    eta = sd * rng.standard_normal(groups)[g]
    if family == "gaussian":
        y = eta + rng.standard_normal(g.size)
    else:
        y = (rng.random(g.size) < 1.0 / (1.0 + np.exp(-eta))).astype(float)
    model = me.Model("y ~ 1 + (1 | g)", {"y": y, "g": g}, family=family)
    fit = model.fit(seed=seed, draws=500, warmup=500, chains=2, progress=False)
    found = fit.draws["sd(g: Intercept)"]
    holds = []
    for values, truth in ((found, sd), (fit.draws["Intercept"], 0.0)):
        low, high = np.quantile(values, [0.05, 0.95])
        holds.append(bool(low <= truth <= high))
    return float(np.median(found)), holds[0], holds[1], bool(fit.draws.stats["divergent"].any())


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=100)
    sets = parser.parse_args().sets
    print(
        f"{'':<12}{'groups':>7}{'sd':>6}{'rmse of sd':>12}{'holds sd':>10}{'mean':>7}"
        f"{'diverged':>10}"
    )
    for family, cases in CASES.items():
        for groups, sd in cases:
            found = np.array([one_set(family, groups, sd, seed) for seed in range(sets)])
            error = float(np.sqrt(np.mean((found[:, 0] - sd) ** 2)))
            holds, mean, diverged = found[:, 1:].mean(axis=0)
            print(
                f"{family:<12}{groups:7d}{sd:6.1f}{error:12.2f}{holds:10.2f}{mean:7.2f}"
                f"{diverged:10.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
