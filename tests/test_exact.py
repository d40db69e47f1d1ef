"""The exact answer against a recorded oracle, and against quadrature by other code."""

import math
import sys

import numpy as np
import pytest
from scipy import integrate

from mcmc_edu.comparison.exact import exact
from mcmc_edu.comparison.quadrature import Axis, _look_along, _rule, find_box, on_grid
from mcmc_edu.datasets import GroupedData, boelstad, grouped, simulate

ORACLE = {  # of the post's data: 3-d quadrature by an independent code, confirmed by long chains
    "mu_alpha": (2.0465058660588498, 0.1400441221971224),
    "mu_beta": (-2.240842648511811, 0.16604588729581682),
    "sigma_alpha": (0.5684255554599773, 0.23486909419644525),
    "sigma_beta": (0.9422368737656982, 0.18200133031332838),
    "sigma": (2.2124708697197435, 0.09962861306042474),
    "alpha[0]": (1.9908622, 0.53678761),
    "alpha[1]": (2.1837152, 0.52152623),
    "alpha[74]": (1.8570559, 0.55185891),
    "beta[0]": (-2.1873057, 0.70726197),
    "beta[60]": (-4.2531788, 0.60287629),
    "beta[74]": (-2.1287161, 0.62581728),
}


def test_the_posts_data_to_six_digits() -> None:
    answer = exact(boelstad())
    for name, (mean, sd) in ORACLE.items():
        assert answer[name].mean == pytest.approx(mean, abs=5e-7)
        assert answer[name].sd == pytest.approx(sd, abs=5e-7)
    assert answer.error < 1e-5


ZERO = simulate(3, [3, 1, 2], sigma_alpha=0.0, seed=3)
TINY = {
    "unbalanced": simulate(3, [1, 2, 4], seed=4),
    "no differences of intercept": grouped(ZERO.y, ZERO.x, ZERO.group),
    "noise beyond the prior": simulate(2, 4, sigma=25.0, seed=2),
    "constant x in a group": grouped(
        [1.0, 2.5, 0.3, -1.0, 0.4, 2.0], [0.5, 0.5, 0.5, 2.0, 1.0, 0.0], [0, 0, 0, 1, 1, 1]
    ),
}


def by_other_code(data: GroupedData, n: int) -> dict[str, np.ndarray]:
    """Evidence and moments: all coefficients in one dense normal, on a grid of square roots."""
    rows, groups = data.y.size, data.groups
    size = 2 + 2 * groups  # of (mu, alpha - mu_alpha, beta - mu_beta)
    design = np.zeros((rows, size))
    design[:, 0], design[:, 1] = 1.0, data.x
    design[np.arange(rows), 2 + data.group] = 1.0
    design[np.arange(rows), 2 + groups + data.group] = data.x
    total = np.eye(size)
    total[2 : 2 + groups, 0] = total[2 + groups :, 1] = 1.0

    u, w = np.polynomial.legendre.leggauss(n)
    u, w = 0.5 * (u + 1.0), 0.5 * w
    scales = np.array(np.meshgrid(*[10.0 * u * u] * 3, indexing="ij")).reshape(3, -1).T
    weights = np.prod(np.meshgrid(*[2.0 * u * w] * 3, indexing="ij"), axis=0).ravel()
    prior = np.repeat(np.c_[np.full(len(scales), 3.0), scales[:, :2]] ** 2, [2, groups, groups], 1)
    cross = prior[:, :, None] * design.T
    covariance = design @ cross + scales[:, 2, None, None] ** 2 * np.eye(rows)
    inverse = np.linalg.inv(covariance)
    mean = cross @ (inverse @ data.y)[..., None]
    spread = prior[:, :, None] * np.eye(size) - cross @ inverse @ np.swapaxes(cross, 1, 2)
    mean = (total @ mean)[..., 0]
    variance = np.diagonal(total @ spread @ total.T, axis1=1, axis2=2)
    log_p = -0.5 * (np.linalg.slogdet(2.0 * np.pi * covariance)[1] + data.y @ (inverse @ data.y).T)
    p = weights * np.exp(log_p)
    means = p @ np.c_[mean[:, :2], scales, mean[:, 2:]] / p.sum()
    zero = np.zeros_like(scales)
    spreads = np.c_[variance[:, :2], zero, variance[:, 2:]]
    spreads += (np.c_[mean[:, :2], scales, mean[:, 2:]] - means) ** 2
    return {"mean": means, "sd": np.sqrt(p @ spreads / p.sum()), "log_evidence": np.log(p.sum())}


