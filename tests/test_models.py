"""`Model` and `Fit`: pooling, forms, predictions, and what is refused."""

import re
from typing import Any

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu import diagnostics
from mcmc_edu.regression.prepare.form_choice import _by_share

SLEEP = "Reaction ~ Days + (Days | Subject)"
SETTINGS = {"draws": 1000, "warmup": 500, "seed": 1, "progress": False}


@pytest.fixture(scope="module")
def sleep():
    return me.Model(SLEEP, me.datasets.sleepstudy()).fit(**SETTINGS)


@pytest.fixture(scope="module")
def simulated():
    return me.datasets.simulate_regression("gaussian", 12, 4, seed=3)


def within(draws, expected, errors=4.5) -> None:
    assert abs(draws.mean() - expected) < errors * diagnostics.mcse_mean(draws)


def least_squares(x, y):
    beta, rss, _, _ = np.linalg.lstsq(x, y, rcond=None)
    return beta, float(rss[0])


def test_complete_pooling_with_flat_priors_is_least_squares(simulated) -> None:
    """beta is t-distributed around least squares under flat priors."""
    data = simulated.columns
    priors = {"b": me.Flat(), "Intercept": me.Flat(), "sigma": me.HalfCauchy(1e-6)}
    model = me.Model("y ~ x + (x | group)", data, pooling="complete", priors=priors)
    fit = model.fit(**SETTINGS)
    x = np.column_stack([np.ones(data.rows), data["x"]])
    beta, rss = least_squares(x, data["y"])
    within(fit.draws["Intercept"], beta[0])
    within(fit.draws["x"], beta[1])
    df = data.rows - 2 + 1  # half-Cauchy far out is 1 / sigma^2, one power more than 1 / sigma
    exact = stats.t(df, beta[1], np.sqrt(rss / df * np.linalg.inv(x.T @ x)[1, 1]))
    assert fit.draws["x"].std() == pytest.approx(exact.std(), rel=0.06)


def test_no_pooling_is_least_squares_in_every_group(simulated) -> None:
    data = simulated.columns
    priors = {"b": me.Uniform(-100, 100), "Intercept": me.Uniform(-100, 100)}
    fit = me.Model("y ~ x + (x | group)", data, pooling="none", priors=priors).fit(**SETTINGS)
    assert fit.model.design.names == ()
    for j in range(12):
        rows = data["group"] == j
        x = np.column_stack([np.ones(rows.sum()), data["x"][rows]])
        beta, _ = least_squares(x, data["y"][rows])
        within(fit.draws["b(group: Intercept)"][:, :, j], beta[0])
        within(fit.draws["b(group: x)"][:, :, j], beta[1])


def test_partial_pooling_lies_between(simulated) -> None:
    data = simulated.columns
    partial = me.Model("y ~ x + (x | group)", data).fit(**SETTINGS)
    none = me.Model("y ~ x + (x | group)", data, pooling="none").fit(**SETTINGS)
    slopes = [[fit.coef()["group"][str(j)]["x"] for j in range(12)] for fit in (partial, none)]
    assert np.std(slopes[0]) < np.std(slopes[1])


def test_linear_predictor_by_hand(sleep) -> None:
    new = {"Days": [0.0, 4.0], "Subject": ["308", "371"]}
    eta = sleep.linpred(new)
    b = sleep.draws["b(Subject: Intercept)"][:, :, 0]
    np.testing.assert_allclose(eta[:, :, 0], sleep.draws["Intercept"] + b, rtol=1e-12)
    (g,) = sleep.model.design.groupings
    j = g.levels.index("371")
    line = sleep.draws["Intercept"] + sleep.draws["b(Subject: Intercept)"][:, :, j]
    slope = sleep.draws["Days"] + sleep.draws["b(Subject: Days)"][:, :, j]
    np.testing.assert_allclose(eta[:, :, 1], line + 4.0 * slope, rtol=1e-12)


