"""How often intervals of subgroup effects hold the truth, if the truth is drawn from the priors.

    parameters ~ the priors that are fitted,   y ~ the model,   intervals of effects from the fit

Then a p % interval holds the true effect in p % of the experiments, for every subgroup.  Rows of
one experiment are not independent: each experiment gives the share of its intervals that hold,
and the standard error is that of the mean of these shares over experiments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mcmc_edu as me

FORMULA = "y ~ z*(a + c) + (1 + z | g)"
ROWS, PLACES, UNSEEN = 240, 10, 2
"""People, places in the experiment, and places in the population only."""
LEVELS = (0.5, 0.9)
PRIORS = {
    "Intercept": me.Normal(0, 1),  # of the intercept when all predictors are centred
    "b": me.Normal(0, 0.5),
    "sd": me.HalfNormal(0.5),
    "cor": me.LKJ(2),
}
OWN: dict[str, dict[str, Any]] = {"gaussian": {"sigma": me.Exponential(1)}, "bernoulli": {}}
EXPERIMENTS = {"gaussian": 200, "bernoulli": 50}
KINDS = {
    "overall": {},
    "by a": {"by": "a"},
    "by c": {"by": "c"},
    "by a and c": {"by": ["a", "c"]},
    "by place": {"by": "g"},
}
BOUNDS = "overall, mean of the rows' bounds"
"""The wrong order: intervals of rows first, averaged over rows last."""

Columns = dict[str, NDArray[Any]]


def people(rng: np.random.Generator) -> Columns:
    """Draw the rows of an experiment."""
    return {
        "z": rng.permutation(np.arange(ROWS) % 2),
        "a": rng.integers(0, 2, ROWS),
        "c": np.array(["A", "B", "C"])[rng.integers(0, 3, ROWS)],
        "g": rng.integers(0, PLACES, ROWS),
    }


def population(rng: np.random.Generator) -> Columns:
    """Draw a table of cells, places without a person in the experiment included."""
    z, a, c, g = np.meshgrid([0, 1], [0, 1], ["A", "B", "C"], np.arange(PLACES + UNSEEN))
    cells = {"z": z.ravel(), "a": a.ravel(), "c": c.ravel(), "g": g.ravel()}
    return cells | {"N": rng.integers(0, 1000, z.size), "region": g.ravel() // 4}


def from_priors(rng: np.random.Generator, rows: Columns) -> dict[str, Any]:
    """Draw the parameters from the priors, with effects of all places."""
    sd, cor = np.abs(0.5 * rng.standard_normal(2)), 2.0 * rng.beta(2.0, 2.0) - 1.0
    e = rng.standard_normal((2, PLACES + UNSEEN))
    b = 0.5 * rng.standard_normal(7)
    return {
        "b": b,
        "intercept": rng.standard_normal() - common(rows).mean(axis=0) @ b,
        "u": sd[:, None] * np.array([e[0], cor * e[0] + np.sqrt(1.0 - cor * cor) * e[1]]),
        "sigma": rng.exponential(1.0),
    }


def common(rows: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """Make the columns of the common coefficients."""
    z, a = rows["z"].astype(float), rows["a"].astype(float)
    in_b, in_c = rows["c"] == "B", rows["c"] == "C"
    return np.column_stack([z, a, in_b, in_c, z * a, z * in_b, z * in_c])


def expected(p: Mapping[str, Any], rows: Mapping[str, NDArray[Any]], family: str) -> Any:
    """Return the expected outcome of every row."""
    u = p["u"][:, rows["g"]]
    eta = p["intercept"] + common(rows) @ p["b"] + u[0] + u[1] * rows["z"]
    return eta if family == "gaussian" else 1.0 / (1.0 + np.exp(-eta))


def true_averages(found: Any, values: Any, rows: Columns, weights: Any) -> NDArray[np.float64]:
    """Average the true values of the rows over the cells of a result."""
    truth = []
    for i in range(len(found.labels)):
        held = [rows[name] == cells[i] for name, cells in found.columns.items()]
        here = np.where(np.logical_and.reduce(held) if held else True, weights, 0.0)
        truth.append(float(here @ values / here.sum()))
    return np.array(truth)


def held(draws: Any, truth: Any) -> list[float]:
    """Return the share of the rows whose intervals hold the truth, at each level."""
    flat = draws.reshape(-1, draws.shape[-1])
    return [shares(*np.quantile(flat, tails(level), axis=0), truth) for level in LEVELS]


def tails(level: float) -> list[float]:
    """Return the two probabilities of an interval's bounds."""
    return [0.5 - 0.5 * level, 0.5 + 0.5 * level]


