"""Is it slower than before?  `python benchmarks/before.py [COMMIT] [--pairs 15]`.

Time per gradient of this checkout and of a commit, HEAD's parent if none is named, in turn: a pair
is one process of each.  Warm-up is not timed: step size and metric are fixed by then.  A
ratio below 1 says that this checkout is faster.  Beside the median of the ratios of all pairs is an
interval that has the true median in at least 90 of 100 such runs, from order statistics alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from math import comb
from pathlib import Path

ROOT = Path(__file__).parent.parent

MEASURE = """
import json
import os
import mcmc_edu as me
from mcmc_edu import targets

assert me.__file__.startswith(os.getcwd()), "another checkout is measured"
post = me.datasets.boelstad(seed=1)
sleep, funding = me.datasets.sleepstudy(), me.datasets.funding()
counts = me.datasets.simulate_regression("poisson", groups=60, observations=5, seed=5).columns
normal = targets.ill_conditioned_normal(dim=100, condition=1e4)
MODELS = {
    "sleepstudy": me.Model("Reaction ~ Days + (Days | Subject)", sleep),
    "funding": me.Model("awards | trials(applications) ~ male + (male | discipline)", funding,
                        "binomial", parameterization="noncentered"),
    "poisson": me.Model("y ~ x + (x | group)", counts, "poisson", parameterization="noncentered"),
    "two factors": me.Model("Reaction ~ 1 + (1 | Subject) + (1 | Days)", sleep,
                            parameterization="noncentered"),
}

def draws_of(found):
    return found.draws if isinstance(found, me.Fit) else found

def time(run):
    settings = {"chains": 1, "threads": 1, "progress": False}
    first = draws_of(run(**settings, warmup=500, draws=100, seed=1))
    settings |= {"sampler": first.tuning[0], "theta0": first.array[0, -1], "warmup": 0, "seed": 2}
    a_draw = first.stats["n_gradients"].mean()
    draws = draws_of(run(**settings, draws=int(GRADIENTS / a_draw)))
    return draws.seconds["sample"] / float(draws.stats["n_gradients"].sum())

found = {}
for form in ("collapsed", "noncentered", "centered"):
    found[f"post, {form}"] = time(me.models.partial_pooling(post, form).sample)
for name, model in MODELS.items():
    found[name] = time(model.fit)

def of_normal(theta0=normal.start, **settings):
    return me.sample(normal.log_density, theta0, data=normal.data, **settings)

found["normal"] = time(of_normal)
print(json.dumps(found))
"""


def measure(checkout: Path, gradients: int) -> dict[str, float]:
    """Seconds per gradient of each problem, by the package in a checkout."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.replace("GRADIENTS", str(gradients))],
        env=os.environ | {"PYTHONPATH": str(checkout)},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{checkout} could not be measured:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def interval_of_median(values: list[float], coverage: float = 0.9) -> tuple[float, float]:
    """Order statistics with the true median between them, with at least this probability.

    Examples
    --------
    >>> interval_of_median([float(i) for i in range(15)])
    (3.0, 11.0)
    """
    ordered, n = sorted(values), len(values)
    outside, k = 2.0 / 2**n, 0  # both tails, when the ends are the smallest and the largest
    while k + 1 < n / 2 and 1.0 - (outside + 2.0 * comb(n, k + 1) / 2**n) >= coverage:
        k += 1
        outside += 2.0 * comb(n, k) / 2**n
    return ordered[k], ordered[n - 1 - k]


def compare(commit: str, pairs: int, gradients: int) -> dict[str, list[tuple[float, float]]]:
    """Measure both in turn; (before, now) of each pair, by problem."""
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(before)], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=before, check=True)
        for pair in range(pairs + 1):  # the first compiles, and is not counted
            checkouts = (before, ROOT) if pair % 2 else (ROOT, before)
            times = {checkout: measure(checkout, gradients) for checkout in checkouts}
            for problem in times[ROOT] if pair else ():
                found.setdefault(problem, []).append((times[before][problem], times[ROOT][problem]))
    return found


def table(found: dict[str, list[tuple[float, float]]]) -> str:
    """Show microseconds a gradient, and the ratio, now by before, with its interval."""
    lines = [f"{'':20s}{'before':>9s}{'now':>9s}{'ratio':>8s}   90 % interval"]
    for problem, times in found.items():
        ratios = [now / before for before, now in times]
        low, high = interval_of_median(ratios)
        medians = [1e6 * statistics.median(column) for column in zip(*times, strict=True)]
        lines.append(
            f"{problem:20s}{medians[0]:8.2f}µ{medians[1]:8.2f}µ{statistics.median(ratios):8.3f}"
            f"   {low:.3f} to {high:.3f}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", nargs="?", default="HEAD~1", help="what to compare with")
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--gradients", type=int, default=50_000, help="of each problem")
    options = parser.parse_args()
    print(table(compare(options.commit, options.pairs, options.gradients)))


if __name__ == "__main__":
    main()
