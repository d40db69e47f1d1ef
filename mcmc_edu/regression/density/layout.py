"""What the kernel reads, where the numbers of each term are, and the room it works in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray, borrow, inlined, matrix

NONCENTERED, CENTERED, COLLAPSED, APART, COMMON = 0, 1, 2, 3, 4
"""Forms of a term; the last is of none, where all have the same line (see `lines`)."""


class Layout(NamedTuple):
    """Where a term's numbers are: the columns of `Regression.terms`."""

    size: int
    """K_t, coefficients of each level."""
    levels: int
    """J_t."""
    form: int
    first: int
    """Its first row in `varying` and in `varying_priors`."""
    scales: int
    """Where in theta its scales begin,"""
    correlations: int
    """its correlations,"""
    effects: int
    """and its effects."""
    room: int
    """Where its effects begin in `Room.b`,"""
    square: int
    """and T in `Room.roots`."""
    decov: int
    """1 if its scales have the decov prior."""


class Regression(NamedTuple):
    """The data of the log posterior: T terms, Q common coefficients, K = sum of all K_t."""

    family: int
    """Its number in `families`."""
    y: FloatArray
    """Outcome, shape (rows,)."""
    trials: FloatArray
    """Of binomial outcomes, shape (rows,); else (0,)."""
    offset: FloatArray
    """Shape (rows,)."""
    common: FloatArray
    """Predictors of the common coefficients, shape (Q, rows)."""
    varying: FloatArray
    """Predictors of the varying coefficients, term by term, shape (K, rows)."""
    group: NDArray[np.int64]
    """Level of each row, shape (T, rows); or (T, 0), if row i is of level i mod J of one term."""
    terms: NDArray[np.int64]
    """A `Layout` a row, shape (T, 10)."""
    absorbed: NDArray[np.int64]
    """1 for common coefficients that are in `mean`, or that coefficients apart replace; (Q,)."""
    mean: FloatArray
    """What a common coefficient adds to the mean of a varying one in level j, where a term is
    centred: a row for each such pair, shape (P, J),"""
    mean_of: NDArray[np.int64]
    """and the numbers of both, the varying one's among all terms first, shape (P, 2)."""
    root: FloatArray
    """Of the collapsed term: R_j upper triangular, R_j' R_j = Z_j' Z_j, shape (K, K, J)."""
    constant: float
    """What of the log posterior depends on no parameter, y being in the kernel's units."""
    observations: float
    """How many there are: rows of a Gaussian model may be summaries."""
    rss: float
    """Sum of squares that the summaries leave out."""
    common_priors: FloatArray
    """A row a coefficient, see `location_prior`, shape (Q, 5)."""
    shrunk: NDArray[np.int64]
    """Common coefficients that have the horseshoe prior, shape (H,)."""
    shrunk_units: FloatArray
    """What their `horseshoe` scales are multiplied by, shape (H,)."""
    horseshoe: FloatArray
    """The numbers of that prior, shape (5,)."""
    own_priors: FloatArray
    """A row a parameter of the family, shape (own, 5): see `scale_prior`; of thresholds,
    `location_prior`."""
    varying_priors: FloatArray
    """A row a varying coefficient: `scale_prior` of its tau or `location_prior`, shape (K, 5)."""
    lkj: FloatArray
    """Shape parameter of the prior of each term's correlations, shape (T,)."""


class Room(NamedTuple):
    """What one evaluation works with; `d_x` is the derivative of the log posterior by x."""

    beta: FloatArray
    d_beta: FloatArray
    slopes: FloatArray
    """Derivatives of coefficients, own parameters and log tau by their coordinates in theta,
    shape (Q + own + K,)."""
    own: FloatArray
    """The family's parameters: logarithms, or thresholds."""
    d_own: FloatArray
    tau: FloatArray
    """Of all terms, shape (K,)."""
    d_log_tau: FloatArray
    roots: FloatArray
    """T of all terms, one after the other, flat."""
    d_roots: FloatArray
    b: FloatArray
    """Effects of all terms, flat, but for those of a centred term: theta has c, mean included."""
    d_b: FloatArray
    xi: FloatArray
    """The effects as standard normals, but for those of a non-centred term: theta has them."""
    eta: FloatArray
    """Linear predictor, then what the likelihood has to say of it; shape (rows,)."""
    matrices: FloatArray
    """Three matrices (K, K) for each level of the collapsed term, flat."""


@inlined
def borrow_data(data: Regression) -> Regression:
    """Do what `borrow` does for its arrays."""
    return Regression(
        data.family,
        borrow(data.y),
        borrow(data.trials),
        borrow(data.offset),
        borrow(data.common),
        borrow(data.varying),
        borrow(data.group),
        borrow(data.terms),
        borrow(data.absorbed),
        borrow(data.mean),
        borrow(data.mean_of),
        borrow(data.root),
        data.constant,
        data.observations,
        data.rss,
        borrow(data.common_priors),
        borrow(data.shrunk),
        borrow(data.shrunk_units),
        borrow(data.horseshoe),
        borrow(data.own_priors),
        borrow(data.varying_priors),
        borrow(data.lkj),
    )


@inlined
def term_of(terms: NDArray[np.int64], t: int) -> Layout:
    """Where the numbers of term t are."""
    row = terms[t]
    return Layout(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9])


@inlined
def room_size(data: Regression) -> int:
    """Numbers that a `Room` holds."""
    squares, effects_of_all = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data.terms, t)
        squares += term.size * term.size
        effects_of_all += term.size * term.levels
    few: int = 3 * (data.absorbed.size + data.own_priors.shape[0] + data.varying.shape[0])
    return few + 2 * squares + 3 * effects_of_all + data.y.size + 3 * data.root.size


@inlined
def make_room(data: Regression, scratch: FloatArray) -> Room:
    """Divide up an array of `room_size`; derivatives begin at 0."""
    squares, effects_of_all = 0, 0
    for t in range(data.terms.shape[0]):
        term = term_of(data.terms, t)
        squares += term.size * term.size
        effects_of_all += term.size * term.levels
    common, own, varying = data.absorbed.size, data.own_priors.shape[0], data.varying.shape[0]
    a = common
    b = a + own
    c = b + varying
    d = c + squares
    e = d + effects_of_all
    zeros, rest = scratch[:e], scratch[e:]
    for i in range(e):
        zeros[i] = 0.0
    f = e + effects_of_all
    g = f + data.y.size
    h = g + c
    return Room(
        rest[:a],
        zeros[:a],
        rest[g:h],
        rest[a:b],
        zeros[a:b],
        rest[b:c],
        zeros[b:c],
        rest[c:d],
        zeros[c:d],
        rest[d:e],
        zeros[d:e],
        rest[e:f],
        rest[f:g],
        rest[h:],
    )


@inlined
def block(flat: FloatArray, term: Layout) -> FloatArray:
    """The part of a term in an array of effects, shape (K_t, J_t)."""
    end = term.room + term.size * term.levels
    return matrix(flat[term.room : end], term.size, term.levels)


@inlined
def held_by(theta: FloatArray, term: Layout) -> FloatArray:
    """What theta, or its gradient, holds of a term's effects, shape (K_t, J_t)."""
    end = term.effects + term.size * term.levels
    return matrix(theta[term.effects : end], term.size, term.levels)


@inlined
def square(flat: FloatArray, term: Layout) -> FloatArray:
    """The matrix of a term in an array of such matrices, shape (K_t, K_t)."""
    end = term.square + term.size * term.size
    return matrix(flat[term.square : end], term.size, term.size)
