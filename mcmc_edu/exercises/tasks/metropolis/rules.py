"""How `metropolis` is examined.

Exact relations first: shapes, the same draws from the same seed and with a constant added to the
log density, no draw without density, every step taken where the density is flat.  Then the law of
its draws in one unknown, exact starts in two, and steps and decisions in more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...chance.closely import Closely
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...chance.places import walk_seen
from ...chance.relations import NORMAL, Relations, repeated, rows_of
from ...laws.accept_reject import AcceptReject, FromStart, Law, OneValue, OnlyMoves
from ...laws.hidden import AroundStart, Believed, Function, LastProposed, ProposalsRecorded

WEIGHTS, MEANS, SDS = np.array([0.6, 0.4]), np.array([-1.0, 2.5]), np.array([0.7, 1.2])
MIXTURE = {"$density": {"kind": "mixture", "weights": WEIGHTS, "means": MEANS, "sds": SDS}}


def log_mixture(x: FloatArray) -> FloatArray:
    """Return the log density of the target of the law, up to a constant."""
    density = np.full(np.shape(x), 1e-300)
    for weight, mean, sd in zip(WEIGHTS, MEANS, SDS, strict=True):
        density += weight / sd * np.exp(-0.5 * ((x - mean) / sd) ** 2)
    result: FloatArray = np.log(density)
    return result


def arguments_with(scale: float) -> Any:
    """Return the function that makes a call's arguments: the start is drawn from the target."""

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        part = rng.choice(2, p=WEIGHTS)
        start = rng.normal(MEANS[part], SDS[part], size=1)
        return [MIXTURE, start, scale, n, {"$rng": int(rng.integers(1 << 40))}]

    return arguments


def path_of(arguments: list[Any], value: Any) -> FloatArray:
    """Return start and draws of the one unknown."""
    return repeated(np.concatenate([arguments[1], rows_of(value, 1)[:, 0]]))


def log_normal(x: FloatArray, mean: FloatArray, sd: float) -> FloatArray:
    """Return the log density of N(mean, sd)."""
    result: FloatArray = -0.5 * ((x - mean) / sd) ** 2 - np.log(sd * np.sqrt(2 * np.pi))
    return result


