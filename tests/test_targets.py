"""Test targets: gradients, scipy's densities, exact draws, quadrature, and the same uncompiled."""

import json
import math
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import logsumexp
from scripts import environment

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import bind
from mcmc_edu.gradients import check_gradient
from mcmc_edu.targets import eight_schools
from mcmc_edu.targets.normals import dense_normal, diagonal_normal

COVARIANCE = np.array([[4.0, -1.5, 0.3], [-1.5, 1.0, 0.0], [0.3, 0.0, 25.0]])

TARGETS = {
    "normal": targets.normal(COVARIANCE, [1.0, -2.0, 30.0]),
    "diagonal": targets.normal([4.0, 1e-4, 100.0], 5.0),
    "ill-conditioned": targets.ill_conditioned_normal(20),
    "rotated": targets.ill_conditioned_normal(20, 1e3, rotation_seed=4),
    "banana": targets.banana(),
    "funnel": targets.funnel(),
    "mixture": targets.mixture(),
    "near mixture": targets.mixture(separation=3.0, weight=0.6, dim=3),
    "centered": targets.eight_schools_centered(),
    "noncentered": targets.eight_schools_noncentered(),
}


def at_points(theta, target):
    return target.log_density(np.array(theta, dtype=float), np.empty(target.dim), target.data)


def eight_schools_logpdf(theta, effects, log_likelihood_of):
    mu, log_tau = theta[:2]
    logp = stats.norm(0, 5).logpdf(mu)
    logp += stats.halfcauchy(scale=5).logpdf(math.exp(log_tau)) + log_tau
    y, sigma = eight_schools.schools()
    return logp + log_likelihood_of + stats.norm(effects, sigma).logpdf(y).sum()


def centered_logpdf(theta, target):
    mu, log_tau, effects = theta[0], theta[1], theta[2:]
    population = stats.norm(mu, math.exp(log_tau)).logpdf(effects).sum()
    return eight_schools_logpdf(theta, effects, population)


def noncentered_logpdf(theta, target):
    mu, log_tau, z = theta[0], theta[1], theta[2:]
    return eight_schools_logpdf(theta, mu + math.exp(log_tau) * z, stats.norm.logpdf(z).sum())


def normal_logpdf(theta, target, covariance):
    return stats.multivariate_normal(target.mean, covariance).logpdf(theta)


def rotated_covariance():
    axes, _ = np.linalg.qr(np.random.default_rng(4).standard_normal((20, 20)))
    return axes @ np.diag(np.geomspace(1e-3, 1.0, 20)) @ axes.T


def banana_logpdf(theta, target):
    x, y = theta
    return stats.norm(0, 10).logpdf(x) + stats.norm(0.03 * (x**2 - 100), 1).logpdf(y)


def funnel_logpdf(theta, target):
    sd = math.exp(theta[0] / 2)
    return stats.norm(0, 3).logpdf(theta[0]) + stats.norm(0, sd).logpdf(theta[1:]).sum()


def mixture_logpdf(half, weight):
    def logpdf(theta, target):
        modes = stats.norm([half, -half]).logpdf(theta[0])
        return logsumexp(modes, b=[weight, 1 - weight]) + stats.norm.logpdf(theta[1:]).sum()

    return logpdf


ORACLES = {
    "normal": lambda t, target: normal_logpdf(t, target, COVARIANCE),
    "diagonal": lambda t, target: normal_logpdf(t, target, np.diag([4.0, 1e-4, 100.0])),
    "ill-conditioned": lambda t, target: normal_logpdf(
        t, target, np.diag(np.geomspace(1e-4, 1.0, 20))
    ),
    "rotated": lambda t, target: normal_logpdf(t, target, rotated_covariance()),
    "banana": banana_logpdf,
    "funnel": funnel_logpdf,
    "mixture": mixture_logpdf(5.0, 0.3),
    "near mixture": mixture_logpdf(1.5, 0.6),
    "centered": centered_logpdf,
    "noncentered": noncentered_logpdf,
}


def points(target):
    """Typical points, points far outside, and points close to the mean."""
    rng = np.random.default_rng(8)
    draws = target.exact_draws(rng, 4)
    yield from draws
    yield from target.mean + 4.0 * (draws[:2] - target.mean)
    yield target.mean + 1e-3 * target.sd * rng.standard_normal(target.dim)
    yield target.start


