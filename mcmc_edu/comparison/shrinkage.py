"""The shrinkage demonstration: errors of three models, and whether the numbers can be trusted.

An RMSE against the truth has two parts.  The first is the error of the posterior mean, which
differs between models.  The second is the Monte Carlo error of the estimated mean.  Each row of the
report names its method, and says whether its chains, if any, can be trusted.
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
from ..datasets import GroupedData, boelstad, stream_after
from ..draws import Draws
from ..driver.sample import sample
from ..models import Posterior, no_pooling, partial_pooling, textbook
from ..rstream import RStream
from ..samplers import Metropolis
from .errors import (
    least_squares,
    least_squares_by_group,
    least_squares_noise,
    line_inside_prior,
    lines_inside_prior,
    rmse,
)
from .exact import exact
from .post_chain import SingleChain, post_chain, replay
from .report import EXACT, NO, NOT_IDENTIFIED, ONE_CHAIN, REPLAYED, YES, Row, ShrinkageReport

ONE_STEP = 0.13
"""Sd of the proposals of a chain on data of one's own, in their units."""


def shrinkage(data: GroupedData, seed: int = 1) -> ShrinkageReport:
    """Compare complete, no and partial pooling on grouped data.

    Parameters
    ----------
    data
        Observations of at least two individuals; with their truth, if errors are wanted.  Of data
        that the post's code made, `datasets.boelstad`, the post's own run is replayed.
    seed
        Seed of our chains.

    Raises
    ------
    ValueError
        If the data lie outside what the post's priors allow, or on one line without noise.
    """
    _check_against_priors(data)
    with compiling_announced():
        rows = tuple(_rows(data, seed))
    return ShrinkageReport(data, rows)


def demonstration(seed: int = 1, individuals: int = 75, observations: int = 5) -> ShrinkageReport:
    """Make the post's data after ``set.seed(seed)`` in R, and compare the models on them.

    Parameters
    ----------
    seed
        Seed of the data and of every chain.
    individuals, observations
        Number of people, at least two, and of observations of each.

    Raises
    ------
    ValueError
        If a number is too small, or the data that come out lie outside what the post's priors
        allow.
    """
    return shrinkage(boelstad(seed, individuals, observations), seed)


def _rows(data: GroupedData, seed: int) -> Iterator[Row]:
    method, chains = _single_chains(data, seed)
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
        yield Row("none", method, NOT_IDENTIFIED)
    else:
        trust = EXACT if lines_inside_prior(data, *lines) else NO
        yield _row(data, "none", "least squares", *lines, seconds=seconds, trust=trust)
        yield _nuts_row(data, "none", no_pooling(data), seed)
        yield _single_chain_row(data, "none", method, chains["none"])
    with contextlib.suppress(ArithmeticError):  # of data that no grid is fine enough for
        yield _exact_row(data)
    yield _nuts_row(data, "partial", partial_pooling(data, "collapsed"), seed)
    yield _single_chain_row(data, "partial", method, chains["partial"])


def _row(
    data: GroupedData, model: str, method: str, alpha: ArrayLike, beta: ArrayLike, **known: Any
) -> Row:
    """Make a row with the errors of these estimates; one number counts for all individuals."""
    alpha, beta = (np.broadcast_to(np.asarray(e, float), (data.groups,)) for e in (alpha, beta))
    if data.truth is not None:
        known["rmse_alpha"] = rmse(alpha, data.truth.alpha)
        known["rmse_beta"] = rmse(beta, data.truth.beta)
    return Row(model, method, alpha=alpha, beta=beta, **known)


