"""`Model.simulate`: fake data from one's own model, and its truth."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mcmc_edu as me
from mcmc_edu.models.simulation.parameters import draw_parameters

FAMILIES = (
    "gaussian",
    "student",
    "bernoulli",
    "binomial",
    "poisson",
    "negbin",
    "gamma",
    "lognormal",
    "beta",
    "ordered",
    "categorical",
)
N = 40_000
LEVELS = 3000


def model_of(family: str, **more: Any) -> me.Model:
    columns = me.datasets.simulate_regression(family, 6, 8, seed=1).columns
    left = "y | trials(trials)" if family == "binomial" else "y"
    priors = {"b": me.Normal(0, 0.3)}
    return me.Model(f"{left} ~ x + (x | group)", columns, family, priors=priors, **more)


def lines(**more: Any) -> me.Model:
    rng = np.random.default_rng(3)
    g = np.repeat(np.arange(LEVELS), 2)
    data = {"y": rng.normal(5, 2, g.size), "x": rng.normal(3, 1, g.size), "g": g}
    return me.Model("y ~ x + (x | g)", data, **more)


def near(found: Any, expected: float, sd: float, n: int) -> bool:
    return bool(abs(found - expected) < 4.5 * sd / np.sqrt(n))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_truth_has_the_names_of_a_fits_draws(family: str) -> None:
    """In their order, with a number or one for each level; and given back it is itself."""
    model = model_of(family)
    fake = model.simulate(seed=1)
    drawn = model.natural(np.zeros((len(model.assembled.names), 1, 1)), np.random.default_rng(1))
    assert list(fake.truth) == list(drawn)
    assert [np.shape(x) for x in fake.truth.values()] == [x.shape[:-2] for x in drawn.values()]
    again = model.simulate(fake.truth, seed=2)
    assert not fake.data.equals(again.data)
    for name, value in fake.truth.items():
        np.testing.assert_array_equal(again.truth[name], value)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_data_have_the_form_of_the_input(family: str) -> None:
    """A model of them has the outcomes, and the predictors, of the model that comes with them."""
    model = model_of(family)
    fake = model.simulate(seed=1)
    given = pd.DataFrame(dict(me.datasets.simulate_regression(family, 6, 8, seed=1).columns))
    assert fake.data.dtypes.to_dict() == given[list(fake.data)].dtypes.to_dict()
    pd.testing.assert_frame_equal(fake.data.drop(columns="y"), given[[*fake.data][1:]])
    made = me.Model(model.design.formula, fake.data, family).design
    np.testing.assert_array_equal(made.y, fake.model.design.y)
    assert fake.model.priors is model.priors  # defaults do not follow the new outcome
    assert isinstance(fake.model, me.Model)


@pytest.mark.parametrize("priors", [None, {"sd": me.HalfNormal(1)}, {"covariance": me.Decov(2)}])
def test_effects_have_the_sds_and_correlations_of_the_truth(priors: Any) -> None:
    """Divided by a root of the covariance that the names say, they are standard normal."""
    data, n = {"y": [1.0, 2, 0, 4], "x": [5.0, 6, 7, 9], "g": list("aabb")}, 10_000
    model = me.Model("y ~ x + (x | g)", data, priors=priors)
    truth = draw_parameters(model, np.random.default_rng(1), n)
    s = np.column_stack([truth["sd(g: Intercept)"], truth["sd(g: x)"]])
    rho, b = truth["cor(g: Intercept, x)"], [truth[f"b(g: {n})"][:, 0] for n in ("Intercept", "x")]
    z = b[0] / s[:, 0]
    rest = (b[1] / s[:, 1] - rho * z) / np.sqrt(1.0 - rho * rho)
    for x in (z, rest):
        assert near(np.mean(x), 0.0, 1.0, n)
        assert near(np.mean(x * x), 1.0, np.sqrt(2.0), n)
    assert near(np.mean(z * rest), 0.0, 1.0, n)


def test_moments_of_parameters_and_outcomes() -> None:
    """The intercept is the prior's where x is at its mean; sigma is the sd of what is left."""
    priors = {"Intercept": me.Normal(4, 1), "b": me.Normal(1, 0.5), "sigma": me.Exponential(1)}
    data = {"y": [1.0, 2, 0, 4], "x": [5.0, 6, 7, 10]}
    model = me.Model("y ~ x", data, priors=priors)
    truth = draw_parameters(model, np.random.default_rng(1), N)
    assert near(np.mean(truth["x"]), 1.0, 0.5, N)
    assert near(np.mean(truth["Intercept"] + 7.0 * truth["x"]), 4.0, 1.0, N)
    assert near(np.mean(truth["sigma"]), 1.0, 1.0, N)
    fixed = draw_parameters(model, np.random.default_rng(1), N, {"x": np.asarray(2.0)})
    assert (fixed["x"] == 2.0).all()
    assert near(np.mean(fixed["Intercept"] + 14.0), 4.0, 1.0, N)


