"""Likelihoods of every family against scipy, far out too; and the special functions they need."""

import math

import numpy as np
import pytest
from scipy import special, stats

from mcmc_edu.densities.special import digamma, log_normal_cdf
from mcmc_edu.families import FAMILIES, family_of

FAR = np.array([-700.0, -40.0, -8.0, -1.5, -1.0, 0.0, 0.3, 1.49, 1.51, 6.0, 38.0, 700.0])
NUMBERS = [key for key, family in FAMILIES.items() if family.probabilities is None]
"""Families whose outcomes are numbers; of categories see test_categories.py."""
OWN = {
    "gaussian": [0.3],
    "student": [0.2, 1.1],
    "negbin": [-0.4],
    "gamma": [0.9],
    "lognormal": [0.3],
    "beta": [1.2],
}


def test_digamma() -> None:
    x = np.concatenate([10.0 ** np.arange(-300, 300, 7.0), np.linspace(0.01, 30.0, 500)])
    ours = np.array([digamma(v) for v in x.tolist()])
    np.testing.assert_allclose(ours, special.digamma(x), rtol=2e-14, atol=2e-14)
    assert digamma(0.0) == -math.inf
    assert math.isnan(digamma(-1.0))


def test_log_normal_cdf_and_its_slope() -> None:
    x = np.concatenate([np.linspace(-60.0, 38.0, 2001), [-1.5, 1.5, 1e4]])
    value, slope = np.array([log_normal_cdf(v) for v in x.tolist()]).T
    np.testing.assert_allclose(value, special.log_ndtr(x), rtol=5e-13, atol=1e-300)
    expected = np.exp(-0.5 * x * x - 0.5 * math.log(2.0 * math.pi) - special.log_ndtr(x))
    np.testing.assert_allclose(slope, expected, rtol=1e-11, atol=1e-300)
    assert log_normal_cdf(-1e4).slope == pytest.approx(1e4 + 1e-4, rel=1e-15)  # t + 1/t - ...


def outcomes(name: str, size: int):
    """Outcomes and trials that a family allows, its extremes among them."""
    if name in ("gaussian", "student"):
        return np.linspace(-5.0, 5.0, size), np.ones(size)
    if name == "beta":
        return np.resize([1e-9, 0.2, 0.5, 0.999], size), np.ones(size)
    if name in ("gamma", "lognormal"):
        return np.resize([1e-3, 0.5, 2.0, 150.0], size), np.ones(size)
    if name == "binomial":
        trials = np.resize([0.0, 1.0, 1.0, 7.0, 7.0, 7.0], size)
        return np.resize([0.0, 0.0, 1.0, 0.0, 3.0, 7.0], size), trials
    return np.resize([0.0, 1.0, 5.0, 400.0], size), np.ones(size)


def log_likelihood(family, eta, y, trials, own):
    score, d_own = np.array(eta, dtype=float), np.zeros(own.size)
    logp = family.log_likelihood(score, family.on_scale(y), trials, float(y.size), 0.0, own, d_own)
    return logp, score, d_own


def constant(name: str, y, trials) -> float:
    """What our likelihoods leave out."""
    if name == "gaussian":
        return -0.5 * y.size * math.log(2.0 * math.pi)
    if name == "binomial":
        return float(np.log(special.binom(trials, y)).sum())
    if name == "lognormal":
        return constant("gaussian", y, trials) - float(np.log(y).sum())
    if name == "gamma":
        return -float(np.log(y).sum())
    if name == "beta":
        return -float((np.log(y) + np.log1p(-y)).sum())
    return 0.0 if name == "student" else -float(special.gammaln(y + 1.0).sum())


