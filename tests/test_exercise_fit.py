"""Goodness of fit: uniform under the law, and small where the draws do not follow it."""

import numpy as np
import pytest
from scipy import stats

from mcmc_edu.exercises.laws.accept_reject import AcceptReject
from mcmc_edu.exercises.laws.fit import (
    bet_against,
    combined,
    fits,
    reflected,
    smallest_of,
    standing,
    two_orders,
)


def log_normal(x):
    return -0.5 * x * x


def law(scale=1.5, accept=lambda x, there: np.minimum(log_normal(there) - log_normal(x), 0.0)):
    """Return the law of Metropolis' walk on the standard normal."""
    return AcceptReject(
        lambda x, there: stats.norm.logpdf(there, x, scale),
        accept,
        lambda x: (x - 7.5 * scale, x + 7.5 * scale),
    )


def walk(rng, n, scale=1.5, power=1.0, drift=0.0, sticky=0.0):
    """Draw by Metropolis' walk, right unless an argument says otherwise."""
    path = np.zeros(n + 1)
    path[0] = rng.standard_normal()
    for t in range(n):
        x = path[t]
        there = x + scale * rng.standard_normal() + drift * np.sign(x)
        moves = np.log(rng.random()) < power * (log_normal(there) - log_normal(x))
        if t and path[t] == path[t - 1] and rng.random() < sticky:
            moves = False
        path[t + 1] = there if moves else x
    return path


def p_values(path, rng):
    return fits([law().uniforms(path, rng)], [path], [0])


def test_p_values_of_the_right_law_are_uniform():
    rng = np.random.default_rng(1)
    found = [p_values(walk(rng, 120), rng) for _ in range(300)]
    names = [
        f"{name} {order}"
        for name in ("values", "last", "side", "distance")
        for order in ("along", "outwards")
    ]
    spreads = {"values along: spread", "values outwards: spread"}
    assert set(found[0]) == {*names, *(f"{name}: mean" for name in names), *spreads}
    for name in found[0]:
        assert stats.kstest([p[name] for p in found], "uniform").pvalue > 1e-3 / 18, name


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"scale": 1.1}, "values outwards"),
        ({"power": 0.6}, "values outwards"),
        ({"drift": 0.5}, "side along"),
        ({"sticky": 0.5}, "values outwards"),
    ],
)
def test_a_wrong_chain_is_found(wrong, name):
    rng = np.random.default_rng(2)
    path = walk(rng, 1500, **wrong)
    found = p_values(path, rng)
    assert found[name] < 1e-6, found
    assert smallest_of(list(found.values())) < 1e-5


def test_the_order_along_the_line_does_not_see_a_step_size_so_well():
    rng = np.random.default_rng(3)
    found = p_values(walk(rng, 1500, scale=1.1), rng)
    assert found["values outwards"] < 1e-3 * found["values along"]


def test_two_orders_of_a_draw():
    # above, stayed, and moved to where a quarter is below
    below, stay = np.array([0.4, 0.3, 0.2]), np.full(3, 0.2)
    stayed, above = np.array([False, True, False]), np.array([True, False, False])
    found = two_orders(below, stay, stayed, above, np.full(3, 0.5))
    assert np.allclose(found, [[0.6, 0.4, 0.2], [0.2, 0.1, 0.6]])


def test_reflections_know_nothing_of_the_draw_itself():
    rng = np.random.default_rng(4)
    path, u = rng.standard_normal(41), rng.random(40)
    other = u.copy()
    other[20] = 1.0 - other[20]
    changed = path.copy()
    changed[21:] += 5.0  # the twenty-first draw and those after it
    for name in ("values", "last", "side", "distance"):
        one, two = reflected(u, path)[name], reflected(other, changed)[name]
        assert np.allclose(one[:20], two[:20])
        assert np.isclose(one[20], u[20]) == np.isclose(two[20], other[20])


def test_standing_is_that_of_the_path_so_far():
    path = np.arange(10.0)
    expected = (path[7] - path[:8].mean()) / path[:8].std()
    assert np.isclose(standing(path)[7], expected)
    assert (standing(path)[:5] == 0.0).all()
    assert (standing(np.ones(30)) == 0.0).all()


def test_first_draws_of_short_runs_have_a_test_of_their_own():
    rng = np.random.default_rng(5)
    paths = [walk(rng, 4) for _ in range(300)]
    for path in paths:
        path[1] = path[0]  # the start is recorded
    found = fits([law().uniforms(path, rng) for path in paths], paths, [0] * len(paths))
    assert found["first outwards"] < 1e-20


def test_p_values_together():
    assert np.isclose(combined([0.5, 0.1]), 1.0 - 0.9**2)
    assert np.isclose(smallest_of([0.5, 0.1]), 0.2)
    assert smallest_of([0.7, 0.9]) == 1.0


def test_a_bet_against_is_one_on_average():
    p = (np.arange(100_000) + 0.5) / 100_000
    value = np.mean([bet_against(x) for x in p])
    assert 0.85 < value <= 1.0  # what is missing lies below the smallest p
    assert bet_against(1e-8) > 1e4
