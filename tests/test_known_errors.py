"""Estimates with known standard errors: densities, fits and verbs against exact normal answers."""

import numpy as np
import pandas
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu import storage
from mcmc_edu.draws import Draws
from mcmc_edu.families.records.known_se import KNOWN_SE
from mcmc_edu.models import Fit, Model, load_fit
from mcmc_edu.models.prior_predictive import prior_sds
from mcmc_edu.models.verbs import saving
from mcmc_edu.models.verbs.loo.leave_out import log_density_of_group, select_rows
from mcmc_edu.regression.prepare.assembly import assemble

SCHOOLS = "effect | se(se) ~ 1 + (1 | school)"
PRIORS = {"Intercept": me.Normal(1.0, 5.0), "b": me.Normal(0.0, 2.0), "sd": me.HalfNormal(3.0)}


def table() -> pandas.DataFrame:
    rng = np.random.default_rng(8)
    x = rng.normal(size=14)
    data = pandas.DataFrame({"x": x - x.mean(), "s": rng.uniform(0.3, 3.0, 14)})
    data["g"], data["h"] = list("aaabbbbccddddd"), list("pqrpqrpqrpqrpq")
    return data.assign(y=2.0 + x + rng.normal(size=14) * data["s"], v=np.resize([1.0, -1.0], 14))


def test_the_likelihood_is_scipys_of_rows_in_units_of_their_errors() -> None:
    rng = np.random.default_rng(1)
    y, eta, nothing = rng.normal(size=7), rng.normal(size=7), np.zeros(0)
    score = eta.copy()
    logp = KNOWN_SE.log_likelihood(score, y, nothing, 7.0, 2.5, nothing, nothing)
    expected = stats.norm(eta).logpdf(y).sum() + 3.5 * np.log(2.0 * np.pi) - 1.25
    assert logp == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(score, y - eta, rtol=1e-15)


def natural(model: Model, theta: np.ndarray) -> dict[str, np.ndarray]:
    found = model.natural(theta[:, np.newaxis, np.newaxis], np.random.default_rng(1))
    return {name: value[..., 0, 0] for name, value in found.items()}


def sampled(model: Model, theta: np.ndarray) -> np.ndarray:
    """All that theta holds, in the units of the data."""
    found, forms = natural(model, theta), [choice.form for choice in model.choices]
    parts = [found[name] for name in model.design.names]
    for g, form in zip(model.design.groupings, forms, strict=True):
        if form != "unpooled":
            parts += [found[f"sd({g.name}: {name})"] for name in g.names]
        if form != "collapsed":
            parts += [found[f"b({g.name}: {name})"] for name in g.names]
    return np.concatenate([np.ravel(part) for part in parts])


def on_paper(model: Model, theta: np.ndarray) -> float:
    """Log posterior of theta, y in the sampler's units, for uncorrelated effects."""
    found, design, total = natural(model, theta), model.design, 0.0
    mean = design.columns @ np.array([found[name] for name in design.names]) + design.offset
    covariance = np.diag(design.se**2)
    for name in design.names:
        prior = (1.0, 5.0) if name == "Intercept" else (0.0, 2.0)
        total += stats.norm(*prior).logpdf(found[name])
    for g, choice in zip(design.groupings, model.choices, strict=True):
        for k, name in enumerate(g.names):
            z = np.zeros((design.y.size, len(g.levels)))
            z[np.arange(design.y.size), g.index] = g.columns[:, k]
            b = found[f"b({g.name}: {name})"]
            if choice.form == "unpooled":
                total += (
                    stats.norm(*((1.0, 5.0) if name == "Intercept" else (0, 2))).logpdf(b).sum()
                )
                mean = mean + z @ b
                continue
            sd = found[f"sd({g.name}: {name})"]
            total += stats.halfnorm(scale=3.0).logpdf(sd)
            if choice.form == "collapsed":
                covariance += sd**2 * z @ z.T
            else:
                total += stats.norm(0.0, sd).logpdf(b).sum()
                mean = mean + z @ b
    total += stats.multivariate_normal(mean, covariance).logpdf(design.y)
    steps = 1e-5 * np.eye(theta.size)
    slopes = [(sampled(model, theta + h) - sampled(model, theta - h)) / 2e-5 for h in steps]
    return (
        total + np.linalg.slogdet(np.array(slopes))[1] + design.y.size * np.log(model.units.y_scale)
    )


