"""How `accept` is examined.

How often it says yes, at pairs of log densities whose differences and sizes tell the kinds apart;
then at places where the answer is certain: no density, not a number, very large differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import expit, ndtr

from ...chance.decisions import Decisions

Way = Callable[[float, float], float]

DIFFERENCES = (-3.0, -1.6, -0.9, -0.45, -0.2, 0.0, 0.3, 0.8, 2.0, -40.0, -0.05)
LEVELS = (1.7, -2.9, 0.8, -0.6, 3.1, -1.1, 2.2, -4.2, -0.7, 1.3, 0.9)


def questions(rng: np.random.Generator) -> list[tuple[float, ...]]:
    """Return pairs of log densities, new and old, of either sign."""
    moved = [level + rng.uniform(-0.1, 0.1) for level in LEVELS]
    pairs = [
        (level + difference, level) for level, difference in zip(moved, DIFFERENCES, strict=True)
    ]
    return [*pairs, (-math.inf, 1.0)]


def edges(rng: np.random.Generator) -> list[tuple[tuple[float, ...], str]]:
    """Return questions whose answer is certain, with the bug that gets them wrong."""
    return [
        ((math.nan, -1.3), "nan-accepted"),
        ((math.nan, 800.0), "nan-accepted"),
        ((4000.0, -5000.0), "overflow"),
        ((1500.0, -0.5), "overflow"),
        ((-4995.0, -5000.0), "exponentiated-apart/low"),
        ((-5000.0, -4200.0), "exponentiated-apart/low"),
        ((-1005.0, -1000.0 - 100.0), "exponentiated-apart/low"),
        ((5000.0, 4900.0), "exponentiated-apart/high"),
        ((4100.0, 5000.0), "exponentiated-apart/high"),
    ]


def far(rng: np.random.Generator) -> list[tuple[float, ...]]:
    """Return pairs of large log densities that differ by little."""
    levels = rng.uniform(4000.0, 9000.0, 4) * np.array([1.0, -1.0, 1.0, -1.0])
    return [(float(level) - down, float(level)) for level, down in zip(levels, DOWN, strict=True)]


DOWN = (0.3, 0.7, 1.1, 1.6)
"""How much lower the new log density is, where both are large."""


def chance(x: float) -> float:
    """Return x between 0 and 1."""
    return min(max(x, 0.0), 1.0)


def exp(x: float) -> float:
    """Return the exponential, infinity where it is too large."""
    return math.exp(x) if x < 700.0 else math.inf


def right(new: float, old: float) -> float:
    """Return the probability of accepting; NaN is not accepted."""
    return 0.0 if math.isnan(new) else chance(exp(new - old))


def flipped(new: float, old: float) -> float:
    """Return the probability if the ratio is upside down."""
    return chance(exp(old - new))


def flipped_inside(new: float, old: float) -> float:
    """Return the same, where places without density are refused first."""
    return 0.0 if new == -math.inf else flipped(new, old)


def complement(new: float, old: float) -> float:
    """Return the probability of the other answer."""
    return 1.0 - right(new, old)


def ratio(above: float, below: float) -> float:
    """Return a quotient, NaN where it has none."""
    return above / below if below != 0.0 else math.nan


def without_density(way: Way) -> Way:
    """Return a way to decide that refuses places without density first."""

    def decided(new: float, old: float) -> float:
        return 0.0 if new == -math.inf else way(new, old)

    return decided


def above(bar: float) -> Way:
    """Return the way to decide by a fixed bar."""
    return lambda new, old: float(exp(new - old) > bar)


NORMALS: list[Way] = [
    lambda new, old: float(ndtr(exp(new - old))),
    lambda new, old: float(ndtr(chance(exp(new - old)))),
    lambda new, old: 1.0 if new >= old else float(ndtr(exp(new - old))),
    lambda new, old: 2.0 * float(ndtr(exp(new - old))) - 1.0,
    lambda new, old: 2.0 * float(ndtr(chance(exp(new - old)))) - 1.0,
    lambda new, old: 1.0 if new >= old else 2.0 * float(ndtr(exp(new - old))) - 1.0,
    lambda new, old: float(ndtr(new - old)),
    lambda new, old: float(ndtr(min(new - old, 0.0))),
    lambda new, old: 1.0 if new >= old else float(ndtr(new - old)),
]
BUGS: dict[str, list[Way]] = {
    "sign-flipped": [flipped, flipped_inside],
    "complement": [complement, without_density(complement)],
    "log-forgotten": [lambda new, old: chance(new - old)],
    "ratio-of-logs": [
        lambda new, old: chance(ratio(new, old)),
        without_density(lambda new, old: chance(ratio(new, old))),
        lambda new, old: chance(exp(ratio(new, old))),
        lambda new, old: chance(ratio(old, new)),
        lambda new, old: chance(exp(-abs(ratio(new, old)))),
    ],
    "greedy": [lambda new, old: float(new > old), lambda new, old: float(new >= old)],
    "always": [lambda new, old: 1.0, lambda new, old: float(new > -math.inf)],
    "threshold": [
        above(bar) for bar in (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9)
    ],
    "barker": [lambda new, old: float(expit(new - old))],
    "normal-for-uniform": [*NORMALS, *(without_density(way) for way in NORMALS)],
}
RULES = Decisions(
    arguments=("logp_new", "logp_old", "rng"),
    questions=questions,
    right=right,
    bugs=BUGS,
    edges=edges,
    far=far,
)
