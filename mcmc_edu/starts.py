"""Where chains start, and whether the density can be trusted to be sampled from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .compiling import BoundDensity, FloatArray

Start = Callable[[np.random.Generator], ArrayLike]

ATTEMPTS = 100
"""How often a rule is asked for a start of positive density."""


def uniform_start(dim: int, radius: float = 2.0) -> Start:
    """A rule for `theta0`: each of `dim` entries uniform between -radius and radius, as in Stan.

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
    """A rule for `theta0`: normal around `center`, shape (dim,), with standard deviation `spread`,
    one number or shape (dim,).
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
    """Starts from an array of shape (dim,) or (chains, dim)."""
    starts = np.array(theta0, dtype=float)
    if starts.ndim == 1:
        starts = np.tile(starts, (chains, 1))
    if starts.ndim != 2 or starts.shape[0] != chains or starts.shape[1] == 0:
        raise ValueError(
            f"theta0 has shape {np.shape(theta0)}; it must be (dim,), one start for all chains, or "
            f"(chains, dim) = ({chains}, dim)"
        )
    if not np.isfinite(starts).all():
        raise ValueError(f"theta0 is {theta0!r}; every entry must be finite")
    return starts


def _drawn(rule: Start, k: int, density: BoundDensity, seed: np.random.SeedSequence) -> FloatArray:
    rng = np.random.default_rng(seed)
    for _ in range(ATTEMPTS):
        theta = np.array(rule(rng), dtype=float)
        if theta.ndim != 1 or theta.size == 0 or not np.isfinite(theta).all():
            raise ValueError(
                f"theta0 gives {theta!r}; a rule must return finite numbers, shape (dim,)"
            )
        if np.isfinite(density(theta)):
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
    ValueError
        If it raises, is not finite at a start, or leaves entries of the gradient unwritten.
    """
    _check_indices(log_density, density, starts[0], data)
    for k, start in enumerate(starts):
        grad = np.full(start.size, np.nan)
        try:
            logp = density.with_gradient(start, grad)
        except Exception as error:
            raise ValueError(
                f"log_density raised {error!r} at theta0 of chain {k}, {start}"
            ) from error
        if not np.isfinite(logp):
            raise ValueError(
                f"theta0 of chain {k} is {start}, where the log density is {logp}"
                f"{' (or NaN)' if logp < 0 else ''}; start where the density is positive and finite"
            )
        if density.has_gradient:
            _check_gradient_written(density, start, grad, k)


def _check_gradient_written(
    density: BoundDensity, start: FloatArray, grad: FloatArray, k: int
) -> None:
    """Tell what was never written, and still holds what was there before, from what is NaN."""
    if np.isfinite(grad).all():
        return
    other = np.full(start.size, 12345.678)
    density.with_gradient(start, other)
    unwritten = np.flatnonzero(np.isnan(grad) & (other == 12345.678))
    if unwritten.size:
        which = ", ".join(f"grad[{i}]" for i in unwritten[:5])
        more = f" and {unwritten.size - 5} more" if unwritten.size > 5 else ""
        raise ValueError(
            f"{which}{more} was never written: assign grad[:] = ..., entry by entry or as a "
            "whole; `grad = ...` only gives the name to another array"
        )
    i = int(np.flatnonzero(~np.isfinite(grad))[0])
    raise ValueError(
        f"grad[{i}] is {grad[i]} at theta0 of chain {k}, {start}; the gradient must be finite "
        "where the log density is"
    )


def _check_indices(
    log_density: Callable[..., float], density: BoundDensity, start: FloatArray, data: Any
) -> None:
    """Run the user's function once as plain Python, which notices an index beyond theta's end."""
    if hasattr(log_density, "py_func"):
        return
    theta = start.copy()
    arguments = (theta, np.empty(theta.size)) if density.has_gradient else (theta,)
    try:
        with np.errstate(all="ignore"):
            log_density(*arguments, data)
    except IndexError as error:
        raise IndexError(
            f"log_density reaches beyond an array ({error}); theta0 gives theta {theta.size} "
            "entries: give a start for every parameter"
        ) from None
    except Exception:  # what else plain Python objects to, such as log(0), the chain may meet
        return
