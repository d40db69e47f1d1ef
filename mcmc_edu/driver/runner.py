"""Run chains in blocks: in threads, with progress, until they are done or someone presses Ctrl-C.

Nothing here bears on the draws.  A chain makes the same ones in blocks of any size; between two
blocks there is time to look at the clock, the keyboard and the disk.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError
from typing import Any, Protocol

import numpy as np

from ..compiling import FloatArray
from ..samplers import DensityError
from .identity import Visited, VisitedStates
from .kept import Kept, Part, Stats, joined, of_file, rest, stacked, thinned

BLOCK_SECONDS = 0.1
"""How long a block should take: how long Ctrl-C may have to wait."""
WARMUP_SECONDS = 0.01
"""The same in warm-up, where iterations may suddenly take much longer than those before."""
REMOTE_SECONDS = 0.5
"""The same where an executor makes the iterations: a block has to travel there and back."""
LOOK_SECONDS = 0.25
"""How often it is asked whether there is something to do beside sampling."""

STOPPED = (KeyboardInterrupt, BrokenExecutor, CancelledError)
"""What comes of tasks of an executor whose processes were stopped by Ctrl-C."""


class Chain(Protocol):
    """What every sampler's chain can do."""

    @property
    def steps(self) -> int:
        """Iterations so far."""

    @property
    def state(self) -> Any:
        """Where it is: a NamedTuple with theta, logp and, if the sampler needs a gradient, grad."""

    def run(self, n: int) -> Part:
        """Make `n` more iterations."""
        ...

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        ...

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        ...