def test_new_groups(sleep) -> None:
    new = {"Days": [9.0, 9.0, 0.0], "Subject": ["somebody", "somebody else", "somebody"]}
    with pytest.raises(ValueError, match="2 levels that were not fitted: 'somebody', 'somebody e"):
        sleep.predict(new)
    with pytest.raises(ValueError, match="1 level that was not fitted: 'somebody';"):
        sleep.predict({"Days": [9.0], "Subject": ["somebody"]})
    zero = sleep.linpred(new, new_groups="zero")
    expected = sleep.draws["Intercept"] + 9.0 * sleep.draws["Days"]
    np.testing.assert_allclose(zero[:, :, 0], expected, rtol=1e-12)
    np.testing.assert_array_equal(zero[:, :, 0], zero[:, :, 1])

    drawn = sleep.linpred(new, new_groups="sample", seed=1) - zero
    sd = [sleep.draws[f"sd(Subject: {c})"] for c in ("Intercept", "Days")]
    r = sleep.draws["cor(Subject: Intercept, Days)"]
    variance = sd[0] ** 2 + 81.0 * sd[1] ** 2 + 18.0 * r * sd[0] * sd[1]
    z = drawn[:, :, 0] / np.sqrt(variance)  # standard normal if b has the covariance of each draw
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    between = np.corrcoef(drawn[:, :, 0].ravel(), drawn[:, :, 1].ravel())[0, 1]
    assert abs(between) < 4.5 / np.sqrt(z.size)
    same = np.corrcoef(drawn[:, :, 0].ravel(), drawn[:, :, 2].ravel())[0, 1]
    both = np.mean(sd[0] ** 2 + 9.0 * r * sd[0] * sd[1])  # both rows are of one person
    expected = both / np.sqrt(np.mean(variance) * np.mean(sd[0] ** 2))
    assert abs(same - expected) < 4.5 / np.sqrt(z.size)
    with pytest.raises(ValueError, match="new_groups is 'guess'"):
        sleep.linpred(new, new_groups="guess")


def test_predictions_have_the_noise_of_the_family(sleep) -> None:
    noise = sleep.predict(seed=2) - sleep.linpred()
    z = noise / sleep.draws["sigma"][:, :, np.newaxis]
    assert stats.kstest(z[:, ::10].ravel()[::7], "norm").pvalue > 1e-4


def test_expected_awards_are_trials_times_probability() -> None:
    data = me.datasets.funding()
    model = me.Model("awards | trials(applications) ~ male + (1 | discipline)", data, "binomial")
    fit = model.fit(**SETTINGS)
    expected = data["applications"] / (1.0 + np.exp(-fit.linpred()))
    np.testing.assert_allclose(fit.epred(), expected, rtol=1e-12)
    logp = stats.binom(data["applications"].astype(int), expected / data["applications"])
    np.testing.assert_allclose(fit.log_lik(), logp.logpmf(data["awards"]), rtol=1e-9)


def test_tables_agree_with_the_draws(sleep) -> None:
    assert sleep.fixef()["Days"]["mean"] == sleep.draws["Days"].mean()
    deviation = sleep.ranef()["Subject"]["308"]["Days"]
    total = sleep.coef()["Subject"]["308"]["Days"]
    assert total - deviation == pytest.approx(sleep.fixef()["Days"]["mean"], rel=1e-12)
    assert sleep.varcorr()["sd(Subject: Days)"]["sd"] > 0.0
    assert "collapsed (Gaussian outcomes" in str(sleep.summary())
    assert "StudentT(3, 298.5, 140.8)" in str(sleep.prior_summary())