def corners(target):
    """log tau = -20 and +6, the funnel's neck and mouth, with the rest as it was."""
    at = 0 if target.names[0] == "v" else 1
    for theta, log_scale in zip(points(target), (-20.0, -10.0, 4.0, 6.0), strict=False):
        theta[at] = log_scale
        yield theta


@pytest.mark.parametrize("name", TARGETS)
def test_the_gradient_agrees_with_differences(name: str) -> None:
    target = TARGETS[name]
    check = check_gradient(target.log_density, list(points(target)), target.data)
    assert check, str(check)


@pytest.mark.parametrize("name", ["funnel", "centered", "noncentered"])
def test_the_gradient_at_the_corners(name: str) -> None:
    target = TARGETS[name]
    check = check_gradient(target.log_density, list(corners(target)), target.data)
    assert check, str(check)


@pytest.mark.parametrize("name", TARGETS)
def test_the_density_is_scipys(name: str) -> None:
    target = TARGETS[name]
    where = list(points(target))
    if name in ("funnel", "centered", "noncentered"):
        where += list(corners(target))
    for theta in where:
        expected = ORACLES[name](theta, target)
        assert at_points(theta, target) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", TARGETS)
def test_exact_draws_have_the_moments(name: str) -> None:
    """Means, and second moments about the known mean, in Monte Carlo standard errors.

    Of the funnel's x the second moment has a variance of e^18: no number of draws will do, and x
    exp(-v / 2) ~ N(0, 1) stands in.
    """
    target, n = TARGETS[name], 20_000
    draws = target.exact_draws(np.random.default_rng(9), n)
    assert draws.shape == (n, target.dim)
    mean, sd = target.mean, target.sd
    if name == "funnel":
        draws[:, 1:] *= np.exp(-0.5 * draws[:, :1])
        sd = np.array([3.0, *[1.0] * 9])
    for power, expected in ((1, 0.0), (2, sd**2)):
        values = (draws - mean) ** power
        z = (values.mean(0) - expected) / (values.std(0) / math.sqrt(n))
        assert np.abs(z).max() < 4.5


def test_the_funnels_sd_of_x() -> None:
    """By quadrature over v: Var x = E exp(v)."""
    variance, _ = integrate.quad(lambda v: stats.norm(0, 3).pdf(v) * math.exp(v), -40, 60)
    assert TARGETS["funnel"].sd[1] == pytest.approx(math.sqrt(variance), rel=1e-9)


@pytest.mark.parametrize("name", TARGETS)
def test_exact_draws_and_gradient_belong_together(name: str) -> None:
    """Stein's identity: E grad_i = 0 and E (theta_j - c_j) grad_i = -1 if i = j, else 0."""
    target, n = TARGETS[name], 4_000
    draws = target.exact_draws(np.random.default_rng(10), n)
    grads = np.empty_like(draws)
    for k in range(n):
        target.log_density(draws[k], grads[k], target.data)
    if name == "centered":  # E grad_mu^2 = E 1 / tau^2 is infinite: judge where tau is not small
        grads, draws = grads[:, 1:], draws[:, 1:]
        target = targets.Target(**vars(target) | {"mean": target.mean[1:]})
    for i in range(grads.shape[1]):
        products = (draws - target.mean) * grads[:, [i]]
        products[:, i] += 1.0
        values = np.column_stack([grads[:, i], products])
        z = values.mean(0) / (values.std(0) / math.sqrt(n))
        assert np.abs(z).max() < 4.5


def posterior_by_quad():
    """Eight schools by scipy.quad over tau, mu and theta integrated out with a full matrix."""
    y, sigma = eight_schools.schools()

    def given(tau):
        covariance = tau**2 * np.eye(8) + np.diag(sigma**2) + 25.0
        weight = math.exp(stats.multivariate_normal(np.zeros(8), covariance).logpdf(y) + 30.0)
        weight *= stats.halfcauchy(scale=5).pdf(tau)
        # (mu, theta) and y are jointly normal: condition on y
        gain = np.linalg.solve(covariance, y)
        effects = (tau**2 * np.eye(8) + 25.0) @ gain
        prior = tau**2 * np.eye(8) + 25.0
        spread = prior - prior @ np.linalg.solve(covariance, prior)
        ones = np.ones(8)
        mu_var = 25.0 - 625.0 * ones @ np.linalg.solve(covariance, ones)
        mean = np.array([25.0 * ones @ gain, tau, *effects])
        var = np.array([mu_var, 0.0, *np.diag(spread)])
        return weight * np.concatenate([[1.0], mean, var + mean**2])

    total, _ = integrate.quad_vec(given, 0.0, 400.0, epsrel=1e-10, points=[1.0, 5.0, 20.0, 60.0])
    tail, _ = integrate.quad_vec(given, 400.0, 1e5, epsrel=1e-8)
    moments = (total + tail)[1:] / (total + tail)[0]
    return moments[:10], np.sqrt(moments[10:] - moments[:10] ** 2)


