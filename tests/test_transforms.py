"""Transforms against numeric determinants, complex steps, partial correlations and Beta draws."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy import special, stats

from mcmc_edu.densities.special import ZETA_MINUS_1, log_gamma, logistic
from mcmc_edu.densities.transforms import (
    bounded,
    correlation_cholesky,
    correlation_cholesky_reverse,
    lkj,
    lkj_draw,
    log_sech,
    positive,
    sech,
)
from mcmc_edu.gradients.differences import derivative


def log_gamma_to_30_digits(x: float) -> float:
    """Stirling's series at x + 40, and down from there, in decimals."""
    with localcontext() as context:
        context.prec = 50
        product, y = Decimal(1), Decimal(x)
        for _ in range(40):
            product *= y
            y += 1
        total = (y - Decimal("0.5")) * y.ln() - y + (2 * PI).ln() / 2
        for k, bernoulli in enumerate(special.bernoulli(20)[2::2].round(15), 1):
            exact = Fraction(bernoulli).limit_denominator(3000)
            term = Decimal(exact.numerator) / exact.denominator
            total += term / (2 * k * (2 * k - 1) * y ** (2 * k - 1))
        return float(total - product.ln())


PI = Decimal("3.14159265358979323846264338327950288419716939937510")
NEAR = np.logspace(-15, -1, 30)


def test_log_gamma_near_its_zeros_and_over_the_usual_range() -> None:
    """SciPy is no help here: its gammaln is off by 0.1, relative, at 1 + 2e-15."""
    x = np.r_[1 - NEAR, 1 + NEAR, 2 - NEAR, 2 + NEAR, np.linspace(0.01, 30.0, 300)]
    expected = [log_gamma_to_30_digits(v) for v in x]
    np.testing.assert_allclose([log_gamma(v) for v in x], expected, rtol=2e-15)


def test_log_gamma_agrees_with_scipy_over_the_whole_range() -> None:
    x = np.logspace(-300, 305, 600)
    np.testing.assert_allclose([log_gamma(v) for v in x], special.gammaln(x), rtol=1e-14)


def test_log_gamma_at_the_edges() -> None:
    assert log_gamma(1.0) == log_gamma(2.0) == 0.0
    assert log_gamma(0.0) == log_gamma(math.inf) == log_gamma(1e308) == math.inf
    assert math.isnan(log_gamma(-0.5))
    assert math.isnan(log_gamma(math.nan))


def test_the_series_has_the_zeta_functions_values() -> None:
    np.testing.assert_allclose(ZETA_MINUS_1, special.zetac(np.arange(2, 29)), rtol=1e-15)


def test_logistic_keeps_its_digits_at_both_ends() -> None:
    for v in (-700.0, -40.0, -1.0, 0.0, 0.3, 40.0, 700.0):
        s = logistic(v)
        assert s.below == pytest.approx(special.expit(v), rel=1e-15)
        assert s.above == pytest.approx(special.expit(-v), rel=1e-15)
        expected = special.log_expit(v) + special.log_expit(-v)
        assert s.log_slope == pytest.approx(expected, rel=1e-15)


Y = [-20.0, -3.0, -0.2, 0.0, 0.7, 5.0, 8.0]


@pytest.mark.parametrize("y", Y)
@pytest.mark.parametrize(
    "transform", [positive, lambda y: bounded(y, -2.0, 7.0), lambda y: bounded(y, 1e6, 3e6)]
)
def test_slope_and_jacobian_are_derivatives(transform, y: float) -> None:
    found = transform(y)
    slope, doubt = derivative(lambda t: transform(t).value, y)
    assert found.slope == pytest.approx(slope, rel=1e-7, abs=10 * doubt)
    assert found.log_jacobian == pytest.approx(math.log(found.slope), rel=1e-12)
    assert found.d_log_jacobian == pytest.approx(
        derivative(lambda t: transform(t).log_jacobian, y)[0], rel=1e-9, abs=1e-12
    )