@pytest.mark.parametrize("name", TINY)
def test_agrees_with_dense_normals_on_another_grid(name: str) -> None:
    """The other grid is the coarser one where a scale may be next to 0."""
    answer, expected = exact(TINY[name]), by_other_code(TINY[name], 52)
    assert answer.log_evidence == pytest.approx(expected["log_evidence"], abs=1e-6)
    np.testing.assert_allclose(answer.mean, expected["mean"], rtol=0, atol=1e-6 * answer.sd.max())
    np.testing.assert_allclose(answer.sd, expected["sd"], rtol=1e-6)


def sigma_moments(freedom: int, rss: float) -> tuple[float, float, float]:
    """Integral, mean and second moment of sigma^-freedom exp(-rss / 2 sigma^2) on (0, 10)."""
    found = [
        integrate.quad(
            lambda s, p=p: s ** (p - freedom) * math.exp(-0.5 * rss / (s * s)),
            0.0,
            10.0,
            points=[math.sqrt(rss / max(freedom, 1))],
            epsabs=0.0,
            epsrel=1e-11,
            limit=200,
        )[0]
        for p in range(3)
    ]
    return found[0], found[1] / found[0], found[2] / found[0]


def test_flat_coefficients_are_least_squares() -> None:
    data = simulate(4, [6, 5, 9, 7], seed=1)
    alpha = np.ones((27, 1)) * (data.group[:, None] == np.arange(4))
    models = {
        "none": np.column_stack([alpha, alpha * data.x[:, None]]),
        "complete": np.column_stack([np.ones(27), data.x]),
    }
    for pooling, design in models.items():
        estimate, (rss,), *_ = np.linalg.lstsq(design, data.y)
        unit = np.linalg.inv(design.T @ design)
        count = design.shape[1]
        z, mean, square = sigma_moments(27 - count, rss)
        answer = exact(data, pooling)
        np.testing.assert_allclose(answer.mean, [*estimate, mean], rtol=1e-6)
        sd = [*np.sqrt(square * np.diag(unit)), math.sqrt(square - mean * mean)]
        np.testing.assert_allclose(answer.sd, sd, rtol=1e-6)
        log_p = math.log(z / 10.0) - count * math.log(200.0) + 0.5 * np.linalg.slogdet(unit)[1]
        log_p -= 0.5 * (27 - count) * math.log(2.0 * math.pi)
        assert answer.log_evidence == pytest.approx(log_p, abs=1e-6)


def test_no_pooling_of_the_posts_data() -> None:
    """Least squares, and sigma as recorded by an independent code."""
    answer = exact(boelstad(), "none")
    assert answer["alpha"].mean[:2] == pytest.approx([1.4223145, 1.8112574], abs=1e-6)
    assert answer["beta"].mean[74] == pytest.approx(-2.7496448, abs=1e-6)
    assert answer["sigma"].mean == pytest.approx(2.209136, abs=1e-6)
    assert answer["sigma"].sd == pytest.approx(0.1049, abs=1e-5)


def test_two_rows_a_group_leave_sigma_to_its_prior() -> None:
    answer = exact(grouped([1.0, 2.0, 0.0, 4.0], [-1.0, 1.0, -1.0, 1.0], [0, 0, 1, 1]), "none")
    assert answer["sigma"].mean == pytest.approx(5.0, rel=1e-9)
    assert answer["sigma"].sd == pytest.approx(10.0 / math.sqrt(12.0), rel=1e-9)
    assert answer["beta"].sd == pytest.approx(math.sqrt(100.0 / 3.0 / 2.0), rel=1e-9)


SHAPES = {
    "one row each": simulate(40, 1, seed=3),
    "two rows in all": simulate(2, 1, seed=1),
    "little noise": simulate(8, 5, sigma=1e-5, seed=6),
    "everything small": simulate(8, 5, sigma=1e-3, sigma_alpha=1e-3, sigma_beta=1e-4, seed=6),
    "at the upper end": simulate(8, 5, sigma=15.0, sigma_alpha=20.0, sigma_beta=30.0, seed=8),
    "many rows": simulate(4, 300, seed=11),
}


@pytest.mark.parametrize("name", SHAPES)
def test_converges_whatever_the_data(name: str) -> None:
    answer = exact(SHAPES[name])
    assert answer.error < 1e-5
    assert (answer.sd > 0.0).all()
    for scale in ("sigma_alpha", "sigma_beta", "sigma"):
        assert 0.0 < answer[scale].mean < 10.0


