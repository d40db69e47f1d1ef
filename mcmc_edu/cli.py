"""The command `mcmc-edu`: the shrinkage demonstration from a terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ._version import __version__

FIGURE = "shrinkage.png"
FORMATS = (".png", ".svg", ".pdf")


class UsageError(Exception):
    """A request that cannot be carried out; the message says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0, or 2 with one line on stderr."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        _shrinkage(options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"mcmc-edu: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("mcmc-edu: interrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mcmc-edu", description="Learn MCMC and hierarchical models."
    )
    parser.add_argument("--version", action="version", version=f"mcmc-edu {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    shrinkage = commands.add_parser(
        "shrinkage",
        help="compare complete, no and partial pooling: errors, convergence, figure",
        description="Compare complete, no and partial pooling on the data of Bølstad (2018), or on "
        "your own: the error of each model's estimates, whether its chains can be trusted, and the "
        "figure.",
    )
    add = shrinkage.add_argument
    add("--seed", type=int, metavar="N", help="seed of R's stream: data and chains (default 1)")
    add("--individuals", type=int, metavar="N", help="individuals to simulate (default 75)")
    add("--observations", type=int, metavar="N", help="observations of each (default 5)")
    add(
        "--data", type=Path, metavar="CSV",
        help="data of your own: columns y, x, group; and alpha, beta, the truth, if known",
    )  # fmt: skip
    add(
        "--out", type=Path, metavar="FILE",
        help=f"figure to write, {', '.join(FORMATS)} (default {FIGURE}; none with --json)",
    )  # fmt: skip
    add("--json", action="store_true", help="print the report for programs")
    return parser


def _shrinkage(options: argparse.Namespace) -> None:
    out = options.out or (None if options.json else Path(FIGURE))
    if out is not None:
        _check_writable(out)
    report = _report(options)
    if out is not None:
        _write_figure(report, out)
    if options.json:
        print(json.dumps(report.to_json(), indent=2, allow_nan=False))
        return
    print(report)
    print(f"\nfigure: {out}")


def _report(options: argparse.Namespace):  # type: ignore[no-untyped-def]
    from .comparison import demonstration, shrinkage
    from .datasets import read_csv

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


def _check_writable(out: Path) -> None:
    """Find out before the work, not after it, that the figure cannot be written."""
    if out.suffix.lower() not in FORMATS:
        raise UsageError(
            f"--out {out} ends in {out.suffix or 'nothing'!r}; end it in {' or '.join(FORMATS)}"
        )
    if out.is_dir():
        raise UsageError(f"--out {out} is a folder; name a file in it")
    try:
        with tempfile.TemporaryFile(dir=out.parent):
            pass
        if out.exists():
            out.open("r+b").close()
    except OSError as error:
        raise UsageError(
            f"--out {out} cannot be written ({error.strerror}); name a file in a folder that "
            "exists and is yours"
        ) from None


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


if __name__ == "__main__":
    sys.exit(main())
