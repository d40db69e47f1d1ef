"""What effects in subgroups are worth: `python benchmarks/effects.py [coverage ...] [--brms]`.

Four studies, each of simulated experiments with a Monte Carlo error for every number.  A study that
is named is run; all are if none is named.  Results go to effects.json, and all that are there to
effects.md.  `--brms` lets brms fit again, in the same run, and not from the stored times.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import effect_coverage
import effect_multiplicity
import effect_rmse
import effect_times
from compare import machine
from report import table

HERE = Path(__file__).parent
RESULTS, REPORT = HERE / "effects.json", HERE / "effects.md"
PERCENT = [f"{100 * level:g} %" for level in effect_coverage.LEVELS]

ABOUT = """\
# Effects in subgroups, as simulated experiments show them

`python benchmarks/effects.py --brms`. Beside every number, in brackets, is its Monte Carlo standard
error. All experiments are simulated.
"""


def pair(found: Sequence[float], digits: int) -> str:
    """Write a number and its standard error."""
    value, error = found
    return "-" if value != value else f"{value:.{digits}f} ({error:.{digits}f})"


def coverage_text(found: Mapping[str, Any]) -> str:
    """Report how often intervals hold the truth."""
    module, families = effect_coverage, list(found)
    kinds = [kind for kind in found[families[0]]["kinds"] if kind != module.BOUNDS]
    head = ["effect", *[f"{family}, {level}" for family in families for level in PERCENT]]

    def row(kind: str) -> list[str]:
        cells = [found[family]["kinds"][kind] for family in families]
        return [kind, *[pair(p, 3) for c in cells for p in zip(*c.values(), strict=True)]]

    sizes = " and ".join(f"{found[f]['experiments']} {f.capitalize()}" for f in families)
    return f"""\
## Intervals hold the truth as often as they say

{sizes} experiments of {module.ROWS} people in {module.PLACES} places are fitted by
`{module.FORMULA}`. The truth is drawn from the priors of the fit. Given is the share of
intervals that hold it, with standard errors over experiments. The population has cells, and
{module.UNSEEN} places, that are not in the experiment.

{table(head, [row(kind) for kind in kinds])}

The wrong order makes intervals for rows and averages their bounds. For the overall effect these
are too wide:

{table(head, [row(module.BOUNDS)])}
"""


def multiplicity_text(found: Mapping[str, Any]) -> str:
    """Report what 100 subgroups show."""
    module, ways = effect_multiplicity, found["ways"]
    rows = [
        [text, *[pair(ways[way][name], digits) for way in ways]]
        for name, (text, digits) in SUBGROUPS.items()
    ]
    return f"""\
## The same effect in {module.GROUPS} subgroups

There are {found["experiments"]} experiments of {module.GROUPS} groups of {module.ROWS} people,
half of them treated. The effect is {module.EFFECT} in every group, and the noise has sd 1.
Intervals have 95 %. *separate*: t intervals of each group alone. *partial*:
`y ~ z + (1 + z | g)` with default priors.

{table(["", *ways], rows)}

Alone, an estimate must be large to be significant, so that those that are have the wrong size, and
often the wrong sign. Pooled estimates lie near the overall effect; those that are significant have
its sign, and are too large by far less.
"""


SUBGROUPS = {
    "any misses": ("experiments in which an interval misses the overall effect", 3),
    "intervals that miss": ("intervals that miss it", 4),
    "any significant": ("experiments in which an interval is without 0 (significant)", 3),
    "significant": ("significant intervals", 4),
    "type S": ("estimates of the wrong sign among the significant (type S)", 3),
    "type M": ("mean size of the significant estimates, in true effects (type M)", 2),
    "rmse": ("root mean square error of all estimates", 3),
}


def rmse_text(found: Mapping[str, Any]) -> str:
    """Report errors of group effects, and by how much pooling with a predictor is better."""
    module, cells = effect_rmse, found["cells"]
    others = [way for way in module.ROW if way != "partial with w"]
    rows = [[name, *[pair(c["rmse"][way], 3) for way in module.ROW]] for name, c in cells.items()]
    less = [[name, *[pair(c["less"][way], 4) for way in others]] for name, c in cells.items()]
    return f"""\
## Errors of group effects

There are {found["replicates"]} replicates, of groups of {module.ROWS} people, half of them treated.
True effects have sd {module.SD:g} around {module.MEAN:g}; the estimate from one group has the
standard error 0.5. A predictor w of groups explains two thirds of their variance, or none
(*w irrelevant*). In *heavy tails* the rest comes from a t of 3 degrees of freedom with the same
variance. In *one effect for all* they do not vary. Given is the root mean square error.

*constant*: the true mean effect for every group, which needs no data. *none*: each group alone.
*complete*: one estimate for all. *partial*: `{module.FORMULAS["partial"]}`. *partial with w*:
`{module.FORMULAS["partial with w"]}`. *oracle*: everything is known but the group effects; with
heavy tails it is the best linear estimate.

{table(["", *module.ROW], rows)}

