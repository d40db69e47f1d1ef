"""Priors of a scale: against scipy.stats, differences, and what they must tend to far out."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from mcmc_edu.densities import priors
from mcmc_edu.gradients.differences import derivative

PRIORS = {
    "uniform": (lambda v: priors.uniform_scale(v, 10.0), stats.uniform(0, 10)),
    "uniform, small": (lambda v: priors.uniform_scale(v, 1e-3), stats.uniform(0, 1e-3)),
    "half-normal": (lambda u: priors.half_normal(u, 2.5), stats.halfnorm(scale=2.5)),
    "half-Cauchy": (lambda u: priors.half_cauchy(u, 5.0), stats.halfcauchy(scale=5.0)),
    "half-t 1": (lambda u: priors.half_t(u, 1.0, 5.0), stats.halfcauchy(scale=5.0)),
    "half-t 3": (lambda u: priors.half_t(u, 3.0, 0.2), stats.t(3, scale=0.2)),
    "half-t 7.5": (lambda u: priors.half_t(u, 7.5, 30.0), stats.t(7.5, scale=30.0)),
    "exponential": (lambda u: priors.exponential(u, 0.25), stats.expon(scale=4.0)),
    "exponential, large": (lambda u: priors.exponential(u, 1e3), stats.expon(scale=1e-3)),
}
U = [-20.0, -8.0, -1.3, 0.0, 0.4, 2.0, 3.9]


@pytest.mark.parametrize("name", PRIORS)
def test_agrees_with_scipy_and_the_log_jacobian(name: str) -> None:
    prior, oracle = PRIORS[name]
    folded = math.log(2.0) if name.startswith("half-t") and name != "half-t 1" else 0.0
    for u in U:
        scale = prior(u)
        expected = oracle.logpdf(scale.tau) + folded + math.log(scale.d_tau)
        assert scale.logp == pytest.approx(expected, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("name", PRIORS)
def test_integrates_to_one_over_the_line(name: str) -> None:
    prior, _ = PRIORS[name]
    total, error = integrate.quad(
        lambda u: math.exp(prior(u).logp), -60.0, 60.0, points=[-8.0, 0.0, 8.0], limit=200
    )
    assert error < 1e-7
    assert total == pytest.approx(1.0, abs=1e-8)


@pytest.mark.parametrize("name", PRIORS)
def test_derivatives_agree_with_differences(name: str) -> None:
    prior, _ = PRIORS[name]
    for u in U:
        scale = prior(u)
        d_tau, doubt = derivative(lambda t: prior(t).tau, u)
        assert scale.d_tau == pytest.approx(d_tau, rel=1e-8, abs=10.0 * doubt)
        d_logp, doubt = derivative(lambda t: prior(t).logp, u)
        assert scale.d_logp == pytest.approx(d_logp, rel=1e-8, abs=10.0 * doubt)
        assert doubt < 1e-8 * (1.0 + abs(d_logp))


def test_half_cauchy_is_even_around_the_logarithm_of_its_scale() -> None:
    """log p(log s + x) = log p(log s - x), however far out: where tau has overflowed too."""
    for x in (0.5, 20.0, 40.0, 400.0, 800.0):
        right = priors.half_cauchy(math.log(3.0) + x, 3.0)
        left = priors.half_cauchy(math.log(3.0) - x, 3.0)
        assert right.logp == pytest.approx(left.logp, rel=1e-14)
        assert right.d_logp == pytest.approx(-left.d_logp, rel=1e-14)
    assert (right.tau, left.tau) == (math.inf, 0.0)
    assert left.logp == pytest.approx(math.log(2.0 / math.pi) - 800.0, rel=1e-14)


@pytest.mark.parametrize("u", [-800.0, -40.0])
@pytest.mark.parametrize("name", [name for name in PRIORS if "uniform" not in name])
def test_far_left_only_the_log_jacobian_is_left(name: str, u: float) -> None:
    """p(tau) is constant near 0, so that log p(u) = log p(0) + u."""
    prior, oracle = PRIORS[name]
    folded = math.log(2.0) if name.startswith("half-t") and name != "half-t 1" else 0.0
    scale = prior(u)
    assert scale.tau == math.exp(u)
    assert scale.logp == pytest.approx(oracle.logpdf(0.0) + folded + u, rel=1e-14)
    assert scale.d_logp == pytest.approx(1.0, rel=1e-13)


def test_far_right_the_tails() -> None:
    for u in (40.0, 800.0):
        heavy = priors.half_t(u, 3.0, 2.0)
        assert heavy.d_logp == pytest.approx(-3.0, rel=1e-14)
        # p(tau) -> c tau^-(nu + 1): c by scipy, at a tau that is large and does not overflow
        tail = stats.t(3).logpdf(1e6) + 4.0 * math.log(1e6) + math.log(2.0) - math.log(2.0)
        expected = tail - 4.0 * (u - math.log(2.0)) + u
        assert heavy.logp == pytest.approx(expected, rel=1e-12)
    assert priors.half_normal(800.0, 2.0) == (math.inf, math.inf, -math.inf, -math.inf)
    assert priors.exponential(800.0, 2.0) == (math.inf, math.inf, -math.inf, -math.inf)
    assert priors.half_normal(400.0, 2.0).logp == -math.inf
    assert priors.half_normal(40.0, 2.0).logp == pytest.approx(-math.exp(80.0) / 8.0, rel=1e-13)


@pytest.mark.parametrize("v", [40.0, 700.0])
def test_the_uniforms_logit_far_out(v: float) -> None:
    right, left = priors.uniform_scale(v, 10.0), priors.uniform_scale(-v, 10.0)
    assert right.logp == left.logp == pytest.approx(-v, rel=1e-15)
    assert (right.tau, right.d_logp, left.d_logp) == (10.0, -1.0, 1.0)
    assert left.tau == left.d_tau == right.d_tau == pytest.approx(10.0 * math.exp(-v), rel=1e-14)


def test_scales_are_plain_numbers_in_the_order_documented() -> None:
    assert priors.Scale._fields == ("tau", "d_tau", "logp", "d_logp")
    assert np.shape(priors.half_t(0.0, 3.0, 1.0)) == (4,)


@pytest.mark.parametrize("name", PRIORS)
def test_numpy_numbers_overflow_in_silence(name: str) -> None:
    """What theta[0] is when uncompiled: it must not warn where a Python number does not."""
    prior, _ = PRIORS[name]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for u in (-800.0, -40.0, 40.0, 400.0, 800.0):
            assert prior(np.float64(u)) == prior(u)
