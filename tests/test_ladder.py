"""A ladder of models: its formulas and priors, its numbers by brute force, what it refuses."""

import html

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from made_up import made_up
from scipy import stats

import mcmc_edu as me
from mcmc_edu.effects.ladder.estimates import estimates_of
from mcmc_edu.effects.ladder.result import LadderFit

mpl.use("Agg")

import matplotlib.pyplot as plt

A, B = list("pqrs"), list("uvw")


def experiment(seed: int, n: int = 300, sd: tuple[float, float, float] = (0.4, 0.3, 0.2)):
    """An experiment with two factors, and its true effects, the first factor slowest."""
    rng = np.random.default_rng(seed)
    a, b, z = rng.integers(0, 4, n), rng.integers(0, 3, n), rng.integers(0, 2, n)
    by_a, by_b = rng.normal(0.0, sd[0], (4, 1)), rng.normal(0.0, sd[1], (1, 3))
    effect = 0.5 + by_a + by_b + rng.normal(0.0, sd[2], (4, 3))
    frame = pd.DataFrame({"z": z, "a": np.array(A)[a], "b": np.array(B)[b]})
    frame["x"] = rng.normal(50.0, 10.0, n)
    frame["c"] = rng.choice(["k", "l"], n)
    frame["h"] = rng.integers(1, 3, n)
    frame["y"] = 1.0 + 0.3 * by_a[a, 0] + effect[a, b] * z + rng.normal(size=n)
    frame["yes"] = (frame["y"] > 1.3).astype(int)
    frame["t"] = np.where(z == 1, "shown", "not")
    return frame, effect.ravel()


DATA, TRUTH = experiment(1)


def ladder(factors=("a", "b"), *controls, outcome="y", treatment="z", **more):
    more = {"data": DATA} | more
    return me.effects.ladder(outcome, treatment, list(factors), list(controls), **more)


def fitted(made, draws: int = 60) -> LadderFit:
    """A ladder's fit of made-up draws, with none of the time that sampling takes."""
    other = made.estimates_model
    fits = {n: made_up(m, draws=draws, seed=i) for i, (n, m) in enumerate(made.models.items())}
    if other:
        fits["estimates"] = made_up(other.model, draws=draws, seed=9)

    def refit(name: str, scale: float):
        return made_up(made.model_of(made.steps[-1], scale), seed=int(100 * scale))

    return LadderFit(made.question, made.formulas, fits, other, made.truth, made.scale, refit)


@pytest.fixture(scope="module")
def found() -> LadderFit:
    return fitted(ladder(truth=TRUTH, horseshoe=True, estimates=True))


def test_two_factors_have_four_steps() -> None:
    assert ladder(("a", "b"), "c").formulas == {
        "constant": "y ~ z + c + (1 | a) + (1 | b)",
        "varying by a": "y ~ z + c + (1 + z | a) + (1 | b)",
        "varying by each": "y ~ z + c + (1 + z | a) + (1 + z | b)",
        "with interactions": "y ~ z + c + (1 + z | a) + (1 + z | b) + (1 + z | a:b)",
    }


def test_the_full_model_has_the_covariate_in_every_bar() -> None:
    steps = ladder(covariates="x").steps
    assert steps[-1].formula == (
        "y ~ scale(x)*z + (1 + scale(x)*z | a) + (1 + scale(x)*z | b) + (1 + scale(x)*z | a:b)"
    )
    assert steps[-2].formula == "y ~ z + scale(x) + (1 + z | a) + (1 + z | b) + (1 + z | a:b)"
    two = ladder(covariates=["x", "h"]).steps[-1]
    assert two.formula.startswith("y ~ (scale(x) + scale(h))*z + (1 + (scale(x) + scale(h))*z | a)")


