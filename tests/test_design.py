"""Designs: matrices written out by hand, levels, missing values, new rows, and bare arrays."""

import json
import sys
import types
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mcmc_edu.formulas.design import Design, collinear, design, from_arrays
from mcmc_edu.models import Model

pd = pytest.importorskip("pandas")
pytest.importorskip("formulaic")

SLEEP = {
    "Reaction": [250.0, 259.0, 251.0, 321.0, 222.0, 205.0],
    "Days": [0, 1, 2, 3, 0, 1],
    "Subject": [308, 308, 308, 9, 9, 330],
}
"""A few rows in the manner of the sleep study; the subjects are numbers."""

FACTORS = {
    "y": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    "x": [1, 2, 3, 4, 5, 6],
    "a": ["u", "v", "w", "u", "v", "w"],
    "b": ["p", "q", "p", "q", "p", "q"],
    "t": [True, False, True, True, False, False],
    "k": [10, 2, 2, 10, 3, 3],
}


LME4 = json.loads((Path(__file__).parent / "reference/lme4_designs.json").read_text("utf-8"))
"""Matrices made by lme4; reference/lme4_designs.R made the file."""


def made(right: str, data: Mapping[str, Any] = FACTORS) -> Design:
    return design("y ~ " + right, data)


def check(found: Design, expected: Mapping[str, list[float]]) -> None:
    assert found.names == tuple(expected)
    assert found.columns.shape == (len(FACTORS["y"]), len(expected))
    for name, column in zip(found.names, found.columns.T, strict=True):
        np.testing.assert_allclose(column, expected[name], rtol=1e-15, atol=1e-15, err_msg=name)


def test_sleepstudy() -> None:
    found = design("Reaction ~ Days + (Days | Subject)", SLEEP)
    assert found.outcome == "Reaction"
    assert found.names == ("Intercept", "Days")
    np.testing.assert_array_equal(found.y, SLEEP["Reaction"])
    np.testing.assert_array_equal(found.columns, [[1, 0], [1, 1], [1, 2], [1, 3], [1, 0], [1, 1]])
    assert found.trials is None
    np.testing.assert_array_equal(found.offset, np.zeros(6))
    (subject,) = found.groupings
    assert (subject.name, subject.names, subject.correlated) == (
        "Subject",
        ("Intercept", "Days"),
        True,
    )
    assert subject.levels == ("9", "308", "330")  # by size, not by character
    assert subject.index.tolist() == [1, 1, 1, 0, 0, 2]
    assert subject.index.dtype == np.int64
    np.testing.assert_array_equal(subject.columns, found.columns)
    assert found.dropped == 0


ONE = [1.0] * 6
U, V, W = [1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]
P, Q = [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1]
X = [1, 2, 3, 4, 5, 6]
BASE_W = "C(a, contr.treatment('w'))"
TURNED = "C(a, levels=['w', 'v', 'u'])"


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("1", {"Intercept": ONE}),
        ("0", {}),
        ("x", {"Intercept": ONE, "x": X}),
        ("0 + x", {"x": X}),
        ("a", {"Intercept": ONE, "a[v]": V, "a[w]": W}),
        ("0 + a", {"a[u]": U, "a[v]": V, "a[w]": W}),
        ("t", {"Intercept": ONE, "t[True]": [1, 0, 1, 1, 0, 0]}),
        (
            "a * b",
            {
                "Intercept": ONE,
                "a[v]": V,
                "a[w]": W,
                "b[q]": Q,
                "a[v]:b[q]": [0, 1, 0, 0, 0, 0],
                "a[w]:b[q]": [0, 0, 0, 0, 0, 1],
            },
        ),
        (
            "b + b:x",
            {
                "Intercept": ONE,
                "b[q]": Q,
                "b[p]:x": [1, 0, 3, 0, 5, 0],
                "b[q]:x": [0, 2, 0, 4, 0, 6],
            },
        ),
        ("x * b", {"Intercept": ONE, "x": X, "b[q]": Q, "x:b[q]": [0, 2, 0, 4, 0, 6]}),
        ("b - b", {"Intercept": ONE}),
        ("factor(k)", {"Intercept": ONE, "k[3]": [0, 0, 0, 0, 1, 1], "k[10]": [1, 0, 0, 1, 0, 0]}),
        ("C(a)", {"Intercept": ONE, "a[v]": V, "a[w]": W}),
        (BASE_W, {"Intercept": ONE, f"{BASE_W}[u]": U, f"{BASE_W}[v]": V}),
        (TURNED, {"Intercept": ONE, f"{TURNED}[v]": V, f"{TURNED}[u]": U}),
        ("log(x) + I(x^2)", {"Intercept": ONE, "log(x)": np.log(X), "I(x ** 2)": np.square(X)}),
        ("I(x^-1)", {"Intercept": ONE, "I(x ** (-1))": 1 / np.array(X)}),
        ("sqrt(x)", {"Intercept": ONE, "sqrt(x)": np.sqrt(X)}),
        ("center(x)", {"Intercept": ONE, "center(x)": np.array(X) - 3.5}),
        ("scale(x)", {"Intercept": ONE, "scale(x)": (np.array(X) - 3.5) / np.sqrt(3.5)}),
        ("rescale(x)", {"Intercept": ONE, "rescale(x)": (np.array(X) - 3.5) / np.sqrt(14.0)}),
        ("I(x > 3)", {"Intercept": ONE, "I(x > 3)": [0, 0, 0, 1, 1, 1]}),
    ],
)
def test_common_columns(right: str, expected: Mapping[str, list[float]]) -> None:
    check(made(right), expected)


