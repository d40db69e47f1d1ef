"""What a fit can be asked and told: files, hypotheses, conditional effects, ArviZ, priors."""

import builtins
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special, stats

import mcmc_edu as me
from mcmc_edu.models.simulation.parameters import draw_term
from mcmc_edu.models.source import Source, unsafe
from mcmc_edu.regression.prepare.form_choice import FormChoice

COLORS = ["red", "green", "blue"]
SHORT = {"draws": 60, "warmup": 60, "chains": 2, "seed": 1, "progress": False}


def table(n: int = 80, seed: int = 1) -> dict:
    """Columns of every kind."""
    import pandas

    rng = np.random.default_rng(seed)
    g = rng.integers(0, 6, n)
    x = rng.normal(2.0, 1.5, n)
    return {
        "y": np.round(x + g + rng.normal(size=n), 3),
        "k": rng.binomial(8, 1 / (1 + np.exp(-0.5 * x + 1)), n),
        "n": np.full(n, 8),
        "x": x,
        "the z": rng.normal(5.0, 2.0, n),
        "on": rng.random(n) < 0.5,
        "col": pandas.Categorical(rng.choice(COLORS, n), COLORS),
        "g": g,
        "h": np.array([f"h{j}" for j in rng.integers(0, 4, n)]),
        "t": rng.uniform(1.0, 3.0, n),
    }


def fitted(formula: str, family: str = "gaussian", data=None, **options) -> me.Fit:
    return made_up(me.Model(formula, table() if data is None else data, family, **options))


def made_up(model: me.Model) -> me.Fit:
    """A fit whose draws are of no posterior: what is tested here is the same for any draws."""
    theta = 0.5 * np.random.default_rng(4).normal(size=(2, 60, len(model.assembled.names)))
    of_theta = model.natural(np.moveaxis(theta, 2, 0), np.random.default_rng(5))
    natural = {n: np.moveaxis(v, 0, -1) if v.ndim == 3 else v for n, v in of_theta.items()}
    return me.Fit(model, me.Draws(theta, model.assembled.names, {}, natural, {"seed": 4}, {}))


# files


CASES = {
    "gaussian": lambda: fitted("y ~ x * col + (x | g) + (1 | h)"),
    "names with spaces": lambda: fitted("log1p(y**2) ~ `the z` + on + scale(x) + (1 | h)"),
    "trials": lambda: fitted("k | trials(n) ~ on + (x || g) + (1 | h:g)", "binomial"),
    "probit": lambda: fitted("p(k, n) ~ poly(x, 2) + (1 | col)", "binomial", link="probit"),
    "offset": lambda: fitted("k ~ C(on, contr.sum) + offset(np.log(t)) + (1 | h)", "negbin"),
    "gamma": lambda: fitted("t ~ x + offset(np.log(n)) + (x | g)", "gamma"),
    "lognormal": lambda: fitted("t ~ x + (x | g) + (1 | h)", "lognormal"),
    "beta": lambda: fitted("I(t / 4) ~ x * on + (x | g)", "beta"),
    "none": lambda: fitted("y ~ x + on + (x | g)", pooling="none"),
    "complete": lambda: fitted("y ~ x + on + (x | g)", "student", pooling="complete"),
    "priors": lambda: fitted(
        "k ~ x + (x | g) + (1 | h)",
        "poisson",
        priors={
            "b": me.StudentT(4, 0.1, 2.5),
            "Intercept": me.Normal(0, 3, autoscale=True),
            "sd(h)": me.HalfT(3, 1),
            "covariance(g)": me.Decov(2, 1.5, 2, 0.7),
        },
        parameterization={"g": "centered", "h": "noncentered"},
    ),
}


@pytest.fixture(scope="module", params=CASES)
def pair(request, tmp_path_factory) -> tuple[me.Fit, me.Fit]:
    fit = CASES[request.param]()
    path = tmp_path_factory.mktemp("fit") / "fit.npz"
    fit.save(path)
    return fit, me.load_fit(path)


def new_rows() -> dict:
    rows = table(12, seed=5)
    rows["g"] = np.where(np.arange(12) < 4, 77, rows["g"])
    return {name: values for name, values in rows.items() if name not in ("y", "k")}


def test_a_loaded_fit_predicts_as_the_one_that_was_saved(pair) -> None:
    fit, loaded = pair
    groups = "zero" if fit.model.pooling == "none" else "sample"
    for verb in ("linpred", "epred", "predict"):
        one, two = (getattr(f, verb)(new_rows(), new_groups=groups, seed=7) for f in (fit, loaded))
        assert np.array_equal(one, two)
        assert one.shape == (2, 60, 12)
    assert np.array_equal(fit.log_lik(), loaded.log_lik())
    assert str(fit.summary()) == str(loaded.summary())
    assert str(fit.prior_summary()) == str(loaded.prior_summary())
    assert repr(fit) == repr(loaded)


def test_a_loaded_model_is_the_same_model(pair) -> None:
    """The density that it samples from has the same value, to the last bit."""
    fit, loaded = (f.model for f in pair)
    assert fit.choices == loaded.choices
    assert fit.given == loaded.given
    assert fit.parameterization == loaded.parameterization
    for one, two in zip(fit.assembled.data, loaded.assembled.data, strict=True):
        assert np.array_equal(one, two)


