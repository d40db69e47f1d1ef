"""More of a run that has ended: `extend`, warm-up that is kept, draws that are thinned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripts import LONG

import mcmc_edu as me
from mcmc_edu import targets
from mcmc_edu.compiling import UNCOMPILED
from mcmc_edu.driver import identity
from mcmc_edu.driver import runner as running
from mcmc_edu.driver.checkpoint import Checkpoint

BANANA, FUNNEL = targets.banana(), targets.funnel(3)

SAMPLERS = {
    "Metropolis": me.Metropolis(scale=0.7),
    "HMC": me.HMC(steps=3),
    "GIST": me.GIST(),
    "NUTS": me.NUTS(),
    "dense": me.NUTS(metric="dense"),
    "given": me.NUTS(step_size=0.4),
}
OF_THEM = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)


def noisy(theta, rng):
    """Quantities that are random given theta."""
    return {"noisy": theta[0] + rng.normal(size=theta.shape[1:]), "pair": theta[:2]}


def draw(target=BANANA, **changes) -> me.Draws:
    arguments = {
        "data": target.data,
        "sampler": me.NUTS(),
        "draws": 60,
        "warmup": 50,
        "chains": 3,
        "seed": 1,
        "natural": noisy,
    } | changes
    return me.sample(target.log_density, np.full(len(target.names), 0.5), **arguments)


def coarse(**changes) -> me.Draws:
    """Draws of a funnel with steps so long that trajectories diverge."""
    return draw(FUNNEL, sampler=me.NUTS(step_size=1.2), **changes)


def same(first: me.Draws, second: me.Draws) -> None:
    for one, other in ((first, second), (first.warmup, second.warmup)):
        assert (one is None) == (other is None)
        if one is None:
            continue
        np.testing.assert_array_equal(one.array, other.array)
        np.testing.assert_array_equal(one.divergences, other.divergences)
        for of_one, of_other in ((one.stats, other.stats), (one.natural, other.natural)):
            assert of_one.keys() == of_other.keys()
            for name, values in of_one.items():
                np.testing.assert_array_equal(values, of_other[name])
                assert values.dtype == of_other[name].dtype
    for name in ("draws", "thin", "seed", "warmup", "chains"):
        assert first.settings[name] == second.settings[name]
    for one, other in zip(first.tuning, second.tuning, strict=True):
        assert one.step_size == other.step_size
        np.testing.assert_array_equal(one.inv_metric, other.inv_metric)


# --- extend


@OF_THEM
def test_draws_are_extended_to_those_of_a_longer_run(sampler, tmp_path: Path) -> None:
    """At once, in two goes, with other threads, and after they were saved."""
    short, whole = draw(sampler=sampler), draw(sampler=sampler, draws=100)
    before = short.array.copy()
    same(short.extend(40), whole)
    same(short.extend(15, threads=1).extend(25, threads=3), whole)
    short.extend(15).save(tmp_path / "short.npz")
    loaded = me.load(tmp_path / "short.npz")
    given = {"log_density": BANANA.log_density, "data": BANANA.data, "natural": noisy}
    same(loaded.extend(25, **given), whole)
    np.testing.assert_array_equal(short.array, before)
    assert short.settings["draws"] == 60


def test_divergences_are_extended_chain_by_chain(tmp_path: Path) -> None:
    whole, short = coarse(draws=100), coarse()
    assert 0 < len(short.divergences) < len(whole.divergences)
    same(short.extend(40), whole)


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize("on_error", ["raise", "reject"])
def test_a_density_in_object_mode_is_extended(on_error: str) -> None:
    def in_python(theta, data):
        if on_error == "reject" and theta[0] > 1.0:
            raise ArithmeticError("beyond 1")
        return -0.5 * float(str(theta[0])) ** 2

    def run(draws: int) -> me.Draws:
        return me.sample(
            in_python,
            [0.0],
            sampler=me.Metropolis(scale=2.0),
            draws=draws,
            warmup=0,
            chains=2,
            seed=1,
            on_error=on_error,
        )

    short = run(20)
    if not UNCOMPILED:
        with pytest.warns(me.ObjectModeWarning) as warned:
            short.extend(30)
        assert [w.filename for w in warned] == [__file__]
    same(short.extend(30), run(50))


def stopped_at(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come when chain k has made 7 k iterations more than this, in blocks of five."""
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(running, "next_block", lambda *of: 5)
    block = running.Runner._block

    def press(self: Checkpoint, run: running.Runner) -> None:
        if all(chain.steps >= steps + 7 * k for k, chain in enumerate(run.chains)):
            raise KeyboardInterrupt

    def block_until_then(self: running.Runner, k: int) -> int:
        if self.chains[k].steps >= steps + 7 * k:
            assert self._stop.wait(LONG)
        return block(self, k)

    monkeypatch.setattr(Checkpoint, "write_now_and_then", press)
    monkeypatch.setattr(running.Runner, "_block", block_until_then)


