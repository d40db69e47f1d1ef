"""What is recorded of draws: numbers by name, and how they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._old_names import RenamedStats
from ..compiling import FloatArray
from .extending import End, Source


@dataclass(frozen=True, eq=False, repr=False)
class Record:
    """Numbers of draws, by name, and how they were made: see `mcmc_edu.Draws` for each."""

    array: FloatArray
    names: Sequence[str]
    stats: Mapping[str, NDArray[Any]]
    natural: Mapping[str, FloatArray]
    settings: Mapping[str, Any]
    seconds: Mapping[str, float]
    tuning: Sequence[Any] = ()
    complete: bool = True
    divergences: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warmup: Record | None = None
    end: End | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stats", RenamedStats(self.stats))
        if not self.divergences.size:
            object.__setattr__(self, "divergences", np.empty((0, len(self.names))))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what a pickle cannot hold in general: functions."""
        return vars(self) | {"source": None}

    def __repr__(self) -> str:
        chains, draws, dim = self.array.shape
        quantities = ", ".join([*self.natural] or _stems(self.names))
        return (
            f"{type(self).__name__}({chains} chains of {draws} draws, theta of dimension {dim}: "
            f"{quantities}; {self.settings.get('sampler')})"
        )

    def __getitem__(self, name: str) -> FloatArray:
        """Draws of one quantity, shape (chain, draw).

        ``draws["alpha"]`` gives ``alpha[0], alpha[1], ...`` together, shape (chain, draw, k).  An
        entry that has a name goes by it, ``draws["b(school: x)[A]"]``.
        """
        if name in self.natural:
            return self.natural[name]
        for stem, values in self.natural.items():
            if values.ndim == 3 and name.startswith(f"{stem}[") and name in self._entries(stem):
                return np.asarray(values[:, :, self._entries(stem).index(name)])
        if name in self.names:
            return self.array[:, :, list(self.names).index(name)]
        block = self._block(name)
        if block:
            return self.array[:, :, block]
        known = dict.fromkeys([*self.natural, *_stems(self.names)])
        raise KeyError(f"no quantity {name!r}; there are {', '.join(known)}")

    def _entries(self, name: str) -> list[str]:
        """Names of the entries of a natural quantity."""
        labels = self.labels.get(name) or range(self.natural[name].shape[2])
        return [f"{name}[{label}]" for label in labels]

    def _block(self, stem: str) -> list[int]:
        return [i for i, name in enumerate(self.names) if name.startswith(f"{stem}[")]

    def quantities(self, *names: str) -> Iterator[tuple[str, FloatArray]]:
        """Yield name and draws (chain, draw) of every scalar, natural ones or else theta's.

        With `names`, only those: ``alpha`` stands for ``alpha[0], alpha[1], ...``.
        """
        for name in names or self.natural or self.names:
            values = self[name]
            if values.ndim == 2:
                yield name, values
                continue
            of_theta = [] if name in self.natural else [self.names[i] for i in self._block(name)]
            labels = of_theta or self._entries(name)
            yield from ((label, values[:, :, k]) for k, label in enumerate(labels))

    @property
    def accept_rate(self) -> float:
        """Share of proposals accepted by Metropolis, or mean ``accept_prob`` of other samplers.

        The latter is min(1, exp(-energy error)), by which Hamiltonian samplers tune the step size.
        It does not say how often a chain of NUTS or GIST moves.
        """
        of = "accepted" if "accepted" in self.stats else "accept_prob"
        if of not in self.stats:
            raise KeyError(f"stats has neither accepted nor accept_prob: {', '.join(self.stats)}")
        return float(self.stats[of].mean())


def _stems(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name.partition("[")[0] for name in names))
