"""Draws from the posterior of a model that is prepared."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..draws import Draws
from ..driver.sample import sample
from ..driver.starts import around
from ..regression.prepare.form_choice import easy
from ..samplers import NUTS
from ..seeds import Seed
from .prepared import Prepared

SETTINGS = (
    "sampler",
    "threads",
    "executor",
    "progress",
    "file",
    "theta0",
    "on_error",
    "thin",
    "keep_warmup",
)
"""More arguments of `mcmc_edu.sample` that a fit passes on."""
OF_THE_MODEL = ("family", "link", "pooling", "priors", "parameterization", "missing", "weights")
"""Arguments of `Model`, which people give to `fit`."""


def draw(
    model: Prepared, draws: int, warmup: int, chains: int, seed: Seed, **settings: Any
) -> Draws:
    """Sample from the posterior; `settings` are more arguments of `mcmc_edu.sample`.

    Raises
    ------
    TypeError
        If a setting is none of `SETTINGS`.
    """
    _check(settings)
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


def _check(settings: Iterable[str]) -> None:
    for name in settings:
        if name in OF_THE_MODEL:
            raise TypeError(
                f"fit() has no argument {name!r}, which is one of the model. Pass it to "
                f"me.Model(formula, data, {name}=...)"
            )
        if name not in SETTINGS:
            known = ("draws", "warmup", "chains", "seed", *SETTINGS)
            near = get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]}?" if near else "."
            raise TypeError(f"fit() has no argument {name!r}{meant} It has {', '.join(known)}")


def sampler_of(model: Prepared) -> NUTS:
    """Choose the sampler that a fit takes unless it is given one.

    Where effects are sampled their funnel wants shorter steps, which rstanarm takes as well;
    not so where the data decide nearly all of them.
    """
    return NUTS(target_accept=0.8 if easy(model.choices) else 0.95)
