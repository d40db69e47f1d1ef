"""What is said of priors, and where it is not said."""

from __future__ import annotations

import numpy as np
import pytest

import mcmc_edu as me

N = 60


def data(levels: int = 12) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    columns = {name: rng.normal(size=N) for name in ("x", "w", "y")}
    names = np.array(["a", "b", "c"])[np.arange(N) % 3]
    return columns | {"year": 2000.0 + np.arange(N) % 9, "g": np.arange(N) % levels, "f": names}


CENTRED = "The intercept's prior is that of the intercept after centring all predictors."


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("y ~ x", [CENTRED]),
        ("y ~ x + w", [CENTRED, "x, w have one default prior together"]),
        ("y ~ 0 + f", ["The mean of the linear predictor over all rows", "have one default prior"]),
        ("y ~ 0 + x", ["The model has no intercept: the default prior of x is about 0"]),
        ("y ~ 1 + (1 | g)", [CENTRED]),
        ("y ~ 1 + (x | g)", [CENTRED, "(Intercept, x | g): default priors are for lines at the"]),
        ("y ~ 1 + (x || g)", [CENTRED]),
        ("y ~ 1 + (year || g)", [CENTRED, "independent where year is 0, as '||' says"]),
    ],
)
def test_a_model_says_what_its_defaults_are(formula: str, words: list[str]) -> None:
    notes = me.Model(formula, data()).prior_summary().notes
    assert len(notes) == len(words)
    for note, some in zip(notes, words, strict=True):
        assert some in note


def test_without_pooling() -> None:
    notes = me.Model("y ~ x + (x | g)", data(), pooling="none").prior_summary().notes
    assert len(notes) == 1
    assert "Every level's line has its default prior at the level's own means" in notes[0]


@pytest.mark.parametrize(("levels", "said"), [(2, True), (4, True), (5, False)])
def test_few_levels_are_told_of(levels: int, said: bool) -> None:
    model = me.Model("y ~ 1 + (1 | g)", data(levels))
    notes = [note for note in model.prior_summary().notes if "levels" in note]
    assert bool(notes) == said
    if said:
        assert notes[0].startswith(f"g has {levels} levels, which say little of their sd")
        given = me.Model("y ~ 1 + (1 | g)", data(levels), priors={"sd(g)": me.HalfT(3, 1)})
        assert not [note for note in given.prior_summary().notes if "levels" in note]


def test_a_fit_says_where_the_data_say_little() -> None:
    rare = {"x": np.repeat([0.0, 1.0], [57, 3]), "y": np.arange(N) % 2, "w": data()["w"]}
    rare["y"][57:] = 1
    settings = {"draws": 500, "chains": 2, "seed": 1, "progress": False}
    fit = me.Model("y ~ x + w", rare, family="bernoulli").fit(**settings)
    (note,) = [note for note in fit.remarks() if "say little" in note]
    assert note.startswith("The data say little of x (sd ")
    assert "w (sd" not in note
    assert note in fit.summary().notes
    given = me.Model("y ~ x + w", rare, family="bernoulli", priors={"b": me.Normal(0, 3)})
    assert given.fit(**settings).remarks() == []