def test_columns_may_have_any_names() -> None:
    """A ladder, and its third ways, are those of the same data under plain names."""
    plain = {"horseshoe": True, "estimates": True}
    names = {"y": "my y", "z": "a treatment", "h": "my h", "b": "2nd", "c": "my c", "x": "my x"}
    usual = fitted(ladder(("h", "b"), "c", covariates=["x"], **plain))
    renamed = DATA.rename(columns=names)
    made = me.effects.ladder(
        "my y", "a treatment", ["my h", "2nd"], ["my c"], covariates=["my x"], data=renamed, **plain
    )
    found = fitted(made)
    pairs = zip(usual.effects.values(), found.effects.values(), strict=True)
    for expected, draws in pairs:
        np.testing.assert_allclose(draws, expected, atol=1e-12)
    for one, other in zip(usual.fits.values(), found.fits.values(), strict=True):
        old, new = (fit.model.prior_summary().rows.values() for fit in (one, other))
        units = "in the data's units"
        assert [row[units] for row in new] == [row[units] for row in old]
    assert found.subgroup({"2nd": "u"}).label == "2nd=u"


def test_three_factors_end_with_all_three_together() -> None:
    *_, pairs, full = ladder(("a", "b", "c")).steps
    groups = ["a", "b", "c", "a:b", "a:c", "b:c"]
    assert pairs.formula == "y ~ z + " + " + ".join(f"(1 + z | {g})" for g in groups)
    assert full.formula == pairs.formula + " + (1 + z | a:b:c)"


def test_every_step_is_a_model_and_a_product_of_groups_is_not() -> None:
    made = ladder(covariates=["x"])
    assert [m.source.formula for m in made.models.values()] == list(made.formulas.values())
    for group in ("a*b", "a + b"):
        with pytest.raises(me.FormulaError, match=r"write \(1 \+ z \| a\) \+ \(1 \+ z \| b\)"):
            me.Model(f"y ~ z + (1 + z | {group})", DATA)


def priors(made, step: str) -> dict[str, str]:
    summary = made.models[step].prior_summary()
    return {name: summary[name]["in the data's units"] for name in summary}


def test_scales_halve_with_each_order_and_few_levels_have_half_normals() -> None:
    shown = priors(ladder(covariates=["x"]), "full")
    sd = DATA["y"].std()
    kinds = {"a": "HalfT(3, {})", "b": "HalfNormal({})", "a:b": "HalfT(3, {})"}
    orders = {"Intercept": 0, "scale(x)": 1, "z": 1, "scale(x):z": 2}
    for group, kind in kinds.items():
        for name, order in orders.items():
            scale = 0.5 * sd * 0.5 ** (group.count(":") + order)
            assert shown[f"sd({group}: {name})"] == kind.format(f"{scale:.4g}"), (group, name)
    names = "Intercept, scale(x), z, scale(x):z"
    assert {shown[f"cor({group}: {names})"] for group in kinds} == {"LKJ(2)"}


def test_a_pair_of_short_factors_is_short() -> None:
    shown = priors(ladder(("b", "c")), "with interactions")
    assert shown["sd(b:c: z)"].startswith("HalfNormal")  # 2 x 1 contrasts
    shown = priors(ladder(("b", "a")), "with interactions")
    assert shown["sd(b:a: z)"].startswith("HalfT")  # 2 x 3


def test_the_scale_of_a_logit_is_one_and_that_of_a_dose_its_distance() -> None:
    shown = priors(ladder(outcome="yes", family="bernoulli", scale=1.0), "varying by each")
    assert (shown["sd(a: Intercept)"], shown["sd(a: z)"]) == ("HalfT(3, 1)", "HalfT(3, 0.5)")
    words = priors(ladder(outcome="yes", treatment="t", family="bernoulli"), "varying by each")
    assert words["sd(a: t[shown])"] == "HalfT(3, 0.25)"
    doses = DATA.assign(z=np.where(DATA["z"] == 1, 5.0, -5.0))
    dose = priors(ladder(outcome="yes", family="bernoulli", data=doses), "varying by each")
    assert dose["sd(a: z)"] == "HalfT(3, 0.025)"


def test_an_outlier_of_a_student_outcome_does_not_set_the_unit() -> None:
    wild = DATA.assign(y=DATA["y"].where(DATA.index > 0, 1e6))
    assert ladder(family="student", data=wild).unit == pytest.approx(
        stats.median_abs_deviation(wild["y"], scale="normal"), rel=1e-3
    )


