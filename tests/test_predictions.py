"""Predictions of few draws, and summaries of many rows that never hold all draws."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from test_verbs import fitted, table

import mcmc_edu as me
from mcmc_edu.models.verbs.prediction import linear_predictor as prediction
from mcmc_edu.models.verbs.prediction import predictions

NEW = {"x": [1.0, 2.0, -1.0], "g": [77, 0, 78], "h": ["h0", "h1", "h0"]}
EVENLY = np.arange(0, 120, 6)  # 20 of 2 chains of 60


@pytest.fixture(scope="module")
def fit() -> me.Fit:
    return fitted("y ~ x + (x | g) + (1 | h)")


def flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, *values.shape[2:])


@pytest.mark.parametrize("verb", ["linpred", "epred", "log_lik", "residuals"])
def test_few_draws_are_every_so_many_of_all(fit, verb: str) -> None:
    some, whole = getattr(fit, verb)(draws=20), getattr(fit, verb)()
    assert some.shape == (1, 20, 80)
    np.testing.assert_allclose(some[0], flat(whole)[EVENLY], rtol=1e-12)


def test_few_draws_of_new_outcomes_and_levels(fit) -> None:
    """Their law is that of the draws they are of; the same seed gives the same."""
    one, two = (fit.predict(NEW, new_groups="sample", draws=20, seed=1) for _ in range(2))
    assert one.shape == (1, 20, 3)
    assert np.array_equal(one, two)
    few = predictions.evenly(fit, 20)
    assert np.array_equal(one, few.predict(NEW, new_groups="sample", seed=1))
    assert np.array_equal(few.draws["sigma"][0], fit.draws["sigma"].ravel()[EVENLY])


def test_number_of_draws_that_does_not_divide(fit) -> None:
    chosen = predictions.evenly(fit, 7).draws.array[0]
    place = [int(np.flatnonzero((flat(fit.draws.array) == row).all(axis=1))[0]) for row in chosen]
    assert place == [0, 17, 34, 51, 68, 85, 102]
    assert np.array_equal(fit.linpred(draws=120)[0], flat(fit.linpred()))


@pytest.mark.parametrize("number", [0, -1, 121, 2.0, True, "20"], ids=str)
def test_numbers_of_draws_that_there_cannot_be(fit, number) -> None:
    for verb in (fit.linpred, fit.predict, fit.predictions, fit.log_lik, fit.residuals):
        with pytest.raises(ValueError, match=r"draws is .* from 1 to 120, the draws there are"):
            verb(draws=number)
    with pytest.raises(ValueError, match="draws is"):
        fit.conditional_effects("x", draws=number)


def test_conditional_effects_of_few_draws(fit) -> None:
    found = fit.conditional_effects("x", levels={"x": [0.0, 3.0]}, draws=20)
    expected = fit.epred({"x": [0.0, 3.0]}, new_groups="zero", draws=20)[0]
    np.testing.assert_allclose(found.mean, expected.mean(axis=0))
    np.testing.assert_allclose(found.q95, np.quantile(expected, 0.95, axis=0))


CASES = {
    "gaussian": lambda: (fitted("y ~ x + (x | g) + (1 | h)"), ["linpred", "epred"]),
    "trials": lambda: (fitted("k | trials(n) ~ on + (x || g)", "binomial"), ["linpred", "epred"]),
    "ordered": lambda: (fitted("col ~ x + (1 | g)", "ordered"), ["linpred", "epred"]),
    "categorical": lambda: (fitted("col ~ x + (1 | g)", "categorical"), ["linpred", "epred"]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_summary_is_of_the_draws_whatever_the_blocks(case: str, monkeypatch) -> None:
    """The estimates are pandas' of the draws; rows in 27 blocks are those in one."""
    fit, kinds = CASES[case]()
    for kind in kinds:
        draws = pd.DataFrame(flat(getattr(fit, kind)()).reshape(120, -1))
        whole = fit.predictions(kind=kind)
        monkeypatch.setattr(predictions, "BLOCK", 360)
        blocks = fit.predictions(kind=kind)
        monkeypatch.undo()
        for found in (whole, blocks):
            made = found.to_pandas()
            np.testing.assert_allclose(made["mean"], draws.mean(), rtol=1e-10)
            np.testing.assert_allclose(made["sd"], draws.std(), rtol=1e-8)
            for q in (5, 50, 95):
                np.testing.assert_allclose(made[f"q{q}"], draws.quantile(q / 100), rtol=1e-10)
        assert list(whole) == list(blocks)


