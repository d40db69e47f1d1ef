"""A line in a notebook: one output that is replaced, as text and as plain HTML.

Every front end shows it, for it needs no widget, and a saved notebook holds its last state only.
"""

from __future__ import annotations

import contextlib
import html
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from .counting import Clock, Counter

NOTEBOOK_SECONDS = 0.5
"""Between two states of the line."""


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this, whichever front end shows it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class Notebook:
    """Show one line, which is replaced.

    Parameters
    ----------
    show
        ``show(text, html)``; IPython's display if not given.
    """

    def __init__(
        self, show: Callable[[str, str], object] | None = None, clock: Clock = time.perf_counter
    ) -> None:
        self._show, self._clock = show or displayed(), clock
        self._before = ""
        """What is told of the phases that are over."""

    def _write(self, text: str, bar: str = "") -> None:
        with contextlib.suppress(Exception):  # no run ends because it cannot be shown
            self._show(self._before + text, f"<div>{bar}{html.escape(self._before + text)}</div>")

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Show that it begins, and in the end how long it took."""
        begin = self._clock()
        self._write("compiling ...")
        try:
            yield
        finally:
            self._before = f"compiling: {self._clock() - begin:.1f} s; "
            self._write("")

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Show how far it is, twice a second."""
        counter, due = Counter(what, unit, total, done, self._clock), [self._clock()]

        def look() -> None:
            if self._clock() >= due[0]:
                bar = f'<progress max="{total}" value="{counter.done}"></progress> '
                self._write(str(counter), bar)
                due[0] = self._clock() + NOTEBOOK_SECONDS

        counter.look = look
        look()
        try:
            yield counter
        finally:
            self._write(counter.end())


def displayed() -> Callable[[str, str], object]:
    """Make a function that shows text and HTML as an output of the cell, always the same one."""
    ipython: Any = import_module("IPython.display")  # which has no types
    handles: list[Any] = []

    def show(text: str, markup: str) -> None:
        bundle = {"text/plain": text, "text/html": markup}
        if handles:
            handles[0].update(bundle, raw=True)
        else:
            handles.append(ipython.display(bundle, raw=True, display_id=True))

    return show
