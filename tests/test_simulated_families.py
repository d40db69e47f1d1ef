"""Simulated regressions: every family's outcomes given eta, held to SciPy's distributions."""

import math

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.datasets import SimulatedRegression, simulate_regression

OWN = {
    "gaussian": {"sigma": 2.5},
    "student": {"sigma": 0.7, "nu": 12.0},
    "bernoulli": {},
    "binomial": {"trials": 7},
    "poisson": {},
    "negbin": {"phi": 1.7},
    "gamma": {"shape": 1.4},
    "lognormal": {"sigma": 0.4},
    "beta": {"phi": 3.1},
}
FAMILIES = list(OWN)


def simulated(family: str) -> SimulatedRegression:
    return simulate_regression(
        family, 50, 2000, beta=(0.3, -0.6), sd=(0.4, 0.3), correlation=-0.5, seed=3, **OWN[family]
    )


def linear_predictor(made: SimulatedRegression) -> np.ndarray:
    group, x = made.columns["group"], made.columns["x"]
    intercept = [made.truth.beta[0] + made.truth.b[g, 0] for g in range(50)]
    slope = [made.truth.beta[1] + made.truth.b[g, 1] for g in range(50)]
    return np.array(intercept)[group] + np.array(slope)[group] * x


def distribution(family: str, eta: np.ndarray):
    """SciPy's distribution of each row; its parameters typed in, not taken from the truth."""
    chance, rate = 1.0 / (1.0 + np.exp(-eta)), np.exp(eta)
    return {
        "gaussian": lambda: stats.norm(eta, 2.5),
        "student": lambda: stats.t(12.0, eta, 0.7),
        "bernoulli": lambda: stats.bernoulli(chance),
        "binomial": lambda: stats.binom(7, chance),
        "poisson": lambda: stats.poisson(rate),
        "negbin": lambda: stats.nbinom(1.7, 1.7 / (1.7 + rate)),
        "beta": lambda: stats.beta(3.1 * chance, 3.1 * (1.0 - chance)),
        "lognormal": lambda: stats.lognorm(0.4, scale=rate),
        "gamma": lambda: stats.gamma(1.4, scale=rate / 1.4),
    }[family]()


def z_score(values: np.ndarray) -> float:
    """Mean of the values in units of its Monte Carlo standard error."""
    return float(values.mean() / (values.std() / math.sqrt(values.size)))


@pytest.mark.parametrize("family", FAMILIES)
def test_moments_given_eta(family: str) -> None:
    made = simulated(family)
    eta = linear_predictor(made)
    expected = distribution(family, eta)
    residual = (made.columns["y"] - expected.mean()) / expected.std()
    assert abs(z_score(residual)) < 4.5
    assert abs(z_score(residual * eta)) < 4.5  # the mean follows eta
    assert abs(z_score(residual**2 - 1.0)) < 4.5
    assert abs(z_score((residual**2 - 1.0) * eta)) < 4.5  # and so does the variance


