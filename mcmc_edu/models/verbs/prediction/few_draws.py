"""Some of a fit's draws in the place of all of them: what predictions cost grows with their number.

A number of draws is taken evenly, every chain and all parts of it alike: of 4 chains of 1000 draws,
200 are every twentieth.  They are the same whenever they are asked for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ....compiling import FloatArray
from ...fitted import Fitted


def evenly(fit: Fitted, number: int | None) -> Fitted:
    """Return the fit with so many of its draws, as of one chain; unchanged if None.

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
    """Return the fit with the draws of these numbers, its chains end to end, as of one chain."""
    draws = fit.draws

    def take(x: FloatArray) -> FloatArray:
        return np.asarray(x.reshape(-1, *x.shape[2:])[chosen][np.newaxis])

    natural = {name: take(values) for name, values in draws.natural.items()}
    few = replace(draws, array=take(draws.array), natural=natural, stats={})
    return type(fit)(fit.model, few)