def test_ones_own_priors_count_where_they_fit() -> None:
    made = ladder(priors={"sd(a:b)": me.HalfNormal(9.0), "sd(a: z)": me.HalfNormal(7.0)})
    shown = priors(made, "with interactions")
    assert shown["sd(a:b: z)"] == shown["sd(a:b: Intercept)"] == "HalfNormal(9)"
    assert shown["sd(a: z)"] == "HalfNormal(7)"
    assert shown["sd(a: Intercept)"].startswith("HalfT(3, ")
    assert priors(made, "constant")["sd(a: Intercept)"] == shown["sd(a: Intercept)"]
    decov = ladder(priors={"covariance": me.Decov()}).models["with interactions"].prior_summary()
    assert [n for n in decov if n.startswith(("sd", "cor"))] == []


def test_the_horseshoe_is_on_interactions_only() -> None:
    made = ladder(("a", "h"), "b*c", horseshoe=True)
    assert made.formulas["horseshoe"] == "y ~ z*a*C(h) + b*c"
    summary = made.models["horseshoe"].prior_summary()
    with_it = {n for n in summary if summary[n]["written"].startswith("RegularizedHorseshoe")}
    names = made.models["horseshoe"].design.names
    assert with_it == {n for n in names if ":" in n and n.split(":")[0] not in ("b[v]", "b[w]")}
    share = 0.1 / 0.9 / np.sqrt(len(DATA))
    assert summary["z:a[q]"]["written"].startswith(f"RegularizedHorseshoe({share:.3g}, 2.5")


def test_the_horseshoe_takes_the_orders_that_the_data_can_tell_apart() -> None:
    empty = (DATA["a"] == "p") & (DATA["b"] == "u")
    made = ladder(horseshoe=True, data=DATA[~(empty & (DATA["z"] == 1))])
    assert made.formulas["horseshoe"] == "y ~ z*a + z*b + a*b"
    with pytest.raises(ValueError, match="horseshoe=True: some pairs of levels occur together in"):
        ladder(horseshoe=True, data=DATA[~empty]).formulas  # noqa: B018


def test_estimates_are_differences_of_means_with_pooled_errors() -> None:
    lost = (DATA["a"] == "q") & (DATA["b"] == "v") & (DATA["z"] == 0)
    data = DATA[~lost]
    got = estimates_of(ladder(data=data).question)
    arms = data.groupby(["a", "b", "z"])["y"]
    # an independent way: the model with a mean in every cell, by least squares
    residual = data["y"] - arms.transform("mean")
    s = np.sqrt((residual**2).sum() / (len(data) - arms.ngroups))
    for i, one in enumerate(got.subgroups):
        inside = (data["a"] == one["a"]) & (data["b"] == one["b"])
        cell = [data["y"][inside & (data["z"] == z)] for z in (0, 1)]
        assert got.n[i].tolist() == [len(cell[0]), len(cell[1])]
        if one == {"a": "q", "b": "v"}:
            assert np.isnan(got.estimate[i])
            assert np.isnan(got.se[i])
        else:
            assert got.estimate[i] == pytest.approx(cell[1].mean() - cell[0].mean(), rel=1e-12)
            assert got.se[i] == pytest.approx(s * np.sqrt(sum(1 / len(c) for c in cell)), rel=1e-12)
    assert got.note.endswith("from the others: 1 of 12, a=q, b=v.")


def test_estimates_of_shares_have_the_errors_of_agresti_and_caffo() -> None:
    data = {"y": [1, 1, 1, 0, 0, 1] * 2, "z": [1, 1, 1, 0, 0, 0] * 2}
    data |= {"a": ["p"] * 6 + ["q"] * 6, "b": ["u"] * 6 + ["v"] * 6}
    got = estimates_of(ladder(outcome="y", family="bernoulli", data=data).question)
    np.testing.assert_allclose(got.estimate, 1.0 - 1.0 / 3.0)
    np.testing.assert_allclose(got.se, np.sqrt(0.8 * 0.2 / 5 + 0.4 * 0.6 / 5))  # 4/5 and 2/5


