"""How `metropolis_hastings` is examined.

Exact relations first: shapes, the same draws from the same seed and with a constant added to the
log density, no draw without density, every step taken where p(x) is 1 / x.  Then the law of its
draws in one unknown and in two, exact starts, and steps and decisions in more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...chance.closely import Closely
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...chance.places import walk_seen
from ...chance.relations import GAMMA, Relations, repeated, rows_of
from ...laws.accept_reject import AcceptReject, FromStart, Law, OnlyMoves
from ...laws.plane import Plane, Rule

TINY = 1e-150
"""No draw of the targets comes near; below it, products of numbers are not exact."""
SHAPE, RATE = np.array([3.0, 1.8]), np.array([1.5, 0.6])


def log_gamma(x: FloatArray) -> FloatArray:
    """Return the log density of the target at places whose first axis is that of coordinates."""
    total = np.zeros(np.shape(x)[1:])
    with np.errstate(all="ignore"):
        for k in range(len(x)):
            total = total + np.where(
                x[k] > 0.0, (SHAPE[k] - 1.0) * np.log(x[k]) - RATE[k] * x[k], -np.inf
            )
    return total


def arguments_with(scale: float, dim: int) -> Any:
    """Return the function that makes a call's arguments: the start is drawn from the target."""
    density = {"kind": "gamma", "shape": SHAPE[:dim], "rate": RATE[:dim]}

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        start = rng.gamma(SHAPE[:dim], 1.0 / RATE[:dim])
        return [{"$density": density}, start, scale, n, {"$rng": int(rng.integers(1 << 40))}]

    return arguments


def path_of(arguments: list[Any], value: Any) -> FloatArray:
    """Return start and draws, up to where a chain has run into the smallest numbers there are."""
    dim = arguments[1].size
    path = np.concatenate([arguments[1][None], rows_of(value, dim)])
    tiny = np.flatnonzero((path[:-1] < TINY).any(axis=1) & (path[:-1] > 0.0).all(axis=1))
    path = repeated(path[: tiny[0] + 1] if tiny.size and tiny[0] else path)
    return path[:, 0] if dim == 1 else path


def log_normal(z: FloatArray) -> FloatArray:
    """Return the log density of standard normal numbers, summed over coordinates."""
    result: FloatArray = (-0.5 * z * z - 0.5 * np.log(2.0 * np.pi)).sum(axis=0)
    return result


@dataclass(frozen=True)
class Steps:
    """A way to propose."""

    place: Rule
    log_density: Rule
    span: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    in_log: bool = False


def multiply(scale: float) -> Steps:
    """Propose x exp(scale z)."""
    reach = 7.5 * scale
    return Steps(
        lambda x, z: x * np.exp(scale * z),
        lambda x, there: (
            log_normal(np.log(there / x) / scale) - np.log(scale * np.abs(there)).sum(axis=0)
        ),
        lambda x: (np.log(x) - reach, np.log(x) + reach),
        in_log=True,
    )


def add(scale: float) -> Steps:
    """Propose x + scale z."""
    return Steps(
        lambda x, z: x + scale * z,
        lambda x, there: log_normal((there - x) / scale) - len(x) * np.log(scale),
        lambda x: (x - 7.5 * scale, x + 7.5 * scale),
    )


def factor(scale: float) -> Steps:
    """Propose x (1 + scale z)."""
    return Steps(
        lambda x, z: x * (1.0 + scale * z),
        lambda x, there: log_normal((there / x - 1.0) / scale) - np.log(scale * x).sum(axis=0),
        lambda x: (x * (1.0 - 7.5 * scale), x * (1.0 + 7.5 * scale)),
    )


def with_density(correction: Rule) -> Rule:
    """Return the log probability of accepting, with a correction for the proposal."""

    def log_accept(x: FloatArray, there: FloatArray) -> FloatArray:
        rise = log_gamma(there) - log_gamma(x)
        inside = (there > 0.0).all(axis=0)
        return np.where(inside, np.minimum(rise + correction(x, there), 0.0), -np.inf)

    return log_accept


def law(steps: Steps, log_accept: Rule, dim: int) -> Law:
    """Return the law of a way to propose and one to accept, in one unknown or two."""
    if dim == 2:
        return Plane(steps.place, steps.log_density, log_accept)
    return AcceptReject(
        lambda x, there: steps.log_density(x[None], there[None]),
        lambda x, there: log_accept(x[None], there[None]),
        steps.span,
        domain=(1e-3, 40.0),
        grid_in_log=steps.in_log,
    )


