"""Default priors of rstanarm and brms, against what these print: `reference/packages.R`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mcmc_edu as me

FOUND = json.loads((Path(__file__).parent / "reference" / "packages.json").read_text())
OUTCOMES = {
    "gaussian": "size",
    "student": "size",
    "offset": "size",
    "poisson": "count",
    "negbin": "count",
    "binomial": "count | trials(trials)",
    "probit": "count | trials(trials)",
    "gamma": "size",
    "lognormal": "size",
    "beta": "share",
    "ordered": "answer",
}


def model_of(case: str, package: str, **priors: me.Prior) -> me.Model:
    rows = {name: [row[name] for row in FOUND["rows"]] for name in FOUND["rows"][0]}
    rows["answer"] = pd.Categorical(rows["answer"], ["0", "1", "2", "3", "4"], ordered=True)
    family = {"offset": "gaussian", "probit": "binomial"}.get(case, case)
    return me.Model(
        f"{OUTCOMES[case]} ~ x + (x | g)" + " + offset(w)" * (case == "offset"),
        rows,
        family=family,
        link="probit" if case == "probit" else None,
        priors={"defaults": package} | priors if priors else package,
    )


def numbers(text: str) -> list[float]:
    return [float(part) for part in text[text.index("(") + 1 : -1].split(",")]


@pytest.mark.parametrize("case", FOUND["brms"])
def test_brms(case: str) -> None:
    chosen = {one.name: one.prior for one in model_of(case, "brms").priors.all()}
    printed = {name: numbers(prior) for name, prior in FOUND["brms"][case].items()}
    names = {"Intercept": "Intercept", "sigma": "sigma", "nu": "nu", "shape": "phi", "phi": "phi"}
    if case == "gamma":
        names["shape"] = "shape"
    if case == "ordered":
        names["Intercept"] = "threshold(0|1)"
    for name, ours in names.items():
        if name in printed:
            half = name == "sigma"
            wanted = printed[name][:1] + printed[name][2:] if half else printed[name]
            assert list(chosen[ours].numbers().values()) == pytest.approx(wanted)
    for name in ("sd(g: Intercept)", "sd(g: x)"):
        df, _, scale = printed["sd"]
        assert chosen[name] == me.HalfT(df, scale)
    assert chosen["x"] == me.Flat()
    assert chosen["cor(g: Intercept, x)"] == me.LKJ(1.0)


@pytest.mark.parametrize("case", FOUND["rstanarm"])
def test_rstanarm(case: str) -> None:
    chosen = {one.name: one.prior for one in model_of(case, "rstanarm").priors.all()}
    printed = FOUND["rstanarm"][case]
    for name, key in (("Intercept", "intercept"), ("x", "x")):
        assert list(chosen[name].numbers().values()) == pytest.approx(printed[key], rel=1e-6)
    if printed["aux"] is not None:
        assert chosen["sigma"].rate == pytest.approx(printed["aux"], rel=1e-6)
    covariance = chosen["covariance(g: Intercept, x)"]
    assert isinstance(covariance, me.Decov)
    assert list(covariance.numbers().values()) == printed["covariance"]


def test_ones_own_prior_is_put_on_top() -> None:
    model = model_of("gaussian", "rstanarm", b=me.Normal(0, 1))
    chosen = {one.name: one.prior for one in model.priors.all()}
    assert chosen["x"] == me.Normal(0, 1)
    assert isinstance(chosen["covariance(g: Intercept, x)"], me.Decov)
    assert "Defaults are those of rstanarm 2.21.3." in str(model.prior_summary())


@pytest.mark.parametrize(
    ("case", "package", "words"),
    [
        ("student", "rstanarm", "which has none for the student family"),
        ("beta", "rstanarm", "which has none for the beta family"),
        ("lognormal", "rstanarm", "which has none for the lognormal family"),
        ("gamma", "rstanarm", "which has none for the gamma family"),
        ("ordered", "rstanarm", "which has none for the ordered family"),
        ("gaussian", "stan", "must be one of 'rstanarm', 'brms'"),
    ],
)
def test_what_a_package_has_not_is_refused(case: str, package: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        model_of(case, package)


def test_levels_that_stand_alone_are_refused() -> None:
    rows = {"y": np.arange(6.0), "g": [1, 1, 2, 2, 3, 3]}
    with pytest.raises(ValueError, match="no models without pooling"):
        me.Model("y ~ 1 + (1 | g)", rows, pooling="none", priors="brms")


def test_flat_priors_cannot_be_drawn_from() -> None:
    with pytest.raises(ValueError, match=r"the prior of x is Flat\(\)"):
        model_of("gaussian", "brms").prior_predictive(10, seed=1)


def test_a_fit_in_a_file_says_whose_defaults_it_has(tmp_path: Path) -> None:
    fit = model_of("gaussian", "rstanarm").fit(
        draws=10, warmup=30, chains=1, seed=1, progress=False
    )
    fit.save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz")
    assert str(again.prior_summary()) == str(fit.prior_summary())