def test_polynomials_are_rs() -> None:
    """``poly(c(1, 2, 3, 4, 5, 7), 2)`` in R 4.2.2."""
    found = design("y ~ poly(x, 2)", {"y": ONE, "x": [1, 2, 3, 4, 5, 7]})
    assert found.names == ("Intercept", "poly(x, 2)[1]", "poly(x, 2)[2]")
    linear = [-0.55205244747, -0.34503277967, -0.13801311186, 0.06900655593, 0.27602622373]
    square = [0.54554472558, 0.0, -0.32732683535, -0.43643578047, -0.32732683535]
    np.testing.assert_allclose(found.columns[:5, 1], linear, rtol=1e-10)
    np.testing.assert_allclose(found.columns[:5, 2], square, rtol=1e-9, atol=1e-12)


def test_bars_have_columns_of_their_own() -> None:
    found = made("x + (0 + a | b) + (t || k) + (1 | b:a)")
    one, two, three = found.groupings
    assert one.names == ("a[u]", "a[v]", "a[w]")
    np.testing.assert_array_equal(one.columns, np.transpose([U, V, W]))
    assert two.names == ("Intercept", "t[True]")
    assert (one.correlated, two.correlated) == (True, False)
    assert two.levels == ("2", "3", "10")
    assert two.index.tolist() == [2, 0, 0, 2, 1, 1]
    assert three.name == "b:a"
    assert three.levels == ("p:u", "p:v", "p:w", "q:u", "q:v", "q:w")
    assert three.index.tolist() == [0, 4, 2, 3, 1, 5]


def dummies(found: Design) -> list[list[float]]:
    """The groupings as a dense matrix's columns, one for each level and coefficient."""
    return [
        np.where(group.index == level, column, 0.0).tolist()
        for group in found.groupings
        for level in range(len(group.levels))
        for column in group.columns.T
    ]


@pytest.mark.parametrize("expected", LME4["designs"], ids=lambda expected: expected["terms"])
def test_agrees_with_lme4(expected: Mapping[str, Any]) -> None:
    """X, Z and the offset; lme4 puts the columns of Z in another order."""
    found = design("y ~ " + expected["terms"], LME4["data"])
    rows = len(LME4["data"]["y"])
    common = np.reshape(expected["common"], (-1, rows)).T
    np.testing.assert_allclose(found.columns, common, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.offset, expected["offset"], rtol=1e-12)
    np.testing.assert_allclose(
        sorted(dummies(found)), sorted(expected["varying"]), rtol=1e-12, atol=1e-12
    )


def test_only_combinations_that_occur_are_levels() -> None:
    data = {"y": [1, 2, 3, 4], "a": [2, 10, 2, 10], "b": ["z", "y", "z", "x"]}
    outer, inner = design("y ~ (1 | a/b)", data).groupings
    assert (outer.name, outer.levels) == ("a", ("2", "10"))
    assert (inner.name, inner.levels) == ("a:b", ("2:z", "10:x", "10:y"))
    assert inner.index.tolist() == [0, 2, 0, 1]


