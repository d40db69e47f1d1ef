"""Which prior every parameter of a model has: the defaults, or what the user gave for it.

A prior can be given for a class of parameters or for one of them, the narrower before the wider:

    "Intercept"                          of the intercept after centring all predictors
    "b", "Days"                          of all other common coefficients; of one
    "sd", "sd(Subject)"                  of the standard deviations of all terms; of one term
    "cor", "cor(Subject)"                LKJ, of the correlations
    "covariance", "covariance(Subject)"  Decov, of both together
    "sigma", "nu", "phi"                 of the family's own parameters
    "threshold"                          of every threshold between ordered categories

Of a categorical outcome every name is of all categories, and "red: Days" of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ..formulas import INTERCEPT, Design, Grouping
from .categories import predictor
from .family import Family
from .priors import (
    LKJ,
    LOCATION,
    SCALE,
    UNBOUNDED,
    Decov,
    Exponential,
    Gamma,
    Normal,
    Prior,
    RegularizedHorseshoe,
    StudentT,
)  # fmt: skip
from .units import Units

Given = Mapping[str, Prior]

DEFAULT_INTERCEPT = Normal(0.0, 2.5, autoscale=True)
DEFAULT_COEFFICIENT = Normal(0.0, 2.5, autoscale=True)
DEFAULT_APART = Normal(0.0, 10.0, autoscale=True)
"""Of coefficients that are not pooled, at a level's own line."""
DEFAULT_THRESHOLD = StudentT(3.0, 0.0, 2.5)
DEFAULT_OWN: dict[str, Prior] = {
    "sigma": Exponential(1.0, autoscale=True),
    "nu": Gamma(2.0, 0.1),
    "phi": Exponential(1.0),
}


@dataclass(frozen=True)
class Chosen:
    """A prior as it was written, and as it came to in the units of the data."""

    name: str
    written: Prior
    prior: Prior


@dataclass(frozen=True)
class Priors:
    """The priors of all parameters of a model, in the units of the data."""

    common: tuple[Chosen, ...]
    own: tuple[Chosen, ...]
    varying: tuple[tuple[Chosen, ...], ...]
    """Of every grouping: one for each coefficient, or a single `Decov`."""
    correlations: tuple[Chosen | None, ...]
    """Of every grouping, where it has correlations that `Decov` leaves open."""

    def all(self) -> list[Chosen]:
        """Every one that was chosen."""
        varying = [chosen for group in self.varying for chosen in group]
        return [*self.common, *self.own, *varying, *(c for c in self.correlations if c)]


def choose(
    design: Design, family: Family, units: Units, given: Given, apart: bool = False
) -> Priors:
    """Choose the priors of a model; `apart`: each level's coefficients stand alone.

    Raises
    ------
    ValueError
        If `given` names what the model has not, or a prior does not fit its parameter.
    """
    _check_names(design, family, given)
    common = tuple(_coefficient(given, design, units, q) for q in range(len(design.names)))
    _refuse_two_horseshoes(common)
    own = tuple(_own(given, family, name, units) for name in family.own)
    varying = tuple(
        _apart(given, design, units, t) if apart else _varying(given, grouping, units, t)
        for t, grouping in enumerate(design.groupings)
    )
    correlations = tuple(
        None if isinstance(chosen[0].prior, Decov) or apart else _correlation(given, grouping)
        for grouping, chosen in zip(design.groupings, varying, strict=True)
    )
    return Priors(common, own, varying, correlations)


def _pick(given: Given, default: Prior, *names: str) -> Prior:
    """The first of the names that something was given for, the narrowest first."""
    return next((given[name] for name in names if name in given), default)


def _coefficient(given: Given, design: Design, units: Units, q: int) -> Chosen:
    name, unit = design.names[q], units.y_scale / float(units.x_scale[q])
    plain = predictor(design, name)
    if plain == INTERCEPT:
        prior = _pick(given, DEFAULT_INTERCEPT, name, INTERCEPT)
        return _chosen(name, prior, LOCATION, unit, units.y_center)
    allowed = (*LOCATION, RegularizedHorseshoe)
    return _chosen(name, _pick(given, DEFAULT_COEFFICIENT, name, plain, "b"), allowed, unit)


