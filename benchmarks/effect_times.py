"""Our time beside that of brms, for the same experiment, model and priors.

`python benchmarks/effect_times.py gaussian OUT.json` fits once and writes what it found: it is the
process whose time is taken.  brms's own numbers are those of `tests/reference/alliance.R`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import mcmc_edu as me

REFERENCE = Path(__file__).parent.parent / "tests" / "reference"
FAMILIES = ("gaussian", "bernoulli")
FORMULA = "support ~ ally*(white + male + hawk + intl) + (1 + ally | g)"
PRIORS = {
    "Intercept": me.Normal(0, 1),  # of the intercept when all predictors are centred
    "b": me.Normal(0, 0.5),
    "sd": me.HalfNormal(1),
    "cor": me.LKJ(2),
}
OWN: dict[str, dict[str, Any]] = {"gaussian": {"sigma": me.HalfNormal(1)}, "bernoulli": {}}


def experiment() -> Any:
    """Read the simulated experiment."""
    import pandas as pd

    return pd.read_csv(REFERENCE / "alliance.csv", dtype={"g": str})


def model_of(family: str, data: Any) -> me.Model:
    """Make the model that brms fitted."""
    return me.Model(FORMULA, data, family, priors=PRIORS | OWN[family])


def quantities(fit: me.Fit, groups: tuple[str, str]) -> dict[str, Any]:
    """Return draws, shape (chain, draw), by brms's names: coefficients, groups and effects."""
    draws = fit.draws
    found = {f"b_{name}": draws[name] for name in fit.model.design.names if name != "1"}
    found |= {f"sd_g__{name}": draws[f"sd(g: {name})"] for name in ("Intercept", "ally")}
    found["cor_g__Intercept__ally"] = draws["cor(g: Intercept, ally)"]
    levels = list(fit.model.design.groupings[0].levels)
    for name in ("Intercept", "ally"):
        for g in groups:
            found[f"r_g[{g},{name}]"] = draws[f"b(g: {name})"][..., levels.index(g)]
    found |= {name: draws[name] for name in fit.model.family.own}
    found["effect"] = fit.effect("ally").draws[..., 0]
    cells = fit.effect("ally", by=["white", "male"])
    for i in range(len(cells)):
        white, male = (cells.columns[name][i] for name in ("white", "male"))
        found[f"effect[{white},{male}]"] = cells.draws[..., i]
    for g in groups:
        found[f"effect[{g}]"] = fit.effect("ally", where={"g": g}).draws[..., 0]
    return found


def one(family: str, out: Path) -> None:
    """Fit, make the table of effects, and write the time of sampling and the smallest ESS."""
    model = model_of(family, experiment())
    start = time.perf_counter()
    fit = model.fit(seed=1, threads=1, progress=False)
    sampling = time.perf_counter() - start
    str(fit.effect("ally", by=["white", "male"]).table)
    done = time.time()
    reference = json.loads((REFERENCE / "alliance.json").read_text())
    found = quantities(fit, (reference["largest"], reference["smallest"]))
    ess = min(me.ess_bulk(np.ascontiguousarray(x)) for x in found.values())
    out.write_text(json.dumps({"sampling": sampling, "done": done, "ess": ess}))


def timed(family: str, cache: str) -> dict[str, float]:
    """Time a process from its start to the table of effects."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        command = [sys.executable, __file__, family, str(out)]
        start = time.time()
        subprocess.run(command, check=True, env=os.environ | {"NUMBA_CACHE_DIR": cache})
        found: dict[str, float] = json.loads(out.read_text())
    found["total"] = found.pop("done") - start
    return found


def by_brms(again: bool) -> dict[str, Any]:
    """Return what brms found: as it is stored, or by another run of the script."""
    if not again:
        return dict(json.loads((REFERENCE / "alliance.json").read_text()))
    with tempfile.TemporaryDirectory() as folder:
        script = ["Rscript", str(REFERENCE / "alliance.R")]
        done = subprocess.run(script, cwd=folder, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def study(again: bool = False) -> dict[str, Any]:
    """Measure ours, first with nothing compiled and then warm, beside brms."""
    brms, result = by_brms(again), {}
    for family in FAMILIES:
        with tempfile.TemporaryDirectory() as cache:
            cold, warm = timed(family, cache), timed(family, cache)
        theirs = brms["posterior"][family]
        ess = min(q["ess_bulk"] for q in theirs["quantities"].values())
        result[family] = {
            "ours": warm | {"first": cold["total"]},
            "brms": theirs["seconds"] | {"first": theirs["seconds"]["total"], "ess": ess},
        }
    return {"families": result, "versions": brms["versions"], "one run": again}


if __name__ == "__main__":
    one(sys.argv[1], Path(sys.argv[2]))
