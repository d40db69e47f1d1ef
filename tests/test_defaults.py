"""Default priors: the same whatever a model is spelt like, and what they come to in hard cases.

The figures of the hard cases are from quadrature, or from long runs with every prior written out,
and come with their Monte Carlo errors.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.regression.coordinates import of_model as coordinates

QUIET = {"progress": False, "seed": 1}
N = 40


def data() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(3.0, 2.0, N)
    return {
        "x": x,
        "w": rng.normal(size=N),
        "year": 1990.0 + np.arange(N) % 13,
        "y": rng.normal(5, 2, N),
        "count": rng.poisson(3.0, N),
        "event": rng.integers(0, 2, N),
        "f": np.array(["a", "b", "c", "d"])[rng.integers(0, 4, N)],
        "kind": np.array(["r", "s", "t"])[rng.integers(0, 3, N)],
        "g": np.arange(N) % 7,
    }


LAWS = {
    "Normal": lambda p: stats.norm(p.location, p.scale),
    "StudentT": lambda p: stats.t(p.df, p.location, p.scale),
}


def log_prior(model: me.Model, function: np.ndarray) -> float:
    """Log prior of the common coefficients that make this linear predictor, up to a constant."""
    columns = model.units.common(model.design.columns)  # the sampler's
    beta, *_ = np.linalg.lstsq(columns, function)
    np.testing.assert_allclose(columns @ beta, function, atol=1e-8)
    laws = [LAWS[type(c.coordinate).__name__](c.coordinate) for c in model.priors.common]
    return sum(float(law.logpdf(b)) for law, b in zip(laws, beta, strict=True))


SPELLINGS = {
    "zero of a predictor": ["y ~ x + w", "y ~ I(x - 1000) + w", "y ~ I(x + 3) + I(w * 1 - 50)"],
    "unit of a predictor": ["y ~ x + w", "y ~ I(x * 1000) + w", "y ~ x + I(w / 512)"],
    "reference level": ["y ~ f + x", "y ~ C(f, contr.treatment('c')) + x"],
    "contrasts": ["y ~ f + x", "y ~ C(f, contr.sum) + x", "y ~ C(f, contr.helmert) + x"],
    "cell means": ["y ~ f", "y ~ 0 + f"],
    "cell means and a slope": ["y ~ f + x", "y ~ 0 + f + x"],
    "powers": [
        "y ~ year + I(year**2) + I(year**3)",
        "y ~ I(year - 1996) + I((year - 1996)**2) + I((year - 1996)**3)",
        "y ~ poly(year, 3)",
    ],
    "twins": ["y ~ x + w", "y ~ x + I(x + w)", "y ~ I(x - w) + I(x + w)"],
    "interactions": ["y ~ f * x", "y ~ f * I(x - 20)", "y ~ 0 + f + f:x"],
    "order": ["y ~ x + w + f", "y ~ f + w + x"],
    "through the origin": ["y ~ 0 + x + w", "y ~ 0 + I(x + w) + I(2 * w)"],
}


@pytest.mark.parametrize("family", ["gaussian", "student", "bernoulli", "gamma", "beta"])
@pytest.mark.parametrize("kind", SPELLINGS)
def test_the_prior_of_a_function_is_the_same_in_every_spelling(kind: str, family: str) -> None:
    outcome = OUTCOMES[family]
    models = [
        me.Model(text.replace("y ~", f"{outcome} ~", 1), data(), family=family)
        for text in SPELLINGS[kind]
    ]
    rng = np.random.default_rng(2)
    columns = models[0].units.common(models[0].design.columns)
    functions = [columns @ rng.normal(0.0, 2.0, columns.shape[1]) for _ in range(4)]
    found = np.array([[log_prior(model, function) for function in functions] for model in models])
    differences = found - found[:, :1]
    assert np.abs(differences[0, 1:]).max() > 0.01  # or anything would be the same
    for other in differences[1:]:
        np.testing.assert_allclose(other, differences[0], atol=1e-9, rtol=0.0)


@pytest.mark.parametrize("outcome", ["y", "y - 7", "3 * y"])
def test_the_prior_follows_the_unit_of_the_outcome(outcome: str) -> None:
    plain, other = (me.Model(f"{o} ~ x + (x | g)", data()) for o in ("y", f"I({outcome})"))
    scale = 3.0 if outcome.startswith("3") else 1.0
    for one, same in zip(plain.priors.all(), other.priors.all(), strict=True):
        assert one.coordinate is None or one.coordinate.numbers() == pytest.approx(
            same.coordinate.numbers()
        )
    assert other.units.y_scale == pytest.approx(scale * plain.units.y_scale)


def test_categories_have_the_same_prior_whichever_is_the_first() -> None:
    """Of the differences between any two of them, too."""
    found = []
    for order in (["r", "s", "t"], ["s", "t", "r"]):
        columns = data() | {"kind": pd.Categorical(data()["kind"], categories=order)}
        model = me.Model("kind ~ x + w", columns, family="categorical")
        rng = np.random.default_rng(3)
        values = rng.normal(size=(3, 3, 4))  # category, coefficient, function
        values = values[[["r", "s", "t"].index(kind) for kind in order]]
        functions = values[1:] - values[:1]
        found.append(
            [
                log_prior(model, model.design.columns @ functions[:, :, i].reshape(-1))
                for i in range(4)
            ]
        )
    differences = np.array(found) - np.array(found)[:, :1]
    np.testing.assert_allclose(differences[1], differences[0], atol=1e-9, rtol=0.0)


def covariance_in_coordinates(model: me.Model, line: np.ndarray) -> np.ndarray:
    """From a covariance of a bar's coefficients to that in its coordinates."""
    back = np.linalg.inv(model.units.terms[0].effect_chol(np.eye(line.shape[0])[np.newaxis])[0])
    return back @ line @ back.T


