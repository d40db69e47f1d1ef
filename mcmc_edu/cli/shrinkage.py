"""``mcmc-edu shrinkage``: complete, no and partial pooling compared."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from .usage import Commands, UsageError, check_writable

FIGURE = "shrinkage.png"
FORMATS = (".png", ".svg", ".pdf")


def add_to(commands: Commands) -> None:
    """Describe the command to the parser."""
    parser = commands.add_parser(
        "shrinkage",
        help="compare complete, no and partial pooling: errors, convergence, figure",
        description="Compare complete, no and partial pooling on the data of Bølstad (2018), or on "
        "your own: the error of each model's estimates, whether its chains can be trusted, and the "
        "figure.",
    )
    add = parser.add_argument
    add("--seed", type=int, metavar="N", help="seed of R's stream: data and chains (default 1)")
    add("--individuals", type=int, metavar="N", help="individuals to simulate (default 75)")
    add("--observations", type=int, metavar="N", help="observations of each (default 5)")
    add(
        "--data",
        type=Path,
        metavar="CSV",
        help="data of your own: columns y, x, group; and alpha, beta, the truth, if known",
    )
    add(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"figure to write, {', '.join(FORMATS)} (default {FIGURE}; none with --json)",
    )
    add("--json", action="store_true", help="print the report for programs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Carry the command out."""
    out = options.out or (None if options.json else Path(FIGURE))
    if out is not None:
        check_writable(out, FORMATS)
    report = _report(options)
    if out is not None:
        _write_figure(report, out)
    if options.json:
        print(json.dumps(report.to_json(), indent=2, allow_nan=False))
        return
    print(report)
    print(f"\nfigure: {out}")


def _report(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    from ..comparison import demonstration, shrinkage
    from ..datasets import read_csv

    seed = 1 if options.seed is None else options.seed
    try:
        if options.data is None:
            individuals = 75 if options.individuals is None else options.individuals
            observations = 5 if options.observations is None else options.observations
            return demonstration(seed, individuals, observations)
        for name in ("individuals", "observations"):
            if getattr(options, name) is not None:
                raise UsageError(f"--{name} is for simulated data; leave it out with --data")
        try:
            data = read_csv(options.data)
        except OSError as error:
            raise UsageError(
                f"--data {options.data} cannot be read ({error.strerror}); check the path"
            ) from None
        return shrinkage(data, seed=seed)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _write_figure(report, out: Path) -> None:  # type: ignore[no-untyped-def]
    """Write beside the target and rename, so that a figure is there whole or not at all."""
    import matplotlib

    matplotlib.use("agg")
    handle, name = tempfile.mkstemp(suffix=out.suffix, prefix=f".{out.stem}-", dir=out.parent)
    os.close(handle)
    try:
        report.plot().savefig(name, dpi=150)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, out)
    except OSError as error:
        raise UsageError(f"--out {out} could not be written ({error.strerror})") from None
    finally:
        Path(name).unlink(missing_ok=True)
