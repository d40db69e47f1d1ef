"""The types that the package's compiled functions take, by names of our own."""

from __future__ import annotations

from typing import Any

from numba import types

BOOL = types.boolean
INT = types.int64
FLOAT = types.float64
VECTOR = types.Array(types.float64, 1, "C")
MATRIX = types.Array(types.float64, 2, "C")
FLAGS = types.Array(types.boolean, 1, "C")
BOX = types.Array(types.int64, 1, "C")
RNG = types.npy_rng
DENSITY = types.FunctionType(types.float64(VECTOR, VECTOR, BOX))
"""Every log density, as a chain sees it: ``(theta, grad, box) -> float``."""


def record(named_tuple: Any, *fields: Any) -> Any:
    """Name the type of a NamedTuple whose fields have these types, for use in a signature."""
    if len(set(fields)) == 1:
        return types.NamedUniTuple(fields[0], len(fields), named_tuple)
    return types.NamedTuple(fields, named_tuple)


def pair(first: Any, second: Any) -> Any:
    """Name the type of a tuple of two, for use in a signature."""
    return types.Tuple((first, second))


def function(result: Any, *arguments: Any) -> Any:
    """Name the type of a function that is passed to a chain, as `DENSITY` is."""
    return types.FunctionType(result(*arguments))