BARS = {
    "zero": (["(x | g)", "(I(x - 1000) | g)"], [[1.0, 1000.0], [0.0, 1.0]]),
    "unit": (["(x | g)", "(I(x * 1000) | g)"], [[1.0, 0.0], [0.0, 0.001]]),
    "square": (
        ["(x + I(x**2) | g)", "(I(x - 10) + I((x - 10)**2) | g)"],
        [[1.0, 10.0, 100.0], [0.0, 1.0, 20.0], [0.0, 0.0, 1.0]],
    ),
}


@pytest.mark.parametrize("kind", BARS)
def test_the_prior_of_lines_is_the_same_whatever_the_zero_and_unit(kind: str) -> None:
    (one, other), change = BARS[kind]
    models = [me.Model(f"y ~ 1 + {bar}", data()) for bar in (one, other)]
    change = np.array(change)  # from coefficients of the first to those of the second
    root = np.random.default_rng(4).normal(size=change.shape)
    first = covariance_in_coordinates(models[0], root @ root.T)
    second = covariance_in_coordinates(models[1], change @ root @ root.T @ change.T)
    np.testing.assert_allclose(second, first, rtol=1e-9)


def test_lines_that_stand_alone_are_the_same_whatever_the_zero_and_unit() -> None:
    plain = me.Model("y ~ x + (x | g)", data(), pooling="none")
    other = me.Model("y ~ I(5 * x - 1000) + (I(5 * x - 1000) | g)", data(), pooling="none")
    b = np.random.default_rng(5).normal(size=(1, 2, 7))
    shift = np.zeros((1, 1))
    one, same = (m.units.lines(0, m.design.groupings[0], b, shift) for m in (plain, other))
    np.testing.assert_allclose(same[0, 1] * 5.0, one[0, 1], rtol=1e-9)
    np.testing.assert_allclose(same[0, 0] - 1000.0 * same[0, 1], one[0, 0], rtol=1e-8)


CHANGES = {
    "zero": ("x + (x | g)", "I(x + 1000) + (I(x + 1000) | g)"),
    "unit": ("x + (x | g)", "I(1000 * x) + (I(1000 * x) | g)"),
    "years": ("year + (year | g)", "I(year - 1996) + (I(year - 1996) | g)"),
    "squares": (
        "year + I(year**2) + (year | g)",
        "I(year - 1996) + I((year - 1996)**2) + (I(year - 1996) | g)",
    ),
    "products": ("x * w + (1 | g)", "I(x - 9) * I(w + 30) + (1 | g)"),
}
OUTCOMES = {
    "gaussian": "y",
    "student": "y",
    "bernoulli": "event",
    "poisson": "count",
    "negbin": "count",
    "gamma": "exp(y)",
    "lognormal": "exp(y)",
    "beta": "I(1 / (1 + y**2))",
}


