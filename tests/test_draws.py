"""Draws: reading them, what the summary says and what it keeps quiet, and the file."""

import contextlib
import errno
import json
import os
import pickle
import sys
import types
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu import diagnostics, storage
from mcmc_edu.draws import Draws, load
from mcmc_edu.samplers.metropolis import State
from mcmc_edu.table import Table

COLUMNS = ["mean", "sd", "q5", "q50", "q95", "mcse", "ess_bulk", "ess_tail", "rhat"]
NAMES = ["alpha[0]", "alpha[1]", "alpha[2]", "log_sigma"]


class Settled(NamedTuple):
    """A tuning of a sampler that is not ours."""

    step_size: float
    inv_metric: np.ndarray


@dataclass(frozen=True)
class Walker:
    """A sampler that is not ours."""

    scale: float = 2.0


def hamiltonian(seed: int = 0, draws: int = 1000, **changes) -> Draws:
    """Independent draws of four normals, with the stats of a Hamiltonian sampler in order."""
    rng = np.random.default_rng(seed)
    array = rng.normal(size=(4, draws, 4))
    shape = (4, draws)
    stats = {
        "logp": -0.5 * (array**2).sum(axis=2),
        "accept_prob": rng.uniform(0.6, 1.0, size=shape),
        "energy": rng.normal(size=shape),
        "divergent": np.zeros(shape, dtype=bool),
        "depth": rng.integers(1, 6, size=shape),
        "n_gradients": rng.integers(1, 63, size=shape),
        "reached_limit": np.zeros(shape, dtype=bool),
        "step_size": np.full(shape, 0.3),
    }
    stats |= changes.pop("stats", {})
    fields = {
        "array": array,
        "names": NAMES,
        "stats": stats,
        "natural": {},
        "settings": {"sampler": Walker(), "draws": draws, "seed": 1, "max_depth": 6},
        "seconds": {"compile": 0.1, "sample": 2.0},
    }
    return Draws(**fields | changes)


# --- reading


def test_stems_choose_what_is_summarised() -> None:
    draws = hamiltonian()
    assert list(draws.summary()) == NAMES
    assert list(draws.summary("log_sigma", "alpha")) == ["log_sigma", *NAMES[:3]]
    assert list(draws.summary("alpha[1]")) == ["alpha[1]"]
    assert draws.summary("alpha")["alpha[2]"] == draws.summary()["alpha[2]"]
    with pytest.raises(KeyError, match="no quantity 'beta'"):
        draws.summary("beta")


def test_natural_quantities_come_first_and_theta_is_there_on_request() -> None:
    array = hamiltonian().array
    draws = hamiltonian(natural={"sigma": np.exp(array[:, :, 3]), "alpha": array[:, :, 1:3]})
    assert list(draws.summary()) == ["sigma", "alpha[0]", "alpha[1]"]
    assert list(draws.summary("log_sigma")) == ["log_sigma"]
    np.testing.assert_array_equal(draws["alpha[0]"], array[:, :, 1])  # not theta's of that name
    np.testing.assert_array_equal(draws["alpha[2]"], array[:, :, 2])


def test_labels_of_a_block_are_those_it_was_given() -> None:
    draws = hamiltonian(names=["b[x]", "b[y]", "b[x:y]", "s"])
    assert list(draws.summary("b")) == ["b[x]", "b[y]", "b[x:y]"]


def test_acceptance_is_the_share_or_the_mean_probability() -> None:
    draws = hamiltonian()
    assert draws.accept_rate == draws.stats["accept_prob"].mean()
    accepted = np.arange(4000).reshape(4, 1000) % 4 == 0
    assert hamiltonian(stats={"accepted": accepted}).accept_rate == 0.25


def test_an_absent_divergence_has_a_shape() -> None:
    assert hamiltonian().divergences.shape == (0, 4)


def test_they_print_on_one_line() -> None:
    assert repr(hamiltonian()) == (
        "Draws(4 chains of 1000 draws, theta of dimension 4: alpha, log_sigma; Walker(scale=2.0))"
    )


# --- summary