def test_two_bars_of_one_group() -> None:
    """Independent terms: the correlation is gone, and nothing else."""
    data = me.datasets.sleepstudy()
    two = "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"
    priors = {"sd": me.HalfT(3, 50)}
    fit = me.Model(two, data, priors=priors).fit(**SETTINGS)
    assert [c.form for c in fit.model.choices].count("collapsed") == 1
    wanted = me.Model(two, data, parameterization={"Subject": "collapsed"})
    assert [c.form for c in wanted.choices].count("collapsed") == 1
    assert len(me.Model(two, data).prior_summary()) == 5
    other = me.Model(two.replace("1 | S", "Days || S").split(" + (0")[0], data, priors=priors)
    one = other.fit(**SETTINGS)
    for name in one.draws.natural:
        for values, theirs in zip(
            np.atleast_3d(fit.draws[name]).T, np.atleast_3d(one.draws[name]).T, strict=True
        ):
            mcse = np.hypot(diagnostics.mcse_mean(values.T), diagnostics.mcse_mean(theirs.T))
            assert abs(values.mean() - theirs.mean()) < 4.5 * mcse, name
    row = fit.ranef()["Subject"]["308"]
    assert list(row) == ["Intercept", "sd(Intercept)", "Days", "sd(Days)"]
    total = fit.coef()["Subject"]["308"]["Days"]
    assert total == pytest.approx(row["Days"] + fit.fixef()["Days"]["mean"], rel=1e-12)


@pytest.mark.parametrize(
    ("groups", "observations", "sd", "form"),
    [(40, 2, (0.1, 0.1), "noncentered"), (12, 120, (1.0, 1.0), "centered")],
)
def test_auto_sees_whether_data_are_poor_or_rich(groups, observations, sd, form) -> None:
    data = me.datasets.simulate_regression("poisson", groups, observations, sd=sd, seed=2)
    model = me.Model("y ~ x + (x | group)", data.columns, "poisson")
    assert model.choices[0].form == form
    assert "the data decide at least" in model.choices[0].reason


def test_effects_of_two_factors_are_not_those_of_each_over_again() -> None:
    """Of the cells of two factors whose effects add up nothing is left to be decided."""
    rng = np.random.default_rng(1)
    r, a = rng.integers(0, 4, 3000), rng.integers(0, 6, 3000)
    eta = rng.normal(0, 1.0, 4)[r] + rng.normal(0, 1.0, 6)[a]
    data = {"y": rng.random(3000) < 1 / (1 + np.exp(-eta)), "r": r, "a": a}
    model = me.Model("y ~ 1 + (1 | r) + (1 | a) + (1 | r:a)", data, "bernoulli")
    assert [choice.form for choice in model.choices] == ["centered", "centered", "noncentered"]
    assert model.choices[0].share > 0.9
    assert model.choices[2].share < 0.5


def test_steps_are_short_only_where_there_may_be_a_funnel() -> None:
    poor, rich = (
        me.datasets.simulate_regression("poisson", 12, n, sd=(1.0, 1.0), seed=2).columns
        for n in (2, 120)
    )
    steps = [
        me.Model("y ~ x + (x | group)", data, "poisson").sampler().target_accept
        for data in (poor, rich)
    ]
    assert steps == [0.95, 0.8]


def test_where_it_is_a_draw_the_form_is_the_one_that_cannot_stick() -> None:
    forms = {share: _by_share(share).form for share in (0.1, 0.6, 0.7, 0.95)}
    assert forms == {0.1: "noncentered", 0.6: "noncentered", 0.7: "centered", 0.95: "centered"}


def test_auto_does_not_look_at_units() -> None:
    data = dict(me.datasets.simulate_regression("student", 15, 8, seed=4).columns)
    one = me.Model("y ~ x + (x | group)", data, "student")
    data["y"], data["x"] = 1000.0 * data["y"], data["x"] / 60.0
    other = me.Model("y ~ x + (x | group)", data, "student")
    assert one.choices == other.choices


def test_the_same_draws_in_ms_and_in_s() -> None:
    """1024 is a power of 2: nothing is rounded."""
    data = dict(me.datasets.sleepstudy())
    one = me.Model(SLEEP, data).fit(draws=100, warmup=100, seed=1, chains=1, progress=False)
    data["Reaction"] = 1024.0 * data["Reaction"]
    other = me.Model(SLEEP, data).fit(draws=100, warmup=100, seed=1, chains=1, progress=False)
    np.testing.assert_array_equal(one.draws.array, other.draws.array)
    np.testing.assert_array_equal(1024.0 * one.draws["Days"], other.draws["Days"])


