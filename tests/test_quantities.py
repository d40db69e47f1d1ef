"""Quantities that follow from theta: which form a function has, its generator, its shapes."""

import functools

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.driver.quantities import quantities_of, takes_generator

ARRAY = np.arange(24.0).reshape(2, 4, 3)  # chain, draw, dim
SEEDS = np.random.SeedSequence(1).spawn(2)


def noisy(theta, rng):
    return {"x": theta[0] + rng.standard_normal(theta.shape[1:])}


class Noisy:
    def __call__(self, theta, rng):
        return noisy(theta, rng)


def scaled(theta, scale=2.0, *, offset=0.0):
    return {"x": scale * theta[0] + offset}


@pytest.mark.parametrize(
    ("natural", "random"),
    [
        (noisy, True),
        (Noisy(), True),
        (Noisy().__call__, True),
        (functools.partial(lambda scale, theta, rng: noisy(theta, rng), 2.0), True),
        (lambda theta: {"x": theta[0]}, False),
        (scaled, False),
        (lambda theta, *more: {"x": theta[0]}, False),
        (functools.partial(noisy, rng=np.random.default_rng(1)), False),
        (dict, False),
    ],
)
def test_a_function_of_two_arguments_takes_a_generator(natural, random: bool) -> None:
    assert takes_generator(natural) == random


def test_every_chain_has_a_generator_of_its_own() -> None:
    found = quantities_of(noisy, ARRAY, SEEDS)["x"]
    for k, seed in enumerate(SEEDS):
        expected = ARRAY[k, :, 0] + np.random.default_rng(seed).standard_normal(4)
        np.testing.assert_array_equal(found[k], expected)
    np.testing.assert_array_equal(quantities_of(noisy, ARRAY, SEEDS)["x"], found)
    np.testing.assert_array_equal(quantities_of(noisy, ARRAY[:1], SEEDS[:1])["x"], found[:1])


def test_a_function_of_theta_is_called_once_with_all_chains() -> None:
    shapes = []

    def natural(theta):
        shapes.append(theta.shape)
        return {"first": theta[0], "all": theta}

    found = quantities_of(natural, ARRAY, SEEDS)
    assert shapes == [(3, 2, 4)]
    np.testing.assert_array_equal(found["first"], ARRAY[:, :, 0])
    np.testing.assert_array_equal(found["all"], ARRAY)


@pytest.mark.parametrize(
    ("natural", "error", "words"),
    [
        (lambda t, rng: [t[0]], TypeError, "natural returns list"),
        (lambda t, rng: {"x": t[0, 0]}, ValueError, r"'x' the shape \(4,\); theta .* \(3, 1, 4\)"),
        (lambda t: {"x": t[0, 0]}, ValueError, r"the shape \(4,\); theta .* \(3, 2, 4\)"),
    ],
)
def test_what_is_no_quantity_is_refused(natural, error, words: str) -> None:
    with pytest.raises(error, match=words):
        quantities_of(natural, ARRAY, SEEDS)


def test_random_quantities_of_a_run_are_the_same_again_and_leave_theta_alone() -> None:
    def log_density(theta, data):
        return -0.5 * theta[0] * theta[0]

    run = {"sampler": me.Metropolis(scale=2.0), "draws": 30, "seed": 1, "progress": False}
    plain = me.sample(log_density, [0.0], **run)
    one, two, fewer = (
        me.sample(log_density, [0.0], natural=noisy, chains=chains, **run) for chains in (4, 4, 2)
    )
    np.testing.assert_array_equal(one.array, plain.array)
    np.testing.assert_array_equal(one["x"], two["x"])
    np.testing.assert_array_equal(one["x"][:2], fewer["x"])
    noise = one["x"] - one.array[:, :, 0]
    assert np.unique(noise).size == noise.size
