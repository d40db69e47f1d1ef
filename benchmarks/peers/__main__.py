"""Run one peer on one problem: `python -m peers nutpie boelstad_centered 1 out.json --data ...`.

From `benchmarks/`, by the Python of the peer's own environment, which needs NumPy and the peer.  A
peer is a module of this folder whose top-level imports are those that its user would write, with

    build(problem, data)                 the model, as its user would write it
    compile(model, settings)             whatever can be made ready before sampling
    sample(compiled, settings, seed)     a `Result`
    summarize(result)                    the table with R-hat that its user would look at
    log_density(model, point)            for the tests: at natural parameters, no log-Jacobians

Phases: launch (of Python itself), import, build, compile, sample, summary.  The draws are written
beside `out.json` as `out.npz`: name to array (chain, draw) or (chain, draw, k).
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .protocol import Result, Settings, versions


def run(peer: str, problem: str, seed: int, data: Path, settings: Settings, spawned: float) -> Any:
    """Go through the phases; return what is known of them, and the draws."""
    seconds = {"launch": time.time() - spawned}

    def timed(phase: str, do: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        value = do()
        seconds[phase] = time.perf_counter() - begin
        return value

    module = timed("import", lambda: importlib.import_module(f".{peer}", __package__))
    arrays = dict(np.load(data))
    model = timed("build", lambda: module.build(problem, arrays))
    compiled = timed("compile", lambda: module.compile(model, settings))
    result: Result = timed("sample", lambda: module.sample(compiled, settings, seed))
    to_draws = time.time() - spawned
    timed("summary", lambda: module.summarize(result))
    to_summary = time.time() - spawned

    if result.again is not None:  # the same once more, compiled by now: what was sampling alone
        begin = time.perf_counter()
        result.again()
        result.sample_seconds = min(seconds["sample"], time.perf_counter() - begin)
    if result.sample_seconds is not None:
        other = seconds["sample"] - result.sample_seconds
        seconds[result.rest] = seconds.get(result.rest, 0.0) + other
        seconds["sample"] = result.sample_seconds
    report = {
        "seconds": seconds,
        "to_draws": to_draws,
        "to_summary": to_summary,
        "gradients": result.gradients,
        "warmup_gradients": result.warmup_gradients,
        "divergences": result.divergences,
        "note": result.note,
        "versions": {
            "python": sys.version.split()[0],
            **versions(module.PACKAGES),
            **result.versions,
        },
    }
    return report, result.draws


def check(peer: str, problem: str, data: Path, points: Path) -> list[float]:
    """Log densities, up to one constant, at the points of a file, name to array (points, ...)."""
    module = importlib.import_module(f".{peer}", __package__)
    model = module.build(problem, dict(np.load(data)))
    many = dict(np.load(points))
    size = len(next(iter(many.values())))
    return [
        float(module.log_density(model, {name: values[i] for name, values in many.items()}))
        for i in range(size)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m peers")
    parser.add_argument("peer")
    parser.add_argument("problem")
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the problem's arrays, .npz")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--warmup", type=int, default=1000)
    parser.add_argument("--spawned", type=float, default=time.time(), help="when, by time.time()")
    parser.add_argument("--check", type=Path, help="points, .npz: only write log densities there")
    args = parser.parse_args()
    if args.check:
        args.out.write_text(json.dumps(check(args.peer, args.problem, args.data, args.check)))
        return
    settings = Settings(args.draws, args.warmup)
    report, draws = run(args.peer, args.problem, args.seed, args.data, settings, args.spawned)
    np.savez(args.out.with_suffix(".npz"), **draws)
    args.out.write_text(json.dumps(report))


if __name__ == "__main__":
    main()
