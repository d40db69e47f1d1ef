"""How the effect in a subgroup moves along a ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import diagnostics, plots
from ...compiling import FloatArray
from ...table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVEL = 0.95
"""Probability of the intervals."""
TAILS = (0.5 * (1.0 - LEVEL), 0.5, 0.5 * (1.0 + LEVEL))


def summary_of(draws: FloatArray) -> dict[str, float]:
    """Return median and interval of draws of shape (chain, draw)."""
    low, middle, high = map(float, np.quantile(draws, TAILS))
    return {"estimate": middle, "conf_low": low, "conf_high": high}


def errors_of(draws: FloatArray) -> dict[str, float]:
    """Return Monte Carlo standard errors of `summary_of`, if there are enough draws."""
    if draws.shape[1] < diagnostics.MIN_DRAWS:
        return {}
    x = np.ascontiguousarray(draws)
    names = ("conf_low", "estimate", "conf_high")
    return {name: diagnostics.mcse_quantile(x, q) for name, q in zip(names, TAILS, strict=True)}


@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """The effect in one subgroup at every step of a ladder.

    Attributes
    ----------
    label
        The subgroup.
    contrast
        The treatment, and which values of it are compared.
    draws
        Draws of the effect by the name of the step, shape (chain, draw) each.
    rungs
        How many of these are steps of the ladder; models beside it follow.
    truth
        The true effect, if the data are simulated.
    notes
        Lines under the table.
    """

    label: str
    contrast: str
    draws: Mapping[str, FloatArray]
    rungs: int
    truth: float | None
    notes: tuple[str, ...]

    @property
    def table(self) -> Table:
        """A row for each step: median and 95 % interval of the effect, and the true one."""
        rows = {}
        for name, draws in self.draws.items():
            rows[name] = summary_of(draws)
            if self.truth is not None:
                rows[name]["truth"] = self.truth
        return Table(rows, {}, self.notes, lambda name: errors_of(self.draws[name]))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the medians and intervals step by step: see `me.plots.ladder`."""
        return draw([self], ax)

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame."""
        return self.table.to_pandas()

    def __repr__(self) -> str:
        return f"{self.contrast} | {self.label}\n\n{self.table}"

    def _repr_html_(self) -> str:
        import html

        title = html.escape(f"{self.contrast} | {self.label}")
        return f"<p>{title}</p>{self.table._repr_html_()}"


def draw(paths: list[Path], ax: Axes | None = None) -> Axes:
    """Draw paths of one ladder in one picture."""
    first = paths[0]
    series = {
        path.label: np.array([np.quantile(x, TAILS) for x in path.draws.values()]).T
        for path in paths
    }
    truth = {path.label: path.truth for path in paths if path.truth is not None}
    return plots.ladder(
        list(first.draws), series, f"effect, {first.contrast}", ax, rungs=first.rungs, truth=truth
    )
