"""`Loo`: leave-one-out predictive densities, their sums, standard errors and reliability."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ....compiling import FloatArray
from ....table import Table

Weights = NDArray[np.int64] | None
"""Number of times that each value counts, shape (n,); None if every value counts once."""

SHOWN = 8
"""Names of units that a line of text gives."""

COARSE = 0.01
"""Error of the quadrature, in the log density of a group, from which a note says so."""


@dataclass(frozen=True, eq=False, repr=False)
class Loo:
    """Leave-one-out predictive densities of the units of the data, which are rows or groups.

    Attributes
    ----------
    pointwise
        Log density of each unit given all others, shape (n,): elpd is their sum.  -inf where the
        draws cannot tell it at all; k is inf there.
    seen
        The same given all units, itself included, shape (n,).
    pareto_k
        Shape of the tail of each unit's weights, shape (n,).
    names
        Of the units: numbers of rows in the data, from 0, those that were dropped counted as well;
        or levels.
    unit
        What the units are: ``"row"``, or the name of a grouping factor.
    refitted
        Positions, in `names`, of the units without which the model was fitted again; their density
        is exact up to Monte Carlo error, `mcse`, whatever k is.
    limit
        Largest k to be trusted with so many draws.
    y
        The outcome, to tell whether two models are of the same data.
    trials
        Number of trials of each row if the outcome is binomial, None if not: the same.
    mcse
        Monte Carlo standard error of the density of each unit that was `refitted`, in their order:
        sd(p) / E[p] / sqrt(effective draws), p being the density under each draw.  Where p varies
        by as much as its mean, 500 effective draws make it 0.045.  A unit far from the others has
        a p that is large in few draws; they make the error large, and its estimate too small.
    rows
        Numbers of all rows in the data, from 0; None for a model of arrays, which has them all.
    dropped
        How many rows more the data have, which were left out because a value is missing or their
        weight is 0.
    errors
        Monte Carlo standard error of the density of every unit, shape (n,): of log E[1 / p], as
        long as it was not fitted again.  They decide to how many digits `table` prints.
    weights
        How many observations each row stands for, shape (n,); None if every unit is one.
        `pointwise`, `seen` and `errors` are of one observation of the row, left out by itself;
        sums and their standard errors are over all observations.
    quadrature_errors
        Largest change of the log density of each group, in a few draws, if the quadrature takes
        nearly twice the nodes or looks for other modes; 0 where the integral is exact.  Empty for
        rows.
    """

    pointwise: FloatArray
    seen: FloatArray
    pareto_k: FloatArray
    names: tuple[str, ...]
    unit: str
    refitted: tuple[int, ...]
    limit: float
    y: FloatArray
    trials: FloatArray | None = None
    mcse: tuple[float, ...] = ()
    rows: NDArray[np.int64] | None = None
    dropped: int = 0
    errors: FloatArray = field(default_factory=lambda: np.zeros(0), repr=False)
    weights: NDArray[np.int64] | None = None
    quadrature_errors: tuple[float, ...] = ()

    @property
    def elpd(self) -> float:
        """Expected log predictive density of as many new units; larger is better."""
        return weighted_sum(self.pointwise, self.weights)

    @property
    def se(self) -> float:
        """Standard error of `elpd`, for that the units are a sample."""
        return sum_error(self.pointwise, self.weights)

    @property
    def p_loo(self) -> float:
        """Effective number of parameters: the gain in log density from having seen the units."""
        return weighted_sum(self.seen - self.pointwise, self.weights)

    @property
    def looic(self) -> float:
        """-2 elpd, on the scale of a deviance."""
        return -2.0 * self.elpd

    @property
    def untrusted(self) -> tuple[int, ...]:
        """Positions of units with a k beyond the limit and not refitted."""
        beyond = np.flatnonzero(~(self.pareto_k <= self.limit))
        return tuple(int(i) for i in beyond if i not in self.refitted)

    def table(self) -> Table:
        """Make a table of the estimates with standard errors, and notes on unreliable units."""
        rows = {
            "elpd_loo": {"estimate": self.elpd, "se": self.se},
            "p_loo": {
                "estimate": self.p_loo,
                "se": sum_error(self.seen - self.pointwise, self.weights),
            },
            "looic": {"estimate": self.looic, "se": 2.0 * self.se},
        }
        return Table(rows, {"estimate": ".1f", "se": ".1f"}, self.notes(), self._errors)

    def _errors(self, name: str) -> dict[str, float]:
        """Monte Carlo errors of a row of the table."""
        if not self.errors.size:
            return {}
        gained = self.seen - self.pointwise
        values = gained if name == "p_loo" else self.pointwise
        found = errors_of_sum(values, self.errors, self.weights)
        factor = 2.0 if name == "looic" else 1.0
        return {column: factor * error for column, error in found.items()}

    def notes(self) -> list[str]:
        """List a note on units with a large k, and a note on refitted units, if any."""
        kind = "rows" if self.unit == "row" else f"levels of {self.unit}"
        counted = "; counted from 0" * (self.unit == "row")
        found = []
        if self.untrusted:
            found.append(
                f"Pareto k > {self.limit:.2f} in {len(self.untrusted)} of {len(self.names)} {kind} "
                f"({self._listing(self.untrusted)}{counted}), which are not to be trusted; "
                "loo(refit=True) fits the model again without each of them."
            )
        if self.refitted:
            found.append(
                f"Fitted again without {kind} {self._listing(self.refitted)}, one by one"
                f"{self._monte_carlo()}."
            )
        coarse = tuple(i for i, e in enumerate(self.quadrature_errors) if e > COARSE)
        if coarse:
            found.append(
                f"A finer quadrature changes the log density of {kind} "
                f"{self._listing(coarse)} by up to {max(self.quadrature_errors):.2g} in some "
                "draws; do not trust their elpd to more than that."
            )
        return found

    def _monte_carlo(self) -> str:
        if not self.mcse:
            return ""
        counts = [1 if self.weights is None else int(self.weights[i]) for i in self.refitted]
        together = math.sqrt(sum((n * e) ** 2 for n, e in zip(counts, self.mcse, strict=True)))
        return (
            f"; the Monte Carlo error of their densities is {together:.2g} in elpd, at most "
            f"{max(self.mcse):.2g} in one"
        )

    def _listing(self, which: tuple[int, ...]) -> str:
        shown = ", ".join(self.names[i] for i in which[:SHOWN])
        return shown + (", ..." if len(which) > SHOWN else "")

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def weighted_sum(values: FloatArray, weights: Weights = None) -> float:
    """Sum of values, each as often as its weight says."""
    return float((values if weights is None else values * weights).sum())


def sum_error(values: FloatArray, weights: Weights = None) -> float:
    """Compute the standard error of a sum of n independent values: sqrt(n) sd."""
    if not np.isfinite(values).all():
        return math.nan
    values = values if weights is None else np.repeat(values, weights)
    n = values.size
    return float(math.sqrt(n) * values.std(ddof=1)) if n > 1 else math.nan


def errors_of_sum(
    values: FloatArray, errors: FloatArray, weights: Weights = None
) -> dict[str, float]:
    """Compute Monte Carlo errors of a sum of n values and of its `sum_error`.

    The errors of different values are taken to be independent.  Copies of one value, counted by
    `weights`, share one error.
    """
    spread = sum_error(values, weights)
    counts = np.ones(values.size, np.int64) if weights is None else weights
    n, mean = counts.sum(), weighted_sum(values, weights) / counts.sum()
    found = {"estimate": float(np.linalg.norm(counts * errors))}
    if spread > 0.0:
        slopes = n / (n - 1) * (values - mean) / spread
        found["se"] = float(np.linalg.norm(counts * slopes * errors))
    return found
