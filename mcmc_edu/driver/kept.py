"""What is kept of a chain's iterations: blocks, thinned, put together and cut to length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray

Stats = dict[str, NDArray[Any]]
Part = tuple[FloatArray, Stats, FloatArray]
"""Draws (n, dim), stats (n,) each, and where trajectories diverged (k, dim): what a chain makes."""


class Kept(NamedTuple):
    """What is kept of some iterations of one chain, in warm-up or after it."""

    draws: FloatArray
    """The first of every `thin` iterations, shape (n, dim)."""
    stats: Stats
    """Of these draws, shape (n,) each."""
    where: FloatArray
    """Where trajectories diverged, those of all iterations, shape (m, dim)."""
    when: NDArray[np.int64]
    """At which iterations of warm-up, or after it, counted from 0, shape (m,)."""


def thinned(part: Part, first: int, thin: int) -> Kept:
    """Keep the iterations of a block whose number is a multiple of `thin`.

    Parameters
    ----------
    part
        What a chain made in the block.
    first
        Number of its first iteration, from 0 in warm-up, and from 0 again after it.
    """
    draws, stats, where = part
    divergent = stats.get("divergent", np.empty(0, dtype=bool))
    when = first + np.flatnonzero(divergent).astype(np.int64)
    if thin > 1:
        every = slice(-first % thin, None, thin)
        draws = draws[every].copy()  # a view would keep the whole block in memory
        stats = {name: values[every].copy() for name, values in stats.items()}
    return Kept(draws, stats, where, when)


def joined(parts: Sequence[Kept]) -> Kept:
    """Put parts of one chain together."""
    if len(parts) == 1:
        return parts[0]
    draws, stats, where, when = zip(*parts, strict=True)
    columns = {name: np.concatenate([s[name] for s in stats]) for name in stats[0]}
    return Kept(np.concatenate(draws), columns, np.concatenate(where), np.concatenate(when))


def stacked(chains: Sequence[Kept], n: int, thin: int) -> tuple[FloatArray, Stats, FloatArray]:
    """Put the first `n` draws of all chains together.

    Returns
    -------
    draws, stats, where
        Shape (chain, n, dim); (chain, n) each; and where the trajectories of these iterations
        diverged, one chain after the other, shape (m, dim).
    """
    array = np.stack([chain.draws[:n] for chain in chains])
    stats = {
        name: np.stack([chain.stats[name][:n] for chain in chains]) for name in chains[0].stats
    }
    return array, stats, np.concatenate([chain.where[chain.when < n * thin] for chain in chains])


def rest(chain: Kept, n: int, thin: int) -> Kept:
    """Leave out the first `n` draws, and the divergences of their iterations."""
    later = chain.when >= n * thin
    stats = {name: values[n:].copy() for name, values in chain.stats.items()}
    return Kept(chain.draws[n:].copy(), stats, chain.where[later], chain.when[later])


def of_file(chains: Sequence[Sequence[Any]]) -> list[list[Kept]]:
    """Make parts of what a file holds of them, for each chain."""
    return [[Kept(*part) for part in parts] for parts in chains]
