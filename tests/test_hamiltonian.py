"""The leapfrog, momenta, and Hamiltonian Monte Carlo: what mathematics says of them."""

import itertools
import math

import numpy as np
import pytest
from kernels import bind_python, bound, many, plain, state_at, step

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import bind
from mcmc_edu.samplers import hamiltonian, hmc
from mcmc_edu.samplers.machinery.settings import metric_of

CASES = {
    "dense normal": (targets.normal([[1.0, 0.9], [0.9, 2.0]]), 0.3, None),
    "banana": (targets.banana(), 0.2, [50.0, 3.0]),
    "funnel": (targets.funnel(4), 0.1, None),
    "eight schools": (targets.eight_schools_noncentered(), 0.2, None),
    "dense metric": (targets.funnel(3), 0.1, [[1.0, 0.3, 0.1], [0.3, 2.0, 0.2], [0.1, 0.2, 0.5]]),
}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def go(target, theta, momentum, steps, step_size, inv_metric=None):
    """Where a trajectory ends, and all its energies."""
    path = me.trajectory(
        target.log_density,
        theta,
        momentum,
        steps=steps,
        step_size=step_size,
        data=target.data,
        inv_metric=inv_metric,
    )
    return path.theta[-1], path.momentum[-1], path.energy


def some_point(target):
    rng = np.random.default_rng(1)
    return target.exact_draws(rng, 1)[0] * 0.5, rng.standard_normal(target.dim)