def density_and_fit(model: me.Model, theta: np.ndarray) -> tuple[float, np.ndarray]:
    """Log posterior of theta, and the linear predictor of every row."""
    made, grad = model.assembled, np.empty(theta.size)
    logp = made.log_density(theta, grad, made.data)
    found = model.natural(theta[:, np.newaxis, np.newaxis], np.random.default_rng(1))
    eta = model.design.columns @ np.array([found[name][0, 0] for name in model.design.names])
    for g in model.design.groupings:
        for name, column in zip(g.names, g.columns.T, strict=True):
            eta = eta + found[f"b({g.name}: {name})"][..., 0, 0][g.index] * column
    return logp, eta


@pytest.mark.parametrize("pooling", ["partial", "none", "complete"])
@pytest.mark.parametrize("family", OUTCOMES)
@pytest.mark.parametrize("kind", CHANGES)
def test_the_same_theta_is_the_same_function(kind: str, family: str, pooling: str) -> None:
    """So that, given the same seed, all draws of a chain are, but for rounding.

    A square beside lines that stand alone is centred at its mean, and not at each level's line.
    """
    if (kind, pooling) == ("squares", "none"):
        pytest.skip("not promised")
    models = [
        me.Model(
            f"{OUTCOMES[family]} ~ {right}",
            data(),
            family=family,
            pooling=pooling,
            parameterization="noncentered",
        )
        for right in CHANGES[kind]
    ]
    rng = np.random.default_rng(7)
    for _ in range(3):
        theta = 0.5 * rng.normal(size=len(models[0].assembled.names))
        (one, eta), (other, same) = (density_and_fit(model, theta) for model in models)
        assert other == pytest.approx(one, rel=1e-7)
        np.testing.assert_allclose(same, eta, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("form", ["noncentered", "centered", "collapsed"])
def test_an_outcome_in_other_units_is_the_same_function(form: str) -> None:
    columns = data()
    models = [
        me.Model("y ~ x + w + (x | g)", columns | {"y": y}, parameterization=form)
        for y in (columns["y"], 7.0 + 3.0 * columns["y"])
    ]
    rng, found = np.random.default_rng(8), []
    for _ in range(2):
        theta = 0.5 * rng.normal(size=len(models[0].assembled.names))
        found.append([density_and_fit(model, theta) for model in models])
    for (_, eta), (_, same) in found:
        np.testing.assert_allclose(same, 7.0 + 3.0 * eta, rtol=1e-9)
    (a, b), (c, d) = ([logp for logp, _ in pair] for pair in found)
    assert b - a == pytest.approx(d - c, abs=1e-8)


ANSWERS = {
    "zero": ("x + (x | g)", "I(x + 1000) + (I(x + 1000) | g)", "x"),
    "unit": ("x + (x | g)", "I(1000 * x) + (I(1000 * x) | g)", "x"),
    "cell means": ("f + x + (1 | g)", "0 + f + I(x * 1000 - 77) + (1 | g)", "x"),
    "years": ("year + (year | g)", "I(year - 1996) + (I(year - 1996) | g)", "year"),
    "powers": ("year + I(year**2) + (1 | g)", "poly(year, 2) + (1 | g)", "year"),
    "products": ("x * w + (1 | g)", "I(x - 9) * I(w + 30) + (1 | g)", "x"),
    "outcome": ("x + (x | g)", "x + (x | g)", "x"),
}
QUICK = {("gaussian", "cell means"), ("poisson", "cell means")}


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        pytest.param(family, kind, marks=() if (family, kind) in QUICK else pytest.mark.slow)
        for family in (*OUTCOMES, "binomial")
        for kind in ANSWERS
        if kind != "outcome" or family in ("gaussian", "student")
    ],
)
def test_the_same_answers_in_every_spelling(family: str, kind: str) -> None:
    """By sampling: fitted values, effects, elpd; of most spellings the very chains are the same,
    but for rounding.
    """
    columns, scale = data() | {"n": data()["event"] + 3}, 3.0 if kind == "outcome" else 1.0
    left = "event | trials(n)" if family == "binomial" else OUTCOMES[family]
    others = columns | ({"y": 7.0 + 3.0 * columns["y"]} if kind == "outcome" else {})
    one, other = ANSWERS[kind][:2]
    fits = [fitted(f"{left} ~ {one}", columns, family), fitted(f"{left} ~ {other}", others, family)]
    found = [fit.linpred().reshape(-1, N) for fit in fits]
    found[1] = found[1] if scale == 1.0 else (found[1] - 7.0) / 3.0
    error = np.sqrt(sum(eta.var(axis=0) for eta in found) / 1000.0)
    assert (np.abs(found[0].mean(axis=0) - found[1].mean(axis=0)) < 5.0 * error).all()
    assert (np.abs(found[0].std(axis=0) - found[1].std(axis=0)) < 5.0 * error).all()
    first, second = (fit.loo() for fit in fits)
    good = (first.pareto_k < 0.7) & (second.pareto_k < 0.7)
    assert good.sum() > N - 4
    elpd = (second.pointwise + np.log(scale))[good]
    assert elpd.sum() == pytest.approx(first.pointwise[good].sum(), abs=0.3)


