"""A posterior and a sampler, made into a function from observations to draws."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ..compiling import BoundDensity, FloatArray, bind, compiling_announced
from ..driver.quantities import Natural, quantities_of
from ..driver.sample import Sampler
from ..samplers import NUTS


class Posterior(Protocol):
    """Interface of a posterior that `sampled` needs, as in `me.models.Posterior`."""

    @property
    def log_density(self) -> Callable[..., float]:
        """``f(theta, grad, data) -> float``."""

    @property
    def data(self) -> Any:
        """Data passed to `log_density`."""

    @property
    def start(self) -> FloatArray:
        """Starting point of the chain, shape (dim,)."""

    @property
    def natural(self) -> Natural:
        """Maps theta, shape (dim, chain, draw), to named parameters, as in `me.sample`."""


Fit = Callable[[Any, np.random.SeedSequence], Mapping[str, FloatArray]]
"""``fit(observed, seed) -> {name: draws}``, draws of shape (n,) or (k, n)."""


def sampled(
    posterior: Callable[[Any], Posterior],
    *,
    sampler: Sampler = NUTS(),  # noqa: B008 (it is immutable)
    warmup: int = 500,
    draws: int = 1000,
) -> Fit:
    """Make a posterior and a sampler into a `fit` for `sbc`: one chain for each data set.

    Parameters
    ----------
    posterior
        ``posterior(observed)``: log density, data, start and natural parameters, such as
        ``lambda observed: me.models.partial_pooling(observed, "collapsed")``.  The density is
        compiled once, not once a replicate.
    sampler, warmup, draws
        As in `me.sample`.

    Examples
    --------
    >>> from mcmc_edu import datasets, models
    >>> fit = sampled(lambda observed: models.partial_pooling(observed), warmup=200, draws=300)
    >>> fit(datasets.boelstad(seed=1), np.random.SeedSequence(1))["alpha"].shape
    (75, 300)
    """
    return _Sampled(posterior, sampler, warmup, draws)


@dataclass(frozen=True)
class _Sampled:
    """A `fit` by one chain, which can go to another process if its posterior can."""

    posterior: Callable[[Any], Posterior]
    sampler: Sampler
    warmup: int
    draws: int
    bound: Bindings = field(default_factory=lambda: Bindings(), repr=False)

    def __call__(self, observed: Any, seed: np.random.SeedSequence) -> Mapping[str, FloatArray]:
        found, sampler = self.posterior(observed), self.sampler
        density = self.bound(found.log_density, found.data)
        if sampler.needs_gradient and not density.has_gradient:
            raise TypeError(
                f"log_density has no gradient, which {type(sampler).__name__} needs; write "
                "f(theta, grad, data) that fills grad"
            )
        start = np.array(found.start, dtype=float)
        if not np.isfinite(density(start)):
            raise ValueError(f"the log density is {density(start)} at the start {start}")
        own = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key)  # spawning counts
        chain = sampler.chain(density, start, self.warmup, own)
        chain.run(self.warmup)
        theta = chain.run(self.draws)[0][np.newaxis]
        quantities = quantities_of(found.natural, theta, own.spawn(1))
        return {name: values[0].T for name, values in quantities.items()}


@dataclass
class Bindings:
    """Densities bound to data, each compiled once for each type of data.

    For one calibration only: a function whose globals are changed later would not be noticed.
    """

    _found: dict[Any, BoundDensity] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __reduce__(self) -> Any:
        """Go empty to another process, which compiles for itself."""
        return Bindings, ()

    def __call__(self, log_density: Callable[..., float], data: Any) -> BoundDensity:
        """Do what `bind` does."""
        key = (log_density, _kind(data))
        with self._lock, compiling_announced():
            found = self._found.get(key)
            if found is None or found.mode != "compiled" or None in key:
                found = self._found[key] = bind(log_density, data)
                return found
        return found.with_data(data)


def _kind(data: Any) -> Any:
    """All that machine code takes for granted of data; None if that cannot be told."""
    if isinstance(data, tuple):
        parts = tuple(_kind(part) for part in data)
        return None if None in parts else (type(data), parts)
    if isinstance(data, np.ndarray):
        flags = data.flags
        return (
            data.dtype.str,
            data.ndim,
            flags.c_contiguous,
            flags.f_contiguous,
            flags.writeable,
            flags.aligned,
        )
    return type(data) if type(data) in (bool, int, float) else None
