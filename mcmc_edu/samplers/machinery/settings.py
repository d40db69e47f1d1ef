"""Settings that every Hamiltonian sampler has, checked, and what a step makes of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from ...compiling import Entry
from .. import warmup
from ..hamiltonian import Metric, Tuning
from . import loops


@dataclass(frozen=True, kw_only=True, repr=False)
class HamiltonianSettings(ABC):
    """Settings that every Hamiltonian sampler has; see `NUTS`."""

    step_size: float | None = None
    inv_metric: ArrayLike | None = None
    target_accept: float = 0.8
    metric: str = "scores"

    kernel: ClassVar[Entry]
    needs_gradient: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 0.0 < self.target_accept < 1.0:
            raise ValueError(
                f"target_accept is {self.target_accept!r}; it must lie between 0 and 1"
            )
        if self.metric not in warmup.METRICS:
            allowed = ", ".join(map(repr, warmup.METRICS))
            raise ValueError(f"metric is {self.metric!r}; it must be one of {allowed}")
        if self.step_size is not None and not 0.0 < self.step_size < math.inf:
            raise ValueError(f"step_size is {self.step_size!r}; it must be positive and finite")

    def __repr__(self) -> str:
        """Show the settings that differ from the defaults; long arrays in short."""
        shown = []
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "inv_metric" and value is not None:
                with np.printoptions(precision=3, threshold=6, edgeitems=2):
                    shown.append(f"inv_metric={np.asarray(value)}")
            elif f.name == "step_size" and value is not None:
                shown.append(f"step_size={value:.4g}")
            elif value != f.default:
                shown.append(f"{f.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    @staticmethod
    def check_count(name: str, value: int) -> None:
        """Refuse what is not a positive integer."""
        if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name} is {value!r}; it must be an integer, 1 or more")

    @property
    def adapts_metric(self) -> bool:
        """Whether warm-up estimates the metric; a step size means nothing in another metric."""
        return self.step_size is None and self.inv_metric is None

    @property
    @abstractmethod
    def max_length(self) -> int:
        """What `Tuning.max_length` is for this sampler."""

    @property
    def rows(self) -> int:
        """Rows of the workspace that a step needs."""
        return 9

    def load(self) -> None:
        """Compile what sampling needs, or find it compiled."""
        for needed in (
            self.kernel,
            loops.draw_block,
            loops.warmup_block,
            warmup.find_reasonable_step_size,
        ):
            needed.load()

    def check(self, dim: int) -> None:
        """Refuse settings that do not fit `dim` parameters."""
        self.tuning(dim)

    def tuning(self, dim: int) -> Tuning:
        """Return the first tuning of `dim` parameters; the step size is 1 if none is given.

        Raises
        ------
        ValueError
            If `inv_metric` does not fit, or is not positive (definite).
        """
        metric = metric_of(self.inv_metric, dim)
        return Tuning(
            1.0 if self.step_size is None else float(self.step_size),
            metric,
            int(self.max_length),
            float(getattr(self, "jitter", 0.0)),
        )

    def tuned(self, tuning: Tuning) -> Self:
        """Fix this sampler: the same with the step size and the metric that warm-up found."""
        inverse = tuning.metric.inverse
        return replace(
            self,
            step_size=tuning.step_size,
            inv_metric=(inverse[0] if inverse.shape[0] == 1 else inverse).copy(),
        )


def metric_of(inv_metric: ArrayLike | None, dim: int) -> Metric:
    """Make the metric of an inverse mass matrix, (dim,) or (dim, dim); of ones if there is none."""
    inverse = np.ones(dim) if inv_metric is None else np.asarray(inv_metric, dtype=float)
    if inverse.shape not in ((dim,), (dim, dim)):
        raise ValueError(
            f"inv_metric has shape {inverse.shape}; for {dim} parameters it must be ({dim},), "
            f"variances, or ({dim}, {dim}), a covariance matrix"
        )
    if inverse.ndim == 1:
        if not (np.isfinite(inverse).all() and (inverse > 0.0).all()):
            raise ValueError(f"inv_metric is {inverse}; variances must be positive and finite")
        return warmup.diagonal(inverse)
    if not np.isfinite(inverse).all():
        raise ValueError("inv_metric holds numbers that are not finite")
    if not np.allclose(inverse, inverse.T):
        raise ValueError("inv_metric is not symmetric; pass a covariance matrix")
    try:
        np.linalg.cholesky(inverse)
    except np.linalg.LinAlgError:
        raise ValueError(
            "inv_metric is not positive definite; every parameter must be able to move"
        ) from None
    return warmup.dense(inverse)
