"""Are the draws the same as before?  `benchmarks/same_draws.py [COMMIT | --write | --check]`.

Twenty runs over all forms, outcomes and samplers, each with a hash of its draws and of what is
derived from them.  Compared are this checkout and a commit, HEAD's parent if none is named, in one
run: another processor takes another way.  `--write` keeps the hashes in same_draws.json with the
processor and versions that they belong to; `--check` compares with those, and refuses to elsewhere.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
KEPT = Path(__file__).with_suffix(".json")

RUNS = """
import hashlib
import json
import os
import warnings

import numpy as np

import mcmc_edu as me

assert me.__file__.startswith(os.getcwd()), "another checkout is run"
warnings.simplefilter("ignore")
SHORT = {"seed": 1, "draws": 100, "warmup": 150, "chains": 2, "progress": False}
sleep, funding = me.datasets.sleepstudy(), me.datasets.funding()
post = me.datasets.boelstad(seed=1)
found = {}


def keep(name, draws):
    digest = hashlib.sha256(np.ascontiguousarray(draws.array).tobytes())
    for column in sorted(draws.names):
        values = draws[column]
        digest.update(str(column).encode() + np.ascontiguousarray(values).tobytes())
    found[name] = digest.hexdigest()[:16]


def by_formula(name, formula, data, family="gaussian", sampler=None, **settings):
    fit = me.Model(formula, data, family=family, **settings).fit(**SHORT, **(
        {} if sampler is None else {"sampler": sampler}))
    keep(name, fit.draws)


def simulated(family):
    return me.datasets.simulate_regression(family, groups=12, observations=8, seed=2).columns


for form in ("collapsed", "noncentered", "centered"):
    keep(f"post, {form}", me.models.partial_pooling(post, form).sample(**SHORT))
keep("post, no pooling", me.models.no_pooling(post).sample(**SHORT))
keep("post, complete pooling", me.models.complete_pooling(post).sample(**SHORT))
line = "Reaction ~ Days + (Days | Subject)"
by_formula("lines, decov", line, sleep, priors="rstanarm")
by_formula("lines, none", line, sleep, pooling="none")
by_formula("two factors, collapsed and centred", "Reaction ~ 1 + (1 | Subject) + (1 | Days)", sleep,
           parameterization={"Subject": "collapsed", "Days": "centered"})
by_formula("funding", "awards | trials(applications) ~ male + (male | discipline)", funding,
           "binomial", parameterization="noncentered")
for family, form in (("student", "noncentered"), ("bernoulli", "centered"),
                     ("poisson", "noncentered"), ("negbin", "centered"),
                     ("ordered", "noncentered"), ("categorical", "noncentered")):
    by_formula(family, "y ~ x + (x | group)", simulated(family), family, parameterization=form)
by_formula("horseshoe", "y ~ x + (x | group)", simulated("poisson"), "poisson",
           priors={"b": me.RegularizedHorseshoe()})


def banana(theta, grad, data):
    bend = theta[1] - 0.3 * theta[0] * theta[0]
    grad[0] = -0.2 * theta[0] + 0.6 * theta[0] * bend
    grad[1] = -bend
    return -0.1 * theta[0] * theta[0] - 0.5 * bend * bend


for sampler in (me.Metropolis(scale=0.8), me.HMC(), me.GIST(), me.NUTS(metric="dense")):
    keep(f"banana, {type(sampler).__name__}",
         me.sample(banana, np.array([1.0, -1.0]), sampler=sampler, **SHORT))
print(json.dumps(found))
"""


def run(checkout: Path) -> dict[str, str]:
    """Hashes of all runs, by the package in a checkout."""
    done = subprocess.run(
        [sys.executable, "-c", RUNS],
        env=os.environ | {"PYTHONPATH": str(checkout)},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the runs failed:\n{done.stderr}")
    found: dict[str, str] = json.loads(done.stdout)
    return found


def run_commit(commit: str) -> dict[str, str]:
    """Hash the draws of a commit."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(before)], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=before, check=True)
        return run(before)


def machine() -> dict[str, str]:
    """Describe what the last bits of a draw depend on."""
    cpu = platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((n.split(":")[1].strip() for n in lines if n.startswith("model name")), cpu)
    return {"cpu": cpu} | {name: version(name) for name in ("numpy", "numba", "scipy")}


def compare(before: dict[str, str], now: dict[str, str]) -> int:
    """Print a line for every run; return how many differ."""
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    for name in {**before, **now}:
        print(f"{name:40s}{'CHANGED' if name in changed else 'same'}")
    return len(changed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", nargs="?", default="HEAD~1", help="what to compare with")
    parser.add_argument("--write", action="store_true", help="keep the hashes")
    parser.add_argument("--check", action="store_true", help="compare with those that are kept")
    options = parser.parse_args()
    if options.write:
        KEPT.write_text(json.dumps({"machine": machine(), "runs": run(ROOT)}, indent=1) + "\n")
        return 0
    if options.check:
        kept = json.loads(KEPT.read_text())
        if kept["machine"] != machine():
            raise SystemExit(f"the hashes are of {kept['machine']}, and this is {machine()}")
        return compare(kept["runs"], run(ROOT))
    return compare(run_commit(options.commit), run(ROOT))


if __name__ == "__main__":
    raise SystemExit(main())
