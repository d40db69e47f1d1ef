"""How `shrink` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import ANYTHING, Bugs, Exact, Raises, Such, way_of
from ...grading.finding import numbers

BUGS = (
    "weights-swapped",
    "sd-for-variance",
    "tau-as-variance",
    "se-as-variance",
    "towards-mean-of-y/plain",
    "towards-mean-of-y/weighted",
    "towards-mean-of-y/weighted with tau",
    "towards-mean-of-y/median",
    "towards-zero",
    "mean-se/mean",
    "mean-se/of squares",
    "mean-se/of precisions",
    "mean-se/median",
    "mean-se/first",
    "mean-se/of weights",
    "not-at-zero",
    "mean-not-added",
    "factor-only",
    "not-normalised/precisions",
    "not-normalised/variances",
    "not-normalised/whole mu",
    "not-normalised/whole y",
    "not-normalised/halved",
)


def is_not_finite(value: Any) -> bool:
    """Say whether an answer is an error, or has entries that are nan or infinite."""
    if isinstance(value, Raises):
        return True
    found = numbers(value)
    return found is not None and found.ndim <= 1 and not np.isfinite(found).all()


def answer(bugs: Bugs, y: FloatArray, se: FloatArray, mu: float, tau: float) -> Any:
    """Return the posterior means, or what these bugs make of them."""
    if tau == 0.0 and bugs:  # whether the formula divides by tau is another question
        return Such(is_not_finite) if bugs == {"not-at-zero"} else ANYTHING
    middle = centre(bugs, y, se, mu, tau)
    weight = weights(bugs, se, tau)
    if "factor-only" in bugs:
        return weight
    if "mean-not-added" in bugs:
        return weight * (y - middle)
    way = way_of(bugs, "not-normalised")
    if way == "precisions":
        return y / se**2 + middle / tau**2
    if way == "variances":
        return y * tau**2 + middle * se**2
    if way == "whole mu":
        return weight * y + middle
    if way == "whole y":
        return y + (1.0 - weight) * middle
    if way == "halved":
        return (weight * y + (1.0 - weight) * middle) / 2.0
    return weight * y + (1.0 - weight) * middle


def centre(bugs: Bugs, y: FloatArray, se: FloatArray, mu: float, tau: float) -> float:
    """Return what the groups are pulled to."""
    centres = {
        None: mu,
        "plain": y.mean(),
        "weighted": np.average(y, weights=se**-2.0),
        "weighted with tau": np.average(y, weights=1.0 / (se**2 + tau**2)),
        "median": np.median(y),
    }
    return 0.0 if "towards-zero" in bugs else float(centres[way_of(bugs, "towards-mean-of-y")])


def weights(bugs: Bugs, se: FloatArray, tau: float) -> FloatArray:
    """Return the weight of each y."""
    alike = way_of(bugs, "mean-se")
    sds = {
        "mean": se.mean(),
        "of squares": np.sqrt((se**2).mean()),
        "of precisions": np.sqrt(1.0 / (se**-2.0).mean()),
        "median": np.median(se),
        "first": se[0],
    }
    if alike in sds:
        se = np.full(se.shape, sds[alike])
    if bugs >= {"se-as-variance", "tau-as-variance"}:
        raise ValueError("both: sd-for-variance")
    squares = "sd-for-variance" not in bugs
    own = se**2 if squares and "se-as-variance" not in bugs else se
    population = tau**2 if squares and "tau-as-variance" not in bugs else tau
    weight = population / (population + own)
    if alike == "of weights":
        weight = np.full(se.shape, weight.mean())
    return 1.0 - weight if "weights-swapped" in bugs else weight


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return groups of several populations; some have no spread, little or much."""
    calls: list[list[Any]] = []
    for n, tau in ((6, rng.uniform(1.2, 3.0)), (3, rng.uniform(0.2, 0.8)), (9, 5.0), (4, 0.0)):
        mu = float(rng.normal(8.0, 2.0))
        calls.append([rng.normal(mu, 4.0, n), rng.uniform(0.4, 4.0, n), mu, float(tau)])
    calls.append([rng.normal(-3.0, 1.0, 1), rng.uniform(0.5, 2.0, 1), -1.0, 0.0])
    calls.insert(2, [rng.normal(0.0, 3.0, 1), rng.uniform(1.2, 2.0, 1), 1.5, 0.7])
    small = rng.uniform(0.02, 0.08, 3)  # little spread, and much
    calls.append([rng.normal(0.0, 0.1, 3), small, 0.1, 0.03])
    calls.append([rng.normal(0.0, 900.0, 4), rng.uniform(200.0, 900.0, 4), 50.0, 600.0])
    return calls


RULES = Exact(
    arguments=("y", "se", "mu", "tau"),
    probes=probes,
    answer=answer,
    bugs=BUGS,
    unfinished={
        "It returns y: nothing is shrunk yet.": lambda y, se, mu, tau: y,
        "It returns mu for all groups: their own data have no say yet.": (
            lambda y, se, mu, tau: np.full(y.shape, mu)
        ),
    },
)
