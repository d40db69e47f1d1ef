"""Make the fits of format 1 in the folder format_1; run with version 0.1.0 (commit 1919822).

Beside them, in said.json, what that version said of each: its priors in the units of the data, the
forms of its terms, linear predictors of the first five rows, and means of two new rows.
"""

import json
from pathlib import Path

import numpy as np

import mcmc_edu as me

FOLDER = Path(__file__).parent / "format_1"
N = 40
rng = np.random.default_rng(1)
index = np.arange(N) % 5
TABLE = {
    "y": 100 + 20 * rng.normal(size=N) + index,
    "x": 50 + 3 * rng.normal(size=N),
    "g": [f"level {i}" for i in index],
    "c": [["a", "b", "c"][i % 3] for i in range(N)],
    "k": rng.binomial(8, 0.3, N),
    "n": np.full(N, 8),
    "o": 1 + np.arange(N) % 4,
    "r": [["p", "q", "r"][i] for i in rng.integers(0, 3, N)],
    "m": rng.poisson(3, N),
}
NEW = {"x": [48.0, 52.0], "c": ["a", "b"], "g": ["level 0", "level 1"], "n": [8, 8]}
GIVEN = {"b": me.Normal(0, 1), "sd": me.HalfT(3, 2.5, autoscale=True)}
CASES = {
    "gaussian": {"formula": "y ~ x + c + (x | g)"},
    "none": {"formula": "y ~ x + (x | g)", "pooling": "none"},
    "complete": {"formula": "y ~ x + c", "pooling": "complete"},
    "given": {"formula": "y ~ x + (x || g)", "priors": GIVEN},
    "binomial": {"formula": "k | trials(n) ~ x + (1 | g)", "family": "binomial"},
    "poisson": {"formula": "m ~ x + (1 | g)", "family": "poisson"},
    "student": {"formula": "y ~ 0 + x + (1 | g)", "family": "student"},
    "ordered": {"formula": "o ~ x + (1 | g)", "family": "ordered"},
    "categorical": {"formula": "r ~ x + (1 | g)", "family": "categorical"},
}
SETTINGS = {"draws": 10, "warmup": 20, "chains": 2, "seed": 1, "progress": False}


def describe(model: me.Model, fit: me.Fit, new: bool = True) -> dict:
    return {
        "prior_summary": str(model.prior_summary()),
        "forms": [choice.form for choice in model.choices],
        "predicted": fit.linpred().mean(axis=(0, 1)).tolist()[:5],
        "new": fit.epred(NEW).mean(axis=(0, 1)).tolist() if new else None,
    }


def main() -> None:
    assert me.__version__ == "0.1.0", "newer versions write newer formats"
    said = {}
    for name, arguments in CASES.items():
        model = me.Model(arguments.pop("formula"), TABLE, **arguments)
        fit = model.fit(**SETTINGS)
        fit.save(FOLDER / f"{name}.npz")
        said[name] = describe(model, fit)
    model = me.Model.from_arrays(TABLE["y"], TABLE["x"], index)
    fit = model.fit(**SETTINGS)
    fit.save(FOLDER / "arrays.npz")
    said["arrays"] = describe(model, fit, new=False)
    (FOLDER / "said.json").write_text(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
