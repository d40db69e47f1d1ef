"""What the code of a user's function refers to: helpers, modules, whatever has a name in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from types import CodeType, FunctionType, ModuleType
from typing import Any

LIBRARIES = {"builtins", "math", "cmath", "numba", "numpy", "operator", "scipy"}
"""Functions of these are not compiled here: numba knows them, or cannot compile them."""


def code_names(code: CodeType) -> frozenset[str]:
    """Names of globals and attributes in a function, comprehensions and inner functions included.

    These are code of their own, and before Python 3.12 a comprehension is one of them.
    """
    inner = [code_names(part) for part in code.co_consts if isinstance(part, CodeType)]
    return frozenset(code.co_names).union(*inner)


def referred(function: FunctionType) -> dict[str, Any]:
    """Globals that a function names."""
    names = code_names(function.__code__)
    return {name: function.__globals__[name] for name in names if name in function.__globals__}


def is_users(value: Any) -> bool:
    """Whether it is a function in plain Python, and not one of the libraries that numba knows."""
    return isinstance(value, FunctionType) and not _of_library(value.__module__)


def is_module(value: Any) -> bool:
    """Whether it is a module that may have functions of the user's."""
    return isinstance(value, ModuleType) and not _of_library(value.__name__)


def _of_library(module: str | None) -> bool:
    return (module or "").partition(".")[0] in LIBRARIES


def module_with(module: ModuleType, used: frozenset[str], replaced: Callable[[Any], Any]) -> Any:
    """Copy a module and replace what is used of it; the module itself if nothing is replaced."""
    changed = {}
    for name in used & vars(module).keys():
        value = vars(module)[name]
        if (other := replaced(value)) is not value:
            changed[name] = other
    if not changed:
        return module
    copy = ModuleType(module.__name__, module.__doc__)
    vars(copy).update(vars(module) | changed)
    return copy


def without_cfunc(function: Any) -> Any:
    """Return the function under ``numba.cfunc``, which has no name for it; else the value."""
    plain = getattr(function, "__wrapped__", None)
    numbas = type(function).__module__.partition(".")[0] == "numba"
    return plain if numbas and isinstance(plain, FunctionType) else function


def reached(function: Any) -> Iterator[Any]:
    """All that a function and the functions that it calls refer to, itself included."""
    seen: set[tuple[int, frozenset[str]]] = set()
    waiting = [(function, frozenset[str]())]
    while waiting:
        value, used = waiting.pop()
        key = id(value), used if is_module(value) else frozenset()
        if key in seen:
            continue
        seen.add(key)
        yield value
        plain = getattr(value, "py_func", value)
        if is_module(value):
            waiting += [(vars(value)[name], used) for name in used & vars(value).keys()]
        elif type(value) is tuple:
            waiting += [(part, used) for part in value]
        elif is_users(plain):
            used = code_names(plain.__code__)
            others = [*referred(plain).values(), *closed_over(plain), *(plain.__defaults__ or ())]
            waiting += [(other, used) for other in others]


def closed_over(function: FunctionType) -> list[Any]:
    """List what a function sees of the functions around it."""
    found = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # it is not assigned yet
            found.append(cell.cell_contents)
    return found


def names_used(function: Any) -> set[str]:
    """Collect the names of globals and attributes in `function` and in all that it calls.

    The functions' own names are among them.
    """
    names: set[str] = set()
    for value in reached(function):
        names.add(str(getattr(value, "__name__", "")))
        plain = getattr(value, "py_func", value)
        if is_users(plain):
            names |= code_names(plain.__code__)
    return names
