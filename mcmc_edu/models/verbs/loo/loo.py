"""Predictive accuracy on unseen data: leave-one-out, by rows or by groups.

    elpd = sum_i log p(y_i | all other y),     p(y_i | others) = 1 / E[1 / p(y_i | theta)]

the expectation over draws given all y.  Few draws dominate such a mean, so the largest weights are
smoothed by a Pareto distribution (PSIS).  Its shape k says whether that can be trusted; where it
cannot, the model is fitted again without y_i.  The smoothing is arviz-stats'.

Source: A. Vehtari, A. Gelman, J. Gabry (2017), *Statistics and Computing* 27, 1413-1432; with
D. Simpson and Y. Yao (2024), *Journal of Machine Learning Research* 25 (72); by groups:
E. Merkle, D. Furr, S. Rabe-Hesketh (2019), *Psychometrika* 84, 802-829.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import logsumexp

from ....compiling import FloatArray
from ....diagnostics import ess_mean, mcse_mean
from ....formulas import Design
from ....progress import Counter, screen
from ...fitted import Fitted
from ...prepared import Prepared
from ..prediction.draws import log_lik
from ..prediction.linear_predictor import trials_of
from .leave_out import (
    Rows,
    log_density_of_group,
    log_density_of_rows,
    quadrature_error,
    refitted,
    select_rows,
)
from .quadrature import LARGEST
from .result import Loo


def loo(
    fit: Fitted, refit: bool = False, groups: str | None = None, *, progress: bool | None = None
) -> Loo:
    """Estimate how well the model predicts what it has not seen, by leaving out one at a time.

    Parameters
    ----------
    refit
        Whether to fit the model again without each row, or group, whose Pareto k says that
        its estimate is not to be trusted.  Priors and units stay those of all rows; a level
        that loses its only row has effects from the population.  What these fits have of Monte
        Carlo error is in `Loo.mcse` and beneath the table; more draws make it smaller.
    groups
        A grouping factor whose levels are left out whole, so that the estimate is of new levels.
        The effects that lose all of their rows with a level are integrated out: exactly for
        Gaussian outcomes, by adaptive quadrature for others, with 25 nodes for one effect and
        15 x 15 for two.  Quadrature is right to about 1e-5 if the likelihood is log-concave.  It
        can be worse for Student's t, and a note says if a finer quadrature changes a level's
        density by over 0.01 in a few draws.  It takes at most two such effects, and no
        categorical outcome.  Effects of other factors keep the values of the draw.
        None to leave out rows, which estimates new rows of the same levels.  Of a row with a
        weight one observation is left out at a time, and all of them count in the sums.
    progress
        Whether to show how many fits are done with `refit`; None to guess, as in `me.sample`.

    Returns
    -------
    Loo
        With elpd, se, p_loo, looic and the densities of the units, ``pointwise``.

    Raises
    ------
    ImportError
        If arviz-stats is not installed.
    ValueError
        If `groups` is no grouping factor of the model, or its effects cannot be integrated out;
        or, without pooling, a level has no other row than the one to refit without.

    Examples
    --------
    >>> fit = example_fit()
    >>> bool(fit.loo().elpd > fit.loo(groups="Subject").elpd)
    True
    """
    model, weights = fit.model, fit.model.design.weights
    if weights is not None:  # what is left out is one observation of a row, or all of a group
        fit = type(fit)(model.of_observations(), fit.draws)
    if groups is None:
        names, rows, density = _rows(model)
        densities = log_lik(type(fit)(model, fit.draws))
    else:
        model, weights = fit.model, None
        names, rows, density = _groups(model, groups)
        densities = _by_group(fit, rows)
    found = _smoothed(densities, names, groups or "row", *outcome_of(model))
    source = model.source
    found = replace(found, rows=source.rows, dropped=source.dropped, weights=weights)
    if groups is not None:
        found = replace(found, quadrature_errors=_quadrature_errors(fit, rows))
    if not (refit and found.untrusted):
        return found
    unit, total = "rows" if groups is None else f"levels of {groups}", len(found.untrusted)
    with screen(progress).counting("refitting", unit, total) as counter:
        return _refitted(found, fit, rows, density, counter)


def outcome_of(model: Prepared) -> tuple[FloatArray, FloatArray | None]:
    """Outcome of each row, and its trials if it is binomial."""
    rows = model.design
    trials = np.broadcast_to(trials_of(rows), rows.y.shape) if model.family.has_trials else None
    if model.family.probabilities is None:
        return rows.y, trials
    # numbered among the categories that occur, for one model may keep empty ones
    return np.unique(rows.y, return_inverse=True)[1].astype(np.float64), trials


Density = Callable[["Fitted", Design], FloatArray]


def _rows(model: Prepared) -> tuple[tuple[str, ...], list[Rows], Density]:
    """Numbers of the rows, an observation of each, and the density of an observation."""
    n, numbers, weights = model.design.y.size, model.source.rows, model.design.weights
    names = map(str, range(n) if numbers is None else numbers.tolist())
    first = np.arange(n) if weights is None else np.cumsum(weights) - weights
    return tuple(names), [np.array([i]) for i in first], log_density_of_rows


def _groups(model: Prepared, name: str) -> tuple[tuple[str, ...], list[Rows], Density]:
    """Levels of a factor, the rows of each, and the density of a level's rows."""
    known = {g.name: g for g in model.full_design.groupings}
    if name not in known:
        factors = ", ".join(map(repr, known)) or "none"
        raise ValueError(
            f"groups is {name!r}; the model's grouping factors: {factors}.  To leave out levels "
            f"that are all alike to the model, add a bar, such as (1 | {name}), and take "
            "pooling='complete', which leaves the bar out of the model again"
        )
    if model.pooling == "none":
        raise ValueError(
            f"groups is {name!r}, but with no pooling nothing is learnt of a level from others; "
            "take pooling='partial' or 'complete'"
        )
    g = known[name]
    rows = [np.flatnonzero(g.index == j) for j in range(len(g.levels))]
    if not model.family.exactly_normal and model.design.groupings:
        _check_quadrature(model, name, rows)
    return g.levels, rows, _of_group


