"""The post's Metropolis chains, replayed with R's random numbers; and chains like them.

The post runs one chain for each of its two models, no pooling first, on the stream that made its
data.  The order of calls in R is: starting values, then in every iteration a normal for each
parameter and one uniform.  Starting values (N and U as R's ``rnorm`` and ``runif``) and the sd of
the proposals are those that the post prints:

    no pooling        alpha ~ N(2, .75), beta ~ N(-2, .75), sigma ~ U(1.75, 2.25);  step .125
    partial pooling   alpha, beta likewise, mu_alpha ~ N(2, .25), mu_beta ~ N(-2, .25),
                      sigma_alpha, sigma_beta ~ U(.75, 1.25), sigma ~ U(1.75, 2.25);  step .1

They lie close to the truth, which only somebody who made the data can know.

Source: J. Bølstad (2018), *The Benefits of Bayesian Hierarchical Modeling*, boelstad.net.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray, bind, compiling_announced
from ..datasets import GroupedData, stream_after
from ..models import textbook
from ..rstream import RStream
from ..samplers.metropolis import walk

ITERATIONS = 10_000
DROPPED = 2_000
STEP = {"none": 0.125, "partial": 0.1}
"""The sd of the post's proposals."""


@dataclass(frozen=True, eq=False)
class SingleChain:
    """One chain.  Its estimates leave out the first 2000 draws, as the post's do."""

    draws: FloatArray = field(repr=False)
    """Every draw of theta, shape (iterations, dim)."""
    names: list[str] = field(repr=False)
    """Name of each entry of theta."""
    start: FloatArray = field(repr=False)
    """Where the chain started, shape (dim,)."""
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


def replay(data: GroupedData) -> dict[str, SingleChain]:
    """Run the post's two chains again, with the random numbers that they had in R.

    The estimates agree with those of R to nine digits on every platform: the last digit of a
    logarithm may differ, and a random walk does not enlarge such an error.

    Parameters
    ----------
    data
        What the post's code made, with any seed: ``me.datasets.boelstad(seed)``.

    Returns
    -------
    dict
        The chains of ``"none"`` and ``"partial"``.

    Raises
    ------
    ValueError
        If the data are others.

    Examples
    --------
    >>> import mcmc_edu as me
    >>> chains = replay(me.datasets.boelstad(seed=1))
    >>> chains["none"].accept_rate, chains["partial"].accept_rate
    (0.3057, 0.0997)
    """
    stream = stream_after(data)
    if stream is None:
        raise ValueError(
            "data are not what the post's code makes, so there is no run of the post to replay; "
            "pass me.datasets.boelstad(seed), or run a chain on your data with post_chain"
        )
    return {pooling: post_chain(pooling, data, stream) for pooling in ("none", "partial")}


def post_chain(
    pooling: str,
    data: GroupedData,
    stream: RStream,
    *,
    start: ArrayLike | None = None,
    step: float | None = None,
    iterations: int = ITERATIONS,
) -> SingleChain:
    """Run a chain with the post's sampler.

    Parameters
    ----------
    pooling
        ``"none"`` or ``"partial"``, the post's two models.
    data
        Any grouped data.
    stream
        Where starting values and proposals come from.
    start
        First point, shape (dim,), in the order of `textbook.parameter_names`.  If not given, it is
        drawn from the stream as the post draws it.
    step
        Sd of the proposals; the post's if not given.
    iterations
        Length of the chain; the post's have 10 000.

    Raises
    ------
    ValueError
        If an argument is not one of these, or the log posterior is not finite at the start.
    """
    if pooling not in STEP:
        raise ValueError(f"pooling is {pooling!r}; the post's models are 'none' and 'partial'")
    step = STEP[pooling] if step is None else float(step)
    if not 0.0 < step < np.inf:
        raise ValueError(f"step is {step!r}; the sd of the proposals must be positive and finite")
    if iterations <= DROPPED:
        raise ValueError(
            f"iterations is {iterations!r}; the first {DROPPED} are dropped: run more than that"
        )
    log_posterior = {"none": textbook.no_pooling, "partial": textbook.partial_pooling}[pooling]
    names = textbook.parameter_names(pooling, data.groups)
    with compiling_announced():
        walk.load()
        density = bind(log_posterior, textbook.observations(data))
    begin = time.perf_counter()
    theta = _first_point(pooling, data.groups, stream) if start is None else _given(start, names)
    logp = density(theta)
    if not np.isfinite(logp):
        raise ValueError(
            f"start has log posterior {logp}; start inside the priors: coefficients between -100 "
            "and 100, every sigma between 0 and 10"
        )
    z, uniforms = stream.rows(iterations, theta.size)
    draws, logps = np.empty_like(z), np.empty(iterations)
    accepted = np.empty(iterations, dtype=bool)
    walk(density.adapter, density.packed, theta, logp, step * z, uniforms, draws, logps, accepted)
    rate, seconds = float(accepted.mean()), time.perf_counter() - begin
    return SingleChain(draws, names, theta, rate, seconds)


def _first_point(pooling: str, groups: int, stream: RStream) -> FloatArray:
    """Draw the starting values in the post's order, which is theta's."""
    parts = [stream.rnorm(groups, 2.0, 0.75), stream.rnorm(groups, -2.0, 0.75)]
    if pooling == "partial":
        parts += [stream.rnorm(1, 2.0, 0.25), stream.rnorm(1, -2.0, 0.25)]
        parts += [stream.runif(1, 0.75, 1.25), stream.runif(1, 0.75, 1.25)]
    return np.concatenate([*parts, stream.runif(1, 1.75, 2.25)])


def _given(start: ArrayLike, names: list[str]) -> FloatArray:
    theta = np.array(start, dtype=float)
    if theta.shape != (len(names),):
        raise ValueError(
            f"start has shape {theta.shape}; theta has {len(names)} entries, {names[0]} to "
            f"{names[-1]}: give one number for each"
        )
    return theta