ROWS = {
    "y": [1.0, 2.0, 4.0, 3.0, 5.0, 2.5],
    "x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
    "g": list("aabbcc"),
    "h": list("ababab"),
    "k": [0, 1, 3, 0, 1, 2],
    "n": [1, 2, 2, 1, 4, 4],
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"family": "weibull"}, "family is 'weibull'; it must be one of"),
        ({"link": "log"}, "link is 'log'; the gaussian family has 'identity'"),
        ({"pooling": "some"}, "pooling is 'some'; it must be one of 'partial', 'none', 'complete'"),
        (
            {"formula": "y ~ x + (1 | g) + (1 | h)", "pooling": "none"},
            "pooling is 'none' and the formula has 2 bars",
        ),
        ({"priors": {"beta": me.Normal()}}, "priors names 'beta', which this model has not"),
        ({"priors": {"b": me.HalfNormal(1)}}, r"prior of x is HalfNormal\(1\); it must be one of"),
        ({"priors": {"sd": me.Normal()}}, r"prior of sd\(g: Intercept\) is Normal\(0, 2.5\)"),
        (
            {"priors": {"cor": me.Normal(), "sd": me.HalfT()}, "formula": "y ~ x + (x | g)"},
            "correlations take LKJ",
        ),
        ({"priors": {"cor(g)": me.LKJ()}}, r"'cor\(g\)', which this model has not; it has cov"),
        ({"priors": {"cor(g)": me.LKJ()}, "formula": "y ~ x + (x || g)"}, "this model has not"),
        ({"priors": {"sd(g)": me.HalfT()}, "pooling": "none"}, "this model has not; it has"),
        ({"priors": {"sd(g)": me.HalfT()}, "formula": "y ~ x"}, "has not; it has b, sigma, Int"),
        ({"priors": {"x": me.Normal()}, "formula": "y ~ 1 + (x | g)"}, "'x', which this model has"),
        ({"priors": {"Intercept": me.Normal()}, "formula": "y ~ 0 + x"}, "has not; it has b, sig"),
        (
            {"priors": {"Intercept": me.Normal()}, "formula": "k ~ x", "family": "ordered"},
            "'Intercept', which this model has not; it has b, threshold, x",
        ),
        *(
            ({"priors": priors, "formula": "y ~ x + (x | g)"}, "would not count for g")
            for priors in (
                {"cor": me.LKJ(), "covariance": me.Decov()},
                {"sd": me.HalfT(), "covariance": me.Decov()},
                {"cor(g)": me.LKJ(), "covariance": me.Decov()},
                {"cor(g)": me.LKJ(), "covariance(g)": me.Decov()},
                {"sd(g)": me.HalfT(), "covariance(g)": me.Decov()},
            )
        ),
        ({"priors": {"b": 2.0}}, "prior of b is 2.0; give a prior such as"),
        ({"parameterization": "centred"}, "parameterization is 'centred'; it must be one of"),
        ({"parameterization": {"q": "centered"}}, "parameterization names 'q'; the terms are of g"),
        ({"family": "poisson"}, "^y is 2.5 in row 6; it must be a whole"),
        (
            {"family": "poisson", "data": ROWS | {"y": [1, 2, 2.5, 3, -1, 0]}},
            "^y is 2.5 in row 3, and 1 more row is wrong; it must be a whole",
        ),
        (
            {"family": "poisson", "data": ROWS | {"y": [1, 2.5, -2, 3, -1, 0]}},
            "^y is 2.5 in row 2, and 2 more rows are wrong; it must be a whole",
        ),
        ({"formula": "k ~ x + (1 | g)", "family": "bernoulli"}, "k is 3 in row 3"),
        (
            {"formula": "k | trials(n) ~ x + (1 | g)", "family": "binomial"},
            "k is 3 in row 3; it must be at most the number of trials",
        ),
        ({"formula": "k | trials(n) ~ x", "family": "poisson"}, "take family='binomial'"),
        (
            {
                "formula": "k | trials(n) ~ x + (1 | g)",
                "family": "binomial",
                "data": ROWS | {"k": [0] * 6},
                "parameterization": "collapsed",
            },
            "with the binomial family that cannot be done",
        ),
        ({"data": ROWS | {"y": [2.0] * 6}}, "y is 2 in every row: it does not vary"),
        (
            {"formula": "y ~ x + I(2 * x) + (1 | g)"},
            r"predictor I\(2 \* x\) is determined by the others; leave it out",
        ),
        (
            {"formula": "y ~ x + I(2 * x) + I(3 * x)"},
            r"predictors I\(2 \* x\), I\(3 \* x\) are determined by the others; leave them out",
        ),
    ],
)
def test_what_a_model_refuses(changes, message: str) -> None:
    arguments = {"formula": "y ~ x + (1 | g)", "data": ROWS} | changes
    with pytest.raises(ValueError, match=message):
        me.Model(**arguments).choices  # noqa: B018


