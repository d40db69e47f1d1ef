"""Forms of a term, and where its numbers are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray, as_matrix, inlined

NONCENTERED, CENTERED, COLLAPSED, UNPOOLED = 0, 1, 2, 3
"""Forms of a term."""


class TermLayout(NamedTuple):
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
    effects_start: int
    """Where its effects begin among those of all terms,"""
    chol_start: int
    """and T in `Population.effect_chols`."""
    decov: int
    """1 if its scales have the decov prior."""


@inlined
def term_of(terms: NDArray[np.int64], t: int) -> TermLayout:
    """Where the numbers of term t are."""
    row = terms[t]
    return TermLayout(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]
    )


@inlined
def effects_of(flat: FloatArray, term: TermLayout) -> FloatArray:
    """Return the part of a term in an array of effects, shape (K_t, J_t)."""
    end = term.effects_start + term.size * term.levels
    return as_matrix(flat[term.effects_start : end], term.size, term.levels)


@inlined
def coordinates(theta: FloatArray, term: TermLayout) -> FloatArray:
    """Return the part of theta, or of its gradient, that is of a term's effects, (K_t, J_t)."""
    end = term.effects + term.size * term.levels
    return as_matrix(theta[term.effects : end], term.size, term.levels)


@inlined
def effect_chol_of(flat: FloatArray, term: TermLayout) -> FloatArray:
    """Return the matrix of a term in an array of such matrices, shape (K_t, K_t)."""
    end = term.chol_start + term.size * term.size
    return as_matrix(flat[term.chol_start : end], term.size, term.size)