def test_a_loaded_model_keeps_forms_that_would_not_be_chosen_again(tmp_path: Path) -> None:
    model = me.Model("k ~ x + (1 | h)", table(), "poisson")
    other = {"centered": "noncentered", "noncentered": "centered"}[model.choices[0].form]
    model.choices = (FormChoice(other, "an older rule"),)
    made_up(model).save(tmp_path / "fit.npz")
    assert me.load_fit(tmp_path / "fit.npz").model.choices == model.choices


def test_a_loaded_fit_can_be_saved_again(pair, tmp_path: Path) -> None:
    fit, loaded = pair
    loaded.save(tmp_path / "again.npz")
    again = me.load_fit(tmp_path / "again.npz")
    assert np.array_equal(fit.draws.array, again.draws.array)
    assert again.model.choices == fit.model.choices


def test_nothing_in_the_file_is_pickled(tmp_path: Path) -> None:
    CASES["trials"]().save(tmp_path / "fit.npz")
    with np.load(tmp_path / "fit.npz", allow_pickle=False) as entries:
        for name in entries.files:
            assert not entries[name].dtype.hasobject


def test_only_columns_in_use_are_kept_and_they_are_copies() -> None:
    data = table()
    model = me.Model("y ~ x + (1 | g)", data)
    before = data["x"].copy()
    data["x"][:] = 0.0
    assert list(model.source.values) == ["y", "x", "g"]
    assert np.array_equal(model.source.values["x"], before)


def test_rows_left_out_stay_out(tmp_path: Path) -> None:
    data = table()
    data["x"][[3, 8]] = np.nan
    fit = fitted("y ~ x + (1 | h)", data=data, missing="drop")
    fit.save(tmp_path / "fit.npz")
    loaded = me.load_fit(tmp_path / "fit.npz").model
    assert (loaded.design.dropped, loaded.design.y.size, loaded.source.missing) == (2, 78, "drop")


@pytest.mark.parametrize("groups", ["one", "several", "none"])
def test_fits_of_arrays_are_saved_too(groups: str, tmp_path: Path) -> None:
    data = table()
    group = {"one": data["h"].tolist(), "several": {"g": data["g"], "h": data["h"]}, "none": None}
    model = me.Model.from_arrays(
        data["y"],
        np.column_stack([data["x"], data["t"]]),
        group[groups],
        names=("x", "t"),
        offset=0.5,
    )
    fit = made_up(model)
    fit.save(tmp_path / "fit.npz")
    loaded = me.load_fit(tmp_path / "fit.npz")
    new = {
        "X": [[1.0, 2.0]],
        "group": {"one": ["new"], "several": {"g": [0], "h": ["h9"]}}.get(groups),
    }
    one, two = (f.predict(new, new_groups="sample", seed=3) for f in (fit, loaded))
    assert np.array_equal(one, two)
    assert loaded.model.design.formula == model.design.formula


def test_levels_of_odd_kinds_keep_names_and_order() -> None:
    import datetime

    import pandas

    days = [datetime.date(2020, 1, d) for d in (3, 1, 2, 1)]
    ordinal = pandas.Categorical([3, 1, 2, 1], [3, 2, 1, 9])
    data = {"y": [1.0, 2.0, 4.0, 3.0], "d": days, "o": ordinal, "b": np.array([1, 0, 1, 1], bool)}
    first = me.Model("y ~ b + (1 | d) + (1 | o)", data)
    again = Source.of_plain(first.source.formula, "error", first.source.plain()).design()
    for one, two in zip(first.design.groupings, again.groupings, strict=True):
        assert (one.levels, one.index.tolist()) == (two.levels, two.index.tolist())
    assert again.groupings[1].levels == ("3", "2", "1")
    assert again.names == ("Intercept", "b[True]")


def rewritten(source: Path, target: Path, change) -> Path:
    """The file with its description of the model changed."""
    with np.load(source) as entries:
        arrays = {name: entries[name] for name in entries.files}
    header = json.loads(str(arrays.pop("tree")))
    change(header["values"]["model"]["dict"])
    np.savez(target, tree=np.array(json.dumps(header)), **arrays)
    return target


def test_files_that_are_no_fit(tmp_path: Path) -> None:
    fit = CASES["gaussian"]()
    path = tmp_path / "fit.npz"
    fit.save(path)
    with pytest.raises(ValueError, match=r"me\.load_fit"):
        me.load(path)
    fit.draws.save(tmp_path / "draws.npz")
    with pytest.raises(ValueError, match=r"draws without a model: read it with me\.load"):
        me.load_fit(tmp_path / "draws.npz")
    with pytest.raises(FileNotFoundError, match=r"fit\.save"):
        me.load_fit(tmp_path / "none.npz")
    with pytest.raises(ValueError, match=r"must end in \.npz"):
        fit.save(tmp_path / "fit.csv")
    (tmp_path / "half.npz").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="damaged"):
        me.load_fit(tmp_path / "half.npz")
    (tmp_path / "other.npz").write_text("y,x\n1,2")
    with pytest.raises(ValueError, match="damaged"):
        me.load_fit(tmp_path / "other.npz")


