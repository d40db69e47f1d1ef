"""Tell the user that the package is being compiled, and for how long."""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

from .cache import in_package


class _Announcer(event.Listener):  # type: ignore[misc]
    """Say on stderr that the package is being compiled, which happens once on a machine."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.said = False
        self._depth = 0  # compiling one function may mean compiling those it calls
        self._started = 0.0

    def on_start(self, event: Any) -> None:
        """Print one line at the first compilation of the package's own code."""
        if not in_package(inspect.getfile(event.data["dispatcher"].py_func)):
            return
        if not self.said:
            print("mcmc_edu: compiling, once ...", end="", file=sys.stderr, flush=True)
            self.said = True
        if self._depth == 0:
            self._started = time.perf_counter()
        self._depth += 1

    def on_end(self, event: Any) -> None:
        """Add up the seconds."""
        if in_package(inspect.getfile(event.data["dispatcher"].py_func)):
            self._depth -= 1
            if self._depth == 0:
                self.seconds += time.perf_counter() - self._started


_announcing = False


@contextmanager
def compiling_announced() -> Iterator[None]:
    """While this lasts, tell the user on stderr if the package itself has to be compiled.

    One line for all of it: inside another such block this one does nothing.
    """
    global _announcing
    if _announcing:
        yield
        return
    announcer, _announcing = _Announcer(), True
    try:
        with event.install_listener("numba:compile", announcer):
            yield
    finally:
        _announcing = False
        if announcer.said:
            print(f" {announcer.seconds:.1f} s", file=sys.stderr, flush=True)
