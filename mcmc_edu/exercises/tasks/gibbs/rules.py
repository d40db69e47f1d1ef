"""How `gibbs` is examined: both conditional distributions are known, and so are those of each bug.

The statement leaves the order of the two open; the draws tell which it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import gammainc, gammaincc, gammaln, ndtr

from ....compiling import FloatArray
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...chance.relations import draws_of, rows_of
from ...grading.finding import Finding, Stop, shown
from ...grading.student import Student
from ...laws.accept_reject import Law


@dataclass(frozen=True)
class Gibbs:
    """A Gibbs sampler of mean and variance, right or wrong.

    Parameters
    ----------
    y
        Outcomes.
    mu_first
        Whether mu is drawn first in each iteration.
    """

    y: FloatArray
    mu_first: bool
    prior_precision: float = 0.01
    """Of mu."""
    sd: Callable[[FloatArray, FloatArray], FloatArray] = lambda precision, v: precision**-0.5
    """``sd(precision, v)``: the sd of mu given v."""
    shape: Callable[[int], float] = lambda n: 2.0 + 0.5 * n
    rate: Callable[[FloatArray], FloatArray] = lambda squares: 2.0 + 0.5 * squares
    """Of 1 / v, for the sum of squares about mu."""
    about_mean: bool = False
    inverted: bool = True
    squared: bool = False
    """Whether the second column is the variance."""
    given: str | None = None
    """Given which sigma mu is drawn, if it is not the present one: "one", "first" or "square"."""
    swapped: bool = False

    def _parts(self, path: FloatArray) -> tuple[FloatArray, ...]:
        """Return mu as a standard normal number, its sd, v, and the shape and rate of v."""
        path = path[:, ::-1] if self.swapped else path
        path = np.vstack([[self.y.mean(), 1.0], path[1:]])
        mu, v = path[:, 0], path[:, 1] ** (1 if self.squared else 2)
        given_v = v[:-1] if self.mu_first else v[1:]
        if self.given == "square":
            given_v = given_v**2
        elif self.given is not None:
            given_v = np.full(len(given_v), 1.0 if self.given == "one" else given_v[0])
        given_mu = mu[1:] if self.mu_first else mu[:-1]
        precision = self.y.size / given_v + self.prior_precision
        center = self.y.sum() / given_v / precision
        squares = ((self.y - given_mu[:, None]) ** 2).sum(axis=1)
        if self.about_mean:
            squares = np.full(len(squares), ((self.y - self.y.mean()) ** 2).sum())
        sd, shape = self.sd(precision, given_v), np.array(self.shape(self.y.size))
        return (mu[1:] - center) / sd, sd, v[1:], shape, self.rate(squares)

    def _sane(self, path: FloatArray) -> bool:
        """Say whether all standard deviations are positive, and no draw is where a law fails."""
        return bool((path[1:, 0 if self.swapped else 1] > 0.0).all())

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given the one before."""
        if not self._sane(path):
            return np.full(len(path) - 1, -np.inf)
        with np.errstate(all="ignore"):
            z, sd, v, a, b = self._parts(path)
            # of v; then of its root
            logs = a * np.log(b) - gammaln(a)
            sign = -1.0 if self.inverted else 1.0
            logs = logs + (sign * a - 1.0) * np.log(v) - b * v**sign
            logs = logs + (0.0 if self.squared else np.log(2.0) + 0.5 * np.log(v))
            logs = logs - 0.5 * z * z - np.log(sd * np.sqrt(2.0 * np.pi))
        return np.asarray(np.nan_to_num(np.asarray(logs), nan=-np.inf, neginf=-np.inf))

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return mu and sigma of each draw through their distribution functions."""
        if not self._sane(path):
            return np.zeros(2 * (len(path) - 1))
        z, _, v, a, b = self._parts(path)
        below = gammaincc(a, b / v) if self.inverted else gammainc(a, b * v)
        return np.concatenate([ndtr(z), below])


def shape(add: float, times: float = 0.5) -> dict[str, Any]:
    """Return the change of the shape to `add` and so many times the number of outcomes."""
    return {"shape": lambda n: add + times * n}


HALF = {"rate": lambda squares: 0.5 * squares}
TURNED = {"rate": lambda squares: 1.0 / (2.0 + 0.5 * squares)}
WAYS: dict[str, list[dict[str, Any]]] = {
    "variance-returned": [{"squared": True}],
    "prior-variance-10": [{"prior_precision": 0.1}],
    "prior-of-mu-missing": [{"prior_precision": 0.0}],
    "rate-for-scale": [TURNED],
    "not-inverted": [{"inverted": False}, {"inverted": False, **TURNED}],
    "shape-n": [shape(2.0, 1.0)],
    "sum-of-squares-not-halved": [{"rate": lambda squares: 2.0 + squares}],
    "squares-about-mean": [{"about_mean": True}],
    "prior-of-sigma-missing": [shape(0.0) | HALF, shape(-1.0) | HALF, shape(-0.5) | HALF],
    "variance-for-sd": [{"sd": lambda precision, v: 1.0 / precision}],
    "sd-of-one": [
        {"sd": lambda precision, v: np.sqrt(v)},
        {"sd": lambda precision, v: 1.0 / np.sqrt(1.0 / v + 0.01)},
    ],
    "fixed-sigma": [{"given": "one"}, {"given": "first"}],
    "variance-handed-on": [{"given": "square"}],
    "columns-swapped": [{"swapped": True}],
}
"""What each kind of bug changes, in one way or several."""


def laws(y: FloatArray) -> tuple[list[Law], dict[str, list[Law]]]:
    """Return the right laws and those of all kinds of bugs, alone and two at once."""
    orders = [Gibbs(y, True), Gibbs(y, False)]

    def each(ways: Iterable[dict[str, Any]]) -> list[Law]:
        return [replace(order, **way) for way in ways for order in orders]

    bugs = {kind: each(ways) for kind, ways in WAYS.items()}
    for one, other in itertools.combinations(WAYS, 2):
        both = [
            first | second
            for first, second in itertools.product(WAYS[one], WAYS[other])
            if not first.keys() & second.keys()
        ]
        if both:
            bugs[f"{one} + {other}"] = each(both)
    return list(orders), bugs


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of a setting: fixed numbers, so that the laws are known beforehand."""

    y: FloatArray

    def arguments(self, rng: np.random.Generator, n: int) -> list[Any]:
        """Return the arguments of a call, with a new generator for the student."""
        return [self.y, n, {"$rng": int(rng.integers(1 << 40))}]

    def path(self, arguments: list[Any], value: Any) -> FloatArray:
        """Return the start and the draws."""
        return np.concatenate([[[self.y.mean(), 1.0]], rows_of(value, 2)])

    def setting(self, draws: int, chains: int = 1) -> Setting:
        """Return a setting with these outcomes."""
        right, bugs = laws(self.y)
        words = f"{draws} draws given y = {self.y}"
        names = ("mu", "sigma")
        return Setting(words, self.arguments, self.path, right, bugs, draws, chains, unknowns=names)


