"""Outcomes that are categories: their likelihoods, coding, and models of known posterior."""

import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import mcmc_edu as me
from mcmc_edu.families import FAMILIES
from mcmc_edu.models.verbs.loo.leave_out import log_density_of_rows, refitted, seed_of, select_rows

LEVELS = ("low", "mid", "high", "top")
CUTS = np.array([-1.0, -0.9, 2.5])
ORDERED = FAMILIES["ordered", "logit"].of_levels(LEVELS)
CATEGORICAL = FAMILIES["categorical", "logit"]
FAR = (-1e4, -700.0, -40.0, -2.0, 0.0, 1.3, 40.0, 700.0, 1e4)


def own(cuts=CUTS):
    return dict(zip(ORDERED.own, cuts, strict=True))


def log_difference(upper, lower):
    """log(sigmoid(upper) - sigmoid(lower)) from scipy's tails, whichever is the shorter."""
    law = stats.logistic
    if lower < 0.0:
        high, low = law.logcdf(upper), law.logcdf(lower)
    else:
        high, low = law.logsf(lower), law.logsf(upper)
    return high + np.log1p(-np.exp(low - high)) if np.isfinite(low) else high


def ordered(eta, y, cuts=CUTS):
    score, d_own = np.array(eta, dtype=float), np.zeros(cuts.size)
    logp = ORDERED.log_likelihood(score, y, np.zeros(0), float(y.size), 0.0, cuts, d_own)
    return logp, score, d_own


def categorical(eta, y):
    """Eta (category, row)."""
    score = np.array(eta, dtype=float).reshape(-1)
    one_hot = (y == np.arange(1, len(eta) + 1)[:, np.newaxis]).astype(float).reshape(-1)
    nothing = np.zeros(0)
    logp = CATEGORICAL.log_likelihood(score, one_hot, nothing, float(y.size), 0.0, nothing, nothing)
    return logp, score.reshape(eta.shape)


@pytest.mark.parametrize("eta", FAR)
def test_ordered_likelihood_is_scipys_far_out_too(eta: float) -> None:
    ends = np.array([-np.inf, *CUTS, np.inf])
    for k in range(len(LEVELS)):
        expected = log_difference(ends[k + 1] - eta, ends[k] - eta)
        y, at = np.array([float(k)]), np.array([eta])
        np.testing.assert_allclose(ordered(at, y)[0], expected, rtol=1e-11, atol=1e-300)
        mine = ORDERED.log_density(y, at, 1.0, own())
        np.testing.assert_allclose(mine[0], expected, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize("scale", [1.0, 40.0, 700.0, 1e4])
def test_categorical_likelihood_is_scipys_far_out_too(scale: float) -> None:
    eta = scale * np.random.default_rng(1).normal(size=(3, 50))
    y = np.arange(50) % 4.0
    expected = special.log_softmax(np.vstack([np.zeros(50), eta]), axis=0)
    chosen = expected[y.astype(int), np.arange(50)]
    logp, score = categorical(eta, y)
    np.testing.assert_allclose(logp, chosen.sum(), rtol=1e-12)
    mine = CATEGORICAL.log_density(y, eta.T, 1.0, {})
    np.testing.assert_allclose(mine, chosen, rtol=1e-12, atol=1e-10)
    assert np.isfinite(score).all()


def test_ordered_derivatives_by_differences() -> None:
    y, h = np.arange(12) % 4.0, 1e-5
    for eta in (-30.0, -2.0, -0.95, 0.4, 9.0):
        at = np.full(12, eta)
        _, score, d_own = ordered(at, y)
        for i in range(4):
            one = [i]
            up, down = ordered(at[one] + h, y[one])[0], ordered(at[one] - h, y[one])[0]
            assert score[i] == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-6)
        for a in range(3):
            step = h * np.eye(3)[a]
            up, down = ordered(at, y, CUTS + step)[0], ordered(at, y, CUTS - step)[0]
            assert d_own[a] == pytest.approx((up - down) / (2 * h), rel=1e-6, abs=1e-5)


def test_thresholds_that_meet_have_no_density() -> None:
    logp, _, _ = ordered(np.zeros(1), np.ones(1), np.array([0.5, 0.5, 1.0]))
    assert logp == -np.inf


