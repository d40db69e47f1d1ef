"""All that the package uses of numba beyond its public interface; no other file does.

A release of numba may take any of these names away.  They serve five devices.  Where a name is
missing, the package does without the device: it still samples, gives the same draws, and says once
what it has lost.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache as remember
from functools import cached_property
from pkgutil import resolve_name
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic, overload_method, typeof_impl

from .cache import check_for_edits, source_stamp, stamp_holds

UNCOMPILED = bool(numba.config.DISABLE_JIT)
"""True under ``NUMBA_DISABLE_JIT=1``: every function is the plain Python one it was written as."""


@dataclass(frozen=True)
class Device:
    """What private names are used for."""

    gives: str
    without: str
    """What is said where a name is missing."""
    names: tuple[str, ...]
    """``module:name`` in numba, ``dispatcher:name`` in what `numba.njit` returns."""

    @cached_property
    def missing(self) -> list[str]:
        """Names that this numba does not have, without those of a class that it does not have."""
        missing = [name for name in self.names if not _is_there(name)]
        return [name for name in missing if name.rpartition(".")[0] not in missing]

    @property
    def works(self) -> bool:
        """Whether this numba has all of its names."""
        return not self.missing


ONE_SIGNATURE = Device(
    "a chain takes every log density and all data by one signature: it is compiled once, ever",
    "it is compiled in every process, again for each log density",
    (
        "dispatcher:compile",
        "types:FunctionType",
        "types:WrapperAddressProtocol",
        "types:NamedTuple",
        "types:NamedUniTuple",
        "types:BaseTuple",
        "types:Float",
        "types:Boolean",
        "types:intp",
        "types:voidptr",
        "core.base:BaseContext.cast",
        "core.base:BaseContext.get_constant",
        "core.base:BaseContext.get_constant_null",
        "core.base:BaseContext.get_value_type",
        "core.base:BaseContext.make_array",
        "core.base:BaseContext.make_tuple",
        "core.cgutils:_StructProxy._getvalue",
        "core.cgutils:create_struct_proxy",
        "core.compiler:CompileResult.fndesc",
        "core.compiler:CompileResult.library",
        "core.codegen:JITCodeLibrary.get_pointer_to_function",
        "core.funcdesc:FunctionDescriptor.llvm_cfunc_wrapper_name",
        "core.funcdesc:FunctionDescriptor.llvm_func_name",
        "dispatcher:overloads",
        "core.imputils:impl_ret_borrowed",
        "np.arrayobj:populate_array",
    ),
)
DISK = Device(
    "machine code is kept on disk",
    "it is compiled in every process",
    (
        "dispatcher:_cache",
        "core.caching:FunctionCache",
        "core.caching:FunctionCache._impl_class",
        "core.caching:FunctionCache.load_overload",
        "core.caching:FunctionCache.save_overload",
        "core.caching:FunctionCache.flush",
        "core.caching:CompileResultCacheImpl",
        "core.caching:CompileResultCacheImpl.reduce",
        "core.caching:CompileResultCacheImpl.rebuild",
        "core.compiler:CompileResult.signature",
        "core.compiler:CompileResult.codegen",
        "core.cpu:CPUContext.codegen",
        "core.codegen:CPUCodegen.magic_tuple",
    ),
)
LEAN_CODE = Device(
    "functions stand in place of their calls, count no references and have no wrappers",
    "its machine code is slower",
    (
        "core.cpu:CPUTargetOptions._nrt",
        "core.cpu:CPUTargetOptions.forceinline",
        "core.cpu:CPUTargetOptions.no_cpython_wrapper",
        "core.cpu:CPUTargetOptions.no_cfunc_wrapper",
    ),
)
SHORT_CALLS = Device(
    "the machine code of a density is looked up once, not whenever it is passed to a chain",
    "its calls of chains take longer",
    (
        "dispatcher:overloads",
        "dispatcher:get_compile_result",
        "core.compiler:CompileResult.library",
        "core.codegen:JITCodeLibrary.get_pointer_to_function",
    ),
)
EVENTS = Device(
    "numba tells when it compiles",
    "it does not say when it is compiled",
    ("core.event:Event.data", "core.event:Listener", "core.event:install_listener"),
)
DEVICES = (ONE_SIGNATURE, DISK, LEAN_CODE, SHORT_CALLS, EVENTS)


def _is_there(name: str) -> bool:
    module, attribute = name.split(":")
    if module == "dispatcher":
        return UNCOMPILED or hasattr(_example(), attribute)
    try:
        resolve_name(f"numba.{name}")
    except (AttributeError, ImportError):
        return False
    return True


@remember
def _example() -> Any:
    return numba.njit(_is_there)


def losses() -> list[str]:
    """List what to tell the user: a line for each device that does not work with this numba."""
    return [
        f"numba {numba.__version__} has no {', '.join(device.missing).replace(':', '.')}: "
        f"the package works without, but {device.without}"
        for device in DEVICES
        if not (UNCOMPILED or device.works)
    ]


# ONE_SIGNATURE


def function_type(result: Any, *arguments: Any) -> Any:
    """Name the type of all functions of one signature."""
    return types.FunctionType(result(*arguments)) if ONE_SIGNATURE.works else None


def type_by_signature(kind: type) -> None:
    """Let numba type objects of this class by their method `signature`, as functions."""
    typeof_impl.register(kind)(lambda value, context: types.FunctionType(value.signature()))


def add_method(dispatcher: Any, name: str, method: Any) -> None:
    """Let machine code call ``f.name(x)``, where f is this compiled function, as ``method(x)``."""
    overload_method(numba.typeof(dispatcher), name)(lambda self, x: lambda self, x: method(x))


def named_tuple_type(named_tuple: Any, fields: tuple[Any, ...]) -> Any:
    """Name the type of a NamedTuple whose fields have these types."""
    if not ONE_SIGNATURE.works:
        return None
    if len(set(fields)) == 1:
        return types.NamedUniTuple(fields[0], len(fields), named_tuple)
    return types.NamedTuple(fields, named_tuple)


def tuple_type(*parts: Any) -> Any:
    """Name the type of a tuple."""
    return types.Tuple(parts) if ONE_SIGNATURE.works else None


def layouts(signature: tuple[Any, ...]) -> list[Any]:
    """List what the memory of each argument must be.

    It is (dtype, ndim) for an array, a list of these for a tuple, and None for anything else.
    """
    found: list[Any] = []
    for kind in signature:
        if isinstance(kind, types.Array):
            found.append((np.dtype(str(kind.dtype)), kind.ndim))
        elif isinstance(kind, types.BaseTuple):
            found.append(layouts(tuple(kind)))
        else:
            found.append(None)
    return found


def unpack_as(data_type: Any) -> Any:
    """Make a compiled function that reads `pack`'s slots back into data of this numba type.

    The arrays it makes own nothing (their memory belongs to Python and is kept alive by
    `BoundDensity`), so they cost no reference counting in the sampler.
    """
    populate_array = resolve_name("numba.np.arrayobj:populate_array")

    def read(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        packed = context.make_array(signature.args[0])(context, builder, arguments[0])
        position = itertools.count()

        def next_slot() -> Any:
            index = context.get_constant(types.intp, next(position))
            return builder.load(builder.gep(packed.data, [index]))

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
            if isinstance(numba_type, types.FunctionType):
                made = resolve_name("numba.core.cgutils:create_struct_proxy")(numba_type)
                value = made(context, builder)
                value.c_addr = builder.inttoptr(next_slot(), value.c_addr.type)
                value.jit_addr = builder.inttoptr(next_slot(), value.jit_addr.type)
                value.py_addr = context.get_constant_null(types.voidptr)
                return value._getvalue()
            slot = next_slot()
            if isinstance(numba_type, types.Float):
                return builder.bitcast(slot, context.get_value_type(numba_type))
            if isinstance(numba_type, types.Boolean):
                return builder.trunc(slot, context.get_value_type(numba_type))
            return slot

        return build(data_type)

    def unpack(typing_context: Any, packed: Any) -> Any:
        return data_type(packed), read

    return intrinsic(unpack)


AddressOfFunction: Any = getattr(types, "WrapperAddressProtocol", object)
"""What numba takes for a function of which it knows no more than signature and address."""


def function_addresses(dispatcher: Any) -> tuple[int, int]:
    """Where the machine code of a function of one signature is: for C, and for numba's own."""
    (result,) = dispatcher.overloads.values()
    descriptor, library = result.fndesc, result.library
    c_address = library.get_pointer_to_function(descriptor.llvm_cfunc_wrapper_name)
    return c_address, library.get_pointer_to_function(descriptor.llvm_func_name)