@pytest.mark.parametrize(
    ("group", "levels", "index"),
    [
        ([3, 20, 3], ("3", "20"), [0, 1, 0]),
        ([3.0, 20.0, 1.5], ("1.5", "3", "20"), [1, 2, 0]),
        (["3", "20", "3"], ("20", "3"), [1, 0, 1]),
        ([True, False, True], ("False", "True"), [1, 0, 1]),
        ([True, True, True], ("True",), [0, 0, 0]),
        (np.array(["z", "é", "f"]), ("é", "f", "z"), [2, 0, 1]),
        (["b", "B", "a", "A", "Ba"], ("a", "A", "b", "B", "Ba"), [2, 3, 0, 1, 4]),
        (np.array(["b", "a", "b"], dtype=object), ("a", "b"), [1, 0, 1]),
        (np.array([9, 8, 7], dtype=np.uint8), ("7", "8", "9"), [2, 1, 0]),
        (pd.Categorical(["lo", "hi", "lo"], ["lo", "mid", "hi"]), ("lo", "hi"), [0, 1, 0]),
        (pd.array([2, 1, 2], dtype="Int64"), ("1", "2"), [1, 0, 1]),
        (
            pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-02"]),
            ("2020-01-01 00:00:00", "2020-01-02 00:00:00"),
            [1, 0, 1],
        ),
    ],
)
def test_levels_of_a_group(group: Any, levels: tuple[str, ...], index: list[int]) -> None:
    (found,) = design("y ~ (1 | g)", {"y": range(len(index)), "g": group}).groupings
    assert found.levels == levels
    assert found.index.tolist() == index
    if not isinstance(group, pd.Categorical | pd.DatetimeIndex):  # the others need no pandas
        (bare,) = from_arrays(range(len(index)), group=group).groupings
        assert (bare.levels, bare.index.tolist()) == (levels, index)


def test_a_categorical_keeps_its_order_and_drops_what_is_not_used() -> None:
    a = pd.Categorical(["lo", "hi", "lo"], ["none", "lo", "hi"], ordered=True)
    found = design("y ~ a", {"y": [1, 2, 3], "a": a})
    assert found.names == ("Intercept", "a[hi]")
    assert found.columns[:, 1].tolist() == [0, 1, 0]
    assert design("y ~ C(a)", {"y": [1, 2, 3], "a": a}).names == found.names
    number = pd.Categorical([7, 5, 7], [7, 5])
    assert design("y ~ a", {"y": [1, 2, 3], "a": number}).names == ("Intercept", "a[5]")


def test_truth_values_of_one_kind_only_are_no_other_than_the_intercept() -> None:
    found = design("y ~ t", {"y": [1, 2], "t": [True, True]})
    assert found.names == ("Intercept", "t[True]")
    assert collinear(found.columns, found.names) == ["t[True]"]


@pytest.mark.parametrize(
    ("outcome", "y", "levels"),
    [
        ([True, False, True], [1, 0, 1], ("False", "True")),
        ([True, True, True], [1, 1, 1], ("False", "True")),
        (["yes", "no", "no"], [1, 0, 0], ("no", "yes")),
        (pd.Categorical(["yes", "no", "no"], ["yes", "no"]), [0, 1, 1], ("yes", "no")),
        ([3, 4, 5], [3, 4, 5], ()),
        (np.array([0, 1, 1], dtype=np.int8), [0, 1, 1], ()),
    ],
)
def test_outcomes(outcome: Any, y: list[float], levels: tuple[str, ...]) -> None:
    found = design("y ~ x", {"y": outcome, "x": [1, 2, 4]})
    assert found.y.tolist() == y
    assert found.y.dtype == np.float64
    assert found.outcome_levels == levels


@pytest.mark.parametrize(
    ("left", "y", "trials"),
    [
        ("log(k)", np.log([1, 2, 3]), None),
        ("I(k^2) / 2", [0.5, 2, 4.5], None),
        ("k | trials(n)", [1, 2, 3], [5, 6, 7]),
        ("k | trials(n + 1)", [1, 2, 3], [6, 7, 8]),
        ("k | trials(9)", [1, 2, 3], [9, 9, 9]),
        ("p(k, n)", [1, 2, 3], [5, 6, 7]),
    ],
)
def test_responses(left: str, y: list[float], trials: list[float] | None) -> None:
    data = {"k": [1, 2, 3], "n": [5, 6, 7], "x": [0, 1, 0]}
    found = design(f"{left} ~ x", data)
    np.testing.assert_allclose(found.y, y, rtol=1e-15)
    if trials is None:
        assert found.trials is None
    else:
        assert found.trials is not None
        assert found.trials.tolist() == trials


def test_offsets_add_up() -> None:
    data = {"y": [1, 2], "n": [10.0, 20.0], "o": [1, 2]}
    found = design("y ~ offset(log(n)) + offset(o) + offset(0.5)", data)
    np.testing.assert_allclose(found.offset, np.add(np.log([10, 20]), [1.5, 2.5]), rtol=1e-15)


