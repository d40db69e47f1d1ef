"""The linear predictor of any rows, draw by draw, for fitted levels and new levels.

    eta = x . beta + sum_t z_t . b_t[g_t] + offset

A level that was not fitted has no effects in the posterior.  Its b can be drawn from the
population, N(0, T T') with each draw's own T.  The prediction then includes the differences among
levels and the uncertainty about them.  Or b can be 0, the line in the middle of the population.
The choice is made for all grouping factors or for each; see `new_groups`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ....families.categories import by_row
from ....families.family import Family, Own
from ....formulas import Design, Grouping
from ....formulas.arrays import Index
from ...fitted import Fitted
from .new_groups import NewGroups, ways

AT_ONCE = 500_000
"""Numbers of a linear predictor that are worked out at once: what is added up on the way is many
times the size of the sum.
"""


def linear_predictor(
    fit: Fitted, rows: Design, new_groups: NewGroups, rng: np.random.Generator
) -> FloatArray:
    """Compute draws of eta, shape (chain, draw, row), plus an axis for categorical outcomes.

    A grouping that `rows` lack has no effect.
    """
    way = ways(new_groups, fit.model.full_design)
    draws = fit.draws
    names = fit.model.design.names
    shape = draws.array.shape[:2]
    beta = np.stack([draws[n] for n in names], axis=-1) if names else np.zeros((*shape, 0))
    columns = rows.columns[:, [rows.names.index(name) for name in names]]
    fitted = {g.name for g in fit.model.design.groupings}
    effects = [
        effects_of_levels(fit, g, way[g.name], rng) for g in rows.groupings if g.name in fitted
    ]
    eta = np.empty((*shape, rows.offset.size))
    step = max(AT_ONCE // (shape[0] * shape[1]), 1)
    for start in range(0, rows.offset.size, step):
        at = slice(start, start + step)
        part = beta @ columns[at].T + rows.offset[at]
        for b, index, z in effects:
            part += np.einsum("cdrk,rk->cdr", b[:, :, index[at]], z[at])
        eta[..., at] = part
    return by_row(eta, rows)


def effects_of_levels(
    fit: Fitted, g: Grouping, way: str, rng: np.random.Generator
) -> tuple[FloatArray, Index, FloatArray]:
    """Return draws of the effects of all levels that occur, shape (chain, draw, level, K).

    Also returns the position of each row's level among these levels, and the rows' columns.
    """
    new = g.index < 0
    if new.any() and way == "error":
        raise ValueError(
            f"{g.name} has {_levels(len(g.unseen))} not fitted: {_listing(g.unseen)}; "
            "pass new_groups='sample' to draw them from the population, or 'zero' for its middle"
        )
    fitted, index = np.unique(g.index[~new], return_inverse=True)
    b = np.stack([fit.draws[f"b({g.name}: {name})"][:, :, fitted] for name in g.names], axis=-1)
    place = np.empty(g.index.size, dtype=np.int64)
    place[~new] = index
    if new.any():
        b = np.concatenate([b, new_effects(fit, g, way, rng)], axis=2)
        place[new] = fitted.size - 1 - g.index[new]
    return b, place, g.columns


def new_effects(fit: Fitted, g: Grouping, way: str, rng: np.random.Generator) -> FloatArray:
    """Return effects of levels that were not fitted, shape (chain, draw, new level, K)."""
    shape = (*fit.draws.array.shape[:2], len(g.unseen), len(g.names))
    if way == "zero":
        return np.zeros(shape)
    if f"sd({g.name}: {g.names[0]})" not in fit.draws.natural:
        raise ValueError(
            "new_groups is 'sample', but with no pooling there is no population to draw from; "
            "take 'zero', or pooling='partial'"
        )
    root = np.linalg.cholesky(covariance(fit, g))
    z = rng.standard_normal(shape)
    return np.asarray(np.einsum("cdkm,cdjm->cdjk", root, z))


def covariance(fit: Fitted, g: Grouping) -> FloatArray:
    """Draws of T T', shape (chain, draw, K, K)."""
    k = len(g.names)
    scales = np.stack([fit.draws[f"sd({g.name}: {name})"] for name in g.names], axis=-1)
    correlation = np.broadcast_to(np.eye(k), (*scales.shape, k)).copy()
    for i in range(k):
        for j in range(i):
            name = f"cor({g.name}: {g.names[j]}, {g.names[i]})"
            if name in fit.draws.natural:
                correlation[..., i, j] = correlation[..., j, i] = fit.draws[name]
    return np.asarray(correlation * scales[..., :, np.newaxis] * scales[..., np.newaxis, :])


def _levels(number: int) -> str:
    return f"{number} level that was" if number == 1 else f"{number} levels that were"


def _listing(names: tuple[str, ...]) -> str:
    return ", ".join(map(repr, names[:5])) + (", ..." if len(names) > 5 else "")


def own_parameters(fit: Fitted, rows: Design) -> dict[str, FloatArray]:
    """Return draws of the family's own parameters, shape (chain, draw, 1).

    The shape broadcasts with a linear predictor.  If the standard errors of the rows are known,
    sigma has shape (row,).
    """
    if fit.model.family.known_se:
        return {"sigma": known_se(rows)}
    return drawn_parameters(fit)


def drawn_parameters(fit: Fitted) -> dict[str, FloatArray]:
    """Collect draws of the family's own parameters, shape (chain, draw, 1)."""
    return {name: fit.draws[name][:, :, np.newaxis] for name in fit.model.family.own}


def known_se(rows: Design) -> FloatArray:
    """Return the known standard error of each row.

    Raises
    ------
    ValueError
        If new rows lack them.
    """
    if rows.se is None:
        raise ValueError(
            f"new outcomes of {rows.outcome} need a standard error each, which the rows lack: give "
            "them the column that is in se(...), or predict the expected value, epred"
        )
    return rows.se


def trials_of(rows: Design) -> Any:
    """Trials of each row, or 1."""
    return 1.0 if rows.trials is None else rows.trials


def outcomes(
    family: Family, rng: np.random.Generator, eta: FloatArray, trials: Any, own: Own, remedy: str
) -> FloatArray:
    """Draw an outcome for every linear predictor.

    Raises
    ------
    ValueError
        With the `remedy`, if a count has a mean that NumPy cannot draw of, beyond 2^63.
    """
    try:
        with np.errstate(over="ignore"):
            return np.asarray(family.draw(rng, eta, trials, own))
    except ValueError:
        if family.link != "log" or np.isnan(eta).any():
            raise
        row = int(np.argmax(eta.reshape(-1, eta.shape[-1]).max(axis=0))) + 1
        raise ValueError(
            f"counts are too large to draw: the linear predictor, on the log scale, reaches "
            f"{eta.max():.3g}, in row {row}; {remedy}"
        ) from None


PREDICT_NEARER = (
    "predict rows nearer to those that were fitted, or take the linear predictor itself, which is "
    "the log of the mean"
)
"""Remedy if a fit predicts counts too large to draw."""


def log_density(fit: Fitted, rows: Design, eta: FloatArray) -> FloatArray:
    """Compute the log density of outcomes given each draw, shape of eta: (chain, draw, row)."""
    found = fit.model.family.log_density(rows.y, eta, trials_of(rows), own_parameters(fit, rows))
    return np.asarray(found)
