"""A model as the oracle is told of it: data in their own units, and priors as they are written.

The rule of `on_paper` holds here too: nothing of the package is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from laws_on_paper import kind_of

INTERCEPT = "Intercept"


@dataclass(frozen=True)
class Term:
    """A bar: ``(x | g)``."""

    name: str
    """Of the grouping factor."""
    index: np.ndarray
    """Level of each row, shape (n,)."""
    levels: int
    names: tuple[str, ...]
    columns: np.ndarray
    """Shape (n, K)."""
    correlated: bool
    form: str
    """noncentered, centered, collapsed or unpooled."""


@dataclass(frozen=True)
class Model:
    """Data and priors."""

    family: str
    link: str
    y: np.ndarray
    trials: np.ndarray | None
    offset: np.ndarray
    names: tuple[str, ...]
    """Of the common coefficients; an ordered outcome has no intercept among them."""
    columns: np.ndarray
    """Shape (n, Q)."""
    terms: tuple[Term, ...]
    own: tuple[str, ...]
    """The family's own parameters."""
    prefixes: tuple[str, ...]
    """One; of a categorical outcome one for each category with a linear predictor, ``"b: "``."""
    priors: Mapping[str, Any]
    """As written, by full names of parameters, such as ``sd(g: x)``; of the correlations of a term
    by ``cor(g: Intercept, x)``, and of its covariance by ``covariance(g: Intercept, x)``.
    """

    @property
    def common(self) -> list[str]:
        """Full names of all common coefficients."""
        return [prefix + name for prefix in self.prefixes for name in self.names]

    @property
    def shrunk(self) -> list[str]:
        """Those that have a horseshoe."""
        kinds = {name: kind_of(self.priors[name]) for name in self.common}
        return [name for name, kind in kinds.items() if kind == "RegularizedHorseshoe"]


class Units(NamedTuple):
    """What the coordinates of theta are measured in."""

    y_center: float
    y_scale: float
    x_center: np.ndarray
    x_scale: np.ndarray


def units_of(m: Model) -> Units:
    """A predictor has its sd for unit, and so has an outcome, or its logarithm, where the linear
    predictor is in its units.  They are centred where an intercept or thresholds take that up.
    """
    itself = np.array([name == INTERCEPT for name in m.names], dtype=bool)
    continuous = m.family in ("gaussian", "student", "lognormal")
    y = np.log(m.y) if m.family == "lognormal" else m.y
    centred = itself.any() or m.family == "ordered"
    return Units(
        y.mean() if continuous and itself.any() else 0.0,
        y.std(ddof=1) if continuous else 1.0,
        m.columns.mean(axis=0) * (centred & ~itself),
        np.array([size(x) for x in m.columns.T]),
    )


def size(x: np.ndarray) -> float:
    """The sd; of a constant, its own size."""
    return x.std(ddof=1) if np.ptp(x) > 0.0 else np.abs(x).max()


def names_of(term: Term, prefix: str) -> list[str]:
    """Full names of a term's coefficients."""
    return [f"{term.name}: {prefix}{name}" for name in term.names]


def correlations_of(term: Term, prefix: str) -> Iterator[tuple[str, int, int]]:
    """Names of a term's correlations, with row and column."""
    for i in range(len(term.names) if term.correlated else 0):
        for j in range(i):
            yield f"cor({term.name}: {prefix}{term.names[j]}, {prefix}{term.names[i]})", i, j
