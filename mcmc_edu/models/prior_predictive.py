"""Prior predictive draws: parameters from their priors, then outcomes given the parameters.

    beta, sigma, tau, R ~ priors,    b_j ~ N(0, T T'),  T = diag(tau) chol R,    y ~ family(eta)

All quantities are in the units of the data.  The prior of the intercept, and its draws, describe
the line's height where all predictors are at their means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..compiling import FloatArray
from ..families.categories import by_row
from ..priors.joint import LKJ, Decov, RegularizedHorseshoe
from ..regression.prepare.prior_rows import shape_of
from ..regression.prior_choice.records import ResolvedPrior
from ..seeds import Seed, generator
from .prepared import Prepared
from .verbs.prediction.linear_predictor import known_se, outcomes, trials_of

Own = Mapping[str, FloatArray]


def prior_predictive(model: Prepared, draws: int = 1000, seed: Seed = None) -> FloatArray:
    """Draw outcomes from the priors alone, shape (draw, row).

    Every draw takes parameters from their priors, then effects of all levels from the population,
    then one outcome for every row, whatever its weight.  Autoscaled priors take their scales from
    the data; nothing else uses the outcome.

    Raises
    ------
    ValueError
        If a prior is `Flat`, or so wide that counts overflow.

    Examples
    --------
    >>> data = {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0]}
    >>> from mcmc_edu import Model, Normal
    >>> model = Model("y ~ x", data, priors={"b": Normal(0, 1)})
    >>> model.prior_predictive(draws=50, seed=1).shape
    (50, 3)
    """
    if not isinstance(draws, int | np.integer) or draws < 1:
        raise ValueError(f"draws is {draws!r}; it must be an integer, 1 or more")
    rng, rows, units = generator(seed), model.design, model.units
    beta = _common(model, rng, draws)
    own = {chosen.name: _draw(chosen, rng, draws) for chosen in model.priors.own}
    shift = units.shift(units.slopes(beta))
    if model.family.thresholds:  # the same prior, where it is increasing
        cuts = np.sort(list(own.values()), axis=0) + shift[:, 0]
        own = dict(zip(own, cuts, strict=True))
    eta = units.coefficients(beta) @ rows.columns.T + rows.offset
    for t, g in enumerate(rows.groupings):
        b = _effects(model, t, rng, draws, own, shift)
        eta += np.einsum("dkj,jk->dj", b[:, :, g.index], g.columns)
    trials = trials_of(rows)
    columns = {name: values[:, np.newaxis] for name, values in own.items()}
    if model.family.known_se:
        columns["sigma"] = known_se(rows)
    remedy = "the priors allow that; take narrower ones, such as priors={'b': me.Normal(0, 1)}"
    return outcomes(model.family, rng, by_row(eta, rows), trials, columns, remedy)


def _common(model: Prepared, rng: np.random.Generator, draws: int) -> FloatArray:
    """Draw the common coefficients' coordinates, shape (draw, Q).

    Coefficients with a horseshoe prior share its scales.
    """
    priors, units = model.priors.common, model.units
    shrunk = [q for q, c in enumerate(priors) if isinstance(c.prior, RegularizedHorseshoe)]
    beta = np.empty((draws, len(priors)))
    for q, chosen in enumerate(priors):
        if chosen.coordinate is not None:
            beta[:, q] = _draw(replace(chosen, prior=chosen.coordinate), rng, draws)
        elif q not in shrunk:
            origin = units.y_center * float(units.constant[q])
            beta[:, q] = (_draw(chosen, rng, draws) - origin) * (units.x_scale[q] / units.y_scale)
    if shrunk:
        one: Any = priors[shrunk[0]].written
        sizes = [priors[q].prior.numbers()["global_scale"] / one.global_scale for q in shrunk]
        scales = one.draw_scales(rng, draws, len(shrunk)) * sizes
        beta[:, shrunk] = scales * rng.standard_normal(scales.shape)
        beta[:, shrunk] *= units.x_scale[shrunk] / units.y_scale
    return beta


def _draw(chosen: ResolvedPrior, rng: np.random.Generator, size: int) -> FloatArray:
    """Draws of one parameter, shape (size,)."""
    draw: Any = getattr(chosen.prior, "draw", None)
    if draw is None:
        raise ValueError(
            f"the prior of {chosen.name} is {chosen.written!r}, which is no distribution and "
            "cannot be drawn from; give it one, such as me.Normal(0, 10)"
        )
    return np.asarray(draw(rng, size))


def _effects(
    model: Prepared, t: int, rng: np.random.Generator, draws: int, own: Own, shift: FloatArray
) -> FloatArray:
    """Effects of a grouping's levels, shape (draw, K, level)."""
    g, chosen, units = model.design.groupings[t], model.priors.varying[t], model.units
    size, levels, term = len(g.names), len(g.levels), units.terms[t]
    if model.pooling == "none":
        apart = [
            _in_coordinates(one, term.scale[k] / units.y_scale, rng, draws * levels)
            for k, one in enumerate(chosen)
        ]
        return units.lines(t, g, np.stack(apart).reshape(size, draws, levels).swapaxes(0, 1), shift)
    tau, xi = _scales(model, t, rng, draws, own), rng.standard_normal((draws, size, levels))
    if size > 1 and g.correlated:
        xi = np.einsum("dkm,dmj->dkj", _roots(model, t, rng, draws), xi)
    return units.y_scale * term.effects(g, xi * tau[:, :, np.newaxis])


