"""A bar in a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from .counting import Clock, Counter


class Terminal:
    """Show a bar."""

    def __init__(self, stream: TextIO, clock: Clock = time.perf_counter) -> None:
        self._stream, self._clock = stream, clock

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Write that it begins, and in the end how long it took."""
        begin = self._clock()
        print("compiling ...", end="", file=self._stream, flush=True)
        try:
            yield
        finally:
            print(f" {self._clock() - begin:.1f} s", file=self._stream, flush=True)

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Draw a bar."""
        from tqdm import tqdm

        counter = Counter(what, unit, total, done, self._clock)
        short = "it" if unit == "iterations" else unit
        with tqdm(total=total, initial=done, desc=what, unit=short, file=self._stream) as bar:
            counter.look = lambda: bar.update(counter.done - bar.n)
            try:
                yield counter
            finally:
                counter.look()
