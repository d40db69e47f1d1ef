"""Effects by group: the formula, effects in parts, and what they are computed from."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import made_up
from scipy import stats

import mcmc_edu as me
from mcmc_edu.effects.heterogeneity.evidence import may_be_zero
from mcmc_edu.effects.heterogeneity.fitted import HeterogeneousFit
from mcmc_edu.models.prior_predictive import prior_sds
from mcmc_edu.models.simulation.parameters import draw_term

RNG = np.random.default_rng(7)
N = 400
DATA = pd.DataFrame(
    {
        "t": RNG.integers(0, 2, N),
        "drug": RNG.choice(["control", "treated"], N),
        "arm": RNG.choice(["none", "some", "much"], N),
        "dose": RNG.choice([0, 10, 20], N),
        "white": RNG.integers(0, 2, N),
        "hawk": RNG.integers(1, 6, N),
        "region": RNG.choice(["East", "North", "West"], N),
        "age": RNG.uniform(18.0, 90.0, N),
        "x": RNG.normal(size=N),
        "country": RNG.choice(list("ABCDE"), N),
        "trials": RNG.integers(1, 9, N),
        "y": RNG.normal(size=N),
        "grade": RNG.integers(1, 5, N),
    }
)
DATA["yes"] = (DATA["y"] > 0).astype(int)
DATA["k"] = RNG.binomial(DATA["trials"], 0.4)


def asked(outcome: str = "y", treatment: Any = "t", modifiers: Any = ("white", "hawk"), **more):
    return me.effects.heterogeneous(outcome, treatment, modifiers, data=DATA, **more)


def fitted(*given: Any, **more: Any) -> HeterogeneousFit:
    question = asked(*given, **more)
    return HeterogeneousFit(question, made_up(question.model))


@pytest.mark.parametrize(
    ("formula", "options"),
    [
        ("y ~ t * (white + rescale(hawk)) + (1 + t | white:hawk)", {}),
        ("y ~ t * (white + hawk) + (1 + t | white:hawk)", {"rescale": False}),
        (
            "y ~ t + t:(white + rescale(hawk)) + x + (1 + t | white:hawk)",
            {"main_effects": False, "controls": "x"},
        ),
        (
            "y ~ t * (white + rescale(hawk)) + x + log(age) + (0 + t | white:hawk)",
            {"intercepts": False, "controls": ["x", "log(age)"]},
        ),
        (
            "y ~ t * (white * poly(hawk, 2)) + (1 + t | white:hawk) + (1 | country)",
            {"effect_formula": "white * poly(hawk, 2)", "extra": "+ (1 | country)"},
        ),
        (
            "y ~ t * (white + hawk) + dose * (white) + (1 + t + dose | white:hawk)",
            {
                "treatment": ["t", "dose"],
                "effect_formula": {"t": "white + hawk", "dose": "white"},
                "values": {"dose": (0, 20)},
            },
        ),
        (
            "y ~ t * (region + rescale(age)) + (1 + t | region:age_bin)",
            {"modifiers": ["region", "age"], "bins": {"age": 3}},
        ),
    ],
)
def test_the_model_is_a_formula(formula: str, options: dict[str, Any]) -> None:
    question = asked(**options)
    assert question.formula == formula
    assert question.model.design.formula == formula
    assert str(question).startswith(formula)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"main_effects": False},
        {"treatment": "drug"},
        {"treatment": "dose", "values": (5, 20)},
        {"treatment": ["t", "drug"]},
        {"modifiers": ["region", "age"], "bins": {"age": [18, 40, 90]}},
        {"effect_formula": "white * hawk", "extra": "(1 | country)"},
        {"outcome": "yes", "family": "bernoulli"},
        {"outcome": "k | trials(trials)", "family": "binomial"},
        {"outcome": "grade", "family": "ordered"},
    ],
    ids=lambda more: ",".join(f"{k}={v}" for k, v in more.items()) or "usual",
)
def test_parts_add_up_to_the_effect_of_each_group(more: dict[str, Any]) -> None:
    """On the link's scale, by another way: averages of linear predictors, high less low."""
    fit = fitted(**more)
    name = next(iter(fit.question.treatments))
    parts, effects = fit.parts(name), fit.group_effects(name, scale="link")
    np.testing.assert_allclose(parts.total, effects.effect.draws, rtol=0, atol=1e-12)
    np.testing.assert_allclose(parts.systematic, effects.systematic.draws, rtol=0, atol=1e-12)
    assert effects.labels == fit.question.groups.labels


