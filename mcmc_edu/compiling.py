"""Everything that is numba's own business; no other file of the package imports numba.

A chain is compiled once, ever, whatever the model.  Three devices make that so:

1. A chain sees every log density through one signature, `DENSITY`, so that a new density never
   specialises a sampler.
2. A density's data, a tuple of any type, travel as a flat array of 64-bit slots (`pack`); an
   adapter of three lines, compiled for each density, unpacks them and calls the user's function.
3. Machine code is kept on disk under a hash of the package's own sources, so that an edited
   file is never answered by what was compiled before the edit (`PackageLocator`).

With ``NUMBA_DISABLE_JIT=1`` the same sources run as plain Python and give the same draws, bit
for bit.  A density that numba cannot compile runs as Python inside the compiled chain.
"""

from __future__ import annotations

import hashlib
import inspect
import itertools
import math
import sys
import time
import types as python_types
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numba
import numpy as np
from numba import types
from numba.core import caching, event
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

UNCOMPILED = bool(numba.config.DISABLE_JIT)
"""True under ``NUMBA_DISABLE_JIT=1``: every function is the plain Python one it was written as."""


PACKAGE = Path(__file__).resolve().parent


def _in_package(file: str) -> bool:
    return PACKAGE in Path(file).resolve().parents


@cache
def source_stamp() -> str:
    """A hash of every source file of the package: what cached machine code must match."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class PackageLocator:
    """Mix into numba's cache locators: the package's files only, stamped with all its sources.

    numba's own stamp is the file of the cached function itself, and an edited callee in another
    file would go on running as it was.  Other people's functions are declined, and keep the
    caches they have.
    """

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        """Take over the package's functions; decline all others with None."""
        found = super().from_function if _in_package(py_file) else None  # type: ignore[misc]
        return found(py_func, py_file) if found else None

    def get_source_stamp(self) -> str:
        """What is compared with the stamp on disk."""
        return source_stamp()


def _put_package_locators_first() -> None:
    numbas = (
        caching.UserProvidedCacheLocator,  # NUMBA_CACHE_DIR, where it is set
        caching.InTreeCacheLocator,  # __pycache__ beside the source, where it can be written
        caching.UserWideCacheLocator,  # else the user's cache folder
    )
    ours = [type(f"Package{c.__name__}", (PackageLocator, c), {}) for c in numbas]
    caching.CacheImpl._locator_classes[:0] = ours


_put_package_locators_first()


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


_OPTIONS = {"error_model": "numpy", "nogil": True}  # x / 0 is inf, as in NumPy; threads run free


def compiled(function: Function, **options: bool) -> Function:
    """Compile a function of the package, for the argument types it is first called with."""
    chosen = _OPTIONS | options
    try:
        return numba.njit(cache=True, **chosen)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # nowhere on this disk may be written: compile in every process
        return numba.njit(**chosen)(function)  # type: ignore[no-any-return]


class Entry:
    """A compiled chain with one fixed signature: what the driver calls.

    The dispatcher is bypassed on purpose: it would compile the chain anew for each density.
    """

    def __init__(self, function: Callable[..., Any], signature: tuple[Any, ...]) -> None:
        self.dispatcher: Any = compiled(function)
        self.signature = signature
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self._entry_point: Callable[..., Any] | None = None

    def load(self) -> None:
        """Find the machine code on disk, or compile it and leave it there."""
        if self._entry_point is None:
            self._entry_point = self.dispatcher.compile(self.signature)

    def __call__(self, *arguments: Any) -> Any:
        """Call the machine code; every argument must have exactly the type of the signature."""
        self.load()
        return self._entry_point(*arguments)  # type: ignore[misc]


class _PlainEntry(Entry):
    """The same under ``NUMBA_DISABLE_JIT=1``, where there is nothing to load."""

    def load(self) -> None:
        self._entry_point = self.dispatcher


def entry(*signature: Any) -> Callable[[Callable[..., Any]], Entry]:
    """Decorate a chain: compiled for these argument types only, at its first call."""
    return lambda function: (_PlainEntry if UNCOMPILED else Entry)(function, signature)


# Plain Python raises where machine code gives inf or nan.  These give inf or nan in both.


@compiled
def log(x: float) -> float:
    """Natural logarithm: -inf at 0, nan below."""
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


@compiled
def exp(x: float) -> float:
    """Exponential: inf where it overflows."""
    return math.inf if x > 709.782712893384 else math.exp(x)


@compiled
def sqrt(x: float) -> float:
    """Square root: nan below 0."""
    return math.sqrt(x) if x >= 0.0 else math.nan


@compiled
def nan_to_minus_inf(logp: float) -> float:
    """Let no NaN through: the one gate, between every density and every sampler."""
    return logp if logp == logp else -math.inf


