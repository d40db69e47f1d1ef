"""Who responds: the effect of a treatment, varying by groups that modifiers make.

    mu_i    = alpha + alpha_g + theta_g T_i + x_i beta
    theta_g ~ N(lambda_0 + z_g lambda, sigma_theta),     alpha_g and theta_g jointly normal

Groups are the combinations of the modifiers z.  The effect equation says how effects differ with
the modifiers; sigma_theta says how much they differ beyond that.

Source: J. Alley (2023), *Using Bayesian Hierarchical Models to Estimate Heterogeneous Effects*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...formulas import columns as tables
from ...formulas import parse
from ...formulas.design import need_libraries
from ...formulas.names import used
from ...formulas.scanning import quoted
from ...models import Model
from ...models.verbs.effect.rows import values_in
from ...priors.joint import LKJ
from ...priors.univariate import HalfNormal, Prior
from ...seeds import Seed
from .columns import Bins, binned, checked_names, treated
from .equation import equation
from .fitted import HeterogeneousFit
from .look_out import groups_of, refuse_modifiers, refuse_single_rows
from .question import Question
from .refusals import refuse_strangers, refuse_twice, refuse_unknown

PRIORS: Mapping[str, Prior] = {"sd": HalfNormal(1.0, autoscale=True), "cor": LKJ(2.0)}
"""Sds of groups' intercepts and effects, in units of sd(y) and sd(y) / sd(T); correlations.

