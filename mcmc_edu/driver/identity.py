"""What makes a run the same run: its arguments, and its density at points that it has been to.

Code cannot be compared reliably: a function refers to objects, tables and modules that may have
changed.  What it computes can.  So the log density, and the gradient if there is one, are computed
again where the run has been, and every bit must be as it was.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._version import __version__
from ..compiling import BoundDensity, FloatArray, FunctionValue
from ..samplers.machinery.own import OwnSampler

Identity = Mapping[str, Mapping[str, str]]
"""What makes a run: of each argument, its name, how it is shown, and a hash of all of it."""

POINTS = 20
"""At how many states and draws of a chain, beside its start, the density is computed again."""


def identity_of(**arguments: Any) -> Identity:
    """Describe a run by the version of the package and the arguments that decide its draws."""
    everything = {"version of mcmc_edu": __version__, **arguments}
    return {
        key: {"shown": _shown(value), "hash": fingerprint(value)}
        for key, value in everything.items()
    }


def other_argument(before: Identity, now: Identity) -> str | None:
    """Name the first argument of `now` that is not as it was, and both values; None if all are."""
    for key, argument in now.items():
        there = before.get(key, {"hash": "", "shown": "none"})
        if there["hash"] != argument["hash"]:
            return f"another {key}: there {there['shown']}, here {argument['shown']}"
    return None


def _shown(value: Any) -> str:
    with np.printoptions(precision=4, threshold=6, edgeitems=2):
        text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]} ..."


def fingerprint(value: Any) -> str:
    """Hash plain data: numbers, text, arrays, seeds, and tuples and dataclasses of them.

    The hash is the same in every process.

    Raises
    ------
    TypeError
        If there is anything else in it.
    """
    digest = hashlib.sha256()
    for piece in _pieces(value):
        digest.update(f"{len(piece)}:".encode())
        digest.update(piece)
    return digest.hexdigest()


def _pieces(value: Any) -> Iterator[bytes | memoryview]:
    """Take a value apart, bit for bit."""
    yield type(value).__name__.encode()
    if isinstance(value, np.ndarray):
        yield f"{value.dtype}{value.shape}".encode()
        whole = value.flags.c_contiguous and value.size  # no copy of data that are large
        yield value.data.cast("B") if whole else value.tobytes()
    elif isinstance(value, np.random.SeedSequence):
        yield repr((value.entropy, value.spawn_key, value.pool_size)).encode()
    elif isinstance(value, (bool, int, float, str, np.generic, type(None), FunctionValue)):
        yield repr(value).encode()
    elif isinstance(value, (tuple, list)):
        yield str(len(value)).encode()
        for part in value:
            yield from _pieces(part)
    elif isinstance(value, OwnSampler):
        yield from _pieces(value.fingerprint())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _pieces(getattr(value, field.name))
    else:
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(f"{value!r} is not plain data")
        yield from _pieces(array)


class Visited(NamedTuple):
    """States that a chain has been in, and what its density was there."""

    iteration: NDArray[np.int64]
    """Iterations made before, warm-up included, shape (n,); the first is the start, 0."""
    theta: FloatArray
    """Shape (n, dim)."""
    logp: FloatArray
    """Shape (n,)."""
    grad: FloatArray | None
    """Shape (n, dim); None if the sampler needs no gradient."""


class _Point(NamedTuple):
    """What is used of a chain's state."""

    theta: FloatArray
    logp: float
    grad: FloatArray | None


class VisitedStates:
    """Collect states of a chain: its start, and up to 20 more spread evenly over its way.

    Parameters
    ----------
    start
        The chain's first state; or all that was collected of it before it was resumed.
    """

    def __init__(self, start: Any) -> None:
        self._kept: list[tuple[int, _Point]] = []
        self._every, self._seen = 1, 0
        if isinstance(start, Visited):
            for iteration, theta, logp, grad in _points(start):
                self.add(iteration, _Point(theta, logp, grad))
        else:
            self.add(0, start)

    def add(self, iteration: int, state: Any) -> None:
        """Keep a state, or one of 2, 4, 8, ... of them when there are many."""
        if self._seen % self._every == 0:
            point = _Point(state.theta, state.logp, getattr(state, "grad", None))
            self._kept.append((iteration, point))
        if len(self._kept) > POINTS + 1:
            self._kept = self._kept[::2]
            self._every *= 2
        self._seen += 1

    def arrays(self) -> Visited:
        """Give all that was kept."""
        iterations, points = zip(*self._kept, strict=True)
        grads = [point.grad for point in points if point.grad is not None]
        return Visited(
            np.array(iterations, dtype=np.int64),
            np.array([point.theta for point in points]),
            np.array([point.logp for point in points]),
            np.array(grads) if grads else None,
        )


def difference(
    density: BoundDensity,
    visited: Sequence[Visited],
    draws: Sequence[tuple[FloatArray, FloatArray]],
    warmup: int,
    thin: int = 1,
) -> str | None:
    """Find where the density is not what it was when the run was written.

    Parameters
    ----------
    density
        The log density as it is now.
    visited
        States of each chain.
    draws
        Draws (n, dim) of each chain and their log densities (n,); 20 of them are looked at.
    warmup
        Iterations before the draws.
    thin
        How many iterations there are for each draw.

    Returns
    -------
    str or None
        What differs, at which chain and draw; None if every bit is the same.
    """
    for k, (states, (theta, logp)) in enumerate(zip(visited, draws, strict=True)):
        chosen = np.unique(np.linspace(0, len(theta) - 1, min(POINTS, len(theta))).astype(int))
        drawn = ((warmup + i * thin + 1, theta[i], logp[i], None) for i in chosen)
        points = [*_points(states), *drawn]
        for iteration, point, before, gradient in points:
            grad = np.full(point.size, np.nan)
            place = f"in chain {k}, {_place(iteration, warmup)}"
            try:
                with np.errstate(all="ignore"):  # what runs uncompiled may overflow
                    now = density.with_gradient(point, grad)
            except Exception as error:
                return f"{place}, it was {before!r} and raises {error!r}"
            if np.float64(now).tobytes() != np.float64(before).tobytes():
                return f"{place}, it was {before!r} and is {now!r}"
            if gradient is not None and grad.tobytes() != gradient.tobytes():
                return f"{place}, its gradient was {gradient} and is {grad}"
    return None


def _points(states: Visited) -> Iterator[tuple[int, FloatArray, float, FloatArray | None]]:
    for n, iteration in enumerate(states.iteration.tolist()):
        grad = None if states.grad is None else states.grad[n]
        yield iteration, states.theta[n], float(states.logp[n]), grad


def _place(iteration: int, warmup: int) -> str:
    if iteration == 0:
        return "at its start"
    if iteration <= warmup:
        return f"after warm-up iteration {iteration - 1}"
    return f"at draw {iteration - warmup - 1}"
