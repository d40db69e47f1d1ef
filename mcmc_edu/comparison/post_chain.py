"""One Metropolis chain of the seed post's kind: its models, its length, R's random numbers.

The order of calls is the post's: starting values, then for every iteration a normal for each
parameter and one uniform, from the stream that made the data.  The starting values (standard
normal, and uniform on the prior for the sds) and the step are ours: the post's are not known here,
so that this chain resembles the post's but does not repeat it.  The post's own results are in
`mcmc_edu.datasets.boelstad_run`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from ..compiling import FloatArray, bind, compiling_announced
from ..datasets import GroupedData
from ..models import textbook
from ..rstream import RStream
from ..samplers.metropolis import walk

ITERATIONS = 10_000
DROPPED = 2_000
SCALE = 0.13  # accepts about 3 in 10 without pooling, as the post does


@dataclass(frozen=True, eq=False)
class SingleChain:
    """One chain, whose first 2000 draws its estimates leave out, as the post's do."""

    draws: FloatArray
    """Every draw of theta, shape (iterations, dim)."""
    names: list[str]
    """Name of each entry of theta."""
    accept_rate: float
    seconds: float
    """Wall time, without compiling."""

    @property
    def kept(self) -> FloatArray:
        """The draws that count, shape (iterations - 2000, dim)."""
        return self.draws[DROPPED:]

    def means(self, stem: str) -> FloatArray:
        """Posterior means of ``alpha[0], alpha[1], ...`` for the stem ``"alpha"``."""
        columns = [i for i, name in enumerate(self.names) if name.split("[")[0] == stem]
        return np.asarray(self.kept[:, columns].mean(axis=0))


def post_chain(
    pooling: str, data: GroupedData, stream: RStream, iterations: int = ITERATIONS
) -> SingleChain:
    """Run a chain of the post's kind.

    Parameters
    ----------
    pooling
        ``"none"`` or ``"partial"``, the post's two models.
    data
        Any grouped data; the post's own are ``boelstad_from(stream)``.
    stream
        Where starting values and proposals come from.  The post runs no pooling first, then
        partial pooling, on the stream that made its data.
    iterations
        Length of the chain; the post's have 10 000.
    """
    log_posterior = {"none": textbook.no_pooling, "partial": textbook.partial_pooling}[pooling]
    with compiling_announced():
        walk.load()
        density = bind(log_posterior, textbook.observations(data))
        start = _start(pooling, data.groups, stream)
        logp = density(start)
    begin = time.perf_counter()
    z, uniforms = stream.rows(iterations, start.size)
    draws, logps, accepted = (
        np.empty_like(z),
        np.empty(iterations),
        np.empty(iterations, dtype=bool),
    )
    walk(
        density.adapter, density.box, start, logp, SCALE * z, uniforms, draws, logps, accepted
    )  # fmt: skip
    names = textbook.parameter_names(pooling, data.groups)
    return SingleChain(draws, names, float(accepted.mean()), time.perf_counter() - begin)


def _start(pooling: str, groups: int, stream: RStream) -> FloatArray:
    """Draw starting values: coefficients, then standard deviations."""
    means, scales = {"none": (0, 1), "partial": (2, 3)}[pooling]
    return np.concatenate([stream.rnorm(2 * groups + means), stream.runif(scales, 0.0, 10.0)])
