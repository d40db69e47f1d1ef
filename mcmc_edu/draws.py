"""What comes back from sampling: the draws, what is known of how they were made, and a summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import diagnostics
from .compiling import FloatArray
from .table import Table


@dataclass(frozen=True, eq=False)
class Draws:
    """Draws of all chains.

    Attributes
    ----------
    array
        The draws of theta, shape (chain, draw, dim).
    names
        Name of each entry of theta, dim of them.
    stats
        What the sampler recorded at each draw, shape (chain, draw) each: ``logp``, ``accepted``.
    natural
        Quantities computed from theta, shape (chain, draw) or (chain, draw, k) each; empty where
        none were asked for.
    settings
        The sampler, the seed and the numbers of draws.
    seconds
        Wall time of ``"compile"`` and of ``"sample"``.
    """

    array: FloatArray = field(repr=False)
    names: Sequence[str]
    stats: Mapping[str, NDArray[Any]] = field(repr=False)
    natural: Mapping[str, FloatArray] = field(repr=False)
    settings: Mapping[str, Any]
    seconds: Mapping[str, float]

    def __getitem__(self, name: str) -> FloatArray:
        """Draws of one quantity, shape (chain, draw); of ``alpha[0], alpha[1], ...`` together by
        ``draws["alpha"]``, shape (chain, draw, k).
        """
        if name in self.natural:
            return self.natural[name]
        if name in self.names:
            return self.array[:, :, list(self.names).index(name)]
        stem, bracket, index = name.partition("[")
        if bracket and stem in self.natural and name in dict(self.quantities()):
            return self.natural[stem][:, :, int(index[:-1])]
        block = [i for i, n in enumerate(self.names) if n.startswith(f"{name}[")]
        if block:
            return self.array[:, :, block]
        raise KeyError(f"no quantity {name!r}; there are {', '.join([*self.natural, *self.names])}")

    def quantities(self) -> Iterator[tuple[str, FloatArray]]:
        """Name and draws (chain, draw) of every scalar: the natural ones, or else theta's."""
        if not self.natural:
            yield from ((name, self.array[:, :, i]) for i, name in enumerate(self.names))
        for name, values in self.natural.items():
            if values.ndim == 2:
                yield name, values
            else:
                yield from ((f"{name}[{k}]", values[:, :, k]) for k in range(values.shape[2]))

    @property
    def accept_rate(self) -> float:
        """Share of proposals that were accepted."""
        return float(self.stats["accepted"].mean())

    def summary(self) -> Table:
        """Summarise each quantity, and warn of those that are not to be trusted.

        Returns
        -------
        Table
            Columns mean, sd, the 5 %, 50 % and 95 % quantiles, bulk and tail effective sample
            size and R-hat.
        """
        rows = {name: _summarize(values) for name, values in self.quantities()}
        formats = {"ess_bulk": ".0f", "ess_tail": ".0f"}
        return Table(rows, formats, _warnings(rows, self.array.shape[0]))


_DIAGNOSTICS = {
    "ess_bulk": diagnostics.ess_bulk,
    "ess_tail": diagnostics.ess_tail,
    "rhat": diagnostics.rhat,
}


def _summarize(values: FloatArray) -> dict[str, float]:
    q5, q50, q95 = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return {
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)) if values.size > 1 else float("nan"),
        "q5": q5,
        "q50": q50,
        "q95": q95,
        **{
            name: diagnostic(values) if values.shape[1] >= diagnostics.MIN_DRAWS else float("nan")
            for name, diagnostic in _DIAGNOSTICS.items()
        },
    }


def _warnings(rows: Mapping[str, Mapping[str, float]], chains: int) -> list[str]:
    """One line for each kind of trouble, naming the worst quantity, the threshold and a remedy."""
    found = []
    silent = [name for name, row in rows.items() if np.isnan(row["rhat"])]
    if silent:
        found.append(
            f"{', '.join(silent)}: no diagnostics: all draws are equal, some are not finite, "
            "or there are too few."
        )
    told = {name: row for name, row in rows.items() if name not in silent}
    if not told:
        return found
    worst = max(told, key=lambda name: told[name]["rhat"])
    if told[worst]["rhat"] > diagnostics.RHAT_LIMIT:
        found.append(
            f"R-hat of {worst} is {told[worst]['rhat']:.2f}, above {diagnostics.RHAT_LIMIT}: the "
            "chains do not agree; nothing above is to be trusted. Run longer, or find out where "
            "they disagree."
        )
    needed = diagnostics.ESS_PER_CHAIN * chains
    for column in ("ess_bulk", "ess_tail"):
        worst = min(told, key=lambda name: np.nan_to_num(told[name][column], nan=0.0))
        if not told[worst][column] >= needed:
            found.append(
                f"{column} of {worst} is {told[worst][column]:.0f}, below {needed} "
                f"({diagnostics.ESS_PER_CHAIN} a chain): too few effective draws to tell. Draw "
                "more, or move better."
            )
    return found
