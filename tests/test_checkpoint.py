"""A long run on disk: interrupted or killed, it is resumed to the very draws it would have made."""

import collections
import contextlib
import datetime
import functools
import math
import os
import signal
import subprocess
import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy import interpolate
from scripts import LONG, environment

import mcmc_edu as me
from mcmc_edu import storage
from mcmc_edu.driver import checkpoint, identity, runner
from mcmc_edu.driver.checkpoint import Checkpoint
from mcmc_edu.driver.identity import VisitedStates, fingerprint
from mcmc_edu.samplers.metropolis import State

PACKAGE = Path(me.__file__).parent.parent
"""Where it is found."""

SAMPLERS = [
    me.Metropolis(scale=0.7),
    me.HMC(steps=3),
    me.GIST(),
    me.NUTS(),
    me.NUTS(metric="dense"),
    me.NUTS(step_size=0.4, inv_metric=[1.0, 2.0]),
]


class Data(NamedTuple):
    y: np.ndarray
    sd: float


DATA = Data(np.array([1.0, -1.0]), 2.0)


def log_density(theta, grad, data):
    total = 0.0
    for i in range(2):
        z = (theta[i] - data.y[i]) / data.sd
        grad[i] = -z / data.sd
        total -= 0.5 * z * z
    return total


def edited(theta, grad, data):
    total = 0.0
    for i in range(2):
        z = (theta[i] - data.y[i]) / data.sd
        grad[i] = -z / data.sd
        total -= 0.5000001 * z * z
    return total


def draw(file: Path | None = None, **changes):
    arguments = {
        "data": DATA,
        "sampler": me.NUTS(),
        "draws": 60,
        "warmup": 120,
        "chains": 3,
        "seed": 1,
        "file": file,
        "threads": 2,
    } | changes
    return me.sample(
        arguments.pop("f", log_density), arguments.pop("theta0", [0.5, 0.5]), **arguments
    )


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch):
    """Make Ctrl-C come when every chain has made so many iterations, in blocks of five."""
    monkeypatch.setattr(runner, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(runner, "next_block", lambda *of: 5)
    block = runner.Runner._block

    def at(steps: int) -> None:
        def press(self: Checkpoint, run: runner.Runner) -> None:
            if min(chain.steps for chain in run.chains) >= steps:
                raise KeyboardInterrupt

        def block_until_then(self: runner.Runner, k: int) -> int:
            """Those that are behind come first: all others may wait for them."""
            if self.chains[k].steps >= steps:
                assert self._stop.wait(LONG)
            return block(self, k)

        monkeypatch.setattr(Checkpoint, "write_now_and_then", press)
        monkeypatch.setattr(runner.Runner, "_block", block_until_then)

    return at


def same(first: me.Draws, second: me.Draws) -> None:
    np.testing.assert_array_equal(first.array, second.array)
    assert first.stats.keys() == second.stats.keys()
    for name in first.stats:
        np.testing.assert_array_equal(first.stats[name], second.stats[name])
        assert first.stats[name].dtype == second.stats[name].dtype
    np.testing.assert_array_equal(first.divergences, second.divergences)
    assert list(map(str, first.tuning)) == list(map(str, second.tuning))
    for one, other in zip(first.tuning, second.tuning, strict=True):
        assert one.step_size == other.step_size
        np.testing.assert_array_equal(one.inv_metric, other.inv_metric)


@pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)
@pytest.mark.parametrize("steps", [15, 60, 130], ids=["warm-up", "inside a window", "sampling"])
def test_resumed_to_the_same_draws(sampler, steps: int, tmp_path: Path, interrupt, monkeypatch):
    expected = draw(sampler=sampler)
    file, partial = tmp_path / "run.npz", tmp_path / "run.partial.npz"
    with monkeypatch.context():
        interrupt(steps)
        if steps < 120:
            with pytest.raises(KeyboardInterrupt, match="warm-up"):
                draw(file, sampler=sampler)
        else:
            left = draw(file, sampler=sampler)
            n = left.array.shape[1]
            assert 0 < n < 60
            assert not left.complete
            np.testing.assert_array_equal(left.array, expected.array[:, :n])
    assert partial.exists()
    assert not file.exists()
    assert min(s["steps"] for s in storage.read(partial)["snapshots"]) >= steps
    monkeypatch.undo()
    resumed = draw(file, sampler=sampler)
    assert resumed.complete
    same(resumed, expected)
    assert os.listdir(tmp_path) == ["run.npz"]
    same(me.load(file), expected)


