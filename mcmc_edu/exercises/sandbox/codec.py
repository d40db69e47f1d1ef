"""Messages between the grader and the process of a submission: JSON, with arrays in it.

Nothing that comes back can run code here: no pickle, only numbers, words, arrays and collections of
them.  This file is also run in the process of the submission, so it imports NumPy alone.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

KINDS = "fiub"
"""Kinds of arrays that are sent: floats, integers, unsigned integers and booleans."""


def dumps(value: Any) -> bytes:
    """Write a value as one message."""
    return json.dumps(_plain(value), allow_nan=True).encode()


def loads(message: bytes) -> Any:
    """Read a message.

    Raises
    ------
    ValueError
        If the message is not one that `dumps` writes.
    """
    try:
        return _value(json.loads(message))
    except (TypeError, KeyError, UnicodeDecodeError, RecursionError, AttributeError) as error:
        raise ValueError(f"a message is damaged: {type(error).__name__}: {error}") from None


class Other:
    """What cannot be sent: an object of another type, of which the name is sent alone."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name

    def __repr__(self) -> str:
        """Say what it was."""
        return f"<an object of type {self.type_name}>"


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; what JSON lacks is a dict with one key that starts with $."""
    if isinstance(value, np.generic):
        return {"$scalar": _plain(np.asarray(value))} if _is_sent(value.dtype) else _other(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value if type(value) in (bool, int, float, str, type(None)) else _plain_base(value)
    if type(value) is np.ndarray:
        if not _is_sent(value.dtype):
            return {"$other": f"numpy.ndarray of dtype {value.dtype}"}
        data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"$array": [value.dtype.str, list(value.shape), data]}
    if type(value) is tuple:
        return {"$tuple": [_plain(entry) for entry in value]}
    if type(value) is list:
        return [_plain(entry) for entry in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {"$dict": [[key, _plain(entry)] for key, entry in value.items()]}
    return {"$other": value.type_name} if isinstance(value, Other) else _other(value)


def _is_sent(dtype: np.dtype[Any]) -> bool:
    """Say whether numbers of a type are sent: not those that are longer on some machines."""
    return dtype.kind in KINDS and dtype.itemsize <= 8


def _plain_base(value: Any) -> Any:
    """Return a subclass of a plain type as that type, such as an IntEnum as its number."""
    for base in (bool, int, float, str):
        if isinstance(value, base):
            return base(value)
    return None


def _other(value: Any) -> dict[str, str]:
    kind = type(value)
    return {"$other": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")}


def _value(plain: Any) -> Any:
    """Return what `_plain` was given."""
    if isinstance(plain, list):
        return [_value(entry) for entry in plain]
    if not isinstance(plain, dict):
        return plain
    ((key, held),) = plain.items()
    if key == "$scalar":
        return _value(held)[()]
    if key == "$array":
        dtype, shape, data = held
        kind = np.dtype(dtype)
        if kind.kind not in KINDS:
            raise ValueError(f"an array of dtype {dtype!r} is not sent")
        return np.frombuffer(base64.b64decode(data), dtype=kind).reshape(shape).copy()
    if key == "$tuple":
        return tuple(_value(entry) for entry in held)
    if key == "$dict":
        return {str(name): _value(entry) for name, entry in held}
    if key == "$other":
        return Other(str(held))
    raise ValueError(f"a message has an unknown part {key!r}")
