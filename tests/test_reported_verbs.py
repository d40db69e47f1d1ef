"""Faults with what a fit is asked for that users of such packages report, and their cousins."""

import warnings
from typing import Any

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me
from mcmc_edu.models.source import Source
from mcmc_edu.models.verbs.conditional.predictors import Predictor

pd = pytest.importorskip("pandas")
pytest.importorskip("formulaic")

SHORT: dict[str, Any] = {"draws": 20, "warmup": 30, "chains": 1, "seed": 1, "progress": False}


# Places outside the data


def skewed(rows: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "y": rng.standard_normal(rows),
        "x": rng.standard_normal(rows),
        "w": np.exp(1.5 * rng.standard_normal(rows)),
        "share": rng.beta(30.0, 1.0, rows),
        "count": rng.poisson(0.5, rows),
        "dummy": np.tile([0, 0, 0, 1], rows // 4),
    }


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    right = "x * log(w) + sqrt(1 - share) + log1p(count) + dummy"
    return me.Model("y ~ " + right, skewed()).fit(**SHORT)


@pytest.mark.parametrize("second", ["w", "share", "count", "dummy", "x"])
def test_a_second_predictor_stays_within_the_data(fit: me.Fit, second: str) -> None:
    first = "x" if second != "x" else "w"
    found = fit.conditional_effects(f"{first}:{second}", grid=2)
    data = skewed()
    places = np.unique(found.grid[second])
    assert places.size == 3 if second != "dummy" else places.tolist() == [0, 1]
    assert data[second].min() <= places[0] < places[-1] <= data[second].max()
    assert np.isfinite([found.mean, found.q5, found.q95]).all()


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ([1, 2, 3, 4, 5], [3 - np.sqrt(2.5), 3, 3 + np.sqrt(2.5)]),  # as brms has it
        ([1, 2, 3, 4, 90], np.quantile([1, 2, 3, 4, 90], [0.16, 0.5, 0.84])),
        ([-1, -2, -3, -4, -90], np.quantile([-1, -2, -3, -4, -90], [0.16, 0.5, 0.84])),
        ([0, 1, 0, 1], [0, 1]),
        ([0] * 9 + [1], [0, 1]),
        ([1, 1, 1, 2, 9], [1, 2, 9]),
        ([0] * 90 + [1, 2, 3, 4, 50], [0, 2.5, 50]),
        ([0.1] * 10, [0.1]),
    ],
    ids=["even", "right", "left", "dummy", "rare", "three", "mostly zero", "one"],
)
def test_places_of_a_second_predictor(numbers: list[float], places: Any) -> None:
    predictor = Predictor(np.array(numbers, dtype=float))
    np.testing.assert_allclose(predictor.few(), places)
    assert min(numbers) <= predictor.held <= max(numbers)


def test_places_that_cannot_be_computed_are_said(fit: me.Fit) -> None:
    for effect, w, said in (("x:w", [-1, 2], "w from -1 to 2"), ("x", -1, "w at -1")):
        with pytest.raises(ValueError, match=f"{said}.*; give others, levels="):
            fit.conditional_effects(effect, levels={"w": w}, grid=2)


# Categories that no row has


def categories(codes: Any, names: str, ordered: bool = True) -> Any:
    return pd.Categorical.from_codes(codes, [*names], ordered=ordered)


ROWS = 30
CODES = np.random.default_rng(1).integers(0, 3, ROWS)  # a, b and c occur
NOTHING_OF = "has no row of"


@pytest.mark.parametrize(
    ("names", "empty"), [("abc", ""), ("abcd", "d"), ("abcde", "d, e")], ids=["none", "one", "two"]
)
@pytest.mark.parametrize("turn", [0, 1], ids=["at the end", "in the middle"])
@pytest.mark.parametrize("ordered", [True, False], ids=["ordered", "not ordered"])
def test_an_ordered_outcome_keeps_what_is_declared(names, empty, turn, ordered) -> None:
    declared = names[2:] + names[:2] if turn else names  # c, d, e, a, b
    codes = [declared.index("abc"[code]) for code in CODES]
    data = {"y": categories(codes, declared, ordered), "x": np.arange(ROWS)}
    model = me.Model("y ~ x", data, family="ordered")
    assert model.full_design.outcome_levels == tuple(declared)
    assert model.design.y.tolist() == codes
    assert len(model.family.own) == len(names) - 1
    notes = [note for note in model.prior_summary().notes if NOTHING_OF in note]
    assert len(notes) == bool(empty)
    assert all(f"{NOTHING_OF} {empty}:" in note for note in notes)
    new = model.rows({"x": [1.0, 2.0], "y": pd.Categorical(["c", "a"])})
    assert new.outcome_levels == tuple(declared)
    assert new.y.tolist() == [declared.index("c"), declared.index("a")]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("values", "between"),
    [
        ([1, 2, 4], "3"),
        ([0, 1, 5], "2, 3, 4"),
        ([10, 20, 40], "30"),
        ([1, 3], "2"),
        ([-1, 2, 3], "0, 1"),
        ([1, 2, 9], "3, 4, 5, 6, ..."),
        ([1, 2, 3], None),
        ([10, 20, 30], None),
        ([4, 5], None),
    ],
    ids=str,
)
def test_numbers_between_which_there_are_others_are_said(values, between) -> None:
    y = np.resize(values, ROWS)
    data = {"y": y, "x": np.arange(ROWS)}
    if between is None:
        model = me.Model("y ~ x", data, family="ordered")
    else:
        with pytest.warns(UserWarning, match=f"^y is never {between}: .* declare them all"):
            model = me.Model("y ~ x", data, family="ordered")
    assert model.full_design.outcome_levels == tuple(map(str, sorted(values)))
    declared = pd.Categorical(y, categories=range(min(values), max(values) + 1), ordered=True)
    whole = me.Model("y ~ x", data | {"y": declared}, family="ordered")
    np.testing.assert_array_equal(whole.design.y, y - min(values))


