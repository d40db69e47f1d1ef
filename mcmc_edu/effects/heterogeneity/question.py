"""`Question`: which treatments change which outcome for whom, as a model and its groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...compiling import FloatArray
from ...models import Model
from ...models.verbs.effect.rows import Table, table_of
from .columns import Treatment
from .look_out import Groups


@dataclass(frozen=True, eq=False, repr=False)
class Question:
    """A model of effects that vary by group, before any fit; `Heterogeneous` adds `fit`."""

    formula: str
    """The model as a formula."""
    model: Model
    treatments: Mapping[str, Treatment]
    """Each with the two values that are compared."""
    modifiers: tuple[str, ...]
    """Columns by which effects may differ."""
    factors: tuple[str, ...]
    """Columns that make the groups: the modifiers, or their bins."""
    edges: Mapping[str, FloatArray]
    """Edges of the bins, by modifier."""
    groups: Groups
    """Groups that occur, with the number of people in each arm."""
    notes: tuple[str, ...]
    """Lines that say what to look out for."""

    @property
    def factor(self) -> str:
        """Name of the grouping factor in the fit."""
        return ":".join(self.factors)

    def rows(self) -> Table:
        """Return the rows of the fit."""
        return table_of(self.model, None, {})

    def __repr__(self) -> str:
        return "\n".join([self.formula, "", *self.notes])