def laws(log_density: Function, scale: float, nodes: int = 401) -> tuple[Law, dict[str, list[Law]]]:
    """Return the right law and those of all kinds of bugs, for one target and scale."""

    def normal(sd: float) -> Any:
        return lambda x, there: log_normal(there, x, sd)

    def span(sd: float) -> Any:
        return lambda x: (x - 7.5 * sd, x + 7.5 * sd)

    def uniform(half: float) -> Any:
        return lambda x, there: np.where(np.abs(there - x) < half, -np.log(2 * half), -np.inf)

    def rises(x: FloatArray, there: FloatArray) -> FloatArray:
        return log_density(there) - log_density(x)

    def accept(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.minimum(rises(x, there), 0.0)

    def always(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.where(log_density(there) > -np.inf, 0.0 * x, -np.inf)

    def blindly(x: FloatArray, there: FloatArray) -> FloatArray:
        return 0.0 * (x + there)

    def upside_down(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.minimum(-rises(x, there), 0.0)

    def upside_down_inside(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.where(log_density(there) > -np.inf, upside_down(x, there), -np.inf)

    def with_accept(rule: Any) -> Law:
        return AcceptReject(normal(scale), rule, span(scale), nodes=nodes)

    def one_sided(sign: float) -> Any:
        return lambda x, there: np.where(
            sign * (there - x) > 0, np.log(2.0) + log_normal(there, x, scale), -np.inf
        )

    def uniform_one_sided(x: FloatArray, there: FloatArray) -> FloatArray:
        inside = (there > x) & (there < x + scale)
        return np.where(inside, -np.log(scale), -np.inf)

    def stale(path: FloatArray) -> FloatArray:
        return np.full(len(path) - 1, log_density(path[:1])[0])

    right = AcceptReject(normal(scale), accept, span(scale), nodes=nodes)
    return right, {
        "accepted-only": [OnlyMoves(right)],
        "two-names": [with_accept(blindly)],
        "one-array-recorded": [OneValue()],
        "proposal-recorded": [ProposalsRecorded(scale, accept)],
        "sign-flipped": [with_accept(upside_down), with_accept(upside_down_inside)],
        "log-forgotten": [with_accept(lambda x, there: np.log(np.clip(rises(x, there), 0.0, 1.0)))],
        "greedy": [
            with_accept(lambda x, there: np.where(rises(x, there) > 0.0, 0.0, -np.inf)),
            with_accept(lambda x, there: np.where(rises(x, there) >= 0.0, 0.0, -np.inf)),
        ],
        "always": [with_accept(always)],
        "stale-density": [Believed(log_density, normal(scale), span(scale), stale)],
        "density-of-the-rejected": [LastProposed(log_density, scale)],
        "variance-for-sd": [
            AcceptReject(normal(np.sqrt(scale)), accept, span(np.sqrt(scale)), nodes=nodes)
        ],
        "one-sided": [
            AcceptReject(one_sided(1.0), accept, span(scale), nodes=nodes),
            AcceptReject(uniform_one_sided, accept, span(scale), nodes=nodes),
        ],
        "uniform-step": [
            AcceptReject(uniform(half), accept, span(scale), nodes=nodes)
            for half in (scale, scale / 2, scale * np.sqrt(3.0))
        ],
        "around-the-start": [FromStart(lambda start: AroundStart(start, scale, accept))],
    }


EDGES, HEIGHTS = np.array([0.0, 1.0, 2.5, 3.0]), np.array([0.0, 1.2, 0.4])
BOX = {"kind": "steps", "edges": EDGES, "log_heights": HEIGHTS}


def log_box(x: FloatArray) -> FloatArray:
    """Return the log density of steps, -inf outside the box."""
    place = np.searchsorted(EDGES, x, side="right") - 1
    inside = (place >= 0) & (place < 3)
    result: FloatArray = np.where(inside, HEIGHTS[np.clip(place, 0, 2)], -np.inf)
    return result


def in_the_box(rng: np.random.Generator, n: int) -> list[Any]:
    """Return the arguments of a call with a start somewhere in the box."""
    start = rng.uniform(0.2, 2.8, size=1)
    return [{"$density": BOX}, start, 0.8, n, {"$rng": int(rng.integers(1 << 40))}]


def setting(scale: float, draws: int, chains: int = 1) -> Setting:
    """Return a setting with the target of two hills."""
    right, bugs = laws(log_mixture, scale)
    words = f"draws from a density with two hills, scale={scale}, from a random start"
    return Setting(words, arguments_with(scale), path_of, [right], bugs, draws, chains)


def box() -> Setting:
    """Return a setting with the target of three steps."""
    right, bugs = laws(log_box, 0.8, 1501)
    words = "draws from a density of three steps, which is zero outside 0 to 3"
    return Setting(words, in_the_box, path_of, [right], bugs, 200)


SCALE = 1.1


def call(density: Any, start: FloatArray, n: int, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call."""
    return [{"$density": density}, start, SCALE, n, {"$rng": int(rng.integers(1 << 40))}]


FAR_MEAN = np.array([40.0, -25.0, 3.0])
FAR_PRECISION = np.array([[3.0, 1.0, 0.0], [1.0, 2.5, -0.5], [0.0, -0.5, 1.5]])


def log_ratio(x: FloatArray, proposal: FloatArray) -> FloatArray:
    """Return the log of the ratio of a normal density far from zero, row by row."""
    old, new = x - FAR_MEAN, proposal - FAR_MEAN
    ratio: FloatArray = 0.5 * ((old @ FAR_PRECISION) * old - (new @ FAR_PRECISION) * new).sum(
        axis=1
    )
    return ratio


CLOSELY = Closely(
    call,
    flat=NORMAL.flat(4),
    start=np.array([30.0, -20.0, 10.0, 5.0]),
    steps=lambda path: np.diff(path, axis=0) / SCALE,
    target={"kind": "normal", "mean": FAR_MEAN, "precision": FAR_PRECISION},
    starts=lambda rng: FAR_MEAN + 0.7 * rng.standard_normal(3),
    kept=0,
    words=", so that every proposal is accepted",
    seen=walk_seen(log_ratio),
)
EXACT = Relations(call, randomness="other-randomness", start_recorded="start-recorded")
RULES = Chance(
    arguments=("log_density", "theta0", "scale", "n", "rng"),
    relations=(
        EXACT.shape_of_draws,
        EXACT.same_seed,
        EXACT.one_number,
        EXACT.rows_filled,
        EXACT.moves_together,
        EXACT.adds_constant,
        EXACT.flat_target,
        EXACT.no_density,
        EXACT.not_a_number,
    ),
    settings=(setting(2.5, 400), setting(0.6, 400), setting(2.5, 4, chains=30), box()),
    closely=(EXACT.exact_starts, CLOSELY.flat_walk, CLOSELY.decisions),
    start_first=EXACT.start_first,
    bug_tests=("all",),  # laws with edges are sums over grids, and exact enough for this one alone
    lenient=True,
    changing="start-changed",
    randomness="other-randomness",
)
