"""Compile a user's function together with the plain Python functions that it calls.

Machine code can only call machine code.  So that a density may be written as several functions,
with no decorator, a copy of each is compiled whose names mean the compiled copies of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import CellType, FunctionType
from typing import Any

import numba

from ..entries import OPTIONS
from .references import code_names, is_module, is_users, module_with, referred

CHECKED = {"boundscheck": True}
"""An index beyond an array is an IndexError in a user's function, as it is in Python."""


def with_callees(function: Callable[..., Any], **options: bool) -> Any:
    """Compile `function`, at its first call, and what it calls; what is compiled stays as it is."""
    if not isinstance(function, FunctionType):
        return numba.njit(**OPTIONS, **CHECKED, **options)(function)
    return _Copies().copy_of(function, options)


class _Copies:
    """Compiled copies of functions, each made once: functions may call each other."""

    def __init__(self) -> None:
        self._made: dict[FunctionType, Any] = {}
        self._modules: dict[tuple[int, frozenset[str]], Any] = {}

    def copy_of(self, function: FunctionType, options: dict[str, bool]) -> Any:
        """Return a copy of `function` that calls copies."""
        names = dict(function.__globals__)
        cells = tuple(CellType() for _ in function.__closure__ or ())
        code = function.__code__
        used = code_names(code)
        defaults = function.__defaults__ and self._of(function.__defaults__, used)
        copy = FunctionType(code, names, function.__name__, defaults, cells)
        copy.__qualname__, copy.__module__ = function.__qualname__, function.__module__
        copy.__kwdefaults__ = function.__kwdefaults__
        dispatcher = self._made[function] = numba.njit(**OPTIONS, **CHECKED, **options)(copy)
        names.update((name, self._of(value, used)) for name, value in referred(function).items())
        for cell, original in zip(cells, function.__closure__ or (), strict=True):
            with suppress(ValueError):  # it is not assigned yet
                cell.cell_contents = self._of(original.cell_contents, used)
        return dispatcher

    def _of(self, value: Any, used: frozenset[str]) -> Any:
        """Return what the copy has in the place of a value."""
        if is_users(value):
            return self._made[value] if value in self._made else self.copy_of(value, {})
        if type(value) is tuple:
            return tuple(self._of(part, used) for part in value)
        return self._module(value, used) if is_module(value) else value

    def _module(self, module: Any, used: frozenset[str]) -> Any:
        """Return a module whose functions are copies, as far as they are used."""
        key = id(module), used
        if key not in self._modules:
            self._modules[key] = module  # as it is, where modules name each other
            self._modules[key] = module_with(module, used, lambda value: self._of(value, used))
        return self._modules[key]