def test_parts_are_lambda_times_z_and_the_groups_own_effect() -> None:
    fit = fitted()
    parts, draws = fit.parts(), fit.fit.draws
    z = (DATA["hawk"] - DATA["hawk"].mean()) / (2 * DATA["hawk"].std())
    levels = fit.fit.model.design.groupings[0].levels
    for g, values in enumerate(fit.question.groups.values):
        people = (DATA["white"] == values["white"]) & (DATA["hawk"] == values["hawk"])
        expected = draws["t"] + draws["t:white"] * values["white"]
        expected = expected + draws["t:rescale(hawk)"] * z[people].iloc[0]
        np.testing.assert_allclose(parts.systematic[:, :, g], expected, rtol=0, atol=1e-12)
        own = levels.index(f"{values['white']}:{values['hawk']}")
        np.testing.assert_allclose(parts.random[:, :, g], draws["b(white:hawk: t)"][:, :, own])
        assert fit.question.groups.n[g] == people.sum()
        low, high = fit.question.groups.arms["t"]
        assert low[g] == (people & (DATA["t"] == 0)).sum()
        assert high[g] == (people & (DATA["t"] == 1)).sum()
        assert parts.weights[g] == pytest.approx(people.mean())


def test_shares_are_variances_among_people() -> None:
    """Against numpy's covariance, in which every person is a row."""
    fit = fitted(modifiers=["white", "region"])
    parts = fit.parts()
    group = DATA.groupby(["white", "region"]).ngroup().to_numpy()
    theta, systematic = parts.total[..., group], parts.systematic[..., group]
    for c, d in ((0, 0), (1, 17), (1, 59)):
        total = np.var(theta[c, d])
        share = np.var(systematic[c, d]) / total
        assert parts.explained()[c, d] == pytest.approx(share, rel=1e-10)
        for k in range(len(parts.names)):
            both = np.cov(parts.terms[c, d, k, group], systematic[c, d], ddof=0)
            assert parts.shares()[c, d, k] == pytest.approx(both[0, 1] / total, rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(parts.shares().sum(axis=2), parts.explained(), rtol=1e-10)
    assert parts.names == ("t:white", "t:region[North]", "t:region[West]")


def test_effects_of_groups_are_averages_of_probabilities() -> None:
    fit = fitted("yes", family="bernoulli", controls="x")
    found = fit.group_effects(conf_level=0.9)
    arms = [fit.fit.epred(DATA.assign(t=value)) for value in (0, 1)]
    for g, (values, row) in enumerate(
        zip(fit.question.groups.values, found.table.rows.values(), strict=True)
    ):
        own = ((DATA["white"] == values["white"]) & (DATA["hawk"] == values["hawk"])).to_numpy()
        expected = (arms[1] - arms[0])[:, :, own].mean(axis=2)
        np.testing.assert_allclose(found.effect.draws[:, :, g], expected, rtol=0, atol=1e-12)
        assert row["estimate"] == pytest.approx(np.median(expected))
        assert row["conf_low"] == pytest.approx(np.quantile(expected, 0.05))
        assert row["white"] == values["white"]
        zero = found.systematic.draws[:, :, g]
        assert row["systematic"] == pytest.approx(np.median(zero))
        assert row["random"] == pytest.approx(np.median(expected - zero))
        assert row["n_low"] + row["n_high"] == own.sum()


def test_the_best_group_is_that_with_the_largest_draw() -> None:
    found = fitted().group_effects()
    draws = found.effect.draws.reshape(-1, len(found))
    largest = np.bincount(draws.argmax(axis=1), minlength=len(found)) / len(draws)
    smallest = np.bincount(draws.argmin(axis=1), minlength=len(found)) / len(draws)
    for table, share in ((found.best(99), largest), (found.best(99, largest=False), smallest)):
        shown = [row["p_best"] for row in table.rows.values()]
        assert shown == sorted(shown, reverse=True)
        for label, row in table.rows.items():
            assert row["p_best"] == pytest.approx(share[found.labels.index(label)], abs=1e-12)
    assert len(found.best(3)) == 3


def test_a_modifiers_change_is_its_coefficient_on_a_line() -> None:
    fit = fitted(modifiers=["white", "region", "hawk"])
    found, draws = fit.modifiers(), fit.fit.draws
    changes = found.changes.rows
    assert changes["white: 1 - 0"]["estimate"] == pytest.approx(np.median(draws["t:white"]))
    east = changes["region: North - East"]
    assert east["conf_low"] == pytest.approx(np.quantile(draws["t:region[North]"], 0.025))
    high, low = (float(v) for v in re.findall(r"[\d.]+", list(changes)[-1]))
    mean, sd = DATA["hawk"].mean(), DATA["hawk"].std()
    assert (low, high) == pytest.approx((mean - sd, mean + sd), abs=0.01)
    expected = np.median(draws["t:rescale(hawk)"]) * (high - low) / (2 * sd)
    assert changes[list(changes)[-1]]["estimate"] == pytest.approx(expected)
    row = found.coefficients.rows["t:white"]
    assert row["p_gt_0"] == pytest.approx((draws["t:white"] > 0).mean())
    assert row["share"] == pytest.approx(np.median(fit.parts().shares()[:, :, 0]))


def test_a_modifier_that_only_makes_groups_has_no_change() -> None:
    fit = fitted(modifiers=["white", "age"], bins={"age": 3}, effect_formula="white")
    found = fit.modifiers().changes
    assert list(found) == ["white: 1 - 0"]
    assert found.notes[-1].startswith("age: in bins that make groups only")


def test_a_modifiers_change_is_of_probabilities_for_everybody() -> None:
    fit = fitted("k | trials(trials)", family="binomial", modifiers=["white", "region"])
    names, eta = fit.fit.model.design.names, {}
    beta = np.stack([fit.fit.draws[name] for name in names], axis=-1)
    for t in (0, 1):
        for w in (0, 1):
            rows = fit.fit.model.design_for(DATA.assign(t=t, white=w))
            eta[t, w] = beta @ rows.columns.T  # without the groups' own deviations
    p = {key: 1 / (1 + np.exp(-values)) for key, values in eta.items()}
    change = (p[1, 1] - p[0, 1]) - (p[1, 0] - p[0, 0])
    expected = np.average(change, axis=2, weights=DATA["trials"])
    found = fit.modifiers().changes.rows["white: 1 - 0"]
    assert found["estimate"] == pytest.approx(np.median(expected), abs=1e-12)
    assert found["conf_high"] == pytest.approx(np.quantile(expected, 0.975), abs=1e-12)
    assert fit.question.groups.n.sum() == DATA["trials"].sum()


def test_two_arms_of_three_are_kept_and_a_dose_is_a_line() -> None:
    question = asked(treatment="arm", values=("none", "much"))
    kept = (DATA["arm"] != "some").sum()
    assert question.model.design.y.size == kept
    assert f"{N - kept} rows with another value are left out" in question.notes[0]
    column = question.model.design.columns[:, question.model.design.names.index("arm")]
    assert column.tolist() == [float(a == "much") for a in DATA["arm"] if a != "some"]
    fit = fitted(treatment="dose", values=(5, 20))
    assert fit.question.model.design.y.size == N
    draws = fit.group_effects(scale="link").systematic.draws
    with_white = [v["white"] for v in fit.question.groups.values].index(0)
    hawk = fit.question.groups.values[with_white]["hawk"]
    z = (hawk - DATA["hawk"].mean()) / (2 * DATA["hawk"].std())
    slope = fit.fit.draws["dose"] + z * fit.fit.draws["dose:rescale(hawk)"]
    np.testing.assert_allclose(draws[:, :, with_white], 15 * slope, atol=1e-12)


def test_bins_make_groups_and_not_the_equation() -> None:
    fit = fitted(modifiers=["white", "age"], bins={"age": [18, 30, 60, 90]})
    question = fit.question
    assert question.groups.levels["age_bin"] == ["[18, 30)", "[30, 60)", "[60, 90]"]
    middle = ((DATA["age"] >= 30) & (DATA["age"] < 60) & (DATA["white"] == 1)).sum()
    place = question.groups.values.index({"white": 1, "age_bin": "[30, 60)"})
    assert question.groups.n[place] == middle
    new = pd.DataFrame({"white": [1, 0], "age": [29.9, 60.0]})
    explicit = new.assign(age_bin=["[18, 30)", "[60, 90]"])
    for rows in (new, new.to_dict("list")):
        found = fit.effect(newdata=rows, by=["white"])
        expected = fit.fit.effect("t", newdata=explicit, by=["white"])
        np.testing.assert_array_equal(found.draws, expected.draws)
    quarters = asked(modifiers=["white", "age"], bins={"age": 4})
    sizes = DATA.groupby(pd.qcut(DATA["age"], 4)).size()
    by_bin = [
        sum(
            n
            for v, n in zip(quarters.groups.values, quarters.groups.n, strict=True)
            if v["age_bin"] == level
        )
        for level in quarters.groups.levels["age_bin"]
    ]
    assert np.abs(np.array(by_bin) - sizes.to_numpy()).max() <= 1


@pytest.mark.parametrize(
    ("values", "edges", "names"),
    [
        ([12345.0, 12346.0], [12344, 12346, 12399], ["[12344, 12346)", "[12346, 12399]"]),
        ([1.00001, 1.00002], [1, 1.00002, 1.5], ["[1, 1.00002)", "[1.00002, 1.5]"]),
        ([0.0, 2e6], [-np.inf, 123456, np.inf], ["[-inf, 123456)", "[123456, inf]"]),
        ([0.0, 50.0], [0, 100 / 3, 99], ["[0, 33.33)", "[33.33, 99]"]),
    ],
    ids=["thousands", "near", "open", "thirds"],
)
def test_bins_have_names_of_their_own(values: Any, edges: Any, names: Any) -> None:
    data = DATA.assign(x=np.array(values)[np.arange(N) % 2])
    question = me.effects.heterogeneous("y", "t", ["white", "x"], data=data, bins={"x": edges})
    assert question.groups.levels["x_bin"] == names


def test_columns_may_have_any_names() -> None:
    names = {"y": "my y", "t": "a treatment", "hawk": "my hawk", "x": "2nd", "age": "my age"}
    question = me.effects.heterogeneous(
        "my y",
        "a treatment",
        ["white", "my hawk"],
        ["2nd", "log(`my age`)"],
        data=DATA.rename(columns=names),
    )
    usual = asked(controls=["x", "log(age)"])
    np.testing.assert_array_equal(question.model.design.columns, usual.model.design.columns)
    np.testing.assert_array_equal(question.model.design.y, usual.model.design.y)
    found = HeterogeneousFit(question, made_up(question.model)).group_effects()
    expected = HeterogeneousFit(usual, made_up(usual.model)).group_effects()
    np.testing.assert_array_equal(found.effect.draws, expected.effect.draws)


def test_what_to_look_out_for_is_said() -> None:
    question = asked(modifiers="hawk")
    assert any("one modifier" in note and "t * hawk" in note for note in question.notes)
    small = DATA.iloc[:60]
    question = me.effects.heterogeneous("y", "t", ["white", "hawk", "region"], data=small)
    sizes = small.groupby(["white", "hawk", "region"]).size()
    arms = small.groupby(["white", "hawk", "region", "t"]).size().unstack(fill_value=0)
    lacking = arms[(arms == 0).any(axis=1)]
    said = "\n".join(question.notes)
    assert f"{len(sizes)} groups of 1 to {sizes.max()} people" in said
    assert f"{(sizes < 5).sum()} have fewer than 5" in said
    assert f"{len(lacking)} groups lack one arm of t" in said
    white, hawk, region = lacking.index[0]
    assert f"(white={white}, hawk={hawk}, region={region};" in said
    gaps = DATA.assign(hawk=DATA["hawk"].astype(float).mask(DATA.index < 3))
    question = me.effects.heterogeneous("y", "t", ["white", "hawk"], data=gaps, missing="drop")
    assert "3 rows with missing values are left out." in question.notes


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"treatment": "arm"}, r"values: .* 'arm' .* has 3 in the data \('much', 'none', 'some'\)"),
        ({"treatment": "dose"}, r"values: .* 'dose' to compare, which has 3"),
        ({"treatment": "one"}, r"treatment='one': .* it is 1 in every row"),
        ({"treatment": "tt"}, r"treatment='tt': expected a column of the data, such as t"),
        ({"treatment": []}, "treatment=\\[\\]: expected one column or more"),
        ({"treatment": ["t", "t"]}, "treatment: 't' is in it twice"),
        ({"treatment": "arm", "values": ("none", "all")}, "'arm', .* and 'all' is none"),
        ({"treatment": "arm", "values": ("none", "none")}, "expected two of 'arm' that differ"),
        ({"treatment": "dose", "values": (0, "much")}, "finite numbers for 'dose', not 'much'"),
        ({"treatment": ["t", "dose"], "values": (0, 10)}, "expected a mapping from treatments"),
        ({"values": {"u": (0, 1)}}, "expected names of treatments, and 'u' is none"),
        ({"effect_formula": {"u": "white"}}, "effect_formula: expected names of treatments"),
        ({"bins": 3}, "bins=3: expected a mapping from modifiers. Pass for example {'white': 4}"),
        ({"modifiers": ["white", "t"]}, "modifiers: 't' is the treatment"),
        ({"modifiers": ["white", "y"]}, "modifiers: 'y' is the outcome"),
        ({"outcome": "log(age)", "modifiers": ["white", "age"]}, "'age' is the outcome, or in it"),
        ({"outcome": "t"}, "treatment: 't' is the outcome, or in it"),
        ({"modifiers": ["white", "none"], "missing": "drop"}, "there are none. Leave out a column"),
        ({"bins": {"hawk": [1, np.nan, 5]}}, r"bins of 'hawk' are \[1, nan, 5\]"),
        ({"bins": {"hawk": ["low", "mid", "high"]}}, r"bins of .hawk. are \['low', 'mid'"),
        ({"modifiers": ["white", "one"]}, "'one' is 1 in every row"),
        ({"modifiers": ["white", "inside"]}, "'inside' is 0 wherever t is 0"),
        ({"modifiers": ["white", "x"]}, "the 400 combinations have one.*bins={'x': 4}"),
        ({"controls": ["white"]}, "controls: 'white' is a treatment or a modifier"),
        ({"bins": {"x": 3}}, "expected names of modifiers, and 'x' is none"),
        ({"bins": {"hawk": 1}}, "bins of 'hawk' are 1: expected a number from 2"),
        ({"bins": {"hawk": [1, 5]}}, r"bins of 'hawk' are \[1, 5\]"),
        ({"bins": {"hawk": [1, 3, 4]}}, "and 91 are not, such as 5"),
        ({"modifiers": ["region", "white"], "bins": {"region": 2}}, "modifier of numbers"),
        ({"effect_formula": "y ~ white"}, "effect_formula='y ~ white': expected terms"),
        ({"family": "categorical", "outcome": "arm"}, "family='categorical'"),
        ({"modifiers": ["white", "gap"]}, r"2 of 400 rows have missing values \(gap 2\)"),
    ],
    ids=lambda x: ",".join(f"{k}={v}" for k, v in x.items()) if isinstance(x, dict) else "",
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any], message: str) -> None:
    data = DATA.assign(one=1, inside=DATA["t"] * DATA["white"], gap=DATA["hawk"].astype(float))
    data["none"] = np.nan
    data.loc[[0, 5], "gap"] = np.nan
    given = {"outcome": "y", "treatment": "t", "modifiers": ["white", "hawk"]} | options
    with pytest.raises(ValueError, match=message):
        me.effects.heterogeneous(data=data, **given)