def test_the_model_of_estimates_has_the_priors_of_effects() -> None:
    made = ladder(estimates=True)
    assert made.formulas["estimates"] == "estimate | se(s) ~ 1 + (1 | a) + (1 | b) + (1 | a:b)"
    shown = made.estimates_model.model.prior_summary()
    full = priors(made, "with interactions")
    for group in ("a", "b", "a:b"):
        own = shown[f"sd({group}: Intercept)"]["in the data's units"]
        assert own == full[f"sd({group}: z)"]
    taken = ladder(("s", "b"), data=DATA.rename(columns={"a": "s"}), estimates=True)
    assert taken.formulas["estimates"].startswith("estimate_ | se(s_) ~ 1 + (1 | s)")


def test_effects_of_subgroups_are_those_of_the_fits(found) -> None:
    for name, fit in found.fits.items():
        if name == "estimates":
            continue
        for i, one in enumerate(found.subgroups):
            by_hand = fit.effect("z", where=one).draws[:, :, 0]
            np.testing.assert_allclose(found.effects[name][:, :, i], by_hand, rtol=0, atol=1e-12)
    table = found.by_subgroup()
    name = "a=r, b=v"
    assert table[name]["truth"] == TRUTH[7]
    rows = DATA[(DATA["a"] == "r") & (DATA["b"] == "v")]["z"]
    assert (table[name]["n_low"], table[name]["n_high"]) == ((rows == 0).sum(), rows.sum())
    assert table[name]["constant"] == np.median(found.effects["constant"][:, :, 7])


def test_the_table_compares_the_steps(found) -> None:
    table, fits = found.table, dict(found.fits)
    fits.pop("estimates")
    compared = me.compare(fits)
    for name in fits:
        assert {k: table[name][k] for k in compared[name]} == dict(compared[name])
        error = np.median(found.effects[name], axis=(0, 1)) - TRUTH
        assert table[name]["rmse"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-12)
    assert [table["estimates"][k] for k in compared["constant"]] == [None] * 4
    assert table["estimates"]["effects"] == 1 + 4 + 3 + 12
    assert table["with interactions"]["effects"] == 2 + 2 * (4 + 3 + 12)
    assert list(table) == [*found.steps, "horseshoe", "estimates"]
    for name, formula in found.formulas.items():
        assert f"{name}: {formula}" in str(found)
        assert html.escape(formula) in found._repr_html_()
        assert found.to_pandas()["formula"][name] == formula


def test_a_subgroup_moves_along_the_ladder(found) -> None:
    where = {"a": "p", "b": ["u", "w"]}
    path = found.subgroup(where)
    for name, fit in found.fits.items():
        if name == "estimates":
            continue
        effect = fit.effect("z", where=where).table["z"]
        got = path.table[name]
        ends = ("estimate", "conf_low", "conf_high")
        assert [got[k] for k in ends] == pytest.approx([effect[k] for k in ends], abs=1e-12)
    n = np.array([((DATA["a"] == "p") & (DATA["b"] == b)).sum() for b in "uw"])
    by_hand = found.effects["estimates"][:, :, [0, 2]] @ (n / n.sum())
    np.testing.assert_allclose(path.draws["estimates"], by_hand, atol=1e-12)
    assert path.truth == pytest.approx(TRUTH[[0, 2]] @ n / n.sum())
    assert "z: 1 - 0 | a=p, b=['u', 'w']" in repr(path)
    assert path.to_pandas().shape == (6, 4)
    assert "<table>" in path._repr_html_()
    everyone = found.subgroup()
    np.testing.assert_allclose(
        everyone.draws["constant"], found.fits["constant"].effect("z").draws[:, :, 0]
    )


