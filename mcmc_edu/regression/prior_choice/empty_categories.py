"""Categories that an outcome may take and that are in no row of the data.

An ordered outcome keeps the categories that a pandas categorical declares.  An empty one has
thresholds as all others have, which the priors keep from running away.  Numbers declare nothing:
their categories are those that occur.  A categorical outcome leaves empty categories out, whose
coefficients no row would say anything of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd

import numpy as np

from ...families.family import Family
from ...formulas import Design
from ...priors.univariate import Flat, Prior

SHOWN = 4


def empty(design: Design, family: Family) -> list[str]:
    """Names of the categories that the model has and no row of its data."""
    if family.probabilities is None:
        return []
    rows = np.bincount(design.y.astype(np.int64), minlength=len(design.outcome_levels))
    return [level for level, n in zip(design.outcome_levels, rows, strict=True) if n == 0]


def refuse_flat(design: Design, family: Family, thresholds: Sequence[Prior]) -> None:
    """Refuse an empty first or last category whose threshold has no prior.

    Raises
    ------
    ValueError
        Since the threshold would run away: its posterior is no distribution.
    """
    ends = {design.outcome_levels[0], design.outcome_levels[-1]} if family.thresholds else set()
    lost = [level for level in empty(design, family) if level in ends]
    if lost and any(isinstance(prior, Flat) for prior in thresholds):
        raise ValueError(
            f"priors['threshold'] is Flat(), and {design.outcome} has no row of "
            f"{_some(lost)}, so that nothing keeps its threshold from infinity: give a prior, such "
            "as StudentT(3, 0, 2.5), or leave the category out, y.cat.remove_unused_categories()"
        )


def notes(design: Design, family: Family) -> Iterator[str]:
    """Say which categories are kept though they are in no row."""
    found = empty(design, family)
    if found:
        it, is_empty = ("they", "are") if len(found) > 1 else ("it", "is")
        yield (
            f"{design.outcome} has no row of {_some(found)}: {it} {is_empty} kept, as declared, "
            "and the prior of the thresholds decides much of the probability; if that is not "
            "meant, leave empty categories out, y.cat.remove_unused_categories()."
        )


def left_out(design: Design, coded: Design, family: Family) -> str | None:
    """Say which categories are left out, or may be missing; None if there is nothing to say.

    Parameters
    ----------
    design, coded
        The outcome as it was given, and as the model has it.
    """
    name = design.outcome
    lost = [level for level in design.outcome_declared if level not in coded.outcome_levels]
    if lost:
        return (
            f"{name} has no row of {_some(lost)}: the {family.name} model leaves "
            f"{'it' if len(lost) == 1 else 'them'} out, and has {_some(coded.outcome_levels)}"
        )
    if not family.thresholds or design.outcome_levels:
        return None
    between = _between(np.unique(design.y))
    if not between:
        return None
    return (
        f"{name} is never {_some(between)}: the categories of numbers are those that occur, "
        f"{_some(coded.outcome_levels)}; if there are more, declare them all, "
        "pandas.Categorical(y, categories=[...], ordered=True)"
    )


def _between(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[str]:
    """Whole numbers that are missing between others: 3 of 1, 2 and 4; none of 10, 20 and 30."""
    steps = np.diff(values).astype(np.int64)
    step = gcd(*steps.tolist()) if steps.size > 1 else 1
    wide = np.flatnonzero(steps > step)[:SHOWN]
    return [
        f"{number:.0f}"
        for k in wide
        for number in values[k] + step * np.arange(1, min(steps[k] // step, SHOWN + 2))
    ]


def _some(levels: Sequence[str]) -> str:
    shown = ", ".join(levels[:SHOWN])
    return shown + (", ..." if len(levels) > SHOWN else "")