Where groups are small the data say little of how intercepts and effects go together, and it
matters where a prior holds.  One for groups at the mean of T is a prior for the average of the two
arms: the arms then may differ, by opposite deviations, much more than the data ask for.
"""
MANY = 10
"""A modifier of more values, which are numbers, is better binned."""


def heterogeneous(
    outcome: str,
    treatment: str | Sequence[str],
    modifiers: str | Sequence[str],
    controls: str | Sequence[str] | None = (),
    *,
    data: Any,
    family: str = "gaussian",
    link: str | None = None,
    main_effects: bool = True,
    intercepts: bool = True,
    effect_formula: str | Mapping[str, str] | None = None,
    extra: str = "",
    rescale: bool = True,
    bins: Mapping[str, Bins] | None = None,
    values: Sequence[Any] | Mapping[str, Sequence[Any]] | None = None,
    priors: Mapping[str, Prior | str] | str | None = None,
    missing: str = "error",
) -> Heterogeneous:
    """Set up a model of effects that vary by group; `fit` fits it.

    Parameters
    ----------
    outcome
        Left side of the formula: a column, or ``"k | trials(n)"``.
    treatment
        A column, or several of them, of which each has an effect equation of its own.
    modifiers
        Columns by which effects may differ.  Groups are their combinations in the data.
    controls
        More terms of the regression, without varying effects.
    data
        A data frame, or a mapping from names to columns.
    family, link, missing
        As in `Model`; categorical outcomes are not supported.
    priors
        As in `Model`, with other defaults for the groups, see `PRIORS`: they hold in the arm where
        the treatment is 0, as in the text, and not where it has its mean.
    main_effects
        Whether the modifiers shift the level of the outcome, too.  If False, the groups' intercepts
        have to take up such differences.
    intercepts
        Whether the groups' intercepts vary.
    effect_formula
        The effect equation, terms in the modifiers such as ``"white * male + poly(age, 2)"``; or
        a mapping from treatments.  If None, the sum of the modifiers.
    extra
        More terms, such as ``"+ (1 | country)"``.
    rescale
        Whether modifiers that are numbers of more than two values are centred and divided by two
        sds in the effect equation, unless `effect_formula` is given.
    bins
        Modifiers that are binned to make groups, each with a number of bins or with their edges:
        ``{"age": 4}``.  The effect equation has them as they are.
    values
        ``(low, high)`` of a treatment with more than two values, or a mapping from treatments.  Of
        words, other rows are left out; numbers are a dose, whose effect is linear.

    Returns
    -------
    Heterogeneous

    Raises
    ------
    ValueError
        If a column is absent, constant, or constant within an arm of the experiment; if most
        groups have one person; if an argument is not as it should be.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> data = {name: rng.integers(0, 2, 400) for name in ("z", "male", "white")}
    >>> data["y"] = rng.normal(data["z"] * (1.0 + data["male"]))
    >>> heterogeneous("y", "z", ["male", "white"], data=data).formula
    'y ~ z * (male + white) + (1 + z | male:white)'
    """
    need_libraries()
    if family == "categorical":
        raise ValueError(
            "family='categorical': expected outcomes with one linear predictor. Fit a Model, and "
            "ask its fit.effect for the probability of each category"
        )
    if not isinstance(extra, str):
        raise ValueError(
            f"extra={extra!r}: expected terms as text. Pass for example '+ (1 | country)'"
        )
    if "~" in str(outcome):
        raise ValueError(
            f"outcome={outcome!r}: expected the left side of a formula alone, such as "
            f"{str(outcome).split('~')[0].strip()!r}"
        )
    frame = _frame(data)
    names = checked_names("treatment", treatment, frame)
    refuse_unknown("values", values, names)
    refuse_unknown("effect_formula", effect_formula, names)
    z = checked_names("modifiers", modifiers, frame)
    terms = [controls] if isinstance(controls, str) else list(controls or ())
    terms = [quoted(term) if term in frame else term for term in terms]
    outcome = quoted(outcome) if outcome in frame else outcome
    of_outcome = used(parse(f"{outcome} ~ 1").response.outcome, frame)
    refuse_twice(of_outcome, names, z, terms if main_effects else [])
    treatments = []
    for name in names:
        frame, found = treated(frame, name, _of(values, name, names))
        treatments.append(found)
    frame, factors, edges = binned(frame, {} if bins is None else bins, z)
    usual = " + ".join(_term(frame[name], name, rescale) for name in z)
    effects = {name: _equation_of(effect_formula, name, usual) for name in names}
    refuse_strangers(effects, z, terms, frame)
    formula = equation(
        outcome,
        names,
        effects,
        factors,
        terms,
        main_effects=main_effects,
        intercepts=intercepts,
        extra=extra,
    )
    whole = frame.dropna(subset=[*names, *z])
    refuse_modifiers(whole, z, treatments)
    refuse_single_rows(whole.groupby(factors, observed=True).size().to_numpy(), whole, factors)
    model = Model(formula, frame, family, link=link, priors=with_usual(priors), missing=missing)
    groups = groups_of(model, factors, treatments)
    notes = [found.note for found in treatments if found.note]
    if model.source.dropped:
        notes.append(f"{model.source.dropped} rows with missing values are left out.")
    if model.family.name == "gaussian" and set(model.design.y.tolist()) == {0.0, 1.0}:
        notes.append(
            f"{outcome} is 0 or 1: this is a linear probability model, whose effects are in "
            "points; family='bernoulli' has a logit."
        )
    for name in z:
        values_of_z = len(values_in(whole[name]))
        if name not in edges and tables.is_number(whole[name]) and values_of_z > MANY:
            notes.append(
                f"{name} has {values_of_z} values, each of which makes groups of its own; "
                f"bins={{{name!r}: 4}} makes fewer."
            )
    if len(z) == 1 and effect_formula is None:
        notes.append(
            "There is one modifier: its groups are its values, and an interaction, "
            f"{names[0]} * {z[0]}, says the same more simply."
        )
    return Heterogeneous(
        formula,
        model,
        {found.name: found for found in treatments},
        tuple(z),
        tuple(factors),
        edges,
        groups,
        (*notes, *groups.notes(treatments)),
    )


class Heterogeneous(Question):
    """A model of effects that vary by group, ready to be fitted: see `heterogeneous`."""

    def prior_summary(self) -> Any:
        """List the priors: see `Model.prior_summary`."""
        return self.model.prior_summary()

    def fit(self, *, seed: Seed = None, **settings: Any) -> HeterogeneousFit:
        """Sample from the posterior.

        Parameters
        ----------
        seed
            Seed of the random numbers.
        settings
            More arguments of `Model.fit`: `draws`, `warmup`, `chains`, `progress` and others.
        """
        return HeterogeneousFit(self, self.model.fit(seed=seed, **settings))


def with_usual(priors: Mapping[str, Prior | str] | str | None) -> Mapping[str, Prior | str] | str:
    """Add `PRIORS` of sds and correlations, unless such a prior or one of covariances is given.

    A prior of one sd, such as ``sd(country: Intercept)``, leaves those of the others as they are.
    """
    if isinstance(priors, str):
        return priors
    given = {} if priors is None else dict(priors)
    if "defaults" in given or any(name.startswith("covariance") for name in given):
        return given
    return {**PRIORS, **given}


def _frame(data: Any) -> Any:
    import pandas

    columns = tables.table(data)
    return pandas.DataFrame({name: pandas.Series(columns[name]) for name in columns}).reset_index(
        drop=True
    )


def _term(column: Any, name: str, rescale: bool) -> str:
    """Write a modifier as a term of the effect equation."""
    number = tables.is_number(column) and not tables.is_boolean(column)
    many = rescale and number and len(values_in(column.dropna())) > 2
    return f"rescale({quoted(name)})" if many else quoted(name)


def _of(values: Any, name: str, names: Sequence[str]) -> Any:
    """Return the values of one treatment."""
    if isinstance(values, Mapping):
        return values.get(name)
    if values is not None and len(names) > 1:
        raise ValueError(
            f"values={values!r}: expected a mapping from treatments, of which there are "
            f"{len(names)}. Pass for example values={{{name!r}: (0, 1)}}"
        )
    return values


def _equation_of(given: str | Mapping[str, str] | None, name: str, usual: str) -> str:
    """Return the effect equation of a treatment."""
    found = given.get(name) if isinstance(given, Mapping) else given
    if found is None:
        return usual
    if not isinstance(found, str) or not found.strip() or "~" in found or "|" in found:
        raise ValueError(
            f"effect_formula={found!r}: expected terms in the modifiers, such as 'white * male'"
        )
    return found.strip()
