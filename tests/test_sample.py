"""The driver: what it accepts, what it returns, and that chains do not depend on each other."""

import contextlib
import math
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scripts import LONG, environment

import mcmc_edu as me
from mcmc_edu.samplers.metropolis import MetropolisChain

ONE = me.Metropolis(scale=1.0)


class Measurements(NamedTuple):
    y: np.ndarray
    sd: float
    count: int


def measured(theta, data):
    """Mean of measurements of known sd."""
    total = 0.0
    for i in range(data.count):
        z = (data.y[i] - theta[0]) / data.sd
        total -= 0.5 * z * z
    return total


def positive(theta, data):
    return -theta[0] if theta[0] > 0.0 else -math.inf


def with_gradient(theta, grad, data):
    grad[0] = -theta[0]
    return -0.5 * theta[0] * theta[0]


DATA = Measurements(np.array([1.0, 2.0, 4.0]), 2.0, 3)


def draw(f=measured, **changes):
    arguments = {"data": DATA, "sampler": ONE, "draws": 300, "warmup": 20, "seed": 1} | changes
    return me.sample(f, [0.0], **arguments)


def test_shapes_names_and_record() -> None:
    draws = draw(chains=3, names=["mu"], natural=lambda t: {"twice": 2 * t[0], "both": t[[0, 0]]})
    assert draws.array.shape == (3, 300, 1)
    assert draws.stats["accepted"].shape == draws.stats["logp"].shape == (3, 300)
    assert draws["mu"].shape == (3, 300)
    np.testing.assert_array_equal(draws["twice"], 2 * draws["mu"])
    assert draws["both"].shape == (3, 300, 2)
    assert draws.settings["seed"] == 1
    assert draws.settings["draws"] == 300
    assert set(draws.seconds) == {"compile", "sample"}
    assert list(draws.summary()) == ["twice", "both[0]", "both[1]"]
    with pytest.raises(KeyError, match="no quantity 'tau'"):
        draws["tau"]


def test_the_posterior_of_a_mean() -> None:
    """Closed form: N(mean(y), sd / sqrt(n))."""
    draws = draw(draws=20_000, sampler=me.Metropolis(scale=2.5))
    mu, error = draws["theta[0]"], (2.0 / math.sqrt(3)) / math.sqrt(me.ess_bulk(draws["theta[0]"]))
    assert abs(mu.mean() - 7.0 / 3.0) < 4.5 * error
    assert draws["theta"].shape == (4, 20_000, 1)


def test_acceptance_is_the_share_of_moves() -> None:
    draws = draw(warmup=0)
    moved = np.diff(draws.array[:, :, 0], axis=1) != 0.0
    np.testing.assert_array_equal(moved, draws.stats["accepted"][:, 1:])
    assert draws.accept_rate == draws.stats["accepted"].mean()


def test_logp_is_the_density_at_the_draw() -> None:
    draws = draw(chains=1, draws=20)
    expected = [-0.5 * sum(((y - x) / 2.0) ** 2 for y in DATA.y) for x in draws["theta[0]"][0]]
    np.testing.assert_allclose(draws.stats["logp"][0], expected, rtol=1e-13)


def test_chain_k_is_the_same_whatever_the_number_of_chains() -> None:
    four, two = draw(chains=4), draw(chains=2)
    np.testing.assert_array_equal(four.array[:2], two.array)
    assert len({chain.tobytes() for chain in four.array}) == 4


