"""Results of a calibration: ranks, their ECDFs, and the verdict over all quantities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .. import plots
from ..compiling import FloatArray
from ..table import Table
from .bands import counts_below, ecdf_band, ecdf_p_value, expected

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class SBC:
    """Ranks of truths among draws, with p-values under a right sampler."""

    ranks: NDArray[np.int64]
    """Ranks from 0 to `draws`, shape (replicate, quantity)."""
    names: tuple[str, ...]
    """Names of the quantities."""
    draws: int
    """L, the number of draws that each truth was ranked among."""
    ess: FloatArray
    """Effective draws that `fit` gave, shape (replicate, quantity); NaN where it gave fewer than
    4 L draws, too few to tell.
    """
    level: float
    """Least probability with which a right sampler is inside, all quantities together."""

    @cached_property
    def p_values(self) -> dict[str, float]:
        """Exact p-value of each quantity, over all points of its ECDF together."""
        columns = zip(self.names, self.ranks.T, strict=True)
        return {name: ecdf_p_value(ranks, self.draws) for name, ranks in columns}

    @property
    def p_value(self) -> float:
        """P-value of all quantities together: the smallest, times their number (Bonferroni)."""
        return min(1.0, len(self.names) * min(self.p_values.values()))

    @property
    def outside(self) -> tuple[str, ...]:
        """Quantities whose ECDF leaves the band."""
        least = (1.0 - self.level) / len(self.names)
        return tuple(name for name, p in self.p_values.items() if p <= least)

    @property
    def inside(self) -> bool:
        """Whether every quantity stays in the band.

        With a right sampler this has probability `level` or more.
        """
        return not self.outside

    def ecdf_difference(self) -> FloatArray:
        """Compute the share of ranks below k minus k / (L + 1), k = 1 to L; (quantity, L)."""
        below = [counts_below(ranks, self.draws) / len(self.ranks) for ranks in self.ranks.T]
        return np.array(below) - expected(self.draws)

    def band(self) -> tuple[FloatArray, FloatArray]:
        """Compute the band of the ECDF difference: lower and upper limits, shape (L,) each.

        The band of one quantity has level 1 - (1 - `level`) / number of quantities, so that all
        bands together have at least `level`.
        """
        return ecdf_band(len(self.ranks), self.draws, 1.0 - (1.0 - self.level) / len(self.names))

    def plot(self, names: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
        """Draw the ECDF differences of the named quantities, or of all if `names` is None.

        See `me.plots.ecdf_difference`.
        """
        chosen = self.names if names is None else names
        unknown = [name for name in chosen if name not in self.names]
        if unknown:
            raise ValueError(f"names has {unknown}; the quantities are {', '.join(self.names)}")
        of = dict(zip(self.names, self.ecdf_difference(), strict=True))
        return plots.ecdf_difference(
            {name: of[name] for name in chosen}, self.band(), ax, outside=self.outside
        )

    def table(self) -> Table:
        """Make a table with a row for each quantity.

        The columns are mean and spread of the ranks (0.5 and 1 if uniform), p-value, whether the
        quantity stays in the band, and the smallest number of effective draws.
        """
        share = (self.ranks + 0.5) / (self.draws + 1.0)
        uniform_sd = np.sqrt((1.0 - (self.draws + 1.0) ** -2) / 12.0)
        rows = {
            name: {
                "mean rank": float(share[:, k].mean()),
                "spread": float(np.sqrt(np.mean((share[:, k] - 0.5) ** 2)) / uniform_sd),
                "p": self.p_values[name],
                "band": "OUTSIDE" if name in self.outside else "inside",
                "least ess": float(self.ess[:, k].min()),
            }
            for k, name in enumerate(self.names)
        }
        formats = {"mean rank": ".3f", "spread": ".3f", "p": ".2g", "least ess": ".0f"}
        return Table(rows, formats, [*self._verdict(), *self._few_draws()])

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def _verdict(self) -> list[str]:
        many = f"{len(self.ranks)} replicates, ranks 0 to {self.draws}"
        if self.inside:
            return [
                f"{many}: all inside their bands, as a right sampler is with probability at least "
                f"{self.level:g}."
            ]
        return [
            f"{many}: {len(self.outside)} of {len(self.names)} outside; a right sampler would do "
            f"so with probability {self.p_value:.1g} at most."
        ]

    def _few_draws(self) -> list[str]:
        few = int((self.ess < self.draws / 2).any(axis=1).sum())
        if not few:
            return []
        return [
            f"In {few} replicate{'s' * (few > 1)} a quantity had fewer effective draws than "
            f"{self.draws} / 2: sample longer, or look what is hard in them."
        ]