def test_questions_to_a_fit_that_make_no_sense_are_refused() -> None:
    fit = fitted("grade", family="ordered")
    with pytest.raises(ValueError, match="scale='response': expected 'link'"):
        fit.group_effects(scale="response")
    several = fitted(treatment=["t", "drug"])
    with pytest.raises(ValueError, match="treatment=None: expected one of t, drug"):
        several.group_effects()
    with pytest.raises(ValueError, match="'region': expected each column"):
        fitted().group_effects().plot(along="region")


def test_the_sd_of_effects_stands_beside_its_prior() -> None:
    priors = {"sd": me.HalfNormal(0.5), "cor": me.LKJ(2)}
    fit = fitted(priors=priors)
    found = fit.heterogeneity()
    prior = found["sd(t) beyond modifiers: prior"]
    quantiles = stats.halfnorm(scale=0.5).ppf([0.5, 0.025, 0.975])
    shown = [prior[name] for name in ("estimate", "conf_low", "conf_high")]
    np.testing.assert_allclose(shown, quantiles, atol=0.03)
    draws = fit.fit.draws["sd(white:hawk: t)"]
    posterior = found["sd(t) beyond modifiers: posterior"]
    assert posterior["conf_high"] == pytest.approx(np.quantile(draws, 0.975))
    parts = fit.parts()
    spread = np.sqrt(parts.variance(parts.total))
    assert found["sd of group effects"]["estimate"] == pytest.approx(np.median(spread))
    best = fit.group_effects().best(1)
    assert f"most likely {next(iter(best))}, with probability" in "\n".join(found.notes)