@pytest.mark.parametrize("kind", [tuple, set, frozenset, np.array], ids=lambda k: k.__name__)
def test_levels_may_be_in_any_collection_that_effect_takes(found, kind) -> None:
    asked, listed = {"b": kind(["u", "w"])}, {"b": ["u", "w"]}
    one, other = found.subgroup(asked), found.subgroup(listed)
    assert one.truth == other.truth
    for name, draws in other.draws.items():
        np.testing.assert_array_equal(one.draws[name], draws)


def test_rows_of_a_dose_are_counted_by_the_value_that_is_nearer() -> None:
    table = fitted(ladder(treatment="x", values=(40, 60))).by_subgroup()
    near = DATA.assign(low=DATA["x"] < 50, high=DATA["x"] > 50).groupby(["a", "b"])
    for column in ("low", "high"):
        shown = [row[f"n_{column}"] for row in table.rows.values()]
        assert shown == near[column].sum().tolist()
    assert table.notes[-1].startswith("n_low, n_high: rows whose x is nearer to 40, or to 60")


def test_the_truth_of_a_subgroup_counts_trials_as_its_effects_do() -> None:
    data = DATA.assign(n=np.where(DATA["b"] == "u", 9, 1), k=DATA["yes"])
    found = fitted(ladder(outcome="k | trials(n)", family="binomial", data=data, truth=TRUTH))
    effect = TRUTH.reshape(4, 3)[1]
    trials = data[data["a"] == "q"].groupby("b")["n"].sum()
    path = found.subgroup({"a": "q"})
    assert path.truth == pytest.approx(np.average(effect, weights=trials))
    subgroups = np.average(found.effects["constant"][:, :, 3:6], axis=2, weights=trials)
    np.testing.assert_allclose(path.draws["constant"], subgroups, atol=1e-12)


def test_estimates_of_a_subgroup_are_sums_of_its_parts(found) -> None:
    natural = found.fits["estimates"].draws
    by_hand = natural["Intercept"] + sum(
        natural[f"b({g}: Intercept)"][:, :, i] for g, i in (("a", 3), ("b", 1), ("a:b", 10))
    )
    np.testing.assert_allclose(found.effects["estimates"][:, :, 10], by_hand, atol=1e-12)


def test_an_intersection_without_rows_has_an_effect_and_a_note() -> None:
    data = DATA[~((DATA["a"] == "p") & (DATA["b"] == "u"))]
    got = fitted(ladder(data=data, estimates=True, truth=TRUTH[1:]))
    path = got.subgroup({"a": "p", "b": "u"})
    assert len(got.subgroups) == 11
    assert path.truth is None
    assert path.notes[0].startswith("No row has a = p and b = u")
    assert all(np.isfinite(x).all() for x in path.draws.values())


def test_truth_is_a_vector_a_function_of_a_mapping_or_of_keywords() -> None:
    number = {(a, b): TRUTH[3 * i + j] for i, a in enumerate(A) for j, b in enumerate(B)}
    by_mapping = ladder(truth=lambda where: number[where["a"], where["b"]])
    by_keyword = ladder(truth=lambda **where: number[where["a"], where["b"]])
    by_name = ladder(truth=lambda b, a: number[a, b])
    for made in (by_mapping, by_keyword, by_name, ladder(truth=list(TRUTH))):
        np.testing.assert_array_equal(made.truth, TRUTH)


def test_the_truth_of_a_subgroup_counts_trials_as_the_effect_does() -> None:
    data = DATA.assign(n=1 + DATA.index % 7, k=DATA["yes"])
    got = fitted(ladder(outcome="k | trials(n)", family="binomial", data=data, truth=TRUTH))
    cells = data[data["a"] == "p"].groupby("b")["n"].sum()
    assert got.subgroup({"a": "p"}).truth == pytest.approx(np.average(TRUTH[:3], weights=cells))
    draws = got.effects["constant"][:, :, :3] @ (cells / cells.sum()).to_numpy()
    np.testing.assert_allclose(got.subgroup({"a": "p"}).draws["constant"], draws, atol=1e-12)


