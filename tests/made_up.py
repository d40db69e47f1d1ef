"""Fits of made-up draws: verbs need draws, not a posterior."""

from typing import Any

import numpy as np

import mcmc_edu as me
from mcmc_edu.draws import Draws
from mcmc_edu.models.fit import Fit


def made_up(model: me.Model, chains: int = 2, draws: int = 60, seed: int = 1) -> Fit:
    """Draw every quantity of a model from a normal, an sd from its absolute value."""
    rng, shape = np.random.default_rng(seed), (chains, draws)
    design, natural = model.design, dict[str, Any]()
    for name in design.names:
        natural[name] = rng.normal(0.0, 0.4, shape)
    own = sorted(model.family.own) if model.family.thresholds else model.family.own
    thresholds = np.sort(rng.normal(size=(len(own), *shape)), axis=0)
    for name, values in zip(model.family.own, thresholds, strict=True):
        natural[name] = values if model.family.thresholds else np.abs(values) + 0.5
    for g in design.groupings:
        for k, name in enumerate(g.names):
            if model.pooling != "none":
                natural[f"sd({g.name}: {name})"] = 0.2 + np.abs(rng.normal(0.0, 0.3, shape))
            natural[f"b({g.name}: {name})"] = rng.normal(0.0, 0.5, (*shape, len(g.levels)))
            for earlier in g.names[:k] if g.correlated else ():
                natural[f"cor({g.name}: {earlier}, {name})"] = rng.uniform(-0.6, 0.6, shape)
    array = np.zeros((*shape, 1))
    return Fit(model, Draws(array, ["theta"], {}, natural, {}, {}))
