"""The published tables, held to what was published about them; and the columns they come in."""

import csv
import math
import re
from configparser import ConfigParser
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.datasets import Columns, published
from mcmc_edu.targets.eight_schools import schools

ROOT = Path(__file__).parent.parent


def column_set() -> Columns:
    return Columns({"name": ["a", "b, c", 'd"e', "ü"], "x": [0.1, -1e300, 1 / 3, 2], "n": range(4)})


def test_columns_are_a_mapping_of_arrays() -> None:
    data = column_set()
    assert list(data) == ["name", "x", "n"]
    assert len(data) == 3
    assert data.rows == 4
    assert "x" in data
    assert "y" not in data
    assert data["n"].tolist() == [0, 1, 2, 3]
    assert [data[name].dtype.kind for name in data] == ["U", "f", "i"]
    with pytest.raises(KeyError, match="no column 'y'; there are name, x, n"):
        data["y"]


def test_columns_are_copied_and_cannot_be_written() -> None:
    mine = np.array([1.0, 2.0])
    data = Columns({"x": mine})
    mine[0] = 7.0
    assert data["x"].tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        data["x"][0] = 7.0
    with pytest.raises(TypeError):
        data["x"] = mine  # type: ignore[index]


def test_columns_are_equal_when_all_values_are() -> None:
    assert column_set() == column_set()
    assert column_set() != Columns({**column_set(), "n": [0, 1, 2, 4]})
    assert column_set() != Columns(dict(reversed(list(column_set().items()))))
    assert column_set() != dict(column_set())


def test_columns_print_their_first_values() -> None:
    lines = ["Columns of 4 rows", '  name  a, b, c, d"e, …', "  x     0.1, -1e+300, 0.333333, …"]
    assert repr(column_set()).splitlines()[:3] == lines
    assert repr(Columns({"x": [1]})) == "Columns of 1 row\n  x  1"


def test_true_and_false_are_numbers() -> None:
    assert Columns({"x": [True, False]})["x"].dtype == np.int64


def test_columns_of_objects_are_what_the_objects_are() -> None:
    data = Columns({"x": np.array([1, 2.5], dtype=object), "name": np.array(["a", "b"], object)})
    assert [data[name].dtype.kind for name in data] == ["f", "U"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "columns is empty"),
        ({1: [1.0]}, "a column is called 1"),
        ({"x": [1, 2], "y": [1]}, "columns differ in length: {'x': 2, 'y': 1}"),
        ({"x": [[1, 2]]}, r"x has shape \(1, 2\)"),
        ({"x": 1.0}, r"x has shape \(\);"),
        ({"x": [[1, 2], [3]]}, "x has entries of different lengths"),
        ({"x": ["a", 1]}, "x has the value 1 in row 2"),
        ({"x": ["a", None]}, "x has the value None in row 2"),
        ({"x": np.array([1, None])}, "x has the value None in row 2"),
        ({"x": ["a", math.nan]}, "x has the value nan in row 2"),
        ({"x": [1j]}, "x is of type complex128"),
        ({"x": np.array(["2001-01-01"], dtype="datetime64[D]")}, "x is of type datetime64"),
    ],
)
def test_what_is_no_column_is_refused(columns, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Columns(columns)


def test_a_csv_file_keeps_every_digit(tmp_path: Path) -> None:
    file = tmp_path / "columns.csv"
    column_set().to_csv(file)
    with open(file, newline="", encoding="utf-8") as lines:
        header, *rows = csv.reader(lines)
    name, x, n = zip(*rows, strict=True)
    read = Columns({"name": list(name), "x": [float(v) for v in x], "n": [int(v) for v in n]})
    assert header == ["name", "x", "n"]
    assert read == column_set()


def test_columns_as_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas")
    frame = column_set().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert Columns(frame) == column_set()
    frame.loc[0, "x"] = 5.0  # a copy, to be worked on


def test_the_files_travel_with_the_package() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    patterns = config["options.package_data"]["mcmc_edu.datasets"].split(", ")
    folder = ROOT / "mcmc_edu" / "datasets"
    files = {p.name for p in folder.iterdir() if p.is_file() and p.suffix != ".py"}
    assert files == {p.name for pattern in patterns for p in folder.glob(pattern)}


def test_funding_as_the_paper_counts_it() -> None:
    """Source: van der Lee and Ellemers (2015): 290 of 1635 men, 177 of 1188 women."""
    data = me.datasets.funding()
    names = ["discipline", "gender", "male", "applications", "awards", "rejects"]
    assert list(data) == names
    assert data.rows == 18
    assert data["male"].tolist() == [1, 0] * 9
    assert data["gender"].tolist() == ["m", "f"] * 9
    for male, awards, applications in ((1, 290, 1635), (0, 177, 1188)):
        rows = data["male"] == male
        assert data["awards"][rows].sum() == awards
        assert data["applications"][rows].sum() == applications


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {("applications", 16): 200},
            "row 17 (Medical sciences, m) has 46 awards and 199 rejects, which make 245, but 200",
        ),
        (
            {("applications", 17): 190},
            "row 18 (Medical sciences, f) has 29 awards and 231 rejects, which make 260, but 190",
        ),
        ({("awards", 3): 10, ("rejects", 3): 29}, "awards sum to 468, and the published table's"),
    ],
)
def test_a_misprinted_funding_table_is_refused(changes, message: str) -> None:
    """The first two are the discipline as the lecture's slides print it."""
    columns = {name: column.tolist() for name, column in me.datasets.funding().items()}
    for (name, row), value in changes.items():
        columns[name][row] = value
    with pytest.raises(ValueError, match=re.escape(message)):
        me.datasets.check_funding(columns)


