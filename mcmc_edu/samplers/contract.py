"""A sampler: one step of a Markov chain, as a function.

    step(rng, state, log_density) -> (state, info)

The chain of states must leave the density invariant; that is all there is to a sampler.  This is
Metropolis:

    def step(rng, theta, log_density):
        proposal = theta + 0.5 * rng.standard_normal(theta.size)
        accepted = np.log(rng.random()) < log_density(proposal) - log_density(theta)
        return (proposal if accepted else theta), {"accepted": accepted}

    draws = me.sample(my_log_density, [0.0, 0.0], sampler=step, seed=1)

`me.sample` gives it chains, seeds, progress, files, resuming and diagnostics, as it does ours.

    rng           a `numpy.random.Generator`, the only source of randomness
    state         where the chain is: an array, which is theta, shape (dim,); or a NamedTuple or a
                  dict of arrays and numbers, one of them `theta`.  Whatever a step must remember
                  belongs here: nothing else is saved
    log_density   ``log_density(theta)`` is the log density, its data bound; if it has a gradient,
                  ``log_density.value_and_gradient(theta)`` returns both
    info          None, or numbers by name, in a dict or a NamedTuple: the same names at every
                  step.  They are kept in ``draws.stats``.  ``accept_prob``, ``energy`` and
                  ``divergent`` mean what they do in our samplers, and so do the warnings about them

An object with a method `step` is a sampler, too.  If it has ``init(theta, log_density, rng)``, that
makes the first state; without it the first state is theta.  Functions may be plain Python or
compiled with ``numba.njit``; then the log density that they are given is compiled as well.

Nothing is adapted.  The steps of warm-up are made and dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from ..compiling import FloatArray

Step = Callable[[np.random.Generator, Any, Any], tuple[Any, Any]]
"""``step(rng, state, log_density) -> (state, info)``"""


class HasStep(Protocol):
    """An object that is a sampler."""

    @property
    def step(self) -> Step:
        """Make one step."""
        ...


NUMBERS = (bool, int, float, np.generic)
STATE = (
    "a state is an array, which is theta, or a NamedTuple or dict of arrays and numbers with theta"
)
INFO = "info is None, or numbers by name: a dict or a NamedTuple"


def parts_of(state: Any) -> Mapping[str, Any]:
    """Return the parts of a state by name; of an array, theta.

    Raises
    ------
    TypeError
        If the state, or a part of it, is anything but what a state may be.
    """
    if isinstance(state, np.ndarray):
        return {"theta": state}
    if isinstance(state, tuple) and hasattr(state, "_asdict"):
        parts: Mapping[str, Any] = state._asdict()
    elif isinstance(state, dict):
        parts = state
    else:
        raise TypeError(f"the state is {type(state).__name__}: {STATE}")
    for name, part in parts.items():
        if not isinstance(name, str) or "/" in name:
            raise TypeError(f"the state has a part named {name!r}; a name is text without '/'")
        plain = isinstance(part, np.ndarray) and part.dtype.kind in "biuf"
        if not plain and not isinstance(part, NUMBERS):
            raise TypeError(f"state part {name!r} is {type(part).__name__}: {STATE}")
    if "theta" not in parts:
        raise TypeError(f"the state has no theta, but {', '.join(parts) or 'nothing'}: {STATE}")
    return parts


def theta_of(state: Any, dim: int) -> FloatArray:
    """Return theta of a state, shape ``(dim,)``.

    Raises
    ------
    TypeError, ValueError
        If it is no array of that shape, or not finite.
    """
    parts = state if isinstance(state, dict) else None
    found = state if isinstance(state, np.ndarray) else None
    if found is None:
        found = parts.get("theta") if parts is not None else getattr(state, "theta", None)
    if not isinstance(found, np.ndarray):
        parts_of(state)  # which may know better what is wrong
        raise TypeError(f"theta of the state is {type(found).__name__}; it must be an array")
    if found.shape != (dim,) or found.dtype != np.float64:
        raise ValueError(
            f"theta of the state has shape {found.shape} and type {found.dtype}; it must be "
            f"({dim},), of float64"
        )
    if not np.isfinite(found).all():
        raise ValueError(f"theta of the state is {found}; it must be finite")
    return found


def numbers_of(info: Any) -> Mapping[str, Any]:
    """Return the numbers in what a step says of itself.

    Raises
    ------
    TypeError
        If it is anything but None or numbers by name.
    """
    if info is None:
        return {}
    if isinstance(info, tuple) and hasattr(info, "_asdict"):
        info = info._asdict()
    if not isinstance(info, Mapping):
        raise TypeError(f"info is {type(info).__name__}; {INFO}")
    for name, number in info.items():
        if not isinstance(name, str) or "/" in name:
            raise TypeError(f"info has the name {name!r}; a name is text without '/'")
        if not isinstance(number, NUMBERS) and not (
            isinstance(number, np.ndarray) and number.shape == () and number.dtype.kind in "biuf"
        ):
            raise TypeError(f"info[{name!r}] is {type(number).__name__}; {INFO}")
    return info


def plain(state: Any) -> dict[str, Any]:
    """Copy a state as plain data for a file: arrays by name, of numbers as well."""
    return {
        name: part if type(part) in (bool, int, float) else np.array(part)
        for name, part in parts_of(state).items()
    }


def as_before(found: Mapping[str, Any], like: Any) -> Any:
    """Make a state of the kind of `like` from what `plain` made of it."""
    numbers = {
        name: part[()]
        if isinstance(part, np.ndarray) and part.shape == ()
        else np.array(part)
        if isinstance(part, np.ndarray)
        else part
        for name, part in found.items()
    }
    if isinstance(like, np.ndarray):
        return numbers["theta"]
    return numbers if isinstance(like, dict) else type(like)(**numbers)