def test_categorical_derivatives_by_differences() -> None:
    eta, y, h = np.random.default_rng(2).normal(size=(3, 8)), np.arange(8) % 4.0, 1e-5
    _, score = categorical(eta, y)
    for at in np.ndindex(eta.shape):
        step = np.zeros(eta.shape)
        step[at] = h
        numeric = (categorical(eta + step, y)[0] - categorical(eta - step, y)[0]) / (2 * h)
        assert score[at] == pytest.approx(numeric, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("family", [ORDERED, CATEGORICAL], ids=["ordered", "categorical"])
def test_draws_have_the_probabilities_and_these_the_density(family) -> None:
    n = 40_000
    eta = np.full(n, 0.4) if family is ORDERED else np.tile([0.4, -1.0, 1.2], (n, 1))
    p = family.probabilities(eta[:1], own())[0]
    density = [np.exp(family.log_density(np.array([k]), eta[:1], 1.0, own())[0]) for k in range(4)]
    np.testing.assert_allclose(p, density, rtol=1e-12)
    assert p.sum() == pytest.approx(1.0, rel=1e-14)
    y = family.draw(np.random.default_rng(3), eta, 1.0, own())
    counts = np.bincount(y.astype(int), minlength=4)
    assert stats.chisquare(counts, n * p).pvalue > 1e-4


def grid_moments(log_density, low: float, high: float):
    """Mean and sd of two coordinates, by a sum over a grid."""
    axis = np.linspace(low, high, 801)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    logp = log_density(a, b)
    p = np.exp(logp - logp.max())
    p /= p.sum()
    means = [(p * a).sum(), (p * b).sum()]
    sds = [np.sqrt((p * (v - m) ** 2).sum()) for v, m in zip((a, b), means, strict=True)]
    return np.array(means), np.array(sds)


def assert_moments(draws, names, means, sds) -> None:
    table = draws.summary(*names)
    for name, mean, sd in zip(names, means, sds, strict=True):
        row = table[name]
        assert abs(row["mean"] - mean) < 4.5 * sd / np.sqrt(row["ess_bulk"])
        assert abs(row["sd"] - sd) < 4.5 * sd / np.sqrt(2.0 * row["ess_bulk"]) + 1e-3 * sd


COUNTS = np.array([3, 9, 5])
Y = np.repeat(["mild", "fair", "bad"], COUNTS)
IN_ORDER = pd.Categorical(Y, ["mild", "fair", "bad"])


def test_ordered_posterior_by_quadrature() -> None:
    fit = me.Model("y ~ 1", {"y": IN_ORDER}, family="ordered").fit(seed=1, draws=4000)

    def log_density(a, b):
        with np.errstate(divide="ignore", invalid="ignore"):
            p = [special.expit(a), special.expit(b) - special.expit(a), special.expit(-b)]
            found = sum(n * np.log(q) for n, q in zip(COUNTS, p, strict=True))
        prior = stats.t(3.0, 0.0, 2.5)
        return np.where(b > a, found, -np.inf) + prior.logpdf(a) + prior.logpdf(b)

    names = ["threshold(mild|fair)", "threshold(fair|bad)"]
    assert_moments(fit.draws, names, *grid_moments(log_density, -8.0, 8.0))


def test_categorical_posterior_by_quadrature() -> None:
    priors = {"Intercept": me.Normal(0.5, 1.0)}
    model = me.Model("y ~ 1", {"y": IN_ORDER}, family="categorical", priors=priors)
    fit = model.fit(seed=1, draws=4000)

    def log_density(a, b):
        found = COUNTS[1] * a + COUNTS[2] * b - COUNTS.sum() * np.log(1 + np.exp(a) + np.exp(b))
        prior = stats.norm(0.5, 1.0)
        return found + prior.logpdf(a) + prior.logpdf(b)

    names = ["fair: Intercept", "bad: Intercept"]
    assert_moments(fit.draws, names, *grid_moments(log_density, -5.0, 6.0))


def data(n: int = 60):
    rng = np.random.default_rng(4)
    y = rng.permutation(np.resize(["mild", "fair", "bad"], n))
    return {
        "y": pd.Categorical(y, ["mild", "fair", "bad"]),
        "x": rng.normal(3.0, 2.0, n),
        "g": np.arange(n) % 6,
    }


@pytest.fixture(scope="module", params=["ordered", "categorical"])
def fit(request):
    model = me.Model("y ~ x + (1 | g)", data(), family=request.param)
    return model.fit(seed=1, draws=60, warmup=60, chains=2, progress=False)


def test_verbs_agree_with_one_another(fit) -> None:
    """Probabilities, densities, residual classes and shapes: all of the same draws."""
    p, y = fit.epred(), fit.model.design.y.astype(int)
    assert p.shape == (2, 60, 60, 3)
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(np.exp(fit.log_lik()), p[..., np.arange(60), y], rtol=1e-9)
    again = fit.epred({name: column for name, column in data().items() if name != "y"})
    np.testing.assert_array_equal(p, again)
    assert set(np.unique(fit.predict(seed=2))) <= {0.0, 1.0, 2.0}
    assert fit.pp_check(seed=1) is not None
    effects = fit.conditional_effects("x", grid=5)
    assert effects.grid["y"].tolist() == ["mild", "fair", "bad"] * 5
    by_x = effects.mean.reshape(5, 3)
    np.testing.assert_allclose(by_x.sum(axis=1), 1.0, rtol=1e-12)
    with pytest.raises(ValueError, match="y is a category, from which no mean can be subtracted"):
        fit.residuals()
    with pytest.raises(ValueError, match="the categories of the outcome are a second predictor"):
        me.Model("y ~ x * g", data(), family=fit.model.family.name).fit(
            seed=1, draws=4, warmup=20, chains=1, progress=False
        ).conditional_effects("x:g")


def test_the_linear_predictor_of_new_rows_on_paper(fit) -> None:
    x, g = np.array([0.0, 7.0]), [2, 4]
    eta = fit.linpred({"x": x, "g": g})
    d = fit.draws
    if fit.model.family.thresholds:
        expected = d["x"][..., np.newaxis] * x + d["b(g: Intercept)"][..., g]
    else:
        parts = [
            d[f"{level}: Intercept"][..., np.newaxis]
            + d[f"{level}: x"][..., np.newaxis] * x
            + d[f"b(g: {level}: Intercept)"][..., g]
            for level in ("fair", "bad")
        ]
        expected = np.stack(parts, axis=-1)
    np.testing.assert_allclose(eta, expected, rtol=1e-12, atol=1e-12)


def test_rows_left_out_keep_their_density(fit) -> None:
    rows = np.array([3, 17, 40])
    some = select_rows(fit.model.design, rows, fit.model.design)
    found = log_density_of_rows(fit, some)
    np.testing.assert_allclose(found, fit.log_lik()[..., rows], rtol=1e-12)


COVARIANCE = 2.5**2 * np.array([[1.0, 0.5], [0.5, 1.0]])
"""Default prior of two intercepts: that of differences from the first category."""


def test_prior_predictive_has_the_priors_probabilities() -> None:
    """Without predictors, against thresholds drawn and sorted, or intercepts, here."""
    n, rng = 20_000, np.random.default_rng(5)
    row = {"y": pd.Categorical(["a", "b", "c"])}
    cuts = np.sort(2.5 * rng.standard_t(3.0, (n, 2)), axis=1)
    middle = (special.expit(cuts[:, 1]) - special.expit(cuts[:, 0])).mean()
    drawn = me.Model("y ~ 1", row, family="ordered").prior_predictive(n, seed=1)
    assert abs((drawn[:, 0] == 1.0).mean() - middle) < 4.5 * np.sqrt(2 * 0.25 / n)
    eta = rng.multivariate_normal(np.zeros(2), COVARIANCE, n)
    first = (1.0 / (1.0 + np.exp(eta).sum(axis=1))).mean()
    drawn = me.Model("y ~ 1", row, family="categorical").prior_predictive(n, seed=1)
    assert abs((drawn[:, 0] == 0.0).mean() - first) < 4.5 * np.sqrt(2 * 0.25 / n)


@pytest.mark.parametrize("family", ["ordered", "categorical"])
def test_the_truth_behind_simulated_data_is_found(family: str) -> None:
    made = me.datasets.simulate_regression(family, 40, 30, beta=(0.4, -0.8), seed=2)
    fit = me.Model("y ~ x + (x || group)", made.columns, family=family).fit(
        seed=1, draws=200, warmup=200, progress=False
    )
    truth = {"x": -0.8, "sd(group: x)": 0.5}
    truth |= {f"threshold({k}|{k + 1})": k - 1.0 - 0.4 for k in range(3)}
    if family == "categorical":
        truth = {"1: x": -0.8, "2: x": 0.4, "1: Intercept": 0.4, "2: Intercept": -0.2}
        truth |= {"sd(group: 1: x)": 0.5, "sd(group: 2: x)": 0.25}
    for name, value in truth.items():
        draws = fit.draws[name]
        assert abs(draws.mean() - value) < 3.5 * draws.std(), name


def test_a_saved_fit_has_its_levels_in_order(fit, tmp_path) -> None:
    fit.save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz")
    assert again.model.design.outcome_levels == ("mild", "fair", "bad")
    np.testing.assert_array_equal(again.log_lik(), fit.log_lik())


@pytest.mark.parametrize("units", [1.0, 1024.0])
def test_units_of_a_predictor_leave_the_draws(units: float) -> None:
    """Scaling and shifting x changes its coefficient and the thresholds, not the probabilities."""
    plain, changed = data(), data()
    changed["x"] = units * plain["x"]
    one, other = (
        me.Model("y ~ x", d, family="ordered").fit(
            seed=1, draws=50, warmup=50, chains=1, progress=False
        )
        for d in (plain, changed)
    )
    np.testing.assert_array_equal(one.draws["x"], units * other.draws["x"])
    np.testing.assert_allclose(one.epred(), other.epred(), rtol=1e-12)


def refused(y, family: str, match: str, formula: str = "y ~ x", **settings) -> None:
    columns = {"y": y, "x": np.arange(len(y)), "g": np.arange(len(y)) % 2}
    with pytest.raises(ValueError, match=match):
        me.Model(formula, columns, family=family, **settings)


def test_outcomes_that_are_refused() -> None:
    words = ["low", "mid", "high", "mid"]
    refused(words, "ordered", "y is text, 'high', 'low', 'mid', whose order is not known")
    refused([1.0, 2.5, 3.0], "ordered", "y is 2.5 in row 2; categories must be whole numbers")
    refused([2, 2, 2], "categorical", "y is 2 in every row: it does not vary")
    refused(words, "gaussian", "y has 3 levels .*; take family='ordered' or 'categorical'")
    refused(["a", "a", "a"], "bernoulli", "y has 1 level .*, where the bernoulli family takes")
    refused([1, 2, 3, 1], "ordered", "no intercept to be replaced: leave '0 \\+' out", "y ~ 0 + x")
    refused([1, 2, 3, 1], "ordered", "let no intercept vary", "y ~ x + (1 | g)", pooling="none")
    refused(
        [1, 2, 3, 1],
        "ordered",
        "prior of threshold.1.2. is Uniform",
        priors={"threshold": me.Uniform(0, 1)},
    )


def test_numbers_are_categories_in_their_order() -> None:
    model = me.Model("y ~ x", {"y": [5, 3, 1, 3], "x": [1, 2, 3, 5]}, family="ordered")
    assert model.design.outcome_levels == ("1", "3", "5")
    assert model.family.own == ("threshold(1|3)", "threshold(3|5)")
    assert model.design.y.tolist() == [2.0, 1.0, 0.0, 1.0]
    arrays = me.Model.from_arrays([5, 3, 1, 3], [1, 2, 3, 5], family="categorical")
    assert arrays.design.names == ("3: Intercept", "3: x1", "5: Intercept", "5: x1")


def test_priors_of_one_category_and_of_all() -> None:
    priors = {"x": me.Normal(0, 1), "bad: x": me.Normal(0, 9), "Intercept": me.Normal(1, 1)}
    model = me.Model("y ~ x", data(), family="categorical", priors=priors)
    written = {name: row["written"] for name, row in model.prior_summary().rows.items()}
    assert written == {
        "fair: Intercept": "Normal(1, 1)",
        "fair: x": "Normal(0, 1)",
        "bad: Intercept": "Normal(1, 1)",
        "bad: x": "Normal(0, 9)",
    }


def test_a_tree_for_arviz(fit) -> None:
    pytest.importorskip("arviz_base")
    tree = fit.to_arviz(seed=2)
    effects = {n for n in fit.draws.natural if n.startswith("b(")}
    assert len(effects) == (1 if fit.model.family.thresholds else 2)
    for name in effects:
        assert tree["posterior"][name].dims == ("chain", "draw", "g")
        np.testing.assert_array_equal(tree["posterior"][name], fit.draws[name])
    np.testing.assert_array_equal(tree["observed_data"]["y"], fit.model.design.y)
    np.testing.assert_array_equal(tree["log_likelihood"]["y"], fit.log_lik())
    np.testing.assert_array_equal(tree["posterior_predictive"]["y"], fit.predict(seed=2))


def test_checks_of_categories(fit) -> None:
    matplotlib.use("agg")
    ax = fit.pp_check(seed=1)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["mild", "fair", "bad"]
    share = fit.pp_check("stat", stat=lambda y: (y == 1).mean(axis=-1), seed=1)
    assert share.get_xlabel().endswith("of y")
    for call in (
        lambda: fit.pp_check("ribbon", seed=1),
        lambda: fit.pp_check("stat", seed=1),
        lambda: fit.conditional_effects("x", kind="predict", grid=2, seed=1),
    ):
        if fit.model.family.thresholds:
            call()
        else:
            with pytest.raises(ValueError, match="a category without an order"):
                call()
    plt.close("all")


def test_a_saved_fit_predicts_new_rows_as_before(fit, tmp_path) -> None:
    fit.save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz")
    new = {"x": [0.0, 4.0], "g": [2, 99]}
    for verb in ("linpred", "epred", "predict"):
        one, two = (getattr(f, verb)(new, new_groups="sample", seed=3) for f in (fit, again))
        np.testing.assert_array_equal(one, two)


def log_evidence(family: str, counts) -> float:
    """Of `y ~ 1` with these counts, up to what all counts have in common: by a sum over a grid."""
    axis = np.linspace(-9.0, 9.0, 1201)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    with np.errstate(divide="ignore", invalid="ignore"):
        if family == "ordered":
            p = [special.expit(a), special.expit(b) - special.expit(a), special.expit(-b)]
            prior = np.where(b > a, stats.t(3.0, 0.0, 2.5).logpdf(a), -np.inf)
            prior = prior + stats.t(3.0, 0.0, 2.5).logpdf(b)
        else:
            total = 1.0 + np.exp(a) + np.exp(b)
            p = [1.0 / total, np.exp(a) / total, np.exp(b) / total]
            mean = np.log((COUNTS[1:] + 0.5) / (COUNTS[0] + 0.5))
            prior = stats.multivariate_normal(mean, COVARIANCE).logpdf(np.stack([a, b], axis=-1))
        logp = prior + sum(n * np.log(q) for n, q in zip(counts, p, strict=True))
    return float(special.logsumexp(np.where(np.isnan(logp), -np.inf, logp)))


@pytest.mark.parametrize("family", ["ordered", "categorical"])
def test_refits_without_a_row_against_quadrature(family: str, monkeypatch) -> None:
    pytest.importorskip("arviz_stats")
    fit = me.Model("y ~ 1", {"y": IN_ORDER}, family=family).fit(seed=1, progress=False)
    plain = fit.loo()
    monkeypatch.setattr("mcmc_edu.models.verbs.loo.loo.k_limit", lambda draws: -math.inf)
    again = fit.loo(refit=True)
    assert again.refitted == tuple(range(COUNTS.sum()))
    whole = log_evidence(family, COUNTS)
    without = [log_evidence(family, COUNTS - one) for one in np.eye(3, dtype=int)]
    exact = whole - np.repeat(without, COUNTS)
    assert np.abs((again.pointwise - exact) / again.mcse).max() < 4.5
    assert max(again.mcse) < 0.03
    np.testing.assert_allclose(plain.pointwise, exact, atol=0.05)


@pytest.mark.parametrize("family", ["ordered", "categorical"])
def test_a_refit_without_the_only_row_of_a_level(family: str) -> None:
    """Its density is that of a level of the population, as of new rows in a fit of the others."""
    rows = data()
    rows["g"] = np.where(np.arange(60) == 7, 99, rows["g"])
    short = {"seed": 1, "draws": 200, "warmup": 100, "chains": 2, "progress": False}
    fit = me.Model("y ~ x + (1 | g)", rows, family=family).fit(**short)
    row = np.array([7])
    other = refitted(fit, row)
    found = log_density_of_rows(other, select_rows(fit.model.design, row, other.model.design))[
        ..., 0
    ]
    new = {"x": [rows["x"][7]], "g": [1000]}
    p = other.epred(new, new_groups="sample", seed=seed_of(other))[
        ..., 0, int(fit.model.design.y[7])
    ]
    np.testing.assert_allclose(np.exp(found), p, rtol=1e-10)