def test_a_sd_may_be_zero_if_its_draws_are_half_normal_and_not_if_they_are_gamma() -> None:
    rng = np.random.default_rng(1)
    assert may_be_zero(np.abs(rng.normal(0.0, 3.0, (4, 1000))))
    assert may_be_zero(rng.exponential(3.0, (4, 1000)))
    assert not may_be_zero(rng.gamma(4.0, 1.0, (4, 1000)))
    assert not may_be_zero(rng.gamma(2.0, 1.0, (4, 1000)))
    fit = fitted()
    natural = dict(fit.fit.draws.natural)
    natural["sd(white:hawk: t)"] = np.abs(rng.normal(size=(2, 60)))
    fit.fit.draws = type(fit.fit.draws)(fit.fit.draws.array, ["theta"], {}, natural, {}, {})
    assert "may be 0" in "\n".join(fit.heterogeneity().notes)
    assert any("sd of the effects of t beyond the modifiers: may be 0" in n for n in fit.notes)


@pytest.mark.parametrize("priors", [None, {"covariance": me.Decov(2.0)}], ids=["usual", "decov"])
def test_prior_sds_are_those_of_prior_effects(priors: Any) -> None:
    """Effects of one level are sd times a normal, whatever coordinates the prior is stated in."""
    model = me.Model("y ~ age + (1 + age | country)", DATA, priors=priors)
    draws = 4000
    sds = prior_sds(model, draws, seed=1)
    rng = np.random.default_rng(2)
    own = {"sigma": np.asarray(model.priors.own[0].prior.draw(rng, draws))}
    effects = draw_term(model, 0, rng, draws, own, np.zeros((draws, 2))).effects
    for k, name in enumerate(("Intercept", "age")):
        made = sds[f"sd(country: {name})"] * rng.standard_normal(draws)
        assert stats.ks_2samp(made, effects[:, k, 0]).pvalue > 1e-3


