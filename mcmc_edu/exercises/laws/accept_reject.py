"""The law of a chain: how probable each draw is, given those before it, if the program is right.

A submission draws its random numbers in an order of its own, so its draws cannot be compared with
ours.  Its *law* can: from x, a Metropolis step moves to x' with density q(x' | x) a(x, x'), and
stays with the probability that is left.  Every known bug has a law, too, and the draws tell them
apart by their likelihood.

    logs(path)           log density of each draw given those before it; a draw that repeats the one
                         before has a probability instead
    uniforms(path, rng)  each draw through its own distribution function: independent and uniform if
                         the law is the right one, whatever it is (M. Rosenblatt 1952, *Annals of
                         Mathematical Statistics* 23); where there is a probability, spread over it

Integrals are sums over a grid: of one unknown there is enough time for that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.special import logsumexp

from ...compiling import FloatArray
from .fit import two_orders

FEW = 40
"""Up to so many places, probabilities of moving are computed directly."""
Pairs = Callable[[FloatArray, FloatArray], FloatArray]
"""A function of places x and x', of shapes that broadcast."""


class Law(Protocol):
    """What the draws of a chain follow."""

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it, shape (n,).

        `path` has the start first, then the n draws: shape (n + 1,).
        """
        ...

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return numbers that are independent and uniform on (0, 1) if this is the law.

        Their shape is (n,), or (2, n) in the two orders of `fit.two_orders`.
        """
        ...


@dataclass(frozen=True)
class AcceptReject:
    """Propose, accept or stay: Metropolis, Hastings and HMC in one unknown, right or wrong.

    Parameters
    ----------
    log_proposal
        ``log_proposal(x, there)``: log density of proposing `there` from x.
    log_accept
        ``log_accept(x, there)``: log probability of accepting it.
    span
        ``span(x) -> (low, high)``: proposals lie between these, but for a probability of 1e-12.
    domain
        Where the chain is nearly always: in it the probability of moving is computed once, on a
        grid, and interpolated.
    grid_in_log
        Whether `span` is in logarithms of x', which is positive.
    nodes
        Of the grid over x' in `span`: more of them where the density jumps.
    places
        How many places x in the domain the probability of moving is computed at.
    """

    log_proposal: Pairs
    log_accept: Pairs
    span: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    domain: tuple[float, float] = (-12.0, 12.0)
    grid_in_log: bool = False
    nodes: int = 401
    places: int = 241

    def log_move(self, x: FloatArray, there: FloatArray) -> FloatArray:
        """Return the log density of moving from x to `there`."""
        return self.log_proposal(x, there) + self.log_accept(x, there)

    def grid(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the density of moving and the width of cells on a grid, shapes (n, nodes)."""
        low, high = self.span(x)
        share = (np.arange(self.nodes) + 0.5) / self.nodes
        nodes = low[:, None] + (high - low)[:, None] * share
        width = ((high - low) / self.nodes)[:, None]
        if self.grid_in_log:
            nodes = np.exp(nodes)
            width = width * nodes
        with np.errstate(all="ignore"):
            mass = np.exp(self.log_move(x[:, None], nodes)) * width
        return nodes, np.nan_to_num(mass)

    @cached_property
    def _moving(self) -> CubicSpline:
        """The probability of moving, as a function of x in the domain."""
        space = np.geomspace if self.grid_in_log else np.linspace
        x = space(*self.domain, self.places)
        return CubicSpline(self._scale(x), self.grid(x)[1].sum(axis=1))

    def _scale(self, x: FloatArray) -> FloatArray:
        return np.log(x) if self.grid_in_log else x

    def chance_to_move(self, x: FloatArray) -> FloatArray:
        """Return the probability of moving from x, up to an error of 1e-5 or so."""
        unique, which = np.unique(x, return_inverse=True)
        if unique.size <= FEW:
            direct = self.grid(unique)[1].sum(axis=1)[which]
            return np.asarray(np.clip(direct, 1e-12, 1.0))
        low, high = self.domain
        chance = np.array(self._moving(self._scale(np.clip(x, low, high))))
        outside = (x < low) | (x > high)
        if outside.any():
            chance[outside] = self.grid(x[outside])[1].sum(axis=1)
        return np.clip(chance, 1e-12, 1.0)

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given the one before."""
        x, there = path[:-1], path[1:]
        with np.errstate(all="ignore"):
            moved = self.log_move(x, there)
            stayed = np.log(np.maximum(1.0 - self.chance_to_move(x), 1e-12))
        return np.where(there == x, stayed, np.nan_to_num(moved, nan=-np.inf, neginf=-np.inf))

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        x, there = path[:-1], path[1:]
        nodes, mass = self.grid(x)
        stay = np.maximum(1.0 - mass.sum(axis=1), 0.0)
        below = mass_below(nodes, mass, there)
        return two_orders(below, stay, there == x, there > x, rng.random(x.size))


def mass_below(nodes: FloatArray, mass: FloatArray, there: FloatArray) -> FloatArray:
    """Return the mass below `there` in each row, with a share of the cell in which it lies."""
    half = 0.5 * np.diff(nodes, axis=1, append=2 * nodes[:, -1:] - nodes[:, -2:-1])
    share = np.clip((there[:, None] - nodes + half) / (2.0 * half), 0.0, 1.0)
    total: FloatArray = (mass * share).sum(axis=1)
    return total


@dataclass(frozen=True)
class OnlyMoves:
    """Another law, but only draws that moved are recorded."""

    law: AcceptReject

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw, given that it moved."""
        x, there = path[:-1], path[1:]
        with np.errstate(all="ignore"):
            moved = self.law.log_move(x, there) - np.log(self.law.chance_to_move(x))
        return np.where(there == x, -np.inf, np.nan_to_num(moved, nan=-np.inf, neginf=-np.inf))

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        x, there = path[:-1], path[1:]
        nodes, mass = self.law.grid(x)
        below = mass_below(nodes, mass, there)
        shares: FloatArray = np.clip(below / np.maximum(mass.sum(axis=1), 1e-12), 0.0, 1.0)
        return shares


def log_mean(logs: FloatArray) -> float:
    """Return the log of the mean of numbers that are given by their logs."""
    return float(logsumexp(logs) - np.log(len(logs)))


@dataclass(frozen=True)
class FromStart:
    """A law that depends on where the chain starts."""

    law: Callable[[Any], Law]

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self.law(path[0]).logs(path)

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        return self.law(path[0]).uniforms(path, rng)


@dataclass(frozen=True)
class OneValue:
    """All draws are the same number: one array was recorded many times.

    Its value is somewhere within `width`, with equal probability.
    """

    width: float = 100.0

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given the one before."""
        logs = np.where(path[1:] == path[:-1], 0.0, -np.inf)
        logs[0] = -np.log(self.width)
        return logs

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return numbers without any information: the law has none."""
        return rng.random(len(path) - 1)