def _scales(model: Prepared, t: int, rng: np.random.Generator, draws: int, own: Own) -> FloatArray:
    """Draw the sds of a grouping's coordinates, shape (draw, K), in the sampler's units."""
    chosen, units = model.priors.varying[t], model.units
    scale, both = units.terms[t].scale / units.y_scale, chosen[0].prior
    if isinstance(both, Decov):
        size = len(model.design.groupings[t].names)
        noise = own.get("sigma", np.full(draws, units.y_scale))  # as the density has it
        return np.asarray(both.draw(rng, draws, size, noise) * scale)
    apart = [_in_coordinates(one, scale[k], rng, draws) for k, one in enumerate(chosen)]
    return np.column_stack(apart)


def _roots(model: Prepared, t: int, rng: np.random.Generator, draws: int) -> FloatArray:
    """Draw Cholesky factors of a grouping's correlations, shape (draw, K, K)."""
    size = len(model.design.groupings[t].names)
    return LKJ(shape_of(model.priors, t)).draw_roots(rng, draws, size)


def prior_sds(model: Prepared, draws: int = 4000, seed: Seed = None) -> dict[str, FloatArray]:
    """Draw the sds of varying coefficients from their prior, as a fit names them.

    Returns
    -------
    dict
        ``sd(group: coefficient)``, shape (draws,), in the units of the data.

    Raises
    ------
    ValueError
        If a prior is `Flat`.

    Examples
    --------
    >>> list(prior_sds(example_fit().model, draws=10, seed=1))
    ['sd(Subject: Intercept)', 'sd(Subject: Days)']
    """
    rng = generator(seed)
    found: dict[str, FloatArray] = {}
    own = {c.name: _draw(c, rng, draws) for c in model.priors.own if c.name == "sigma"}
    for t, g in enumerate(model.design.groupings if model.pooling == "partial" else ()):
        root = np.broadcast_to(np.eye(len(g.names)), (draws, len(g.names), len(g.names)))
        tau = _scales(model, t, rng, draws, own)
        if len(g.names) > 1 and g.correlated:
            root = _roots(model, t, rng, draws)
        root = model.units.terms[t].effect_chol(tau[:, :, np.newaxis] * root)
        sds = model.units.y_scale * np.sqrt((root**2).sum(axis=2))
        found |= {f"sd({g.name}: {name})": sds[:, k] for k, name in enumerate(g.names)}
    return found


def _in_coordinates(
    one: ResolvedPrior, unit: float, rng: np.random.Generator, size: int
) -> FloatArray:
    """Draw a parameter's coordinate, which is `unit` times the parameter."""
    if one.coordinate is None:
        return _draw(one, rng, size) * unit
    return _draw(replace(one, prior=one.coordinate), rng, size)
