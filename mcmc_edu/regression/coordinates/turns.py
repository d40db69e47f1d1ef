"""Turns: linear maps after which columns are as independent as their default priors.

Source: G. Golub (1965), *Numerische Mathematik* 7, 206-216, for QR; the weights are explained in
`coordinates`.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import linalg

from ...compiling import FloatArray
from .units import spread


def without(columns: FloatArray, others: FloatArray) -> FloatArray:
    """Return the residuals of columns (n, D) regressed on others (n, m)."""
    if not others.shape[1]:
        return columns
    return np.asarray(columns - others @ np.linalg.lstsq(others, columns, rcond=None)[0])


def independent(columns: FloatArray, constant: int, balanced: bool) -> FloatArray:
    """Return the turn T (D, D) that makes columns (n, D) orthogonal with mean squares of 1.

    T is upper triangular; `constant` is 1 if the columns are centred, else 0.
    """
    rows = columns.shape[0]
    if balanced:
        columns = columns * np.sqrt(weights(columns, constant))[:, np.newaxis]
    triangle: FloatArray = np.asarray(np.linalg.qr(columns, mode="r"))
    turn = linalg.solve_triangular(triangle, np.eye(triangle.shape[0]))
    return np.asarray(turn * np.sign(np.diag(turn)) * math.sqrt(rows - constant))


def weights(columns: FloatArray, constant: int) -> FloatArray:
    """Return the weight of each row in models with a link; see `coordinates`."""
    rows, size = columns.shape
    q = np.linalg.qr(columns)[0]
    leverage = (q * q).sum(axis=1) + constant / rows
    p = size + constant
    return np.asarray(1.0 + rows * np.maximum(leverage - 4.0 * p / rows, 0.0) / (2.0 * (p + 1.0)))


def height_first(columns: FloatArray, balanced: bool) -> FloatArray | None:
    """Return a turn (D, D) of columns that together span a constant.

    The first turned column is 1 in every row; the others are turned as by `independent`.  Returns
    None if the columns do not span a constant.
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


def in_turn(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Make every column of z (n, K) orthogonal to the columns before it.

    Returns the turn, upper triangular with ones on its diagonal, and the turned z.  A column that
    is fully explained by the columns before it stays unchanged.
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


def varies(left: FloatArray, columns: FloatArray) -> bool:
    """Return whether the residuals `left` of columns (n, D) have full rank."""
    if not left.shape[1] or left.shape[0] < left.shape[1]:
        return False
    size = np.array([spread(column) for column in columns.T])
    triangle = np.linalg.qr(left / size, mode="r")
    return bool(np.abs(np.diag(triangle)).min() > 1e-6)


def categories_root(blocks: int) -> FloatArray:
    """Return the Cholesky factor of (I + J) / 2, with J all ones.

    This is the correlation matrix of the differences between one category and all others.
    """
    return np.asarray(np.linalg.cholesky(0.5 * (np.eye(blocks) + np.ones((blocks, blocks)))))
