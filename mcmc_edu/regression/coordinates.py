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

In a bar, ``(1 + x + I(x**2) | g)``, a default prior of the covariance holds where the constant
comes first and every column has lost what those before it explain: of lines at the mean of x.

Source: B. Goodrich, J. Gabry, I. Ali, S. Brilleman, *rstanarm*, for priors on the coordinates of a
QR decomposition; D. Hoaglin, R. Welsch (1978), *The American Statistician* 32, 17-22, for leverage
in multiples of its mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, special

from ..compiling import FloatArray
from ..formulas import INTERCEPT, Design, Grouping
from .categories import predictor
from .family import Family
from .means import share_of_column
from .units import (
    ALONE,
    HEIGHT,
    ORIGIN,
    SLOPE,
    TermUnits,
    Units,
    intercepts,
    own_rows,
    spread,
)  # fmt: skip

Mask = NDArray[np.bool_]

PROBIT = 1.0 / 1.6
"""A unit of the logit, seen on the probit's scale."""


def coordinates(
    design: Design, family: Family, given: Mapping[str, object], unpooled: bool
) -> Units:
    """Find the units of a model, and the turns of what has default priors.

    Parameters
    ----------
    given
        By name, what the user has given a prior.
    unpooled
        Whether the levels of the grouping stand alone.

    Raises
    ------
    ValueError
        If there are too few rows for a default prior of all coefficients.
    """
    outcome = _outcome(design, family)
    balanced = not family.continuous
    terms = (
        _apart_terms(design, given, outcome, balanced) if unpooled else _population(design, given)
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
            [_is_given(given, design.names[here][q], names[q]) for q in range(size)], dtype=bool
        )
        x = design.columns[c * rows : (c + 1) * rows, here]
        first = _in_lines_first(design, here, c)
        parts.append(_columns(x, names, alone, anchored, balanced, first))
    turn = _turn_of_all(parts)
    constant = np.concatenate([part.constant for part in parts])
    centred = constant.any() or any(term.constant.any() for term in terms)
    center = outcome.center if family.continuous and centred else 0.0
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
    """Where the linear predictor is without any predictor, and its size."""

    center: float
    scale: float
    unit: float
    """In units of `scale`, as are those that follow."""
    width: float
    """Root of the mean square: the unit where nothing is centred."""
    level: FloatArray
    """Less `center`, of every block."""


def _outcome(design: Design, family: Family) -> Outcome:
    blocks = design.blocks or 1
    if family.continuous:
        left = design.y - design.offset
        center, scale = float(left.mean()), spread(left)
        if family.name == "student":  # as robust as the family is
            center = float(np.median(left))
            mad = 1.4826 * float(np.median(np.abs(left - center)))
            scale = mad if mad > 0.0 else scale
        width = math.sqrt(float(np.mean(left * left))) / scale
        return Outcome(center, scale, 1.0, width or 1.0, np.zeros(1))
    unit = PROBIT if family.link == "probit" else 1.0
    if family.thresholds:
        return Outcome(0.0, 1.0, unit, unit, np.zeros(1))
    level = _level(design, family)
    if blocks > 1:
        return Outcome(0.0, 1.0, unit, unit * math.sqrt(1.0 + float(np.mean(level**2))), level)
    return Outcome(0.0, 1.0, unit, unit * math.sqrt(1.0 + float(level[0]) ** 2), level)


