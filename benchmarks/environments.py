"""An environment for each peer: their pins contradict each other's, and ours.

They are made once, by pip, from `peers/requirements/`, in `.environments/` beside this file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".environments"
REQUIREMENTS = HERE / "peers" / "requirements"


class PeerError(Exception):
    """A peer could not be installed or run; the message says why."""


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


def python_of(module: str) -> Path:
    """Path of the Python that runs a peer; ours is the one that runs this."""
    if module == "ours":
        return Path(sys.executable)
    folder = ENVIRONMENTS / module
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make(module: str) -> None:
    """Make a peer's environment if it is not there as its requirements want it."""
    if module == "ours":
        return
    requirements = REQUIREMENTS / f"{module}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    made = ENVIRONMENTS / module / "made"
    if made.exists() and made.read_text() == digest:
        return
    print(f"making the environment of {module}", flush=True)
    command([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENTS / module)])
    pip = [str(python_of(module)), "-m", "pip", "install", "--quiet"]
    command([*pip, "--disable-pip-version-check", "-r", str(requirements)])
    made.write_text(digest)


def command(arguments: list[str]) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeerError(last_line(done.stderr))


def last_line(text: str) -> str:
    """The last line that names an error, or else the last that says something; for the table."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "Error" in line]
    return (errors or lines or ["no message"])[-1][:200]
