"""Families of outcomes against brms, in what a fit can be asked, and in what they compile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from monte_carlo import z_of_mean, z_of_sd

import mcmc_edu as me
from mcmc_edu.cli import main

FOUND = json.loads((Path(__file__).parent / "reference" / "families.json").read_text())
PRIORS = {"Intercept": me.Normal(0, 2), "b": me.Normal(0, 1), "sd": me.HalfNormal(1)}
OWN = {
    "gamma": {"shape": me.Gamma(2, 0.5)},
    "lognormal": {"sigma": me.Exponential(1)},
    "beta": {"phi": me.Gamma(2, 0.1)},
}
FAMILIES = list(OWN)
MEAN = {
    "gamma": lambda eta, shape: np.exp(eta),
    "lognormal": lambda eta, sigma: np.exp(eta + 0.5 * sigma**2),
    "beta": lambda eta, phi: 1.0 / (1.0 + np.exp(-eta)),
}
OUTSIDE = {"gamma": 0.0, "lognormal": -1.0, "beta": 1.0}
"""An outcome that a family refuses."""


def rows_of(family: str) -> dict[str, list[float]]:
    rows = FOUND["rows"][family]
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.fixture(scope="module", params=FAMILIES)
def fit(request) -> me.Fit:
    family = request.param
    model = me.Model("y ~ x + (1 | g)", rows_of(family), family, priors=PRIORS | OWN[family])
    return model.fit(draws=1000, seed=1, progress=False)


def test_means_and_sds_are_those_of_brms(fit: me.Fit) -> None:
    family = fit.model.family
    ours = {
        "b_Intercept": fit.draws["Intercept"],
        "b_x": fit.draws["x"],
        "sd_g__Intercept": fit.draws["sd(g: Intercept)"],
        family.own[0]: fit.draws[family.own[0]],
        "r_g[1,Intercept]": fit.draws["b(g: Intercept)"][..., 0],
        "r_g[12,Intercept]": fit.draws["b(g: Intercept)"][..., 11],
        "epred_1": fit.epred()[..., 0],
    }
    theirs = FOUND["posterior"][family.name]
    assert ours.keys() == theirs.keys()
    for name, found in theirs.items():
        assert abs(z_of_mean(ours[name], found["mean"], found["mcse_mean"])) < 4.0, name
        assert abs(z_of_sd(ours[name], found["sd"], found["mcse_sd"])) < 4.0, name


def test_all_that_can_be_asked_has_an_answer(fit: me.Fit, tmp_path: Path) -> None:
    y, family = fit.model.design.y, fit.model.family.name
    new = {"x": [0.5, 1.5], "g": [1, 99]}
    assert (np.diff(fit.epred(new, new_groups="zero")[..., 0]) != 0.0).any()
    replicated = fit.predict(draws=400, seed=1)[0]
    low, high = np.quantile(replicated.mean(axis=1), [0.001, 0.999])
    assert low < y.mean() < high
    assert abs(fit.residuals("pearson").mean()) < 0.1
    assert fit.residuals("pearson").std() == pytest.approx(1.0, abs=0.15)
    for kind in ("density", "ribbon", "stat"):
        fit.pp_check(kind, draws=20, seed=1)
    plt.close("all")
    effects = fit.conditional_effects("x", levels={"x": [0.5, 2.0]})
    for x, mean in zip([0.5, 2.0], effects.mean, strict=True):
        eta = fit.draws["Intercept"] + fit.draws["x"] * x
        assert mean == pytest.approx(MEAN[family](eta, fit.draws[fit.model.family.own[0]]).mean())
    assert fit.varcorr()["sd(g: Intercept)"]["mean"] > 0.2
    fit.save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz")
    assert str(again.summary()) == str(fit.summary())
    assert np.array_equal(
        again.predict(new, new_groups="sample", seed=2),
        fit.predict(new, new_groups="sample", seed=2),
    )
    prior = me.Model("y ~ x + (1 | g)", rows_of(family), family)
    made = prior.prior_predictive(200, seed=1)
    assert made.shape == (200, y.size)
    for wrong, *_ in fit.model.family.refused(made.reshape(-1), None):
        assert not wrong.any()


def test_leaving_rows_out(fit: me.Fit) -> None:
    pytest.importorskip("arviz_stats")
    found = fit.loo()
    assert not found.untrusted
    assert 10.0 < found.p_loo < 15.0  # of 12 effects and 3 parameters


@pytest.mark.parametrize("family", FAMILIES)
def test_outcomes_outside_are_refused(family: str) -> None:
    rows = rows_of(family)
    rows["y"][3] = OUTSIDE[family]
    with pytest.raises(ValueError, match=f"y is {OUTSIDE[family]:g} in row 4; it must be "):
        me.Model("y ~ x", rows, family)


@pytest.mark.parametrize("family", ["gamma", "lognormal"])
def test_default_priors_follow_the_unit_of_a_positive_outcome(family: str) -> None:
    rows, size = rows_of(family), 1e-6
    small = rows | {"y": [size * y for y in rows["y"]]}
    one, other = (me.Model("y ~ x + (1 | g)", data, family) for data in (rows, small))
    for a, b in zip(one.priors.all(), other.priors.all(), strict=True):
        moved = np.log(size) if a.name == "Intercept" else 0.0
        assert b.prior.numbers() == pytest.approx(
            {n: v + moved * (n == "location") for n, v in a.prior.numbers().items()}, abs=1e-9
        )


def test_the_intercept_of_a_gamma_is_thought_to_be_at_the_log_of_the_mean() -> None:
    y = np.array([1.0, 2.0, 6.0])
    exposure = np.array([1.0, 2.0, 1.0])
    model = me.Model("y ~ 1 + offset(np.log(e))", {"y": y, "e": exposure}, "gamma")
    assert model.priors.common[0].prior.location == pytest.approx(np.log(9.0 / 4.0))


def test_the_intercept_of_shares_is_thought_to_be_at_the_logit_of_their_mean() -> None:
    """Nothing is added to shares, however few and small they are."""
    y, offset = np.array([0.001, 0.002, 0.003]), np.array([0.0, 1.0, 0.5])
    plain, moved = (
        me.Model(f"y ~ 1{right}", {"y": y, "o": offset}, "beta").priors.common[0].prior.location
        for right in ("", " + offset(o)")
    )
    assert plain == pytest.approx(np.log(0.002 / 0.998))
    assert (1.0 / (1.0 + np.exp(-moved - offset))).mean() == pytest.approx(0.002)


COMPILED = """
import json, warnings
import numba.core.event as event
import mcmc_edu as me

