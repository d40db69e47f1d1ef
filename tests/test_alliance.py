"""The simulated alliance experiment: calibrated to the numbers that the text prints."""

from itertools import product

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.datasets import alliance

SEEDS = range(1, 41)
PRINTED = {
    "Intercept": 0.490,
    "ally": 0.205,
    "white": -0.065,
    "male": 0.047,
    "hawk": 0.169,
    "intl": 0.185,
    "ally:white": 0.144,
    "ally:male": 0.034,
    "ally:hawk": -0.083,
    "ally:intl": 0.038,
}
"""Estimates of the text."""


@pytest.fixture(scope="module")
def several():
    return [me.datasets.simulate_alliance(seed) for seed in SEEDS]


def mean_and_error(values: list[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))


def test_least_squares_have_the_estimates_of_the_text(several) -> None:
    """On average over data sets, within four Monte Carlo errors and a rounding of groups."""
    found: dict[str, list[float]] = {name: [] for name in PRINTED}
    for made in several:
        p = made.people
        z = [(p[n] - p[n].mean()) / (2 * p[n].std()) for n in ("hawk", "intl")]
        x = np.column_stack([np.ones(1200), p["white"], p["male"], *z])
        both = np.column_stack([x, x * p["ally"][:, np.newaxis]])
        estimates = np.linalg.lstsq(both, p["support"], rcond=None)[0]
        names = ["Intercept", "white", "male", "hawk", "intl"]
        names += ["ally", *(f"ally:{name}" for name in names[1:])]
        for name, value in zip(names, estimates, strict=True):
            found[name].append(value)
    for name, printed in PRINTED.items():
        mean, error = mean_and_error(found[name])
        assert abs(mean - printed) < 4 * error + 0.005, name


def test_support_and_groups_are_those_of_the_text(several) -> None:
    shares, sizes, lacking = [], [], []
    for made in several:
        p = made.people
        shares.append([p["support"][p["ally"] == arm].mean() for arm in (0, 1)])
        group = ((p["white"] * 2 + p["male"]) * 5 + p["hawk"] - 1) * 5 + p["intl"] - 1
        n = np.bincount(group, minlength=100)
        treated = np.bincount(group, p["ally"], 100)
        sizes.append([np.median(n), n.min()])
        lacking.append(int(((treated == 0) | (treated == n)).sum()))
    for arm, printed in ((0, 0.465), (1, 0.796)):
        mean, error = mean_and_error([share[arm] for share in shares])
        assert abs(mean - printed) < 4 * error + 0.002
    assert np.mean(sizes, axis=0) == pytest.approx([7, 1], abs=0.8)
    assert abs(np.mean(lacking) - 19) < 2.5


def test_the_first_figure_has_the_effects_of_the_text(several) -> None:
    def mean(**story: str) -> float:
        return float(np.mean([made.truth(**story) for made in several]))

    least = mean(regime="democracy", region="Eastern Europe", stakes="high", costs="low")
    assert abs(least) < 0.05, "next to nothing"
    for region in ("Africa", "Asia", "Latin America"):
        most = mean(regime="dictatorship", region=region, stakes="low", costs="high")
        assert abs(most - 0.5) < 0.04, "about 50 points"
    stories = product(("democracy", "dictatorship"), ("high", "low"), ("high", "low"))
    middle = [mean(regime=r, stakes=s, costs=c) for r, s, c in stories]
    assert abs(np.median(middle) - 0.33) < 0.03, "most about 33"


def test_the_second_figure_has_the_effects_of_the_text(several) -> None:
    most = np.mean([made.truth(white=1, male=1, hawk=1, intl=5) for made in several])
    least = np.mean([made.truth(white=0, male=0, hawk=5, intl=1) for made in several])
    assert abs(most - 0.5) < 0.04
    assert abs(least) < 0.08
    by_hawk = [np.mean([made.truth(hawk=h) for made in several]) for h in (1, 3, 5)]
    assert by_hawk == sorted(by_hawk, reverse=True), "hawkishness lowers it"


