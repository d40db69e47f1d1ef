"""The table: medians over seeds, of everybody who ran, and the reasons of those who did not."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

Record = dict[str, Any]
"""One process: peer, problem, seed, state of the cache, and what it reported, or `error`."""

START = (
    ("import", lambda r: r["seconds"]["launch"] + r["seconds"]["import"], ".2f"),
    ("build", lambda r: r["seconds"]["build"], ".2f"),
    ("compile", lambda r: r["seconds"]["compile"], ".2f"),
    ("start to draws", lambda r: r["to_draws"], ".2f"),
    ("start to summary", lambda r: r["to_summary"], ".2f"),
)
SAMPLING = (
    ("seconds", lambda r: r["seconds"]["sample"], ".2f"),
    ("smallest ESS", lambda r: r["ess"], ".0f"),
    ("ESS/s", lambda r: r["ess_per_second"], ".0f"),
    ("ESS/1000 gradients", lambda r: r["ess_per_1000_gradients"], ".1f"),
    ("largest \\|z\\|", lambda r: r["z"], ".1f"),
    ("largest R-hat", lambda r: r["rhat"], ".3f"),
    ("divergences", lambda r: r["divergences"], ".0f"),
)

ABOUT = """\
Every number is a median over seeds; each run is a process of its own, the peers taking turns, with
{settings}, in double precision.  ESS (bulk, the
smallest of all parameters), R-hat and |z|, the distance from the exact mean in Monte Carlo standard
errors, are computed for everybody by `mcmc_edu.diagnostics` from warm runs.  *seconds* are those of
sampling, warm-up included; gradients are those of the draws that are kept.  *trusted*: runs with
R-hat at most 1.01 and ESS at least 400.  *Cold*: every compile cache is empty.  *New model*: some
other problem has been run before.  *Warm*: this one has.  *import* contains the start of Python,
*compile* all compiling wherever a peer does it, *start to summary* everything from the start of the
process to the table with R-hat that the peer's user would look at.
"""


def median(records: Sequence[Record], value: Callable[[Record], float | None]) -> float | None:
    """Return the median of the values that are known."""
    known = [v for v in map(value, records) if v is not None]
    return statistics.median(known) if known else None


def cell(records: Sequence[Record], value: Callable[[Record], float | None], spec: str) -> str:
    middle = median(records, value)
    return "–" if middle is None else format(middle, spec)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    marks = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, marks, *rows))


def select(records: Sequence[Record], **wanted: Any) -> list[Record]:
    """Return the runs that succeeded among those wanted."""
    return [
        r
        for r in records
        if "error" not in r and all(r[key] == value for key, value in wanted.items())
    ]


def names(records: Sequence[Record], key: str) -> list[str]:
    """In order of first appearance."""
    return list(dict.fromkeys(r[key] for r in records))


def of_problem(records: Sequence[Record], problem: str) -> str:
    here = [r for r in records if r["problem"] == problem]
    start, sampling = [], []
    for peer in names(here, "peer"):
        for state in names(here, "state"):
            if runs := select(here, peer=peer, state=state):
                start.append([f"{peer}, {state}", *[cell(runs, *column[1:]) for column in START]])
        warm = select(here, peer=peer, state="warm")
        trusted = f"{sum(r['trusted'] for r in warm)} of {len(warm)}"
        sampling.append([peer, *[cell(warm, *column[1:]) for column in SAMPLING], trusted])
    parts = [
        f"## {problem}",
        table(["sampling", *[name for name, *_ in SAMPLING], "trusted"], sampling),
        table(["seconds", *[name for name, *_ in START]], start),
        failures(here),
    ]
    return "\n\n".join(part for part in parts if part)


def failures(records: Sequence[Record]) -> str:
    failed = [r for r in records if "error" in r]
    return "\n".join(
        f"* {peer} failed in {len(mine)} of {sum(r['peer'] == peer for r in records)} runs: "
        f"{'; '.join(names(mine, 'error'))}"
        for peer in names(failed, "peer")
        if (mine := [r for r in failed if r["peer"] == peer])
    )


def ratio(
    ours: Sequence[Record], theirs: Sequence[Record], value: Callable[[Record], float]
) -> float | None:
    """Median over seeds of ours by theirs: a slow minute of the machine hits both."""
    by_seed = {r["seed"]: value(r) for r in theirs}
    ratios = [value(r) / by_seed[r["seed"]] for r in ours if r["seed"] in by_seed]
    return statistics.median(ratios) if ratios else None


def times(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}x"


def comparisons(records: Sequence[Record]) -> str:
    """How many times better ours is, like for like; and our collapsed form against every form."""
    peers = [peer for peer in names(records, "peer") if peer != "ours"]
    rows = []

    def row(
        label: str, mine: str, theirs: str, state: str, better: Callable[[Record], float]
    ) -> None:
        ours = select(records, peer="ours", problem=mine, state=state)
        others = [select(records, peer=peer, problem=theirs, state=state) for peer in peers]
        if ours and any(others):
            rows.append([label, *[times(ratio(ours, other, better)) for other in others]])

    def speed(r: Record) -> float:
        return float(r["ess_per_second"])

    for problem in names(records, "problem"):
        row(f"{problem}: ESS/s", problem, problem, "warm", speed)
        for state in ("cold", "new model", "warm"):
            label = f"{problem}, {state}: start to summary"
            row(label, problem, problem, state, lambda r: 1.0 / r["to_summary"])
    for problem in names(records, "problem"):
        if problem in ("boelstad_centered", "boelstad_noncentered"):
            label = f"our collapsed by their {problem}: ESS/s"
            row(label, "boelstad_collapsed", problem, "warm", speed)
    return table(["ours is better by", *peers], rows) if rows else ""


def load(record: Record) -> float | None:
    return record.get("load")


def versions(records: Sequence[Record]) -> str:
    rows = []
    for peer in names(records, "peer"):
        found = {name: v for r in select(records, peer=peer) for name, v in r["versions"].items()}
        rows.append([peer, ", ".join(f"{name} {version}" for name, version in found.items())])
    return table(["", "versions"], rows)


def markdown(records: Sequence[Record], machine: Record, settings: str) -> str:
    parts = [
        "# Side by side",
        ABOUT.format(settings=settings).strip(),
        f"{machine['date']}, {machine['cpu']}, {machine['system']}; load average before a run: "
        f"median {cell(records, load, '.1f')}.",
        comparisons(records),
        *[of_problem(records, problem) for problem in names(records, "problem")],
        versions(records),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
