"""Designs from bare arrays, without pandas or a formula.

    from_arrays(y, X, group)

The common coefficients are an intercept and the coefficients of X.  Each level of a group has its
own coefficients for the columns of Z.  By default, Z is an intercept and X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from .arrays import INTERCEPT, Design, Index, grouping, ordered
from .weights import checked


def from_arrays(
    y: ArrayLike,
    X: ArrayLike | None = None,  # noqa: N803
    group: Any = None,
    Z: ArrayLike | None = None,  # noqa: N803
    *,
    trials: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    se: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    z_names: Sequence[str] | None = None,
    group_name: str = "group",
    intercept: bool = True,
    correlated: bool = True,
) -> Design:
    """Make a design from bare arrays; needs neither pandas nor a formula.

    Parameters
    ----------
    y
        Outcome, shape (rows,), finite.
    X
        Columns of the common coefficients without the intercept, shape (rows,) or (rows, columns).
    group
        Label of the level of each row, shape (rows,); or several groups, ``{name: labels}``.
    Z
        Columns of the coefficients that vary by group, shape (rows,) or (rows, K), the same for
        all groups; nothing is added.  Left out, they are an intercept and X.
    trials, offset
        Shape (rows,), or one number.
    weights
        How many observations each row stands for, whole numbers of shape (rows,).  Rows of weight 0
        are left out, and so are levels that have no other row.
    se
        Known standard errors of the outcome, of shape (rows,), or one number.
    names, z_names
        Of the columns of X and of Z; ``x1, x2, ...`` and ``z1, z2, ...`` if left out.
    group_name
        Name of a single group.
    intercept
        Whether a column of ones goes before X.
    correlated
        Whether the coefficients of a level are correlated with each other.

    Raises
    ------
    ValueError
        If shapes disagree, there is no row, a value is missing or not finite, or there are
        as many names as there should not be.

    Examples
    --------
    >>> made = from_arrays([1.0, 2.0, 4.0], X=[0.0, 1.0, 2.0], group=["b", "a", "b"])
    >>> made.formula, made.groupings[0].levels, made.groupings[0].index.tolist()
    ('y ~ 1 + x1 + (1 + x1 | group)', ('a', 'b'), [1, 0, 1])
    """
    groups = group if group is None or isinstance(group, Mapping) else {group_name: group}
    if Z is not None and group is None:
        raise ValueError("Z is given without group; its coefficients vary by group: give group too")
    x_names = _names("X", X, names, "x")
    varying = (INTERCEPT, *x_names) if Z is None else _names("Z", Z, z_names, "z")
    form = _Form(
        x_names,
        varying,
        Z is not None,
        bool(intercept),
        bool(correlated),
        group_name,
        dict.fromkeys(groups or {}),
    )
    given = {"y": y, "X": X, "group": group, "Z": Z, "trials": trials, "offset": offset}
    given["se"] = se
    made = form.design({name: values for name, values in given.items() if values is not None})
    if weights is None:
        return made
    counts = checked(weights, "weights")
    if counts.size != made.y.size:
        raise ValueError(f"weights has {counts.size} rows, others have {made.y.size}")
    if not counts.all():
        kept = counts > 0
        some = {name: rows_of(v, kept.astype(np.int64)) for name, v in given.items()}
        made = form.design({name: values for name, values in some.items() if values is not None})
        made, counts = replace(made, dropped=int((~kept).sum())), counts[kept]
    return replace(made, weights=counts)


def rows_of(values: Any, counts: Index) -> Any:
    """Repeat the rows of an array, or of labels by factor; return None or a number unchanged."""
    if isinstance(values, Mapping):
        return {name: rows_of(labels, counts) for name, labels in values.items()}
    if values is None or np.ndim(values) == 0:
        return values
    if isinstance(values, np.ndarray):
        return np.repeat(values, counts, axis=0)
    return [item for item, n in zip(list(values), counts, strict=True) for _ in range(n)]


@dataclass(frozen=True, eq=False)
class _Form:
    """Parts of a design from arrays that new rows share with the fitted rows."""

    x_names: tuple[str, ...]
    z_names: tuple[str, ...]
    z_given: bool
    intercept: bool
    correlated: bool
    group_name: str
    levels: Mapping[str, tuple[str, ...] | None]

    def design(self, given: Mapping[str, Any]) -> Design:
        known = ("y", "X", "group", "Z", "trials", "offset", "se")
        if unknown := sorted(set(given) - {*known, "weights"}):
            raise ValueError(f"{unknown[0]!r} is none of {', '.join(known)}")
        for name, needed in (("X", self.x_names), ("group", self.levels), ("Z", self.z_given)):
            if needed and name not in given:
                raise ValueError(f"{name} is missing; the design was made with it: give it too")
        groups = given.get("group", {})
        if not isinstance(groups, Mapping):
            groups = {self.group_name: groups}
        coded = {name: _coded(name, _member(groups, name)) for name in self.levels}
        rows = self._count(given, coded)
        ones = np.ones((rows, 1))
        x = _matrix("X", given.get("X"), rows, self.x_names)
        z = (
            _matrix("Z", given.get("Z"), rows, self.z_names)
            if self.z_given
            else np.hstack([ones, x])
        )
        groupings = tuple(
            grouping(name, *coded[name], self.z_names, z, self.correlated, levels)
            for name, levels in self.levels.items()
        )
        levels_of = {made.name: made.levels for made in groupings}
        return Design(
            formula=self._formula(),
            outcome="y",
            y=_vector("y", given["y"], rows) if "y" in given else np.empty(0),
            trials=_vector("trials", given["trials"], rows) if "trials" in given else None,
            offset=_vector("offset", given.get("offset", 0.0), rows),
            names=(INTERCEPT,) * self.intercept + self.x_names,
            columns=np.hstack([ones, x]) if self.intercept else x,
            groupings=groupings,
            make_again=partial(_again, self, levels_of),
            se=_vector("se", given["se"], rows) if "se" in given else None,
        )

    def _count(self, given: Mapping[str, Any], coded: Mapping[str, Any]) -> int:
        """Return the number of rows, taken from the first array that has rows."""
        order = ("y", "X", "Z", "offset", "trials", "se")
        sizes = [np.shape(given[name])[:1] for name in order if name in given]
        sizes += [codes.shape for codes, _ in coded.values()]
        rows = next((size[0] for size in sizes if size), 0)
        if rows == 0:
            raise ValueError("the arrays have no rows; give at least one")
        for name, (codes, _) in coded.items():
            if codes.size != rows:
                raise ValueError(
                    f"{name} has {codes.size} rows, others have {rows}; label each row"
                )
        return int(rows)

    def _formula(self) -> str:
        one = "1" if self.intercept else "0"
        varying = (
            " + ".join(["1", *self.x_names])
            if not self.z_given
            else " + ".join(["0", *self.z_names])
        )
        bar = "|" if self.correlated else "||"
        bars = [f"({varying} {bar} {name})" for name in self.levels]
        return "y ~ " + " + ".join([one, *self.x_names, *bars])


def _again(
    form: _Form,
    levels: Mapping[str, tuple[str, ...]],
    data: Any,
    groups: bool,
    optional: Sequence[str],
) -> Design:
    if not isinstance(data, Mapping):
        raise TypeError(f"new rows are {type(data).__name__}; give a dict with X, group, ...")
    given = {name: values for name, values in data.items() if values is not None}
    labelled = given.get("group", {})
    there = labelled if isinstance(labelled, Mapping) else {form.group_name}
    levels = {name: v for name, v in levels.items() if name in there or name not in optional}
    if groups and levels:
        return replace(form, levels=levels).design(given)
    given = {name: values for name, values in given.items() if name not in ("group", "Z")}
    return replace(form, levels={}, z_given=False).design(given)


def _member(groups: Mapping[str, Any], name: str) -> Any:
    if name not in groups:
        raise ValueError(f"group lacks {name!r}, it has {sorted(groups)}; give its labels too")
    return groups[name]


def _coded(name: str, values: Any) -> tuple[Index, tuple[str, ...]]:
    """Codes and the labels in order that they count."""
    items = values.tolist() if hasattr(values, "tolist") else list(values)
    for row, item in enumerate(items, start=1):
        if item is None or (not isinstance(item, str) and str(item) in ("nan", "<NA>", "NaT")):
            raise ValueError(f"{name} is missing in row {row}; label the row or drop it")
    array = np.asarray(items)
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}; it must be (rows,), a label a row")
    found, codes = np.unique(array, return_inverse=True)
    return ordered(codes.astype(np.int64), found.tolist())


def _names(
    name: str, values: ArrayLike | None, names: Sequence[str] | None, stem: str
) -> tuple[str, ...]:
    """Names of the columns of an array, made up if there are none."""
    shape = (0, 0) if values is None else np.shape(values)
    if len(shape) not in (1, 2):
        raise ValueError(f"{name} has shape {shape}; it must be (rows,) or (rows, columns)")
    count = shape[1] if len(shape) == 2 else 1
    found = tuple(names) if names is not None else tuple(f"{stem}{k + 1}" for k in range(count))
    if isinstance(names, str) or len(found) != count or len(set(found)) < count:
        raise ValueError(
            f"the names of {name} are {names!r}; give {count} different names, one a column"
        )
    return found


def _matrix(name: str, values: Any, rows: int, names: tuple[str, ...]) -> FloatArray:
    if not names:
        return np.empty((rows, 0))
    matrix = _finite(name, values)
    matrix = matrix[:, np.newaxis] if matrix.ndim == 1 else matrix
    if matrix.shape != (rows, len(names)):
        raise ValueError(
            f"{name} has shape {np.shape(values)}; it must have {rows} rows and the columns "
            f"{', '.join(names)}"
        )
    return matrix


def _vector(name: str, values: Any, rows: int) -> FloatArray:
    vector = _finite(name, values)
    if vector.shape not in ((), (rows,)) or (name == "y" and vector.shape == ()):
        raise ValueError(f"{name} has shape {vector.shape}; it must be ({rows},), a number a row")
    return np.broadcast_to(vector, (rows,)).copy()


def _finite(name: str, values: Any) -> FloatArray:
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not numeric; give numbers only") from None
    bad = ~np.isfinite(array)
    if bad.any():
        row = int(np.argwhere(bad)[0][0]) + 1 if array.ndim else 1
        raise ValueError(
            f"{name} has the value {array[bad][0]} in row {row}; values must be finite: drop such "
            "rows or fill them in first"
        )
    return array
