"""Draws of all parameters from their priors, under the names that a fit's draws have.

    beta, sigma, tau, R ~ priors,    b_j ~ N(0, T T'),  T = diag(tau) chol R

All quantities are in the units of the data.  The prior of the intercept describes the line's height
where all predictors are at their means.  A parameter can be given a value instead; parameters that
depend on it, such as the effects on their sd, follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from ...compiling import FloatArray
from ...families.categories import by_row
from ...formulas import Grouping
from ...priors.joint import LKJ, Decov, RegularizedHorseshoe
from ...regression.prepare.prior_rows import shape_of
from ...regression.prepare.quantity_names import HORSESHOE
from ...regression.prior_choice.records import ResolvedPrior
from ...regression.quantities import correlations_of
from ..prepared import Prepared
from ..verbs.prediction.linear_predictor import known_se, outcomes, trials_of

Values = Mapping[str, FloatArray]
"""Values by name: shape (draws,) or (), of effects (draws, J) or (J,)."""

NONE: Values = MappingProxyType({})


def draw_parameters(
    model: Prepared, rng: np.random.Generator, draws: int, given: Values = NONE
) -> dict[str, FloatArray]:
    """Draw all parameters from their priors, in the order of a fit's quantities.

    Parameters
    ----------
    model
        The model, with its priors.
    rng
        Random generator.
    draws
        Number of draws.
    given
        Values that replace draws.  They are not checked.

    Returns
    -------
    dict
        Shape (draws,) by name; effects ``b(g: x)`` have shape (draws, J).

    Raises
    ------
    ValueError
        If a prior is `Flat` and no value is given.
    """
    units, names = model.units, model.design.names
    beta, shared = _common(model, rng, draws, given)
    own = {chosen.name: draw_one(chosen, rng, draws, given) for chosen in model.priors.own}
    slopes = units.slopes(beta)
    for q, name in enumerate(names):
        if name in given:
            slopes[:, q] = given[name]
    shift = units.shift(slopes)
    if model.family.thresholds:  # the same prior, where it is increasing
        cuts = np.sort(list(own.values()), axis=0) + shift[:, 0]
        own = dict(zip(own, cuts, strict=True))
    found = dict(zip(names, units.at_zero(slopes).T, strict=True)) | own
    found = _replaced(found | shared, given, draws)
    own = {name: found[name] for name in own}
    terms = [
        draw_term(model, t, rng, draws, own, shift, given)
        for t in range(len(model.design.groupings))
    ]
    for kind in ("sds", "correlations"):
        found |= {name: x for term in terms for name, x in getattr(term, kind).items()}
    for term, g in zip(terms, model.design.groupings, strict=True):
        found |= {f"b({g.name}: {name})": term.effects[:, k] for k, name in enumerate(g.names)}
    return found


def draw_outcomes(
    model: Prepared, rng: np.random.Generator, parameters: Values, remedy: str
) -> FloatArray:
    """Draw an outcome for every row from each draw of the parameters, shape (draw, row).

    Raises
    ------
    ValueError
        With the `remedy`, if counts overflow.
    """
    rows, family = model.design, model.family
    size = next(iter(parameters.values())).shape[0]
    beta = np.column_stack([np.zeros((size, 0)), *(parameters[name] for name in rows.names)])
    eta = np.ascontiguousarray(beta) @ rows.columns.T + rows.offset
    for g in rows.groupings:
        b = np.stack([parameters[f"b({g.name}: {name})"] for name in g.names], axis=1)
        eta += np.einsum("dkj,jk->dj", b[:, :, g.index], g.columns)
    own = {name: parameters[name][:, np.newaxis] for name in family.own}
    if family.known_se:
        own["sigma"] = known_se(rows)
    return outcomes(family, rng, by_row(eta, rows), trials_of(rows), own, remedy)


def _replaced(found: Values, given: Values, draws: int) -> dict[str, FloatArray]:
    """Return the values with those that are given in their place."""
    return {
        name: np.broadcast_to(given[name], (draws,)).copy() if name in given else value
        for name, value in found.items()
    }


def _common(
    model: Prepared, rng: np.random.Generator, draws: int, given: Values
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Draw the common coefficients' coordinates, shape (draw, Q).

    Coefficients with a horseshoe prior share its scales, which are returned by name.
    """
    priors, units = model.priors.common, model.units
    shrunk = [q for q, c in enumerate(priors) if isinstance(c.prior, RegularizedHorseshoe)]
    beta = np.empty((draws, len(priors)))
    for q, chosen in enumerate(priors):
        if chosen.coordinate is not None:
            beta[:, q] = draw_one(replace(chosen, prior=chosen.coordinate), rng, draws, given)
        elif q not in shrunk:
            origin = units.y_center * float(units.constant[q])
            drawn = draw_one(chosen, rng, draws, given)
            beta[:, q] = (drawn - origin) * (units.x_scale[q] / units.y_scale)
    if not shrunk:
        return beta, {}
    one: Any = priors[shrunk[0]].written
    sizes = [priors[q].prior.numbers()["global_scale"] / one.global_scale for q in shrunk]
    overall, slab, scales = one.draw_all(rng, draws, len(shrunk))
    scales = scales * sizes
    beta[:, shrunk] = scales * rng.standard_normal(scales.shape)
    beta[:, shrunk] *= units.x_scale[shrunk] / units.y_scale
    return beta, dict(zip(HORSESHOE, (overall, slab), strict=True))


