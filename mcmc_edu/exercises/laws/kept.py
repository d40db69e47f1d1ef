"""The law of Hamiltonian chains whose momentum is drawn once, for one unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...compiling import FloatArray

Accept = Callable[[float, float, float, float], float]
"""``log_accept(x, p, x', p')``: log probability of accepting the end of a trajectory."""
NEAR = 1e-6
"""Draws are as predicted if they are so near; their density is 1 over this."""


@dataclass(frozen=True)
class MomentumKept:
    """The momentum is drawn before the first trajectory only.

    From the first move on the momentum is known, and so is where each trajectory ends.

    Parameters
    ----------
    matrix
        Of the trajectory: (x', p') = matrix @ (x, p), for x less its centre.
    log_accept
        Log probability of accepting its end.
    centre
        Where the gradient is zero.
    after
        With which momentum the next trajectory starts: "same" as the first one, that of the end
        ("end"), or that of the end if it was accepted ("accepted").
    """

    matrix: FloatArray
    log_accept: Accept
    centre: float = 0.0
    after: str = "same"

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self._followed(path)[0]

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return numbers that are uniform if decisions are made with these probabilities."""
        low, high = self._followed(path)[1:]
        return low + rng.random(low.size) * (high - low)

    def _followed(self, path: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        n, y = len(path) - 1, path - self.centre
        logs, low, high = np.zeros(n), np.zeros(n), np.ones(n)
        moves = np.flatnonzero(np.diff(path) != 0.0)
        if moves.size == 0:
            return np.full(n, np.log(0.5)), low, high
        (a, b), (c, d) = self.matrix
        # the momentum at the first move is shift + slope * (what was drawn)
        shift, slope = 0.0, 1.0
        for _ in range(int(moves[0])):
            if self.after == "end":
                shift, slope = c * y[0] + d * shift, d * slope
        at_move = (y[moves[0] + 1] - a * y[0]) / b
        p = (at_move - shift) / slope
        logs[moves[0]] = -0.5 * p * p - 0.5 * np.log(2.0 * np.pi) - np.log(abs(b * slope))
        for t in range(n):
            end, p_end = a * y[t] + b * p, c * y[t] + d * p
            log_chance = min(self.log_accept(y[t], p, end, p_end), 0.0)
            stay = 1.0 - np.exp(log_chance)
            moved = abs(y[t + 1] - end) < NEAR * (1.0 + abs(end))
            if not moved and y[t + 1] != y[t]:
                logs[t] = -np.inf
                break
            if y[t + 1] != y[t]:
                logs[t] += log_chance - (np.log(NEAR) if t > moves[0] else 0.0)
                low[t] = stay if t > moves[0] else 0.0
            elif not moved:
                logs[t] += np.log(max(stay, 1e-12))
                high[t] = stay if t > moves[0] else 1.0
            if self.after == "end" or (self.after == "accepted" and moved):
                p = p_end
        return logs, low, high