def test_rows_are_numbered_as_in_the_data() -> None:
    """Those that are dropped count."""
    data = ROWS | {"x": [np.nan, 1, 2, 3, 4, 5], "k": [0, 1, 2, 0, 2.5, 1], "n": [9, 9, 1, 9, 9, 9]}
    kinds = (
        ("k ~ x", "poisson", "k is 2.5 in row 5"),
        ("k ~ x", "ordered", "k is 2.5 in row 5"),
        ("k ~ x", "bernoulli", "k is 2.5 in row 5"),
        ("h | trials(k) ~ x", "binomial", "trials is 2.5 in row 5"),
        ("n | trials(n / n) ~ x", "binomial", "n is 9 in row 2"),
    )
    for formula, family, message in kinds:
        with pytest.raises(ValueError, match=message):
            me.Model(formula, data, family, missing="drop")


FEW = ROWS | {"k": [0, 1, 1, 0, 1, 2]}


def test_trials_of_new_rows_are_checked() -> None:
    model = me.Model("k | trials(n) ~ x", FEW, "binomial")
    assert model.rows({"x": [1.0, 2.0], "n": [0, 7]}).trials.tolist() == [0, 7]
    assert model.rows({"x": [1.0]}).trials is None
    for n in (2.5, -1):
        with pytest.raises(ValueError, match=f"trials is {n} in row 2; it must be a whole number"):
            model.rows({"x": [1.0, 1.0], "n": [3, n]})
    counts = me.Model.from_arrays(ROWS["k"], ROWS["x"], family="poisson")
    with pytest.raises(ValueError, match="trials, which the poisson family has not"):
        counts.rows({"X": [1.0], "trials": [3]})


def test_trials_that_are_a_predictor_too_are_held_at_their_mean() -> None:
    model = me.Model("k | trials(n) ~ n + x", FEW, "binomial")
    natural = {name: np.zeros((2, 3)) for name in model.design.names}
    fit = me.Fit(model, me.Draws(np.zeros((2, 3, 3)), ("a", "b", "c"), {}, natural, {}, {}))
    assert fit.conditional_effects("x", grid=3).held == {"n": pytest.approx(14 / 6)}


@pytest.mark.parametrize("pooling", ["complete", "partial"])
def test_all_levels_alike_need_no_level(pooling: str) -> None:
    model = me.Model("y ~ x + (k | g)", ROWS, pooling=pooling)
    arrays = me.Model.from_arrays(ROWS["y"], ROWS["x"], ROWS["g"], pooling=pooling)
    if pooling == "complete":
        assert model.rows({"x": [1.0, 2.0]}).columns.tolist() == [[1, 1], [1, 2]]
        assert arrays.rows({"X": [1.0]}).columns.tolist() == [[1, 1]]
        return
    with pytest.raises(ValueError, match="no column 'k'"):
        model.rows({"x": [1.0, 2.0]})
    with pytest.raises(ValueError, match="group is missing"):
        arrays.rows({"X": [1.0]})


