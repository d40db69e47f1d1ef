"""The post's data, bit for bit; simulators with their truth; and data of one's own, checked."""

import math
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.rstream import RStream

HEADER = "y,x,group\n"


def test_the_posts_data() -> None:
    """Figures printed by R (source: the post's script after set.seed(1))."""
    data = me.datasets.boelstad(seed=1)
    assert data.y.shape == data.x.shape == data.group.shape == (375,)
    assert data.groups == 75
    assert data.y.mean() == pytest.approx(2.0901176260787735, rel=1e-15)
    assert math.fsum(data.x) == 2.7227257723085949
    np.testing.assert_allclose(
        data.y[:5], [-2.76466397, -1.99567182, 2.20708395, 2.75054243, 0.01693105], atol=5e-9
    )
    assert data.group[:7].tolist() == [0, 0, 0, 0, 0, 1, 1]


def test_the_posts_data_are_made_in_the_posts_order() -> None:
    """alpha, beta, x by column, then y individual by individual: written out with loops."""
    stream, n, m = RStream(4), 3, 2
    alpha = [2 + float(stream.rnorm(1)[0]) for _ in range(n)]
    beta = [-2 + float(stream.rnorm(1)[0]) for _ in range(n)]
    x = [[0.0] * m for _ in range(n)]
    for j in range(m):
        for i in range(n):
            x[i][j] = float(stream.rnorm(1)[0])
    y = [
        alpha[i] + beta[i] * x[i][j] + 2 * float(stream.rnorm(1)[0])
        for i in range(n)
        for j in range(m)
    ]
    data = me.datasets.boelstad(seed=4, individuals=n, observations=m)
    assert data.truth is not None
    assert data.truth.alpha.tolist() == alpha
    assert data.truth.beta.tolist() == beta
    assert data.x.tolist() == [v for row in x for v in row]
    np.testing.assert_allclose(data.y, y, rtol=1e-15)


def test_simulation_follows_its_population() -> None:
    n = 20_000
    data = me.datasets.simulate(
        n,
        3,
        mu_alpha=1.0,
        mu_beta=5.0,
        sigma_alpha=2.0,
        sigma_beta=0.5,
        rho=-0.6,
        sigma=3.0,
        seed=2,
    )
    assert data.truth is not None
    alpha, beta = data.truth.alpha, data.truth.beta
    assert abs(alpha.mean() - 1.0) < 4.5 * 2.0 / math.sqrt(n)
    assert abs(beta.mean() - 5.0) < 4.5 * 0.5 / math.sqrt(n)
    assert abs(alpha.std() - 2.0) < 4.5 * 2.0 / math.sqrt(2 * n)
    assert abs(beta.std() - 0.5) < 4.5 * 0.5 / math.sqrt(2 * n)
    assert abs(np.corrcoef(alpha, beta)[0, 1] + 0.6) < 4.5 * (1 - 0.36) / math.sqrt(n)
    noise = data.y - alpha[data.group] - beta[data.group] * data.x
    assert abs(noise.std() - 3.0) < 4.5 * 3.0 / math.sqrt(2 * noise.size)


def test_simulation_may_be_unbalanced() -> None:
    data = me.datasets.simulate(4, [1, 5, 2, 3], seed=1)
    assert np.bincount(data.group).tolist() == [1, 5, 2, 3]
    assert data.without_own_line() == ["1"]
    again = me.datasets.simulate(4, [1, 5, 2, 3], seed=1)
    np.testing.assert_array_equal(data.y, again.y)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"individuals": 1}, "individuals is 1"),
        ({"observations": 0}, "observations is 0"),
        ({"observations": [1, 2]}, r"observations is \[1, 2\]"),
        ({"observations": 2.5}, "observations is 2.5"),
        ({"sigma": -1.0}, "sigma is -1.0"),
        ({"sigma_beta": math.inf}, "sigma_beta is inf"),
        ({"rho": 1.5}, "rho is 1.5"),
        ({"mu_beta": math.nan}, "mu_beta is nan"),
    ],
)
def test_impossible_simulations_are_refused(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        me.datasets.simulate(**arguments)


def test_groups_are_numbered_as_they_appear() -> None:
    data = me.datasets.grouped([1, 2, 3, 4], [0, 1, 0, 1], ["b", "a", "b", "c"])
    assert data.levels == ("b", "a", "c")
    assert data.group.tolist() == [0, 1, 0, 2]
    assert data.truth is None


def test_truth_is_one_number_for_each_individual() -> None:
    data = me.datasets.grouped([1, 2, 3], [0, 1, 0], [7, 7, 8], [5, 5, 6], [0, 0, 1])
    assert data.truth is not None
    assert data.truth.alpha.tolist() == [5.0, 6.0]
    assert data.truth.beta.tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, 2], [0, 1, 2], [1, 1, 2]), "y has shape"),
        (([1, math.nan, 3], [0, 1, 2], [1, 1, 2]), "y has the value nan in row 2"),
        (([1, 2, 3], [0, math.inf, 2], [1, 1, 2]), "x has the value inf in row 2"),
        ((["a", 2, 3], [0, 1, 2], [1, 1, 2]), "y is not numeric"),
        (([1, 2, 3], [0, 1, 2], [1, 1, 1]), "group has 1 group;"),
        (([], [], []), "group has 0 groups"),
        (([1, 2, 3], [0, 1, 2], ["a", None, "b"]), "group is missing in row 2"),
        (([1, 2, 3], [0, 1, 2], [1.0, 2.0, math.nan]), "group is missing in row 3"),
        (([1, 2], [0, 1], [[1], [2]]), r"group has shape \(2, 1\)"),
        (([1, 2, 3], [0, 1, 2], [1, 1, 2], [1, 2, 3], [0, 0, 0]), "alpha has two values"),
        (([1, 2, 3], [0, 1, 2], [1, 1, 2], [1, 1, 3]), "one is missing"),
    ],
)
def test_bad_observations_are_named(columns, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        me.datasets.grouped(*columns)


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "data.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_csv_file_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, "group, y ,x,beta,alpha\nanna,1.5,0,-1,2\nbo,2,1,-3,4\nanna,0,2,-1,2\n")
    data = me.datasets.read_csv(file)
    assert data.levels == ("anna", "bo")
    assert data.y.tolist() == [1.5, 2.0, 0.0]
    assert data.truth is not None
    assert data.truth.alpha.tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("y,x\n1,2\n", "has the columns y, x; it must have y, x, group"),
        ("y,x,group,age\n1,2,a,3\n", "rename or remove the others"),
        ("y,x,group,y\n1,2,a,3\n", "rename or remove the others"),
        ("", r"has the columns \(none\)"),
        (HEADER + "1,2,a\n1,b,a\n", "line 3: x is 'b', not a number"),
        (HEADER + "\n\n1,b,a\n", "line 4: x is 'b', not a number"),
        (HEADER + "1,1_0,a\n", "line 2: x is '1_0', not a number"),
        (HEADER + "1,nan,a\n", "line 2: x is nan; values must be finite"),
        (HEADER + "inf,1,a\n", "line 2: y is inf"),
        (HEADER + "1,,a\n", "line 2: x is missing"),
        (HEADER + "1,2\n", "line 2: group is missing"),
        (HEADER + "1,2,a,5\n", "line 2: y is missing or the line is too long"),
        (HEADER + "1,2,a\n3,4,a\n", "group has 1 group;"),
    ],
)
def test_bad_files_are_named_with_the_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        me.datasets.read_csv(write(tmp_path, text))
