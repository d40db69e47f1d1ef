"""Choice of a prior for every parameter of a model: the user's prior, or the default.

A narrower name has precedence over a wider one; see `names`.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...families.categories import predictor
from ...families.family import Family
from ...formulas import INTERCEPT, Design, Grouping
from ...priors.joint import LKJ, Decov, RegularizedHorseshoe
from ...priors.univariate import LOCATION, SCALE, UNBOUNDED, HalfT, Overdispersion, Prior
from ..coordinates.units import ALONE, Units
from .defaults import TODAY, Defaults, joint_default, line_default, scale_default
from .names import given_for_one, gives_correlation, has_correlations, scale_names, term_label
from .records import Given, Priors, ResolvedPrior
from .refusals import check


def choose(
    design: Design,
    family: Family,
    units: Units,
    given: Given,
    unpooled: bool = False,
    defaults: Defaults = TODAY,
) -> Priors:
    """Choose the priors of a model.

    If `unpooled`, each level has coefficients of its own.

    Raises
    ------
    ValueError
        If `given` names an unknown parameter, or one parameter twice, or a prior does not fit its
        parameter.
    """
    check(design, family, given, unpooled)
    common = tuple(
        _coefficient(given, defaults, design, units, q) for q in range(len(design.names))
    )
    _refuse_two_horseshoes(common)
    own = tuple(_own(given, defaults, family, name, units) for name in family.own)
    varying = tuple(
        _unpooled(given, defaults, design, units, t)
        if unpooled
        else _varying(given, defaults, design, units, t)
        for t, grouping in enumerate(design.groupings)
    )
    correlations = tuple(
        None
        if isinstance(chosen[0].prior, Decov) or unpooled
        else _correlation(given, defaults, grouping)
        for grouping, chosen in zip(design.groupings, varying, strict=True)
    )
    return Priors(common, own, varying, correlations)


def _pick(given: Given, default: Prior, *names: str) -> Prior:
    """Return the prior given for the first of `names` that has one, or `default`.

    The narrowest name comes first.
    """
    return next((given[name] for name in names if name in given), default)


def _coefficient(
    given: Given, defaults: Defaults, design: Design, units: Units, q: int
) -> ResolvedPrior:
    name, unit = design.names[q], units.y_scale / float(units.x_scale[q])
    if units.kind[q] != ALONE:
        return ResolvedPrior(name, *joint_default(units, q))
    plain = predictor(design, name)
    if plain == INTERCEPT:
        prior = _pick(given, defaults.intercept, name, INTERCEPT)
        return _chosen(name, prior, LOCATION, unit, units.y_center)
    allowed = (*LOCATION, RegularizedHorseshoe)
    return _chosen(name, _pick(given, defaults.coefficient, name, plain, "b"), allowed, unit)


def _refuse_two_horseshoes(common: Sequence[ResolvedPrior]) -> None:
    kinds = {c.written for c in common if isinstance(c.written, RegularizedHorseshoe)}
    if len(kinds) > 1:
        raise ValueError(
            f"priors have {len(kinds)} different horseshoes, {', '.join(map(repr, kinds))}; the "
            "coefficients of a model share one: give the same to all of them"
        )


def _own(
    given: Given, defaults: Defaults, family: Family, name: str, units: Units
) -> ResolvedPrior:
    if family.thresholds:
        return _chosen(name, _pick(given, defaults.threshold, "threshold"), UNBOUNDED, 1.0)
    unit = units.y_scale if name == "sigma" else 1.0
    usual = family.own_priors[name]
    allowed = (*SCALE, Overdispersion) if isinstance(usual, Overdispersion) else SCALE
    return _chosen(name, _pick(given, defaults.own.get(name, usual), name), allowed, unit)


def _unpooled(
    given: Given, defaults: Defaults, design: Design, units: Units, t: int
) -> tuple[ResolvedPrior, ...]:
    grouping, found = design.groupings[t], []
    for k, name in enumerate(grouping.names):
        full = f"{grouping.name}: {name}"
        term, plain = units.terms[t], predictor(design, name)
        if term.kind.size and term.kind[k] != ALONE:
            found.append(ResolvedPrior(full, *line_default(units, t, k)))
            continue
        wider = (name, plain) if plain == INTERCEPT else (name, plain, "b")
        unit = units.y_scale / float(term.scale[k])
        found.append(_chosen(full, _pick(given, defaults.unpooled, *wider), LOCATION, unit))
    return tuple(found)


def _varying(
    given: Given, defaults: Defaults, design: Design, units: Units, t: int
) -> tuple[ResolvedPrior, ...]:
    grouping, term = design.groupings[t], units.terms[t]
    names = [f"sd({grouping.name}: {name})" for name in grouping.names]
    if term.kind.size:
        return tuple(
            ResolvedPrior(name, *scale_default(units, t, k)) for k, name in enumerate(names)
        )
    single = [given_for_one(given, design, grouping, k) for k in range(len(names))]
    separate = any(single) or gives_correlation(given, grouping)
    fallback = _pick(
        given, defaults.sd if separate else defaults.covariance, *scale_names(grouping)
    )
    if isinstance(fallback, Decov) and not all(single):
        return (ResolvedPrior(f"covariance({term_label(grouping)})", fallback, fallback),)
    found = []
    for k, name in enumerate(names):
        unit, one = units.y_scale / float(term.scale[k]), single[k]
        if one is None and term.sizes.size:
            default = HalfT(3.0, units.unit * units.y_scale * float(term.sizes[k]))
            found.append(ResolvedPrior(name, HalfT(3.0, 1.0, autoscale=True), default))
        else:
            found.append(_chosen(name, given[one] if one else fallback, SCALE, unit))
    return tuple(found)


def _correlation(given: Given, defaults: Defaults, grouping: Grouping) -> ResolvedPrior | None:
    if not has_correlations(grouping):
        return None
    chosen = _pick(given, defaults.correlation, f"cor({grouping.name})", "cor")
    if not isinstance(chosen, LKJ):
        raise ValueError(f"prior of cor is {chosen!r}; correlations take LKJ(shape)")
    return ResolvedPrior(f"cor({term_label(grouping)})", chosen, chosen)


def _chosen(
    name: str, prior: Prior, allowed: tuple[type, ...], unit: float, origin: float = 0.0
) -> ResolvedPrior:
    if not isinstance(prior, allowed):
        kinds = ", ".join(kind.__name__ for kind in allowed)
        raise ValueError(f"prior of {name} is {prior!r}; it must be one of {kinds}")
    if not prior.autoscales:
        return ResolvedPrior(name, prior, prior)
    return ResolvedPrior(name, prior, prior.in_units(1.0 / unit, -origin / unit))
