"""What is said of draws that no known bug explains: where to look first, by what is seen."""

from dataclasses import replace

import numpy as np
import pytest

from mcmc_edu.exercises.catalogue import find
from mcmc_edu.exercises.chance.telling import Look, look, thought, thought_of_parts
from mcmc_edu.exercises.checking import examine_here

RULE = Look(np.array([1.0, 2.0]), np.array([1.0, 3.0]), 0.5, np.array([1.0, 1.5]), 400)


def test_what_is_seen_of_a_chain():
    path = np.array([[0.0, 1.0], [0.0, 1.0], [2.0, 1.0], [2.0, 5.0]])
    seen = look(path)
    assert seen.mean == pytest.approx([4.0 / 3.0, 7.0 / 3.0])
    assert seen.sd == pytest.approx(path[1:].std(axis=0))
    assert seen.repeats == pytest.approx(1.0 / 3.0)
    assert seen.move == pytest.approx([np.sqrt(2.0), np.sqrt(8.0)])
    assert seen.draws == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"repeats": 1.0}, "It never moves."),
        ({"repeats": 0.7}, "It stays more often than a right answer. How is"),
        ({"repeats": 0.3}, "It stays less often than a right answer. How is"),
        (
            {"repeats": 0.3, "sd": np.array([1.0, 7.0])},
            "right answer, and its draws are far too wi",
        ),
        (
            {"repeats": 0.7, "sd": np.array([1.2, 0.9])},
            "right answer, and its draws are far too na",
        ),
        (
            {"repeats": 0.3, "sd": np.array([1.0, 4.5])},
            "It stays less often than a right answer. H",
        ),
        (
            {"repeats": 0.3, "sd": np.array([0.0, 3.0])},
            "It stays less often than a right answer. H",
        ),
        ({"repeats": 0.57, "move": np.array([1.0, 2.0])}, "but its moves are longer"),
        ({"move": np.array([0.7, 1.5])}, "but its moves are shorter"),
        ({"mean": np.array([9.0, 9.0])}, "So where does it go?"),
    ],
)
def test_where_to_look_first(changes, words):
    assert words in thought(replace(RULE, **changes), RULE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mean": np.array([1.0, 4.0])}, "The draws of sigma are not"),
        ({"sd": np.array([1.6, 3.0])}, "The draws of mu are not"),
        ({"mean": np.array([2.0, 4.0])}, "The draws of mu and of sigma are not"),
        ({}, "which value of the other unknown is it drawn with?"),
    ],
)
def test_which_unknown_to_look_at(changes, words):
    assert words in thought_of_parts(replace(RULE, **changes), RULE, ("mu", "sigma"))


def test_a_new_group_without_a_name_has_something_to_think_about():
    def half_the_noise(beta, Sigma, sigma, x, rng):
        lines = beta + np.einsum(
            "sij,sj->si", np.linalg.cholesky(Sigma), rng.standard_normal(beta.shape)
        )
        noise = rng.standard_normal((len(beta), len(x)))
        return lines[:, :1] + lines[:, 1:] * x + 0.5 * sigma[:, None] * noise

    result = examine_here(find("new_group"), half_the_noise, 1)
    assert not result.passed
    assert ("Take sigma = 0" in " ".join(result.message.split())) == (result.bug is None), result
    assert result.bug is None