GAPS = {
    "y": [1.0, np.nan, 3.0, 4.0, 5.0],
    "x": [1, 2, None, 4, 5],
    "a": ["u", "v", "u", None, "w"],
    "g": pd.to_datetime(["2020-01-01", "2020-01-01", "NaT", "2020-01-01", "2020-01-02"]),
    "idle": [None] * 5,
}


def test_missing_values_are_counted() -> None:
    with pytest.raises(ValueError, match=r"3 of 5 rows .*\(y 1, x 1, a 1, g 1\).*missing=\"drop\""):
        design("y ~ x + a + (1 | g)", GAPS)
    with pytest.raises(ValueError, match="1 of 5 rows have missing values"):
        design("y ~ 1", GAPS)


def test_rows_with_missing_values_are_dropped_on_request() -> None:
    found = design("y ~ x + a + (1 | g)", GAPS, missing="drop")
    assert found.dropped == 3
    assert found.y.tolist() == [1, 5]
    assert found.names == ("Intercept", "x", "a[w]")  # v is gone with its rows
    assert found.groupings[0].index.tolist() == [0, 1]
    with pytest.raises(ValueError, match="all 5 rows have a missing value"):
        design("y ~ idle", GAPS, missing="drop")
    with pytest.raises(ValueError, match="missing is 'omit'"):
        design("y ~ x", GAPS, missing="omit")