@intrinsic  # type: ignore[untyped-decorator]
def borrowed(typing_context: Any, array: Any) -> Any:
    """Return the array without counting a reference to it."""

    def without_owner(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(array)(context, builder, arguments[0])
        view.meminfo = context.get_constant_null(types.voidptr)
        return view._getvalue()

    return array(array), without_owner


@intrinsic  # type: ignore[untyped-decorator]
def read_only(typing_context: Any, array: Any) -> Any:
    """Return the array as read-only, without counting a reference to it.

    Code that writes is not compiled for it, be it on a branch that is never taken.
    """
    result = types.Array(array.dtype, array.ndim, array.layout, readonly=True)

    def without_owner(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(array)(context, builder, arguments[0])
        view.meminfo = context.get_constant_null(types.voidptr)
        return view._getvalue()

    return result(array), without_owner


@intrinsic  # type: ignore[untyped-decorator]
def rows_of(typing_context: Any, flat: Any, rows: Any, columns: Any) -> Any:
    """View a contiguous array of one axis as rows."""
    result = types.Array(flat.dtype, 2, "C", readonly=not flat.mutable)
    populate_array = resolve_name("numba.np.arrayobj:populate_array")
    impl_ret_borrowed = resolve_name("numba.core.imputils:impl_ret_borrowed")

    def of_the_same_memory(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(flat)(context, builder, arguments[0])
        shape = [
            context.cast(builder, n, kind, types.intp)
            for n, kind in zip(arguments[1:], signature.args[1:], strict=True)
        ]
        strides = [builder.mul(shape[1], view.itemsize), view.itemsize]
        made = context.make_array(result)(context, builder)
        populate_array(
            made,
            data=view.data,
            shape=shape,
            strides=strides,
            itemsize=view.itemsize,
            meminfo=view.meminfo,
            parent=view.parent,
        )
        return impl_ret_borrowed(context, builder, result, made._getvalue())

    return result(flat, rows, columns), of_the_same_memory


def compile_for_one(dispatcher: Any, signature: Any) -> Any:
    """Compile for the only signature that there will be; returns what Python can call.

    numba looks for the result and its addresses whenever the function is passed to a chain, and
    would each time hash the hundred types that a signature is made of.
    """
    entry_point = dispatcher.compile(signature)
    if SHORT_CALLS.works:
        (result,) = dispatcher.overloads.values()
        dispatcher.get_compile_result = lambda _: result
        library = result.library
        library.get_pointer_to_function = remember(library.get_pointer_to_function)
    return entry_point


# DISK


def keep_on_disk(dispatcher: Any) -> None:
    """Let numba look for the machine code of a function on disk, and leave it there.

    Raises
    ------
    RuntimeError
        If no folder for it can be written.
    """
    if not UNCOMPILED and DISK.works and ONE_SIGNATURE.works:
        check_for_edits(dispatcher.py_func.__code__.co_filename)
        dispatcher._cache = _package_cache()(dispatcher.py_func)


def is_kept(dispatcher: Any) -> bool:
    """Whether the next process will find the machine code of this function."""
    return DISK.works and stamp_holds() and isinstance(dispatcher._cache, _package_cache())


not_kept: list[str] = []
"""Why machine code of this process could not be written."""


@remember
def _package_cache() -> Any:
    """Make numba's cache of a function, changed to check what it reads.

    The machine code itself is stamped.  numba stamps a list of what there is, in a file beside it,
    and two processes that write at the same time can leave the list of one with the code of the
    other: of other sources, for another processor, or for other types.
    """
    caching = importlib.import_module("numba.core.caching")

    def stamp_of(codegen: Any) -> tuple[Any, ...]:
        return numba.__version__, codegen.magic_tuple(), source_stamp()

    class Stamped(caching.CompileResultCacheImpl):  # type: ignore[misc, name-defined]
        def reduce(self, result: Any) -> Any:
            return stamp_of(result.codegen), super().reduce(result)

        def rebuild(self, target_context: Any, kept: Any) -> Any:
            stamp, reduced = kept
            if stamp != stamp_of(target_context.codegen()):
                return None
            return super().rebuild(target_context, reduced)

    class PackageCache(caching.FunctionCache):  # type: ignore[misc, name-defined]
        _impl_class = Stamped

        def load_overload(self, signature: Any, target_context: Any) -> Any:
            if not stamp_holds():
                return None
            try:
                found = super().load_overload(signature, target_context)
            except Exception:  # a damaged file is as good as none, and is replaced
                with suppress(Exception):
                    self.flush()
                return None
            wanted = tuple(getattr(signature, "args", signature))
            return found if found is not None and found.signature.args == wanted else None

        def save_overload(self, signature: Any, result: Any) -> None:
            if not stamp_holds():
                return
            try:
                super().save_overload(signature, result)
            except Exception as error:  # it runs all the same
                not_kept.append(f"{type(error).__name__}: {error}")

    return PackageCache


# LEAN_CODE


def _lean(**options: bool) -> dict[str, bool]:
    """Options of `numba.njit` that change no result.

    Without `borrowed` all functions have to count references, for then every view is an owner.
    """
    return options if LEAN_CODE.works and ONE_SIGNATURE.works else {}


COUNTED = _lean(_nrt=True)
"""References to arrays are counted.  Where nothing is said, the first caller's choice is taken."""
UNCOUNTED = _lean(_nrt=False)
IN_PLACE = _lean(forceinline=True)
NO_PYTHON_WRAPPER = _lean(no_cpython_wrapper=True)
NO_WRAPPERS = _lean(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For what is called from compiled code only: what would call it from Python takes longer to
compile than the function."""


# EVENTS


def when_compiling(
    start: Callable[[Any], None], end: Callable[[Any], None]
) -> AbstractContextManager[Any]:
    """While this lasts, call both around each compilation with what `numba.njit` returned.

    The parts of a function that run as Python inside it are not told.
    """
    if not EVENTS.works:
        return nullcontext()
    event = importlib.import_module("numba.core.event")

    class Listener(event.Listener):  # type: ignore[misc, name-defined]
        def on_start(self, event: Any) -> None:
            if isinstance(event.data["dispatcher"], type(_example())):
                start(event.data["dispatcher"])

        def on_end(self, event: Any) -> None:
            if isinstance(event.data["dispatcher"], type(_example())):
                end(event.data["dispatcher"])

    return event.install_listener("numba:compile", Listener())  # type: ignore[no-any-return]