def test_interrupted_again_and_again(tmp_path: Path, interrupt, monkeypatch) -> None:
    expected = draw()
    for steps in (10, 30, 31, 90, 125, 150):
        interrupt(steps)
        try:
            assert not draw(tmp_path / "run.npz").complete
        except KeyboardInterrupt:
            assert steps < 120
        monkeypatch.undo()
        monkeypatch.setattr(runner, "LOOK_SECONDS", 0.001)
        monkeypatch.setattr(runner, "next_block", lambda *of: 4)
    monkeypatch.undo()
    same(draw(tmp_path / "run.npz"), expected)


def test_the_partial_file_does_not_grow_by_an_entry_a_block(tmp_path: Path, interrupt) -> None:
    interrupt(150)
    draw(tmp_path / "run.npz")
    with np.load(tmp_path / "run.partial.npz") as found:
        assert len([name for name in found.files if name.startswith("parts/0")]) == 11


@pytest.fixture
def left(tmp_path: Path, interrupt, monkeypatch) -> Path:
    """A run that was left in warm-up."""
    interrupt(30)
    file = tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        draw(file, sampler=me.NUTS(step_size=0.123456))
    monkeypatch.undo()
    return file


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"draws": 61}, "another draws: there 60, here 61"),
        ({"warmup": 121}, "another warmup: there 120"),
        ({"chains": 2}, "another chains: there 3"),
        ({"seed": 2}, "another seed: "),
        ({"seed": np.random.SeedSequence(1, spawn_key=(0,))}, "another seed: "),
        ({"theta0": [0.5, 0.25]}, "another theta0: "),
        ({"theta0": me.uniform_start(2)}, "another theta0: "),
        ({"sampler": me.NUTS(step_size=0.123457)}, "another sampler: there NUTS"),  # prints alike
        ({"sampler": me.HMC(step_size=0.123456)}, "another sampler: there NUTS"),
        ({"data": DATA._replace(sd=3.0)}, "another data: there Data"),
        ({"data": DATA._replace(y=np.array([1.0, -1.0 + 1e-15]))}, "another data: "),
        ({"f": edited}, "another log_density: in chain 0, at its start"),
    ],
)
def test_other_arguments_are_refused_by_name(changes, words: str, left: Path) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        draw(left, **({"sampler": me.NUTS(step_size=0.123456)} | changes))
    assert "run.partial.npz" in str(caught.value)
    assert "delete it" in str(caught.value)


def test_what_does_not_bear_on_the_draws_may_change(left: Path) -> None:
    draws = draw(
        left,
        sampler=me.NUTS(step_size=0.123456),
        theta0=np.full((3, 2), 0.5),
        threads=1,
        draws=np.int64(60),
        names=["a", "b"],
        natural=lambda t: {"a": t[0]},
        progress=False,
        seed=np.random.SeedSequence(1),
    )
    assert draws.complete
    assert draws.names == ["a", "b"]


@pytest.mark.parametrize("damage", ["nothing", "half", "draws"])
def test_a_damaged_partial_file_is_named(damage: str, left: Path) -> None:
    partial = left.with_name("run.partial.npz")
    if damage == "draws":
        draw().save(partial)
    else:
        whole = partial.read_bytes()
        partial.write_bytes(b"" if damage == "nothing" else whole[: len(whole) // 2])
    with pytest.raises(ValueError, match=r"run\.partial\.npz.* delete it"):
        draw(left, sampler=me.NUTS(step_size=0.123456))


def never(theta, data):
    raise AssertionError("a wrong path must be noticed before anything is run")


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("there.npz", FileExistsError, "me.load"),
        ("run.csv", ValueError, "must end in .npz"),
        ("run", ValueError, "must end in .npz"),
        ("no/such/run.npz", FileNotFoundError, "there is no folder"),
    ],
)
def test_wrong_paths_are_refused_before_sampling(name, error, words, tmp_path: Path) -> None:
    (tmp_path / "there.npz").write_bytes(b"")
    with pytest.raises(error, match=words):
        draw(tmp_path / name, f=never)


