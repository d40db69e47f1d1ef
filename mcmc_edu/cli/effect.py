"""``mcmc-edu effect``: what a treatment does to whom, from a formula and a CSV file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .fit import check_counts, describe_model, finite, fitted, read
from .usage import Commands, UsageError, check_writable, one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = (".png", ".pdf", ".svg")


def add_to(commands: Commands) -> None:
    """Describe the command to the parser."""
    parser = commands.add_parser(
        "effect",
        help="estimate the effect of a treatment, overall or in subgroups",
        description="Fit a regression to a CSV file and estimate the effect of a treatment.",
        epilog="example: mcmc-edu effect data.csv 'y ~ z * (a + b) + (1 + z | g)' --treatment z "
        "--by a --seed 1",
    )
    describe_model(parser)
    add = parser.add_argument
    add("--treatment", required=True, metavar="COLUMN", help="a predictor of the formula")
    add("--by", metavar="COLUMNS", help="a row for each value, or combination: a, or a:b")
    add(
        "--values",
        nargs=2,
        metavar=("LOW", "HIGH"),
        help="values to compare, of a treatment with more than two",
    )
    add(
        "--comparison",
        default="difference",
        metavar="KIND",
        help="difference (default), ratio or lift",
    )
    add("--scale", default="response", metavar="KIND", help="response (default) or link")
    add(
        "--groups",
        default="fitted",
        metavar="KIND",
        help="fitted (default), zero or sample: which group effects are in it",
    )
    add("--plot", type=Path, metavar="FILE", help="where to draw it, .png, .pdf or .svg")
    add("--json", action="store_true", help="print estimates for programs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Carry the command out."""
    from ..models.verbs.effect.effect import check_question

    check_counts(options)
    if options.plot is not None:
        check_writable(options.plot, PICTURES, "--plot")
    asked = {
        "treatment": options.treatment,
        "values": None if options.values is None else [_value(text) for text in options.values],
        "comparison": options.comparison,
        "scale": options.scale,
        "by": None if options.by is None else options.by.replace(",", ":"),
        "groups": options.groups,
    }
    fit = fitted(options, read(options.data), lambda model: check_question(model, **asked))
    try:
        found = fit.effect(**asked, seed=options.seed)
    except ValueError as error:
        raise UsageError(one_line(error)) from None
    warnings = list(fit.summary().notes)[len(fit.remarks()) :]
    if options.json:
        rows = {"effects": found.table.rows, "notes": found.notes, "warnings": warnings}
        print(json.dumps(finite(rows), indent=2, allow_nan=False))
    else:
        print(found)
        for line in warnings:
            print(f"Warning: {line}")
    if options.plot is not None:
        cast("Figure", found.plot().figure).savefig(options.plot)


def _value(text: str) -> float | str:
    """Return a number if the text is one."""
    try:
        return float(text)
    except ValueError:
        return text