CHANGES = {
    "newer": (lambda m: m.update(version=99), "install a newer one"),
    "no version": (lambda m: m.pop("version"), "damaged"),
    "version of text": (lambda m: m.update(version="one"), "damaged"),
    "prior": (
        lambda m: m.update(
            priors={
                "dict": {
                    "b": {"dict": {"kind": "Family", "numbers": {"dict": {}}, "autoscale": False}}
                }
            }
        ),
        "Family is no prior",
    ),
    "form": (lambda m: m.update(choices=[["centered", ""], ["centered", ""]]), "not of its model"),
    "family": (lambda m: m.update(family="weibull"), "weibull"),
    "source": (lambda m: m.pop("source"), "damaged"),
    "formula": (lambda m: m.update(formula="y ~ I(np.load('x')) + (1 | g)"), "trust=True"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_files_that_were_tampered_with(case: str, tmp_path: Path) -> None:
    CASES["gaussian"]().save(tmp_path / "fit.npz")
    change, message = CHANGES[case]
    with pytest.raises(ValueError, match=message):
        me.load_fit(rewritten(tmp_path / "fit.npz", tmp_path / "bad.npz", change))


COLUMNS = {"columns": [{"name": name} for name in ("y", "x", "the z", "Sepal.Length", "f", "g")]}


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ x + np.log(x) + `the z` + Sepal.Length + I(x ** 2) + (1 + x | g) + offset(log(x))",
        "y | trials(8) ~ C(g, contr.treatment('b')) * x - 1 + (x || g/f)",
        "p(y, 10) ~ bs(x, df=4) + poly(x, 2) + as.factor(g) + (0 + x | g)",
        "y == 'a' ~ I(x > 1.5e-3) + 2:x + rescale(x)",
    ],
)
def test_harmless_formulas(formula: str) -> None:
    assert unsafe(formula, COLUMNS) is None


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ np.load('file')",
        "y ~ np.ctypeslib.os.system('rm')",
        "y ~ I(__import__('os').system('rm'))",
        "y ~ eval('1')",
        "y ~ x.to_pickle('file')",
        "y ~ I(f'{eval(1)}')",
        "y ~ I(x).to_pickle('file')",
        "y ~ {eval('1')}",
        "y ~ I('a'.join(x))",
        "y ~ I((np.load)('x'))",
        "y ~ I((1).real)",
        "y ~ I([c for c in x])",
    ],
)
def test_formulas_that_could_do_harm(formula: str) -> None:
    assert unsafe(formula, COLUMNS) is not None


def test_what_a_file_is_trusted_with(tmp_path: Path) -> None:
    fit = fitted("y ~ np.where(x > 2, 1, 0) + (1 | g)")
    fit.save(tmp_path / "fit.npz")
    with pytest.raises(ValueError, match=r"np\.where\(\.\.\.\)"):
        me.load_fit(tmp_path / "fit.npz")
    loaded = me.load_fit(tmp_path / "fit.npz", trust=True)
    assert np.array_equal(loaded.epred(), fit.epred())


# hypotheses


DRAWS = (4, 2000)


@pytest.fixture(scope="module")
def normal() -> me.Fit:
    """A fit whose draws are independent and known: Days ~ N(10, 2), x:z ~ N(1, 1), ..."""
    model = me.Model("y ~ x + (x | h)", table())
    rng = np.random.default_rng(3)
    natural = {
        "Days": rng.normal(10.0, 2.0, DRAWS),
        "x": rng.normal(0.0, 1.0, DRAWS),
        "x:z": rng.normal(1.0, 1.0, DRAWS),
        "sd(h: x)": np.exp(rng.normal(size=DRAWS)),
        "b(h: x)": rng.normal(np.arange(4.0), 1.0, (*DRAWS, 4)),
    }
    draws = me.Draws(np.zeros((*DRAWS, 1)), ["~"], {}, natural, {}, {})
    return me.Fit(model, draws)


@pytest.mark.parametrize(
    ("text", "mean", "sd"),
    [
        ("Days > 11", -1.0, 2.0),
        ("Days - 12 < -1", -1.0, 2.0),
        ("`x:z` + x < 0", 1.0, 2**0.5),
        ("2 * `x:z` >= -x / 2 + Days", -8.0, (4 + 0.25 + 4) ** 0.5),
        ("0.5**2 <= -(Days - 10)", 0.25, 2.0),
        ("`b(h: x)[h2]` > 1", 1.0, 1.0),
    ],
)
def test_probabilities_of_normal_differences(normal: me.Fit, text: str, mean: float, sd: float):
    n = DRAWS[0] * DRAWS[1]
    row = normal.hypothesis(text)[text]
    assert set(row) == {"mean", "sd", "q5", "q95", "probability", "mcse"}
    assert abs(row["mean"] - mean) < 4.5 * sd / n**0.5
    assert row["sd"] == pytest.approx(sd, rel=0.04)
    assert row["q5"] == pytest.approx(mean - 1.645 * sd, abs=0.1 * sd)
    assert row["q95"] == pytest.approx(mean + 1.645 * sd, abs=0.1 * sd)
    truth = stats.norm.cdf(mean / sd) if ">" in text else stats.norm.cdf(-mean / sd)
    error = (truth * (1 - truth) / n) ** 0.5
    assert abs(row["probability"] - truth) < 4.5 * error
    assert row["mcse"] == pytest.approx(error, rel=0.25)