@pytest.mark.parametrize(
    ("family", "declared", "kept"),
    [
        ("categorical", "abcd", "a, b, c"),
        ("categorical", "dabc", "a, b, c"),
        ("bernoulli", "abdc", "a, b"),
    ],
)
def test_other_outcomes_say_which_categories_they_leave_out(family, declared, kept) -> None:
    codes = [declared.index(kept.split(", ")[code % (len(kept) // 3 + 1)]) for code in CODES]
    data = {"y": categories(codes, declared), "x": np.arange(ROWS)}
    with pytest.warns(UserWarning, match=rf"y has no row of .*d.* out, and has {kept}$"):
        model = me.Model("y ~ x", data, family=family)
    assert model.full_design.outcome_levels == tuple(kept.split(", "))


@pytest.mark.filterwarnings("error")
def test_predictors_and_groups_have_the_levels_that_occur() -> None:
    g = categories(CODES, "abcd", ordered=False)
    data = {"y": np.arange(ROWS), "g": g, "h": categories(CODES, "abcd")}
    model = me.Model("y ~ g + (1 | h)", data)
    assert model.design.names == ("Intercept", "g[b]", "g[c]")
    assert model.design.groupings[0].levels == ("a", "b", "c")
    assert model.rows({"g": ["a"], "h": ["d"]}).groupings[0].unseen == ("d",)
    with pytest.raises(ValueError, match="g has 1 level unseen in training"):
        model.rows({"g": ["d"], "h": ["a"]})


def test_an_empty_category_at_an_end_needs_a_prior() -> None:
    flat = {"priors": {"threshold": me.Flat()}, "family": "ordered"}
    for declared, empty in (("abcd", "d"), ("dabc", "d")):
        codes = [declared.index("abc"[code]) for code in CODES]
        data = {"y": categories(codes, declared)}
        with pytest.raises(ValueError, match=f"no row of {empty}, so that nothing keeps"):
            me.Model("y ~ 1", data, **flat)
    me.Model("y ~ 1", {"y": categories(CODES + (CODES > 1), "abcd")}, **flat)  # c is in between


def test_one_category_in_all_rows_does_not_vary() -> None:
    with pytest.raises(ValueError, match="y is b in every row"):
        me.Model("y ~ 1", {"y": categories([1] * 9, "abc")}, family="ordered")


def test_categories_of_numbers_have_new_rows() -> None:
    data = {"y": np.resize([1, 2, 4], ROWS), "x": np.arange(ROWS)}
    model = me.Model("y ~ x", data, family="categorical")
    new = model.rows({"x": [5.0, 6.0], "y": [4, 1]})
    np.testing.assert_array_equal(
        new.columns, [[1, 5, 0, 0], [1, 6, 0, 0], [0, 0, 1, 5], [0, 0, 1, 6]]
    )
    assert new.y.tolist() == [2, 0]
    assert model.rows({"x": [5.0], "y": [3]}).y.size == 0


@pytest.fixture(scope="module")
def with_empty() -> me.Fit:
    y = categories(np.repeat([0, 1, 3], [6, 3, 9]), "abcd")
    return me.Model("y ~ 1", {"y": y}, family="ordered").fit(
        draws=1000, warmup=500, chains=2, seed=1, progress=False
    )


def test_an_empty_category_has_the_probability_of_its_prior_and_the_data(with_empty) -> None:
    step = 0.02
    grid = np.arange(-9.0, 9.0, step)
    law = stats.t(3.0, 0.0, 2.5).pdf(grid)
    below = 1.0 / (1.0 + np.exp(-grid))  # probability of all categories below a threshold

    def above(values):
        """The integral of each point and all beyond it, by trapezes."""
        pieces = np.concatenate([[0.0], np.cumsum(0.5 * step * (values[1:] + values[:-1]))])
        return pieces[-1] - pieces

    last = law * (1.0 - below) ** 9
    total, of_c, of_d = above(last), above(last * below), above(last * (1.0 - below))
    of_b = np.maximum(below - below[:, np.newaxis], 0.0)  # of thresholds a|b and b|c
    weight = (law * below**6)[:, np.newaxis] * of_b**3 * law
    expected = [
        (weight * part).sum() / (weight * total).sum()
        for part in (below[:, np.newaxis] * total, of_b * total, of_c - below * total, of_d)
    ]
    found = with_empty.epred({"unused": [0]})[:, :, 0]
    assert sum(expected) == pytest.approx(1.0)
    for k in range(4):
        error = me.mcse_mean(found[:, :, k]) + 1e-4  # that of the grid
        assert abs(found[:, :, k].mean() - expected[k]) < 4.5 * error


def test_empty_categories_are_kept_in_files_and_everywhere(with_empty, tmp_path) -> None:
    with_empty.save(tmp_path / "fit.npz")
    again = me.load_fit(tmp_path / "fit.npz")
    assert again.model.full_design.outcome_levels == (*"abcd",)
    np.testing.assert_array_equal(again.epred(), with_empty.epred())
    assert set(np.unique(with_empty.predict(seed=1))) == {0, 1, 2, 3}
    assert any(NOTHING_OF in note for note in with_empty.summary().notes)
    assert np.isfinite(with_empty.log_lik()).all()


def test_old_files_have_the_categories_that_occur() -> None:
    data = {"y": categories([0, 1, 3, 3], "abcd"), "x": categories([0, 1, 0, 1], "uvw")}
    old = Source.of_table("y ~ x", data, "error").without_empty_categories()
    assert old.design().outcome_declared == ("a", "b", "d")
    assert old.values["x"].cat.categories.tolist() == ["u", "v", "w"]


def test_models_with_and_without_an_empty_category_are_compared(with_empty) -> None:
    y = np.repeat([0, 1, 3], [6, 3, 9])
    with pytest.warns(UserWarning, match="never 2"):
        without = me.Model("y ~ 1", {"y": y}, family="ordered")
    names = ["with", "without"]
    fits = [with_empty, without.fit(**SHORT | {"draws": 200})]
    table = me.compare(dict(zip(names, fits, strict=True)))
    assert sorted(table.rows) == names


# Names that an exported tree has for itself


@pytest.fixture(scope="module")
def columns() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    made = {name: rng.standard_normal(ROWS) for name in ("chain", "draw", "row", "x", "y")}
    return made | {"g": np.resize([*"abc"], ROWS), "a/b": made["x"] + made["y"] ** 2}


@pytest.mark.parametrize(
    ("formula", "renamed"),
    [
        ("y ~ chain + draw + row", {"chain": "chain_", "draw": "draw_", "row": "row_"}),
        ("row ~ x + `a/b`", {"a/b": "a|b", "row": "row_"}),
        ("y ~ g:chain + x", {}),
        ("y ~ x + (1 | g)", {}),
    ],
)
def test_names_that_are_taken_are_said(columns, formula, renamed) -> None:
    pytest.importorskip("arviz_base")
    fit = me.Model(formula, columns).fit(**SHORT)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        tree = fit.to_arviz(seed=1)
    pairs = ", ".join(f"'{old}' is '{new}'" for old, new in renamed.items())
    assert [str(warning.message).partition(":")[0] for warning in told] == (
        [f"in the tree {pairs}"] if renamed else []
    )
    assert all(warning.filename == __file__ for warning in told)
    posterior = tree["posterior"]
    for name, values in fit.draws.natural.items():
        np.testing.assert_array_equal(posterior[renamed.get(name, name)], values)
    outcome = fit.model.design.outcome
    assert tree["observed_data"][renamed.get(outcome, outcome)].dims == ("row",)


def test_groups_that_are_called_like_dimensions_are_said(columns) -> None:
    pytest.importorskip("arviz_base")
    groups = dict.fromkeys(("chain", "row", "x"), columns["g"])
    fit = me.Model.from_arrays(columns["y"], columns["x"][:, np.newaxis], groups, names=["x"])
    with pytest.warns(UserWarning, match="in the tree .*'chain' is 'chain_', 'group row' is"):
        posterior = fit.fit(**SHORT).to_arviz(seed=1)["posterior"]
    for group, dim in (("chain", "chain_"), ("row", "row_level"), ("x", "x_level")):
        assert posterior[f"b({group}: Intercept)"].dims == ("chain", "draw", dim)
