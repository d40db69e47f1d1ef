"""How `hmc` is examined.

Exact relations first: shapes, the same draws from the same seed and with a constant added to the
log density, no draw without density, every end accepted where the density is flat.  Then the law
of its draws in one unknown, exact starts in two, and steps and decisions in more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...chance.closely import Closely
from ...chance.evidence import Setting
from ...chance.examining import Chance
from ...chance.places import Seen, energy_rises, trajectories_of
from ...chance.relations import NORMAL as NORMAL_TARGET
from ...chance.relations import Relations, repeated, rows_of
from .laws import World, laws

PRECISION, CENTRE = 0.8, 0.7
NORMAL = {"kind": "normal", "mean": np.array([CENTRE]), "precision": np.array([[PRECISION]])}
EDGES, HEIGHTS = np.array([0.0, 1.0, 2.5, 3.0]), np.array([0.0, 1.2, 0.4])
BOX = {"kind": "steps", "edges": EDGES, "log_heights": HEIGHTS}


def log_box(x: Any) -> Any:
    """Return the log density of steps, -inf outside the box."""
    place = np.searchsorted(EDGES, x, side="right") - 1
    inside = (place >= 0) & (place < 3)
    return np.where(inside, HEIGHTS[np.clip(place, 0, 2)], -np.inf)


def log_normal(y: Any) -> Any:
    """Return the log density of the normal, at places less its mean."""
    return -0.5 * PRECISION * y * y


def path_of(arguments: list[Any], value: Any) -> FloatArray:
    """Return start and draws of the one unknown."""
    return repeated(np.concatenate([arguments[2], rows_of(value, 1)[:, 0]]))


def on_normal(step_size: float, steps: int, draws: int, chains: int = 1) -> Setting:
    """Return a setting with a normal target; the start is drawn from it."""

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        start = CENTRE + rng.standard_normal(1) / np.sqrt(PRECISION)
        return asked(NORMAL, start, step_size, steps, n, rng)

    right, bugs = laws(World(log_normal, PRECISION, CENTRE, step_size, steps))
    words = (
        f"draws from a normal density (mean {CENTRE}, variance 1 / {PRECISION}), "
        f"step_size={step_size}, steps={steps}, from a random start"
    )
    return Setting(words, arguments, path_of, [right], bugs, draws, chains)


def in_a_box(step_size: float, steps: int, draws: int) -> Setting:
    """Return a setting with a target of three steps, whose gradient is zero."""

    def arguments(rng: np.random.Generator, n: int) -> list[Any]:
        return asked(BOX, rng.uniform(0.2, 2.8, size=1), step_size, steps, n, rng)

    right, bugs = laws(World(log_box, 0.0, 0.0, step_size, steps))
    words = (
        "draws from a density of three steps, which is zero outside 0 to 3, with gradient 0, "
        f"step_size={step_size}, steps={steps}"
    )
    return Setting(words, arguments, path_of, [right], bugs, draws)


def asked(
    density: Any, start: FloatArray, step_size: float, steps: int, n: int, rng: np.random.Generator
) -> list[Any]:
    """Return the arguments of a call, with a new generator for the student."""
    seed = {"$rng": int(rng.integers(1 << 40))}
    return [{"$density": density}, {"$gradient": density}, start, step_size, steps, n, seed]


STEP_SIZE, STEPS = 0.7, 2


def call(density: Any, start: FloatArray, n: int, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call."""
    return asked(density, start, STEP_SIZE, STEPS, n, rng)


FAR_MEAN = np.array([40.0, -25.0, 3.0])
FAR_PRECISION = np.array([[4.0, 1.0, 0.0], [1.0, 3.5, -0.5], [0.0, -0.5, 1.0]])


def seen(arguments: list[Any], path: FloatArray, places: FloatArray) -> Seen | None:
    """Return the decisions about trajectories, whose momenta their first places tell."""
    found = trajectories_of(path, places, STEPS)
    if found is None:
        return None
    rises = energy_rises(path[:-1], found, STEP_SIZE, STEPS, arguments[1]["$gradient"])
    return None if rises is None else Seen([np.exp(np.minimum(-rises, 0.0))], found[2])


CLOSELY = Closely(
    call,
    flat=NORMAL_TARGET.flat(4),
    start=np.array([30.0, -20.0, 10.0, 5.0]),
    steps=lambda path: np.diff(path, axis=0) / (STEP_SIZE * STEPS),
    target={"kind": "normal", "mean": FAR_MEAN, "precision": FAR_PRECISION},
    starts=lambda rng: FAR_MEAN + rng.standard_normal(3),
    kept=1,
    words=", so that every end is accepted",
    seen=seen,
)
EXACT = Relations(call, start_recorded="start-recorded")
RULES = Chance(
    arguments=("log_density", "gradient", "theta0", "step_size", "steps", "n", "rng"),
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
        on_normal(1.7, 2, 300),
        on_normal(1.1, 4, 300),
        on_normal(0.5, 4, 200),
        on_normal(1.5, 2, 4, chains=20),
        in_a_box(0.4, 2, 150),
    ),
    closely=(EXACT.exact_starts, CLOSELY.flat_walk, CLOSELY.decisions),
    start_first=EXACT.start_first,
    lenient=True,
)
