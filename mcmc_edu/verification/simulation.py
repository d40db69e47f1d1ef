"""Simulation-based calibration: fit data whose truth was drawn from the prior, again and again.

    theta* ~ p(theta),   y ~ p(y | theta*),   theta_1, ..., theta_L ~ the sampler, given y

If the sampler draws from p(theta | y), then theta* is one more draw of it, and the rank of
q(theta*) among q(theta_1), ..., q(theta_L) is uniform on 0, ..., L, whatever the quantity q.
Ranks that heap up at both ends tell of a posterior too narrow, in the middle of one too wide, at
one end of a bias.

Parameters are not enough.  A sampler that ignores the data and draws from the prior has uniform
ranks for each of them; the log likelihood, which knows the data, does not.

Source: S. Talts et al. (2018), arXiv:1804.06788; M. Modrák et al. (2023), *Bayesian Analysis*, for
quantities that depend on the data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from ..diagnostics import ess_bulk
from ..driver.parallel import Package, call, check_executor
from ..driver.runner import processors
from ..progress import in_order, screen
from ..seeds import Seed, seed_sequence
from .fits import Fit
from .result import SBC

ENOUGH = 4
"""With fewer than this times L draws, their autocorrelation is not known well enough to judge."""

Quantities = Callable[[dict[str, FloatArray], Any], Mapping[str, ArrayLike]]


def sbc(
    prior: Callable[[np.random.Generator], Mapping[str, ArrayLike]],
    simulate: Callable[[np.random.Generator, Mapping[str, ArrayLike]], Any],
    fit: Fit,
    quantities: Quantities | None = None,
    *,
    replicates: int = 200,
    draws: int = 99,
    seed: Seed,
    level: float = 0.95,
    threads: int | None = None,
    progress: bool | None = None,
    executor: Executor | None = None,
) -> SBC:
    """Compare draws with truths, in data sets simulated from the prior.

    Parameters
    ----------
    prior
        ``prior(rng) -> {name: value}``: a draw of all parameters, each a number or shape (k,).
    simulate
        ``simulate(rng, parameters) -> observed``: a data set, whatever `fit` takes for one.
    fit
        ``fit(observed, seed) -> {name: draws}``: draws of the same parameters, shape (n,) or
        (k, n), n at least `draws`; from `sampled`, or any sampler of your own.
    quantities
        ``quantities(parameters, observed) -> {name: values}``: what is ranked.  It is called with
        parameters of shape (n,) or (k, n) and gives shape (n,) or (k, n); give the log likelihood
        among them.  If None, every entry of every parameter.
    replicates
        How many data sets.
    draws
        L, the number of draws that each truth is ranked among: that many, evenly spaced, are
        taken of those that `fit` gives.  They should be nearly independent: the result says if
        not, where `fit` gives at least 4 L.
    seed
        Each replicate has a stream of its own; threads do not matter.
    level
        Least probability with which a right sampler is found inside the bands, all quantities
        together.
    threads
        How many replicates run at a time; as many as there are processors if not given.  An
        executor decides this itself.
    progress
        Whether to show how many replicates are done; None to guess, as in `me.sample`.
    executor
        Where replicates run: any ``concurrent.futures.Executor``, as in `me.sample`.  None runs
        them here, in threads.  The ranks are the same.

    Returns
    -------
    SBC

    Raises
    ------
    ValueError
        If a quantity is NaN, or truth and draws do not go together.
    """
    for name, value in (("replicates", replicates), ("draws", draws)):
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} is {value!r}; it must be an integer, 1 or more")
    if executor is not None:
        check_executor(executor)
    if not 0.0 < level < 1.0:
        raise ValueError(f"level is {level!r}; it must be between 0 and 1, such as 0.95")
    seeds = seed_sequence(seed).spawn(replicates)
    one = partial(_replicate, prior, simulate, fit, quantities or _parameters, draws)
    shown = screen(progress).counting("calibrating", "data sets", replicates)
    with shown as counter, ExitStack() as stack:
        if executor is None:
            executor = stack.enter_context(ThreadPoolExecutor(threads or processors()))
        found = in_order(executor, partial(call, Package(one)), seeds, counter)
    return SBC(
        ranks=np.array([[r.rank for r in row.values()] for row in found], dtype=np.int64),
        names=tuple(found[0]),
        draws=draws,
        ess=np.array([[r.ess for r in row.values()] for row in found]),
        level=level,
    )


class Ranked(NamedTuple):
    """Rank of one quantity in one replicate."""

    rank: int
    """How many of the L draws are below the truth."""
    ess: float
    """Effective draws that `fit` gave; NaN if they are too few to tell, or all equal."""


def _replicate(
    prior: Callable[..., Any],
    simulate: Callable[..., Any],
    fit: Fit,
    quantities: Quantities,
    draws: int,
    seed: np.random.SeedSequence,
) -> dict[str, Ranked]:
    own, for_fit = seed.spawn(2)
    rng = np.random.default_rng(own)
    truth = prior(rng)
    observed = simulate(rng, truth)
    found = {name: np.asarray(x, dtype=float) for name, x in fit(observed, for_fit).items()}
    as_draws = {name: np.asarray(x, dtype=float)[..., np.newaxis] for name, x in truth.items()}
    of_truth = entries(quantities(as_draws, observed))
    of_draws = entries(quantities(found, observed))
    if list(of_truth) != list(of_draws):
        raise ValueError(
            f"the truth has the quantities {', '.join(of_truth)}, the draws {', '.join(of_draws)}; "
            "prior and fit must give the same parameters, of the same shapes"
        )
    return {name: ranked(rng, name, of_truth[name], x, draws) for name, x in of_draws.items()}


def _parameters(parameters: dict[str, FloatArray], observed: Any) -> dict[str, FloatArray]:
    return parameters


def entries(values: Mapping[str, ArrayLike]) -> dict[str, FloatArray]:
    """Take vectors apart: a value of shape (k, n) becomes ``name[0]``, ..., of shape (n,) each."""
    found = {}
    for name, value in values.items():
        x = np.asarray(value, dtype=float)
        if x.ndim == 1:
            found[name] = x
        elif x.ndim == 2:
            found |= {f"{name}[{i}]": x[i] for i in range(x.shape[0])}
        else:
            raise ValueError(f"{name} has shape {x.shape}; it must be (n,) or (k, n), n draws")
    return found


def ranked(
    rng: np.random.Generator, name: str, truth: FloatArray, values: FloatArray, draws: int
) -> Ranked:
    """Rank `truth`, shape (1,), among `draws` of `values`, shape (n,); a tie is broken by lot."""
    n = values.size
    if n < draws or truth.size != 1:
        raise ValueError(
            f"{name} has {truth.size} true values and {n} draws; it must have one, and at least "
            f"{draws} draws to be ranked among"
        )
    if np.isnan(values).any() or np.isnan(truth[0]):
        where = "its true value" if np.isnan(truth[0]) else f"{np.isnan(values).sum()} of its draws"
        raise ValueError(f"{name} is NaN in {where}, which have no rank; mend the quantity")
    chosen = values[np.arange(1, draws + 1) * n // draws - 1]
    ties = int((chosen == truth[0]).sum())
    rank = int((chosen < truth[0]).sum()) + int(rng.integers(ties + 1))
    enough = n >= ENOUGH * draws
    return Ranked(rank, ess_bulk(values[np.newaxis]) if enough else float("nan"))
