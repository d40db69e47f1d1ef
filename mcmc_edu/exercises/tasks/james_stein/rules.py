"""How `james_stein` is examined."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, way_of

LESS = {"j-minus-2": 2, "j-for-j-minus-3": 0, "j-minus-1": 1}
"""What is taken from the number of groups, where it is not 3."""
BUGS = (
    *LESS,
    "positive-part-missing",
    "towards-zero/J - 3",
    "towards-zero/J - 2",
    "mean-unweighted",
    "sd-for-variance/both",
    "sd-for-variance/in m",
    "sd-for-variance/in S",
    "mean-se/mean square",
    "mean-se/square of mean",
    "mean-se/mean precision",
    "mean-se/in S, mean square",
    "mean-se/in S, square of mean",
    "factor-turned-round/clipped",
    "factor-turned-round/may be above 1",
    "factor-turned-round/other fraction",
    "factor-turned-round/other fraction, not clipped",
    "mean-not-added",
    "whole-shrunk/and m",
    "whole-shrunk/alone",
    "squares-about-zero",
)


def answer(bugs: Bugs, y: FloatArray, se: FloatArray) -> FloatArray:
    """Return the estimates of James and Stein, or what these bugs make of them."""
    if "squares-about-zero" in bugs and way_of(bugs, "whole-shrunk") == "alone":
        raise ValueError("both: towards-zero")
    number, in_m, in_s = weights(bugs, y, se)
    zero = way_of(bugs, "towards-zero")
    if zero == "J - 2":
        number -= bool(zero) and not bugs & LESS.keys()
    m = 0.0 if zero else float((in_m * y).sum() / in_m.sum())
    about = 0.0 if "squares-about-zero" in bugs else m
    ratio = number / (in_s * (y - about) ** 2).sum()
    factor = factor_of(bugs, float(ratio))
    whole = way_of(bugs, "whole-shrunk")
    inner = y if whole is not None else y - m
    outer = 0.0 if "mean-not-added" in bugs or whole == "alone" else m
    return outer + factor * inner


def weights(bugs: Bugs, y: FloatArray, se: FloatArray) -> tuple[int, FloatArray, FloatArray]:
    """Return the number in the factor, and the weights in m and in S."""
    number = len(y) - next((LESS[bug] for bug in LESS if bug in bugs), 3)
    rooted, alike = way_of(bugs, "sd-for-variance"), way_of(bugs, "mean-se")
    in_m = 1.0 / se if rooted in ("both", "in m") else se**-2.0
    in_s = 1.0 / se if rooted in ("both", "in S") else se**-2.0
    if alike is not None:
        if rooted is not None:
            raise ValueError("no weights are left that could be wrong twice")
        variance = {
            "mean square": (se**2).mean(),
            "square of mean": se.mean() ** 2,
            "mean precision": 1.0 / (se**-2.0).mean(),
        }[alike.removeprefix("in S, ")]
        in_s = np.full(se.shape, 1.0 / variance)
        in_m = in_m if alike.startswith("in S") else in_s
    if "mean-unweighted" in bugs:
        in_m = np.ones(se.shape)
    return number, in_m, in_s


def factor_of(bugs: Bugs, ratio: float) -> float:
    """Return the share of a deviation that is kept, where `ratio` should be taken away."""
    clip = "positive-part-missing" not in bugs
    turned = way_of(bugs, "factor-turned-round")
    if turned is None:
        return max(0.0, 1.0 - ratio) if clip else 1.0 - ratio
    if turned.startswith("other fraction"):
        kept = 1.0 - 1.0 / ratio
        return max(0.0, kept) if clip and turned == "other fraction" else kept
    return min(1.0, ratio) if clip and turned == "clipped" else ratio


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return groups that are spread out more, less, and about as much as their errors are."""
    calls: list[list[Any]] = []
    for n, spread in ((7, 3.0), (12, 2.0), (9, 0.1), (5, 4.0), (8, 0.6), (4, 3.0), (20, 1.0)):
        se = rng.uniform(0.5, 2.5, n)
        calls.append([rng.normal(3.0, 0.5) + spread * se * scores(rng, n), se])
    return calls


def scores(rng: np.random.Generator, n: int) -> FloatArray:
    """Return random numbers of mean 0 and mean square 1."""
    z = rng.standard_normal(n)
    z -= z.mean()
    result: FloatArray = z / np.sqrt((z**2).mean())
    return result


RULES = Exact(
    arguments=("y", "se"),
    probes=probes,
    answer=answer,
    bugs=BUGS,
    unfinished={
        "It returns y: nothing is shrunk yet.": lambda y, se: y,
        "It returns the mean for all groups: is the factor always 0?": (
            lambda y, se: np.full(y.shape, np.average(y, weights=se**-2.0))
        ),
    },
)