def shares(low: Any, high: Any, truth: Any) -> float:
    """Return the share of the intervals that hold the truth."""
    return float(((low <= truth) & (truth <= high)).mean())


def one_experiment(family: str, seed: int) -> dict[str, list[float]]:
    """Simulate and fit one; return, for each kind of effect, the shares that hold."""
    rng = np.random.default_rng([16, seed])
    rows, cells = people(rng), population(rng)
    p = from_priors(rng, rows)
    mean = expected(p, rows, family)
    noise = rng.standard_normal(ROWS) * p["sigma"]
    y = mean + noise if family == "gaussian" else (rng.random(ROWS) < mean).astype(float)
    model = me.Model(FORMULA, rows | {"y": y}, family, priors=PRIORS | OWN[family])
    fit = model.fit(draws=250, warmup=250, seed=seed, threads=1, progress=False)

    def effect(rows: Columns) -> Any:
        high, low = (expected(p, rows | {"z": 0 * rows["z"] + value}, family) for value in (1, 0))
        return high - low

    result = {}
    for kind, arguments in KINDS.items():
        found = fit.effect("z", **arguments)
        result[kind] = held(found.draws, true_averages(found, effect(rows), rows, np.ones(ROWS)))
    for name, values in (("effect", effect(cells)), ("outcome", expected(p, cells, family))):
        for by in (None, "region"):
            if name == "effect":
                found = fit.effect("z", newdata=cells, wts="N", by=by, seed=seed)
            else:
                found = fit.poststratify(cells, wts="N", by=by, seed=seed)
            truth = true_averages(found, values, cells, cells["N"])
            result[f"poststratified {name}, {by or 'overall'}"] = held(found.draws, truth)
    high, low = (fit.epred(rows | {"z": 0 * rows["z"] + value}) for value in (1, 0))
    flat = (high - low).reshape(-1, ROWS)
    bounds = [np.quantile(flat, tails(level), axis=0).mean(axis=1) for level in LEVELS]
    result[BOUNDS] = [shares(*of_level, effect(rows).mean()) for of_level in bounds]
    return result


def study(family: str, experiments: int | None = None) -> dict[str, dict[str, list[float]]]:
    """Run all experiments: coverage and its standard error at each level, by kind of effect."""
    found = [one_experiment(family, seed) for seed in range(experiments or EXPERIMENTS[family])]
    return {kind: summary(np.array([one[kind] for one in found])) for kind in found[0]}


def summary(shares: NDArray[np.float64]) -> dict[str, list[float]]:
    """Return means and standard errors of shares, of shape (experiment, level).

    Where an experiment has one interval, its share is 0 or 1 and the error is that of a binomial
    with the nominal probability.  Otherwise it is that of a mean of independent shares.
    """
    n, level = len(shares), np.array(LEVELS)
    single = np.isin(shares, (0.0, 1.0)).all(axis=0)
    binomial = np.sqrt(level * (1.0 - level) / n)
    error = np.where(single, binomial, shares.std(axis=0, ddof=1) / np.sqrt(n))
    return {"covered": shares.mean(axis=0).tolist(), "error": error.tolist()}
