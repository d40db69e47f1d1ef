"""A log density and its data in the one form that every chain takes."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import math
import threading
import types as python_types
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from .cache import is_ours
from .callees import with_callees
from .entries import OPTIONS, FloatArray, compiled, entry, inlined
from .ieee import nan_to_minus_inf
from .object_mode import ObjectModeWarning, PythonCall, in_object_mode, why_object_mode
from .packing import copied, pack, plain, read_only_views
from .parallel import is_parallel
from .private import (
    NO_PYTHON_WRAPPER,
    NO_WRAPPERS,
    ONE_SIGNATURE,
    UNCOMPILED,
    compile_for_one,
    read_only,
    unpack_as,
)
from .references import without_cfunc
from .signatures import DENSITY, FLOAT, PACKED, VECTOR
from .users_line import users_line
from .views import borrow
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
        """The same density for one more chain: with data of its own, where it may write into them,
        for memory that chains share is nobody's.
        """
        return self if self._changed is None else self.with_data(self._changed)

    def with_data(self, data: Any) -> BoundDensity:
        """The same compiled density with other data, of the same type to machine code."""
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
            _python_adapter(log_density, has_gradient, data, rejects),
            pack(()),
            has_gradient,
            "uncompiled",
            _kept_alive=data,
        )
    try:
        function = getattr(log_density, "py_func", log_density)
        if is_ours(function) and not rejects:
            adapter = _kept_adapter(log_density, has_gradient, numba.typeof(data))
            return BoundDensity(adapter, pack(data), has_gradient, "compiled", _kept_alive=data)
        bound = _bind_compiled(log_density, has_gradient, data, rejects)
        return replace(bound, parallel=is_parallel(log_density))
    except Exception as error:  # whatever stops numba, the density can still run as Python
        text = why_object_mode(log_density, error)
        warnings.warn(text, ObjectModeWarning, stacklevel=users_line())
        original = getattr(log_density, "py_func", log_density)
        call = PythonCall(_python_adapter(original, has_gradient, data, rejects))
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
            adapter = _compiled_adapter(
                log_density, has_gradient, numba.typeof(read_only_views(data)), read_only, rejects
            )
            return BoundDensity(adapter, pack(data), has_gradient, "compiled", _kept_alive=data)
    adapter = _compiled_adapter(log_density, has_gradient, numba.typeof(data), _copy, rejects)
    bound = BoundDensity(
        adapter, pack(()), has_gradient, "compiled", _kept_alive=None, _changed=data
    )
    return bound.of_a_chain()


def arguments_of(log_density: Callable[..., float]) -> int:
    """How many arguments a log density takes by place: 2, or 3 with a gradient.

    Raises
    ------
    TypeError
        If it takes neither, or does not tell.
    """
    if not callable(log_density):
        raise TypeError(
            f"log_density is {type(log_density).__name__}; it must be a function "
            "f(theta, data) or f(theta, grad, data)"
        )
    parameters, needed, others = _parameters(log_density)
    given = ", ".join([*parameters, *others])
    form = (
        "it must be f(theta, data), or f(theta, grad, data) to give a gradient. Data are always "
        "passed: name the argument even where it is not used"
    )
    gradient = len(parameters) > 1 and parameters[1].lower().lstrip("_").startswith("grad")
    if gradient and len(parameters) < 3:
        raise TypeError(f"log_density takes a gradient, but no data ({given}); {form}")
    if others or needed > 3 or len(parameters) < 2:
        raise TypeError(f"log_density takes {needed} arguments ({given}); {form}")
    if needed == 3 or gradient:
        return 3
    if needed < 2 and len(parameters) > 2 and parameters[1].lower() != "data":
        raise TypeError(
            f"log_density takes ({given}), of which {len(parameters) - needed} may be left out: "
            f"whether it has a gradient cannot be told; {form}"
        )
    return 2


def _parameters(log_density: Callable[..., float]) -> tuple[list[str], int, list[str]]:
    """Names of the arguments that are passed by place, how many of them have no default, and those
    that a call by place does not give.
    """
    try:
        parameters = inspect.signature(log_density).parameters.values()
    except ValueError:  # a builtin does not always say
        raise TypeError(
            f"log_density is {log_density!r}, which does not tell its arguments; pass a function "
            "f(theta, data) or f(theta, grad, data) that calls it"
        ) from None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    by_place = [p for p in parameters if p.kind in kinds]
    others = [
        str(p) if p.kind is inspect.Parameter.VAR_POSITIONAL else f"{p.name}, by name only"
        for p in parameters
        if p.kind is inspect.Parameter.VAR_POSITIONAL
        or (p.kind is inspect.Parameter.KEYWORD_ONLY and p.default is inspect.Parameter.empty)
    ]
    needed = sum(p.default is inspect.Parameter.empty for p in by_place)
    return [p.name for p in by_place], needed, others


def _with_gradient(theta, grad, packed):  # type: ignore[no-untyped-def]
    return gate(log_density(give(theta), grad, unpack(packed)))  # type: ignore[name-defined]  # noqa: F821


def _without_gradient(theta, grad, packed):  # type: ignore[no-untyped-def]
    return gate(log_density(give(theta), unpack(packed)))  # type: ignore[name-defined]  # noqa: F821


def _rejecting_with_gradient(theta, grad, packed):  # type: ignore[no-untyped-def]
    try:
        logp = log_density(give(theta), grad, unpack(packed))  # type: ignore[name-defined]  # noqa: F821
    except Exception:
        logp = -math.inf
    return gate(logp)  # type: ignore[name-defined]  # noqa: F821


def _rejecting_without_gradient(theta, grad, packed):  # type: ignore[no-untyped-def]
    try:
        logp = log_density(give(theta), unpack(packed))  # type: ignore[name-defined]  # noqa: F821
    except Exception:
        logp = -math.inf
    return gate(logp)  # type: ignore[name-defined]  # noqa: F821


RAISING = (_without_gradient, _with_gradient)
REJECTING = (_rejecting_without_gradient, _rejecting_with_gradient)


@inlined
def _copy(theta: FloatArray) -> FloatArray:
    return theta.copy()


@compiled
def _as_they_are(data: Any) -> Any:
    return data


def _compiled_adapter(
    log_density: Any, has_gradient: bool, data_type: Any, give: Any = borrow, rejects: bool = False
) -> Any:
    """The three lines between `DENSITY` and the user's function, compiled.

    Of the package's own densities the adapter is kept on disk; a user's is not, for its sources
    cannot all be known.
    """
    function = getattr(log_density, "py_func", log_density)
    dispatcher = log_density
    if function is log_density:  # called from machine code only: no wrapper for Python is needed
        dispatcher = with_callees(function, **NO_WRAPPERS)
    template = (REJECTING if rejects else RAISING)[has_gradient]
    names = {
        "__name__": __name__,
        "gate": nan_to_minus_inf,
        "give": give,
        "log_density": dispatcher,
        "math": math,
        "unpack": unpack_as(data_type) if ONE_SIGNATURE.works else _as_they_are,
    }
    adapter = python_types.FunctionType(template.__code__, names, template.__name__)
    variant = hashlib.sha256(str(data_type).encode()).hexdigest()[:12]
    adapter.__qualname__ = f"adapter_{function.__module__}.{function.__qualname__}_{variant}"
    own = is_ours(function) and not rejects
    if not own:
        adapter.__code__ = template.__code__.replace(co_filename=inspect.getfile(function))
    if not ONE_SIGNATURE.works:
        return numba.njit(FLOAT(VECTOR, VECTOR, data_type), **OPTIONS)(adapter)
    result: Any = compiled(adapter) if own else numba.njit(**OPTIONS, **NO_PYTHON_WRAPPER)(adapter)
    compile_for_one(result, FLOAT(VECTOR, VECTOR, PACKED))
    return result


_kept_adapter = lru_cache(maxsize=64)(
    _compiled_adapter
)  # what the package's own densities call will not change


def _python_adapter(
    log_density: Callable[..., float], has_gradient: bool, data: Any, rejects: bool
) -> Callable[..., float]:
    """Call Python with copies, for the chain's own memory does not outlive what somebody keeps, and
    is not to be written into; in one thread at a time, which may all use the same memory.
    """
    lock = _lock_of(log_density)

    def with_gradient(theta: FloatArray, grad: FloatArray, packed: Any) -> float:
        own = grad.copy()  # with what it holds, so that it shows if that is added to
        with lock:
            logp = float(log_density(theta.copy(), own, data))
        grad[:] = own
        return nan_to_minus_inf(logp)

    def without_gradient(theta: FloatArray, grad: FloatArray, packed: Any) -> float:
        with lock:
            logp = float(log_density(theta.copy(), data))
        return nan_to_minus_inf(logp)

    raising = with_gradient if has_gradient else without_gradient

    def rejecting(theta: FloatArray, grad: FloatArray, packed: Any) -> float:
        try:
            return raising(theta, grad, packed)
        except Exception:
            return -math.inf

    return rejecting if rejects else raising


_locks: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _lock_of(log_density: Callable[..., float]) -> Any:
    """The lock of a function, however often it is bound."""
    try:
        return _locks.setdefault(getattr(log_density, "__func__", log_density), threading.RLock())
    except TypeError:  # no key of a dictionary
        return threading.RLock()
