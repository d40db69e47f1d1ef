"""The prior of one standard deviation of a bar: ``priors={"sd(g: x)": ...}``."""

import numpy as np
import pytest
import regressions
from regressions import case
from scipy import stats
from test_kernel import assert_density_on_paper
from test_verbs import made_up, table

import mcmc_edu as me
from mcmc_edu.models.simulation.parameters import draw_term

NARROW, WIDE = me.HalfNormal(0.3), me.HalfNormal(3.0)
GAUSSIAN, POISSON = ("gaussian", "identity"), ("poisson", "log")
STRUCTURES = [
    (GAUSSIAN, "x|g noncentered", True),
    (GAUSSIAN, "x|g centered", False),
    (GAUSSIAN, "x|g collapsed", True),
    (GAUSSIAN, "1|g, 0+x|g", True),
    (GAUSSIAN, "x|g collapsed, x|h", True),
    (GAUSSIAN, "line Intercept, x|g collapsed", True),
    (GAUSSIAN, "line Intercept, x|g centered", False),
    (POISSON, "x+w|g noncentered", True),
    (POISSON, "x|g, 1|h", False),
    (("categorical", "logit"), "x|g noncentered", True),
]


@pytest.mark.parametrize(("family", "structure", "correlated"), STRUCTURES)
def test_density_is_the_one_on_paper(family, structure, correlated, monkeypatch) -> None:
    given = {"sd(g: x)": NARROW, "sd": me.HalfT(3, 2), "cor": me.LKJ(2)}
    monkeypatch.setitem(regressions.PRIORS, "one sd", given)
    model = case(family, structure, "one sd", correlated)
    written = {c.name: c.written for c in model.priors.all()}
    ones = [name for name, prior in written.items() if prior == NARROW]
    if family[0] == "categorical":
        assert ones == [f"sd(g: {level}: x)" for level in "bcd"]
    else:
        assert ones == ["sd(g: x)"]
    assert all(p == me.HalfT(3, 2) for n, p in written.items() if n[:2] == "sd" and n not in ones)
    assert_density_on_paper(model)


