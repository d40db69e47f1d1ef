"""A long run on disk: written as it goes, and taken up again where it was.

Beside the file that is wanted in the end lies, until then, ``name.partial.npz`` with every chain's
state and draws.  A run that is resumed makes exactly the draws it would have made.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from ._version import __version__
from .draws import Draws, storage
from .running import Run

INTERVAL = 5.0
"""Seconds between two writings, at the least."""
SHARE = 20
"""Writing waits this many times as long as the last writing took."""

Identity = Mapping[str, Mapping[str, str]]
"""What makes a run: of each argument, its name, how it is shown, and a hash of all of it."""


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
                f"file is {str(path)!r}, which is there already; read it with me.load, or name "
                "another"
            )
        if not self.path.parent.is_dir():
            raise FileNotFoundError(
                f"file is {str(path)!r}, and there is no folder {str(self.path.parent)!r}: make it "
                "first, or name another"
            )
        self.partial = self.path.with_suffix(".partial.npz")
        self.identity: Identity = {}
        self._next = time.monotonic() + INTERVAL

    def resume(self, identity: Identity) -> dict[str, Any] | None:
        """Find the state in which a run of this `identity` was left; None if there is none.

        Raises
        ------
        ValueError
            If the partial file is damaged, or of a run that was called with other arguments.
        """
        self.identity = identity
        if not self.partial.exists():
            return None
        try:
            found = storage.read(self.partial)
            before: Identity = found["identity"]
            others = [key for key in identity if before[key]["hash"] != identity[key]["hash"]]
        except (ValueError, LookupError, TypeError) as error:
            raise ValueError(
                f"{str(self.partial)!r} is no run that can be resumed ({error}); delete it to "
                "begin anew"
            ) from None
        for key in others:
            raise ValueError(
                f"{str(self.partial)!r} is of a run with another {key}: there "
                f"{before[key]['shown']}, here {identity[key]['shown']}; resume with the same "
                "arguments, or delete it to begin anew"
            )
        return found

    def write_now_and_then(self, run: Run) -> None:
        """Write if it is time to."""
        if time.monotonic() >= self._next:
            self.write(run)

    def write(self, run: Run) -> None:
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
    """A disk may be full after an hour; the draws in memory are worth more than the file."""
    try:
        yield
    except OSError as error:
        warnings.warn(
            f"{error}; the draws so far are kept in memory: save them elsewhere, with "
            "draws.save('name.npz')",
            stacklevel=2,
        )


def identity_of(log_density: Callable[..., float], **arguments: Any) -> Identity:
    """Tell runs apart: by the version of the package, the code of the density with all that it
    refers to, and the arguments that bear on the draws.
    """
    function = getattr(log_density, "py_func", log_density)
    name = getattr(function, "__qualname__", type(function).__qualname__)
    everything = {"version of mcmc_edu": __version__, "log_density": log_density, **arguments}
    shown = {key: _shown(value) for key, value in everything.items()} | {"log_density": name}
    return {
        key: {"shown": shown[key], "hash": fingerprint(value)} for key, value in everything.items()
    }


def _shown(value: Any) -> str:
    with np.printoptions(precision=4, threshold=6, edgeitems=2):
        text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]} ..."


def fingerprint(value: Any) -> str:
    """A hash of plain data or of a function, the same in every process."""
    digest = hashlib.sha256()
    for piece in _pieces(value, set()):
        digest.update(f"{len(piece)}:".encode() + piece)
    return digest.hexdigest()


def _pieces(value: Any, seen: set[int]) -> Iterator[bytes]:
    """What a value consists of, bit for bit; of an object, its type and its attributes; of a module
    only that it is one.
    """
    value = getattr(value, "py_func", value)
    code = value if isinstance(value, CodeType) else getattr(value, "__code__", None)
    yield type(value).__name__.encode()
    if id(value) in seen:
        return
    if isinstance(value, np.ndarray):
        yield f"{value.dtype}{value.shape}".encode()
        yield value.tobytes()
    elif isinstance(value, np.random.SeedSequence):
        yield repr((value.entropy, value.spawn_key, value.pool_size)).encode()
    elif isinstance(value, (bool, int, float, str, bytes, np.generic, type(None))):
        yield repr(value).encode()
    elif isinstance(value, (tuple, list, set, frozenset)):
        yield str(len(value)).encode()
        unordered = isinstance(value, (set, frozenset))
        for part in sorted(value, key=repr) if unordered else value:
            yield from _pieces(part, seen)
    elif isinstance(value, Mapping):
        yield from _pieces(tuple(sorted(value.items(), key=repr)), seen)
    elif isinstance(value, functools.partial):
        yield from _pieces((value.func, value.args, value.keywords), seen)
    elif isinstance(code, CodeType):
        seen.add(id(value))
        yield from _pieces_of_code(code, seen)
        for part in _referred_to(value, code):
            yield from _pieces(part, seen)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _pieces(getattr(value, field.name), seen)
    elif hasattr(value, "__dict__") and not isinstance(value, (type, ModuleType)):
        seen.add(id(value))
        yield from _pieces((vars(type(value)).get("__call__"), vars(value)), seen)


def _pieces_of_code(code: CodeType, seen: set[int]) -> Iterator[bytes]:
    yield code.co_code
    yield repr((code.co_names, code.co_varnames)).encode()
    yield from _pieces(code.co_consts, seen)


def _with_nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_nested(constant)


def _referred_to(function: Any, code: CodeType) -> Iterator[Any]:
    """Defaults, and what the names in a function stand for: helpers, constants, closed-over."""
    yield getattr(function, "__defaults__", None)
    yield getattr(function, "__kwdefaults__", None)
    names = getattr(function, "__globals__", {})
    for part in _with_nested(code):
        yield from (names[name] for name in part.co_names if name in names)
    for cell in getattr(function, "__closure__", None) or ():
        with contextlib.suppress(ValueError):  # the cell is empty still
            yield cell.cell_contents
