"""Faults with what a fit is asked for that users of such packages report, and their cousins."""

from typing import Any

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.models.predictors import Predictor

pd = pytest.importorskip("pandas")
pytest.importorskip("formulaic")

SHORT: dict[str, Any] = {"draws": 20, "warmup": 30, "chains": 1, "seed": 1, "progress": False}


# Places outside the data


def skewed(rows: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    return {
        "y": rng.standard_normal(rows),
        "x": rng.standard_normal(rows),
        "w": np.exp(1.5 * rng.standard_normal(rows)),
        "share": rng.beta(30.0, 1.0, rows),
        "count": rng.poisson(0.5, rows),
        "dummy": np.tile([0, 0, 0, 1], rows // 4),
    }


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    right = "x * log(w) + sqrt(1 - share) + log1p(count) + dummy"
    return me.Model("y ~ " + right, skewed()).fit(**SHORT)


@pytest.mark.parametrize("second", ["w", "share", "count", "dummy", "x"])
def test_a_second_predictor_stays_within_the_data(fit: me.Fit, second: str) -> None:
    first = "x" if second != "x" else "w"
    found = fit.conditional_effects(f"{first}:{second}", grid=2)
    data = skewed()
    places = np.unique(found.grid[second])
    assert places.size == 3 if second != "dummy" else places.tolist() == [0, 1]
    assert data[second].min() <= places[0] < places[-1] <= data[second].max()
    assert np.isfinite([found.mean, found.q5, found.q95]).all()


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ([1, 2, 3, 4, 5], [3 - np.sqrt(2.5), 3, 3 + np.sqrt(2.5)]),  # as brms has it
        ([1, 2, 3, 4, 90], np.quantile([1, 2, 3, 4, 90], [0.16, 0.5, 0.84])),
        ([-1, -2, -3, -4, -90], np.quantile([-1, -2, -3, -4, -90], [0.16, 0.5, 0.84])),
        ([0, 1, 0, 1], [0, 1]),
        ([0] * 9 + [1], [0, 1]),
        ([1, 1, 1, 2, 9], [1, 2, 9]),
        ([0] * 90 + [1, 2, 3, 4, 50], [0, 2.5, 50]),
        ([0.1] * 10, [0.1]),
    ],
    ids=["even", "right", "left", "dummy", "rare", "three", "mostly zero", "one"],
)
def test_places_of_a_second_predictor(numbers: list[float], places: Any) -> None:
    predictor = Predictor(np.array(numbers, dtype=float))
    np.testing.assert_allclose(predictor.few(), places)
    assert min(numbers) <= predictor.held <= max(numbers)


def test_places_that_cannot_be_computed_are_said(fit: me.Fit) -> None:
    for effect, w, said in (("x:w", [-1, 2], "w from -1 to 2"), ("x", -1, "w at -1")):
        with pytest.raises(ValueError, match=f"{said}.*; give others, levels="):
            fit.conditional_effects(effect, levels={"w": w}, grid=2)
