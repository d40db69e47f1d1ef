"""Data of any type as a flat array of 64-bit slots, and back: how a chain's signature stays one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from .signatures import BOX


def pack(data: Any) -> NDArray[np.int64]:
    """Flatten `data` into 64-bit slots: address, shape and strides of an array; a scalar's bits."""
    slots: list[int] = []
    for leaf in _leaves(data):
        if isinstance(leaf, np.ndarray):
            slots += [leaf.ctypes.data, *leaf.shape, *leaf.strides]
        elif isinstance(leaf, float):
            slots.append(int(np.float64(leaf).view(np.int64)))
        else:
            slots.append(int(leaf))
    return np.array(slots, dtype=np.int64)


def _leaves(data: Any) -> Iterator[Any]:
    if isinstance(data, tuple):
        for part in data:
            yield from _leaves(part)
    else:
        yield data


def unpack_as(data_type: Any) -> Any:
    """A compiled function that reads `pack`'s slots back into data of this numba type.

    The arrays it makes own nothing (their memory belongs to Python and is kept alive by
    `BoundDensity`), so they cost no reference counting in the sampler.
    """

    def read(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        box = context.make_array(signature.args[0])(context, builder, arguments[0])
        position = itertools.count()

        def next_slot() -> Any:
            index = context.get_constant(types.intp, next(position))
            return builder.load(builder.gep(box.data, [index]))

        def build(numba_type: Any) -> Any:
            if isinstance(numba_type, types.BaseTuple):
                return context.make_tuple(builder, numba_type, [build(t) for t in numba_type])
            if isinstance(numba_type, types.Array):
                array = context.make_array(numba_type)(context, builder)
                populate_array(
                    array,
                    data=builder.inttoptr(next_slot(), array.data.type),
                    shape=[next_slot() for _ in range(numba_type.ndim)],
                    strides=[next_slot() for _ in range(numba_type.ndim)],
                    itemsize=context.get_constant(
                        types.intp, np.dtype(str(numba_type.dtype)).itemsize
                    ),
                    meminfo=None,
                )
                return array._getvalue()
            slot = next_slot()
            if isinstance(numba_type, types.Float):
                return builder.bitcast(slot, context.get_value_type(numba_type))
            if isinstance(numba_type, types.Boolean):
                return builder.trunc(slot, context.get_value_type(numba_type))
            return slot

        return build(data_type)

    def unpack(typing_context: Any, box: Any) -> Any:
        return data_type(BOX), read

    return intrinsic(unpack)


def plain(data: Any, name: str = "data") -> Any:
    """Data with NumPy scalars made Python's, or a TypeError that names what is not data."""
    if isinstance(data, tuple):
        fields = getattr(data, "_fields", range(len(data)))
        separator = "{}.{}" if hasattr(data, "_fields") else "{}[{}]"
        parts = [plain(p, separator.format(name, f)) for p, f in zip(data, fields, strict=True)]
        return type(data)(*parts) if hasattr(data, "_fields") else tuple(parts)
    if isinstance(data, np.generic) and data.dtype.kind in "biuf":
        data = data.item()
    if isinstance(data, (bool, int, float)):
        return data
    if isinstance(data, np.ndarray) and data.dtype.kind in "biuf" and data.dtype.isnative:
        return data
    got = f"an array of {data.dtype}" if isinstance(data, np.ndarray) else type(data).__name__
    raise TypeError(
        f"{name} is {got}; a density's data are numbers and numeric NumPy arrays, in a tuple or "
        "NamedTuple: convert it first, for example with np.asarray(..., dtype=float)"
    )
