"""Weighted averages of predictions, within each draw: first average, then summarise.

    mean_c = sum over rows i of cell c of  w_i E(y_i)  /  sum of w_i

The order matters.  An interval of an average is made of the averages of the draws; the average of
the rows' intervals is another thing, and too wide.

Draws are taken a few at a time, all rows of each, so that memory does not grow with their number.
Several arms (the same rows, each with another treatment) share all that the treatment does not
change: a level that is not in the data has the same drawn effect in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ....families.categories import by_row
from ....formulas import Design, Grouping
from ....formulas.arrays import Index
from ....seeds import seed_sequence
from ...fitted import Fitted
from ..prediction.linear_predictor import covariance

AT_ONCE = 2_000_000
"""Numbers of a linear predictor that are worked out at once, 16 MB."""

GROUPS = ("fitted", "zero", "sample")
"""Which effects of groups are in a prediction: those of the rows' levels, of which new ones are
drawn; none; or, in the place of every level, those of one new level."""


@dataclass(frozen=True)
class Cells:
    """Which rows are averaged together, and how they are weighed."""

    rows: Index
    """Numbers of the rows that are in a cell."""
    cell: Index
    """Cell of each of them, 0, 1, ...: every cell has a row."""
    weights: FloatArray
    """Of each of them, 0 or more."""

    @property
    def n(self) -> Index:
        """Rows of each cell."""
        return np.bincount(self.cell).astype(np.int64)

    @property
    def weight(self) -> FloatArray:
        """Sum of the weights of each cell."""
        return np.asarray(np.bincount(self.cell, self.weights), dtype=float)


def averages(
    fit: Fitted,
    arms: Sequence[Design],
    cells: Cells,
    groups: Mapping[str, str],
    scale: str,
    seed: np.random.SeedSequence,
) -> list[FloatArray]:
    """Average the predictions of every arm.

    Parameters
    ----------
    arms
        Designs of the same rows, which differ in the treatment.
    cells
        Which rows go together.
    groups
        A word of `GROUPS` for each grouping factor.
    scale
        ``"response"``, the expected value of one trial, or the probability of each category;
        ``"link"``, the linear predictor.
    seed
        Of the effects that are drawn.

    Returns
    -------
    Of each arm, shape (chain, draw, cell), with an axis more for categories.
    """
    order = np.argsort(cells.cell, kind="stable")
    first = np.flatnonzero(np.diff(cells.cell[order], prepend=-1))
    share = (cells.weights / cells.weight[cells.cell])[order]
    predictor = Predictor(fit, arms, in_blocks(arms[0], cells.rows[order]), groups, seed)
    chains, draws, _ = fit.draws.array.shape
    found: list[list[FloatArray]] = [[] for _ in arms]
    size = max(AT_ONCE // (order.size * (arms[0].blocks or 1)), 1)
    for chain, some in _parts(chains, draws, size):
        own = {name: fit.draws[name][chain, some, np.newaxis] for name in fit.model.family.own}
        for made, eta in zip(found, predictor(chain, some), strict=True):
            values = by_row(eta, arms[0])
            if scale == "response":
                values = expected(fit, values, own)
            weighed = values * (share if values.ndim == 2 else share[:, np.newaxis])
            made.append(np.add.reduceat(weighed, first, axis=1))
    shape = chains, draws
    return [np.concatenate(parts).reshape(*shape, *parts[0].shape[1:]) for parts in found]


def expected(fit: Fitted, eta: FloatArray, own: Mapping[str, FloatArray]) -> FloatArray:
    """Compute the expected value of one trial, shape of eta, or each category's probability."""
    family = fit.model.family
    if family.probabilities is not None:
        return family.probabilities(eta, own)
    return family.mean(eta, own)


