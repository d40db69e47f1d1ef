"""Refits without some rows, and the density of the rows left out.

Only the data lose rows: priors and units are still based on all rows.  A level that loses all of
its rows becomes a new level, with effects drawn from the population.

If several rows of one Gaussian level are left out, their common effects are integrated out.  For K
effects this takes a K x K matrix (Woodbury).  With A = Z' Z / sigma^2, s = Z' r / sigma^2,

    log N(y | mu, sigma^2 I + Z C Z') = log N(r | 0, sigma^2 I)
                                        - log det(I + C A) / 2 + s' (I + C A)^-1 C s / 2
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ....formulas import Design, Grouping
from ...fitted import Fitted, FittedT
from ...sampling import draw
from ..prediction.linear_predictor import (
    AT_ONCE,
    covariance,
    known_se,
    linear_predictor,
    log_density,
    own_parameters,
    trials_of,
)
from .quadrature import NODES, LogDensity, disagreement, log_integral

Rows = NDArray[np.int64]

AFTERWARDS = 2**32 - 1
"""Among the seeds that a run's seed spawns: beyond the number of any chain."""

CHECKED = 5
"""Draws of each chain, about, in which the quadrature is checked with more nodes."""


def refitted(fit: FittedT, rows: Rows) -> FittedT:
    """Fit the model again without these rows, with the same settings.

    Priors, units and forms of the terms are taken from `fit`.  The seed depends only on the seed of
    the original run and on the rows.
    """
    model = fit.model.changed(
        design=drop_rows(fit.model.design, rows), fixed_choices=fit.model.choices
    )
    settings = fit.draws.settings
    given = {key: settings[key] for key in ("sampler", "draws", "warmup", "chains")}
    seed = seed_of(fit, *map(int, rows[:1]))
    return type(fit)(model, draw(model, **given, seed=seed, progress=False))


def seed_of(fit: Fitted, *key: int) -> np.random.SeedSequence:
    """Derive a seed from a fit's seed, different from its chains' seeds and for each key."""
    given = fit.draws.settings.get("seed", 0)
    run = given if isinstance(given, np.random.SeedSequence) else np.random.SeedSequence(given)
    return np.random.SeedSequence(run.entropy, spawn_key=(*run.spawn_key, AFTERWARDS, *key))


def drop_rows(design: Design, rows: Rows) -> Design:
    """Return the design of all other rows, with only the levels that occur in them."""
    kept = np.setdiff1d(np.arange(design.y.size), rows)
    groupings = []
    for g in design.groupings:
        everywhere = in_blocks(design, kept)
        occur, index = np.unique(g.index[everywhere], return_inverse=True)
        levels = tuple(g.levels[j] for j in occur)
        groupings.append(replace(g, levels=levels, index=index, columns=g.columns[everywhere]))
    return _rows_of(design, kept, groupings)


def select_rows(design: Design, rows: Rows, fitted: Design) -> Design:
    """Return the design of these rows, with levels numbered as in the design `fitted`.

    A level that has no other rows counts as new, even if it was fitted.
    """
    groupings = [
        _renumbered(g, in_blocks(design, rows), known.levels)
        for g, known in zip(design.groupings, fitted.groupings, strict=True)
    ]
    return _rows_of(design, rows, groupings)


def in_blocks(design: Design, rows: Rows) -> Rows:
    """Return the positions of these rows in stacked columns; see `Design.blocks`."""
    starts = np.arange(design.blocks or 1) * design.y.size
    return np.asarray((starts[:, np.newaxis] + rows).reshape(-1))


def _renumbered(g: Grouping, rows: Rows, levels: tuple[str, ...]) -> Grouping:
    here = np.bincount(g.index[rows], minlength=len(g.levels))
    new = np.flatnonzero((here > 0) & (here == np.bincount(g.index, minlength=len(g.levels))))
    place = {level: j for j, level in enumerate(levels)}
    number = np.array([place.get(level, -1) for level in g.levels])
    number[new] = -1 - np.arange(new.size)
    return replace(
        g,
        levels=levels,
        index=number[g.index[rows]],
        columns=g.columns[rows],
        unseen=tuple(g.levels[j] for j in new),
    )


