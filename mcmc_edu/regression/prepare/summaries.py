"""Lossless reduction of rows: summaries of Gaussian rows, and counts of equal binomial rows.

A cell holds the rows with the same levels of all factors.  A QR decomposition of its [Z X y]
leaves at most K rows that involve the cell's effects:

    ||y - X beta - Z b||^2 = sum of squares of K rows in (b, beta)
                           + sum of squares of rows in beta alone + rss

The rows in beta alone are stacked over all cells, and another QR reduces them to Q rows.  So the
cost of a likelihood does not grow with the number of observations.  Residuals are formed before
they are squared, so nothing cancels if y is far from 0.  A group of one row needs no special case.

Source: G. Golub (1965), *Numerische Mathematik* 7, 206-216, for least squares by QR.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray


class Summaries(NamedTuple):
    """Rows with the same information about the coefficients as the observations."""

    z: FloatArray
    """Shape (rows, K)."""
    x: FloatArray
    """Shape (rows, Q)."""
    y: FloatArray
    """Shape (rows,)."""
    cell: NDArray[np.int64]
    """Cell of each row, shape (rows,); 0 where z is 0."""
    number: NDArray[np.int64]
    """Number of each row within its cell, from 0; -1 for rows in beta alone; shape (rows,)."""
    rss: float


def summarise(z: FloatArray, x: FloatArray, y: FloatArray, cell: NDArray[np.int64]) -> Summaries:
    """Reduce Gaussian rows, z (n, K), x (n, Q), y (n,), each in a cell, numbered from 0."""
    k, q = z.shape[1], x.shape[1]
    order = np.argsort(cell, kind="stable")
    everything = np.column_stack([z, x, y])[order]
    counts = np.bincount(cell)
    begins = np.cumsum(counts) - counts
    kept, cells, numbers, rest = [], [], [], [np.zeros((0, q + 1))]
    for n in np.unique(counts[counts > 0]):
        chosen = np.flatnonzero(counts == n)
        stack = everything[begins[chosen][:, np.newaxis] + np.arange(n)]
        triangles = triangle_of(stack)
        own = min(k, triangles.shape[1])
        kept.append(triangles[:, :own].reshape(-1, k + q + 1))
        cells.append(np.repeat(chosen, own))
        numbers.append(np.tile(np.arange(own), chosen.size))
        rest.append(triangles[:, own:, k:].reshape(-1, q + 1))
    triangle = triangle_of(np.vstack([*rest, np.zeros((q + 1, q + 1))]))
    alone = np.column_stack([np.zeros((q, k)), triangle[:q]])
    rows = np.vstack([*kept, alone])
    return Summaries(
        z=rows[:, :k],
        x=rows[:, k : k + q],
        y=rows[:, -1],
        cell=np.concatenate([*cells, np.zeros(q, dtype=np.int64)]).astype(np.int64),
        number=np.concatenate([*numbers, np.full(q, -1)]).astype(np.int64),
        rss=float(triangle[q, q] ** 2),
    )


def triangle_of(stack: FloatArray) -> FloatArray:
    """Return R of the QR decomposition of a matrix, or of each matrix in a stack."""
    return np.asarray(np.linalg.qr(stack, mode="r"))


def side_by_side(found: Summaries, cells: int) -> Summaries:
    """Order the rows by (number, cell), so that row i belongs to cell i mod J.

    Cells with fewer rows are padded with rows of zeros.  The rows in beta alone come last.
    """
    alone = found.number < 0
    blocks = found.z.shape[1] + -(-int(alone.sum()) // cells)
    place = np.where(
        alone, found.z.shape[1] * cells + np.cumsum(alone) - 1, found.number * cells + found.cell
    )

    def spread(values: FloatArray) -> FloatArray:
        wide = np.zeros((blocks * cells, *values.shape[1:]))
        wide[place] = values
        return wide

    everywhere = np.arange(blocks * cells, dtype=np.int64)
    return Summaries(
        spread(found.z),
        spread(found.x),
        spread(found.y),
        everywhere % cells,
        everywhere // cells,
        found.rss,
    )


def triangles(z: FloatArray, index: NDArray[np.int64], levels: int) -> FloatArray:
    """R_j, upper triangular, with R_j' R_j = Z_j' Z_j of every level, shape (K, K, J)."""
    k = z.shape[1]
    found = summarise(z, np.zeros((z.shape[0], 0)), np.zeros(z.shape[0]), index)
    qr_r = np.zeros((k, k, levels))
    used = found.number >= 0
    qr_r[found.number[used], :, found.cell[used]] = found.z[used]
    return qr_r


def triangles_of_lines(
    z: FloatArray, y: FloatArray, index: NDArray[np.int64], levels: int
) -> tuple[FloatArray, FloatArray, float]:
    """R_j and q_j of every level, shapes (2, 2, J) and (2, J), and the sum of rss_j.

    Parameters
    ----------
    z
        Predictors of the lines, shape (n, K), K at most 2.
    y
        Outcome, shape (n,).
    index
        Level of each row, from 0, shape (n,).
    levels
        How many levels there are; one without rows is allowed.
    """
    found = summarise(z, np.zeros((y.size, 0)), y, index)
    qr_r, outcome = np.zeros((2, 2, levels)), np.zeros((2, levels))
    qr_r[found.number, : z.shape[1], found.cell] = found.z
    outcome[found.number, found.cell] = found.y
    return qr_r, outcome, found.rss


def merge_equal(
    columns: FloatArray, y: FloatArray, trials: FloatArray
) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:
    """First row of every set of rows with equal `columns` (n, m), and the sums of y and trials."""
    order = np.lexsort(columns.T[::-1]) if columns.shape[1] else np.arange(y.size)
    ordered = columns[order]
    new = np.ones(y.size, dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    begins = np.flatnonzero(new)
    return (
        order[begins].astype(np.int64),
        np.add.reduceat(y[order], begins),
        np.add.reduceat(trials[order], begins),
    )