def draw_one(
    chosen: ResolvedPrior, rng: np.random.Generator, size: int, given: Values = NONE
) -> FloatArray:
    """Draws of one parameter, shape (size,); ones if it has a value and no proper prior."""
    draw: Any = getattr(chosen.prior, "draw", None)
    if draw is not None:
        return np.asarray(draw(rng, size))
    if chosen.name in given:
        return np.ones(size)
    raise ValueError(
        f"the prior of {chosen.name} is {chosen.written!r}, which is no distribution and "
        "cannot be drawn from; give it one, such as me.Normal(0, 10), or in simulate() a value: "
        f"values={{{chosen.name!r}: 0.0}}"
    )


class Term(NamedTuple):
    """Draws of what a bar has."""

    effects: FloatArray
    """Shape (draw, K, level)."""
    sds: dict[str, FloatArray]
    correlations: dict[str, FloatArray]


def draw_term(
    model: Prepared,
    t: int,
    rng: np.random.Generator,
    draws: int,
    own: Values,
    shift: FloatArray,
    given: Values = NONE,
) -> Term:
    """Draw sds, correlations and effects of all levels of a grouping."""
    g, units = model.design.groupings[t], model.units
    if model.pooling == "none":
        return Term(_given_effects(g, _unpooled(model, t, rng, draws, shift, given), given), {}, {})
    tau = draw_scales(model, t, rng, draws, own, given)
    z = rng.standard_normal((draws, len(g.names), len(g.levels)))
    root = draw_roots(model, t, rng, draws)
    sds, directions = sds_of(model, t, tau, root)
    correlations = correlations_of(g, directions) if len(g.names) > 1 and g.correlated else {}
    if given.keys() & {*sds, *correlations}:
        sds, correlations = (_replaced(x, given, draws) for x in (sds, correlations))
        effects = np.einsum("dkm,dmj->dkj", _chol(g, sds, correlations), z)
    else:
        mixed = np.einsum("dkm,dmj->dkj", root, z)
        effects = units.y_scale * units.terms[t].effects(g, mixed * tau[:, :, np.newaxis])
    return Term(_given_effects(g, effects, given), sds, correlations)