@intrinsic
def _borrow(typing_context: Any, array: Any) -> Any:
    def without_owner(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(array)(context, builder, arguments[0])
        view.meminfo = context.get_constant_null(types.voidptr)
        return view._getvalue()

    return array(array), without_owner


@compiled
def borrow(array: FloatArray) -> FloatArray:
    """See an array without owning a share of it: rows of the result cost no reference counting.

    Only for memory that outlives the compiled call, such as what Python passed to it.
    """
    return _borrow(array)  # type: ignore[no-any-return]


if UNCOMPILED:

    def borrow(array: FloatArray) -> FloatArray:
        """Python counts references anyway."""
        return array


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


def _unpack_as(data_type: Any) -> Any:
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


def _plain(data: Any, name: str = "data") -> Any:
    """Data with NumPy scalars made Python's, or a TypeError that names what is not data."""
    if isinstance(data, tuple):
        fields = getattr(data, "_fields", range(len(data)))
        separator = "{}.{}" if hasattr(data, "_fields") else "{}[{}]"
        parts = [_plain(p, separator.format(name, f)) for p, f in zip(data, fields, strict=True)]
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


class ObjectModeWarning(UserWarning):
    """A density could not be compiled and runs as plain Python, correct but slow."""


@dataclass(frozen=True)
class BoundDensity:
    """A log density together with its data, in the form in which a compiled chain takes it."""

    adapter: Any
    """What an `Entry` takes for `DENSITY`."""
    box: NDArray[np.int64]
    """What an `Entry` takes for `BOX`: the packed data."""
    has_gradient: bool
    mode: str
    """``"compiled"``, ``"object"`` (Python inside a compiled chain) or ``"uncompiled"``."""
    _kept_alive: Any = field(repr=False)

    def __call__(self, theta: FloatArray) -> float:
        """Log density at `theta`, shape ``(dim,)``; NaN comes back as -inf."""
        return self.with_gradient(theta, np.empty(theta.size))

    def with_gradient(self, theta: FloatArray, grad: FloatArray) -> float:
        """Log density at `theta`; the gradient, where there is one, is written into `grad`."""
        return float(_value_at(self.adapter, theta, grad, self.box))


@entry(DENSITY, VECTOR, VECTOR, BOX)
def _value_at(density: Any, theta: FloatArray, grad: FloatArray, box: NDArray[np.int64]) -> Any:
    return density(theta, grad, box)


def bind(log_density: Callable[..., float], data: Any = ()) -> BoundDensity:
    """Give a log density the one signature that every chain takes.

    Parameters
    ----------
    log_density
        ``f(theta, data) -> float``, or ``f(theta, grad, data) -> float``, which also writes the
        gradient into `grad`; plain Python or already compiled with numba.
    data
        Numbers and numeric arrays, in a tuple or NamedTuple; passed as they are at every call.

    Raises
    ------
    TypeError
        If `log_density` takes neither two nor three arguments, or `data` holds anything else.

    Warns
    -----
    ObjectModeWarning
        If numba cannot compile the density: it then runs as plain Python.
    """
    has_gradient = _counts_arguments(log_density) == 3
    data = _plain(data)
    if UNCOMPILED:
        return BoundDensity(
            _python_adapter(log_density, has_gradient, data), pack(()), has_gradient, "uncompiled",
            _kept_alive=data,
        )  # fmt: skip
    try:
        adapter = _compiled_adapter(log_density, has_gradient, numba.typeof(data))
    except Exception as error:  # whatever stops numba, the density can still run as Python
        warnings.warn(_why_object_mode(log_density, error), ObjectModeWarning, stacklevel=3)
        original = getattr(log_density, "py_func", log_density)
        call = _PythonCall(_python_adapter(original, has_gradient, data))
        return BoundDensity(_in_object_mode, call.box, has_gradient, "object", _kept_alive=call)
    return BoundDensity(adapter, pack(data), has_gradient, "compiled", _kept_alive=data)


def _counts_arguments(log_density: Callable[..., float]) -> int:
    if not callable(log_density):
        raise TypeError(
            f"log_density is {type(log_density).__name__}; it must be a function "
            "f(theta, data) or f(theta, grad, data)"
        )
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [
        name
        for name, parameter in inspect.signature(log_density).parameters.items()
        if parameter.kind in kinds and parameter.default is inspect.Parameter.empty
    ]
    if len(parameters) not in (2, 3):
        raise TypeError(
            f"log_density takes {len(parameters)} arguments ({', '.join(parameters)}); it must be "
            "f(theta, data), or f(theta, grad, data) to give a gradient. Data are always passed: "
            "name the argument even where it is not used"
        )
    return len(parameters)


def _with_gradient(theta, grad, box):  # type: ignore[no-untyped-def]
    return gate(log_density(theta, grad, unpack(box)))  # type: ignore[name-defined]  # noqa: F821


def _without_gradient(theta, grad, box):  # type: ignore[no-untyped-def]
    return gate(log_density(theta, unpack(box)))  # type: ignore[name-defined]  # noqa: F821


def _compiled_adapter(log_density: Any, has_gradient: bool, data_type: Any) -> Any:
    """The three lines between `DENSITY` and the user's function, compiled.

    Of the package's own densities the adapter is kept on disk; a user's is not, for its sources
    cannot all be known.
    """
    function = getattr(log_density, "py_func", log_density)
    dispatcher = log_density
    if function is log_density:  # called from machine code only: no wrapper for Python is needed
        dispatcher = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(
            function
        )
    template = _with_gradient if has_gradient else _without_gradient
    names = {
        "__name__": __name__,
        "gate": nan_to_minus_inf,
        "log_density": dispatcher,
        "unpack": _unpack_as(data_type),
    }
    adapter = python_types.FunctionType(template.__code__, names, template.__name__)
    variant = hashlib.sha256(str(data_type).encode()).hexdigest()[:12]
    adapter.__qualname__ = f"adapter_{function.__module__}.{function.__qualname__}_{variant}"
    if _in_package(inspect.getfile(function)):
        result: Any = compiled(adapter)
    else:
        adapter.__code__ = template.__code__.replace(co_filename=inspect.getfile(function))
        result = numba.njit(no_cpython_wrapper=True, **_OPTIONS)(adapter)
    result.compile(DENSITY.signature)
    return result


def _python_adapter(
    log_density: Callable[..., float], has_gradient: bool, data: Any
) -> Callable[..., float]:
    if has_gradient:
        return lambda theta, grad, box: nan_to_minus_inf(float(log_density(theta, grad, data)))
    return lambda theta, grad, box: nan_to_minus_inf(float(log_density(theta, data)))


class _PythonCall:
    """A Python adapter that `_in_object_mode` finds again by the number in its box."""

    _numbers = itertools.count()
    living: ClassVar[weakref.WeakValueDictionary[int, _PythonCall]] = weakref.WeakValueDictionary()

    def __init__(self, call: Callable[..., float]) -> None:
        number = next(self._numbers)
        self.call = call
        self.box = np.array([number], dtype=np.int64)
        self.living[number] = self


def _call_python(theta: FloatArray, grad: FloatArray, box: NDArray[np.int64]) -> float:
    return _PythonCall.living[int(box[0])].call(theta, grad, box)


def _in_object_mode(theta: FloatArray, grad: FloatArray, box: NDArray[np.int64]) -> Any:
    with numba.objmode(logp="float64"):
        logp = _call_python(theta, grad, box)
    return logp  # noqa: RET504 (the name is what objmode hands out)


_in_object_mode = compiled(_in_object_mode, nogil=False)


def _why_object_mode(log_density: Any, error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines()]
    reason = next(
        (line for line in lines if line and not line.startswith("Failed in")), repr(error)
    )
    return (
        f"{getattr(log_density, '__name__', 'log_density')} cannot be compiled ({reason[:200]}) "
        "and runs as plain Python: the same draws, but slowly, for every step calls Python. numba "
        "compiles loops, arithmetic, math and most of NumPy, but not scipy.stats or pandas"
    )


class _Announcer(event.Listener):  # type: ignore[misc]
    """Say on stderr that the package is being compiled, which happens once on a machine."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.said = False
        self._depth = 0  # compiling one function may mean compiling those it calls
        self._started = 0.0

    def on_start(self, event: Any) -> None:
        """Print one line at the first compilation of the package's own code."""
        if not _in_package(inspect.getfile(event.data["dispatcher"].py_func)):
            return
        if not self.said:
            print("mcmc_edu: compiling, once ...", end="", file=sys.stderr, flush=True)
            self.said = True
        if self._depth == 0:
            self._started = time.perf_counter()
        self._depth += 1

    def on_end(self, event: Any) -> None:
        """Add up the seconds."""
        if _in_package(inspect.getfile(event.data["dispatcher"].py_func)):
            self._depth -= 1
            if self._depth == 0:
                self.seconds += time.perf_counter() - self._started


_announcing = False


@contextmanager
def compiling_announced() -> Iterator[None]:
    """While this lasts, tell the user on stderr if the package itself has to be compiled.

    One line for all of it: inside another such block this one does nothing.
    """
    global _announcing
    if _announcing:
        yield
        return
    announcer, _announcing = _Announcer(), True
    try:
        with event.install_listener("numba:compile", announcer):
            yield
    finally:
        _announcing = False
        if announcer.said:
            print(f" {announcer.seconds:.1f} s", file=sys.stderr, flush=True)