def test_sensitivity_takes_half_and_twice_the_scales(found) -> None:
    table = found.sensitivity({"a": "p"})
    assert [table[name]["scale"] for name in table] == [0.25, 0.5, 1.0]
    last = found.steps[-1]
    for name, scale in (("half", 0.25), ("twice", 1.0)):
        fit = found.refit(last, scale)
        assert table[name]["estimate"] == fit.effect("z", where={"a": "p"}).table["z"]["estimate"]
        draws = np.stack([fit.effect("z", where=w).draws[:, :, 0] for w in found.subgroups])
        moved = np.median(draws, axis=(1, 2)) - np.median(found.effects[last], axis=(0, 1))
        assert table[name]["largest_move"] == pytest.approx(np.abs(moved).max(), rel=1e-9)
        spread = np.median(draws.std(axis=0, ddof=1))
        assert table[name]["spread"] == pytest.approx(spread, rel=1e-9)
    assert table["as it is"]["largest_move"] == 0.0


def test_the_picture_has_each_subgroup_at_each_step(found) -> None:
    ax = found.plot({"a": "p"}, {"a": "q", "b": "u"})
    assert [text.get_text() for text in ax.get_yticklabels()] == list(found.fits)
    path = found.subgroup({"a": "q", "b": "u"})
    (line,) = [one for one in ax.lines if one.get_label() == "a=q, b=u"]
    assert line.get_xdata().tolist() == [row["estimate"] for row in path.table.rows.values()]
    joined = [one for one in ax.lines if len(one.get_xdata()) == 4]
    assert len(joined) == 2, "the steps are joined, the models beside them are not"
    ends = [segment[:, 0].tolist() for segment in ax.collections[1].get_segments()]
    assert ends == [[r["conf_low"], r["conf_high"]] for r in path.table.rows.values()]
    assert ax.get_xlabel() == "effect, z: 1 - 0 (dashed: truth)"
    assert len({one.get_marker() for one in ax.lines if one.get_label().startswith("a=")}) == 2
    plt.close("all")
    extremes = found.plot().get_legend_handles_labels()[1]
    last = np.median(found.effects["with interactions"], axis=(0, 1))
    names = [", ".join(f"{k}={v}" for k, v in one.items()) for one in found.subgroups]
    assert extremes == ["all rows", names[last.argmin()], names[last.argmax()]]
    plt.close("all")


