"""`Fitted`: a model with draws from its posterior, which is what every verb is a function of."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ..draws import Draws
from .prepared import Prepared


class Fitted:
    """Draws from the posterior of a model: see `Fit`, which adds the verbs."""

    def __init__(self, model: Prepared, draws: Draws) -> None:
        self.model = model
        labels, warmup = _levels(model, draws), draws.warmup
        self.draws = replace(draws, labels=labels, warmup=warmup and replace(warmup, labels=labels))

    def __repr__(self) -> str:
        chains, draws, _ = self.draws.array.shape
        return f"Fit({self.model!r}, {chains} chains of {draws} draws)"


FittedT = TypeVar("FittedT", bound=Fitted)
"""A `Fitted` of whatever kind: what is returned is of the same."""


def _levels(model: Prepared, draws: Draws) -> dict[str, tuple[str, ...]]:
    """Names of the levels along each of the effects."""
    found = {f"b({g.name}: {name})": g.levels for g in model.design.groupings for name in g.names}
    return {
        name: levels
        for name, levels in found.items()
        if name in draws.natural and draws.natural[name].shape[2:] == (len(levels),)
    }
