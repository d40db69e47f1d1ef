"""How much of a phase is done, and where a task is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from ..compiling import compiling_announced

Clock = Callable[[], float]
"""Gives seconds."""

LOOK_SECONDS = 0.25
"""Between two looks at whether something is to be written."""


class Counter:
    """How much of a phase is done.

    Parameters
    ----------
    what
        What is done, ``"sampling"``.
    unit
        What is counted, ``"iterations"``.
    total, done
        How many there are, and how many were done before.
    clock
        Gives seconds.
    """

    def __init__(self, what: str, unit: str, total: int, done: int, clock: Clock) -> None:
        self.what, self.unit, self.total = what, unit, total
        self.done = self.before = done
        self.look: Callable[[], object] = lambda: None
        """Show it, if it is time to."""
        self._clock, self._began = clock, clock()
        self._lock = threading.Lock()

    def advance(self, n: int = 1) -> None:
        """Count `n` more."""
        with self._lock:
            self.done += n

    @property
    def seconds(self) -> float:
        """Since the beginning of the phase."""
        return self._clock() - self._began

    def __str__(self) -> str:
        """Say how far it is, and how long the rest will take at this pace."""
        share = f"{self.done / max(self.total, 1):.0%}".replace("%", " %")
        text = f"{self.what}: {self.done} of {self.total} {self.unit} ({share}), "
        text += f"{self.seconds:.0f} s"
        made = self.done - self.before
        if not made:
            return text
        return f"{text}, {self.seconds / made * (self.total - self.done):.0f} s to go"

    def end(self) -> str:
        """Say what was done in the end."""
        if self.done < self.total:
            return f"{self.what}: stopped at {self.done} of {self.total} {self.unit}"
        return f"{self.what}: {self.done} {self.unit} in {self.seconds:.1f} s"


class Screen(Protocol):
    """Where a task is shown, from its first phase to its last."""

    def compiling(self) -> AbstractContextManager[None]:
        """Show that something is compiled while this lasts."""

    def counting(
        self, what: str, unit: str, total: int, done: int = 0
    ) -> AbstractContextManager[Counter]:
        """Show how far a phase is while this lasts."""


class Silence:
    """Show nothing."""

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Write nothing."""
        with compiling_announced(muted=True):
            yield

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Count, and write nothing, not even that something is compiled."""
        with compiling_announced(muted=True):
            yield Counter(what, unit, total, done, time.perf_counter)


def in_order(
    pool: Executor, task: Callable[[Any], Any], items: Iterable[Any], counter: Counter
) -> list[Any]:
    """Do a task for each item in the threads of a pool, and count; results in the items' order.

    Raises
    ------
    Exception
        The first that a task raises, in the items' order; tasks that have not begun are left out.
    """
    waiting = [pool.submit(task, item) for item in items]
    for one in waiting:
        one.add_done_callback(lambda done: counter.advance())
    try:
        for one in waiting:
            while wait([one], LOOK_SECONDS).not_done:
                counter.look()
            one.result()  # or what it raised
        return [one.result() for one in waiting]
    finally:
        for one in waiting:
            one.cancel()