@pytest.mark.parametrize(
    ("family", "name", "right"),
    [
        ("gaussian", "sigma", "sigma"),
        ("student", "nu", "nu"),
        ("negbin", "phi", "x + (phi | g)"),
        ("ordered", "threshold(0|1)", "`threshold(0|1)`"),
        ("gaussian", "hs(global)", "`hs(global)`"),
        ("gaussian", "b(g: Intercept)", "`b(g: Intercept)` + (1 | g)"),
        ("gaussian", "Intercept", "1 + Intercept"),
        ("ordered", "Intercept", "x + Intercept"),
        ("gaussian", "Intercept", "0 + Intercept"),
        ("gaussian", "Intercept", "x + (0 + Intercept | g)"),
    ],
)
def test_a_column_with_the_name_of_a_parameter_is_refused(family, name, right) -> None:
    data = ROWS | {name: [0.3, 0.1, 2.0, 1.0, 0.0, 5.0]}
    outcome = "y" if family in ("gaussian", "student") else "k"
    if "(phi" in right:  # of a group's coefficient alone there is no harm: b(g: phi)
        assert me.Model(f"{outcome} ~ {right}", data, family).design.names == ("Intercept", "x")
        right = "phi"
    with pytest.raises(ValueError, match=rf"'{re.escape(name)}'.*rename the column"):
        me.Model(f"{outcome} ~ {right}", data, family)


def test_names_that_are_no_parameters_are_left_alone() -> None:
    data = ROWS | {"sigma": ROWS["x"], "Intercept": [1.0] * 6}
    assert me.Model("k ~ sigma", data, "poisson").design.names == ("Intercept", "sigma")
    assert me.Model("y ~ 0 + Intercept + sigma:x", data).design.names == ("Intercept", "sigma:x")
    with pytest.raises(ValueError, match="'Intercept' would be the name of 2 quantities"):
        me.Model("y ~ 1 + Intercept", data)


SHARED = {"b": me.Normal(0, 1), "sd": me.HalfT(3, 1), "cor": me.LKJ(2)}


@pytest.mark.parametrize(
    ("right", "pooling", "unused"),
    [
        ("x + (x | g)", "partial", None),
        ("x + (x || g)", "partial", "cor"),
        ("1 + (1 | g)", "partial", "b, cor"),
        ("x", "partial", "sd, cor"),
        ("x + (x | g)", "none", "sd, cor"),
        ("0 + x + (0 + x | g)", "none", "sd, cor"),
        ("1 + (1 | g)", "complete", "b, sd, cor"),
    ],
)
def test_models_can_share_priors_and_say_which_are_unused(right, pooling, unused) -> None:
    model = me.Model(f"y ~ {right}", ROWS, pooling=pooling, priors=SHARED)
    notes = [note for note in model.prior_summary().notes if "has not" in note]
    assert notes == ([] if unused is None else [f"Given for what this model has not: {unused}."])


def test_a_class_may_be_idle_where_narrower_names_are_given() -> None:
    narrow = {"cor": me.LKJ(2), "covariance(g)": me.Decov(), "sd": me.HalfT(), "b": me.Normal()}
    model = me.Model("y ~ x + (x | g)", ROWS, priors=narrow | {"x": me.Normal(0, 9)})
    assert [c.written for c in model.priors.varying[0]] == [me.Decov()]
    assert not [note for note in model.prior_summary().notes if "has not" in note]
    mixed = {"sd(g)": me.HalfT(), "cor(g)": me.LKJ(3), "covariance": me.Decov()}
    model = me.Model("y ~ x + (x | g)", ROWS, priors=mixed)
    assert model.priors.correlations[0].written == me.LKJ(3)
    both = {"sd(g)": me.HalfT(3, 1), "covariance": me.Decov(2)}
    model = me.Model("y ~ (1 | g) + (1 | h)", ROWS, priors=both)
    assert [v[0].written for v in model.priors.varying] == [me.HalfT(3, 1), me.Decov(2)]


