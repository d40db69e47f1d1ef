"""What holds for every Hamiltonian sampler: it leaves exact draws exact, and finds known answers.

`test_hamiltonian.py`, `test_gist.py` and `test_nuts.py` look inside; here each is a black box.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from kernels import SAMPLERS, bind_python, bound, many, state_at, step, step_from_each
from scipy import stats
from scripts import environment

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import UNCOMPILED, bind
from mcmc_edu.diagnostics import mcse_mean

TESTS = Path(__file__).parent

every_sampler = pytest.mark.parametrize("name", SAMPLERS)
DENSE = [[1.0, 1.2], [1.2, 4.0]]


def test_the_clone_under_test_is_this_one() -> None:
    assert Path(me.__file__).parent.parent == TESTS.parent


@every_sampler
@pytest.mark.parametrize("inv_metric", [None, DENSE], ids=["diagonal", "dense"])
def test_a_step_leaves_its_input_alone_and_owns_its_output(name: str, inv_metric) -> None:
    target = targets.banana(2.0)
    density, rng = bound(target), np.random.default_rng(1)
    sampler = type(SAMPLERS[name])(step_size=0.4, inv_metric=inv_metric)
    tuning = sampler.tuning(2)
    workspace = np.empty((sampler.rows, 2))
    given = state_at(density, [0.5, -0.5])
    states, copies = [given], [(given.theta.copy(), given.grad.copy())]
    before = tuning.metric.inverse.copy(), tuning.metric.chol_mass.copy()
    for _ in range(30):
        state, _ = sampler.kernel(
            rng, states[-1], density.adapter, density.packed, tuning, workspace
        )
        states.append(type(given)(*state))
        copies.append((state[0].copy(), state[2].copy()))
    workspace[:] = np.nan
    for state, (theta, grad) in zip(states, copies, strict=True):
        np.testing.assert_array_equal(state.theta, theta)
        np.testing.assert_array_equal(state.grad, grad)
    np.testing.assert_array_equal(tuning.metric.inverse, before[0])
    np.testing.assert_array_equal(tuning.metric.chol_mass, before[1])
    assert len({theta.tobytes() for theta, _ in copies}) > 15


@every_sampler
def test_value_gradient_and_energy_belong_to_the_position(name: str) -> None:
    target = targets.banana(2.0)
    density, rng = bound(target), np.random.default_rng(2)
    sampler = type(SAMPLERS[name])(step_size=0.5)
    state, kinetic = state_at(density, [0.5, -0.5]), []
    for _ in range(100):
        state, info = step(sampler, rng, state, density)
        fresh = state_at(density, state.theta)
        assert state.logp == fresh.logp
        np.testing.assert_array_equal(state.grad, fresh.grad)
        kinetic.append(info.energy + state.logp)
    assert min(kinetic) > 0.0
    assert abs(np.mean(kinetic) - 1.0) < 4.5 * 1.0 / np.sqrt(50)  # E p'p / 2 = dim / 2


@every_sampler
def test_gradients_are_counted(name: str) -> None:
    calls = []

    def counted(theta, grad, data):
        calls.append(1)
        grad[:] = -theta
        return -0.5 * float(theta @ theta)

    density, rng = bind_python(counted), np.random.default_rng(3)
    state = state_at(density, [1.0, -1.0])
    for _ in range(30):
        calls.clear()
        state, info = step(type(SAMPLERS[name])(step_size=0.3), rng, state, density)
        assert info.n_gradients == len(calls)


def scaled_quartic(theta, grad, data):
    (scale,) = data
    total = 0.0
    for i in range(theta.size):
        x = theta[i] / scale[i]
        grad[i] = -(x + x * x * x) / scale[i]
        total -= 0.5 * x * x + 0.25 * x * x * x * x
    return total


@every_sampler
def test_scales_and_metric_together_change_nothing_to_the_bit(name: str) -> None:
    """Warm-up too: the step size found is that of the unscaled chain."""
    scale = np.array([2.0**8, 2.0**-5, 1.0])
    draws = {}
    for s in (np.ones(3), scale):
        sampler = type(SAMPLERS[name])(inv_metric=s**2)
        chain = sampler.chain(bind(scaled_quartic, (s,)), 0.5 * s, 40, np.random.SeedSequence(4))
        draws[s[0]] = chain.run(60)[0] / s
    np.testing.assert_array_equal(draws[1.0], draws[2.0**8])


SETTINGS = {
    "normal, fine steps": (targets.normal(DENSE), {"step_size": 0.3}),
    "normal, coarse steps": (targets.normal(DENSE), {"step_size": 0.95}),
    "normal, wrong metric": (
        targets.normal(DENSE),
        {"step_size": 0.5, "inv_metric": [[2.0, -0.5], [-0.5, 1.0]]},
    ),
    "two modes": (targets.mixture(3.0), {"step_size": 0.9}),
    "funnel": (targets.funnel(3), {"step_size": 0.7}),
    "banana": (targets.banana(2.0, 0.3), {"step_size": 0.6, "inv_metric": [4.0, 2.0]}),
}
LIMITS = {"HMC": ["steps", 1, 5], "GIST": ["max_steps", 3, 64], "NUTS": ["max_depth", 2, 8]}


@every_sampler
@pytest.mark.parametrize(
    ("setting", "which"),
    [
        ("normal, fine steps", 2),
        ("normal, coarse steps", 1),
        ("normal, coarse steps", 2),
        ("normal, wrong metric", 1),
        ("two modes", 2),
        ("funnel", 1),
        ("banana", 2),
    ],
)
def test_exact_draws_stay_exact(name: str, setting: str, which: int) -> None:
    """One transition from each of many independent exact draws: exact draws again.

    Kolmogorov and Smirnov's test against other exact draws, and the mean change of bounded
    functions of theta, which no starting point's luck blurs.
    """
    target, tuned = SETTINGS[setting]
    rng, n = np.random.default_rng(5), many(100_000)
    starts, others = target.exact_draws(rng, n), target.exact_draws(rng, n)
    argument = LIMITS[name][0]
    sampler = type(SAMPLERS[name])(**tuned, **{argument: LIMITS[name][which]})
    after, logps = step_from_each(sampler, target, starts, seed=6)
    density = bound(target)
    assert logps[1, 7] == density(after[7])
    assert np.mean(after[:, 0] != starts[:, 0]) > 0.3

    def functions(theta):
        return [theta[:, 0], theta[:, 1], theta[:, 0] * theta[:, 1], theta[:, 0] - theta[:, 1]]

    for new, other in zip(functions(after), functions(others), strict=True):
        assert stats.ks_2samp(new, other).pvalue > 1e-4
    pairs = [*zip(functions(starts), functions(after), strict=True), (logps[0], logps[1])]
    for old, new in pairs:
        middle, spread = np.median(old), stats.iqr(old)
        for bend in (np.arctan, lambda x: 1.0 / (1.0 + x * x)):
            change = bend((new - middle) / spread) - bend((old - middle) / spread)
            assert abs(change.mean()) < 4.5 * change.std() / np.sqrt(n)


WHAT = {
    "dense normal": targets.normal(DENSE, [3.0, -1.0]),
    "ill-conditioned": targets.ill_conditioned_normal(5, 1e4),
    "eight schools": targets.eight_schools_noncentered(),
}


@every_sampler
@pytest.mark.parametrize("what", WHAT)
def test_known_moments_are_found(name: str, what: str) -> None:
    target = WHAT[what]
    draws = me.sample(
        target.log_density,
        target.start,
        data=target.data,
        sampler=SAMPLERS[name],
        draws=2000,
        warmup=500,
        seed=7,
        progress=False,
    )
    for i in range(target.dim):
        x = draws.array[:, :, i]
        square = (x - target.mean[i]) ** 2
        assert me.rhat(x) < 1.02
        assert abs(x.mean() - target.mean[i]) < 4.5 * mcse_mean(x)
        assert abs(square.mean() - target.sd[i] ** 2) < 4.5 * mcse_mean(square)
    assert draws.stats["accept_prob"].mean() > 0.6


@every_sampler
def test_tau_of_the_eight_schools(name: str) -> None:
    """By quadrature: tau 3.597705 (sd 3.219958), mu 4.396821 (3.317704)."""
    target = targets.eight_schools_noncentered()
    draws = me.sample(
        target.log_density,
        target.start,
        data=target.data,
        sampler=SAMPLERS[name],
        draws=5000,
        warmup=500,
        seed=8,
        progress=False,
        natural=lambda t: {"mu": t[0], "tau": np.exp(t[1])},
    )
    for quantity, mean, sd in (("mu", 4.396821, 3.317704), ("tau", 3.597705, 3.219958)):
        x = draws[quantity]
        assert abs(x.mean() - mean) < 4.0 * mcse_mean(x)
        assert mcse_mean(x) < 0.06 * sd  # or the test says nothing
        assert abs(np.mean((x - mean) ** 2) - sd**2) < 4.5 * mcse_mean((x - mean) ** 2)


def chain_of(sampler, target, warmup: int, seed: int = 9):
    start = np.asarray(target.start, dtype=float)
    return sampler.chain(bound(target), start, warmup, np.random.SeedSequence(seed))


@every_sampler
@pytest.mark.parametrize("metric", ["variance", "scores", "dense"])
def test_blocks_of_any_size_make_the_same_draws(name: str, metric: str) -> None:
    """Windows of this warm-up begin at 75 and 100, and end with 149."""
    target = targets.normal([0.01, 4.0])
    sampler = type(SAMPLERS[name])(metric=metric)
    whole = chain_of(sampler, target, 200).run(230)
    for blocks in ([7, 68, 1, 24, 30, 20, 10, 50, 20], [99, 2, 60, 69]):
        chain = chain_of(sampler, target, 200)
        parts = [chain.run(n) for n in blocks]
        assert sum(blocks) == 230
        np.testing.assert_array_equal(np.concatenate([p[0] for p in parts]), whole[0])
        for key, column in whole[1].items():
            np.testing.assert_array_equal(np.concatenate([p[1][key] for p in parts]), column)


@every_sampler
def test_a_restored_chain_goes_on_as_if_nothing_had_happened(name: str) -> None:
    target = targets.normal([0.01, 4.0])
    first = chain_of(SAMPLERS[name], target, 160)
    first.run(90)
    snapshot = first.snapshot()
    rest = first.run(80)[0]
    other = chain_of(SAMPLERS[name], target, 160, seed=1)
    other.restore(snapshot)
    np.testing.assert_array_equal(other.run(80)[0], rest)


def one_run(sampler, **changes):
    target = targets.normal(DENSE)
    arguments = {"draws": 60, "warmup": 60, "seed": 10, "progress": False} | changes
    return me.sample(
        target.log_density, target.start, data=target.data, sampler=sampler, **arguments
    )


@every_sampler
def test_chains_and_threads_do_not_matter_but_chains_differ(name: str) -> None:
    four = one_run(SAMPLERS[name], chains=4, threads=2)
    np.testing.assert_array_equal(four.array, one_run(SAMPLERS[name], threads=1).array)
    np.testing.assert_array_equal(four.array[:1], one_run(SAMPLERS[name], chains=1).array)
    assert len({chain.tobytes() for chain in four.array}) == 4


@every_sampler
def test_warmup_is_dropped(name: str) -> None:
    draws = one_run(SAMPLERS[name], chains=1)
    assert draws.array.shape == (1, 60, 2)
    sampler = draws.tuning[0]
    assert (draws.stats["step_size"] == sampler.step_size).all()
    seed = np.random.SeedSequence(10).spawn(1)[0].spawn(2)[1]
    target = targets.normal(DENSE)
    chain = SAMPLERS[name].chain(bound(target), np.asarray(target.start, dtype=float), 60, seed)
    np.testing.assert_array_equal(draws.array[0], chain.run(120)[0][60:])


def digest() -> str:
    """Draws and statistics of every sampler in every metric, as a hash."""
    found = hashlib.sha256()
    for sampler in SAMPLERS.values():
        for metric in ("variance", "scores", "dense"):
            for target in (targets.normal(DENSE), targets.eight_schools_noncentered()):
                chain = chain_of(type(sampler)(metric=metric), target, 40)
                with np.errstate(all="ignore"):  # what runs uncompiled may overflow on its way
                    draws, columns, where = chain.run(50)
                for part in (draws, where, *columns.values()):
                    found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


@pytest.mark.skipif(UNCOMPILED, reason="compares compiled with uncompiled draws")
def test_compiled_and_uncompiled_draws_are_the_same_to_the_bit() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import test_kernels; print(test_kernels.digest())"],
        env=environment(TESTS.parent, TESTS, NUMBA_DISABLE_JIT="1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == digest()
