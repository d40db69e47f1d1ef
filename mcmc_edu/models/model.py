"""`Model`: a hierarchical regression from a formula, ready to be fitted.

    fit = me.Model("Reaction ~ Days + (Days | Subject)", me.datasets.sleepstudy()).fit(seed=1)

One likelihood, three priors: `pooling` says whether the levels of a grouping factor are a
population that is learnt ("partial"), stand alone ("none") or are all the same ("complete").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from ..formulas import design, from_arrays
from ..formulas.design import need_libraries
from ..priors.univariate import Prior
from ..samplers import NUTS
from ..seeds import Seed
from . import prior_predictive, prior_summary
from .fit import Fit
from .prepared import Prepared, prepare
from .sampling import draw, sampler_of
from .simulation import simulate
from .source import Source, weighted
from .stan import program


class Model(Prepared):
    """A hierarchical regression.

    Parameters
    ----------
    formula
        In lme4's notation, such as ``"y ~ x + (x | g)"``, ``"awards | trials(n) ~ male + (1 | g)"``
        or ``"y ~ x + offset(log(t)) + (x || g) + (1 | h)"``: see `mcmc_edu.formulas.formula`.
        ``"estimate | se(s) ~ x + (1 | study)"`` has Gaussian outcomes with known standard errors,
        as of a meta-analysis, and no sigma: what differs beyond the errors is an effect.
    data
        A data frame, or a mapping from names to columns.
    family
        ``"gaussian"``, ``"student"``, ``"bernoulli"``, ``"binomial"``, ``"poisson"``,
        ``"negbin"``, ``"gamma"``, ``"lognormal"``, ``"beta"``, ``"ordered"`` (cumulative logit)
        or ``"categorical"``.  An ordered outcome keeps all categories that a pandas categorical
        declares, those in no row included; numbers have the categories that occur; all other
        families leave empty categories out and say so.
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
    weights
        How many observations each row stands for, all of them alike: the name of a column, or an
        array of shape (rows,).  Whole numbers, 0 or more; a row of weight w is exactly w rows, in
        the likelihood, in terms such as ``scale(x)`` and in default priors.  Rows of weight 0 are
        left out, as are levels that have no other row.  Fitted values, residuals, predictions
        and `loo` have each row once, as one of its observations; `loo` weighs the rows in its
        sums, and `pp_check` compares whole data sets, of all observations.  Memory and
        preparation are those of the repeated rows.  So is the time of a fit, except for Gaussian
        and binomial outcomes, where equal rows are put together.  Survey weights, which are
        fractions, are refused: they belong into poststratification.

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
        weights: str | ArrayLike | None = None,
    ) -> None:
        need_libraries()
        data, column = weighted(data, weights)
        source = Source.of_table(formula, data, missing, column)
        made = design(formula, data, missing, column)
        self.become(prepare(made, source, family, link, pooling, priors, parameterization))

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
            `trials`, `offset`, `weights`, `se`, `names` and more: see
            `mcmc_edu.formulas.design.from_arrays`.
        """
        made = from_arrays(y, X, group, **columns)
        source = Source.of_arrays({"y": y, "X": X, "group": group} | columns)
        return cls.of(prepare(made, source, family, link, pooling, priors, parameterization))

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
            More of its arguments: `sampler`, `threads`, `executor`, `progress`, `file`, `theta0`,
            `thin`, `keep_warmup`.
        """
        return Fit(self, draw(self, draws, warmup, chains, seed, **settings))

    def sampler(self) -> NUTS:
        """Choose the sampler that `fit` takes unless it is given one: see `sampler_of`."""
        return sampler_of(self)

    prior_predictive = prior_predictive.prior_predictive
    prior_summary = prior_summary.prior_summary
    simulate = simulate.simulate
    stan = program.stan
