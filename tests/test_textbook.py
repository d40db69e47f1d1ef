"""The textbook's log posteriors against scipy.stats, at random points and at every edge."""

import math

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.datasets import boelstad
from mcmc_edu.models import textbook

DATA = textbook.observations(boelstad(seed=7, individuals=6, observations=3))
N = DATA.groups


def log_likelihood(alpha, beta, sigma):
    mean = alpha[DATA.group] + beta[DATA.group] * DATA.x
    return stats.norm(mean, sigma).logpdf(DATA.y).sum()


def complete(theta):
    alpha, beta, sigma = theta
    prior = stats.uniform(-100, 200).logpdf([alpha, beta]).sum() + stats.uniform(0, 10).logpdf(
        sigma
    )
    return prior + log_likelihood(np.full(N, alpha), np.full(N, beta), sigma)


def none(theta):
    prior = stats.uniform(-100, 200).logpdf(theta[:-1]).sum() + stats.uniform(0, 10).logpdf(
        theta[-1]
    )
    return prior + log_likelihood(theta[:N], theta[N : 2 * N], theta[-1])


def partial(theta):
    alpha, beta = theta[:N], theta[N : 2 * N]
    mu_alpha, mu_beta, sigma_alpha, sigma_beta, sigma = theta[2 * N :]
    prior = stats.norm(0, 3).logpdf([mu_alpha, mu_beta]).sum()
    prior += stats.uniform(0, 10).logpdf([sigma_alpha, sigma_beta, sigma]).sum()
    prior += stats.norm(mu_alpha, sigma_alpha).logpdf(alpha).sum()
    prior += stats.norm(mu_beta, sigma_beta).logpdf(beta).sum()
    return prior + log_likelihood(alpha, beta, sigma)


MODELS = {
    "complete": (textbook.complete_pooling, complete, 3, [2]),
    "none": (textbook.no_pooling, none, 2 * N + 1, [2 * N]),
    "partial": (textbook.partial_pooling, partial, 2 * N + 5, [2 * N + 2, 2 * N + 3, 2 * N + 4]),
}


def points(pooling: str, n: int):
    """Points all over the support: coefficients to 90 either way, scales of every size."""
    _, _, dim, scales = MODELS[pooling]
    rng = np.random.default_rng(20)
    for k in range(n):
        theta = rng.normal(scale=[0.5, 3.0, 30.0][k % 3], size=dim).clip(-90.0, 90.0)
        theta[scales] = 10.0 ** rng.uniform(-2.0, 0.99, size=len(scales))
        yield theta


@pytest.mark.parametrize("pooling", MODELS)
def test_agrees_with_scipy(pooling: str) -> None:
    log_posterior, expected, *_ = MODELS[pooling]
    for theta in points(pooling, 60):
        assert log_posterior(theta, DATA) == pytest.approx(expected(theta), rel=1e-12)


@pytest.mark.parametrize("pooling", MODELS)
def test_scales_live_between_0_and_10(pooling: str) -> None:
    log_posterior, expected, _, scales = MODELS[pooling]
    for k in scales:
        theta = next(points(pooling, 1))
        for inside in (1e-3, 9.999, 10.0):
            theta[k] = inside
            assert log_posterior(theta, DATA) == pytest.approx(expected(theta), rel=1e-12)
        for outside in (0.0, -1e-300, -1.0, 10.000001, math.inf, -math.inf, math.nan):
            theta[k] = outside
            assert log_posterior(theta, DATA) == -math.inf


@pytest.mark.parametrize("pooling", ["complete", "none"])
def test_flat_coefficients_live_between_minus_100_and_100(pooling: str) -> None:
    log_posterior, expected, dim, _ = MODELS[pooling]
    for k in range(dim - 1):
        theta = next(points(pooling, 1))
        for inside in (-100.0, 100.0):
            theta[k] = inside
            assert log_posterior(theta, DATA) == pytest.approx(expected(theta), rel=1e-12)
        for outside in (-100.0000001, 100.0000001, math.nan):
            theta[k] = outside
            assert log_posterior(theta, DATA) == -math.inf


def test_partial_pooling_has_no_ends() -> None:
    theta = next(points("partial", 1))
    theta[0] = 150.0
    assert textbook.partial_pooling(theta, DATA) == pytest.approx(partial(theta), rel=1e-12)


def test_the_likelihood_is_one_and_the_same() -> None:
    """Where all lines are one line, the three models differ by their priors alone."""
    alpha, beta, sigma = 1.3, -0.4, 2.2
    same = np.r_[np.full(N, alpha), np.full(N, beta)]
    likelihood = log_likelihood(np.full(N, alpha), np.full(N, beta), sigma)
    flat, scale, mu = -math.log(200), -math.log(10), stats.norm(0, 3).logpdf(1.0)
    of_complete = textbook.complete_pooling(np.array([alpha, beta, sigma]), DATA)
    of_none = textbook.no_pooling(np.r_[same, sigma], DATA)
    of_partial = textbook.partial_pooling(np.r_[same, 1.0, 1.0, 0.5, 0.5, sigma], DATA)
    population = N * (stats.norm(1, 0.5).logpdf(alpha) + stats.norm(1, 0.5).logpdf(beta))
    assert of_complete == pytest.approx(likelihood + 2 * flat + scale)
    assert of_none == pytest.approx(likelihood + 2 * N * flat + scale)
    assert of_partial == pytest.approx(likelihood + 2 * mu + 3 * scale + population)


def test_names_follow_the_layout() -> None:
    assert textbook.parameter_names("none", 2) == [
        "alpha[0]",
        "alpha[1]",
        "beta[0]",
        "beta[1]",
        "sigma",
    ]
    for pooling, (_, _, dim, _) in MODELS.items():
        assert len(textbook.parameter_names(pooling, N)) == dim
