"""Any executor makes the same draws: threads, processes, and workers that take tasks in bytes."""

import concurrent.futures as cf
import math
import multiprocessing
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu.driver import parallel, runner
from mcmc_edu.driver.parallel import Package, pickled
from mcmc_edu.verification import sampled, sbc

SHORT = {"draws": 60, "warmup": 80, "seed": 1, "progress": False}


def normals(theta, grad, data):
    logp = 0.0
    for i in range(theta.size):
        grad[i] = -theta[i] / data[i] ** 2
        logp += 0.5 * theta[i] * grad[i]
    return logp


def raises_far_out(theta, data):
    if theta[0] > data:
        raise ValueError("too far")
    return -0.5 * theta[0] ** 2


def metropolis(rng, state, log_density):
    """A dict as state, and info."""
    proposal = state["theta"] + rng.standard_normal(state["theta"].size)
    accepted = math.log(rng.random()) < log_density(proposal) - log_density(state["theta"])
    theta = proposal if accepted else state["theta"]
    return {"theta": theta, "steps": state["steps"] + 1}, {"accept_prob": float(accepted)}


class Own:
    step = staticmethod(metropolis)

    @staticmethod
    def init(theta, log_density, rng):
        return {"theta": theta, "steps": 0}


def says_by_place(rng, theta, log_density):
    return theta + rng.standard_normal(1), {"left" if theta[0] < 0.0 else "right": 1.0}


class InBytes(cf.ThreadPoolExecutor):
    """Workers that get tasks and send results in bytes, as another process would.

    Arrays come out read-only, as with dask.
    """

    def submit(self, function, /, *arguments, **named):
        return super().submit(self._run, *sent((function, arguments, named)))

    @staticmethod
    def _run(task: bytes, buffers: list[bytes]):
        function, arguments, named = pickle.loads(task, buffers=buffers)
        try:
            content, buffers = sent(function(*arguments, **named))
            return pickle.loads(content, buffers=buffers)
        except Exception as error:
            raise pickle.loads(pickle.dumps(error)) from None


def sent(value) -> tuple[bytes, list[bytes]]:
    """Pickle a value, its arrays apart."""
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return content, [bytes(one.raw()) for one in buffers]


class Apart(InBytes):
    """Give every task a process of its own; nothing is left of the one before."""

    @staticmethod
    def _run(task: bytes, buffers: list[bytes]):
        parallel._unpacked.clear()
        return InBytes._run(task, buffers)


class Breaking(InBytes):
    """Lose a worker at the n-th task."""

    def __init__(self, n: int) -> None:
        super().__init__(2)
        self.left = n

    def submit(self, function, /, *arguments, **named):
        self.left -= 1
        if self.left < 0:
            raise cf.BrokenExecutor("a worker was killed")
        return super().submit(function, *arguments, **named)


@pytest.fixture(scope="module")
def processes():
    with cf.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def same(one: me.Draws, other: me.Draws) -> None:
    np.testing.assert_array_equal(one.array, other.array)
    assert one.stats.keys() == other.stats.keys()
    for name in one.stats:
        np.testing.assert_array_equal(one.stats[name], other.stats[name])
    np.testing.assert_array_equal(one.divergences, other.divergences)
    assert list(map(str, one.tuning)) == list(map(str, other.tuning))


def drawn(sampler, **more):
    return me.sample(
        normals, [0.5, 0.5], data=np.array([1.0, 3.0]), sampler=sampler, **SHORT | more
    )


@pytest.mark.parametrize("make", [cf.ThreadPoolExecutor, InBytes], ids=["threads", "bytes"])
@pytest.mark.parametrize(
    "sampler",
    [me.NUTS(), me.NUTS(metric="dense"), me.HMC(steps=5), me.Metropolis(scale=1.0), Own()],
    ids=["nuts", "dense", "hmc", "metropolis", "own"],
)
def test_the_same_draws_wherever_chains_run(sampler, make) -> None:
    here = drawn(sampler)
    with make(2) as pool:
        same(here, drawn(sampler, executor=pool))


