"""The data of the general density."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray, FunctionValue, inlined, without_refcount


class Regression(NamedTuple):
    """The data of the log posterior: T terms, Q common coefficients, K = sum of all K_t."""

    log_likelihood: FunctionValue
    """The family's: see `Family.log_likelihood`.  Machine code has its address only, so that one
    compiled density is that of all families."""
    has_sigma: bool
    """Whether the family's first parameter is log sigma, in which decov measures; Gaussian rows
    without it are divided by their known standard errors."""
    thresholds: bool
    """Whether the family's parameters are thresholds, not logarithms of scales."""
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
    """A `TermLayout` a row, shape (T, 10)."""
    in_group_mean: NDArray[np.int64]
    """1 for common coefficients that are in `group_mean_x`, or that unpooled ones replace; (Q,)."""
    group_mean_x: FloatArray
    """What a common coefficient adds to the mean of a varying one in level j, where a term is
    centred: a row for each such pair, shape (P, J),"""
    group_mean_index: NDArray[np.int64]
    """and the numbers of both, the varying one's among all terms first, shape (P, 2)."""
    qr_r: FloatArray
    """Of the collapsed term: R_j upper triangular, R_j' R_j = Z_j' Z_j, shape (K, K, J)."""
    constant: float
    """What of the log posterior depends on no parameter, y being in the density's units."""
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


@inlined
def data_without_refcount(data: Regression) -> Regression:
    """Do what `without_refcount` does for its arrays."""
    return Regression(
        data.log_likelihood,
        data.has_sigma,
        data.thresholds,
        without_refcount(data.y),
        without_refcount(data.trials),
        without_refcount(data.offset),
        without_refcount(data.common),
        without_refcount(data.varying),
        without_refcount(data.group),
        without_refcount(data.terms),
        without_refcount(data.in_group_mean),
        without_refcount(data.group_mean_x),
        without_refcount(data.group_mean_index),
        without_refcount(data.qr_r),
        data.constant,
        data.observations,
        data.rss,
        without_refcount(data.common_priors),
        without_refcount(data.shrunk),
        without_refcount(data.shrunk_units),
        without_refcount(data.horseshoe),
        without_refcount(data.own_priors),
        without_refcount(data.varying_priors),
        without_refcount(data.lkj),
    )