@every_case
def test_the_way_back_leads_to_the_start(case) -> None:
    target, step_size, inv_metric = case
    theta, momentum = some_point(target)
    there, arriving, _ = go(target, theta, momentum, 20, step_size, inv_metric)
    assert np.abs(there - theta).max() > 0.1
    for push, size in ((-arriving, step_size), (arriving, -step_size)):
        back, final, _ = go(target, there, push, 20, size, inv_metric)
        np.testing.assert_allclose(back, theta, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(np.abs(final), np.abs(momentum), rtol=0.0, atol=1e-12)


@every_case
def test_volume_and_symplectic_form_are_preserved(case) -> None:
    """J' Omega J = Omega, J by differences of fourth order; hence det J = 1."""
    target, step_size, inv_metric = case
    dim, h = target.dim, 1e-3
    start = np.concatenate(some_point(target))

    def end(z):
        theta, momentum, _ = go(target, z[:dim], z[dim:], 5, step_size, inv_metric)
        return np.concatenate([theta, momentum])

    jacobian = np.column_stack(
        [
            (8.0 * (end(start + e) - end(start - e)) - end(start + 2 * e) + end(start - 2 * e))
            / (12.0 * h)
            for e in h * np.eye(2 * dim)
        ]
    )
    omega = np.block([[np.zeros((dim, dim)), np.eye(dim)], [-np.eye(dim), np.zeros((dim, dim))]])
    assert abs(np.linalg.det(jacobian) - 1.0) < 1e-8
    np.testing.assert_allclose(jacobian.T @ omega @ jacobian, omega, rtol=0.0, atol=1e-8)


@every_case
def test_half_the_step_a_quarter_of_the_energy_error(case) -> None:
    target, step_size, inv_metric = case
    theta, momentum = some_point(target)
    errors = []
    for halvings in (1, 2, 3):
        steps, size = 10 * 2**halvings, step_size / 2**halvings
        _, _, energy = go(target, theta, momentum, steps, size, inv_metric)
        errors.append(np.abs(energy - energy[0]).max())
    for coarse, fine in itertools.pairwise(errors):
        assert 3.5 < coarse / fine < 4.5


def test_one_step_by_hand() -> None:
    """N(0, 2) in the metric 3: p = 1 - 0.1 / 4, theta = 1 + 0.2 (3 p), p again."""
    target = targets.normal([4.0])
    theta, momentum, energy = go(target, [1.0], [1.0], 1, 0.2, [3.0])
    half = 1.0 - 0.1 * 0.25
    assert theta[0] == pytest.approx(1.0 + 0.6 * half, rel=1e-15)
    assert momentum[0] == pytest.approx(half - 0.1 * theta[0] / 4.0, rel=1e-15)
    difference = theta[0] ** 2 / 8.0 + 1.5 * momentum[0] ** 2 - 1.0 / 8.0 - 1.5
    assert energy[1] - energy[0] == pytest.approx(difference, rel=1e-12)


def warped(theta, grad, data):
    """A density that is not normal, in coordinates scaled by data."""
    (scale,) = data
    x, y = theta[0] / scale[0], theta[1] / scale[1]
    grad[0] = -(x + 2.0 * x * y * y) / scale[0]
    grad[1] = -(y + 2.0 * x * x * y) / scale[1]
    return -0.5 * (x * x + y * y) - x * x * y * y


def test_rescaled_coordinates_and_metric_give_the_same_trajectory_to_the_bit() -> None:
    theta, momentum = np.array([0.7, -0.4]), np.array([0.3, 1.1])
    scale = np.array([2.0**7, 2.0**-9])
    common = {"steps": 50, "step_size": 0.13}
    first = me.trajectory(warped, theta, momentum, data=(np.ones(2),), **common)
    other = me.trajectory(
        warped, theta * scale, momentum / scale, data=(scale,), inv_metric=scale**2, **common
    )
    np.testing.assert_array_equal(other.theta, first.theta * scale)
    np.testing.assert_array_equal(other.momentum, first.momentum / scale)
    np.testing.assert_array_equal(other.energy, first.energy)


def test_a_dense_metric_is_a_diagonal_one_in_rotated_coordinates() -> None:
    rng = np.random.default_rng(2)
    axes, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    covariance, inverse = np.diag([1.0, 4.0, 9.0]), np.array([0.5, 2.0, 5.0])
    theta, momentum = rng.standard_normal((2, 3))
    straight = go(targets.normal(covariance), theta, momentum, 30, 0.2, inverse)
    turned = go(
        targets.normal(axes @ covariance @ axes.T),
        axes @ theta,
        axes @ momentum,
        30,
        0.2,
        (axes * inverse) @ axes.T,
    )
    np.testing.assert_allclose(turned[0], axes @ straight[0], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(turned[1], axes @ straight[1], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(turned[2], straight[2], rtol=1e-12)


@pytest.mark.parametrize(
    "inverse",
    [[0.01, 1.0, 25.0], [[1.0, 0.6, -0.2], [0.6, 2.0, 0.3], [-0.2, 0.3, 0.5]]],
    ids=["diagonal", "dense"],
)
def test_momenta_have_covariance_m(inverse) -> None:
    metric, n = metric_of(inverse, 3), many(40_000)
    matrix = np.linalg.inv(np.diag(inverse) if np.ndim(inverse) == 1 else inverse)
    rng, p = np.random.default_rng(3), np.empty(3)
    draws = np.empty((n, 3))
    for k in range(n):
        hamiltonian.draw_momentum(rng, metric, p)
        draws[k] = p
    variances = np.diag(matrix)
    found = draws.T @ draws / n  # sd of each entry: sqrt((M_ii M_jj + M_ij^2) / n)
    error = np.sqrt((np.outer(variances, variances) + matrix**2) / n)
    assert (np.abs(found - matrix) < 4.5 * error).all()
    assert (np.abs(draws.mean(axis=0)) < 4.5 * np.sqrt(variances / n)).all()


@pytest.mark.parametrize("inverse", [[0.01, 4.0, 25.0], [[2.0, 0.5], [0.5, 1.0]]])
def test_the_metric_and_its_root_belong_together(inverse) -> None:
    metric = metric_of(inverse, len(inverse))
    if np.ndim(inverse) == 1:
        np.testing.assert_allclose(metric.chol_mass**2 * metric.inverse, 1.0, rtol=1e-15)
    else:
        product = metric.chol_mass @ metric.chol_mass.T @ metric.inverse
        np.testing.assert_allclose(product, np.eye(2), rtol=0.0, atol=1e-14)


def test_energy_is_kinetic_and_potential_and_never_nan() -> None:
    p = np.array([1.0, -2.0, 3.0])
    for inverse in ([1.0, 2.0, 3.0], np.array([[2.0, 0.5, 0.0], [0.5, 1.0, 0.1], [0.0, 0.1, 3.0]])):
        metric = metric_of(inverse, 3)
        matrix = np.diag(inverse) if np.ndim(inverse) == 1 else inverse
        expected = 0.5 * p @ matrix @ p + 1.25
        assert hamiltonian.hamiltonian(-1.25, p, metric) == pytest.approx(expected, rel=1e-14)
        assert hamiltonian.hamiltonian(math.nan, p, metric) == math.inf
        assert hamiltonian.hamiltonian(-math.inf, p, metric) == math.inf
        assert hamiltonian.hamiltonian(0.0, np.array([1.0, math.nan, 0.0]), metric) == math.inf


def test_acceptance_is_a_probability_and_nan_has_none() -> None:
    assert hamiltonian.acceptance(-3.0) == hamiltonian.acceptance(0.0) == 1.0
    assert hamiltonian.acceptance(0.5) == math.exp(-0.5)
    assert hamiltonian.acceptance(math.inf) == 0.0
    assert not hamiltonian.acceptance(math.nan) > 0.0


def test_a_trajectory_costs_a_gradient_a_step_and_one() -> None:
    calls = []

    def counted(theta, grad, data):
        calls.append(theta.copy())
        grad[:] = -theta
        return -0.5 * float(theta @ theta)

    density = bind_python(counted)
    start = np.array([1.0, 2.0])
    chain = me.HMC(steps=9, jitter=0.0, step_size=0.1).chain(
        density, start, 0, np.random.SeedSequence(1)
    )
    chain.run(1)
    assert len(calls) == 9 + 1
    chain.run(4)
    assert len(calls) == 5 * 9 + 1


def mala(rng, f, theta, step_size, covariance):
    """Metropolis-adjusted Langevin, from the formulas: a drift, a normal step, Hastings' ratio.

    Proposal N(theta + e^2/2 C g, e^2 C), C the inverse mass matrix.
    """
    precision = np.linalg.inv(covariance)
    noise = np.linalg.cholesky(precision) @ rng.standard_normal(theta.size)
    logp, grad = f(theta)
    proposal = theta + 0.5 * step_size**2 * covariance @ grad + step_size * covariance @ noise
    logp_there, grad_there = f(proposal)

    def log_q(to, origin, grad_at_origin):
        d = to - origin - 0.5 * step_size**2 * covariance @ grad_at_origin
        return -0.5 * d @ precision @ d / step_size**2

    ratio = logp_there - logp + log_q(theta, proposal, grad_there) - log_q(proposal, theta, grad)
    accepted = math.log(rng.random()) < ratio
    return (proposal if accepted else theta), accepted


@pytest.mark.parametrize(
    "inverse", [[1.0, 1.0], [0.25, 9.0], [[1.0, 0.6], [0.6, 2.0]]], ids=["unit", "diag", "dense"]
)
def test_one_leapfrog_step_is_mala(inverse) -> None:
    target, step_size = targets.normal([[1.0, 0.8], [0.8, 2.0]]), 1.1
    written = plain(target.log_density)

    def f(theta):
        grad = np.empty(2)
        return written(theta, grad, target.data), grad

    covariance = np.diag(inverse) if np.ndim(inverse) == 1 else np.array(inverse)
    sampler = me.HMC(steps=1, jitter=0.0, step_size=step_size, inv_metric=inverse)
    density, rng, twin = bound(target), np.random.default_rng(4), np.random.default_rng(4)
    state, moves = state_at(density, [2.0, -1.0]), 0
    for _ in range(300):
        theta, accepted = mala(twin, f, state.theta, step_size, covariance)
        state, _ = step(sampler, rng, state, density)
        moves += accepted
        np.testing.assert_allclose(state.theta, theta, rtol=0.0, atol=1e-12)
    assert 30 < moves < 290


def test_the_length_of_a_trajectory_varies_evenly_within_the_jitter() -> None:
    rng = np.random.default_rng(5)
    tuning = me.HMC(steps=10, jitter=0.3, step_size=0.5).tuning(2)
    found = [hmc.jittered(rng, tuning) for _ in range(4000)]
    sizes, steps = np.array([s for s, _ in found]), np.array([k for _, k in found])
    assert set(steps) == set(range(7, 14))
    assert 0.35 <= sizes.min() < 0.352
    assert 0.648 < sizes.max() <= 0.65
    assert abs(sizes.mean() - 0.5) < 4.5 * 0.3 / math.sqrt(12.0 * 4000)
    counts = np.bincount(steps)[7:]
    assert (np.abs(counts - 4000 / 7) < 4.5 * math.sqrt(4000 * (1 / 7) * (6 / 7))).all()
    assert abs(np.corrcoef(sizes, steps)[0, 1]) < 4.5 / math.sqrt(4000)
    for few in (1, 2):
        lengths = {
            hmc.jittered(rng, me.HMC(steps=few, step_size=0.5).tuning(1))[1] for _ in range(50)
        }
        assert lengths == {few}


def test_without_jitter_nothing_varies_and_no_random_number_is_used() -> None:
    rng, same = np.random.default_rng(6), np.random.default_rng(6)
    assert hmc.jittered(rng, me.HMC(steps=10, jitter=0.0, step_size=0.5).tuning(2)) == (0.5, 10)
    assert rng.random() == same.random()


def test_jitter_cures_the_chain_that_swings_for_ever() -> None:
    """Half a period of N(0, 1) is pi: without jitter theta goes to -theta, again and again."""
    target, sums = targets.normal([1.0]), {}
    for jitter in (0.0, 0.2):
        sampler = me.HMC(steps=31, jitter=jitter, step_size=math.pi / 31)
        density, rng = bound(target), np.random.default_rng(7)
        state, found = state_at(density, [1.5]), []
        for _ in range(200):
            state, _ = step(sampler, rng, state, density)
            found.append(state.theta[0])
        sums[jitter] = np.abs(np.add(found[1:], found[:-1])).max()
    assert sums[0.0] < 0.1
    assert sums[0.2] > 1.0


def nan_beyond_1(theta, grad, data):
    grad[0] = 1.0
    return math.nan if theta[0] > 1.0 else theta[0]


def test_where_the_density_is_nan_hmc_never_goes() -> None:
    density, rng = bind(nan_beyond_1), np.random.default_rng(8)
    state, seen = state_at(density, [0.9]), 0
    sampler = me.HMC(steps=3, jitter=0.0, step_size=0.5)
    for _ in range(200):
        state, info = step(sampler, rng, state, density)
        assert state.theta[0] <= 1.0
        if info.divergent:
            seen += 1
            assert info.accept_prob == 0.0
            np.testing.assert_array_equal(
                info.divergence_theta, state.theta
            )  # where it began, and stays
        else:
            assert info.divergence_theta.size == 0
    assert seen > 10


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: me.HMC(steps=0), "steps is 0"),
        (lambda: me.HMC(steps=2.5), "steps is 2.5"),
        (lambda: me.HMC(jitter=1.0), "jitter is 1.0"),
        (lambda: me.HMC(jitter=math.nan), "jitter is nan"),
        (lambda: me.NUTS(max_depth=0), "max_depth is 0"),
        (lambda: me.GIST(max_steps=True), "max_steps is True"),
        (lambda: me.NUTS(step_size=0.0), "step_size is 0.0"),
        (lambda: me.NUTS(step_size=math.inf), "step_size is inf"),
        (lambda: me.NUTS(step_size=math.nan), "step_size is nan"),
        (lambda: me.NUTS(target_accept=1.0), "target_accept is 1.0"),
        (lambda: me.NUTS(metric="unit"), "metric is 'unit'"),
        (lambda: me.NUTS(inv_metric=[1.0]).check(2), r"inv_metric has shape \(1,\)"),
        (lambda: me.NUTS(inv_metric=[1.0, 0.0]).check(2), "variances must be positive"),
        (lambda: me.NUTS(inv_metric=[[1.0, 0.5], [0.2, 1.0]]).check(2), "not symmetric"),
        (lambda: me.NUTS(inv_metric=[[1.0, 2.0], [2.0, 1.0]]).check(2), "not positive definite"),
    ],
)
def test_bad_settings_are_named(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
