"""Small published tables, each checked when it is read.

The tables are CSV files beside this file, named like their functions.  Each function's docstring
says what was measured, by whom, and what the data teach.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .columns import Columns

APPLICATIONS, AWARDS = 2823, 467
"""Totals of the funding table, as published."""
DAYS = 10  # of the sleep study, 0 to 9


def funding() -> Columns:
    """Applications for a research grant, and awards, by discipline and gender.

    The Dutch research council's grants for early careers, 2010 to 2012: nine disciplines, a row
    for the men and a row for the women of each.

    Returns
    -------
    Columns
        18 rows: `discipline`; `gender` (m, f) and `male` (1, 0), of the applicants;
        `applications`, `awards`, `rejects`, counts of people.

    What there is to learn
    ----------------------
    Aggregation, and partial pooling of a difference.  Over all disciplines men win more often; in
    four of the nine women do, and women apply more where few of either win.  Nine differences from
    small counts are noisy one by one: in physics the women's rate rests on 9 applications.  A
    hierarchical model, ``awards | trials(applications) ~ male + (male | discipline)``, says how
    far they differ at all.

    Source
    ------
    R. van der Lee and N. Ellemers (2015), *PNAS* 112, 12349-12353, table S1; on aggregation,
    C. J. Albers (2015), *PNAS* 112, E6828-E6829.

    Examples
    --------
    >>> data = funding()
    >>> rate = data["awards"] / data["applications"]
    >>> men = data["male"] == 1
    >>> for rows in (men, ~men):
    ...     print(round(float(data["awards"][rows].sum() / data["applications"][rows].sum()), 3))
    0.177
    0.149
    >>> data["discipline"][men][rate[~men] > rate[men]].tolist()
    ['Physical sciences', 'Humanities', 'Technical sciences', 'Interdisciplinary']
    """
    table = _read(
        "funding", 18, discipline=str, gender=str, applications=int, awards=int, rejects=int
    )
    columns = {"discipline": table.pop("discipline"), "gender": table.pop("gender")}
    columns |= {"male": columns["gender"] == "m"} | table
    check_funding(columns)
    return Columns(columns)


def check_funding(columns: Mapping[str, ArrayLike]) -> None:
    """Check that every application was either awarded or rejected, and that none is missing.

    A lecture prints this table with a row that does not add up, and its readers get other
    estimates than its slides; the check costs a line.

    Parameters
    ----------
    columns
        At least `discipline`, `gender`, `applications`, `awards` and `rejects`, shape (rows,).

    Raises
    ------
    ValueError
        With the row and its numbers, or the total and what it should be.
    """
    names = ("discipline", "gender", "applications", "awards", "rejects")
    rows = zip(*(np.asarray(columns[name]).tolist() for name in names), strict=True)
    for row, (discipline, gender, applications, awards, rejects) in enumerate(rows, start=1):
        if awards + rejects != applications:
            raise ValueError(
                f"row {row} ({discipline}, {gender}) has {awards} awards and {rejects} rejects, "
                f"which make {awards + rejects}, but {applications} applications; correct the row"
            )
    for name, published in (("applications", APPLICATIONS), ("awards", AWARDS)):
        total = int(np.sum(columns[name]))
        if total != published:
            raise ValueError(
                f"{name} sum to {total}, and the published table's to {published}; compare the "
                "rows with the table"
            )


def eight_schools() -> Columns:
    """Effects of coaching on the verbal score of an admission test, in eight schools.

    Each school ran an experiment of its own, and each gave an estimate with a standard error.

    Returns
    -------
    Columns
        8 rows: `school` (A to H); `effect`, the estimated gain, points of the test (scores go
        from 200 to 800); `se`, its standard error, points.

    What there is to learn
    ----------------------
    How far to pool.  The estimates reach from -3 to 28 and yet agree with a single effect of about
    8, so large are their errors; the data leave open how much the schools differ, and an answer
    averages over that.  A small model, and one on which a sampler stumbles if it is centred.

    Source
    ------
    D. B. Rubin (1981), *Journal of Educational Statistics* 6, 377-401, table 1.

    Examples
    --------
    The effect if it is the same in all schools, and its standard error:

    >>> data = eight_schools()
    >>> weight = 1 / data["se"] ** 2
    >>> round(float(np.average(data["effect"], weights=weight)), 1)
    7.7
    >>> round(float(weight.sum() ** -0.5), 1)
    4.1
    """
    table = _read("eight_schools", 8, school=str, effect=float, se=float)
    _demand("eight_schools", table["se"] > 0.0, "se must be positive")
    return Columns(table)


def efron_morris() -> Columns:
    """Batting of 18 baseball players: the first 45 at-bats of 1970, and the rest of the season.

    Returns
    -------
    Columns
        18 rows: `player`, a surname; `at_bats` (45 for all) and `hits` among them;
        `rest_at_bats` and `rest_hits`, those of the remaining season.

    What there is to learn
    ----------------------
    The truth comes later: the rest of the season judges what was estimated from 45 at-bats.
    Each player's own average, the obvious estimate, is beaten by averages pulled towards the mean
    of all (Stein's paradox): most of the differences after 45 at-bats were luck.

    What differs from the paper
    ---------------------------
    It gives averages, no hits; the counts are from the copy that goes with Stan's examples, but for
    one row.  There the rest of Williams's season is that of a namesake, 195 of 591, or 0.330; here
    it is 69 of 270, or 0.256, as the paper prints and as R's ``pscl::EfronMorris`` has it.  On the
    paper's scale, 45^(1/2) arcsin(2p - 1), this row gives errors of 17.54 and 5.01, the namesake's
    19.90 and 6.27; the paper has 17.56 / 5.01 = 3.50.  Kessinger's 155 hits, from the same copy,
    make 0.265 (printed: 0.263).

    Source
    ------
    B. Efron and C. Morris (1975), *Journal of the American Statistical Association* 70, 311-319,
    table 1, retold by the same (1977), *Scientific American* 236 (5), 119-127; counts: B. Carpenter
    (2015), *Hierarchical partial pooling for repeated binary trials*, stan-dev/example-models;
    Williams: S. Jackman's R package pscl.

    Examples
    --------
    Sum of squared errors of the averages as they are, and of James and Stein's:

    >>> data = efron_morris()
    >>> early, rest = data["hits"] / 45, data["rest_hits"] / data["rest_at_bats"]
    >>> mean = early.mean()
    >>> kept = 1 - (18 - 3) * mean * (1 - mean) / 45 / ((early - mean) ** 2).sum()
    >>> for estimate in (early, mean + kept * (early - mean)):
    ...     print(f"{((estimate - rest) ** 2).sum():.3f}")
    0.075
    0.021
    """
    table = _read(
        "efron_morris", 18, player=str, at_bats=int, hits=int, rest_at_bats=int, rest_hits=int
    )
    _demand("efron_morris", table["at_bats"] == 45, "at_bats must be 45")
    for hits, at_bats in (("hits", "at_bats"), ("rest_hits", "rest_at_bats")):
        possible = (table[hits] >= 0) & (table[hits] <= table[at_bats])
        _demand("efron_morris", possible, f"{hits} must be from 0 to {at_bats}")
    return Columns(table)


def sleepstudy() -> Columns:
    """Reaction times of 18 drivers on the ten days of a study that cut their sleep.

    Days 0 and 1 were for practice and day 2 is the baseline; from then on they had three hours in
    bed a night.

    Returns
    -------
    Columns
        180 rows, under the names they have in R's lme4, so that published formulas fit:
        `Reaction`, the day's mean reaction time, milliseconds; `Days`, 0 to 9; `Subject`, the
        driver's number, as text, since it is a name.

    What there is to learn
    ----------------------
    Varying slopes: drivers slow down by 10 ms a day on average, some by 20, some not at all, and
    ten points determine each line well enough to see it.  The line of the population, of the driver
    alone, and of the driver as one of the population are three answers to one question, and
    ``Reaction ~ Days + (Days | Subject)`` has been fitted by many programs.

    Source
    ------
    G. Belenky and others (2003), *Journal of Sleep Research* 12, 1-12; the days and the group
    published with D. Bates, M. Mächler, B. Bolker and S. Walker (2015), *Journal of Statistical
    Software* 67 (1), as ``lme4::sleepstudy``.

    Examples
    --------
    The smallest, the mean and the largest of the drivers' own slopes, ms a day:

    >>> reaction = sleepstudy()["Reaction"].reshape(18, 10)
    >>> slopes = np.polyfit(np.arange(10), reaction.T, deg=1)[0]
    >>> [round(float(v), 1) for v in (slopes.min(), slopes.mean(), slopes.max())]
    [-2.9, 10.5, 21.8]
    """
    table = _read("sleepstudy", 180, Reaction=float, Days=int, Subject=str)
    rows = np.arange(table["Days"].size)
    _demand("sleepstudy", table["Days"] == rows % DAYS, "Days must count 0 to 9, again and again")
    subject = table["Subject"]
    _demand("sleepstudy", subject == subject[rows - rows % DAYS], "Subject must last ten days")
    _demand("sleepstudy", table["Reaction"] > 0.0, "Reaction must be positive")
    return Columns(table)


def _read(name: str, length: int, **kinds: Callable[[str], Any]) -> dict[str, NDArray[Any]]:
    """Read a table of this package, with each cell converted to its column's type."""
    with open(Path(__file__).parent / f"{name}.csv", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    if header != list(kinds) or len(rows) != length:
        raise ValueError(
            f"{name}.csv has {len(rows)} rows of {', '.join(header)}; it must have {length} of "
            f"{', '.join(kinds)}: restore the file"
        )
    cells = zip(*rows, strict=True)
    return {
        column: np.array([kind(cell) for cell in values])
        for (column, kind), values in zip(kinds.items(), cells, strict=True)
    }


def _demand(name: str, holds: NDArray[np.bool_], rule: str) -> None:
    if not holds.all():
        raise ValueError(f"{name}.csv, row {int(np.argmin(holds)) + 1}: {rule}; restore the file")