def _refuse_two_horseshoes(common: Sequence[Chosen]) -> None:
    kinds = {c.written for c in common if isinstance(c.written, RegularizedHorseshoe)}
    if len(kinds) > 1:
        raise ValueError(
            f"priors have {len(kinds)} different horseshoes, {', '.join(map(repr, kinds))}; the "
            "coefficients of a model share one: give the same to all of them"
        )


def _own(given: Given, family: Family, name: str, units: Units) -> Chosen:
    if family.thresholds:
        return _chosen(name, _pick(given, DEFAULT_THRESHOLD, "threshold"), UNBOUNDED, 1.0)
    unit = units.y_scale if name == "sigma" else 1.0
    return _chosen(name, _pick(given, DEFAULT_OWN[name], name), SCALE, unit)


def _apart(given: Given, design: Design, units: Units, t: int) -> tuple[Chosen, ...]:
    grouping, found = design.groupings[t], []
    for k, name in enumerate(grouping.names):
        plain = predictor(design, name)
        wider = (name, plain) if plain == INTERCEPT else (name, plain, "b")
        unit = units.y_scale / float(units.z_scale[t][k])
        prior = _pick(given, DEFAULT_APART, *wider)
        found.append(_chosen(f"{grouping.name}: {name}", prior, LOCATION, unit))
    return tuple(found)


def _varying(given: Given, grouping: Grouping, units: Units, t: int) -> tuple[Chosen, ...]:
    sd = (f"sd({grouping.name})", "sd")
    both = (f"covariance({grouping.name})", "covariance")
    fallback = Exponential(1.0, autoscale=True) if _gives_correlation(given, grouping) else Decov()
    chosen = _pick(given, fallback, sd[0], both[0], sd[1], both[1])
    if isinstance(chosen, Decov):
        return (Chosen(f"covariance({_of(grouping)})", chosen, chosen),)
    return tuple(
        _chosen(
            f"sd({grouping.name}: {name})", chosen, SCALE,
            units.y_scale / float(units.z_scale[t][k]),
        )
        for k, name in enumerate(grouping.names)
    )  # fmt: skip


def _of(grouping: Grouping) -> str:
    """A term by its group and its coefficients: a group may have several terms."""
    return f"{grouping.name}: {', '.join(grouping.names)}"


def _gives_correlation(given: Given, grouping: Grouping) -> bool:
    return "cor" in given or f"cor({grouping.name})" in given


def _correlation(given: Given, grouping: Grouping) -> Chosen | None:
    if not grouping.correlated or len(grouping.names) < 2:
        return None
    chosen = _pick(given, LKJ(1.0), f"cor({grouping.name})", "cor")
    if not isinstance(chosen, LKJ):
        raise ValueError(f"prior of cor is {chosen!r}; correlations take LKJ(shape)")
    return Chosen(f"cor({_of(grouping)})", chosen, chosen)


def _chosen(
    name: str, prior: Prior, allowed: tuple[type, ...], unit: float, origin: float = 0.0
) -> Chosen:
    if not isinstance(prior, allowed):
        kinds = ", ".join(kind.__name__ for kind in allowed)
        raise ValueError(f"prior of {name} is {prior!r}; it must be one of {kinds}")
    if not prior.autoscales:
        return Chosen(name, prior, prior)
    return Chosen(name, prior, prior.in_units(1.0 / unit, -origin / unit))


def _check_names(design: Design, family: Family, given: Given) -> None:
    own = ("threshold",) if family.thresholds else family.own
    allowed = [INTERCEPT, "b", "sd", "cor", "covariance", *own]
    coefficients = list(design.names)
    for grouping in design.groupings:
        allowed += [f"{kind}({grouping.name})" for kind in ("sd", "cor", "covariance")]
        coefficients += grouping.names
    allowed += [*coefficients, *(predictor(design, name) for name in coefficients)]
    for name, prior in given.items():
        if not isinstance(prior, Prior):
            raise ValueError(
                f"prior of {name} is {prior!r}; give a prior such as me.Normal(0, 2.5)"
            )
        if name not in allowed:
            near = get_close_matches(name, allowed, 3) or allowed
            raise ValueError(
                f"priors names {name!r}, which this model has not; it has "
                f"{', '.join(dict.fromkeys(near))}"
            )
