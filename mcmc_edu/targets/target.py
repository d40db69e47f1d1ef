"""Test targets: log densities with known exact answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compiling import FloatArray


@dataclass(frozen=True, eq=False)
class Target:
    """A density to try a sampler on, with the moments that its draws must have.

    Examples
    --------
    >>> from mcmc_edu import targets
    >>> target = targets.funnel()
    >>> target.names[0], target.dim, float(target.sd[0])
    ('v', 10, 3.0)
    """

    name: str
    names: tuple[str, ...]
    """Of the entries of theta."""
    log_density: Callable[..., float]
    """``f(theta, grad, data) -> float``."""
    data: Any
    mean: FloatArray
    """Exact means of theta, shape (dim,)."""
    sd: FloatArray
    """Exact standard deviations of theta, shape (dim,)."""
    start: FloatArray
    """A point where a chain may start, shape (dim,)."""
    exact_draws: Callable[[np.random.Generator, int], FloatArray] | None
    """``(rng, n) -> (n, dim)``: independent draws, made without a Markov chain."""
    about: str
    """What it is good for."""

    @property
    def dim(self) -> int:
        """Number of entries of theta."""
        return self.mean.size
