"""A log density and its data in the one form that every chain takes."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from ..cache import is_ours
from ..entries import FloatArray, entry
from ..packing import copied, pack, plain, read_only_views
from ..private import ONE_SIGNATURE, UNCOMPILED, read_only
from ..signatures import DENSITY, PACKED, VECTOR
from ..users_line import users_line
from .adapters import compiled_adapter, copy_of_theta, kept_adapter, python_adapter
from .arguments import arguments_of
from .object_mode import ObjectModeWarning, PythonCall, in_object_mode, why_object_mode
from .parallel import is_parallel
from .references import without_cfunc
from .writing import writes_anyway


@dataclass(frozen=True)
class BoundDensity:
    """A log density together with its data, in the form in which a compiled chain takes it."""

    adapter: Any
    """What an `Entry` takes for `DENSITY`."""
    packed: NDArray[np.int64]
    """What an `Entry` takes for `PACKED`: the packed data."""
    has_gradient: bool
    mode: str
    """``"compiled"``, ``"object"`` (Python inside a compiled chain) or ``"uncompiled"``."""
    _kept_alive: Any = field(repr=False)
    _changed: Any = field(repr=False, default=None)
    """The data as they were given, of a compiled density that may write into them."""
    parallel: bool = False
    """Whether it runs in threads of its own."""

    @property
    def copies_data(self) -> bool:
        """Whether it works on copies of the data, one for each chain."""
        return self._changed is not None

    def of_a_chain(self) -> BoundDensity:
        """Return the density for one more chain.

        If the density may write into its data, the chain gets a copy, since chains run at the same
        time.
        """
        return self if self._changed is None else self.with_data(self._changed)

    def with_data(self, data: Any) -> BoundDensity:
        """Return the compiled density with other data, of the same type to machine code."""
        if self._changed is None:
            return replace(self, packed=pack(data), _kept_alive=data)
        own = copied(data)
        return replace(self, packed=pack(own), _kept_alive=own, _changed=data)

    def __call__(self, theta: FloatArray) -> float:
        """Log density at `theta`, shape ``(dim,)``; NaN comes back as -inf."""
        return self.with_gradient(theta, np.empty(theta.size))

    def with_gradient(self, theta: FloatArray, grad: FloatArray) -> float:
        """Log density at `theta`; the gradient, where there is one, is written into `grad`."""
        theta = np.ascontiguousarray(theta, dtype=float)
        if grad.flags.carray and grad.dtype == theta.dtype:
            return float(_value_at(self.adapter, theta, grad, self.packed))
        written = np.array(grad, dtype=float, order="C")
        logp = float(_value_at(self.adapter, theta, written, self.packed))
        grad[...] = written
        return logp


@entry(DENSITY, VECTOR, VECTOR, PACKED)
def _value_at(density: Any, theta: FloatArray, grad: FloatArray, packed: NDArray[np.int64]) -> Any:
    return density(theta, grad, packed)


def bind(
    log_density: Callable[..., float], data: Any = (), on_error: str = "raise"
) -> BoundDensity:
    """Give a log density the one signature that every chain takes.

    Parameters
    ----------
    log_density
        ``f(theta, data) -> float``, or ``f(theta, grad, data) -> float``, which also writes the
        gradient into `grad`; plain Python, as are the functions it calls, or already compiled.
    data
        Numbers and numeric arrays, in a tuple or NamedTuple; passed as they are at every call.
    on_error
        What an exception in `log_density` does: ``"raise"``; or ``"reject"``, where it counts as
        -inf.

    Raises
    ------
    TypeError
        If `log_density` takes neither two nor three arguments, or `data` holds anything else.

    Warns
    -----
    ObjectModeWarning
        If numba cannot compile the density: it then runs as plain Python.
    """
    has_gradient = arguments_of(log_density) == 3
    log_density, data = without_cfunc(log_density), plain(data)
    rejects = on_error == "reject"
    if UNCOMPILED:
        return BoundDensity(
            python_adapter(log_density, has_gradient, data, rejects),
            pack(()),
            has_gradient,
            "uncompiled",
            _kept_alive=data,
        )
    try:
        function = getattr(log_density, "py_func", log_density)
        if is_ours(function) and not rejects:
            adapter = kept_adapter(log_density, has_gradient, numba.typeof(data))
            return BoundDensity(adapter, pack(data), has_gradient, "compiled", _kept_alive=data)
        bound = _bind_compiled(log_density, has_gradient, data, rejects)
        return replace(bound, parallel=is_parallel(log_density))
    except Exception as error:  # whatever stops numba, the density can still run as Python
        text = why_object_mode(log_density, error)
        warnings.warn(text, ObjectModeWarning, stacklevel=users_line())
        original = getattr(log_density, "py_func", log_density)
        call = PythonCall(python_adapter(original, has_gradient, data, rejects))
        return BoundDensity(in_object_mode, call.packed, has_gradient, "object", _kept_alive=call)


def _bind_compiled(
    log_density: Callable[..., float], has_gradient: bool, data: Any, rejects: bool
) -> BoundDensity:
    """Bind a user's function: to theta and data that it cannot write into, which costs nothing.

    If it is not compiled for these, because it writes, or was compiled for given types, it gets a
    copy of theta at every call, and of the data for every chain.
    """
    if ONE_SIGNATURE.works and not writes_anyway(log_density):
        with contextlib.suppress(Exception):
            adapter = compiled_adapter(
                log_density, has_gradient, numba.typeof(read_only_views(data)), read_only, rejects
            )
            return BoundDensity(adapter, pack(data), has_gradient, "compiled", _kept_alive=data)
    adapter = compiled_adapter(
        log_density, has_gradient, numba.typeof(data), copy_of_theta, rejects
    )
    bound = BoundDensity(
        adapter, pack(()), has_gradient, "compiled", _kept_alive=None, _changed=data
    )
    return bound.of_a_chain()