def test_columns_of_the_summary() -> None:
    draws = hamiltonian(seed=3)
    row = draws.summary()["log_sigma"]
    x = draws["log_sigma"]
    assert list(row) == COLUMNS
    assert row["mean"] == pytest.approx(x.mean(), rel=1e-12)
    assert row["sd"] == pytest.approx(np.sqrt(((x - x.mean()) ** 2).sum() / 3999), rel=1e-12)
    assert row["q5"] == pytest.approx(np.sort(x, axis=None)[[199, 200]] @ [0.05, 0.95], rel=1e-12)
    for name in ("ess_bulk", "ess_tail", "rhat"):
        assert row[name] == getattr(diagnostics, name)(x)
    assert row["mcse"] == diagnostics.mcse_mean(x)
    assert abs(row["mean"]) < 4.5 * row["mcse"]


def test_a_summary_in_order_has_no_notes() -> None:
    assert hamiltonian().summary().notes == []


def shifted(by: float = 1.0) -> np.ndarray:
    """Chain 2 lies apart in two entries, in the second more."""
    array = hamiltonian().array.copy()
    array[2, :, 0] += by
    array[2, :, 1] += 2.0 * by
    return array


def random_walks() -> np.ndarray:
    """Slow chains about one mean: R-hat just in order over 20 000 draws, effective draws few."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(4, 20_000, 4))
    for t in range(1, 20_000):
        x[:, t, 1] = 0.992 * x[:, t - 1, 1] + x[:, t, 1] * np.sqrt(1 - 0.992**2)
    return x


def frozen_chain() -> np.ndarray:
    array = hamiltonian().array.copy()
    array[3] = array[3, 0]
    return array


def some(count: int) -> np.ndarray:
    return np.arange(4000).reshape(4, 1000) < count


SLOW_ENERGY = np.random.default_rng(2).normal(size=(4, 1000))
SLOW_ENERGY[1] = np.cumsum(SLOW_ENERGY[1])
SLOW_ENERGY[3] = np.cumsum(SLOW_ENERGY[3])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"array": shifted()},
            ["R-hat of alpha[1] is 1.", "above 1.01 (and 1 more)", "Run longer"],
        ),
        ({"array": random_walks()}, ["ess_bulk of alpha[1] is", "below 400 (100 a chain):"]),
        ({"array": frozen_chain()}, ["Chain 3 never moved in 1000 draws", "smaller steps"]),
        ({"stats": {"divergent": some(1)}}, ["1 trajectory diverged", "0.03%", "target_accept"]),
        ({"stats": {"divergent": some(80)}}, ["80 trajectories", "2.00%", "draws.divergences"]),
        ({"stats": {"energy": SLOW_ENERGY}}, ["E-BFMI of chains 1, 3 is 0.0", "below 0.3", "form"]),
        ({"stats": {"reached_limit": some(200)}}, ["5.0%", "max_depth = 6", "more than 1%"]),
        ({"complete": False, "settings": {"draws": 2500}}, ["early: 1000 of 2500 draws a chain"]),
    ],
)
def test_trouble_is_named_with_value_threshold_and_remedy(changes, words: list[str]) -> None:
    notes = hamiltonian(**changes).summary().notes
    for word in words:
        assert any(word in note for note in notes), notes


@pytest.mark.parametrize(
    "changes",
    [
        {"stats": {"divergent": some(0)}},
        {"stats": {"reached_limit": some(40)}},  # one in a hundred
        {"stats": {"depth": np.full((4, 1000), 6)}},
        {"stats": {"energy": np.full((4, 1000), 3.0)}},
        {"array": np.random.default_rng(4).integers(0, 2, size=(4, 1000, 4)).astype(float)},
        {"array": frozen_chain()[:3]},
        {"settings": {}},
    ],
)
def test_nothing_is_said_of_what_is_in_order(changes) -> None:
    assert hamiltonian(**changes).summary().notes == []


def test_each_trouble_brings_one_note_alone() -> None:
    assert len(hamiltonian(stats={"divergent": some(3)}).summary().notes) == 1
    assert len(hamiltonian(stats={"energy": SLOW_ENERGY}).summary().notes) == 1
    assert len(hamiltonian(array=shifted()).summary("log_sigma").notes) == 0


def test_the_effective_draws_needed_grow_with_the_chains() -> None:
    """About 90 of 100 a chain: too few, whether of two chains or of eight."""
    for chains in (2, 8):
        array = np.random.default_rng(chains).normal(size=(chains, 90, 1))
        notes = hamiltonian(array=array, names=["mu"]).summary().notes
        assert notes
        assert all(f"below {100 * chains} (100 a chain)" in note for note in notes)


def test_chains_too_short_for_an_effective_size_are_too_short() -> None:
    notes = hamiltonian(draws=8).summary("log_sigma").notes
    assert "ess_bulk of log_sigma is nan, below 400" in "".join(notes)


def test_a_value_just_above_the_limit_is_shown_so() -> None:
    array = hamiltonian().array.copy()
    array[0, :, 0] += 0.37
    rhat = hamiltonian(array=array).summary()["alpha[0]"]["rhat"]
    assert 1.01 < rhat < 1.015
    (note,) = hamiltonian(array=array).summary().notes
    assert f"is {rhat:.4f}, above 1.01:" in note


def test_quantities_without_diagnostics_are_told_why() -> None:
    array = hamiltonian().array.copy()
    array[:, :, 0] = 2.0
    array[1, 5, 1] = np.inf
    equal, infinite = hamiltonian(array=array).summary().notes
    assert equal == "alpha[0]: no diagnostics: all draws are equal."
    assert infinite.startswith("alpha[1]: no diagnostics: some draws are not finite")
    (few,) = hamiltonian(draws=3).summary().notes
    assert few.startswith("alpha[0], alpha[1], alpha[2] and 1 more: no diagnostics: 3 draws")


# --- table


def long_table() -> Table:
    names = [f"alpha[{i}]" for i in range(75)] + ["mu", "tau"] + [f"b[{i}]" for i in range(5)]
    return Table({name: {"mean": float(i), "n": i} for i, name in enumerate(names)}, notes=["end"])


def test_a_long_table_is_printed_with_its_blocks_abridged() -> None:
    lines = [line.split() for line in str(long_table()).splitlines()]
    assert [line[0] for line in lines if line] == [
        "mean",
        "alpha[0]",
        "alpha[1]",
        "alpha[2]",
        "…",
        "alpha[74]",
        "mu",
        "tau",
        "b[0]",
        "b[1]",
        "b[2]",
        "b[3]",
        "b[4]",
        "end",
    ]
    assert lines[4] == ["…", "71", "more"]
    assert lines[5] == ["alpha[74]", "74.000", "74"]
    assert long_table()._repr_html_().count("<tr>") == 13
    assert "<td></td>" in long_table()._repr_html_()


def test_nothing_is_lost_by_abridging() -> None:
    table = long_table()
    assert len(table) == 82
    assert table["alpha[40]"]["mean"] == 40.0
    assert table.text().count("alpha[") == 75
    assert "more" not in str(Table(dict(list(table.rows.items())[:40])))


def test_html_is_escaped_and_keeps_its_shape() -> None:
    page = Table({"a<b": {"x": 1.0}, "c": {"x": None}}, notes=["p < q"])._repr_html_()
    assert "<th>a&lt;b</th><td>1.000</td>" in page
    assert "<th>c</th><td>-</td>" in page
    assert "<p>p &lt; q</p>" in page


def test_small_numbers_keep_their_digits() -> None:
    rows = {
        "large": {"mean": 1234.5678, "sd": 0.001, "rhat": 1.0},
        "small": {"mean": -0.0000123, "sd": 0.000456, "rhat": 1.0},
        "tiny": {"mean": 1.5e-12, "sd": float("inf"), "rhat": float("nan")},
    }
    large, small, tiny = str(Table(rows, {"rhat": ".2f"})).splitlines()[1:]
    assert large.split() == ["large", "1234.568", "0.001", "1.00"]
    assert small.split() == ["small", "-0.000012", "0.000456", "1.00"]
    assert tiny.split() == ["tiny", "1.5e-12", "inf", "-"]


def test_to_pandas_hands_over_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """By way of a stand-in, since pandas need not be installed."""
    seen = {}

    class DataFrame:
        @staticmethod
        def from_dict(rows, orient):
            seen.update(rows, orient=orient)

    monkeypatch.setitem(sys.modules, "pandas", types.SimpleNamespace(DataFrame=DataFrame))
    long_table().to_pandas()
    assert len(seen) == 83
    assert seen["orient"] == "index"


# --- ArviZ


def test_the_tree_has_theta_where_nothing_is_natural() -> None:
    pytest.importorskip("arviz_base")
    draws = hamiltonian(names=["alpha[2]", "alpha[0]", "alpha[1]", "a/b"])
    with pytest.warns(UserWarning, match="in the tree 'a/b' is 'a|b':"):
        tree = draws.to_arviz()
    assert set(tree.children) == {"posterior", "sample_stats"}
    posterior = tree["posterior"]
    assert set(posterior.data_vars) == {"alpha", "a|b"}
    assert posterior["alpha"].dims == ("chain", "draw", "alpha_dim_0")
    for k in range(3):
        np.testing.assert_array_equal(posterior["alpha"].sel(alpha_dim_0=k), draws[f"alpha[{k}]"])
    assert posterior["a|b"].dims == ("chain", "draw")
    np.testing.assert_array_equal(posterior["a|b"], draws["a/b"])
    named = hamiltonian(names=["b[x]", "b[y]", "b[x:y]", "s"]).to_arviz()["posterior"]["b"]
    assert named["b_dim_0"].values.tolist() == ["x", "y", "x:y"]


def test_the_tree_has_the_natural_quantities_instead() -> None:
    pytest.importorskip("arviz_base")
    array = hamiltonian().array
    draws = hamiltonian(natural={"sigma": np.exp(array[:, :, 3]), "beta": array[:, :, 1:3]})
    posterior = draws.to_arviz()["posterior"]
    assert {name: x.shape for name, x in posterior.data_vars.items()} == {
        "sigma": (4, 1000),
        "beta": (4, 1000, 2),
    }
    np.testing.assert_array_equal(posterior["beta"], array[:, :, 1:3])


@pytest.mark.parametrize(
    ("names", "theirs"),
    [
        (["a", "a[0]", "a[1]", "s"], ["a", "a[0]", "a[1]", "s"]),
        (["draw", "chain", "a/b", "a|b"], ["draw_", "chain_", "a|b", "a|b_"]),
    ],
)
def test_the_tree_loses_no_quantity(names: list[str], theirs: list[str]) -> None:
    pytest.importorskip("arviz_base")
    draws = hamiltonian(names=names)
    changed = [
        f"'{own}' is '{name}'" for own, name in zip(names, theirs, strict=True) if name != own
    ]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        posterior = draws.to_arviz()["posterior"]
    assert len(told) == bool(changed)
    assert all(pair in str(warning.message) for warning in told for pair in changed)
    assert list(posterior.data_vars) == theirs
    for own, name in zip(names, theirs, strict=True):
        np.testing.assert_array_equal(posterior[name], draws[own])


def test_a_quantity_may_be_called_as_the_axis_of_another() -> None:
    pytest.importorskip("arviz_base")
    draws = hamiltonian(names=["alpha_dim_0", "alpha[0]", "alpha[1]", "s"])
    with pytest.warns(UserWarning, match="in the tree 'alpha_dim_0' is 'alpha_dim_0_'"):
        posterior = draws.to_arviz()["posterior"]
    assert set(posterior.data_vars) == {"alpha_dim_0_", "alpha", "s"}
    np.testing.assert_array_equal(posterior["alpha_dim_0_"], draws["alpha_dim_0"])


def test_the_tree_calls_the_stats_as_arviz_does() -> None:
    pytest.importorskip("arviz_base")
    draws = hamiltonian()
    stats = draws.to_arviz()["sample_stats"]
    ours = {
        "lp": "logp",
        "acceptance_rate": "accept_prob",
        "energy": "energy",
        "diverging": "divergent",
        "tree_depth": "depth",
        "n_steps": "n_gradients",
        "step_size": "step_size",
    }
    assert set(stats.data_vars) == set(ours)
    for name, own in ours.items():
        np.testing.assert_array_equal(stats[name], draws.stats[own])
    assert stats["diverging"].dtype == bool


def test_metropolis_draws_have_a_tree_too() -> None:
    pytest.importorskip("arviz_base")
    walk = hamiltonian()
    accepted = np.arange(4000).reshape(4, 1000) % 4 == 0
    walk = replace(walk, stats={"logp": walk.stats["logp"], "accepted": accepted})
    np.testing.assert_array_equal(walk.to_arviz()["sample_stats"]["accepted"], accepted)


def test_without_arviz_draws_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arviz_base", None)
    with pytest.raises(ImportError, match=r"pip install 'mcmc_edu\[arviz\]'"):
        hamiltonian().to_arviz()


# --- the file


def everything() -> Draws:
    array = hamiltonian(draws=20).array
    return hamiltonian(
        draws=20,
        array=array,
        names=["alpha[0]", "α\\β", "a/b", "log_sigma.npy"],
        stats={"energy": np.where(np.arange(20) == 3, np.nan, -0.0) * np.ones((4, 1))},
        natural={"sigma": np.exp(array[:, :, 3]), "σ²\\x": array[:, :, :2], "σ²|x": array[:, :, 3]},
        settings={
            "sampler": me.Metropolis(covariance=np.diag([1.0, 2.0, 3.0, 4.0])),
            "draws": np.int64(500),
            "seed": 2**127 + 1,
            "rate": np.float64(0.1),
            "limits": (-np.inf, [np.nan, None, True]),
            "function": test_stems_choose_what_is_summarised,
        },
        tuning=[State(np.arange(3.0), -0.5), State(np.ones(3), 1e-300)],
        complete=False,
        divergences=array[0, :2],
    )


def same(a: object, b: object) -> None:
    """Equal to the bit, types included; numbers of NumPy may come back as Python's."""
    if isinstance(a, np.generic):
        a = a.item()
    assert type(a).__name__ == type(b).__name__
    if isinstance(a, np.ndarray):
        assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
    elif isinstance(a, dict):
        assert list(a) == list(b)
        for key in a:
            same(a[key], b[key])
    elif isinstance(a, (list, tuple)):
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif hasattr(a, "__dataclass_fields__"):
        same(vars(a), vars(b))
    else:
        assert a == b or (a != a and b != b)