def test_it_is_the_normal_that_was_meant() -> None:
    """Against a covariance by numpy alone, with a column of the user's own projected out."""
    made = data()
    model = me.Model("y ~ x + w + year", made, priors={"year": me.Normal(0, 1)})
    x = np.column_stack([made["x"], made["w"]])
    others = np.column_stack([np.ones(N), made["year"]])
    left = x - others @ np.linalg.lstsq(others, x, rcond=None)[0]
    wanted = (2.5 * made["y"].std(ddof=1)) ** 2 * (N - 1) * np.linalg.inv(left.T @ left)
    beta = model.units.slopes(np.eye(4))
    here = [model.design.names.index(name) for name in ("x", "w")]
    made_of = beta[np.ix_(here, here)]
    np.testing.assert_allclose(made_of.T @ made_of * 2.5**2, wanted, rtol=1e-9)
    shown = [model.priors.common[q].prior.numbers()["scale"] for q in here]
    np.testing.assert_allclose(shown, np.sqrt(np.diag(wanted)), rtol=1e-9)
    assert model.priors.common[model.design.names.index("year")].prior == me.Normal(0, 1)


def test_a_rare_dummy_has_a_narrow_prior_on_the_scale_of_a_link() -> None:
    """By numpy: the 3 rows of 500 count for more than one each."""
    x = np.repeat([0.0, 1.0], [497, 3])
    columns = {"x": x, "event": np.arange(500) % 3 == 0, "y": np.arange(500.0)}
    leverage = (x - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2) + 1 / 500
    weight = 1 + 500 * np.maximum(leverage - 4 * 2 / 500, 0) / 6
    wanted = 2.5 / np.sqrt(np.sum(weight * (x - x.mean()) ** 2) / 499)
    found = me.Model("event ~ x", columns, family="bernoulli").priors.common[1].prior.scale
    assert found == pytest.approx(wanted, rel=1e-12)
    assert 6.0 < found < 6.3
    plain = me.Model("y ~ x", columns)
    assert plain.priors.common[1].prior.scale == pytest.approx(
        2.5 * columns["y"].std(ddof=1) / x.std(ddof=1), rel=1e-12
    )


def test_students_unit_is_that_of_most_of_its_outcomes() -> None:
    y = np.random.default_rng(1).standard_t(4, 90)
    units = [
        me.Model("y ~ 1", {"y": values}, family="student").units
        for values in (y, np.where(np.arange(90) == 5, 1e4, y))
    ]
    assert units[0].y_scale == pytest.approx(1.4826 * np.median(np.abs(y - np.median(y))))
    assert units[1].y_scale == pytest.approx(units[0].y_scale, rel=0.1)
    assert units[1].y_center == pytest.approx(units[0].y_center, abs=0.1)


def test_units_of_lines_are_those_within_levels() -> None:
    j, w = np.repeat(np.arange(8), 10), np.tile(np.linspace(-1.5, 1.5, 10), 8)
    x, y = 30 * np.sin(2.3 * j + 1) + w, np.arange(80) % 7.0
    height, slope = me.Model("y ~ x + (x | g)", {"y": y, "x": x, "g": j}).priors.varying[0]
    within = np.sqrt(np.sum(w**2) / (80 - 8))
    assert slope.prior.scale == pytest.approx(y.std(ddof=1) / within, rel=1e-9)
    ratio = x.std(ddof=1) / within
    assert height.prior.scale == pytest.approx(y.std(ddof=1) * ratio, rel=1e-9)


