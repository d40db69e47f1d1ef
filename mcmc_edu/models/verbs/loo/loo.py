"""How well a model predicts what it has not seen: leave-one-out, by rows or by groups.

    elpd = sum_i log p(y_i | all other y),     p(y_i | others) = 1 / E[1 / p(y_i | theta)]

the expectation over draws given all y.  Few draws dominate such a mean, so the largest weights are
smoothed by a Pareto distribution (PSIS).  Its shape k says whether that can be trusted; where it
cannot, the model is fitted again without y_i.  The smoothing is arviz-stats'.

Source: A. Vehtari, A. Gelman, J. Gabry (2017), *Statistics and Computing* 27, 1413-1432; with
D. Simpson and Y. Yao (2024), *Journal of Machine Learning Research* 25 (72); by groups:
E. Merkle, D. Furr, S. Rabe-Hesketh (2019), *Psychometrika* 84, 802-829.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from ....compiling import FloatArray
from ....diagnostics import ess_mean, mcse_mean
from ....formulas import Design
from ....progress import Counter, screen
from ....table import Table
from ..prediction.linear_predictor import trials_of
from .leave_out import Rows, log_density_of_group, log_density_of_rows, only, refitted

if TYPE_CHECKING:
    from ...fit import Fit
    from ...model import Model

SHOWN = 8
"""Names of units that a line of text gives."""


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
        How many rows more the data have, which were left out because a value is missing.
    errors
        Monte Carlo standard error of the density of every unit, shape (n,): of log E[1 / p], as
        long as it was not fitted again.  They decide to how many digits `table` prints.
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

    @property
    def elpd(self) -> float:
        """Expected log predictive density of as many new units: the larger, the better."""
        return float(self.pointwise.sum())

    @property
    def se(self) -> float:
        """Standard error of `elpd`, for that the units are a sample."""
        return sum_error(self.pointwise)

    @property
    def p_loo(self) -> float:
        """Effective number of parameters: what is gained by having seen the units."""
        return float((self.seen - self.pointwise).sum())

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
        """The estimates with their standard errors, and what is not to be trusted."""
        rows = {
            "elpd_loo": {"estimate": self.elpd, "se": self.se},
            "p_loo": {"estimate": self.p_loo, "se": sum_error(self.seen - self.pointwise)},
            "looic": {"estimate": self.looic, "se": 2.0 * self.se},
        }
        return Table(rows, {"estimate": ".1f", "se": ".1f"}, self.notes(), self._errors)

    def _errors(self, name: str) -> dict[str, float]:
        """Monte Carlo errors of a row of the table."""
        if not self.errors.size:
            return {}
        gained = self.seen - self.pointwise
        found = errors_of_sum(gained if name == "p_loo" else self.pointwise, self.errors)
        factor = 2.0 if name == "looic" else 1.0
        return {column: factor * error for column, error in found.items()}

    def notes(self) -> list[str]:
        """A line for the units with a large k, and one for those that were refitted."""
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
        return found

    def _monte_carlo(self) -> str:
        if not self.mcse:
            return ""
        together = math.sqrt(sum(error**2 for error in self.mcse))
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


def sum_error(values: FloatArray) -> float:
    """Standard error of a sum of n independent values: sqrt(n) sd."""
    n = values.size
    if not np.isfinite(values).all():
        return math.nan
    return float(math.sqrt(n) * values.std(ddof=1)) if n > 1 else math.nan


def errors_of_sum(values: FloatArray, errors: FloatArray) -> dict[str, float]:
    """Monte Carlo errors of a sum of n values and of its `sum_error`, from those of the values,
    which are taken to be independent of each other.
    """
    n, spread = values.size, sum_error(values)
    found = {"estimate": float(np.linalg.norm(errors))}
    if spread > 0.0:
        slopes = n / (n - 1) * (values - values.mean()) / spread
        found["se"] = float(np.linalg.norm(slopes * errors))
    return found


def loo(
    fit: Fit, refit: bool = False, groups: str | None = None, progress: bool | None = None
) -> Loo:
    """Estimate `Loo`: see `Fit.loo`."""
    model = fit.model
    names, rows, density = _rows(model) if groups is None else _groups(model, groups)
    log_lik = fit.log_lik() if groups is None else _by_group(fit, rows)
    found = _smoothed(log_lik, names, groups or "row", *outcome_of(model))
    found = replace(found, rows=model.source.rows, dropped=model.source.dropped)
    if not (refit and found.untrusted):
        return found
    unit, total = "rows" if groups is None else f"levels of {groups}", len(found.untrusted)
    with screen(progress).counting("refitting", unit, total) as counter:
        return _refitted(found, fit, rows, density, counter)


def outcome_of(model: Model) -> tuple[FloatArray, FloatArray | None]:
    """Outcome of each row, and its trials if it is binomial."""
    rows = model.design
    trials = np.broadcast_to(trials_of(rows), rows.y.shape) if model.family.has_trials else None
    if model.family.probabilities is None:
        return rows.y, trials
    # numbered among the categories that occur, for one model may keep empty ones
    return np.unique(rows.y, return_inverse=True)[1].astype(np.float64), trials


Density = Callable[["Fit", Design], FloatArray]


def _rows(model: Model) -> tuple[tuple[str, ...], list[Rows], Density]:
    n, numbers = model.design.y.size, model.source.rows
    names = map(str, range(n) if numbers is None else numbers.tolist())
    return tuple(names), [np.array([i]) for i in range(n)], log_density_of_rows


def _groups(model: Model, name: str) -> tuple[tuple[str, ...], list[Rows], Density]:
    """Levels of a factor, the rows of each, and the density of a level's rows."""
    known = {g.name: g for g in model.full_design.groupings}
    if name not in known:
        factors = ", ".join(map(repr, known)) or "none"
        raise ValueError(
            f"groups is {name!r}; the model's grouping factors: {factors}.  To leave out levels "
            f"that are all alike to the model, add a bar, such as (1 | {name}), and take "
            "pooling='complete', which leaves the bar out of the model again"
        )
    if model.pooling == "none":
        raise ValueError(
            f"groups is {name!r}, but with no pooling nothing is learnt of a level from others; "
            "take pooling='partial' or 'complete'"
        )
    if model.family.name != "gaussian" and model.design.groupings:
        raise ValueError(
            f"groups is {name!r} and the outcome {model.family.name}: leaving out all rows of a "
            "level moves its effects to the population's, where hardly any draw is, so that draws "
            "weighted by the rows' density given these effects would mislead; the effects must be "
            "integrated out, which is done here for Gaussian outcomes only.  Use loo() for new "
            "rows of the same levels"
        )
    g = known[name]
    return g.levels, [np.flatnonzero(g.index == j) for j in range(len(g.levels))], _of_group


