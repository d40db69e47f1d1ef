"""Models from formulas against what others found: rstanarm, brms, lme4, and against themselves."""

import json
from pathlib import Path

import numpy as np
import pytest
from monte_carlo import z_of_mean, z_of_sd

import mcmc_edu as me
from mcmc_edu import diagnostics
from mcmc_edu.regression.prepare.assembly import assemble

REFERENCE = Path(__file__).parent / "reference"
SLEEP = "Reaction ~ Days + (Days | Subject)"
FUNDING = "awards | trials(applications) ~ male + (male | discipline)"
RSTANARM = {
    "Intercept": me.Normal(298.51, 140.82),
    "b": me.Normal(0, 48.89),
    "sigma": me.Exponential(0.01775),
    "covariance": me.Decov(1, 1, 1, 1),
}
"""Priors of sleepstudy.R."""
LECTURE = {
    "Intercept": me.Normal(0, 4),
    "b": me.Normal(0, 4),
    "sd": me.HalfCauchy(1),
    "cor": me.LKJ(4),
}
"""Priors of the lecture's example, and of funding.R."""


def reference(name: str) -> dict:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sleep():
    model = me.Model(SLEEP, me.datasets.sleepstudy(), priors=RSTANARM)
    return model.fit(seed=1, draws=10_000, progress=False)


@pytest.fixture(scope="module")
def funding():
    model = me.Model(FUNDING, me.datasets.funding(), family="binomial", priors=LECTURE)
    return model.fit(seed=1, draws=10_000, progress=False)


def assert_same(posterior: dict, ours) -> None:
    """Means and sds within 4 standard errors, which are those of both programs' draws."""
    worst = {}
    for name, known in posterior.items():
        draws = ours(name)
        assert diagnostics.ess_bulk(draws) > 4000, name
        worst[name] = abs(z_of_mean(draws, known["mean"], known["mcse_mean"]))
        worst[f"sd of {name}"] = abs(z_of_sd(draws, known["sd"], known["mcse_sd"]))
    assert max(worst.values()) < 4.0, max(worst, key=worst.get)


def of_rstanarm(fit, name: str):
    """Our draws of what rstanarm calls so."""
    if name.startswith("b["):
        coefficient, level = name[2:-1].split(" Subject:")
        (g,) = fit.model.design.groupings
        return fit.draws[f"b(Subject: {coefficient.strip('()')})"][:, :, g.levels.index(level)]
    if name.startswith("Sigma["):
        sd = [fit.draws[f"sd(Subject: {c})"] for c in ("Intercept", "Days")]
        covariance = sd[0] * sd[1] * fit.draws["cor(Subject: Intercept, Days)"]
        first, second = name[len("Sigma[Subject:") : -1].split(",")
        if first != second:
            return covariance
        return sd[0] ** 2 if first == "(Intercept)" else sd[1] ** 2
    return fit.draws[name.strip("()")]


def test_sleepstudy_is_what_rstanarm_finds(sleep) -> None:
    """Coefficients, sigma, covariances and the effects of 18 subjects; decov among the priors."""
    posterior = reference("sleepstudy.json")["posterior"]
    assert len(posterior) == 2 + 1 + 3 + 36
    assert_same(posterior, lambda name: of_rstanarm(sleep, name))


def test_sleepstudys_rows_left_out_are_what_loo_finds(sleep) -> None:
    """Where the smoothed weights of both have finite variance, k < 0.5."""
    known, ours = reference("sleepstudy.json")["loo"], sleep.loo()
    trusted = (np.array(known["pareto_k"]) < 0.5) & (ours.pareto_k < 0.5)
    assert trusted.sum() > 150
    difference = (ours.pointwise - known["pointwise"])[trusted]
    error = np.sqrt(2.0) * np.array(known["mcse"])[trusted]  # as many draws of ours
    assert (np.abs(difference) < 4.5 * error).all()


def test_sleepstudy_is_near_lme4(sleep) -> None:
    """Printed by lme4: 251.405, 10.467; sds 24.74, 5.92, residual 25.59."""
    assert sleep.fixef()["Intercept"]["mean"] == pytest.approx(251.405, abs=1.0)
    assert sleep.fixef()["Days"]["mean"] == pytest.approx(10.467, abs=0.3)
    assert sleep.varcorr()["sigma"]["mean"] == pytest.approx(25.59, abs=1.0)


def of_brms(fit, name: str):
    """Our draws of what brms calls so."""
    (g,) = fit.model.design.groupings
    if name.startswith("b_"):
        return fit.draws[name[2:]]
    if name.startswith("sd_"):
        return fit.draws[f"sd(discipline: {name.split('__')[1]})"]
    if name.startswith("cor_"):
        return fit.draws["cor(discipline: Intercept, male)"]
    level, coefficient = name[len("r_discipline[") : -1].split(",")
    j = [known.replace(" ", ".") for known in g.levels].index(level)
    return fit.draws[f"b(discipline: {coefficient})"][:, :, j]


