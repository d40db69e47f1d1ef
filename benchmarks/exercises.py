"""How the grader of the exercises does: answers passed, bugs failed and named, time of a check.

    python benchmarks/exercises.py [EXERCISE ...] [--out benchmarks/exercises.md]
    python benchmarks/exercises.py [EXERCISE ...] --runs 50

Every answer of the bank is examined in this process, with one seed; `tests/unknown_bugs.py` has
mistakes of kinds that the rules do not know, and `tests/styles.py` further right answers.  The bank
was written before the rules, by another hand.  The time is that of a right answer in a process of
its own, from the call of `check` to its result.  With `--runs` there is no table: each right answer
is checked so often in a process of its own, with a new seed each time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import styles  # noqa: E402 (found in tests/)
import subtle_bugs  # noqa: E402, F401 (they join the others)
import unknown_bugs  # noqa: E402

from mcmc_edu.exercises.catalogue import Exercise, exercises, find  # noqa: E402
from mcmc_edu.exercises.checking import check, examine_here  # noqa: E402

HEAD = """\
| exercise | kinds | wrong answers | named | misnamed | without a name | passed \
| unknown kinds | of them named or passed | right answers | failed | seconds |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""
SEED, REPEATS = 1, 3


def row(exercise: Exercise) -> list[float]:
    """Return the numbers of one exercise."""
    name, bank = exercise.name, exercise.bank
    results = [(kind, examine_here(exercise, f, SEED)) for kind, f in bank.wrong]
    passed = sum(result.passed for _, result in results)
    named = sum(result.bug == kind for kind, result in results)
    misnamed = sum(result.bug not in (None, kind) for kind, result in results)
    unknown = [examine_here(exercise, f, SEED) for e, _, f in unknown_bugs.UNKNOWN if e == name]
    right = [f for _, f in bank.right] + [f for e, _, f in styles.RIGHT if e == name]
    failed = sum(not examine_here(exercise, f, SEED).passed for f in right)
    seconds = []
    for seed in range(REPEATS):
        start = time.perf_counter()
        check(name, bank.right[0][1], seed=seed)
        seconds.append(time.perf_counter() - start)
    return [
        len({kind for kind, _ in bank.wrong}),
        len(results),
        named,
        misnamed,
        len(results) - named - misnamed - passed,
        passed,
        len(unknown),
        sum(result.passed or result.bug is not None for result in unknown),
        len(right),
        failed,
        statistics.median(seconds),
    ]


def repeated(exercise: Exercise, runs: int) -> None:
    """Print how many of so many checks of each right answer failed, in a process of its own."""
    extra = [(style, f) for name, style, f in styles.RIGHT if name == exercise.name]
    for style, function in [*exercise.bank.right, *extra]:
        failed = [
            s for s in range(1, runs + 1) if not check(exercise.name, function, seed=s).passed
        ]
        print(
            f"{exercise.name}: {style}: {len(failed)} of {runs} failed {failed or ''}", flush=True
        )


def main() -> None:
    """Print the table, and write it if asked."""
    parser = argparse.ArgumentParser(description="How the grader of the exercises does.")
    parser.add_argument("names", nargs="*", metavar="EXERCISE")
    parser.add_argument("--out", type=Path, help="write the table into this file")
    parser.add_argument("--runs", type=int, help="check each right answer so often")
    options = parser.parse_args()
    chosen = [find(name) for name in options.names] or exercises()
    if options.runs:
        for exercise in chosen:
            repeated(exercise, options.runs)
        return
    lines, rows = [HEAD], []
    print(HEAD)
    for exercise in chosen:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows.append(row(exercise))
        lines.append(line(exercise.name, rows[-1]))
        print(lines[-1], flush=True)
    totals = [sum(column) for column in zip(*rows, strict=True)]
    lines.append(line("all", [*totals[:-1], statistics.median(r[-1] for r in rows)]))
    print(lines[-1])
    if options.out:
        text = options.out.read_text(encoding="utf-8") if options.out.exists() else "\n"
        before = text.partition("| exercise |")[0]
        options.out.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")


def line(name: str, numbers: list[float]) -> str:
    """Return a row of the table."""
    counts = " | ".join(f"{number:.0f}" for number in numbers[:-1])
    return f"| {name} | {counts} | {numbers[-1]:.1f} |"


if __name__ == "__main__":
    main()