def _errors(data: GroupedData, draws: Draws) -> dict[str, float]:
    """Compute the Monte Carlo errors of a row; the error of the RMSE uses the delta method."""
    of_moves = draws.stats["accepted" if "accepted" in draws.stats else "accept_prob"]
    found = {"mcse_accepted": diagnostics.mcse_mean(of_moves.astype(np.float64))}
    for name in ("alpha", "beta") if data.truth is not None else ():
        true, drawn = getattr(data.truth, name), draws[name]
        drawn = drawn if drawn.ndim == 3 else np.repeat(drawn[..., np.newaxis], true.size, axis=2)
        error = drawn.mean(axis=(0, 1)) - true
        slopes = error / (true.size * rmse(error + true, true))
        found[f"mcse_{name}"] = diagnostics.mcse_mean(drawn @ slopes)
    return found


def _diagnosed(parameters: Sequence[FloatArray]) -> dict[str, Any]:
    """Return the number of draws, the worst diagnostics, and whether to trust the chains.

    Each parameter has draws of shape (chain, draw).
    """
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
    """Fit complete pooling by Metropolis: three parameters, and chains that converge."""
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
        data,
        "complete",
        "Metropolis",
        alpha,
        beta,
        accept_rate=draws.accept_rate,
        seconds=draws.seconds["sample"],
        **_diagnosed([draws[name] for name in draws.names]),
        **_errors(data, draws),
    )


def _nuts_row(data: GroupedData, model: str, posterior: Posterior, seed: int) -> Row:
    """Fit the model by NUTS: four chains of 1000 draws after 1000 of warm-up."""
    draws = posterior.sample(seed=abs(seed), progress=False)
    alpha, beta = (draws[name].mean(axis=(0, 1)) for name in ("alpha", "beta"))
    diagnosed = _diagnosed([values for _, values in draws.quantities()])
    return _row(
        data,
        model,
        "NUTS",
        alpha,
        beta,
        accept_rate=draws.accept_rate,
        seconds=draws.seconds["sample"],
        **diagnosed,
        **_errors(data, draws),
    )


def _exact_row(data: GroupedData) -> Row:
    """Compute partial pooling by quadrature, without chains or Monte Carlo error."""
    begin = time.perf_counter()
    answer = exact(data)
    seconds = time.perf_counter() - begin
    means = answer["alpha"].mean, answer["beta"].mean
    return _row(data, "partial", "exact", *means, seconds=seconds, trust=EXACT)


def _single_chains(data: GroupedData, seed: int) -> tuple[str, dict[str, SingleChain]]:
    """Replay the post's two chains on the post's data, or run two similar chains on other data."""
    if stream_after(data) is not None:
        return REPLAYED, replay(data)
    stream, n = RStream(seed), data.groups
    chains = {}
    for pooling, coefficients, scales in (("none", 2 * n, 1), ("partial", 2 * n + 2, 3)):
        # standard normals, and the prior of the sds: nothing that only the data's maker knows
        start = np.concatenate([stream.rnorm(coefficients), stream.runif(scales, 0.0, 10.0)])
        chains[pooling] = post_chain(pooling, data, stream, start=start, step=ONE_STEP)
    return ONE_CHAIN, chains


def _single_chain_row(data: GroupedData, pooling: str, method: str, run: SingleChain) -> Row:
    return _row(
        data,
        pooling,
        method,
        run.means("alpha"),
        run.means("beta"),
        accept_rate=run.accept_rate,
        seconds=run.seconds,
        **_diagnosed(list(run.kept.T[:, np.newaxis])),
    )


def _check_against_priors(data: GroupedData) -> None:
    """Refuse data that conflict with the post's priors."""
    intercept, slope = least_squares(data)
    noise = least_squares_noise(data)
    if noise <= 1e-12 * float(np.abs(data.y).max()):
        raise ValueError("y lies on one line exactly; without noise there is nothing to compare")
    for name, value, limit in (
        ("intercept", intercept, 100.0),
        ("slope", slope, 100.0),
        ("residual sd", noise, 10.0),
    ):
        if abs(value) >= limit:
            raise ValueError(
                f"the {name} of all rows is {value:.4g}, which the post's priors exclude (alpha "
                "and beta from -100 to 100, sigma from 0 to 10); express y or x in other units"
            )