def _check_quadrature(model: Prepared, name: str, rows: list[Rows]) -> None:
    """Refuse groups whose effects quadrature cannot integrate out."""
    if model.design.blocks:
        raise ValueError(
            f"groups={name!r}: expected an outcome with one linear predictor, not "
            f"{model.family.name}.  Use loo() without groups."
        )
    design = model.design
    for j in rows:
        new = select_rows(design, j, design).groupings
        effects = sum(len(g.unseen) * g.columns.shape[1] for g in new)
        if effects > LARGEST:
            factors = ", ".join(f"{g.name!r}" for g in new if g.unseen)
            raise ValueError(
                f"groups={name!r}: expected at most {LARGEST} effects that lose all of their rows "
                f"with a level if the outcome is {model.family.name}, got {effects} (of "
                f"{factors}).  Use loo() without groups."
            )


def _of_group(fit: Fitted, rows: Design) -> FloatArray:
    return log_density_of_group(fit, rows)[..., np.newaxis]


def _by_group(fit: Fitted, rows: list[Rows]) -> FloatArray:
    """Log density of every group given each draw, shape (chain, draw, group)."""
    design = fit.model.design
    return np.stack(
        [log_density_of_group(fit, select_rows(design, j, design)) for j in rows], axis=-1
    )


def _quadrature_errors(fit: Fitted, rows: list[Rows]) -> tuple[float, ...]:
    design = fit.model.design
    return tuple(quadrature_error(fit, select_rows(design, j, design)) for j in rows)