def test_outcomes_follow_the_given_values() -> None:
    values = {
        "Intercept": 10.0,
        "x": -2.0,
        "sigma": 0.5,
        "sd(g: Intercept)": 2.0,
        "sd(g: x)": 0.7,
        "cor(g: Intercept, x)": 0.8,
    }
    fake = lines().simulate(values, seed=1)
    assert {name: fake.truth[name] for name in values} == values
    b0, b1 = fake.truth["b(g: Intercept)"], fake.truth["b(g: x)"]
    assert near(np.mean(b0**2), 4.0, 4.0 * np.sqrt(2.0), LEVELS)
    assert near(np.mean(b1**2), 0.49, 0.49 * np.sqrt(2.0), LEVELS)
    assert near(np.mean(b0 * b1), 0.8 * 1.4, 1.4 * np.sqrt(1.64), LEVELS)
    g, x = fake.data["g"].to_numpy(), fake.data["x"].to_numpy()
    left = (fake.data["y"] - (10.0 + b0[g]) - (-2.0 + b1[g]) * x) / 0.5
    assert near(left.mean(), 0.0, 1.0, left.size)
    assert near(np.mean(left**2), 1.0, np.sqrt(2.0), left.size)


def test_effects_are_given_in_order_or_by_level() -> None:
    data = {"y": [1.0, 2, 0, 4], "g": ["b", "b", "a", "a"]}
    model = me.Model("y ~ 1 + (1 | g)", data)
    given = {"Intercept": 100.0, "sigma": 1e-6, "b(g: Intercept)": {"b": 2.0, "a": -3.0}}
    fake = model.simulate(given, seed=1)
    np.testing.assert_allclose(fake.data["y"], [102, 102, 97, 97], atol=1e-4)
    assert fake.truth["b(g: Intercept)"].tolist() == [-3.0, 2.0]
    again = model.simulate(given | {"b(g: Intercept)": [-3.0, 2.0]}, seed=1)
    pd.testing.assert_frame_equal(again.data, fake.data)


@pytest.mark.parametrize("pooling", ["none", "complete"])
def test_other_kinds_of_pooling(pooling: str) -> None:
    model = model_of("gaussian", pooling=pooling)
    fake = model.simulate(seed=1)
    drawn = model.natural(np.zeros((len(model.assembled.names), 1, 1)), np.random.default_rng(1))
    assert list(fake.truth) == list(drawn)
    eta = np.zeros(48)
    for name, column in zip(model.design.names, model.design.columns.T, strict=True):
        eta += fake.truth[name] * column
    for g in model.design.groupings:
        for k, name in enumerate(g.names):
            eta += fake.truth[f"b(group: {name})"][g.index] * g.columns[:, k]
    left = (fake.data["y"] - eta) / fake.truth["sigma"]
    assert near(np.mean(left**2), 1.0, np.sqrt(2.0), 48)