class Recorder(event.Listener):
    def on_start(self, event):
        function = event.data["dispatcher"].py_func
        compiled.append([function.__module__, function.__qualname__])
    def on_end(self, event):
        pass

def fit(family):
    data = me.datasets.simulate_regression(family, 4, 5, seed=1).columns
    model = me.Model("y ~ x + (1 | group)", data, family, parameterization="noncentered")
    model.fit(draws=5, warmup=20, chains=1, seed=1, progress=False)

warnings.simplefilter("ignore")
fit("poisson")
fit("gaussian")
found = {}
for family in FAMILIES:
    compiled = []
    with event.install_listener("numba:compile", Recorder()):
        fit(family)
    found[family] = compiled
print(json.dumps(found))
"""


@pytest.mark.slow
def test_a_first_fit_compiles_only_its_own_likelihood(tmp_path: Path) -> None:
    """In a place without machine code, after fits of counts and of a normal outcome, whose
    likelihood a lognormal outcome has too.
    """
    ran = subprocess.run(
        [sys.executable, "-c", COMPILED.replace("FAMILIES", repr(FAMILIES))],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found.pop("lognormal") == []
    for family, compiled in found.items():
        own = f"mcmc_edu.families.{family}"
        assert [own, "log_likelihood"] in compiled
        assert {module for module, _ in compiled} - {own} <= {"mcmc_edu.densities.special"}


def test_a_lognormal_model_is_the_normal_one_of_the_logarithms() -> None:
    """Theta has the same meaning and, but for a constant, the same density.  Answers of a fit are
    of the outcome itself.
    """
    rows = rows_of("lognormal")
    log_y, g = np.log(rows["y"]), np.array(rows["g"])
    model = me.Model("y ~ x + (1 | g)", rows, "lognormal")
    normal = me.Model("y ~ x + (1 | g)", rows | {"y": log_y})
    assert model.choices == normal.choices
    theta = 0.5 * np.random.default_rng(1).normal(size=(2, 50, len(model.assembled.names)))
    left_out = log_y.sum()
    for at in theta[0, :5]:
        grad, other = np.empty(at.size), np.empty(at.size)
        logp = model.assembled.log_density(at, grad, model.assembled.data)
        of_logs = normal.assembled.log_density(at, other, normal.assembled.data)
        assert logp == pytest.approx(of_logs - left_out)
        np.testing.assert_array_equal(grad, other)
    fits = []
    for one in (model, normal):
        of_theta = one.natural(np.moveaxis(theta, 2, 0), np.random.default_rng(5))
        natural = {n: np.moveaxis(v, 0, -1) if v.ndim == 3 else v for n, v in of_theta.items()}
        fits.append(me.Fit(one, me.Draws(theta, one.assembled.names, {}, natural, {}, {})))
    one, other = fits
    for name in ("Intercept", "x", "sigma", "sd(g: Intercept)", "b(g: Intercept)"):
        np.testing.assert_array_equal(one.draws[name], other.draws[name])
    np.testing.assert_allclose(one.log_lik(), other.log_lik() - log_y, rtol=1e-12)
    pytest.importorskip("arviz_stats")
    ours, theirs = (fit.loo(groups="g").seen for fit in fits)
    in_groups = np.array([log_y[g == j].sum() for j in range(1, 13)])
    np.testing.assert_allclose(ours, theirs - in_groups, rtol=1e-9)


def test_the_command_takes_the_family(fit: me.Fit, tmp_path: Path, capsys) -> None:
    family = fit.model.family.name
    rows = rows_of(family)
    lines = ["y,x,g", *(f"{y},{x},{g}" for y, x, g in zip(*rows.values(), strict=True))]
    (tmp_path / "data.csv").write_text("\n".join(lines))
    arguments = ["fit", str(tmp_path / "data.csv"), "y ~ x", "--family", family, "--draws", "50"]
    main([*arguments, "--warmup", "100", "--chains", "2", "--seed", "1"])
    assert fit.model.family.own[0] in capsys.readouterr().out
