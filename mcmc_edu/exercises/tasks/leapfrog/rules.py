"""How `leapfrog` is examined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, kinds_of, way_of
from ...sandbox.densities import gradient as gradient_of

SCHEMES = {
    "last-half-kick-missing",
    "first-half-kick-missing",
    "whole-kicks-at-the-ends",
    "stale-gradient",
    "second-kick-stale",
    "euler",
    "symplectic-euler",
    "drift-first",
}
"""Kinds of which only one can be: they say in which order what is moved."""

Part = tuple[str, float]


def parts_of(bugs: Bugs, steps: int) -> Iterator[Part]:
    """Yield kicks and drifts with the fraction of a step that each takes, in their order.

    A "look" stores the gradient, and a "stale kick" uses the last one stored.
    """
    scheme = next(iter(kinds_of(bugs) & SCHEMES), "")
    way = way_of(bugs, scheme)
    for k in range(steps):
        first, last = k == 0, k == steps - 1
        if scheme == "euler":
            yield from [("look", 0.0), ("drift", 1.0), ("stale kick", 1.0)]
        elif scheme == "symplectic-euler":
            yield from [("kick", 1.0), ("drift", 1.0)]
        elif scheme == "drift-first":
            yield from [("drift", 0.5), ("kick", 1.0), ("drift", 0.5)]
        elif scheme == "second-kick-stale":
            yield from [("look", 0.0), ("kick", 0.5), ("drift", 1.0), ("stale kick", 0.5)]
        elif scheme == "stale-gradient":
            if first:
                yield ("look", 0.0)
            yield from [("stale kick", 0.5), ("drift", 1.0), ("stale kick", 0.5)]
        elif scheme == "whole-kicks-at-the-ends":
            if first or way == "of every step":
                yield ("kick", 1.0)
            yield from [("drift", 1.0), ("kick", 1.0)]
        else:
            every = way == "of every step"
            if not (scheme == "first-half-kick-missing" and (first or every)):
                yield ("kick", 0.5)
            yield ("drift", 1.0)
            if not (scheme == "last-half-kick-missing" and (last or every)):
                yield ("kick", 0.5)


def answer(
    bugs: Bugs,
    theta: FloatArray,
    momentum: FloatArray,
    step_size: float,
    steps: int,
    gradient: dict[str, Any],
) -> tuple[FloatArray, FloatArray]:
    """Return position and momentum at the end, or what these bugs make of them."""
    if len(kinds_of(bugs) & SCHEMES) > 1:
        raise ValueError("a step has one order")
    force = gradient_of(gradient["$gradient"])
    sign = -1.0 if "sign-flipped" in bugs else 1.0
    length = 0.5 * step_size if "half-drift" in bugs else step_size
    number = steps + ("one-step-more" in bugs) - ("one-step-less" in bugs)
    parts = list(parts_of(bugs, number))
    if "one-step-less/but its kicks" in bugs:
        if kinds_of(bugs) & SCHEMES:
            raise ValueError("there is one way to leave out a drift and keep its kicks")
        del parts[-2]
    stored = np.zeros_like(theta)
    for part, fraction in parts:
        if part == "drift":
            theta = theta + fraction * length * momentum
            continue
        if part != "stale kick":
            stored = force(theta)
        if part != "look":
            momentum = momentum + sign * fraction * step_size * stored
    return theta, -momentum if "momentum-negated" in bugs else momentum


def force(mean: FloatArray, precision: FloatArray) -> dict[str, Any]:
    """Return the gradient of a normal log density, with words by which it can be made again."""
    numbers = f"{precision.tolist()} @ (theta - {mean.tolist()})"
    words = f"the function theta -> -{numbers}"
    return {"$gradient": {"kind": "normal", "mean": mean, "precision": precision, "words": words}}


def probes(rng: np.random.Generator) -> list[list[Any]]:
    """Return starts in one to three dimensions: few steps and many, forth and back in time."""
    one = np.array([0.5]), np.array([[2.0]])
    two = np.array([0.5, -1.0]), np.array([[1.5, 0.5], [0.5, 0.8]])
    three = np.array([1.0, 0.0, -0.5]), np.diag([1.0, 0.4, 2.5])
    weights, means, sds = np.array([0.6, 0.4]), np.array([-1.0, 2.0]), np.array([0.8, 1.1])
    hills = {"kind": "mixture", "weights": weights, "means": means, "sds": sds}
    hills["words"] = "the gradient of the log density of two hills"
    return [
        [rng.normal(size=dim), rng.normal(size=dim), step_size, steps, gradient]
        for dim, step_size, steps, gradient in (
            (1, 0.4, 1, force(*one)),
            (2, 0.3, 3, force(*two)),
            (3, 0.25, 8, force(*three)),
            (2, -0.2, 5, force(*two)),
            (1, 0.5, 4, {"$gradient": hills}),
            (1, 0.15, 45, force(np.array([2.0]), np.array([[90.0]]))),
        )
    ]


RULES = Exact(
    arguments=("theta", "momentum", "step_size", "steps", "gradient"),
    probes=probes,
    answer=answer,
    bugs=(
        "last-half-kick-missing",
        "last-half-kick-missing/of every step",
        "first-half-kick-missing",
        "first-half-kick-missing/of every step",
        "whole-kicks-at-the-ends",
        "whole-kicks-at-the-ends/of every step",
        "sign-flipped",
        "stale-gradient",
        "second-kick-stale",
        "euler",
        "symplectic-euler",
        "drift-first",
        "one-step-less",
        "one-step-less/but its kicks",
        "one-step-more",
        "momentum-negated",
        "half-drift",
    ),
    changed="input-changed",
)
