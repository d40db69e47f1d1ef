"""Estimates of each group's effect, with its two parts and the people that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import plots
from ...compiling import FloatArray
from ...models.verbs.effect.averaged import Averaged
from ...table import Table

ENDS = 8
"""How many groups are printed from each end, of many."""


def p_largest(draws: FloatArray) -> FloatArray:
    """Return the probability that each of several is the largest; draws (chain, draw, one)."""
    top = draws == draws.max(axis=2, keepdims=True)
    return np.asarray((top / top.sum(axis=2, keepdims=True)).mean(axis=(0, 1)))


@dataclass(frozen=True, eq=False, repr=False)
class GroupEffects:
    """Effects of a treatment by group.

    Attributes
    ----------
    effect
        Their draws, and what can be asked of them: `prob`, `rope`, `difference`, `rank`.
    systematic
        What the effect equation says: the effect without the group's own deviations.
    low, high
        Number of people with the low and the high value of the treatment, by group; of a dose,
        with one that is nearer to this value than to the other.
    levels
        Values of each column that makes the groups, in their order.
    lines
        More lines under the table.
    """

    effect: Averaged
    systematic: Averaged
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    levels: Mapping[str, Sequence[Any]]
    lines: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the groups."""
        return self.effect.labels

    @property
    def table(self) -> Table:
        """A row for each group.

        Columns: the values that make the group; median and interval of its effect; medians of the
        systematic part and of the rest; people in each arm; probability of an effect above 0.
        """
        whole = self.effect.table
        rest = np.median(self.effect.draws - self.systematic.draws, axis=(0, 1))
        equation = np.median(self.systematic.draws, axis=(0, 1))
        rows = {}
        for i, label in enumerate(self.labels):
            row = dict(whole[label])
            found = {name: values[i] for name, values in self.effect.columns.items()}
            found |= {name: row[name] for name in ("estimate", "conf_low", "conf_high")}
            found |= {"systematic": float(equation[i]), "random": float(rest[i])}
            found |= {"n_low": int(self.low[i]), "n_high": int(self.high[i])}
            rows[label] = found | {name: row[name] for name in ("p_gt_0", "mcse", "ess")}
        notes = (
            "systematic: of the effect equation alone; random: what the group's effect differs "
            "from it. Medians of each, which need not add up.",
            *self.lines,
            *self.effect.notes,
        )
        return Table(rows, whole.formats, notes, whole.errors)

    def best(self, places: int = 10, *, largest: bool = True) -> Table:
        """Return how probable it is that each group has the largest effect, likely ones first.

        Parameters
        ----------
        places
            How many groups to show.
        largest
            Whether the best is the largest effect; otherwise the smallest.
        """
        share = p_largest(self.effect.draws if largest else -self.effect.draws)
        middle = np.median(self.effect.draws, axis=(0, 1))
        order = np.argsort(-share, kind="stable")[:places].tolist()
        rows = {
            self.labels[i]: {
                "p_best": float(share[i]),
                "estimate": float(middle[i]),
                "n_low": int(self.low[i]),
                "n_high": int(self.high[i]),
            }
            for i in order
        }
        word = "largest" if largest else "smallest"
        note = f"p_best: probability that a group's effect is the {word} of {len(self.labels)}."
        return Table(rows, {"p_best": ".3f"}, [note])

    def plot(
        self,
        along: str | None = None,
        color: str | None = None,
        facets: Sequence[str] | None = None,
    ) -> NDArray[Any]:
        """Draw medians and intervals by group: see `me.plots.averaged_facets`.

        Parameters
        ----------
        along, color, facets
            Columns: along the axis, as colour and marker, and of which each combination has axes
            of its own.  If None, the column with the most values is along the axis, the next one
            is the colour, and all others are facets.

        Returns
        -------
        ndarray of Axes
        """
        effect = self.effect
        most = sorted(effect.columns, key=lambda name: -len(set(effect.columns[name])))
        asked = [name for name in (along, color, *(facets or ())) if name is not None]
        for name in asked:
            if name not in effect.columns or asked.count(name) > 1:
                raise ValueError(
                    f"{name!r}: expected each column that makes the groups once, "
                    f"{', '.join(effect.columns)}"
                )
        left = [name for name in most if name not in asked]
        along = along or left.pop(0)
        color = color or (left.pop(0) if left and facets is None else None)
        order = [along, *([color] if color else [])]
        rest = [*(facets or ()), *left]
        tail = 0.5 * (1.0 - effect.conf_level)
        low, middle, high = np.quantile(effect.draws, [tail, 0.5, 1.0 - tail], axis=(0, 1))
        return plots.averaged_facets(
            {name: effect.columns[name] for name in (*order, *rest)},
            middle,
            low,
            high,
            f"effect of {effect.term}",
            facets=rest,
            levels=self.levels,
            reference=0.0,
            share=effect.conf_level,
        )

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame."""
        return self.table.to_pandas()

    def __len__(self) -> int:
        return len(self.labels)

    def _shown(self) -> Table:
        """Return the table without the columns of its labels; of many groups those at the ends."""
        table = self.table
        rows = {
            label: {n: v for n, v in row.items() if n not in self.effect.columns}
            for label, row in table.rows.items()
        }
        notes = list(table.notes)
        if len(rows) > 2 * ENDS:
            order = sorted(rows, key=lambda label: rows[label]["estimate"])
            rows = {label: rows[label] for label in (*order[:ENDS], *order[-ENDS:])}
            left = len(order) - 2 * ENDS
            notes.insert(
                0, f"The {ENDS} smallest and {ENDS} largest; {left} between, all of them in .table."
            )
        return Table(rows, table.formats, notes, table.errors)

    def __repr__(self) -> str:
        return f"{self.effect.term}: {self.effect.contrast}, by group\n\n{self._shown()}"

    def _repr_html_(self) -> str:
        return self._shown()._repr_html_()
