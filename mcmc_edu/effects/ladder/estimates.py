"""Estimates by subgroup, with their standard errors: the data of a model of effects alone.

Numbers (gaussian, student):  difference of the two arms' means;  se = s sqrt(1/n1 + 1/n0), where
s is the sd within arms of subgroups, pooled over all of them, as in a model with one sigma.

Yes or no (bernoulli):  difference of the two shares;  se^2 = sum of p (1 - p) / (n + 2) over arms,
where p = (k + 1) / (n + 2), which is never 0 or 1 (Agresti and Caffo 2000).

A subgroup without one of the arms has no estimate, and is left out.

Source: A. Agresti, B. Caffo (2000), *The American Statistician* 54, 280-288.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray
from ...formulas import design
from .question import SHOWN, Question

NUMBERS, YES_OR_NO = ("gaussian", "student"), ("bernoulli",)


@dataclass(frozen=True, eq=False)
class Estimates:
    """The difference between the arms in each subgroup; nan where an arm is empty."""

    subgroups: tuple[Mapping[str, Any], ...]
    n: NDArray[np.int64]
    """Rows of the low and of the high arm, shape (subgroups, 2)."""
    estimate: FloatArray
    se: FloatArray
    note: str
    """How they were made, and which were left out."""

    @property
    def has(self) -> NDArray[np.bool_]:
        """Whether a subgroup has both arms."""
        return np.asarray(self.n.min(axis=1) > 0)

    def frame(self, estimate: str = "estimate", se: str = "s") -> Any:
        """Return a data frame of all subgroups, with these names of the last two columns."""
        import pandas

        return pandas.DataFrame([*map(dict, self.subgroups)]).assign(
            **{estimate: self.estimate, se: self.se}
        )


def label_of(subgroup: Mapping[str, Any]) -> str:
    """Write a subgroup as a label.

    Examples
    --------
    >>> label_of({"a": "x", "b": 2})
    'a=x, b=2'
    """
    return ", ".join(f"{name}={value}" for name, value in subgroup.items())


def places_of(question: Question) -> NDArray[np.int64]:
    """Return the place of each row's subgroup in the list of subgroups, shape (rows,)."""
    rows = question.frame[list(question.factors)].itertuples(index=False)
    place = {tuple(one.values()): i for i, one in enumerate(question.subgroups())}
    return np.array([place[tuple(row)] for row in rows], dtype=np.int64)


def arms_of(question: Question) -> NDArray[np.int64]:
    """Return 0 for rows of the low arm, 1 for the high one, and -1 for others, shape (rows,)."""
    column = question.frame[question.treatment]
    low, high = ((column == value).to_numpy() for value in question.values)
    return np.where(high, 1, np.where(low, 0, -1))


def counts_of(question: Question) -> NDArray[np.int64]:
    """Count the rows of each subgroup in the low and in the high arm, shape (subgroups, 2).

    Of a dose, these are rows whose dose is nearer to that value than to the other.
    """
    place, arm = places_of(question), arms_of(question)
    if question.dose:
        column = question.frame[question.treatment].to_numpy(dtype=float)
        to_low, to_high = abs(column - question.low), abs(column - question.high)
        arm = np.where(to_low < to_high, 0, np.where(to_high < to_low, 1, -1))
    found = np.zeros((len(question.subgroups()), 2), dtype=np.int64)
    np.add.at(found, (place[arm >= 0], arm[arm >= 0]), 1)
    return found


def estimates_of(question: Question) -> Estimates:
    """Estimate the effect in each subgroup from its own rows.

    Raises
    ------
    ValueError
        If the outcome is neither a number nor yes or no; if the treatment has more than two values;
        if no subgroup has both arms, or none has two rows in an arm.
    """
    if question.family not in NUMBERS + YES_OR_NO:
        raise ValueError(
            f"estimates=True: expected a family among {', '.join(NUMBERS + YES_OR_NO)}, and it is "
            f"{question.family!r}. Leave estimates out"
        )
    place, arm = places_of(question), arms_of(question)
    if (arm < 0).any():
        raise ValueError(
            f"estimates=True: {question.treatment!r} has more values than "
            f"{question.low!r} and {question.high!r}. Leave estimates out, or keep the rows of two"
        )
    y = np.asarray(design(f"{question.outcome} ~ 1", question.frame).y, dtype=float)
    n = counts_of(question)
    total = np.zeros(n.shape)
    np.add.at(total, (place, arm), y)
    if not (n.min(axis=1) > 0).any():
        raise ValueError("estimates=True: no subgroup has rows of both arms. Take fewer factors")
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        if question.family in NUMBERS:
            free = int((n - 1).clip(0).sum())
            if free == 0:
                raise ValueError(
                    "estimates=True: no arm of a subgroup has two rows, so that there is no "
                    "standard error. Take fewer factors"
                )
            s2 = float(((y - mean[place, arm]) ** 2).sum()) / free
            se = np.sqrt((s2 / n).sum(axis=1))
            how = "differences of means, with one sd within arms of subgroups"
        else:
            p = (total + 1.0) / (n + 2.0)
            se = np.sqrt((p * (1.0 - p) / (n + 2.0)).sum(axis=1))
            how = "differences of shares, on the response scale, with Agresti and Caffo's errors"
        estimate = mean[:, 1] - mean[:, 0]
    both = n.min(axis=1) > 0
    note = f"estimates: {how}; controls and covariates are not in them.{_left_out(question, both)}"
    return Estimates(
        tuple(question.subgroups()),
        n,
        np.where(both, estimate, np.nan),
        np.where(both, se, np.nan),
        note,
    )


def _left_out(question: Question, both: NDArray[np.bool_]) -> str:
    """Name the subgroups without one of the arms."""
    lost = [label_of(one) for one, has in zip(question.subgroups(), both, strict=True) if not has]
    if not lost:
        return ""
    names = "; ".join(lost[:SHOWN]) + "; ..." * (len(lost) > SHOWN)
    return (
        f" Subgroups without rows in one arm have no estimate, and are predicted from the others: "
        f"{len(lost)} of {both.size}, {names}."
    )
