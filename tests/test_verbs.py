"""What a fit can be asked and told: files, hypotheses, conditional effects, ArviZ, priors."""

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.formulas import from_arrays
from mcmc_edu.models.source import Source, unsafe

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
        "col": pandas.Categorical(rng.choice(["red", "green", "blue"], n), ["red", "green", "blue"]),
        "g": g,
        "h": np.array([f"h{j}" for j in rng.integers(0, 4, n)]),
        "t": rng.uniform(1.0, 3.0, n),
    }  # fmt: skip


def fitted(formula: str, family: str = "gaussian", data=None, **options) -> me.Fit:
    return me.Model(formula, table() if data is None else data, family, **options).fit(**SHORT)


# files


CASES = {
    "gaussian": lambda: fitted("y ~ x * col + (x | g) + (1 | h)"),
    "names with spaces": lambda: fitted("log1p(y**2) ~ `the z` + on + scale(x) + (1 | h)"),
    "trials": lambda: fitted("k | trials(n) ~ on + (x || g) + (1 | h:g)", "binomial"),
    "probit": lambda: fitted("p(k, n) ~ poly(x, 2) + (1 | col)", "binomial", link="probit"),
    "offset": lambda: fitted("k ~ C(g, contr.sum) + offset(np.log(t)) + (1 | h)", "negbin"),
    "none": lambda: fitted("y ~ x + on + (x | g)", pooling="none"),
    "complete": lambda: fitted("y ~ x + on + (x | g)", "student", pooling="complete"),
    "priors": lambda: fitted(
        "k ~ x + (x | g) + (1 | h)", "poisson",
        priors={
            "b": me.StudentT(4, 0.1, 2.5), "Intercept": me.Normal(0, 3, autoscale=True),
            "sd(h)": me.HalfT(3, 1), "covariance(g)": me.Decov(2, 1.5, 2, 0.7),
        },
        parameterization={"g": "centered", "h": "noncentered"},
    ),
}  # fmt: skip


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
        one, two = (
            getattr(f, verb)(new_rows(), new_groups=groups, seed=7) for f in (fit, loaded)
        )
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
        data["y"], np.column_stack([data["x"], data["t"]]), group[groups], names=("x", "t"),
        offset=0.5,
    )  # fmt: skip
    fit = model.fit(**SHORT)
    fit.save(tmp_path / "fit.npz")
    loaded = me.load_fit(tmp_path / "fit.npz")
    new = {"X": [[1.0, 2.0]], "group": {"one": ["new"], "several": {"g": [0], "h": ["h9"]}}.get(groups)}
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
    with pytest.raises(ValueError, match="me.load_fit"):
        me.load(path)
    fit.draws.save(tmp_path / "draws.npz")
    with pytest.raises(ValueError, match="draws without a model: read it with me.load"):
        me.load_fit(tmp_path / "draws.npz")
    with pytest.raises(FileNotFoundError, match="fit.save"):
        me.load_fit(tmp_path / "none.npz")
    with pytest.raises(ValueError, match="must end in .npz"):
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
        lambda m: m.update(priors={"dict": {"b": {"dict": {
            "kind": "Family", "numbers": {"dict": {}}, "autoscale": False}}}}),
        "Family is no prior",
    ),
    "form": (lambda m: m.update(choices=[["centered", ""], ["centered", ""]]), "not of its model"),
    "family": (lambda m: m.update(family="weibull"), "weibull"),
    "source": (lambda m: m.pop("source"), "damaged"),
    "formula": (lambda m: m.update(formula="y ~ I(np.load('x')) + (1 | g)"), "trust=True"),
}  # fmt: skip


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
        "y == 'a' ~ I(x > 1.5e-3) + 2:x",
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
