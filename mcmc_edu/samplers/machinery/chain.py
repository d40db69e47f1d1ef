"""A Hamiltonian chain: warm up, then sample, in blocks of any size.

The steps are made in compiled loops.  What needs no speed, the windows of warm-up and the estimates
at their ends, happens here between them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...compiling import BoundDensity, FloatArray, exp
from ..hamiltonian import State
from ..warmup import FEWEST_UPDATES, LARGEST, METRICS, dual_averaging, find_reasonable_step_size
from .errors import INFINITE, DensityError
from .loops import STATS, draw_block, warmup_block
from .settings import HamiltonianSettings

FLAT = (
    "the log density is flat that far: it is improper, which is no distribution, or on a larger "
    "scale still: rescale theta"
)


class HamiltonianChain:
    """One chain on its way.

    Its draws do not depend on the blocks in which they are asked for.
    """

    flat: NDArray[np.bool_]
    """Which entries of the gradient were 0 at the start and in all of warm-up, or at the end of a
    warm-up in which nothing is adapted; shape (dim,)."""

    def __init__(
        self,
        sampler: HamiltonianSettings,
        density: BoundDensity,
        theta: FloatArray,
        warmup: int,
        seed: np.random.SeedSequence,
    ) -> None:
        dim = theta.size
        self.sampler = sampler
        self.density = density
        self.warmup = warmup
        self.steps = 0  # iterations so far, those of warm-up included
        self.tuning = sampler.tuning(dim)
        self._rng = np.random.default_rng(seed)
        self._workspace = np.empty((sampler.rows, dim))
        grad = np.empty(dim)
        self.state = State(np.array(theta), density.with_gradient(theta, grad), grad)
        self._searching = sampler.step_size is None
        self._estimate = METRICS[sampler.metric]
        self._windows = self._estimate.windows(warmup) if sampler.adapts_metric else []
        self._search = dual_averaging(1.0)
        self._window: list[tuple[FloatArray, FloatArray]] = []  # draws and gradients so far
        self.flat = grad == 0.0

    def run(self, n: int) -> tuple[FloatArray, dict[str, NDArray[Any]], FloatArray]:
        """Make `n` steps.

        Returns
        -------
        draws, stats, where
            Shape ``(n, dim)``; what `STATS` lists, shape ``(n,)`` each; and, for every step that
            diverged, `Info.divergence_theta`, shape ``(divergences, dim)``.

        Raises
        ------
        DensityError
            If the log density raises, or becomes +inf.
        """
        draws = np.empty((n, self.state.theta.size))
        stats = np.empty((n, len(STATS)))
        where = np.empty_like(draws)
        begin = 0
        while begin < n:
            end = min(n, begin + self._until_change())
            part = slice(begin, end)
            if self._searching and self.steps < self.warmup:
                self._warmup_block(draws[part], stats[part], where[part])
            else:
                self._draw_block(draws[part], stats[part], where[part])
            begin = end
        columns: dict[str, NDArray[Any]] = {
            name: stats[:, k].astype(kind) for k, (name, kind) in enumerate(STATS.items())
        }
        return draws, columns, where[columns["divergent"]]

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        return {
            "steps": self.steps,
            "state": self.state,
            "tuning": self.tuning,
            "search": self._search,
            "window": list(self._window),
            "flat": self.flat.copy(),
            "generator": json.dumps(self._rng.bit_generator.state),
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self.steps = snapshot["steps"]
        self.state = snapshot["state"]
        self.tuning = snapshot["tuning"]
        self._search = snapshot["search"]
        self._window = list(snapshot["window"])
        self.flat = snapshot["flat"]
        self._rng.bit_generator.state = json.loads(snapshot["generator"])

    def tuned(self) -> HamiltonianSettings:
        """Return the sampler as it is tuned now, to be used with these settings as they are."""
        return self.sampler.tuned(self.tuning)

    def _until_change(self) -> int:
        """Count the steps to the next begin or end of a window, or to the end of warm-up."""
        changes = [self.warmup, *(t for first, last in self._windows for t in (first, last + 1))]
        return min((t - self.steps for t in changes if t > self.steps), default=sys.maxsize)

    def _draw_block(self, draws: FloatArray, stats: FloatArray, where: FloatArray) -> None:
        if self.steps == 0 and self._searching:
            self._find_step_size()
            self._settle_step_size()
        with self._reporting() as done:
            self.state = draw_block(
                self.sampler.kernel.dispatcher,
                self.density.adapter,
                self.density.packed,
                self._rng,
                self.state,
                self.tuning,
                draws,
                stats,
                where,
                self._workspace,
                done,
            )
        self._count(int(done[0]), where)
        if self.steps == self.warmup:  # nothing is adapted: no other gradient is at hand
            self.flat &= self.state.grad == 0.0

    def _warmup_block(self, draws: FloatArray, stats: FloatArray, where: FloatArray) -> None:
        if self.steps == 0:
            self._find_step_size()
        grads = np.empty_like(draws)
        with self._reporting() as done:
            self.state, self._search = warmup_block(
                self.sampler.kernel.dispatcher,
                self.density.adapter,
                self.density.packed,
                self._rng,
                self.state,
                self.tuning,
                self._search,
                float(self.sampler.target_accept),
                draws,
                grads,
                stats,
                where,
                self._workspace,
                done,
            )
        if any(first <= self.steps <= last for first, last in self._windows):
            self._window.append((draws.copy(), grads))
        self._count(int(done[0]), where)
        self.flat &= ~grads.any(axis=0)
        if self.steps in (last + 1 for _, last in self._windows):
            self._learn_metric()
        if self.steps == self.warmup:
            self._settle_step_size()

    def _learn_metric(self) -> None:
        """At the end of a window: a new metric, and a new search for the step size in it."""
        draws, grads = (np.concatenate(parts) for parts in zip(*self._window, strict=True))
        self._window = []
        metric = self._estimate.of(draws, grads)
        self.tuning = self.tuning._replace(metric=metric, step_size=exp(self._search.log_average))
        self._find_step_size()

    def _find_step_size(self) -> None:
        with self._reporting():
            found = find_reasonable_step_size(
                self._rng,
                self.state,
                self.density.adapter,
                self.density.packed,
                self.tuning.metric,
                self.tuning.step_size,
                self._workspace,
            )
        if not 0.0 < found <= LARGEST:
            reason = FLAT if found else "the gradient is wrong, or not smooth"
            raise DensityError(
                f"no step size is right, {found:.3g} was tried last: {reason}",
                self.steps,
                self.state.theta,
            )
        self.tuning = self.tuning._replace(step_size=found)
        self._search = dual_averaging(found)

    def _settle_step_size(self) -> None:
        """At the end of warm-up: what the search found, or half of what it began with."""
        found = exp(self._search.log_average)
        if self._search.steps < FEWEST_UPDATES:
            found = 0.5 * self.tuning.step_size
        self.tuning = self.tuning._replace(step_size=found)

    @contextmanager
    def _reporting(self) -> Iterator[NDArray[np.int64]]:
        """Say of an exception at which step and where it was raised; yields a counter of steps."""
        done = np.zeros(1, dtype=np.int64)
        try:
            yield done
        except Exception as error:
            raise DensityError(
                f"log_density raised {error!r}", self.steps + int(done[0]), self._workspace[0]
            ) from error

    def _count(self, done: int, where: FloatArray) -> None:
        """Note that steps were done; fewer than asked for means an infinite density."""
        self.steps += done
        if done < where.shape[0]:
            raise DensityError(INFINITE, self.steps, where[done])