@pytest.mark.parametrize(
    ("formula", "data", "message"),
    [
        ("Reaction ~ Dayz", SLEEP, "no column 'Dayz'; did you mean Days"),
        ("Days ~ (1 | subject)", SLEEP, "no column 'subject'; did you mean Subject"),
        ("z ~ x", FACTORS, "no column 'z'"),
        ("y ~ offset(log(nn))", FACTORS, "no column 'nn'"),
        ("y ~ x", {"y": [1, 2], "x": [1, 2, 3]}, "different numbers of rows: y 2, x 3"),
        ("y ~ x", {"y": [], "x": []}, "no rows"),
        ("y ~ x", {"y": [1, 2], "x": [[1], [2]]}, r"column 'x' has shape \(2, 1\)"),
        ("y ~ x", {"y": [1, 2], "x": 3}, r"column 'x' has shape \(\)"),
        ("y ~ x", {"y": [1, 2], "x": [1, np.inf]}, "x has the value inf in row 2"),
        ("y ~ 1", {"y": [-np.inf, 2]}, "y has the value -inf in row 1"),
        ("y ~ (1 | g)", {"y": [1, 2], "g": [np.inf, 2]}, "g has the value inf in row 1"),
        ("y ~ log(x)", {"y": [1, 2], "x": [1, 0]}, r"the common terms .*log\(x\) is -inf in row 2"),
        ("log(y) ~ 1", {"y": [1, -1]}, r"the outcome `log\(y\)`.* is nan in row 2"),
        ("y ~ (log(x) | g)", {"y": [1, 2], "x": [1, 0], "g": [1, 2]}, "the bar .*is -inf in row 2"),
        ("y ~ x", {"y": [1, 2], "x": ["a", 2]}, "column 'x' is mixed-integer"),
        ("y ~ x", {"y": [1, 2], "x": [1j, 2]}, "column 'x' is complex"),
        ("y ~ x", {"y": [1], "x": pd.to_datetime(["2020-01-01"])}, "column 'x' is datetime"),
        ("y ~ log(a)", FACTORS, r"the common terms `1 \+ log\(a\)` cannot be evaluated"),
        ("log(a) ~ x", FACTORS, r"the outcome `log\(a\)` cannot be evaluated"),
        ("y ~ foo(x)", FACTORS, r"cannot be evaluated.*foo"),
        ("y ~ offset(a)", FACTORS, "a factor, where numbers are needed"),
        ("y | trials(a) ~ x", FACTORS, "a factor, where numbers are needed"),
        ("y ~ (x - x - 1 | a)", FACTORS, "has no coefficient"),
        ("y ~ (1 | a) + (x | a)", FACTORS, r"coefficient 'Intercept'; leave .*\(0 \+ x \| a\)"),
        ("y ~ x x", FACTORS, "the common terms `1 . x x` cannot be evaluated"),
        ("y ~ (1 | g)", {"y": [1, 2], "g": [1.0, 1.0 + 1e-15]}, "levels of the same name"),
    ],
)
def test_what_is_refused(formula: str, data: Mapping[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        design(formula, data)


def test_data_must_be_a_table() -> None:
    with pytest.raises(TypeError, match="data are list"):
        design("y ~ x", [[1, 2]])
    twice = pd.DataFrame([[1, 2, 3]], columns=["y", "x", "x"])
    with pytest.raises(ValueError, match="2 columns 'x'"):
        design("y ~ x", twice)


def same(one: Design, other: Design) -> None:
    assert one.names == other.names
    np.testing.assert_array_equal(one.columns, other.columns)
    np.testing.assert_array_equal(one.y, other.y)
    for a, b in zip(one.groupings, other.groupings, strict=True):
        assert a.levels == b.levels
        assert a.index.tolist() == b.index.tolist()


def test_tables_of_many_kinds() -> None:
    formula = "y ~ x + a + t + (x | k)"
    expected = design(formula, FACTORS)
    frame = pd.DataFrame(FACTORS, index=[5, 3, 3, 1, 0, 9])  # the index means nothing
    same(design(formula, frame), expected)
    same(design(formula, dict(frame.items())), expected)
    same(design(formula, frame.astype({"a": "category", "b": "category"})), expected)
    same(design(formula, frame.convert_dtypes()), expected)
    same(design(formula, frame.astype(object)), expected)
    same(design(formula, types.MappingProxyType(FACTORS)), expected)

    class Other:
        def to_pandas(self) -> Any:
            return frame

    same(design(formula, Other()), expected)


def test_arrays_may_be_read_only_and_have_gaps_in_memory() -> None:
    x = np.arange(12)[::2]
    x.flags.writeable = False
    y = np.asfortranarray(np.arange(12.0).reshape(6, 2))[:, 1]
    g = np.array(["b", "a"] * 6)[::2]
    found = design("y ~ x + (x | g)", {"y": y, "x": x, "g": g})
    assert found.columns[:, 1].tolist() == [0, 2, 4, 6, 8, 10]
    assert found.y.tolist() == [1, 3, 5, 7, 9, 11]
    assert found.groupings[0].levels == ("b",)
    for array in (found.columns, found.y, found.offset, found.groupings[0].columns):
        assert array.flags.c_contiguous
        assert array.dtype == np.float64
    x32 = design("y ~ x", {"y": y.astype(np.float32), "x": x.astype(np.uint8)})
    assert x32.columns.dtype == np.float64


def test_the_data_are_not_changed() -> None:
    frame = pd.DataFrame(FACTORS)
    before = frame.copy(deep=True)
    found = design("y ~ x + a + (x | k)", frame)
    found.columns[:] = -1.0
    found.y[:] = -1.0
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "name", ["größe", "Sepal.Length", "_x", "x.y.z", "log", "scale", "C", "np", "class", "µ"]
)
def test_names_of_columns(name: str) -> None:
    data = {"y": [1.0, 2.0, 4.0], name: [1.0, 2.0, 5.0]}
    found = design(f"y ~ {name}", data)
    assert found.names == ("Intercept", name)
    assert found.columns[:, 1].tolist() == [1, 2, 5]
    (group,) = design(f"y ~ (1 | {name})", data).groupings
    assert group.levels == ("1", "2", "5")


def test_names_in_backticks() -> None:
    data = {"my y": [1.0, 2.0], "a b": [1.0, 4.0], "g h": ["u", "v"]}
    found = design("`my y` ~ `a b` + log(`a b`) + (`a b` | `g h`)", data)
    assert found.names == ("Intercept", "a b", "log(a b)")
    np.testing.assert_allclose(found.columns[:, 2], np.log([1, 4]))
    assert found.groupings[0].name == "g h"
    logged = design("log(`my y`) ~ offset(log(`a b`))", data)
    np.testing.assert_allclose(logged.y, np.log([1, 2]))
    np.testing.assert_allclose(logged.offset, np.log([1, 4]))
    dotted = design("y ~ log(x.z) + I(x.z * 2)", {"y": [1, 2], "x.z": [1.0, 2.0]})
    assert dotted.names == ("Intercept", "log(x.z)", "I(x.z * 2)")
    assert dotted.columns[:, 2].tolist() == [2, 4]


def test_rs_names_work_everywhere() -> None:
    data = {"won.it": ["no", "yes", "no"], "x.z": [1.0, 4.0, 9.0], "k.n": [3, 5, 3]}
    found = design("won.it ~ sqrt(x.z) + as.factor(k.n) + offset(x.z) + (x.z | k.n)", data)
    assert found.names == ("Intercept", "sqrt(x.z)", "k.n[5]")
    assert found.y.tolist() == [0, 1, 0]
    assert found.columns[:, 1].tolist() == [1, 2, 3]
    assert found.offset.tolist() == [1, 4, 9]
    assert found.groupings[0].names == ("Intercept", "x.z")
    same(found.rows(data), found)


def test_a_column_called_like_a_function_does_no_harm() -> None:
    found = made("log(x)", FACTORS | {"log": ["u"] * 6})
    np.testing.assert_allclose(found.columns[:, 1], np.log(X))


TRAINING = FACTORS | {"n": [4, 5, 6, 7, 8, 9]}
TERMS = (
    "scale(x) + rescale(t) + poly(x, 2) + a + factor(k) + offset(log(n))"
    " + (center(x) | b:k) + (1 | a)"
)


def test_rows_of_the_same_data_are_the_design_again() -> None:
    found = design("y | trials(n) ~ " + TERMS, TRAINING)
    again = found.rows(TRAINING)
    same(again, found)
    assert again.trials is not None
    assert found.trials is not None
    assert again.trials.tolist() == found.trials.tolist()
    assert again.offset.tolist() == found.offset.tolist()
    assert [g.unseen for g in again.groupings] == [(), ()]
    same(again.rows(TRAINING), found)


def test_rows_remember_constants_and_levels() -> None:
    found = design("y | trials(n) ~ " + TERMS, TRAINING)
    some = [4, 0, 2]
    new = {name: [values[i] for i in some] for name, values in TRAINING.items() if name != "y"}
    rows = found.rows(new)
    np.testing.assert_allclose(rows.columns, found.columns[some], rtol=1e-12)
    np.testing.assert_allclose(rows.offset, found.offset[some])
    assert rows.y.shape == (0,)
    for one, all_ in zip(rows.groupings, found.groupings, strict=True):
        np.testing.assert_allclose(one.columns, all_.columns[some], rtol=1e-12)
        assert one.levels == all_.levels
        assert one.index.tolist() == all_.index[some].tolist()


def test_rows_without_trials_or_with_gaps_in_the_outcome() -> None:
    found = design("k | trials(n) ~ x", {"k": [1, 2], "n": [3, 4], "x": [0, 1]})
    rows = found.rows({"x": [5, 6], "k": [None, 1]})
    assert rows.trials is None
    assert rows.y.shape == (0,)
    assert rows.columns.tolist() == [[1, 5], [1, 6]]
    with pytest.raises(ValueError, match=r"2 of 3 .*\(n 2\), rows 1, 3; .* rows out$"):
        found.rows({"x": [5, 6, 7], "n": [None, 1, None]})
    fixed = design("k | trials(9) ~ x", {"k": [1, 2], "x": [0, 1]})
    assert fixed.rows({"x": [5]}).trials.tolist() == [9]


@pytest.mark.parametrize("table", [dict, pd.DataFrame])
def test_rows_are_counted_where_no_column_is_in_use(table) -> None:
    found = design("y ~ 1", {"y": [1, 2, 3]})
    rows = found.rows(table({"x": [1, None]}))
    assert rows.columns.tolist() == [[1], [1]]
    assert rows.offset.tolist() == [0, 0]
    assert found.rows(table({"y": [1, None, 2]})).columns.shape == (3, 1)
    with pytest.raises(ValueError, match="no rows"):
        found.rows(table({"x": []}))
    assert from_arrays([1.0, 2.0]).rows({"trials": [4, 4, 4]}).columns.shape == (3, 1)


def test_rows_without_groups_need_no_column_of_the_bars() -> None:
    found = design("y ~ x + (t | a)", FACTORS)
    rows = found.rows({"x": [1, 2]}, groups=False)
    assert rows.groupings == ()
    assert rows.columns.tolist() == [[1, 1], [1, 2]]
    with pytest.raises(ValueError, match="no column 't'"):
        found.rows({"x": [1, 2]})
    arrays = from_arrays([1.0, 2.0], [0.0, 1.0], ["a", "b"], [1.0, 3.0])
    assert arrays.rows({"X": [7.0]}, groups=False).columns.tolist() == [[1, 7]]


def test_an_outcome_of_words_means_the_same_in_new_rows() -> None:
    found = design("y ~ x", {"y": ["no", "yes", "no"], "x": [0, 1, 2]})
    assert found.rows({"y": ["yes", "yes"], "x": [0, 1]}).y.tolist() == [1, 1]
    assert found.rows({"x": [0, 1]}).outcome_levels == ("no", "yes")
    assert found.rows({"y": ["maybe"], "x": [0]}).y.size == 0


def test_new_levels_of_a_group_are_reported_in_order() -> None:
    found = design("y ~ (1 | a/b)", FACTORS)
    rows = found.rows({"a": ["z", "v", "c", "z", "u"], "b": ["p", "q", "p", "p", "p"]})
    outer, inner = rows.groupings
    assert outer.index.tolist() == [-1, 1, -2, -1, 0]
    assert outer.unseen == ("z", "c")
    assert inner.unseen == ("z:p", "c:p")
    assert inner.index.tolist() == [-1, inner.levels.index("v:q"), -2, -1, 0]


def test_groups_may_be_ints_once_and_floats_or_text_later() -> None:
    found = design("Reaction ~ (1 | Subject)", SLEEP)
    for subject in ([9, 330], [9.0, 330.0], ["9", "330"], pd.Categorical(["9", "330"])):
        assert found.rows({"Subject": subject}).groupings[0].index.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ({"x": [1], "a": ["z"], "k": [2]}, r"a has 1 level unseen .* \['z'\].*\['u', 'v', 'w'\]"),
        ({"x": [1], "a": ["u"], "k": [7]}, r"factor\(k\).*1 level unseen in training: \['7'\]"),
        ({"x": [1], "k": [2]}, "no column 'a'"),
        ({"x": [1, None], "a": ["u", "u"], "k": [2, 2]}, r"1 of 2 .*\(x 1\), row 2; .* rows out$"),
        ({"x": ["1"], "a": ["u"], "k": [2]}, "column 'x' is string, where numbers, as before"),
        ({"x": [np.inf], "a": ["u"], "k": [2]}, "x has the value inf"),
        ({"x": [], "a": [], "k": []}, "no rows"),
    ],
)
def test_new_rows_that_are_refused(new: Mapping[str, Any], message: str) -> None:
    found = made("x + a + factor(k)")
    with pytest.raises(ValueError, match=message):
        found.rows(new)


