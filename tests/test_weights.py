"""Rows that stand for several: the same model, fit and verbs as of the repeated rows."""

import matplotlib
import numpy as np
import pandas
import pytest

import mcmc_edu as me
from mcmc_edu import storage
from mcmc_edu.draws import Draws
from mcmc_edu.families import FAMILIES
from mcmc_edu.formulas.weights import MOST, checked, repeated
from mcmc_edu.models import Fit, Model, compare, load_fit
from mcmc_edu.models.verbs import saving
from mcmc_edu.models.verbs.checks import replicated

matplotlib.use("Agg")

W = np.array([2, 0, 3, 1, 1, 4, 2, 1, 0, 2, 3, 1])
OUTCOMES = {"gaussian": "y", "student": "y", "binomial": "k | trials(t)", "poisson": "n"}
OUTCOMES |= {"negbin": "n", "ordered": "level", "categorical": "level"}


def table() -> pandas.DataFrame:
    """Twelve rows, of which two count nowhere; one has the only d of g and the only z of f."""
    rng = np.random.default_rng(5)
    x = rng.normal(3.0, 2.0, 12)
    return pandas.DataFrame(
        {
            "y": 10.0 + x + rng.normal(size=12),
            "share": rng.uniform(0.1, 0.9, 12),
            "n": rng.poisson(4.0, 12),
            "k": rng.binomial(5, 0.4, 12),
            "t": np.full(12, 5),
            "level": [1, 2, 3, 2, 1, 3, 2, 2, 1, 3, 1, 2],
            "x": x,
            "f": list("uvuvuvuvzvuv"),
            "g": list("aaabbbccdcca"),
            "h": list("ppqqrrppqqrr"),
            "w": W,
        }
    )


def repeat(data: pandas.DataFrame, weights: np.ndarray = W) -> pandas.DataFrame:
    return data.loc[data.index.repeat(weights)].reset_index(drop=True)


def pair(terms: str, family: str, link: str | None = None, **settings) -> tuple[Model, Model]:
    """The model with weights, and that of the repeated rows."""
    formula, data = f"{OUTCOMES.get(family, 'share')} ~ {terms}", table()
    weighted = Model(formula, data, family, link=link, weights="w", **settings)
    return weighted, Model(formula, repeat(data), family, link=link, **settings)


def density(model: Model, theta: np.ndarray) -> float:
    made = model.assembled
    return made.log_density(theta, np.empty(theta.size), made.data)


def same_density(one: Model, other: Model) -> None:
    assert one.assembled.names == other.assembled.names
    rng = np.random.default_rng(2)
    for _ in range(3):
        theta = 0.5 * rng.normal(size=len(one.assembled.names))
        assert density(one, theta) == pytest.approx(density(other, theta), rel=1e-10)


def same_priors(one: Model, other: Model) -> None:
    assert str(one.prior_summary()) == str(other.prior_summary())
    assert one.choices == other.choices
    for name in ("y_center", "y_scale", "x_center", "x_scale", "turn", "unit", "width", "level"):
        np.testing.assert_array_equal(getattr(one.units, name), getattr(other.units, name))


def fits(one: Model, other: Model, draws: int = 60) -> tuple[Fit, Fit]:
    """The same made-up draws of both."""
    theta = 0.3 * np.random.default_rng(3).normal(size=(len(one.assembled.names), 2, draws))

    def fit(model: Model) -> Fit:
        found = model.natural(theta, np.random.default_rng(4)).items()
        natural = {n: np.moveaxis(v, 0, -1) if v.ndim == 3 else v for n, v in found}
        names = model.assembled.names
        return Fit(model, Draws(np.moveaxis(theta, 0, -1), names, {}, natural, {}, {}))

    return fit(one), fit(other)


@pytest.mark.parametrize(("family", "link"), list(FAMILIES), ids=map("-".join, FAMILIES))
def test_every_family_is_that_of_the_repeated_rows(family: str, link: str) -> None:
    one, other = pair("x + (1 | g)", family, link)
    assert one.design.y.size == 10
    assert one.design.groupings[0].levels == ("a", "b", "c")
    same_priors(one, other)
    same_density(one, other)
    of_one, of_other = fits(one, other)
    first = np.cumsum(W[W > 0]) - W[W > 0]
    np.testing.assert_allclose(of_one.log_lik(), of_other.log_lik()[..., first], rtol=1e-12)
    np.testing.assert_allclose(of_one.epred(), of_other.epred()[:, :, first], rtol=1e-12)


