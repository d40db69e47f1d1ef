"""The compilation contract: compiled once, for every model; never stale; the same uncompiled."""

import json
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from processes import ROOT, copy_package, run
from scipy import stats

import mcmc_edu as me
from mcmc_edu import compiling
from mcmc_edu.compiling import bind, pack


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_package(tmp_path_factory.mktemp("user"))


USER_SCRIPT = """
    import json
    from typing import NamedTuple
    import numba.core.event as event
    import numpy as np
    import mcmc_edu as me

    class Mine(NamedTuple):
        {field}: np.ndarray
        n: int
        sd: float

    def log_density(theta, data):
        total = 0.0
        for i in range(data.n):
            z = (data.{field}[i] - theta[0]) / data.sd
            total -= 0.5 * z * z
        return total

    class Recorder(event.Listener):
        compiled = []
        def on_start(self, event):
            self.compiled.append(event.data["dispatcher"].py_func.__qualname__)
        def on_end(self, event):
            pass

    y = np.arange({n})
    y.flags.writeable = {writeable}
    with event.install_listener("numba:compile", Recorder()):
        draws = me.sample(
            log_density, [0.0], data=Mine(y, {n}, 1), sampler=me.Metropolis(scale=1.0), draws=50,
            seed=1,
        )
    print(json.dumps([draws["theta[0]"].sum(), Recorder.compiled]))
"""


def test_the_chain_compiles_once_for_every_later_process_and_type(tmp_path: Path) -> None:
    """A second process, with a density, a NamedTuple, and types of data never seen before
    (read-only arrays, ints for floats), compiles its own density and nothing of the package.
    """
    copy = copy_package(tmp_path)
    first = run(USER_SCRIPT.format(field="y", n=3, writeable=True), copy)
    assert "mcmc_edu: compiling, once ..." in first
    for field, n, writeable in (("y", 3, True), ("other", 4, False)):
        again = run(USER_SCRIPT.format(field=field, n=n, writeable=writeable), copy)
        assert "compiling" not in again
        _, compiled = json.loads(again)
        assert "log_density" in compiled
        assert set(compiled) <= {"log_density", compiled[0]}, "something else was compiled"
        assert compiled[0].startswith("adapter___main__.log_density")


SAME_DRAWS = """
    import json, sys
    import numpy as np
    import mcmc_edu as me
    from mcmc_edu.models import textbook

    data = me.datasets.boelstad(seed=3, individuals=4, observations=3)
    found = {}
    for name, density, dim in (
        ("complete", textbook.complete_pooling, 3),
        ("none", textbook.no_pooling, 9),
        ("partial", textbook.partial_pooling, 13),
    ):
        draws = me.sample(
            density, np.ones(dim), data=textbook.observations(data),
            sampler=me.Metropolis(scale=0.3), draws=150, warmup=50, chains=2, seed=1,
        )
        assert 0.05 < draws.accept_rate < 0.95
        found[name] = [x.hex() for x in draws.array.ravel()]
        found[name + " logp"] = [x.hex() for x in draws.stats["logp"].ravel()]
    z, u = me.rstream.RStream(1).rows(50, 20)
    found["stream"] = [x.hex() for x in z.ravel()]
    print(json.dumps([me.compiling.UNCOMPILED, found]))
"""


def test_compiled_and_uncompiled_draws_are_equal_bit_for_bit(tmp_path: Path) -> None:
    def draws(**changes: str) -> list:
        printed = run(SAME_DRAWS, tmp_path, PYTHONPATH=str(ROOT), **changes)
        return json.loads(printed.splitlines()[0])

    uncompiled, expected = draws(NUMBA_DISABLE_JIT="1")
    compiled, found = draws()
    assert (uncompiled, compiled) == (True, False)
    assert found == expected


def test_bind_says_in_which_mode_a_density_runs() -> None:
    density = bind(lambda theta, data: -theta[0])
    assert density.mode == ("uncompiled" if compiling.UNCOMPILED else "compiled")


def with_scipy(theta, data):
    return stats.norm.logpdf(theta[0], *data)


def failing_with_scipy(theta, data):
    if theta[0] > 1.0:
        raise ArithmeticError("beyond 1")
    return stats.norm.logpdf(theta[0])


def plain_normal(theta, data):
    mean, sd = data
    z = (theta[0] - mean) / sd
    return -0.5 * z * z


@pytest.mark.skipif(compiling.UNCOMPILED, reason="everything is Python here")
def test_a_density_that_cannot_be_compiled_runs_and_says_so() -> None:
    arguments = {"data": (1.0, 2.0), "sampler": me.Metropolis(scale=3.0), "draws": 100, "seed": 1}
    with pytest.warns(me.ObjectModeWarning, match="with_scipy cannot be compiled"):
        found = me.sample(with_scipy, [0.0], **arguments)
    expected = me.sample(plain_normal, [0.0], **arguments)
    np.testing.assert_array_equal(found.array, expected.array)


@pytest.mark.skipif(compiling.UNCOMPILED, reason="everything is Python here")
def test_an_exception_in_object_mode_reaches_the_user() -> None:
    with pytest.warns(me.ObjectModeWarning), pytest.raises(me.DensityError, match="beyond 1"):
        me.sample(failing_with_scipy, [0.0], sampler=me.Metropolis(scale=1.0), seed=1)


@pytest.mark.skipif(compiling.UNCOMPILED, reason="everything is Python here")
def test_in_object_mode_theta_may_be_kept() -> None:
    """The chain's own memory is gone, or used again, once the density has returned."""
    seen = []

    def remembering(theta, grad, data):
        seen.append((theta, theta[0]))
        grad[0] = -theta[0]
        return stats.norm.logpdf(theta[0])

    with pytest.warns(me.ObjectModeWarning):
        me.sample(remembering, [0.0], sampler=me.HMC(steps=3, step_size=0.5), draws=50, seed=1)
    assert len(seen) > 150
    assert all(theta[0] == value for theta, value in seen)