@pytest.mark.parametrize("family", FAMILIES)
def test_distribution_given_eta(family: str) -> None:
    """The randomized probability integral transform is uniform."""
    made = simulated(family)
    expected, y = distribution(family, linear_predictor(made)), made.columns["y"]
    below = expected.cdf(y - 1) if y.dtype.kind == "i" else expected.cdf(y)
    u = below + np.random.default_rng(1).random(y.size) * (expected.cdf(y) - below)
    assert stats.kstest(u, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("family", ["ordered", "categorical"])
def test_categories_have_their_probabilities(family: str) -> None:
    """How often each occurs where eta is about the same, against the probabilities on paper."""
    own = {"thresholds": (-0.7, 0.5)} if family == "ordered" else {"loadings": (0.8, -1.3)}
    made = simulate_regression(
        family, 50, 2000, beta=(0.3, -0.6), sd=(0.4, 0.3), correlation=-0.5, seed=3, **own
    )
    eta, y = linear_predictor(made), made.columns["y"]
    below = stats.logistic.cdf(np.subtract.outer(np.array([-0.7, 0.5]), eta))
    p = np.diff(np.vstack([np.zeros(eta.size), below, np.ones(eta.size)]), axis=0)
    if family == "categorical":
        odds = np.exp([0.0 * eta, 0.8 * eta, -1.3 * eta])
        p = odds / odds.sum(axis=0)
    for k in range(3):
        residual = ((y == k) - p[k]) / np.sqrt(p[k] * (1.0 - p[k]))
        assert abs(z_score(residual)) < 4.5
        assert abs(z_score(residual * eta)) < 4.5
    truth = made.truth.thresholds if family == "ordered" else made.truth.loadings
    assert truth.tolist() == list(*own.values())


@pytest.mark.parametrize("value", [(1.0, 0.5), (), ((0.0, 1.0),), (0.0, np.inf)])
def test_thresholds_that_are_refused(value) -> None:
    with pytest.raises(ValueError, match=r"thresholds is .*finite numbers in increasing order"):
        simulate_regression("ordered", thresholds=value, seed=1)


def test_variance_of_a_negative_binomial() -> None:
    """One mean for all rows: mu = 5, and the variance mu + mu^2 / phi = 15."""
    made = simulate_regression(
        "negbin", 2, 50_000, beta=(math.log(5.0), 0.0), sd=(0.0, 0.0), phi=2.5, seed=1
    )
    y = made.columns["y"]
    assert abs(z_score(y - 5.0)) < 4.5
    assert abs(z_score((y - 5.0) ** 2 - 15.0)) < 4.5


def test_groups_follow_their_population() -> None:
    n = 20_000
    made = simulate_regression(
        "poisson", n, 1, beta=(1.0, -2.0), sd=(0.3, 0.2), correlation=-0.6, seed=2
    )
    b = made.truth.b
    assert b.shape == (n, 2)
    for k, sd in enumerate((0.3, 0.2)):
        assert abs(b[:, k].mean()) < 4.5 * sd / math.sqrt(n)
        assert abs(b[:, k].std() - sd) < 4.5 * sd / math.sqrt(2 * n)
    assert abs(np.corrcoef(b.T)[0, 1] + 0.6) < 4.5 * (1 - 0.36) / math.sqrt(n)
    assert abs(z_score(made.columns["x"])) < 4.5
    assert abs(z_score(made.columns["x"] ** 2 - 1.0)) < 4.5


def test_the_truth_is_what_was_asked_for() -> None:
    truth = simulated("student").truth
    assert truth.beta.tolist() == [0.3, -0.6]
    assert truth.sd.tolist() == [0.4, 0.3]
    assert (truth.correlation, truth.sigma, truth.nu, truth.phi) == (-0.5, 0.7, 12.0, None)
    assert simulated("negbin").truth.phi == 1.7
    assert simulated("gamma").truth.own == {"shape": 1.4}


def test_columns_of_a_regression() -> None:
    made = simulate_regression("gaussian", 3, [1, 4, 2], seed=1)
    assert list(made.columns) == ["y", "x", "group"]
    assert made.columns["group"].tolist() == [0, 1, 1, 1, 1, 2, 2]
    assert set(simulated("bernoulli").columns["y"].tolist()) == {0, 1}


def test_trials_of_a_binomial_may_differ() -> None:
    trials = [1, 2, 3, 40, 50, 60]
    made = simulate_regression("binomial", 2, 3, beta=(20.0, 0.0), sd=(0, 0), trials=trials, seed=1)
    assert list(made.columns) == ["y", "x", "group", "trials"]
    assert made.columns["trials"].tolist() == trials
    assert made.columns["y"].tolist() == trials  # all succeed at log odds of 20
    assert simulate_regression("binomial", seed=1).columns["trials"].tolist() == [10] * 300


@pytest.mark.parametrize("family", FAMILIES)
def test_seeds_reproduce(family: str) -> None:
    first, again, other = (simulate_regression(family, 5, 4, seed=seed) for seed in (1, 1, 2))
    assert first.columns == again.columns
    np.testing.assert_array_equal(first.truth.b, again.truth.b)
    assert first.columns != other.columns


def test_log_odds_may_be_extreme() -> None:
    made = simulate_regression("bernoulli", 2, 500, beta=(0.0, 1e4), sd=(0.0, 0.0), seed=1)
    assert (made.columns["y"] == (made.columns["x"] > 0.0)).mean() > 0.99


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"family": "weibull"}, "family is 'weibull'; it must be one of 'gaussian', 'student'"),
        ({"groups": 1}, "groups is 1; it must be an integer, 2 or more"),
        ({"groups": 2.0}, "groups is 2.0"),
        ({"observations": 0}, "observations is 0; it must be a positive integer, or 30 of them"),
        ({"observations": [1, 2]}, r"observations is \[1, 2\]"),
        ({"observations": 1.5}, "observations is 1.5"),
        ({"beta": 1.0}, "beta is 1.0; it must be 2 finite numbers: intercept and slope"),
        ({"beta": (0.0, math.nan)}, r"beta is \(0.0, nan\)"),
        ({"beta": "ab"}, "beta is 'ab'"),
        ({"sd": (1.0, -1.0)}, r"sd is \(1.0, -1.0\); it must be 2 finite numbers, 0 or more"),
        ({"sd": (1.0, math.inf)}, r"sd is \(1.0, inf\)"),
        ({"correlation": 1.1}, "correlation is 1.1; it must be a number from -1 to 1"),
        ({"correlation": math.nan}, "correlation is nan"),
        ({"sigma": 0.0}, "sigma is 0.0; it must be a positive number"),
        ({"sigma": "1"}, "sigma is '1'"),
        ({"family": "student", "nu": math.inf}, "nu is inf"),
        ({"family": "negbin", "phi": -1.0}, "phi is -1.0"),
        ({"family": "binomial", "trials": 0}, "trials is 0; it must be a positive integer, or 300"),
        ({"family": "binomial", "trials": [1, 2]}, r"trials is \[1, 2\]"),
        ({"family": "poisson", "sigma": 1.0}, "sigma is not an argument of the family 'poisson'"),
        ({"family": "bernoulli", "trials": 2}, "which has none of its own"),
        ({"nu": 3.0}, "the family 'gaussian', which has sigma of its own"),
        ({"family": "poisson", "beta": (50.0, 0.0)}, "eta reaches .*choose smaller beta or sd"),
    ],
)
def test_impossible_regressions_are_refused(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate_regression(**arguments)
