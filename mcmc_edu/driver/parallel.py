"""Chains in other places: threads, processes or machines behind a ``concurrent.futures.Executor``.

A block of a chain needs no more than the chain's snapshot, so that any worker can make it:

    snapshot  ->  restore, run n iterations  ->  draws, next snapshot

The chain stays here, and is restored from each snapshot that comes back.  Progress, files and the
end of a run are the driver's business as ever, and the draws are the same, bit for bit.

The log density and its data are packed once, and unpacked once by each worker process.
"""

from __future__ import annotations

import importlib
import io
import pickle
import threading
import uuid
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import cached_property
from typing import Any

import numpy as np

from ..compiling import BoundDensity, FloatArray, ObjectModeWarning, bind, compiling_announced
from ..samplers.machinery.own import OwnSampler

KEPT = 4
"""How many packages a worker process keeps unpacked: those used last."""

EXPECTED = (
    "expected an executor of concurrent.futures, or one like it. Pass for example "
    "executor=concurrent.futures.ProcessPoolExecutor(4)"
)


def check_executor(executor: Any) -> None:
    """Refuse what cannot be given tasks.

    Raises
    ------
    TypeError
        If it has no `submit`, or is a class and not an object.
    """
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        raise TypeError(f"executor={executor!r}: {EXPECTED}")


class Package:
    """A value that is passed to many tasks: as it is to threads, pickled once to processes."""

    def __init__(self, value: Any) -> None:
        self.value = value

    @cached_property
    def _pickled(self) -> tuple[str, bytes]:
        """A name that no other package has, and the value in bytes."""
        return uuid.uuid4().hex, pickled(self.value)

    def __reduce__(self) -> Any:
        """Send the bytes; a process that has this package unpacked does not look at them."""
        return unpacked, self._pickled


_unpacked: OrderedDict[str, Package] = OrderedDict()
_unpacking = threading.Lock()


def unpacked(name: str, content: bytes) -> Package:
    """Return the package of this name, unpacked from its bytes if this process has not done so."""
    with _unpacking:
        if name not in _unpacked:
            _unpacked[name] = Package(pickle.loads(content))
        _unpacked.move_to_end(name)
        while len(_unpacked) > KEPT:
            _unpacked.popitem(last=False)
        return _unpacked[name]


