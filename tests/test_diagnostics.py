"""Against the R package posterior on inputs rebuilt from R's stream, ArviZ, and AR(1) theory."""

import json
from pathlib import Path

import numpy as np
import pytest

from mcmc_edu import diagnostics
from mcmc_edu.rstream import RStream

REFERENCE = json.loads((Path(__file__).parent / "reference" / "diagnostics.json").read_text())
"""Written by the R package posterior, version 1.4.0."""


def autoregressive(seed: int, phi: float) -> np.ndarray:
    """Four chains x_t = phi x_{t-1} + e_t of 500 draws, from R's stream, shape (4, 500)."""
    e = RStream(seed).rnorm(2000).reshape(4, 500)
    x = e.copy()
    for t in range(1, 500):
        x[:, t] = phi * x[:, t - 1] + e[:, t]
    return x


def cases() -> dict[str, np.ndarray]:
    x = autoregressive(20260101, 0.6)
    shifted = x.copy()
    shifted[-1] += 0.8
    return {
        "x": x,
        "shifted": shifted,
        "exp": np.exp(x),
        "ties": np.floor(x),
        "odd": x[:, :499],
        "one_chain": x[:1],
        "antithetic": autoregressive(7, -0.7),
    }


def test_every_reference_case_is_rebuilt() -> None:
    assert set(cases()) == set(REFERENCE)


@pytest.mark.parametrize("case", REFERENCE)
def test_agrees_with_posterior(case: str) -> None:
    draws, expected = cases()[case], REFERENCE[case]
    assert diagnostics.rhat(draws) == pytest.approx(expected["rhat"], rel=1e-9)
    assert diagnostics.ess_bulk(draws) == pytest.approx(expected["ess_bulk"], rel=1e-9)
    assert diagnostics.ess_tail(draws) == pytest.approx(expected["ess_tail"], rel=1e-9)
    assert diagnostics.ess_mean(draws) == pytest.approx(expected["ess_mean"], rel=1e-9)
    assert diagnostics.ess_sd(draws) == pytest.approx(expected["ess_sd"], rel=1e-9)
    assert diagnostics.ess_quantile(draws, 0.1) == pytest.approx(expected["ess_q10"], rel=1e-9)
    assert diagnostics.ess_quantile(draws, 0.5) == pytest.approx(expected["ess_median"], rel=1e-9)
    assert diagnostics.mcse_mean(draws) == pytest.approx(expected["mcse_mean"], rel=1e-9)
    assert diagnostics.mcse_sd(draws) == pytest.approx(expected["mcse_sd"], rel=1e-9)
    assert diagnostics.mcse_quantile(draws, 0.1) == pytest.approx(expected["mcse_q10"], rel=1e-9)
    assert diagnostics.mcse_quantile(draws, 0.5) == pytest.approx(expected["mcse_median"], rel=1e-9)
    halves = diagnostics.split(draws)
    assert diagnostics.basic_rhat(halves) == pytest.approx(expected["rhat_basic"], rel=1e-9)
    assert diagnostics.ess(halves) == pytest.approx(expected["ess_basic"], rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_arviz(seed: int) -> None:
    """On other shapes than the reference has, with halves of even length: with odd ones arviz-stats
    folds differently and takes one pair of lags more than posterior does.
    """
    arviz = pytest.importorskip("arviz_stats.base").array_stats
    rng = np.random.default_rng(seed)
    draws = rng.standard_t(3, size=(2 + seed, 4 * rng.integers(10, 200))).cumsum(axis=1) * 0.1
    draws += rng.normal(size=draws.shape)
    assert diagnostics.rhat(draws) == pytest.approx(float(arviz.rhat(draws)), rel=1e-9)
    assert diagnostics.ess_bulk(draws) == pytest.approx(float(arviz.ess(draws)), rel=1e-9)
    tail = float(arviz.ess(draws, method="tail", prob=(0.05, 0.95)))
    assert diagnostics.ess_tail(draws) == pytest.approx(tail, rel=1e-9)
    for method in ("mean", "sd"):
        ours = getattr(diagnostics, f"ess_{method}")(draws)
        assert ours == pytest.approx(float(arviz.ess(draws, method=method)), rel=1e-9)
    assert diagnostics.mcse_mean(draws) == pytest.approx(float(arviz.mcse(draws)), rel=1e-9)
    # ArviZ divides by the effective size of x where that of (x - mean)^2 belongs
    theirs = float(arviz.mcse(draws, method="sd"))
    theirs *= np.sqrt(diagnostics.ess_mean(draws) / diagnostics.ess_sd(draws))
    assert diagnostics.mcse_sd(draws) == pytest.approx(theirs, rel=1e-9)
    for q in (0.01, 0.3, 0.9):
        theirs = float(arviz.ess(draws, method="quantile", prob=q))
        assert diagnostics.ess_quantile(draws, q) == pytest.approx(theirs, rel=1e-9)
        theirs = float(arviz.mcse(draws, method="quantile", prob=q))
        assert diagnostics.mcse_quantile(draws, q) == pytest.approx(theirs, rel=1e-9)
    n = draws.shape[1]  # ArviZ averages over the n - 1 steps
    np.testing.assert_allclose(diagnostics.ebfmi(draws), arviz.bfmi(draws) * (n - 1) / n, rtol=1e-9)


def test_halves_of_odd_length_agree_with_posterior() -> None:
    """Random walks of 502 draws; the figures are those of posterior 1.4.0 on R's set.seed(3)."""
    draws = RStream(3).rnorm(2008).reshape(4, 502).cumsum(axis=1)
    assert diagnostics.rhat(draws) == pytest.approx(2.00285711327794, rel=1e-13)
    assert diagnostics.ess_bulk(draws) == pytest.approx(5.52569867916353, rel=1e-13)
    assert diagnostics.ess_tail(draws) == pytest.approx(11.1071727192596, rel=1e-13)


def test_chains_too_short_for_autocorrelation_have_no_ess() -> None:
    assert np.isnan(diagnostics.ess_bulk(np.random.default_rng(0).normal(size=(4, 10))))


def test_bulk_is_the_same_on_any_monotone_scale() -> None:
    x = cases()["x"]
    assert diagnostics.ess_bulk(np.exp(x)) == diagnostics.ess_bulk(x)


def test_a_drift_within_one_chain_shows() -> None:
    drift = np.linspace(0.0, 3.0, 1000) + np.random.default_rng(0).normal(size=(4, 1000))
    assert diagnostics.rhat(drift) > 1.1


def test_a_difference_of_spread_shows() -> None:
    """Chains of one mean and different sds: only the folded draws can tell."""
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4, 1000)) * np.array([[1.0], [1.0], [1.0], [3.0]])
    assert diagnostics.basic_rhat(diagnostics.rank_normalize(diagnostics.split(draws))) < 1.01
    assert diagnostics.rhat(draws) > 1.05