def _rows_of(design: Design, rows: Rows, groupings: list[Grouping]) -> Design:
    everywhere = in_blocks(design, rows)
    return replace(
        design,
        y=design.y[rows],
        offset=design.offset[everywhere],
        columns=design.columns[everywhere],
        trials=None if design.trials is None else design.trials[rows],
        se=None if design.se is None else design.se[rows],
        groupings=tuple(groupings),
    )


def log_density_of_rows(fit: Fitted, rows: Design) -> FloatArray:
    """Compute the log density of each row given each draw, shape (chain, draw, row).

    Effects of new levels are drawn from the population, with a seed derived from the run's seed.
    """
    eta = linear_predictor(fit, rows, "sample", np.random.default_rng(seed_of(fit)))
    return log_density(fit, rows, eta)


def log_density_of_group(fit: Fitted, rows: Design) -> FloatArray:
    """Compute the joint log density of all rows given each draw, shape (chain, draw).

    The effects of new levels are integrated out.
    """
    eta = linear_predictor(fit, rows, "zero", np.random.default_rng(0))
    z, c = new_columns(fit, rows)
    if not z.shape[1]:
        return np.asarray(log_density(fit, rows, eta).sum(axis=-1))
    if not fit.model.family.exactly_normal:
        return by_quadrature(fit, rows, eta, z, c)
    found = log_density(fit, rows, eta).sum(axis=-1)
    residual = fit.model.family.on_scale(rows.y) - eta
    if fit.model.family.known_se:  # rows divided by their errors have sd 1
        error = known_se(rows)
        z, residual, precision = z / error[:, np.newaxis], residual / error, np.ones(eta.shape[:2])
    else:
        precision = fit.draws["sigma"] ** -2.0
    s = residual @ z * precision[..., np.newaxis]
    inner = np.eye(z.shape[1]) + c @ (z.T @ z) * precision[..., np.newaxis, np.newaxis]
    e = np.linalg.solve(inner, c @ s[..., np.newaxis])[..., 0]  # mean of the effects given y
    return np.asarray(found + 0.5 * ((s * e).sum(axis=-1) - np.linalg.slogdet(inner)[1]))


def by_quadrature(
    fit: Fitted, rows: Design, eta: FloatArray, z: FloatArray, c: FloatArray
) -> FloatArray:
    """Integrate effects with columns `z` and covariance `c` out, some draws at a time."""
    found = np.empty(eta.shape[:2])
    step = max(AT_ONCE // (eta.shape[0] * max(eta.shape[2], NODES[z.shape[1]] ** z.shape[1])), 1)
    for start in range(0, eta.shape[1], step):
        at = slice(start, start + step)
        found[:, at] = log_integral(density_at(fit, rows, at), eta[:, at], z, c[:, at])
    return found


def density_at(fit: Fitted, rows: Design, at: slice) -> LogDensity:
    """Make the log density of the rows given some of the draws of each chain."""
    own = {name: values[:, at] for name, values in own_parameters(fit, rows).items()}
    density, trials = fit.model.family.log_density, trials_of(rows)
    return lambda eta: np.asarray(density(rows.y, eta, trials, own))


def quadrature_error(fit: Fitted, rows: Design) -> float:
    """Return how wrong the log density of a group may be, at most, in a few draws."""
    z, c = new_columns(fit, rows)
    if fit.model.family.exactly_normal or not z.shape[1]:
        return 0.0
    eta = linear_predictor(fit, rows, "zero", np.random.default_rng(0))
    at = slice(None, None, max(eta.shape[1] // CHECKED, 1))
    return disagreement(density_at(fit, rows, at), eta[:, at], z, c[:, at])


def new_columns(fit: Fitted, rows: Design) -> tuple[FloatArray, FloatArray]:
    """Return Z and draws of C of all new levels, shapes (row, m) and (chain, draw, m, m)."""
    blocks = [
        (g.columns * (g.index == -1 - k)[:, np.newaxis], covariance(fit, g))
        for g in rows.groupings
        for k in range(len(g.unseen))
    ]
    z = np.hstack([np.zeros((rows.y.size, 0)), *(columns for columns, _ in blocks)])
    c = np.zeros((*fit.draws.array.shape[:2], z.shape[1], z.shape[1]))
    at = 0
    for columns, block in blocks:
        end = at + columns.shape[1]
        c[..., at:end, at:end] = block
        at = end
    return z, c