FORMS = {
    "1 + (1 | g)": ["collapsed", "centered", "noncentered", "none", "complete"],
    "v + x + (x || g)": ["collapsed", "centered", "noncentered", "none"],
    "x + offset(v) + (1 | g) + (1 | h)": ["collapsed", "centered", "noncentered"],
}


@pytest.mark.parametrize("by_rows", [False, True], ids=["lines", "general"])
@pytest.mark.parametrize(
    ("terms", "form"), [(terms, form) for terms, forms in FORMS.items() for form in forms]
)
def test_the_density_is_the_one_on_paper(terms: str, form: str, by_rows: bool) -> None:
    pooling = form if form in ("none", "complete") else "partial"
    parameterization = form if pooling == "partial" else "auto"
    model = Model(
        f"y | se(s) ~ {terms}",
        table(),
        priors=PRIORS,
        pooling=pooling,
        parameterization=parameterization,
    )
    assert model.family is KNOWN_SE
    forms = [choice.form for choice in model.choices]
    made = assemble(model.design, model.family, model.units, model.priors, forms, by_rows=by_rows)
    assert not any("sigma" in name for name in made.names)
    rng, grad = np.random.default_rng(3), np.empty(len(made.names))
    for _ in range(2):
        theta = 0.5 * rng.normal(size=grad.size)
        logp = made.log_density(theta, grad, made.data)
        assert logp == pytest.approx(on_paper(model, theta), rel=1e-7)
        slopes, other = grad.copy(), np.empty(grad.size)
        for k, h in enumerate(1e-5 * np.eye(theta.size)):
            up, down = (made.log_density(theta + sign * h, other, made.data) for sign in (1, -1))
            assert slopes[k] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)


def test_eight_schools_against_quadrature() -> None:
    """Of mu and tau in two dimensions, and of school A's effect given both."""
    data = me.datasets.eight_schools()
    y, s = data["effect"], data["se"]
    priors = {"Intercept": me.Normal(0, 5), "sd": me.HalfCauchy(5)}
    model = Model(SCHOOLS, data, priors=priors)
    fit = model.fit(seed=1, draws=2500, warmup=500, chains=4, progress=False)
    mu, log_tau = np.meshgrid(np.linspace(-20, 25, 301), np.linspace(-9, 5, 401), indexing="ij")
    tau = np.exp(log_tau)
    sd = np.sqrt(tau[..., np.newaxis] ** 2 + s**2)
    logp = stats.norm(mu[..., np.newaxis], sd).logpdf(y).sum(axis=-1) + log_tau
    logp += stats.norm(0, 5).logpdf(mu) + stats.halfcauchy(scale=5).logpdf(tau)
    p = np.exp(logp - logp.max())
    p /= p.sum()
    effect = tau**2 / (tau**2 + s[0] ** 2) * (y[0] - mu)
    exact = {"Intercept": mu, "sd(school: Intercept)": tau, "b(school: Intercept)[A]": effect}
    rows = fit.summary(*exact).rows
    for name, values in exact.items():
        assert rows[name]["mean"] == pytest.approx((p * values).sum(), abs=4.5 * rows[name]["mcse"])
    assert rows["Intercept"]["sd"] == pytest.approx(
        np.sqrt((p * mu**2).sum() - (p * mu).sum() ** 2), rel=0.05
    )
    assert "sigma" not in fit.draws.natural


