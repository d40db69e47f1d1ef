"""The stamp of machine code on disk: a hash of the package's own sources.

numba's own stamp is the file of the cached function itself, so that an edited callee in another
file would go on running as it was.  Students edit our samplers: what runs must be what they read.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent


def in_package(file: str) -> bool:
    """Whether a source file is the package's own."""
    return PACKAGE in Path(file).resolve().parents


def is_ours(function: Callable[..., Any]) -> bool:
    """Whether a function is the package's own, all of it.

    One that closes over a value is not: what it does depends on what it was given, which may be a
    user's function.
    """
    return in_package(inspect.getfile(function)) and getattr(function, "__closure__", None) is None


@cache
def _sources() -> dict[Path, bytes]:
    """Hash each source file of the package, as it is when this is first called."""
    return {path: _hash(path) for path in sorted(PACKAGE.rglob("*.py"))}


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


@cache
def source_stamp() -> str:
    """Hash all source files together: cached machine code must match this."""
    digest = hashlib.sha256()
    for path, source in _sources().items():
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(source)
    return digest.hexdigest()


_edited: set[Path] = set()


def check_for_edits(file: str) -> None:
    """Compare a source file of the package, just imported, with what was stamped.

    An edit while Python runs (a room that is imported later, or once more) leaves a process of old
    and new code, which no stamp stands for.
    """
    path = Path(file).resolve()
    if in_package(file) and path.is_file() and _hash(path) != _sources().get(path):
        _edited.add(path)


def stamp_holds() -> bool:
    """Whether all that was imported is what was stamped; if not, nothing on disk is of use."""
    return not _edited