def _level(design: Design, family: Family) -> FloatArray:
    """The linear predictor less offset if it is the same in all rows, half an event and half a
    non-event added: finite for every outcome.
    """
    y, offset = design.y, design.offset
    if design.blocks is not None:
        counts = np.bincount(y.astype(np.int64), minlength=design.blocks + 1) + 0.5
        return np.asarray(np.log(counts[1:] / counts[0]))
    if not family.has_trials:  # log link
        high = float(offset.max())
        exposure = math.log(float(np.exp(offset - high).sum())) + high
        return np.array([math.log(float(y.sum()) + 0.5) - exposure])
    trials = np.ones(y.size) if design.trials is None else design.trials
    events, total = float(y.sum()) + 0.5, float(trials.sum()) + 1.0
    quantile: Callable[[float], float] = special.logit if family.link == "logit" else special.ndtri
    plain = float(quantile(events / total))
    if not offset.any():
        return np.array([plain])
    middle = float(np.average(offset, weights=trials)) if trials.any() else 0.0

    def excess(level: float) -> float:
        expected = float(trials @ family.mean(level + offset))
        return expected + float(family.mean(np.array(level + middle))) - events

    low, high = plain - offset.max() - 1.0, plain - offset.min() + 1.0
    return np.array([float(optimize.brentq(excess, low, high, xtol=1e-12))])


def _is_given(given: Mapping[str, object], name: str, plain: str) -> bool:
    wider = () if plain == INTERCEPT else ("b",)
    return any(one in given for one in (name, plain, *wider))


def _in_lines_first(design: Design, here: slice, c: int) -> NDArray[np.int64]:
    """The columns of a block, those first that belong to the lines of a grouping: what is centred
    there is as much as it can be.
    """
    blocks = design.blocks or 1
    of_block = design.groupings[c::blocks]
    inside = [
        any(share_of_column(g, design.columns[:, q]) is not None for g in of_block)
        for q in range(here.start, here.stop)
    ]
    return np.argsort(~np.array(inside, dtype=bool), kind="stable").astype(np.int64)


class Columns(NamedTuple):
    """The columns of one linear predictor in their coordinates: see `Units`."""

    center: FloatArray
    scale: FloatArray
    turn: FloatArray
    constant: FloatArray
    kind: NDArray[np.int64]


def _columns(
    x: FloatArray, names: list[str], alone: Mask, anchored: bool, balanced: bool,
    order: NDArray[np.int64],
) -> Columns:  # fmt: skip
    """Coordinates of x (n, Q).

    Parameters
    ----------
    alone
        Which have a prior of their own.
    anchored
        Whether a constant outside x takes up what centring takes away.
    order
        Of the columns in the decomposition: changes the coordinates, and not their prior.
    """
    itself = np.array([name == INTERCEPT for name in names], dtype=bool)
    size = itself.size
    centred = anchored or itself.any()
    center = np.where(itself | (not centred), 0.0, x.mean(axis=0) if size else 0.0)
    scale = np.where(itself, 1.0, [spread(column) for column in x.T])
    turn, kind = np.eye(size), np.full(size, ALONE)
    constant = itself.astype(np.float64)
    free = order[~(alone | itself)[order]]
    others = np.flatnonzero(alone & ~itself)
    kind[itself & ~alone] = HEIGHT
    if not free.size:
        return Columns(center, scale, turn, constant, kind)
    _refuse_too_many(free.size, x.shape[0], names)
    scaled = (x - center * centred) / scale
    left = without(scaled[:, free], scaled[:, others])
    at = np.ix_(free, free)
    if centred:
        turn[at] = independent(left, 1, balanced)
        kind[free] = SLOPE
        return Columns(center, scale, turn, constant, kind)
    with_height = None if others.size else _height_first(left, balanced)
    if with_height is None:
        turn[at] = independent(left, 0, balanced)
        kind[free] = ORIGIN
    else:
        turn[at] = with_height
        kind[free] = SLOPE
        kind[free[0]] = HEIGHT
        constant[free] = with_height[:, 0] / scale[free]
    return Columns(center, scale, turn, constant, kind)


def _refuse_too_many(free: int, rows: int, names: list[str]) -> None:
    if free >= rows - 1 and free > 1:
        raise ValueError(
            f"{free} coefficients have default priors, and {rows} rows are too few to scale these "
            "by; give the coefficients one: priors={'b': me.Normal(0, 1)}"
        )


def without(columns: FloatArray, others: FloatArray) -> FloatArray:
    """What others (n, m) do not explain of columns (n, D)."""
    if not others.shape[1]:
        return columns
    return np.asarray(columns - others @ np.linalg.lstsq(others, columns, rcond=None)[0])


