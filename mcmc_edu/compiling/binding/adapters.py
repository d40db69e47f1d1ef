"""Adapters: three lines between the one signature of all chains, `DENSITY`, and a log density.

An adapter unpacks the data, calls the density and turns NaN into -inf.  `compiled_adapter` makes it
of machine code, `python_adapter` of Python.
"""

from __future__ import annotations

import hashlib
import inspect
import math
import threading
import types as python_types
import weakref
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numba

from ..cache import is_ours
from ..entries import OPTIONS, FloatArray, compiled, inlined
from ..ieee import nan_to_minus_inf
from ..private import NO_PYTHON_WRAPPER, NO_WRAPPERS, ONE_SIGNATURE, compile_for_one, unpack_as
from ..signatures import FLOAT, PACKED, VECTOR
from ..views import without_refcount
from .callees import with_callees


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
def copy_of_theta(theta: FloatArray) -> FloatArray:
    """Give a density a copy of theta, which it may write into."""
    return theta.copy()


@compiled
def _as_they_are(data: Any) -> Any:
    return data


def compiled_adapter(
    log_density: Any,
    has_gradient: bool,
    data_type: Any,
    give: Any = without_refcount,
    rejects: bool = False,
) -> Any:
    """Compile the three lines between `DENSITY` and a log density.

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


kept_adapter = lru_cache(maxsize=64)(
    compiled_adapter
)  # what the package's own densities call will not change


def python_adapter(
    log_density: Callable[..., float], has_gradient: bool, data: Any, rejects: bool
) -> Callable[..., float]:
    """Make a function that calls Python with copies, in one thread at a time.

    The chain's own memory does not outlive what a user keeps of it, and must not be written into.
    Threads may all use the same memory.
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
    """Return the lock of a function, the same however often it is bound."""
    try:
        return _locks.setdefault(getattr(log_density, "__func__", log_density), threading.RLock())
    except TypeError:  # no key of a dictionary
        return threading.RLock()
