"""A long run on disk: written as it goes, and taken up again where it was.

Beside the file that is wanted in the end lies, until then, ``name.partial.npz`` with every chain's
state and draws.  A run that is resumed makes exactly the draws it would have made.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .draws import storage
from .running import Run

SHARE = 20
"""Writing waits this many times as long as the last writing took."""


class Checkpoint:
    """The partial file of a run.

    Parameters
    ----------
    path
        Where the draws are wanted, ``name.npz``; not there yet.
    identity
        What makes the run: a resumed one must have the same.  See `identity_of`.

    Raises
    ------
    FileExistsError
        If `path` is there: the run was finished.
    ValueError
        If `path` does not end in ``.npz``, or the partial file is of another run.
    """

    def __init__(self, path: str | Path, identity: Mapping[str, Any]) -> None:
        self.path = Path(path)
        if self.path.suffix != ".npz":
            raise ValueError(f"file is {str(path)!r}; it must end in .npz")
        if self.path.exists():
            raise FileExistsError(
                f"file is {str(path)!r}, which is there already; read it with me.load, or name "
                "another"
            )
        self.partial = self.path.with_suffix(".partial.npz")
        self.identity = dict(identity)
        self.found = self._read()
        self._next = time.monotonic() + 5.0

    def _read(self) -> dict[str, Any] | None:
        if not self.partial.exists():
            return None
        found = storage.read(self.partial)
        other = [key for key in self.identity if found["identity"].get(key) != self.identity[key]]
        if other:
            key = other[0]
            raise ValueError(
                f"{str(self.partial)!r} is of a run with another {key}: there "
                f"{found['identity'].get(key)!r}, here {self.identity[key]!r}; resume with the "
                "same arguments, or delete it to begin anew"
            )
        return found

    def write_now_and_then(self, run: Run) -> None:
        """Write if it is time to."""
        if time.monotonic() >= self._next:
            self.write(run)

    def write(self, run: Run) -> None:
        """Write what every chain has made so far, and its state."""
        begin = time.monotonic()
        storage.write(
            self.partial,
            {"identity": self.identity, "snapshots": run.snapshots, "parts": run.parts},
        )
        now = time.monotonic()
        self._next = now + max(5.0, SHARE * (now - begin))

    def remove(self) -> None:
        """Remove the partial file, once the draws are where they are wanted."""
        self.partial.unlink(missing_ok=True)


def identity_of(log_density: Callable[..., float], data: Any, **settings: Any) -> dict[str, Any]:
    """Tell runs apart: name and code of the density, a hash of its data, and the settings."""
    function = getattr(log_density, "py_func", log_density)
    code = getattr(function, "__code__", None)
    digest = hashlib.sha256()
    if code is not None:
        digest.update(code.co_code + repr((code.co_names, code.co_varnames)).encode())
        digest.update(repr([c for c in code.co_consts if not hasattr(c, "co_code")]).encode())
    _hash(data, digest)
    return {
        "log density": getattr(function, "__qualname__", repr(function)),
        **{
            key: value if isinstance(value, int) else repr(value) for key, value in settings.items()
        },
        "data or code of the density": digest.hexdigest(),
    }


def _hash(data: Any, digest: Any) -> None:
    if isinstance(data, tuple):
        for part in data:
            _hash(part, digest)
    else:
        array = np.asarray(data)
        digest.update(f"{array.dtype}{array.shape}".encode() + array.tobytes())
