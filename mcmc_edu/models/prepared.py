"""`Prepared`: the immutable parts of a model, independent of any fit.

`prepare` makes a `Prepared` from a design: it pools the levels, checks the outcome, and resolves
units and priors.  `changed` makes a copy with other fields.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

from ..compiling import users_line
from ..families import Family, family_of, outcomes
from ..families.categories import arranged, coded, stacked
from ..families.records.gaussian import GAUSSIAN
from ..families.records.known_se import KNOWN_SE
from ..formulas import Design, collinear, determined_remedy
from ..formulas.weights import repeated
from ..priors.univariate import Prior
from ..regression.coordinates.units import Units
from ..regression.prepare.assembly import Assembled, assemble
from ..regression.prepare.form_choice import FormChoice, check_forms, choose_forms
from ..regression.prepare.quantity_names import refuse_false_intercepts, refuse_shared_names
from ..regression.prior_choice import empty_categories
from ..regression.prior_choice.packages import package_and_priors
from ..regression.prior_choice.records import Priors
from ..regression.prior_choice.resolved import Resolve, resolve_package, resolve_today
from ..regression.quantities import Quantities
from .pooling import pooled
from .source import Source


@dataclass(frozen=True, eq=False, repr=False)
class Prepared:
    """Parts of a model: design, family, units and priors; `Model` adds the formula and `fit`."""

    source: Source
    """What the design was made of."""
    full_design: Design
    """The design of the formula, with all its bars."""
    design: Design
    """What pooling leaves of it, with a categorical outcome's rows once per category."""
    family: Family
    pooling: str
    units: Units
    priors: Priors
    given: Mapping[str, Prior]
    """Priors that were given, by the name of a parameter or a class of them."""
    defaults: str | None
    """The package whose default priors all others have."""
    parameterization: str | Mapping[str, str]
    fixed_choices: tuple[FormChoice, ...] | None = None
    """The form of each term, if it is not to be chosen again."""

    @classmethod
    def of(cls, other: Prepared) -> Self:
        """Make an object of this class of what another one is made of."""
        made = object.__new__(cls)
        made.become(other)
        return made

    def become(self, other: Prepared) -> None:
        """Copy the fields of another `Prepared` into this object, which has no fields yet."""
        Prepared.__init__(self, **{f.name: getattr(other, f.name) for f in fields(Prepared)})

    def changed(self, **changes: Any) -> Self:
        """Make another one, in which these fields are different."""
        same = {f.name: getattr(self, f.name) for f in fields(Prepared)}
        return type(self).of(Prepared(**same | changes))

    @cached_property
    def choices(self) -> tuple[FormChoice, ...]:
        """The form of each term, with the reason."""
        if self.fixed_choices is not None:
            return self.fixed_choices
        if self.pooling == "none":
            return tuple(FormChoice("unpooled", "no pooling") for _ in self.design.groupings)
        observed = repeated(self.design)
        return choose_forms(observed, self.family, self.units, self.parameterization)

    @cached_property
    def assembled(self) -> Assembled:
        """Density and data of theta, and its names."""
        forms = [choice.form for choice in self.choices]
        return assemble(repeated(self.design), self.family, self.units, self.priors, forms)

    def of_observations(self) -> Self:
        """Repeat every row as often as its weight says; return `self` if there are no weights."""
        if self.design.weights is None:
            return self
        return self.changed(
            source=self.source.repeated(),
            full_design=repeated(self.full_design),
            design=repeated(self.design),
            fixed_choices=self.choices,
        )

    def rows(self, new: Any, optional: Sequence[str] = ()) -> Design:
        """Make the design of new rows, which have the form of the model's data.

        `optional` grouping factors are left out if the rows lack their column.
        """
        made = self.design_for(new, optional)
        outcomes.check_trials(made, self.family)
        outcomes.check_se(made)
        return made

    def design_for(self, new: Any, optional: Sequence[str] = ()) -> Design:
        """Make the design of new rows as `rows` does, but take any number of trials.

        A column of trials that is a predictor, too, may have a mean that is no whole number.
        """
        made = self.full_design.rows(new, groups=self.pooling != "complete", optional=optional)
        return made if self.design.blocks is None else stacked(made)

    @property
    def natural(self) -> Quantities:
        """Function from theta to coefficients, scales and effects in the data's units."""
        return Quantities(self.design, self.family, self.units, self.assembled)

    def __repr__(self) -> str:
        link = "" if self.family.link in ("identity", "log") else f" ({self.family.link})"
        weights = self.design.weights
        of = "" if weights is None else f" of {weights.sum()} observations"
        return (
            f"Model({self.design.formula!r}, {self.family.name}{link}, {self.pooling} pooling, "
            f"{self.design.y.size} rows{of})"
        )


def prepare(
    full: Design,
    source: Source,
    family: str,
    link: str | None,
    pooling: str,
    priors: Mapping[str, Prior | str] | str | None,
    parameterization: str | Mapping[str, str],
    resolve: Resolve | None = None,
) -> Prepared:
    """Prepare the model of a design; `resolve` gives its units and priors if they are known.

    Raises
    ------
    ValueError
        If the outcome does not fit the family, the columns determine each other, or a prior or a
        choice is invalid.
    """
    kind = family_of(family, link)
    if full.se is not None and kind is GAUSSIAN:
        kind = KNOWN_SE
    outcomes.check(full, kind, family, source.rows)
    full_design = coded(full, kind, source.rows)
    lost = empty_categories.left_out(full, full_design, kind)
    if lost and resolve is None:  # a fit that is loaded was told of it
        warnings.warn(lost, stacklevel=users_line())
    kind = kind.of_levels(full_design.outcome_levels)
    defaults, given = package_and_priors(priors)
    if resolve is None:
        resolve = resolve_package(defaults) if defaults else resolve_today
    refuse_false_intercepts(full_design)
    refuse_shared_names(full_design, kind)
    pooled_design = pooled(full_design, pooling)
    determined = collinear(pooled_design.columns, pooled_design.names)
    if determined:
        raise ValueError(determined_remedy(pooled_design, determined))
    design = arranged(pooled_design, kind)
    refuse_shared_names(design, kind)
    if pooling == "partial":
        check_forms([g.name for g in design.groupings], kind, parameterization)
    units, chosen = resolve(repeated(design), kind, given, pooling == "none")
    empty_categories.refuse_flat(full_design, kind, [own.prior for own in chosen.own])
    return Prepared(
        source=source,
        full_design=full_design,
        design=design,
        family=kind,
        pooling=pooling,
        units=units,
        priors=chosen,
        given=given,
        defaults=defaults,
        parameterization=(
            parameterization if isinstance(parameterization, str) else dict(parameterization)
        ),
    )