def test_eight_schools_moments_by_quadrature_and_as_published() -> None:
    moments = eight_schools.exact_moments()
    names = ["mu", "tau", *(f"theta[{j + 1}]" for j in range(8))]
    mean, sd = posterior_by_quad()
    np.testing.assert_allclose([moments[n][0] for n in names], mean, rtol=1e-6)
    np.testing.assert_allclose([moments[n][1] for n in names], sd, rtol=1e-6)
    # posteriordb's 10 000 reference draws of the same posterior agree with these, |z| <= 1.1
    known = [4.396821, 3.597705, 6.211884, 4.940178, 3.927004, 4.757098, 3.615477, 4.042613]
    np.testing.assert_allclose(mean, [*known, 6.296724, 4.854253], atol=1e-6)
    np.testing.assert_allclose(sd[:2], [3.317704, 3.219958], atol=1e-6)


def test_eight_schools_in_both_coordinates_are_one_posterior() -> None:
    """log p(mu, u, theta) + 8 log tau = log p(mu, u, z): the Jacobian between them."""
    centered, noncentered = TARGETS["centered"], TARGETS["noncentered"]
    for theta in noncentered.exact_draws(np.random.default_rng(11), 5):
        effects = theta.copy()
        effects[2:] = theta[0] + math.exp(theta[1]) * theta[2:]
        found = at_points(effects, centered) + 8.0 * theta[1]
        assert found == pytest.approx(at_points(theta, noncentered), rel=1e-12)


@pytest.mark.parametrize("name", ["centered", "noncentered", "funnel"])
@pytest.mark.parametrize("log_scale", [-800.0, -40.0, 40.0, 800.0])
def test_absurd_scales_raise_nothing(name: str, log_scale: float) -> None:
    target = TARGETS[name]
    theta = target.start.copy() + 0.1
    theta[0 if name == "funnel" else 1] = log_scale
    python = getattr(target.log_density, "py_func", target.log_density)
    with np.errstate(all="ignore"):
        logp = python(theta, np.empty(target.dim), target.data)  # dividing by zero would raise
        gated = bind(target.log_density, target.data)(theta)
    assert logp < math.inf or math.isnan(logp)
    assert gated < math.inf


def test_a_diagonal_normal_is_done_the_cheap_way() -> None:
    assert targets.normal(np.diag([1.0, 4.0])).log_density is diagonal_normal
    assert targets.normal([1.0, 4.0]).log_density is diagonal_normal
    assert targets.normal(COVARIANCE).log_density is dense_normal
    theta, a, b = np.array([0.3, -0.2, 4.0]), np.empty(3), np.empty(3)
    cheap = targets.normal([4.0, 0.25, 9.0], 1.0)
    dense = targets.normal([[4.0, 0, 1e-12], [0, 0.25, 0], [1e-12, 0, 9.0]], 1.0)
    assert dense.log_density is dense_normal
    assert cheap.log_density(theta, a, cheap.data) == pytest.approx(
        dense.log_density(theta, b, dense.data), rel=1e-12
    )
    np.testing.assert_allclose(a, b, rtol=1e-10)


@pytest.mark.parametrize(
    ("covariance", "message"),
    [
        ([[1.0, 2.0], [2.0, 1.0]], "not positive definite"),
        ([[1.0, 0.5], [0.4, 1.0]], "symmetric"),
        ([[1.0, 0.5]], "symmetric"),
        ([1.0, -1.0], "not positive definite"),
        (2.0, "symmetric"),
    ],
)
def test_what_is_no_covariance_is_refused(covariance, message) -> None:
    with pytest.raises(ValueError, match=message):
        targets.normal(covariance)