def test_the_monte_carlo_error_knows_of_autocorrelation(normal: me.Fit) -> None:
    """Every draw ten times over is worth no more: sqrt(10) times the error of as many."""
    slow = np.repeat(np.random.default_rng(1).normal(size=(4, 200)), 10, axis=1)
    natural = {"x": slow}
    fit = me.Fit(normal.model, me.Draws(np.zeros((*slow.shape, 1)), ["~"], {}, natural, {}, {}))
    error = (0.25 / 800) ** 0.5
    assert fit.hypothesis("x > 0")["x > 0"]["mcse"] == pytest.approx(error, rel=0.25)


def test_powers_and_brackets(normal: me.Fit) -> None:
    found = normal.hypothesis("(x + 1) ** 2 * `sd(h: x)` > Days")
    x, sd, days = (normal.draws[name] for name in ("x", "sd(h: x)", "Days"))
    (row,) = found.rows.values()
    assert row["mean"] == pytest.approx(float(np.mean(np.square(x + 1) * sd - days)))
    assert row["probability"] == np.mean(np.square(x + 1) * sd > days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(x - `x:z`) > 1", lambda d: np.abs(d["x"] - d["x:z"]) - 1),
        ("exp(x / 2) < sqrt(Days ^ 2)", lambda d: np.exp(d["x"] / 2) - np.sqrt(d["Days"] ** 2)),
        ("log(`sd(h: x)`) > -x^2", lambda d: np.log(d["sd(h: x)"]) + d["x"] ** 2),
        ("2^x^2 > 2**-x", lambda d: 2.0 ** (d["x"] ** 2) - 2.0 ** (-d["x"])),
        ("-abs(x) ^ 0.5 <= exp(-1)", lambda d: -np.sqrt(np.abs(d["x"])) - np.exp(-1.0)),
    ],
    ids=["abs", "exp and sqrt", "log", "powers of powers", "signs"],
)
def test_functions_and_carets(normal: me.Fit, text: str, expected) -> None:
    difference = expected(normal.draws.natural)
    row = normal.hypothesis(text)[text]
    assert row["mean"] == pytest.approx(difference.mean(), rel=1e-12)
    assert row["q5"] == pytest.approx(np.quantile(difference, 0.05), rel=1e-12)
    assert row["probability"] == np.mean(difference > 0 if ">" in text else difference <= 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 0 and `x:z` > 1", lambda x, z, b: (x > 0) & (z > 1)),
        ("x > 0 or `x:z` > 1", lambda x, z, b: (x > 0) | (z > 1)),
        ("not x > 0", lambda x, z, b: x <= 0),
        ("not (x > 0 or `x:z` > 1) and x < -1", lambda x, z, b: (x < -1) & (z <= 1)),
        ("x > 2 or x < -2 and `x:z` > 1", lambda x, z, b: (x > 2) | ((x < -2) & (z > 1))),
        ("abs(x) < 1 and 1 > 0", lambda x, z, b: np.abs(x) < 1),
        (
            "`b(h: x)[h2]` > 1 and `b(h: x)[h1]` > 1",
            lambda x, z, b: (b[..., 2] > 1) & (b[..., 1] > 1),
        ),
    ],
    ids=["and", "or", "not", "brackets", "and before or", "a number", "levels"],
)
def test_statements_joined(normal: me.Fit, text: str, expected) -> None:
    x, z, b = (normal.draws[name] for name in ("x", "x:z", "b(h: x)"))
    holds = expected(x, z, b)
    row = normal.hypothesis(text)[text]
    assert row["probability"] == holds.mean()
    error = np.sqrt(holds.mean() * (1 - holds.mean()) / holds.size)
    assert row["mcse"] == pytest.approx(error, rel=0.25)
    assert [row[name] for name in ("mean", "sd", "q5", "q95")] == [None] * 4
    assert str(normal.hypothesis(text)).splitlines()[1].split()[-6:-2] == ["-"] * 4


