"""Show how far a long task is: a bar in a terminal, a line in a notebook, lines in a log.

A task has phases: one that compiles, and one that counts iterations or fits.  `Counter.advance`
may be called in any thread.  Only `Counter.look` writes, and only the thread that began calls it.

A notebook's line is one output that is replaced, as text and as plain HTML, which every front end
shows: it needs no widget, and a saved notebook holds its last state only.  A log gets a line after
3, 6, 12, ... seconds, then one a minute, and nothing of what is over sooner.
"""

from __future__ import annotations

import contextlib
import html
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any, Protocol, TextIO

from .compiling import compiling_announced

Clock = Callable[[], float]

FIRST_SECONDS = 3.0
"""When a log gets its first line, after the beginning of the task."""
MOST_SECONDS = 60.0
"""Between two lines of a log."""
NOTEBOOK_SECONDS = 0.5
"""Between two states of a notebook's line."""


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
        text = f"{self.what}: {self.done} of {self.total} {self.unit}, {self.seconds:.0f} s"
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


def screen(progress: bool | None) -> Screen:
    """Choose where to show a task.

    Parameters
    ----------
    progress
        None to guess; True to show it in any case, in a log from the first second on; False to
        write nothing.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    if progress not in (None, True, False):
        raise TypeError(f"progress is {progress!r}; it must be True, False, or None to guess")
    if progress is not None and not progress:
        return Silence()
    if in_notebook():
        return Notebook()
    if sys.stderr is None:  # a program without a console
        return Silence()
    if sys.stderr.isatty():
        return Terminal(sys.stderr)
    return Log(sys.stderr, at_once=bool(progress))


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this, whichever front end shows it."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class Silence:
    """Show nothing."""

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Write nothing."""
        yield

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Count, and write nothing."""
        yield Counter(what, unit, total, done, time.perf_counter)


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
        self._wrote = at_once

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # the reader may be gone
            print(f"mcmc_edu: {text}", file=self._stream, flush=True)
        now = self._clock()
        self._due = now + min(max(now - self._began, FIRST_SECONDS), MOST_SECONDS)
        self._wrote = True

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """Write how long it took; that it begins only if it will take long."""
        begin = self._clock()
        if self._at_once:
            self._write("compiling ...")
            yield
            told = False
        else:
            with compiling_announced() as announcer:
                yield
            told = announcer.said
        if self._clock() >= self._due or self._at_once:
            self._wrote = True
            if not told:
                self._write(f"compiled in {self._clock() - begin:.1f} s")

    @contextmanager
    def counting(self, what: str, unit: str, total: int, done: int = 0) -> Iterator[Counter]:
        """Write how far it is."""
        counter = Counter(what, unit, total, done, self._clock)

        def look() -> None:
            if self._clock() >= self._due and counter.done < total:
                self._write(str(counter))

        counter.look = look
        if self._at_once:
            self._write(str(counter))
        try:
            yield counter
        finally:
            if self._wrote:
                self._write(counter.end())
