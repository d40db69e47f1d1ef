"""Scripts of a user's, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

LONG = 600.0
"""Seconds after which a process hangs, however busy the machine."""


def environment(*folders: str | Path, **changes: str) -> dict[str, str]:
    """Ours, with `changes`; modules are looked for in `folders` first."""
    path = [*map(str, folders), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, path))} | changes


def run_script(
    file: Path, folder: Path, *folders: str | Path, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a script in `folder`, in the `environment` of the other arguments."""
    return subprocess.run(
        [sys.executable, str(file)],
        cwd=folder,
        env=environment(*folders, MPLBACKEND="agg", **changes),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