def ways(scale: float) -> dict[str, list[tuple[Steps, Rule]]]:
    """Return how each kind of bug proposes, and what it corrects by."""

    def moved(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.log(there / x)

    def whole(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.asarray(moved(x, there).sum(axis=0))

    def nothing(x: FloatArray, there: FloatArray) -> FloatArray:
        return np.zeros(np.broadcast_shapes(x.shape, there.shape)[1:])

    def times(power: int) -> Rule:
        return lambda x, there: scale**power * whole(x, there)

    steps = multiply(scale)
    return {
        "hastings-missing": [(steps, nothing)],
        "hastings-inverted": [(steps, lambda x, there: -whole(x, there))],
        "ratio-not-logged": [
            (steps, lambda x, there: (there / x).prod(axis=0)),
            (steps, lambda x, there: (there / x).sum(axis=0)),
            (steps, lambda x, there: (x / there).prod(axis=0)),
        ],
        "one-coordinate-corrected": [
            (steps, lambda x, there: moved(x, there)[0]),
            (steps, lambda x, there: moved(x, there)[-1]),
        ],
        "smallest-correction": [(steps, lambda x, there: moved(x, there).min(axis=0))],
        "mean-of-corrections": [(steps, lambda x, there: moved(x, there).mean(axis=0))],
        "correction-scaled": [(steps, times(power)) for power in (1, -1, 2, -2)],
        "added": [
            (add(scale), whole),
            (add(scale), lambda x, there: (there - x).sum(axis=0)),
            (add(scale), nothing),
        ],
        "not-exponentiated": [
            (factor(scale), whole),
            (factor(scale), lambda x, there: (there / x - 1.0).sum(axis=0)),
            (factor(scale), nothing),
        ],
        "variance-for-sd": [(multiply(np.sqrt(scale)), whole)],
    }


def setting(scale: float, draws: int, dim: int, chains: int = 1) -> Setting:
    """Return a setting, with the right law and those of all kinds of bugs."""

    def whole(x: FloatArray, there: FloatArray) -> FloatArray:
        total: FloatArray = np.log(there / x).sum(axis=0)
        return total

    def stale(start: Any) -> Law:
        level = log_gamma(np.atleast_1d(start))

        def log_accept(x: FloatArray, there: FloatArray) -> FloatArray:
            return np.minimum(log_gamma(there) - level + whole(x, there), 0.0)

        return law(steps, log_accept, dim)

    steps = multiply(scale)
    right = law(steps, with_density(whole), dim)
    bugs = {
        kind: [law(proposal, with_density(correction), dim) for proposal, correction in found]
        for kind, found in ways(scale).items()
    }
    if isinstance(right, AcceptReject):
        bugs["accepted-only"] = [OnlyMoves(right)]
    else:
        bugs["accepted-only"] = [
            Plane(steps.place, steps.log_density, with_density(whole), only_moves=True)
        ]
    bugs["stale-density"] = [FromStart(stale)]
    what = "a gamma density" if dim == 1 else "two gamma densities"
    words = f"draws from {what}, scale={scale}, from a random start"
    return Setting(words, arguments_with(scale, dim), path_of, [right], bugs, draws, chains)


SCALE = 0.7


def call(density: Any, start: FloatArray, n: int, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call."""
    return [{"$density": density}, start, SCALE, n, {"$rng": int(rng.integers(1 << 40))}]


def log_ratio(x: FloatArray, proposal: FloatArray) -> FloatArray:
    """Return the log of Metropolis' and Hastings' ratio of three gamma densities, row by row."""
    target = GAMMA.of(3)
    ratio: FloatArray = np.log(proposal / x) @ target["shape"] - (proposal - x) @ target["rate"]
    return ratio


CLOSELY = Closely(
    call,
    flat=GAMMA.flat(4),
    start=np.array([30.0, 0.02, 5.0, 1.0]),
    steps=lambda path: np.diff(np.log(path), axis=0) / SCALE,
    target=GAMMA.of(3),
    starts=lambda rng: rng.gamma([3.0, 2.0, 4.0]),
    kept=0,
    words=" on the scale of logarithms, so that every proposal is accepted",
    seen=walk_seen(log_ratio),
)
EXACT = Relations(call, GAMMA)
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
    settings=(
        setting(0.6, 300, 1),
        setting(1.7, 300, 1),
        setting(1.7, 4, 1, chains=20),
        setting(1.2, 200, 2),
        setting(0.7, 300, 2),
    ),
    closely=(EXACT.exact_starts, CLOSELY.flat_walk, CLOSELY.decisions),
    start_first=EXACT.start_first,
    lenient=True,
    changing="start-changed",
)