class Runner:
    """Chains on their way to `iterations` each, with all they have made so far.

    Parameters
    ----------
    chains
        Not started.
    warmup, iterations
        Iterations of each chain that are dropped; and in all, those included.
    earlier
        The `state` of a run of the same chains, to go on from there.
    thin
        Of every so many iterations the first is kept.
    keep_warmup
        Whether warm-up's draws are kept as well.
    remote
        Whether an executor makes the iterations of the chains.
    """

    def __init__(
        self,
        chains: Sequence[Chain],
        warmup: int,
        iterations: int,
        earlier: Mapping[str, Any] | None = None,
        *,
        thin: int = 1,
        keep_warmup: bool = False,
        remote: bool = False,
    ) -> None:
        self.chains = chains
        self.warmup = warmup
        self.iterations = iterations
        self.thin = thin
        self.keep_warmup = keep_warmup
        self._parts: list[list[Kept]] = [[] for _ in chains]
        self._warmup_parts: list[list[Kept]] = [[] for _ in chains]
        self._visited = [VisitedStates(chain.state) for chain in chains]
        self._began = time.perf_counter()
        if earlier is not None:
            self._parts = of_file(earlier["parts"])
            self._warmup_parts = of_file(earlier["warmup_parts"])
            self._visited = [VisitedStates(Visited(*states)) for states in earlier["visited"]]
            self._began -= earlier["seconds"]
            for chain, snapshot in zip(chains, earlier["snapshots"], strict=True):
                chain.restore(snapshot)
        self._snapshots = [chain.snapshot() for chain in chains]
        self._blocks = [1 for _ in chains]
        self._block_seconds = (
            (REMOTE_SECONDS, REMOTE_SECONDS) if remote else (WARMUP_SECONDS, BLOCK_SECONDS)
        )
        self._resting = set(range(len(chains)))
        self._end: float = iterations
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._errors: dict[tuple[float, int], BaseException] = {}

    @property
    def steps(self) -> int:
        """Iterations so far, of all chains together."""
        return sum(chain.steps for chain in self.chains)

    @property
    def complete(self) -> bool:
        """Whether every chain has come to its end."""
        return all(chain.steps >= self.iterations for chain in self.chains)

    @property
    def seconds(self) -> float:
        """Wall time since the start, that of an earlier run included."""
        return time.perf_counter() - self._began

    def run(
        self,
        threads: int,
        on_progress: Callable[[int], object] = lambda n: None,
        on_tick: Callable[[], object] = lambda: None,
    ) -> None:
        """Run to the end, or to Ctrl-C, which is not an error: see `complete`.

        Parameters
        ----------
        threads
            How many chains run at a time.
        on_progress
            Called with the number of iterations after each block, by one thread at a time.
        on_tick
            Called four times a second or so, by the thread that called this.

        Raises
        ------
        DensityError
            Once all have stopped.  If several chains fail, that of the earliest iteration, and of
            the first chain among equals: the same one whatever the threads and blocks.
        """
        workers = [
            threading.Thread(target=self._work, args=(on_progress,), daemon=True)
            for _ in range(min(threads, len(self.chains)))
        ]
        interrupted = False
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                while worker.is_alive():
                    worker.join(LOOK_SECONDS)
                    on_tick()
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self._stop.set()
            for worker in workers:
                if worker.ident is not None:  # it was started
                    worker.join()
        errors = self._errors
        if interrupted:  # Ctrl-C reaches the processes of an executor, too
            errors = {at: e for at, e in errors.items() if not isinstance(e, STOPPED)}
        if errors:
            raise errors[min(errors)]

    def _work(self, on_progress: Callable[[int], object]) -> None:
        """Take the chain that is furthest behind, give it a block, and so on."""
        while (k := self._next()) is not None:
            try:
                n = self._block(k)
                with self._lock:
                    on_progress(n)
            except BaseException as error:  # a thread has no caller to raise it to
                self._fail(k, error)

    def _next(self) -> int | None:
        with self._lock:
            waiting = [k for k in self._resting if self.chains[k].steps < self._end]
            if self._stop.is_set() or not waiting:
                return None
            k = min(waiting, key=lambda k: (self.chains[k].steps, k))
            self._resting.remove(k)
            return k

    def _block(self, k: int) -> int:
        """Run chain k for a block, and keep what it made; returns how many iterations."""
        chain, before = self.chains[k], self.chains[k].steps
        # a block lies on one side of the end of warm-up
        warming_up = before < self.warmup
        n = min(self._blocks[k], (self.warmup if warming_up else self.iterations) - chain.steps)
        begin = time.perf_counter()
        with np.errstate(all="ignore"):  # what runs uncompiled may overflow on its way
            part = chain.run(n)
        seconds = time.perf_counter() - begin
        kept = thinned(part, before - (0 if warming_up else self.warmup), self.thin)
        with self._lock:
            self._blocks[k] = next_block(n, seconds, self._block_seconds[not warming_up])
            self._snapshots[k] = chain.snapshot()
            self._visited[k].add(chain.steps, chain.state)
            if chain.steps > self.warmup:
                self._parts[k].append(kept)
            elif self.keep_warmup:
                self._warmup_parts[k].append(kept)
            self._resting.add(k)
        return n

    def _fail(self, k: int, error: BaseException) -> None:
        """Let the others go on to where this chain failed, in case they fail before."""
        iteration = -math.inf
        if isinstance(error, DensityError):
            iteration, error = error.iteration, error.of_chain(k)
        with self._lock:
            self._resting.discard(k)
            self._errors[iteration, k] = error
            self._end = min(self._end, iteration + 1)

    def state(self) -> dict[str, Any]:
        """All that is needed to go on from here, as plain data."""
        with self._lock:
            self._put_together()
            return {
                "snapshots": list(self._snapshots),
                "parts": [list(parts) for parts in self._parts],
                "warmup_parts": [list(parts) for parts in self._warmup_parts],
                "visited": [visited.arrays() for visited in self._visited],
                "seconds": self.seconds,
            }

    def _put_together(self) -> None:
        """Make one part of all parts of a chain."""
        for chains in (self._parts, self._warmup_parts):
            chains[:] = [[joined(parts)] if parts else [] for parts in chains]

    def end(self) -> dict[str, Any]:
        """Return what `state` has beyond `result` and `warmup_result`, which is little."""
        self._put_together()
        n = self._draws
        return {
            "snapshots": list(self._snapshots),
            "visited": [visited.arrays() for visited in self._visited],
            "ahead": [rest(part, n, self.thin) for (part,) in self._parts],
            "diverged": [
                [part.when for parts in chains for part in parts]
                for chains in (self._warmup_parts, self._parts)
            ],
        }

    @property
    def has_draws(self) -> bool:
        """Whether every chain has draws to keep."""
        return all(self._parts)

    @property
    def _draws(self) -> int:
        """As many draws as the slowest chain has, or as are wanted."""
        fewest = min(sum(len(part.draws) for part in parts) for parts in self._parts)
        return min(fewest, math.ceil((self.iterations - self.warmup) / self.thin))

    def result(self) -> tuple[FloatArray, Stats, FloatArray]:
        """Return draws (chain, draw, dim), stats (chain, draw) and divergent points (k, dim).

        There are as many draws of each chain as the slowest one has.
        """
        self._put_together()
        return stacked([part for (part,) in self._parts], self._draws, self.thin)

    def warmup_result(self) -> tuple[FloatArray, Stats, FloatArray] | None:
        """Return the result of warm-up; None if it was not kept, or there was none."""
        if not all(self._warmup_parts):
            return None
        self._put_together()
        chains = [part for (part,) in self._warmup_parts]
        return stacked(chains, len(chains[0].draws), self.thin)


def next_block(n: int, seconds: float, target: float) -> int:
    """Choose how many iterations take `target` seconds, when `n` took `seconds`.

    At most twice as many, since a few iterations say little.
    """
    return max(1, min(2 * n, int(n * target / max(seconds, 1e-9))))


def processors() -> int:
    """How many threads can run at the same time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