@pytest.mark.parametrize(
    ("terms", "settings"),
    [
        ("x + (x | g)", {}),
        ("x + (x | g)", {"parameterization": "centered"}),
        ("scale(x) + f + (1 | g) + (1 | h)", {}),
        ("poly(x, 2) + (1 | g)", {"pooling": "complete"}),
        ("x + (x | g)", {"pooling": "none"}),
        ("x + (1 | g)", {"priors": "brms"}),
        ("x + (1 | g)", {"priors": {"b": me.RegularizedHorseshoe(0.3)}}),
    ],
    ids=str,
)
def test_every_structure_is_that_of_the_repeated_rows(terms: str, settings) -> None:
    one, other = pair(terms, "gaussian", **settings)
    same_priors(one, other)
    same_density(one, other)


@pytest.mark.parametrize(("family", "link"), list(FAMILIES), ids=map("-".join, FAMILIES))
def test_of_identical_draws_loo_is_that_of_the_repeated_rows(family: str, link: str) -> None:
    one, other = fits(*pair("x + (1 | g)", family, link), draws=30)
    mine, theirs = one.loo(), other.loo()
    assert mine.names == tuple(str(i) for i in np.flatnonzero(W))
    first = np.cumsum(W[W > 0]) - W[W > 0]
    np.testing.assert_allclose(mine.pointwise, theirs.pointwise[first], rtol=1e-10)
    for name in ("elpd", "se", "p_loo", "looic"):
        assert getattr(mine, name) == pytest.approx(getattr(theirs, name), rel=1e-10)
    errors = [found.table().rows["p_loo"]["se"] for found in (mine, theirs)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-10)


def test_of_identical_draws_loo_of_groups_is_that_of_the_repeated_rows() -> None:
    one, other = fits(*pair("x + (1 | g)", "gaussian"))
    mine, theirs = one.loo(groups="g"), other.loo(groups="g")
    np.testing.assert_allclose(mine.pointwise, theirs.pointwise, rtol=1e-10)
    assert mine.se == pytest.approx(theirs.se, rel=1e-10)


def test_a_comparison_weighs_the_differences() -> None:
    small, small_other = fits(*pair("1 + (1 | g)", "gaussian"))
    large, large_other = fits(*pair("x + (1 | g)", "gaussian"))
    mine = compare({"small": small, "large": large})
    theirs = compare({"small": small_other, "large": large_other})
    for name, row in mine.rows.items():
        assert dict(row) == pytest.approx(dict(theirs.rows[name]), rel=1e-9)
    data = table().assign(w=np.where(W > 0, W + 1, 0))
    moved = Model("y ~ x + (1 | g)", data, weights="w")
    plain = Model("y ~ x + (1 | g)", data[W > 0])
    for model in (moved, plain):
        with pytest.raises(ValueError, match="the weight differs in"):
            compare({"one": large, "other": fits(model, model)[0]})


def test_a_refit_leaves_out_one_observation_of_a_row(monkeypatch) -> None:
    from mcmc_edu.models.verbs.loo import loo as module

    seen = []

    def refitted(fit, rows):
        seen.append((rows.tolist(), fit.model.design.y.size))
        return fit

    monkeypatch.setattr(module, "refitted", refitted)
    one, _ = fits(*pair("x + (1 | g)", "gaussian"), draws=60)
    monkeypatch.setattr(module, "k_limit", lambda draws: -9.0)
    found = one.loo(refit=True)
    first = np.cumsum(W[W > 0]) - W[W > 0]
    assert seen == [([i], 20) for i in first]
    assert found.refitted == tuple(range(10))


