"""Effects of subgroups over many simulated experiments: coverage, multiplicity, errors.

The studies are those of `benchmarks/effects.py`, whose report gives all numbers.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
sys.path.append(str(BENCHMARKS))

import effect_coverage as coverage  # noqa: E402
import effect_multiplicity as multiplicity  # noqa: E402
import effect_rmse as rmse  # noqa: E402
import effects  # noqa: E402

STORED = json.loads(effects.RESULTS.read_text())
LIMIT = 3.5
"""In standard errors; nine kinds of effects at two levels are compared at once."""


def test_the_report_tells_the_stored_results() -> None:
    assert set(STORED) == set(effects.STUDIES)
    assert effects.REPORT.read_text() == effects.report(STORED)


def off(found):
    """Distances of coverage from its level, in standard errors."""
    return {
        (kind, level): (covered - level) / error
        for kind, of_kind in found.items()
        for covered, error, level in zip(*of_kind.values(), coverage.LEVELS, strict=True)
    }


@pytest.mark.parametrize("family", ["gaussian", "bernoulli"])
def test_stored_intervals_hold_the_truth(family) -> None:
    found = STORED["coverage"]["found"][family]
    assert found["experiments"] >= coverage.EXPERIMENTS[family]
    check_coverage(dict(found["kinds"]))


def check_coverage(kinds) -> None:
    bounds = off({"bounds": kinds.pop(coverage.BOUNDS)})
    assert len(kinds) == 9
    assert {where: z for where, z in off(kinds).items() if abs(z) > LIMIT} == {}
    assert bounds["bounds", 0.5] > LIMIT, "the mean of the rows' bounds is too wide"


@pytest.mark.slow
@pytest.mark.parametrize("family", ["gaussian", "bernoulli"])
def test_intervals_hold_the_truth(family) -> None:
    check_coverage(coverage.study(family))


@pytest.mark.slow
def test_intervals_without_the_group_effects_do_not(monkeypatch) -> None:
    """What the population's line says of each place is too narrow."""
    wrong = {"by place": {"by": "g", "groups": "zero"}}
    monkeypatch.setattr(coverage, "KINDS", wrong)
    found = coverage.study("gaussian", 40)["by place"]
    assert all(z < -LIMIT for z in off({"by place": found}).values())


def test_true_averages_weigh_the_rows_of_a_cell() -> None:
    class Found:
        labels = ("a=0", "a=1")
        columns = {"a": [0, 1]}  # noqa: RUF012

    rows = {"a": np.array([0, 1, 1])}
    found = coverage.true_averages(Found(), np.array([5.0, 1.0, 4.0]), rows, np.array([1, 2, 1]))
    np.testing.assert_allclose(found, [5.0, 2.0])


@pytest.mark.parametrize("source", ["stored", pytest.param("run", marks=pytest.mark.slow)])
def test_without_heterogeneity_pooling_finds_none(source) -> None:
    """Of 100 separate intervals some miss by design: 1 - .95^100 of the experiments, and 5 %."""
    found = (
        STORED["multiplicity"]["found"]["ways"] if source == "stored" else multiplicity.study(60)
    )
    separate, partial = found["separate"], found["partial"]
    for name, truth in (("any misses", 1.0 - 0.95**100), ("intervals that miss", 0.05)):
        value, error = separate[name]
        assert abs(value - truth) < LIMIT * error
    assert above(separate["any misses"], partial["any misses"]) > 10.0
    assert partial["any misses"][0] < 0.05
    assert above(separate["type M"], partial["type M"]) > 10.0
    assert above(separate["type S"], partial["type S"]) > LIMIT
    assert above(separate["rmse"], [0.2, 0.0]) > 10.0 > above(partial["rmse"], [0.2, 0.0])
    # of separate estimates all is known: noncentral t, 10 degrees of freedom, sd of sqrt(1/3)
    power = stats.nct(10, multiplicity.EFFECT * math.sqrt(3.0))
    beyond = stats.t(10).ppf(0.975)
    right, wrong = power.sf(beyond), power.cdf(-beyond)
    for name, truth in (("significant", right + wrong), ("type S", wrong / (right + wrong))):
        value, error = separate[name]
        assert abs(value - truth) < LIMIT * error


