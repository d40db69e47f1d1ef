"""The shrinkage demonstration: how far off are the three models, and may we believe the numbers?

An RMSE against the truth has two parts that look alike: the error of the posterior mean, which is
what the models differ in, and the error of the Monte Carlo estimate of it.  Each row of the report
says which method its numbers come from and whether its chains, if it has any, can be trusted.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import diagnostics
from ..compiling import FloatArray, compiling_announced
from ..datasets import GroupedData, boelstad, boelstad_from, boelstad_run
from ..models import Posterior, no_pooling, partial_pooling, textbook
from ..rstream import RStream
from ..sample import sample
from ..samplers import Metropolis
from .errors import (
    least_squares,
    least_squares_by_group,
    least_squares_noise,
    line_inside_prior,
    lines_inside_prior,
    rmse,
)  # fmt: skip
from .exact import exact
from .post_chain import post_chain
from .report import EXACT, NO, NOT_IDENTIFIED, YES, Row, ShrinkageReport


def shrinkage(data: GroupedData, stream: RStream | None = None, seed: int = 1) -> ShrinkageReport:
    """Compare complete, no and partial pooling on grouped data.

    Parameters
    ----------
    data
        Observations of at least two individuals; with their truth, if errors are wanted.
    stream
        R's stream from which the single chains draw; a new one is made from `seed` if not given.
    seed
        Seed of that stream, and of our own sampler.

    Raises
    ------
    ValueError
        If the data lie outside what the post's priors allow, or on one line without noise.
    """
    stream = RStream(seed) if stream is None else stream
    _check_against_priors(data)
    with compiling_announced():
        rows = tuple(_rows(data, stream, seed))
    return ShrinkageReport(data, rows)


def demonstration(seed: int = 1, individuals: int = 75, observations: int = 5) -> ShrinkageReport:
    """Make the post's data after ``set.seed(seed)`` in R, and compare the models on them.

    Parameters
    ----------
    seed
        Of the data, and of every chain.
    individuals, observations
        How many people, at least two, and how often each is observed.

    Raises
    ------
    ValueError
        If a number is too small, or the data that come out lie outside what the post's priors
        allow.
    """
    stream = RStream(seed)
    return shrinkage(boelstad_from(stream, individuals, observations), stream, seed)


def _rows(data: GroupedData, stream: RStream, seed: int) -> Iterator[Row]:
    begin = time.perf_counter()
    line = least_squares(data)
    seconds = time.perf_counter() - begin
    trust = EXACT if line_inside_prior(data) else NO
    yield _row(data, "complete", "least squares", *line, seconds=seconds, trust=trust)
    yield _metropolis_row(data, seed)

    begin = time.perf_counter()
    lines = least_squares_by_group(data)
    seconds = time.perf_counter() - begin
    if lines is None:
        yield Row("none", "least squares", NOT_IDENTIFIED)
        yield Row("none", "one chain", NOT_IDENTIFIED)
    else:
        trust = EXACT if lines_inside_prior(data, *lines) else NO
        yield _row(data, "none", "least squares", *lines, seconds=seconds, trust=trust)
        yield _nuts_row(data, "none", no_pooling(data), seed)
        yield from _recorded_row(data, "none")
        yield _single_chain_row(data, "none", stream)
    with contextlib.suppress(ArithmeticError):  # of data that no grid is fine enough for
        yield _exact_row(data)
    yield _nuts_row(data, "partial", partial_pooling(data, "collapsed"), seed)
    yield from _recorded_row(data, "partial")
    yield _single_chain_row(data, "partial", stream)


def _row(
    data: GroupedData, model: str, method: str, alpha: ArrayLike, beta: ArrayLike, **known: Any
) -> Row:
    """A row with the error of these estimates; one number stands for every individual."""
    alpha, beta = (np.broadcast_to(np.asarray(e, float), (data.groups,)) for e in (alpha, beta))
    if data.truth is not None:
        known["rmse_alpha"] = rmse(alpha, data.truth.alpha)
        known["rmse_beta"] = rmse(beta, data.truth.beta)
    return Row(model, method, alpha=alpha, beta=beta, **known)


def _diagnosed(parameters: Sequence[FloatArray]) -> dict[str, Any]:
    """Number of draws (chain, draw) of each parameter, worst diagnostics, the verdict on them."""
    rhat_max = float(np.max([diagnostics.rhat(p) for p in parameters]))
    ess_min = float(np.min([diagnostics.ess_bulk(p) for p in parameters]))
    enough = diagnostics.ESS_PER_CHAIN * parameters[0].shape[0]
    trusted = rhat_max <= diagnostics.RHAT_LIMIT and ess_min >= enough
    return {
        "draws": parameters[0].size,
        "rhat_max": rhat_max,
        "ess_min": ess_min,
        "trust": YES if trusted else NO,
    }


def _metropolis_row(data: GroupedData, seed: int) -> Row:
    """Complete pooling by our own sampler: three parameters, and chains that do converge."""
    intercept, slope = least_squares(data)
    noise = least_squares_noise(data)
    n = data.x.size
    standard_errors = noise / np.sqrt([n, n * data.x.var(), 2 * n])
    draws = sample(
        textbook.complete_pooling,
        [intercept, slope, noise],
        data=textbook.observations(data),
        sampler=Metropolis(scale=2.4 / np.sqrt(3.0) * standard_errors),
        draws=5000,
        seed=abs(seed),
        progress=False,
        names=textbook.parameter_names("complete", data.groups),
    )
    alpha, beta = draws["alpha"].mean(), draws["beta"].mean()
    return _row(
        data, "complete", "Metropolis", alpha, beta,
        accept_rate=draws.accept_rate, seconds=draws.seconds["sample"],
        **_diagnosed([draws[name] for name in draws.names]),
    )  # fmt: skip


def _nuts_row(data: GroupedData, model: str, posterior: Posterior, seed: int) -> Row:
    """The model by NUTS: four chains of 1000 draws after 1000 of warm-up."""
    draws = posterior.sample(seed=abs(seed), progress=False)
    alpha, beta = (draws[name].mean(axis=(0, 1)) for name in ("alpha", "beta"))
    diagnosed = _diagnosed([values for _, values in draws.quantities()])
    return _row(
        data, model, "NUTS", alpha, beta, accept_rate=draws.accept_rate,
        seconds=draws.seconds["sample"], **diagnosed,
    )  # fmt: skip


def _exact_row(data: GroupedData) -> Row:
    """Partial pooling by quadrature: no chain, and no error of one."""
    begin = time.perf_counter()
    answer = exact(data)
    seconds = time.perf_counter() - begin
    means = answer["alpha"].mean, answer["beta"].mean
    return _row(data, "partial", "exact", *means, seconds=seconds, trust=EXACT)


def _recorded_row(data: GroupedData, pooling: str) -> Iterator[Row]:
    """What the post's own code gives in R, if these are the post's own data."""
    posts = boelstad()
    if not all(np.array_equal(getattr(data, c), getattr(posts, c)) for c in ("y", "x", "group")):
        return
    run = boelstad_run(pooling)
    yield _row(
        data, pooling, "post's run in R", run.alpha, run.beta, trust=NO, draws=8000,
        accept_rate=run.accept_rate, rhat_max=run.rhat_max, ess_min=run.ess_min,
    )  # fmt: skip


def _single_chain_row(data: GroupedData, pooling: str, stream: RStream) -> Row:
    run = post_chain(pooling, data, stream)
    return _row(
        data, pooling, "one chain", run.means("alpha"), run.means("beta"),
        accept_rate=run.accept_rate, seconds=run.seconds,
        **_diagnosed(list(run.kept.T[:, np.newaxis])),
    )  # fmt: skip


def _check_against_priors(data: GroupedData) -> None:
    """Refuse data for which the post's priors make no sense, rather than fit the priors."""
    intercept, slope = least_squares(data)
    noise = least_squares_noise(data)
    if noise <= 1e-12 * float(np.abs(data.y).max()):
        raise ValueError("y lies on one line exactly; without noise there is nothing to compare")
    for name, value, limit in (
        ("intercept", intercept, 100.0), ("slope", slope, 100.0), ("residual sd", noise, 10.0),
    ):  # fmt: skip
        if abs(value) >= limit:
            raise ValueError(
                f"the {name} of all rows is {value:.4g}, which the post's priors exclude (alpha "
                "and beta from -100 to 100, sigma from 0 to 10); express y or x in other units"
            )