@pytest.mark.parametrize("thin", [1, 3])
def test_an_interrupted_run_is_extended(thin: int, tmp_path: Path, monkeypatch) -> None:
    """Some chains were ahead; what they made is used."""
    with monkeypatch.context() as patched:
        stopped_at(80, patched)
        left = coarse(file=tmp_path / "run.npz", threads=3, thin=thin, keep_warmup=True)
    n = left.array.shape[1]
    assert not left.complete
    assert 0 < n < 60 // thin
    assert max(len(ahead.draws) for ahead in left.end["ahead"]) > 0
    left.save(tmp_path / "left.npz")
    given = {"log_density": FUNNEL.log_density, "data": FUNNEL.data, "natural": noisy}
    for more in (3, 60):  # fewer than some chains have made already
        whole = coarse(draws=n * thin + more, thin=thin, keep_warmup=True)
        same(left.extend(more), whole)
        same(
            left.extend(more).extend(3),
            coarse(draws=n * thin + more + 3, thin=thin, keep_warmup=True),
        )
        same(me.load(tmp_path / "left.npz").extend(more, **given), whole)
        assert left.extend(more).complete


def test_an_extension_with_a_file_is_a_run_that_can_be_resumed(tmp_path, monkeypatch) -> None:
    """By `extend` again, or by a run that is longer from the start."""
    short, whole = draw(keep_warmup=True, thin=2), draw(draws=160, keep_warmup=True, thin=2)
    with monkeypatch.context() as patched:
        stopped_at(130, patched)
        assert not short.extend(100, file=tmp_path / "run.npz", threads=3).complete
    (tmp_path / "other.partial.npz").write_bytes((tmp_path / "run.partial.npz").read_bytes())
    same(short.extend(100, file=tmp_path / "run.npz"), whole)
    same(me.load(tmp_path / "run.npz"), whole)
    same(draw(draws=160, keep_warmup=True, thin=2, file=tmp_path / "other.npz"), whole)


def other(theta, grad, data):
    grad[0], grad[1] = -theta[0], -theta[1]
    return -0.5 * (theta[0] * theta[0] + theta[1] * theta[1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"log_density": None}, r"log_density is missing.*fit\.extend"),
        ({"natural": None}, "natural is missing, and the draws have noisy, pair"),
        ({"data": BANANA.data._replace(bend=0.04)}, r"another data: there .*bend=0\.03\), here"),
        ({"data": None}, r"another data: there .*, here \(\)"),
        ({"log_density": other}, "another log_density: in chain 0, at its start, it was"),
        ({"n": 0}, "n is 0; it must be an integer, 1 or more"),
        ({"n": 2.0}, "n is 2.0"),
        ({"n": 3}, "n is 3, which thin = 2 does not divide.*n=4"),
        ({"threads": 0}, "threads is 0"),
        ({"file": "run.csv"}, "must end in .npz"),
    ],
    ids=[
        "no density",
        "no natural",
        "other data",
        "no data",
        "other density",
        "none",
        "fraction",
        "uneven",
        "threads",
        "file",
    ],
)
def test_what_is_not_as_it_was_is_refused_by_name(changes, words: str, tmp_path: Path) -> None:
    draw(thin=2).save(tmp_path / "run.npz")
    given = {"log_density": BANANA.log_density, "data": BANANA.data, "natural": noisy, "n": 10}
    with pytest.raises(ValueError, match=words):
        me.load(tmp_path / "run.npz").extend(**given | changes)


def test_another_version_is_refused_by_name(monkeypatch) -> None:
    short = draw()
    monkeypatch.setattr(identity, "__version__", "9.9")
    with pytest.raises(ValueError, match=r"another version of mcmc_edu: there .*, here '9\.9'"):
        short.extend(10)


