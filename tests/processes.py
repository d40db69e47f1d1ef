"""A user's script in a process of its own, with a copy of the package that may be edited."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from scripts import environment

ROOT = Path(__file__).parent.parent

CHOSEN = ("NUMBA_CACHE_DIR", "NUMBA_CACHE_LOCATOR_CLASSES", "NUMBA_DISABLE_JIT")
"""Variables that a test sets, or that are not set, whatever they are where the tests run."""


def copy_package(folder: Path) -> Path:
    """Put a copy of the package into `folder`, its cache still empty."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mcmc_edu", folder / "mcmc_edu", ignore=ignored)
    return folder


def start(script: str, folder: Path, **changes: str | None) -> subprocess.Popen[str]:
    """Start a user's script with the copy of the package in `folder`, or in PYTHONPATH if that is
    one of the `changes` of the environment; None unsets a variable.
    """
    file, text = folder / "script.py", textwrap.dedent(script)
    if not file.exists() or file.read_text() != text:  # an older numba looks at a file's time
        file.write_text(text)
    package = changes.pop("PYTHONPATH", None) or folder
    variables = environment(package, PYTHONDONTWRITEBYTECODE="1") | dict.fromkeys(CHOSEN) | changes
    return subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=folder,
        env={name: value for name, value in variables.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for what it prints, its errors after it."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out + err


def run(script: str, folder: Path, **changes: str | None) -> str:
    """Start a user's script and wait for what it prints."""
    return finish(start(script, folder, **changes))
