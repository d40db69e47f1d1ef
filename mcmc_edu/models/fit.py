"""`Fit`: what comes of a model and its data, and the verbs that users of lme4 and brms know."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiling import FloatArray
from ..draws import Draws, Matrix
from ..seeds import Seed
from ..table import Table
from . import prior_notes
from .verbs.arviz import to_arviz
from .verbs.checks import Statistic, pp_check, residuals
from .verbs.conditional.effects import ConditionalEffects, conditional_effects
from .verbs.estimates import estimates, of_levels
from .verbs.hypothesis import hypothesis
from .verbs.loo.loo import Loo, loo
from .verbs.prediction.few_draws import evenly
from .verbs.prediction.linear_predictor import linear_predictor, log_density
from .verbs.prediction.new_groups import NewGroups
from .verbs.prediction.predictions import predicted, predictions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .model import Model


class Fit:
    """Draws from the posterior of a model.

    Attributes
    ----------
    model
        What was fitted.
    draws
        The draws, by name in the units of the data: common coefficients as they are called in the
        formula, ``sd(g: x)``, ``cor(g: x, z)``, effects ``b(g: x)`` (chain, draw, level), of which
        ``b(g: x)[level]`` is that of a level by its name, and the family's own parameters.
    """

    def __init__(self, model: Model, draws: Draws) -> None:
        self.model = model
        labels, warmup = _levels(model, draws), draws.warmup
        self.draws = replace(draws, labels=labels, warmup=warmup and replace(warmup, labels=labels))

    def __repr__(self) -> str:
        chains, draws, _ = self.draws.array.shape
        return f"Fit({self.model!r}, {chains} chains of {draws} draws)"

    def summary(self, *names: str) -> Table:
        """Estimates and diagnostics of everything but the effects, or of the quantities named.

        Beneath: the form of every term, and what is not to be trusted, effects included.

        Examples
        --------
        >>> table = example_fit().summary("Days", "sigma")
        >>> list(table), bool(table["Days"]["rhat"] < 1.05)
        (['Days', 'sigma'], True)
        """
        shown = names or tuple(n for n in self.draws.natural if not n.startswith("b("))
        table = self.draws.summary(*shown)
        return replace(table, notes=[*self.remarks(), *self._warnings(table, shown)])

    def extend(
        self,
        n: int,
        *,
        threads: int | None = None,
        progress: bool | None = None,
        file: str | os.PathLike[str] | None = None,
    ) -> Fit:
        """Continue the run: bit for bit the fit that more draws would have given from the start.

        It works for fits from files as well.

        Parameters
        ----------
        n
            Iterations to add to each chain; a multiple of `thin`.
        threads, progress, file
            As in `mcmc_edu.sample`.

        Returns
        -------
        Fit
            With all draws, old and new ones; this one does not change.  Effects that were
            integrated out are drawn again for all of them.

        Raises
        ------
        ValueError
            If `n` is not a positive multiple of `thin`; or the draws were made by another version
            of the package, or by one that did not keep where chains ended.

        Examples
        --------
        >>> example_fit().extend(100, progress=False)
        Fit(Model('Reaction ~ Days + (Days | Subject)', gaussian, partial pooling, 180 rows), \
2 chains of 600 draws)
        """
        made = self.model.assembled
        longer = self.draws.extend(
            n,
            log_density=made.log_density,
            data=made.data,
            natural=self.model.natural,
            threads=threads,
            progress=progress,
            file=file,
        )
        return Fit(self.model, longer)

    def remarks(self) -> list[str]:
        """The form of every term, and where a default prior decides what is found."""
        choices = zip(self.model.design.groupings, self.model.choices, strict=True)
        forms = [f"{g.name}: {choice.form} ({choice.reason})." for g, choice in choices]
        return [*forms, *prior_notes.of_fit(self)]

    def _warnings(self, table: Table, shown: tuple[str, ...]) -> list[str]:
        """Those of the rows that are shown, and of the effects if only they are in trouble."""
        if list(table.notes) or set(shown) == set(self.draws.natural):
            return list(table.notes)
        return list(self.draws.summary().notes)

    def fixef(self) -> Table:
        """Estimates of the common coefficients.

        Examples
        --------
        >>> fit = example_fit()
        >>> list(fit.fixef())
        ['Intercept', 'Days']
        """
        return estimates({name: self.draws[name] for name in self.model.design.names})

    def ranef(self) -> dict[str, Table]:
        """Estimates of every level's deviations from the common coefficients, by grouping factor.

        Examples
        --------
        >>> fit = example_fit()
        >>> round(fit.ranef()["Subject"]["308"]["Days"], 0)
        9.0
        """
        return self._by_group({})

    def coef(self) -> dict[str, Table]:
        """Estimates of every level's own coefficients: common ones and deviations added up.

        Examples
        --------
        >>> fit = example_fit()
        >>> round(fit.coef()["Subject"]["308"]["Days"], 0)
        20.0
        """
        return self._by_group({name: self.draws[name] for name in self.model.design.names})

    def _by_group(self, common: Mapping[str, FloatArray]) -> dict[str, Table]:
        """Effects of the levels of each grouping factor, of all its bars, and `common` added."""
        found: dict[str, dict[str, FloatArray]] = {}
        levels: dict[str, tuple[str, ...]] = {}
        for g in self.model.design.groupings:
            levels[g.name] = g.levels
            for name in g.names:
                draws = self.draws[f"b({g.name}: {name})"]
                if name in common:
                    draws = draws + common[name][:, :, np.newaxis]
                found.setdefault(g.name, {})[name] = draws
        return {name: of_levels(effects, levels[name]) for name, effects in found.items()}

    def varcorr(self) -> Table:
        """Estimates of how the coefficients vary among levels: standard deviations, correlations,
        and the residual's standard deviation.

        Examples
        --------
        >>> fit = example_fit()
        >>> [name for name in fit.varcorr() if name.startswith("cor")]
        ['cor(Subject: Intercept, Days)']
        """
        kinds = ("sd(", "cor(")
        names = [n for n in self.draws.natural if n.startswith(kinds) or n == "sigma"]
        return estimates({name: self.draws[name] for name in names})

    def prior_summary(self) -> Table:
        """The priors: see `Model.prior_summary`.

        Examples
        --------
        >>> fit = example_fit()
        >>> fit.prior_summary()["Days"]["written"]
        'Normal(0, 2.5), autoscaled'
        """
        return self.model.prior_summary()

    def linpred(
        self,
        new: Any = None,
        *,
        new_groups: NewGroups = "error",
        draws: int | None = None,
        seed: Seed = None,
    ) -> FloatArray:
        """Draws of the linear predictor, offset included, shape (chain, draw, row).

        A categorical outcome has one for every category but the first, a last axis; an ordered
        one has one, less the thresholds.

        Parameters
        ----------
        new
            Rows to predict, in the form of the model's data; those that were fitted if None.
        new_groups
            Of levels that were not fitted: ``"error"``; ``"sample"``, effects are drawn from the
            population, anew in every draw; ``"zero"``, the population's own line, for which rows
            may lack the column of the group.  Or a word for each grouping factor,
            ``{"person": "sample"}``; others are ``"error"`` then.
        draws
            How many draws to take, spaced evenly over all chains and put into one, shape
            (1, draws, row); all of them if None.
        seed
            Of the effects that are drawn.

        Raises
        ------
        ValueError
            If a level is new and `new_groups` is ``"error"``; `new_groups` names no grouping factor
            of the model; or a column is missing.

        Examples
        --------
        >>> fit = example_fit()
        >>> eta = fit.linpred({"Days": [9]}, new_groups="zero")
        >>> np.allclose(eta[..., 0], fit.draws["Intercept"] + 9 * fit.draws["Days"])
        True
        """
        return predicted(self, "linpred", new, new_groups, draws, seed)

    def epred(
        self,
        new: Any = None,
        *,
        new_groups: NewGroups = "error",
        draws: int | None = None,
        seed: Seed = None,
    ) -> FloatArray:
        """Draws of the outcome's expected value, of all trials if it is binomial; parameters and
        shape as of `linpred`.

        Where the outcome is a category, the probability of each: (chain, draw, row, category).

        Examples
        --------
        >>> fit = example_fit()
        >>> mean = fit.epred({"Days": [0, 9], "Subject": ["308", "308"]}).mean(axis=(0, 1))
        >>> round(float(mean[1]), -1)
        430.0
        """
        return predicted(self, "epred", new, new_groups, draws, seed)

    def predict(
        self,
        new: Any = None,
        *,
        new_groups: NewGroups = "error",
        draws: int | None = None,
        seed: Seed = None,
    ) -> FloatArray:
        """Draws of new outcomes; parameters and shape as of `linpred`.

        Where the outcome is a category it is the number of its level, from 0, in
        ``fit.model.design.outcome_levels``.

        Raises
        ------
        ValueError
            As `linpred`; if trials are no whole numbers; or a count is too large to draw.

        Examples
        --------
        >>> fit, night = example_fit(), {"Days": [9], "Subject": ["somebody"]}
        >>> y, mean = (f(night, new_groups="sample", seed=1) for f in (fit.predict, fit.epred))
        >>> bool(y.std() > mean.std() > 40.0)  # ms: the noise, and how people differ
        True
        """
        return predicted(self, "predict", new, new_groups, draws, seed)

    def predictions(
        self,
        new: Any = None,
        *,
        kind: str = "epred",
        new_groups: NewGroups = "error",
        draws: int | None = None,
        seed: Seed = None,
    ) -> Table:
        """Summarise the predictions of every row, without keeping their draws.

        Rows are taken in blocks, and need little memory however many they are.  The other
        parameters are those of `linpred`.

        Parameters
        ----------
        kind
            ``"epred"``, the expected value; ``"linpred"``, the linear predictor; ``"predict"``, new
            outcomes.

        Returns
        -------
        Table
            A row for each row of the data, ``[0]`` the first; of categories, one for each of them.
            Columns mean, sd, the 5 %, 50 % and 95 % quantiles, and the Monte Carlo standard error
            of the mean (mcse).

        Raises
        ------
        ValueError
            As `predict`; or if `kind` is another, or has no mean.

        Examples
        --------
        >>> fit, nights = example_fit(), {"Days": [0, 9], "Subject": ["308", "308"]}
        >>> round(fit.predictions(nights)["[1]"]["mean"], -1)
        430.0
        """
        return predictions(self, new, kind, new_groups, draws, seed)

    def log_lik(self, draws: int | None = None) -> FloatArray:
        """Log density of every observation given each draw, shape (chain, draw, row); of some
        `draws` only, as in `linpred`.

        Examples
        --------
        >>> fit = example_fit()
        >>> fit.log_lik().shape, len(fit.model.design.y)
        ((2, 500, 180), 180)
        """
        fit, rows = evenly(self, draws), self.model.design
        eta = linear_predictor(fit, rows, "error", np.random.default_rng(0))
        return log_density(fit, rows, eta)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write draws and model to an ``.npz`` file, which `load_fit` reads; nothing is pickled.

        Of the data it has the columns that the formula uses: whoever has the file has them.

        Raises
        ------
        ValueError
            If `path` does not end in ``.npz``.
        OSError
            If the file cannot be written; one that was there stays as it was.

        Examples
        --------
        >>> import tempfile, mcmc_edu as me
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     example_fit().save(f"{folder}/fit.npz")
        ...     list(me.load_fit(f"{folder}/fit.npz").fixef())
        ['Intercept', 'Days']
        """
        from .verbs.saving import save

        save(self, path)

    def hypothesis(self, text: str) -> Table:
        """Estimate how probable a statement about the parameters is.

        Parameters
        ----------
        text
            Two expressions compared by >, >=, < or <=: names of draws, numbers, + - * / ^ (or **),
            abs, exp, log, sqrt and parentheses.  Or several such statements, joined by ``and``,
            ``or`` and ``not``.  Names that are more than letters and digits go into backticks, such
            as ``"`sd(Subject: Days)` > 5"`` or ``"`b(Subject: Days)[308]` > 0"``.

        Returns
        -------
        Table
            One row: mean, sd and the 5 % and 95 % quantiles of left minus right (None of several
            statements), the posterior probability of the statement, and its Monte Carlo standard
            error (mcse).

        Raises
        ------
        ValueError
            If the text cannot be read, names no parameter, or asks for equality.

        Examples
        --------
        >>> fit = example_fit()
        >>> bool(fit.hypothesis("Days - 5 > 0")["Days - 5 > 0"]["probability"] > 0.9)
        True
        """
        return hypothesis(self, text)

    def conditional_effects(
        self,
        effect: str,
        *,
        levels: Mapping[str, Any] | None = None,
        grid: int = 100,
        new_groups: NewGroups = "zero",
        kind: str = "epred",
        draws: int | None = None,
        seed: Seed = None,
    ) -> ConditionalEffects:
        """Estimate the outcome along one predictor, or two, with all others held still.

        Parameters
        ----------
        effect
            A predictor, ``"x"``: a grid over its range if it is numbers, all levels if it is a
            factor.  Or two, ``"x:z"``: z at its levels, or at its mean and a standard deviation
            to either side.  If that is beyond the data, as of a skewed z, z is at its quantiles
            of 16, 50 and 84 %, or at its values if it has three or fewer.
        levels
            Values to take instead, by predictor; of one that does not vary, the value to hold it
            at in place of its mean or first level.  Of columns of an offset and of trials too, of
            which the usual values are 0 and 1: ``{"exposure": 100}``.
        grid
            Number of places on the axis of a numeric predictor.
        new_groups
            ``"zero"``: the middle of the population of groups; ``"sample"``: a new group, so that
            intervals hold the differences among groups as well; or a word for each factor.
        kind
            ``"epred"``, the expected value (of one trial if binomial: a probability);
            ``"linpred"``, the linear predictor; ``"predict"``, new outcomes.
        draws
            How many draws to take, spaced evenly over all chains; all of them if None.
        seed
            Of what is drawn.

        Examples
        --------
        >>> found = example_fit().conditional_effects("Days", grid=4)
        >>> found.grid["Days"].tolist(), bool((found.q5 < found.mean).all())
        ([0.0, 3.0, 6.0, 9.0], True)
        """
        return conditional_effects(self, effect, levels, grid, new_groups, kind, draws, seed)

    def matrix(self, *names: str) -> Matrix:
        """Put all draws into one matrix, a row a draw and a column a parameter: see `Draws.matrix`.

        Examples
        --------
        >>> made = example_fit().matrix()
        >>> made.shape, made["b(Subject: Days)[308]"].shape
        ((1000, 42), (1000,))
        """
        return self.draws.matrix(*names)

    def to_arviz(self, seed: Seed = None) -> Any:
        """Hand the fit to ArviZ, as an xarray DataTree.

        Its groups are posterior (effects have the levels of their group as coordinates),
        log_likelihood, posterior_predictive (drawn with `seed`), observed_data and sample_stats.
        Rows, along ``row``, have their numbers in the data, from 0.

        Some names are taken: a coefficient or column called ``chain``, ``draw`` or ``row`` ends in
        ``_``, as does one that is called like a group; a group that is called like a coefficient,
        ``row`` or the outcome ends in ``_level``; a slash becomes a bar.  A warning says which are
        renamed.

        Raises
        ------
        ImportError
            If arviz-base is not installed.

        Examples
        --------
        >>> tree = example_fit().to_arviz(seed=1)
        >>> tree.posterior["b(Subject: Days)"].sel(Subject="308").shape
        (2, 500)
        """
        return to_arviz(self, seed)

    def loo(
        self, refit: bool = False, groups: str | None = None, *, progress: bool | None = None
    ) -> Loo:
        """Estimate how well the model predicts what it has not seen, by leaving out one at a time.

        Parameters
        ----------
        refit
            Whether to fit the model again without each row, or group, whose Pareto k says that
            its estimate is not to be trusted.  Priors and units stay those of all rows; a level
            that loses its only row has effects from the population.  What these fits have of Monte
            Carlo error is in `Loo.mcse` and beneath the table; more draws make it smaller.
        groups
            A grouping factor whose levels are left out whole, so that the estimate is of new
            levels; the effects are integrated out, which takes Gaussian outcomes.  Rows otherwise,
            which is of new rows of the same levels.
        progress
            Whether to show how many fits are done with `refit`; None to guess, as in `me.sample`.

        Returns
        -------
        Loo
            With elpd, se, p_loo, looic and the densities of the units, ``pointwise``.

        Raises
        ------
        ImportError
            If arviz-stats is not installed.
        ValueError
            If `groups` is no grouping factor of the model, or its effects cannot be integrated out;
            or, without pooling, a level has no other row than the one to refit without.

        Examples
        --------
        >>> fit = example_fit()
        >>> bool(fit.loo().elpd > fit.loo(groups="Subject").elpd)
        True
        """
        return loo(self, refit, groups, progress)

    def pp_check(
        self,
        kind: str = "density",
        *,
        x: str | None = None,
        group: str | None = None,
        stat: str | Statistic = "mean",
        draws: int | None = None,
        seed: Seed = None,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw data sets that the model makes up beside the data it was fitted to.

        Parameters
        ----------
        kind
            ``"density"``: the distribution of the outcome, or how often each count occurs;
            ``"ribbon"``: the mean of every level of a group, replicated ones as intervals of 90 %,
            or, with `x`, all outcomes along a predictor over intervals of 50 % and 90 %;
            ``"stat"``: one number of each data set, with the share that is at least the observed.
        x
            Of the ribbon: a column of numbers that the model uses.
        group
            Of the ribbon: the grouping factor; the first if not given.  With `x`: that of which
            every level has a panel, one of the axes' `child_axes`; all in one if not given.
        stat
            Of kind stat: ``"mean"``, ``"sd"``, ``"min"``, ``"max"``, ``"median"``, ``"zeros"`` or a
            function of data (..., row) that gives (...).
        draws
            Number of data sets; 50 for densities and 1000 for others if not given, at most as many
            as there are draws.
        seed
            Of the draws that are taken and of the data sets.
        ax
            Axes to draw in; new ones if not given.

        Raises
        ------
        ValueError
            If `kind`, `x`, `group`, `stat` or `draws` is not one of those allowed; if `group` has
            more levels than there is room for; or categories without an order would be taken for
            numbers.

        Examples
        --------
        >>> fit = example_fit()
        >>> fit.pp_check("stat", stat="max", seed=1).get_xlabel()
        'max of Reaction'
        """
        return pp_check(self, kind, x=x, group=group, stat=stat, draws=draws, seed=seed, ax=ax)

    def residuals(self, kind: str = "response", draws: int | None = None) -> FloatArray:
        """Draws of the residuals, shape (chain, draw, row); of some `draws` only, as in `linpred`.

        Parameters
        ----------
        kind
            ``"response"``: the outcome less its expected value, in the outcome's units;
            ``"pearson"``: that over the standard deviation of the outcome given each draw, 0 where
            a Student outcome has none (nu of 2 or less).

        Raises
        ------
        ValueError
            If `kind` is another.

        Examples
        --------
        >>> fit = example_fit()
        >>> round(float(fit.residuals("pearson").std()), 1)
        1.0
        """
        return residuals(self, kind, draws)


def _levels(model: Model, draws: Draws) -> dict[str, tuple[str, ...]]:
    """Names of the levels along each of the effects."""
    found = {f"b({g.name}: {name})": g.levels for g in model.design.groupings for name in g.names}
    return {
        name: levels
        for name, levels in found.items()
        if name in draws.natural and draws.natural[name].shape[2:] == (len(levels),)
    }


@cache
def example_fit() -> Fit:
    """The sleepstudy model, with few draws: what the examples of this file look at."""
    from ..datasets import sleepstudy
    from .model import Model

    model = Model("Reaction ~ Days + (Days | Subject)", sleepstudy())
    return model.fit(draws=500, warmup=300, chains=2, seed=1, progress=False)
