"""Grouped observations (y, x, group), checked; from arrays or from a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import FloatArray


@dataclass(frozen=True, eq=False)
class Truth:
    """The lines from which data were made: what an estimate is compared with."""

    alpha: FloatArray
    """Intercept of each individual, shape (groups,)."""
    beta: FloatArray
    """Slope of each individual, shape (groups,)."""


@dataclass(frozen=True, eq=False)
class GroupedData:
    """Observations of several individuals, a row an observation.

    Attributes
    ----------
    y, x
        Outcome and predictor, shape (rows,).
    group
        Individual of each row, an integer index into `levels`, shape (rows,).
    levels
        Name of each individual.
    truth
        The lines the data were made from, where they are known.
    post_seed
        Seed with which the post's code makes these data in R; None for all other data.
    """

    y: FloatArray
    x: FloatArray
    group: NDArray[np.int64]
    levels: tuple[str, ...]
    truth: Truth | None = None
    post_seed: int | None = None

    @property
    def groups(self) -> int:
        """Number of individuals."""
        return len(self.levels)

    def without_own_line(self) -> list[str]:
        """Individuals whose data do not determine a line: one observation, or a constant x."""
        return [
            level
            for j, level in enumerate(self.levels)
            if np.unique(self.x[self.group == j]).size < 2
        ]


def grouped(
    y: ArrayLike,
    x: ArrayLike,
    group: ArrayLike,
    alpha: ArrayLike | None = None,
    beta: ArrayLike | None = None,
) -> GroupedData:
    """Check observations and number their groups.

    Parameters
    ----------
    y, x
        Outcome and predictor, shape (rows,), finite.
    group
        Label of the individual of each row, shape (rows,); the groups are numbered in the order
        in which they first appear.
    alpha, beta
        The individual's true intercept and slope, where known, repeated in each of its rows,
        shape (rows,); both or neither.

    Raises
    ------
    ValueError
        If the shapes differ, a value is not finite, there is a single group, or a group has two
        truths.

    Examples
    --------
    >>> data = grouped([1.0, 2.0, 3.0], [0.0, 1.0, 0.0], ["a", "a", "b"])
    >>> data.group.tolist(), data.levels
    ([0, 0, 1], ('a', 'b'))
    """
    given = {"y": y, "x": x, "alpha": alpha, "beta": beta}
    columns = {name: _column(name, value) for name, value in given.items() if value is not None}
    given_labels = np.asarray(group)
    if given_labels.ndim != 1:
        raise ValueError(f"group has shape {given_labels.shape}; it must be (rows,), a label a row")
    for row, label in enumerate(given_labels.tolist(), start=1):
        if label is None or label != label:
            raise ValueError(f"group is missing in row {row}; label the row or drop it")
    labels = [str(label) for label in given_labels.tolist()]
    rows = len(labels)
    for name, values in columns.items():
        if values.shape != (rows,):
            raise ValueError(
                f"{name} has shape {values.shape}, group has {rows} rows; give each row both"
            )
    if (alpha is None) != (beta is None):
        raise ValueError(
            "of alpha and beta one is missing; the truth needs both, or leave both out"
        )
    levels = tuple(dict.fromkeys(labels))
    if len(levels) < 2:
        raise ValueError(
            f"group has {len(levels)} group{'s' * (len(levels) != 1)}; pooling compares at least "
            "2: label each row with its individual"
        )
    index = np.array([levels.index(label) for label in labels], dtype=np.int64)
    truth = None
    if alpha is not None:
        first = [int(np.argmax(index == j)) for j in range(len(levels))]
        truth = Truth(columns["alpha"][first], columns["beta"][first])
        for name, values in (("alpha", truth.alpha), ("beta", truth.beta)):
            differs = columns[name] != values[index]
            if differs.any():
                raise ValueError(
                    f"{name} has two values in group {labels[int(np.argmax(differs))]!r}; the "
                    "truth of an individual is one number, repeated in each of its rows"
                )
    return GroupedData(columns["y"], columns["x"], index, levels, truth)


def _column(name: str, values: ArrayLike) -> FloatArray:
    try:
        column = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not numeric; give numbers only") from None
    bad = ~np.isfinite(column)
    if bad.any():
        raise ValueError(
            f"{name} has the value {column[bad][0]} in row {int(np.argmax(bad)) + 1}; values must "
            "be finite: drop such rows or fill them in first"
        )
    return column


REQUIRED = ("y", "x", "group")
TRUTH = ("alpha", "beta")


def read_csv(path: str | Path) -> GroupedData:
    """Read grouped observations from a CSV file with the columns y, x, group.

    Two more columns, alpha and beta, hold the true line of the row's individual where it is known.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If a column is unknown or missing, or a value is not a finite number; with the line.
    """
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file, strict=True)
        try:
            header = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = header
            records = [(reader.line_num, record) for record in reader]
        except (csv.Error, UnicodeDecodeError) as error:
            raise ValueError(
                f"{path} is not a CSV file in UTF-8 ({error}); save it as one"
            ) from None
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in (*REQUIRED, *TRUTH)]
    if missing or unknown or len(set(header)) < len(header):
        raise ValueError(
            f"{path} has the columns {', '.join(header) or '(none)'}; it must have y, x, group, "
            "and may have alpha, beta (the truth): rename or remove the others"
        )
    columns: dict[str, list[Any]] = {name: [] for name in header}
    for line, record in records:
        for name in header:
            columns[name].append(_cell(path, line, name, record))
    return grouped(**columns)


def _cell(path: str | Path, line: int, name: str, record: dict[str, Any]) -> Any:
    text = (record[name] or "").strip()
    if None in record or record[name] is None or not text:
        raise ValueError(
            f"{path}, line {line}: {name} is missing or the line is too long; fill it in"
        )
    if name == "group":
        return text
    try:
        value = float(text.replace("_", "?"))  # Python's 1_0 is not meant as 10
    except ValueError:
        raise ValueError(
            f"{path}, line {line}: {name} is {text!r}, not a number; correct it"
        ) from None
    if not np.isfinite(value):
        raise ValueError(
            f"{path}, line {line}: {name} is {text}; values must be finite: drop the line "
            "or fill it in"
        )
    return value