def test_the_same_draws_in_processes(processes) -> None:
    same(drawn(me.NUTS()), drawn(me.NUTS(), executor=processes))
    same(drawn(Own()), drawn(Own(), executor=processes))


def test_the_same_fit_in_processes(processes) -> None:
    """Its density and its likelihood are found by name, and on disk."""
    rng = np.random.default_rng(1)
    group = np.repeat(np.arange(8), 5)
    data = {"y": rng.poisson(3.0, 40), "x": rng.normal(size=40), "g": group}
    model = me.Model("y ~ x + (1 | g)", data, family="poisson")
    here = model.fit(chains=2, **SHORT)
    there = model.fit(chains=2, executor=processes, **SHORT)
    same(here.draws, there.draws)
    same(here.extend(20, progress=False).draws, there.extend(20, executor=processes).draws)


def test_all_chains_run_at_a_time_where_there_is_an_executor(monkeypatch) -> None:
    monkeypatch.setattr("mcmc_edu.driver.journey.processors", lambda: 1)
    with cf.ThreadPoolExecutor(3) as pool:
        at_a_time = []
        run = runner.Runner.run
        monkeypatch.setattr(
            runner.Runner, "run", lambda self, n, *more: at_a_time.append(n) or run(self, n, *more)
        )
        drawn(me.Metropolis(scale=1.0), chains=3, executor=pool)
        drawn(me.Metropolis(scale=1.0), chains=3, executor=pool, threads=2)
    assert at_a_time == [3, 2]