@pytest.mark.parametrize("block", [1, 7, 100_000])
def test_draws_do_not_depend_on_blocks(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = draw()
    monkeypatch.setattr(MetropolisChain, "BLOCK", block)
    np.testing.assert_array_equal(draw().array, expected.array)


def test_warmup_is_dropped() -> None:
    whole = draw(draws=320, warmup=0)
    np.testing.assert_array_equal(draw(draws=300, warmup=20).array, whole.array[:, 20:])


def test_seeds() -> None:
    np.testing.assert_array_equal(draw(seed=np.random.SeedSequence(1)).array, draw(seed=1).array)
    assert (draw(seed=2).array != draw(seed=1).array).any()
    unseeded = draw(seed=None)
    again = draw(seed=unseeded.settings["seed"])
    np.testing.assert_array_equal(again.array, unseeded.array)


def test_each_chain_may_start_elsewhere() -> None:
    starts = np.array([[-5.0], [0.0], [5.0]])
    draws = me.sample(
        measured,
        starts,
        data=DATA,
        sampler=me.Metropolis(scale=1e-9),
        draws=5,
        warmup=0,
        chains=3,
        seed=1,
    )
    np.testing.assert_allclose(draws.array[:, 0], starts, atol=1e-7)


def test_a_density_with_gradient_serves_as_well() -> None:
    plain = me.sample(lambda t, data: -0.5 * t[0] * t[0], [0.0], sampler=ONE, draws=50, seed=3)
    graded = me.sample(with_gradient, [0.0], sampler=ONE, draws=50, seed=3)
    np.testing.assert_array_equal(plain.array, graded.array)


def test_summary_warns_of_chains_that_do_not_agree() -> None:
    stuck = draw(sampler=me.Metropolis(scale=0.01), draws=200)
    notes = "\n".join(stuck.summary().notes)
    assert "R-hat of theta[0]" in notes
    assert "ess_bulk of theta[0]" in notes
    fine = draw(draws=10_000, sampler=me.Metropolis(scale=2.5)).summary()
    assert list(fine.notes) == []
    assert fine["theta[0]"]["rhat"] < 1.01


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"draws": 0}, ValueError, "draws is 0"),
        ({"draws": 10.5}, ValueError, "draws is 10.5"),
        ({"warmup": -1}, ValueError, "warmup is -1"),
        ({"chains": True}, ValueError, "chains is True"),
        ({"threads": 0}, ValueError, "threads is 0"),
        ({"sampler": "Metropolis"}, TypeError, "sampler is 'Metropolis'"),
        ({"names": ["a", "b"]}, ValueError, "give 1 different names"),
        ({"data": {"y": 1}}, TypeError, "data is dict"),
        ({"data": DATA._replace(y=[1.0, 2.0])}, TypeError, r"data\.y is list"),
        ({"data": (DATA.y, np.array(["a"]))}, TypeError, r"data\[1\] is an array of <U1"),
        ({"natural": lambda t: {"tau": math.exp(t[0][0, 0])}}, ValueError, "'tau' the shape"),
    ],
)
def test_bad_arguments_are_named(changes, error, message: str) -> None:
    with pytest.raises(error, match=message):
        draw(**changes)


