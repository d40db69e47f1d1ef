"""Compare the tables of the package with copies from elsewhere, cell by cell.

    python tests/reference/compare_tables.py FOLDER

FOLDER has funding.csv, eight_schools.csv, efron_morris.csv and sleepstudy.csv, or some of them.
One row may differ: of Williams, one of the batters, collections often have a namesake's counts.
`test_published.py` shows which of the two the paper has.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import mcmc_edu as me

TABLES = ("funding", "eight_schools", "efron_morris", "sleepstudy")
OURS_ALONE = ("male",)
"""Columns that the package adds."""
NAMESAKE = ["Williams", "45", "10", "591", "195"]
WILLIAMS = ["Williams", "45", "10", "270", "69"]


def differences(table: str, file: Path) -> Iterator[str]:
    """What differs, a line a cell."""
    with open(file, newline="", encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    rows = [WILLIAMS if row == NAMESAKE else row for row in rows]
    data = getattr(me.datasets, table)()
    names = [name for name in data if name not in OURS_ALONE]
    if len(names) != len(header) or data.rows != len(rows):
        yield f"{data.rows} rows of {names} here, {len(rows)} of {header} there"
        return
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        kind = str if data[name].dtype.kind == "U" else float
        for i, (ours, cell) in enumerate(zip(data[name].tolist(), cells, strict=True)):
            if ours != kind(cell):
                yield f"row {i + 1}: {name} is {ours} here, {cell} there"


def main(folder: Path) -> int:
    """Print what differs; returns how many tables do."""
    differing = 0
    for table in TABLES:
        file = folder / f"{table}.csv"
        found = list(differences(table, file)) if file.exists() else ["there is no such file"]
        print(f"{table}: {'; '.join(found) or 'the same'}")
        differing += file.exists() and bool(found)
    return differing


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