def test_a_missing_funding_row_is_refused() -> None:
    columns = {name: column[:-1] for name, column in me.datasets.funding().items()}
    with pytest.raises(ValueError, match="applications sum to 2563, and the published table's"):
        me.datasets.check_funding(columns)


def test_funding_is_checked_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "AWARDS", 468)
    with pytest.raises(ValueError, match="awards sum to 467"):
        me.datasets.funding()


def test_eight_schools_as_published() -> None:
    """Source: Gelman and others, *Bayesian Data Analysis* (3rd ed.), 5.5: pooled 7.7, se 4.1."""
    data = me.datasets.eight_schools()
    assert data["school"].tolist() == list("ABCDEFGH")
    weight = 1.0 / data["se"] ** 2
    assert round(float(np.average(data["effect"], weights=weight)), 1) == 7.7
    assert round(float(weight.sum() ** -0.5), 1) == 4.1
    np.testing.assert_array_equal(data["effect"], schools().y)
    np.testing.assert_array_equal(data["se"], schools().sigma)


REST = {
    "Clemente": 0.346,
    "Robinson": 0.298,
    "Howard": 0.276,
    "Johnstone": 0.222,
    "Berry": 0.273,
    "Spencer": 0.270,
    "Kessinger": 0.263,
    "Alvarado": 0.210,
    "Santo": 0.269,
    "Swaboda": 0.230,
    "Unser": 0.264,
    "Williams": 0.256,
    "Scott": 0.303,
    "Petrocelli": 0.264,
    "Rodriguez": 0.226,
    "Campaneris": 0.285,
    "Munson": 0.316,
    "Alvis": 0.200,
}
"""Averages of the rest of the season, Efron and Morris (1975), table 1."""


def test_batters_as_published() -> None:
    """One row differs from the paper, as the docstring says, and no other."""
    data = me.datasets.efron_morris()
    rest = data["rest_hits"] / data["rest_at_bats"]
    differing = {
        player: round(value, 3)
        for player, value in zip(data["player"].tolist(), rest.tolist(), strict=True)
        if round(value, 3) != REST[player]
    }
    assert differing == {"Kessinger": 0.265}


def errors_on_the_papers_scale(williams: tuple[int, int]) -> list[float]:
    """Of the averages and of Stein's estimates, from counts with these of Williams's rest."""
    data = me.datasets.efron_morris()
    at = data["player"].tolist().index("Williams")
    hits, at_bats = data["rest_hits"].copy(), data["rest_at_bats"].copy()
    hits[at], at_bats[at] = williams
    early, rest = (
        math.sqrt(45) * np.arcsin(2 * p - 1) for p in (data["hits"] / 45, hits / at_bats)
    )
    mean = early.mean()
    kept = 1.0 - 15 / ((early - mean) ** 2).sum()
    return [float(((v - rest) ** 2).sum()) for v in (early, mean + kept * (early - mean))]


def test_the_papers_errors_tell_the_two_williamses_apart() -> None:
    """Source: Efron and Morris (1975): 17.56 / 5.01 = 3.50, from values of two decimals."""
    data = me.datasets.efron_morris()
    at = data["player"].tolist().index("Williams")
    ours = int(data["rest_hits"][at]), int(data["rest_at_bats"][at])
    averages, stein = errors_on_the_papers_scale(ours)
    assert averages == pytest.approx(17.56, abs=0.03)
    assert (round(averages, 2), round(stein, 2)) == (17.54, 5.01)
    assert round(averages / stein, 2) == 3.50
    namesake = errors_on_the_papers_scale((195, 591))
    assert [round(v, 2) for v in namesake] == [19.90, 6.27]
    assert round(namesake[0] / namesake[1], 2) == 3.18