def test_every_field_comes_back(tmp_path: Path) -> None:
    draws = everything()
    draws.save(tmp_path / "a.npz")
    found = load(str(tmp_path / "a.npz"))
    text = found.settings.pop("function")
    assert text == repr(draws.settings.pop("function"))
    assert set(vars(draws)) == set(Draws.__dataclass_fields__)
    for field in Draws.__dataclass_fields__:
        same(getattr(draws, field), getattr(found, field))
    assert isinstance(found.settings["sampler"], me.Metropolis)
    assert isinstance(found.tuning[1], State)
    assert str(found.summary()) == str(draws.summary())


def test_what_was_sampled_comes_back(tmp_path: Path) -> None:
    seed = np.random.SeedSequence([1, 2**80], spawn_key=(3,))
    arguments = {"sampler": me.Metropolis(scale=2.4), "draws": 50, "warmup": 5, "chains": 2}
    draws = me.sample(lambda t, data: -0.5 * t[0] * t[0], [0.0], seed=seed, **arguments)
    draws.save(tmp_path / "a.npz")
    found = load(tmp_path / "a.npz")
    assert found.settings["sampler"] == draws.settings["sampler"]
    assert found.settings["seed"].state == seed.state
    again = me.sample(
        lambda t, data: -0.5 * t[0] * t[0],
        [0.0],
        seed=found.settings["seed"],
        **arguments | {"sampler": found.settings["sampler"]},
    )
    np.testing.assert_array_equal(again.array, draws.array)


