"""The laws of `hmc` in one unknown, if the gradient is linear: right ones and those of each bug.

The trajectory is a linear map of place and momentum, so a place tells the momentum that led there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...laws.accept_reject import AcceptReject, FromStart, Law, OnlyMoves
from ...laws.kept import MomentumKept

Accept = Callable[[Any, Any, Any, Any], Any]
"""``log_accept(x, p, x', p')``: of places less the centre, and momenta."""
Move = Callable[[FloatArray], FloatArray]
"""Changes the pair (x, p)."""


@dataclass(frozen=True)
class World:
    """A log density of one unknown with gradient -precision * x, and how far to go."""

    log_density: Callable[[Any], Any]
    precision: float
    centre: float
    step_size: float
    steps: int

    def kick(self, share: float) -> FloatArray:
        """Return the matrix of a kick of a share of the step size."""
        return np.array([[1.0, 0.0], [-share * self.step_size * self.precision, 1.0]])

    @property
    def drift(self) -> FloatArray:
        """The matrix of a drift."""
        return np.array([[1.0, self.step_size], [0.0, 1.0]])

    def leapfrog(
        self, steps: int, first: float = 0.5, last: float = 0.5, sign: float = 1.0
    ) -> FloatArray:
        """Return the matrix of steps, each with these shares of kicks."""
        step = self.kick(sign * last) @ self.drift @ self.kick(sign * first)
        return np.linalg.matrix_power(step, steps)

    def merged(self, first: float, last: float) -> FloatArray:
        """Return the matrix of whole kicks between drifts, others at both ends."""
        result = self.drift @ self.kick(first)
        for _ in range(self.steps - 1):
            result = self.drift @ self.kick(1.0) @ result
        return self.kick(last) @ result

    def stale(self) -> FloatArray:
        """Return the matrix of a trajectory with the gradient of its start."""
        x, force = np.array([1.0, 0.0]), np.array([0.0, -self.precision])
        p, half = np.array([0.0, 1.0]), 0.5 * self.step_size
        for _ in range(self.steps):
            p = p + half * force[1] * np.array([1.0, 0.0])
            x = x + self.step_size * p
            p = p + half * force[1] * np.array([1.0, 0.0])
        return np.array([x, p])

    def law(
        self,
        matrix: FloatArray,
        log_accept: Accept,
        momentum: tuple[str, float, float] = ("normal", 0.0, 1.0),
    ) -> AcceptReject:
        """Return the law of a map and a decision; `momentum` has a mean and an sd, or limits."""
        (a, b), (c, d) = matrix
        kind, one, two = momentum
        low, high = (-7.5 * two, 7.5 * two) if kind == "normal" else (one, two)

        def starts(x: FloatArray, there: FloatArray) -> tuple[Any, Any, Any]:
            y, end = x - self.centre, there - self.centre
            return y, end, (end - a * y) / b

        def log_proposal(x: FloatArray, there: FloatArray) -> FloatArray:
            p = starts(x, there)[2]
            if kind == "normal":
                result = -0.5 * (p / two) ** 2 - np.log(two * np.sqrt(2 * np.pi) * abs(b))
            else:
                inside = (p >= one) & (p <= two)
                result = np.where(inside, -np.log((two - one) * abs(b)), -np.inf)
            return np.asarray(result)

        def log_chance(x: FloatArray, there: FloatArray) -> FloatArray:
            y, end, p = starts(x, there)
            return np.asarray(np.minimum(log_accept(y, p, end, c * y + d * p), 0.0) + 0.0 * p)

        def span(x: FloatArray) -> tuple[FloatArray, FloatArray]:
            middle = self.centre + a * (x - self.centre)
            ends = np.sort([b * low, b * high])
            return middle + ends[0], middle + ends[1]

        return AcceptReject(log_proposal, log_chance, span, nodes=self.nodes)

    @property
    def nodes(self) -> int:
        """How fine the grid must be: finer where the density jumps."""
        return 401 if self.precision else 1501


def laws(world: World) -> tuple[Law, dict[str, list[Law]]]:
    """Return the right law and those of all kinds of bugs."""
    log_density, law, steps = world.log_density, world.law, world.steps

    def rise(start: float, end: float, level: float | None = None) -> Accept:
        """Accept by log density less kinetic energy, times these at both ends."""

        def log_accept(x: Any, p: Any, there: Any, p_end: Any) -> Any:
            before = log_density(x) if level is None else level
            kinetic = 0.5 * (end * p_end * p_end - start * p * p)
            return log_density(there) - before - kinetic

        return log_accept

    def upside_down(x: Any, p: Any, there: Any, p_end: Any) -> Any:
        return -energy(x, p, there, p_end)

    def inside(rule: Accept) -> Accept:
        def log_accept(x: Any, p: Any, there: Any, p_end: Any) -> Any:
            result = rule(x, p, there, p_end)
            return np.where(log_density(there) > -np.inf, result, -np.inf)

        return log_accept

    def blindly(x: Any, p: Any, there: Any, p_end: Any) -> Any:
        return 0.0 * (p + there)

    def late(x: Any, p: Any, there: Any, p_end: Any) -> Any:
        p_later = p - 0.5 * world.step_size * world.precision * x
        return energy(x, p_later, there, p_end)

    def stale(start: float) -> Law:
        return law(matrix, rise(1.0, 1.0, float(log_density(start - world.centre))))

    def kept(after: str) -> Law:
        return MomentumKept(matrix, energy, world.centre, after)

    energy = rise(1.0, 1.0)
    matrix = world.leapfrog(steps)
    right = law(matrix, energy)
    ends = ((0.0, 1.0), (-1.0, 1.0), (-0.5, 0.5), (-np.sqrt(3.0), np.sqrt(3.0)))
    return right, {
        "last-half-kick-missing": [
            law(world.leapfrog(steps, last=0.0), energy),
            law(world.merged(0.5, 0.0), energy),
        ],
        "whole-kicks-at-the-ends": [
            law(world.merged(1.0, 1.0), energy),
            law(world.leapfrog(steps, 1.0, 1.0), energy),
        ],
        "gradient-sign": [law(world.leapfrog(steps, sign=-1.0), energy)],
        "stale-gradient": [law(world.stale(), energy)],
        "always": [law(matrix, inside(blindly))],
        "kinetic-missing": [law(matrix, rise(0.0, 0.0))],
        "kinetic-sign": [law(matrix, rise(*s)) for s in ((-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0))],
        "energy-sign": [law(matrix, upside_down), law(matrix, inside(upside_down))],
        "momentum-kept": [kept("same"), kept("end"), kept("accepted")],
        "momentum-uniform": [law(matrix, energy, ("uniform", *limits)) for limits in ends],
        "momentum-scaled": [law(matrix, energy, ("normal", 0.0, world.step_size))],
        "start-energy-late": [law(matrix, late)],
        "stale-density": [FromStart(stale)],
        "accepted-only": [OnlyMoves(right)],
        "two-names": [law(matrix, blindly)],
        "one-step-less": [law(world.leapfrog(steps - 1), energy)],
        "one-step-more": [law(world.leapfrog(steps + 1), energy)],
    }