def test_a_run_on_disk_needs_a_seed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pass seed=1"):
        draw(tmp_path / "run.npz", seed=None)


def test_a_full_disk_does_not_cost_the_draws(tmp_path: Path, monkeypatch) -> None:
    def full(path, values) -> None:
        raise OSError(28, "cannot save draws: No space left on device", str(path))

    monkeypatch.setattr(storage, "write", full)
    with pytest.warns(UserWarning, match=r"No space left.*draws\.save"):
        found = draw(tmp_path / "run.npz")
    assert found.complete
    same(found, draw())


def test_what_a_killed_writing_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "run.partial.npz.12ab34cd.tmp").write_bytes(b"half")
    (tmp_path / "other.partial.npz.12ab34cd.tmp").write_bytes(b"somebody else's")
    draw(tmp_path / "run.npz")
    assert sorted(os.listdir(tmp_path)) == ["other.partial.npz.12ab34cd.tmp", "run.npz"]


def test_a_finished_run_leaves_one_file(tmp_path: Path) -> None:
    file = Checkpoint(tmp_path / "run.npz")
    file.partial.write_bytes(b"written on the way")
    file.finish(draw())
    assert os.listdir(tmp_path) == ["run.npz"]


def test_a_long_writing_makes_the_next_wait(tmp_path: Path, monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: now[0])
    written = []

    def write(path, values) -> None:
        written.append(now[0])
        now[0] += 2.0  # which is what it takes

    monkeypatch.setattr(storage, "write", write)
    file = Checkpoint(tmp_path / "run.npz")
    run = runner.Runner([], 0, 1)
    for _ in range(100):
        now[0] += 1.0
        file.write_now_and_then(run)
    assert written == [5.0, 47.0, 89.0]  # 20 times 2 s between


HELPED = 2.0
SCALES = collections.deque([1.0])
FRAME = {"x": np.array([1.0, 2.0])}
SPLINE = interpolate.CubicSpline([-40.0, 0.0, 40.0], [-16.0, 0.0, -16.0])


class Powered:
    power = 2.0

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def __call__(self, theta, data) -> float:
        return -self.scale * abs(theta[0]) ** self.power


POWERED = Powered(1.0)


def refers_to(what: str):
    """A density that refers to something that may change between a run and its resumption."""
    return {
        "a global": lambda theta, data: -HELPED * theta[0] ** 2,
        "an object's state": POWERED,
        "a class attribute": POWERED,
        "a module's attribute": lambda theta, data: -settings.scale * theta[0] ** 2,
        "a frame": lambda theta, data: -float(FRAME["x"].sum()) * theta[0] ** 2,
        "a spline": lambda theta, data: float(SPLINE(theta[0])),
        "a deque": lambda theta, data: -SCALES[0] * theta[0] ** 2,
    }[what]


settings = types.ModuleType("settings")
settings.scale = 1.0
CHANGES = {
    "a global": (sys.modules[__name__], "HELPED", 2.0000001),
    "an object's state": (POWERED, "scale", 1.0000001),
    "a class attribute": (Powered, "power", 2.0000001),
    "a module's attribute": (settings, "scale", 1.0000001),
}