class Inner(NamedTuple):
    flags: np.ndarray
    weight: float


class Everything(NamedTuple):
    matrix: np.ndarray
    strided: np.ndarray
    counts: np.ndarray
    inner: Inner
    yes: bool
    n: int
    x: float
    pair: tuple[int, float]
    small: np.ndarray
    numpy_scalar: np.float32


def reads_everything(theta, data):
    total = theta[0] + data.x + data.n + data.inner.weight + data.pair[0] + data.pair[1]
    total += data.numpy_scalar
    for i in range(data.matrix.shape[0]):
        for j in range(data.matrix.shape[1]):
            total += data.matrix[i, j] * (1.0 + i + 10.0 * j)
    for v in data.strided:
        total += v
    for c in data.counts:
        total += c
    for f in data.inner.flags:
        total += 1000.0 if f else 0.0
    for v in data.small:
        total += v
    return total if data.yes else -1.0


def test_data_of_every_kind_arrive_as_they_were() -> None:
    data = Everything(
        matrix=np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        strided=np.arange(10.0)[::-3],
        counts=np.array([3, 4], dtype=np.int32),
        inner=Inner(np.array([True, False, True]), 0.25),
        yes=True,
        n=7,
        x=0.5,
        pair=(2, 0.125),
        small=np.array([1.5, 2.5], dtype=np.float32),
        numpy_scalar=np.float32(0.75),
    )
    theta = np.array([1.0])
    assert bind(reads_everything, data)(theta) == reads_everything(theta, data)
    assert bind(reads_everything, data._replace(yes=False))(theta) == -1.0


def test_data_are_kept_alive_and_not_copied() -> None:
    y = np.zeros(1000)
    density = bind(lambda theta, data: theta[0] + data[0][999], (y,))
    y[999] = 5.0
    del y
    assert density(np.ones(1)) == 6.0


def test_slots_of_an_array_and_scalars() -> None:
    array = np.zeros((2, 3))
    slots = pack((array, 1.5, 4, True))
    assert slots[:5].tolist() == [array.ctypes.data, 2, 3, 24, 8]
    assert slots[5:6].view(np.float64)[0] == 1.5
    assert slots[6:].tolist() == [4, 1]


@pytest.mark.parametrize(
    ("x", "log", "exp", "sqrt"),
    [
        (0.0, -np.inf, 1.0, 0.0),
        (-1.0, np.nan, np.exp(-1.0), np.nan),
        (np.inf, np.inf, np.inf, np.inf),
        (-np.inf, np.nan, 0.0, np.nan),
        (np.nan, np.nan, np.nan, np.nan),
        (1000.0, np.log(1000.0), np.inf, np.sqrt(1000.0)),
        (-1000.0, np.nan, 0.0, np.nan),
    ],
)
def test_helpers_have_ieee_results(x: float, log: float, exp: float, sqrt: float) -> None:
    for function, expected in ((compiling.log, log), (compiling.exp, exp), (compiling.sqrt, sqrt)):
        for version in {function, getattr(function, "py_func", function)}:
            assert version(x) == pytest.approx(expected, rel=1e-15, nan_ok=True)


def test_the_gate_turns_nan_into_minus_infinity() -> None:
    assert compiling.nan_to_minus_inf(np.nan) == -np.inf
    assert compiling.nan_to_minus_inf(-2.0) == -2.0
    assert compiling.nan_to_minus_inf(np.inf) == np.inf


def half_square(z):
    return 0.5 * z * z


def shifted(x, centre):
    return half_square(x - centre)


def of_parts(theta, data):
    return -shifted(theta[0], data[0])


def countdown(n):
    return 0.0 if n == 0 else countdown(n - 1)


def of_a_recursive_part(theta, data):
    return -half_square(theta[0]) - countdown(3)


def test_the_functions_a_density_calls_are_compiled_with_it() -> None:
    """Plain ones, at any depth, in a closure and recursive; without a word of object mode."""

    def local(x):
        return half_square(x)

    def of_a_closure(theta, data):
        return -local(theta[0])

    for log_density, data, expected in (
        (of_parts, (1.0,), -2.0),
        (of_a_closure, (), -4.5),
        (of_a_recursive_part, (), -4.5),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            density = bind(log_density, data)
        assert density.mode != "object"
        assert density(np.array([3.0])) == expected
    assert not hasattr(half_square, "py_func")  # the user's own is left as it was


@pytest.mark.slow
@pytest.mark.parametrize("samplers", ["me.NUTS", "me.HMC, me.GIST"])
def test_no_memory_is_lost(samplers: str, tmp_path: Path) -> None:
    """As many arrays are given back as were made, though most functions count no references."""
    script = """
        import numpy as np
        from numba.core.runtime import rtsys
        import mcmc_edu as me
        from mcmc_edu import targets

        target = targets.eight_schools_noncentered()
        for metric in ("scores", "dense"):
            for sampler in (SAMPLERS,):
                me.sample(
                    target.log_density, target.start, data=target.data, seed=1, draws=50,
                    warmup=50, sampler=sampler(metric=metric), progress=False,
                )
        me.tree(target.log_density, target.start, data=target.data, step_size=0.3, seed=1)
        counts = rtsys.get_allocation_stats()
        print(counts.mi_alloc > 1000, counts.mi_alloc - counts.mi_free, counts.alloc - counts.free)
    """
    script = script.replace("SAMPLERS", samplers)
    printed = run(script, tmp_path, PYTHONPATH=str(ROOT), NUMBA_NRT_STATS="1")
    assert printed.split() == ["True", "0", "0"]