def test_weights_trials_offsets_and_known_errors() -> None:
    rng = np.random.default_rng(1)
    data = {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0], "w": [2, 0, 3]}
    fake = me.Model("y ~ 1", data, weights="w").simulate(seed=1)
    assert fake.data["w"].tolist() == [1] * 5
    assert fake.data["y"].nunique() == 5  # each observation has its own
    array = me.Model("y ~ x", data, weights=[2, 1, 1]).simulate(seed=1)
    assert list(array.data) == ["y", "x"]
    assert array.data["x"].tolist() == [0, 0, 1, 2]

    n = 4000
    many = {"k": rng.integers(0, 5, n), "n": np.full(n, 5), "o": rng.normal(0, 1, n)}
    model = me.Model("k | trials(n) ~ 1 + offset(o)", many, "binomial")
    k = model.simulate({"Intercept": 0.5}, seed=1).data["k"]
    p = 1.0 / (1.0 + np.exp(-0.5 - many["o"]))
    assert near(((k - 5 * p) / np.sqrt(5 * p * (1 - p))).mean(), 0.0, 1.0, n)

    studies = {"est": rng.normal(0, 1, n), "s": rng.uniform(0.1, 3, n), "study": np.arange(n)}
    fake = me.Model("est | se(s) ~ 1 + (1 | study)", studies).simulate(
        {"Intercept": 7.0, "sd(study: Intercept)": 0.0}, seed=1
    )
    assert near(np.mean(((fake.data["est"] - 7.0) / studies["s"]) ** 2), 1.0, np.sqrt(2.0), n)


@pytest.mark.parametrize(
    "column",
    [
        [True, False, True, False],
        ["yes", "no", "yes", "no"],
        pd.Categorical(["yes", "no", "yes", "no"], ["yes", "no"]),
    ],
    ids=["truth values", "text", "categorical"],
)
def test_outcomes_come_back_as_they_were_given(column: Any) -> None:
    data = pd.DataFrame({"y": column, "x": [0.0, 1, 2, 5]})
    fake = me.Model("y ~ x", data, "bernoulli").simulate({"Intercept": -2.0, "x": 1.0}, seed=1)
    assert fake.data["y"].dtype == data["y"].dtype
    second = me.Model("y ~ x", data, "bernoulli").design.outcome_levels[1]
    assert [str(v) == second for v in fake.data["y"]] == (fake.model.design.y == 1.0).tolist()


def test_an_ordered_outcome_keeps_categories_that_no_row_has() -> None:
    data = {"y": [1, 2, 3, 4] * 3, "x": np.arange(12.0)}
    cuts = {"threshold(1|2)": -30.0, "threshold(2|3)": 0.0, "threshold(3|4)": 30.0, "x": 0.0}
    fake = me.Model("y ~ x", data, "ordered").simulate(cuts, seed=1)
    assert set(fake.data["y"]) == {"2", "3"}
    again = me.Model("y ~ x", fake.data, "ordered")
    assert again.family.own == fake.model.family.own
    np.testing.assert_array_equal(again.design.y, fake.model.design.y)


def test_of_arrays() -> None:
    y, x, g = np.array([1.0, 2, 0, 4]), np.arange(4.0), ["a", "a", "b", "b"]
    fake = me.Model.from_arrays(y, x[:, None], g).simulate({"x1": 3.0}, seed=1)
    assert list(fake.data) == ["y", "X", "group"]
    again = me.Model.from_arrays(**fake.data)
    np.testing.assert_array_equal(again.design.y, fake.model.design.y)
    assert not np.array_equal(fake.data["y"], y)


def test_horseshoe_scales_are_of_the_truth() -> None:
    """And coefficients, divided by what the scales make of them, are of size 1."""
    prior = me.RegularizedHorseshoe(0.1, 2.0)
    data = {"y": [1.0, 2, 0, 4, 3], "a": [0.0, 1, 2, 5, 1], "b": [1.0, 0, 0, 1, 3]}
    model = me.Model("y ~ a + b", data, priors={"b": prior})
    truth = draw_parameters(model, np.random.default_rng(1), N)
    assert list(truth) == ["Intercept", "a", "b", "sigma", "hs(global)", "hs(slab)"]
    # half-Cauchy: the median is the scale; 1 / c^2 ~ Gamma(2, 2 * 2^2): mean 1 / 4, sd 1 / 4 / 2^.5
    assert near(np.mean(truth["hs(global)"] < 0.1), 0.5, 0.5, N)
    assert near(np.mean(truth["hs(slab)"] ** -2), 0.25, 0.25 / np.sqrt(2), N)
    one = {name: float(x[0]) for name, x in truth.items()}
    assert model.simulate(one, seed=1).truth == one


