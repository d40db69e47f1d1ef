"""Priors that are refused: those of parameters that a model lacks, and two of one parameter."""

from __future__ import annotations

from difflib import get_close_matches

from ...families.family import Family
from ...formulas import Design, Grouping
from ...priors.joint import Decov
from ...priors.univariate import Prior
from .names import CLASSES, given_for_one, has_correlations, names_with_priors, scale_names
from .records import Given


def check(design: Design, family: Family, given: Given, unpooled: bool) -> None:
    """Refuse priors of parameters that the model lacks, and two of one: see `choose`."""
    _check_names(design, family, given, unpooled)
    if not unpooled:
        _refuse_contradictions(design, given)


def _check_names(design: Design, family: Family, given: Given, unpooled: bool) -> None:
    names = names_with_priors(design, family, unpooled)
    for name, prior in given.items():
        if not isinstance(prior, Prior):
            raise ValueError(
                f"prior of {name} is {prior!r}; give a prior such as me.Normal(0, 2.5)"
            )
        if name not in names and name not in CLASSES:
            near = get_close_matches(name, names, 3) or names
            raise ValueError(
                f"priors names {name!r}, which this model has not; it has {', '.join(near)}"
            )


def _refuse_contradictions(design: Design, given: Given) -> None:
    """Refuse two priors of the same, of which only one would count."""
    for g in design.groupings:
        chosen = next((name for name in scale_names(g) if name in given), None)
        _refuse_one_beside_all(design, g, given, chosen)
        if chosen is None:
            continue
        narrow = chosen not in CLASSES
        ending = f"({g.name})" * narrow
        others = [f"covariance{ending}"] if chosen == f"sd{ending}" else []
        if isinstance(given[chosen], Decov) and has_correlations(g):
            others += [f"cor({g.name})"] + ["cor"] * (not narrow)
        idle_too = [name for name in others if name in given]
        if idle_too:
            raise ValueError(
                f"priors have both {chosen!r} and {idle_too[0]!r}, and the second would not count "
                f"for {g.name}: 'covariance' is of standard deviations and correlations together; "
                "give it, or 'sd' and 'cor'"
            )


def _refuse_one_beside_all(design: Design, g: Grouping, given: Given, chosen: str | None) -> None:
    """Refuse the prior of one sd where all of them, and correlations, have one together."""
    single = [given_for_one(given, design, g, k) for k in range(len(g.names))]
    one = next((name for name in single if name), None)
    if one is None:
        return
    joint = chosen is not None and isinstance(given[chosen], Decov) and not all(single)
    both = (
        f"covariance({g.name})" if f"covariance({g.name})" in given else chosen if joint else None
    )
    if both is not None:
        raise ValueError(
            f"priors have both {one!r} and {both!r}, which is of all standard deviations and "
            f"correlations of {g.name} together; give it, or 'sd({g.name})' for the others"
        )