def printed_averages() -> tuple[np.ndarray, np.ndarray]:
    """Averages of 45 at-bats, and of the rest of the season as the paper prints them."""
    data = me.datasets.efron_morris()
    return data["hits"] / data["at_bats"], np.array(
        [REST[name] for name in data["player"].tolist()]
    )


def test_steins_estimate_as_published() -> None:
    """On the scale 45^(1/2) arcsin(2p - 1), which makes the variances 1.

    Source: Efron and Morris (1975): the deviations' squares sum to 18.96, 0.209 of each is kept,
    and errors are 17.56 before, 5.01 after, from values they rounded to two decimals.
    """
    early, rest = (math.sqrt(45) * np.arcsin(2 * p - 1) for p in printed_averages())
    mean = early.mean()
    squares = float(((early - mean) ** 2).sum())
    kept = 1.0 - 15 / squares
    assert (round(squares, 2), round(kept, 3)) == (18.96, 0.209)
    assert ((early - rest) ** 2).sum() == pytest.approx(17.56, abs=0.02)
    assert ((mean + kept * (early - mean) - rest) ** 2).sum() == pytest.approx(5.01, abs=0.02)


def test_steins_estimate_on_the_scale_of_averages() -> None:
    """Efron and Morris (1977): 0.212 of each deviation is kept; errors as in our docstring.

    The printed averages and our counts make the same errors, to three decimals.
    """
    early, rest = printed_averages()
    mean = early.mean()
    kept = 1.0 - 15 * mean * (1.0 - mean) / 45 / ((early - mean) ** 2).sum()
    errors = [((v - rest) ** 2).sum() for v in (early, mean + kept * (early - mean))]
    assert round(float(kept), 3) == 0.212
    assert [f"{v:.3f}" for v in errors] == ["0.075", "0.021"]
    doc = me.datasets.efron_morris.__doc__
    assert doc is not None
    assert "    0.075\n    0.021\n" in doc


def test_sleepstudy_as_published() -> None:
    """lme4's estimates; with ten days each, they are those of least squares.

    Source: Bates and others (2015): intercept 251.405, slope 10.467, residual sd 25.59.
    """
    data = me.datasets.sleepstudy()
    assert list(data) == ["Reaction", "Days", "Subject"]
    assert len(set(data["Subject"].tolist())) == 18
    x = np.column_stack([np.ones(10), np.arange(10)])
    reaction = data["Reaction"].reshape(18, 10)
    lines, squares, _, _ = np.linalg.lstsq(x, reaction.T, rcond=None)
    assert lines.mean(axis=1).round(3).tolist() == [251.405, 10.467]
    assert round(float(np.sqrt(squares.sum() / (18 * 8))), 2) == 25.59


@pytest.mark.parametrize(
    ("table", "right", "wrong", "message"),
    [
        ("eight_schools", "C,-3,16", "C,-3,-16", "row 3: se must be positive"),
        ("eight_schools", "C,-3,16\n", "", "has 7 rows of school, effect, se; it must have 8"),
        ("eight_schools", "school,", "schools,", "it must have 8 of school, effect, se"),
        ("efron_morris", "Alvis,45,", "Alvis,54,", "row 18: at_bats must be 45"),
        ("efron_morris", "70,14", "14,70", "row 18: rest_hits must be from 0 to rest_at_bats"),
        ("sleepstudy", "249.56,0,308", "249.56,1,308", "row 1: Days must count 0 to 9"),
        ("sleepstudy", "258.7047,1,308", "258.7047,1,309", "row 2: Subject must last ten days"),
        ("sleepstudy", "250.8006,2", "-250.8006,2", "row 3: Reaction must be positive"),
    ],
)
def test_a_damaged_file_is_refused(
    table: str,
    right: str,
    wrong: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (ROOT / "mcmc_edu" / "datasets" / f"{table}.csv").read_text(encoding="utf-8")
    assert text.count(right) == 1
    (tmp_path / f"{table}.csv").write_text(text.replace(right, wrong), encoding="utf-8")
    monkeypatch.setattr(published, "__file__", str(tmp_path / "published.py"))
    with pytest.raises(ValueError, match=re.escape(message)):
        getattr(me.datasets, table)()