def test_correlations_that_a_term_has_not_leave_its_scales_alone() -> None:
    model = me.Model("y ~ (1 | g) + (x | h)", ROWS, priors={"cor": me.LKJ(2)})
    assert [type(v[0].written) for v in model.priors.varying] == [me.HalfT, me.HalfT]
    priors = {"defaults": "rstanarm", "cor": me.LKJ(2)}
    model = me.Model("y ~ (1 | g) + (x | h)", ROWS, priors=priors)
    assert [type(v[0].written) for v in model.priors.varying] == [me.Decov, me.Exponential]


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        (lambda: me.Normal(0, -1), "scale of Normal is -1.0; it must be positive and finite"),
        (lambda: me.Normal(np.inf, 1), "location of Normal is inf; it must be finite"),
        (lambda: me.Uniform(2, 1), "high of Uniform is 1; it must be above low, 2"),
        (lambda: me.LKJ(0), "shape of LKJ is 0.0"),
    ],
)
def test_what_a_prior_refuses(prior, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        prior()


def test_arrays_need_no_formula() -> None:
    data = me.datasets.sleepstudy()
    model = me.Model.from_arrays(data["Reaction"], data["Days"][:, np.newaxis], data["Subject"])
    ours = model.fit(draws=200, warmup=200, seed=1, chains=2, progress=False)
    formula = me.Model(SLEEP, data).fit(draws=200, warmup=200, seed=1, chains=2, progress=False)
    np.testing.assert_array_equal(ours.draws.array, formula.draws.array)


@pytest.mark.parametrize("family", ["gaussian", "poisson", "bernoulli", "ordered", "categorical"])
def test_odd_data_have_a_right_answer(family: str) -> None:
    """Groups of one row, one group, separated outcomes, read-only and integer columns."""
    rng = np.random.default_rng(1)
    y = np.array([0, 0, 0, 0, 1, 1, 1, 1] * 2)
    if family == "gaussian":
        y = y + rng.normal(size=16)
    data = {"y": y, "x": y + 0, "one": ["a"] * 16, "many": np.arange(16), "größe": list("üöäß") * 4}
    data["x"].flags.writeable = False
    for bar in ("(1 | one)", "(1 | many)", "(1 | größe)"):
        formula = f"y ~ x + {bar}" if family != "gaussian" else f"y ~ {bar}"
        fit = me.Model(formula, data, family).fit(draws=300, warmup=300, seed=1, progress=False)
        assert np.isfinite(fit.draws.array).all()
        assert diagnostics.rhat(fit.draws[fit.model.design.names[0]]) < 1.1


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"weights": "n"}, r"no argument 'weights', .* me\.Model\(formula, data, weights=\.\.\.\)"),
        ({"warm_up": 100}, "no argument 'warm_up'; did you mean warmup"),
        ({"data": ()}, r"no argument 'data'\. It has draws, warmup"),
    ],
    ids=["of the model", "misspelt", "of sample alone"],
)
def test_a_setting_of_a_fit_that_is_none_is_named(setting: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        me.Model(SLEEP, me.datasets.sleepstudy()).fit(**setting)


@pytest.mark.parametrize(
    ("formula", "form", "message"),
    [
        (SLEEP, "centred", "parameterization is 'centred'; it must be one of 'auto'"),
        ("Reaction ~ Days", "centred", "parameterization is 'centred'; it must be one of 'auto'"),
        (SLEEP, {"subject": "auto"}, "parameterization names 'subject'; the terms are of Subject"),
    ],
    ids=["word", "without terms", "factor"],
)
def test_a_form_that_cannot_be_is_refused_before_the_fit(
    formula: str, form: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        me.Model(formula, me.datasets.sleepstudy(), parameterization=form)
