"""The regularised horseshoe: its posterior by importance sampling, and what it refuses."""

import numpy as np
import pytest
from scipy import stats

import mcmc_edu as me

PRIOR = me.RegularizedHorseshoe(0.5, 1.5, slab_df=5.0)
N = 8


def data():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(N, 2))
    x = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    return x, 1.2 * x[:, 0] + rng.normal(0.0, 0.7, N)


def by_importance_sampling(draws: int = 200_000):
    """Means, sds and their errors: scales and sigma from their priors, coefficients in closed form.

    Given the scales everything is normal; each draw counts as much as y is probable under it.
    """
    x, y = data()
    rng = np.random.default_rng(1)
    scales, sigma = PRIOR.draw_scales(rng, draws, 2), rng.exponential(1.0, draws)
    columns = np.column_stack([np.ones(N), x])
    precision = np.column_stack([np.full(draws, 0.01), scales**-2.0])  # intercept ~ N(0, 10)
    h = columns.T @ columns / sigma[:, None, None] ** 2
    h = h + precision[:, :, np.newaxis] * np.eye(3)
    covariance = np.linalg.inv(h)
    mean = (covariance @ (columns.T @ y)[:, np.newaxis])[..., 0] / sigma[:, np.newaxis] ** 2
    log_w = 0.5 * (
        np.log(precision).sum(axis=1)
        - np.linalg.slogdet(h)[1]
        + np.einsum("ni,nij,nj->n", mean, h, mean)
        - y @ y / sigma**2
    ) - N * np.log(sigma)
    w = np.exp(log_w - log_w.max())
    w /= w.sum()
    b = mean[:, 1:]
    first = w @ b
    second = w @ (covariance[:, [1, 2], [1, 2]] + b * b)
    error = np.sqrt((w**2) @ (b - first) ** 2)
    return first, np.sqrt(second - first**2), error


def test_posterior_by_importance_sampling() -> None:
    x, y = data()
    priors = {"b": PRIOR, "Intercept": me.Normal(0, 10), "sigma": me.Exponential(1)}
    model = me.Model("y ~ a + b", {"y": y, "a": x[:, 0], "b": x[:, 1]}, priors=priors)
    fit = model.fit(seed=1, draws=4000, sampler=me.NUTS(target_accept=0.99), progress=False)
    mean, sd, error = by_importance_sampling()
    table = fit.draws.summary("a", "b", "hs(global)")
    for k, name in enumerate(("a", "b")):
        row = table[name]
        assert row["ess_bulk"] > 1000
        assert abs(row["mean"] - mean[k]) < 4.5 * np.hypot(row["mcse"], error[k])
        assert row["sd"] == pytest.approx(sd[k], rel=0.06)


def test_prior_draws_have_the_priors_quantiles() -> None:
    """With a wide slab and one coefficient, s / global_scale is a product of two half-t."""
    prior = me.RegularizedHorseshoe(0.1, 1e6, df=3.0, global_df=2.0)
    s = prior.draw_scales(np.random.default_rng(2), 100_000, 1)[:, 0]
    rng = np.random.default_rng(3)
    product = 0.1 * np.abs(rng.standard_t(3.0, 100_000) * rng.standard_t(2.0, 100_000))
    assert stats.ks_2samp(s, product).pvalue > 1e-3
    narrow = me.RegularizedHorseshoe(1e6, 2.0, slab_df=7.0)  # nothing but the slab is left
    s = narrow.draw_scales(np.random.default_rng(4), 100_000, 1)[:, 0]
    assert stats.kstest(s**2, stats.invgamma(3.5, scale=3.5 * 4.0).cdf).pvalue > 1e-3


def test_prior_predictive_draws_them_together() -> None:
    """Where one coefficient is large another is: they share the global scale."""
    rows = {"y": [0.0, 1.0, 2.0, 4.0], "a": [1.0, 0.0, 0.0, -1.0], "b": [0.0, 1.0, -1.0, 0.0]}
    priors = {
        "b": me.Normal(0, 1e-9),
        "a": me.RegularizedHorseshoe(1.0, 1e3),
        "sigma": me.Exponential(1e9),
        "Intercept": me.Normal(0, 1e-9),
    }
    y = me.Model("y ~ a", rows, priors=priors).prior_predictive(50_000, seed=1)
    scales = me.RegularizedHorseshoe(1.0, 1e3).draw_scales(np.random.default_rng(5), 50_000, 1)
    expected = np.abs(scales[:, 0] * np.random.default_rng(6).standard_normal(50_000))
    assert stats.ks_2samp(np.abs(y[:, 0]), expected).pvalue > 1e-3
    both = {"b": me.RegularizedHorseshoe(1.0, 1e3), "sigma": me.Exponential(1e9)}
    both["Intercept"] = me.Normal(0, 1e-9)
    y = me.Model("y ~ a + b", rows, priors=both).prior_predictive(50_000, seed=1)
    assert stats.spearmanr(np.abs(y[:, 0]), np.abs(y[:, 1])).statistic > 0.2


@pytest.mark.parametrize(
    ("priors", "message"),
    [
        ({"Intercept": PRIOR}, "prior of Intercept is RegularizedHorseshoe"),
        ({"sd": PRIOR}, "prior of sd"),
        ({"a": PRIOR, "b": me.RegularizedHorseshoe()}, "priors have 2 different horseshoes"),
    ],
)
def test_where_it_cannot_be(priors, message: str) -> None:
    columns = {"y": [0.0, 1.0, 3.0, 2.0], "a": [0, 1, 0, 0], "c": [1, 0, 0, 1], "g": [1, 2, 2, 1]}
    with pytest.raises(ValueError, match=message):
        me.Model("y ~ a + c + (1 | g)", columns, priors=priors)


def test_numbers_that_are_refused() -> None:
    with pytest.raises(ValueError, match="slab_scale of RegularizedHorseshoe is -1"):
        me.RegularizedHorseshoe(slab_scale=-1.0)