def test_data_that_have_changed_in_memory_are_refused() -> None:
    y = np.array([1.0, 2.0])

    def log_density(theta, data):
        return -0.5 * (theta[0] - data[0][0]) ** 2

    short = me.sample(log_density, [0.0], data=(y,), sampler=SAMPLERS["Metropolis"], seed=1)
    y[1] = 3.0
    with pytest.raises(ValueError, match="another data"):
        short.extend(10)


def test_what_has_no_end_is_refused(tmp_path: Path) -> None:
    old = me.load(Path(__file__).parent / "reference" / "format_1" / "draws.npz")
    given = {"log_density": BANANA.log_density, "data": BANANA.data}
    for draws in (old, replace(draw(), end=None)):
        with pytest.raises(ValueError, match="saved by an earlier version; sample again"):
            draws.extend(10, **given)
    with pytest.raises(ValueError, match="draws of warm-up"):
        draw(keep_warmup=True).warmup.extend(10)


ROWS = {
    "y": [1.0, 2.5, 0.5, 3.0, 2.0, 4.5, 1.5, 3.5],
    "k": [0, 1, 2, 1, 0, 3, 2, 1],
    "x": [0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0],
    "g": list("aabbccdd"),
}
MODELS = {
    "collapsed": ("y ~ x + (x | g)", {}),
    "counts": ("k ~ x + (1 | g)", {"family": "poisson"}),
    "none": ("y ~ x + (1 | g)", {"pooling": "none"}),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_fit_is_extended_also_from_a_file(name: str, tmp_path: Path) -> None:
    formula, more = MODELS[name]
    model = me.Model(formula, ROWS, **more)
    given = {"warmup": 60, "chains": 2, "seed": 1, "keep_warmup": True, "thin": 2}
    whole, short = model.fit(draws=50, **given), model.fit(draws=30, **given)
    short.save(tmp_path / "fit.npz")
    for fit in (short, me.load_fit(tmp_path / "fit.npz")):
        longer = fit.extend(20)
        same(longer.draws, whole.draws)
        assert longer.draws.labels == whole.draws.labels
        assert longer.draws.warmup.labels == whole.draws.labels
        assert str(longer.summary()) == str(whole.summary())
    np.testing.assert_array_equal(short.draws.extend(20).array, whole.draws.array)
    tree = longer.to_arviz(seed=1)
    np.testing.assert_array_equal(tree["warmup_posterior"]["x"], whole.draws.warmup["x"])


# --- warm-up that is kept


@pytest.mark.parametrize("sampler", [SAMPLERS["Metropolis"], SAMPLERS["given"]], ids=["M", "N"])
def test_warmup_that_adapts_nothing_is_the_beginning_of_a_longer_run(sampler) -> None:
    found = draw(sampler=sampler, keep_warmup=True)
    whole = draw(sampler=sampler, draws=110, warmup=0)
    np.testing.assert_array_equal(found.warmup.array, whole.array[:, :50])
    np.testing.assert_array_equal(found.array, whole.array[:, 50:])
    np.testing.assert_array_equal(found.warmup.stats["logp"], whole.stats["logp"][:, :50])
    assert whole.warmup is None


def test_draws_are_the_same_whether_warmup_is_kept() -> None:
    kept, dropped = coarse(keep_warmup=True), coarse()
    same(replace(kept, warmup=None), dropped)
    assert dropped.warmup is None
    warmup = kept.warmup
    assert len(warmup.divergences) == warmup.stats["divergent"].sum() > 0
    assert list(warmup.natural) == ["noisy", "pair"]
    np.testing.assert_array_equal(kept["pair"], kept.array[..., :2])
    assert not np.isin(
        warmup["noisy"] - warmup.array[..., 0], kept["noisy"] - kept.array[..., 0]
    ).any()
    (note,) = warmup.summary().notes
    assert note.startswith("These are draws of warm-up")


def test_kept_warmup_is_saved_and_exported(tmp_path: Path) -> None:
    kept = coarse(keep_warmup=True)
    kept.save(tmp_path / "run.npz")
    loaded = me.load(tmp_path / "run.npz")
    same(loaded, kept)
    tree = loaded.to_arviz()
    np.testing.assert_array_equal(tree["warmup_posterior"]["noisy"], kept.warmup["noisy"])
    found = tree["warmup_sample_stats"]["diverging"]
    np.testing.assert_array_equal(found, kept.warmup.stats["divergent"])
    plain = replace(kept, natural={}, warmup=replace(kept.warmup, natural={})).to_arviz()
    np.testing.assert_array_equal(
        plain["warmup_posterior"]["theta"][..., 2], kept.warmup.array[..., 2]
    )
    assert "warmup_posterior" not in coarse().to_arviz()


@pytest.mark.parametrize("steps", [20, 80], ids=["warm-up", "sampling"])
def test_a_resumed_run_keeps_all_of_warmup(steps: int, tmp_path: Path, monkeypatch) -> None:
    arguments = {"file": tmp_path / "run.npz", "threads": 3, "keep_warmup": True, "thin": 4}
    with monkeypatch.context() as patched:
        stopped_at(steps, patched)
        if steps < 50:
            with pytest.raises(KeyboardInterrupt):
                coarse(**arguments)
        else:
            coarse(**arguments)
    for changes, words in (
        ({"keep_warmup": False}, "another keep_warmup: there True, here False"),
        ({"thin": 1}, "another thin: there 4, here 1"),
    ):
        with pytest.raises(ValueError, match=words):
            coarse(**arguments | changes)
    same(coarse(**arguments), coarse(keep_warmup=True, thin=4))


# --- thinning


@pytest.mark.parametrize("thin", [2, 7, 60])
def test_thinned_draws_are_the_first_of_every_few(thin: int, monkeypatch) -> None:
    monkeypatch.setattr(running, "next_block", lambda *of: 5)  # thin does not divide it
    iterations = 60 // thin * thin
    whole = coarse(draws=iterations, keep_warmup=True)
    found = coarse(draws=iterations, thin=thin, keep_warmup=True)
    for some, every in ((found, whole), (found.warmup, whole.warmup)):
        np.testing.assert_array_equal(some.array, every.array[:, ::thin])
        for name in every.stats:
            np.testing.assert_array_equal(some.stats[name], every.stats[name][:, ::thin])
        np.testing.assert_array_equal(some.divergences, every.divergences)
    assert found.array.shape[1] == iterations // thin
    assert found.settings["draws"] == iterations


def test_a_summary_counts_divergences_of_all_iterations() -> None:
    found = coarse(draws=600, thin=20)
    count = len(found.divergences)
    assert count > found.stats["divergent"].sum()
    notes = "\n".join(found.summary().notes)
    assert f"{count} trajectories diverged after warm-up ({count / 1800:.2%} of the iter" in notes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"thin": 7}, r"draws is 60, which thin = 7 does not divide.*pass for example draws=63"),
        ({"thin": 0}, "thin is 0; it must be an integer, 1 or more"),
        ({"thin": 2.5}, "thin is 2.5"),
    ],
    ids=["7", "0", "2.5"],
)
def test_thin_must_divide_the_iterations(changes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw(**changes)


# --- a gradient that is always 0


def half_used(theta, grad, data):
    grad[0], grad[1], grad[2] = -theta[0], 0.0, -theta[2]
    return -0.5 * (theta[0] * theta[0] + theta[2] * theta[2])


@pytest.mark.parametrize(
    "changes",
    [{}, {"sampler": me.NUTS(step_size=0.5, max_depth=3)}, {"warmup": 0}, {"theta0": np.zeros(3)}],
    ids=["tuned", "given", "no warm-up", "mode"],
)
def test_a_parameter_whose_gradient_is_always_0_is_named(changes, tmp_path: Path) -> None:
    """And none that starts where its gradient is 0."""
    arguments = {
        "theta0": np.array([0.0, 0.5, 1.0]),
        "sampler": me.NUTS(max_depth=3),
        "draws": 20,
        "warmup": 40,
        "seed": 1,
        "names": ["a", "b", "c"],
    } | changes
    with pytest.warns(UserWarning, match="The gradient in b was 0 at all times") as warned:
        draws = me.sample(half_used, **arguments)
    assert [w.filename for w in warned] == [__file__]
    draws.save(tmp_path / "run.npz")
    for found in (draws, me.load(tmp_path / "run.npz")):
        assert any("gradient in b was 0" in note for note in found.summary().notes)
        assert found.settings["zero_gradient"] == ["b"]
    assert "zero_gradient" not in draw().settings
