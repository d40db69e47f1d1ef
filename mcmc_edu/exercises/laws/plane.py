"""The law of a chain of two unknowns that are proposed together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...compiling import FloatArray
from .accept_reject import mass_below
from .fit import two_orders

Rule = Callable[[FloatArray, FloatArray], FloatArray]
"""A function of places x and x', whose first axis is that of the coordinates."""

NODES = 28
_Z = (np.arange(NODES) + 0.5) / NODES * 11.0 - 5.5
_MASS = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()


@dataclass(frozen=True)
class Plane:
    """Propose, accept or stay, in two unknowns.

    Parameters
    ----------
    place
        ``place(x, z)``: the proposal that standard normal numbers z make from x.
    log_proposal
        ``log_proposal(x, there)``: its log density.
    log_accept
        ``log_accept(x, there)``: log probability of accepting it.
    only_moves
        Whether only draws that moved are recorded.
    """

    place: Rule
    log_proposal: Rule
    log_accept: Rule
    only_moves: bool = False

    def _first(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return values of the first coordinate, and the mass that moves there."""
        z = np.stack(np.broadcast_arrays(_Z[:, None], _Z))[:, None]
        there = self.place(x[:, :, None, None], z)
        with np.errstate(all="ignore"):
            accepted = np.exp(self.log_accept(x[:, :, None, None], there))
        mass = np.nan_to_num(accepted) * (_MASS[:, None] * _MASS)
        return there[0, :, :, 0], mass.sum(axis=2)

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given the one before."""
        x, there = path[:-1].T, path[1:].T
        moving = np.clip(self._first(x)[1].sum(axis=1), 1e-12, 1.0)
        with np.errstate(all="ignore"):
            moved = self.log_proposal(x, there) + self.log_accept(x, there)
            stayed = np.log(np.maximum(1.0 - moving, 1e-12))
        if self.only_moves:
            moved, stayed = moved - np.log(moving), np.full_like(stayed, -np.inf)
        return np.where(
            (x == there).all(axis=0), stayed, np.nan_to_num(moved, nan=-np.inf, neginf=-np.inf)
        )

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return the first coordinate of each draw through its distribution function."""
        x, there = path[:-1].T, path[1:].T
        nodes, mass = self._first(x)
        below = mass_below(nodes, mass, there[0])
        if self.only_moves:
            shares = below / np.maximum(mass.sum(axis=1), 1e-12)
            return np.asarray(np.clip(shares, 0.0, 1.0))
        stay = np.maximum(1.0 - mass.sum(axis=1), 0.0)
        same = (x == there).all(axis=0)
        return two_orders(below, stay, same, there[0] > x[0], rng.random(same.size))
