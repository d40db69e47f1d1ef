"""Hard edges of a support: places next to which the log density is -inf.

A Hamiltonian sampler follows the gradient, which tells nothing of an edge: steps beyond it are
lost, and look like those of a posterior that is too curved.  So the density is asked where they
began, a few steps to either side along each parameter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..compiling import BoundDensity, FloatArray
from ..samplers import NUTS

STEPS = 3.0
"""How far to look from where a step went wrong, in steps of usual momentum."""
TRAJECTORY = 10.0
"""How many times as far where only the begin of the trajectory is known."""
PLACES, CALLS = 20, 2000
"""At most so many places are looked at, with so many calls of the density."""
SHARE = 0.5
"""Share of the places that must lie at an edge."""


def edges_near(
    density: BoundDensity, divergences: FloatArray, scale: FloatArray, names: Sequence[str]
) -> list[str]:
    """Find the parameters beyond whose edges steps went that diverged.

    Parameters
    ----------
    density
        The log density.
    divergences
        Where these steps began, shape (k, dim).
    scale
        How far to look along each parameter, shape (dim,).
    names
        Of the parameters.

    Returns
    -------
    list of str
        Those at whose edges at least half of the steps began together, the most frequent first;
        empty if most began elsewhere.
    """
    k, dim = divergences.shape
    number = min(k, PLACES, CALLS // (2 * dim))
    if number == 0 or scale.shape != (dim,):
        return []
    chosen = divergences[np.linspace(0, k - 1, number).astype(int)]
    try:
        with np.errstate(all="ignore"):  # what runs uncompiled may overflow
            beyond = np.array([_beyond(density, theta, scale) for theta in chosen])
    except Exception:  # no reason to lose the draws
        return []
    if beyond.any(axis=1).mean() < SHARE:
        return []
    frequent = np.argsort(-beyond.sum(axis=0), kind="stable")
    return [names[i] for i in frequent if beyond[:, i].any()]


def _beyond(density: BoundDensity, theta: FloatArray, scale: FloatArray) -> list[bool]:
    """Whether the log density is -inf, or NaN, to either side along each parameter."""
    found = []
    for i in range(theta.size):
        sides = []
        for step in (-scale[i], scale[i]):
            moved = theta.copy()
            moved[i] += step
            sides.append(density(moved) == -np.inf)
        found.append(any(sides))
    return found


def step_scale(sampler: object) -> FloatArray:
    """How far a tuned sampler went along each parameter from `divergences`; empty if unknown."""
    step_size = getattr(sampler, "step_size", None)
    inverse = getattr(sampler, "inv_metric", None)
    if step_size is None or inverse is None:
        return np.empty(0)
    variance = np.asarray(inverse, dtype=float)
    if variance.ndim == 2:
        variance = np.diagonal(variance)
    from_begin = 1.0 if isinstance(sampler, NUTS) else TRAJECTORY
    return np.asarray(STEPS * from_begin * step_size * np.sqrt(variance))
