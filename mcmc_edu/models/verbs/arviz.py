"""A fit as ArviZ has it: what `draws.arviz` makes of its draws, and what its model adds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...draws.arviz import sample_stats, tree, warmup
from ...seeds import Seed
from ..fitted import Fitted
from .prediction.draws import log_lik, predict

ROW = "row"


def to_arviz(fit: Fitted, seed: Seed = None) -> Any:
    """Hand the fit to ArviZ, as an xarray DataTree.

    Its groups are posterior (effects have the levels of their group as coordinates),
    log_likelihood, posterior_predictive (drawn with `seed`), observed_data and sample_stats.
    Rows, along ``row``, have their numbers in the data, from 0; a row with a weight is there as
    often as that says.

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
    numbers, weights = fit.model.source.rows, fit.model.design.weights
    numbers = np.arange(fit.model.design.y.size) if numbers is None else numbers
    if weights is not None:
        numbers = np.repeat(numbers, weights)
        fit = type(fit)(fit.model.of_observations(), fit.draws)
    rows, posterior = fit.model.design, fit.draws.natural
    outcome = rows.outcome
    labels: dict[str, Any] = {ROW: numbers}
    dims = {outcome: [ROW]}
    renamed: dict[str, str] = {}
    for g in rows.groupings:
        dim = g.name + ("_level" if g.name in {*posterior, outcome, ROW} else "")
        if dim != g.name:
            renamed[f"group {g.name}"] = dim
        labels[dim] = g.levels
        dims |= {f"b({g.name}: {coefficient})": [dim] for coefficient in g.names}
    groups = {
        "posterior": posterior,
        "log_likelihood": {outcome: log_lik(fit)},
        "posterior_predictive": {outcome: predict(fit, seed=seed)},
        "observed_data": {outcome: rows.y},
        "sample_stats": sample_stats(fit.draws),
        **warmup(fit.draws),
    }
    return tree(groups, dims, labels, renamed)