def test_the_truth_is_an_average_of_both_arms() -> None:
    """Against the linear predictor written out, person by person."""
    made = me.datasets.simulate_alliance(seed=3)
    p = made.people
    men = np.flatnonzero((p["male"] == 1) & (p["hawk"] == 2))
    effects = []
    for i in men:
        for stakes, costs, region in product(
            ("high", "low"), ("high", "low"), alliance.STORY["region"]
        ):
            story = alliance.STORY["regime"]["democracy"] + alliance.STORY["stakes"][stakes]
            story += alliance.STORY["costs"][costs] + alliance.STORY["region"][region]
            z = [
                (p[name][i] - mean) / (2 * sd)
                for name, mean, sd in (("hawk", 3.0, np.sqrt(1.04)), ("intl", 3.29, 1.1687172))
            ]
            x = np.array([1.0, p["white"][i], p["male"][i], *z])
            low = x @ alliance.LEVEL + made._groups[i, 0]
            high = low + x @ alliance.EFFECT + made._groups[i, 1] + story
            effects.append(1 / (1 + np.exp(-high)) - 1 / (1 + np.exp(-low)))
    found = made.truth(male=1, hawk=2, regime="democracy")
    assert found == pytest.approx(np.mean(effects), abs=1e-6)


def test_answers_are_drawn_from_the_probability_of_the_arm() -> None:
    """The chosen arm's probability, not the other's: squared errors of the two differ."""
    made = [me.datasets.simulate_alliance(seed) for seed in range(1, 6)]
    support = np.concatenate([m.people["support"] for m in made])
    ally = np.concatenate([m.people["ally"] for m in made])
    p = np.concatenate([m.probability for m in made])[np.arange(support.size), ally]
    z = (support - p).sum() / np.sqrt((p * (1 - p)).sum())
    assert abs(z) < 4
    squares = ((support - p) ** 2).mean()
    assert abs(squares - (p * (1 - p)).mean()) < 4 * 0.12 / np.sqrt(support.size)


def test_a_seed_makes_the_same_people_again() -> None:
    one, again, other = (me.datasets.simulate_alliance(seed) for seed in (3, 3, 4))
    assert one.people == again.people
    assert one.people != other.people
    np.testing.assert_array_equal(one.probability, again.probability)


def test_what_is_not_known_of_the_truth_is_refused() -> None:
    made = me.datasets.simulate_alliance(seed=1)
    with pytest.raises(ValueError, match="regime='junta': expected one of 'democracy'"):
        made.truth(regime="junta")
    with pytest.raises(ValueError, match="'age': expected white, male"):
        made.truth(age=3)
    with pytest.raises(ValueError, match="no person has"):
        made.truth(hawk=9)


@pytest.mark.slow
def test_the_model_of_the_text_finds_its_estimates() -> None:
    """With the text's priors, on one data set: within four posterior sds."""
    people = me.datasets.simulate_alliance(seed=1).people
    question = me.effects.heterogeneous(
        "support",
        "ally",
        ["white", "male", "hawk", "intl"],
        data=people,
        priors={
            "b": me.Normal(0, 0.5),
            "Intercept": me.Normal(0, 1),
            "sd": me.HalfNormal(1),
            "cor": me.LKJ(2),
        },
    )
    fit = question.fit(seed=1, progress=False)
    for name, printed in PRINTED.items():
        ours = ":".join(f"rescale({n})" if n in ("hawk", "intl") else n for n in name.split(":"))
        draws = fit.fit.draws[ours]
        assert abs(draws.mean() - printed) < 4 * draws.std(), name
    sd = fit.fit.draws["sd(white:male:hawk:intl: ally)"]
    assert abs(np.median(sd) - 0.046) < 0.06
    truth = [fit.question.groups.values, fit.group_effects().effect.draws.mean(axis=(0, 1))]
    made = me.datasets.simulate_alliance(seed=1)
    errors = [mean - made.truth(**values) for values, mean in zip(*truth, strict=True)]
    assert np.sqrt(np.mean(np.square(errors))) < 0.1
