"""Test of a kernel's invariance: exact draws, one transition, and a comparison of distributions.

A kernel is right if it leaves its target invariant: theta ~ p, one step, theta' ~ p again.  If p
can be drawn from without a Markov chain, the test needs no warm-up, convergence or effective draws.
Let D be the two-sample Kolmogorov-Smirnov distance between n ends and m fresh exact draws.  Its
p-value is K(sqrt(n m / (n + m)) D), with K the upper tail of Kolmogorov's distribution.

The test cannot detect slow mixing: a kernel that never moves passes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import kolmogorov

from ..compiling import (
    DENSITY,
    MATRIX,
    PACKED,
    RNG,
    VECTOR,
    BoundDensity,
    FloatArray,
    bind,
    compiling_announced,
    entry,
    log,
    without_refcount,
)
from ..driver.quantities import names_of
from ..driver.sample import Sampler
from ..samplers import Metropolis
from ..samplers.hamiltonian import STEP_FUNCTION, TUNING, Density, PackedData, State, Tuning
from ..samplers.machinery.loops import tuning_without_refcount
from ..samplers.metropolis import State as Point
from ..samplers.metropolis import step as metropolis_step
from ..seeds import Seed, generator
from ..table import Table

Move = Callable[[np.random.Generator, FloatArray], FloatArray]
"""``move(rng, theta) -> theta``: one transition of many chains at once, shape (n, dim)."""

REFERENCES = 4
"""Fresh exact draws for each start: more of them, which are cheap, make the test sharper."""


def exact_start(
    sampler: Sampler | Move,
    exact_draws: Callable[[np.random.Generator, int], FloatArray],
    *,
    log_density: Callable[..., float] | None = None,
    data: Any = (),
    starts: int = 20_000,
    seed: Seed,
    names: Sequence[str] | None = None,
    progress: bool | None = None,
) -> ExactStart:
    """Make one transition from each of many exact draws, and compare with fresh exact draws.

    Parameters
    ----------
    sampler
        What is tested: ``me.Metropolis(scale=1)``, ``me.NUTS(step_size=0.5)`` or another with its
        step size given, for nothing is tuned here; or a function of your own,
        ``move(rng, theta) -> theta``, which moves many chains at once, shape (n, dim).
    exact_draws
        ``exact_draws(rng, n) -> (n, dim)``: independent draws; a test target's ``exact_draws``.
    log_density, data
        The target, as in `me.sample`; it may be left out for a function of your own.  If given,
        the log density itself is one more quantity to be compared.
    starts
        How many exact draws to start from.
    seed
        Of everything.
    names
        Of the entries of theta.
    progress
        If False, it is not said that something is compiled, either.

    Returns
    -------
    ExactStart

    Raises
    ------
    ValueError
        If a sampler has no step size, or a log density is missing.

    Examples
    --------
    >>> from mcmc_edu import NUTS
    >>> from mcmc_edu import targets
    >>> target = targets.banana()
    >>> check = exact_start(
    ...     NUTS(step_size=1.0), target.exact_draws, log_density=target.log_density,
    ...     data=target.data, starts=2000, seed=1, names=target.names,
    ... )
    >>> check.p_value > 1e-4
    True
    """
    rng = generator(seed)
    before = _drawn(exact_draws, rng, starts)
    dim = before.shape[1]
    with compiling_announced(muted=progress is False):
        density = None if log_density is None else bind(log_density, data)
        if isinstance(sampler, Sampler):
            after = _moved(sampler, density, rng, before)
        else:
            after = np.array(sampler(rng, before.copy()), dtype=float, order="C")
            if after.shape != before.shape:
                raise ValueError(f"the sampler made {after.shape} of starts {before.shape}")
        fresh = _drawn(exact_draws, rng, REFERENCES * starts)
        labels = names_of(names, dim)
        pairs = dict(zip(labels, zip(after.T, fresh.T, strict=True), strict=True))
        if density is not None:
            pairs["log density"] = (_at(density, after), _at(density, fresh))
    return ExactStart(
        p_values={name: ks_p_value(a, b) for name, (a, b) in pairs.items()},
        means={name: (float(np.mean(a)), float(np.mean(b))) for name, (a, b) in pairs.items()},
        moved=float(np.mean(np.any(after != before, axis=1))),
        starts=starts,
    )


@dataclass(frozen=True, eq=False)
class ExactStart:
    """P-values of the ends of transitions, for a kernel that leaves its target invariant."""

    p_values: dict[str, float]
    """Kolmogorov-Smirnov p-value of each quantity on its own."""
    means: dict[str, tuple[float, float]]
    """Mean of the ends, and mean of the exact draws, for each quantity."""
    moved: float
    """Share of the chains that moved at all."""
    starts: int

    @property
    def p_value(self) -> float:
        """P-value of all quantities together: the smallest, times their number (Bonferroni)."""
        return min(1.0, len(self.p_values) * min(self.p_values.values()))

    def table(self) -> Table:
        """Make a table: mean after the transition, exact mean and p-value of each quantity."""
        rows = {
            name: {"mean": self.means[name][0], "exact": self.means[name][1], "p": p}
            for name, p in self.p_values.items()
        }
        note = f"{self.starts} starts, {self.moved:.0%} moved; all together p = {self.p_value:.2g}"
        return Table(rows, {"p": ".2g"}, [note.replace("%", " %")])

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def ks_p_value(a: FloatArray, b: FloatArray) -> float:
    """Compute the large-sample two-sample Kolmogorov-Smirnov p-value; 0 if `a` has NaN."""
    if np.isnan(a).any():
        return 0.0
    both = np.concatenate([a, b])
    share = [np.searchsorted(np.sort(x), both, side="right") / x.size for x in (a, b)]
    distance = np.abs(share[0] - share[1]).max()
    return float(kolmogorov(math.sqrt(a.size * b.size / both.size) * distance))


def _drawn(
    exact_draws: Callable[[np.random.Generator, int], FloatArray], rng: np.random.Generator, n: int
) -> FloatArray:
    draws = np.array(exact_draws(rng, n), dtype=float, order="C")
    if draws.ndim != 2 or len(draws) != n or not np.isfinite(draws).all():
        raise ValueError(
            f"exact_draws(rng, {n}) has shape {draws.shape}; it must be finite, of shape ({n}, dim)"
        )
    return draws


def _moved(
    sampler: Sampler, density: BoundDensity | None, rng: np.random.Generator, starts: FloatArray
) -> FloatArray:
    """Make one transition of a sampler of the package from each start."""
    name = type(sampler).__name__
    if density is None:
        raise ValueError(f"log_density is missing, which {name} needs: pass the target's")
    ends, (n, dim) = np.empty_like(starts), starts.shape
    if isinstance(sampler, Metropolis):
        z, increment_chol = rng.standard_normal((n, dim)), sampler.increment_chol(dim)
        increments = z * increment_chol if increment_chol.ndim == 1 else z @ increment_chol.T
        metropolis_moves(density.adapter, density.packed, increments, rng.random(n), starts, ends)
        return ends
    if sampler.step_size is None:
        raise ValueError(f"{name} has no step_size, and nothing is tuned here: {name}(step_size=1)")
    if not density.has_gradient:
        raise ValueError(
            f"log_density has no gradient, which {name} needs; pass f(theta, grad, data)"
        )
    hamiltonian_moves(
        sampler.kernel.dispatcher,
        density.adapter,
        density.packed,
        rng,
        sampler.tuning(dim),
        starts,
        ends,
        np.empty((sampler.rows, dim)),
    )
    return ends


def _at(density: BoundDensity, points: FloatArray) -> FloatArray:
    values = np.empty(len(points))
    log_densities(density.adapter, density.packed, points, values)
    return values


@entry(STEP_FUNCTION, DENSITY, PACKED, RNG, TUNING, MATRIX, MATRIX, MATRIX)
def hamiltonian_moves(
    step: Callable[..., Any],
    density: Density,
    data: PackedData,
    rng: np.random.Generator,
    tuning: Tuning,
    starts: FloatArray,
    ends: FloatArray,
    workspace: FloatArray,
) -> None:
    """Make one step from each row of `starts` (n, dim), and write the results into `ends`."""
    workspace, tuning = without_refcount(workspace), tuning_without_refcount(tuning)
    for i in range(starts.shape[0]):
        grad = np.empty(starts.shape[1])
        logp = density(starts[i], grad, data)
        state, _ = step(rng, State(starts[i], logp, grad), density, data, tuning, workspace)
        ends[i] = state.theta


@entry(DENSITY, PACKED, MATRIX, VECTOR, MATRIX, MATRIX)
def metropolis_moves(
    density: Density,
    data: PackedData,
    increments: FloatArray,
    uniforms: FloatArray,
    starts: FloatArray,
    ends: FloatArray,
) -> None:
    """Make one Metropolis step from each row of `starts`, and write the results into `ends`.

    Each start uses a row of `increments` and an entry of `uniforms`.
    """
    grad = np.empty(starts.shape[1])
    for i in range(starts.shape[0]):
        start = Point(starts[i], density(starts[i], grad, data))
        state, _ = metropolis_step(start, increments[i], log(uniforms[i]), density, data)
        ends[i] = state.theta


@entry(DENSITY, PACKED, MATRIX, VECTOR)
def log_densities(
    density: Density, data: PackedData, points: FloatArray, values: FloatArray
) -> None:
    """Write the log density at each row of `points` (n, dim) into `values` (n,)."""
    grad = np.empty(points.shape[1])
    for i in range(points.shape[0]):
        values[i] = density(points[i], grad, data)
