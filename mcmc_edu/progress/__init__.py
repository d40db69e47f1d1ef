"""Show how far a long task is: a bar in a terminal, a line in a notebook, lines in a log.

A task has phases: one that compiles, and one that counts iterations or fits.  `Counter.advance`
may be called in any thread.  Only `Counter.look` writes, and only the thread that began calls it.
"""

from __future__ import annotations

import sys

from .counting import Counter, Screen, Silence, in_order
from .log import Log
from .notebook import Notebook, in_notebook
from .terminal import Terminal

__all__ = ["Counter", "Screen", "in_order", "screen"]


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