def test_bounded_is_the_logit_map() -> None:
    for x in (-1.999, 0.0, 3.0, 6.9999):
        assert bounded(special.logit((x + 2.0) / 9.0), -2.0, 7.0).value == pytest.approx(x)
    assert bounded(-800.0, -2.0, 7.0).value == -2.0
    assert bounded(800.0, -2.0, 7.0).value == 7.0
    assert bounded(-40.0, 0.0, 7.0).value == pytest.approx(7.0 * math.exp(-40.0), rel=1e-14)


def test_positive_overflows_to_infinity() -> None:
    assert positive(800.0) == (math.inf, math.inf, 800.0, 1.0)
    assert positive(-800.0) == (0.0, 0.0, -800.0, 1.0)


def test_sech_far_out() -> None:
    for y in (-3.0, 0.0, 0.4, 20.0):
        assert sech(y) == pytest.approx(1.0 / math.cosh(y), rel=1e-15)
        assert log_sech(y) == pytest.approx(-math.log(math.cosh(y)), rel=1e-14, abs=1e-15)
    assert sech(1e4) == 0.0
    assert log_sech(-1e4) == pytest.approx(math.log(2.0) - 1e4)


def factor_of(y, k):
    factor = np.full((k, k), np.nan)
    return factor, correlation_cholesky(y, factor)


def points(k: int):
    """Unconstrained correlations: at random, all over the scale, and at the corners |y| = 8."""
    rng = np.random.default_rng(3)
    n = k * (k - 1) // 2
    for scale in (0.3, 1.0, 3.0):
        yield scale * rng.standard_normal(n)
    yield 8.0 * rng.choice([-1.0, 1.0], n)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_the_factor_is_of_a_correlation_matrix(k: int) -> None:
    """tanh(y_ij) is the partial correlation of i and j given what comes before j."""
    for y in list(points(k))[:2]:
        factor, _ = factor_of(y, k)
        np.testing.assert_array_equal(factor, np.tril(factor))
        assert (np.diag(factor) > 0.0).all()
        corr = factor @ factor.T
        np.testing.assert_allclose(np.diag(corr), 1.0, rtol=1e-14)
        at = 0
        for i in range(k):
            for j in range(i):
                kept = [*range(j), j, i]
                precision = np.linalg.inv(corr[np.ix_(kept, kept)])
                partial = -precision[-1, -2] / math.sqrt(precision[-1, -1] * precision[-2, -2])
                assert math.tanh(y[at]) == pytest.approx(partial, abs=1e-12)
                at += 1


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_log_jacobian_is_of_the_numeric_determinant(k: int) -> None:
    below = np.tril_indices(k, -1)
    for y in list(points(k))[:3]:
        jacobian = np.empty((y.size, y.size))
        for n in range(y.size):
            moved = y.copy()

            def along(x: float, row: int, moved=moved, n=n) -> float:
                moved[n] = x
                return float(factor_of(moved, k)[0][below][row])

            for row in range(y.size):
                jacobian[row, n], _ = derivative(lambda x, row=row: along(x, row), y[n])
        _, expected = np.linalg.slogdet(jacobian)
        assert factor_of(y, k)[1] == pytest.approx(expected, rel=1e-7)


def complex_factor(y, k):
    """The same map in NumPy, for complex arguments."""
    factor = np.zeros((k, k), dtype=complex)
    rows = np.split(y, np.cumsum(np.arange(1, k - 1))) if k > 2 else [y]
    factor[0, 0] = 1.0
    for i, row in enumerate(rows, 1):
        left = np.cumprod(np.r_[1.0, 1.0 / np.cosh(row)])
        factor[i, : i + 1] = left * np.r_[np.tanh(row), 1.0]
    return factor


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_reverse_pass_agrees_with_complex_steps(k: int) -> None:
    rng = np.random.default_rng(4)
    for y in points(k):
        factor_bar = rng.standard_normal((k, k))
        found = np.ones(y.size)
        correlation_cholesky_reverse(y, factor_bar, found)
        for n in range(y.size):
            step = y.astype(complex)
            step[n] += 1e-30j
            slope = complex_factor(step, k).imag / 1e-30
            expected = (np.tril(factor_bar) * slope).sum()
            assert found[n] - 1.0 == pytest.approx(expected, rel=1e-11, abs=1e-14)


