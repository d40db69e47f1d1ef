"""A long run on disk: written as it goes, and taken up again where it was.

Beside the file that is wanted in the end lies, until then, ``name.partial.npz`` with every chain's
state and draws.  A run that is resumed makes exactly the draws it would have made.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .. import storage
from ..compiling import BoundDensity
from ..draws import Draws
from .identity import Identity, Visited, difference, other_argument
from .runner import Runner

INTERVAL = 5.0
"""Seconds between two writings, at the least."""
SHARE = 20
"""Writing waits this many times as long as the last writing took."""


class Checkpoint:
    """The files of a run: the partial one, and the one that is wanted in the end.

    Parameters
    ----------
    path
        Where the draws are wanted, ``name.npz``; not there yet.

    Raises
    ------
    FileExistsError
        If `path` is there: the run was finished.
    FileNotFoundError
        If its folder is not.
    ValueError
        If `path` does not end in ``.npz``.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.suffix != ".npz":
            raise ValueError(f"file is {str(path)!r}; it must end in .npz")
        if self.path.exists():
            raise FileExistsError(
                f"file is {str(path)!r}, which is there already; read it with me.load (and add to "
                "it with draws.extend), or name another"
            )
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"file is {str(path)!r}, and there is no folder {str(self.path.parent)!r}: make it "
                "first, or name another"
            )
        self.partial = self.path.with_suffix(".partial.npz")
        self.identity: Identity = {}
        self._next = time.monotonic() + INTERVAL

    def resume(
        self, identity: Identity, density: BoundDensity, warmup: int, thin: int
    ) -> dict[str, Any] | None:
        """Find the state in which a run was left; None if there is none.

        Parameters
        ----------
        identity
            Arguments of the run.
        density
            Its log density, which must give every bit again where the run has been.
        warmup, thin
            Iterations of its warm-up, and for each draw.

        Raises
        ------
        ValueError
            If the partial file is damaged, of another version of the package, or of a run with
            other arguments or another log density.
        """
        self.identity = identity
        if not self.partial.exists():
            return None
        with self._naming_damage():
            found = storage.read(self.partial)
            before: Identity = found["identity"]
            other = other_argument(before, identity)
        if other is not None:
            raise ValueError(
                f"{str(self.partial)!r} is of a run with {other}; resume with the same, or "
                "delete it to start again"
            )
        with self._naming_damage():
            visited = [Visited(*states) for states in found["visited"]]
            draws = [
                (parts[0][0], parts[0][1]["logp"]) if parts else (np.empty((0, 1)), np.empty(0))
                for parts in found["parts"]
            ]
        differs = difference(density, visited, draws, warmup, thin)
        if differs is not None:
            raise ValueError(
                f"{str(self.partial)!r} is of a run with another log_density: {differs}; resume "
                "with the function, data and objects as they were, or delete it to start again"
            )
        return found

    @contextlib.contextmanager
    def _naming_damage(self) -> Iterator[None]:
        """Say which file cannot be read, and what to do."""
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ValueError(
                f"{str(self.partial)!r} is no run that can be resumed ({error}); delete it to "
                "start again"
            ) from None

    def write_now_and_then(self, run: Runner) -> None:
        """Write if it is time to."""
        if time.monotonic() >= self._next:
            self.write(run)

    def write(self, run: Runner) -> None:
        """Write what every chain has made so far, and its state; warn if that cannot be done."""
        begin = time.monotonic()
        with _no_error_ends_the_run():
            storage.write(self.partial, {"identity": self.identity, **run.state()})
        now = time.monotonic()
        self._next = now + max(INTERVAL, SHARE * (now - begin))

    def finish(self, draws: Draws) -> None:
        """Save the draws where they are wanted, and remove what was written on the way."""
        with _no_error_ends_the_run():
            draws.save(self.path)
            self.partial.unlink(missing_ok=True)
            for left in self.partial.parent.glob(f"{self.partial.name}.*.tmp"):
                left.unlink()  # of a writing that was killed


@contextlib.contextmanager
def _no_error_ends_the_run() -> Iterator[None]:
    """Warn of an error in place of raising it.

    A disk may be full after an hour; the draws in memory are worth more than the file.
    """
    try:
        yield
    except OSError as error:
        warnings.warn(
            f"{error}; the draws so far are kept in memory: save them elsewhere, with "
            "draws.save('name.npz')",
            stacklevel=2,
        )
