"""A Hamiltonian sampler: settings, and the chain that they start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...compiling import BoundDensity, FloatArray
from .chain import HamiltonianChain
from .settings import HamiltonianSettings


@dataclass(frozen=True, kw_only=True, repr=False)
class HamiltonianSampler(HamiltonianSettings):
    """What `HMC`, `GIST` and `NUTS` are: each adds its `kernel`, and the limit of its steps."""

    def chain(
        self, density: BoundDensity, theta: FloatArray, warmup: int, seed: np.random.SeedSequence
    ) -> HamiltonianChain:
        """Start a chain at `theta` (dim,), which adapts for `warmup` iterations."""
        return HamiltonianChain(self, density, theta, warmup, seed)