def test_a_line_that_stands_alone_has_the_unit_of_its_own_rows() -> None:
    j, t = np.repeat(np.arange(3), 8), np.tile(np.arange(8.0), 3) * np.repeat([1.0, 5.0, 0.2], 8)
    model = me.Model("y ~ t + (t | g)", {"y": t**2, "t": t, "g": j}, pooling="none")
    own = [1.0 / t[j == k].std(ddof=1) for k in range(3)]
    np.testing.assert_allclose(model.units.terms[0].turn[:, 1, 1], own, rtol=1e-12)


def linear_predictor(fit: me.Fit) -> np.ndarray:
    """Shape (draw, row)."""
    beta = np.array([fit.draws[name].reshape(-1) for name in fit.model.design.names])
    return beta.T @ fit.model.design.columns.T


def close(draws: np.ndarray, value: float, error: float = 0.0) -> None:
    """Within four Monte Carlo errors, of ours and of the figure's."""
    mcse = draws.std() / np.sqrt(me.ess_mean(draws.reshape(4, -1)))
    assert abs(draws.mean() - value) < 4.0 * np.hypot(mcse, error), (draws.mean(), mcse, value)


def fitted(formula: str, columns: object, family: str = "gaussian", **settings) -> me.Fit:
    draws = settings.pop("draws", 2000)
    return me.Model(formula, columns, family=family, **settings).fit(draws=draws, **QUIET)


@pytest.mark.parametrize("zero", [0, 1980, 2000])
def test_a_cubic_that_separates_the_years(zero: int) -> None:
    year = np.arange(1985, 2016)
    columns = {"y": (year > 2000) * 1, "u": year - zero}
    fit = fitted("y ~ u + I(u**2) + I(u**3)", columns, "bernoulli", draws=4000)
    eta = linear_predictor(fit)
    for row, value in ((0, -5.31), (15, -0.47), (30, 5.72)):
        close(eta[:, row], value, 0.03)


X = np.linspace(-1.5, 1.5, 30)


@pytest.mark.parametrize(
    ("predictors", "slope", "last"), [("x", 5.594, 8.391), ("x + twin", 5.842, 9.010)]
)
def test_a_twin_of_a_predictor_changes_little(predictors: str, slope: float, last: float) -> None:
    columns = {"y": (X > 0) * 1, "x": X, "twin": X + 0.06 * np.where(np.arange(30) % 2, 1, -1)}
    fit = fitted(f"y ~ {predictors}", columns, "bernoulli")
    close(sum(fit.draws[name] for name in predictors.split(" + ")).reshape(-1), slope, 0.012)
    close(linear_predictor(fit)[:, -1], last, 0.013)


@pytest.mark.parametrize(
    ("formula", "order"),
    [("y ~ f", "abc"), ("y ~ f", "bca"), ("y ~ C(f, contr.sum)", "abc"), ("y ~ 0 + f", "cab")],
)
def test_levels_that_are_all_alike(formula: str, order: str) -> None:
    """b is 0 in all of its 30 rows, c is 1; a has a row of either."""
    f = pd.Categorical(list("aa" + 30 * "b" + 30 * "c"), categories=list(order))
    columns = pd.DataFrame({"y": [0, 1, *30 * [0], *30 * [1]], "f": f})
    eta = linear_predictor(fitted(formula, columns, "bernoulli"))
    for row, value in ((0, 0.0), (2, -5.31), (-1, 5.32)):
        close(eta[:, row], value, 0.012)


@pytest.mark.parametrize("event", [1, 0])
def test_a_rare_dummy_is_not_left_free(event: int) -> None:
    """3 rows of 500, all alike: against quadrature with its prior, and not far from where a prior
    of half the weight by leverage has it, b 6.265 and P .9443 (-5.155, .0458).
    """
    x = np.repeat([0.0, 1.0], [497, 3])
    y = np.repeat([1, 0, event], [149, 348, 3])
    fit = fitted("y ~ x", {"x": x, "y": y}, "bernoulli", draws=4000)
    p = 1.0 / (1.0 + np.exp(-linear_predictor(fit)[:, -1]))
    slope, chance = by_quadrature(x, y, fit.model.priors.common[1].prior.scale)
    close(fit.draws["x"].reshape(-1), slope)
    close(p, chance)
    assert slope == pytest.approx((-5.155, 6.265)[event], rel=0.02)
    assert chance == pytest.approx((0.0458, 0.9443)[event], abs=0.002)


