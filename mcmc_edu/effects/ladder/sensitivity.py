"""The answer at other scales of the priors: half and twice as wide."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...compiling import FloatArray
from ...table import Table
from .path import errors_of, summary_of

TIMES = {"half": 0.5, "as it is": 1.0, "twice": 2.0}
"""How many times the scales of all sds are taken, by the name of the row."""


def sensitivity_table(
    scale: float,
    asked: Mapping[str, FloatArray],
    subgroups: Mapping[str, FloatArray],
    notes: tuple[str, ...],
) -> Table:
    """Put the effects at each scale into a table.

    Parameters
    ----------
    scale
        Scale of the first order as it is.
    asked
        Draws of the effect that is asked for, shape (chain, draw), by the name of the row.
    subgroups
        Draws of the effects in all subgroups, shape (chain, draw, subgroup), in the same way.
    notes
        Lines under the table.
    """
    rows = {}
    usual = np.median(subgroups["as it is"], axis=(0, 1))
    for name, times in TIMES.items():
        effects = subgroups[name]
        moves = np.abs(np.median(effects, axis=(0, 1)) - usual)
        rows[name] = {
            "scale": scale * times,
            **summary_of(asked[name]),
            "spread": float(np.median(effects.std(axis=2, ddof=1))),
            "largest_move": float(moves.max()),
        }
    return Table(rows, {"scale": ".4g"}, notes, lambda name: errors_of(asked[name]))