def _smoothed(
    log_lik: FloatArray, names: tuple[str, ...], unit: str, y: FloatArray, trials: FloatArray | None
) -> Loo:
    """PSIS of each unit, from log densities of shape (chain, draw, unit)."""
    smooth = array_stats()
    elpd, k = np.full(len(names), -math.inf), np.full(len(names), math.inf)
    for i in range(len(names)):
        own = log_lik[:, :, i]
        if not np.isfinite(own).all():  # a draw under which the unit is impossible
            continue
        with np.errstate(all="ignore"):
            found = smooth.loo(own, chain_axis=0, draw_axis=1, r_eff=relative_efficiency(own))
        if np.isfinite(found[0]):  # or the tail is too wild for it: its k is small then, and wrong
            elpd[i], k[i] = found[:2]
    draws = log_lik.shape[0] * log_lik.shape[1]
    seen = logsumexp(log_lik, axis=(0, 1)) - math.log(draws)
    errors = np.array([log_mean(-log_lik[..., i])[1] for i in range(len(k))])
    return Loo(elpd, seen, k, names, unit, (), k_limit(draws), y, trials, errors=errors)


def k_limit(draws: int) -> float:
    """Largest k to be trusted: 0.7, or less with fewer than 2200 draws (Vehtari et al. 2024)."""
    return min(1.0 - 1.0 / math.log10(draws), 0.7)


def relative_efficiency(log_lik: FloatArray) -> float:
    """Effective draws of the mean likelihood for each draw, of which the tail's length depends.

    At most 1, so that antithetic chains make no tail shorter; 1 as well where the likelihood is
    the same in all draws, or their number too small to tell.
    """
    effective = ess_mean(np.exp(log_lik - log_lik.max()))
    return 1.0 if math.isnan(effective) else min(effective / log_lik.size, 1.0)


def _refitted(found: Loo, fit: Fitted, rows: list[Rows], density: Density, counter: Counter) -> Loo:
    """Replace what is not to be trusted by densities under the model without the unit."""
    elpd, design, errors = found.pointwise.copy(), fit.model.design, []
    all_errors = found.errors.copy()
    for i in found.untrusted:
        if rows[i].size == design.y.size:
            raise ValueError(
                f"refit is True, but all rows are of {found.unit} {found.names[i]}: without it "
                "nothing is left to fit; take refit=False"
            )
        new = [g for g in select_rows(design, rows[i], design).groupings if g.unseen]
        if new and fit.model.pooling == "none":
            raise ValueError(
                f"refit is True, but row {found.names[i]} is the only one of {new[0].name} "
                f"{new[0].unseen[0]}, of which without pooling nothing else tells anything; "
                "take pooling='partial'"
            )
        other = refitted(fit, rows[i])
        log_p = density(other, select_rows(design, rows[i], other.model.design))
        elpd[i], error = log_mean(log_p.reshape(log_p.shape[:2]))
        errors.append(error)
        all_errors[i] = error
        counter.advance()
        counter.look()
    return replace(
        found, pointwise=elpd, refitted=found.untrusted, mcse=tuple(errors), errors=all_errors
    )


def log_mean(log_p: FloatArray) -> tuple[float, float]:
    """Log of the mean of exp(log_p), shape (chain, draw), and its Monte Carlo standard error.

    The error of a logarithm is that of the mean over the mean (delta method).
    """
    if not np.isfinite(log_p.max()):
        return float(log_p.max()), math.nan
    p = np.exp(log_p - log_p.max())
    found = float(logsumexp(log_p)) - math.log(log_p.size)
    return found, mcse_mean(p) / float(p.mean())


def array_stats() -> Any:
    """arviz-stats' functions of arrays, or an ImportError that says how to get them."""
    try:
        from arviz_stats.base import array_stats as found
    except ImportError as error:
        raise ImportError(
            f"loo needs arviz-stats ({error}): pip install 'mcmc_edu[arviz]'"
        ) from error
    return found
