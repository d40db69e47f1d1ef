"""Names of a package that are imported when they are first used, and not before (PEP 562).

    __getattr__, __dir__ = lazy(__name__, {"Model": "model"})

What stands so in a package's ``__init__`` gives it `Model`, from its module ``model``.  Type
checkers see no name that is made at run time: for them the same is imported under
``if TYPE_CHECKING``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(
    package: str, names: Mapping[str, str], otherwise: Callable[[str], Any] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make a package's ``__getattr__`` and ``__dir__``.

    Parameters
    ----------
    package
        Its ``__name__``.
    names
        Of what is imported lazily, each with the name of the module, relative to the package, that
        has it.  A name that is the module's own is the module: once imported, it stands in the
        package under that name, whatever it has.
    otherwise
        The ``__getattr__`` of other names; without one they are refused.
    """

    def getattr_(name: str) -> Any:
        if name not in names and otherwise is not None:
            return otherwise(name)
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f".{names[name]}", package)
        return module if names[name] == name else getattr(module, name)

    def dir_() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return getattr_, dir_
