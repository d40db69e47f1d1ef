"""Names that a prior can be given for.

A prior can be given for a class of parameters or for one of them, the narrower before the wider:

    "Intercept"                          of the intercept after centring all predictors
    "b", "Days"                          of all other common coefficients; of one
    "sd", "sd(Subject)"                  of the standard deviations of all terms; of one term
    "sd(Subject: Days)"                  of one of them; of others of the term the default is then
                                         that where all predictors are 0
    "cor", "cor(Subject)"                LKJ, of the correlations
    "covariance", "covariance(Subject)"  Decov, of both together
    "sigma", "nu", "phi", "shape"        of the family's own parameters
    "threshold"                          of every threshold between ordered categories

Of a categorical outcome every name is of all categories, and "red: Days" of one.

A name of one parameter or term must be one that the model has.  The classes "b", "sd", "cor" and
"covariance" may have no member, so that models with and without them can share their priors.
"""

from __future__ import annotations

from ...families.categories import predictor
from ...families.family import Family
from ...formulas import INTERCEPT, Design, Grouping
from .records import Given

CLASSES = ("b", "sd", "cor", "covariance")
"""Names that a model need not have: one set of priors can serve models with and without them."""


def unused_classes(design: Design, family: Family, given: Given, unpooled: bool) -> list[str]:
    """List classes that have a prior and, in this model, no member."""
    return [name for name in given if name not in names_with_priors(design, family, unpooled)]


def names_with_priors(design: Design, family: Family, unpooled: bool) -> list[str]:
    """List all that a prior can be given for, with the classes that have a member."""
    own = ("threshold",) if family.thresholds else family.own
    coefficients, found = list(design.names), []
    for grouping in design.groupings:
        if unpooled:
            coefficients += grouping.names
            continue
        kinds = ("sd", "cor", "covariance") if has_correlations(grouping) else ("sd", "covariance")
        found += [name for kind in kinds for name in (kind, f"{kind}({grouping.name})")]
        for k in range(len(grouping.names)):
            found += single_names(design, grouping, k)
    plain = [predictor(design, name) for name in coefficients]
    classes = ["b"] * any(name != INTERCEPT for name in plain)
    return list(dict.fromkeys([*classes, *own, *found, *coefficients, *plain]))


def single_names(design: Design, grouping: Grouping, k: int) -> tuple[str, str]:
    """Name one sd of a term: that of one category, and that of all."""
    own = grouping.names[k]
    return (f"sd({grouping.name}: {own})", f"sd({grouping.name}: {predictor(design, own)})")


def given_for_one(given: Given, design: Design, grouping: Grouping, k: int) -> str | None:
    """Return the name by which one sd of a term was given a prior, if it was."""
    return next((name for name in single_names(design, grouping, k) if name in given), None)


def scale_names(grouping: Grouping) -> tuple[str, ...]:
    """List what a prior of a term's scales can be given for, the narrower first."""
    name = grouping.name
    return (f"sd({name})", f"covariance({name})", "sd", "covariance")


def has_correlations(grouping: Grouping) -> bool:
    """Return whether a term has correlations."""
    return grouping.correlated and len(grouping.names) > 1


def gives_correlation(given: Given, grouping: Grouping) -> bool:
    """Return whether the correlations of a term were given a prior."""
    names = ("cor", f"cor({grouping.name})")
    return has_correlations(grouping) and any(name in given for name in names)


def term_label(grouping: Grouping) -> str:
    """Name a term by its group and its coefficients: a group may have several terms."""
    return f"{grouping.name}: {', '.join(grouping.names)}"
