"""Tell the user that the package is being compiled, for how long, and whether for good."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

from .cache import is_ours
from .private import EVENTS, is_kept, not_kept, when_compiling


class _Announcer:
    """Say on stderr that the package is being compiled, which happens once on a machine."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.said = False
        self.hears = EVENTS.works  # whether it is told of compilations at all
        self._depth = 0  # compiling one function may mean compiling those it calls
        self._started = 0.0

    def on_start(self, dispatcher: Any) -> None:
        """Print one line at the first compilation of the package's own code."""
        if not is_ours(dispatcher.py_func):
            return
        if not self.said:
            once = ", once" if is_kept(dispatcher) else ""
            print(f"mcmc_edu: compiling{once} ...", end="", file=sys.stderr, flush=True)
            self.said = True
        if self._depth == 0:
            self._started = time.perf_counter()
        self._depth += 1

    def on_end(self, dispatcher: Any) -> None:
        """Add up the seconds."""
        if is_ours(dispatcher.py_func):
            self._depth -= 1
            if self._depth == 0:
                self.seconds += time.perf_counter() - self._started


_announcing: _Announcer | None = None


@contextmanager
def compiling_announced(*, muted: bool = False) -> Iterator[_Announcer]:
    """While this lasts, tell the user on stderr if the package itself has to be compiled.

    One line for all of it, or none if `muted`: inside another such block this one does nothing.
    """
    global _announcing
    if _announcing is not None:
        yield _announcing
        return
    announcer = _announcing = _Announcer()
    try:
        with nullcontext() if muted else when_compiling(announcer.on_start, announcer.on_end):
            yield announcer
    finally:
        _announcing = None
        if announcer.said:
            but = f", but not kept ({not_kept[0]})" if not_kept else ""
            print(f" {announcer.seconds:.1f} s{but}", file=sys.stderr, flush=True)


@cache
def say_once(text: str) -> None:
    """Tell the user on stderr, once in a process, what the package has to do without."""
    print(f"mcmc_edu: {text}", file=sys.stderr, flush=True)
