"""Trajectories and trees as data: they are what the samplers do, and say so themselves."""

import functools
import math

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.compiling import bind
from mcmc_edu.samplers import trajectories as paths
from mcmc_edu.samplers.trajectories import Tree

INVERSE = np.array([1.0, 4.0, 0.25])


def log_density(theta, grad, data):
    """Normal with sds 1, 2 and 0.5."""
    total = 0.0
    for i in range(3):
        grad[i] = -theta[i] / data[i]
        total -= 0.5 * theta[i] * theta[i] / data[i]
    return total


@pytest.fixture(autouse=True, scope="module")
def bound_once():
    """Compile each density once for all the trees of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "bind", functools.cache(bind))
        yield


def wall(theta, grad, data):
    grad[0] = 1.0
    return theta[0] if theta[0] < 1.0 else -math.inf


def tree(seed: int, **changes) -> Tree:
    arguments = {"step_size": 0.3, "data": tuple(INVERSE)} | changes
    return me.tree(log_density, [0.3, -1.0, 0.2], seed=seed, **arguments)


TREES = range(40)


def energy(theta, momentum, inverse):
    """H as the textbook has it; the density's own normalisation is left out, as there."""
    return 0.5 * np.sum(theta**2 / INVERSE, axis=-1) + 0.5 * np.sum(momentum**2 * inverse, axis=-1)


def test_a_harmonic_oscillator_goes_round() -> None:
    """N(0, 1) by leapfrog: exactly a rotation by acos(1 - h^2 / 2) a step, on an ellipse."""

    def normal(theta, grad, data):
        grad[0] = -theta[0]
        return -0.5 * theta[0] * theta[0]

    h, steps = 0.5, 20
    path = me.trajectory(normal, [1.0], [0.0], steps=steps, step_size=h)
    angle = math.acos(1.0 - h * h / 2.0) * np.arange(steps + 1)
    np.testing.assert_allclose(path.theta[:, 0], np.cos(angle), atol=1e-12)
    ellipse = math.sqrt(1.0 - h * h / 4.0)
    np.testing.assert_allclose(path.momentum[:, 0], -ellipse * np.sin(angle), atol=1e-12)
    np.testing.assert_allclose(
        path.energy, 0.5 * (path.theta[:, 0] ** 2 + path.momentum[:, 0] ** 2), atol=1e-12
    )


@pytest.mark.parametrize("inverse", [None, [1.0, 4.0, 0.25], np.diag([1.0, 4.0, 0.25]) + 0.1])
def test_a_trajectory_goes_back_the_way_it_came(inverse) -> None:
    settings = {"steps": 17, "data": tuple(INVERSE), "inv_metric": inverse}
    there = me.trajectory(log_density, [1.0, 2.0, 0.1], [0.3, 0.1, -1.0], step_size=0.2, **settings)
    back = me.trajectory(
        log_density, there.theta[-1], there.momentum[-1], step_size=-0.2, **settings
    )
    for name in ("theta", "momentum", "energy"):
        np.testing.assert_allclose(getattr(back, name)[::-1], getattr(there, name), atol=1e-11)


def test_a_trajectory_leaves_its_arguments_alone() -> None:
    start, push = np.array([1.0, 2.0, 0.1]), np.array([0.3, 0.1, -1.0])
    path = me.trajectory(log_density, start, push, steps=5, step_size=0.2, data=tuple(INVERSE))
    np.testing.assert_array_equal(path.theta[0], start)
    np.testing.assert_array_equal(path.momentum[0], push)
    assert (start == [1.0, 2.0, 0.1]).all()


@pytest.mark.parametrize("inverse", [None, INVERSE])
def test_a_tree_is_one_trajectory(inverse) -> None:
    """Its first leaf, followed by leapfrog steps forward in time, meets all the others."""
    for seed in TREES:
        found = tree(seed, inv_metric=inverse)
        path = me.trajectory(
            log_density,
            found.theta[0],
            found.momentum[0],
            steps=max(1, len(found.theta) - 1),
            step_size=0.3,
            data=tuple(INVERSE),
            inv_metric=inverse,
        )
        np.testing.assert_allclose(path.theta[: len(found.theta)], found.theta, atol=1e-9)
        np.testing.assert_allclose(path.momentum[: len(found.theta)], found.momentum, atol=1e-9)
        np.testing.assert_allclose(
            found.energy,
            energy(found.theta, found.momentum, 1.0 if inverse is None else inverse),
            atol=1e-12,
        )
        np.testing.assert_array_equal(found.theta[found.start], [0.3, -1.0, 0.2])


def test_doublings_double() -> None:
    for seed in TREES:
        found = tree(seed)
        counts = np.bincount(found.doubling)
        assert counts[0] == 1
        assert found.doubling[found.start] == 0
        np.testing.assert_array_equal(counts[1:-1], 2 ** np.arange(len(counts) - 2))
        assert counts[-1] <= 2 ** (len(counts) - 2)
        for k in range(1, len(counts)):  # each on one side of all before it
            older, newer = np.flatnonzero(found.doubling < k), np.flatnonzero(found.doubling == k)
            assert newer.max() < older.min() or newer.min() > older.max()