MISSING = DATA.assign(b=DATA["b"].where(DATA.index != 3))
REFUSED = {
    "absent": ({"factors": ["a", "bb"]}, r"factors: 'bb' is no column of the data"),
    "treatment absent": ({"treatment": "zz"}, r"treatment: 'zz' is no column"),
    "treatment": ({"factors": ["a", "z"]}, r"factors=\['a', 'z'\]: 'z' is the treatment"),
    "outcome": ({"factors": ["a", "y"]}, r"'y' is the outcome"),
    "in the outcome": ({"factors": ["a", "h"], "outcome": "log(h)"}, r"'h' is the outcome, or in"),
    "treated outcome": ({"outcome": "z"}, r"treatment: 'z' is the outcome, or in it"),
    "missing in the outcome": (
        {"outcome": "log(x)", "data": DATA.assign(x=DATA["x"].where(DATA.index != 3))},
        r"data: 'x' is missing in 1 rows, the first of them row 3",
    ),
    "one": ({"factors": ["a"]}, r"expected two or more. With one, fit me.Model\('y ~ z \+ \(1"),
    "twice": ({"factors": ["a", "a"]}, r"'a' is there twice"),
    "constant": ({"data": DATA.assign(z=1)}, r"treatment: 'z' is 1 in every row"),
    "constant factor": ({"data": DATA.assign(b="u")}, r"factors: 'b' is 'u' in every row"),
    "many": ({"factors": ["a", "x"]}, r"'x' is a number with 300 values. Bin it"),
    "missing": ({"data": MISSING}, r"data: 'b' is missing in 1 rows, the first of them row 3"),
    "three arms": (
        {"data": DATA.assign(z=DATA.index % 3)},
        r"values: expected the two values of 'z' to compare, which has 3",
    ),
    "values": ({"values": (0, 0)}, r"values=\(0, 0\): expected two that differ"),
    "no value": ({"treatment": "t", "values": ("not", "x")}, r"'x' is none of 'not', 'shown'"),
    "covariate": ({"covariates": ["b"]}, r"covariates: 'b' is not a number"),
    "covariate twice": ({"factors": ["a", "h"], "covariates": ["h"]}, r"treatment or a factor"),
    "family": ({"family": "ordered"}, r"family='ordered': expected one of 'gaussian'"),
    "scale": ({"scale": 0.0}, r"scale=0.0: expected a number above 0"),
    "prior": ({"priors": {"sd(a:c)": me.HalfNormal()}}, r"'sd\(a:c\)', which no step of this"),
    "truth": ({"truth": [1.0, 2.0]}, r"truth: expected 12 finite numbers.*got 2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_refused_by_name(name) -> None:
    asked, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        ladder(**{"factors": ["a", "b"]} | asked)


def test_estimates_are_refused_where_there_are_none() -> None:
    counts = DATA.assign(y=DATA["h"])
    with pytest.raises(ValueError, match="expected a family among gaussian, student, bernoulli"):
        ladder(data=counts, family="poisson", estimates=True).formulas  # noqa: B018
    three = DATA.assign(z=DATA.index % 3)
    with pytest.raises(ValueError, match="'z' has more values than 0 and 1"):
        ladder(data=three, values=(0, 1), estimates=True).formulas  # noqa: B018


UNKNOWN = {
    "factor": ({"c": "k"}, r"'c' is no factor of this ladder. Name some of a, b"),
    "level": ({"a": "x"}, r"'x' is no level of a. Its levels are 'p', 'q', 'r', 's'"),
    "some level": ({"b": ["u", "x"]}, r"'x' is no level of b"),
    "nothing": ({}, r"expected levels by factor. Pass for example \{'a': 'p'\}"),
    "text": ("a", r"expected levels by factor"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_subgroup_is_refused(found, name) -> None:
    where, message = UNKNOWN[name]
    for ask in (found.subgroup, found.sensitivity, found.plot):
        with pytest.raises(ValueError, match=message):
            ask(where)
    with pytest.raises(ValueError, match="step='last': expected one of 'constant'"):
        found.sensitivity(step="last")


def test_a_ladder_is_fitted_from_one_seed() -> None:
    few = {"draws": 40, "warmup": 60, "chains": 2, "progress": False}
    one = ladder(truth=TRUTH).fit(seed=1, **few)
    more = ladder(truth=TRUTH, estimates=True).fit(seed=1, **few)
    assert list(more.fits) == [*one.fits, "estimates"]
    for name, fit in one.fits.items():
        np.testing.assert_array_equal(fit.draws["z"], more.fits[name].draws["z"])
    assert not np.array_equal(one.fits["varying by a"].draws["z"], one.fits["constant"].draws["z"])
    again = one.refit("constant", one.scale)
    np.testing.assert_array_equal(again.draws["z"], one.fits["constant"].draws["z"])
    other = one.refit("constant", 0.25)
    assert "sd(a: Intercept)" in other.model.prior_summary()
    half = other.model.prior_summary()["sd(a: Intercept)"]["in the data's units"]
    assert half == f"HalfT(3, {0.25 * DATA['y'].std():.4g})"


@pytest.mark.slow
def test_partial_pooling_beats_separate_estimates() -> None:
    """Over 20 experiments, and it beats one effect for all."""
    gains, against_constant = [], []
    for seed in range(20):
        data, truth = experiment(100 + seed)
        made = ladder(data=data, truth=truth)
        fit = made.fit(seed=seed, draws=300, warmup=300, chains=2, progress=False)
        separate = estimates_of(made.question).estimate - truth
        pooled = fit.table["with interactions"]["rmse"]
        gains.append(np.sqrt(np.mean(separate**2)) - pooled)
        against_constant.append(fit.table["constant"]["rmse"] - pooled)
    for gain in (np.array(gains), np.array(against_constant)):
        assert gain.mean() > 3.0 * gain.std(ddof=1) / np.sqrt(gain.size)