def test_groups_are_drawn_by_facet_colour_and_marker() -> None:
    found = fitted(modifiers=["white", "region", "hawk"]).group_effects()
    axes = found.plot()
    assert [ax.get_title() for ax in axes] == ["white = 0", "white = 1"]
    assert [t.get_text() for t in axes[0].get_yticklabels()] == ["1", "2", "3", "4", "5"]
    lines = [line for line in axes[1].get_lines() if line.get_marker() not in (None, "None")]
    assert [line.get_label() for line in lines] == [
        "region = East",
        "region = North",
        "region = West",
    ]
    assert len({line.get_marker() for line in lines}) == 3
    assert [len(line.get_xdata()) for line in lines] == [5, 5, 5]
    i = found.effect.labels.index("white=1, region=North, hawk=4")
    at = dict(zip(np.round(lines[1].get_ydata()).tolist(), lines[1].get_xdata(), strict=True))
    assert at[3.0] == pytest.approx(np.median(found.effect.draws[:, :, i]))
    other = found.plot(along="region", facets=["hawk"])
    assert len(other) == 10, "four beside each other, and the last row is not full"
    named = [bool(ax.get_xlabel()) for ax in other]
    assert named == [False] * 6 + [True] * 4
    assert [ax.get_title() for ax in other][:2] == ["hawk = 1, white = 0", "hawk = 1, white = 1"]