def test_classes_that_are_not_ours_come_back_looking_the_same(tmp_path: Path) -> None:
    draws = hamiltonian(tuning=[Settled(0.25, np.ones(2))])
    draws.save(tmp_path / "a.npz")
    found = load(tmp_path / "a.npz")
    assert repr(found.tuning) == repr(draws.tuning)
    assert repr(found.settings["sampler"]) == "Walker(scale=2.0)"
    assert not isinstance(found.settings["sampler"], Walker)


def test_a_sampler_whose_settings_have_changed_since_still_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hamiltonian(settings={"sampler": me.Metropolis(scale=0.5)}).save(tmp_path / "a.npz")

    @dataclass(frozen=True)
    class Metropolis:
        stride: float

    monkeypatch.setattr("mcmc_edu.samplers.metropolis.Metropolis", Metropolis)
    found = load(tmp_path / "a.npz").settings["sampler"]
    assert repr(found) == "Metropolis(scale=0.5, covariance=None)"


def test_numpy_alone_can_read_the_arrays(tmp_path: Path) -> None:
    draws = hamiltonian()
    draws.save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["array"], draws.array)
        np.testing.assert_array_equal(file["stats/depth"], draws.stats["depth"])


def test_saving_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    hamiltonian(seed=1).save(tmp_path / "a.npz")
    hamiltonian(seed=2).save(tmp_path / "a.npz")
    np.testing.assert_array_equal(load(tmp_path / "a.npz").array, hamiltonian(seed=2).array)
    assert os.listdir(tmp_path) == ["a.npz"]


