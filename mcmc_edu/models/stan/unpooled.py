"""Coefficients of levels that stand alone: no pooling.

A coefficient with a prior of its own is a parameter in the units of the data.  Default priors are
of coordinates, of each level's own: of its line at its own means.
"""

from __future__ import annotations

import numpy as np

from ..prepared import Prepared
from .blocks import Blocks, commented
from .common import slopes_name
from .covariance import Term
from .priors import bounds, number, statement


def coefficients(model: Prepared, blocks: Blocks, term: Term) -> None:
    """Declare coefficients of all levels with their priors."""
    label, size, levels = term.label, term.size, f"J_{term.bar}"
    units, names = model.units.terms[term.t], term.grouping.names
    turned = units.turn is not None
    stem = f"z_{label}" if turned else f"c_{label}"
    for k, one in enumerate(model.priors.varying[term.t]):
        prior = one.coordinate or one.prior
        name = f"{stem}_{k + 1}"
        declared = f"vector{bounds(prior)}[{levels}] {name};"
        note = f"coordinates of each level's {names[k]}" if turned else names[k]
        blocks.parameters.append(commented(declared, note))
        blocks.priors.append(statement(name, prior, names[k]))
    blocks.transformed.append(f"matrix[{levels}, {size}] r_{label};")
    height = _height(model, blocks, term)
    if not turned and not height:
        lines = [f"r_{label}[, {k}] = {stem}_{k};" for k in range(1, size + 1)]
        blocks.transformed += lines
        return
    z = f"[{', '.join(f'{stem}_{k}[j]' for k in range(1, size + 1))}]'"
    if turned:
        blocks.give(
            f"array[{levels}] matrix[{size}, {size}]",
            f"turn_{label}",
            _turns(model, term),
            "from each level's coordinates to its coefficients",
        )
        z = f"turn_{label}[j] * {z}"
    blocks.transformed.append(f"for (j in 1:{levels}) r_{label}[j] = ({z}{height})';")


def _turns(model: Prepared, term: Term) -> np.ndarray:
    """Return the map from each level's parameters to its coefficients, shape (J, K, K)."""
    units = model.units.terms[term.t]
    scale = model.units.y_scale / units.scale
    turns = units.of_levels(term.grouping) * scale[:, np.newaxis]
    alone = np.array([one.coordinate is None for one in model.priors.varying[term.t]])
    return np.asarray(turns / np.where(alone, scale, 1.0))


def _height(model: Prepared, blocks: Blocks, term: Term) -> str:
    """Return what is added to a level's coefficients: the lines absorb all centres."""
    constant = model.units.terms[term.t].constant
    center, means = model.units.y_center, model.units.x_center
    size = means.size // model.units.blocks
    first = max(term.category - 1, 0) * size
    centred = means[first : first + size].any()
    if not constant.any() or not (center or centred):
        return ""
    name = f"constant_{term.label}"
    blocks.give(f"vector[{term.size}]", name, constant, "makes 1 in every row")
    parts = [number(center)] if center else []
    if centred:
        where = f"[{first + 1}:{first + size}]" if model.units.blocks > 1 else ""
        slopes = slopes_name(model)
        parts.append(f"- dot_product(x_center{where}, {slopes}{where})")
    return f" + ({' '.join(parts)}) * {name}"