def stationary(phi: float, draws: int, chains: int = 4, seed: int = 5) -> np.ndarray:
    """AR(1) with unit variance, started where it stays, shape (chains, draws)."""
    x = np.random.default_rng(seed).normal(size=(chains, draws))
    x[:, 1:] *= np.sqrt(1.0 - phi * phi)
    for t in range(1, draws):
        x[:, t] += phi * x[:, t - 1]
    return x


@pytest.mark.parametrize("phi", [-0.4, 0.0, 0.5, 0.9])
def test_effective_sizes_of_an_autoregression(phi: float) -> None:
    """Closed forms at lag t: x has correlation phi^t, x^2 has phi^(2t), and the sign of x has
    2/pi asin(phi^t); the autocorrelation time is the sum over all lags.
    """
    draws = stationary(phi, 20_000)
    powers = phi ** np.arange(1, 500)
    times = {
        diagnostics.ess_mean: (1 + phi) / (1 - phi),
        diagnostics.ess_bulk: (1 + phi) / (1 - phi),
        diagnostics.ess_sd: (1 + phi * phi) / (1 - phi * phi),
        lambda x: diagnostics.ess_quantile(x, 0.5): 1 + 4 / np.pi * np.arcsin(powers).sum(),
    }
    for ess, time in times.items():
        assert ess(draws) * time == pytest.approx(draws.size, rel=0.12)


def test_monte_carlo_errors_are_the_spread_over_repetitions() -> None:
    """The sd of an estimate over 400 independent sets of chains, known itself to 3.5 %."""
    sets = stationary(0.5, 300, chains=1600, seed=6).reshape(400, 4, 300)
    estimates = {
        diagnostics.mcse_mean: np.mean,
        diagnostics.mcse_sd: lambda x: np.std(x, ddof=1),
        lambda x: diagnostics.mcse_quantile(x, 0.9): lambda x: np.quantile(x, 0.9),
    }
    for mcse, estimate in estimates.items():
        spread = np.std([estimate(draws) for draws in sets])
        typical = np.mean([mcse(draws) for draws in sets[:100]])
        assert typical == pytest.approx(spread, rel=0.12)


def test_ebfmi_by_hand() -> None:
    """Steps 1, 2, 1 and -1, so 7 / 5; the squares of 0 1 3 4 3 sum to 35, the numbers to 11."""
    energy = np.array([[0.0, 1.0, 3.0, 4.0, 3.0], [2.0, 2.0, 2.0, 2.0, 2.0]])
    variance = (35.0 - 11.0**2 / 5.0) / 4.0
    np.testing.assert_allclose(diagnostics.ebfmi(energy), [7.0 / 5.0 / variance, np.nan])