def test_funding_is_what_brms_finds(funding) -> None:
    """Coefficients, sds, the correlation and the effects of nine disciplines."""
    posterior = reference("funding.json")["posterior"]
    assert len(posterior) == 2 + 3 + 18
    assert_same(posterior, lambda name: of_brms(funding, name))


def test_funding_is_what_the_lecture_prints(funding) -> None:
    """From the slides' 4000 draws, to 0.02 (their own Monte Carlo error is of the size of 0.01)."""
    printed = {
        "Intercept": (-1.62, 0.14),
        "male": (0.15, 0.17),
        "sd(discipline: Intercept)": (0.28, 0.14),
        "sd(discipline: male)": (0.33, 0.17),
        "cor(discipline: Intercept, male)": (-0.18, 0.31),
    }
    for name, (mean, sd) in printed.items():
        assert funding.draws[name].mean() == pytest.approx(mean, abs=0.02)
        assert funding.draws[name].std() == pytest.approx(sd, abs=0.02)


POOR = {"groups": 60, "observations": 2, "sd": (0.3, 0.3)}
RICH = {"groups": 8, "observations": 50, "sd": (1.0, 1.0)}


def worth(model, form: str) -> float:
    """Smallest effective sample size per gradient of all that is reported."""
    made = me.Model(*model, parameterization=form)
    fit = made.fit(seed=1, draws=500, warmup=500, progress=False)
    ess = min(diagnostics.ess_bulk(x) for _, x in fit.draws.quantities())
    return ess / fit.draws.stats["n_gradients"].sum()


@pytest.mark.slow
@pytest.mark.parametrize("family", ["poisson", "binomial", "student"])
@pytest.mark.parametrize("data", [POOR, RICH], ids=["poor", "rich"])
def test_auto_does_not_lose_to_either_form_by_more_than_a_factor_of_2(family, data) -> None:
    outcome = "y | trials(trials)" if family == "binomial" else "y"
    simulated = me.datasets.simulate_regression(family, seed=5, **data)
    model = (f"{outcome} ~ x + (x | group)", simulated.columns, family)
    pure = {form: worth(model, form) for form in ("centered", "noncentered")}
    (choice,) = me.Model(*model).choices
    assert pure[choice.form] > 0.5 * max(pure.values()), (choice, pure)


def test_a_million_rows_cost_no_more_than_their_cells() -> None:
    """Ten thousand groups of a hundred rows: the sampler sees two summaries of each, and has the
    rows' least squares.
    """
    rng = np.random.default_rng(1)
    n, groups = 1_000_000, 10_000
    group, x = rng.integers(0, groups, n), rng.normal(size=n)
    y = 1.0 + rng.normal(size=groups)[group] + 2.0 * x + rng.normal(size=n)
    model = me.Model.from_arrays(y, x[:, np.newaxis], group)
    lines = model.assembled.data
    rows = assemble(
        model.design, model.family, model.units, model.priors, ["collapsed"], by_rows=True
    ).data
    assert lines.outcome.size == 2 * groups
    assert rows.y.size <= 3 * groups
    beta, rss, _, _ = np.linalg.lstsq(np.column_stack([np.ones(n), x]), y, rcond=None)
    predictors = np.zeros((2 * groups, 2))
    for (k, q), mean in zip(lines.group_mean_index, lines.group_mean_x, strict=True):
        predictors[:, q] += (lines.qr_r[:, k] * mean).T.reshape(-1)
    for z, outcome, rest in (
        (rows.common.T, rows.y, rows.rss),
        (predictors, lines.outcome.T.reshape(-1), lines.rss),
    ):
        theirs, unexplained, _, _ = np.linalg.lstsq(z, outcome, rcond=None)
        slope = theirs[1] * y.std(ddof=1) / x.std(ddof=1)
        assert slope == pytest.approx(beta[1], rel=1e-9)
        assert (unexplained[0] + rest) * y.var(ddof=1) == pytest.approx(rss[0], rel=1e-9)


def test_equal_binomial_rows_are_merged() -> None:
    rng = np.random.default_rng(1)
    group, male = rng.integers(0, 20, 5000), rng.integers(0, 2, 5000)
    data = {"y": rng.integers(0, 2, 5000), "male": male, "group": group}
    model = me.Model("y ~ male + (1 | group)", data, "bernoulli")
    assert model.assembled.data.y.size == 40
    assert model.assembled.data.trials.sum() == 5000
    assert model.assembled.data.y.sum() == data["y"].sum()
