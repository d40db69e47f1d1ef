"""Whether outcomes are of the kind that a family describes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..formulas import Design
from .family import Family

SHOWN = 8  # levels in a message


def check(design: Design, family: Family, name: str) -> None:
    """Refuse outcomes that cannot be of this family.

    Raises
    ------
    ValueError
        With the number of rows that are wrong, and the first of them.
    """
    y = design.y
    if family.probabilities is None and len(design.outcome_levels) not in (0, 2):
        raise ValueError(
            f"{design.outcome} has {len(design.outcome_levels)} levels "
            f"{list(design.outcome_levels[:SHOWN])}, where the {name} family takes numbers, truth "
            "values or text with two levels; take family='ordered' or 'categorical', or numbers"
        )
    if design.trials is not None and (name == "bernoulli" or not family.has_trials):
        raise ValueError(
            f"the formula has trials, which the {name} family has not; take family='binomial'"
        )
    if family.probabilities is not None:
        return
    if family.continuous:
        if y.size < 2 or np.ptp(y) == 0.0:
            raise ValueError(f"{design.outcome} is {y[0]:g} in every row: it does not vary")
        return
    whole = (y == np.round(y)) & (y >= 0.0)
    _refuse(~whole, y, design.outcome, "a whole number, 0 or more")
    if not family.has_trials:
        return
    if design.trials is None:
        remedy = "0 or 1; of several trials write 'y | trials(n) ~ ...'"
        _refuse(y > 1.0, y, design.outcome, remedy)
        return
    trials = design.trials
    _refuse(
        (trials != np.round(trials)) | (trials < 0.0), trials, "trials", "a whole number, 0 or more"
    )
    _refuse(y > trials, y, design.outcome, "at most the number of trials")


def _refuse(wrong: NDArray[np.bool_], values: NDArray[np.float64], name: str, allowed: str) -> None:
    if wrong.any():
        first, others = int(np.argmax(wrong)), int(wrong.sum()) - 1
        more = f", and {others} more row{' is' if others == 1 else 's are'} wrong" if others else ""
        raise ValueError(
            f"{name} is {values[first]:g} in row {first + 1}{more}; it must be {allowed}"
        )
