"""Which prior every parameter of a model has: the defaults, or what the user gave for it.

A prior can be given for a class of parameters or for one of them, the narrower before the wider:

    "Intercept"                          of the intercept after centring all predictors
    "b", "Days"                          of all other common coefficients; of one
    "sd", "sd(Subject)"                  of the standard deviations of all terms; of one term
    "sd(Subject: Days)"                  of one of them; of others of the term the default is then
                                         that where all predictors are 0
    "cor", "cor(Subject)"                LKJ, of the correlations
    "covariance", "covariance(Subject)"  Decov, of both together
    "sigma", "nu", "phi"                 of the family's own parameters
    "threshold"                          of every threshold between ordered categories

Of a categorical outcome every name is of all categories, and "red: Days" of one.

A name of one parameter or term must be one that the model has.  The classes "b", "sd", "cor" and
"covariance" may have no member, so that models with and without them can share their priors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from ...families.categories import predictor
from ...families.family import Family
from ...formulas import INTERCEPT, Design, Grouping
from ...priors.joint import LKJ, Decov, RegularizedHorseshoe
from ...priors.univariate import LOCATION, SCALE, UNBOUNDED, HalfT, Overdispersion, Prior
from ..coordinates.units import ALONE, Units
from .defaults import TODAY, Defaults, joint_default, line_default, scale_default

Given = Mapping[str, Prior]


@dataclass(frozen=True)
class Chosen:
    """A prior as it was written, and as it came to in the units of the data."""

    name: str
    written: Prior
    prior: Prior
    coordinate: Prior | None = None
    """That of its coordinate, if it has none of its own but one of several together: see
    `coordinates`."""


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
    design: Design,
    family: Family,
    units: Units,
    given: Given,
    apart: bool = False,
    defaults: Defaults = TODAY,
) -> Priors:
    """Choose the priors of a model; `apart`: each level's coefficients stand alone.

    Raises
    ------
    ValueError
        If `given` names what the model has not, or the same twice; or a prior does not fit its
        parameter.
    """
    check(design, family, given, apart)
    common = tuple(
        _coefficient(given, defaults, design, units, q) for q in range(len(design.names))
    )
    _refuse_two_horseshoes(common)
    own = tuple(_own(given, defaults, family, name, units) for name in family.own)
    varying = tuple(
        _apart(given, defaults, design, units, t)
        if apart
        else _varying(given, defaults, design, units, t)
        for t, grouping in enumerate(design.groupings)
    )
    correlations = tuple(
        None
        if isinstance(chosen[0].prior, Decov) or apart
        else _correlation(given, defaults, grouping)
        for grouping, chosen in zip(design.groupings, varying, strict=True)
    )
    return Priors(common, own, varying, correlations)


def check(design: Design, family: Family, given: Given, apart: bool) -> None:
    """Refuse priors of what the model has not, and two of the same: see `choose`."""
    _check_names(design, family, given, apart)
    if not apart:
        _refuse_contradictions(design, given)


def _pick(given: Given, default: Prior, *names: str) -> Prior:
    """The first of the names that something was given for, the narrowest first."""
    return next((given[name] for name in names if name in given), default)


def _coefficient(given: Given, defaults: Defaults, design: Design, units: Units, q: int) -> Chosen:
    name, unit = design.names[q], units.y_scale / float(units.x_scale[q])
    if units.kind[q] != ALONE:
        return Chosen(name, *joint_default(units, q))
    plain = predictor(design, name)
    if plain == INTERCEPT:
        prior = _pick(given, defaults.intercept, name, INTERCEPT)
        return _chosen(name, prior, LOCATION, unit, units.y_center)
    allowed = (*LOCATION, RegularizedHorseshoe)
    return _chosen(name, _pick(given, defaults.coefficient, name, plain, "b"), allowed, unit)


def _refuse_two_horseshoes(common: Sequence[Chosen]) -> None:
    kinds = {c.written for c in common if isinstance(c.written, RegularizedHorseshoe)}
    if len(kinds) > 1:
        raise ValueError(
            f"priors have {len(kinds)} different horseshoes, {', '.join(map(repr, kinds))}; the "
            "coefficients of a model share one: give the same to all of them"
        )


def _own(given: Given, defaults: Defaults, family: Family, name: str, units: Units) -> Chosen:
    if family.thresholds:
        return _chosen(name, _pick(given, defaults.threshold, "threshold"), UNBOUNDED, 1.0)
    unit = units.y_scale if name == "sigma" else 1.0
    allowed = (*SCALE, Overdispersion) if name == "phi" else SCALE
    return _chosen(name, _pick(given, defaults.own[name], name), allowed, unit)


def _apart(
    given: Given, defaults: Defaults, design: Design, units: Units, t: int
) -> tuple[Chosen, ...]:
    grouping, found = design.groupings[t], []
    for k, name in enumerate(grouping.names):
        full = f"{grouping.name}: {name}"
        term, plain = units.terms[t], predictor(design, name)
        if term.kind.size and term.kind[k] != ALONE:
            found.append(Chosen(full, *line_default(units, t, k)))
            continue
        wider = (name, plain) if plain == INTERCEPT else (name, plain, "b")
        unit = units.y_scale / float(term.scale[k])
        found.append(_chosen(full, _pick(given, defaults.unpooled, *wider), LOCATION, unit))
    return tuple(found)


def _varying(
    given: Given, defaults: Defaults, design: Design, units: Units, t: int
) -> tuple[Chosen, ...]:
    grouping, term = design.groupings[t], units.terms[t]
    names = [f"sd({grouping.name}: {name})" for name in grouping.names]
    if term.kind.size:
        return tuple(Chosen(name, *scale_default(units, t, k)) for k, name in enumerate(names))
    single = [_single(given, design, grouping, k) for k in range(len(names))]
    apart = any(single) or _gives_correlation(given, grouping)
    fallback = _pick(given, defaults.sd if apart else defaults.covariance, *_scale_names(grouping))
    if isinstance(fallback, Decov) and not all(single):
        return (Chosen(f"covariance({_of(grouping)})", fallback, fallback),)
    found = []
    for k, name in enumerate(names):
        unit, one = units.y_scale / float(term.scale[k]), single[k]
        if one is None and term.sizes.size:
            default = HalfT(3.0, units.unit * units.y_scale * float(term.sizes[k]))
            found.append(Chosen(name, HalfT(3.0, 1.0, autoscale=True), default))
        else:
            found.append(_chosen(name, given[one] if one else fallback, SCALE, unit))
    return tuple(found)


def _single(given: Given, design: Design, grouping: Grouping, k: int) -> str | None:
    """What one sd of a term was given a prior by, if it was."""
    return next((name for name in single_names(design, grouping, k) if name in given), None)


def single_names(design: Design, grouping: Grouping, k: int) -> tuple[str, str]:
    """What one sd of a term is called: of one category, and of all."""
    own = grouping.names[k]
    return (f"sd({grouping.name}: {own})", f"sd({grouping.name}: {predictor(design, own)})")


def _of(grouping: Grouping) -> str:
    """A term by its group and its coefficients: a group may have several terms."""
    return f"{grouping.name}: {', '.join(grouping.names)}"


def _gives_correlation(given: Given, grouping: Grouping) -> bool:
    names = ("cor", f"cor({grouping.name})")
    return _has_correlations(grouping) and any(name in given for name in names)


def _has_correlations(grouping: Grouping) -> bool:
    return grouping.correlated and len(grouping.names) > 1


def _correlation(given: Given, defaults: Defaults, grouping: Grouping) -> Chosen | None:
    if not _has_correlations(grouping):
        return None
    chosen = _pick(given, defaults.correlation, f"cor({grouping.name})", "cor")
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


CLASSES = ("b", "sd", "cor", "covariance")
"""Names that a model need not have: one set of priors can serve models with and without them."""


def idle(design: Design, family: Family, given: Given, apart: bool) -> list[str]:
    """Classes that have a prior and, in this model, no member."""
    return [name for name in given if name not in _names(design, family, apart)]


def _names(design: Design, family: Family, apart: bool) -> list[str]:
    """All that a prior can be given for, with the classes that have a member."""
    own = ("threshold",) if family.thresholds else family.own
    coefficients, found = list(design.names), []
    for grouping in design.groupings:
        if apart:
            coefficients += grouping.names
            continue
        kinds = ("sd", "cor", "covariance") if _has_correlations(grouping) else ("sd", "covariance")
        found += [name for kind in kinds for name in (kind, f"{kind}({grouping.name})")]
        for k in range(len(grouping.names)):
            found += single_names(design, grouping, k)
    plain = [predictor(design, name) for name in coefficients]
    classes = ["b"] * any(name != INTERCEPT for name in plain)
    return list(dict.fromkeys([*classes, *own, *found, *coefficients, *plain]))


def _check_names(design: Design, family: Family, given: Given, apart: bool) -> None:
    names = _names(design, family, apart)
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
        chosen = next((name for name in _scale_names(g) if name in given), None)
        _refuse_one_beside_all(design, g, given, chosen)
        if chosen is None:
            continue
        narrow = chosen not in CLASSES
        ending = f"({g.name})" * narrow
        others = [f"covariance{ending}"] if chosen == f"sd{ending}" else []
        if isinstance(given[chosen], Decov) and _has_correlations(g):
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
    single = [_single(given, design, g, k) for k in range(len(g.names))]
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


def _scale_names(grouping: Grouping) -> tuple[str, ...]:
    """What a prior of a term's scales can be given for, the narrower before the wider."""
    name = grouping.name
    return (f"sd({name})", f"covariance({name})", "sd", "covariance")
