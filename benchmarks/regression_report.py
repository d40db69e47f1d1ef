"""The table of the regressions: how many times better ours is, and every problem's runs."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import report
from peers.formulas import models
from report import Record

AGREED = 1.1
"""R-hat above which an ESS says nothing, and is left out of the comparison."""

ABOUT = """\
Every number is a median over seeds; each run is a process of its own, the peers taking turns, with
4 chains on 2 cores, {warmup} warm-up draws and {draws} draws a chain unless the name says
otherwise: what is not ready within {limit:.0f} s is run again with fewer.  ESS (bulk) is the
smallest of the common coefficients, the groups' sds, their correlation and sigma; |z| is the
largest distance of their means from ours of the same model, in Monte Carlo standard errors of both.
*seconds* are those of sampling, warm-up included, and ours those of drawing all effects; gradients
are those of the draws that are kept.  *trusted*: runs with R-hat at most 1.01 and ESS at least 400.
*Cold*: every compile cache is empty, the first time.  *Warm*: the problem has been run before.
*start to summary* goes from the start of the process to the table of the quantities named above.

Priors, the same for everybody: Normal for the intercept (after centring) and the slope, half-t for
the groups' sds and sigma, LKJ for the correlation.  Two peers cannot have all of it, and are held
against ours of the model they have: Bambi has no correlation (*independent*, `y ~ x + (x || g)`),
and rstanarm no prior of covariances but its own (*decov*).  Every package samples as it comes:
target acceptance is 0.95 in rstanarm and, unless the effects are collapsed, in ours; in others 0.8.
"""


def honest(records: Sequence[Record]) -> list[Record]:
    return [r for r in records if r["rhat"] <= AGREED]


def comparisons(records: Sequence[Record], limit: float) -> str:
    """Ours by each peer, in the peer's form of the model; a bound where only the limit is known."""
    peers = list(dict.fromkeys(r["of"] for r in records if r["of"] != "ours"))
    rows = []
    for problem in report.names(records, "problem"):
        here = [r for r in records if r["problem"] == problem]
        rows.append([f"{problem}: ESS/s", *[speed(here, peer) for peer in peers]])
        for state, label in (("cold", "first time"), ("warm", "warm")):
            cells = [start(here, peer, state, limit) for peer in peers]
            rows.append([f"{problem}, {label}: start to summary", *cells])
    return report.table(["ours is better by", *peers], rows) if peers else ""


def pair(
    records: Sequence[Record], peer: str, state: str, form: str | None = None
) -> tuple[list[Record], list[Record]]:
    """Ours and the peer's runs of one state, in the peer's form unless another is wanted."""
    theirs = [r for r in records if r["of"] == peer and r["state"] == state]
    wanted = form or (theirs[0]["form"] if theirs else None)
    return report.select(records, of="ours", form=wanted, state=state), theirs


def speed(records: Sequence[Record], peer: str) -> str:
    ours, theirs = pair(records, peer, "warm")
    good = honest(report.select(theirs))
    return report.times(report.ratio(ours, good, lambda r: float(r["ess_per_second"])))


def start(records: Sequence[Record], peer: str, state: str, limit: float) -> str:
    """Of runs of full size: fewer draws would be sooner there."""
    ours, theirs = pair(records, peer, state, form="lkj" if state == "cold" else None)
    full = [r for r in theirs if r["peer"] == peer]
    if ours and any(r.get("not_within") for r in full):
        return f"> {limit / statistics.median(r['to_summary'] for r in ours):.1f}x"
    return report.times(report.ratio(ours, report.select(full), lambda r: 1.0 / r["to_summary"]))


def of_problem(records: Sequence[Record], problem: str) -> str:
    """As of any problem, with what the model is, and what there is to say of agreement."""
    here = [r for r in records if r["problem"] == problem]
    return "\n\n".join(
        part
        for part in (report.of_problem(records, problem), model(problem), remarks(here))
        if part
    )


def model(problem: str) -> str:
    """Print formula and priors."""
    r = models.REGRESSIONS[problem]
    outcome = f"{r.outcome} | trials({r.trials})" if r.trials else r.outcome
    sigma = f", sigma half-t{r.sigma}" if r.sigma else ""
    return (
        f"`{outcome} ~ {r.predictor} + ({r.predictor} | {r.group})`, {r.family}; intercept "
        f"Normal{r.intercept}, slope Normal{r.slope}, sds half-t{r.sd}, LKJ({r.cor}){sigma}."
    )


def remarks(records: Sequence[Record]) -> str:
    """Our form of the effects, how far the truth is, and the largest z of all runs."""
    done = report.select(records)
    ours = [r for r in done if r["of"] == "ours"]
    forms = list(dict.fromkeys(r["note"] for r in ours if r["note"]))
    found = [f"Effects in ours: {', '.join(forms)}."] if forms else []
    if far := largest(ours, lambda r: r["from_truth"]):
        found.append(f"From the truth ours is at most {far['from_truth']:.1f} posterior sds.")
    if far := largest(done, lambda r: r["z"]):
        found.append(f"Largest |z| of all runs: {far['z']:.1f} ({far['peer']}, {far['z_of']}).")
    return " ".join(found)


def largest(records: Sequence[Record], value: Callable[[Record], float | None]) -> Record | None:
    known = [r for r in records if value(r) is not None]
    return max(known, key=lambda r: value(r) or 0.0, default=None)


def markdown(kept: dict[str, Any]) -> str:
    records, machine, settings = kept["runs"], kept["machine"], kept["settings"]
    parts = [
        "# Regressions side by side",
        ABOUT.format(**settings).strip(),
        f"{machine['date']}, {machine['cpu']}, {machine['system']}; load average before a run: "
        f"median {report.cell(records, report.load, '.1f')}.",
        "\n".join(f"* {reason}" for reason in kept["skipped"]),
        comparisons(records, settings["limit"]),
        *[of_problem(records, problem) for problem in report.names(records, "problem")],
        report.versions(full_names(records)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def full_names(records: Sequence[Record]) -> list[Record]:
    """One row of versions for each program."""
    return [r | {"peer": r["of"]} for r in records]
