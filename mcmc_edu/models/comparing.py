"""Models beside each other: how much better one predicts than another, and how sure that is.

    difference = sum_i (elpd_i of the one - elpd_i of the other),      se = sqrt(n) sd of the terms

Units that are hard for one model are hard for the others, so that the difference is known better
than either sum.

Source: A. Vehtari, A. Gelman, J. Gabry (2017), *Statistics and Computing* 27, 1413-1432.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..table import Table
from .loo import Loo, sum_error

if TYPE_CHECKING:
    from .fit import Fit


def compare(models: Mapping[str, Fit | Loo]) -> Table:
    """Compare models of the same data by how well they predict what they have not seen.

    Parameters
    ----------
    models
        Fits, of which `Fit.loo` is taken, or what it returned, by name.

    Returns
    -------
    A table, the best model first: elpd, its difference from the best model's and the standard
    error of the difference, found from the differences of each unit, and p_loo.

    Raises
    ------
    ValueError
        If there are fewer than two models, or outcomes or units differ.

    Examples
    --------
    >>> from mcmc_edu.models.fit import example_fit
    >>> fit = example_fit()
    >>> list(compare({"one": fit, "the same": fit.loo()})["one"])
    ['elpd', 'difference', 'se', 'p_loo']
    """
    if len(models) < 2:
        raise ValueError(f"models has {len(models)} entries; it takes two to compare")
    found = {name: x if isinstance(x, Loo) else x.loo() for name, x in models.items()}
    ordered = sorted(found, key=lambda name: -found[name].elpd)
    best = found[ordered[0]]
    for name in ordered[1:]:
        _check_same(ordered[0], best, name, found[name])
    rows = {name: _against(best, found[name]) for name in ordered}
    notes = [f"{name}: {note}" for name in ordered for note in found[name].notes()]
    return Table(rows, dict.fromkeys(rows[ordered[0]], ".1f"), notes)


def _against(best: Loo, other: Loo) -> dict[str, float]:
    difference = other.pointwise - best.pointwise
    return {
        "elpd": other.elpd, "difference": float(difference.sum()),
        "se": sum_error(difference), "p_loo": other.p_loo,
    }  # fmt: skip


def _check_same(a: str, one: Loo, b: str, other: Loo) -> None:
    if not np.array_equal(one.y, other.y):
        raise ValueError(
            f"{a!r} and {b!r} have different outcomes ({one.y.size} and {other.y.size} rows); "
            "compare models of the same outcome, untransformed, and of the same rows in one order"
        )
    if (one.unit, one.names) != (other.unit, other.names):
        raise ValueError(
            f"{a!r} leaves out one {one.unit} at a time and {b!r} one {other.unit}; "
            "take the same groups for both"
        )
