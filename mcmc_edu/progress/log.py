"""Lines in a log or a pipe, now and then: after 3, 6, 12, ... seconds, later one a minute.

Nothing is written of what is over sooner.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ..compiling import compiling_announced
from .counting import Clock, Counter

FIRST_SECONDS = 3.0
"""When a log gets its first line, after the beginning of the task."""
LEAST_SECONDS = 1.0
"""Of a phase before it gets a line on its way: most are over by then."""
MOST_SECONDS = 60.0
"""Between two lines."""


class Log:
    """Write a line now and then.

    Parameters
    ----------
    stream
        Where to.
    at_once
        Whether to begin at once, and with what is over soon.
    """

    def __init__(
        self, stream: TextIO, *, at_once: bool = False, clock: Clock = time.perf_counter
    ) -> None:
        self._stream, self._clock, self._at_once = stream, clock, at_once
        self._began = clock()
        self._due = self._began + (0.0 if at_once else FIRST_SECONDS)
        self._wrote = False
        self._before: list[str] = []
        """What is told of phases that are over, as soon as a line is due."""

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # the reader may be gone
            for line in (*self._before, text):
                print(f"mcmc_edu: {line}", file=self._stream, flush=True)
        now = self._clock()
        self._due = now + min(max(now - self._began, FIRST_SECONDS), MOST_SECONDS)
        self._wrote, self._before = True, []

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Write at once that the package is compiled, if that takes long.

        Otherwise write how long it took, when a line is due.
        """
        begin = self._clock()
        if self._at_once:
            self._write("compiling ...")
            yield
            self._write(f"compiling: {self._clock() - begin:.1f} s")
            return
        with compiling_announced() as announcer:
            yield
        if announcer.said or not announcer.hears:
            self._due = self._clock() + FIRST_SECONDS
        else:
            self._before = [f"compiling: {self._clock() - begin:.1f} s"]

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Write how far it is."""
        counter = Counter(what, unit, total, done, self._clock)

        def look() -> None:
            due = self._clock() >= self._due and counter.seconds >= LEAST_SECONDS
            if due and counter.done < total:
                self._write(str(counter))

        counter.look = look
        if self._at_once:
            self._write(str(counter))
        try:
            yield counter
        finally:
            if self._wrote or self._clock() >= self._due:
                self._write(counter.end())