@pytest.mark.parametrize(
    ("theta0", "message"),
    [
        ([[0.0], [1.0]], r"theta0 has shape \(2, 1\)"),
        (1.0, r"theta0 has shape \(\)"),
        ([math.nan], "every entry must be finite"),
        ([-1.0], r"theta0 of chain 0 is \[-1.\], where the log density is -inf"),
        ([[1.0], [1.0], [0.0], [1.0]], "theta0 of chain 2"),
    ],
)
def test_bad_starts_are_named(theta0, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        me.sample(positive, theta0, sampler=ONE)


def test_plus_infinity_is_reported_with_chain_iteration_and_position() -> None:
    def climbs(theta, data):
        return math.inf if theta[0] > 3.0 else theta[0]

    with pytest.raises(ValueError, match=r"chain 0: .*\+inf .* iteration \d+, theta = \[3\.\d+\]"):
        me.sample(climbs, [0.0], sampler=ONE, seed=1, chains=1)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize(
    "sampler",
    [
        me.Metropolis(scale=1.0),
        me.HMC(steps=20, step_size=0.1, jitter=0.0),
        me.GIST(step_size=0.1),
        me.NUTS(step_size=0.1),
    ],
    ids=lambda s: type(s).__name__,
)
def test_plus_infinity_is_reported_where_it_was_met_first(sampler) -> None:
    met = []

    def with_a_wall(theta, grad, data):
        grad[0] = -theta[0]
        if theta[0] > 1.0:
            met.append(theta[0])
            return math.inf
        return -0.5 * theta[0] ** 2

    with pytest.raises(me.DensityError) as caught:
        me.sample(with_a_wall, [0.0], sampler=sampler, seed=1, chains=1, warmup=0)
    assert [caught.value.theta[0]] == met


@pytest.mark.parametrize("function", [lambda theta: 0.0, lambda a, b, c, d: 0.0, 3])
def test_a_density_takes_two_or_three_arguments(function) -> None:
    with pytest.raises(TypeError, match="log_density"):
        me.sample(function, [0.0], sampler=ONE)


def test_an_exception_in_a_density_reaches_the_user() -> None:
    def fails(theta, data):
        if theta[0] > 1.0:
            raise ArithmeticError("beyond 1")
        return 0.0

    with pytest.raises(me.DensityError, match=r"chain \d: .*beyond 1.* at iteration \d+") as caught:
        me.sample(fails, [0.0], sampler=ONE, seed=1)
    assert caught.value.theta[0] > 1.0
    assert isinstance(caught.value.__cause__, ArithmeticError)


def test_sampling_is_silent_and_warns_of_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    draw()
    capfd.readouterr()
    draw()  # a warning of ours is an error
    assert capfd.readouterr() == ("", "")


def test_a_default_argument_is_not_a_gradient() -> None:
    def with_option(theta, data, scale=1.0):
        return -0.5 * ((theta[0] - data[0]) / scale) ** 2

    draws = me.sample(with_option, [5.0], data=(5.0,), sampler=me.Metropolis(scale=2.4), seed=1)
    assert abs(draws["theta[0]"].mean() - 5.0) < 0.2


def test_an_index_beyond_theta_is_an_error() -> None:
    def two_parameters(theta, data):
        return -theta[0] * theta[0] - theta[1] * theta[1]

    with pytest.raises(IndexError, match="give a start for every parameter"):
        me.sample(two_parameters, [0.0], sampler=ONE)


def test_a_spawned_seed_is_recorded_whole() -> None:
    seed = np.random.SeedSequence(5, spawn_key=(1,))
    first = draw(seed=seed)
    np.testing.assert_array_equal(draw(seed=first.settings["seed"]).array, first.array)


def test_a_constant_quantity_condemns_nothing_but_itself() -> None:
    draws = draw(
        draws=10_000,
        sampler=me.Metropolis(scale=2.5),
        natural=lambda t: {"mu": t[0], "one": 0 * t[0] + 1, "pair": t[[0, 0]]},
    )
    (note,) = draws.summary().notes
    assert note.startswith("one: no diagnostics")
    np.testing.assert_array_equal(draws["pair[1]"], draws["mu"])
    assert "too few" in "".join(draw(draws=2).summary().notes)


def test_the_first_failure_is_the_same_whatever_the_threads() -> None:
    def fails(theta, data):
        if theta[0] > 3.0:
            raise ArithmeticError("beyond 3")
        return -0.5 * theta[0] * theta[0]

    said = set()
    for threads in (1, 2, 8):
        with pytest.raises(me.DensityError) as caught:
            me.sample(fails, [0.0], sampler=ONE, seed=1, chains=8, threads=threads)
        said.add(str(caught.value))
    assert len(said) == 1


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_draws_do_not_depend_on_threads(threads: int) -> None:
    np.testing.assert_array_equal(draw(chains=3, threads=threads).array, draw(chains=3).array)


def test_a_quantity_of_the_wrong_shape_is_noticed_before_sampling() -> None:
    asked = []

    def natural(theta):
        asked.append(theta.shape)
        return {"mean": theta[0].mean()}

    with pytest.raises(ValueError, match=r"'mean' the shape \(\)"):
        draw(natural=natural, draws=10**12)
    assert asked == [(1, 4, 2)]
    with pytest.raises(TypeError, match="natural returns list"):
        draw(natural=lambda t: [t[0]], draws=10**12)


SCRIPT = """
    import mcmc_edu as me

    def log_density(theta, grad, data):
        grad[0] = -theta[0]
        return -0.5 * theta[0] * theta[0]

    me.sample(log_density, [1.0], seed=1, draws=200, warmup=200, {arguments})
"""


def shown(arguments: str, folder: Path, terminal: bool) -> str:
    """What a script prints to stderr, on a terminal or not."""
    (folder / "script.py").write_text(textwrap.dedent(SCRIPT).format(arguments=arguments))
    if terminal:
        import pty
        import termios

        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
    else:
        ours, theirs = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=folder,
        stderr=theirs,
        stdout=theirs,
        env=environment(Path(me.__file__).parent.parent),
    )
    os.close(theirs)
    found = b""
    with contextlib.suppress(OSError):  # a terminal that is closed at the other end
        while part := os.read(ours, 4096):
            found += part
    os.close(ours)
    assert process.wait(LONG) == 0, found
    return found.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_terminal_is_shown_two_phases(tmp_path: Path) -> None:
    draw(sampler=me.NUTS(), f=with_gradient)  # the package is compiled now
    found = shown("", tmp_path, terminal=True)
    assert re.search(
        r"compiling \.\.\. \d+\.\d s.*sampling: 100%.* 1600/1600 ", found, re.DOTALL
    ), found
    assert shown("progress=False", tmp_path, terminal=True) == ""
    assert shown("", tmp_path, terminal=False) == ""