ONE, FAR = Outcomes(np.array([3.0])), Outcomes(np.array([22.0]))
"""One outcome; if it is far from 0, mean and standard deviation are very dependent."""
NEAR = Outcomes(np.array([0.6, 0.4, 0.5, 0.45, 0.55, 0.52, 0.47, 0.5, 0.58, 0.43]))
FEW = Outcomes(np.array([-31.0, -12.5, -47.0]))
MORE = Outcomes(np.array([2.1, 5.4, 3.3, 4.0, 1.2, 4.9, 3.8, 2.6]))


def shape_of_draws(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require an array with a row for each iteration and two columns."""
    for outcomes, n in ((FEW, 1), (MORE, 12)):
        value = student.ask(*outcomes.arguments(rng, n)).value
        try:
            draws_of(value, n, 2)
        except Stop as stop:
            return stop.finding
    return None


def same_seed(student: Student, rng: np.random.Generator) -> Finding | None:
    """Require the same draws from generators of the same seed, and others from another."""
    call, other = MORE.arguments(rng, 20), MORE.arguments(rng, 20)
    first, second, third = (rows_of(student.ask(*c).value, 2) for c in (call, call, other))
    if np.array_equal(first, second) and not np.array_equal(first, third):
        return None
    return Finding(
        False,
        "20 draws twice with generators of the same seed, and once with another",
        "the same draws the second time, others the third",
        "others the second time" if not np.array_equal(first, second) else "the same three times",
        sure=True,
        advice="Take random numbers from `rng` alone, and keep nothing from call to call.",
    )


def start_first(student: Student, rng: np.random.Generator) -> Finding | None:
    """Find whether the first draw is always the same, and the others are not."""
    calls = [MORE.arguments(rng, 3) for _ in range(3)]
    draws = np.array([rows_of(student.ask(*call).value, 2, 2)[:2] for call in calls])
    first, second = draws[:, 0], draws[:, 1]
    if (first != first[0]).any() or (second == second[0]).all():
        return None
    return Finding(
        False,
        "3 draws, three times, with generators of different seeds",
        "the first draw is where the chain is after one iteration",
        f"The first draw is {shown(first[0])}, each time",
        bug="start-recorded",
        bugs=("start-recorded",),
    )


RULES = Chance(
    arguments=("y", "n", "rng"),
    relations=(shape_of_draws, same_seed),
    settings=(
        FEW.setting(200),
        MORE.setting(200),
        NEAR.setting(150),
        FEW.setting(2, chains=15),
        MORE.setting(2, chains=15),
        ONE.setting(150),
        FAR.setting(150),
        FAR.setting(2, chains=15),
    ),
    start_first=start_first,
)
