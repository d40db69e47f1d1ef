"""R-hat and ESS against the R package posterior, on inputs rebuilt from R's stream."""

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


@pytest.mark.parametrize("diagnostic", ["rhat", "ess_bulk", "ess_tail"])
def test_nothing_is_said_where_nothing_can_be(diagnostic: str) -> None:
    function = getattr(diagnostics, diagnostic)
    assert np.isnan(function(np.ones((4, 10))))
    draws = np.random.default_rng(0).normal(size=(4, 10))
    draws[2, 3] = np.nan
    assert np.isnan(function(draws))
    with pytest.raises(ValueError, match=r"draws has shape \(10,\)"):
        function(np.ones(10))
    with pytest.raises(ValueError, match="at least 4"):
        function(np.ones((4, 3)))


def test_chains_stuck_at_different_places_have_infinite_rhat() -> None:
    assert diagnostics.rhat(np.repeat([[0.0], [1.0]], 10, axis=1)) == np.inf


def test_a_tail_without_draws_says_nothing() -> None:
    """P = 0.3 of ones: the 95 % quantile is 1 and no draw lies beyond; posterior says NA."""
    draws = (np.random.default_rng(0).random((4, 1000)) < 0.3).astype(float)
    assert np.isnan(diagnostics.ess_tail(draws))