def test_one_mean_is_the_weighted_mean() -> None:
    data = me.datasets.eight_schools()
    model = Model("effect | se(se) ~ 1", data, priors={"Intercept": me.Flat()})
    weight = data["se"] ** -2.0
    draws = model.fit(seed=2, draws=2000, warmup=300, progress=False).draws["Intercept"]
    assert draws.mean() == pytest.approx(np.average(data["effect"], weights=weight), abs=0.25)
    assert draws.std() == pytest.approx(weight.sum() ** -0.5, rel=0.05)


def made_up(model: Model, draws: int = 50) -> Fit:
    theta = 0.4 * np.random.default_rng(3).normal(size=(len(model.assembled.names), 2, draws))
    found = model.natural(theta, np.random.default_rng(4)).items()
    values = {n: np.moveaxis(v, 0, -1) if v.ndim == 3 else v for n, v in found}
    names = model.assembled.names
    return Fit(model, Draws(np.moveaxis(theta, 0, -1), names, {}, values, {}, {}))


def test_verbs_take_the_errors_of_the_rows() -> None:
    data, rows = table(), table().iloc[:3]
    fit = made_up(Model("y | se(s) ~ x + (1 | g)", data))
    errors = data["s"].to_numpy()
    np.testing.assert_allclose(
        fit.log_lik(), stats.norm(fit.epred(), errors).logpdf(data["y"]), rtol=1e-12
    )
    np.testing.assert_allclose(
        fit.residuals("pearson"), (data["y"].to_numpy() - fit.epred()) / errors, rtol=1e-12
    )
    many = pandas.concat([rows] * 400).assign(s=np.repeat([0.01, 30.0], 600))
    noise = fit.predict(many, seed=1) - fit.epred(many)
    assert noise[..., :600].std() == pytest.approx(0.01, rel=0.02)
    assert noise[..., 600:].std() == pytest.approx(30.0, rel=0.02)
    assert fit.epred(rows.drop(columns="s")).shape == (2, 50, 3)
    with pytest.raises(ValueError, match="need a standard error each, which the rows lack"):
        fit.predict(rows.drop(columns="s"))
    with pytest.raises(ValueError, match="se of y is 0 in row 2; a standard error must be above"):
        fit.predict(rows.assign(s=[1.0, 0.0, 1.0]))
    prior = fit.model.prior_predictive(4000, seed=1)
    assert prior.shape == (4000, 14)
    fit.pp_check("stat", stat="sd", seed=1)
    assert fit.predictions(rows, kind="predict", seed=1).rows.keys() == {"[0]", "[1]", "[2]"}
    assert list(fit.varcorr().rows) == ["sd(g: Intercept)"]
    epred = fit.conditional_effects("x", grid=3)
    assert "s" not in epred.conditions.values
    wide = fit.conditional_effects("x", grid=3, kind="predict", levels={"s": 50.0}, seed=1)
    assert (wide.q95 - wide.q5 > 100.0).all()
    with pytest.raises(ValueError, match="se of y is -2 in row 1"):
        fit.conditional_effects("x", grid=3, kind="predict", levels={"s": -2.0})
    with pytest.raises(ValueError, match="new outcomes have a standard error: give it"):
        fit.conditional_effects("x", kind="predict")


def test_a_predictor_called_sigma_is_no_sd() -> None:
    data = table().rename(columns={"x": "sigma"})
    fit = made_up(Model("y | se(s) ~ sigma + (1 | g)", data))
    assert list(fit.varcorr().rows) == ["sd(g: Intercept)"]
    np.testing.assert_allclose(
        fit.log_lik(), stats.norm(fit.epred(), data["s"]).logpdf(data["y"]), rtol=1e-12
    )


def test_priors_alone_have_the_errors_of_the_rows() -> None:
    data = table().assign(s=np.r_[np.full(13, 0.01), 1000.0])
    given = {"Intercept": me.Normal(0, 1), "sd": me.HalfNormal(0.1)}
    y = Model("y | se(s) ~ 1 + (1 | g)", data, priors=given).prior_predictive(4000, seed=3)
    assert y[:, 0].std() == pytest.approx(1.0, rel=0.05)
    assert y[:, 13].std() == pytest.approx(1000.0, rel=0.05)


