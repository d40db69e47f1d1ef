"""Hard edges of a support, and scales that are far from 1."""

import math

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.compiling import bind
from mcmc_edu.driver.edges import edges_near

NAMES = ["mu", "sigma"]
SHORT = {"draws": 200, "warmup": 200, "chains": 2, "seed": 1, "names": NAMES, "progress": False}


def half_normal(theta, grad, data):
    grad[0], grad[1] = -theta[0], -theta[1]
    if theta[1] <= 0.0:
        return -math.inf
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


def square(theta, grad, data):
    grad[:] = 0.0
    inside = 0.0 < theta[0] < 1.0 and 0.0 < theta[1] < 1.0
    return 0.0 if inside else -math.inf


def triangle(theta, grad, data):
    """No edge is along an axis."""
    grad[:] = 0.0
    return 0.0 if abs(theta[0]) + abs(theta[1]) < 1.0 else -math.inf


def not_a_number(theta, grad, data):
    """The logarithm of what may be negative."""
    grad[0], grad[1] = -theta[0], 2.0 / theta[1] - 1.0
    return 2.0 * np.log(theta[1]) - theta[1] - 0.5 * theta[0] * theta[0]


def funnel(theta, grad, data):
    """Too curved for any step, and without an edge."""
    precision = math.exp(-2.0 * theta[1])
    grad[0] = -theta[0] * precision
    grad[1] = theta[0] * theta[0] * precision - 1.0 - theta[1] / 9.0
    return -0.5 * theta[0] * theta[0] * precision - theta[1] - theta[1] * theta[1] / 18.0


@pytest.mark.parametrize(
    ("density", "place", "found"),
    [
        (half_normal, [0.0, 0.1], ["sigma"]),
        (half_normal, [0.0, 2.0], []),
        (square, [0.9, 0.5], ["mu"]),
        (square, [0.1, 0.9], ["mu", "sigma"]),
        (triangle, [0.4, 0.5], ["mu", "sigma"]),
        (not_a_number, [0.0, 0.2], ["sigma"]),
        (funnel, [0.01, -5.0], []),
    ],
)
def test_edges_are_found_next_to_where_steps_went_wrong(density, place, found) -> None:
    scale = np.full(2, 0.3)
    assert edges_near(bind(density), np.array([place]), scale, NAMES) == found
    far = np.array([[0.0, 30.0]] * 2)  # most began elsewhere
    if density is half_normal:
        assert edges_near(bind(density), np.vstack([[place], far]), scale, NAMES) == []


def test_what_cannot_be_looked_at_has_no_edges() -> None:
    def raises(theta, grad, data):
        if theta[1] <= 0.0:
            raise ArithmeticError
        return 0.0

    density, scale = bind(raises), np.ones(2)
    assert edges_near(density, np.array([[0.0, 0.1]]), scale, NAMES) == []
    assert edges_near(density, np.empty((0, 2)), scale, NAMES) == []
    assert edges_near(density, np.ones((3, 2)), np.empty(0), NAMES) == []


@pytest.mark.parametrize("density", [half_normal, square, not_a_number])
@pytest.mark.parametrize(
    "sampler",
    [me.NUTS(), *(pytest.param(s, marks=pytest.mark.slow) for s in (me.HMC(steps=10), me.GIST()))],
    ids=lambda sampler: type(sampler).__name__,
)
def test_a_summary_says_that_draws_left_the_support(density, sampler, tmp_path) -> None:
    draws = me.sample(density, [0.3, 0.5], sampler=sampler, **SHORT)
    draws.save(tmp_path / "draws.npz")
    for kept in (draws, me.load(tmp_path / "draws.npz")):
        (note,) = (note for note in kept.summary().notes if "diverged" in note)
        assert "has an edge in " in note
        assert "sigma" in note
        assert "Transform" in note
        assert "non-centred" not in note


def test_a_funnel_is_no_edge() -> None:
    draws = me.sample(funnel, [0.0, 0.0], **SHORT)
    (note,) = (note for note in draws.summary().notes if "diverged" in note)
    assert "non-centred" in note


def wide(theta, grad, data):
    """A normal distribution of this mean and sd."""
    z = (theta[0] - data[0]) / data[1]
    grad[0] = -z / data[1]
    return -0.5 * z * z


@pytest.mark.parametrize(
    ("data", "start"),
    [((5e7, 2e7), 5e7), ((5e7, 2e7), 0.0), ((0.0, 1e12), 1.0), ((-3e20, 1e18), -3e20)],
)
def test_large_scales_are_sampled(data, start) -> None:
    draws = me.sample(wide, [start], data=data, **SHORT | {"names": None, "draws": 500})
    x = draws.array[:, :, 0]
    assert abs(x.mean() - data[0]) < 4.5 * me.mcse_mean(x)
    assert abs(x.std() / data[1] - 1.0) < 0.2


def flat(theta, grad, data):
    grad[0] = 0.0
    return 0.0


@pytest.mark.parametrize("sampler", [me.NUTS(), me.HMC(steps=3)], ids=["NUTS", "HMC"])
def test_a_flat_density_is_improper(sampler) -> None:
    with pytest.raises(me.DensityError, match=r"it is improper, .* larger scale still: rescale"):
        me.sample(flat, [0.0], sampler=sampler, **SHORT | {"names": None})


def test_a_wide_but_bounded_density_is_sampled() -> None:
    def bounded(theta, grad, data):
        grad[0] = 0.0
        return 0.0 if 0.0 <= theta[0] <= 1e7 else -math.inf

    draws = me.sample(bounded, [5e6], **SHORT | {"names": ["x"], "draws": 500})
    x = draws["x"]
    assert abs(x.mean() - 5e6) < 4.5 * me.mcse_mean(x)
    assert any("an edge in x" in note for note in draws.summary().notes)
