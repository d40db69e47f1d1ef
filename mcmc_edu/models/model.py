"""`Model`: a hierarchical regression from a formula, ready to be fitted.

    fit = me.Model("Reaction ~ Days + (Days | Subject)", me.datasets.sleepstudy()).fit(seed=1)

One likelihood, three priors: `pooling` says whether the levels of a grouping factor are a
population that is learnt ("partial"), stand alone ("none") or are all the same ("complete").
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..compiling import FloatArray
from ..driver.sample import sample
from ..driver.starts import around
from ..families import outcomes
from ..families.categories import arranged, coded, stacked
from ..families.family import Family, family_of
from ..formulas import Design, collinear, design, determined_remedy, from_arrays
from ..priors.univariate import Prior
from ..regression.coordinates.units import Units
from ..regression.prepare.assembly import Assembled, assemble
from ..regression.prepare.form_choice import Choice, choose_forms, easy
from ..regression.prior_choice import empty_categories
from ..regression.prior_choice.choice import Priors
from ..regression.prior_choice.packages import named
from ..regression.prior_choice.resolved import Resolve, resolve_package, resolve_today
from ..regression.quantities import Natural, refuse_false_intercepts, refuse_shared_names
from ..samplers import NUTS
from ..seeds import Seed
from ..table import Table
from . import prior_notes
from .fit import Fit
from .pooling import pooled
from .prior_predictive import prior_predictive
from .source import Source


class Model:
    """A hierarchical regression.

    Parameters
    ----------
    formula
        In lme4's notation, such as ``"y ~ x + (x | g)"``, ``"awards | trials(n) ~ male + (1 | g)"``
        or ``"y ~ x + offset(log(t)) + (x || g) + (1 | h)"``: see `mcmc_edu.formulas.formula`.
    data
        A data frame, or a mapping from names to columns.
    family
        ``"gaussian"``, ``"student"``, ``"bernoulli"``, ``"binomial"``, ``"poisson"``,
        ``"negbin"``, ``"ordered"`` (cumulative logit) or ``"categorical"``.  An ordered outcome
        keeps all categories that a pandas categorical declares, those in no row included; numbers
        have the categories that occur; all other families leave empty categories out and say so.
    link
        ``"logit"`` (usual) or ``"probit"`` of a binomial outcome; others have one.
    pooling
        ``"partial"``: levels are drawn from a population; ``"none"``: every level of the only
        grouping factor has coefficients of its own, and common ones that they replace are left
        out; ``"complete"``: all levels are alike, and the bars are left out.
    priors
        By the name of a parameter or of a class of them: see
        `mcmc_edu.regression.prior_choice.choice`.
        ``"rstanarm"`` or ``"brms"`` are the default priors of these packages, and so is
        ``{"defaults": "rstanarm", "b": me.Normal(0, 1)}``, with one's own on top: see
        `mcmc_edu.regression.prior_choice.packages`.  What is given no prior has that of
        `mcmc_edu.regression.coordinates.of_model`, which depends on no zero and no unit.
    parameterization
        ``"auto"``, ``"centered"``, ``"noncentered"`` or ``"collapsed"`` (Gaussian outcomes), for
        all terms or as a mapping from grouping factors: how the sampler sees the effects.  The
        posterior is the same.
    missing
        ``"error"``, or ``"drop"`` for rows with missing values.

    Raises
    ------
    ValueError
        If the formula, the data, a prior or a choice is not as it should be.
    """

    def __init__(
        self,
        formula: str,
        data: Any,
        family: str = "gaussian",
        *,
        link: str | None = None,
        pooling: str = "partial",
        priors: Mapping[str, Prior | str] | str | None = None,
        parameterization: str | Mapping[str, str] = "auto",
        missing: str = "error",
    ) -> None:
        found, source = design(formula, data, missing), Source.of_table(formula, data, missing)
        self._set_up(found, source, family, link, pooling, priors, parameterization)

    @classmethod
    def from_arrays(
        cls,
        y: ArrayLike,
        X: ArrayLike | None = None,  # noqa: N803 (as everybody calls it)
        group: ArrayLike | Mapping[str, ArrayLike] | None = None,
        *,
        family: str = "gaussian",
        link: str | None = None,
        pooling: str = "partial",
        priors: Mapping[str, Prior | str] | str | None = None,
        parameterization: str | Mapping[str, str] = "auto",
        **columns: Any,
    ) -> Model:
        """Make a model of arrays, without a formula and without pandas.

        Parameters
        ----------
        y
            Outcome, shape (n,).
        X
            Predictors, shape (n, Q) without a column for the intercept, which is added.
        group
            Label of each row, shape (n,), or labels by name of several factors: intercept and all
            predictors vary among them.
        columns
            `trials`, `offset`, `names` and more: see `mcmc_edu.formulas.design.from_arrays`.
        """
        model = cls.__new__(cls)
        made = from_arrays(y, X, group, **columns)
        source = Source.of_arrays({"y": y, "X": X, "group": group} | columns)
        model._set_up(made, source, family, link, pooling, priors, parameterization)
        return model

    @classmethod
    def of_source(
        cls,
        source: Source,
        family: str,
        link: str | None,
        pooling: str,
        priors: Mapping[str, Prior | str],
        parameterization: str | Mapping[str, str],
        resolve: Resolve | None = None,
    ) -> Model:
        """Make a model again of what another was made of; `resolve` gives its units and priors."""
        model = cls.__new__(cls)
        model._set_up(
            source.design(), source, family, link, pooling, priors, parameterization, resolve
        )
        return model

    def _set_up(
        self,
        found: Design,
        source: Source,
        family: str,
        link: str | None,
        pooling: str,
        priors: Mapping[str, Prior | str] | str | None,
        parameterization: str | Mapping[str, str],
        resolve: Resolve | None = None,
    ) -> None:
        self.source = source
        kind = family_of(family, link)
        self.pooling = pooling
        outcomes.check(found, kind, family, source.rows)
        self.full_design = coded(found, kind, source.rows)
        lost = empty_categories.left_out(found, self.full_design, kind)
        if lost and resolve is None:  # a fit that is loaded was told of it
            warnings.warn(lost, stacklevel=3)
        self.family: Family = kind.of_levels(self.full_design.outcome_levels)
        self.defaults, self.given = named(priors)
        if resolve is None:
            resolve = resolve_package(self.defaults) if self.defaults else resolve_today
        refuse_false_intercepts(self.full_design)
        refuse_shared_names(self.full_design, self.family)
        together = pooled(self.full_design, pooling)
        determined = collinear(together.columns, together.names)
        if determined:
            raise ValueError(determined_remedy(together, determined))
        self.design: Design = arranged(together, self.family)
        refuse_shared_names(self.design, self.family)
        self.units: Units
        self.priors: Priors
        self.units, self.priors = resolve(self.design, self.family, self.given, pooling == "none")
        of_the_family = [chosen.prior for chosen in self.priors.own]
        empty_categories.refuse_flat(self.full_design, self.family, of_the_family)
        self.parameterization = (
            parameterization if isinstance(parameterization, str) else dict(parameterization)
        )

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The form of each term, and why."""
        if self.pooling == "none":
            return tuple(Choice("apart", "no pooling") for _ in self.design.groupings)
        return choose_forms(self.design, self.family, self.units, self.parameterization)

    @cached_property
    def assembled(self) -> Assembled:
        """Density and data of theta, and its names."""
        forms = [choice.form for choice in self.choices]
        return assemble(self.design, self.family, self.units, self.priors, forms)

    def rows(self, new: Any, optional: Sequence[str] = ()) -> Design:
        """The design of new rows, in the form of the model's data; without those of the `optional`
        grouping factors of which the rows lack the column.
        """
        made = self.places(new, optional)
        outcomes.check_trials(made, self.family)
        return made

    def places(self, new: Any, optional: Sequence[str] = ()) -> Design:
        """The same, but that trials may be any number: one that is a predictor, too, has a mean."""
        made = self.full_design.rows(new, groups=self.pooling != "complete", optional=optional)
        return made if self.design.blocks is None else stacked(made)

    @property
    def natural(self) -> Natural:
        """The way back from theta to coefficients, scales and effects in the data's units."""
        return Natural(self.design, self.family, self.units, self.assembled)

    def fit(
        self,
        *,
        draws: int = 1000,
        warmup: int = 1000,
        chains: int = 4,
        seed: Seed = None,
        **settings: Any,
    ) -> Fit:
        """Sample from the posterior.

        Parameters
        ----------
        draws, warmup, chains, seed
            As in `mcmc_edu.sample`.
        settings
            More of its arguments: `sampler`, `threads`, `progress`, `file`, `theta0`, `thin`,
            `keep_warmup`.
        """
        model = self.assembled
        given: dict[str, Any] = {
            "theta0": around(np.zeros(len(model.names)), 0.3),
            "sampler": self.sampler(),
            "data": model.data,
            "names": model.names,
            "natural": self.natural,
            "draws": draws,
            "warmup": warmup,
            "chains": chains,
            "seed": seed,
        }
        return Fit(self, sample(model.log_density, **given | settings))

    def sampler(self) -> NUTS:
        """The sampler that `fit` takes unless it is given one.

        Where effects are sampled their funnel wants shorter steps, which rstanarm takes as well;
        not so where the data decide nearly all of them.
        """
        return NUTS(target_accept=0.8 if easy(self.choices) else 0.95)

    def prior_predictive(self, draws: int = 1000, seed: Seed = None) -> FloatArray:
        """Draw outcomes from the priors, before any outcome is looked at; shape (draw, row).

        Every draw takes parameters from their priors, effects of all levels from the population
        that these make, and an outcome for every row.  Autoscaled priors take their scales from
        the data, this far they have been looked at.

        Raises
        ------
        ValueError
            If a prior is `Flat`, or so wide that counts overflow.

        Examples
        --------
        >>> data = {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0]}
        >>> from mcmc_edu import Model, Normal
        >>> model = Model("y ~ x", data, priors={"b": Normal(0, 1)})
        >>> model.prior_predictive(draws=50, seed=1).shape
        (50, 3)
        """
        return prior_predictive(self, draws, seed)

    def prior_summary(self) -> Table:
        """The prior of every parameter, as it was written and in the units of the data.

        Beneath: what a user must know of them, and classes that were given a prior and have no
        member in this model.
        """
        rows = {
            chosen.name: {
                "written": f"{chosen.written!r}{', autoscaled' * chosen.written.autoscales}",
                "in the data's units": repr(chosen.prior),
            }
            for chosen in self.priors.all()
        }
        return Table(rows, notes=prior_notes.of_model(self))

    def __repr__(self) -> str:
        link = "" if self.family.link in ("identity", "log") else f" ({self.family.link})"
        return (
            f"Model({self.design.formula!r}, {self.family.name}{link}, {self.pooling} pooling, "
            f"{self.design.y.size} rows)"
        )
