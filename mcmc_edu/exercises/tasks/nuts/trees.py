"""Looks at trees of more points than those whose law is known.

The places where a submission calls its gradient show the trajectory.  From the first of them the
momentum follows, and with it every point before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...chance.relations import draws_of
from ...grading.finding import Finding
from ...grading.student import Student
from ...sandbox import Answer

Found = tuple[dict[str, float], Finding]
"""P-values, none if all is well or there is no telling, and what to say if one is too small."""
DEPTH = 5
STEP_SIZE = 0.45
MEAN = np.array([3.0, -1.0, 0.5])
PRECISION = np.diag([1.0, 16.0, 0.1])
FLAT = {"kind": "normal", "mean": np.zeros(3), "precision": np.zeros((3, 3)), "words": "flat"}
NORMAL = {"kind": "normal", "mean": MEAN, "precision": PRECISION}


def asked(density: dict[str, Any], start: FloatArray, rng: np.random.Generator) -> list[Any]:
    """Return the arguments of a call for one draw, in which the gradient keeps its places."""
    seed = {"$rng": int(rng.integers(1 << 40))}
    gradient = {"$gradient": density, "keep": 10_000}
    return [{"$density": density}, gradient, start, STEP_SIZE, DEPTH, 1, seed]


def places_in(reply: Answer) -> FloatArray | None:
    """Return where the gradient was called, all of it; None if there is no telling."""
    if len(reply.places) != 1 or len(reply.places[0]) < reply.calls[1]:
        return None
    places: FloatArray = reply.places[0]
    return places


def whole_trees(student: Student, rng: np.random.Generator) -> Found:
    """Test that a trajectory that never turns round has all its points, each a step further."""
    start = np.array([3.0, -2.0, 1.0])
    calls = [asked(FLAT, start, rng) for _ in range(12)]
    least = 2**DEPTH
    for reply in student.ask_many(calls, seconds=60.0):
        places = places_in(reply)
        times = times_on_a_line(places - start) if places is not None else None
        if times is None or max(times) - min(times) > 2 * least:  # other places, too
            break
        gaps = max(times) - min(times) + 1 - len(times)
        if gaps or len(times) < least:
            advice = (
                "How many times is it doubled? Does a new half have as many points as there are?"
            )
            if gaps:
                advice = (
                    "Where does each part of a new half begin: a step beyond the point that is "
                    "farthest out?"
                )
            return {"trees: whole": 0.0}, Finding(
                False,
                f"1 draw of three unknowns from a flat density, with max_depth={DEPTH}",
                f"the trajectory has {least} points in a row, a step apart, theta0 among them",
                f"your gradient is called at {len(times)} different ones, theta0 counted",
                advice=advice,
            )
    return {}, Finding(True)


def times_on_a_line(away: FloatArray) -> set[int] | None:
    """Return how many steps from the start each place is; None if there is no telling."""
    if not away.any():
        return None
    step = away[away.any(axis=1)][0]
    times = away @ step / (step @ step)
    whole = np.rint(times)
    if not np.allclose(away, whole[:, None] * step, rtol=1e-8, atol=1e-8):
        return None
    return {0, *whole.astype(int).tolist()}


def points_that_belong(student: Student, rng: np.random.Generator) -> Found:
    """Test that no draw lies beyond where a trajectory has to stop, or in a half thrown away."""
    roots = 1.0 / np.sqrt(np.diag(PRECISION))
    calls = [asked(NORMAL, MEAN + roots * rng.standard_normal(3), rng) for _ in range(300)]
    beyond = 0
    for call, reply in zip(calls, student.ask_many(calls, seconds=60.0), strict=True):
        places = places_in(reply)
        if places is None:
            return {}, Finding(True)
        draw = draws_of(reply.value, 1, 3)[0]
        trajectory = Trajectory(call[2], places)
        time = trajectory.time_of(draw)
        ends = trajectory.ends()
        if ends is None or time is None:
            return {}, Finding(True)
        beyond += not ends[0] <= time <= ends[1]
    if not beyond:
        return {}, Finding(True)
    return {"trees: belonging": 0.0}, Finding(
        False,
        f"{len(calls)} times 1 draw of three unknowns, with max_depth={DEPTH}",
        "each draw is a point that belongs to the trajectory, by the rules for when to stop",
        f"{beyond} of them lie in a half that should have been thrown away, or beyond the end",
        advice="Which trees are asked whether the path turns round, and by which rule? If one "
        "inside a new half says yes, do all those around it hear of it?",
    )


class Trajectory:
    """Points before and after a start, by the leapfrog; their times are whole numbers of steps.

    Parameters
    ----------
    start
        Shape (dim,).
    places
        Where the gradient was called, in order: the first beside the start tells the momentum.
    """

    def __init__(self, start: FloatArray, places: FloatArray) -> None:
        self.reach = 2**DEPTH
        new = places[~np.isclose(places, start, rtol=1e-12, atol=1e-12).all(axis=1)]
        self.sure = len(new) > 0
        first = new[0] if self.sure else start
        momentum = (first - start) / STEP_SIZE - 0.5 * STEP_SIZE * force(start)
        forward, backward = (self._run(start, p) for p in (momentum, -momentum))
        self._theta = np.array([*(q for q, _ in backward[::-1]), start, *(q for q, _ in forward)])
        self._p = np.array([*(-p for _, p in backward[::-1]), momentum, *(p for _, p in forward)])
        times = [self.time_of(place) for place in new]
        self.sure &= None not in times
        self.visits = list(dict.fromkeys(time for time in times if time))
        """Times in the order in which they were first asked about."""

    def _run(self, theta: FloatArray, p: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
        points = []
        for _ in range(self.reach):
            p = p + 0.5 * STEP_SIZE * force(theta)
            theta = theta + STEP_SIZE * p
            p = p + 0.5 * STEP_SIZE * force(theta)
            points.append((theta, p))
        return points

    def time_of(self, place: FloatArray) -> int | None:
        """Return the time of a place; None if it is not on the trajectory."""
        away = np.abs(self._theta - place).max(axis=1)
        nearest = int(np.argmin(away))
        return nearest - self.reach if away[nearest] < 1e-7 else None

    def ends(self) -> tuple[int, int] | None:
        """Return first and last time of what belongs to the trajectory; None if not sure."""
        halves = doublings(self.visits) if self.sure else None
        if halves is None:
            return None
        low = high = 0
        for new in halves:
            size = new[1] - new[0] + 1
            while size > 1:
                if any(self._turns(t, t + size - 1) for t in range(new[0], new[1], size)):
                    return (low, high) if self.sure else None
                size //= 2
            low, high = min(low, new[0]), max(high, new[1])
            if self._turns(low, high):
                break
        return (low, high) if self.sure else None

    def _turns(self, first: int, last: int) -> bool:
        """Say whether the path turns round between two times."""
        i, j = first + self.reach, last + self.reach
        span = self._theta[j] - self._theta[i]
        products = np.array([span @ self._p[i], span @ self._p[j]])
        self.sure &= bool((np.abs(products) > 1e-6).all())  # else rounding decides
        return bool((products < 0.0).any())


def force(theta: FloatArray) -> FloatArray:
    """Return the gradient of the normal target."""
    result: FloatArray = -PRECISION @ (theta - MEAN)
    return result


def doublings(visits: Sequence[int]) -> list[tuple[int, int]] | None:
    """Return first and last time of each new half, by the order of visits; the last may be begun.

    None if the points were not visited in an order that shows the directions.
    """
    low = high = 0
    halves, k = [], 0
    while k < len(visits):
        size = high - low + 1
        after = visits[k] == high + 1
        new = range(high + 1, high + size + 1) if after else range(low - 1, low - size - 1, -1)
        seen = list(visits[k : k + size])
        if seen != list(new)[: len(seen)] or size >= 2**DEPTH:
            return None
        halves.append((min(new), max(new)))
        low, high = min(low, *new), max(high, *new)
        k += size
    return halves
