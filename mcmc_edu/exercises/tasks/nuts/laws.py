"""The laws of `nuts` in one unknown with a linear gradient: right ones and those of each bug.

A point of a trajectory is a linear map of the state x and the momentum p that was drawn.  For each
sequence of directions the tree is known, and so is the probability that it hands over each point.
The density of the next state is a sum over points: each one that could be there tells p.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from ....compiling import FloatArray
from ...laws.fit import two_orders

MOMENTA = 70
"""Momenta that distribution functions are averaged over."""
Check = tuple[FloatArray, FloatArray, FloatArray]
"""Rows of maps: the way from left to right, and the momenta at both ends."""


@dataclass(frozen=True)
class Half:
    """A new half: its points, whether it turns inside, and whether the whole turns with it."""

    places: FloatArray
    momenta: FloatArray
    inner: list[Check]
    outer: Check


@dataclass(frozen=True)
class Nuts:
    """The law of a No-U-Turn sampler, right or wrong, for a normal of mean zero.

    Parameters
    ----------
    precision, step_size, depth
        Of the target, of a step, and of the largest tree.
    take
        Of a new half: "biased", min(1, new / old); "uniform", new / (new + old); "always"; "end",
        its last point (in the slice) always.
    weight
        Of points: "energy", "density" for the log density alone, "flat", "slice", or "slice of
        density".
    inner
        Whether subtrees are asked whether they turn.
    turned_kept
        Whether points of a half that turned may be taken.
    forward_only, backward_forward
        Whether there is one direction only, and whether steps to the left go forward.
    shared
        Whether all points share one array of momentum.
    prefer_inside
        Whether the second half of a subtree is preferred.
    start
        Whether the start is a candidate.
    last_kick, sign
        Share of the last kick of a step, and the sign of all kicks.
    """

    precision: float
    step_size: float
    depth: int
    take: str = "biased"
    weight: str = "energy"
    inner: bool = True
    turned_kept: bool = False
    forward_only: bool = False
    backward_forward: bool = False
    shared: bool = False
    prefer_inside: bool = False
    start: bool = True
    last_kick: float = 0.5
    sign: float = 1.0
    log_density: Callable[[FloatArray], FloatArray] | None = None
    """Of a target with gradient zero, in place of the normal; precision is 0 then."""

    def _potential(self, places: FloatArray) -> FloatArray:
        if self.log_density is not None:
            return -self.log_density(places)
        return np.asarray(0.5 * self.precision * places**2)

    def _step(self, time: float) -> FloatArray:
        h = self.step_size * time
        kick = -self.sign * h * self.precision
        drift = np.array([[1.0, h], [0.0, 1.0]])
        last = np.array([[1.0, 0.0], [self.last_kick * kick, 1.0]])
        result: FloatArray = last @ drift @ np.array([[1.0, 0.0], [0.5 * kick, 1.0]])
        return result

    def _grown(self, directions: tuple[int, ...]) -> list[Half]:
        """Return the halves of a sequence of directions."""
        left = right = np.eye(2)
        halves, last = [], np.eye(2)
        for depth, direction in enumerate(directions):
            point = right if direction > 0 else left
            step = self._step(1.0 if self.backward_forward else direction)
            if self.shared:
                point = np.array([point[0], last[1]])
            made = []
            for _ in range(2**depth):
                point = step @ point
                made.append(point)
            last = point
            checks = []
            for size in (2**k for k in range(1, depth + 1)):
                for i in range(0, len(made), size):
                    checks.append(self._check(made[i], made[i + size - 1], direction))
            left, right = (left, point) if direction > 0 else (point, right)
            whole = (left, right) if direction > 0 else (right, left)
            outer = self._check(*whole, direction)
            places, momenta = np.array([m[0] for m in made]), np.array([m[1] for m in made])
            halves.append(Half(places, momenta, checks, outer))
        return halves

    def _check(self, first: FloatArray, last: FloatArray, direction: int) -> Check:
        left, right = (first, last) if direction > 0 else (last, first)
        if self.shared:  # both ends have the momentum of the point made last
            return right[0] - left[0], last[1], last[1]
        return right[0] - left[0], left[1], right[1]

    @cached_property
    def _sequences(self) -> list[list[Half]]:
        choices = (1,) if self.forward_only else (1, -1)
        return [self._grown(s) for s in itertools.product(choices, repeat=self.depth)]

    @cached_property
    def _groups(self) -> tuple[FloatArray, list[FloatArray]]:
        """Return the different maps to a place, and the number of each point's in each sequence."""
        rows, numbers = [np.array([1.0, 0.0])], []
        for halves in self._sequences:
            found = [0]
            for place in np.concatenate([half.places for half in halves]):
                same = [k for k, row in enumerate(rows) if np.allclose(row, place, atol=1e-9)]
                if not same:
                    rows.append(place)
                found.append(same[0] if same else len(rows) - 1)
            numbers.append(np.array(found))
        return np.array(rows), numbers

    @property
    def rows(self) -> FloatArray:
        """The maps to all places, that to the start first."""
        return self._groups[0]

    def chances(self, x: FloatArray, p: FloatArray) -> FloatArray:
        """Return the probability that the next state is each of the places, shape (n, places)."""
        rows, numbers = self._groups
        total = np.zeros((len(rows), x.size))
        state = np.array([x, p])
        for halves, found in zip(self._sequences, numbers, strict=True):
            for level, width in self._levels(halves, state):
                for k, chance in zip(found, self._handed(halves, state, level), strict=True):
                    total[k] += width * chance
        return total.T / len(self._sequences)

    def _levels(
        self, halves: list[Half], state: FloatArray
    ) -> Iterator[tuple[FloatArray, FloatArray | float]]:
        """Return heights of the slice, in logs, between which the same points are in it."""
        if not self.weight.startswith("slice"):
            yield np.zeros(state.shape[1]), 1.0
            return
        places = np.concatenate([half.places for half in halves]) @ state
        gain = self._potential(places) - self._potential(state[0])
        if self.weight == "slice":
            momenta = np.concatenate([half.momenta for half in halves]) @ state
            gain = gain + 0.5 * (momenta**2 - state[1] ** 2)
        heights = np.exp(-np.clip(gain, 0.0, 500.0))
        zero, one = np.zeros((1, state.shape[1])), np.ones((1, state.shape[1]))
        edges = np.sort(np.concatenate([zero, heights, one]), axis=0)
        for low, high in itertools.pairwise(edges):
            if (high > low).any():
                yield np.log(np.maximum(0.5 * (low + high), 1e-300)), high - low

    def _handed(self, halves: list[Half], state: FloatArray, level: FloatArray) -> list[FloatArray]:
        """Return the probability of each point of a sequence, the start first."""
        n = state.shape[1]
        start = self._potential(state[0])
        energy = start + 0.5 * state[1] ** 2
        chances, alive = [np.ones(n)], np.ones(n, dtype=bool)
        old = np.full(n, 1.0 if self.start else 0.0)
        if self.weight == "density":
            old = old * np.exp(-start)
        for half in halves:
            places, momenta = half.places @ state, half.momenta @ state
            potential = self._potential(places)
            gain = potential + 0.5 * momenta**2 - energy
            weights = self._weights(gain, potential, start, level)
            bad = (gain > 1000.0).any(axis=0)
            if self.inner:
                for check in half.inner:
                    bad |= turns(check, state)
            new = weights.sum(axis=0)
            share = self._inside(weights)
            with np.errstate(all="ignore"):
                take = {
                    "biased": np.where(new >= old, 1.0, new / np.where(old > 0, old, 1.0)),
                    "uniform": new / np.maximum(new + old, 1e-300),
                    "always": np.ones(n),
                    "end": np.ones(n),
                }[self.take]
            take = np.where(new > 0.0, take, 0.0)
            take = np.where(alive & (~bad | self.turned_kept), take, 0.0)
            chances = [chance * (1.0 - take) for chance in chances]
            chances += list(take * share)
            alive = alive & ~bad
            old = old + np.where(alive, new, 0.0)
            alive = alive & np.logical_not(turns(half.outer, state))
        return chances

    def _weights(
        self, gain: FloatArray, potential: FloatArray, start: FloatArray, level: FloatArray
    ) -> FloatArray:
        if self.weight == "slice":
            return (-gain > level).astype(float)
        if self.weight == "slice of density":
            return (start - potential > level).astype(float)
        if self.weight == "flat":
            return np.ones_like(gain)
        return np.exp(-np.clip(potential if self.weight == "density" else gain, -500, 500))

    def _inside(self, weights: FloatArray) -> FloatArray:
        """Return the probability of each point of a half, if one of it is taken."""
        if self.take == "end":
            there = weights > 0.0
            later: FloatArray = np.cumsum(there[::-1], axis=0)[::-1] - there
            return np.asarray((there & (later == 0)).astype(float))
        if self.prefer_inside and len(weights) > 1:
            middle = len(weights) // 2
            first, second = weights[:middle], weights[middle:]
            w1, w2 = first.sum(axis=0), second.sum(axis=0)
            prefer = np.where(w2 >= w1, 1.0, w2 / np.maximum(w1, 1e-300))
            prefer = np.where(w2 > 0.0, prefer, 0.0)
            parts = (self._inside(first) * (1.0 - prefer), self._inside(second) * prefer)
            return np.concatenate(parts)
        return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-300))

    @cached_property
    def _staying(self) -> tuple[FloatArray, FloatArray]:
        """Places, and the probability of staying there."""
        x = np.linspace(-5.0, 5.0, 61) / np.sqrt(self.precision)
        return x, self._stays(x)

    def _stays(self, x: FloatArray) -> FloatArray:
        """Return the probability of staying at each place."""
        momenta = ndtri((np.arange(MOMENTA) + 0.5) / MOMENTA)
        chances = self.chances(np.repeat(x, momenta.size), np.tile(momenta, x.size))[:, 0]
        return np.asarray(chances.reshape(x.size, momenta.size).mean(axis=1))

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given the one before."""
        x, there = path[:-1], path[1:]
        rows = self._groups[0]
        there_by = np.flatnonzero(np.abs(rows[:, 1]) > 1e-9)
        a, b = rows[there_by].T[:, :, None]
        p = (there - a * x) / b
        seen = np.abs(p) < 8.0
        which, draw = np.nonzero(seen)
        chances = self.chances(x[draw], p[seen])[np.arange(draw.size), there_by[which]]
        normal = np.exp(-0.5 * p[seen] ** 2) / np.sqrt(2.0 * np.pi) / np.abs(b[which, 0])
        density = np.bincount(draw, normal * chances, minlength=x.size)
        with np.errstate(all="ignore"):
            if self.log_density is None:
                chance = np.interp(x, *self._staying)
            else:  # it jumps: no interpolation
                chance = np.ones(x.size)
                chance[there == x] = self._stays(x[there == x])
            stay = np.log(np.maximum(chance, 1e-9))
            return np.where(there == x, stay, np.log(density))

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        x, there = path[:-1], path[1:]
        momenta = ndtri((np.arange(MOMENTA) + 0.5) / MOMENTA)
        rows, n = self._groups[0], x.size
        state = np.repeat(x, MOMENTA), np.tile(momenta, n)
        chances = self.chances(*state)[:, 1:] / MOMENTA  # of moves: the start is the first map
        places = state[0][:, None] * rows[1:, 0] + state[1][:, None] * rows[1:, 1]
        lower = chances * (places < np.repeat(there, MOMENTA)[:, None])
        below, moving = (part.sum(axis=1).reshape(n, -1).sum(axis=1) for part in (lower, chances))
        stay = np.clip(1.0 - moving, 0.0, 1.0)
        return two_orders(below, stay, there == x, there > x, rng.random(n))


def turns(check: Check, state: FloatArray) -> FloatArray:
    """Say whether either end moves towards the other."""
    way, left, right = (row @ state for row in check)
    return np.asarray((way * left < 0.0) | (way * right < 0.0))
