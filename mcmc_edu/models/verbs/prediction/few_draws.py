"""Subsets of a fit's draws, which make predictions cheaper.

Draws are taken evenly from all parts of all chains: 200 of 4 chains of 1000 draws are every
twentieth draw.  The choice is deterministic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...fitted import Fitted


def evenly(fit: Fitted, number: int | None) -> Fitted:
    """Return the fit with `number` of its draws in a single chain; unchanged if None.

    Raises
    ------
    ValueError
        If `number` is no integer from 1 to the number of draws.
    """
    if number is None:
        return fit
    chains, per_chain, _ = fit.draws.array.shape
    total = chains * per_chain
    whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
    if not whole or not 1 <= number <= total:
        raise ValueError(
            f"draws is {number!r}; it must be an integer from 1 to {total}, the draws there are, "
            "or None for all of them"
        )
    return subset_draws(fit, np.arange(number) * total // number)


def subset_draws(fit: Fitted, chosen: Any) -> Fitted:
    """Return the fit with the chosen draws in a single chain.

    Draws are numbered through all chains, placed end to end.
    """
    draws = fit.draws

    def take(x: FloatArray) -> FloatArray:
        return np.asarray(x.reshape(-1, *x.shape[2:])[chosen][np.newaxis])

    natural = {name: take(values) for name, values in draws.natural.items()}
    few = replace(draws, array=take(draws.array), natural=natural, stats={})
    return type(fit)(fit.model, few)
