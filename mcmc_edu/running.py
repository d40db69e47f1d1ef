"""Run chains in blocks: in threads, with progress, until they are done or someone presses Ctrl-C.

Nothing here bears on the draws.  A chain makes the same ones in blocks of any size; between two
blocks there is time to look at the clock, the keyboard and the disk.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .compiling import FloatArray
from .samplers import DensityError

Stats = dict[str, NDArray[Any]]
Part = tuple[FloatArray, Stats, FloatArray]
"""Draws (n, dim), stats (n,) each, and where trajectories diverged (k, dim)."""

BLOCK_SECONDS = 0.1
"""How long a block should take: how long Ctrl-C may have to wait."""
FIRST_BLOCK = 10


class Chain(Protocol):
    """What every sampler's chain can do."""

    steps: int
    """Iterations so far."""

    def run(self, n: int) -> Part:
        """Make `n` more iterations."""
        ...

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        ...

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        ...


class Run:
    """Chains on their way to `iterations` each, with all they have made so far.

    Parameters
    ----------
    chains
        Not started, or restored from a snapshot.
    warmup, iterations
        Iterations of each chain that are dropped; and in all, those included.
    parts
        What restored chains had made, a list for each.
    """

    def __init__(
        self,
        chains: Sequence[Chain],
        warmup: int,
        iterations: int,
        parts: Sequence[list[Part]] | None = None,
    ) -> None:
        self.chains = chains
        self.warmup = warmup
        self.iterations = iterations
        self.parts = [[] for _ in chains] if parts is None else list(parts)
        self.snapshots = [chain.snapshot() for chain in chains]
        self._blocks = [FIRST_BLOCK for _ in chains]
        self._waiting = [k for k, c in enumerate(chains) if c.steps < iterations]
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: Exception | None = None

    def go(
        self,
        threads: int,
        advanced: Callable[[int], object],
        every: Callable[[], object] = lambda: None,
    ) -> bool:
        """Run to the end; returns whether it was reached, False after Ctrl-C.

        Parameters
        ----------
        threads
            How many chains run at a time.
        advanced
            Called with the number of iterations after each block.
        every
            Called about once a second; `parts` and `snapshots` do not change meanwhile.

        Raises
        ------
        DensityError
            The first that a chain raises, once all have stopped.
        """
        workers = [
            threading.Thread(target=self._work, args=(advanced,), daemon=True)
            for _ in range(min(threads, len(self.chains)))
        ]
        interrupted = False
        for worker in workers:
            worker.start()
        try:
            while any(worker.is_alive() for worker in workers):
                workers[-1].join(timeout=1.0)
                for worker in workers[:-1]:
                    worker.join(timeout=0.0 if workers[-1].is_alive() else 1.0)
                with self._lock:
                    every()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self._stop.set()
            for worker in workers:
                worker.join()
        if self._error is not None:
            raise self._error
        return not interrupted

    def _work(self, advanced: Callable[[int], object]) -> None:
        """Take the chain that is furthest behind, give it a block, and so on."""
        while not self._stop.is_set():
            with self._lock:
                if not self._waiting:
                    return
                k = min(self._waiting, key=lambda k: self.chains[k].steps)
                self._waiting.remove(k)
            chain = self.chains[k]
            n = min(self._blocks[k], self.iterations - chain.steps)
            if chain.steps < self.warmup:  # a block lies on one side of the end of warm-up
                n = min(n, self.warmup - chain.steps)
            begin = time.perf_counter()
            try:
                with np.errstate(all="ignore"):  # what runs uncompiled may overflow on its way
                    part = chain.run(n)
            except Exception as error:
                self._fail(k, error)
                return
            pace = n / max(time.perf_counter() - begin, 1e-9)
            with self._lock:
                self._blocks[k] = max(1, int(pace * BLOCK_SECONDS))
                self.snapshots[k] = chain.snapshot()
                if chain.steps > self.warmup:
                    self.parts[k].append(part)
                if chain.steps < self.iterations:
                    self._waiting.append(k)
                advanced(n)

    def _fail(self, k: int, error: Exception) -> None:
        with self._lock:
            if self._error is None:
                self._error = error
                if isinstance(error, DensityError):
                    self._error = error.of_chain(k)
        self._stop.set()

    @property
    def has_draws(self) -> bool:
        """Whether every chain has draws to keep."""
        return all(self.parts)

    def result(self) -> tuple[FloatArray, Stats, FloatArray]:
        """Draws (chain, draw, dim), stats (chain, draw) and where trajectories diverged (k, dim);
        as many draws of each chain as the slowest has.
        """
        joined = [_join(parts) for parts in self.parts]
        n = min(len(draws) for draws, _, _ in joined)
        array = np.stack([draws[:n] for draws, _, _ in joined])
        stats = {
            name: np.stack([stats[name][:n] for _, stats, _ in joined]) for name in joined[0][1]
        }
        divergences = [
            where[: int(stats["divergent"][:n].sum())] if "divergent" in stats else where
            for _, stats, where in joined
        ]
        return array, stats, np.concatenate(divergences)


def _join(parts: list[Part]) -> Part:
    draws, stats, where = zip(*parts, strict=True)
    columns = {name: np.concatenate([s[name] for s in stats]) for name in stats[0]}
    return np.concatenate(draws), columns, np.concatenate(where)


def processors() -> int:
    """How many threads can run at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