def test_extreme_correlations_give_finite_numbers() -> None:
    y, y_bar = np.array([800.0, -800.0, 0.5]), np.zeros(3)
    factor, log_jacobian = factor_of(y, 3)
    correlation_cholesky_reverse(y, np.ones((3, 3)), y_bar)
    logp = lkj(y, 1.0, 3, y_bar)
    assert np.isfinite([*factor.ravel(), log_jacobian, *y_bar, logp]).all()
    np.testing.assert_array_equal(factor[:, 0], [1.0, 1.0, -1.0])


@pytest.mark.parametrize("eta", [0.5, 1.0, 4.0])
def test_lkj_integrates_to_one(eta: float) -> None:
    """By a grid's sum, which is as good as exact for smooth functions that vanish at both ends."""
    step = 0.2
    line = np.arange(-16.0, 16.1, step)
    total = sum(math.exp(lkj(np.array([y]), eta, 2, np.zeros(1))) for y in line) * step
    assert total == pytest.approx(1.0, abs=1e-6)


def test_lkj_of_three_variables_integrates_to_one() -> None:
    step, unused = 0.4, np.zeros(3)
    line = np.arange(-6.0, 6.1, step)
    total = 0.0
    for a in line:
        for b in line:
            for c in line:
                total += math.exp(lkj(np.array([a, b, c]), 2.0, 3, unused))
    assert total * step**3 == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("eta", [0.7, 1.0, 4.0])
def test_lkj_is_a_power_of_the_determinant(eta: float, k: int) -> None:
    """log p(y) - (eta - 1) log det R - log |dR / dy| is the same everywhere."""
    below = np.tril_indices(k, -1)
    constants = []
    for y in list(points(k))[:3]:
        jacobian = np.empty((y.size, y.size))
        for n in range(y.size):
            step = y.astype(complex)
            step[n] += 1e-30j
            factor = complex_factor(step, k)
            jacobian[:, n] = (factor @ factor.T).imag[below] / 1e-30
        factor = complex_factor(y, k).real
        log_det = 2.0 * np.log(np.diag(factor)).sum()
        _, log_jacobian = np.linalg.slogdet(jacobian)
        constants.append(lkj(y, eta, k, np.zeros(y.size)) - (eta - 1.0) * log_det - log_jacobian)
    np.testing.assert_allclose(constants, constants[0], rtol=1e-9)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_lkj_adds_its_gradient(k: int) -> None:
    for y in points(k):
        grad, unused = np.ones(y.size), np.zeros(y.size)
        lkj(y, 1.5, k, grad)
        for n in range(y.size):
            moved = y.copy()

            def along(x: float, moved=moved, n=n, unused=unused) -> float:
                moved[n] = x
                return lkj(moved, 1.5, k, unused)

            assert grad[n] - 1.0 == pytest.approx(derivative(along, y[n])[0], rel=1e-8)


@pytest.mark.parametrize(("eta", "k"), [(1.0, 2), (1.0, 3), (4.0, 3), (0.5, 4)])
def test_every_correlation_of_a_draw_has_the_same_beta_marginal(eta: float, k: int) -> None:
    """(1 + R_ij) / 2 ~ Beta(b, b), b = eta - 1 + k / 2, of every pair (Lewandowski et al. 2009)."""
    rng = np.random.default_rng(5)
    draws = np.array([(f := factor_of(lkj_draw(rng, eta, k), k)[0]) @ f.T for _ in range(2000)])
    b = eta - 1.0 + 0.5 * k
    for i in range(k):
        for j in range(i):
            share = 0.5 * (1.0 + draws[:, i, j])
            assert stats.kstest(share, stats.beta(b, b).cdf).pvalue > 1e-3, (i, j)