def test_seeds() -> None:
    model = model_of("poisson")
    one, same, other = (model.simulate(seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.data, same.data)
    assert one.truth["x"] == same.truth["x"] != other.truth["x"]
    rng = np.random.default_rng(1)
    first, second = model.simulate(seed=rng), model.simulate(seed=rng)
    pd.testing.assert_frame_equal(first.data, one.data)
    assert first.truth["x"] != second.truth["x"]


def test_recovery() -> None:
    fake = model_of("gaussian").simulate({"sigma": 1.0}, seed=1)
    rng = np.random.default_rng(1)
    natural = {
        name: np.asarray(value)[..., None, None] + rng.normal(0.5, 1.0, (*np.shape(value), 2, 500))
        for name, value in fake.truth.items()
    }
    natural = {name: np.moveaxis(x, 0, -1) if x.ndim == 3 else x for name, x in natural.items()}
    draws = me.Draws(
        array=np.zeros((2, 500, 1)), names=("t",), stats={}, natural=natural, settings={}, seconds=0
    )
    fit = me.models.Fit(fake.model, draws)
    table = fake.recovery(fit)
    assert list(table) == [name for name, x in fake.truth.items() if np.ndim(x) == 0]
    row, values = table["x"], natural["x"]
    assert row["truth"] == fake.truth["x"]
    assert row["rank"] == np.mean(values < fake.truth["x"])
    assert (row["low"], row["high"]) == tuple(np.quantile(values, [0.05, 0.95]))
    assert {r["inside"] for r in table.rows.values()} == {"yes"}
    assert f"{len(table)} of {len(table)} intervals of 90 %" in table.notes[0]
    assert len(fake.recovery(fit, "b(group: x)", "x")) == 7
    level = fake.recovery(fit, "b(group: x)[2]")["b(group: x)[2]"]
    assert level["truth"] == fake.truth["b(group: x)"][2]
    assert {r["inside"] for r in fake.recovery(fit, level=0.01).rows.values()} == {"NO"}
    with pytest.raises(ValueError, match=r"level is 90; it must be between 0 and 1"):
        fake.recovery(fit, level=90)
    with pytest.raises(ValueError, match=r"names has 'z', which was not simulated; there are"):
        fake.recovery(fit, "z")
    with pytest.raises(ValueError, match=r"fit has no draws of 'threshold\(0\|1\)'"):
        model_of("ordered").simulate(seed=1).recovery(fit)


FLAT = {"Intercept": me.Flat(), "b": me.Flat()}


def test_an_improper_prior_needs_a_value() -> None:
    data = {"y": [1.0, 2, 0, 4], "x": [0.0, 1, 2, 5]}
    model = me.Model("y ~ x", data, priors=FLAT)
    with pytest.raises(ValueError, match=r"prior of Intercept is Flat.* values=\{'Intercept'"):
        model.simulate({"x": 1.0})
    with pytest.raises(ValueError, match=r"prior of x is Flat"):
        model.simulate({"Intercept": 1.0})
    fake = model.simulate({"Intercept": 1.0, "x": 2.0, "sigma": 1e-6}, seed=1)
    np.testing.assert_allclose(fake.data["y"], [1, 3, 5, 11], atol=1e-4)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"slope": 1.0}, r"values names 'slope', which this model has not\. It has 'Intercept'"),
        ({"sd(g: X)": 1.0}, r"did you mean 'sd\(g: x\)'"),
        ({"x": [1.0, 2.0]}, r"values has \[1.0, 2.0\] for 'x'; give one finite number"),
        ({"x": "two"}, r"'two' for 'x'; give one finite number"),
        ({"sigma": 0.0}, r"values has 0 for 'sigma'; give a number above 0"),
        ({"sd(g: x)": -1.0}, r"values has -1 for 'sd\(g: x\)', an sd; give 0 or more"),
        ({"cor(g: Intercept, x)": 1.0}, r"strictly between -1 and 1"),
        ({"b(g: x)": [1.0, 2.0]}, r"some of the effects of g but not 'b\(g: Intercept\)'"),
        ({"b(g: x)": [1.0]}, r"'b\(g: x\)'; give 2 finite numbers, .* 'a', 'b'"),
        ({"b(g: x)": {"a": 1.0}}, r"for the levels 'a'; give one for each of the 2 levels"),
        ({"b(g: x)[a]": 1.0}, r"the effect of one level; give those of all levels together"),
    ],
)
def test_values_that_cannot_be(values: Any, match: str) -> None:
    data = {"y": [1.0, 2, 0, 4], "x": [0.0, 1, 2, 5], "g": list("aabb")}
    with pytest.raises(ValueError, match=match):
        me.Model("y ~ x + (x | g)", data).simulate(values)


