"""Common coefficients b, from parameters whose priors are independent.

A coefficient with a prior of its own, or the only one with a default prior, is a parameter in the
units of the data.  Several coefficients that share a default prior are ``turn * z``: of the
coordinates z the prior is independent and does not depend on zeros, units or contrasts.

The intercept's prior is for predictors at their means, so the parameters are coefficients of
centred predictors, ``b_centred``, and b follows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...compiling import FloatArray
from ...families.categories import predictor
from ...priors.joint import RegularizedHorseshoe
from ...priors.univariate import Prior
from ..prepared import Prepared
from . import horseshoe
from .blocks import Blocks, commented, listed
from .priors import Shown, bounds, declare_vector, statement, statements


def coefficients(model: Prepared, blocks: Blocks) -> None:
    """Declare the common coefficients with their priors, and add them to the predictor."""
    size = len(model.design.names)
    _start_predictor(model, blocks)
    if not size:
        return
    blocks.names |= {f"b[{q + 1}]": name for q, name in enumerate(model.design.names)}
    centre = model.units.x_center
    intercepts = [] if model.family.thresholds else _intercepts(model)
    if centre.any():
        blocks.give(f"vector[{size}]", "x_center", centre, "means of the predictors")
    shifted = [c for c in _blocks(model) if intercepts and centre[c].any()]
    name = "b_centred" if shifted else "b"
    _declare(model, blocks, name)
    if shifted:
        blocks.transformed.append(f"vector[{size}] b = b_centred;")
    for c in shifted:
        (at,) = (q for q in intercepts if c.start <= q < c.stop)
        where = "" if len(_blocks(model)) == 1 else f"[{c.start + 1}:{c.stop}]"
        line = f"b[{at + 1}] -= dot_product(x_center{where}, b_centred{where});"
        blocks.transformed.append(commented(line, f"{model.design.names[at]}, at 0"))


def slopes_name(model: Prepared) -> str:
    """Name the vector of coefficients of centred predictors."""
    centred = bool(model.units.x_center.any()) and not model.family.thresholds
    return "b_centred" if centred and _intercepts(model) else "b"


def _blocks(model: Prepared) -> list[slice]:
    """Return the coefficients of each linear predictor."""
    count = model.units.blocks
    size = len(model.design.names) // count
    return [slice(c * size, (c + 1) * size) for c in range(count)]


def _intercepts(model: Prepared) -> list[int]:
    """Return the coefficients that absorb the centres of the predictors."""
    units = model.units
    here = [c for c in _blocks(model) if units.x_center[c].any() and units.constant[c].any()]
    found = [int(q) for c in here for q in np.flatnonzero(units.constant[c]) + c.start]
    assert len(found) == len(here), "a centre is absorbed by one coefficient"
    return found


def _start_predictor(model: Prepared, blocks: Blocks) -> None:
    """Declare the columns and begin the linear predictor."""
    design = model.design
    count = len(_blocks(model))
    size, offset = len(design.names) // count, design.offset.any()
    if size:
        names = [predictor(design, name) for name in design.names[:size]]
        columns = design.columns[: design.y.size, :size]
        blocks.give(f"matrix[N, {size}]", "X", columns, listed(names))
    if count == 1:
        first = "X * b" if size else "rep_vector(0, N)"
        line = f"vector[N] eta = {first}{' + offsets' * bool(offset)};"
        blocks.predictor.append(line)
        return
    blocks.predictor.append(f"matrix[N, {count}] eta;  // categories but for the first, which is 0")
    for c, where in enumerate(_blocks(model)):
        first = f"X * b[{where.start + 1}:{where.stop}]" if size else "rep_vector(0, N)"
        line = f"eta[, {c + 1}] = {first}{f' + offsets[, {c + 1}]' * bool(offset)};"
        blocks.predictor.append(commented(line, design.outcome_levels[c + 1]))


def _declare(model: Prepared, blocks: Blocks, name: str) -> None:
    """Declare the vector `name` of coefficients, of which each is a parameter or follows."""
    units, chosen = model.units, model.priors.common
    turn = _turn(model)
    mixed = turn.astype(bool) & ~np.eye(len(chosen), dtype=bool)
    joint = np.flatnonzero(mixed.any(axis=0) | mixed.any(axis=1))
    shrunk = [q for q, one in enumerate(chosen) if isinstance(one.prior, RegularizedHorseshoe)]
    apart = [q for q in range(len(chosen)) if q not in joint and q not in shrunk]
    center = units.y_center * units.constant
    priors = [Shown(_in_data_units(model, q, turn, center), _comment(model, q)) for q in apart]
    whole = len(apart) == len(chosen)
    own = name if whole else "b_own"
    if len(apart) == 1 and not whole:
        declared = f"real{bounds(priors[0].prior)} {own};"
        blocks.parameters.append(commented(declared, priors[0].comment))
        blocks.priors.append(statement(own, *priors[0]))
    elif apart:
        names = listed([model.design.names[q] for q in apart])
        declare_vector(blocks, own, priors, comment=names)
        blocks.priors += statements(own, priors)
    if whole:
        return
    blocks.transformed.append(f"vector[{len(chosen)}] {name};")
    if apart:
        blocks.transformed.append(f"{name}[{places(apart)}] = {own};")
    if joint.size:
        _joint(model, blocks, name, joint.tolist(), turn, center)
    if shrunk:
        horseshoe.coefficients(model, blocks, f"{name}[{places(shrunk)}]", shrunk)


def _turn(model: Prepared) -> FloatArray:
    """Return the map from coordinates to coefficients of centred predictors."""
    units = model.units
    turn = np.eye(units.x_scale.size) if units.turn is None else units.turn
    return np.asarray(turn * (units.y_scale / units.x_scale)[:, np.newaxis])


def _in_data_units(model: Prepared, q: int, turn: FloatArray, center: FloatArray) -> Prior:
    """Return the prior of a coefficient that no other is mixed with."""
    one, unit = model.priors.common[q], float(turn[q, q])
    if one.coordinate is None:
        return one.prior
    return one.coordinate.in_units(1.0 / unit, -float(center[q]) / unit)


def _joint(
    model: Prepared,
    blocks: Blocks,
    name: str,
    joint: list[int],
    turn: FloatArray,
    center: FloatArray,
) -> None:
    """Declare the coordinates of coefficients that have their prior together."""
    units, names = model.units, [model.design.names[q] for q in joint]
    part, origin = turn[np.ix_(joint, joint)], center[joint]
    blocks.give(f"matrix[{len(joint)}, {len(joint)}]", "turn", part, "from z to coefficients")
    first = ""
    if origin.any():
        blocks.give(f"vector[{len(joint)}]", "origin", origin, "the outcome's mean")
        first = "origin + "
    chosen = []
    for q in joint:
        one, unit = model.priors.common[q], units.y_scale / float(units.x_scale[q])
        prior = one.coordinate or one.prior.in_units(unit, float(center[q]))
        chosen.append(Shown(prior, ""))
    declare_vector(blocks, "z", chosen, comment=f"coordinates of {listed(names)}")
    blocks.priors += statements("z", chosen)
    blocks.transformed.append(f"{name}[{places(joint)}] = {first}turn * z;")


def places(which: Sequence[int]) -> str:
    """Write positions from 1 as an index: a range if there is no gap."""
    first, last = which[0] + 1, which[-1] + 1
    if len(which) == 1:
        return str(first)
    return f"{first}:{last}" if last - first + 1 == len(which) else _set(which)


def _set(which: Sequence[int]) -> str:
    found = ", ".join(str(q + 1) for q in which)
    return f"{{{found}}}"


def _comment(model: Prepared, q: int) -> str:
    centred = bool(model.units.x_center.any()) and model.units.constant[q]
    return f"{model.design.names[q]}{', predictors at their means' * bool(centred)}"