def independent(columns: FloatArray, constant: int, balanced: bool) -> FloatArray:
    """The turn T (D, D), upper triangular, after which columns (n, D) have mean squares of 1 and no
    products; `constant` is 1 if they are less their means.
    """
    rows = columns.shape[0]
    if balanced:
        columns = columns * np.sqrt(weights(columns, constant))[:, np.newaxis]
    triangle: FloatArray = np.asarray(np.linalg.qr(columns, mode="r"))
    turn = linalg.solve_triangular(triangle, np.eye(triangle.shape[0]))
    return np.asarray(turn * np.sign(np.diag(turn)) * math.sqrt(rows - constant))


def weights(columns: FloatArray, constant: int) -> FloatArray:
    """How often each row counts where there is a link: see the beginning of this file."""
    rows, size = columns.shape
    q = np.linalg.qr(columns)[0]
    leverage = (q * q).sum(axis=1) + constant / rows
    p = size + constant
    return np.asarray(1.0 + rows * np.maximum(leverage - 4.0 * p / rows, 0.0) / (2.0 * (p + 1.0)))


def _height_first(columns: FloatArray, balanced: bool) -> FloatArray | None:
    """A turn (D, D) of columns that can make a 1 in every row: the first is that, the others are as
    `independent` has them; None if they cannot.
    """
    rows, size = columns.shape
    q, triangle = np.linalg.qr(columns)
    ones = q.T @ np.ones(rows)
    if np.abs(1.0 - q @ ones).max() > 1e-7:
        return None
    rest = linalg.qr(ones[:, np.newaxis])[0][:, 1:]  # what is orthogonal to it, and so centred
    turn = linalg.solve_triangular(triangle, np.column_stack([ones, rest]))
    if size > 1:
        turn[:, 1:] = turn[:, 1:] @ independent(q @ rest, 1, balanced)
    return np.asarray(turn)


def _turn_of_all(parts: list[Columns]) -> FloatArray | None:
    """Block by block; of categories of which all have the same coordinates, these are correlated
    by 1/2, which makes the prior the same whichever of the categories is the first.
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


def categories_root(blocks: int) -> FloatArray:
    """Cholesky factor of (I + J) / 2: of differences from one category to all others."""
    return np.asarray(np.linalg.cholesky(0.5 * (np.eye(blocks) + np.ones((blocks, blocks)))))


# Bars


def _population(design: Design, given: Mapping[str, object]) -> tuple[TermUnits, ...]:
    found = []
    for g in design.groupings:
        both = _gives(given, g, "sd", "covariance")
        correlations = g.correlated and len(g.names) > 1 and _gives(given, g, "cor")
        if both or correlations:  # as written, at 0
            sizes = np.zeros(0) if both else _sizes_at_zero(_bar(design, g))
            scale = np.array([spread(own_rows(z, design.blocks)) for z in g.columns.T])
            found.append(TermUnits(scale, sizes=sizes))
        else:
            found.append(_bar(design, g))
    return tuple(found)


def _gives(given: Mapping[str, object], g: Grouping, *kinds: str) -> bool:
    return any(name in given for kind in kinds for name in (kind, f"{kind}({g.name})"))


def _sizes_at_zero(term: TermUnits) -> FloatArray:
    """What the default scales of a bar come to at 0, without correlations at the mean."""
    turn = np.eye(term.scale.size) if term.turn is None else term.turn
    return np.asarray(np.linalg.norm(turn, axis=1) / term.scale)


def _bar(design: Design, g: Grouping) -> TermUnits:
    """Units of a bar whose covariance has a default prior."""
    z, index = rows_of_block(g, design.blocks)
    names = [predictor(design, name) for name in g.names]
    if INTERCEPT not in names:
        return TermUnits(np.array([_size_at_zero(column) for column in z.T]), kind=_kinds(g, SLOPE))
    at = names.index(INTERCEPT)
    if not g.correlated or len(names) == 1:
        scale = np.array([_size_within(column, index) for column in z.T])
        scale[at] = 1.0 / _ratio(np.delete(z, at, axis=1), index)
        return TermUnits(scale, kind=_kinds(g, SLOPE))
    order = [at, *(k for k in range(len(names)) if k != at)]
    turned, left = in_turn(z[:, order])
    sizes = np.array([_size_within(column, index) for column in left.T])
    sizes[0] = 1.0 / _ratio(left[:, 1:], index)
    turn = np.zeros_like(turned)
    turn[np.ix_(order, order)] = turned / sizes
    return TermUnits(np.ones(len(names)), turn, kind=_kinds(g, SLOPE))


def _kinds(g: Grouping, kind: int) -> NDArray[np.int64]:
    return np.full(len(g.names), kind)


def rows_of_block(g: Grouping, blocks: int | None) -> tuple[FloatArray, NDArray[np.int64]]:
    """Columns and levels of a bar's own rows."""
    if blocks is None:
        return g.columns, g.index
    apart = g.columns.reshape(blocks, -1, len(g.names))
    c = int(np.abs(apart).max(axis=(1, 2)).argmax())
    rows = apart.shape[1]
    return np.asarray(apart[c]), g.index[c * rows : (c + 1) * rows]


