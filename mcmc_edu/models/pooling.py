"""Designs for complete, partial and no pooling."""

from __future__ import annotations

from dataclasses import replace

from ..formulas import Design
from ..regression.coordinates.group_means import multiple_within_levels

POOLINGS = ("partial", "none", "complete")


def pooled(found: Design, pooling: str) -> Design:
    """Return the design that a kind of pooling leaves."""
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
    kept = [
        q
        for q in range(len(found.names))
        if multiple_within_levels(found.groupings[0], found.columns[:, q]) is None
    ]
    return replace(found, names=tuple(found.names[q] for q in kept), columns=found.columns[:, kept])
