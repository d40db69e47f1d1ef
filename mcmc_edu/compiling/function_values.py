"""Compiled functions that are part of a density's data.

A density that calls a function of its data is compiled once, whatever the function: machine code
has its address only.  So every family of outcomes shares one density of regressions, and a new
family costs the compilation of its own likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .entries import compiled
from .private import (
    UNCOMPILED,
    AddressOfFunction,
    compile_for_one,
    function_addresses,
    type_by_signature,
)


class FunctionValue(AddressOfFunction):  # type: ignore[misc]
    """A function of one signature, compiled when its address is first asked for.

    Called from Python, its arguments must have exactly the types of the signature.
    """

    def __init__(self, function: Callable[..., Any], result: Any, arguments: tuple[Any, ...]):
        self.function = function
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self.__module__ = function.__module__
        self._dispatcher: Any = compiled(function)
        self._signature = None if UNCOMPILED else result(*arguments)
        self._call: Callable[..., Any] | None = function if UNCOMPILED else None

    def __repr__(self) -> str:
        return f"<function value {self.__module__}.{self.__name__}>"

    def __reduce__(self) -> str:
        """Go by name into a pickle: the module has it."""
        return self.__name__

    def signature(self) -> Any:
        """Return its signature, as numba asks for it."""
        return self._signature

    def load(self) -> None:
        """Find the machine code on disk, or compile it and leave it there."""
        if self._call is None:
            self._call = compile_for_one(self._dispatcher, self._signature)

    def addresses(self) -> tuple[int, int]:
        """Where its machine code is: for callers in C, and for those that numba compiled."""
        self.load()
        return function_addresses(self._dispatcher)

    def __wrapper_address__(self) -> int:
        """Return the address for callers in C, as numba asks for it."""
        return self.addresses()[0]

    def __call__(self, *arguments: Any) -> Any:
        """Call it from Python."""
        self.load()
        return self._call(*arguments)  # type: ignore[misc]


type_by_signature(FunctionValue)


def function_value(result: Any, *arguments: Any) -> Callable[[Callable[..., Any]], FunctionValue]:
    """Decorate a function of these argument types, to be part of the data of densities."""
    return lambda function: FunctionValue(function, result, arguments)
