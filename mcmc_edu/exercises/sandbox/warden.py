"""Starts the process of a submission and sees that nothing of it is left (Linux).

    python -I -S warden.py COMMAND...

The warden is the parent of all orphans below it, so that a process which leaves its session is
still found.  It ends with the grader: at the end of its standard input is a pipe that closes.  It
stops every descendant before it kills any, until no new one appears: a process that has been
stopped makes no more.  This file imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def descendants(root: int) -> list[int]:
    """Return the living processes below `root`."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except (OSError, ValueError):  # it has ended
                continue
            if state not in "ZX":
                parents[int(entry.name)] = int(parent)
    below: set[int] = set()
    while more := {pid for pid, parent in parents.items() if parent in below | {root}} - below:
        below |= more
    return sorted(below)


def kill_all(root: int) -> None:
    """Stop, then kill, all processes below `root`."""
    for what in (signal.SIGSTOP, signal.SIGKILL):
        done: set[int] = set()
        while new := set(descendants(root)) - done:
            for pid in new:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, what)
            done |= new
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def main() -> None:
    """Run the command, and leave with its exit code, or minus the signal that ended it."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: end(-signal.SIGTERM))
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.execv(sys.argv[1], sys.argv[1:])
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    for stream in (0, 1):
        os.close(stream)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            end(os.waitstatus_to_exitcode(status))


def end(code: int) -> None:
    """End all processes below, and leave."""
    kill_all(os.getpid())
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
