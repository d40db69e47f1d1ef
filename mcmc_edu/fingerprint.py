"""What makes a run the same run: its density with all that it refers to, and its arguments."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from ._version import __version__

Identity = Mapping[str, Mapping[str, str]]
"""What makes a run: of each argument, its name, how it is shown, and a hash of all of it."""


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
