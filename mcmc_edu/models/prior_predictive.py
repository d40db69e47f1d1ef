"""Outcomes that the priors alone expect: parameters from their priors, then outcomes from those.

    beta, sigma, tau, R ~ priors,    b_j ~ N(0, T T'),  T = diag(tau) chol R,    y ~ family(eta)

All in the units of the data.  The prior of the intercept is that of the line's height where all
predictors are at their means, and so is what is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiling import FloatArray
from ..regression.categories import by_row
from ..regression.joint_priors import LKJ, Decov, RegularizedHorseshoe
from ..regression.prior_choice import Chosen
from ..regression.prior_rows import shape_of
from .prediction import outcomes, trials_of

if TYPE_CHECKING:
    from .model import Model

Own = Mapping[str, FloatArray]


def prior_predictive(model: Model, draws: int, seed: int | None) -> FloatArray:
    """Draw outcomes: see `Model.prior_predictive`."""
    if not isinstance(draws, int | np.integer) or draws < 1:
        raise ValueError(f"draws is {draws!r}; it must be an integer, 1 or more")
    rng, rows = np.random.default_rng(seed), model.design
    beta = _common(model.priors.common, rng, draws)
    own = {chosen.name: _draw(chosen, rng, draws) for chosen in model.priors.own}
    if model.family.thresholds:  # the same prior, where it is increasing
        own = dict(zip(own, np.sort(list(own.values()), axis=0), strict=True))
    eta = beta @ model.units.centered(rows.columns).T + rows.offset
    for t, g in enumerate(rows.groupings):
        b = _effects(model, t, rng, draws, own)
        eta += np.einsum("djk,jk->dj", b[:, g.index], g.columns)
    trials = trials_of(rows)
    columns = {name: values[:, np.newaxis] for name, values in own.items()}
    remedy = "the priors allow that; take narrower ones, such as priors={'b': me.Normal(0, 1)}"
    return outcomes(model.family, rng, by_row(eta, rows), trials, columns, remedy)


def _common(priors: Sequence[Chosen], rng: np.random.Generator, draws: int) -> FloatArray:
    """Draws of the common coefficients, shape (draw, Q); those of a horseshoe share its scales."""
    shrunk = [q for q, c in enumerate(priors) if isinstance(c.prior, RegularizedHorseshoe)]
    beta = np.empty((draws, len(priors)))
    for q, chosen in enumerate(priors):
        if q not in shrunk:
            beta[:, q] = _draw(chosen, rng, draws)
    if shrunk:
        one: Any = priors[shrunk[0]].written
        units = [priors[q].prior.numbers()["global_scale"] / one.global_scale for q in shrunk]
        scales = one.draw_scales(rng, draws, len(shrunk)) * units
        beta[:, shrunk] = scales * rng.standard_normal(scales.shape)
    return beta


def _draw(chosen: Chosen, rng: np.random.Generator, size: int) -> FloatArray:
    """Draws of one parameter, shape (size,)."""
    draw: Any = getattr(chosen.prior, "draw", None)
    if draw is None:
        raise ValueError(
            f"the prior of {chosen.name} is {chosen.written!r}, which is no distribution and "
            "cannot be drawn from; give it one, such as me.Normal(0, 10)"
        )
    return np.asarray(draw(rng, size))


def _columns(draws: list[FloatArray], size: int) -> FloatArray:
    """Draws side by side, shape (size, number)."""
    return np.column_stack(draws) if draws else np.zeros((size, 0))


def _effects(model: Model, t: int, rng: np.random.Generator, draws: int, own: Own) -> FloatArray:
    """Effects of a grouping's levels, shape (draw, level, K)."""
    g, chosen = model.design.groupings[t], model.priors.varying[t]
    size, levels = len(g.names), len(g.levels)
    if model.pooling == "none":
        apart = [_draw(one, rng, draws * levels).reshape(draws, levels) for one in chosen]
        return np.stack(apart, axis=-1)
    both = chosen[0].prior
    if isinstance(both, Decov):
        tau = both.draw(rng, draws, size, own.get("sigma", np.ones(draws)))
    else:
        tau = _columns([_draw(one, rng, draws) for one in chosen], draws)
    xi = rng.standard_normal((draws, levels, size))
    if size > 1 and g.correlated:
        roots = LKJ(shape_of(model.priors, t)).draw_roots(rng, draws, size)
        xi = np.einsum("dkm,djm->djk", roots, xi)
    return np.asarray(xi * tau[:, np.newaxis, :])