def pickled(value: Any) -> bytes:
    """Pickle a value, by cloudpickle if it is installed: that takes lambdas and local functions.

    Raises
    ------
    TypeError
        If a part of it cannot be pickled.
    """
    stream = io.BytesIO()
    try:
        _pickler()(stream, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise TypeError(
            f"the executor's processes cannot be sent what they need ({error}). Define functions "
            "at the top of a module, or install cloudpickle, which takes lambdas and functions "
            "defined in others"
        ) from error
    return stream.getvalue()


def _pickler() -> Any:
    try:
        from cloudpickle import Pickler as Base
    except ImportError:
        from pickle import Pickler as Base

    class Pickler(Base):  # type: ignore[misc]
        """Send compiled functions of a module by name, so that they are found on disk."""

        def reducer_override(self, value: Any) -> Any:
            python = getattr(value, "py_func", None)
            if python is not None and python.__module__ != "__main__":
                where = python.__module__, python.__qualname__
                try:
                    if of_module(*where) is value:
                        return of_module, where
                except (ImportError, AttributeError):
                    pass  # a local function: it has no name outside
            above: Any = getattr(super(), "reducer_override", None)
            return NotImplemented if above is None else above(value)

    return Pickler


def of_module(module: str, name: str) -> Any:
    """Return what a module calls by this name."""
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def call(package: Package, *arguments: Any) -> Any:
    """Call the function in a package."""
    return package.value(*arguments)


class Recipe:
    """What a worker needs to make the chains of a run.

    Parameters
    ----------
    sampler
        One of ours; or the user's step, as it was given.
    log_density, data, on_error, warmup
        As in `mcmc_edu.sample`.
    density
        The log density, bound, where that is done already.
    """

    def __init__(
        self,
        sampler: Any,
        log_density: Callable[..., float],
        data: Any,
        on_error: str,
        warmup: int,
        density: BoundDensity | None = None,
    ) -> None:
        self._given = sampler, log_density, data, on_error, warmup
        self.sampler = sampler if hasattr(sampler, "chain") else OwnSampler(sampler)
        self._density = density
        self._chains: dict[int, Any] = {}

    def __reduce__(self) -> Any:
        """Leave behind what is bound to this process."""
        return Recipe, self._given

    @property
    def density(self) -> BoundDensity:
        """The log density, bound in this process."""
        if self._density is None:
            _, log_density, data, on_error, _ = self._given
            with warnings.catch_warnings(), compiling_announced(muted=True):
                warnings.simplefilter("ignore", ObjectModeWarning)  # the driver has warned
                self._density = bind(log_density, data, on_error)
        return self._density

    def chain(self, k: int, start: FloatArray, snapshot: dict[str, Any]) -> Any:
        """Make chain k, which began at `start`, or take the one made before; set it to a snapshot.

        No two tasks have the same chain at the same time.
        """
        if k not in self._chains:
            seed = np.random.SeedSequence(0)  # the snapshot has the generator's state
            density, warmup = self.density.of_a_chain(), self._given[-1]
            self._chains[k] = self.sampler.chain(density, start, warmup, seed)
        self._chains[k].restore(snapshot)
        return self._chains[k]


def run_block(package: Package, k: int, place: bytes, n: int) -> bytes:
    """Make `n` iterations of chain k, wherever this is called.

    What travels is bytes, since some executors hand over arrays that cannot be written into.

    Parameters
    ----------
    package
        The `Recipe` of the run.
    k
        Number of the chain.
    place
        Where it began and its snapshot, pickled.
    n
        Iterations.

    Returns
    -------
    bytes
        What `Chain.run` returns and the next snapshot, pickled.
    """
    chain = package.value.chain(k, *pickle.loads(place))
    with np.errstate(all="ignore"):  # what runs uncompiled may overflow on its way
        part = chain.run(n)
    return pickle.dumps((part, chain.snapshot()))


class RemoteChain:
    """A chain of which an executor makes the iterations.

    Parameters
    ----------
    chain
        The chain, here, at its start.
    k
        Its number.
    executor
        Where its iterations are made.
    package
        The `Recipe` of the run.
    agreed
        What chains of the run have in common: the names of their stats.
    """

    def __init__(
        self, chain: Any, k: int, executor: Executor, package: Package, agreed: dict[str, list[str]]
    ) -> None:
        self._here, self._k, self._agreed = chain, k, agreed
        self._executor, self._package = executor, package
        self._start = chain.state.theta.copy()

    @property
    def steps(self) -> int:
        """Iterations so far."""
        return int(self._here.steps)

    @property
    def state(self) -> Any:
        """Where the chain is."""
        return self._here.state

    def run(self, n: int) -> Any:
        """Have `n` iterations made, and take over what comes back."""
        place = pickle.dumps((self._start, self._here.snapshot()))
        task = self._executor.submit(run_block, self._package, self._k, place, n)
        part, snapshot = pickle.loads(task.result())
        names = list(part[1])
        if names != (first := self._agreed.setdefault("stats", names)):
            raise TypeError(
                f"info has {names} in chain {self._k}, and {first} in another one, logp included. "
                "Give the same names in all chains, in the same order"
            )
        self._here.restore(snapshot)
        return part

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        found: dict[str, Any] = self._here.snapshot()
        return found

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self._here.restore(snapshot)


def remotely(chains: Sequence[Any], executor: Executor, recipe: Recipe) -> list[RemoteChain]:
    """Let an executor make the iterations of these chains, which are at their start."""
    package, agreed = Package(recipe), dict[str, list[str]]()
    return [RemoteChain(chain, k, executor, package, agreed) for k, chain in enumerate(chains)]
