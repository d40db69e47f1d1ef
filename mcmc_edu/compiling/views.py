"""Other views of an array, which in compiled code cost nothing: `borrow` and `matrix`."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numba import types
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from .entries import UNCOMPILED, FloatArray, compiled

AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


@intrinsic  # type: ignore[untyped-decorator]
def _borrow(typing_context: Any, array: Any) -> Any:
    def without_owner(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(array)(context, builder, arguments[0])
        view.meminfo = context.get_constant_null(types.voidptr)
        return view._getvalue()

    return array(array), without_owner


def _borrow_compiled(array: AnyArray) -> AnyArray:
    return _borrow(array)  # type: ignore[no-any-return]


def _borrow_uncompiled(array: AnyArray) -> AnyArray:
    return array


borrow = compiled(_borrow_uncompiled if UNCOMPILED else _borrow_compiled)
"""See an array without owning a share of it: rows of the result cost no reference counting.

Only for memory that outlives the compiled call, such as what Python passed to it.
"""


@intrinsic  # type: ignore[untyped-decorator]
def _matrix(typing_context: Any, flat: Any, rows: Any, columns: Any) -> Any:
    result = types.Array(flat.dtype, 2, "C", readonly=not flat.mutable)

    def of_the_same_memory(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(flat)(context, builder, arguments[0])
        shape = [
            context.cast(builder, n, kind, types.intp)
            for n, kind in zip(arguments[1:], signature.args[1:], strict=True)
        ]
        strides = [builder.mul(shape[1], view.itemsize), view.itemsize]
        made = context.make_array(result)(context, builder)
        populate_array(
            made, data=view.data, shape=shape, strides=strides, itemsize=view.itemsize,
            meminfo=view.meminfo, parent=view.parent,
        )  # fmt: skip
        return impl_ret_borrowed(context, builder, result, made._getvalue())

    return result(flat, rows, columns), of_the_same_memory


def _matrix_compiled(flat: FloatArray, rows: int, columns: int) -> FloatArray:
    return _matrix(flat, rows, columns)  # type: ignore[no-any-return]


def _matrix_uncompiled(flat: FloatArray, rows: int, columns: int) -> FloatArray:
    return np.reshape(flat, (rows, columns))


matrix = compiled(_matrix_uncompiled if UNCOMPILED else _matrix_compiled)
"""See a contiguous array of one axis as rows, one after the other; shape (rows, columns).

`reshape` first looks whether it can, which takes longer than a loop over fifty numbers.  This does
not look: the numbers must be as many.
"""
