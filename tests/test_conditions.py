"""Trials and exposure in conditional effects: said, and set by `levels`."""

import numpy as np
import pytest
from test_verbs import fitted, made_up, table

import mcmc_edu as me

PLACES = [0.0, 3.0]


def rows(**more) -> dict:
    return {"x": PLACES, **{name: [value] * 2 for name, value in more.items()}}


@pytest.fixture(scope="module")
def counts() -> me.Fit:
    return fitted("k ~ x + offset(log(t)) + (1 | g)", "poisson")


@pytest.fixture(scope="module")
def binomial() -> me.Fit:
    return fitted("k | trials(n) ~ x + (1 | g)", "binomial")


def means(fit: me.Fit, new: dict, verb: str = "epred", **more) -> np.ndarray:
    return getattr(fit, verb)(new, new_groups="zero", **more).mean(axis=(0, 1))


def test_an_exposure_is_one_unless_it_is_said(counts) -> None:
    usual = counts.conditional_effects("x", levels={"x": PLACES})
    np.testing.assert_allclose(usual.mean, means(counts, rows(t=1.0)))
    found = counts.conditional_effects("x", levels={"x": PLACES, "t": 100})
    np.testing.assert_allclose(found.mean, means(counts, rows(t=100.0)))
    np.testing.assert_allclose(found.mean, 100.0 * usual.mean)
    assert (usual.conditions.values, found.conditions.values) == ({"offset": 0.0}, {"t": 100.0})
    assert str(usual).endswith("Conditional on offset = 0; levels={'t': ...} sets others.")
    assert str(found).endswith("Conditional on t = 100.")
    linear = counts.conditional_effects("x", levels={"x": PLACES, "t": [100]}, kind="linpred")
    np.testing.assert_allclose(linear.mean, means(counts, rows(t=100.0), "linpred"))


def test_trials_are_one_unless_they_are_said(binomial) -> None:
    usual = binomial.conditional_effects("x", levels={"x": PLACES})
    np.testing.assert_allclose(usual.mean, means(binomial, rows(n=1)))
    found = binomial.conditional_effects("x", levels={"x": PLACES, "n": 20})
    np.testing.assert_allclose(found.mean, 20.0 * usual.mean)
    drawn = binomial.conditional_effects("x", levels={"x": PLACES, "n": 20}, kind="predict", seed=1)
    new = rows(n=20, g="?")
    np.testing.assert_allclose(drawn.mean, means(binomial, new, "predict", seed=1))
    assert str(usual).endswith("Conditional on trials = 1; levels={'n': ...} sets others.")
    assert str(found).endswith("Conditional on n = 20.")


def test_the_axis_says_one_trial(binomial) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    assert binomial.conditional_effects("x", grid=3).plot().get_ylabel() == "expected k of 1 trial"
    found = binomial.conditional_effects("x", grid=3, levels={"n": 20})
    assert found.plot().get_ylabel() == "expected k"
    plt.close("all")


def test_models_without_either_say_nothing() -> None:
    found = fitted("y ~ x + (1 | g)").conditional_effects("x", grid=2)
    assert found.conditions.values == {}
    assert "onditional" not in str(found)


def test_an_offset_of_several_columns() -> None:
    data = table()
    data["u"] = data["t"] + 1.0
    fit = fitted("k ~ x + offset(log(t)) + offset(log(u * x ** 2 + 1))", "poisson", data)
    levels = {"x": PLACES, "t": 2.0, "u": 3.0}
    found = fit.conditional_effects("x", levels=levels)
    np.testing.assert_allclose(found.mean, means(fit, rows(t=2.0, u=3.0)))
    with pytest.raises(ValueError, match="a part of the offset only; give 'u' too"):
        fit.conditional_effects("x", levels={"t": 2.0})


def test_a_predictor_stays_one() -> None:
    """Trials that are a predictor too are held as one, of one trial as before."""
    fit = fitted("k | trials(n) ~ x + n", "binomial", data=table() | {"n": np.arange(80) % 5 + 8})
    found = fit.conditional_effects("x", levels={"x": PLACES, "n": 20})
    np.testing.assert_allclose(found.mean, means(fit, rows(n=20)) / 20.0)
    assert found.conditions.values == {"trials": 1.0}


def test_both_at_once_and_arrays() -> None:
    data = table()
    fit = made_up(
        me.Model.from_arrays(
            data["k"],
            data["x"],
            data["g"],
            names=["x"],
            family="binomial",
            trials=data["n"],
            offset=data["t"],
        )
    )
    found = fit.conditional_effects("x", levels={"x": PLACES, "trials": 5, "offset": 0.5})
    new = {"X": PLACES, "trials": 5, "offset": 0.5}
    np.testing.assert_allclose(found.mean, means(fit, new))
    assert found.conditions.values == {"trials": 5.0, "offset": 0.5}
    usual = fit.conditional_effects("x", levels={"x": PLACES})
    np.testing.assert_allclose(usual.mean, means(fit, {"X": PLACES}))


def test_probabilities_of_categories_with_an_offset() -> None:
    fit = fitted("col ~ x + offset(t) + (1 | g)", "categorical")
    found = fit.conditional_effects("x", levels={"x": PLACES, "t": 2.0})
    np.testing.assert_allclose(found.mean, means(fit, rows(t=2.0)).ravel())


@pytest.mark.parametrize(
    ("levels", "match"),
    [
        ({"n": 2.5}, "levels of 'n' are 2.5; trials must be a whole number"),
        ({"n": 0}, "trials must be a whole number, 1 or more"),
        ({"n": [3, 4]}, "levels of 'n' are .* one finite number"),
        ({"n": "many"}, "one finite number"),
        ({"m": 3}, "levels names 'm', which is no predictor; there are x, n$"),
    ],
    ids=["half", "none", "two", "text", "name"],
)
def test_what_is_refused(binomial, levels: dict, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        binomial.conditional_effects("x", levels=levels)