def test_decov_has_one_unit_in_prior_and_density() -> None:
    """Exponential in both, where errors are so large that the data say nothing."""
    data = table().assign(y=lambda d: 1000.0 * d["y"], s=1e9)

    model = Model("y | se(s) ~ 1 + (1 | g)", data, priors={"covariance": me.Decov(1, 1, 1, 1)})
    unit = model.units.y_scale
    drawn = prior_sds(model, 4000, seed=1)["sd(g: Intercept)"]
    assert stats.kstest(drawn / unit, stats.expon.cdf).pvalue > 1e-3
    made, place = model.assembled, model.assembled.names.index("~sd(g: Intercept)")
    values, sds = [], []
    for log_t in (0.0, 0.7, 1.4):
        theta = np.zeros(len(made.names))
        theta[place] = log_t
        values.append(made.log_density(theta, np.zeros(theta.size), made.data))
        natural = model.natural(theta[:, np.newaxis, np.newaxis], np.random.default_rng(1))
        sds.append(natural["sd(g: Intercept)"].item() / unit)
    expected = np.log(sds) + stats.expon.logpdf(sds)  # and the Jacobian of log sd
    np.testing.assert_allclose(np.diff(values), np.diff(expected), atol=1e-6)


@pytest.mark.parametrize("level", range(4))
def test_a_group_left_out_is_the_dense_normal(level: int) -> None:
    fit = made_up(Model("y | se(s) ~ x + (1 | g)", table()), 4)
    design = fit.model.design
    g = design.groupings[0]
    rows = np.flatnonzero(g.index == level)
    found = log_density_of_group(fit, select_rows(design, rows, design))
    for chain, draw in np.ndindex(2, 4):
        values = [fit.draws[name][chain, draw] for name in (*design.names, "sd(g: Intercept)")]
        mean, sd = design.columns[rows] @ np.array(values[:2]), values[2]
        dense = stats.multivariate_normal(mean, np.diag(design.se[rows] ** 2) + sd**2)
        assert found[chain, draw] == pytest.approx(dense.logpdf(design.y[rows]), rel=1e-10)


def test_loo_of_a_row_against_quadrature() -> None:
    """Of a flat mean with known errors: the others' mean, and both variances."""
    data = me.datasets.eight_schools()
    y, s = data["effect"], data["se"]
    model = Model("effect | se(se) ~ 1", data, priors={"Intercept": me.Flat()})
    weight = s**-2.0
    draws = np.random.default_rng(1).normal(
        np.average(y, weights=weight), weight.sum() ** -0.5, (4, 4000)
    )
    fit = Fit(model, Draws(np.zeros((4, 4000, 1)), ["~"], {}, {"Intercept": draws}, {}, {}))
    for i, found in enumerate(fit.loo().pointwise):
        others = np.delete(weight, i)
        mean = np.average(np.delete(y, i), weights=others)
        exact = stats.norm(mean, np.hypot(others.sum() ** -0.5, s[i])).logpdf(y[i])
        assert found == pytest.approx(exact, abs=0.02)


def test_tables_arrays_files_and_weights_have_one_density(tmp_path) -> None:
    data = table()
    one = Model("y | se(s) ~ x + (x | g)", data)
    arrays = Model.from_arrays(data["y"], data[["x"]], data["g"], se=data["s"], names=["x"])
    spelt = Model("y | se(sqrt(s^2), sigma=FALSE) ~ x + (x | g)", data)
    made_up(one).save(tmp_path / "one.npz")
    made_up(spelt).save(tmp_path / "spelt.npz")
    made_up(arrays).save(tmp_path / "arrays.npz")
    assert storage.read(tmp_path / "one.npz")["model"]["version"] == saving.VERSION
    loaded = [load_fit(tmp_path / f"{name}.npz").model for name in ("one", "spelt", "arrays")]
    once = Model("y | se(s) ~ x + (x | g)", data, weights=np.ones(14))
    theta = 0.3 * np.random.default_rng(1).normal(size=len(one.assembled.names))
    logs = [
        m.assembled.log_density(theta, np.empty(theta.size), m.assembled.data)
        for m in (one, arrays, spelt, once, *loaded)
    ]
    np.testing.assert_allclose(logs, logs[0], rtol=1e-12)
    twice = Model("y | se(s) ~ x + (x | g)", data, weights=np.full(14, 2))
    repeated = Model("y | se(s) ~ x + (x | g)", data.loc[data.index.repeat(2)])
    logs = [
        m.assembled.log_density(theta, np.empty(theta.size), m.assembled.data)
        for m in (twice, repeated)
    ]
    assert logs[0] == pytest.approx(logs[1], rel=1e-12)
    new = {"X": [[0.5]], "group": ["a"]}
    assert made_up(arrays).epred(new).shape == (2, 50, 1)
    assert made_up(arrays).predict(new | {"se": [0.3]}, seed=1).shape == (2, 50, 1)


