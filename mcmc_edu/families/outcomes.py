"""Whether outcomes are of the kind that a family describes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..compiling import FloatArray
from ..formulas import Design
from ..formulas.arrays import Index
from ..formulas.weights import first_rows
from .family import Family
from .records.binomial import refused_trials

SHOWN = 8  # levels in a message


def check(design: Design, family: Family, name: str, rows: Index | None = None) -> None:
    """Refuse outcomes that cannot be of this family.

    Parameters
    ----------
    design, family
        Outcomes, and what they should be.
    name
        The family as the user called it.
    rows
        Numbers of the rows in the data, from 0, if some were left out.

    Raises
    ------
    ValueError
        With the number of rows that are wrong, and the first of them.
    """
    y = design.y
    if family.probabilities is None and len(design.outcome_levels) not in (0, 2):
        number = len(design.outcome_levels)
        levels = f"{number} level{'s' * (number != 1)}"
        raise ValueError(
            f"{design.outcome} has {levels} {list(design.outcome_levels[:SHOWN])}, where the "
            f"{name} family takes numbers, truth values or text with two levels; take "
            "family='ordered' or 'categorical', or numbers"
        )
    if design.trials is not None and (name == "bernoulli" or not family.has_trials):
        raise ValueError(
            f"the formula has trials, which the {name} family has not; take family='binomial'"
        )
    if design.se is not None and not family.known_se:
        raise ValueError(
            f"the formula has standard errors, se(...), which the {name} family has not; take "
            "family='gaussian', as estimates with a standard error are normal"
        )
    check_se(design, rows)
    if family.probabilities is not None:
        return
    if family.continuous and (y.size < 2 or np.ptp(y) == 0.0):
        raise ValueError(f"{design.outcome} is {y[0]:g} in every row: it does not vary")
    for wrong in family.refused(y, design.trials):
        _refuse(*wrong, design.outcome, rows)


def check_trials(design: Design, family: Family, rows: Index | None = None) -> None:
    """Refuse numbers of trials, where there are any, that cannot be: see `check`."""
    if design.trials is None:
        return
    if not family.has_trials:
        raise ValueError(
            f"there are trials, which the {family.name} family has not; leave them out"
        )
    for wrong in refused_trials(design.trials):
        _refuse(*wrong, design.outcome, rows)


def check_se(design: Design, rows: Index | None = None) -> None:
    """Refuse standard errors, where there are any, that are not above 0; see `check`."""
    if design.se is None or not (wrong := design.se <= 0.0).any():
        return
    raise ValueError(
        f"se of {design.outcome} is {first_rows(design.se, wrong, rows)}; a standard error must be "
        "above 0: what is known exactly is no estimate"
    )


def _refuse(
    wrong: NDArray[np.bool_],
    values: FloatArray,
    name: str,
    allowed: str,
    outcome: str,
    rows: Index | None,
) -> None:
    if wrong.any():
        first, others = int(np.argmax(wrong)), int(wrong.sum()) - 1
        more = f", and {others} more row{' is' if others == 1 else 's are'} wrong" if others else ""
        raise ValueError(
            f"{name or outcome} is {values[first]:g} in row {row_number(first, rows)}{more}; it "
            f"must be {allowed}"
        )


def row_number(i: int, rows: Index | None) -> int:
    """Return the number of row i in the data, from 1."""
    return i + 1 if rows is None else int(rows[i]) + 1
