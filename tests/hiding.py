"""Take a private name of numba away from the package, and from nobody else.

numba itself goes on using what it calls by that name, so that one name can be hidden at a time.
"""

import inspect
import sys
from pkgutil import resolve_name
from types import ModuleType
from typing import Any

import numba


class Hidden:
    """An attribute that code of the package does not find."""

    def __init__(self, name: str, original: Any) -> None:
        self.name, self.original = name, original

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        frame = sys._getframe(1)
        while frame.f_globals["__name__"] == "pkgutil":
            frame = frame.f_back  # type: ignore[assignment]
        if frame.f_globals["__name__"].startswith("mcmc_edu."):
            raise AttributeError(self.name)
        own = getattr(instance, "__dict__", {})
        if self.name in own:
            return own[self.name]
        get = getattr(type(self.original), "__get__", None)
        return get(self.original, instance, owner) if get else self.original

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.name] = value


def refusing(option: str, njit: Any) -> Any:
    """Make `numba.njit` refuse an option, as it does with those that it does not know."""

    def without_it(*arguments: Any, **options: Any) -> Any:
        if option in options:
            raise KeyError(f"Unrecognized options: {option}")
        return njit(*arguments, **options)

    return without_it


def hide(name: str) -> None:
    """Hide a name as `mcmc_edu.compiling.private` spells them; to be called before the package is
    imported.
    """
    path, _, attribute = name.replace(":", ".").rpartition(".")
    if path == "dispatcher":
        owner = type(numba.njit(hide))
    elif "." in name.split(":")[1]:
        owner = resolve_name("numba." + name.rpartition(".")[0])
    else:
        owner = resolve_name("numba." + path)
    if owner.__name__ == "CPUTargetOptions":
        numba.njit = refusing(attribute, numba.njit)
    if isinstance(owner, ModuleType):
        owner.__class__ = type("Module", (type(owner),), {attribute: Hidden(attribute, None)})
    else:
        setattr(owner, attribute, Hidden(attribute, inspect.getattr_static(owner, attribute, None)))