def scipy_log_density(family, y, eta, trials, own):
    if family.name == "gaussian":
        return stats.norm(eta, math.exp(own[0])).logpdf(y)
    if family.name == "student":
        return stats.t(math.exp(own[1]), eta, math.exp(own[0])).logpdf(y)
    if family.name == "binomial":
        law = stats.logistic if family.link == "logit" else stats.norm
        up, down = law.logcdf(eta), law.logsf(eta)
        certain = special.xlogy(0.0, 1.0) + np.log(special.binom(trials, y))
        return certain + np.where(y > 0, y * up, 0.0) + np.where(trials > y, (trials - y) * down, 0)
    if family.name == "poisson":
        return y * eta - np.exp(eta) - special.gammaln(y + 1.0)
    if family.name == "lognormal":
        return stats.lognorm(math.exp(own[0]), scale=np.exp(eta)).logpdf(y)
    if family.name == "gamma":
        shape = math.exp(own[0])
        return stats.gamma(shape, scale=np.exp(eta) / shape).logpdf(y)
    phi = math.exp(own[0])
    if family.name == "beta":
        return stats.beta(phi * special.expit(eta), phi * special.expit(-eta)).logpdf(y)
    log_p, log_rest = stats.logistic.logcdf(eta - own[0]), stats.logistic.logsf(eta - own[0])
    base = special.gammaln(y + phi) - special.gammaln(phi) - special.gammaln(y + 1.0)
    return base + y * log_p + phi * log_rest