By how much the mean square error of *partial with w* is below that of the others, in the same
replicates:

{table(["", *others], less)}

{verdict(cells)}
"""


def verdict(cells: Mapping[str, Any]) -> str:
    """Say where partial pooling with w is best, and where it is not, by 2 standard errors."""
    best, losses = [], []
    for name, cell in cells.items():
        z = distances(cell)
        if all(z[way] > SHOWN for way in RIVALS):
            best.append(name)
        lost = [way for way in z if z[way] < -SHOWN]
        losses += [f"{name} (to {', '.join(lost)})"] if lost else []
    return (
        f"By more than {SHOWN:g} standard errors, *partial with w* is better than *none*, "
        f"*complete* and *constant* in: {'; '.join(best) or 'no setting'}.\n\n"
        f"By as much, it is worse in: {'; '.join(losses) or 'no setting'}."
    )


def distances(cell: Mapping[str, Any]) -> dict[str, float]:
    """Return by how many standard errors partial pooling with w is better than each way."""
    less = {way: cell["less"][way] for way in (*RIVALS, "partial")}
    return {way: difference / error for way, (difference, error) in less.items()}


SHOWN, RIVALS = 2.0, ("constant", "none", "complete")


def times_text(found: Mapping[str, Any]) -> str:
    """Report times beside those of brms."""
    rows = []
    for family, programs in found["families"].items():
        for program, t in programs.items():
            seconds = [f"{t[name]:.1f}" for name in ("first", "total", "sampling")]
            speed = f"{t['ess'] / t['sampling']:.0f}"
            rows.append([f"{family}, {program}", *seconds, f"{t['ess']:.0f}", speed])
    v = found["versions"]
    same = "in the same run" if found["one run"] else "when the reference was made"
    return f"""\
## Time of ours beside brms

`{effect_times.FORMULA}`, 1200 people in 100 groups;
4 chains of 1000 draws after 1000 of warm-up, on one core. The posteriors agree within Monte Carlo
error (`tests/test_effect_brms.py`). brms is {v["brms"]} with rstan {v["rstan"]} and
`adapt_delta = 0.95`, measured {same}. Ours is timed from the start of the process
to the table of effects: *first* with an empty cache of compiled code, and then again. brms is
timed within `brm`, which compiles every new model. Its seconds of sampling, as ours, include
warm-up. ESS (bulk) is the smallest of all quantities, effects included.

{table(["seconds", "first", "to the table", "of sampling", "ESS", "ESS/s"], rows)}
"""


def coverage(args: argparse.Namespace) -> dict[str, Any]:
    """Run the study of coverage."""
    found = {}
    for family, n in effect_coverage.EXPERIMENTS.items():
        count = args.experiments or n
        kinds = effect_coverage.study(family, count)
        found[family] = {"experiments": count, "kinds": kinds}
    return found


def multiplicity(args: argparse.Namespace) -> dict[str, Any]:
    """Run the study of many subgroups."""
    count = args.experiments or effect_multiplicity.EXPERIMENTS
    return {"experiments": count, "ways": effect_multiplicity.study(count)}


def rmse(args: argparse.Namespace) -> dict[str, Any]:
    """Run the study of errors."""
    count = args.experiments or effect_rmse.REPLICATES
    return {"replicates": count, "cells": effect_rmse.study(replicates=count)}


def times(args: argparse.Namespace) -> dict[str, Any]:
    """Measure times."""
    return effect_times.study(args.brms)


STUDIES: dict[str, tuple[Callable[[argparse.Namespace], Any], Callable[[Any], str]]] = {
    "coverage": (coverage, coverage_text),
    "multiplicity": (multiplicity, multiplicity_text),
    "rmse": (rmse, rmse_text),
    "times": (times, times_text),
}


def report(results: Mapping[str, Any]) -> str:
    """Write all results."""
    parts = [ABOUT]
    for name, (_, text) in STUDIES.items():
        if name in results:
            at = results[name]["machine"]
            where = ", ".join(filter(None, (at["date"], at["cpu"], at["note"])))
            parts.append(f"{text(results[name]['found'])}\n{where}.\n")
    return "\n".join(parts)


def named(text: str) -> str:
    """Check the name of a study."""
    if text not in STUDIES:
        raise argparse.ArgumentTypeError(f"{text!r}: expected one of {', '.join(STUDIES)}")
    return text


def main() -> None:
    """Run, keep the results and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="*", type=named, default=list(STUDIES))
    parser.add_argument("--experiments", type=int, help="as many in each study")
    parser.add_argument("--brms", action="store_true", help="run brms again")
    parser.add_argument("--note", default="", help="about the machine, such as 'shared'")
    parser.add_argument("--report", action="store_true", help="only write the report again")
    args = parser.parse_args()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in [] if args.report else args.studies:
        start = time.perf_counter()
        found = STUDIES[name][0](args)
        results[name] = {"found": found, "machine": machine() | {"note": args.note}}
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    REPORT.write_text(report(results))


if __name__ == "__main__":
    main()
