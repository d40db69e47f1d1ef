"""A design: the arrays of a hierarchical model, with the names of their columns.

    eta_i = offset_i + columns_i . b + sum over groupings of  columns_i . u[index_i]

`design` makes one of a formula and a table, `from_arrays` of bare arrays.  Group effects need no
dummy columns: each row has the integer index of its level.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray

Index = NDArray[np.int64]

INTERCEPT = "Intercept"
"""The name of its coefficient."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """One bar: the varying coefficients of the levels of a group."""

    name: str
    """The column of the group, ``"Subject"``, or columns, ``"school:class"``."""
    levels: tuple[str, ...]
    """Levels that occur: numbers by size, text as in a dictionary, a categorical in its order."""
    index: Index = field(repr=False)
    """Level of each row, shape (rows,); in new rows -1, -2, ... for levels not seen before."""
    names: tuple[str, ...]
    """Names of the K coefficients."""
    columns: FloatArray = field(repr=False)
    """Their columns, shape (rows, K)."""
    correlated: bool = True
    unseen: tuple[str, ...] = ()
    """Levels that were not seen before, in the order in which they appear: -1, -2, ..."""


@dataclass(frozen=True, eq=False)
class Design:
    """Outcome, common columns and groupings of all rows."""

    formula: str
    outcome: str
    """The outcome as written, ``"log(y)"``."""
    y: FloatArray = field(repr=False)
    """Outcome, shape (rows,); shape (0,) for new rows that lack it."""
    trials: FloatArray | None = field(repr=False)
    """Number of trials, shape (rows,), where the formula has them."""
    offset: FloatArray = field(repr=False)
    """Sum of all offsets, shape (rows,)."""
    names: tuple[str, ...]
    """Of the Q common coefficients: ``Intercept`` first if there is one, ``Days``, and
    ``color[red]`` for the difference that the level red of the factor color makes (R: colorred)."""
    columns: FloatArray = field(repr=False)
    """Their columns, shape (rows, Q)."""
    groupings: tuple[Grouping, ...]
    dropped: int = 0
    """Rows left out because a value is missing or their weight is 0."""
    outcome_levels: tuple[str, ...] = ()
    """Levels that y = 0, 1, ... stand for, if the outcome is true/false or a word."""
    outcome_in_order: bool = True
    """False where these are text, in the order of the dictionary."""
    outcome_declared: tuple[str, ...] = ()
    """All levels of an outcome that is a categorical, those that are in no row included."""
    blocks: int | None = None
    """Of a categorical outcome: how often `columns`, `offset` and the groupings have all the rows,
    see `families.categories`."""
    se: FloatArray | None = field(default=None, repr=False)
    """Known standard error of each outcome, shape (rows,), where the formula has them."""
    weights: Index | None = field(default=None, repr=False)
    """How many observations each row stands for, 1 or more, shape (rows,); None if each is one."""
    make_again: Callable[[Any, bool, Sequence[str]], Design] | None = field(
        default=None, repr=False
    )
    """What `rows` calls."""

    def rows(self, data: Any, groups: bool = True, optional: Sequence[str] = ()) -> Design:
        """Make the same columns for new rows.

        Parameters
        ----------
        data
            For a design from a formula: a table with the columns of the terms, the groups and the
            offsets; outcome, trials and standard errors may be absent.  An outcome with missing
            values counts as absent, and so does one with unknown levels or of which the formula
            makes no finite number: no prediction depends on it.  Factors keep the levels, and
            ``scale``, ``poly`` and their like the constants, of the data of this design.  Where no
            column is in use, others say how many rows.
            For a design from arrays: a dict with the arrays that `from_arrays` was given, under
            the same names; ``y``, ``trials``, ``se`` and ``offset`` (then 0) may be absent.
        groups
            Whether to make the groupings, too; the columns of the bars are not needed if not.
        optional
            Grouping factors of which the data may lack a column; their groupings are left out
            then.

        Returns
        -------
        The design of the new rows, with the levels of this one.  A group level not seen before has
        the index -1 and stands in `Grouping.unseen`.

        Raises
        ------
        ValueError
            If a column is absent or has a missing value, or a common factor has a level that was
            not seen before.
        """
        if self.make_again is None:
            raise ValueError(
                "this design was put together by hand; make it by design() to have rows()"
            )
        return self.make_again(data, groups, optional)


def label(value: Any) -> str:
    """Return the name of a level; 2 and 2.0 are the same level, and so are 10^16 and 1e16."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value % 1 == 0 and abs(value) < 2**63 else f"{value:.15g}"


def dictionary(text: str) -> tuple[str, str]:
    """Return a sort key as in a dictionary or R's factor: é beside e, a before A before b."""
    letters = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(letters).casefold(), text.swapcase()