@pytest.mark.slow
def test_effects_of_groups_and_what_explains_them_are_found() -> None:
    """Made of the model itself; each estimate within 4 posterior sds of its truth."""
    rng = np.random.default_rng(3)
    n, groups = 3000, 40
    z = rng.normal(size=groups)
    theta = 1.0 + 0.8 * z + rng.normal(0.0, 0.4, groups)
    g = rng.integers(0, groups, n)
    t = rng.integers(0, 2, n)
    data = {"t": t, "z": z[g], "u": rng.integers(0, 2, n), "y": rng.normal(theta[g] * t)}
    question = me.effects.heterogeneous("y", "t", ["z", "u"], data=data, rescale=False)
    fit = question.fit(seed=1, progress=False)
    row = fit.modifiers().coefficients["t:z"]
    sd = (row["conf_high"] - row["conf_low"]) / 4
    assert abs(row["estimate"] - 0.8) < 4 * sd
    sigma = fit.fit.draws["sd(z:u: t)"]
    assert abs(sigma.mean() - 0.4) < 4 * sigma.std()
    effects = fit.group_effects()
    truth = np.array([theta[np.argmin(np.abs(z - v["z"]))] for v in fit.question.groups.values])
    draws = effects.effect.draws
    scaled = (draws.mean(axis=(0, 1)) - truth) / draws.std(axis=(0, 1))
    assert 0.5 < np.mean(scaled**2) < 1.7
    assert not any("may be 0" in note for note in fit.notes)


