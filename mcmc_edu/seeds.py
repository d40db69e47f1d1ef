"""Seeds of random numbers: what is taken for one, and what it is made into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Seed = int | Sequence[int] | np.random.SeedSequence | np.random.Generator | None
"""An integer, 0 or more, or several; a SeedSequence; a generator, which gives a seed and moves on;
None takes one from the operating system."""


def seed_sequence(seed: Seed) -> np.random.SeedSequence:
    """Make the SeedSequence of a seed; two made of one generator differ.

    Raises
    ------
    TypeError, ValueError
        If it is not a seed, or a negative one.

    Examples
    --------
    >>> seed_sequence(7).entropy
    7
    """
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)  # none spawned yet
    if isinstance(seed, np.random.Generator):
        return np.random.SeedSequence(int.from_bytes(seed.bytes(16), "little"))
    _check(seed)
    return np.random.SeedSequence(seed)


def generator(seed: Seed) -> np.random.Generator:
    """Make the generator of a seed; a generator is used as it is, and a SeedSequence too.

    Raises
    ------
    TypeError, ValueError
        If it is not a seed, or a negative one.

    Examples
    --------
    >>> bool(generator(7).random() == np.random.default_rng(7).random())
    True
    """
    if not isinstance(seed, np.random.Generator | np.random.SeedSequence):
        _check(seed)
    return np.random.default_rng(seed)


def _check(seed: Any) -> None:
    if seed is None:
        return
    several = isinstance(seed, np.ndarray) or (isinstance(seed, Sequence) and len(seed) > 0)
    parts = list(seed) if several and not isinstance(seed, str) else [seed]
    for part in parts:
        if not isinstance(part, int | np.integer) or isinstance(part, bool):
            raise TypeError(
                f"seed is {seed!r}; it must be an integer such as seed=1, a "
                "numpy.random.SeedSequence, a numpy.random.Generator or None"
            )
        if part < 0:
            raise ValueError(f"seed is {seed!r}; it must be 0 or more: pass seed={abs(int(part))}")
