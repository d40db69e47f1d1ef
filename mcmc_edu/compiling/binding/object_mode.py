"""A density that numba cannot compile, run as plain Python inside a compiled chain."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any, ClassVar

import numba
import numpy as np
from numpy.typing import NDArray

from ..entries import FloatArray, compiled


class ObjectModeWarning(UserWarning):
    """A density could not be compiled and runs as plain Python, correct but slow."""


class PythonCall:
    """A Python adapter that `in_object_mode` finds again by the number in its packed data."""

    _numbers = itertools.count()
    living: ClassVar[weakref.WeakValueDictionary[int, PythonCall]] = weakref.WeakValueDictionary()

    def __init__(self, call: Callable[..., float]) -> None:
        number = next(self._numbers)
        self.call = call
        self.packed = np.array([number], dtype=np.int64)
        self.living[number] = self


def _call_python(theta: FloatArray, grad: FloatArray, packed: NDArray[np.int64]) -> float:
    return PythonCall.living[int(packed[0])].call(theta, grad, packed)


def in_object_mode(theta: FloatArray, grad: FloatArray, packed: NDArray[np.int64]) -> Any:
    """Call the density whose number is in the packed data; what a chain takes for `DENSITY`."""
    with numba.objmode(logp="float64"):
        logp = _call_python(theta, grad, packed)
    return logp  # noqa: RET504 (the name is what objmode hands out)


in_object_mode = compiled(in_object_mode, nogil=False)


def why_object_mode(log_density: Any, error: Exception) -> str:
    """Tell the user why the density runs in object mode, and what to do."""
    lines = [line.strip() for line in str(error).splitlines()]
    reason = next(
        (line for line in lines if line and not line.startswith("Failed in")), repr(error)
    )
    return (
        f"{getattr(log_density, '__name__', 'log_density')} cannot be compiled ({reason[:200]}) "
        "and runs as plain Python: the same draws, but slowly, for every step calls Python. numba "
        "compiles loops, arithmetic, math and most of NumPy, but not scipy.stats or pandas"
    )