def test_checks_and_arviz_have_all_observations() -> None:
    one, other = fits(*pair("x + (x | g)", "gaussian"))
    checked_fit = Fit(one.model.of_observations(), one.draws)
    np.testing.assert_array_equal(replicated(checked_fit, 5, 1), replicated(other, 5, 1))
    axes = [f.pp_check("stat", stat="sd", seed=1) for f in (one, other)]
    lines = [ax.get_lines()[-1].get_xdata() for ax in axes]
    np.testing.assert_array_equal(*lines)
    for kind in ("density", "ribbon"):
        one.pp_check(kind, seed=1)
    one.pp_check("ribbon", x="x", group="g", seed=1)
    tree = one.to_arviz(seed=1)
    assert tree.observed_data["row"].to_numpy().tolist() == np.repeat(np.arange(12), W).tolist()
    np.testing.assert_allclose(
        tree.log_likelihood["y"], other.to_arviz(seed=1).log_likelihood["y"], rtol=1e-12
    )


def test_conditional_effects_hold_others_at_means_of_all_observations() -> None:
    one, other = fits(*pair("x * n + (1 | g)", "gaussian"))
    mine, theirs = (f.conditional_effects("x:n", grid=4) for f in (one, other))
    for name, places in theirs.grid.items():
        np.testing.assert_array_equal(mine.grid[name], places)
    np.testing.assert_allclose(mine.mean, theirs.mean, rtol=1e-12)


def test_verbs_have_each_row_once() -> None:
    one, _ = fits(*pair("x + (1 | g)", "gaussian"))
    for values in (one.epred(), one.predict(seed=1), one.residuals("pearson"), one.log_lik()):
        assert values.shape == (2, 60, 10)
    assert one.model.prior_predictive(5, seed=1).shape == (5, 10)
    assert list(one.predictions().rows) == [f"[{i}]" for i in np.flatnonzero(W)]
    assert one.predict({"x": [1.0], "g": ["a"]}, seed=1).shape == (2, 60, 1)
    assert repr(one.model).endswith("partial pooling, 10 rows of 20 observations)")


def test_bernoulli_rows_trials_of_one_and_weights_are_one_posterior() -> None:
    """To the last digit; out of several trials it is more by the binomial coefficients' logs."""
    data = pandas.DataFrame({"x": [0.0, 0.0, 1.0, 1.0, 2.5], "g": list("aabbc")})
    data = data.assign(y=[0, 1, 0, 1, 1], w=[3, 2, 1, 4, 2])
    rows, formula = repeat(data, data["w"].to_numpy()), "y ~ x + (1 | g)"
    weighted = Model(formula, data, "bernoulli", weights="w")
    one = "y | trials(1) ~ x + (1 | g)"
    for other in (
        Model(formula, rows, "bernoulli"),
        Model(one, rows, "binomial"),
        Model(one, data, "binomial", weights="w"),
    ):
        same_priors(weighted, other)
        same_density(weighted, other)
    counts = pandas.DataFrame({"x": [0.0, 1.0, 2.5], "g": list("abc"), "k": [2, 4, 2]})
    counts = counts.assign(n=[5, 5, 2])
    of_trials = Model("k | trials(n) ~ x + (1 | g)", counts, "binomial")
    coefficients = np.log(10.0) + np.log(5.0)  # of 2 among 5 and of 4 among 5
    for values in ([0.3, -0.2, 0.1, 0.4, -0.5], [-1.0, 0.7, -0.4, 0.1, 0.9]):
        difference = likelihood(of_trials, values) - likelihood(weighted, values)
        assert difference == pytest.approx(coefficients, rel=1e-10)


def likelihood(model: Model, values: list[float]) -> float:
    """Log likelihood of an intercept, a slope and the effects of three levels."""
    natural = {n: np.full((1, 1), v) for n, v in zip(("Intercept", "x"), values, strict=False)}
    natural["b(g: Intercept)"] = np.array(values[2:]).reshape(1, 1, 3)
    fit = Fit(model, Draws(np.zeros((1, 1, 1)), ["~"], {}, natural, {}, {}))
    weights = model.design.weights
    return float((fit.log_lik()[0, 0] * (1 if weights is None else weights)).sum())


