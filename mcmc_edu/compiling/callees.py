"""Compile a user's function together with the plain Python functions that it calls.

Machine code can only call machine code.  So that a density may be written as several functions,
with no decorator, a copy of each is compiled whose names mean the compiled copies of the others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

import numba

from .entries import OPTIONS

CHECKED = {"boundscheck": True}
"""An index beyond an array is an IndexError in a user's function, as it is in Python."""


def with_callees(function: Callable[..., Any], **options: bool) -> Any:
    """Compile `function`, at its first call, and what it calls; what is compiled stays as it is."""
    if not isinstance(function, FunctionType):
        return numba.njit(**OPTIONS, **CHECKED, **options)(function)
    return _compile(function, {}, options)


def names_used(function: Any) -> set[str]:
    """Names of globals and attributes in `function` and in all that it calls."""
    seen: set[FunctionType] = set()
    names: set[str] = set()
    waiting = [function]
    while waiting:
        value = waiting.pop()
        value = getattr(value, "py_func", value)
        if not isinstance(value, FunctionType) or value in seen:
            continue
        seen.add(value)
        used = value.__code__.co_names
        names.update(used)
        waiting += [value.__globals__[name] for name in used if name in value.__globals__]
        waiting += inspect.getclosurevars(value).nonlocals.values()
    return names


def _compile(function: FunctionType, made: dict[FunctionType, Any], options: Any) -> Any:
    names = dict(function.__globals__)
    cells = tuple(CellType() for _ in function.__closure__ or ())
    copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)
    copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
    copy.__kwdefaults__ = function.__kwdefaults__
    dispatcher = made[function] = numba.njit(**OPTIONS, **CHECKED, **options)(copy)

    def compiled(value: Any) -> Any:
        if not isinstance(value, FunctionType):
            return value
        return made[value] if value in made else _compile(value, made, {})

    for name in function.__code__.co_names:
        if name in names:
            names[name] = compiled(names[name])
    for cell, original in zip(cells, function.__closure__ or (), strict=True):
        cell.cell_contents = compiled(original.cell_contents)
    return dispatcher
