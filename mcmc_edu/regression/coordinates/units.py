"""Units of the sampler, in which all quantities are of order 1.

    y' = (y - offset - y_center) / y_scale        x' = (x - x_center) / x_scale . turn

y is scaled if it is continuous.  y is centred if the common columns, or the lines of the groups,
have a constant that absorbs the centre.  A model of times in ms therefore has the same draws as the
model in s, and warm-up need not learn the units.

`turn` mixes the columns of coefficients that have a default prior.  Their joint prior is then
independent and the same for each coordinate (`coordinates` finds the turn).  A column whose
coefficient has a prior of its own is not mixed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...families.categories import predictor
from ...families.family import Family
from ...formulas import INTERCEPT, Design, Grouping

ALONE, HEIGHT, SLOPE, ORIGIN = 0, 1, 2, 3
"""Kinds of coordinates, in this order.

A coefficient that has a prior of its own, the mean of the linear predictor over rows, a slope of
unit size, and a slope through the origin.
"""


@dataclass(frozen=True, eq=False)
class TermUnits:
    """Units of the K coefficients of a bar."""

    scale: FloatArray
    """Shape (K,)."""
    turn: FloatArray | None = field(default=None, repr=False)
    """Shape (K, K), or (J, K, K) if every level has its own turn; None does not mix columns."""
    levels: tuple[str, ...] = ()
    """Levels that have a turn of their own."""
    kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Kinds of the coordinates, shape (K,)."""
    constant: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Combination of unpooled columns that is 1 in every row, shape (K,); zeros if none is."""
    width: float = 1.0
    """The default prior's unit through the origin, in units of y_scale."""
    sizes: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Default scales at 0 in units of y_scale, shape (K,).

    They are used if only the correlations were given a prior.
    """

    def turned(self, g: Grouping, columns: FloatArray, index: NDArray[np.int64]) -> FloatArray:
        """Convert columns (n, K) of rows of these levels to the sampler's units."""
        scaled = np.asarray(columns / self.scale)
        if self.turn is None:
            return scaled
        if self.turn.ndim == 2:
            return np.asarray(scaled @ self.turn)
        return np.asarray(np.einsum("nk,nkm->nm", scaled, self.of_levels(g)[index]))

    def of_levels(self, g: Grouping) -> FloatArray:
        """Return `turn` for each level of a grouping, shape (J, K, K).

        The grouping may have fewer levels than `self`.
        """
        assert self.turn is not None
        place = {level: j for j, level in enumerate(self.levels)}
        return np.asarray(self.turn[[place[level] for level in g.levels]])

    def effect_chol(self, effect_chols: FloatArray) -> FloatArray:
        """Convert Cholesky factors (n, K, K) to the predictors' own units.

        A turned factor is not triangular.
        """
        found = effect_chols if self.turn is None else self.turn @ effect_chols
        return np.asarray(found / self.scale[:, np.newaxis])

    def effects(self, g: Grouping, b: FloatArray) -> FloatArray:
        """Convert effects (n, K, J) to the predictors' own units."""
        if self.turn is not None:
            if self.turn.ndim == 2:
                b = np.einsum("km,nmj->nkj", self.turn, b)
            else:
                b = np.einsum("jkm,nmj->nkj", self.of_levels(g), b)
        return np.asarray(b / self.scale[:, np.newaxis])