@pytest.mark.parametrize("absent", ["pandas", "formulaic"])
def test_without_the_libraries(monkeypatch: pytest.MonkeyPatch, absent: str) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(ImportError, match=r"pip install 'mcmc_edu\[formula\]'"):
        design("y ~ x", FACTORS)
    with pytest.raises(ImportError, match=r"pip install 'mcmc_edu\[formula\]'"):
        Model("y ~ x", FACTORS)
    found = from_arrays(FACTORS["y"], FACTORS["x"], FACTORS["a"])
    assert found.groupings[0].levels == ("u", "v", "w")


def test_arrays_and_formula_agree() -> None:
    x = np.column_stack([FACTORS["x"], np.square(FACTORS["x"])])
    data = FACTORS | {"x2": x[:, 1]}
    by_formula = design("y ~ x + x2 + (x + x2 | k)", data)
    by_arrays = from_arrays(data["y"], x, data["k"], names=["x", "x2"], group_name="k")
    assert by_arrays.formula == by_formula.formula.replace("(x", "(1 + x").replace("~ x", "~ 1 + x")
    same(by_arrays, by_formula)


def test_arrays_of_their_own() -> None:
    z = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    found = from_arrays(
        np.array([True, False, True]),
        Z=z,
        group={"g": ["b", "a", "b"], "h": [10, 9, 9]},
        trials=5,
        offset=[0.1, 0.2, 0.3],
        intercept=False,
        correlated=False,
    )
    assert found.formula == "y ~ 0 + (0 + z1 + z2 || g) + (0 + z1 + z2 || h)"
    assert found.names == ()
    assert found.columns.shape == (3, 0)
    assert found.y.tolist() == [1, 0, 1]
    assert found.trials is not None
    assert found.trials.tolist() == [5, 5, 5]
    assert found.offset.tolist() == [0.1, 0.2, 0.3]
    g, h = found.groupings
    assert (g.levels, h.levels) == (("a", "b"), ("9", "10"))
    assert (g.index.tolist(), h.index.tolist()) == ([1, 0, 1], [1, 0, 0])
    np.testing.assert_array_equal(g.columns, z)
    assert not h.correlated


