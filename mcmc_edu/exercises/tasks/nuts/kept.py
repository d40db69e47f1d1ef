"""The law of a No-U-Turn sampler whose momentum is drawn once, for one unknown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....compiling import FloatArray
from .laws import Nuts

FOLLOWED = 25
"""How many draws are followed; the law of the rest is that with new momenta."""
NEAR = 1e-6
"""Draws are as predicted if they are so near; their density is 1 over this."""


@dataclass(frozen=True)
class MomentumKept:
    """Another law, but each trajectory starts with the momentum of the first one.

    The first move leaves a few momenta that lead there; a filter keeps their probabilities.
    """

    law: Nuts

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self._filtered(path)[0]

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return numbers that are uniform if points are chosen with these probabilities."""
        below, at = self._filtered(path)[1:]
        return np.clip(below + rng.random(below.size) * at, 0.0, 1.0)

    def _filtered(self, path: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        n, rows = len(path) - 1, self.law.rows
        logs, below, at = np.full(n, np.log(0.5)), np.zeros(n), np.ones(n)
        moves = np.flatnonzero(np.diff(path) != 0.0)
        if moves.size == 0:
            return logs, below, at
        first = int(moves[0])
        x, there = path[first : first + 2]
        led = np.flatnonzero(np.abs(rows[:, 1]) > 1e-9)
        p = (there - rows[led, 0] * x) / rows[led, 1]
        led, p = led[np.abs(p) < 8.0], p[np.abs(p) < 8.0]
        chances = self.law.chances(np.full(p.size, x), p)[np.arange(p.size), led]
        weights = chances * np.exp(-0.5 * p * p) / np.sqrt(2 * np.pi) / np.abs(rows[led, 1])
        end = min(n, first + FOLLOWED)
        if end < n:  # the rest says nothing new
            logs[end:] = self.law.logs(path[end:])
        for t in range(first, end):
            x, there = path[t], path[t + 1]
            if t > first:
                chances = self.law.chances(np.full(p.size, x), p)
                places = x * rows[:, 0] + p[:, None] * rows[:, 1]
                same = np.abs(places - there) < NEAR * (1.0 + abs(there))
                below[t] = weights @ (chances * (~same & (places < there))).sum(axis=1)
                led_here = (chances * same).sum(axis=1)
                at[t] = weights @ led_here
                weights = weights * led_here
            total = float(weights.sum())
            if not total > 1e-12:
                logs[t:] = -np.inf
                break
            known = t > first and there != x
            logs[t] = np.log(total) - (np.log(NEAR) if known else 0.0)
            keep = weights > 1e-9 * total
            weights, p = weights[keep] / weights[keep].sum(), p[keep]
        return logs, below, at
