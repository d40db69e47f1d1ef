"""`Averaged`: draws of averages or of their contrasts, and what is asked of them.

All of it is computed from the joint draws.  The difference of two subgroups is taken draw by draw,
and so is the order of several; neither can be found from intervals alone.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .... import diagnostics, plots
from ....compiling import FloatArray
from ....table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = str | Mapping[str, Any]
"""A row by its label, or a subset of the rows as in `where`."""

CONDITION = re.compile(r"\s*(>=|<=|>|<)\s*(\S+)\s*")
OPERATORS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
UNFILTERED = "No row has"
"""Begin of the note on a subset without rows."""

ROUNDING = 1e-9
"""How near two rows of a draw are if they are equal, in sds of all draws."""

PLACES = 10
"""How many places of a ranking are shown unless asked for."""


@dataclass(frozen=True, eq=False, repr=False)
class Averaged:
    """Averages of predictions, or contrasts of them: a row for each cell.

    Attributes
    ----------
    draws
        Shape (chain, draw, row).
    labels
        Name of each row.
    columns
        Value of each column that makes the cells, by row.
    term, contrast
        What is averaged: the treatment, and which values of it are compared.
    n, weight
        Number of rows that a row stands for, and the sum of their weights.
    nothing
        The value that means no effect; None where there is no such value.
    conf_level
        Probability of the intervals.
    notes
        Lines under the table.
    """

    draws: FloatArray
    labels: tuple[str, ...]
    columns: Mapping[str, Sequence[Any]]
    term: str
    contrast: str
    n: NDArray[np.int64]
    weight: FloatArray
    nothing: float | None
    conf_level: float
    notes: tuple[str, ...]
    again: Callable[[Mapping[str, Any]], Averaged] | None = None
    """Makes the same of a subset of the rows, from the same draws."""

    @property
    def table(self) -> Table:
        """A row each: median, interval, rows and weight, and the probability of an effect above 0.

        ``mcse`` is the Monte Carlo standard error of the median, ``ess`` the effective draws that
        it rests on.
        """
        return self._table(True)

    def _table(self, whole: bool) -> Table:
        rows = {}
        tail = 0.5 * (1.0 - self.conf_level)
        for i, label in enumerate(self.labels):
            x = self.draws[:, :, i]
            low, middle, high = np.quantile(x, [tail, 0.5, 1.0 - tail])
            row: dict[str, Any] = {"term": self.term, "contrast": self.contrast} if whole else {}
            row |= {name: values[i] for name, values in self.columns.items()} if whole else {}
            row |= {"estimate": float(middle), "conf_low": float(low), "conf_high": float(high)}
            row |= {"n": int(self.n[i]), "weight": float(self.weight[i])}
            if self.nothing is not None:
                row[f"p_gt_{self.nothing:g}"] = float((x > self.nothing).mean())
            errors = self._errors(label)
            row["mcse"] = errors.get("estimate", float("nan"))
            long = x.shape[1] >= diagnostics.MIN_DRAWS
            row["ess"] = diagnostics.ess_quantile(x, 0.5) if long else float("nan")
            rows[label] = row
        formats = {"weight": ".6g", "ess": ".0f", "mcse": ".2g"}
        if self.nothing is not None:
            formats[f"p_gt_{self.nothing:g}"] = ".3f"
        return Table(rows, formats, self.notes, self._errors)

    def _errors(self, label: str) -> dict[str, float]:
        """Monte Carlo standard errors of a row's quantiles."""
        x = np.ascontiguousarray(self.draws[:, :, self.labels.index(label)])
        if x.shape[1] < diagnostics.MIN_DRAWS:
            return {}
        tail = 0.5 * (1.0 - self.conf_level)
        at = {"estimate": 0.5, "conf_low": tail, "conf_high": 1.0 - tail}
        return {name: diagnostics.mcse_quantile(x, q) for name, q in at.items()}

    def prob(self, condition: str) -> Table:
        """Return the probability of a condition, of each row.

        Parameters
        ----------
        condition
            ``"> 0.1"``; or with ``>=``, ``<``, ``<=``.

        Examples
        --------
        >>> effect = example_fit().effect("Days", values=(0, 9))
        >>> effect.prob("> 50")["Days"]["prob"] > 0.9
        True
        """
        found = CONDITION.fullmatch(condition) if isinstance(condition, str) else None
        try:
            compare, limit = OPERATORS[found[1]], float(found[2])  # type: ignore[index]
        except (TypeError, ValueError):
            raise ValueError(
                f"condition={condition!r}: expected >, >=, < or <= and a number. Pass for example "
                "'> 0.1'"
            ) from None
        return self._shares({"prob": compare(self.draws, limit)}, ())

    def rope(self, low: float, high: float) -> Table:
        """Return how probable it is that a row is practically nothing: from `low` to `high`.

        The shares are of all draws.  Another definition, the share of the draws within an interval,
        gives other numbers.
        """
        if not low < high:
            raise ValueError(f"low={low!r}, high={high!r}: expected low below high")
        inside = (self.draws >= low) & (self.draws <= high)
        shares = {"below": self.draws < low, "inside": inside, "above": self.draws > high}
        note = (
            f"Region of practical equivalence: {low:g} to {high:g}. inside is the posterior "
            "probability of a value in it, ends included: the share of all draws."
        )
        return self._shares(shares, (note,))

    def _shares(self, events: Mapping[str, NDArray[Any]], notes: Sequence[str]) -> Table:
        """Probabilities of events, arrays of shape (chain, draw, row), with their errors."""
        rows: dict[str, dict[str, float]] = {}
        for i, label in enumerate(self.labels):
            rows[label] = {name: float(event[:, :, i].mean()) for name, event in events.items()}
        first = next(iter(events))
        long = self.draws.shape[1] >= diagnostics.MIN_DRAWS
        for i, label in enumerate(self.labels if len(events) == 1 else ()):
            x = np.ascontiguousarray(events[first][:, :, i], dtype=float)
            rows[label]["mcse"] = diagnostics.mcse_mean(x) if long and np.ptp(x) else float("nan")
        return Table(rows, {"mcse": ".2g"}, notes)

    def difference(self, a: Row, b: Row) -> Averaged:
        """Return row `a` less row `b`, draw by draw.

        Parameters
        ----------
        a, b
            Labels of two rows; or subsets as in `where`, ``{"male": 1}``, which need not be rows.

        Raises
        ------
        ValueError
            If there is no such row.

        Examples
        --------
        >>> effect = example_fit().effect("Days", values=(0, 9), by="Subject")
        >>> len(effect.difference("Subject=308", "Subject=309"))
        1
        """
        one, other = self._row(a), self._row(b)
        if one.draws.shape != other.draws.shape:
            raise ValueError(
                f"a has {len(one)} rows and b {len(other)}: expected as many. Pass two labels, or "
                "two subsets"
            )
        names = [_named(row) for row in (a, b)]
        joined = " - ".join(f"({name})" if "," in name else name for name in names)
        labels = one.labels if len(one) > 1 else (joined,)
        note = f"Difference of {names[0]} and {names[1]}, taken within each draw."
        changed = [line for line in (*one.notes, *other.notes) if line.startswith(UNFILTERED)]
        return replace(
            one,
            draws=one.draws - other.draws,
            labels=labels,
            columns=one.columns if len(one) > 1 else {},
            contrast=joined,
            n=one.n + other.n,
            weight=one.weight + other.weight,
            nothing=0.0,
            notes=(note, *dict.fromkeys(changed), *self.notes[-1:]),
            again=None,
        )

    def _row(self, row: Row) -> Averaged:
        if isinstance(row, Mapping) and self.again is not None:
            return self.again(row)
        if not isinstance(row, str) or row not in self.labels:
            near = get_close_matches(str(row), self.labels, 3) or self.labels[:5]
            raise ValueError(
                f"{row!r}: expected the label of a row, such as {', '.join(map(repr, near))}; or a "
                "subset, {column: value}"
            )
        i = self.labels.index(row)
        return self._some([i])

    def _some(self, rows: Sequence[int]) -> Averaged:
        """Return some of the rows."""
        return replace(
            self,
            draws=self.draws[:, :, rows],
            labels=tuple(self.labels[i] for i in rows),
            columns={name: [values[i] for i in rows] for name, values in self.columns.items()},
            n=self.n[rows],
            weight=self.weight[rows],
        )

    def rank(self, places: int | None = None) -> Table:
        """Return the probability of each place of each row, the largest value first.

        Rows that are equal in a draw, to rounding, share their places.

        Parameters
        ----------
        places
            How many places to show, from the first; 10 if None, or all if there are fewer.

        Returns
        -------
        Table
            A column for the mean place, and one for each place.
        """
        count = len(self)
        shown = min(places or PLACES, count)
        rows, rounding = {}, ROUNDING * float(self.draws.std())
        for i, label in enumerate(self.labels):
            own = self.draws[:, :, i : i + 1]
            alike = np.abs(self.draws - own) <= rounding
            above, equal = ((self.draws > own) & ~alike).sum(axis=2), alike.sum(axis=2)
            row = {"mean": float((above + 0.5 * (equal + 1)).mean())}
            for p in range(shown):
                here = (above <= p) & (p < above + equal)
                row[str(p + 1)] = float((here / equal).mean())
            rows[label] = row
        note = "Columns 1, 2, ...: probability that a row is the largest, the second largest, ..."
        left = f" Places beyond {shown} are left out." if shown < count else ""
        return Table(rows, {"mean": ".2f"}, [note + left])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw medians and intervals: see `me.plots.averaged`.

        The first column of the cells is along the axis, the second one colour and marker.
        """
        tail = 0.5 * (1.0 - self.conf_level)
        low, middle, high = np.quantile(self.draws, [tail, 0.5, 1.0 - tail], axis=(0, 1))
        name = f"{self.term}: {self.contrast}" if self.contrast else self.term
        return plots.averaged(
            self.columns or {"": list(self.labels)},
            middle,
            low,
            high,
            name,
            ax,
            reference=self.nothing,
            share=self.conf_level,
        )

    def to_pandas(self) -> Any:
        """Return the table as a pandas data frame."""
        return self.table.to_pandas()

    def __len__(self) -> int:
        return len(self.labels)

    def _title(self) -> str:
        return f"{self.term}: {self.contrast}" if self.contrast else self.term

    def __repr__(self) -> str:
        return f"{self._title()}\n\n{self._table(False)}"

    def _repr_html_(self) -> str:
        import html

        return f"<p>{html.escape(self._title())}</p>{self._table(False)._repr_html_()}"


def _named(row: Row) -> str:
    if isinstance(row, str):
        return row
    return ", ".join(f"{name}={value}" for name, value in row.items())