def in_blocks(design: Design, rows: Index) -> Index:
    """Where rows are in columns that have all rows several times, see `Design.blocks`."""
    blocks = design.blocks or 1
    starts = np.arange(blocks) * (design.offset.size // blocks)
    return np.asarray((starts[:, np.newaxis] + rows).reshape(-1))


def _parts(chains: int, draws: int, size: int) -> Iterator[tuple[int, slice]]:
    for chain in range(chains):
        for start in range(0, draws, size):
            yield chain, slice(start, min(start + size, draws))


class Predictor:
    """Linear predictors of the rows of all arms, a few draws at a time and in their order."""

    def __init__(
        self,
        fit: Fitted,
        arms: Sequence[Design],
        order: NDArray[np.int64],
        groups: Mapping[str, str],
        seed: np.random.SeedSequence,
    ) -> None:
        self._offsets = [arm.offset[order] for arm in arms]
        names = fit.model.design.names
        self._beta = [fit.draws[name] for name in names]
        columns = []
        for arm in arms:
            chosen = [arm.names.index(name) for name in names]
            columns.append(arm.columns[order][:, chosen])
        same = np.logical_and.reduce([(x == columns[0]).all(axis=0) for x in columns])
        self._same, self._shared = np.flatnonzero(same), columns[0][:, same].T.copy()
        self._differing = np.flatnonzero(~same)
        self._parts = [x[:, ~same].T.copy() for x in columns]
        known = {g.name for g in fit.model.design.groupings}
        seeds = seed_sequence(seed).spawn(len(arms[0].groupings))  # the same at every call
        self._terms = [
            Term(fit, [arm.groupings[t] for arm in arms], order, groups[g.name], seeds[t])
            for t, g in enumerate(arms[0].groupings)
            if g.name in known and groups[g.name] != "zero"
        ]

    def __call__(self, chain: int, some: slice) -> Iterator[FloatArray]:
        """Work out eta of each arm, shape (draws, rows), for some draws of a chain."""
        common = self._times(self._same, chain, some) @ self._shared
        effects = [term.effects(chain, some) for term in self._terms]
        for term, b in zip(self._terms, effects, strict=True):
            term.add(common, b, term.shared)
        differing = self._times(self._differing, chain, some)
        for arm, (offset, columns) in enumerate(zip(self._offsets, self._parts, strict=True)):
            eta = common + offset
            if self._differing.size:
                eta += differing @ columns
            for term, b in zip(self._terms, effects, strict=True):
                term.add(eta, b, term.of_arm[arm])
            yield eta

    def _times(self, chosen: Index, chain: int, some: slice) -> FloatArray:
        """Draws of some common coefficients, shape (draws, coefficients)."""
        length = some.stop - some.start
        beta = np.empty((length, chosen.size))
        for k, q in enumerate(chosen):
            beta[:, k] = self._beta[q][chain, some]
        return beta


@dataclass(frozen=True)
class Part:
    """What one coefficient of a bar adds to the rows."""

    k: int
    index: Index
    """Level of each row."""
    column: FloatArray | None
    """None if it is 1 in all rows."""


class Term:
    """The effects of one bar: of its levels, and of those that are drawn."""

    def __init__(
        self,
        fit: Fitted,
        arms: Sequence[Grouping],
        order: NDArray[np.int64],
        way: str,
        seed: np.random.SeedSequence,
    ) -> None:
        g = arms[0]
        fitted = [fit.draws[f"b({g.name}: {name})"] for name in g.names]
        self._fitted = [] if way == "sample" else fitted
        self._size = len(g.names)
        unseen = list(dict.fromkeys(name for arm in arms for name in arm.unseen))
        self._new = 1 if way == "sample" else len(unseen)
        self._rng = np.random.default_rng(seed)
        self._root = self._root_of(fit, g) if self._new else None
        levels = 0 if way == "sample" else fitted[0].shape[2]
        indices = [_places(arm, order, way, levels, unseen) for arm in arms]
        self.shared: list[Part] = []
        self.of_arm: list[list[Part]] = [[] for _ in arms]
        for k in range(self._size):
            columns = [arm.columns[order, k] for arm in arms]
            parts = [
                Part(k, index, None if (column == 1.0).all() else column)
                for index, column in zip(indices, columns, strict=True)
            ]
            alike = all(np.array_equal(index, indices[0]) for index in indices)
            if alike and all(np.array_equal(column, columns[0]) for column in columns):
                self.shared.append(parts[0])
                continue
            for own, part in zip(self.of_arm, parts, strict=True):
                own.append(part)

    @staticmethod
    def _root_of(fit: Fitted, g: Grouping) -> FloatArray:
        if f"sd({g.name}: {g.names[0]})" not in fit.draws.natural:
            raise ValueError(
                f"groups: with no pooling there is no population of {g.name} to draw from. Predict "
                "fitted levels only, or take pooling='partial'"
            )
        return np.asarray(np.linalg.cholesky(covariance(fit, g)))

    def effects(self, chain: int, some: slice) -> list[FloatArray]:
        """Effects of all levels, those that are drawn last: of each coefficient (draws, level)."""
        found = [b[chain, some] for b in self._fitted]
        if self._root is None:
            return found
        root = self._root[chain, some]
        z = self._rng.standard_normal((len(root), self._new, self._size))
        drawn = np.einsum("dkm,djm->kdj", root, z)
        if not found:
            return list(drawn)
        return [np.concatenate(pair, axis=1) for pair in zip(found, drawn, strict=True)]

    def add(self, eta: FloatArray, effects: Sequence[FloatArray], parts: Sequence[Part]) -> None:
        """Add the effects of the rows' levels to eta, shape (draws, rows)."""
        for part in parts:
            b = np.take(effects[part.k], part.index, axis=1)
            eta += b if part.column is None else b * part.column


def _places(
    arm: Grouping, order: NDArray[np.int64], way: str, levels: int, unseen: Sequence[str]
) -> Index:
    """Where each row's level is among the effects."""
    index = arm.index[order]
    if way == "sample":
        return np.zeros_like(index)
    places = np.array([levels + unseen.index(name) for name in arm.unseen], dtype=np.int64)
    found = index.copy()
    new = index < 0
    found[new] = places[-1 - index[new]] if new.any() else 0
    return found