def change(what: str, monkeypatch) -> None:
    if what in CHANGES:
        monkeypatch.setattr(*CHANGES[what])
    elif what == "a frame":
        monkeypatch.setitem(FRAME, "x", np.array([1.0, 2.0000001]))
    elif what == "a spline":
        monkeypatch.setattr(SPLINE, "c", SPLINE.c * 1.0000001)
    else:
        monkeypatch.setitem(globals(), "SCALES", collections.deque([1.0000001]))


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize("steps", [15, 150], ids=["warm-up", "sampling"])
@pytest.mark.parametrize(
    "what", [*CHANGES, "a frame", "a spline", "a deque"], ids=lambda what: what.split()[-1]
)
def test_a_density_that_has_changed_is_refused(
    what: str, steps: int, tmp_path: Path, interrupt, monkeypatch
) -> None:
    """Whatever it refers to has changed; the error names chain and draw."""
    arguments = {"f": refers_to(what), "sampler": me.Metropolis(scale=1.0), "theta0": [0.5]}
    file = tmp_path / "run.npz"
    with monkeypatch.context():
        interrupt(steps)
        if steps < 120:
            with pytest.raises(KeyboardInterrupt):
                draw(file, **arguments)
        else:
            assert not draw(file, **arguments).complete
    monkeypatch.undo()
    with monkeypatch.context() as patch:
        change(what, patch)
        with pytest.raises(ValueError, match="another log_density: in chain 0, at its start, it"):
            draw(file, **arguments)
    assert draw(file, **arguments).complete


def scaled(theta, data, scale):
    return -scale * theta[0] ** 2


def made_of(what: str, scale: float):
    """A density that has a number in itself."""

    def inner(theta, data):
        return -scale * theta[0] ** 2

    def with_default(theta, data, scale=scale):
        return -scale * theta[0] ** 2

    def of_a_date(theta, data):
        return -scale * (day - datetime.date(2026, 11, 1)).days * theta[0] ** 2

    day = datetime.date(2026, 11, 2 if scale == 1.0 else 3)
    return {
        "a closure": inner,
        "a partial": functools.partial(scaled, scale=scale),
        "a default": with_default,
        "a date": of_a_date,
        "a bound method": Powered(scale).__call__,
    }[what]


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    "what", ["a closure", "a partial", "a default", "a date", "a bound method"]
)
def test_a_density_made_with_another_number_is_refused(
    what: str, tmp_path: Path, interrupt, monkeypatch
) -> None:
    arguments = {"sampler": me.Metropolis(scale=1.0), "theta0": [0.5]}
    with monkeypatch.context():
        interrupt(15)
        with pytest.raises(KeyboardInterrupt):
            draw(tmp_path / "run.npz", f=made_of(what, 1.0), **arguments)
    monkeypatch.undo()
    with pytest.raises(ValueError, match="another log_density: in chain 0, at its start, it"):
        draw(tmp_path / "run.npz", f=made_of(what, 1.0000001), **arguments)
    assert draw(tmp_path / "run.npz", f=made_of(what, 1.0), **arguments).complete


def test_a_run_that_was_ended_by_an_exception_goes_on_with_rejection(tmp_path: Path) -> None:
    """No proposal was rejected for an exception until then, so that it is one run."""

    def breaks(theta, data):
        if theta[0] > 2.0:
            raise ArithmeticError("too far")
        return -0.5 * theta[0] * theta[0]

    arguments = {"f": breaks, "sampler": me.Metropolis(scale=1.0), "theta0": [0.5], "draws": 400}
    file = tmp_path / "run.npz"
    with pytest.raises(me.DensityError, match="too far"):
        draw(file, **arguments)
    assert file.with_suffix(".partial.npz").exists()
    same(draw(file, on_error="reject", **arguments), draw(on_error="reject", **arguments))


def test_a_gradient_that_has_changed_is_refused(left: Path) -> None:
    def other_gradient(theta, grad, data):
        logp = log_density(theta, grad, data)
        grad[1] *= 1.0000001
        return logp

    with pytest.raises(ValueError, match="in chain 0, at its start, its gradient was"):
        draw(left, f=other_gradient, sampler=me.NUTS(step_size=0.123456))