def test_a_worker_that_is_lost_costs_nothing_that_was_made(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(runner, "next_block", lambda *of: 5)
    expected, file = drawn(me.NUTS()), tmp_path / "run.npz"
    with Breaking(50) as pool, pytest.raises(cf.BrokenExecutor, match="killed"):
        drawn(me.NUTS(), executor=pool, file=file)
    with Breaking(1000) as pool:
        same(expected, drawn(me.NUTS(), executor=pool, file=file))
        assert pool.left > 1000 - 4 * 140 / 5, "it began again"


def test_ctrl_c_may_reach_the_workers_as_well(monkeypatch) -> None:
    """Processes that Ctrl-C stops are no error."""
    monkeypatch.setattr(runner, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(runner, "next_block", lambda *of: 5)

    class Stopped(InBytes):
        stopped = False

        def submit(self, function, /, *arguments, **named):
            if self.stopped:
                raise cf.BrokenExecutor("its processes are gone")
            return super().submit(function, *arguments, **named)

    with Stopped(2) as pool:

        def press(journey, run) -> None:
            if all(chain.steps >= 100 for chain in run.chains):
                pool.stopped = True
                raise KeyboardInterrupt

        whole = runner.Runner.run
        monkeypatch.setattr(
            runner.Runner,
            "run",
            lambda self, n, count, tick: whole(self, n, count, lambda: press(None, self)),
        )
        endless = drawn(me.Metropolis(scale=1.0), executor=pool, draws=100_000)
    assert not endless.complete
    assert endless.array.shape[1] < 100_000
    expected = drawn(me.Metropolis(scale=1.0), draws=20)
    np.testing.assert_array_equal(endless.array[:, :20], expected.array)


def test_a_density_that_raises_elsewhere_raises_here() -> None:
    given = {"data": 1.0, "sampler": me.Metropolis(scale=1.0), **SHORT}
    with pytest.raises(me.DensityError) as here:
        me.sample(raises_far_out, [0.0], **given)
    with InBytes(2) as pool, pytest.raises(me.DensityError) as there:
        me.sample(raises_far_out, [0.0], executor=pool, **given)
    assert str(there.value) == str(here.value)
    assert there.value.iteration == here.value.iteration
    np.testing.assert_array_equal(there.value.theta, here.value.theta)


def test_info_has_the_same_names_in_all_chains() -> None:
    with Apart(1) as pool, pytest.raises(TypeError, match=r"info has .*'(left|right)'.* in chain"):
        me.sample(
            raises_far_out,
            np.array([[-1e9], [-1e9], [1e8], [1e8]]),
            data=1e9,
            sampler=says_by_place,
            executor=pool,
            **SHORT,
        )


def test_what_cannot_be_sent_is_told(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "cloudpickle", None)  # as if it were not installed
    local = 2.0

    def own(theta, data):
        return -0.5 * (theta[0] / local) ** 2

    with InBytes(1) as pool, pytest.raises(TypeError, match="cloudpickle"):
        me.sample(own, [0.0], sampler=me.Metropolis(scale=1.0), executor=pool, **SHORT)


def test_cloudpickle_sends_local_functions() -> None:
    pytest.importorskip("cloudpickle")
    local = 2.0

    def own(theta, data):
        return -0.5 * (theta[0] / local) ** 2

    given = {"sampler": me.Metropolis(scale=1.0), **SHORT}
    with InBytes(1) as pool:
        same(me.sample(own, [0.0], **given), me.sample(own, [0.0], executor=pool, **given))


@pytest.mark.parametrize("wrong", [4, "processes", cf.ThreadPoolExecutor], ids=str)
def test_what_is_no_executor_is_refused(wrong) -> None:
    expected = r"executor=.*: expected an executor.* Pass for example"
    with pytest.raises(TypeError, match=expected):
        drawn(me.NUTS(), executor=wrong)
    with pytest.raises(TypeError, match=expected):
        sbc(prior, simulate, exactly, seed=1, executor=wrong)


class Counted:
    pickled = 0

    def __reduce__(self):
        Counted.pickled += 1
        return Counted, ()


def test_a_package_is_pickled_once_and_unpacked_once() -> None:
    package, before = Package(Counted()), Counted.pickled
    first, second = (pickle.loads(pickle.dumps(package)) for _ in range(2))
    assert Counted.pickled == before + 1
    assert first is second
    assert first.value is not package.value
    for _ in range(parallel.KEPT):
        pickle.loads(pickle.dumps(Package(Counted())))
    assert pickle.loads(pickle.dumps(package)) is not first, "old packages are let go"


def test_compiled_functions_go_by_name() -> None:
    density = me.models.complete_pooling(me.datasets.boelstad(seed=1)).log_density
    sent = pickled(density)
    assert pickle.loads(sent) is density
    assert len(sent) < 500


def prior(rng):
    return {"mu": rng.normal()}


def simulate(rng, parameters):
    return rng.normal(parameters["mu"], 1.0, 5)


def exactly(y, seed):
    rng = np.random.default_rng(seed)
    return {"mu": rng.normal(y.sum() / (y.size + 1), 1 / math.sqrt(y.size + 1), 99)}


class Mean:
    """The posterior of mu, for `sampled`."""

    def __init__(self, y) -> None:
        n = y.size + 1.0
        self.data = (np.array([n]) ** -0.5, y.sum() / n)
        self.start = np.zeros(1)

    @staticmethod
    def log_density(theta, grad, data):
        sd, mean = data
        grad[0] = -(theta[0] - mean) / sd[0] ** 2
        return 0.5 * (theta[0] - mean) * grad[0]

    @staticmethod
    def natural(theta):
        return {"mu": theta[0]}


def test_calibration_by_an_executor(processes) -> None:
    given = {"replicates": 12, "seed": 1, "progress": False}
    here = sbc(prior, simulate, exactly, **given)
    with cf.ThreadPoolExecutor(2) as pool:
        np.testing.assert_array_equal(
            sbc(prior, simulate, exactly, executor=pool, **given).ranks, here.ranks
        )
    there = sbc(prior, simulate, exactly, executor=processes, **given)
    np.testing.assert_array_equal(there.ranks, here.ranks)


def test_a_sampler_is_calibrated_by_an_executor() -> None:
    fit = sampled(Mean, warmup=50, draws=100)
    given = {"replicates": 4, "seed": 1, "progress": False}
    here = sbc(prior, simulate, fit, **given)
    with InBytes(2) as pool:
        there = sbc(prior, simulate, fit, executor=pool, **given)
    np.testing.assert_array_equal(there.ranks, here.ranks)
