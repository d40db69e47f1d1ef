"""Where chains start, and whether the density can be trusted to be sampled from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import BoundDensity, FloatArray
from ..gradients.check import check_as_python, written_gradient

Start = Callable[[np.random.Generator], ArrayLike]

SECOND = (
    ". It takes three arguments, (theta, grad, data), and writes nothing into the second: if that "
    "is to be data, write f(theta, data) with both in a tuple"
)
ATTEMPTS = 100
"""How often a rule is asked for a start of positive density."""


def uniform_start(dim: int, radius: float = 2.0) -> Start:
    """Make a rule for `theta0`: each of `dim` entries uniform from -radius to radius, as in Stan.

    Examples
    --------
    >>> rule = uniform_start(3)
    >>> rule(np.random.default_rng(1)).shape
    (3,)
    """
    if dim < 1:
        raise ValueError(f"dim is {dim!r}; theta has 1 entry or more")
    return lambda rng: rng.uniform(-radius, radius, dim)


def around(center: ArrayLike, spread: ArrayLike = 1.0) -> Start:
    """Make a rule for `theta0`: normal around `center`, shape (dim,).

    `spread` is the standard deviation, one number or shape (dim,).
    """
    middle, sd = np.array(center, dtype=float), np.array(spread, dtype=float)
    if middle.ndim != 1 or sd.shape not in ((), middle.shape):
        raise ValueError(
            f"center has shape {middle.shape}, spread {sd.shape}; they must be (dim,), and (dim,) "
            "or one number"
        )
    return lambda rng: rng.normal(middle, sd)


def find_starts(
    theta0: ArrayLike | Start,
    chains: int,
    density: BoundDensity,
    seeds: Sequence[np.random.SeedSequence],
) -> FloatArray:
    """One start for each chain, shape (chains, dim): the points given, or drawn by the rule."""
    if not callable(theta0):
        return given_starts(theta0, chains)
    points = [_drawn(theta0, k, density, seed) for k, seed in enumerate(seeds)]
    if len({point.size for point in points}) > 1:
        raise ValueError(
            f"theta0 gives starts of different lengths: {[point.size for point in points]}"
        )
    return np.stack(points)


def given_starts(theta0: ArrayLike, chains: int) -> FloatArray:
    """Make starts from an array of shape (dim,) or (chains, dim)."""
    try:
        starts = np.array(theta0, dtype=float, order="C")
    except (TypeError, ValueError):
        raise ValueError(
            f"theta0 is {theta0!r}; it must be numbers, shape (dim,) or (chains, dim), or a rule "
            "such as me.uniform_start(dim)"
        ) from None
    if starts.ndim == 1:
        starts = np.tile(starts, (chains, 1))
    if starts.ndim != 2 or starts.shape[0] != chains or starts.shape[1] == 0:
        raise ValueError(
            f"theta0 has shape {np.shape(theta0)}; it must be (dim,), such as [0.0], one start for "
            f"all chains, or ({chains}, dim), one for each"
        )
    if not np.isfinite(starts).all():
        raise ValueError(f"theta0 is {theta0!r}; every entry must be finite")
    return starts


def _drawn(rule: Start, k: int, density: BoundDensity, seed: np.random.SeedSequence) -> FloatArray:
    rng = np.random.default_rng(seed)
    for _ in range(ATTEMPTS):
        theta = np.array(rule(rng), dtype=float, order="C")
        if theta.ndim != 1 or theta.size == 0 or not np.isfinite(theta).all():
            raise ValueError(
                f"theta0 gives {theta!r}; a rule must return finite numbers, shape (dim,)"
            )
        with _naming(k, theta):
            logp = density(theta)
        if np.isfinite(logp):
            return theta
    raise ValueError(
        f"theta0 gave {ATTEMPTS} starts for chain {k}, and the log density was finite at none of "
        f"them, the last {theta}; draw starts from where the density is positive"
    )


def check_density(
    log_density: Callable[..., float], density: BoundDensity, starts: FloatArray, data: Any
) -> None:
    """Refuse a density that cannot be sampled from these starts.

    Raises
    ------
    IndexError
        If it reaches beyond the end of theta, which machine code would not notice.
    TypeError
        If it does not return a number.
    ValueError
        If it raises, is not finite at a start, writes into theta, or leaves entries of the
        gradient unwritten.
    """
    if not _of_the_package(log_density):
        check_as_python(log_density, density, starts[0], data, "give a start for every parameter")
    for k, start in enumerate(starts):
        with _naming(k, start):
            logp, grad, state = written_gradient(density, start)
        if not np.isfinite(logp):
            unwritten = density.has_gradient and "not written" in state
            raise ValueError(
                f"theta0 of chain {k} is {start}, where the log density is {logp}"
                f"{' (or NaN)' if logp < 0 else ''}; start where the density is positive and finite"
                f"{SECOND if unwritten else ''}"
            )
        if density.has_gradient:
            _check_gradient(grad, state, f"at theta0 of chain {k}, {start}")


def _of_the_package(log_density: Callable[..., float]) -> bool:
    """Whether it is one of ours, whose indices are known and which may be slow uncompiled."""
    return str(getattr(log_density, "__module__", "")).startswith("mcmc_edu.")


@contextmanager
def _naming(k: int, theta: FloatArray) -> Iterator[None]:
    """Say of an exception in the density at whose start it was raised."""
    try:
        yield
    except Exception as error:
        raise ValueError(
            f"log_density raised {error!r} at theta0 of chain {k}, {theta}; theta and grad have "
            f"shape {theta.shape}"
        ) from error


def _check_gradient(grad: FloatArray, state: list[str], place: str) -> None:
    """Refuse a gradient with entries that are not what they should be."""
    unwritten = [i for i, what in enumerate(state) if what == "not written"]
    added_to = [i for i, what in enumerate(state) if what == "added to"]
    infinite = np.flatnonzero(~np.isfinite(grad))
    if unwritten:
        raise ValueError(
            f"{_entries(unwritten)} never written: assign grad[:] = ..., entry by entry or as a "
            "whole; `grad = ...` only gives the name to another array"
        )
    if added_to:
        raise ValueError(
            f"{_entries(added_to)} added to without being set first, and grad holds old numbers: "
            "begin with grad[:] = 0.0"
        )
    if infinite.size:
        i = int(infinite[0])
        raise ValueError(
            f"grad[{i}] is {grad[i]} {place}; the gradient must be finite where the log density is"
        )


def _entries(which: list[int]) -> str:
    """Write the subject of a sentence about entries of the gradient, with its verb."""
    shown = ", ".join(f"grad[{i}]" for i in which[:5])
    more = f" and {len(which) - 5} more" if len(which) > 5 else ""
    return f"{shown}{more} {'was' if len(which) == 1 else 'were'}"