@pytest.mark.parametrize("phi", [0.0, 0.9])
def test_ebfmi_of_an_autoregression(phi: float) -> None:
    """E (x_t - x_{t-1})^2 = 2 (1 - phi) of the variance: 0.2 at phi = 0.9, below the limit."""
    found = diagnostics.ebfmi(stationary(phi, 20_000))
    assert found.shape == (4,)
    np.testing.assert_allclose(found, 2.0 * (1.0 - phi), rtol=0.1)


DIAGNOSTICS = {
    name: getattr(diagnostics, name)
    for name in ("rhat", "ess_bulk", "ess_tail", "ess_mean", "ess_sd", "mcse_mean", "mcse_sd")
} | {
    "ess_quantile": lambda draws: diagnostics.ess_quantile(draws, 0.3),
    "mcse_quantile": lambda draws: diagnostics.mcse_quantile(draws, q=0.3),
}


@pytest.mark.parametrize("diagnostic", DIAGNOSTICS)
def test_nothing_is_said_where_nothing_can_be(diagnostic: str) -> None:
    function = DIAGNOSTICS[diagnostic]
    assert np.isnan(function(np.full((4, 10), 0.1)))
    for strange in (np.nan, np.inf, -np.inf):
        draws = np.random.default_rng(0).normal(size=(4, 20))
        assert np.isfinite(function(draws))
        draws[2, 3] = strange
        assert np.isnan(function(draws))
    with pytest.raises(ValueError, match=r"draws has shape \(10,\)"):
        function(np.ones(10))
    with pytest.raises(ValueError, match=r"draws has shape \(0, 10\)"):
        function(np.ones((0, 10)))
    with pytest.raises(ValueError, match="at least 4"):
        function(np.ones((4, 3)))
    with pytest.raises(TypeError, match="draws is str; it must be numbers"):
        function("many")


@pytest.mark.parametrize("diagnostic", DIAGNOSTICS)
def test_draws_are_left_as_they_were_and_may_lie_anyhow_in_memory(diagnostic: str) -> None:
    draws = cases()["x"]
    strided = np.stack([draws, draws], axis=2)[:, :, 1]
    assert not strided.flags.c_contiguous
    assert DIAGNOSTICS[diagnostic](strided) == DIAGNOSTICS[diagnostic](draws)
    np.testing.assert_array_equal(draws, cases()["x"])


@pytest.mark.parametrize("diagnostic", DIAGNOSTICS)
def test_units_do_not_matter(diagnostic: str) -> None:
    draws = cases()["x"]
    factor = 2.0**40 if diagnostic.startswith("mcse") else 1.0
    found = DIAGNOSTICS[diagnostic](2.0**40 * draws)
    assert found == pytest.approx(factor * DIAGNOSTICS[diagnostic](draws), rel=1e-13)


def test_draws_whose_squares_overflow_have_no_variance() -> None:
    draws = 1e300 * cases()["x"]
    assert np.isnan(diagnostics.mcse_mean(draws))
    assert diagnostics.ess_bulk(draws) == diagnostics.ess_bulk(cases()["x"])


@pytest.mark.parametrize("q", [0.0, 1.0, -0.1, 5, np.nan, [0.1, 0.9]])
def test_a_probability_is_between_zero_and_one(q: float) -> None:
    for function in (diagnostics.ess_quantile, diagnostics.mcse_quantile):
        with pytest.raises(ValueError, match=r"q is .*between 0 and 1"):
            function(cases()["x"], q)


def test_ebfmi_names_its_argument() -> None:
    with pytest.raises(ValueError, match=r"energy has shape \(3,\)"):
        diagnostics.ebfmi(np.ones(3))
    energy = np.random.default_rng(0).normal(size=(2, 50))
    energy[1, 7] = np.inf
    assert np.isfinite(diagnostics.ebfmi(energy)).tolist() == [True, False]


def test_chains_stuck_at_different_places_have_infinite_rhat() -> None:
    assert diagnostics.rhat(np.repeat([[0.0], [1.0]], 10, axis=1)) == np.inf


def test_a_tail_without_draws_says_nothing() -> None:
    """P = 0.3 of ones: the 95 % quantile is 1 and no draw lies beyond; posterior says NA."""
    draws = (np.random.default_rng(0).random((4, 1000)) < 0.3).astype(float)
    assert np.isnan(diagnostics.ess_tail(draws))
    assert np.isnan(diagnostics.mcse_quantile(draws, 0.95))


def test_a_draw_that_differs_only_in_the_middle_tells_nothing() -> None:
    """Splitting drops it, and what remains is constant."""
    draws = np.ones((2, 13))
    draws[:, 6] = 2.0
    assert np.isnan(diagnostics.rhat(draws))
    assert np.isnan(diagnostics.ess_bulk(draws))
