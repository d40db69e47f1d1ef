"""A fit as ArviZ has it: what `draws.arviz` makes of its draws, and what its model adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...draws.arviz import sample_stats, tree, warmup
from ...seeds import Seed

if TYPE_CHECKING:
    from ..fit import Fit

ROW = "row"


def to_arviz(fit: Fit, seed: Seed = None) -> Any:
    """Make a DataTree: see `Fit.to_arviz`."""
    rows, posterior = fit.model.design, fit.draws.natural
    outcome = rows.outcome
    numbers = fit.model.source.rows
    labels: dict[str, Any] = {ROW: np.arange(rows.y.size) if numbers is None else numbers}
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
        "log_likelihood": {outcome: fit.log_lik()},
        "posterior_predictive": {outcome: fit.predict(seed=seed)},
        "observed_data": {outcome: rows.y},
        "sample_stats": sample_stats(fit.draws),
        **warmup(fit.draws),
    }
    return tree(groups, dims, labels, renamed)
