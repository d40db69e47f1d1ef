"""Data of any type as a flat array of 64-bit slots, and back: how a chain's signature stays one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .function_values import FunctionValue
from .private import ONE_SIGNATURE


def pack(data: Any) -> NDArray[np.int64]:
    """Flatten `data` into 64-bit slots.

    An array becomes address, shape and strides; a function its addresses; a scalar its bits.

    Machine code gets them back by `private.unpack_as`; without that, data travel as they are.
    """
    if not ONE_SIGNATURE.works:
        return data  # type: ignore[no-any-return]
    slots: list[int] = []
    for leaf in _leaves(data):
        if isinstance(leaf, np.ndarray):
            slots += [leaf.ctypes.data, *leaf.shape, *leaf.strides]
        elif isinstance(leaf, FunctionValue):
            slots += leaf.addresses()
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


def on_arrays(change: Callable[[NDArray[Any]], NDArray[Any]], data: Any) -> Any:
    """Change every array of the data."""
    if isinstance(data, tuple):
        parts = [on_arrays(change, part) for part in data]
        return type(data)(*parts) if hasattr(data, "_fields") else tuple(parts)
    return change(data) if isinstance(data, np.ndarray) else data


def copied(data: Any) -> Any:
    """Copy the data into memory of their own, in the same order."""
    return on_arrays(_copy, data)


def read_only_views(data: Any) -> Any:
    """Make views of the data that cannot be written into."""
    return on_arrays(_frozen, data)


def same_data(one: Any, other: Any) -> bool:
    """Whether all numbers of data of one type are the same, NaN included."""
    pairs = zip(_leaves(one), _leaves(other), strict=True)
    return all(
        a is b if isinstance(a, FunctionValue) else np.array_equal(a, b, equal_nan=True)
        for a, b in pairs
    )


def _copy(array: NDArray[Any]) -> NDArray[Any]:
    return array.copy(order="K")


def has_single_precision(data: Any) -> bool:
    """Whether there is an array of floats of 32 bits or fewer."""
    arrays = [leaf for leaf in _leaves(data) if isinstance(leaf, np.ndarray)]
    return any(array.dtype.kind == "f" and array.dtype.itemsize < 8 for array in arrays)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


def plain(data: Any, name: str = "data") -> Any:
    """Make NumPy scalars Python's; raise a TypeError that names what is not data."""
    if isinstance(data, tuple):
        fields = getattr(data, "_fields", range(len(data)))
        separator = "{}.{}" if hasattr(data, "_fields") else "{}[{}]"
        parts = [plain(p, separator.format(name, f)) for p, f in zip(data, fields, strict=True)]
        return type(data)(*parts) if hasattr(data, "_fields") else tuple(parts)
    if isinstance(data, np.generic) and data.dtype.kind in "biuf":
        data = data.item()
    if isinstance(data, int) and not -(2**63) <= data < 2**63:
        raise TypeError(
            f"{name} is {data}; an integer of a density's data has 64 bits, and is below 2**63: "
            "pass float(...)"
        )
    if isinstance(data, (bool, int, float, FunctionValue)):
        return data
    if isinstance(data, np.memmap):
        data = data.view(np.ndarray)
    # of a matrix, machine code would take `*` entry by entry; of a masked array it sees no mask
    if type(data) is np.ndarray and data.dtype.kind in "biuf" and data.dtype.isnative:
        return data
    got = f"an array of {data.dtype}" if type(data) is np.ndarray else type(data).__name__
    raise TypeError(
        f"{name} is {got}; a density's data are numbers and numeric NumPy arrays, in a tuple or "
        "NamedTuple: convert it first, for example with np.asarray(..., dtype=float)"
    )
