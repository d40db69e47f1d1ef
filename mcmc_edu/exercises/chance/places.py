"""Proposals and decisions, read from the places where a submission calls its functions.

Where a submission calls the log density or the gradient that it is given shows its proposals,
accepted or not; then each decision has a known probability.  Submissions that call these functions
in an order of their own are not judged by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...compiling import FloatArray


@dataclass(frozen=True)
class Seen:
    """Proposals of a chain and what became of them, n in all."""

    chances: Sequence[FloatArray]
    """Probability that each is accepted, shape (n,), for every rule that is right."""
    accepted: NDArray[np.bool_]

    def chance(self) -> FloatArray:
        """Return the probabilities by the rule that is likeliest, if there are several."""
        with np.errstate(divide="ignore"):
            logs = [np.log(np.where(self.accepted, c, 1.0 - c)).sum() for c in self.chances]
        return self.chances[int(np.argmax(logs))]


def near(a: FloatArray, b: FloatArray) -> bool:
    """Say whether two places are the same, up to rounding."""
    return bool((np.abs(a - b) <= 1e-10 * (1.0 + np.abs(b))).all())


def proposals_of(
    path: FloatArray, places: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]] | None:
    """Return the proposals of a walk, and whether each was accepted; None if there is no telling.

    Parameters
    ----------
    path
        Start and draws, shape (n + 1, dim).
    places
        Where the log density was called, in order.  Calls at the present state, at the one
        before, and further ones at the last proposal, are left out.
    """
    n = len(path) - 1
    if places.ndim != 2 or places.shape[1] != path.shape[1]:
        return None
    proposals: list[FloatArray] = []
    accepted: list[bool] = []
    here = before = last = path[0]
    for place in places:
        if near(place, here) or near(place, before) or near(place, last):
            continue
        k = len(proposals)
        if k == n:
            return None
        proposals.append(place)
        accepted.append(near(path[k + 1], place))
        last, before = place, here
        if accepted[-1]:
            here = place
        elif not near(path[k + 1], path[k]):
            return None
    return (np.array(proposals), np.array(accepted)) if len(proposals) == n else None


def trajectories_of(
    path: FloatArray, places: FloatArray, steps: int
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]] | None:
    """Return first and last place of each trajectory, and whether its end was accepted.

    Parameters
    ----------
    path
        Start and draws, shape (n + 1, dim).
    places
        Where the gradient was called, in order: at each place of a trajectory, and perhaps at its
        start; once or more often.
    steps
        Steps of a trajectory.
    """
    if places.ndim != 2 or places.shape[1] != path.shape[1]:
        return None
    new = np.append(True, (places[1:] != places[:-1]).any(axis=1))
    places = places[new]
    firsts, ends, accepted, i, here = [], [], [], 0, path[0]
    for row in path[1:]:
        while i < len(places) and near(places[i], here):
            i += 1
        if i + steps > len(places):
            return None
        first, end = places[i], places[i + steps - 1]
        i += steps
        firsts.append(first)
        ends.append(end)
        accepted.append(near(row, end))
        if not accepted[-1] and not near(row, here):
            return None
        here = end if accepted[-1] else here
    return np.array(firsts), np.array(ends), np.array(accepted)


def energy_rises(
    theta: FloatArray,
    found: tuple[FloatArray, FloatArray, NDArray[np.bool_]],
    step_size: float,
    steps: int,
    normal: dict[str, Any],
) -> FloatArray | None:
    """Return by how much the energy rises in each trajectory; None if it is not the leapfrog's.

    Parameters
    ----------
    theta
        Where each starts, shape (n, dim).
    found
        What `trajectories_of` has found: the first place of a trajectory tells its momentum.
    step_size, steps
        Those of a trajectory.
    normal
        Description of the target.
    """
    mean, precision = normal["mean"], normal["precision"]
    firsts, ends, _ = found

    def energy(theta: FloatArray, momentum: FloatArray) -> FloatArray:
        away = theta - mean
        result: FloatArray = 0.5 * ((away @ precision) * away + momentum**2).sum(axis=1)
        return result

    def kick(theta: FloatArray) -> FloatArray:
        result: FloatArray = -0.5 * step_size * (theta - mean) @ precision
        return result

    momentum = (firsts - theta) / step_size - kick(theta)
    before = energy(theta, momentum)
    for _ in range(steps):
        momentum = momentum + kick(theta)
        theta = theta + step_size * momentum
        momentum = momentum + kick(theta)
    return energy(theta, momentum) - before if np.allclose(theta, ends, rtol=1e-8) else None


def walk_seen(
    log_ratio: Callable[[FloatArray, FloatArray], FloatArray],
) -> Callable[[list[Any], FloatArray, FloatArray], Seen | None]:
    """Return the `seen` of a walk whose proposals are accepted by ``log_ratio(x, proposal)``."""

    def seen(arguments: list[Any], path: FloatArray, places: FloatArray) -> Seen | None:
        found = proposals_of(path, places)
        if found is None:
            return None
        proposals, accepted = found
        return Seen([np.exp(np.minimum(log_ratio(path[:-1], proposals), 0.0))], accepted)

    return seen