def test_what_else_is_refused() -> None:
    data = {"y": [1.0, 2, 1, 3], "x": [0.0, 1, 2, 5], "z": [1.0, 0, 0, 2], "g": list("aabb")}
    with pytest.raises(ValueError, match=r"outcome of 'log\(y\) ~ x' is computed.* make a column"):
        me.Model("log(y) ~ x", data).simulate()
    ordered = me.Model("y ~ x", data, "ordered")
    with pytest.raises(ValueError, match=r"some of the thresholds but not 'threshold\(2\|3\)'"):
        ordered.simulate({"threshold(1|2)": 0.0})
    with pytest.raises(ValueError, match=r"thresholds must increase"):
        ordered.simulate({"threshold(1|2)": 0.0, "threshold(2|3)": -1.0})
    three = me.Model("y ~ 1 + (x + z | g)", data)
    wrong = {"cor(g: Intercept, x)": 0.9, "cor(g: Intercept, z)": 0.9, "cor(g: x, z)": -0.9}
    with pytest.raises(ValueError, match=r"no correlation matrix of g has .* positive definite"):
        three.simulate(wrong)
    with pytest.raises(ValueError, match=r"counts are too large to draw.* or give values=\.\.\."):
        me.Model("y ~ x", data, "poisson").simulate({"Intercept": 50.0})
    with pytest.raises(ValueError, match=r"not finite: .* values=\.\.\."):
        me.Model("y ~ x", data, "lognormal").simulate({"Intercept": 1000.0})
    with pytest.raises(ValueError, match=r"cannot be fitted to what was simulated: y is .* row"):
        me.Model("y ~ x", data, "lognormal").simulate({"Intercept": -1000.0})
    hs = me.Model("y ~ x + z", data, priors={"b": me.RegularizedHorseshoe()})
    with pytest.raises(ValueError, match=r"horseshoe prior but not 'x', 'z', 'hs\(slab\)'"):
        hs.simulate({"hs(global)": 1.0})


@pytest.mark.slow
@pytest.mark.parametrize("family", ["gaussian", "poisson", "ordered"])
def test_fits_to_simulated_data_are_calibrated(family: str) -> None:
    """Ranks of the truth are uniform, with default priors, too."""
    data = me.datasets.simulate_regression(family, 8, 5, seed=1).columns
    narrow = {"Intercept": me.Normal(0, 1), "b": me.Normal(0, 0.5), "sd": me.HalfNormal(0.5)}
    priors = narrow if family == "poisson" else {}  # of wide ones some counts overflow
    model = me.Model("y ~ x + (x | group)", data, family, priors=priors)

    def posterior(fake: Any) -> Any:
        assembled = fake.model.assembled
        return SimpleNamespace(
            log_density=assembled.log_density,
            data=assembled.data,
            start=np.zeros(len(assembled.names)),
            natural=fake.model.natural,
        )

    result = me.verification.sbc(
        lambda rng: model.simulate(seed=rng).truth,
        lambda rng, truth: model.simulate(truth, seed=rng),
        me.verification.sampled(posterior, sampler=me.NUTS(target_accept=0.95)),
        replicates=100,
        seed=7,
        level=0.99,
    )
    assert list(result.outside) == [], result