def by_quadrature(x: np.ndarray, y: np.ndarray, scale: float) -> tuple[float, float]:
    """Posterior means of the slope and of the chance where x is 1."""
    height, slope = np.meshgrid(np.linspace(-12, 12, 1201), np.linspace(-60, 60, 2401))
    at_mean = np.log((y.sum() + 0.5) / (y.size - y.sum() + 0.5))
    logp = stats.norm(0.0, scale).logpdf(slope) + stats.t(3, at_mean, 2.5).logpdf(height)
    for value in (0.0, 1.0):
        eta, rows = height + (value - x.mean()) * slope, y[x == value]
        logp += rows.sum() * eta - rows.size * np.logaddexp(0.0, eta)
    weight = np.exp(logp - logp.max())
    weight /= weight.sum()
    chance = 1.0 / (1.0 + np.exp(-(height + (1.0 - x.mean()) * slope)))
    return float((weight * slope).sum()), float((weight * chance).sum())


@pytest.mark.parametrize("zero", [0, -2000])
def test_parabolas_whose_zero_is_far_away(zero: int) -> None:
    j, t = np.repeat(np.arange(12), 15), np.tile(np.arange(-7.0, 8.0), 12)
    y = 2 * np.sin(2 * j) + 0.3 * np.cos(j) * t + 0.05 * np.cos(3 * j) * t**2
    y += 1.4 * np.sin(1.7 * np.arange(y.size))
    fit = fitted("y ~ x + I(x**2) + (x + I(x**2) | g)", {"y": y, "x": t - zero, "g": j}, draws=1000)
    close(fit.draws["sd(g: I(x ** 2))"].reshape(-1), 0.039, 0.0005)
    assert fit.loo().elpd == pytest.approx(-290.7, abs=1.5)


def test_one_giant_level() -> None:
    level = np.repeat(np.arange(21), [20_000, *20 * [3]])
    effect = np.array([40.0, *30.0 * np.sin(2.0 * np.arange(1, 21))])
    y = effect[level] + 1.414 * np.sin(1.3 * np.arange(level.size))
    fit = fitted("y ~ 1 + (1 | g)", {"y": y, "g": level})
    found = fit.draws["Intercept"]
    assert abs(found.mean() - 3.2) < found.std() < 7.0


def test_predictors_that_vary_between_levels() -> None:
    j, w = np.repeat(np.arange(8), 10), np.tile(np.linspace(-1.5, 1.5, 10), 8)
    slopes = np.array([3, -2, 1, -1, 2, -3, 0, 0.5])
    x = 30 * np.sin(2.3 * j + 1) + w
    y = np.cos(1.9 * j) + slopes[j] * w + 0.7 * np.sin(1.7 * np.arange(80))
    fit = fitted("y ~ x + (x | g)", {"y": y, "x": x, "g": j})
    close(fit.draws["sigma"].reshape(-1), 0.55, 0.003)
    assert fit.loo().elpd == pytest.approx(-74.0, abs=1.0)


def test_years_that_differ_by_site_without_pooling() -> None:
    j, t = np.repeat(np.arange(6), 8), np.tile(np.arange(8) - 3.5, 6)
    year = 1900 + 20 * j + t
    y = np.array([1, -1, 0.5, -0.5, 0.2, 0])[j] * t + 0.3 * np.sin(2.1 * np.arange(48))
    fit = fitted("y ~ year + (year | site)", {"y": y, "year": year, "site": j}, pooling="none")
    found = fit.draws["b(site: year)"].mean(axis=(0, 1))
    least_squares = [np.polyfit(t[j == k], y[j == k], 1)[0] for k in range(6)]
    np.testing.assert_allclose(found, least_squares, atol=0.02)