@pytest.mark.parametrize("key", NUMBERS, ids=str)
def test_log_likelihood_is_scipys_far_out_too(key) -> None:
    family = FAMILIES[key]
    own = np.array(OWN.get(family.name, []))
    for eta in FAR:
        if family.name == "poisson" and eta > 50:
            continue  # exp(eta) is all there is
        y, trials = outcomes(family.name, 24)
        at = np.full(y.size, eta)
        ours = log_likelihood(family, at, y, trials, own)[0]
        left_out = constant(family.name, y, trials)
        assert family.constant(y, trials) == pytest.approx(left_out)
        ours += left_out
        scipys = scipy_log_density(family, y, at, trials, own).sum()
        np.testing.assert_allclose(ours, scipys, rtol=1e-12, atol=1e-10)
        mine = family.log_density(y, at, trials, dict(zip(family.own, np.exp(own), strict=True)))
        np.testing.assert_allclose(mine.sum(), scipys, rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("key", NUMBERS, ids=str)
def test_derivatives_by_differences(key) -> None:
    family = FAMILIES[key]
    own = np.array(OWN.get(family.name, []))
    y, trials = outcomes(family.name, 24)
    for eta in (-30.0, -2.0, 0.4, 3.0, 9.0):
        at, h = np.full(y.size, eta), 1e-5
        _, score, d_own = log_likelihood(family, at, y, trials, own)
        for i in range(y.size):
            one = [i]
            up = log_likelihood(family, at[one] + h, y[one], trials[one], own)[0]
            down = log_likelihood(family, at[one] - h, y[one], trials[one], own)[0]
            assert score[i] == pytest.approx((up - down) / (2 * h), rel=2e-6, abs=1e-6)
        for a in range(own.size):
            step = np.zeros(own.size)
            step[a] = h
            up = log_likelihood(family, at, y, trials, own + step)[0]
            down = log_likelihood(family, at, y, trials, own - step)[0]
            assert d_own[a] == pytest.approx((up - down) / (2 * h), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("key", NUMBERS, ids=str)
def test_a_score_is_finite_at_700(key) -> None:
    family = FAMILIES[key]
    own = np.array(OWN.get(family.name, []))
    for eta in (-700.0, 700.0, -1e4):
        if family.name == "gamma" and eta < -700.0:
            continue  # exp(-eta) is all there is
        y, trials = outcomes(family.name, 12)
        logp, score, d_own = log_likelihood(family, np.full(12, eta), y, trials, own)
        assert np.isfinite(logp)
        assert np.isfinite(score).all()
        assert np.isfinite(d_own).all()


@pytest.mark.parametrize("key", NUMBERS, ids=str)
def test_draws_have_the_mean_and_the_distribution_of_the_density(key) -> None:
    """Mean within 4.5 standard errors; mean log density against its expectation by another sum."""
    family, rng, n = FAMILIES[key], np.random.default_rng(1), 40_000
    own = {"sigma": 1.3, "nu": 7.0, "phi": 2.5, "shape": 1.7}
    eta, trials = np.full(n, 0.4), np.full(n, 6.0)
    y = family.draw(rng, eta, trials, own)
    mean = family.mean(eta[:1], own)[0] * (6.0 if family.has_trials else 1.0)
    assert abs(y.mean() - mean) < 4.5 * y.std() / math.sqrt(n)
    if not family.continuous:
        support = np.arange(0.0, 200.0 if not family.has_trials else 7.0)
        law = np.exp(family.log_density(support, 0.4, 6.0, own))
        assert law.sum() == pytest.approx(1.0, rel=1e-9)
        counts = np.bincount(y.astype(int), minlength=support.size)[: support.size]
        expected = n * law
        many = expected > 20
        chi2 = ((counts - expected)[many] ** 2 / expected[many]).sum()
        assert stats.chi2(many.sum()).sf(chi2) > 1e-4
    else:
        grid = np.linspace(-60.0, 60.0, 240_001)
        for wrong, *_ in family.refused(grid, None):
            grid = grid[~wrong]
        law = np.exp(family.log_density(grid, 0.4, 1.0, own))
        cdf = np.cumsum(law) * (grid[1] - grid[0])
        ks = stats.kstest(y, lambda x: np.interp(x, grid, cdf))
        assert ks.pvalue > 1e-4


@pytest.mark.parametrize("key", NUMBERS, ids=str)
def test_draws_far_out_are_not_refused(key) -> None:
    family, rng = FAMILIES[key], np.random.default_rng(2)
    own = {"sigma": 1.3, "nu": 7.0, "phi": 0.01, "shape": 0.001}
    for eta in (-300.0, -30.0, 0.0, 30.0):
        y = family.draw(rng, np.full(200, eta), np.full(200, 6.0), own)
        assert not any(wrong.any() for wrong, *_ in family.refused(y, np.full(200, 6.0)))


def test_unknown_families_and_links_are_refused() -> None:
    with pytest.raises(ValueError, match="family is 'weibull'; it must be one of 'gaussian'"):
        family_of("weibull")
    with pytest.raises(ValueError, match="link is 'cloglog'; the binomial family has 'logit' or"):
        family_of("binomial", "cloglog")
    assert family_of("bernoulli").name == "binomial"


def test_student_with_many_degrees_of_freedom_is_gaussian() -> None:
    """The gap to the normal density is of order 1 / nu."""
    y, eta = np.linspace(-3.0, 4.0, 30), np.linspace(2.0, -1.0, 30)
    ones = np.ones(30)
    normal = family_of("gaussian")
    expected = log_likelihood(normal, eta, y, ones, np.array([0.3]))
    whole = expected[0] + normal.constant(y, ones)
    for nu in (1e5, 1e6):
        bound = 2e3 / nu
        found = log_likelihood(family_of("student"), eta, y, ones, np.array([0.3, np.log(nu)]))
        assert found[0] == pytest.approx(whole, abs=bound)
        np.testing.assert_allclose(found[1], expected[1], atol=bound)
        assert found[2][0] == pytest.approx(expected[2][0], abs=bound)
        assert abs(found[2][1]) < bound, "nothing is left to learn of nu"


def test_negative_binomial_without_overdispersion_is_poisson() -> None:
    y, eta, ones = np.arange(12.0), np.linspace(-1.0, 3.0, 12), np.ones(12)
    expected = log_likelihood(family_of("poisson"), eta, y, ones, np.zeros(0))
    found = log_likelihood(family_of("negbin"), eta, y, ones, np.array([np.log(1e7)]))
    assert found[0] == pytest.approx(expected[0], abs=1e-3)
    np.testing.assert_allclose(found[1], expected[1], atol=1e-3)
