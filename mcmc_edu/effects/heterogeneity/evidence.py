"""Evidence of heterogeneity: the sd of effects, and how much of it the modifiers explain.

sigma_theta is what effects differ by beyond the modifiers.  Its posterior stands beside its prior:
where the two are alike, the data have said nothing about it.
"""

from __future__ import annotations

import numpy as np

from ...compiling import FloatArray
from ...diagnostics import MIN_DRAWS, mcse_quantile
from ...table import Table
from .parts import Parts

NEAR_ZERO = 0.15
"""A sd may be 0 if its 5 % quantile is less than this share of its median.

Half-normal draws have 0.093, whatever their scale, and of a gamma distribution of shape 2, which is
0 at 0, it is 0.21.
"""


def may_be_zero(sd: FloatArray) -> bool:
    """Return whether the posterior of a sd reaches down to 0."""
    low, middle = np.quantile(sd, [0.05, 0.5])
    return bool(low < NEAR_ZERO * middle)


def evidence(
    treatment: str, prior: FloatArray, posterior: FloatArray, parts: Parts, conf_level: float
) -> Table:
    """Compare the sd of effects with its prior, and with all variation of effects.

    Parameters
    ----------
    prior, posterior
        Draws of sigma_theta.
    parts
        Draws of the effects.
    """
    rows: dict[str, dict[str, float]] = {}
    errors: dict[str, dict[str, float]] = {}
    tail = 0.5 * (1.0 - conf_level)
    at = {"estimate": 0.5, "conf_low": tail, "conf_high": 1.0 - tail}
    found = {
        f"sd({treatment}) beyond modifiers: prior": prior[np.newaxis],
        f"sd({treatment}) beyond modifiers: posterior": posterior,
        "sd of group effects": np.sqrt(parts.variance(parts.total)),
        "share explained by modifiers": parts.explained(),
    }
    for name, x in found.items():
        rows[name] = {column: float(np.quantile(x, q)) for column, q in at.items()}
        if x.shape[0] > 1 and x.shape[1] >= MIN_DRAWS:
            errors[name] = {column: mcse_quantile(x, q) for column, q in at.items()}
    notes = [
        "Effects of the groups that are there, on the scale of the linear predictor; variances "
        "among them are weighed by people. The share is Var(z lambda) / Var(theta) in each draw; "
        "it may be above 1 where the rest goes against the modifiers."
    ]
    if may_be_zero(posterior):
        low = float(np.quantile(posterior, 0.05))
        notes.append(
            f"The sd of effects beyond the modifiers may be 0 (5 % of its posterior are below "
            f"{low:.2g}): the data do not tell whether effects differ beyond them, and those of "
            "the groups lean on the effect equation."
        )
    return Table(rows, {}, notes, lambda name: errors.get(name, {}))
