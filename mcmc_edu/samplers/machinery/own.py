"""A sampler of the user's own: settings and a chain around its step, which see `contract`."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from types import CodeType
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import BoundDensity, FloatArray, log_density_for
from ..contract import as_before, numbers_of, plain, theta_of
from .errors import INFINITE, DensityError


class Point(NamedTuple):
    """Where a chain is."""

    theta: FloatArray
    logp: float


class OwnSampler:
    """A step of the user's, as the driver takes it.

    Parameters
    ----------
    given
        A function ``step(rng, state, log_density)``, or an object with it.

    Raises
    ------
    TypeError
        If it is neither.
    """

    needs_gradient: ClassVar[bool] = False

    def __init__(self, given: Any) -> None:
        if isinstance(given, type) or not callable(getattr(given, "step", given)):
            raise TypeError(
                f"sampler is {given!r}; pass for example me.NUTS() or me.Metropolis(scale=0.1), a "
                "function step(rng, state, log_density) -> (state, info), or an object with that "
                "method"
            )
        self.given = given
        self.step: Callable[..., Any] = getattr(given, "step", given)
        self.init: Callable[..., Any] | None = getattr(given, "init", None)
        self.names: list[str] | None = None
        """What the first step's info has, in all chains."""

    def __repr__(self) -> str:
        """Name the function or class: an address would differ in the next process."""
        plain_function = getattr(self.given, "py_func", self.given)
        return str(getattr(plain_function, "__qualname__", type(self.given).__qualname__))

    def __reduce__(self) -> Any:
        """Leave its name in a pickle, as in a file: code may not be read from either."""
        return str, (repr(self),)

    def load(self) -> None:
        """Do nothing: a compiled step is compiled at its first call."""

    def check(self, dim: int) -> None:
        """Accept any number of parameters: the first step tells more."""

    def chain(
        self, density: BoundDensity, theta: FloatArray, warmup: int, seed: np.random.SeedSequence
    ) -> OwnChain:
        """Start a chain at `theta` (dim,).  Nothing is adapted in its `warmup`."""
        return OwnChain(self, density, theta, seed)

    def fingerprint(self) -> list[Any]:
        """Return plain data that differ where the code or the settings of the sampler do."""
        found: list[Any] = [repr(self)]
        for function in (self.step, self.init):
            found += list(_code_of(function))
        if not callable(self.given) or hasattr(self.given, "step"):
            settings = getattr(self.given, "__dict__", {})
            found += [part for name in sorted(settings) for part in (name, _told(settings[name]))]
        return found


def _code_of(function: Any) -> Iterator[Any]:
    function = getattr(function, "__func__", function)
    function = getattr(function, "py_func", function)
    code = getattr(function, "__code__", None)
    yield "" if code is None else _hash(code)
    yield from (_told(value) for value in getattr(function, "__defaults__", None) or ())
    for cell in getattr(function, "__closure__", None) or ():
        yield _told(cell.cell_contents)


def _hash(code: CodeType) -> str:
    digest = hashlib.sha256(code.co_code + repr(code.co_names).encode())
    for constant in code.co_consts:
        inner = _hash(constant) if isinstance(constant, CodeType) else repr(constant)
        digest.update(inner.encode())
    return digest.hexdigest()


def _told(value: Any) -> Any:
    """Return a value if it is plain data, else its type."""
    array = isinstance(value, np.ndarray) and not value.dtype.hasobject
    if array or isinstance(value, (bool, int, float, str, type(None), np.generic)):
        return value
    return type(value).__qualname__


