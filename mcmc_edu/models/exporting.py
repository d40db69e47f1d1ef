"""A fit as ArviZ has it: an xarray DataTree with a group for each kind of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .fit import Fit

SAMPLE_STATS = {
    "divergent": "diverging",
    "energy": "energy",
    "logp": "lp",
    "depth": "tree_depth",
    "n_gradients": "n_steps",
    "accept_prob": "acceptance_rate",
    "step_size": "step_size",
}
"""What we call what ArviZ calls otherwise."""
ROW = "row"


def to_arviz(fit: Fit, seed: int | None = None) -> Any:
    """Make a DataTree: see `Fit.to_arviz`."""
    try:
        from arviz_base import from_dict
    except ImportError as error:
        raise ImportError(
            f"to_arviz needs arviz-base ({error}): pip install 'mcmc_edu[arviz]'"
        ) from error
    rows = fit.model.design
    outcome = _name(rows.outcome)
    posterior = {_name(name): values for name, values in fit.draws.natural.items()}
    levels, dims = {}, {outcome: [ROW]}
    for g in rows.groupings:
        dim = _name(g.name) + ("_level" if _name(g.name) in {*posterior, outcome, ROW} else "")
        levels[dim] = np.array(g.levels)
        dims |= {_name(f"b({g.name}: {coefficient})"): [dim] for coefficient in g.names}
    stats = fit.draws.stats
    groups = {
        "posterior": posterior,
        "log_likelihood": {outcome: fit.log_lik()},
        "posterior_predictive": {outcome: fit.predict(seed=seed)},
        "observed_data": {outcome: rows.y},
        "sample_stats": {
            theirs: stats[ours] for ours, theirs in SAMPLE_STATS.items() if ours in stats
        },
    }
    return from_dict(groups, dims=dims, coords={ROW: np.arange(rows.y.size), **levels})


def _name(text: str) -> str:
    """A name for a DataTree, in which a slash begins a new group."""
    return text.replace("/", "|")
