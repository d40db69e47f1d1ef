"""A poll before an election, and the population that it is about: simulated, with its truth.

The respondents are not like the population: older people answer more often.  Poststratification
repairs that, as far as the cells hold what decides both answering and voting.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from ..compiling import FloatArray
from .columns import Columns

LEVELS = {
    "region": ("Midwest", "Northeast", "South", "West"),
    "gender": ("female", "male"),
    "density": ("rural", "suburban", "urban"),
    "age": ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    "income": ("lowest", "low", "middle", "high", "highest"),
}
SHARES = {
    "region": (0.21, 0.17, 0.38, 0.24),
    "gender": (0.52, 0.48),
    "density": (0.2, 0.5, 0.3),
    "age": (0.12, 0.18, 0.16, 0.16, 0.17, 0.21),
    "income": (0.2, 0.2, 0.2, 0.2, 0.2),
}
"""Of the population, factor by factor."""
ANSWERING = (0.3, 0.5, 0.8, 1.1, 1.5, 1.9)
"""How readily each age answers, compared with others."""
SDS = {"region": 0.34, "age": 0.62, "income": 0.08, "region:age": 0.06}
MALE, SUBURBAN, URBAN = 0.38, -0.19, -0.51
"""Estimates of the lecture's fit, on the logit scale: the sds of effects, and coefficients."""
NATIONAL = 0.47
RESPONDENTS, PEOPLE = 6009, 200_000_000
UNEVEN = 0.55
"""Shape of the gamma distribution by which the cells' sizes differ from the product of shares."""


@dataclass(frozen=True)
class SimulatedPoll:
    """Answers of a sample, and the cells of the population."""

    poll: Columns
    """Cells with respondents: `region`, `gender`, `density`, `age`, `income`; `n` respondents, of
    whom `votes` are for the candidate."""
    population: Columns
    """All cells, with `N`, the number of people."""
    share: FloatArray
    """True share of votes in each cell of the population, shape (cells,)."""

    def truth(self, **values: str) -> float:
        """Return the true share of votes, of all people or of those with these values.

        Examples
        --------
        >>> made = simulate_poll(seed=1)
        >>> round(made.truth(), 3), made.truth(region="West") != made.truth(region="South")
        (0.47, True)
        """
        weight = self.population["N"].astype(float)
        for name, value in values.items():
            weight = weight * (self.population[name] == value)
        return float(weight @ self.share / weight.sum())


def simulate_poll(seed: int | np.random.SeedSequence | None = None) -> SimulatedPoll:
    """Make a poll of 6009 people like the lecture's, and the table of its population.

    720 cells of region, gender, density, age and income; somewhat more than 500 of them have
    respondents.  47 % of the population vote for the candidate.

    Parameters
    ----------
    seed
        Seed of the random numbers.

    Returns
    -------
    SimulatedPoll

    Source
    ------
    B. Goodrich, lecture on hierarchical models with rstanarm and brms, for the factors and for the
    numbers that the data are made with; the names of levels and the shares are made up.

    Examples
    --------
    >>> made = simulate_poll(seed=1)
    >>> int(made.poll["n"].sum()), len(made.population["N"])
    (6009, 720)
    """
    rng = np.random.default_rng(seed)
    cells = np.array(list(product(*(range(len(levels)) for levels in LEVELS.values())))).T
    code = dict(zip(LEVELS, cells, strict=True))
    code["region:age"] = code["region"] * len(LEVELS["age"]) + code["age"]
    size = np.prod([np.array(SHARES[name])[code[name]] for name in LEVELS], axis=0)
    size *= rng.gamma(UNEVEN, size=size.size)
    size /= size.sum()
    eta = MALE * (code["gender"] == 1)
    eta = eta + np.array([0.0, SUBURBAN, URBAN])[code["density"]]
    for name, sd in SDS.items():
        eta = eta + rng.normal(0.0, sd, code[name].max() + 1)[code[name]]
    intercept = brentq(lambda a: size @ expit(a + eta) - NATIONAL, -20.0, 20.0)
    share = expit(intercept + eta)
    answering = size * np.array(ANSWERING)[code["age"]]
    n = rng.multinomial(RESPONDENTS, answering / answering.sum())
    votes = rng.binomial(n, share)
    named = {name: np.array(levels)[code[name]] for name, levels in LEVELS.items()}
    asked = n > 0
    poll = {name: values[asked] for name, values in named.items()}
    return SimulatedPoll(
        Columns(poll | {"n": n[asked], "votes": votes[asked]}),
        Columns(named | {"N": np.maximum(np.round(PEOPLE * size), 1.0)}),
        share,
    )