def _unpooled(
    model: Prepared, t: int, rng: np.random.Generator, draws: int, shift: FloatArray, given: Values
) -> FloatArray:
    """Coefficients of levels that stand alone, shape (draw, K, level)."""
    g, chosen, units = model.design.groupings[t], model.priors.varying[t], model.units
    apart = [
        _in_coordinates(one, scale, rng, draws * len(g.levels), given)
        for scale, one in zip(units.terms[t].scale / units.y_scale, chosen, strict=True)
    ]
    by_level = np.stack(apart).reshape(len(g.names), draws, len(g.levels)).swapaxes(0, 1)
    return units.lines(t, g, by_level, shift)


def _given_effects(g: Grouping, effects: FloatArray, given: Values) -> FloatArray:
    """Put effects that are given in the place of those drawn."""
    names = [f"b({g.name}: {name})" for name in g.names]
    if not given.keys() & set(names):
        return effects
    return np.stack(
        [
            np.broadcast_to(given[name], effects[:, k].shape) if name in given else effects[:, k]
            for k, name in enumerate(names)
        ],
        axis=1,
    )


def draw_scales(
    model: Prepared, t: int, rng: np.random.Generator, draws: int, own: Values, given: Values = NONE
) -> FloatArray:
    """Draw the sds of a grouping's coordinates, shape (draw, K), in the sampler's units."""
    chosen, units = model.priors.varying[t], model.units
    scale, both = units.terms[t].scale / units.y_scale, chosen[0].prior
    if isinstance(both, Decov):
        size = len(model.design.groupings[t].names)
        noise = own.get("sigma", np.full(draws, units.y_scale))  # as the density has it
        return np.asarray(both.draw(rng, draws, size, noise) * scale)
    apart = [_in_coordinates(one, scale[k], rng, draws, given) for k, one in enumerate(chosen)]
    return np.column_stack(apart)


def draw_roots(model: Prepared, t: int, rng: np.random.Generator, draws: int) -> FloatArray:
    """Draw Cholesky factors of a grouping's correlations, shape (draw, K, K)."""
    g = model.design.groupings[t]
    size = len(g.names)
    if size == 1 or not g.correlated:
        return np.broadcast_to(np.eye(size), (draws, size, size))
    return LKJ(shape_of(model.priors, t)).draw_roots(rng, draws, size)


def sds_of(
    model: Prepared, t: int, tau: FloatArray, root: FloatArray
) -> tuple[dict[str, FloatArray], FloatArray]:
    """Return sds by name, in the units of the data, and rows of length 1, shape (draw, K, K).

    The rows are those of a factor of the correlations; it need not be triangular.
    """
    g = model.design.groupings[t]
    factor = model.units.terms[t].effect_chol(tau[:, :, np.newaxis] * root)
    lengths = np.sqrt((factor**2).sum(axis=2))
    sds = model.units.y_scale * lengths
    named = {f"sd({g.name}: {name})": sds[:, k] for k, name in enumerate(g.names)}
    return named, factor / lengths[:, :, np.newaxis]


def _chol(g: Grouping, sds: Values, correlations: Values) -> FloatArray:
    """Cholesky factor of the covariance of a bar's coefficients, shape (draw, K, K)."""
    scales = np.column_stack(list(sds.values()))
    size = scales.shape[1]
    matrix = np.broadcast_to(np.eye(size), (len(scales), size, size)).copy()
    for i in range(size):
        for j in range(i if correlations else 0):
            name = f"cor({g.name}: {g.names[j]}, {g.names[i]})"
            matrix[:, i, j] = matrix[:, j, i] = correlations[name]
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"no correlation matrix of {g.name} has {', '.join(correlations)} with the given "
            "values and the rest as drawn; give values to all of them, strictly between -1 and 1, "
            "that make a positive definite matrix"
        ) from None
    return np.asarray(scales[:, :, np.newaxis] * root)


def _in_coordinates(
    one: ResolvedPrior, unit: float, rng: np.random.Generator, size: int, given: Values
) -> FloatArray:
    """Draw a parameter's coordinate, which is `unit` times the parameter."""
    if one.coordinate is None:
        return draw_one(one, rng, size, given) * unit
    return draw_one(replace(one, prior=one.coordinate), rng, size, given)
