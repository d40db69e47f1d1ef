"""Views of an array that cost nothing in compiled code: `without_refcount` and `as_matrix`."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .entries import FloatArray, compiled
from .private import ONE_SIGNATURE, UNCOMPILED, borrowed, rows_of

PLAIN = UNCOMPILED or not ONE_SIGNATURE.works
"""Whether both are done as plain Python does them."""

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def _without_owner(array: AnyArray) -> AnyArray:
    return borrowed(array)  # type: ignore[no-any-return]


def _as_it_is(array: AnyArray) -> AnyArray:
    return array


without_refcount = compiled(_as_it_is if PLAIN else _without_owner)
"""See an array without owning a share of it: rows of the result cost no reference counting.

Only for memory that outlives the compiled call, such as what Python passed to it.
"""


def _matrix_unchecked(flat: FloatArray, rows: int, columns: int) -> FloatArray:
    return rows_of(flat, rows, columns)  # type: ignore[no-any-return]


def _matrix_plain(flat: FloatArray, rows: int, columns: int) -> FloatArray:
    return np.reshape(flat, (rows, columns))


as_matrix = compiled(_matrix_plain if PLAIN else _matrix_unchecked)
"""See a contiguous array of one axis as rows, one after the other; shape (rows, columns).

`reshape` first looks whether it can, which takes longer than a loop over fifty numbers.  This does
not look: the numbers must be as many.
"""
