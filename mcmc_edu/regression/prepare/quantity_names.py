"""Names of a model's quantities, and what is refused for their sake."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from ...families.family import Family
from ...formulas import INTERCEPT, Design, Grouping

HORSESHOE = ("hs(global)", "hs(slab)")
"""Global scale and slab of a horseshoe prior."""


def refuse_shared_names(design: Design, family: Family) -> None:
    """Refuse a model of which two quantities would have one name: draws are known by names.

    Raises
    ------
    ValueError
        With the name and what to rename.
    """
    reserved = {*family.own, *HORSESHOE}
    names = [
        *design.names,
        *reserved,
        *(name for g in design.groupings for name in names_of_term(g)),
    ]
    for name, times in Counter(names).items():
        if times > 1:
            raise ValueError(
                f"{name!r} would be the name of {times} quantities"
                f"{', one of them a parameter of the model' * (name in reserved)}, and draws are "
                f"known by their names; rename the column that makes the coefficient {name!r}"
            )


def refuse_false_intercepts(design: Design) -> None:
    """Refuse a column of the name of the intercept which is not 1 in all rows.

    Raises
    ------
    ValueError
        With what to do.
    """
    parts = [(design.names, design.columns), *((g.names, g.columns) for g in design.groupings)]
    for names, columns in parts:
        for name, column in zip(names, columns.T, strict=True):
            if name == INTERCEPT and (column != 1.0).any():
                raise ValueError(
                    f"the data have a column {INTERCEPT!r} that is not 1 in every row, and that is "
                    "the name of the intercept; rename the column"
                )


def names_of_term(g: Grouping) -> list[str]:
    """List the names of a term's scales, effects and correlations."""
    pairs = [f"cor({g.name}: {a}, {b})" for a, b in combinations(g.names, 2)]
    return [f"{kind}({g.name}: {name})" for kind in ("sd", "b") for name in g.names] + pairs
