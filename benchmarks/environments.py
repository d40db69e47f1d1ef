"""An environment for each peer: their pins contradict each other's, and ours.

They are made once, by pip, from `peers/requirements/`, in `.environments/` beside this file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".environments"
REQUIREMENTS = HERE / "peers" / "requirements"


class PeerError(Exception):
    """A peer could not be installed or run; the message says why."""


class NotWithinError(PeerError):
    """A run did not end in the time that it was given."""


@dataclass(frozen=True)
class Peer:
    """Something to be compared."""

    module: str
    """Its file in `peers/`, and its environment."""
    warmup: int | None = None
    """Its own number of warm-up draws, where it is not everybody's."""


PEERS = {
    "ours": Peer("ours"),
    "nutpie": Peer("nutpie"),
    "nutpie-400": Peer("nutpie", warmup=400),
    "pymc": Peer("pymc"),
    "numpyro": Peer("numpyro"),
    "blackjax": Peer("blackjax"),
    "pystan": Peer("pystan"),
}
"""nutpie stands twice: with everybody's warm-up, and with the 400 that it takes by default."""


def name_of(module: str) -> str:
    """Name the environment of a module: `pystan` for `formulas.pystan` as well."""
    return module.rpartition(".")[2]


def python_of(module: str) -> Path:
    """Path of the Python that runs a peer; ours, and what calls R, is the one that runs this."""
    if name_of(module) in ("ours", "rstanarm"):
        return Path(sys.executable)
    folder = ENVIRONMENTS / name_of(module)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make(module: str) -> None:
    """Make a peer's environment if it is not there as its requirements want it."""
    name = name_of(module)
    if name == "rstanarm":
        look_for_rstanarm()
    if name in ("ours", "rstanarm"):
        return
    requirements = REQUIREMENTS / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    made = ENVIRONMENTS / name / "made"
    if made.exists() and made.read_text() == digest:
        return
    print(f"making the environment of {name}", flush=True)
    command([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENTS / name)])
    pip = [str(python_of(module)), "-m", "pip", "install", "--quiet"]
    command([*pip, "--disable-pip-version-check", "-r", str(requirements)])
    made.write_text(digest)


def look_for_rstanarm() -> None:
    """R is the system's, and so is rstanarm: it is looked for, and not installed."""
    if shutil.which("Rscript") is None:
        raise PeerError("there is no Rscript")
    try:
        command(["Rscript", "-e", "stopifnot(nzchar(system.file(package = 'rstanarm')))"])
    except PeerError:
        raise PeerError("R has no rstanarm: apt-get install r-cran-rstanarm r-cran-bh") from None


def command(arguments: list[str]) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(last_line(done.stderr))


def last_line(text: str) -> str:
    """Find the last line that names an error, or else the last that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line]
    return (errors or lines or ["no message"])[-1][:200]
