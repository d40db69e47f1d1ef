"""The simulated marketing experiment: what it is made of, and its truth."""

from itertools import product

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.datasets import marketing


@pytest.mark.parametrize(("family", "name"), [("gaussian", "spend"), ("bernoulli", "bought")])
def test_the_truth_is_the_difference_of_arms_in_those_people(family: str, name: str) -> None:
    """Half of a large sample gets the offer, so that means by arm estimate it."""
    made = me.datasets.simulate_marketing(seed=1, people=200_000, family=family)
    p = made.people
    for where in ({}, {"gender": "male"}, {"race": "Black", "gender": "male"}):
        own = np.logical_and.reduce([p[f] == v for f, v in where.items()], axis=0, initial=True)
        own = np.broadcast_to(own, p["offer"].shape)
        arms = [p[name][own & (p["offer"] == z)] for z in (0, 1)]
        error = np.sqrt(sum(x.var() / x.size for x in arms))
        assert abs(arms[1].mean() - arms[0].mean() - made.truth(**where)) < 4 * error


def test_deviations_have_half_the_sd_with_each_order() -> None:
    """By contrasts of the corners of a cube, in which all lower orders cancel."""
    rng, sd = np.random.default_rng(1), 3.0
    corners = np.array(list(product((0, 1), repeat=3)))
    codes = dict(zip(("gender", "race", "kids"), corners.T, strict=True))
    drawn = np.array([marketing._deviations(rng, codes, sd) for _ in range(2000)])
    x = dict(zip(map(tuple, corners.tolist()), drawn.T, strict=True))
    signs = {key: (-1) ** (3 - sum(key)) for key in x}
    triple = sum(signs[key] * x[key] for key in x)
    pair = x[0, 0, 0] - x[1, 0, 0] - x[0, 1, 0] + x[1, 1, 0]
    one = x[0, 0, 0] - x[1, 0, 0]
    expected = {
        "triples": (triple, 8 * (sd / 4) ** 2),
        "pairs": (pair, 4 * (sd / 2) ** 2 + 4 * (sd / 4) ** 2),
        "single": (one, 2 * sd**2 + 4 * (sd / 2) ** 2 + 2 * (sd / 4) ** 2),
    }
    for name, (contrast, variance) in expected.items():
        share = contrast.var() / variance
        assert abs(share - 1) < 4 * np.sqrt(2 / 2000), name


def test_people_are_as_said_and_the_offer_is_drawn_by_lot() -> None:
    made = me.datasets.simulate_marketing(seed=2, people=50_000)
    p = made.people
    for factor, shares in marketing.SHARES.items():
        for level, share in zip(marketing.LEVELS[factor], shares, strict=True):
            own = p[factor] == level
            assert abs(own.mean() - share) < 4 * np.sqrt(share * (1 - share) / 50_000)
            assert abs(p["offer"][own].mean() - 0.5) < 4 * 0.5 / np.sqrt(own.sum())
    again = me.datasets.simulate_marketing(seed=2, people=50_000)
    assert (again.people["spend"] == p["spend"]).all()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="family='poisson': expected 'gaussian' or 'bernoulli'"):
        me.datasets.simulate_marketing(1, family="poisson")
    with pytest.raises(ValueError, match="people=3: expected an integer, 36 or more"):
        me.datasets.simulate_marketing(1, people=3)
    made = me.datasets.simulate_marketing(seed=1, people=40)
    with pytest.raises(ValueError, match="race='black': expected levels of gender: female, male;"):
        made.truth(race="black")
    with pytest.raises(ValueError, match="no person has"):
        made.truth(race="Black", gender="male", generation="X", kids="yes")