@pytest.mark.parametrize("step", ["np.savez", "os.replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_failure_leaves_the_file_that_was_there(
    step: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args, **kwargs):
        raise error

    path = tmp_path / "a.npz"
    hamiltonian(seed=1).save(path)
    with monkeypatch.context() as patch:
        patch.setattr(f"mcmc_edu.storage.{step}", fails)
        message = "cannot save draws: No space left" if isinstance(error, OSError) else None
        with pytest.raises(type(error), match=message):
            hamiltonian(seed=2).save(path)
    np.testing.assert_array_equal(load(path).array, hamiltonian(seed=1).array)
    assert os.listdir(tmp_path) == ["a.npz"]


@pytest.mark.parametrize("name", ["draws.csv", "draws", ".npz"])
def test_the_suffix_is_npz(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"must end in \.npz"):
        hamiltonian().save(tmp_path / name)


def test_a_folder_that_is_missing_or_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"give a folder that exists.*gone.*a\.npz"):
        hamiltonian().save(tmp_path / "gone" / "a.npz")
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match=r"cannot save draws.*a\.npz"):
        hamiltonian().save(tmp_path / "file" / "a.npz")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.npz.*no file"):
        load(tmp_path / "gone.npz")


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    for content in (b"", b"hello", b"PK\x03\x04", pickle.dumps(3)):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"a\.npz' holds no draws of mcmc_edu.*save the draws"):
            load(path)
    for arrays in ({"x": np.ones(3)}, {"tree": np.ones(2)}, {"tree": np.array("{")}):
        np.savez(path, **arrays)
        with pytest.raises(ValueError, match="holds no draws of mcmc_edu"):
            load(path)