def test_what_all_draws_agree_on(normal: me.Fit) -> None:
    found = normal.hypothesis("Days > -100")
    assert found["Days > -100"]["probability"] == 1.0
    assert np.isnan(found["Days > -100"]["mcse"])
    assert "8000 draws say the same" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Days == 10", "equality"),
        ("Days = 10", "equality"),
        ("Days != 10", "equality"),
        ("Days - 10", "one comparison"),
        ("0 < Days < 10", "one comparison"),
        ("Days in x", "must compare by"),
        ("sd(h: x) > 5", "backticks"),
        ("color[red] > 5", "backticks"),
        ("Days > ", "cannot be read"),
        ("Day > 1", "no parameter 'Day'; there are Days"),
        ("`b(h: x)` > 1", r"4 levels; name one, `b\(h: x\)\[h0\]`"),
        ("`b(h: x)[h9]` > 1", "no parameter"),
        ("2 > 1", "names no parameter"),
        ("Days // 2 > 1", "names, numbers"),
        ("exp(Days, 2) > 1", "exp takes one number"),
        ("exp() > 1", "exp takes one number"),
        ("exp(*Days) > 1", "exp takes one number"),
        ("max(Days) > 1", "calls 'max'; it may have names, numbers and the functions abs, exp"),
        ("np.exp(Days) > 1", "names, numbers"),
        ("exp > 1", "no parameter 'exp'"),
        ("log(x) > 1", "not finite .* logarithm of a negative"),
        ("sqrt(x) > 1", "not finite"),
        ("Days and x > 0", "one comparison.*`Days` is none"),
        ("x > 0 and `x:z`", "`x:z` is none"),
        ("not Days", "`Days` is none"),
        ("(x > 0) + 1 > 1", "names, numbers"),
        ("abs(x > 0) > 0", "names, numbers"),
        ("Days > 0 and x == 1", "equality"),
        ("1 > 0 or 2 > 1", "names no parameter"),
        ("Days > 0 & x > 0", "names, numbers|one comparison"),
        ("x > 0 if Days > 0 else x < 0", "one comparison"),
        ("[x > 0 for x in Days]", "one comparison"),
        ("Days > (lambda: 1)()", "names, numbers"),
        ("__import__('os') > 1", "names, numbers"),
        ("Days.real > 1", "names, numbers"),
        ("'a' > Days", "names, numbers"),
        ("True > Days", "names, numbers"),
        ("Days ** 9 ** 9 ** 9 > 1", "not finite in 8000 of 8000"),
        ("x ** 0.5 > 1", "not finite"),
        ("Days > 1 / 0", "not finite"),
    ],
)
def test_hypotheses_that_are_refused(normal: me.Fit, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        normal.hypothesis(text)


# conditional effects


@pytest.fixture(scope="module")
def gaussian() -> me.Fit:
    return fitted("y ~ x * col + `the z` + offset(t) + (x | g) + (1 | h)")


@pytest.fixture(scope="module")
def binomial() -> me.Fit:
    return fitted("k | trials(n) ~ x + on + (1 | h)", "binomial")


def held(**changed) -> dict:
    """One row with what a conditional effect holds: means, first levels, unknown groups."""
    data = table()
    row = {"x": data["x"].mean(), "the z": data["the z"].mean(), "col": "red", "on": False}
    return row | {"t": 0.0, "g": "unknown", "h": "unknown"} | changed


def rows_of(*rows: dict) -> dict:
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_a_numeric_predictor_goes_from_end_to_end(gaussian: me.Fit) -> None:
    found = gaussian.conditional_effects("x", grid=7)
    x = table()["x"]
    assert np.allclose(found.grid["x"], np.linspace(x.min(), x.max(), 7))
    new = rows_of(*(held(x=value) for value in found.grid["x"]))
    draws = gaussian.epred(new, new_groups="zero")
    assert np.allclose(found.mean, draws.mean(axis=(0, 1)))
    assert np.allclose(found.q5, np.quantile(draws, 0.05, axis=(0, 1)))
    assert np.allclose(found.q95, np.quantile(draws, 0.95, axis=(0, 1)))
    # by hand: the line of the baseline
    named = ("Intercept", "x", "the z")
    intercept, slope, other = (gaussian.draws[n].mean() for n in named)
    line = intercept + slope * found.grid["x"] + other * np.mean(table()["the z"])
    assert np.allclose(found.mean, line)
    assert found.held.keys() == {"col", "the z"}  # not t, of which only the offset is made


def test_a_factor_goes_through_its_levels(gaussian: me.Fit) -> None:
    found = gaussian.conditional_effects("col")
    assert found.grid["col"].tolist() == COLORS
    x = table()["x"].mean()
    step = gaussian.draws["col[blue]"] + x * gaussian.draws["x:col[blue]"]
    assert found.mean[2] - found.mean[0] == pytest.approx(step.mean())
    assert list(found.table["[1]"]) == ["col", "mean", "q5", "q95"]


def test_two_predictors(gaussian: me.Fit) -> None:
    z = table()["the z"]
    found = gaussian.conditional_effects("x:the z", grid=3)
    places = [z.mean() - z.std(ddof=1), z.mean(), z.mean() + z.std(ddof=1)]
    assert np.allclose(found.grid["the z"], places * 3)
    assert np.allclose(np.diff(found.grid["x"].reshape(3, 3), axis=1), 0.0)
    found = gaussian.conditional_effects("x:col", grid=3)
    assert found.grid["col"].tolist() == COLORS * 3


def test_levels_of_ones_own(gaussian: me.Fit) -> None:
    found = gaussian.conditional_effects(
        "x:`the z`", levels={"x": [0.0, 1.0], "the z": 2, "col": "green"}
    )
    assert found.grid["x"].tolist() == [0.0, 1.0]
    assert found.grid["the z"].tolist() == [2, 2]
    new = rows_of(*(held(**{"x": x, "the z": 2.0, "col": "green"}) for x in (0.0, 1.0)))
    assert np.allclose(found.mean, gaussian.epred(new, new_groups="zero").mean(axis=(0, 1)))


def test_effects_on_a_binomial_outcome_are_probabilities(binomial: me.Fit) -> None:
    found = binomial.conditional_effects("x", grid=4, levels={"on": True})
    eta = sum(
        binomial.draws[name][..., np.newaxis] * value
        for name, value in (("Intercept", 1.0), ("x", found.grid["x"]), ("on[True]", 1.0))
    )
    assert np.allclose(found.mean, special.expit(eta).mean(axis=(0, 1)))
    eta_found = binomial.conditional_effects("x", grid=4, levels={"on": True}, kind="linpred")
    assert np.allclose(eta_found.mean, eta.mean(axis=(0, 1)))
    predicted = binomial.conditional_effects("on", kind="predict", seed=1)
    assert set(predicted.q95.tolist()) <= {0.0, 1.0}


def test_a_new_group_brings_its_own_uncertainty(gaussian: me.Fit) -> None:
    """One new group for the whole grid, as if it were a row with an unknown level."""
    found = gaussian.conditional_effects(
        "x", levels={"x": [0.0, 3.0]}, new_groups="sample", kind="linpred", seed=5
    )
    new = rows_of(held(x=0.0), held(x=3.0))
    draws = gaussian.linpred(new, new_groups="sample", seed=5)
    assert np.allclose(found.q95, np.quantile(draws, 0.95, axis=(0, 1)))


def test_a_factor_that_is_a_group_as_well_is_a_new_group() -> None:
    fit = fitted("y ~ col + (1 | col)")
    found = fit.conditional_effects("col")
    step = fit.draws["col[green]"].mean()
    assert found.mean[1] - found.mean[0] == pytest.approx(step)


def test_numbers_as_a_factor() -> None:
    fit = fitted("k ~ C(g) + (1 | h)", "poisson")
    found = fit.conditional_effects("g")
    assert found.grid["g"].tolist() == [0, 1, 2, 3, 4, 5]
    expected = np.exp(fit.draws["Intercept"] + fit.draws["g[3]"]).mean()
    assert found.mean[3] == pytest.approx(expected)


def test_arrays_have_conditional_effects_too() -> None:
    data = table()
    x = np.column_stack([data["x"], data["t"]])
    fit = made_up(me.Model.from_arrays(data["y"], x, data["h"], names=("x", "t")))
    found = fit.conditional_effects("x:t", grid=2, levels={"t": [1.5]})
    new = {"X": [[v, 1.5] for v in (data["x"].min(), data["x"].max())], "group": ["?", "?"]}
    assert np.allclose(found.mean, fit.epred(new, new_groups="zero").mean(axis=(0, 1)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"effect": "w"}, "no predictor; there are x, col, the z$"),
        ({"effect": "t"}, "no predictor"),
        ({"effect": "g"}, "no predictor"),
        ({"effect": "x:col:the z"}, "one predictor, or two"),
        ({"effect": "x:x"}, "one predictor, or two"),
        ({"effect": "x", "kind": "mean"}, "kind is 'mean'"),
        ({"effect": "x", "new_groups": "error"}, "new_groups is 'error'"),
        ({"effect": "x", "grid": 1}, "grid is 1"),
        ({"effect": "x", "levels": {"w": 1}}, "levels names 'w'"),
        ({"effect": "x", "levels": {"col": "pink"}}, "among red, green, blue"),
        ({"effect": "x", "levels": {"the z": np.nan}}, "finite numbers"),
        ({"effect": "x", "levels": {"the z": [1, 2]}}, "make it the second predictor, 'x:the z'"),
    ],
)
def test_effects_that_are_refused(gaussian: me.Fit, arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gaussian.conditional_effects(**arguments)


def test_without_pooling_there_is_no_middle() -> None:
    fit = fitted("y ~ x + (x | g)", pooling="none")
    with pytest.raises(ValueError, match="no line in the middle"):
        fit.conditional_effects("x")


def test_the_picture_of_a_line_and_of_levels(gaussian: me.Fit) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    found = gaussian.conditional_effects("x:col", grid=5)
    ax = found.plot()
    assert len(ax.lines) == len(ax.collections) == 3
    assert np.allclose(ax.lines[1].get_ydata(), found.mean[found.grid["col"] == "green"])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [f"col = {c}" for c in COLORS]
    _, own = plt.subplots()
    ax = gaussian.conditional_effects("col").plot(own)
    assert ax is own
    assert [t.get_text() for t in ax.get_xticklabels()] == COLORS
    assert ax.get_ylabel() == "expected y"
    plt.close("all")


@pytest.mark.parametrize("family", ["poisson", "negbin"])
def test_counts_too_large_to_draw(family: str) -> None:
    fit = fitted("k ~ x", family)
    fit.draws.natural.update(x=np.full((2, 60), 3.0), Intercept=np.zeros((2, 60)))
    assert fit.predict({"x": [1.0, 12.0]}, seed=1).max() > 1e9
    for x, reached in ((20.0, "60"), (300.0, "900")):
        message = f"too large to draw: .* log scale, reaches {reached}, in row 2; predict rows near"
        with pytest.raises(ValueError, match=message):
            fit.predict({"x": [1.0, x, 2.0]}, seed=1)
        with pytest.raises(ValueError, match=message):
            fit.conditional_effects("x", levels={"x": [0.0, x]}, kind="predict", seed=1)


# ArviZ


def test_every_group_of_the_tree(gaussian: me.Fit) -> None:
    pytest.importorskip("arviz_base")
    gaussian = gaussian.model.fit(**SHORT)
    tree = gaussian.to_arviz(seed=4)
    assert set(tree.children) == {
        "posterior",
        "log_likelihood",
        "posterior_predictive",
        "observed_data",
        "sample_stats",
    }
    assert set(tree["sample_stats"].data_vars) == {
        "diverging",
        "energy",
        "lp",
        "tree_depth",
        "n_steps",
        "acceptance_rate",
        "step_size",
    }
    effects = tree["posterior"]["b(g: x)"]
    assert effects.dims == ("chain", "draw", "g")
    assert np.array_equal(effects.sel(g="4"), gaussian.draws["b(g: x)"][:, :, 4])
    assert tree["posterior"]["b(h: Intercept)"].dims == ("chain", "draw", "h")
    y = table()["y"]
    assert np.array_equal(tree["observed_data"]["y"], y)
    sigma = gaussian.draws["sigma"][..., np.newaxis]
    logp = stats.norm.logpdf(y, gaussian.linpred(), sigma)
    assert np.allclose(tree["log_likelihood"]["y"], logp)
    assert np.array_equal(tree["posterior_predictive"]["y"], gaussian.predict(seed=4))
    depth = tree["sample_stats"]["tree_depth"]
    assert np.array_equal(depth, gaussian.draws.stats["depth"])


def test_names_that_a_tree_cannot_have() -> None:
    pytest.importorskip("arviz_base")
    fit = fitted("I(y / 2) ~ g + (1 | g)")
    with pytest.warns(UserWarning, match="'I.y / 2.' is 'I.y | 2.', 'group g' is 'g_level'"):
        tree = fit.to_arviz()
    assert list(tree["observed_data"].data_vars) == ["I(y | 2)"]
    assert tree["posterior"]["b(g: Intercept)"].dims == ("chain", "draw", "g_level")
    assert tree["posterior"]["g"].dims == ("chain", "draw")


def test_without_arviz_it_says_what_to_install(gaussian: me.Fit, monkeypatch) -> None:
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "arviz_base":
            raise ImportError("No module named 'arviz_base'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'mcmc_edu\[arviz\]'"):
        gaussian.to_arviz()


# priors


N = 40_000


def moments_agree(draws: np.ndarray, mean: float, variance: float) -> None:
    """Within 4.5 standard errors, those of the variance estimated from the fourth moment."""
    squares = (draws - mean) ** 2
    assert abs(draws.mean() - mean) < 4.5 * draws.std() / len(draws) ** 0.5
    assert abs(squares.mean() - variance) < 4.5 * squares.std() / len(draws) ** 0.5


NORMAL = {"Intercept": me.Normal(3, 2), "b": me.Normal(1, 0.5), "sigma": me.HalfNormal(0.7)}


def test_moments_of_a_gaussian_hierarchy() -> None:
    data = {"y": [1.0, 2, 0, 4], "x": [0.0, 1, 2, 5], "g": list("aabb"), "o": [0.0, 0, 0, 9]}
    priors = NORMAL | {"sd": me.HalfNormal(1.5), "cor": me.LKJ(2)}
    model = me.Model("y ~ x + offset(o) + (x | g)", data, priors=priors)
    y = model.prior_predictive(N, seed=1)
    assert y.shape == (N, 4)
    for i, x in enumerate(data["x"]):
        from_mean = x - 2.0  # the intercept's prior is at the mean of x
        variance = 2**2 + (0.5 * from_mean) ** 2 + 1.5**2 * (1 + x**2) + 0.7**2
        moments_agree(y[:, i], 3 + from_mean + data["o"][i], variance)
    # two rows have in common: of one group the group's line, of two the population's only
    within = (y[:, 2] - 3) * (y[:, 3] - 15)
    truth = 4 + 0.25 * 0 * 3 + 1.5**2 * (1 + 2 * 5)
    assert abs(within.mean() - truth) < 4.5 * within.std() / N**0.5
    across = (y[:, 0] - 1) * (y[:, 3] - 15)
    assert abs(across.mean() - (4 + 0.25 * -2 * 3)) < 4.5 * across.std() / N**0.5


@pytest.mark.parametrize(("bar", "square"), [("|", 1 / (2 * 0.3 + 1)), ("||", 0.0)])
def test_correlations_of_effects(bar: str, square: float) -> None:
    """E[(b0 b1)^2] = E[tau0^2] E[tau1^2] (1 + 2 E[rho^2]); of LKJ, E[rho^2] = 1 / (2 eta + 1)."""
    data = {"y": [1.0, 2, 0, 4], "x": [0.0, 1, 2, 5], "g": list("aabb")}
    priors = {"sd": me.HalfNormal(1)} | ({"cor": me.LKJ(0.3)} if bar == "|" else {})
    model = me.Model(f"y ~ x + (x {bar} g)", data, priors=priors)
    b = draw_term(model, 0, np.random.default_rng(2), N, {}, np.zeros((N, 1))).effects
    assert b.shape == (N, 2, 2)
    products = np.square(b[:, 0, 0] * b[:, 1, 0])
    assert abs(products.mean() - 1 - 2 * square) < 4.5 * products.std() / N**0.5


def test_correlations_are_of_lkj() -> None:
    """Every correlation of three has (1 + rho) / 2 ~ Beta(eta + 1/2, eta + 1/2)."""
    correlations = me.LKJ(1.5).draw(np.random.default_rng(1), 4000, 3)
    assert correlations.shape == (4000, 3, 3)
    assert np.allclose(np.diagonal(correlations, axis1=1, axis2=2), 1.0)
    assert np.array_equal(correlations, correlations.swapaxes(1, 2))
    roots = me.LKJ(1.5).draw_roots(np.random.default_rng(1), 4000, 3)
    assert np.allclose(np.einsum("dik,djk->dij", roots, roots), correlations)
    assert np.array_equal(roots, np.tril(roots))
    for i, j in ((1, 0), (2, 0), (2, 1)):
        share = (1 + correlations[:, i, j]) / 2
        assert stats.kstest(share, stats.beta(2.0, 2.0).cdf).pvalue > 1e-3


def test_scales_under_decov() -> None:
    """K (s t scale)^2 is shared out by a Dirichlet."""
    noise = np.random.default_rng(2).uniform(1, 3, N)
    tau = me.Decov(1, 2.5, 3, 0.7).draw(np.random.default_rng(1), N, 3, noise)
    total = np.square(tau).sum(axis=1) / 3
    t = np.sqrt(total) / (0.7 * noise)
    assert stats.kstest(t[:4000], stats.gamma(3).cdf).pvalue > 1e-3
    share = np.square(tau[:, 0]) / (3 * total)
    assert stats.kstest(share[:4000], stats.beta(2.5, 5.0).cdf).pvalue > 1e-3


def test_decov_is_in_units_of_the_noise() -> None:
    data = {"y": [1.0, 2, 0, 4], "g": list("aabb")}
    priors = {
        "Intercept": me.Normal(0, 1),
        "sigma": me.HalfNormal(2),
        "covariance": me.Decov(1, 1, 2, 0.5),
    }
    y = me.Model("y ~ 1 + (1 | g)", data, priors=priors).prior_predictive(200_000, seed=3)
    moments_agree(y[:, 0], 0.0, 1 + 4 + 4 * 0.25 * 2 * 3)


def test_coefficients_apart() -> None:
    data = {"y": [1.0, 2, 0, 4], "x": [0.0, 1, 2, 5], "g": list("aabb")}
    model = me.Model("y ~ x + (x | g)", data, pooling="none", priors=NORMAL)
    y = model.prior_predictive(N, seed=4)
    moments_agree(y[:, 3], 3 + 5 * 1, 4 + 25 * 0.25 + 0.49)
    apart = (y[:, 0] - 3) * (y[:, 3] - 8)
    assert abs(apart.mean()) < 4.5 * apart.std() / N**0.5


def test_binomial_outcomes() -> None:
    data = {"k": [1, 2, 5], "n": [5, 6, 7], "x": [-1.0, 0.0, 1.0]}
    priors = {"Intercept": me.Normal(0.5, 1.2), "b": me.Normal(0, 0.8)}
    model = me.Model("k | trials(n) ~ x", data, "binomial", priors=priors)
    k = model.prior_predictive(N, seed=5)
    eta = stats.norm(0.5, np.hypot(1.2, 0.8))
    p, pp = (
        integrate.quad(lambda e, m=m: special.expit(e) ** m * eta.pdf(e), -12, 12)[0]
        for m in (1, 2)
    )
    moments_agree(k[:, 2], 7 * p, 7 * (p - pp) + 49 * (pp - p * p))


def test_priors_that_cannot_be_drawn_from() -> None:
    data = {"k": [1, 2, 5], "x": [-1.0, 0.0, 1.0]}
    model = me.Model("k ~ x", data, "poisson", priors={"x": me.Flat()})
    with pytest.raises(ValueError, match=r"prior of x is Flat\(\).*me.Normal"):
        model.prior_predictive()
    wide = me.Model("k ~ x", data, "poisson", priors={"b": me.Normal(0, 100)})
    with pytest.raises(ValueError, match=r"too large to draw.*narrower ones"):
        wide.prior_predictive(seed=1)
    with pytest.raises(ValueError, match="draws is 0"):
        wide.prior_predictive(0)


def test_varcorr_as_lme4_prints_it() -> None:
    fit = fitted("y ~ x + (1 + x + t | g) + (1 | h)")
    table = fit.varcorr(layout="lme4")
    assert list(table) == ["g: Intercept", "g: x", "g: t", "h: Intercept", "Residual"]
    mean = {name: float(fit.draws[name].mean()) for name in fit.draws.natural if "b(" not in name}
    assert table["g: x"]["Std.Dev."] == mean["sd(g: x)"]
    assert table["g: t"]["Corr 1"] == mean["cor(g: Intercept, t)"]
    assert table["g: t"]["Corr 2"] == mean["cor(g: x, t)"]
    assert table["g: x"]["Corr 2"] == ""
    assert table["Residual"]["Std.Dev."] == mean["sigma"]
    with pytest.raises(ValueError, match="layout='r': expected 'estimates' or 'lme4'"):
        fit.varcorr(layout="r")