@dataclass(frozen=True, eq=False)
class Units:
    """Centres, scales and turns of outcome and predictors."""

    y_center: float
    y_scale: float
    x_center: FloatArray
    """Shape (Q,); 0 for the intercept."""
    x_scale: FloatArray
    """Shape (Q,); 1 for the intercept."""
    intercept: NDArray[np.int64]
    """Column of the intercept that absorbs each centre, shape (Q,); -1 if there is none."""
    constant: FloatArray
    """Combination of a block's columns that is 1 in every row, shape (Q,); zeros if none is."""
    terms: tuple[TermUnits, ...]
    """Units of every grouping."""
    turn: FloatArray | None = field(default=None, repr=False)
    """Shape (Q, Q); None does not mix columns."""
    kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Kinds of the coordinates, shape (Q,)."""
    unit: float = 1.0
    """Size of the linear predictor in default priors, in units of y_scale."""
    width: float = 1.0
    """Size of the linear predictor through the origin, in units of y_scale."""
    level: FloatArray = field(default_factory=lambda: np.zeros(1))
    """Prior location of the linear predictor's mean in every block, less y_center."""

    @property
    def blocks(self) -> int:
        """Linear predictors of each row."""
        return self.level.size

    def common(self, columns: FloatArray) -> FloatArray:
        """Convert common columns (n, Q) to the sampler's units."""
        if self.x_center.any():
            ones = np.where(self.intercept < 0, self._anchor(columns), columns[:, self.intercept])
            columns = columns - self.x_center * ones
        scaled = columns / self.x_scale
        return np.asarray(scaled if self.turn is None else scaled @ self.turn)

    def _anchor(self, columns: FloatArray) -> FloatArray:
        """Return columns that are 1 in the rows of their block and 0 elsewhere.

        They stand in for the intercept if no column is constant.
        """
        n, size = columns.shape[0] // self.blocks, columns.shape[1] // self.blocks
        return np.asarray(np.kron(np.eye(self.blocks), np.ones((n, size))), dtype=np.float64)

    def slopes(self, beta: FloatArray) -> FloatArray:
        """Return coefficients (n, Q) in the data's units, with intercepts at the centres."""
        turned = beta if self.turn is None else beta @ self.turn.T
        return np.asarray(turned * self.y_scale / self.x_scale)

    def shift(self, slopes: FloatArray) -> FloatArray:
        """Return the linear predictor of the slopes at the centres, shape (n, blocks)."""
        apart = (slopes * self.x_center).reshape(len(slopes), self.blocks, -1)
        return np.asarray(apart.sum(axis=2))

    def coefficients(self, beta: FloatArray) -> FloatArray:
        """Return coefficients (n, Q) in the data's units, with intercepts at predictors of 0."""
        return self.at_zero(self.slopes(beta))

    def at_zero(self, slopes: FloatArray) -> FloatArray:
        """Convert coefficients (n, Q) from intercepts at the centres to intercepts at 0."""
        left = self.y_center - self.shift(slopes)
        size = slopes.shape[1] // self.blocks
        return np.asarray(slopes + np.repeat(left, size, axis=1) * self.constant)

    def lines(self, t: int, g: Grouping, b: FloatArray, shift: FloatArray) -> FloatArray:
        """Return coefficients (n, K, J) of unpooled levels, in the data's units.

        `shift` (n, blocks) is the linear predictor of the common slopes at their centres, which
        the levels' lines absorb.
        """
        term = self.terms[t]
        found = self.y_scale * term.effects(g, b)
        if not term.constant.any():
            return found
        height = self.y_center - shift[:, t % self.blocks]
        return np.asarray(found + height[:, np.newaxis, np.newaxis] * term.constant[:, np.newaxis])


def units_format_1(design: Design, family: Family) -> Units:
    """Find the units of fits of format 1, which scale each column by itself."""
    intercept = intercepts(design)
    itself = intercept == np.arange(intercept.size)
    with_intercept = bool(itself.any())
    y = family.on_scale(design.y)
    y_scale = spread(y) if family.in_units_of_outcome else 1.0
    y_center = float(y.mean()) if family.in_units_of_outcome and with_intercept else 0.0
    columns = [own_rows(column, design.blocks) for column in design.columns.T]
    kept = itself | (not (with_intercept or family.thresholds))
    return Units(
        y_center=y_center,
        y_scale=y_scale,
        x_center=np.where(kept, 0.0, [column.mean() for column in columns]),
        x_scale=np.where(itself, 1.0, [spread(column) for column in columns]),
        intercept=intercept,
        constant=itself.astype(np.float64),
        terms=tuple(
            TermUnits(np.array([spread(own_rows(z, design.blocks)) for z in g.columns.T]))
            for g in design.groupings
        ),
        kind=np.zeros(itself.size, dtype=np.int64),
        level=np.zeros(design.blocks or 1),
    )


def intercepts(design: Design) -> NDArray[np.int64]:
    """Return the intercept's column for every common coefficient, shape (Q,); -1 if none."""
    of_block = {
        name.removesuffix(INTERCEPT): q
        for q, name in enumerate(design.names)
        if predictor(design, name) == INTERCEPT
    }
    found = [of_block.get(name.removesuffix(predictor(design, name)), -1) for name in design.names]
    return np.array(found, dtype=np.int64)


def kinds(g: Grouping, kind: int) -> NDArray[np.int64]:
    """Return the kinds of a bar's coordinates, all the same, shape (K,)."""
    return np.full(len(g.names), kind)


def rows_of_block(g: Grouping, blocks: int | None) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return the columns and the level indices of the rows in a bar's own block."""
    if blocks is None:
        return g.columns, g.index
    apart = g.columns.reshape(blocks, -1, len(g.names))
    c = int(np.abs(apart).max(axis=(1, 2)).argmax())
    rows = apart.shape[1]
    return np.asarray(apart[c]), g.index[c * rows : (c + 1) * rows]


def own_rows(column: FloatArray, blocks: int | None) -> FloatArray:
    """Return the nonzero block of a stacked column; return other columns unchanged."""
    if blocks is None:
        return column
    apart = column.reshape(blocks, -1)
    return np.asarray(apart[np.abs(apart).max(axis=1).argmax()])


def spread(values: FloatArray) -> float:
    """Return the standard deviation with divisor n - 1.

    The spread of a constant column is its absolute value, or 1 if that is 0.
    """
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    size = float(np.abs(values).max(initial=0.0))
    if sd > 1e-14 * size:
        return sd
    return size or 1.0