def _of_group(fit: Fit, rows: Design) -> FloatArray:
    return log_density_of_group(fit, rows)[..., np.newaxis]


def _by_group(fit: Fit, rows: list[Rows]) -> FloatArray:
    """Log density of every group given each draw, shape (chain, draw, group)."""
    design = fit.model.design
    return np.stack([log_density_of_group(fit, only(design, j, design)) for j in rows], axis=-1)


def _smoothed(
    log_lik: FloatArray, names: tuple[str, ...], unit: str, y: FloatArray, trials: FloatArray | None
) -> Loo:
    """PSIS of each unit, from log densities of shape (chain, draw, unit)."""
    smooth = array_stats()
    elpd, k = np.full(len(names), -math.inf), np.full(len(names), math.inf)
    for i in range(len(names)):
        own = log_lik[:, :, i]
        if not np.isfinite(own).all():  # a draw under which the unit is impossible
            continue
        with np.errstate(all="ignore"):
            found = smooth.loo(own, chain_axis=0, draw_axis=1, r_eff=relative_efficiency(own))
        if np.isfinite(found[0]):  # or the tail is too wild for it: its k is small then, and wrong
            elpd[i], k[i] = found[:2]
    draws = log_lik.shape[0] * log_lik.shape[1]
    seen = logsumexp(log_lik, axis=(0, 1)) - math.log(draws)
    errors = np.array([log_mean(-log_lik[..., i])[1] for i in range(len(k))])
    return Loo(elpd, seen, k, names, unit, (), k_limit(draws), y, trials, errors=errors)


def k_limit(draws: int) -> float:
    """Largest k to be trusted: 0.7, or less with fewer than 2200 draws (Vehtari et al. 2024)."""
    return min(1.0 - 1.0 / math.log10(draws), 0.7)


def relative_efficiency(log_lik: FloatArray) -> float:
    """Effective draws of the mean likelihood for each draw, of which the tail's length depends.

    At most 1, so that antithetic chains make no tail shorter; 1 as well where the likelihood is
    the same in all draws, or their number too small to tell.
    """
    effective = ess_mean(np.exp(log_lik - log_lik.max()))
    return 1.0 if math.isnan(effective) else min(effective / log_lik.size, 1.0)


def _refitted(found: Loo, fit: Fit, rows: list[Rows], density: Density, counter: Counter) -> Loo:
    """Replace what is not to be trusted by densities under the model without the unit."""
    elpd, design, errors = found.pointwise.copy(), fit.model.design, []
    all_errors = found.errors.copy()
    for i in found.untrusted:
        if rows[i].size == design.y.size:
            raise ValueError(
                f"refit is True, but all rows are of {found.unit} {found.names[i]}: without it "
                "nothing is left to fit; take refit=False"
            )
        new = [g for g in only(design, rows[i], design).groupings if g.unseen]
        if new and fit.model.pooling == "none":
            raise ValueError(
                f"refit is True, but row {found.names[i]} is the only one of {new[0].name} "
                f"{new[0].unseen[0]}, of which without pooling nothing else tells anything; "
                "take pooling='partial'"
            )
        other = refitted(fit, rows[i])
        log_p = density(other, only(design, rows[i], other.model.design))
        elpd[i], error = log_mean(log_p.reshape(log_p.shape[:2]))
        errors.append(error)
        all_errors[i] = error
        counter.advance()
        counter.look()
    return replace(
        found, pointwise=elpd, refitted=found.untrusted, mcse=tuple(errors), errors=all_errors
    )


def log_mean(log_p: FloatArray) -> tuple[float, float]:
    """Log of the mean of exp(log_p), shape (chain, draw), and its Monte Carlo standard error.

    The error of a logarithm is that of the mean over the mean (delta method).
    """
    if not np.isfinite(log_p.max()):
        return float(log_p.max()), math.nan
    p = np.exp(log_p - log_p.max())
    found = float(logsumexp(log_p)) - math.log(log_p.size)
    return found, mcse_mean(p) / float(p.mean())


def array_stats() -> Any:
    """arviz-stats' functions of arrays, or an ImportError that says how to get them."""
    try:
        from arviz_stats.base import array_stats as found
    except ImportError as error:
        raise ImportError(
            f"loo needs arviz-stats ({error}): pip install 'mcmc_edu[arviz]'"
        ) from error
    return found