def in_turn(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Take out of every column what those before it explain: a turn, upper triangular with ones on
    its diagonal, and z (n, K) turned.  A column of which nothing is left stays as it is.
    """
    turn, left = np.eye(z.shape[1]), z.copy()
    for k in range(1, z.shape[1]):
        for _ in range(2):  # once more, for what rounding left
            share = np.linalg.lstsq(left[:, :k], left[:, k], rcond=None)[0]
            left[:, k] -= left[:, :k] @ share
            turn[:, k] -= turn[:, :k] @ share
        if np.abs(left[:, k]).max() <= 1e-10 * np.abs(z[:, k]).max():
            turn[:, k], left[:, k] = np.eye(z.shape[1])[k], z[:, k]
    return turn, left


def _size_within(column: FloatArray, index: NDArray[np.int64]) -> float:
    """The sd within levels, if that is less than that of all rows and the column varies there."""
    counts = np.bincount(index)
    means = np.bincount(index, column) / np.maximum(counts, 1)
    freedom = column.size - int((counts > 0).sum())
    left = column - means[index]
    sd, everywhere = math.sqrt(float(left @ left) / max(freedom, 1)), spread(column)
    return min(sd, everywhere) if freedom > 0 and sd > 1e-8 * everywhere else everywhere


def _ratio(columns: FloatArray, index: NDArray[np.int64]) -> float:
    """By how much the sd of a line's height is to exceed that of its slopes: where x varies mostly
    between levels, their heights at its mean are far from their rows.
    """
    found = [spread(column) / _size_within(column, index) for column in columns.T]
    return max([1.0, *found])


def _size_at_zero(column: FloatArray) -> float:
    """Root of the mean square; of a dummy, where it is not 0."""
    used = column[column != 0.0]
    if not used.size:
        return 1.0
    if np.ptp(used) == 0.0:
        return float(np.abs(used[0]))
    return math.sqrt(float(np.mean(column * column)))


# Levels that stand alone


def _apart_terms(
    design: Design, given: Mapping[str, object], outcome: Outcome, balanced: bool
) -> tuple[TermUnits, ...]:
    return tuple(_apart(design, given, g, outcome, balanced) for g in design.groupings)


def _apart(
    design: Design, given: Mapping[str, object], g: Grouping, outcome: Outcome, balanced: bool
) -> TermUnits:
    """Every level's line in its own coordinates: at its own means, by its own moments; by those
    that all levels have within them, where it has too few rows or its columns do not vary.
    """
    z, index = rows_of_block(g, design.blocks)
    names = [predictor(design, name) for name in g.names]
    alone = np.array([_is_given(given, a, b) for a, b in zip(g.names, names, strict=True)])
    if alone.all():
        scale = np.array([spread(column) for column in z.T])
        return TermUnits(scale, kind=_kinds(g, ALONE), constant=np.zeros(len(names)))
    itself = np.array([name == INTERCEPT for name in names])
    seen = [name if not alone[k] else "" for k, name in enumerate(names)]  # as written, at 0
    of_all = _columns(z, seen, alone, False, balanced, np.arange(len(names)))
    free, others = np.flatnonzero(~(alone | itself)), np.flatnonzero(alone)
    centred = bool((itself & ~alone).any())
    spare = in_data_units(of_all)
    inner = _within(z, index, free, others, balanced) if centred and free.size else None
    turns = np.empty((len(g.levels), len(names), len(names)))
    for j in range(len(g.levels)):
        rows = z[index == j]
        if centred:
            turns[j] = _own_line(rows, int(np.argmax(itself)), free, others, inner, spare, balanced)
        else:
            turns[j] = _own_columns(rows, free, others, of_all, spare, balanced)
    return TermUnits(
        np.ones(len(names)), turns, g.levels, of_all.kind, of_all.constant, outcome.width
    )


def in_data_units(found: Columns) -> FloatArray:
    """The turn from coordinates to coefficients of the columns as they are, at their zeros."""
    turn = found.turn / found.scale[:, np.newaxis]
    return np.asarray(turn - np.outer(found.constant, found.center @ turn))


def _within(
    z: FloatArray, index: NDArray[np.int64], free: NDArray[np.int64], others: NDArray[np.int64],
    balanced: bool,
) -> FloatArray | None:  # fmt: skip
    """The turn of the free columns by their moments within levels, if they vary there."""
    counts = np.bincount(index)
    freedom = z.shape[0] - int((counts > 0).sum())
    left = np.column_stack(
        [c - (np.bincount(index, c) / np.maximum(counts, 1))[index] for c in z.T]
    )
    left = without(left[:, free], left[:, others])
    if freedom < free.size or not varies(left, z[:, free]):
        return None
    return independent(left, 1, balanced) * math.sqrt(freedom / (z.shape[0] - 1.0))


def varies(left: FloatArray, columns: FloatArray) -> bool:
    """Whether no combination of columns (n, D) vanishes in what is left of them."""
    if not left.shape[1] or left.shape[0] < left.shape[1]:
        return False
    size = np.array([spread(column) for column in columns.T])
    triangle = np.linalg.qr(left / size, mode="r")
    return bool(np.abs(np.diag(triangle)).min() > 1e-6)


def _own_line(
    rows: FloatArray, at: int, free: NDArray[np.int64], others: NDArray[np.int64],
    inner: FloatArray | None, spare: FloatArray, balanced: bool,
) -> FloatArray:  # fmt: skip
    """Of a level's rows (n, K), with a constant in column `at`."""
    mean = rows.mean(axis=0)
    mean[at] = 0.0
    left = without(rows[:, free] - mean[free], rows[:, others] - mean[others])
    slopes = np.eye(mean.size)
    if rows.shape[0] > free.size and varies(left, rows[:, free]):
        slopes[np.ix_(free, free)] = independent(left, 1, balanced)
    else:
        slopes[np.ix_(free, free)] = spare[np.ix_(free, free)] if inner is None else inner
    slopes[at] -= mean @ slopes
    return slopes


def _own_columns(
    rows: FloatArray, free: NDArray[np.int64], others: NDArray[np.int64], of_all: Columns,
    spare: FloatArray, balanced: bool,
) -> FloatArray:  # fmt: skip
    """Of a level's rows (n, K) without a constant column; they may make one together."""
    left, found = without(rows[:, free], rows[:, others]), np.eye(rows.shape[1])
    turn = spare[np.ix_(free, free)]
    if rows.shape[0] >= free.size and varies(left, rows[:, free]):
        high = HEIGHT in of_all.kind
        own = _height_first(left, balanced) if high else independent(left, 0, balanced)
        turn = turn if own is None else own
    found[np.ix_(free, free)] = turn
    return found
