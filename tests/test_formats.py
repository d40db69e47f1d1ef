"""Files of version 0.1.0, which wrote format 1, see reference/format_1.py."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu import storage
from mcmc_edu.models.verbs import saving
from mcmc_edu.regression.prior_choice import resolved

FOLDER = Path(__file__).parent / "reference" / "format_1"
SAID = json.loads((FOLDER / "said.json").read_text(encoding="utf-8"))
NEW = {"x": [48.0, 52.0], "c": ["a", "b"], "g": ["level 0", "level 1"], "n": [8, 8]}


@pytest.mark.parametrize("name", SAID)
def test_a_fit_of_format_1_is_what_it_was(name: str) -> None:
    """Its priors in the data's units, its forms, and what it predicts."""
    fit, said = me.load_fit(FOLDER / f"{name}.npz"), SAID[name]
    assert str(fit.model.prior_summary()) == said["prior_summary"]
    assert [choice.plain()[0] for choice in fit.model.choices] == said["forms"]
    predicted = fit.linpred().mean(axis=(0, 1))[:5]
    np.testing.assert_allclose(predicted, said["predicted"], rtol=1e-10)
    if said["new"] is not None:
        new = fit.epred(NEW).mean(axis=(0, 1)).reshape(-1)
        np.testing.assert_allclose(new, np.ravel(said["new"]), rtol=1e-10)


@pytest.mark.parametrize("name", SAID)
def test_the_density_of_a_fit_of_format_1_is_what_it_was(name: str) -> None:
    """At every draw: the units and priors, with their constants, are those it was fitted with."""
    fit = me.load_fit(FOLDER / f"{name}.npz")
    assembled, grad = fit.model.assembled, np.empty(fit.draws.array.shape[2])
    for theta, logp in zip(fit.draws.array[0], fit.draws.stats["logp"][0], strict=True):
        found = assembled.log_density(np.ascontiguousarray(theta), grad, assembled.data)
        assert found == pytest.approx(float(logp), rel=1e-10)


@pytest.mark.parametrize("name", SAID)
def test_a_fit_of_format_1_saved_again_keeps_its_priors(name: str, tmp_path: Path) -> None:
    fit = me.load_fit(FOLDER / f"{name}.npz")
    fit.save(tmp_path / "fit.npz")
    assert storage.read(tmp_path / "fit.npz")["model"]["version"] == 2 < saving.VERSION
    again = me.load_fit(tmp_path / "fit.npz")
    assert str(again.model.prior_summary()) == SAID[name]["prior_summary"]
    np.testing.assert_array_equal(again.epred(), fit.epred())


def same_fields(one: object, other: object) -> None:
    for name, value in vars(one).items():
        if name == "terms":
            for a, b in zip(value, getattr(other, name), strict=True):
                same_fields(a, b)
        else:
            np.testing.assert_array_equal(value, getattr(other, name))


@pytest.mark.parametrize("name", SAID)
def test_a_fit_keeps_what_its_defaults_came_to(name: str, tmp_path: Path, monkeypatch) -> None:
    """To load it nothing is chosen or measured anew, whatever today's defaults are."""
    fit = me.load_fit(FOLDER / f"{name}.npz")
    fit.save(tmp_path / "fit.npz")

    def never(*arguments) -> None:
        raise AssertionError("a fit in a file has its priors and units")

    monkeypatch.setattr(resolved, "choose", never)
    monkeypatch.setattr(resolved, "coordinates", never)
    monkeypatch.setattr(resolved, "units_format_1", never)
    loaded = me.load_fit(tmp_path / "fit.npz")
    assert loaded.model.priors == fit.model.priors
    same_fields(loaded.model.units, fit.model.units)
    np.testing.assert_array_equal(loaded.epred(), fit.epred())


def test_a_model_refitted_from_a_file_has_the_priors_of_the_file(tmp_path: Path) -> None:
    fit = me.load_fit(FOLDER / "gaussian.npz")
    again = fit.model.fit(draws=10, warmup=20, chains=2, seed=1, progress=False)
    assert str(again.model.prior_summary()) == SAID["gaussian"]["prior_summary"]


def test_draws_of_format_1_are_read() -> None:
    draws = me.load(FOLDER / "draws.npz")
    assert draws.array.shape == (2, 10, 1)
    assert draws.settings["sampler"] == me.Metropolis(scale=1.0)


def test_a_partial_file_of_format_1_is_refused_by_name(tmp_path: Path) -> None:
    """A run that version 0.1.0 began cannot be resumed: its draws would go on differently."""
    shutil.copy(FOLDER / "run.partial.npz", tmp_path)
    with pytest.raises(ValueError, match=r"another version of mcmc_edu: there '0\.1\.0', here"):
        me.sample(
            lambda theta, data: -0.5 * theta[0] * theta[0],
            [0.0],
            draws=60,
            seed=1,
            sampler=me.Metropolis(scale=1.0),
            chains=2,
            file=tmp_path / "run.npz",
        )