def test_arrays_have_weights() -> None:
    data = table()
    labels = {"g": data["g"].tolist(), "h": data["h"].to_numpy()}
    arguments = {"y": data["y"], "X": data[["x"]].to_numpy(), "group": labels}
    one = Model.from_arrays(**arguments, weights=W, offset=0.5)
    rows = repeat(data)
    labels = {"g": rows["g"].tolist(), "h": rows["h"].to_numpy()}
    other = Model.from_arrays(rows["y"], rows[["x"]].to_numpy(), labels, offset=0.5)
    assert one.source.rows.tolist() == np.flatnonzero(W).tolist()
    assert one.design.dropped == 2
    same_priors(one, other)
    same_density(one, other)
    assert one.of_observations().source.design().y.tolist() == rows["y"].tolist()
    with pytest.raises(ValueError, match="weights has 3 rows, others have 12"):
        Model.from_arrays(**arguments, weights=[1, 2, 3])


@pytest.mark.parametrize("weights", ["w", W, W.tolist()], ids=["column", "array", "list"])
@pytest.mark.parametrize("kind", [pandas.DataFrame, dict])
def test_a_saved_fit_keeps_its_weights(tmp_path, weights, kind) -> None:
    data = {name: column.tolist() for name, column in table().items()}
    data["x"][3] = None
    model = Model("y ~ x + (1 | g)", kind(data), weights=weights, missing="drop")
    assert (model.design.y.size, model.design.dropped) == (9, 3)
    fit, _ = fits(model, model)
    fit.save(tmp_path / "fit.npz")
    assert storage.read(tmp_path / "fit.npz")["model"]["version"] == saving.VERSION
    again = load_fit(tmp_path / "fit.npz")
    assert again.model.design.weights.tolist() == [w for i, w in enumerate(W) if w and i != 3]
    assert again.model.source.rows.tolist() == model.source.rows.tolist()
    assert again.model.design.dropped == 3
    same_density(model, again.model)


def test_arrays_of_a_saved_fit_keep_their_weights(tmp_path) -> None:
    data = table()
    model = Model.from_arrays(data["y"], data["x"], data["g"], weights=W)
    fits(model, model)[0].save(tmp_path / "fit.npz")
    again = load_fit(tmp_path / "fit.npz").model
    assert again.source.rows.tolist() == model.source.rows.tolist()
    same_density(model, again)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([0.5, 1, 2.25, 3, 1.5, 0.1, 0.2, 0.7, 1], "0.5 in row 1, 2.25 in row 3, 1.5 in row 5"),
        ([0.5, 1, 2.25, 3, 1.5, 0.1, 0.2, 0.7, 1], "0.2 in row 7, and 1 more row is wrong"),
        ([0.5] * 9, "poststratification"),
        ([1, -1, 2, 1, 1, 1, 1, 1, 1], "-1 in row 2; they must be whole numbers, 0 or more"),
        ([1, np.nan, 2, 1, 1, 1, 1, 1, 1], "nan in row 2"),
        ([1, np.inf, 2, 1, 1, 1, 1, 1, 1], "inf in row 2"),
        ([0] * 9, "0 in all rows"),
        (["a"] * 9, "are no numbers"),
        ([[1]] * 9, r"shape \(9, 1\)"),
        ([MOST] * 9, "add up to 9e[+]08 observations"),
    ],
)
def test_what_counts_nothing_is_refused(weights, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(weights, "w")


def test_refusals_of_a_model_name_rows_of_the_data() -> None:
    data = table().assign(w=np.where(np.arange(12) == 6, 1.5, W))
    data.loc[2, "x"] = np.nan
    with pytest.raises(ValueError, match=r"1\.5 in row 7; they must be whole"):
        Model("y ~ x", data, weights="w", missing="drop")
    data.loc[6, "w"] = np.nan
    with pytest.raises(ValueError, match=r"2 of 12 rows have missing values \(x 1, w 1\)"):
        Model("y ~ x", data, weights="w")
    with pytest.raises(ValueError, match="no column 'W'"):
        Model("y ~ x", table(), weights="W")
    with pytest.raises(ValueError, match=r"weights have shape \(3,\); give \(12,\)"):
        Model("y ~ x", table(), weights=[1, 2, 3])
    for column in ("f", "flag"):
        with pytest.raises(ValueError, match="are no numbers"):
            Model("y ~ x", table().assign(flag=W > 0), weights=column)


def test_without_weights_a_design_is_itself() -> None:
    model = Model("y ~ x", table())
    assert repeated(model.design) is model.design
    assert model.of_observations() is model
