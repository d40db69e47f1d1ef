"""Compile a function once, ever: for the types it is called with, or for one signature."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache as remember
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from . import cache  # noqa: F401  (before anything is compiled)

FloatArray = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

UNCOMPILED = bool(numba.config.DISABLE_JIT)
"""True under ``NUMBA_DISABLE_JIT=1``: every function is the plain Python one it was written as."""

OPTIONS = {
    "error_model": "numpy",  # x / 0 is inf, as in NumPy
    "nogil": True,  # threads run free
    "_nrt": True,  # otherwise inherited from whoever calls first; see `lean`
}

INTERNAL = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""More of them, where a function is called from compiled code only: what would call it from Python
takes longer to compile than the function."""


def compiled(function: Function, **options: bool) -> Function:
    """Compile a function of the package, for the argument types it is first called with."""
    chosen = OPTIONS | options
    try:
        return numba.njit(cache=True, **chosen)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # nowhere on this disk may be written: compile in every process
        return numba.njit(**chosen)(function)  # type: ignore[no-any-return]


def lean(function: Function) -> Function:
    """Compile a function that is called from compiled code, makes no array and returns none.

    In a function of one short loop the call takes longer than the loop.  So it is put in place of
    its calls, and compiled without numba's run-time (NRT): it counts no references to the arrays
    that it is given.
    """
    return compiled(function, _nrt=False, forceinline=True)


def uncounted(function: Function) -> Function:
    """Compile a function that makes no array and is called from compiled code only: in place of
    its calls, without counting references to the arrays it is given.

    Records of many arrays are dear to pass: a call of the kernel's steps took as long as the step.
    """
    return compiled(function, _nrt=False, forceinline=True, **INTERNAL)


def inlined(function: Function) -> Function:
    """Compile a function that compiled code has in place of its calls; it may return views of its
    arguments.

    Of arrays that were given to `borrow` nothing is counted then, however many views are made.
    """
    return compiled(function, forceinline=True, **INTERNAL)


def compile_for_one(dispatcher: Any, signature: Any) -> Any:
    """Compile for the only signature that there will be; returns what Python can call.

    numba looks for the result and its addresses whenever the function is passed to a chain, and
    would each time hash the hundred types that a signature is made of.
    """
    entry_point = dispatcher.compile(signature)
    (result,) = dispatcher.overloads.values()
    dispatcher.get_compile_result = lambda _: result
    result.library.get_pointer_to_function = remember(result.library.get_pointer_to_function)
    return entry_point


class Entry:
    """A compiled chain with one fixed signature: what the driver calls.

    The dispatcher is bypassed on purpose: it would compile the chain anew for each density.
    """

    def __init__(self, function: Callable[..., Any], signature: tuple[Any, ...]) -> None:
        self.dispatcher: Any = compiled(function)
        self.signature = signature
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._entry_point: Callable[..., Any] | None = None

    def load(self) -> None:
        """Find the machine code on disk, or compile it and leave it there."""
        if self._entry_point is None:
            self._entry_point = compile_for_one(self.dispatcher, self.signature)

    def __call__(self, *arguments: Any) -> Any:
        """Call the machine code; every argument must have exactly the type of the signature."""
        self.load()
        return self._entry_point(*arguments)  # type: ignore[misc]


class _PlainEntry(Entry):
    """The same under ``NUMBA_DISABLE_JIT=1``, where there is nothing to load."""

    def load(self) -> None:
        self._entry_point = self.dispatcher


def entry(*signature: Any) -> Callable[[Callable[..., Any]], Entry]:
    """Decorate a chain: compiled for these argument types only, at its first call."""
    return lambda function: (_PlainEntry if UNCOMPILED else Entry)(function, signature)