def ordered(codes: Index, values: Sequence[Any]) -> tuple[Index, tuple[str, ...]]:
    """Return codes and labels of `values`: numbers sorted by size, text as in a dictionary."""
    text = any(isinstance(value, str) for value in values)
    keys = [dictionary(str(value)) for value in values] if text else values
    order = sorted(range(len(values)), key=keys.__getitem__)
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    return rank[codes], tuple(label(values[j]) for j in order)


def recode(codes: Index, labels: Sequence[str], levels: Sequence[str]) -> tuple[Index, list[str]]:
    """Convert codes into `labels` to an index into `levels`.

    Labels that are not among `levels` get -1, -2, ... in order of appearance.  They are returned
    as the second item.
    """
    place = {level: j for j, level in enumerate(levels)}
    known = np.array([label in place for label in labels], dtype=bool)
    others, first = np.unique(codes[~known[codes]], return_index=True)
    others = others[np.argsort(first)]
    index_of = np.array([place.get(label, 0) for label in labels], dtype=np.int64)
    index_of[others] = -1 - np.arange(others.size)
    return index_of[codes], [labels[code] for code in others]


def grouping(
    name: str,
    codes: Index,
    labels: tuple[str, ...],
    names: tuple[str, ...],
    columns: FloatArray,
    correlated: bool,
    levels: tuple[str, ...] | None,
) -> Grouping:
    """Make a grouping; `levels` are the fit's levels, or None to take them from these data."""
    if len(set(labels)) < len(labels):
        twice = [known for known, times in Counter(labels).items() if times > 1]
        raise ValueError(
            f"{name} has different levels of the same name, {twice[:3]}; rename their values"
        )
    if levels is None:
        return Grouping(name, labels, codes, names, columns, correlated)
    index, unseen = recode(codes, labels, levels)
    return Grouping(name, levels, index, names, columns, correlated, tuple(unseen))


DEPENDENT = 1e-10
"""Length of what others leave of a column of length 1 below which it is determined.

That of a cubed year, 3e-8 after the year and its square, is not (R's lm stops at 1e-7); that of a
sum, 1e-16, is.
"""


def collinear(columns: ArrayLike, names: Sequence[str]) -> list[str]:
    """Name the columns that the columns before them determine.

    Parameters
    ----------
    columns
        Shape (rows, Q).
    names
        Names of the Q columns.

    Returns
    -------
    Names of columns of zeros, and of columns that are linear combinations of the columns before
    them, such as a constant after an intercept.  Dropping these columns does not change the model.

    Examples
    --------
    >>> collinear([[1, 0, 2], [1, 1, 3], [1, 5, 7]], ["Intercept", "x", "x + 2"])
    ['x + 2']
    """
    basis: list[FloatArray] = []
    found = []
    for name, column in zip(names, np.asarray(columns, dtype=np.float64).T, strict=True):
        rest = column / (np.abs(column).max(initial=0.0) or 1.0)  # so that no square overflows
        rest = rest / (np.linalg.norm(rest) or 1.0)
        for _ in range(2):  # once more, for what rounding left
            for direction in basis:
                rest = rest - (direction @ rest) * direction
        left = float(np.linalg.norm(rest))
        if left < DEPENDENT:
            found.append(name)
        else:
            basis.append(rest / left)
    return found


SPLINES = ("cr(", "cs(", "cc(")
"""Terms whose columns add up to the intercept."""


def determined_remedy(design: Design, determined: Sequence[str]) -> str:
    """Return the remedy for columns that other columns determine.

    A number far from 0 can be centred, and a spline constrained.  A formula cannot leave out a
    single level of a factor or a single column of a spline.
    """
    said = (
        f"predictor {determined[0]} is determined by the others"
        if len(determined) == 1
        else f"predictors {', '.join(determined)} are determined by the others"
    )
    it = "it" if len(determined) == 1 else "them"
    if not any("[" in name for name in determined):
        if _but_for_the_intercept(design, determined):
            calls = " and ".join(f"center({name})" for name in determined)
            return (
                f"{said}, the intercept, beside which its differences are lost in rounding; centre "
                f"{it}: write {calls}"
            )
        return f"{said}; leave {it} out"
    pieces = [re.sub(r"\[[^][]*\]", "", name).split(":") for name in determined]
    splines = [piece for name in pieces for piece in name if piece.startswith(SPLINES)]
    if splines and "constraints" not in splines[0]:
        return (
            f"{said}, as all columns of {splines[0]} add up to the intercept; centre the term: "
            f"write {splines[0][:-1]}, constraints='center'), or 0 + for no intercept"
        )
    terms = ", ".join(dict.fromkeys(":".join(name) for name in pieces))
    return (
        f"{said}, and a column of several cannot be left out by itself; leave the term {terms} out"
    )


def _but_for_the_intercept(design: Design, determined: Sequence[str]) -> bool:
    """Return whether all these columns are linearly independent after centring."""
    if INTERCEPT not in design.names:
        return False
    centred = design.columns - design.columns.mean(axis=0)
    return not set(determined) & set(collinear(centred, design.names))
