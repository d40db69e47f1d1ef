"""Draws from the posterior of a model that is prepared."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..draws import Draws
from ..driver.sample import sample
from ..driver.starts import around
from ..regression.prepare.form_choice import easy
from ..samplers import NUTS
from ..seeds import Seed
from .prepared import Prepared


def draw(
    model: Prepared, draws: int, warmup: int, chains: int, seed: Seed, **settings: Any
) -> Draws:
    """Sample from the posterior; `settings` are more arguments of `mcmc_edu.sample`."""
    made = model.assembled
    given: dict[str, Any] = {
        "theta0": around(np.zeros(len(made.names)), 0.3),
        "sampler": sampler_of(model),
        "data": made.data,
        "names": made.names,
        "natural": model.natural,
        "draws": draws,
        "warmup": warmup,
        "chains": chains,
        "seed": seed,
    }
    return sample(made.log_density, **given | settings)


def sampler_of(model: Prepared) -> NUTS:
    """Choose the sampler that a fit takes unless it is given one.

    Where effects are sampled their funnel wants shorter steps, which rstanarm takes as well;
    not so where the data decide nearly all of them.
    """
    return NUTS(target_accept=0.8 if easy(model.choices) else 0.95)
