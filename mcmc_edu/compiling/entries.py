"""Compile a function once, ever: for the types it is called with, or for one signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

from .announcing import say_once
from .private import (
    COUNTED,
    IN_PLACE,
    NO_WRAPPERS,
    ONE_SIGNATURE,
    UNCOMPILED,
    UNCOUNTED,
    compile_for_one,
    keep_on_disk,
    layouts,
    losses,
)

FloatArray = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS: dict[str, Any] = {
    "error_model": "numpy",  # x / 0 is inf, as in NumPy
    "nogil": True,  # threads run free
    **COUNTED,
}

for loss in losses():
    say_once(loss)


def compiled(function: Function, **options: bool | str) -> Function:
    """Compile a function of the package, for the argument types it is first called with."""
    made: Function = numba.njit(**OPTIONS | options)(function)
    try:
        keep_on_disk(made)
    except Exception:  # most often, nowhere on this disk may be written
        say_once(
            "machine code cannot be kept on this disk: it is compiled in every process; "
            "NUMBA_CACHE_DIR can name a folder for it"
        )
    return made


def lean(function: Function) -> Function:
    """Compile a function that is called from compiled code, makes no array and returns none.

    In a function of one short loop the call takes longer than the loop.  So it is put in place of
    its calls, and compiled without numba's run-time (NRT): it counts no references to the arrays
    that it is given.
    """
    return compiled(function, **UNCOUNTED, **IN_PLACE)


def uncounted(function: Function) -> Function:
    """Compile a function that makes no array and is called from compiled code only.

    It is compiled in place of its calls, and counts no references to the arrays that it is given.

    Records of many arrays are slow to pass: calling a step took as long as the step.
    """
    return compiled(function, **UNCOUNTED, **IN_PLACE, **NO_WRAPPERS)


def inlined(function: Function) -> Function:
    """Compile a function in place of its calls; it may return views of its arguments.

    Nothing is counted then of arrays that were given to `without_refcount`, however many views are
    made.
    """
    return compiled(function, **IN_PLACE, **NO_WRAPPERS)


def pasted(function: Function) -> Function:
    """Compile a function as if it were written out wherever it is called.

    It may then be given functions: each caller is compiled with those that it passes.  Machine code
    of its own there is none, and so none on disk, where functions as arguments are never found.
    """
    return compiled(function, inline="always")


class Entry:
    """A compiled chain with one fixed signature: what the driver calls.

    The dispatcher is bypassed on purpose: it would compile the chain again for each density.
    """

    def __init__(self, function: Callable[..., Any], signature: tuple[Any, ...]) -> None:
        self.dispatcher: Any = compiled(function)
        self.signature = signature
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._entry_point: Callable[..., Any] | None = None
        self._layouts: list[Any] = []

    def load(self) -> None:
        """Find the machine code on disk, or compile it and leave it there."""
        if self._entry_point is None:
            self._layouts = layouts(self.signature)
            self._entry_point = compile_for_one(self.dispatcher, self.signature)

    def __call__(self, *arguments: Any) -> Any:
        """Call the machine code; every argument must have exactly the type of the signature.

        Raises
        ------
        TypeError
            If the memory of an array is not laid out as the machine code will read it.
        """
        self.load()
        _check_layouts(self.__name__, arguments, self._layouts)
        return self._entry_point(*arguments)  # type: ignore[misc]


def _check_layouts(name: str, arguments: tuple[Any, ...], wanted: list[Any]) -> None:
    """Refuse arrays that machine code would misread, for it looks at no layout itself."""
    for value, layout in zip(arguments, wanted, strict=False):  # that of plain Python is empty
        if type(layout) is tuple:
            dtype, ndim = layout
            if not (value.flags.carray and value.dtype == dtype and value.ndim == ndim):
                raise TypeError(
                    f"{name} is given an array of {value.dtype}, shape {value.shape} and strides "
                    f"{value.strides}; it must be of {dtype}, with {ndim} axes, in C order and "
                    "writable: pass np.array(x, dtype=float, order='C')"
                )
        elif layout is not None:
            _check_layouts(name, value, layout)


class _DispatchedEntry(Entry):
    """An entry with nothing to load.

    The function is plain Python, or is compiled for whatever arguments it gets.
    """

    def load(self) -> None:
        self._entry_point = self.dispatcher


def entry(*signature: Any) -> Callable[[Callable[..., Any]], Entry]:
    """Decorate a chain: compiled for these argument types only, at its first call."""
    kind = _DispatchedEntry if UNCOMPILED or not ONE_SIGNATURE.works else Entry
    return lambda function: kind(function, signature)