class OwnChain:
    """One chain of a user's sampler on its way."""

    def __init__(
        self,
        sampler: OwnSampler,
        density: BoundDensity,
        theta: FloatArray,
        seed: np.random.SeedSequence,
    ) -> None:
        self.sampler, self.density = sampler, density
        self.steps = 0
        self._rng = np.random.default_rng(seed)
        self._log_density = log_density_for(sampler.step, density)
        self._own: Any = theta.copy()
        if sampler.init is not None:
            compiled = log_density_for(sampler.init, density)
            self._own = sampler.init(theta.copy(), compiled, self._rng)
        start = theta_of(self._own, theta.size).copy()
        plain(self._own)  # which refuses what is no state
        self.state = Point(start, density(start))

    def run(self, n: int) -> tuple[FloatArray, dict[str, NDArray[Any]], FloatArray]:
        """Make `n` steps.

        Returns
        -------
        draws, stats, where
            Shape ``(n, dim)``; ``logp`` and what the sampler says in its info, shape ``(n,)``
            each; and where steps began that it calls divergent, shape ``(divergences, dim)``.

        Raises
        ------
        DensityError
            If the step raises, or moves to where the log density is +inf.
        TypeError, ValueError
            If a step returns anything but a state and info.
        """
        dim = self.state.theta.size
        draws, logps = np.empty((n, dim)), np.empty(n)
        said: list[Mapping[str, Any]] = []
        where = []
        for t in range(n):
            before = self.state
            theta, info = self._step(dim)
            if info.get("divergent", False):
                where.append(before.theta)
            logp = before.logp
            if theta.tobytes() != before.theta.tobytes():
                logp = self._value_at(theta)
            draws[t], logps[t] = theta, logp
            self.state = Point(draws[t].copy(), logp)
            self.steps += 1
            said.append(info)
        stats: dict[str, NDArray[Any]] = {"logp": logps}
        for name in said[0] if said else ():
            kind = bool if name == "divergent" else None
            stats[name] = np.array([info[name] for info in said], dtype=kind)
        return draws, stats, np.array(where).reshape(-1, dim)

    def _step(self, dim: int) -> tuple[FloatArray, Mapping[str, Any]]:
        try:
            found = self.sampler.step(self._rng, self._own, self._log_density)
        except Exception as error:
            raise DensityError(
                f"the step of {self.sampler!r} raised {error!r}", self.steps, self.state.theta
            ) from error
        if not isinstance(found, tuple) or len(found) != 2 or hasattr(found, "_fields"):
            raise TypeError(
                f"the step of {self.sampler!r} returned {type(found).__name__}; it must return "
                "(state, info), where info may be None"
            )
        state, info = found
        if type(state) is not type(self._own):
            raise TypeError(
                f"the step of {self.sampler!r} was given a state of type "
                f"{type(self._own).__name__} and returned {type(state).__name__}; return the same "
                "kind"
            )
        theta, numbers = theta_of(state, dim), numbers_of(info)
        self._check_names(numbers)
        self._own = state
        return theta, numbers

    def _check_names(self, info: Mapping[str, Any]) -> None:
        """Refuse info with other names than the first step had."""
        if self.sampler.names is None:
            if "logp" in info:
                raise TypeError("info has 'logp', which is recorded anyway; leave it out")
            self.sampler.names = list(info)
        elif list(info) != self.sampler.names:
            raise TypeError(
                f"info has {list(info)} at iteration {self.steps}, and had {self.sampler.names} "
                "first; give the same names at every step, in the same order"
            )

    def _value_at(self, theta: FloatArray) -> float:
        try:
            logp = self.density(theta)
        except Exception as error:
            raise DensityError(f"log_density raised {error!r}", self.steps, theta) from error
        if logp == math.inf:
            raise DensityError(INFINITE, self.steps, theta)
        return logp

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        return {
            "steps": self.steps,
            "own": plain(self._own),
            "theta": self.state.theta.copy(),
            "logp": self.state.logp,
            "generator": json.dumps(self._rng.bit_generator.state),
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self.steps = snapshot["steps"]
        self._own = as_before(snapshot["own"], self._own)
        self.state = Point(snapshot["theta"], snapshot["logp"])
        self._rng.bit_generator.state = json.loads(snapshot["generator"])