def above(one, other) -> float:
    """By how many standard errors one number is above another."""
    return (one[0] - other[0]) / math.hypot(one[1], other[1])


def test_separate_intervals_are_those_of_scipy() -> None:
    y = multiplicity.outcome(3)
    estimate, low, high = multiplicity.separate(y)
    for g in (0, 57, 99):
        here = g == multiplicity.G
        test = stats.ttest_ind(*(y[here & (z == multiplicity.Z)] for z in (1.0, 0.0)))
        bounds = test.confidence_interval(0.95)
        assert (low[g], high[g]) == pytest.approx((bounds.low, bounds.high), abs=1e-12)
        assert estimate[g] == pytest.approx(0.5 * (low[g] + high[g]), abs=1e-12)


def test_errors_of_shares_and_ratios() -> None:
    assert multiplicity.share(np.zeros(200) > 0.0) == pytest.approx([0.0, 0.5 / 201])
    value, error = multiplicity.ratio(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    assert (value, error) == (2.0, 0.0)


@pytest.mark.parametrize("setting", rmse.SETTINGS)
def test_the_oracle_is_the_posterior_mean(setting) -> None:
    """By the normal equations of each group's rows, with its prior."""
    data, _ = rmse.simulate(setting, 8, 1)
    arms = data["y"].reshape(-1, rmse.ROWS // 2, 2).mean(axis=1)
    found = rmse.oracle(arms, data["w"][:: rmse.ROWS], setting)
    slope, rest = rmse.scales(setting)
    for g in range(8):
        here = data["g"] == g
        centre = rmse.MEAN + slope * data["w"][here][0]
        if rest == 0.0:
            assert found[g] == pytest.approx(centre)
            continue
        x = np.column_stack([np.ones(here.sum()), data["z"][here]])
        precision = np.diag([rmse.SD_ALPHA**-2, rest**-2])
        right = x.T @ data["y"][here] + precision @ [0.0, centre]
        assert found[g] == pytest.approx(np.linalg.solve(x.T @ x + precision, right)[1])


def test_variances_are_matched() -> None:
    """Heavy tails are t(3) of the variance that normal effects have."""
    for setting, (share, _) in rmse.SETTINGS.items():
        slope, rest = rmse.scales(setting)
        expected = 0.0 if share is None else rmse.SD**2
        assert slope**2 + rest**2 == pytest.approx(expected)
    slope, rest = rmse.scales("heavy tails")
    data = [rmse.simulate("heavy tails", 2000, seed) for seed in range(20)]
    e = np.concatenate([theta - rmse.MEAN - slope * d["w"][:: rmse.ROWS] for d, theta in data])
    assert stats.kstest(e / rest, stats.t(3, scale=3.0**-0.5).cdf).pvalue > 0.001


@pytest.mark.parametrize("source", ["stored", pytest.param("run", marks=pytest.mark.slow)])
def test_where_pooling_with_a_predictor_is_best_and_where_not(source) -> None:
    if source == "stored":
        found = STORED["rmse"]["found"]["cells"]
    else:
        found = rmse.study(("normal", "heavy tails"), (32, 128), 30)
        found |= rmse.study(("w irrelevant", "one effect for all"), (8, 32), 30)
    for setting in ("normal", "heavy tails"):
        for groups in (32, 128):
            cell = found[f"{setting}, {groups} groups"]
            z = effects.distances(cell)
            assert all(z[way] > LIMIT for way in (*effects.RIVALS, "partial"))
            assert cell["less"]["oracle"][0] < 0.0
    few = effects.distances(found["w irrelevant, 8 groups"])
    assert few["partial"] < -2.0, "an irrelevant predictor costs"
    alike = effects.distances(found["one effect for all, 32 groups"])
    assert alike["complete"] < -LIMIT, "effects that are alike are best put together"
    assert alike["none"] > LIMIT