def test_default_priors_are_of_median_and_mad() -> None:
    """An estimate that is far out with a large error widens no prior."""
    data = me.datasets.eight_schools()
    rows = Model(SCHOOLS, data).priors
    mad = 1.4826 * 7.5
    assert rows.common[0].prior.numbers() == pytest.approx(
        {"df": 3.0, "location": 7.5, "scale": 2.5 * mad}
    )
    assert rows.varying[0][0].prior.numbers() == pytest.approx({"df": 3.0, "scale": mad})


@pytest.mark.parametrize(
    ("formula", "settings", "said"),
    [
        ("y | se(s, sigma=TRUE) ~ x", {}, r"se\(s\) and, among the terms, \(1 \| row\)"),
        ("y | se(s, s) ~ x", {}, "must have one argument"),
        ("y | se() ~ x", {}, r"only trials\(n\) and se\(s\) are known"),
        ("y | weights(n) ~ x", {}, "give the model weights='n'"),
        ("y | se(s) ~ x", {"family": "student"}, "which the student family has not"),
        ("y | se(s) ~ x", {"family": "poisson"}, "estimates with a standard error are normal"),
        ("y | se(s) ~ x", {"priors": "rstanarm"}, "with known standard errors"),
        ("y | se(s) ~ x", {"priors": {"sigma": me.HalfNormal(1)}}, "sigma"),
        ("y | se(bad) ~ x", {}, "se of y is -1 in row 1, 0 in row 3, -1 in row 4"),
        ("y | se(bad) ~ x", {}, "-1 in row 7, and 4 more rows are wrong"),
        ("y | se(log(bad + 1)) ~ x", {}, "in row 1; values must be finite"),
        ("y | se(gap) ~ x", {}, r"1 of 14 rows have missing values \(gap 1\)"),
        ("y | se(t) ~ x", {}, "no column 't'"),
    ],
)
def test_what_is_no_standard_error_is_refused(formula: str, settings, said: str) -> None:
    bad = np.array([-1, 1, 0, -1, 1, 0, -1, 1, 0, -1, 0, -1, 1, 1])
    data = table().assign(bad=bad, gap=[np.nan, *[1.0] * 13], n=1)
    with pytest.raises(ValueError, match=said):
        Model(formula, data, **settings)


def test_forms_of_a_second_factor_are_chosen_by_rows_in_units_of_their_errors() -> None:
    """What the data decide of an effect: exact for balanced rows with equal errors."""
    rng = np.random.default_rng(2)
    n = 400
    data = pandas.DataFrame({"g": np.repeat(np.arange(20), 20), "h": np.tile(np.arange(20), 20)})
    b = rng.normal(size=(2, 20))
    data["y"] = b[0][data["g"]] + b[1][data["h"]] + 0.5 * rng.normal(size=n)
    share = {}
    for s in (0.5, 8.0):
        model = Model("y | se(s) ~ 1 + (1 | g) + (1 | h)", data.assign(s=s))
        share[s] = next(c.share for c in model.choices if c.share is not None)
    assert share[0.5] > 0.9
    assert share[8.0] < 0.5
