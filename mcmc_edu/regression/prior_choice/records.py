"""The prior of every parameter: as it was written, and in the units of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...priors.univariate import Prior

Given = Mapping[str, Prior]


@dataclass(frozen=True)
class ResolvedPrior:
    """A prior as it was written, and in the units of the data."""

    name: str
    written: Prior
    prior: Prior
    coordinate: Prior | None = None
    """That of its coordinate, if it has none of its own but one of several together: see
    `coordinates`."""


@dataclass(frozen=True)
class Priors:
    """The priors of all parameters of a model, in the units of the data."""

    common: tuple[ResolvedPrior, ...]
    own: tuple[ResolvedPrior, ...]
    varying: tuple[tuple[ResolvedPrior, ...], ...]
    """Of every grouping: one for each coefficient, or a single `Decov`."""
    correlations: tuple[ResolvedPrior | None, ...]
    """Of every grouping, where it has correlations that `Decov` leaves open."""

    def all(self) -> list[ResolvedPrior]:
        """Every one that was chosen."""
        varying = [chosen for group in self.varying for chosen in group]
        return [*self.common, *self.own, *varying, *(c for c in self.correlations if c)]
