"""What is left of a design when nothing, or everything, is pooled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..formulas import Design
from ..regression.means import share_of
from ..regression.units import Units

POOLINGS = ("partial", "none", "complete")


def pooled(found: Design, pooling: str) -> Design:
    """The design that a kind of pooling leaves."""
    if pooling not in POOLINGS:
        allowed = ", ".join(map(repr, POOLINGS))
        raise ValueError(f"pooling is {pooling!r}; it must be one of {allowed}")
    if pooling == "complete":
        return replace(found, groupings=())
    if pooling == "partial":
        return found
    if len(found.groupings) != 1:
        raise ValueError(
            f"pooling is 'none' and the formula has {len(found.groupings)} bars; with no pooling "
            "there must be one, whose levels then stand alone"
        )
    units = Units(
        0.0, 1.0, *bare(len(found.names)), (np.ones(len(found.groupings[0].names)),),
        np.full(len(found.names), -1),
    )  # fmt: skip
    kept = [
        q for q in range(len(found.names))
        if share_of(found, units, found.groupings[0], 0, q) is None
    ]  # fmt: skip
    return replace(found, names=tuple(found.names[q] for q in kept), columns=found.columns[:, kept])


def bare(size: int) -> tuple[Any, Any]:
    """Centres and scales that leave predictors as they are."""
    return np.zeros(size), np.ones(size)