def saved_with(path: Path, **header) -> None:
    """Draws saved, then the header changed."""
    hamiltonian().save(path)
    with np.load(path) as file:
        arrays = dict(file)
    tree = json.loads(str(arrays.pop("tree"))) | header
    np.savez(path, tree=np.array(json.dumps(tree)), **arrays)


def test_a_format_too_new_is_refused(tmp_path: Path) -> None:
    saved_with(tmp_path / "a.npz", by="9.1")
    load(tmp_path / "a.npz")
    saved_with(tmp_path / "a.npz", version=storage.VERSION + 1, by="9.1", values={"new": {"?": 1}})
    with pytest.raises(ValueError, match=r"a\.npz.*by mcmc_edu 9\.1 in format 3.*install a newer"):
        load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"array": {"array": "gone"}},
        {"array": {"spell": "x"}},
        {"array": {"record": {"class": "system", "module": "os", "tuple": False}}},
    ],
)
def test_a_tree_that_does_not_fit_is_refused(values, tmp_path: Path) -> None:
    saved_with(tmp_path / "a.npz", values=values)
    with pytest.raises(ValueError, match="holds no draws of mcmc_edu"):
        load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("place", "name"),
    [("os", "remove"), ("mcmc_edu.samplers.metropolis", "entry"), ("mcmc_edu.table", "Table")],
)
def test_a_file_calls_no_function(place: str, name: str, tmp_path: Path) -> None:
    """Only the dataclasses and NamedTuples of the samplers are looked up."""
    record = {"class": name, "module": place, "tuple": False, "fields": {"rows": "x"}}
    path = tmp_path / "a.npz"
    saved_with(path)
    with np.load(path) as file:
        values = json.loads(str(file["tree"]))["values"]
    saved_with(path, values=values | {"settings": {"dict": {"sampler": {"record": record}}}})
    found = load(path).settings["sampler"]
    assert not isinstance(found, Table)
    assert repr(found) == f"{name}(rows='x')"


class Trap:
    def __reduce__(self):
        return os.mkdir, ("sprung",)


def test_a_pickle_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.npz"
    hamiltonian().save(path)
    with np.load(path) as file:
        arrays = dict(file)
    trap = np.empty(1, dtype=object)
    trap[0] = Trap()
    np.savez(path, **arrays | {"array": trap})
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load(path)
    assert os.listdir(tmp_path) == ["a.npz"]


def test_damage_is_noticed(tmp_path: Path) -> None:
    """Bytes changed and files cut short at random: a ValueError, or no harm."""
    whole, path = hamiltonian(draws=10), tmp_path / "a.npz"
    whole.save(path)
    content, rng, refused = path.read_bytes(), np.random.default_rng(0), 0
    for k in range(200):
        at = int(rng.integers(len(content)))
        damaged = bytearray(content)
        damaged[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged if k % 2 else content[:at])
        with contextlib.suppress(ValueError):
            found = load(path)
            refused -= 1
            np.testing.assert_array_equal(found.array, whole.array)
            assert str(found.summary()) == str(whole.summary())
        refused += 1
    assert refused > 150