FORMULAS = {
    "correlated": ("y ~ x + (x | g)", {"g": "noncentered"}),
    "independent": ("y ~ x + (x || g)", {"g": "centered"}),
    "collapsed": ("y ~ x + (x | g)", {"g": "collapsed"}),
    "two factors": ("y ~ x + t + (1 | h) + (x + t | g)", {"g": "centered", "h": "noncentered"}),
    "two bars": ("y ~ x + (1 | g) + (0 + x | g)", {"g": "noncentered"}),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_posterior_moves_by_that_prior_and_no_other(name: str) -> None:
    """The log posteriors under two priors of one sd differ by those of that sd, at any theta."""
    formula, forms = FORMULAS[name]
    one, two = (
        me.Model(formula, table(), priors={"sd(g: x)": prior}, parameterization=forms)
        for prior in (NARROW, WIDE)
    )
    theta = 0.5 * np.random.default_rng(4).normal(size=(12, len(one.assembled.names)))
    grad = np.empty(theta.shape[1])
    a, b = (
        np.array([m.assembled.log_density(t, grad, m.assembled.data) for t in theta])
        for m in (one, two)
    )
    sd = one.natural(theta.T[:, np.newaxis], np.random.default_rng(5))["sd(g: x)"].ravel()
    expected = stats.halfnorm.logpdf(sd, scale=0.3) - stats.halfnorm.logpdf(sd, scale=3.0)
    np.testing.assert_allclose(a - b, expected, rtol=1e-9, atol=1e-9)


def written(formula: str, family: str = "gaussian", **priors) -> dict[str, str]:
    summary = me.Model(formula, table(), family, priors=priors).prior_summary()
    return {name: str(summary[name]["written"]) for name in summary}


def test_the_particular_beats_the_general() -> None:
    given = {"sd(g: x)": NARROW, "sd(g)": me.HalfT(3, 1), "sd": me.Exponential(2)}
    found = written("y ~ x + (x | g) + (x | h)", **given)
    assert [found[f"sd({g}: {c})"] for g in "gh" for c in ("Intercept", "x")] == [
        "HalfT(3, 1)",
        "HalfNormal(0.3)",
        "Exponential(2)",
        "Exponential(2)",
    ]
    every = {"sd(g: x)": NARROW, "sd(g: Intercept)": WIDE, "covariance": me.Decov()}
    found = written("y ~ x + (x | g) + (x | h)", **every)
    assert found["sd(g: Intercept)"] == "HalfNormal(3)"
    assert found["covariance(h: Intercept, x)"].startswith("Decov")


def test_others_of_the_term_have_defaults_where_predictors_are_zero() -> None:
    model = me.Model("y ~ x + (x | g)", table(), priors={"sd(g: x)": NARROW})
    other = me.Model("y ~ x + (x | g)", table(), priors={"cor": me.LKJ(1)})
    assert model.priors.varying[0][0] == other.priors.varying[0][0]
    assert model.priors.varying[0][1].prior == NARROW
    assert (
        written("y ~ x + (x | g)", **{"sd(g: x)": NARROW, "cor": me.LKJ(3)})["cor(g: Intercept, x)"]
        == "LKJ(3)"
    )
    for defaults, name in (("rstanarm", "Exponential(1), autoscaled"), ("brms", "HalfT(3, ")):
        found = written("y ~ x + (x | g)", **{"sd(g: x)": NARROW, "defaults": defaults})
        assert found["sd(g: Intercept)"].startswith(name)
        assert found["sd(g: x)"] == "HalfNormal(0.3)"


def test_one_category_and_all_of_them() -> None:
    given = {"sd(g: x)": NARROW, "sd(g: blue: x)": WIDE}
    found = written("col ~ x + (x | g)", "categorical", **given)
    assert (found["sd(g: green: x)"], found["sd(g: blue: x)"]) == (
        "HalfNormal(0.3)",
        "HalfNormal(3)",
    )


@pytest.mark.parametrize(
    ("priors", "match"),
    [
        ({"sd(g: w)": NARROW}, r"names 'sd\(g: w\)', which .* it has sd\(g: x\)"),
        ({"sd(k: x)": NARROW}, r"names 'sd\(k: x\)', which this model has not; it has"),
        ({"sd(h: x)": NARROW}, r"names 'sd\(h: x\)'"),
        ({"sd(g: x)": me.Normal(0, 1)}, r"prior of sd\(g: x\) is Normal\(0, 1\); .* HalfNormal"),
        ({"sd(g: x)": me.Decov()}, r"prior of sd\(g: x\) is Decov"),
        ({"sd(g: x)": NARROW, "covariance(g)": me.Decov()}, r"both .* 'covariance\(g\)', which"),
        ({"sd(g: x)": NARROW, "covariance": me.Decov()}, r"both 'sd\(g: x\)' and 'covariance'"),
    ],
    ids=["coefficient", "factor", "other bar", "kind", "decov", "covariance of g", "covariance"],
)
def test_what_is_refused(priors: dict, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        me.Model("y ~ x + (x | g) + (1 | h)", table(), priors=priors)


def test_it_is_saved_and_drawn_from(tmp_path) -> None:
    model = me.Model("y ~ x + (x | g)", table(), priors={"sd(g: x)": NARROW})
    made_up(model).save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz").model
    assert again.priors == model.priors
    assert again.given == model.given
    rng, n = np.random.default_rng(1), 20_000
    term = draw_term(model, 0, rng, n, {"sigma": np.ones(n)}, np.zeros((n, 1)))
    square = (term.effects[:, 1, 0] / 0.3) ** 2  # of sd z, both squared: mean 1, variance 3 * 3 - 1
    assert abs(square.mean() - 1.0) < 4.5 * np.sqrt(8.0 / n)
