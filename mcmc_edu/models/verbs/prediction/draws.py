"""Predictions for any rows, draw by draw: linear predictor, expected value, new outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....compiling import FloatArray
from ....formulas import Design
from ....seeds import Seed, generator
from ...fitted import Fitted
from .few_draws import evenly
from .linear_predictor import (
    PREDICT_NEARER,
    drawn_parameters,
    linear_predictor,
    log_density,
    outcomes,
    own_parameters,
    trials_of,
)
from .new_groups import NewGroups, without_column


def linpred(
    fit: Fitted,
    new: Any = None,
    *,
    new_groups: NewGroups = "error",
    draws: int | None = None,
    seed: Seed = None,
) -> FloatArray:
    """Compute draws of the linear predictor, offset included, shape (chain, draw, row).

    A categorical outcome has a last axis for all categories but the first.  The linear predictor of
    an ordered outcome does not include the thresholds.

    Parameters
    ----------
    new
        Rows to predict, in the form of the model's data; those that were fitted if None.
    new_groups
        Of levels that were not fitted: ``"error"``; ``"sample"``, effects are drawn from the
        population, again in every draw; ``"zero"``, the population's own line, for which rows
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
    return predicted(fit, "linpred", new, new_groups, draws, seed)


def epred(
    fit: Fitted,
    new: Any = None,
    *,
    new_groups: NewGroups = "error",
    draws: int | None = None,
    seed: Seed = None,
) -> FloatArray:
    """Compute draws of the outcome's expected value.

    Parameters and shape are as in `linpred`.  For a binomial outcome the value counts all trials.
    If the outcome is a category, the values are probabilities: (chain, draw, row, category).

    Examples
    --------
    >>> fit = example_fit()
    >>> mean = fit.epred({"Days": [0, 9], "Subject": ["308", "308"]}).mean(axis=(0, 1))
    >>> round(float(mean[1]), -1)
    430.0
    """
    return predicted(fit, "epred", new, new_groups, draws, seed)


def predict(
    fit: Fitted,
    new: Any = None,
    *,
    new_groups: NewGroups = "error",
    draws: int | None = None,
    seed: Seed = None,
) -> FloatArray:
    """Draw new outcomes; parameters and shape are as in `linpred`.

    If the model has known standard errors, new rows need the column of standard errors.  If the
    outcome is a category, the draws are numbers of levels, from 0, in
    ``fit.model.design.outcome_levels``.

    Raises
    ------
    ValueError
        As `linpred`; if trials are no whole numbers; if rows lack a standard error; or a count is
        too large to draw.

    Examples
    --------
    >>> fit, night = example_fit(), {"Days": [9], "Subject": ["somebody"]}
    >>> y, mean = (f(night, new_groups="sample", seed=1) for f in (fit.predict, fit.epred))
    >>> bool(y.std() > mean.std() > 40.0)  # ms: the noise, and how people differ
    True
    """
    return predicted(fit, "predict", new, new_groups, draws, seed)


def log_lik(fit: Fitted, draws: int | None = None) -> FloatArray:
    """Compute the log density of every row given each draw, shape (chain, draw, row).

    A row counts as one observation, whatever its weight.  `draws` is as in `linpred`.

    Examples
    --------
    >>> fit = example_fit()
    >>> fit.log_lik().shape, len(fit.model.design.y)
    ((2, 500, 180), 180)
    """
    fit, rows = evenly(fit, draws), fit.model.design
    eta = linear_predictor(fit, rows, "error", np.random.default_rng(0))
    return log_density(fit, rows, eta)


def predicted(
    fit: Fitted, kind: str, new: Any, new_groups: NewGroups, draws: int | None, seed: Seed
) -> FloatArray:
    """Draw predictions of one kind, for `linpred`, `epred` and `predict`."""
    rows = rows_of(fit, new, new_groups)
    return of_rows(evenly(fit, draws), rows, kind, new_groups, generator(seed))


def rows_of(fit: Fitted, new: Any, new_groups: NewGroups) -> Design:
    """Return the design of new rows, or of the fitted rows if `new` is None."""
    if new is None:
        return fit.model.design
    return fit.model.rows(new, without_column(new_groups, fit.model.full_design))


def of_rows(
    fit: Fitted, rows: Design, kind: str, new_groups: NewGroups, rng: np.random.Generator
) -> FloatArray:
    """Draw predictions for the rows of a design, shape (chain, draw, row, ...)."""
    family, eta = fit.model.family, linear_predictor(fit, rows, new_groups, rng)
    if kind == "linpred":
        return eta
    if kind == "predict":
        own = own_parameters(fit, rows)
        return outcomes(family, rng, eta, trials_of(rows), own, PREDICT_NEARER)
    if family.probabilities is not None:
        return family.probabilities(eta, drawn_parameters(fit))
    mean = family.mean(eta, drawn_parameters(fit))
    return mean if rows.trials is None else mean * rows.trials