def test_rows_of_arrays() -> None:
    found = from_arrays([1.0, 2.0, 4.0], [0.0, 1.0, 2.0], ["b", "a", "b"], offset=[1, 2, 3])
    rows = found.rows({"X": [7.0, 8.0], "group": ["c", "b"]})
    assert rows.columns.tolist() == [[1, 7], [1, 8]]
    assert rows.y.shape == (0,)
    assert rows.offset.tolist() == [0, 0]
    (group,) = rows.groupings
    assert (group.levels, group.unseen) == (("a", "b"), ("c",))
    assert group.index.tolist() == [-1, 1]
    assert rows.rows({"X": [7.0], "group": ["a"]}).groupings[0].index.tolist() == [0]
    for new, message in [
        ({"group": ["a"]}, "X is missing"),
        ({"X": [1.0]}, "group is missing"),
        ({"X": [1.0, 2.0], "group": ["a"]}, "group has 1 rows"),
        ({"X": [[1.0, 2.0]], "group": ["a"]}, "X has shape"),
        ({"X": [np.nan], "group": ["a"]}, "X has the value nan"),
        ({"x": [1.0], "group": ["a"]}, "'x' is none of"),
    ]:
        with pytest.raises(ValueError, match=message):
            found.rows(new)
    with pytest.raises(TypeError, match="new rows are list"):
        found.rows([1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"y": [1, np.nan]}, "y has the value nan in row 2"),
        ({"y": ["a", "b"]}, "y is not numeric"),
        ({"y": []}, "no rows"),
        ({"y": 3.0}, "no rows"),
        ({"y": [[1], [2]]}, "y has shape"),
        ({"y": [1, 2], "X": [1, 2, 3]}, "X has shape"),
        ({"y": [1, 2], "X": np.zeros((2, 2, 2))}, "X has shape"),
        ({"y": [1, 2], "X": [1, 2], "names": ["a", "b"]}, "names of X"),
        ({"y": [1, 2], "X": np.zeros((2, 2)), "names": ["a", "a"]}, "names of X"),
        ({"y": [1, 2], "X": [1, 2], "names": "x"}, "names of X"),
        ({"y": [1, 2], "group": ["a"]}, "group has 1 rows"),
        ({"y": [1, 2], "group": ["a", None]}, "group is missing in row 2"),
        ({"y": [1, 2], "group": [1.0, np.nan]}, "group is missing in row 2"),
        ({"y": [1, 2], "group": [["a"], ["b"]]}, "group has shape"),
        ({"y": [1, 2], "Z": [1, 2]}, "Z is given without group"),
        ({"y": [1, 2], "trials": [1, 2, 3]}, "trials has shape"),
        ({"y": [1, 2], "offset": [1, np.inf]}, "offset has the value inf"),
    ],
)
def test_arrays_that_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_arrays(**arguments)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ([ONE, X], []),
        ([ONE, X, [2 * v - 7 for v in X]], ["c"]),
        ([X, X, ONE, X], ["b", "d"]),
        ([ONE, [3.0] * 6], ["b"]),
        ([[0.0] * 6, ONE], ["a"]),
        ([ONE, U, V, W], ["d"]),
        ([U, V, W, ONE, P, Q], ["d", "f"]),
        ([ONE, X, [v + 1e-4 * v**2 for v in X]], []),
        ([[1e200 * v for v in X], [1e-200 * v for v in X], ONE], ["b"]),
    ],
)
def test_collinear_columns_are_named(columns: list[list[float]], found: list[str]) -> None:
    names = list("abcdef")[: len(columns)]
    assert collinear(np.transpose(columns), names) == found


