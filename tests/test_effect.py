"""Effects in any subgroup and for a population: against brute force, and who is in them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import made_up
from scipy import stats

import mcmc_edu as me
from mcmc_edu.models.verbs.effect import averages

RNG = np.random.default_rng(1)
N = 90
DATA = pd.DataFrame(
    {
        "z": RNG.integers(0, 2, N),
        "x": RNG.normal(size=N),
        "m": RNG.integers(0, 2, N),
        "arm": RNG.choice(["none", "some", "much"], N),
        "region": RNG.choice(["East", "North", "West"], N),
        "g": RNG.choice(list("ABCDEF"), N),
        "t": RNG.integers(1, 9, N),
        "days": RNG.uniform(0.5, 3.0, N),
        "N": RNG.integers(0, 50, N),
        "y": RNG.normal(3.0, 1.0, N),
        "count": RNG.poisson(2.0, N),
        "word": RNG.choice(["a", "b", "c"], N),
        "grade": pd.Categorical(RNG.choice([1, 2, 3, 4], N), ordered=True),
    }
)
DATA["k"] = RNG.binomial(DATA["t"], 0.4)
DATA["yes"] = (DATA["y"] > 3.0).astype(int)
DATA["arm"] = pd.Categorical(DATA["arm"], ["none", "some", "much"])

FORMULAS = {
    "gaussian": "y ~ z*m + x + region + (1 + z | g)",
    "bernoulli": "yes ~ z*m + x + region + (1 + z | g)",
    "binomial": "k | trials(t) ~ z*m + x + region + (1 + z | g)",
    "poisson": "count ~ z*m + x + region + offset(log(days)) + (1 + z | g) + (1 | region:m)",
    "ordered": "grade ~ z*m + x + region + (1 + z | g)",
    "categorical": "word ~ z*m + x + region + (1 + z | g)",
}


@pytest.fixture(scope="module")
def fits():
    return {name: made_up(me.Model(text, DATA, family=name)) for name, text in FORMULAS.items()}


def by_hand(fit, frame, kind: str, weights, cell) -> np.ndarray:
    """Averages of predictions, draw by draw: shape (chain, draw, cell, ...)."""
    found = getattr(fit, kind)(frame, new_groups="error")
    if kind == "epred" and fit.model.design.trials is not None:
        found = found / frame["t"].to_numpy()
    parts = []
    for c in range(cell.max() + 1):
        w = np.where(cell == c, weights, 0.0)
        parts.append(np.tensordot(found, w / w.sum(), axes=(2, 0)))
    return np.stack(parts, axis=2)


COMPARISONS = {
    "difference": lambda h, low: h - low,
    "ratio": lambda h, low: h / low,
    "lift": lambda h, low: (h - low) / low,
}


@pytest.mark.parametrize("family", FORMULAS)
@pytest.mark.parametrize("scale", ["response", "link"])
def test_an_effect_is_the_contrast_of_averages_within_each_draw(fits, family, scale) -> None:
    fit = fits[family]
    kind = "epred" if scale == "response" else "linpred"
    cells = pd.Categorical(DATA["region"]).codes.astype(int)
    weights = DATA["t"].to_numpy() if family == "binomial" else np.ones(N)
    high, low = (by_hand(fit, DATA.assign(z=v), kind, weights, cells) for v in (1, 0))
    expected = (high - low).reshape(*high.shape[:2], -1)
    found = fit.effect("z", by="region", scale=scale)
    np.testing.assert_allclose(found.draws, expected, rtol=0.0, atol=1e-12)
    assert found.contrast == "1 - 0"
    assert list(dict.fromkeys(found.columns["region"])) == ["East", "North", "West"]


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_are_of_averages(fits, name) -> None:
    fit, cell = fits["binomial"], np.zeros(N, dtype=int)
    averaged = [by_hand(fit, DATA.assign(z=v), "epred", DATA["t"], cell) for v in (1, 0)]
    expected = COMPARISONS[name](*averaged)
    for comparison in (name, COMPARISONS[name]):
        found = fit.effect("z", comparison=comparison)
        np.testing.assert_allclose(found.draws, expected, rtol=1e-12)
    assert fit.effect("z", comparison=name).nothing == (1.0 if name == "ratio" else 0.0)


def test_the_table_summarises_last(fits) -> None:
    found = fits["bernoulli"].effect("z", by="m", conf_level=0.9)
    for i, label in enumerate(["m=0", "m=1"]):
        x, row = found.draws[:, :, i], found.table[label]
        low, middle, high = np.quantile(x, [0.05, 0.5, 0.95])
        expected = {"estimate": middle, "conf_low": low, "conf_high": high}
        assert {name: row[name] for name in expected} == pytest.approx(expected, abs=1e-15)
        assert row["p_gt_0"] == (x > 0).mean()
        assert (row["term"], row["contrast"], row["m"]) == ("z", "1 - 0", i)
        assert row["n"] == (DATA["m"] == i).sum() == row["weight"]
        assert row["mcse"] == me.diagnostics.mcse_quantile(x, 0.5)
        assert row["ess"] == me.diagnostics.ess_quantile(x, 0.5)


def test_the_wrong_order_of_averaging_gives_another_interval(fits) -> None:
    """The average of the rows' intervals is too wide: the rows' errors do not all go together."""
    fit = fits["bernoulli"]
    by_row = fit.epred(DATA.assign(z=1)) - fit.epred(DATA.assign(z=0))
    low, high = np.quantile(by_row, [0.025, 0.975], axis=(0, 1)).mean(axis=1)
    row = fit.effect("z").table["z"]
    assert high - low > 1.2 * (row["conf_high"] - row["conf_low"])


def test_differences_are_of_joint_draws(fits) -> None:
    found = fits["gaussian"].effect("z", by="g")
    a, b = found.draws[:, :, 0], found.draws[:, :, 3]
    difference = found.difference("g=A", "g=D")
    np.testing.assert_array_equal(difference.draws[:, :, 0], a - b)
    np.testing.assert_allclose(
        found.difference({"g": "A"}, {"g": "D"}).draws, difference.draws, atol=1e-13
    )
    apart = np.random.default_rng(1).permutation(b.ravel())
    assert (a.ravel() - apart).std() > 1.1 * difference.draws.std(), "what they share is lost"
    assert difference.table[difference.labels[0]]["n"] == DATA["g"].isin(["A", "D"]).sum()


def test_a_difference_of_any_two_subsets(fits) -> None:
    fit = fits["binomial"]
    found = fit.effect("z", by="region").difference({"m": 1, "region": "East"}, {"m": 0})
    one, other = fit.effect("z", where={"m": 1, "region": "East"}), fit.effect("z", where={"m": 0})
    np.testing.assert_array_equal(found.draws, one.draws - other.draws)


def test_a_difference_is_within_the_subset_that_was_asked_for(fits) -> None:
    fit = fits["bernoulli"]
    found = fit.effect("z", where={"m": 1}).difference({"region": "East"}, {"region": "West"})
    one, other = (fit.effect("z", where={"m": 1, "region": r}) for r in ("East", "West"))
    np.testing.assert_array_equal(found.draws, one.draws - other.draws)


def test_ranks_are_counted_draw_by_draw(fits) -> None:
    found = fits["gaussian"].effect("z", by="g")
    flat = found.draws.reshape(-1, 6)
    place = stats.rankdata(-flat, axis=1)
    table = found.rank()
    for i, label in enumerate(found.labels):
        assert table[label]["mean"] == pytest.approx(place[:, i].mean(), abs=1e-12)
        for p in range(1, 7):
            assert table[label][str(p)] == pytest.approx((place[:, i] == p).mean(), abs=1e-12)
    assert list(found.rank(places=2)["g=A"]) == ["mean", "1", "2"]


def test_equal_rows_share_their_places(fits) -> None:
    table = fits["gaussian"].effect("z", by=["m", "region"], groups="zero").rank()
    for m in (0, 1):
        rows = [table[f"m={m}, region={r}"] for r in ("East", "North", "West")]
        for other in rows[1:]:
            assert other == pytest.approx(rows[0]), "the effect depends on m alone"
        assert rows[0]["1"] == pytest.approx(rows[0]["2"]) == pytest.approx(rows[0]["3"])
        assert sum(rows[0][str(p)] for p in range(1, 7)) == pytest.approx(1.0)
        assert rows[0]["mean"] == pytest.approx(sum(p * rows[0][str(p)] for p in range(1, 7)))


def test_probabilities_and_what_is_practically_nothing(fits) -> None:
    found = fits["gaussian"].effect("z")
    x = found.draws
    for condition, event in {">0.1": x > 0.1, "<= -0.2": x <= -0.2}.items():
        assert found.prob(condition)["z"]["prob"] == event.mean()
    rope = found.rope(-0.1, 0.2)
    assert rope["z"]["inside"] == ((x >= -0.1) & (x <= 0.2)).mean()
    assert sum(rope["z"].values()) == pytest.approx(1.0)
    assert "the share of all draws" in str(rope)


@pytest.mark.parametrize("condition", ["0.1", "> x", "!= 2", 3, "> "])
def test_what_is_no_condition_is_refused(fits, condition) -> None:
    with pytest.raises(ValueError, match="expected >, >=, < or <= and a number"):
        fits["gaussian"].effect("z").prob(condition)


def test_a_subset_is_filtered(fits) -> None:
    fit = fits["poisson"]
    inside = (DATA["m"] == 1) & DATA["region"].isin(["East", "West"])
    found = fit.effect("z", where={"m": 1, "region": ["East", "West"]})
    assert found.table["z"]["n"] == inside.sum()
    expected = fit.effect("z", newdata=DATA[inside])
    np.testing.assert_allclose(found.draws, expected.draws, rtol=1e-12)
    assert "set in all rows" not in str(found)


def test_the_treated_are_a_subset_too(fits) -> None:
    fit = fits["bernoulli"]
    found = fit.effect("z", where={"z": 1})
    expected = fit.effect("z", newdata=DATA[DATA["z"] == 1])
    np.testing.assert_allclose(found.draws, expected.draws, rtol=1e-12)


def test_a_subset_without_rows_is_set_in_all_rows(fits) -> None:
    fit = fits["gaussian"]
    found = fit.effect("z", where={"m": 2, "x": 10.0})
    expected = fit.effect("z", newdata=DATA.assign(m=2, x=10.0))
    np.testing.assert_array_equal(found.draws, expected.draws)
    note = "No row has m = 2 and x = 10: these columns were set in all rows."
    assert note in str(found)
    joint = fit.effect("z").difference({"m": 2, "x": 10.0}, {"m": 0})
    assert note in str(joint)
    np.testing.assert_array_equal(joint.draws, found.draws - fit.effect("z", where={"m": 0}).draws)


def test_weights_are_of_rows(fits) -> None:
    fit = fits["bernoulli"]
    weights = DATA["N"].to_numpy(dtype=float)
    p = [fit.epred(DATA.assign(z=v)) @ (weights / weights.sum()) for v in (1, 0)]
    for wts in ("N", weights):
        found = fit.effect("z", newdata=DATA, wts=wts)
        np.testing.assert_allclose(found.draws[..., 0], p[0] - p[1], atol=1e-13)
        assert found.table["z"]["weight"] == weights.sum()


def test_collapsing_rows_changes_nothing() -> None:
    """Trials of one, or rows of several trials: the same people."""
    rows = DATA[["z", "m", "g", "yes"]]
    cells = rows.groupby(["z", "m", "g"], as_index=False)["yes"].agg(["sum", "size"])
    long = made_up(me.Model("yes ~ z*m + (1 + z | g)", rows, family="bernoulli"))
    short = made_up(me.Model("sum | trials(size) ~ z*m + (1 + z | g)", cells, family="binomial"))
    for more in ({}, {"by": "m"}, {"by": "g", "comparison": "ratio"}, {"where": {"g": "B"}}):
        one, other = long.effect("z", **more), short.effect("z", **more)
        np.testing.assert_allclose(one.draws, other.draws, rtol=1e-12)
        np.testing.assert_array_equal(one.weight, other.weight)


def test_rows_that_stand_for_several_count_as_often() -> None:
    rows = DATA[["z", "m", "g", "yes"]]
    cells = rows.groupby(["z", "m", "g", "yes"], as_index=False).size()
    formula = "yes ~ z*m + (1 + z | g)"
    long = made_up(me.Model(formula, rows, family="bernoulli"))
    short = made_up(me.Model(formula, cells, family="bernoulli", weights="size"))
    one, other = long.effect("z", by="m"), short.effect("z", by="m")
    np.testing.assert_allclose(one.draws, other.draws, rtol=1e-12)
    assert "Weights: weights of the fit." in str(other)


def test_a_factor_needs_its_two_levels() -> None:
    fit = made_up(me.Model("y ~ arm*m + (1 | g)", DATA))
    found = fit.effect("arm", values=("some", "much"))
    expected = fit.epred(DATA.assign(arm="much")) - fit.epred(DATA.assign(arm="some"))
    np.testing.assert_allclose(found.draws[..., 0], expected.mean(axis=-1), atol=1e-13)
    assert found.contrast == "much - some"
    with pytest.raises(ValueError, match=r"values: .*3 in the data.*values=\('none', 'some'\)"):
        fit.effect("arm")


def test_words_and_truth_values_have_an_order() -> None:
    data = DATA.assign(z=DATA["z"] == 1, who=np.where(DATA["m"] == 1, "man", "woman"))
    data = data.sort_values("who", ascending=False)
    fit = made_up(me.Model("y ~ z*who", data))
    assert fit.effect("z").contrast == "True - False"
    assert fit.effect("z", values=(True, False)).contrast == "False - True"
    assert fit.effect("who").contrast == "woman - man"
    assert fit.effect("z", by="who").labels == ("who=man", "who=woman")


def test_a_treatment_may_make_groups() -> None:
    fit = made_up(me.Model("y ~ z + (1 | z:g)", DATA))
    found = fit.effect("z", newdata=DATA)
    high, low = (fit.epred(DATA.assign(z=v)).mean(axis=-1) for v in (1, 0))
    np.testing.assert_allclose(found.draws[..., 0], high - low, atol=1e-13)


NEW = DATA.assign(g=[f"new {i % 3}" for i in range(N)])


def test_new_levels_have_one_draw_each_shared_by_high_and_low(fits) -> None:
    """In a linear model the effect in a level is that of its people, whoever they are."""
    fit = made_up(me.Model("y ~ z + x + (1 + z | g)", DATA), draws=4000)
    found = fit.effect("z", newdata=NEW.assign(row=range(N)), by=["g", "row"], seed=1)
    of_level = {}
    for i, level in enumerate(found.columns["g"]):
        of_level.setdefault(level, []).append(found.draws[:, :, i])
    assert len(of_level) == 3
    for values in of_level.values():
        np.testing.assert_allclose(np.ptp(values, axis=0), 0.0, atol=1e-12)
    own = [values[0] - fit.draws["z"] for values in of_level.values()]
    sd = fit.draws["sd(g: z)"]
    for x in own:
        z = (x / sd).ravel()
        assert abs(z.mean()) < 4 / np.sqrt(z.size)
        assert abs((z**2).mean() - 1) < 4 * np.sqrt(2 / z.size)
    assert abs(np.corrcoef(own[0].ravel(), own[1].ravel())[0, 1]) < 4 / np.sqrt(own[0].size)


def test_effects_of_new_levels_go_together_as_those_of_the_population() -> None:
    fit = made_up(me.Model("y ~ z + (1 + z | g)", DATA), draws=4000)
    correlated = np.full((2, 4000), 0.5)
    fit = replaced(fit, natural(fit) | {"cor(g: Intercept, z)": correlated})
    one = NEW.iloc[:1]
    at_0 = fit.poststratify(one.assign(z=0), wts=[1], seed=1).draws[..., 0] - fit.draws["Intercept"]
    slope = fit.effect("z", newdata=one, seed=1).draws[..., 0] - fit.draws["z"]
    sds = fit.draws["sd(g: Intercept)"], fit.draws["sd(g: z)"]
    product = (at_0 / sds[0]) * (slope / sds[1]) - 0.5
    assert abs(product.mean()) < 4 * product.std() / np.sqrt(product.size)


def test_which_group_effects_are_in_it(fits) -> None:
    fit = fits["gaussian"]
    zero = fit.effect("z", groups="zero")
    line = fit.draws["z"] + fit.draws["z:m"] * DATA["m"].mean()
    np.testing.assert_allclose(zero.draws[..., 0], line, atol=1e-13)
    sample = fit.effect("z", groups="sample", by="g", seed=1)
    new = sample.draws - fit.effect("z", groups="zero", by="g").draws
    np.testing.assert_allclose(np.ptp(new, axis=2), 0.0, atol=1e-12)
    for words, text in {
        "fitted": "g: of fitted levels, new ones drawn",
        "zero": "g: none",
        "sample": "g: of one new level",
    }.items():
        assert text in str(fit.effect("z", groups=words))


def test_rows_may_lack_a_group_that_does_not_count(fits) -> None:
    fit, rows = fits["gaussian"], DATA.drop(columns=["g", "z"])
    for groups in ("zero", "sample"):
        with_it = fit.effect("z", newdata=DATA, groups=groups, seed=1)
        without = fit.effect("z", newdata=rows, groups=groups, seed=1)
        np.testing.assert_array_equal(with_it.draws, without.draws)
    with pytest.raises(ValueError, match="g"):
        fit.effect("z", newdata=rows)


def test_with_complete_pooling_there_are_no_group_effects() -> None:
    fit = made_up(me.Model("y ~ z*m + (1 + z | g)", DATA, pooling="complete"))
    found = fit.effect("z", newdata=DATA.drop(columns=["g", "y"]))
    line = fit.draws["z"] + fit.draws["z:m"] * DATA["m"].mean()
    np.testing.assert_allclose(found.draws[..., 0], line, atol=1e-13)
    assert fit.effect("z", by="g").labels[0] == "g=A"


def test_without_pooling_only_fitted_levels_have_an_effect() -> None:
    fit = made_up(me.Model("y ~ z + (1 + z | g)", DATA, pooling="none"))
    found = fit.effect("z", by="g")
    np.testing.assert_allclose(found.draws, fit.draws["b(g: z)"], atol=1e-12)
    for groups in ("zero", "sample"):
        with pytest.raises(ValueError, match="since with no pooling"):
            fit.effect("z", groups=groups)
    with pytest.raises(ValueError, match="there is no population of g to draw from"):
        fit.effect("z", newdata=NEW)


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ poly(dose, 2) + scale(dose):m + I(dose > 1.5):x + (1 + dose | g)",
        "count ~ x + offset(log1p(dose)) + (1 | g)",
        "y ~ C(dose) + (1 + dose | g)",
    ],
    ids=["transformed", "offset", "factor of numbers"],
)
def test_a_treatment_may_be_part_of_any_expression(formula) -> None:
    data = DATA.assign(dose=np.repeat([0.0, 1.0, 2.0], N // 3))
    family = "poisson" if formula.startswith("count") else "gaussian"
    if "offset" in formula:
        formula = formula.replace("~ x", "~ x + dose")
    fit = made_up(me.Model(formula, data, family=family))
    found = fit.effect("dose", values=(0.0, 2.0))
    high, low = (fit.epred(data.assign(dose=v)).mean(axis=-1) for v in (2.0, 0.0))
    np.testing.assert_allclose(found.draws[..., 0], high - low, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("family", ["gamma", "lognormal", "beta", "student", "negbin"])
def test_families_with_parameters_of_their_own(family) -> None:
    outcome = {"beta": "share", "negbin": "count"}.get(family, "positive")
    data = DATA.assign(positive=np.exp(DATA["y"] - 3.0), share=1 / (1 + np.exp(DATA["x"])))
    fit = made_up(me.Model(f"{outcome} ~ z*m + (1 + z | g)", data, family=family))
    found = fit.effect("z", by="m")
    high, low = (fit.epred(data.assign(z=v)) for v in (1, 0))
    for m in (0, 1):
        expected = (high - low)[..., DATA["m"] == m].mean(axis=-1)
        np.testing.assert_allclose(found.draws[..., m], expected, rtol=1e-11, atol=1e-12)


def test_estimates_with_known_errors() -> None:
    fit = made_up(me.Model("y | se(days) ~ z + (1 + z | g)", DATA))
    found = fit.effect("z", newdata=DATA.drop(columns=["days", "y"]))
    expected = fit.epred(DATA.assign(z=1)) - fit.epred(DATA.assign(z=0))
    np.testing.assert_allclose(found.draws[..., 0], expected.mean(axis=-1), atol=1e-13)


def test_a_column_is_needed_if_one_of_its_terms_is_fitted() -> None:
    fit = made_up(me.Model("y ~ z + (1 + z | region) + (1 + z | region:g)", DATA))
    rows = DATA.drop(columns=["region"])
    with pytest.raises(ValueError, match="region"):
        fit.effect("z", newdata=rows, groups={"region:g": "sample"}, seed=1)
    new = {"region": "sample", "region:g": "sample"}
    found = fit.effect("z", newdata=rows, groups=new, seed=1)
    np.testing.assert_array_equal(
        found.draws, fit.effect("z", newdata=DATA, groups=new, seed=1).draws
    )


def test_a_word_for_each_factor(fits) -> None:
    fit = fits["poisson"]
    found = fit.effect("z", groups={"g": "zero"})
    without = {n: np.zeros_like(x) if n.startswith("b(g:") else x for n, x in natural(fit).items()}
    expected = replaced(fit, without).effect("z")
    np.testing.assert_allclose(found.draws, expected.draws, rtol=1e-12)


def natural(fit):
    return dict(fit.draws.natural)


def replaced(fit, values):
    from dataclasses import replace

    return type(fit)(fit.model, replace(fit.draws, natural=values))


def test_a_few_draws_at_a_time_are_the_same_draws(fits, monkeypatch) -> None:
    """New levels included: each of their draws is of its own place in the stream."""
    fit = fits["poisson"]
    whole = fit.effect("z", newdata=NEW, by="m", seed=1)
    monkeypatch.setattr(averages, "AT_ONCE", 7 * N)
    np.testing.assert_allclose(
        fit.effect("z", newdata=NEW, by="m", seed=1).draws, whole.draws, rtol=1e-13
    )


def test_a_subset_of_new_levels_has_the_draws_of_the_whole(fits) -> None:
    fit = fits["gaussian"]
    whole = fit.effect("z", newdata=NEW, by="g", seed=1)
    part = fit.effect("z", newdata=NEW, where={"g": "new 1"}, seed=1)
    np.testing.assert_allclose(part.draws[..., 0], whole.draws[..., 1], atol=1e-13)
    joint = whole.difference({"g": "new 1"}, {"g": "new 0"})
    np.testing.assert_allclose(
        joint.draws[..., 0], whole.draws[..., 1] - whole.draws[..., 0], atol=1e-13
    )


CELLS = DATA.drop(columns=["y", "yes", "k", "t", "count", "word", "grade"])


@pytest.mark.parametrize("family", ["gaussian", "bernoulli", "binomial", "ordered"])
def test_poststratification_weighs_the_cells(fits, family) -> None:
    fit, n = fits[family], CELLS["N"].to_numpy(dtype=float)
    found = fit.poststratify(CELLS, by="region")
    p = fit.epred(CELLS.assign(t=1))
    for i, region in enumerate(["East", "North", "West"]):
        w = np.where(CELLS["region"] == region, n, 0.0)
        expected = np.tensordot(p, w / w.sum(), axes=(2, 0))
        own = found.draws[:, :, 4 * i : 4 * i + 4] if p.ndim == 4 else found.draws[:, :, i]
        np.testing.assert_allclose(own, expected, atol=1e-12)
    assert not any("p_gt" in name for name in found.table[found.labels[0]])


def test_poststratified_effects(fits) -> None:
    fit, n = fits["bernoulli"], CELLS["N"] / CELLS["N"].sum()
    found = fit.effect("z", newdata=CELLS, wts="N")
    p = [fit.epred(CELLS.assign(z=v)) @ n.to_numpy() for v in (1, 0)]
    np.testing.assert_allclose(found.draws[..., 0], p[0] - p[1], atol=1e-13)


def test_everything_prints(fits, tmp_path) -> None:
    found = fits["categorical"].effect("z", by="m")
    assert found.labels[:3] == ("m=0: a", "m=0: b", "m=0: c")
    np.testing.assert_allclose(found.draws.reshape(2, 60, 2, 3).sum(axis=-1), 0.0, atol=1e-12)
    assert "causal only if" in repr(found)
    assert "<table>" in found._repr_html_()
    assert "m=1: c" in found._repr_html_()
    frame = found.to_pandas()
    assert list(frame["word"]) == ["a", "b", "c"] * 2
    ax = found.plot()
    assert ax.get_xlabel() == "z: 1 - 0"
    assert [text.get_text() for text in ax.get_yticklabels()] == ["0", "1"]


BAD = {
    "no predictor": ({"treatment": "q"}, "treatment='q': expected a predictor"),
    "a group": ({"treatment": "g"}, "'g' is a grouping factor"),
    "comparison": ({"comparison": "odds"}, "comparison='odds': expected 'difference'"),
    "one value": ({"values": (1,)}, r"values=\(1,\): expected two that differ"),
    "equal values": ({"values": (1, 1)}, "expected two that differ"),
    "no number": ({"values": (0, "a")}, "expected finite numbers"),
    "scale": ({"scale": "log"}, "scale='log': expected 'response' or 'link'"),
    "conf_level": ({"conf_level": 95}, "conf_level=95: expected a number between 0 and 1"),
    "where": ({"where": {"q": 1}}, "where='q': expected a column"),
    "no such rows": ({"where": {"m": [2, 3]}}, "expected rows with m = 2 or 3, and there are none"),
    "text for numbers": ({"where": {"m": "1"}}, "where: expected numbers for 'm'"),
    "level": ({"where": {"region": "South"}}, "South"),
    "by": ({"by": "q"}, "by='q': expected a column.*pass newdata="),
    "by treatment": ({"by": "z"}, "other than the treatment"),
    "groups": ({"groups": "new"}, "^groups is 'new'.*'fitted'"),
    "an unknown level of several": (
        {"where": {"region": ["East", "South"]}},
        "expected levels of 'region', and 'South' is none. It has 'East', 'North', 'West'",
    ),
    "a weight that is missing": (
        {"newdata": DATA.assign(N=[1.0, np.nan] * (N // 2)), "wts": "N"},
        "expected a value of 'N' in every row, and there is none in rows 2, 4, 6, 8, 10 and",
    ),
    "weights": ({"wts": [1.0, 2.0]}, rf"wts has shape \(2,\): expected \({N},\)"),
    "negative": (
        {"wts": -np.arange(N)},
        "wts: expected finite numbers, 0 or more.*rows 2, 3, 4, 5, 6 and 84 more",
    ),
    "no weight": ({"wts": np.zeros(N)}, "wts: expected a sum above 0"),
    "no weight in a cell": (
        {"wts": (DATA["m"] == 1).to_numpy(dtype=float), "by": "m"},
        r"it is 0 in 1 \(m=0\)",
    ),
    "missing": (
        {"newdata": DATA.assign(x=[np.nan] * 7 + [0.0] * (N - 7))},
        "rows 1, 2, 3, 4, 5 and 2 more",
    ),
    "draws": ({"draws": 0}, "draws is 0"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named(fits, what) -> None:
    arguments, message = BAD[what]
    with pytest.raises(ValueError, match=message):
        fits["gaussian"].effect(**{"treatment": "z"} | arguments)


@pytest.mark.parametrize("where", ["m == 1", DATA["m"] == 1], ids=["text", "a mask"])
def test_a_subset_is_values_by_column(fits, where) -> None:
    with pytest.raises(TypeError, match="expected values by column"):
        fits["gaussian"].effect("z", where=where)


def test_a_constant_treatment_has_no_effect() -> None:
    data = DATA.assign(z=1)
    fit = made_up(me.Model("y ~ 0 + z + x", data))
    with pytest.raises(ValueError, match="it is 1 in every row"):
        fit.effect("z")


def test_a_ratio_needs_averages_above_0(fits) -> None:
    with pytest.raises(ValueError, match="comparison='ratio': expected averages above 0"):
        fits["gaussian"].effect("z", comparison="ratio")


def test_a_function_must_keep_the_shape(fits) -> None:
    with pytest.raises(ValueError, match="comparison=mean: expected values of shape"):
        fits["gaussian"].effect("z", comparison=named_mean)


def named_mean(high, low):
    return (high - low).mean()


named_mean.__name__ = "mean"


def test_a_model_of_arrays_is_refused() -> None:
    rng = np.random.default_rng(1)
    fit = made_up(me.Model.from_arrays(rng.normal(size=20), rng.normal(size=(20, 1))))
    with pytest.raises(ValueError, match="made of arrays"):
        fit.effect("x[0]")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (CELLS.assign(N=-1), "wts: expected finite numbers"),
        (CELLS.assign(N=0), "wts: expected a sum above 0"),
        (CELLS.assign(N=np.nan), "expected a value of 'N' in every row"),
        (CELLS.drop(columns="N"), "wts='N': expected a column"),
        (CELLS.assign(region="South"), "South"),
        (CELLS.assign(m=[None] * 6 + [0] * (N - 6)), "rows 1, 2, 3, 4, 5 and 1 more"),
    ],
    ids=["negative", "zero", "missing", "absent", "unknown level", "cannot be predicted"],
)
def test_cells_that_cannot_be_weighed_or_predicted(fits, cells, message) -> None:
    with pytest.raises(ValueError, match=message):
        fits["bernoulli"].poststratify(cells)


BIG = """
import json, resource, sys
import numpy as np, pandas as pd
sys.path.insert(0, sys.argv[1])
import mcmc_edu as me
from made_up import made_up
rng, n = np.random.default_rng(1), 76_538
data = pd.DataFrame({"z": rng.integers(0, 2, n), "yes": rng.integers(0, 2, n)})
data["x"] = rng.normal(size=n)
data["g"] = rng.integers(0, 200, n)
fit = made_up(me.Model("yes ~ z*x + (1 + z | g)", data, family="bernoulli"), 4, 3750)
found = fit.effect("z")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([found.draws.size, peak * (1 if sys.platform == "darwin" else 1024)]))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is not measured there")
def test_memory_does_not_grow_with_rows_times_draws() -> None:
    """76 538 rows of 15 000 draws are 9 GB."""
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", BIG, here], capture_output=True, text=True, check=True
    )
    draws, peak = json.loads(done.stdout)
    assert draws == 15_000
    assert peak < 1e9
