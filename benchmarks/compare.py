"""Ours and its peers on the same posteriors, side by side: `python benchmarks/compare.py`.

Like for like: the same posterior and parameterisation, 4 chains on 2 cores, 1000 warm-up draws and
1000 draws, double precision.  For each problem, for each seed, every peer runs in a process of its
own; for the first seeds three times, as its compile cache is empty, filled by another problem, and
filled by this one.  Writes a table of medians, and every single run as JSON.  All of it takes
hours; leave the machine alone.  The peers' environments (4 GB) are made at the first call.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import environments
import problems
import report
import running
from environments import HERE, PEERS, PeerError
from running import STATES, WARM


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare.py", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add(
        "--peers",
        nargs="+",
        choices=PEERS,
        default=list(PEERS),
        metavar="PEER",
        help=f"of {', '.join(PEERS)}; ours runs in any case",
    )
    add(
        "--problems",
        nargs="+",
        choices=problems.PROBLEMS,
        default=problems.USUAL,
        metavar="PROBLEM",
        help=f"of {', '.join(problems.PROBLEMS)}",
    )
    add("--seeds", type=at_least(1), default=7, help="number of seeds, from 1 on")
    add("--cold", type=at_least(0), default=3, help="number of seeds to start cold, too")
    add("--draws", type=at_least(100), default=1000)
    add("--warmup", type=at_least(1), default=1000)
    add("--timeout", type=float, default=900.0, help="seconds that a process may take")
    add("--out", type=Path, default=HERE / "results.md", help="the table; .json beside it")
    add("--quick", action="store_true", help="one seed")
    args = parser.parse_args(arguments)
    if args.quick:
        args.seeds = 1
    args.cold = min(args.cold, args.seeds)
    args.peers = ["ours", *[peer for peer in args.peers if peer != "ours"]]
    return args


def at_least(least: int) -> Callable[[str], int]:
    """Make a type for `argparse`: an integer that is not too small."""

    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is too few; at least {least}")
        return value

    return number


def plan(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Every process, in order: peers take turns, and cold comes before warm.

    A peer that stands twice has one cache; its second self is only run warm.
    """
    return [
        {"problem": problem, "seed": seed, "peer": peer, "state": state}
        for problem in args.problems
        for seed in range(1, args.seeds + 1)
        for peer in args.peers
        for state in (STATES if seed <= args.cold else (WARM,))
        if state == WARM or not PEERS[peer].warmup
    ]


def make_ready(modules: Sequence[str], timeout: float) -> dict[str, str]:
    """Make the environments and import each peer once; the reasons of those that fail."""
    reasons = {}
    for module in dict.fromkeys(modules):
        try:
            environments.make(module)
            running.prepare(module, timeout)
        except PeerError as error:
            reasons[module] = str(error)
    return reasons


def machine() -> dict[str, str]:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = models[0].split(":")[1].strip() if models else cpu
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cpu": f"{cpu}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
    }


def main(args: argparse.Namespace) -> None:
    reasons = make_ready([PEERS[peer].module for peer in args.peers], args.timeout)
    folder = running.RUNS / "data"
    folder.mkdir(parents=True, exist_ok=True)
    data = {problem: problems.write_data(problem, folder) for problem in args.problems}
    settings = f"4 chains on 2 cores, {args.warmup} warm-up draws and {args.draws} draws a chain"
    records: list[dict[str, Any]] = []
    for step in plan(args):
        peer = PEERS[step["peer"]]
        try:
            if peer.module in reasons:
                raise PeerError(reasons[peer.module])
            found = running.run(
                peer,
                step["problem"],
                step["seed"],
                data=data[step["problem"]],
                draws=args.draws,
                warmup=args.warmup,
                state=step["state"],
                timeout=args.timeout,
            )
        except PeerError as error:
            found = {"error": str(error)}
        records.append(step | found)
        print(line(records[-1]), flush=True)
        kept = {"machine": machine(), "settings": settings, "runs": records}
        args.out.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n")
        args.out.write_text(report.markdown(records, kept["machine"], settings))
    print(f"written: {args.out} and {args.out.with_suffix('.json').name}")


def line(record: dict[str, Any]) -> str:
    start = " ".join(str(record[key]) for key in ("problem", "seed", "peer", "state")) + ":"
    if "error" in record:
        return f"{start} failed: {record['error']}"
    return (
        f"{start} {record['to_summary']:.1f} s to summary, {record['seconds']['sample']:.2f} s to "
        f"sample, smallest ESS {record['ess']:.0f}, largest |z| {record['z']:.1f}"
    )


if __name__ == "__main__":
    main(parse())
