"""Laws of chains with a memory: what the next draw depends on is not in the draw before alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from ...compiling import FloatArray
from .accept_reject import AcceptReject, Pairs

Function = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class ProposalsRecorded:
    """Draws are the proposals, accepted or not; the chain itself is hidden.

    At each time the chain stands at the start or at one of the draws so far: a filter keeps the
    probabilities of these places.
    """

    scale: float
    log_accept: Pairs

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self._filtered(path)[0]

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function: a mixture of normals."""
        return self._filtered(path)[1]

    def _filtered(self, path: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the log density of each draw, and its distribution function."""
        n = len(path) - 1
        chance, logs, below = np.zeros(n + 1), np.full(n, -np.inf), np.zeros(n)
        chance[0] = 1.0
        for t in range(n):
            places, there = path[: t + 1], path[t + 1]
            with np.errstate(all="ignore"):
                z = (there - places) / self.scale
                proposed = np.exp(-0.5 * z * z) / (self.scale * np.sqrt(2 * np.pi))
                proposed *= chance[: t + 1]
                accepted = np.exp(np.minimum(self.log_accept(places, there), 0.0))
            accepted = np.nan_to_num(accepted)  # from places without density, where it never is
            below[t] = (ndtr(z) * chance[: t + 1]).sum()
            if there == path[t] or not (total := float(proposed.sum())) > 0.0:
                break  # two proposals are never the same
            logs[t] = np.log(total)
            chance[: t + 1] = proposed * (1.0 - accepted) / total
            chance[t + 1] = (proposed * accepted).sum() / total
        return logs, np.clip(below, 0.0, 1.0)


@dataclass(frozen=True)
class Believed:
    """Accept-reject with a log density of the present place that is not its own.

    Parameters
    ----------
    log_density
        Log density at places.
    log_proposal, span
        As in `AcceptReject`.
    believed
        ``believed(path)``: for each draw, what the program takes for the log density of the state.
    """

    log_density: Function
    log_proposal: Pairs
    span: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    believed: Function

    def _law(self, path: FloatArray) -> AcceptReject:
        wrong = self.believed(path)

        def log_accept(x: FloatArray, there: FloatArray) -> FloatArray:
            level = wrong if np.ndim(there) == 1 else wrong[:, None]
            return np.minimum(self.log_density(there) - level, 0.0)

        return AcceptReject(self.log_proposal, log_accept, self.span)

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        law, x, there = self._law(path), path[:-1], path[1:]
        with np.errstate(all="ignore"):
            stayed = np.log(np.maximum(1.0 - law.grid(x)[1].sum(axis=1), 1e-12))
            moved = law.log_move(x, there)
        return np.where(there == x, stayed, np.nan_to_num(moved, nan=-np.inf, neginf=-np.inf))

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        return self._law(path).uniforms(path, rng)


@dataclass(frozen=True)
class AroundStart:
    """Proposals are made around the start, not around the present place."""

    start: float
    scale: float
    log_accept: Pairs

    def _law(self) -> AcceptReject:
        def log_proposal(x: FloatArray, there: FloatArray) -> FloatArray:
            z = (there - self.start) / self.scale
            logs: FloatArray = -0.5 * z * z - np.log(self.scale * np.sqrt(2.0 * np.pi)) + 0.0 * x
            return logs

        def span(x: FloatArray) -> tuple[FloatArray, FloatArray]:
            reach = np.full(x.shape, 7.5 * self.scale)
            return self.start - reach, self.start + reach

        return AcceptReject(log_proposal, self.log_accept, span)

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self._law().logs(path)

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        return self._law().uniforms(path, rng)


@dataclass(frozen=True)
class LastProposed:
    """Accept-reject with the log density of what was proposed last, accepted or not.

    After a rejection that log density is hidden: a filter keeps the probabilities of where the
    rejected proposal was, on a grid around the state.
    """

    log_density: Function
    scale: float
    nodes: int = 161

    def logs(self, path: FloatArray) -> FloatArray:
        """Return the log density of each draw given those before it."""
        return self._filtered(path)[0]

    def uniforms(self, path: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Return each draw through its distribution function."""
        below, at = self._filtered(path)[1:]
        return np.clip(below + rng.random(below.size) * at, 0.0, 1.0)

    def _filtered(self, path: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return log densities, the probability below each draw, and that of staying if it did."""
        n = len(path) - 1
        logs, below, at = np.full(n, -np.inf), np.zeros(n), np.zeros(n)
        z = (np.arange(self.nodes) + 0.5) / self.nodes * 12.0 - 6.0
        proposed = np.exp(-0.5 * z * z)
        proposed /= proposed.sum()
        density = -np.log(self.scale * np.sqrt(2.0 * np.pi))
        levels, weights = self.log_density(path[:1]), np.ones(1)
        moved = True
        for t in range(n):
            x, there = path[t], path[t + 1]
            if moved:  # the grid of proposals is around a new state
                grid = self.log_density(x + self.scale * z)
                accept = _chances(grid, levels)
            taken = proposed * (accept @ weights)
            stay = max(1.0 - float(taken.sum()), 1e-12)
            cut = np.clip((there - x) / self.scale * self.nodes / 12.0 + self.nodes / 2, 0, 1e9)
            below[t] = taken[: int(cut)].sum()
            if int(cut) < self.nodes:
                below[t] += taken[int(cut)] * (cut - int(cut))
            if there == x:
                logs[t], at[t] = np.log(stay), stay
                refused = proposed * ((1.0 - accept) @ weights)
                if not (total := float(refused.sum())) > 0.0:
                    break
                weights = refused / total
                if moved:
                    levels, accept, moved = grid, _chances(grid, grid), False
                continue
            below[t] += stay if there > x else 0.0
            level = self.log_density(np.array([there]))
            chance = float((_chances(level, levels) @ weights)[0])
            if not chance > 0.0:
                break
            logs[t] = density - 0.5 * ((there - x) / self.scale) ** 2 + np.log(chance)
            levels, weights, moved = level, np.ones(1), True
        return logs, below, at


def _chances(new: FloatArray, old: FloatArray) -> FloatArray:
    """Return the probability of accepting each new level given each old one."""
    with np.errstate(all="ignore"):
        rises = new[:, None] - old
    return np.exp(np.minimum(np.nan_to_num(rises, nan=-np.inf, neginf=-np.inf), 0.0))