def test_a_density_that_differs_far_from_the_start_is_refused(
    tmp_path: Path, interrupt, monkeypatch
) -> None:
    """It is computed anew all along the way, so that a change in one tail does not pass."""

    def f(theta, data):
        return -0.5 * theta[0] * theta[0]

    def edited(theta, data):
        return -0.5 * theta[0] * theta[0] - (1e-9 if theta[0] > 1.0 else 0.0)

    arguments = {"sampler": me.Metropolis(scale=2.0), "theta0": [0.0], "draws": 300}
    with monkeypatch.context():
        interrupt(300)
        draw(tmp_path / "run.npz", f=f, **arguments)
    monkeypatch.undo()
    with pytest.raises(
        ValueError, match=r"another log_density: in chain \d, (after|at draw) .* was"
    ):
        draw(tmp_path / "run.npz", f=edited, **arguments)
    assert draw(tmp_path / "run.npz", f=f, **arguments).complete


def test_a_density_that_raises_now_is_refused(left: Path) -> None:
    def raises(theta, grad, data):
        logp = log_density(theta, grad, data)
        if theta[0] != 0.5:
            raise ArithmeticError("not here")
        return logp

    with pytest.raises(
        ValueError, match=r"in chain 0, after .* raises ArithmeticError\('not here'\)"
    ):
        draw(left, f=raises, sampler=me.NUTS(step_size=0.123456))