def test_little_noise_gives_least_squares() -> None:
    data = SHAPES["little noise"]
    partial, none = exact(data), exact(data, "none")
    np.testing.assert_allclose(partial["beta"].mean, none["beta"].mean, atol=1e-7)
    np.testing.assert_allclose(partial["beta"].sd, none["beta"].sd, rtol=0.05)


def test_the_box_holds_the_mass_and_no_more() -> None:
    """Two independent coordinates, a normal and an exponential cut off at its end."""
    box = find_box(lambda p: -0.5 * ((p[0] - 6.0) / 0.01) ** 2 + 9.0 * p[1], 10.0, 2, 1e-3)
    assert 5.5 < box[0].low < 5.94
    assert 6.06 < box[0].high < 6.5
    assert 5.0 < box[1].low < 8.0
    assert box[1].high == 10.0


def test_an_end_that_cuts_mass_off_moves_outward_but_not_beyond_the_prior() -> None:
    def moved(axis: Axis) -> tuple[float, float]:
        _, weights, _ = _rule(axis, 14)
        new = _look_along(axis, weights / weights.sum(), 10.0)
        return new.low, new.high

    assert moved(Axis(4.0, 5.0, 4.5, 1.0)) == (3.0, 6.0)
    assert moved(Axis(1.0, 9.0, 4.5, 1.0)) == (0.0, 10.0)


def test_an_integral_over_a_box() -> None:
    def log_density(points):
        return -0.5 * ((points[0] - 5.0) / 0.5) ** 2

    grid = on_grid(log_density, find_box(log_density, 10.0, 1, 1e-3), 40)
    expected = math.log(0.5 * math.sqrt(2.0 * math.pi))
    assert grid.log_integral == pytest.approx(expected, abs=1e-9)
    half = on_grid(log_density, [Axis(5.0, 10.0, 5.0, 0.5)], 40)
    assert half.log_integral == pytest.approx(expected - math.log(2.0), abs=1e-9)


def test_what_does_not_converge_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["mcmc_edu.comparison.exact"], "SIZES", (4, 6))
    with pytest.raises(ArithmeticError, match="has not converged"):
        exact(simulate(5, 4, seed=1))


def test_items_and_table() -> None:
    answer = exact(simulate(3, 5, seed=2))
    assert answer["alpha"].mean.shape == answer["beta"].sd.shape == (3,)
    assert answer["alpha"].mean[2] == answer["alpha[2]"].mean
    lines = str(answer).splitlines()
    assert lines[0].split() == ["mean", "sd"]
    assert lines[1].split()[0] == "mu_alpha"
    assert "log p(y)" in lines[-1]
    assert "<table>" in answer._repr_html_()
    with pytest.raises(KeyError, match="no quantity 'tau'; there are mu_alpha"):
        answer["tau"]


def test_what_cannot_be_answered_is_refused() -> None:
    with pytest.raises(ValueError, match="pooling is 'half'; it must be one of 'partial'"):
        exact(simulate(3, 5, seed=2), "half")
    with pytest.raises(ValueError, match="no line is determined for 1: a flat prior"):
        exact(simulate(3, [1, 4, 4], seed=2), "none")
    with pytest.raises(ValueError, match=r"x is 1\.0 in every row"):
        exact(grouped([1.0, 2.0, 4.0], [1.0, 1.0, 1.0], [0, 0, 1]), "complete")
    data = simulate(4, 5, seed=2)
    with pytest.raises(ValueError, match="ends of the prior"):
        exact(GroupedData(data.y + 99.0, data.x, data.group, data.levels), "none")
    for pooling in ("partial", "none"):
        with pytest.raises(ValueError, match="lies on the lines exactly"):
            exact(simulate(4, 5, sigma=0.0, seed=2), pooling)


@pytest.mark.parametrize("seed", range(1, 7))
def test_wide_populations_are_boxed_in(seed: int) -> None:
    """Ten rows a group leave sharp posteriors of the sds, which the box must close in on."""
    data = simulate(75, 10, sigma_alpha=3.0, sigma_beta=3.0, seed=seed)
    answer = exact(data)
    for name, truth in (("sigma_alpha", 3.0), ("sigma_beta", 3.0), ("sigma", 2.0)):
        mean, sd = answer[name]
        assert abs(mean - truth) < 4.5 * sd
        assert sd < 0.4