def test_counts_that_are_not_overdispersed_are_not_made_so() -> None:
    y = np.random.default_rng(1).poisson(20.0, 200)
    fit = me.Model("y ~ 1", {"y": y}, "negbin").fit(draws=300, warmup=300, chains=2, **QUIET)
    assert np.mean(1.0 + np.exp(fit.draws["Intercept"]) / fit.draws["phi"]) <= 1.1


@pytest.mark.parametrize(("events", "rows", "value"), [(0, 1_000_000, -14.509), (20, 20, 3.714)])
def test_the_intercept_is_thought_to_be_near_where_it_is(events, rows, value) -> None:
    y = np.zeros(rows)
    y[:events] = 1.0
    prior = me.Model("y ~ 1", {"y": y}, family="bernoulli").priors.common[0].prior
    assert isinstance(prior, me.StudentT)
    assert (prior.df, prior.scale) == (3.0, 2.5)
    assert prior.location == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize(("family", "outcome"), [("bernoulli", "event"), ("poisson", "count")])
def test_an_offset_moves_the_intercepts_prior(family: str, outcome: str) -> None:
    found = [
        me.Model(f"{outcome} ~ x + offset({o})", data(), family=family).priors.common[0].prior
        for o in ("w", "w + 5")
    ]
    assert found[1].location == pytest.approx(found[0].location - 5.0, abs=1e-9)


def test_an_offset_is_not_the_outcomes_size() -> None:
    made, o = data(), np.random.default_rng(6).normal(size=N)
    far = made | {"y": made["y"] + 1000 * o, "o": 1000 * o}
    models = [
        me.Model("y ~ x + (x | g) + offset(o)", columns) for columns in (made | {"o": 0 * o}, far)
    ]
    for one, other in zip(models[0].priors.all(), models[1].priors.all(), strict=True):
        assert other.prior.numbers() == pytest.approx(one.prior.numbers(), rel=1e-9)


def test_one_outlier_is_nothing_to_students_t() -> None:
    g = np.repeat(np.arange(3), 30)
    y = 0.8 * g + np.random.default_rng(1).standard_t(4, 90)
    fits = [
        fitted("y ~ 1 + (1 | g)", {"y": values, "g": g}, "student")
        for values in (y, np.where(np.arange(90) == 5, 1e4, y))
    ]
    assert fits[1].model.units.y_scale == pytest.approx(fits[0].model.units.y_scale, rel=0.1)
    for name in ("sd(g: Intercept)", "Intercept"):
        one, other = (fit.draws[name].mean() for fit in fits)
        assert other == pytest.approx(one, rel=0.3)


def test_what_is_left_out_and_what_is_saved_keeps_the_numbers(tmp_path) -> None:
    for pooling in ("partial", "none"):
        model = me.Model("y ~ x + (x | g)", data(), pooling=pooling)
        fit = model.fit(draws=30, warmup=60, chains=2, **QUIET)
        fit.save(tmp_path / "fit.npz")
        again = me.load_fit(tmp_path / "fit.npz")
        assert again.model.priors == model.priors
        np.testing.assert_array_equal(again.epred(), fit.epred())
        left = me.models.verbs.loo.leave_out.refitted(fit, np.arange(6))
        assert left.model.priors == model.priors
        assert left.model.units is model.units


def test_too_many_coefficients_ask_for_a_prior() -> None:
    rng = np.random.default_rng(1)
    columns = {f"x{k}": rng.normal(size=10) for k in range(9)} | {"y": rng.normal(size=10)}
    formula = "y ~ " + " + ".join(f"x{k}" for k in range(9))
    with pytest.raises(ValueError, match=r"9 coefficients .* 10 rows .* priors={'b'"):
        me.Model(formula, columns)
    me.Model(formula, columns, priors={"b": me.Normal(0, 1)})


def test_a_level_correlations_of_the_user_are_about_zero() -> None:
    model = me.Model("y ~ x + (x | g)", data(), priors={"cor": me.LKJ(2)})
    height, slope = (chosen.prior.scale for chosen in model.priors.varying[0])
    ratio = height / slope
    assert ratio == pytest.approx(np.hypot(data()["x"].mean(), ratio_at_mean(model)), rel=1e-9)


def ratio_at_mean(model: me.Model) -> float:
    term = coordinates.coordinates(model.design, model.family, {}, False).terms[0]
    return float(term.turn[0, 0] / term.turn[1, 1])
