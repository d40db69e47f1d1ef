"""Faults with formulas and data that users of such packages report, and their cousins."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu import storage
from mcmc_edu.draws import Draws
from mcmc_edu.formulas import FormulaError, design
from mcmc_edu.formulas.scanning import inside_calls
from mcmc_edu.models.source import Source

pd = pytest.importorskip("pandas")
pytest.importorskip("formulaic")

Y = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
X = [1.0, 2.0, 3.0, 4.0, 5.0, 7.0]
FLAG = [True, False, True, False, False, True]
BOOLS = {
    "a list": FLAG,
    "NumPy's": np.array(FLAG),
    "nullable": lambda: pd.array(FLAG, dtype="boolean"),
    "objects": lambda: pd.Series(FLAG, dtype=object),
    "a categorical": lambda: pd.Categorical(FLAG),
    "a categorical, true first": lambda: pd.Categorical(FLAG, categories=[True, False]),
}


def only(right: str, **columns: Any) -> list[float]:
    """The one column that a term makes beside the intercept; new rows have it, too."""
    data = pd.DataFrame({"y": Y, "x": X} | columns)
    found = design("y ~ " + right, data)
    some = [4, 1, 2]
    np.testing.assert_array_equal(found.rows(data.iloc[some]).columns, found.columns[some])
    assert found.names[0] == "Intercept"
    assert len(found.names) == 2
    column: list[float] = found.columns[:, 1].tolist()
    return column


@pytest.mark.parametrize("kind", BOOLS)
def test_expressions_see_truth_values_as_such(kind: str) -> None:
    flag = BOOLS[kind]() if callable(BOOLS[kind]) else BOOLS[kind]
    number = np.array(FLAG, dtype=float)
    x = np.array(X)
    expected = {
        "I(flag == True)": number,
        "I(flag != True)": 1 - number,
        "I(flag == 1)": number,
        "I(~flag)": 1 - number,
        "I(flag * x)": number * x,
        "I(x * flag)": number * x,
        "I(flag + flag)": 2 * number,
        "I(1 - flag)": 1 - number,
        "I(-flag)": -number,
        "I(flag & (x > 1))": number * (x > 1),
        "np.where(flag, x, 0)": number * x,
        "C(flag == True)": number,
        "flag.isin([True])": number,
        "flag": number if kind != "a categorical, true first" else 1 - number,
    }
    for term, column in expected.items():
        np.testing.assert_array_equal(only(term, flag=flag), column, err_msg=term)
    data = {"k": [1, 2, 3, 4, 5, 6], "flag": flag, "x": X}
    found = design("k | trials(np.where(flag, 10, 20)) ~ x + offset(3 * flag)", data)
    assert found.trials is not None
    np.testing.assert_array_equal(found.trials, 20 - 10 * number)
    np.testing.assert_array_equal(found.offset, 3 * number)
    np.testing.assert_array_equal(design("I(flag == True) ~ x", data).y, number)
    np.testing.assert_array_equal(design("I(flag == False) ~ x", data).y, 1 - number)


def test_comparisons_are_counted() -> None:
    assert only("I((x > 2) + (x > 3))") == [0, 0, 1, 2, 2, 2]
    assert only("I((a == 'u') + (b == 'p'))", a=[*"uvwuvw"], b=[*"pqpqpq"]) == [2, 0, 1, 1, 1, 0]


@pytest.mark.parametrize("number", [int, float, np.int8])
def test_expressions_see_categories_of_numbers_as_numbers(number: Any) -> None:
    stage = pd.Categorical([number(k) for k in (1, 2, 3, 1, 2, 3)])
    assert only("I(stage == 2)", stage=stage) == [0, 1, 0, 0, 1, 0]
    assert only("I(stage != 2)", stage=stage) == [1, 0, 1, 1, 0, 1]
    assert only("stage.isin([2, 3])", stage=stage) == [0, 1, 1, 0, 1, 1]
    assert only("np.where(stage == 3, x, 0)", stage=stage) == [0, 0, 3, 0, 0, 7]
    for term, shown in (("stage", "stage"), ("C(stage)", "stage"), ("I(stage)", "I(stage)")):
        found = design("y ~ " + term, {"y": Y, "stage": stage})
        assert found.names[1:] == (f"{shown}[2]", f"{shown}[3]")


@pytest.mark.parametrize(
    ("levels", "values"),
    [
        ([2, 1, 3], [1, 2, 3, 1, 2, 3]),
        ([1.5, 0.5, 2.5], [0.5, 1.5, 2.5] * 2),
        ([True, False], FLAG),
    ],
)
def test_levels_of_a_factor_are_given_as_they_are(levels: list[Any], values: list[Any]) -> None:
    data = {"y": Y, "c": pd.Categorical(values), "x": values}
    expected = [f"c[{level}]" for level in levels[1:]]
    for term in (f"C(c, levels={levels})", f"C(x, levels={levels})"):
        names = design("y ~ " + term, data).names[1:]
        assert [name.replace(term, "c") for name in names] == expected
    found = design(f"y ~ C(c, contr.treatment(base={levels[0]}))", data)
    assert sorted(name[name.rindex("[") :] for name in found.names[1:]) == sorted(
        name[1:] for name in expected
    )
    np.testing.assert_array_equal(found.rows({"c": values[:1]}).columns, found.columns[:1])


def test_categories_of_words_and_numbers_compare_with_both() -> None:
    mixed = pd.Categorical([1, "b", 2.5, 1, "b", 2.5])
    assert only("I(mixed == 'b')", mixed=mixed) == [0, 1, 0, 0, 1, 0]
    assert only("I(mixed == 2.5)", mixed=mixed) == [0, 0, 1, 0, 0, 1]
    assert only("mixed.isin([1, 'b'])", mixed=mixed) == [1, 1, 0, 1, 1, 0]


def test_an_ordered_categorical_keeps_its_order_in_expressions() -> None:
    size = pd.Categorical([*"SMLSML"], categories=[*"SMLX"], ordered=True)
    assert only("I(size >= 'M')", size=size) == [0, 1, 1, 0, 1, 1]
    assert only("I(size < 'X') : x", size=size) == X


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("I(c == 'True')", FLAG),
        ("I(c != '2')", pd.Categorical([1, 2, 3, 1, 2, 3])),
        ("c.isin(['2'])", [1, 2, 3, 1, 2, 3]),
        ("I(c == 1)", [*"121212"]),
        ("I(c == True)", pd.Categorical([*"121212"])),
    ],
)
def test_text_is_compared_with_text_only(expression: str, column: Any) -> None:
    with pytest.raises(FormulaError, match=r"c holds (text|numbers|truth values), of which"):
        design("y ~ " + expression, {"y": Y, "c": column})


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("y ~ I(c == 2)", pd.Categorical([1, 2, 3, 1, 2, 3])),
        ("y ~ I(c == 0.5)", pd.Categorical([0.5, 2, 3, 0.5, 2, 3])),
        ("y ~ I(c == True)", pd.Categorical(FLAG)),
        ("y ~ I(c < 'X')", pd.Categorical([*"SMLSML"], categories=[*"SMLX"], ordered=True)),
    ],
)
def test_a_saved_model_sees_them_as_well(formula: str, column: Any) -> None:
    made = Source.of_table(formula, {"y": Y, "c": column}, "error")
    read = Source.of_plain(formula, "error", made.plain())
    first, again = made.design(), read.design()
    assert again.names == first.names
    np.testing.assert_array_equal(again.columns, first.columns)


def test_what_is_inside_a_call() -> None:
    text = "(a + f(b)):g[c]"
    inside = inside_calls(text)
    assert [text[i] for i in range(len(text)) if inside[i]] == ["b", "c"]


ARRAY = pd.DataFrame(np.random.default_rng(1).uniform(1.0, 2.0, (6, 4)))
"""Its columns are called 0, 1, 2 and 3."""


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("`1` + `2`", {"1": ARRAY[1], "2": ARRAY[2]}),
        ("`1`:`2`", {"1:2": ARRAY[1] * ARRAY[2]}),
        ("`2` * `1`", {"2": ARRAY[2], "1": ARRAY[1], "2:1": ARRAY[1] * ARRAY[2]}),
        ("`3` - 1 + 1", {"3": ARRAY[3]}),
        ("`1` + `2` - `1`", {"2": ARRAY[2]}),
        ("log(`1`) + I(`2` ** 2)", {"log(1)": np.log(ARRAY[1]), "I(2 ** 2)": ARRAY[2] ** 2}),
    ],
)
def test_columns_may_be_called_by_numbers(right: str, expected: Any) -> None:
    found = design("`0` ~ " + right, ARRAY)
    np.testing.assert_array_equal(found.y, ARRAY[0])
    assert found.names == ("Intercept", *expected)
    np.testing.assert_allclose(found.columns[:, 1:], np.column_stack(list(expected.values())))
    np.testing.assert_array_equal(found.rows(ARRAY.iloc[1:3]).columns, found.columns[1:3])


@pytest.mark.parametrize("name", ["0", "1", "1e3", "0.5", "-1", ".", "1:2", "2020-01-01"])
def test_whatever_the_number(name: str) -> None:
    data = {"y": Y, name: X, "a": [*"uvwuvw"]}
    found = design(f"`{name}` ~ 0 + `{name}` + a:`{name}` + (0 + `{name}` | a)", data)
    np.testing.assert_array_equal(found.y, X)
    assert found.names == (name, f"a[v]:{name}", f"a[w]:{name}")
    np.testing.assert_array_equal(found.columns[:, 0], X)
    assert found.groupings[0].names == (name,)
    logged = design(f"log(`{name}`) ~ offset(`{name}` / 2)", data)
    np.testing.assert_array_equal(logged.y, np.log(X))
    np.testing.assert_array_equal(logged.offset, np.array(X) / 2)
    assert logged.names == ("Intercept",)


NAMES = ["x", "class", "lambda", "True", "µm", "Größe", "身長", "ſ", "my col", "it's", 'a"b', "{z}"]
NAMES += ["e[1]", "x.mean", "a:b", "a\\b", "log", "I", "C", "np", "Q", "exp", "as_one_column"]
NAMES += ["column_61_", "given_61_", "%", "__class__", "T.u"]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_mean_something_else(name: str) -> None:
    """To Python, to formulaic, or to Unicode, which has two letters mu."""
    data = {"y": Y, name: X, "a": [*"uvwuvw"], "μm": Y}
    x, quoted = np.array(X), f"`{name}`"
    for call, column in (("exp", np.exp(x)), ("scale", (x - x.mean()) / x.std(ddof=1))):
        found = design(f"y ~ {call}({quoted}) + {quoted}", data)
        assert found.names == ("Intercept", f"{call}({name})", name)
        np.testing.assert_allclose(found.columns[:, 1:], np.column_stack([column, x]))
    found = design(f"{quoted} ~ C({quoted}) + I({quoted}**2):a + (log({quoted}) | a)", data)
    assert found.names[1:6] == tuple(f"{name}[{level:.0f}]" for level in X[1:])
    assert found.names[6] == f"I({name} ** 2):a[u]"
    assert found.groupings[0].names == ("Intercept", f"log({name})")
    rows = found.rows(pd.DataFrame(data).iloc[[1, 3]])
    np.testing.assert_array_equal(rows.columns, found.columns[[1, 3]])


@pytest.mark.parametrize(
    "name", ["class", "µm", "log", "C", "np", "lambda", "Größe", "Sepal.Length"]
)
def test_such_names_without_backticks(name: str) -> None:
    data = {"y": X, name: X, "a": [*"uvwuvw"], "μm": Y}
    found = design(f"log({name}) ~ np.log({name}) + {name} + (0 + {name} | a)", data)
    np.testing.assert_array_equal(found.y, np.log(X))
    assert found.names == ("Intercept", f"np.log({name})", name)
    np.testing.assert_array_equal(found.columns[:, 1:], np.column_stack([np.log(X), X]))
    factors = design(f"y ~ C({name})", {"y": Y, name: [*"uvwuvw"]})
    assert factors.names == ("Intercept", f"{name}[v]", f"{name}[w]")


def test_a_quoted_name_is_no_method_of_a_column() -> None:
    with pytest.raises(FormulaError, match=r"no column 'x\.size'"):
        design("y ~ `x.size`", {"y": Y, "x": X})


def test_an_error_has_the_names_as_they_were() -> None:
    with pytest.raises(FormulaError, match="factor `log\\(µm\\)`"):
        design("y ~ log(µm)", {"y": Y, "µm": [*"uvwuvw"]})


LARGE = [2**53 + 1, 2**53 + 2, 2**53 + 3]
INTEGERS = {
    "a list": lambda ids: ids,
    "64 bits": lambda ids: np.array(ids, dtype=np.int64),
    "no sign": lambda ids: np.array(ids, dtype=np.uint64),
    "nullable": lambda ids: pd.array(ids, dtype="Int64"),
    "objects": lambda ids: pd.Series(ids, dtype=object),
    "categories": pd.Categorical,
}


@pytest.mark.parametrize("kind", INTEGERS)
def test_integers_that_no_float_can_hold_are_levels(kind: str) -> None:
    data = pd.DataFrame({"y": Y, "id": INTEGERS[kind](LARGE * 2)})
    found = design(f"y ~ C(id) + I(id == {LARGE[1]}) + (1 | id)", data)
    assert found.names[1:3] == (f"id[{LARGE[1]}]", f"id[{LARGE[2]}]")
    np.testing.assert_array_equal(found.columns[:3], [[1, 0, 0, 0], [1, 1, 0, 1], [1, 0, 1, 0]])
    assert found.groupings[0].levels == tuple(map(str, LARGE))
    np.testing.assert_array_equal(found.rows(data.iloc[[1, 2]]).columns, found.columns[[1, 2]])


def test_columns_of_arrow_are_seen_in_expressions() -> None:
    pytest.importorskip("pyarrow")
    ids = pd.array(LARGE * 2, dtype="int64[pyarrow]")
    assert only(f"I(id == {LARGE[1]})", id=ids) == [0, 1, 0, 0, 1, 0]
    assert design("y ~ 0 + C(id)", pd.DataFrame({"y": Y, "id": ids})).names[2] == f"id[{LARGE[2]}]"
    assert only("I(2 * z)", z=pd.array([1, 2, 3, 4, 5, 7], dtype="uint8[pyarrow]")) == [
        2 * x for x in X
    ]
    assert only("I(flag == True)", flag=pd.array(FLAG, dtype="bool[pyarrow]")) == [1, 0, 1, 0, 0, 1]


@pytest.mark.parametrize("ids", [[-k for k in LARGE], [2**70, 2**70 + 1, 2**70 + 2], [1e300, 2, 3]])
def test_other_large_numbers_are_levels(ids: list[Any]) -> None:
    found = design("y ~ 0 + C(id) + (1 | id)", {"y": Y, "id": ids * 2})
    assert len(found.names) == len(found.groupings[0].levels) == 3


def test_large_floats_have_the_names_of_the_integers() -> None:
    found = design("y ~ C(id) + (1 | id)", {"y": Y, "id": [1e17, 1e17 + 16, 1e17 + 32] * 2})
    assert found.groupings[0].levels[:2] == ("100000000000000000", "100000000000000016")
    assert found.rows({"id": [10**17 + 16]}).groupings[0].index.tolist() == [1]


def test_no_product_of_large_integers_overflows() -> None:
    column = only("I(id * id)", id=LARGE * 2)
    np.testing.assert_allclose(column, [float(k) ** 2 for k in LARGE * 2])


@pytest.mark.parametrize(
    ("right", "factor", "term"),
    [
        ("a", "a", "a"),
        ("x * a", "a", "a"),
        ("x + x:a", "a", "x:a"),
        ("C(k)", "C(k)", "C(k)"),
        ("x + (1 + a | g)", "a", "a"),
        ("C(t == True)", "C(t == True)", "C(t == True)"),
        ("g + class", "class", "class"),
    ],
)
def test_a_factor_of_one_level_is_refused(right: str, factor: str, term: str) -> None:
    data = {"y": Y, "x": X, "a": ["u"] * 6, "k": [3] * 6, "t": [True] * 6, "g": [*"ppqqrr"]}
    with pytest.raises(FormulaError, match="one level only") as refused:
        design("y ~ " + right, data | {"class": pd.Categorical(["u"] * 6, categories=["u", "v"])})
    assert f"the factor {factor} has" in str(refused.value)
    assert f"leave the term {term} out" in str(refused.value)


@pytest.mark.parametrize("right", ["0 + a", "a:x", "0 + x + a", "g:a"])
def test_where_one_level_has_a_column_it_is_no_fault(right: str) -> None:
    found = design("y ~ " + right, {"y": Y, "x": X, "a": ["u"] * 6, "g": [*"ppqqrr"]})
    assert found.columns.any()


COLUMNS = {"y": Y, "x": X, "t": [0.0, 1.0, 0.0, 1.0, 0.0, 1.0], "n": [3, 4, 5, 6, 7, 8]}
COLUMNS |= {"a": [*"uvwuvw"], "flag": FLAG, "Sepal.Length": [1.0, 3.0, 2.0, 4.0, 5.0, 4.0]}


@pytest.mark.parametrize(
    ("right", "what"),
    [
        ("I(x - x.mean())", "I(x - x.mean())"),
        ("I(t - t.mean())", "I(t - t.mean())"),
        ("I((x - np.mean(x)) / np.std(x))", "I((x - np.mean(x)) / np.std(x))"),
        ("t + x.rank()", "x.rank()"),
        ("np.cumsum(x)", "np.cumsum(x)"),
        ("np.maximum.accumulate(x)", "np.maximum.accumulate(x)"),
        ("np.where(x > np.median(x), 1, 0)", "np.where(x > np.median(x), 1, 0)"),
        ("a:np.cumsum(t)", "a[u]:np.cumsum(t)"),
        ("C(x > x.mean())", "C(x > x.mean())[True]"),
        ("I(x * sum(x))", "I(x * sum(x))"),
        ("I(x - x.values.mean())", "I(x - x.values.mean())"),
        ("I(x - x[0])", "I(x - x[0])"),
        ("np.arange(len(x))", "np.arange(len(x))"),
        ("np.gradient(x)", "1 + np.gradient(x)"),
        ("t + (0 + x.rank() | a)", "x.rank()"),
        ("t + offset(log(n / n.mean()))", "(log(n / n.mean()))"),
    ],
)
def test_what_new_rows_would_compute_anew_is_refused(right: str, what: str) -> None:
    with pytest.raises(FormulaError, match="is computed from other rows as well") as refused:
        design("y ~ " + right, COLUMNS)
    said = str(refused.value)
    assert f": {what} is computed" in said or f"`{what}`" in said
    assert "center(x), scale(x), poly(x, 2) and their like" in said


def test_trials_of_the_whole_column_are_refused() -> None:
    with pytest.raises(
        FormulaError, match=r"trials\(np.full_like\(n, n.max\(\)\)\).* from other rows"
    ):
        design("t | trials(np.full_like(n, n.max())) ~ x", COLUMNS)


@pytest.mark.parametrize(
    "right",
    [
        "np.where(x > 2, x, 0)",
        "x.clip(2, 4) + I(x.abs()) + x.round(1)",
        "a.str.len() + x.between(2, 4)",
        "np.interp(x, [0, 9], [1, 2]) + np.digitize(x, [2, 4])",
        "np.where(flag, x, 0) + bs(x, df=4) + poly(x, 2) + C(a, contr.sum) + cr(x, df=3)",
        "center(x.clip(2, 5)) + scale(np.where(flag, x, 0))",
        "Sepal.Length + np.maximum(Sepal.Length, 2) + standardize(x)",
        "I(x.values ** 2):a.isin(['u', 'v'])",
    ],
)
def test_what_takes_each_row_by_itself_or_remembers_is_not(right: str) -> None:
    found = design("y ~ " + right, COLUMNS)
    rows = found.rows(pd.DataFrame(COLUMNS).iloc[[1, 3]])
    np.testing.assert_allclose(rows.columns, found.columns[[1, 3]])


@pytest.mark.parametrize(
    ("outcome", "fitted", "new"),
    [
        ("y", [*"uvwuvw"], ["u", "x"]),
        ("y", FLAG, ["perhaps", "no"]),
        ("y", pd.Categorical([1, 2, 3, 1, 2, 3]), [4, 1]),
        ("log(y)", Y, [0.0, 1.0]),
        ("log(y)", Y, [-1.0, 2.0]),
        ("sqrt(y)", Y, ["?", "?"]),
        ("y", Y, [np.inf, 1.0]),
        ("y", Y, [None, 1.0]),
        ("y", Y, ["unknown", "unknown"]),
        ("y", Y, pd.to_datetime(["2020-01-01", "2020-01-02"])),
        ("I(y == 2)", pd.Categorical([1, 2, 3, 1, 2, 3]), ["?", "?"]),
    ],
)
def test_the_outcome_of_new_rows_is_ignored(outcome: str, fitted: Any, new: Any) -> None:
    found = design(f"{outcome} ~ x + (x | a)", {"y": fitted, "x": X, "a": [*"uvwuvw"]})
    rows = found.rows({"y": new, "x": [3.0, 4.0], "a": ["u", "q"]})
    assert rows.y.size == 0
    assert (rows.outcome_levels, rows.outcome_in_order) == (
        found.outcome_levels,
        found.outcome_in_order,
    )
    np.testing.assert_array_equal(rows.columns, [[1, 3], [1, 4]])
    assert rows.groupings[0].unseen == ("q",)


def test_an_outcome_of_new_rows_that_can_be_read_is() -> None:
    found = design("log(y) ~ x", {"y": Y, "x": X})
    np.testing.assert_array_equal(found.rows({"y": [1.0, 2.0], "x": X[:2]}).y, [0.0, np.log(2)])
    words = design("y ~ 1", {"y": [*"abcabc"]})
    assert words.rows({"y": ["c", "a"]}).y.tolist() == [2.0, 0.0]
    assert words.rows({"y": ["c", "?"]}).columns.shape == (2, 1)


def test_an_outcome_that_is_a_predictor_as_well_must_be_in_order() -> None:
    found = design("y ~ x + I(y > 2)", {"y": Y, "x": X})
    with pytest.raises(ValueError, match="y has the value inf"):
        found.rows({"y": [np.inf], "x": [1.0]})


def model_of(right: str, rows: int = 40) -> me.Model:
    rng = np.random.default_rng(1)
    data = {name: rng.standard_normal(rows) for name in ("y", "x", "z")}
    a = rng.choice([*"uvw"], rows)
    days = pd.date_range("2020-01-01", periods=rows)
    more = {
        "a": a,
        "b": np.where(a == "u", "p", "q"),
        "twin": data["x"],
        "late": 1e9 + rng.uniform(0.0, 0.1, rows),
        "far": -1e13 + rng.uniform(0.0, 1.0, rows),
        "day": days.strftime("%Y-%m-%d"),
        "german": days.strftime("%d.%m.%Y"),
        "stamp": days.strftime("%Y/%m/%d %H:%M"),
        "few": days.strftime("%Y-%m"),
    }
    return me.Model("y ~ " + right, data | more)


@pytest.mark.parametrize(
    ("right", "said", "instead"),
    [
        ("late", r"centre it: write center\(late\)", "center(late)"),
        ("x + far", r"centre it: write center\(far\)", "x + center(far)"),
        ("late + far", r"write center\(late\) and center\(far\)", "center(late) + center(far)"),
        (
            "cr(x, df=4)",
            r"write cr\(x, df=4, constraints='center'\), or 0 \+",
            "cr(x, df=4, constraints='center')",
        ),
        ("cr(x, df=4)", "or 0 [+] for no intercept", "0 + cr(x, df=4)"),
        (
            "z + cc(x, df=4)",
            r"write cc\(x, df=4, constraints='center'\)",
            "z + cc(x, df=4, constraints='center')",
        ),
        ("a + b", "leave the term b out", "a"),
        ("x + twin", "twin is determined by the others; leave it out", "x"),
        ("x + I(2 * x) + I(3 * x)", r"I\(2 \* x\), I\(3 \* x\) are .*; leave them out", "x"),
        ("(1 + x + z) * a", "expand the product, or leave the 1 out", "(x + z) * a"),
        ("day", "looks like dates, '2020-01-01' and 39 others", "few"),
        ("x * german", r"write \(1 \| german\) for a group", "x + (1 | german)"),
        ("stamp", r"write C\(stamp\) if that is meant", "I(stamp > '2020/01/09')"),
    ],
)
def test_remedies_can_be_followed(right: str, said: str, instead: str) -> None:
    with pytest.raises(ValueError, match=said):
        model_of(right)
    model_of(instead)


def test_each_of_many_dates_may_have_a_coefficient() -> None:
    days = pd.date_range("2020-01-01", periods=11).strftime("%Y-%m-%d")
    assert len(design("y ~ C(day)", {"y": range(11), "day": days}).names) == 11
    assert len(design("y ~ day", {"y": range(10), "day": days[:10]}).names) == 10


def test_columns_that_are_not_in_use_may_share_a_name() -> None:
    data = pd.DataFrame([[1.0, 2.0, 3.0, 3.0], [2.0, 1.0, 4.0, 5.0]], columns=["y", "x", "z", "z"])
    found = design("y ~ x", data)
    assert found.rows(data).columns.tolist() == found.columns.tolist()
    assert Source.of_table("y ~ x", data, "error").values.columns.tolist() == ["y", "x"]
    for formula in ("y ~ z", "z ~ x", "y ~ (1 | z)", "y ~ offset(z)"):
        with pytest.raises(ValueError, match="data have 2 columns 'z'; rename them"):
            design(formula, data)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_table_with_another_separator(mark: str, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text(mark.join("yx") + "\n" + mark.join("12") + "\n")
    with pytest.raises(FormulaError, match="the column separator is") as refused:
        design("y ~ x", pd.read_csv(file))
    assert f"pandas.read_csv(file, sep={mark!r})" in str(refused.value)
    assert pd.read_csv(file, sep=mark).columns.tolist() == ["y", "x"]


def gappy(formula: str, **options: Any) -> me.models.Fit:
    """A fit of draws from nowhere to 60 rows, of which x lacks row 3 and z row 20."""
    y = np.repeat([0.0, 1.0], 30)
    x, z = np.arange(60.0), np.cos(np.arange(60.0))
    y[40], x[3], z[20] = 50.0, np.nan, np.nan
    model = me.Model(formula, {"y": y, "x": x, "z": z}, missing="drop", **options)
    rng = np.random.default_rng(1)
    names = [*model.design.names, "sigma"]
    natural = {name: rng.normal(1.0, 0.01, (2, 100)) for name in names}
    return me.models.Fit(model, Draws(np.zeros((2, 100, 1)), ["~"], {}, natural, {}, {}))


def test_models_that_dropped_other_rows_are_not_compared() -> None:
    one, other, both = gappy("y ~ x"), gappy("y ~ z"), gappy("y ~ x + z")
    whole = gappy("y ~ 1")
    pairs = [
        (one, other, "'b' is not of the same rows as 'a': 'a' lacks row 3 and 'b' lacks row 20"),
        (one, both, "'b' is not of the same rows as 'a': 'b' lacks row 20 "),
        (whole, both, "'b' is not of the same rows as 'a': 'b' lacks rows 3, 20 "),
        (both, whole, "'b' is not of the same rows as 'a': 'a' lacks rows 3, 20 "),
        (one.loo(), other, "'a' lacks row 3 and 'b' lacks row 20 .counted from 0."),
    ]
    for a, b, said in pairs:
        with pytest.raises(ValueError, match=said):
            me.models.compare({"a": a, "b": b})
    same = me.models.compare({"a": one, "b": gappy("y ~ x + I(x ** 2)").loo()})
    assert set(same) == {"a", "b"}


def test_a_difference_is_told_by_the_number_of_the_row() -> None:
    with pytest.raises(ValueError, match=r"first of them row 4 \(counted from 0"):
        me.models.compare({"a": gappy("y ~ x"), "b": gappy("I(y + (x > 3)) ~ x")})


def test_rows_keep_their_numbers() -> None:
    fit = gappy("y ~ I(x / 1000) + z")
    numbers = [i for i in range(60) if i not in (3, 20)]
    found = fit.loo()
    assert found.names == tuple(map(str, numbers))
    assert found.names[int(found.pointwise.argmin())] == "40"
    with pytest.warns(UserWarning, match="is 'I.x | 1000.'"):
        tree = fit.to_arviz(seed=1)
    assert tree.observed_data["row"].values.tolist() == numbers
    assert float(tree.observed_data["y"].sel(row=40)) == 50.0
    assert tree.log_likelihood["row"].values.tolist() == numbers


def test_rows_keep_their_numbers_in_files(tmp_path: Path) -> None:
    made = Source.of_table("y ~ x", {"y": Y, "x": [1.0, None, 2.0, 3.0, None, 5.0]}, "drop")
    storage.write(tmp_path / "source.npz", {"source": made.plain()})
    read = Source.of_plain("y ~ x", "drop", storage.read(tmp_path / "source.npz")["source"])
    assert read.rows is not None
    assert read.rows.tolist() == [0, 2, 3, 5]
    assert (read.dropped, read.design().dropped) == (2, 2)
    np.testing.assert_array_equal(read.design().columns, made.design().columns)
    old = made.plain()
    del old["rows"]
    without = Source.of_plain("y ~ x", "drop", old)
    assert without.design().y.tolist() == [1.0, 3.0, 4.0, 6.0]
    assert without.rows is None
    assert Source.of_plain("y ~ x", "drop", without.plain()).rows is None
    whole = Source.of_table("y ~ x", {"y": Y, "x": X}, "error").plain()
    del whole["rows"]
    rows = Source.of_plain("y ~ x", "error", whole).rows
    assert rows is not None
    assert rows.tolist() == [0, 1, 2, 3, 4, 5]


def numbered(levels: Any = range(1, 9), bar: str = "1 + x") -> me.models.Fit:
    """Effects of eight levels, each near the place of its level, from 0."""
    g = np.repeat(np.arange(8), 4)
    data = {"y": np.arange(32.0), "x": np.cos(np.arange(32.0)), "a": [*"uv"] * 16}
    model = me.Model(f"y ~ x + ({bar} | g)", data | {"g": np.array([*levels])[g]})
    names = model.design.groupings[0].names
    rng = np.random.default_rng(1)
    effects = np.arange(8) + rng.normal(0.0, 0.01, (2, 100, 8))
    natural = {f"b(g: {name})": effects + 10 * k for k, name in enumerate(names)}
    natural |= {"Intercept": effects[..., 0], "x": effects[..., 1], "sigma": effects[..., 2]}
    return me.models.Fit(model, Draws(np.zeros((2, 100, 1)), ["~"], {}, natural, {}, {}))


LEVELS = {
    "numbers from 1": range(1, 9),
    "numbers backwards": [80, 70, 60, 50, 40, 30, 20, 10],
    "words": [*"stuvwxyz"],
    "brackets": [f"[{k}]: a" for k in range(8)],
}


@pytest.mark.parametrize("kind", LEVELS)
@pytest.mark.parametrize("bar", ["1 + x", "0 + a"])
def test_a_level_has_one_name_everywhere(kind: str, bar: str) -> None:
    fit = numbered(LEVELS[kind], bar)
    group = fit.model.design.groupings[0]
    for name in group.names:
        effects = f"b(g: {name})"
        rows = fit.summary(effects)
        assert list(rows) == [f"{effects}[{level}]" for level in group.levels]
        for level in group.levels:
            row = f"{effects}[{level}]"
            mean = fit.draws[row].mean()
            assert rows[row]["mean"] == pytest.approx(mean)
            assert list(fit.summary(row)) == [row]
            assert fit.hypothesis(f"`{row}` > -1")[f"`{row}` > -1"]["mean"] == pytest.approx(
                mean + 1
            )
            assert fit.ranef()["g"][level][name] == pytest.approx(mean)
        assert fit.draws[effects].shape == (2, 100, 8)
        named = fit.draws.to_arviz().posterior[effects]
        assert named[f"{effects}_dim_0"].values.tolist() == list(group.levels)


def test_warnings_name_levels() -> None:
    fit = numbered()
    stuck = fit.draws.natural["b(g: x)"]
    stuck[0, :, 2] += 100.0
    assert "R-hat of b(g: x)[3] is" in " ".join(fit.summary("b(g: x)").notes)
    assert "R-hat of b(g: x)[3] is" in " ".join(fit.draws.summary().notes)


def test_names_of_levels_are_kept_in_files(tmp_path: Path) -> None:
    numbered().draws.save(tmp_path / "draws.npz")
    read = me.load(tmp_path / "draws.npz")
    np.testing.assert_array_equal(read["b(g: x)[3]"], read["b(g: x)"][:, :, 2])
    with pytest.raises(KeyError, match="no quantity"):
        read["b(g: x)[0]"]
