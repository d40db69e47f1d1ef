"""All families of outcomes, by name and link."""

from __future__ import annotations

from .family import Family
from .records import binomial
from .records.beta import BETA
from .records.categorical import CATEGORICAL
from .records.gamma import GAMMA
from .records.gaussian import GAUSSIAN
from .records.lognormal import LOGNORMAL
from .records.negbin import NEGATIVE_BINOMIAL
from .records.ordered import ORDERED
from .records.poisson import POISSON
from .records.student import STUDENT

RECORDS = (
    GAUSSIAN,
    STUDENT,
    binomial.LOGIT,
    binomial.PROBIT,
    POISSON,
    NEGATIVE_BINOMIAL,
    GAMMA,
    LOGNORMAL,
    BETA,
    ORDERED,
    CATEGORICAL,
)

FAMILIES = {(family.name, family.link): family for family in RECORDS}
"""By name and link; the first link of a name is the usual one."""

ALIASES = {other: family.name for family in RECORDS for other in family.also_called}


def names() -> list[str]:
    """Names of all families, and the one alias that everybody knows."""
    return list(dict.fromkeys([*(family.name for family in RECORDS), "bernoulli"]))


def family_of(name: str, link: str | None = None) -> Family:
    """Look a family up; its usual link is the first that is listed.

    Raises
    ------
    ValueError
        If there is none of that name or with that link.
    """
    known = ALIASES.get(name, name)
    links = [key[1] for key in FAMILIES if key[0] == known]
    if not links:
        raise ValueError(f"family is {name!r}; it must be one of {', '.join(map(repr, names()))}")
    if link is not None and link not in links:
        raise ValueError(f"link is {link!r}; the {name} family has {' or '.join(map(repr, links))}")
    return FAMILIES[known, link or links[0]]
