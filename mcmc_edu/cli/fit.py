"""``mcmc-edu fit``: a formula and a CSV file in, estimates out."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .usage import Commands, UsageError, check_writable, one_line

if TYPE_CHECKING:
    from ..models import Fit, Model

FORMAT = ".npz"


def add_to(commands: Commands) -> None:
    """Describe the command to the parser."""
    parser = commands.add_parser(
        "fit",
        help="fit a hierarchical regression to a CSV file",
        description="Fit a hierarchical regression to the columns of a CSV file.",
        epilog="example: mcmc-edu fit sleepstudy.csv 'Reaction ~ Days + (Days | Subject)' --seed 1",
    )
    describe_model(parser)
    add = parser.add_argument
    add("--out", type=Path, metavar="FILE", help="where to save the fit, .npz, for me.load_fit")
    add("--json", action="store_true", help="print estimates for programs")
    parser.set_defaults(run=run)


def describe_model(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say what is fitted, and how."""
    from ..families.registry import names

    families = names()
    add = parser.add_argument
    add("data", type=Path, metavar="CSV", help="data, the names of the columns in the first line")
    add("formula", help="in lme4's notation, 'y ~ x + (x | g)' or 'k | trials(n) ~ (1 | g)'")
    add(
        "--family",
        default="gaussian",
        metavar="NAME",
        help=f"{families[0]} (default), {', '.join(families[1:-1])} or {families[-1]}",
    )
    add("--link", metavar="NAME", help="logit (default) or probit of binomial outcomes")
    add("--pooling", default="partial", metavar="KIND", help="partial (default), none or complete")
    add("--draws", type=int, default=1000, metavar="N", help="draws of each chain (default 1000)")
    add("--warmup", type=int, default=1000, metavar="N", help="before them (default 1000)")
    add("--chains", type=int, default=4, metavar="N", help="number of chains (default 4)")
    add(
        "--seed", type=int, metavar="N", help="seed of the random numbers, for the same draws again"
    )
    add("--weights", metavar="COLUMN", help="column of how many observations each row stands for")
    add("--drop-missing", action="store_true", help="leave rows with missing values out")


def run(options: argparse.Namespace) -> None:
    """Carry the command out."""
    check_counts(options)
    _check_out(options.out)
    fit = fitted(options, read(options.data), lambda model: None)
    if options.json:
        _save(fit, options.out)
        print(json.dumps(finite(_estimates(fit, options.out)), indent=2, allow_nan=False))
        return
    print(fit.summary().text())
    if options.out is not None:
        _save(fit, options.out)
        print(f"\nsaved: {options.out}")


def check_counts(options: argparse.Namespace) -> None:
    """Refuse numbers of draws or chains, and seeds, that are too small."""
    for name, least in (("draws", 1), ("warmup", 0), ("chains", 1), ("seed", 0)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise UsageError(f"--{name} is {value}; it must be {least} or more")


def _check_out(out: Path | None) -> None:
    """Refuse at once what would fail in the end."""
    if out is not None:
        if out.suffix != FORMAT:
            raise UsageError(f"--out {out} must end in {FORMAT}")
        check_writable(out, (FORMAT,))


def read(path: Path) -> Any:
    """Read a CSV file as a data frame.

    Raises
    ------
    UsageError
        If pandas is not installed, or the file is no table.
    """
    try:
        import pandas
    except ImportError as error:
        raise UsageError(
            f"reading data needs pandas ({one_line(error)}): pip install 'mcmc_edu[formula]'"
        ) from None
    try:
        return pandas.read_csv(path, low_memory=False)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror or one_line(error)}); check the path"
        ) from None
    except ValueError as error:  # pandas' own errors and those of decoding
        raise UsageError(
            f"{path} is no table ({one_line(error)}); give a CSV file in UTF-8, the names of its "
            "columns in the first line"
        ) from None


def fitted(options: argparse.Namespace, data: Any, check: Callable[[Model], object]) -> Fit:
    """Fit the model that the options describe, once it has passed a check.

    Raises
    ------
    UsageError
        If it cannot be fitted.
    """
    from ..models import Model

    try:
        model: Model = Model(
            options.formula,
            data,
            options.family,
            link=options.link,
            pooling=options.pooling,
            missing="drop" if options.drop_missing else "error",
            weights=options.weights,
        )
        check(model)
        return model.fit(
            draws=options.draws, warmup=options.warmup, chains=options.chains, seed=options.seed
        )
    except (ImportError, TypeError, ValueError) as error:
        said = one_line(error).replace('missing="drop"', "--drop-missing")
        raise UsageError(said) from None


def _save(fit: Fit, out: Path | None) -> None:
    if out is None:
        return
    try:
        fit.save(out)
    except OSError as error:
        raise UsageError(f"--out {out} could not be written ({error.strerror})") from None


def _estimates(fit: Fit, out: Path | None) -> dict[str, Any]:
    """Collect the JSON output: all estimates, their settings, and warnings."""
    model, summary, remarks = fit.model, fit.summary(), fit.remarks()
    forms = [
        {"group": grouping.name, "form": choice.form, "reason": choice.reason}
        for grouping, choice in zip(model.design.groupings, model.choices, strict=True)
    ]
    chains, draws, _ = fit.draws.array.shape
    return {
        "formula": model.design.formula,
        "family": model.family.name,
        "link": model.family.link,
        "pooling": model.pooling,
        "rows": int(model.design.y.size),
        "observations": int(model.assembled.data.observations),
        "dropped": model.design.dropped,
        "chains": chains,
        "draws": draws,
        "forms": forms,
        "estimates": summary.rows,
        "effects": {name: table.rows for name, table in fit.ranef().items()},
        "remarks": remarks[len(forms) :],
        "warnings": list(summary.notes)[len(remarks) :],
        "saved": None if out is None else str(out),
    }


def finite(value: Any) -> Any:
    """Replace NaN and infinity, which JSON cannot represent, by None."""
    if isinstance(value, Mapping):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
