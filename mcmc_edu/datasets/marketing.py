"""A marketing experiment with four demographic factors: simulated, with its truth.

An offer is sent to half of the people, by lot.  What it does varies by every factor, less by their
pairs, and less again by their triples: the sds of these deviations halve with each order.

    eta_i = level + sum_S a_S[levels of i] + z_i (effect + sum_S d_S[levels of i]),
    S = {gender}, {race}, ..., {gender, race}, ..., {gender, race, generation}, ...
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import expit

from ..compiling import FloatArray
from .columns import Columns

LEVELS = {
    "gender": ("female", "male"),
    "race": ("Black", "other", "white"),
    "generation": ("boomer", "millennial", "X"),
    "kids": ("no", "yes"),
}
SHARES = {
    "gender": (0.52, 0.48),
    "race": (0.13, 0.22, 0.65),
    "generation": (0.33, 0.36, 0.31),
    "kids": (0.6, 0.4),
}
"""Of the people, factor by factor, independently."""


@dataclass(frozen=True)
class Sizes:
    """How large levels and effects are, on the scale of the linear predictor."""

    level: float
    level_sd: float
    """Sd of deviations of one factor's levels; half of it for pairs, a quarter for triples."""
    effect: float
    effect_sd: float
    noise: float
    """Sd of a person's outcome; 0 where it is a probability."""


SIZES = {
    "gaussian": Sizes(level=40.0, level_sd=6.0, effect=5.0, effect_sd=3.0, noise=15.0),
    "bernoulli": Sizes(level=-1.0, level_sd=0.5, effect=0.5, effect_sd=0.4, noise=0.0),
}
"""By family: dollars spent, or the logit of buying."""
LARGEST = 3
"""Most factors that interact."""


@dataclass(frozen=True)
class SimulatedMarketing:
    """Outcomes of an experiment, and what they would have been in both arms."""

    people: Columns
    """`spend` in dollars, or `bought` (0, 1); `offer` (0, 1); `gender`, `race`, `generation`,
    `kids`."""
    expected: FloatArray
    """Expected outcome without and with the offer, shape (people, 2)."""

    def truth(self, **values: str) -> float:
        """Return the true effect of the offer, on all people or on those with these values.

        Examples
        --------
        >>> made = simulate_marketing(seed=1)
        >>> overall, black_men = made.truth(), made.truth(race="Black", gender="male")
        >>> overall != black_men
        True
        """
        chosen = np.ones(len(self.expected), dtype=bool)
        for name, value in values.items():
            if name not in LEVELS or value not in LEVELS[name]:
                raise ValueError(
                    f"{name}={value!r}: expected levels of "
                    + "; ".join(f"{n}: {', '.join(known)}" for n, known in LEVELS.items())
                )
            chosen &= np.asarray(self.people[name]) == value
        if not chosen.any():
            raise ValueError(f"no person has {values!r}: ask for more people, or for fewer columns")
        return float((self.expected[chosen, 1] - self.expected[chosen, 0]).mean())


def simulate_marketing(
    seed: int | np.random.SeedSequence | None = None, people: int = 4000, family: str = "gaussian"
) -> SimulatedMarketing:
    """Simulate a marketing experiment, with effects that vary by who gets the offer.

    Parameters
    ----------
    seed
        Seed of the random numbers.
    people
        Number of them, 36 or more.
    family
        ``"gaussian"``, dollars spent, the column `spend`; or ``"bernoulli"``, the column `bought`.

    Returns
    -------
    SimulatedMarketing

    Raises
    ------
    ValueError
        If `people` or `family` is another.

    Source
    ------
    The question: a comment by White under A. Gelman's post on varying treatment effects, a
    marketing experiment with several demographic factors of two or three levels.  That interactions
    are the smaller the higher their order: A. Gelman, in the post.  All numbers are made up.

    Examples
    --------
    >>> made = simulate_marketing(seed=1)
    >>> list(made.people), made.people["spend"].size
    (['spend', 'offer', 'gender', 'race', 'generation', 'kids'], 4000)
    """
    if family not in SIZES:
        raise ValueError(f"family={family!r}: expected 'gaussian' or 'bernoulli'")
    if not isinstance(people, int | np.integer) or people < 36:
        raise ValueError(f"people={people!r}: expected an integer, 36 or more")
    rng, sizes = np.random.default_rng(seed), SIZES[family]
    codes = {name: rng.choice(len(p), people, p=p) for name, p in SHARES.items()}
    offer = rng.integers(0, 2, people)
    low = sizes.level + _deviations(rng, codes, sizes.level_sd)
    high = low + sizes.effect + _deviations(rng, codes, sizes.effect_sd)
    expected = np.column_stack([low, high])
    if family == "bernoulli":
        expected = expit(expected)
    own = expected[np.arange(people), offer]
    outcome: Any = rng.normal(own, sizes.noise) if sizes.noise else rng.random(people) < own
    if family == "bernoulli":
        outcome = outcome.astype(np.int64)
    name = "spend" if family == "gaussian" else "bought"
    columns = {factor: np.array(LEVELS[factor])[code] for factor, code in codes.items()}
    return SimulatedMarketing(Columns({name: outcome, "offer": offer} | columns), expected)


def _deviations(rng: np.random.Generator, codes: Mapping[str, Any], sd: float) -> FloatArray:
    """Add up the deviations of every set of factors; each draws one for each combination."""
    found = np.zeros(next(iter(codes.values())).size)
    for order in range(1, LARGEST + 1):
        for names in combinations(codes, order):
            drawn = rng.normal(0.0, sd * 0.5 ** (order - 1), _shape(names))
            found += drawn[tuple(codes[name] for name in names)]
    return found


def _shape(names: Sequence[str]) -> tuple[int, ...]:
    """Return the number of levels of each factor."""
    return tuple(len(LEVELS[name]) for name in names)
