"""Coordinates in which default priors are independent, whatever the zeros, units and contrasts.

A default must not depend on how a model is spelt: on the zero or the unit of a predictor, on the
reference level of a factor, on whether its levels have an intercept beside them or not, on which
powers of a year are taken from which year.  All of these change the columns of X linearly and leave
the space that they span as it is.  So the prior is one of the linear predictor in that space.  With
X~ the columns less their means, n rows, and u the unit of the linear predictor,

    b ~ MultiNormal(0, (2.5 u)^2 (n - 1) (X~' X~)^-1)

which is Normal(0, 2.5 u / sd(x)) of a single predictor, and Normal(0, 2.5 u), independently, of the
coordinates in which X~ = Q R has orthogonal columns: those are what is sampled.  The mean of the
linear predictor over the rows has a prior of its own wherever the space has a constant.

On the scale of a link, where data can leave a coefficient free, this is too little for a column
that is not 0 in a handful of rows: its sd is small, and 2.5 u / sd(x) is no prior at all.  There a
row counts for more than others if its leverage h is more than four times the mean of all, p / n:

    X~' W X~ in the place of X~' X~,    w_i = 1 + n max(h_i - 4 p / n, 0) / (2 (p + 1))

The ends of a cubic, 3 times the mean, do not reach that.  A dummy of 3 rows in 500 does, and has a
prior sd of 6 for one of 32.

Columns to which the user has given a prior are left as they are, and what they explain is taken out
of the rest.

The intercept's prior is at an estimate from the constant and the offset alone, with half an event
and half a non-event added.  Through the origin the unit is the root of the mean square.

In a bar, ``(1 + x + I(x**2) | g)``, a default prior of the covariance holds where the constant
comes first and every column has lost what those before it explain: of lines at the mean of x
(`bars`).  Without pooling each level has a line in coordinates of its own (`lines_unpooled`).

Not promised: ``(0 + f | g)`` has another prior than ``(1 + f | g)``; the correlations of a bar
depend on the order of its columns; a square beside lines that stand alone is centred at its mean,
and not at each level's line; scales of a categorical outcome's bars depend on which category is the
first.

Source: B. Goodrich, J. Gabry, I. Ali, S. Brilleman, *rstanarm*, for priors on the coordinates of a
QR decomposition; D. Hoaglin, R. Welsch (1978), *The American Statistician* 32, 17-22, for leverage
in multiples of its mean.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from ...compiling import FloatArray
from ...families.categories import predictor
from ...families.family import Family
from ...formulas import Design
from .bars import of_population
from .common_columns import Columns, in_coordinates, is_given
from .group_means import multiple_within_levels
from .lines_unpooled import units_of_levels
from .turns import categories_root
from .units import ALONE, Units, intercepts, spread


def coordinates(
    design: Design, family: Family, given: Mapping[str, object], unpooled: bool
) -> Units:
    """Find the units of a model, and the turns of what has default priors.

    Parameters
    ----------
    given
        Priors that the user has given, by name.
    unpooled
        Whether the levels of the grouping are unpooled.

    Raises
    ------
    ValueError
        If there are too few rows for a default prior of all coefficients.
    """
    outcome = _outcome(design, family)
    balanced = not family.in_units_of_outcome
    terms = (
        units_of_levels(design, given, outcome.width, balanced)
        if unpooled
        else of_population(design, given)
    )
    anchored = family.thresholds or any(term.constant.any() for term in terms)
    blocks = design.blocks or 1
    size = len(design.names) // blocks
    rows = design.columns.shape[0] // blocks
    parts = []
    for c in range(blocks):
        here = slice(c * size, (c + 1) * size)
        names = [predictor(design, name) for name in design.names[here]]
        alone = np.array(
            [is_given(given, design.names[here][q], names[q]) for q in range(size)], dtype=bool
        )
        x = design.columns[c * rows : (c + 1) * rows, here]
        first = _in_lines_first(design, here, c)
        parts.append(in_coordinates(x, names, alone, anchored, balanced, first))
    turn = _turn_of_all(parts)
    constant = np.concatenate([part.constant for part in parts])
    centred = constant.any() or any(term.constant.any() for term in terms)
    center = outcome.center if family.in_units_of_outcome and centred else 0.0
    return Units(
        y_center=center,
        y_scale=outcome.scale,
        x_center=np.concatenate([part.center for part in parts]),
        x_scale=np.concatenate([part.scale for part in parts]),
        intercept=intercepts(design),
        constant=constant,
        terms=terms,
        turn=turn,
        kind=np.concatenate([part.kind for part in parts]),
        unit=outcome.unit,
        width=outcome.width,
        level=outcome.level,
    )


class Outcome(NamedTuple):
    """Location and scale of the linear predictor without any predictor."""

    center: float
    scale: float
    unit: float
    """Unit of the linear predictor, relative to `scale`, like the fields below."""
    width: float
    """Unit of the linear predictor through the origin: its root mean square."""
    level: FloatArray
    """Location of the linear predictor of every block, less `center`."""


def _outcome(design: Design, family: Family) -> Outcome:
    blocks = design.blocks or 1
    if family.in_units_of_outcome:
        left = family.on_scale(design.y) - design.offset
        center, scale = float(left.mean()), spread(left)
        if family.robust:
            center = float(np.median(left))
            mad = 1.4826 * float(np.median(np.abs(left - center)))
            scale = mad if mad > 0.0 else scale
        width = math.sqrt(float(np.mean(left * left))) / scale
        return Outcome(center, scale, 1.0, width or 1.0, np.zeros(1))
    unit = family.unit
    if family.thresholds:
        return Outcome(0.0, 1.0, unit, unit, np.zeros(1))
    level = _level(design, family)
    if blocks > 1:
        return Outcome(0.0, 1.0, unit, unit * math.sqrt(1.0 + float(np.mean(level**2))), level)
    return Outcome(0.0, 1.0, unit, unit * math.sqrt(1.0 + float(level[0]) ** 2), level)


def _level(design: Design, family: Family) -> FloatArray:
    """Estimate the linear predictor, less offset, of a model with only a constant.

    Half an event and half a non-event are added, so that the estimate is always finite.
    """
    y, offset = design.y, design.offset
    half = 0.0 if family.continuous else 0.5
    if design.blocks is not None:
        counts = np.bincount(y.astype(np.int64), minlength=design.blocks + 1) + 0.5
        return np.asarray(np.log(counts[1:] / counts[0]))
    level = family.level
    if level is None:  # log link
        high = float(offset.max())
        exposure = math.log(float(np.exp(offset - high).sum())) + high
        return np.array([math.log(float(y.sum()) + half) - exposure])
    trials = np.ones(y.size) if design.trials is None else design.trials
    events, total = float(y.sum()) + half, float(trials.sum()) + 2.0 * half
    plain = float(level(events / total))
    if not offset.any():
        return np.array([plain])
    middle = float(np.average(offset, weights=trials)) if trials.any() else 0.0

    def excess(level: float) -> float:
        expected = float(trials @ family.mean(level + offset, {}))
        return expected + 2.0 * half * float(family.mean(np.array(level + middle), {})) - events

    low, high = plain - offset.max() - 1.0, plain - offset.min() + 1.0
    return np.array([float(optimize.brentq(excess, low, high, xtol=1e-12))])


def _in_lines_first(design: Design, here: slice, c: int) -> NDArray[np.int64]:
    """Order the columns of a block, with columns that belong to a grouping's lines first.

    This order makes as many coordinates as possible belong to the lines.
    """
    blocks = design.blocks or 1
    of_block = design.groupings[c::blocks]
    inside = [
        any(multiple_within_levels(g, design.columns[:, q]) is not None for g in of_block)
        for q in range(here.start, here.stop)
    ]
    return np.argsort(~np.array(inside, dtype=bool), kind="stable").astype(np.int64)


def _turn_of_all(parts: list[Columns]) -> FloatArray | None:
    """Combine the turns of all blocks; None if nothing is turned.

    If all categories have the same coordinates, these are correlated by 1/2.  The prior then does
    not depend on which category is the first.
    """
    size, blocks = parts[0].kind.size, len(parts)
    turn = linalg.block_diag(*(part.turn for part in parts)) if size else np.zeros((0, 0))
    same = all(np.array_equal(part.kind, parts[0].kind) for part in parts)
    if blocks > 1 and same:
        root = categories_root(blocks)
        mixed = np.kron(root, parts[0].turn)
        free = np.tile(parts[0].kind != ALONE, blocks)
        turn[:, free] = mixed[:, free]
    return None if np.array_equal(turn, np.eye(turn.shape[0])) else turn
