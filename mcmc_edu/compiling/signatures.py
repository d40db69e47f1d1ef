"""The types that the package's compiled functions take, by names of our own.

Without `ONE_SIGNATURE` (see `private`) those of functions and tuples are None, and of no use.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from .private import function_type, named_tuple_type, tuple_type

BOOL = types.boolean
INT = types.int64
FLOAT = types.float64
VECTOR = types.Array(types.float64, 1, "C")
MATRIX = types.Array(types.float64, 2, "C")
FLAGS = types.Array(types.boolean, 1, "C")
PACKED = types.Array(types.int64, 1, "C")
RNG = numba.typeof(np.random.default_rng(0))
DENSITY = function_type(FLOAT, VECTOR, VECTOR, PACKED)
"""Every log density, as a chain sees it: ``(theta, grad, packed) -> float``."""


def record(named_tuple: Any, *fields: Any) -> Any:
    """Name the type of a NamedTuple whose fields have these types, for use in a signature."""
    return named_tuple_type(named_tuple, fields)


def pair(first: Any, second: Any) -> Any:
    """Name the type of a tuple of two, for use in a signature."""
    return tuple_type(first, second)


def function(result: Any, *arguments: Any) -> Any:
    """Name the type of a function that is passed to a chain, as `DENSITY` is."""
    return function_type(result, *arguments)