def test_the_choice_is_among_what_was_kept() -> None:
    discarded = 0
    for seed in TREES:
        found = tree(seed, step_size=0.7)
        assert found.kept[found.chosen]
        assert found.kept[found.start]
        inside = found.ended_by == "turn" and found.turned != (0, len(found.theta) - 1)
        assert found.kept.all() == (not inside and found.ended_by != "divergence")
        assert (found.doubling[~found.kept] == found.doubling.max()).all()
        discarded += not found.kept.all()
    assert discarded > 5  # else this test has seen nothing


def turns(found: Tree, first: int, last: int, inverse=1.0) -> bool:
    """The generalised criterion over leaves first to last, at either end, and across the halves."""
    p = found.momentum
    half = (first + last + 1) // 2

    def of(a: int, b: int, rho) -> bool:
        return not (p[a] * inverse @ rho > 0.0 and p[b] * inverse @ rho > 0.0)

    def total(a: int, b: int):
        return p[a : b + 1].sum(axis=0)

    return (
        of(first, last, total(first, last))
        or of(first, half, total(first, half))
        or of(half - 1, last, total(half - 1, last))
    )


def test_what_turned_turned_and_nothing_before() -> None:
    """The criterion by hand, on every aligned block of every doubling."""
    seen = set()
    for seed in TREES:
        found = tree(seed, step_size=0.35)
        n = len(found.theta)
        assert found.ended_by == "turn"
        first, last = found.turned
        assert turns(found, first, last)
        size = last - first + 1
        assert size & (size - 1) == 0
        whole = size == n
        for k in range(1, found.doubling.max() + 1):
            leaves = np.flatnonzero(found.doubling == k)
            if leaves[0] < found.start:  # leaves are made from the start outwards
                leaves = leaves[::-1]
            for length in 2 ** np.arange(1, k):
                for i in range(0, len(leaves) - length + 1, length):
                    a, b = sorted((int(leaves[i]), int(leaves[i + length - 1])))
                    if whole or not a <= first <= last <= b:
                        assert not turns(found, a, b)
        seen.add("whole" if whole else "block")
    assert seen == {"whole", "block"}


@pytest.mark.parametrize("inverse", [None, INVERSE])
def test_a_tree_is_the_transition_of_the_sampler(inverse) -> None:
    """The same generator makes the same choice, iteration by iteration."""
    sampler = me.NUTS(step_size=0.4, inv_metric=inverse)
    seed = np.random.SeedSequence(5)
    draws = me.sample(
        log_density,
        [0.3, -1.0, 0.2],
        data=tuple(INVERSE),
        sampler=sampler,
        draws=25,
        warmup=0,
        chains=1,
        seed=seed,
    )
    rng = np.random.default_rng(np.random.SeedSequence(5).spawn(1)[0].spawn(2)[1])
    theta = np.array([0.3, -1.0, 0.2])
    for t in range(25):
        found = me.tree(
            log_density, theta, step_size=0.4, seed=rng, data=tuple(INVERSE), inv_metric=inverse
        )
        theta = found.theta[found.chosen]
        np.testing.assert_array_equal(theta, draws.array[0, t])
        assert found.energy[found.chosen] == draws.stats["energy"][0, t]
        assert found.doubling.max() == draws.stats["depth"][0, t]
        assert len(found.theta) - 1 == draws.stats["n_gradients"][0, t]


def test_a_tree_that_may_not_grow_ends_by_depth() -> None:
    for seed in range(5):
        found = tree(seed, step_size=1e-3, max_depth=4)
        assert found.ended_by == "depth"
        assert len(found.theta) == 16
        assert found.turned == (-1, -1)
        assert found.kept.all()


def test_a_tree_that_diverges_says_so() -> None:
    endings = set()
    for seed in range(20):
        found = me.tree(wall, [0.5], step_size=0.4, seed=seed)
        endings.add(found.ended_by)
        if found.ended_by == "divergence":
            assert found.turned == (-1, -1)
            assert not found.kept.all()
            assert found.energy.max() == math.inf
            outside = found.theta[:, 0] >= 1.0
            np.testing.assert_array_equal(np.isinf(found.energy), outside)
            assert not found.kept[outside].any()
    assert "divergence" in endings


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: me.trajectory(wall, [0.0], [0.0, 1.0], steps=1, step_size=1.0), "momentum has sh"),
        (lambda: me.trajectory(wall, [0.0], [0.0], steps=0, step_size=1.0), "steps is 0"),
        (lambda: me.tree(wall, [[0.0]], step_size=1.0, seed=1), r"theta0 is .*shape \(dim,\)"),
        (lambda: me.tree(wall, [math.nan], step_size=1.0, seed=1), "theta0 is"),
        (lambda: me.tree(wall, [0.0], step_size=0.0, seed=1), "step_size is 0"),
        (lambda: me.tree(wall, [0.0], step_size=1.0, seed=1, inv_metric=[1.0, 1.0]), "inv_metric"),
    ],
)
def test_bad_arguments_are_named(make, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_a_density_without_gradient_is_refused() -> None:
    with pytest.raises(TypeError, match=r"which a tree needs; .*finite_difference"):
        me.tree(lambda theta, data: 0.0, [0.0], step_size=1.0, seed=1)
    with pytest.raises(TypeError, match="which a trajectory needs"):
        me.trajectory(lambda theta, data: 0.0, [0.0], [1.0], steps=1, step_size=1.0)
