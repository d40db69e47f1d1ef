"""`sample`, the one driver: from a log density to draws, whatever the sampler."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .compiling import BoundDensity, FloatArray, bind, compiling_announced
from .draws import Draws
from .samplers.metropolis import InfiniteDensityError, Metropolis


def sample(
    log_density: Callable[..., float],
    theta0: ArrayLike,
    *,
    data: Any = (),
    sampler: Metropolis,
    draws: int = 1000,
    warmup: int = 1000,
    chains: int = 4,
    seed: int | np.random.SeedSequence | None = None,
    names: Sequence[str] | None = None,
    natural: Callable[[FloatArray], Mapping[str, ArrayLike]] | None = None,
) -> Draws:
    """Draw from a posterior.

    Parameters
    ----------
    log_density
        ``f(theta, data) -> float``, the log density up to a constant; ``-inf`` outside the
        support.  ``f(theta, grad, data)`` does as well.  Plain Python: it is compiled here.
    theta0
        Where to start: one point for all chains, shape ``(dim,)``, or one for each, shape
        ``(chains, dim)``.  Chains that start far apart and agree in the end tell more.
    data
        Passed to `log_density` as they are: numbers and numeric arrays, in a tuple or NamedTuple.
    sampler
        How to move, for example ``Metropolis(scale=0.1)``.
    draws, warmup
        Iterations of each chain that are kept, and that are dropped before them.
    chains
        Number of chains.  They run in threads; chain k is the same however many there are.
    seed
        Seed of the random numbers.  None takes one from the operating system; it is recorded in
        ``settings["seed"]``.
    names
        Name of each entry of theta; ``theta[0], theta[1], ...`` if not given.
    natural
        Maps theta to the quantities a person wants, ``{name: value}``.  It is called once, with
        theta of shape ``(dim, chain, draw)``, so that ``theta[0]`` is all draws of the first
        entry; a value has shape ``(chain, draw)`` or ``(k, chain, draw)``.

    Returns
    -------
    Draws

    Raises
    ------
    TypeError, ValueError
        If an argument is not what it should be, the log density is not finite at a start, or it
        becomes +inf.

    Examples
    --------
    >>> def log_density(theta, data):
    ...     return -0.5 * theta[0] * theta[0]
    >>> draws = sample(log_density, [0.0], sampler=Metropolis(scale=2.4), seed=1)
    >>> draws.array.shape
    (4, 1000, 1)
    """
    for name, value, least in (("draws", draws, 1), ("warmup", warmup, 0), ("chains", chains, 1)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} is {value!r}; it must be an integer, {least} or more")
    if not isinstance(sampler, Metropolis):
        raise TypeError(f"sampler is {sampler!r}; pass for example me.Metropolis(scale=0.1)")
    starts = _starts(theta0, chains)
    names = _names(names, starts.shape[1])
    sampler.root(starts.shape[1])  # the sampler's own check of its settings against dim
    sequence = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    seeds = np.random.SeedSequence(sequence.entropy, spawn_key=sequence.spawn_key).spawn(chains)

    begin = time.perf_counter()
    with compiling_announced():
        density = bind(log_density, data)
        sampler.load()
        _check_indices(log_density, density, starts, data)
        logps = _log_densities_at(density, starts)
    compiled = time.perf_counter()

    def run(k: int) -> tuple[FloatArray, dict[str, Any]]:
        chain = sampler.chain(density, starts[k], logps[k], seeds[k])
        try:
            if warmup:
                chain.run(warmup)
            return chain.run(draws)
        except InfiniteDensityError as error:
            raise ValueError(
                f"{error} of chain {k}; a density must be finite or -inf: look for a division by "
                "zero or an overflow there"
            ) from None

    with ThreadPoolExecutor(min(chains, os.cpu_count() or 1)) as pool:
        results = list(pool.map(run, range(chains)))
    sampled = time.perf_counter()

    array = np.stack([result[0] for result in results])
    return Draws(
        array=array,
        names=names,
        stats={key: np.stack([result[1][key] for result in results]) for key in results[0][1]},
        natural=_natural(natural, array),
        settings={
            "sampler": sampler, "draws": draws, "warmup": warmup, "chains": chains,
            "seed": seed if isinstance(seed, np.random.SeedSequence) else sequence.entropy,
        },
        seconds={"compile": compiled - begin, "sample": sampled - compiled},
    )  # fmt: skip


def _starts(theta0: ArrayLike, chains: int) -> FloatArray:
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


def _names(names: Sequence[str] | None, dim: int) -> list[str]:
    if names is None:
        return [f"theta[{i}]" for i in range(dim)]
    if isinstance(names, str) or len(names) != dim or len(set(names)) != dim:
        raise ValueError(f"names is {names!r}; theta has {dim} entries: give {dim} different names")
    return list(names)


def _check_indices(
    log_density: Callable[..., float], density: BoundDensity, starts: FloatArray, data: Any
) -> None:
    """Run the user's function once as plain Python, which notices an index beyond theta's end;
    machine code does not.
    """
    if hasattr(log_density, "py_func"):
        return
    theta = starts[0].copy()
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


def _log_densities_at(density: BoundDensity, starts: FloatArray) -> list[float]:
    logps = [density(start) for start in starts]
    for k, logp in enumerate(logps):
        if not np.isfinite(logp):
            raise ValueError(
                f"theta0 of chain {k} is {starts[k]}, where the log density is {logp}"
                f"{' (or NaN)' if logp < 0 else ''}; start where the density is positive and finite"
            )
    return logps


def _natural(
    natural: Callable[[FloatArray], Mapping[str, ArrayLike]] | None, array: FloatArray
) -> dict[str, FloatArray]:
    if natural is None:
        return {}
    chain_draw = array.shape[:2]
    found = {}
    for name, value in natural(np.moveaxis(array, 2, 0)).items():
        values = np.asarray(value, dtype=float)
        if values.shape[-2:] != chain_draw or values.ndim > 3:
            raise ValueError(
                f"natural gives {name!r} the shape {values.shape}; theta is passed with shape "
                f"{(array.shape[2], *chain_draw)} and a quantity must have shape {chain_draw} or "
                f"(k, {', '.join(map(str, chain_draw))}): use NumPy functions, such as np.exp, on "
                "theta's entries"
            )
        found[name] = np.moveaxis(values, 0, 2) if values.ndim == 3 else values
    return found