@pytest.mark.parametrize(
    ("given", "sd", "cor"),
    [
        (None, "HalfNormal(1), autoscaled", "LKJ(2)"),
        ({"b": me.Normal(0, 1)}, "HalfNormal(1), autoscaled", "LKJ(2)"),
        ({"sd(white:hawk: t)": me.HalfNormal(0.3)}, "HalfNormal(0.3)", "LKJ(2)"),
        ({"cor": me.LKJ(1)}, "HalfNormal(1), autoscaled", "LKJ(1)"),
        ("brms", "HalfT(3, 2.5)", "LKJ(1)"),
        ({"defaults": "brms", "b": me.Normal(0, 1)}, "HalfT(3, 2.5)", "LKJ(1)"),
        ({"covariance": me.Decov()}, None, None),
    ],
    ids=["usual", "of b", "of one sd", "of correlations", "brms", "brms and b", "decov"],
)
def test_usual_priors_of_groups_hold_without_treatment(given: Any, sd: Any, cor: Any) -> None:
    rows = asked(priors=given).prior_summary().rows
    if sd is None:
        assert rows["covariance(white:hawk: Intercept, t)"]["written"].startswith("Decov")
        return
    assert rows["sd(white:hawk: t)"]["written"] == sd
    assert rows["cor(white:hawk: Intercept, t)"]["written"] == cor


def test_the_sd_of_a_doses_effects_is_of_the_doses_that_are_compared() -> None:
    fit = fitted(treatment="dose", values=(0, 20), priors={"sd": me.HalfNormal(0.1)})
    found, draws = fit.heterogeneity(), 20 * fit.fit.draws["sd(white:hawk: dose)"]
    posterior = found["sd(dose) beyond modifiers: posterior"]
    assert posterior["estimate"] == pytest.approx(np.median(draws))
    prior = found["sd(dose) beyond modifiers: prior"]["estimate"]
    assert prior == pytest.approx(20 * stats.halfnorm(scale=0.1).median(), abs=0.06)
    assert "All effects are of dose: 20 - 0." in found.notes


def test_people_of_a_dose_are_counted_by_the_value_that_is_nearer() -> None:
    data = DATA.assign(dose=RNG.uniform(0.0, 9.9, N))
    data.loc[(data["white"] == 1) & (data["hawk"] == 2), "dose"] = 1.5
    question = me.effects.heterogeneous("y", "dose", ["white", "hawk"], data=data, values=(8, 2))
    low, high = question.groups.arms["dose"]
    for values, near_8, near_2 in zip(question.groups.values, low, high, strict=True):
        own = data[(data["white"] == values["white"]) & (data["hawk"] == values["hawk"])]
        assert (near_8, near_2) == ((own["dose"] > 5).sum(), (own["dose"] < 5).sum())
    said = "1 groups have dose near only one of 8 and 2, or near neither (white=1, hawk=2)"
    assert any(note.startswith(said) for note in question.notes)
    effects = HeterogeneousFit(question, made_up(question.model)).group_effects()
    assert any(note.startswith("n_low, n_high: people whose dose") for note in effects.table.notes)


def test_effects_that_vary_by_another_bar_are_said_to() -> None:
    """Against brute force: systematic is lambda, and the other bar's part among the group."""
    fit = fitted(extra="(1 + t | country) + (1 | region)")
    effects, parts = fit.group_effects(), fit.parts()
    own = fit.fit.draws["b(country: t)"]
    place = DATA["country"].map({c: i for i, c in enumerate("ABCDE")}).to_numpy()
    for g, values in enumerate(fit.question.groups.values):
        rows = ((DATA["white"] == values["white"]) & (DATA["hawk"] == values["hawk"])).to_numpy()
        expected = parts.systematic[:, :, g] + own[:, :, place[rows]].mean(axis=2)
        np.testing.assert_allclose(effects.systematic.draws[:, :, g], expected, atol=1e-12)
    assert "The effects vary by country, too: systematic is with this part." in effects.table.notes
    assert "How effects vary by country is not in it." in fit.heterogeneity().notes
    assert not fitted().group_effects().lines


def test_the_largest_effect_is_said_with_its_scale_where_there_are_two() -> None:
    """Effects on a logit and on probabilities may have another order."""
    fit = fitted("k | trials(trials)", family="binomial")
    logits = fit.group_effects(scale="link").effect.draws.reshape(-1, 10)
    share = np.bincount(logits.argmax(axis=1), minlength=10) / len(logits)
    likely = fit.question.groups.labels[int(share.argmax())]
    said = "\n".join(fit.heterogeneity().notes)
    assert f"Largest effect on this scale: most likely {likely}, with probability" in said
    assert "\nLargest effect: " in "\n".join(fitted().heterogeneity().notes)