def test_states_are_kept_all_along_the_way() -> None:
    """The start, and at most 20 more, evenly spread; also when a run is resumed."""
    visited = VisitedStates(State(np.zeros(2), 0.0))
    for n in range(1, 1001):
        visited.add(n, State(np.full(2, float(n)), -float(n)))
    found = visited.arrays()
    assert found.iteration[0] == 0
    assert 11 <= found.iteration.size <= 21
    assert np.ptp(np.diff(found.iteration)) == 0
    assert found.iteration[-1] > 900
    np.testing.assert_array_equal(found.theta[:, 1], found.iteration)
    assert found.grad is None
    again = VisitedStates(found).arrays()
    for one, other in zip(found, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_run_of_another_version_is_refused_by_name(left: Path, monkeypatch) -> None:
    monkeypatch.setattr(identity, "__version__", "0.1.0")
    with pytest.raises(
        ValueError, match=r"another version of mcmc_edu: there '0\.2\.0', here '0\.1"
    ):
        draw(left, sampler=me.NUTS(step_size=0.123456))


def test_fingerprints_of_plain_data() -> None:
    values = [
        DATA,
        tuple(DATA),
        (1, 2.0),
        (1.0, 2),
        ((1,), 2.0),
        np.zeros(2),
        np.zeros((2, 1)),
        np.zeros(2, dtype=int),
        me.Metropolis(scale=1.0),
        me.Metropolis(scale=np.ones(2000)),
        me.Metropolis(scale=np.linspace(0.9, 1.0, 2000)),
        me.Metropolis(scale=range(1, 3)),
        np.random.SeedSequence(1),
        np.random.SeedSequence(1, spawn_key=(0,)),
        math.nan,
        None,
    ]
    assert len({fingerprint(value) for value in values}) == len(values)
    assert fingerprint(Data(np.array([1.0, -1.0]), 2.0)) == fingerprint(DATA)
    with pytest.raises(TypeError, match="is not plain data"):
        fingerprint((1.0, object()))


def test_fingerprints_are_the_same_in_another_process(tmp_path: Path) -> None:
    script = """
        import numpy as np
        import mcmc_edu as me
        from mcmc_edu.driver.identity import fingerprint
        print([fingerprint(x) for x in (me.NUTS(), np.arange(3), (1.5, "text"))])
    """
    (tmp_path / "script.py").write_text(textwrap.dedent(script))
    first, second = (
        subprocess.run(
            [sys.executable, "script.py"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            env=environment(*sys.path, PYTHONHASHSEED=seed),
        ).stdout
        for seed in ("1", "2")
    )
    assert first == second
    assert len(set(first.split(","))) == 3


LONG_SETTINGS = {
    "theta0": [0.5, 0.5],
    "data": DATA,
    "chains": 2,
    "draws": 300,
    "warmup": 200,
    "seed": 3,
}
LONG_RUN = """
    import signal
    import sys
    import threading
    import numpy as np
    import mcmc_edu as me
    from mcmc_edu.driver import checkpoint, runner

    signal.signal(signal.SIGINT, signal.default_int_handler)  # also if it is run in the background
    checkpoint.INTERVAL = checkpoint.SHARE = 0.0
    runner.LOOK_SECONDS = 0.02
    written, told = threading.Event(), threading.Lock()
    write, block = checkpoint.Checkpoint.write, runner.Runner._block

    def write_and_notice(self, run):
        enough = min(chain.steps for chain in run.chains) >= {wait_at}
        write(self, run)
        if enough:
            written.set()

    def block_until_then(self, k):
        if self.chains[k].steps >= {wait_at}:
            written.wait()
            if told.acquire(blocking=False):
                print("written", flush=True)
            self._stop.wait()
        self._blocks[k] = min(self._blocks[k], 10)  # on a slow day one block might end the run
        return block(self, k)

    checkpoint.Checkpoint.write = write_and_notice
    runner.Runner._block = block_until_then

    sys.path.append({tests!r})
    from test_checkpoint import LONG_SETTINGS, log_density

    draws = me.sample(
        log_density, sampler=me.{sampler}, file="run.npz", progress=False, **LONG_SETTINGS
    )
    print(draws.complete, draws.array.shape[1], *draws.summary().notes)
    np.save("draws.npy", draws.array)
"""
"""It says "written" when its file holds every chain's first `wait_at` iterations, and goes on when
it is told to stop."""


@contextlib.contextmanager
def started(
    folder: Path, sampler: str, wait_at: float = math.inf
) -> Iterator[subprocess.Popen[str]]:
    """A script of a user, in a process of its own."""
    script = textwrap.dedent(LONG_RUN).format(
        wait_at=f"float('{wait_at}')", sampler=sampler, tests=str(Path(__file__).parent)
    )
    (folder / "script.py").write_text(script)
    with subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=folder,
        text=True,
        env=environment(PACKAGE),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=LONG)
    assert (process.returncode, err) == (0, "")
    return out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither of these signals")
@pytest.mark.parametrize(
    "sampler",
    [
        "NUTS()",
        *(
            pytest.param(sampler, marks=pytest.mark.slow)
            for sampler in ("HMC(steps=3)", "GIST()", "Metropolis(scale=1.0)")
        ),
    ],
)
def test_a_real_ctrl_c_and_a_real_kill(sampler: str, tmp_path: Path) -> None:
    """Killed in warm-up, stopped while it draws, and ended: the same draws as straight on."""
    expected = me.sample(log_density, sampler=eval(f"me.{sampler}"), **LONG_SETTINGS).array
    partial, saved = tmp_path / "run.partial.npz", tmp_path / "draws.npy"
    with started(tmp_path, sampler, wait_at=20) as killed:
        assert killed.stdout.readline() == "written\n"
        killed.kill()
        killed.communicate(timeout=LONG)
    assert killed.returncode == -signal.SIGKILL
    assert 20 <= least_steps(partial) < 200
    assert not saved.exists()
    with started(tmp_path, sampler, wait_at=220) as stopped:
        assert stopped.stdout.readline() == "written\n"
        stopped.send_signal(signal.SIGINT)
        out = finished(stopped)
    assert out.startswith("False ")
    assert "of 300 draws a chain" in out
    assert 220 <= least_steps(partial) < 500
    half = np.load(saved)
    assert 20 <= half.shape[1] < 300
    np.testing.assert_array_equal(half, expected[:, : half.shape[1]])
    with started(tmp_path, sampler) as resumed:
        assert finished(resumed).startswith("True 300")
    np.testing.assert_array_equal(np.load(saved), expected)
    assert not partial.exists()


def least_steps(partial: Path) -> int:
    """Iterations of the chain that has made the fewest, as the file says."""
    return min(snapshot["steps"] for snapshot in storage.read(partial)["snapshots"])
