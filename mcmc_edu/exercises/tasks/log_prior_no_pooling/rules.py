"""How `log_prior_no_pooling` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, way_of


def is_inside(bugs: Bugs, alpha: FloatArray, beta: FloatArray, sigma: float) -> bool:
    """Say whether parameters are inside what these bugs take for the bounds."""
    in_alpha, in_beta = np.abs(alpha) <= 100.0, np.abs(beta) <= 100.0
    in_sigma = bool(0.0 < sigma <= 10.0)
    if "bounds-of-sigma-ignored" in bugs:
        in_sigma = True
    negative = way_of(bugs, "negative-sigma")
    if negative is not None:
        in_sigma = {
            "": sigma <= 10.0,
            "not zero": sigma <= 10.0 and sigma != 0.0,
            "size": abs(sigma) <= 10.0,
            "size, not zero": 0.0 < abs(sigma) <= 10.0,
            "size, open": -10.0 < sigma <= 10.0,
        }[negative]
    if "bounds-of-lines-ignored" in bugs:
        in_alpha = in_beta = np.full(len(alpha), True)
    if "beta-missing/bounds, too" in bugs:
        in_beta = np.full(len(alpha), True)
    one = way_of(bugs, "any-for-all")
    if one is None:
        return bool(in_alpha.all() and in_beta.all() and in_sigma)
    return bool(
        {
            "": in_alpha.any() and in_beta.any() and in_sigma,
            "of all lines": (in_alpha.any() or in_beta.any()) and in_sigma,
            "of all": in_alpha.any() or in_beta.any() or in_sigma,
            "by individual": (in_alpha | in_beta).all() and in_sigma,
            "of two": (in_alpha.all() or in_beta.all()) and in_sigma,
            "of three": in_alpha.all() or in_beta.all() or in_sigma,
        }[one]
    )


def answer(bugs: Bugs, alpha: FloatArray, beta: FloatArray, sigma: float) -> float:
    """Return the log prior, or what these bugs make of it."""
    n = len(alpha)
    once = way_of(bugs, "counted-once")
    number = 2 * n if once is None else {"": 2, "one": 1}[once]
    if way_of(bugs, "beta-missing") is not None:
        if once == "one":
            raise ValueError("one constant is that of the intercepts")
        number //= 2
    lines = -number * np.log(100.0 if "half-width" in bugs else 200.0)
    noise = 0.0 if "sigma-constant-missing" in bugs else -np.log(10.0)
    if "constant-missing" in bugs:
        if len(bugs) > 1 and not any("bounds" in bug or "-sigma" in bug for bug in bugs):
            raise ValueError("there are no constants to be wrong")
        lines = noise = 0.0
    outside = -np.inf
    sign = way_of(bugs, "sign-flipped")
    if sign is not None:
        lines, noise = -lines, (noise if sign == "lines" else -noise)
        outside = np.inf if sign == "all" else outside
    value = lines + noise if is_inside(bugs, alpha, beta, sigma) else outside
    density = way_of(bugs, "density-for-log")
    if density is None or (density == "inside" and value == -np.inf):
        return float(value)
    return float(np.exp(value))


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return parameters inside the bounds, on them, and outside."""

    def lines(n: int, *special: float) -> FloatArray:
        values = rng.normal(0.0, 20.0, n).clip(-90.0, 90.0)
        values[rng.permutation(n)[: len(special)]] = special
        return values

    far, below = float(rng.uniform(101.0, 150.0)), float(rng.uniform(-150.0, -101.0))
    calls: list[list[Any]] = [[lines(n), lines(n), float(rng.uniform(1, 9))] for n in (3, 5, 2, 1)]
    calls += [
        [lines(4, 100.0), lines(4, -100.0), 10.0],
        [lines(3, -100.0), lines(3, 100.0), 0.01],
        [lines(4, far), lines(4), 2.0],
        [lines(4), lines(4, below), 2.0],
        [lines(3, below), lines(3), 2.0],
        [lines(3), lines(3, far), 2.0],
        [lines(2, far, below), lines(2), 3.0],
        [lines(2), lines(2, below, far), 3.0],
        [lines(2, far), lines(2, far), 3.0],
        [lines(2, far, far), lines(2, below, below), 3.0],
        [lines(3), lines(3), -1.0],
        [lines(3), lines(3), 0.0],
        [lines(3), lines(3), 11.0],
        [lines(2), lines(2), 10.5],
        [lines(4), lines(4), 40.0],
        [lines(3), lines(3), -10.0],
        [lines(3), lines(3), -11.0],
        [lines(1, far), lines(1, far), 4.0],
        [lines(3, far, far, below), lines(3, far, below, below), 5.0],
        [lines(2, far, far), lines(2), 12.0],
        [lines(2, far, far), lines(2, below, below), -3.0],
        [lines(170), lines(170), 5.0],
        [lines(3, 100.0001), lines(3), 5.0],
    ]
    return calls


RULES = Exact(
    arguments=("alpha", "beta", "sigma"),
    probes=probes,
    answer=answer,
    bugs=(
        "constant-missing",
        "sigma-constant-missing",
        "half-width",
        "counted-once",
        "counted-once/one",
        "beta-missing",
        "beta-missing/bounds, too",
        "sign-flipped",
        "sign-flipped/lines",
        "sign-flipped/all",
        "bounds-of-lines-ignored",
        "bounds-of-sigma-ignored",
        "negative-sigma",
        "negative-sigma/not zero",
        "negative-sigma/size",
        "negative-sigma/size, not zero",
        "negative-sigma/size, open",
        "any-for-all",
        "any-for-all/of all lines",
        "any-for-all/of all",
        "any-for-all/by individual",
        "any-for-all/of two",
        "any-for-all/of three",
        "density-for-log",
        "density-for-log/inside",
    ),
)