def test_rows_of_a_summary_have_names() -> None:
    data = table()
    data["x"][2] = np.nan
    dropped = fitted("y ~ x + (1 | h)", data=data, missing="drop")
    assert list(dropped.predictions())[:3] == ["[0]", "[1]", "[3]"]
    ordered = fitted("col ~ x + (1 | g)", "ordered")
    some = {"x": [0.0, 1.0]}
    names = ["[0] red", "[0] green", "[0] blue", "[1] red", "[1] green", "[1] blue"]
    assert list(ordered.predictions(some, new_groups="zero")) == names
    other = fitted("col ~ x + (1 | g)", "categorical")
    assert list(other.predictions(some, kind="linpred", new_groups="zero"))[1] == "[0] blue"
    with pytest.raises(ValueError, match="category without an order"):
        other.predictions(some, kind="predict")
    with pytest.raises(ValueError, match="kind is 'mean'; it must be one of 'epred', 'linpred'"):
        other.predictions(some, kind="mean")


def test_new_outcomes_in_blocks_have_their_law(fit, monkeypatch) -> None:
    """Levels that are new are drawn in every block: rows have the mean and sd of all together."""
    rows = {"x": [1.0, 2.0, -1.0] * 8, "g": [77, 0, 78] * 8, "h": ["h0", "new", "h0"] * 8}
    draws = flat(fit.predict(rows, new_groups="sample", seed=2))
    monkeypatch.setattr(predictions, "BLOCK", 120)
    made = fit.predictions(rows, kind="predict", new_groups="sample", seed=1).to_pandas()
    z = (made["mean"] - draws.mean(axis=0)) / (draws.std(axis=0) * np.sqrt(2 / 120))
    assert np.abs(z).max() < 4.5
    assert np.abs(np.log(made["sd"] / draws.std(axis=0))).max() < 0.6


def test_the_linear_predictor_in_pieces_is_the_whole(fit, monkeypatch) -> None:
    whole = fit.linpred(NEW, new_groups="sample", seed=1)
    monkeypatch.setattr(prediction, "AT_ONCE", 120)
    pieces = fit.linpred(NEW, new_groups="sample", seed=1)
    np.testing.assert_allclose(pieces, whole, rtol=1e-12)


def peak(act) -> float:
    """Megabytes at the highest, beyond what was there before."""
    tracemalloc.start()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def many_rows(n: int) -> dict:
    rows = table(n, seed=5)
    rows["g"] = np.where(np.arange(n) % 3 == 0, np.arange(n) + 100, rows["g"])
    return rows


def test_predictions_take_little_more_than_they_are(fit) -> None:
    rows = many_rows(1500)
    fit.linpred(NEW, new_groups="zero")  # imports
    size = 120 * 1500 * 8 / 1e6
    assert peak(lambda: fit.linpred(rows, new_groups="zero")) < 4.0 * size + 10.0
    assert peak(lambda: fit.predictions(rows, new_groups="zero", draws=60)) < 30.0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["epred", "predict"])
def test_ten_thousand_rows_of_four_thousand_draws(kind: str) -> None:
    """Draws alone would be 320 MB; those of the new levels' effects, 213 MB."""
    fit = fitted("y ~ x + (x | g) + (1 | h)")
    chosen = np.random.default_rng(1).integers(0, 120, 4000)
    large = predictions.evenly(fit, 1).__class__(fit.model, _repeated(fit.draws, chosen))
    rows = many_rows(10_000)
    assert peak(lambda: large.predictions(rows, kind=kind, new_groups="sample", seed=1)) < 200.0


def _repeated(draws: me.Draws, chosen: np.ndarray) -> me.Draws:
    from dataclasses import replace

    def take(x: np.ndarray) -> np.ndarray:
        return flat(x)[chosen].reshape(4, 1000, *x.shape[2:])

    natural = {name: take(values) for name, values in draws.natural.items()}
    return replace(draws, array=take(draws.array), natural=natural, stats={})
