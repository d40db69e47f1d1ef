"""Hierarchical regressions, ours and peers side by side: `python benchmarks/regressions.py`.

The same model, data and priors for everybody, as far as a package has them (`peers/formulas/`), 4
chains on 2 cores.  Every run is a process of its own with a time limit; what does not end within it
is run with fewer draws, and the table says so.  For the first seeds with empty compile caches, too.
A peer's posterior means are held against ours of the same seed.  Writes `regressions.md` and every
single run to `regressions.json`.  All of it takes hours; leave the machine alone.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import measure
import numpy as np
import regression_data
import regression_report
import running
from compare import at_least, machine, make_ready
from environments import HERE, NotWithinError, Peer, PeerError
from peers.formulas import models
from running import COLD, WARM

from mcmc_edu import diagnostics

FORM = {"ours": "lkj", "pystan": "lkj", "bambi": "independent", "rstanarm": "decov"}
"""The form of the model that a peer has; ours is run in those of its peers as well."""

RACE, TRIES = "pop from empty list", 3
"""httpstan ends a run, at random, if a part of Stan's log arrives in the middle of a line."""

Means = dict[str, tuple[float, float]]
"""Posterior means by quantity, with their Monte Carlo standard errors."""


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    peers, every = [peer for peer in FORM if peer != "ours"], list(models.REGRESSIONS)
    parser = argparse.ArgumentParser(prog="regressions.py", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add(
        "--peers",
        nargs="*",
        choices=peers,
        default=peers,
        metavar="PEER",
        help=f"of {', '.join(peers)}; ours runs in any case",
    )
    add(
        "--problems",
        nargs="+",
        choices=every,
        default=every,
        metavar="PROBLEM",
        help=f"of {', '.join(every)}",
    )
    add("--seeds", type=at_least(1), default=3, help="number of seeds, from 1 on")
    add("--cold", type=at_least(0), default=1, help="number of seeds to start cold, too")
    add("--draws", type=at_least(100), default=1000)
    add("--warmup", type=at_least(1), default=1000)
    add(
        "--fewer",
        nargs="*",
        type=at_least(20),
        default=[200, 50],
        metavar="DRAWS",
        help="warm-up draws and draws to try in turn where so many do not end in time",
    )
    add("--limit", type=float, default=600.0, help="seconds that a run may take")
    add(
        "--data",
        type=Path,
        default=os.environ.get("MCMC_EDU_SHARED"),
        help=f"folder with {regression_data.RADON}, or with data/ that has it; without it radon "
        "is skipped; MCMC_EDU_SHARED unless given",
    )
    add("--out", type=Path, default=HERE / "regressions.md", help="the table; .json beside it")
    args = parser.parse_args(arguments)
    if args.data is not None and (args.data / "data").is_dir():
        args.data = args.data / "data"
    args.cold = min(args.cold, args.seeds)
    return args


def label(peer: str, form: str) -> str:
    return peer if FORM[peer] == form else f"{peer}, {form}"


def plan(args: argparse.Namespace, problems: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every run of full size, in order: ours before those that are held against it."""
    forms = dict.fromkeys(["lkj", *[FORM[peer] for peer in args.peers]])
    rows = [("ours", form) for form in forms] + [(peer, FORM[peer]) for peer in args.peers]
    for problem in problems:
        for seed in range(1, args.seeds + 1):
            for peer, form in rows:
                if seed <= args.cold and form == FORM[peer]:
                    yield {
                        "problem": problem,
                        "seed": seed,
                        "peer": peer,
                        "form": form,
                        "state": COLD,
                    }
                yield {"problem": problem, "seed": seed, "peer": peer, "form": form, "state": WARM}


class Runs:
    """Runs one step of the plan after the other, and remembers what later ones need."""

    def __init__(self, args: argparse.Namespace, data: dict[str, Path]) -> None:
        self.args = args
        self.data = data
        self.ours: dict[tuple[str, str, int], Means] = {}
        self.first: dict[tuple[str, str], int] = {}
        """Of peers that have not ended in time: the first of the sizes that is left to try."""

    def run(self, step: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield records: of what is asked for, or of the failure and then of fewer draws."""
        sizes = [(self.args.warmup, self.args.draws), *((n, n) for n in self.args.fewer)]
        key = (step["problem"], label(step["peer"], step["form"]))
        if step["state"] == COLD and key in self.first:
            return
        for k in range(self.first.get(key, 0), len(sizes)):
            record = self.one(step, *sizes[k])
            yield record
            if step["state"] == COLD or not record.get("not_within"):
                return
            self.first[key] = k + 1

    def one(self, step: dict[str, Any], warmup: int, draws: int) -> dict[str, Any]:
        """One record; a run that lost httpstan's race is made again."""
        for _ in range(TRIES):
            record = self.once(step, warmup, draws)
            if RACE not in record.get("error", ""):
                break
        return record

    def once(self, step: dict[str, Any], warmup: int, draws: int) -> dict[str, Any]:
        """Run a process; the record of what it reports, or of its failure."""
        peer, problem, form = step["peer"], step["problem"], step["form"]
        full = (warmup, draws) == (self.args.warmup, self.args.draws)
        name = label(peer, form) + ("" if full else f", {warmup} + {draws} draws")
        record = step | {"peer": name, "of": peer, "warmup": warmup, "draws": draws}
        try:
            return record | running.run(
                Peer(f"formulas.{peer}"),
                f"{problem}_{form}",
                step["seed"],
                data=self.data[problem],
                draws=draws,
                warmup=warmup,
                state=step["state"],
                timeout=self.args.limit,
                worth=partial(self.worth, step),
                cache_name=problem,
            )
        except PeerError as error:
            return record | {"error": str(error), "not_within": isinstance(error, NotWithinError)}

    def worth(
        self, step: dict[str, Any], path: Path, problem: str, report: dict[str, Any]
    ) -> dict[str, Any]:
        """As `measure.worth`, with ours of the same model and seed in place of an exact answer."""
        found, (regression, form) = measure.read(path), models.of(problem)
        measure.check_names(problem, found, regression.quantities(form))
        key = (step["problem"], form, step["seed"])
        wanted = None if step["peer"] == "ours" else self.ours.get(key)
        if step["peer"] == "ours":
            self.ours[key] = {
                name: (float(x.mean()), diagnostics.mcse_mean(x)) for name, x in found.items()
            }
        far = measure.farthest(found, wanted) if wanted else {"z": None, "z_of": None}
        return (
            measure.efficiency(found, report)
            | far
            | {
                "means": {name: float(x.mean()) for name, x in found.items()},
                "from_truth": from_truth(found, regression_data.truth_of(step["problem"])),
            }
        )


def from_truth(found: dict[str, np.ndarray], truth: dict[str, float]) -> float | None:
    """Largest distance of a posterior mean from what data were made from, in posterior sds."""
    return max(
        (
            abs(float(found[n].mean()) - truth[n]) / float(found[n].std())
            for n in truth
            if n in found
        ),
        default=None,
    )


def line(record: dict[str, Any]) -> str:
    start = " ".join(str(record[key]) for key in ("problem", "seed", "peer", "state")) + ":"
    if "error" in record:
        return f"{start} failed: {record['error']}"
    z = "" if record["z"] is None else f", largest |z| {record['z']:.1f} of {record['z_of']}"
    return (
        f"{start} {record['to_summary']:.1f} s to summary, {record['seconds']['sample']:.2f} s to "
        f"sample, ESS {record['ess']:.0f} of {record['ess_of']}, R-hat {record['rhat']:.3f}{z}"
    )


def written(args: argparse.Namespace) -> tuple[dict[str, Path], list[str]]:
    """Files of the problems' data, and a line on each that has to be skipped."""
    folder = running.RUNS / "data"
    folder.mkdir(parents=True, exist_ok=True)
    paths, skipped = {}, []
    for problem in args.problems:
        try:
            arrays = regression_data.data_of(problem, args.data)
        except FileNotFoundError as error:
            skipped.append(f"{problem} was skipped: {error}")
            continue
        paths[problem] = folder / f"{problem}.npz"
        np.savez(paths[problem], **arrays)
    return paths, skipped


def main(args: argparse.Namespace) -> None:
    data, skipped = written(args)
    modules = {peer: f"formulas.{peer}" for peer in ("ours", *args.peers)}
    reasons = make_ready(list(modules.values()), args.limit)
    skipped += [f"{peer} was skipped: {reasons[m]}" for peer, m in modules.items() if m in reasons]
    args.peers = [peer for peer in args.peers if modules[peer] not in reasons]
    print("\n".join(skipped), flush=True)
    runs, records = Runs(args, data), []
    settings = {"warmup": args.warmup, "draws": args.draws, "limit": args.limit}
    kept = {"machine": machine(), "settings": settings, "skipped": skipped, "runs": records}
    for step in plan(args, list(data)):
        for record in runs.run(step):
            records.append(record)
            print(line(record), flush=True)
            args.out.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n")
            args.out.write_text(regression_report.markdown(kept))
    print(f"written: {args.out} and {args.out.with_suffix('.json').name}")


if __name__ == "__main__":
    main(parse())
