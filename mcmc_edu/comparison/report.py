"""Report of the shrinkage demonstration: a row for each model and method, table and plot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiling import FloatArray
from ..datasets import GroupedData
from ..table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MODELS = {"complete": "complete pooling", "none": "no pooling", "partial": "partial pooling"}

REPLAYED, ONE_CHAIN = "post's run, replayed", "one chain"
CHAINS = {REPLAYED: "the post's run", ONE_CHAIN: "a single chain"}
"""Methods of a single chain, and what the verdict calls them."""

EXACT, YES, NO, NOT_IDENTIFIED = "exact", "yes", "no", "not identified"
TRUST_NOTE = (
    "trust: exact, by a formula or an integral; yes, chains agree (R-hat <= 1.01) and are worth",
    "100 independent draws each; no, they do not, and part of their RMSE is Monte Carlo error.",
)
EDGES_NOTE = (
    "Least squares is not to be trusted here: it is the posterior mean under a flat prior, and the",
    "edges of this one, -100 and 100, matter.",
)


@dataclass(frozen=True, eq=False)
class Row:
    """Results of one method for one model; None if a result does not apply."""

    model: str
    """``"complete"``, ``"none"`` or ``"partial"``."""
    method: str
    """``"least squares"``, ``"exact"`` (by quadrature), ``"Metropolis"`` and ``"NUTS"`` (four
    chains), ``"post's run, replayed"`` or, on other data, ``"one chain"`` of the same kind."""
    trust: str = NO
    """``"exact"``, ``"yes"``, ``"no"`` or ``"not identified"``."""
    alpha: FloatArray | None = field(default=None, repr=False)
    """Estimated intercepts (posterior means), shape (groups,)."""
    beta: FloatArray | None = field(default=None, repr=False)
    """Estimated slopes, shape (groups,)."""
    rmse_alpha: float | None = None
    rmse_beta: float | None = None
    accept_rate: float | None = None
    draws: int | None = None
    """Draws kept, of all chains."""
    rhat_max: float | None = None
    """Largest R-hat of all parameters."""
    ess_min: float | None = None
    """Smallest bulk effective sample size of all parameters."""
    seconds: float | None = None
    """Wall time, without compiling."""
    mcse_alpha: float | None = None
    mcse_beta: float | None = None
    mcse_accepted: float | None = None
    """Monte Carlo standard errors of both RMSE and of `accept_rate`, which say how many digits are
    printed; None where there are none, and of a single chain, which is quoted as it came out."""


@dataclass(frozen=True, eq=False)
class ShrinkageReport:
    """Rows of the demonstration, with the data."""

    data: GroupedData
    rows: tuple[Row, ...]

    def row(self, model: str, method: str) -> Row:
        """Return the row of this model and method."""
        for row in self.rows:
            if (row.model, row.method) == (model, method):
                return row
        there = ", ".join(f"({r.model!r}, {r.method!r})" for r in self.rows)
        raise KeyError(f"no row ({model!r}, {method!r}); there are {there}")

    def table(self) -> Table:
        """Make a table of the report."""
        return Table(
            {
                f"{MODELS[row.model]}, {row.method}": {
                    "RMSE alpha": row.rmse_alpha,
                    "RMSE beta": row.rmse_beta,
                    "accepted": row.accept_rate,
                    "draws": row.draws,
                    "seconds": row.seconds,
                    "R-hat": row.rhat_max,
                    "ESS": row.ess_min,
                    "trust": row.trust,
                }
                for row in self.rows
            },
            formats={
                "RMSE alpha": ".6f",
                "RMSE beta": ".6f",
                "accepted": ".4f",
                "seconds": ".2f",
                "R-hat": ".2f",
                "ESS": ".1f",
            },
            notes=("R-hat is the largest of all parameters, ESS the smallest.", *self._notes()),
            errors=self._errors,
        )

    def _notes(self) -> tuple[str, ...]:
        """Explain the column of trust, as far as its rows need it."""
        edges = any(row.trust == NO and row.rhat_max is None for row in self.rows)
        return TRUST_NOTE + EDGES_NOTE * edges

    def _errors(self, name: str) -> dict[str, float]:
        """Monte Carlo errors of the row of a model and method."""
        row = next(r for r in self.rows if f"{MODELS[r.model]}, {r.method}" == name)
        found = {
            "RMSE alpha": row.mcse_alpha,
            "RMSE beta": row.mcse_beta,
            "accepted": row.mcse_accepted,
        }
        return {column: error for column, error in found.items() if error is not None}

    def verdict(self) -> str | None:
        """Split a single chain's gap between no and partial pooling into its two causes.

        The causes are shrinkage and Monte Carlo error.  Returns None if the split is unknown.
        """
        methods = {(r.model, r.method): r for r in self.rows if r.rmse_alpha is not None}
        exact = methods.get(("none", "least squares")), methods.get(("partial", "exact"))
        for method, shown in CHAINS.items():
            chain = methods.get(("none", method)), methods.get(("partial", method))
            if all((*exact, *chain)) and all(row and row.trust == EXACT for row in exact):
                gap, true = _gaps(*chain), _gaps(*exact)
                return (
                    f"Between no and partial pooling {shown} shows a gap in RMSE of\n"
                    f"{gap[0]:.3f} for alpha and {gap[1]:.3f} for beta. Shrinkage makes "
                    f"{true[0]:.3f} and {true[1]:.3f} of it;\nthe rest, {gap[0] - true[0]:.3f} and "
                    f"{gap[1] - true[1]:.3f}, is Monte Carlo error."
                )
        return None

    def __str__(self) -> str:
        verdict = self.verdict()
        return str(self.table()) + (f"\n\n{verdict}" if verdict else "")

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def to_json(self) -> dict[str, Any]:
        """Return the rows without their estimates, ready for `json.dumps`.

        Entries that do not apply are None.
        """
        hidden = ("alpha", "beta")
        rows = [
            {key: _json(value) for key, value in vars(row).items() if key not in hidden}
            for row in self.rows
        ]
        return {
            "individuals": self.data.groups,
            "observations": int(self.data.y.size),
            "rows": rows,
            "verdict": self.verdict(),
        }

    def plot(self) -> Figure:
        """Draw the estimates of each model, linked to the truth.

        If the truth is not known, they are linked to the estimates without pooling.
        """
        from ..plots.shrinkage import Panel, shrinkage_figure

        best = {model: self._best(model) for model in MODELS}
        if self.data.truth is not None:
            anchor = (self.data.truth.alpha, self.data.truth.beta)
            name = "truth"
        else:
            of = best["none"] or best["partial"]
            assert of is not None
            assert of.alpha is not None
            assert of.beta is not None
            anchor, name = (of.alpha, of.beta), MODELS[of.model]
        panels = [
            Panel(f"{MODELS[model]}\n({row.method})", row.alpha, row.beta, _corner(row))
            for model, row in best.items()
            if row is not None and row.alpha is not None and row.beta is not None
        ]
        return shrinkage_figure(panels, anchor, name)

    def _best(self, model: str) -> Row | None:
        """Return the model's first row with estimates; exact answers come first."""
        return next((r for r in self.rows if r.model == model and r.alpha is not None), None)


def _gaps(none: Row | None, partial: Row | None) -> tuple[float, float]:
    """Return the RMSE of no pooling minus the RMSE of partial pooling, for alpha and beta."""
    assert none is not None
    assert partial is not None
    return (
        (none.rmse_alpha or 0.0) - (partial.rmse_alpha or 0.0),
        (none.rmse_beta or 0.0) - (partial.rmse_beta or 0.0),
    )


def _json(value: Any) -> Any:
    """Replace a number that JSON cannot represent by None."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _corner(row: Row) -> str:
    lines = []
    if row.rmse_alpha is not None:
        lines.append(rf"RMSE  $\alpha$ {row.rmse_alpha:.3f}   $\beta$ {row.rmse_beta:.3f}")
    if row.trust == NO:
        lines.append("not converged" if row.rhat_max is not None else "the prior's edges matter")
    return "\n".join(lines)
