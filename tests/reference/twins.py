"""Twins of two well-known tables that may not be shipped, and their exact posteriors.

Writes `radon_twin.csv`, `rats_twin.csv` and `twins.json` into this folder:

    python tests/reference/twins.py

The tables have the shape of the real ones and none of their numbers: radon in houses of 85 counties
of very unequal size, with a predictor of the house (floor) and one of the county (log uranium);
weights of 30 rats, each at five ages.  Groups differ by enough for sds of 0 to be out of the
question: near 0 a sampler of centred effects would be slow.  The mathematics of the posteriors is
in `exact_gaussian` and `exact_quadrature`.
"""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy
from exact_gaussian import Array, Gaussian
from exact_quadrature import STEPS, Moments, posterior
from scipy import stats

HERE = Path(__file__).parent
Columns = dict[str, Array]


class Twin(NamedTuple):
    """A table and the model of it."""

    formula: str
    outcome: str
    predictors: tuple[str, ...]
    varying: str
    """The predictor whose coefficient varies, as does the intercept's."""
    group: str
    priors: dict[str, tuple[Any, ...]]
    """Kind and numbers; "Intercept" where all predictors are at their means, "sd" of both."""


TWINS = {
    "radon": Twin(
        "log_radon ~ floor + log_uranium + (floor | county)",
        "log_radon",
        ("floor", "log_uranium"),
        "floor",
        "county",
        {
            "Intercept": ("Normal", 1.0, 2.0),
            "floor": ("Normal", 0.0, 1.0),
            "log_uranium": ("Normal", 0.0, 1.0),
            "sigma": ("HalfT", 3.0, 1.0),
            "sd": ("HalfT", 3.0, 0.5),
            "cor": ("LKJ", 2.0),
        },
    ),
    "rats": Twin(
        "weight ~ day + (day | rat)",
        "weight",
        ("day",),
        "day",
        "rat",
        {
            "Intercept": ("Normal", 250.0, 50.0),
            "day": ("Normal", 5.0, 5.0),
            "sigma": ("Exponential", 0.1),
            "sd": ("HalfNormal", 10.0),
            "cor": ("LKJ", 1.5),
        },
    ),
}


def correlated(rng: np.random.Generator, sds: tuple[float, float], r: float, n: int) -> Array:
    """Effects of n groups, shape (2, n)."""
    one, other = rng.normal(size=(2, n))
    return np.array([sds[0] * one, sds[1] * (r * one + np.sqrt(1.0 - r * r) * other)])


def radon() -> Columns:
    """85 counties, of 1 to a hundred houses: sizes are quantiles of a lognormal distribution."""
    rng = np.random.default_rng(85)
    share = (np.arange(85) + 0.5) / 85
    sizes = np.maximum(np.round(np.exp(1.6 + 1.2 * stats.norm.ppf(share))), 1.0)
    county = np.repeat(np.arange(85), rng.permutation(sizes).astype(int))
    uranium = np.round(rng.normal(0.0, 0.4, 85), 3)[county]
    floor = (rng.random(county.size) < 0.3).astype(float)
    level, slope = correlated(rng, (0.4, 0.6), -0.3, 85)[:, county]
    y = 1.4 + level + (slope - 0.7) * floor + 0.6 * uranium
    y += rng.normal(0.0, 0.75, county.size)
    return {
        "county": county + 1.0,
        "floor": floor,
        "log_uranium": uranium,
        "log_radon": np.round(y, 3),
    }


def rats() -> Columns:
    """30 rats, weighed five times each, to a gram."""
    rng = np.random.default_rng(30)
    rat, day = np.repeat(np.arange(30), 5), np.tile([8.0, 15.0, 22.0, 29.0, 36.0], 30)
    level, slope = correlated(rng, (15.0, 0.6), -0.2, 30)[:, rat]
    weight = 106.0 + level + (6.2 + slope) * day + rng.normal(0.0, 6.0, rat.size)
    return {"rat": rat + 1.0, "day": day, "weight": np.round(weight)}


SIMULATE = {"radon": radon, "rats": rats}


class Folded(NamedTuple):
    """A distribution that is symmetric about 0, folded there."""

    whole: Any

    def logpdf(self, x: Array) -> Array:
        """Log density on the positive side."""
        return self.whole.logpdf(x) + np.log(2.0)


LAWS = {
    "HalfNormal": lambda scale: stats.halfnorm(0.0, scale),
    "HalfT": lambda df, scale: Folded(stats.t(df, 0.0, scale)),
    "Exponential": lambda rate: stats.expon(scale=1.0 / rate),
}
"""Priors of scales by kind."""


def log_prior_of(twin: Twin) -> Any:
    """Of sigma, both sds and the correlation; LKJ of two is a beta distribution on (-1, 1)."""
    sigma, sd = (LAWS[kind](*numbers) for kind, *numbers in map(twin.priors.get, ("sigma", "sd")))
    shape = twin.priors["cor"][1]

    def log_prior(scales: Array) -> Array:
        total = sigma.logpdf(scales[0]) + sd.logpdf(scales[1]) + sd.logpdf(scales[2])
        return total + stats.beta(shape, shape, -1.0, 2.0).logpdf(scales[3])

    return log_prior


def model_of(twin: Twin, columns: Columns) -> Gaussian:
    """The arrays."""
    normal = np.array([twin.priors[name][1:] for name in ("Intercept", *twin.predictors)])
    return Gaussian(
        columns[twin.outcome],
        np.column_stack([columns[name] for name in twin.predictors]),
        columns[twin.varying],
        columns[twin.group].astype(int) - 1,
        *normal.T,
    )


def exact(twin: Twin, columns: Columns) -> dict[str, Any]:
    """What `twins.json` has of a twin."""
    return summary(twin, *posterior(model_of(twin, columns), log_prior_of(twin)))


def summary(twin: Twin, found: Moments, error: float) -> dict[str, Any]:
    """Moments by name, effects level by level."""
    g, v = twin.group, twin.varying
    names = ["Intercept", *twin.predictors, "sigma", f"sd({g}: Intercept)", f"sd({g}: {v})"]
    names.append(f"cor({g}: Intercept, {v})")
    effects = [f"b({g}: Intercept)", f"b({g}: {v})"]
    at = len(names)
    means, sds = (
        [*values[:at].tolist(), *values[at:].reshape(2, -1).tolist()]
        for values in (found.mean, found.sd)
    )
    moments = {
        name: {"mean": mean, "sd": sd}
        for name, mean, sd in zip([*names, *effects], means, sds, strict=True)
    }
    return {
        "formula": twin.formula,
        "priors": twin.priors,
        "error": error,
        "log_evidence": found.log_evidence,
        "posterior": moments,
    }


def write(columns: Columns, file: Path) -> None:
    """Write a table: whole numbers without a point."""
    lines = [",".join(columns)]
    lines += [
        ",".join(f"{value:.10g}" for value in row) for row in zip(*columns.values(), strict=True)
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the tables and the moments."""
    made = {}
    for name, simulate in SIMULATE.items():
        columns = simulate()
        write(columns, HERE / f"{name}_twin.csv")
        made[name] = exact(TWINS[name], columns)
    text = {
        "about": "Exact posterior means and sds of models of the simulated tables radon_twin.csv "
        "and rats_twin.csv; effects level by level.",
        "how": "Given the scales the posterior is normal; quadrature over sigma, two sds and the "
        f"correlation, steps {', '.join(map(str, STEPS))}. The error is what the finest grid "
        "changes, in units of the sd or in log p(y).",
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scipy": scipy.__version__,
        },
        **made,
    }
    (HERE / "twins.json").write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
