"""How `u_turn` is examined.

An answer is one bit, so that many places are asked, and of all sorts: each of two kinds of bugs has
to differ at several.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...grading.exact import Bugs, Exact, kinds_of, way_of

WITH_OTHERS = {"continue-for-stop", "touching-stops"}
"""Kinds that are recognised together with another one."""


def ends_of(
    bugs: Bugs,
    theta_minus: FloatArray,
    theta_plus: FloatArray,
    p_minus: FloatArray,
    p_plus: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the products of span and momentum at both ends, by coordinate."""
    span = theta_plus - theta_minus
    if "span-reversed" in bugs:
        span = -span
    at_minus = at_plus = span
    positions = way_of(bugs, "positions-for-span")
    if positions is not None:
        at_minus, at_plus = {
            "": (theta_minus, theta_plus),
            "crossed": (theta_plus, theta_minus),
            "of plus": (theta_plus, theta_plus),
            "of minus": (theta_minus, theta_minus),
            "outwards": (-theta_minus, theta_plus),
            "added": (theta_minus + theta_plus, theta_minus + theta_plus),
        }[positions]
    minus = at_minus * p_minus
    return -minus if "minus-end-turned-round" in bugs else minus, at_plus * p_plus


def answer(
    bugs: Bugs,
    theta_minus: FloatArray,
    theta_plus: FloatArray,
    p_minus: FloatArray,
    p_plus: FloatArray,
) -> bool:
    """Say whether to stop, or what these bugs make of it."""
    if len(bugs) > 1 and not kinds_of(bugs) & WITH_OTHERS:
        raise ValueError("two such bugs are not recognised by bits")
    judgement = next(iter(kinds_of(bugs) - WITH_OTHERS), "")
    touching = way_of(bugs, "touching-stops")
    minus, plus = ends_of(bugs, theta_minus, theta_plus, p_minus, p_plus)

    def turns(products: Any, end: str = "both") -> bool:
        product = np.sum(products)
        return bool(product <= 0.0 if touching in ("", end) else product < 0.0)

    if judgement == "momenta-compared":
        stop = turns(p_minus * p_plus)
    elif judgement == "any-coordinate":
        products = np.concatenate([minus, plus])
        if "any-coordinate/of the sum" in bugs:
            products = minus + plus
        stop = any(turns(product) for product in products)
    elif judgement == "sum-of-momenta":
        stop = turns(minus + plus)
    elif judgement == "plus-end-only":
        stop = turns(plus)
    elif judgement == "minus-end-only":
        stop = turns(minus)
    elif judgement == "and-for-or":
        stop = turns(minus, "minus") and turns(plus, "plus")
    else:
        stop = turns(minus, "minus") or turns(plus, "plus")
    return stop != ("continue-for-stop" in bugs)


def probes(rng: np.random.Generator) -> list[list[FloatArray]]:
    """Return trajectories of all sorts: straight, turning at either end, across, in many places."""
    start, end = np.array([1.0, 1.0]), np.array([3.0, 2.0])
    on, back = np.array([2.0, 1.0]), np.array([-1.0, 1.0])
    calls = [[start, end, *ends] for ends in ((on, on), (on, back), (back, on), (back, back))]
    for dim in (2, 3, 2, 1, 5):
        for k in range(14):
            minus, span = rng.normal(0.0, 1.5, dim), rng.normal(size=dim)
            if k % 3 == 0:
                minus += 4.0 * rng.normal(size=dim)
            ends = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)][k % 4]
            momenta = []
            for sign in ends:
                p = rng.normal(size=dim)
                if k >= 4:
                    p *= rng.uniform(0.3, 3.0)
                momenta.append(p * sign * (1.0 if p @ span > 0 else -1.0))
            calls.append([minus, minus + span, *momenta])
    for sign in (1.0, -1.0, 1.0, -1.0):
        minus = rng.integers(-5, 6, 2).astype(float)
        span = rng.integers(1, 5, 2).astype(float)
        across, along = sign * np.array([-span[1], span[0]]), span * float(rng.integers(1, 4))
        for p_minus, p_plus in ((across, along), (along, across), (across, -along)):
            calls.append([minus, minus + span, p_minus, p_plus])
    still, wide = rng.normal(size=3), np.eye(9)[8] * 5.0  # no span; a span in the ninth coordinate
    slight = np.array([-0.001, 1.0])  # hardly back
    return [
        *calls,
        [still, still.copy(), rng.normal(size=3), rng.normal(size=3)],
        [np.zeros(9), wide, wide, -wide],
        [start, start + np.array([1.0, 0.0]), slight, slight],
    ]


RULES = Exact(
    arguments=("theta_minus", "theta_plus", "p_minus", "p_plus"),
    probes=probes,
    answer=answer,
    bugs=(
        "and-for-or",
        "span-reversed",
        "continue-for-stop",
        "plus-end-only",
        "minus-end-only",
        "momenta-compared",
        "any-coordinate",
        "any-coordinate/of the sum",
        "sum-of-momenta",
        "minus-end-turned-round",
        "touching-stops",
        "touching-stops/minus",
        "touching-stops/plus",
        "positions-for-span",
        "positions-for-span/crossed",
        "positions-for-span/of plus",
        "positions-for-span/of minus",
        "positions-for-span/outwards",
        "positions-for-span/added",
    ),
)