def test_collinear_of_no_columns() -> None:
    assert collinear(np.empty((5, 0)), []) == []


def rows(n: int) -> pd.DataFrame:
    """A table with as many levels, however many rows."""
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "y": rng.standard_normal(n),
            "x": rng.standard_normal(n),
            "a": np.array(["u", "v", "w"])[rng.integers(0, 3, n)],
            "g": np.char.add("g", rng.integers(0, 20, n).astype(str)),
            "h": rng.integers(0, 5, n),
        }
    )


def lines_run(formula: str, data: pd.DataFrame) -> int:
    """How many lines of Python it takes to make a design."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        design(formula, data)
    finally:
        sys.settrace(before)
    return count


def test_many_rows_take_no_more_lines_of_python_than_few() -> None:
    """So that a million of them take seconds: a loop over rows would take minutes."""
    formula, few, many = "y ~ x * a + (x | g/h)", rows(1_000), rows(100_000)
    found = design(formula, many)
    assert lines_run(formula, many) < lines_run(formula, few) + 1_000
    assert found.columns.shape == (100_000, 6)
    outer, inner = found.groupings
    assert len(outer.levels) == 20
    assert outer.levels[outer.index[7]] == many["g"][7]
    assert inner.levels[inner.index[7]] == f"{many['g'][7]}:{many['h'][7]}"


def test_nothing_warns() -> None:
    """What is deprecated in the libraries beneath aside."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = design("log(y) ~ log(x) + a * b + t + (x + a || k)", FACTORS)
        found.rows(FACTORS)
    deprecations = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
    assert [w.message for w in caught if not issubclass(w.category, deprecations)] == []