def test_condition_and_weight() -> None:
    for seed in (None, 1):
        target = targets.ill_conditioned_normal(rotation_seed=seed)
        draws = target.exact_draws(np.random.default_rng(12), 40_000)
        eigenvalues = np.linalg.eigvalsh(np.cov(draws.T))
        assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(1e4, rel=0.2)
    with pytest.raises(ValueError, match="weight"):
        targets.mixture(weight=1.0)


def test_what_rhat_says_of_two_modes() -> None:
    """The docstring's numbers; independent draws of one mode stand for a chain that stays there."""
    rng = np.random.default_rng(13)
    within = rng.standard_normal((4, 1000))
    for signs, rhat in (((1, 1, -1, -1), 1.7), ((1, -1, -1, -1), 1.5), ((1, 1, 1, 1), 1.0)):
        draws = within + 5.0 * np.array(signs)[:, None]
        assert me.rhat(draws) == pytest.approx(rhat, abs=0.05)
    mean = TARGETS["mixture"].mean[0]
    assert (5.0 - mean, mean + 5.0) == (pytest.approx(7.0), pytest.approx(3.0))


@pytest.mark.parametrize("name", TARGETS)
def test_names_and_starts_fit(name: str) -> None:
    target = TARGETS[name]
    assert len(target.names) == len(set(target.names)) == target.dim
    assert target.mean.shape == target.sd.shape == target.start.shape == (target.dim,)
    assert math.isfinite(at_points(target.start, target))


EVERYTHING = """
    import json
    import numpy as np
    from mcmc_edu.compiling import UNCOMPILED
    from mcmc_edu.densities import priors, special, transforms
    from mcmc_edu import targets

    found = {}
    for x in (1e-9, 0.3, 0.5, 1.2, 1.7, 2.3, 6.5, 11.0, 1e5):
        found[f"log_gamma {x}"] = special.log_gamma(x)
    for u in (-800.0, -20.0, -0.7, 0.1, 3.3, 40.0, 800.0):
        for name, scale in (
            ("uniform", priors.uniform_scale(u, 10.0)), ("normal", priors.half_normal(u, 2.0)),
            ("t", priors.half_t(u, 3.0, 2.0)), ("Cauchy", priors.half_cauchy(u, 5.0)),
            ("exponential", priors.exponential(u, 0.3)),
        ):
            found[f"{name} {u}"] = scale
        found[f"bounded {u}"] = transforms.bounded(u, -3.0, 5.0)
    rng = np.random.default_rng(1)
    for k in (2, 4):
        for scale in (1.0, 8.0):
            y = scale * rng.standard_normal(k * (k - 1) // 2)
            factor, y_bar = np.empty((k, k)), np.zeros(y.size)
            found[f"factor {k} {scale}"] = transforms.correlation_cholesky(y, factor)
            bar = rng.standard_normal((k, k))
            transforms.correlation_cholesky_reverse(y, bar, y_bar)
            found[f"lkj {k} {scale}"] = transforms.lkj(y, 1.3, k, y_bar)
            found[f"arrays {k} {scale}"] = np.r_[factor.ravel(), y_bar]
    for target in (
        targets.normal(np.eye(3) + 0.3), targets.ill_conditioned_normal(10), targets.banana(),
        targets.funnel(), targets.mixture(), targets.eight_schools_centered(),
        targets.eight_schools_noncentered(),
    ):
        for theta in target.exact_draws(rng, 20):
            grad = np.empty(target.dim)
            logp = target.log_density(theta, grad, target.data)
            found[f"{target.name} {theta[0]}"] = np.r_[logp, grad]
    hexadecimal = {key: [float(x).hex() for x in np.atleast_1d(v)] for key, v in found.items()}
    print(json.dumps([UNCOMPILED, hexadecimal]))
"""


def test_compiled_and_uncompiled_values_are_equal_bit_for_bit() -> None:
    root = str(Path(__file__).parent.parent)
    results = []
    for disabled in ("1", "0"):
        found = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(EVERYTHING)],
            env=environment(root, NUMBA_DISABLE_JIT=disabled),
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        results.append(json.loads(found.stdout))
    assert [uncompiled for uncompiled, _ in results] == [True, False]
    assert results[0][1] == results[1][1]
    assert len(results[0][1]) > 170
