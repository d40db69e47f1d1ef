"""A Hamiltonian chain: warm up, then sample, in blocks of any size.

Both loops (`sample` and `adapt`) are compiled once and call the step they are given, whichever
sampler's it is.  What needs no speed, the windows of warm-up and the estimates at their ends,
happens in Python between them.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..compiling import (
    BOX,
    DENSITY,
    FLOAT,
    MATRIX,
    RNG,
    BoundDensity,
    Entry,
    FloatArray,
    borrow,
    compiled,
    entry,
    exp,
)  # fmt: skip
from . import warmup
from .hamiltonian import (
    STATE,
    STEP_FUNCTION,
    TUNING,
    Box,
    Density,
    Info,
    Metric,
    State,
    Tuning,
)  # fmt: skip
from .trouble import INFINITE, DensityError
from .warmup import (
    AVERAGING,
    METRICS,
    DualAveraging,
    dual_averaging,
    first_step_size,
    update,
    windows,
)

STATS = {
    "logp": float, "accept_prob": float, "energy": float, "divergent": bool, "depth": int,
    "n_gradients": int, "step_size": float,
}  # fmt: skip
"""What is recorded of each step, in the order of the columns of `stats`."""

Step = Callable[..., tuple[State, Info]]


@compiled
def write(state: State, info: Info, step_size: float, draw: FloatArray, stats: FloatArray) -> None:
    """Record a draw (dim,) and what `STATS` lists."""
    draw[:] = state.theta
    stats[0] = state.logp
    stats[1] = info.accept_prob
    stats[2] = info.energy
    stats[3] = 1.0 if info.divergent else 0.0
    stats[4] = info.depth
    stats[5] = info.n_gradients
    stats[6] = step_size


@compiled
def borrow_tuning(tuning: Tuning) -> Tuning:
    """Do what `borrow` does for its arrays."""
    metric = Metric(borrow(tuning.metric.inverse), borrow(tuning.metric.root))
    return Tuning(tuning.step_size, metric, tuning.limit, tuning.jitter)


@entry(STEP_FUNCTION, DENSITY, BOX, RNG, STATE, TUNING, MATRIX, MATRIX, MATRIX, MATRIX, BOX)
def sample(
    step: Step,
    density: Density,
    box: Box,
    rng: np.random.Generator,
    state: State,
    tuning: Tuning,
    draws: FloatArray,
    stats: FloatArray,
    where: FloatArray,
    workspace: FloatArray,
    done: NDArray[np.int64],
) -> State:
    """Fill `draws` (n, dim), `stats` (n, 7) and, where a step diverged, `where` (n, dim).

    `done` counts the steps for whoever asks after an exception; it ends below n if the log
    density was +inf.
    """
    workspace, tuning = borrow(workspace), borrow_tuning(tuning)
    for t in range(draws.shape[0]):
        done[0] = t
        state, info = step(rng, state, density, box, tuning, workspace)
        write(state, info, tuning.step_size, draws[t], stats[t])
        if info.where.size > 0:
            where[t] = info.where
        if info.energy == -math.inf:
            return state
    done[0] = draws.shape[0]
    return state


@entry(
    STEP_FUNCTION, DENSITY, BOX, RNG, STATE, TUNING, AVERAGING, FLOAT, MATRIX, MATRIX, MATRIX,
    MATRIX, MATRIX, BOX,
)  # fmt: skip
def adapt(
    step: Step,
    density: Density,
    box: Box,
    rng: np.random.Generator,
    state: State,
    tuning: Tuning,
    search: DualAveraging,
    target: float,
    draws: FloatArray,
    grads: FloatArray,
    stats: FloatArray,
    where: FloatArray,
    workspace: FloatArray,
    done: NDArray[np.int64],
) -> tuple[State, DualAveraging]:
    """Do the same, and after every step let the search for the step size learn from it.

    The gradients at the draws go into `grads` (n, dim).
    """
    workspace, tuning = borrow(workspace), borrow_tuning(tuning)
    for t in range(draws.shape[0]):
        done[0] = t
        step_size = exp(search.log_step)
        now = Tuning(step_size, tuning.metric, tuning.limit, tuning.jitter)
        state, info = step(rng, state, density, box, now, workspace)
        write(state, info, step_size, draws[t], stats[t])
        if info.where.size > 0:
            where[t] = info.where
        if info.energy == -math.inf:
            return state, search
        grads[t] = state.grad
        search = update(search, info.accept_prob, target)
    done[0] = draws.shape[0]
    return state, search


@dataclass(frozen=True, kw_only=True, repr=False)
class Hamiltonian:
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
    def limit(self) -> int:
        """What `Tuning.limit` is for this sampler."""
        raise NotImplementedError

    @property
    def rows(self) -> int:
        """Rows of the workspace that a step needs."""
        return 9

    def load(self) -> None:
        """Compile what sampling needs, or find it compiled."""
        for needed in (self.kernel, sample, adapt, warmup.first_step_size):
            needed.load()

    def check(self, dim: int) -> None:
        """Refuse settings that do not fit `dim` parameters."""
        self.tuning(dim)

    def tuning(self, dim: int) -> Tuning:
        """What a step of `dim` parameters starts with; a step size of 1 where none is given.

        Raises
        ------
        ValueError
            If `inv_metric` does not fit, or is not positive (definite).
        """
        metric = metric_of(self.inv_metric, dim)
        return Tuning(
            1.0 if self.step_size is None else float(self.step_size), metric, int(self.limit),
            float(getattr(self, "jitter", 0.0)),
        )  # fmt: skip

    def tuned(self, tuning: Tuning) -> Self:
        """Fix this sampler: the same with the step size and the metric that warm-up found."""
        inverse = tuning.metric.inverse
        return replace(
            self, step_size=tuning.step_size,
            inv_metric=(inverse[0] if inverse.shape[0] == 1 else inverse).copy(),
        )  # fmt: skip

    def chain(
        self,
        density: BoundDensity,
        theta: FloatArray,
        warmup: int,
        seed: np.random.SeedSequence,
    ) -> HamiltonianChain:
        """Start a chain at `theta` (dim,), which adapts for `warmup` iterations."""
        return HamiltonianChain(self, density, theta, warmup, seed)


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
    if not np.allclose(inverse, inverse.T):
        raise ValueError("inv_metric is not symmetric; pass a covariance matrix")
    try:
        np.linalg.cholesky(inverse)
    except np.linalg.LinAlgError:
        raise ValueError(
            "inv_metric is not positive definite; every parameter must be able to move"
        ) from None
    return warmup.dense(inverse)


class HamiltonianChain:
    """One chain on its way.

    Its draws do not depend on the blocks in which they are asked for.
    """

    def __init__(
        self,
        sampler: Hamiltonian,
        density: BoundDensity,
        theta: FloatArray,
        warmup: int,
        seed: np.random.SeedSequence,
    ) -> None:
        dim = theta.size
        self.sampler = sampler
        self.density = density
        self.warmup = warmup
        self.steps = 0  # iterations so far, those of warm-up included
        self.tuning = sampler.tuning(dim)
        self._rng = np.random.default_rng(seed)
        self._workspace = np.empty((sampler.rows, dim))
        grad = np.empty(dim)
        self.state = State(np.array(theta), density.with_gradient(theta, grad), grad)
        self._searching = sampler.step_size is None
        self._windows = windows(warmup) if sampler.adapts_metric else []
        self._search = dual_averaging(1.0)
        self._window: list[tuple[FloatArray, FloatArray]] = []  # draws and gradients so far

    def run(self, n: int) -> tuple[FloatArray, dict[str, NDArray[Any]], FloatArray]:
        """Make `n` steps.

        Returns
        -------
        draws, stats, where
            Shape ``(n, dim)``; what `STATS` lists, shape ``(n,)`` each; and, for every step that
            diverged, the position where it did, shape ``(divergences, dim)``.

        Raises
        ------
        DensityError
            If the log density raises, or becomes +inf.
        """
        draws = np.empty((n, self.state.theta.size))
        stats = np.empty((n, len(STATS)))
        where = np.empty_like(draws)
        begin = 0
        while begin < n:
            end = min(n, begin + self._until_change())
            part = slice(begin, end)
            if self._searching and self.steps < self.warmup:
                self._adapt(draws[part], stats[part], where[part])
            else:
                self._sample(draws[part], stats[part], where[part])
            begin = end
        columns: dict[str, NDArray[Any]] = {
            name: stats[:, k].astype(kind) for k, (name, kind) in enumerate(STATS.items())
        }
        return draws, columns, where[columns["divergent"]]

    def snapshot(self) -> dict[str, Any]:
        """All that the chain needs to go on from here, as plain data."""
        return {
            "steps": self.steps,
            "state": self.state,
            "tuning": self.tuning,
            "search": self._search,
            "window": list(self._window),
            "generator": json.dumps(self._rng.bit_generator.state),
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        self.steps = snapshot["steps"]
        self.state = snapshot["state"]
        self.tuning = snapshot["tuning"]
        self._search = snapshot["search"]
        self._window = snapshot["window"]
        self._rng.bit_generator.state = json.loads(snapshot["generator"])

    def tuned(self) -> Hamiltonian:
        """The sampler as it is tuned now, to be used with these settings as they are."""
        return self.sampler.tuned(self.tuning)

    def _until_change(self) -> int:
        """Steps to the next begin or end of a window, or to the end of warm-up."""
        changes = [self.warmup, *(t for first, last in self._windows for t in (first, last + 1))]
        return min((t - self.steps for t in changes if t > self.steps), default=sys.maxsize)

    def _sample(self, draws: FloatArray, stats: FloatArray, where: FloatArray) -> None:
        if self.steps == 0 and self._searching:
            self._find_step_size()
        with self._reporting() as done:
            self.state = sample(
                self.sampler.kernel.dispatcher, self.density.adapter, self.density.box, self._rng,
                self.state, self.tuning, draws, stats, where, self._workspace, done,
            )  # fmt: skip
        self._count(int(done[0]), where)

    def _adapt(self, draws: FloatArray, stats: FloatArray, where: FloatArray) -> None:
        if self.steps == 0:
            self._find_step_size()
        grads = np.empty_like(draws)
        with self._reporting() as done:
            self.state, self._search = adapt(
                self.sampler.kernel.dispatcher, self.density.adapter, self.density.box, self._rng,
                self.state, self.tuning, self._search, float(self.sampler.target_accept),
                draws, grads, stats, where, self._workspace, done,
            )  # fmt: skip
        if any(first <= self.steps <= last for first, last in self._windows):
            self._window.append((draws.copy(), grads))
        self._count(int(done[0]), where)
        if self.steps in (last + 1 for _, last in self._windows):
            self._learn_metric()
        if self.steps == self.warmup:
            self.tuning = self.tuning._replace(step_size=exp(self._search.log_average))

    def _learn_metric(self) -> None:
        """At the end of a window: a new metric, and a new search for the step size in it."""
        draws, grads = (np.concatenate(parts) for parts in zip(*self._window, strict=True))
        self._window = []
        metric = METRICS[self.sampler.metric](draws, grads)
        self.tuning = self.tuning._replace(metric=metric, step_size=exp(self._search.log_average))
        self._find_step_size()

    def _find_step_size(self) -> None:
        with self._reporting():
            found = first_step_size(
                self._rng, self.state, self.density.adapter, self.density.box, self.tuning.metric,
                self.tuning.step_size, self._workspace,
            )  # fmt: skip
        if not 0.0 < found <= 1e7:
            reason = "the log density is flat" if found else "the gradient is wrong, or not smooth"
            raise DensityError(
                f"no step size is right, {found:.3g} was tried last: {reason}",
                self.steps, self.state.theta,
            )  # fmt: skip
        self.tuning = self.tuning._replace(step_size=found)
        self._search = dual_averaging(found)

    @contextmanager
    def _reporting(self) -> Iterator[NDArray[np.int64]]:
        """Say of an exception at which step and where it was raised; yields a counter of steps."""
        done = np.zeros(1, dtype=np.int64)
        try:
            yield done
        except Exception as error:
            raise DensityError(
                f"log_density raised {error!r}", self.steps + int(done[0]), self._workspace[0]
            ) from error

    def _count(self, done: int, where: FloatArray) -> None:
        """Note that steps were done; fewer than asked for means an infinite density."""
        self.steps += done
        if done < where.shape[0]:
            raise DensityError(INFINITE, self.steps, where[done])