def test_a_prior_of_something_else_leaves_the_usual_ones() -> None:
    """One of another bar's sd, or of a coefficient whose name begins like a class of priors."""
    data = DATA.assign(corporate=DATA["x"], sdi=DATA["age"])
    given = {name: me.Normal(0, 1) for name in ("corporate", "sdi")}
    given["sd(country: Intercept)"] = me.HalfNormal(0.3)
    question = me.effects.heterogeneous(
        "y",
        "t",
        ["white", "hawk"],
        ["corporate", "sdi"],
        data=data,
        extra="(1 | country)",
        priors=given,
    )
    rows = question.prior_summary().rows
    assert rows["sd(country: Intercept)"]["written"] == "HalfNormal(0.3)"
    for name in ("Intercept", "t"):
        assert rows[f"sd(white:hawk: {name})"]["written"] == "HalfNormal(1), autoscaled"
    assert rows["cor(white:hawk: Intercept, t)"]["written"] == "LKJ(2)"


def test_a_treatment_of_two_numbers_is_counted_from_its_lower_one() -> None:
    """So that priors, and the effect equation, do not depend on how the arms are numbered."""
    usual = asked()
    other = me.effects.heterogeneous("y", "t", ["white", "hawk"], data=DATA.assign(t=DATA["t"] + 1))
    assert other.notes[0] == "t: 1 is 0, 2 is 1."
    np.testing.assert_array_equal(other.model.design.columns, usual.model.design.columns)
    flipped = asked(values=(1, 0))
    t = flipped.model.design.columns[:, 1]
    np.testing.assert_array_equal(t, 1.0 - DATA["t"])
    assert flipped.notes[0] == "t: 1 is 0, 0 is 1."


def test_words_of_a_treatment_are_in_the_tables() -> None:
    fit = fitted(treatment="drug")
    usual = fit.effect()
    assert usual.contrast == "treated - control"
    np.testing.assert_array_equal(usual.draws, fit.fit.effect("drug", values=(0, 1)).draws)
    flipped = fit.effect(values=("treated", "control"), comparison="difference")
    assert flipped.contrast == "control - treated"
    np.testing.assert_allclose(flipped.draws, -usual.draws, rtol=0, atol=1e-12)
    assert fit.group_effects().effect.contrast == "treated - control"


def test_chains_that_have_not_converged_are_said_under_every_table() -> None:
    """Draws of a made-up fit are too few."""
    fit = fitted()
    said = fit.fit.summary().notes[-1]
    assert "too few effective draws" in said
    for notes in (fit.effect().notes, fit.heterogeneity().notes, fit.notes):
        assert said in notes
    assert said in fit.group_effects().table.notes


def test_an_outcome_of_two_values_and_a_modifier_of_many_are_said() -> None:
    assert any("linear probability model" in note for note in asked("yes").notes)
    assert not any("linear probability" in n for n in asked("yes", family="bernoulli").notes)
    assert not any("linear probability" in note for note in asked().notes)
    many = DATA.assign(age=DATA["age"].round() // 2)
    question = me.effects.heterogeneous("y", "t", "age", data=many)
    count = many["age"].nunique()
    assert any(f"age has {count} values" in n and "bins={'age': 4}" in n for n in question.notes)
    binned = me.effects.heterogeneous("y", "t", "age", data=many, bins={"age": 4})
    assert not any("values, each" in note for note in binned.notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "y ~ t"}, "outcome='y ~ t': expected the left side .* such as 'y'"),
        ({"effect_formula": "white + x"}, "effect_formula='white .* x': .* 'x' is neither"),
        ({"bins": 3}, "bins=3: expected a mapping from modifiers"),
        ({"extra": ["(1 | country)"]}, r"extra=\['\(1 \| country\)'\]: expected terms as text"),
    ],
    ids=["outcome", "stranger", "bins", "extra"],
)
def test_a_newcomers_slips_are_explained(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        asked(**options)
    assert asked(controls=None).formula == asked().formula
    assert asked(controls="log(x + 9)", effect_formula="white + x").formula.count("x") >= 2


def test_a_long_legend_has_several_lines() -> None:
    values = [f"a level with a rather long name {i}" for i in range(6)]
    columns = {"g": ["u", "v"] * 6, "long": [v for v in values for _ in "uv"]}
    middle = np.arange(12.0)
    axes = me.plots.averaged_facets(columns, middle, middle - 1, middle + 1, "effect")
    legend = axes[0].figure.legends[0]
    axes[0].figure.canvas.draw()
    box = legend.get_window_extent()
    assert box.x0 >= 0.0
    assert box.x1 <= axes[0].figure.bbox.x1
