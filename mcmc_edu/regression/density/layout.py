"""Forms of a term, and the positions of its numbers in theta and other arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray, as_matrix, inlined

NONCENTERED, CENTERED, COLLAPSED, UNPOOLED = 0, 1, 2, 3
"""Forms of a term."""


class TermLayout(NamedTuple):
    """Positions of a term's numbers: the columns of `Regression.terms`."""

    size: int
    """K_t, coefficients of each level."""
    levels: int
    """J_t, number of levels."""
    form: int
    first: int
    """First row of the term in `varying` and in `varying_priors`."""
    scales: int
    """Start of its scales in theta."""
    correlations: int
    """Start of its correlations in theta."""
    effects: int
    """Start of its effects in theta."""
    effects_start: int
    """Start of its effects in the array of all effects."""
    chol_start: int
    """Start of T in `Population.effect_chols`."""
    decov: int
    """1 if the scales have the decov prior, else 0."""


@inlined
def term_of(terms: NDArray[np.int64], t: int) -> TermLayout:
    """Return the layout of term t."""
    row = terms[t]
    return TermLayout(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]
    )


@inlined
def effects_of(flat: FloatArray, term: TermLayout) -> FloatArray:
    """Return the effects of a term from the array of all effects, shape (K_t, J_t)."""
    end = term.effects_start + term.size * term.levels
    return as_matrix(flat[term.effects_start : end], term.size, term.levels)


@inlined
def coordinates(theta: FloatArray, term: TermLayout) -> FloatArray:
    """Return a term's effects from theta or its gradient, shape (K_t, J_t)."""
    end = term.effects + term.size * term.levels
    return as_matrix(theta[term.effects : end], term.size, term.levels)


@inlined
def effect_chol_of(flat: FloatArray, term: TermLayout) -> FloatArray:
    """Return T of a term from the array of all such matrices, shape (K_t, K_t)."""
    end = term.chol_start + term.size * term.size
    return as_matrix(flat[term.chol_start : end], term.size, term.size)
