"""The exact answer against a recorded oracle, and against quadrature by other code."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from mcmc_edu.comparison import exact as module
from mcmc_edu.comparison.exact import exact
from mcmc_edu.comparison.quadrature import Axis, find_box, on_grid
from mcmc_edu.datasets import GroupedData, boelstad, grouped, simulate

ORACLE = {  # of the post's data: 3-d quadrature by an independent code, confirmed by long chains
    "mu_alpha": (2.0465058660588498, 0.1400441221971224),
    "mu_beta": (-2.240842648511811, 0.16604588729581682),
    "sigma_alpha": (0.5684255554599773, 0.23486909419644525),
    "sigma_beta": (0.9422368737656982, 0.18200133031332838),
    "sigma": (2.2124708697197435, 0.09962861306042474),
    "alpha[0]": (1.9908622, 0.53678761), "alpha[1]": (2.1837152, 0.52152623),
    "alpha[74]": (1.8570559, 0.55185891), "beta[0]": (-2.1873057, 0.70726197),
    "beta[60]": (-4.2531788, 0.60287629), "beta[74]": (-2.1287161, 0.62581728),
}  # fmt: skip


def test_the_posts_data_to_six_digits() -> None:
    answer = exact(boelstad())
    for name, (mean, sd) in ORACLE.items():
        assert answer[name].mean == pytest.approx(mean, abs=5e-7)
        assert answer[name].sd == pytest.approx(sd, abs=5e-7)
    assert answer.error < 1e-5


def flat_of(data: GroupedData) -> dict[str, GroupedData]:
    return {"none": data}


ZERO = simulate(3, [3, 1, 2], sigma_alpha=0.0, seed=3)
TINY = {
    "unbalanced": simulate(3, [1, 2, 4], seed=4),
    "no differences of intercept": grouped(ZERO.y, ZERO.x, ZERO.group),
    "noise beyond the prior": simulate(2, 4, sigma=25.0, seed=2),
    "constant x in a group": grouped(
        [1.0, 2.5, 0.3, -1.0, 0.4, 2.0], [0.5, 0.5, 0.5, 2.0, 1.0, 0.0], [0, 0, 0, 1, 1, 1]
    ),
}


def by_cubature(data: GroupedData) -> dict[str, np.ndarray]:
    """Evidence and moments: all coefficients one normal vector, adaptive cubature over scales."""
    groups = data.groups
    design = np.zeros((data.y.size, 2 + 2 * groups))  # of (mu, alpha - mu_alpha, beta - mu_beta)
    design[:, 0], design[:, 1] = 1.0, data.x
    design[np.arange(data.y.size), 2 + data.group] = 1.0
    design[np.arange(data.y.size), 2 + groups + data.group] = data.x
    total = np.eye(2 + 2 * groups)
    total[2 : 2 + groups, 0] = total[2 + groups :, 1] = 1.0

    def integrand(points):
        tau_0, tau_1, sigma = points.T[:, :, None]
        prior = np.concatenate(
            [9.0 * np.ones((len(points), 2)), tau_0**2 * np.ones(groups), tau_1**2 * np.ones(groups)],
            axis=1,
        )  # fmt: skip
        cross = prior[:, :, None] * design.T
        covariance = design @ cross + sigma[:, :, None] ** 2 * np.eye(data.y.size)
        gain = np.linalg.solve(covariance, np.swapaxes(cross, 1, 2))
        mean = np.swapaxes(gain, 1, 2) @ data.y @ total.T
        spread = prior[:, :, None] * np.eye(2 + 2 * groups) - cross @ gain
        variance = np.einsum("ij,pjk,ik->pi", total, spread, total)
        quadratic = (
            data.y
            * np.linalg.solve(covariance, np.tile(data.y, (len(points), 1))[..., None])[..., 0]
        ).sum(1)  # noqa: E501
        log_p = -0.5 * (np.linalg.slogdet(2 * np.pi * covariance)[1] + quadratic)
        density = np.exp(log_p + SHIFT)[:, None]
        return density * np.concatenate(
            [np.ones_like(sigma), points, points**2, mean, variance + mean**2], axis=1
        )

    SHIFT = 20.0
    found = integrate.cubature(
        integrand, np.zeros(3), np.full(3, 10.0), rule="gk21", rtol=1e-8, atol=0.0,
        max_subdivisions=200,
    )  # fmt: skip
    z, size = found.estimate[0], 2 + 2 * groups
    scale_mean, scale_square = found.estimate[1:7].reshape(2, 3) / z
    mean, square = found.estimate[7:].reshape(2, size) / z
    order = [0, 1, *range(size, size + 3), *range(2, size)]
    means, squares = np.append(mean, scale_mean), np.append(square, scale_square)
    return {
        "mean": means[order],
        "sd": np.sqrt(squares - means**2)[order],
        "log_evidence": np.log(z) - SHIFT - 3.0 * np.log(10.0),
    }


@pytest.mark.parametrize("name", TINY)
def test_agrees_with_adaptive_cubature_of_dense_normals(name: str) -> None:
    if not hasattr(integrate, "cubature"):
        pytest.skip("scipy.integrate.cubature needs SciPy 1.15")
    answer, expected = exact(TINY[name]), by_cubature(TINY[name])
    assert answer.log_evidence == pytest.approx(expected["log_evidence"], abs=1e-6)
    np.testing.assert_allclose(answer.mean, expected["mean"], rtol=0, atol=1e-6 * answer.sd.max())
    np.testing.assert_allclose(answer.sd, expected["sd"], rtol=1e-6)
