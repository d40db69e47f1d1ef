"""Units in which everything is of the size of 1: what the sampler works with.

    y' = (y - offset - y_center) / y_scale        x' = (x - x_center) / x_scale . turn

y is scaled if it is continuous, and centred if the common columns, or the lines of the groups, have
a constant that takes the centre up.  A model of times in ms has then the draws of the same model in
s, and warm-up need not find out what the units are.

`turn` mixes columns.  It is there for coefficients that have a default prior: they have one
jointly, and the columns are turned so that it is the same, and independent, for each of them
(`coordinates` finds it).  A coefficient with a prior of its own has a column of its own.
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
"""What a coordinate is: of a coefficient that has a prior of its own; the mean of the linear
predictor over rows; a slope of unit size; one through the origin."""


@dataclass(frozen=True, eq=False)
class TermUnits:
    """Units of the K coefficients of a bar."""

    scale: FloatArray
    """Shape (K,)."""
    turn: FloatArray | None = field(default=None, repr=False)
    """Shape (K, K), or (J, K, K) if every level has its own; None leaves the columns apart."""
    levels: tuple[str, ...] = ()
    """Those that have their own."""
    kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Of the coordinates of levels that stand alone, shape (K,)."""
    constant: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Of such levels: how the columns make a 1 in every row, shape (K,); zeros if they do not."""
    width: float = 1.0
    """The default prior's unit through the origin, in units of y_scale."""
    sizes: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Default scales as written, at 0, in units of y_scale, where only correlations were given a
    prior; shape (K,)."""

    def turned(self, g: Grouping, columns: FloatArray, index: NDArray[np.int64]) -> FloatArray:
        """Columns (n, K) of rows of these levels in the sampler's units."""
        scaled = np.asarray(columns / self.scale)
        if self.turn is None:
            return scaled
        if self.turn.ndim == 2:
            return np.asarray(scaled @ self.turn)
        return np.asarray(np.einsum("nk,nkm->nm", scaled, self.of_levels(g)[index]))

    def of_levels(self, g: Grouping) -> FloatArray:
        """`turn` of each level that a grouping has, which may be fewer: shape (J, K, K)."""
        assert self.turn is not None
        place = {level: j for j, level in enumerate(self.levels)}
        return np.asarray(self.turn[[place[level] for level in g.levels]])

    def effect_chol(self, effect_chols: FloatArray) -> FloatArray:
        """Roots T (n, K, K) with predictors in their own units; a turned one is not triangular."""
        found = effect_chols if self.turn is None else self.turn @ effect_chols
        return np.asarray(found / self.scale[:, np.newaxis])

    def effects(self, g: Grouping, b: FloatArray) -> FloatArray:
        """Effects (n, K, J) with predictors in their own units."""
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
    """Which column is the intercept that a centre goes into, shape (Q,); -1 if none is."""
    constant: FloatArray
    """How the columns of a block make a 1 in every row, shape (Q,); zeros if they do not."""
    terms: tuple[TermUnits, ...]
    """Of every grouping."""
    turn: FloatArray | None = field(default=None, repr=False)
    """Shape (Q, Q); None leaves the columns apart."""
    kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Of the coordinates, shape (Q,)."""
    unit: float = 1.0
    """The size of the linear predictor in default priors, in units of y_scale,"""
    width: float = 1.0
    """the same through the origin,"""
    level: FloatArray = field(default_factory=lambda: np.zeros(1))
    """and where its mean is thought to be, of every block, less y_center."""

    @property
    def blocks(self) -> int:
        """Linear predictors of each row."""
        return self.level.size

    def common(self, columns: FloatArray) -> FloatArray:
        """Put common columns (n, Q) into the sampler's units."""
        if self.x_center.any():
            ones = np.where(self.intercept < 0, self._anchor(columns), columns[:, self.intercept])
            columns = columns - self.x_center * ones
        scaled = columns / self.x_scale
        return np.asarray(scaled if self.turn is None else scaled @ self.turn)

    def _anchor(self, columns: FloatArray) -> FloatArray:
        """1 where a block's rows are: what a centre is taken from where no column is constant."""
        n, size = columns.shape[0] // self.blocks, columns.shape[1] // self.blocks
        return np.asarray(np.kron(np.eye(self.blocks), np.ones((n, size))), dtype=np.float64)

    def slopes(self, beta: FloatArray) -> FloatArray:
        """Coefficients (n, Q) in the data's units, intercepts being those at the centres."""
        turned = beta if self.turn is None else beta @ self.turn.T
        return np.asarray(turned * self.y_scale / self.x_scale)

    def shift(self, slopes: FloatArray) -> FloatArray:
        """Sum the slopes at the centres, for every block: shape (n, blocks)."""
        apart = (slopes * self.x_center).reshape(len(slopes), self.blocks, -1)
        return np.asarray(apart.sum(axis=2))

    def coefficients(self, beta: FloatArray) -> FloatArray:
        """Coefficients (n, Q) in the data's units, where all predictors are 0."""
        slopes = self.slopes(beta)
        left = self.y_center - self.shift(slopes)
        size = slopes.shape[1] // self.blocks
        return np.asarray(slopes + np.repeat(left, size, axis=1) * self.constant)

    def lines(self, t: int, g: Grouping, b: FloatArray, shift: FloatArray) -> FloatArray:
        """Coefficients (n, K, J) of levels that stand alone, in the data's units.

        `shift` (n, blocks) is what the common slopes come to at their centres, where the levels'
        lines take it up.
        """
        term = self.terms[t]
        found = self.y_scale * term.effects(g, b)
        if not term.constant.any():
            return found
        height = self.y_center - shift[:, t % self.blocks]
        return np.asarray(found + height[:, np.newaxis, np.newaxis] * term.constant[:, np.newaxis])


def units_format_1(design: Design, family: Family) -> Units:
    """Sizes of the columns of a design, each by itself."""
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
    """Find the intercept's column for every common coefficient, -1 without one; shape (Q,)."""
    of_block = {
        name.removesuffix(INTERCEPT): q
        for q, name in enumerate(design.names)
        if predictor(design, name) == INTERCEPT
    }
    found = [of_block.get(name.removesuffix(predictor(design, name)), -1) for name in design.names]
    return np.array(found, dtype=np.int64)


def kinds(g: Grouping, kind: int) -> NDArray[np.int64]:
    """All coordinates of a bar are of one kind, shape (K,)."""
    return np.full(len(g.names), kind)


def rows_of_block(g: Grouping, blocks: int | None) -> tuple[FloatArray, NDArray[np.int64]]:
    """Columns and levels of a bar's own rows."""
    if blocks is None:
        return g.columns, g.index
    apart = g.columns.reshape(blocks, -1, len(g.names))
    c = int(np.abs(apart).max(axis=(1, 2)).argmax())
    rows = apart.shape[1]
    return np.asarray(apart[c]), g.index[c * rows : (c + 1) * rows]


def own_rows(column: FloatArray, blocks: int | None) -> FloatArray:
    """Of a column in blocks the block that is not zero; any other as it is."""
    if blocks is None:
        return column
    apart = column.reshape(blocks, -1)
    return np.asarray(apart[np.abs(apart).max(axis=1).argmax()])


def spread(values: FloatArray) -> float:
    """Compute the standard deviation as R has it; the size of a constant, and 1 for zeros."""
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    size = float(np.abs(values).max(initial=0.0))
    if sd > 1e-14 * size:
        return sd
    return size or 1.0
