"""How `nuts` is examined.

Exact relations first: shapes, the same draws from the same seed and with a constant added to the
log density, no draw without density.  Then the law of its draws in one unknown, for trees of up to
eight points, exact starts in two unknowns, and steps and choices in more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...chance.closely import Closely
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...chance.places import Seen, energy_rises, trajectories_of
from ...chance.relations import NORMAL as NORMAL_TARGET
from ...chance.relations import Relations, repeated, rows_of
from ...laws.accept_reject import Law
from . import trees
from .kept import MomentumKept
from .laws import Nuts

PRECISION = 0.8
NORMAL = {"kind": "normal", "mean": np.zeros(1), "precision": np.array([[PRECISION]])}

EDGES = np.array([-90.0, -4.0, -2.5, -1.5, -0.5, 0.3, 1.0, 2.2, 3.5, 90.0])
HEIGHTS = np.array([-6.0, -1.0, 1.5, -1.5, 0.5, 2.0, -2.0, 1.0, -6.0])
STAIRS = {"kind": "steps", "edges": EDGES, "log_heights": HEIGHTS, "words": "nine-step"}


def log_stairs(x: FloatArray) -> FloatArray:
    """Return the log density of stairs."""
    place = np.clip(np.searchsorted(EDGES, x, side="right") - 1, 0, len(HEIGHTS) - 1)
    return np.asarray(HEIGHTS[place])


def path_of(arguments: list[Any], value: Any) -> FloatArray:
    """Return start and draws of the one unknown."""
    return repeated(np.concatenate([arguments[2], rows_of(value, 1)[:, 0]]))


def asked(
    density: Any, start: FloatArray, step_size: float, depth: int, n: int, rng: np.random.Generator
) -> list[Any]:
    """Return the arguments of a call, with a new generator for the student."""
    seed = {"$rng": int(rng.integers(1 << 40))}
    return [{"$density": density}, {"$gradient": density}, start, step_size, depth, n, seed]


def call(density: Any, start: FloatArray, n: int, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call."""
    return asked(density, start, 0.8, 3, n, rng)


def setting(step_size: float, depth: int, draws: int, stairs: bool = False) -> Setting:
    """Return a setting with a normal target, or with one of stairs, whose gradient is zero."""

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        if stairs:
            return asked(STAIRS, rng.uniform(-3.0, 3.0, size=1), step_size, depth, n, rng)
        start = rng.standard_normal(1) / np.sqrt(PRECISION)
        return asked(NORMAL, start, step_size, depth, n, rng)

    base = Nuts(PRECISION, step_size, depth)
    if stairs:
        base = Nuts(0.0, step_size, depth, log_density=log_stairs)
    choices = [
        base,
        replace(base, take="uniform"),
        replace(base, weight="slice"),
        replace(base, weight="slice", take="uniform"),
    ]

    def each(**changes: Any) -> list[Law]:
        return [replace(choice, **changes) for choice in choices]

    bugs: dict[str, list[Law]] = {
        "uniform-choice": [replace(choice, weight="flat") for choice in choices[:2]],
        "kinetic-missing": [
            *(replace(choice, weight="density") for choice in choices[:2]),
            *(replace(choice, weight="slice of density") for choice in choices[:2]),
        ],
        "inner-turns-ignored": each(inner=False),
        "turned-half-kept": each(turned_kept=True),
        "forward-only": each(forward_only=True),
        "backward-is-forward": each(backward_forward=True),
        "two-ends-one-array": each(shared=True),
        "newest-half-always": [replace(choice, take="always") for choice in choices[::2]],
        "preference-inside": each(prefer_inside=True),
        "end-taken": [
            replace(choice, take="end", turned_kept=kept)
            for choice in (*choices[::2], replace(base, weight="flat"))
            for kept in (False, True)
        ],
        "start-not-a-candidate": each(start=False),
        "momentum-kept": [MomentumKept(choice) for choice in choices],
        "gradient-sign": each(sign=-1.0),
        "last-half-kick-missing": each(last_kick=0.0),
        "one-doubling": each(depth=1),
    }
    what = "a normal density (mean 0, variance 1 / 0.8)"
    what = "a density of stairs, with gradient 0" if stairs else what
    words = f"draws from {what}, step_size={step_size}, max_depth={depth}, from a random start"
    return Setting(words, arguments, path_of, list(choices), bugs, draws)


FAR_MEAN = np.array([40.0, -25.0, 3.0])
FAR_PRECISION = np.array([[2.0, 0.5, 0.0], [0.5, 1.6, -0.3], [0.0, -0.3, 0.7]])
STEP_SIZE = 1.2


def once(density: Any, start: FloatArray, n: int, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call with one doubling: the trajectory has two points."""
    return asked(density, start, STEP_SIZE, 1, n, rng)


def seen(arguments: list[Any], path: FloatArray, places: FloatArray) -> Seen | None:
    """Return the choices between two points.

    By weights or in a slice, at the end or with a preference for the newer half.
    """
    found = trajectories_of(path, places, 1)
    if found is None:
        return None
    rises = energy_rises(path[:-1], found, STEP_SIZE, 1, arguments[1]["$gradient"])
    if rises is None:
        return None
    preferred = np.exp(np.minimum(-rises, 0.0))
    return Seen([1.0 / (1.0 + np.exp(rises)), preferred, 0.5 * preferred], found[2])


CLOSELY = Closely(
    once,
    flat=NORMAL_TARGET.flat(4),
    start=np.array([30.0, -20.0, 10.0, 5.0]),
    steps=lambda path: np.diff(path, axis=0) / STEP_SIZE,
    target={"kind": "normal", "mean": FAR_MEAN, "precision": FAR_PRECISION},
    starts=lambda rng: FAR_MEAN + rng.standard_normal(3),
    kept=1,
    words=", with max_depth=1",
    seen=seen,
    stays=True,
)
EXACT = Relations(call, start_recorded="start-recorded")
RULES = Chance(
    arguments=("log_density", "gradient", "theta0", "step_size", "max_depth", "n", "rng"),
    relations=(
        EXACT.shape_of_draws,
        EXACT.same_seed,
        EXACT.rows_filled,
        EXACT.moves_together,
        EXACT.adds_constant,
        EXACT.no_density,
    ),
    settings=(
        setting(1.2, 2, 200),
        setting(0.7, 3, 200),
        setting(2.05, 3, 200),
        setting(0.4, 3, 300, stairs=True),
    ),
    closely=(
        EXACT.exact_starts,
        CLOSELY.flat_walk,
        CLOSELY.decisions,
        trees.whole_trees,
        trees.points_that_belong,
    ),
    further=1,
    rounds=6,
    before_a_name=4,
    bug_tests=("all",),  # laws are sums over grids of momenta, and exact enough for this one alone
    start_first=EXACT.start_first,
    lenient=True,
)
