"""A survey experiment on an ally's war: simulated, with the truth about who responds to what.

People read of a country that is attacked.  Some are told that it is an ally; what else they read is
drawn by lot, too.  Would they send their own soldiers to help?  An ally makes more people say yes;
how many more depends on who is asked, and on the story.

    P(yes) = logit^-1(a + z b + a_g + ally (c + z d + d_g + story))

z are the person's characteristics, g is the group of people who are alike in all of them.  The
inverse logit keeps all probabilities between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.special import expit

from ..compiling import FloatArray
from .columns import Columns

PEOPLE = 1200
WHITE, MALE = 0.76, 0.5
HAWK = (0.08, 0.20, 0.44, 0.20, 0.08)
INTL = (0.08, 0.17, 0.30, 0.28, 0.17)
"""Shares of the answers 1 to 5: how hawkish, how internationalist."""
LEVEL = (-0.0445, -0.2792, 0.2026, 0.7280, 0.7947)
EFFECT = (1.0697, 0.8634, 0.4331, -0.0524, 0.8761)
"""Intercept and coefficients of white, male, hawk and intl on the logit scale, the latter two
centred and divided by two sds: those of support without an ally, and of the effect of an ally.

They are solved for: in the population, least squares of the answers, the linear probability model
of the text, has its estimates.  Without an ally: .490, -.065, .047, .169, .185; of the effect:
.205, .144, .034, -.083, .038.
"""
STORY: dict[str, dict[str, float]] = {
    "regime": {"democracy": -0.5, "dictatorship": 0.5},
    "stakes": {"high": -0.45, "low": 0.45},
    "costs": {"high": 0.25, "low": -0.25},
    "region": {"Africa": 0.3, "Asia": 0.3, "Eastern Europe": -0.9, "Latin America": 0.3},
}
"""What the story adds to the effect of an ally on the logit scale; each sums to 0."""
SD_LEVEL, SD_EFFECT = 0.14, 0.25
"""Sds of a_g and d_g: about those of the text, .029 and .046, where the slope of the inverse logit
is a fifth."""


@dataclass(frozen=True)
class SimulatedAlliance:
    """Answers of the people asked, and what they would have said in both arms."""

    people: Columns
    """`support` (0, 1); the treatments `ally` (0, 1), `regime`, `stakes`, `costs`, `region`; and
    `white`, `male` (0, 1), `hawk`, `intl` (1 to 5)."""
    probability: FloatArray
    """Probability of support without and with an ally, the story as it was, shape (people, 2)."""
    _groups: FloatArray
    """a_g and d_g of each person, shape (people, 2)."""

    def truth(self, **values: Any) -> float:
        """Return the true effect of an ally on the share of support.

        Of people, the effect is that in those who have the values; of the story, that in all
        of these people if each had read it.  Elements of the story that are not given are
        averaged over, each version counting alike.

        Examples
        --------
        >>> made = simulate_alliance(seed=1)
        >>> made.truth(white=1, male=1) > made.truth(white=0)
        True
        >>> made.truth(regime="dictatorship") > made.truth(regime="democracy")
        True
        """
        chosen = np.ones(self.people["ally"].size, dtype=bool)
        story = {name: list(versions) for name, versions in STORY.items()}
        for name, value in values.items():
            if name in story:
                if value not in STORY[name]:
                    raise ValueError(
                        f"{name}={value!r}: expected one of {', '.join(map(repr, STORY[name]))}"
                    )
                story[name] = [value]
            elif name in ("white", "male", "hawk", "intl"):
                chosen &= np.asarray(self.people[name]) == value
            else:
                raise ValueError(
                    f"{name!r}: expected white, male, hawk, intl, or of the story "
                    f"{', '.join(STORY)}"
                )
        if not chosen.any():
            raise ValueError(f"no person has {values!r}")
        some = {name: column[chosen] for name, column in self.people.items()}
        effects = []
        for versions in product(*story.values()):
            added = sum(STORY[name][v] for name, v in zip(story, versions, strict=True))
            both = _probability(some, self._groups[chosen], np.full(chosen.sum(), added))
            effects.append((both[:, 1] - both[:, 0]).mean())
        return float(np.mean(effects))


def simulate_alliance(seed: int | np.random.SeedSequence | None = None) -> SimulatedAlliance:
    """Simulate a survey experiment like that of the text on heterogeneous effects.

    1200 people in 100 groups, all combinations of white, male, hawk and intl, of which some have
    one person.  Among those not told of an ally 46 % support a war, of the others 80 %.

    Parameters
    ----------
    seed
        Seed of the random numbers.

    Returns
    -------
    SimulatedAlliance

    Source
    ------
    J. Alley (2023), *Using Bayesian Hierarchical Models to Estimate Heterogeneous Effects*, for the
    design of the experiment, after M. Tomz and J. Weeks (2021), and for the estimates that the
    data are made to have; all answers are simulated.

    Examples
    --------
    >>> made = simulate_alliance(seed=1)
    >>> made.people["support"].size, round(float(made.probability[:, 0].mean()), 2)
    (1200, 0.46)
    """
    rng = np.random.default_rng(seed)
    kinds = np.array(list(product((0, 1), (0, 1), range(1, 6), range(1, 6))))
    share = np.array([_share(*kind) for kind in kinds.tolist()])
    size = rng.multinomial(PEOPLE, share)
    while (size == 0).any():  # someone of each kind is asked
        size[size.argmax()] -= 1
        size[np.flatnonzero(size == 0)[0]] += 1
    group = rng.permutation(np.repeat(np.arange(size.size), size))
    white, male, hawk, intl = kinds[group].T
    people: dict[str, Any] = {"ally": rng.integers(0, 2, PEOPLE)}
    for name, versions in STORY.items():
        people[name] = np.array(list(versions))[rng.integers(0, len(versions), PEOPLE)]
    people |= {"white": white, "male": male, "hawk": hawk, "intl": intl}
    deviations = rng.normal(0.0, (SD_LEVEL, SD_EFFECT), (size.size, 2))[group]
    story = np.sum([[STORY[name][v] for v in people[name].tolist()] for name in STORY], axis=0)
    probability = _probability(people, deviations, story)
    chosen = probability[np.arange(PEOPLE), people["ally"]]
    support = (rng.random(PEOPLE) < chosen).astype(np.int64)
    return SimulatedAlliance(Columns({"support": support} | people), probability, deviations)


def _share(white: int, male: int, hawk: int, intl: int) -> float:
    """Share of a kind of people in the population."""
    return (
        (WHITE if white else 1.0 - WHITE)
        * (MALE if male else 1.0 - MALE)
        * HAWK[hawk - 1]
        * INTL[intl - 1]
    )


def _rescaled(answers: Any, shares: tuple[float, ...]) -> FloatArray:
    """Centre answers 1 to 5 and divide them by two sds, those of the population."""
    values, weights = np.arange(1.0, 6.0), np.array(shares)
    mean = weights @ values
    sd = np.sqrt(weights @ (values - mean) ** 2)
    return np.asarray((np.asarray(answers) - mean) / (2.0 * sd))


def _probability(people: Any, deviations: FloatArray, story: FloatArray) -> FloatArray:
    """Probability of support without and with an ally, shape (people, 2)."""
    hawk, intl = _rescaled(people["hawk"], HAWK), _rescaled(people["intl"], INTL)
    x = np.column_stack([np.ones(story.size), people["white"], people["male"], hawk, intl])
    without = x @ np.array(LEVEL) + deviations[:, 0]
    effect = x @ np.array(EFFECT) + deviations[:, 1] + story
    return np.asarray(expit(np.column_stack([without, without + effect])))
