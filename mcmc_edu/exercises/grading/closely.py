"""Looks closely at the steps and the decisions of a chain, in several unknowns.

Where the density is flat each proposal is accepted, so that the steps of the chain are those that
were proposed: standard normal numbers times a known length.  Where it is not, the places at which
a submission calls the functions that it is given show its proposals, accepted or not; then each
decision has a known probability.  Submissions that call these functions in an order of their own
are not judged by it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from ...compiling import FloatArray
from ..laws.fit import EDGE, both_ends, normal_tests, two_sided
from .finding import Finding
from .relations import draws_of
from .student import Student

FAR = 2.0
"""Standard normal numbers beyond this are counted."""
STEPS = {
    "means": "Is a step as often up as down, from wherever it starts?",
    "spread": "How long is a step? Does that depend on the number of unknowns?",
    "sums": "Has each unknown a random number of its own?",
    "shape": "From which distribution do the random numbers of a step come?",
    "tails": "From which distribution do the random numbers of a step come?",
    "last": "Does a step depend on the one before it?",
    "first": "How many steps lie between theta0 and the first row?",
}
"""What to think about, by the test that fails."""


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


@dataclass(frozen=True)
class Closely:
    """Tests of a function that draws n states of a chain.

    Parameters
    ----------
    call
        ``call(density, start, n, rng)``: the arguments of a call.
    flat, start
        Target of four unknowns at which each proposal is accepted, and where to start.
    steps
        ``steps(path)``: the steps of a path where the target is flat, as standard normal numbers.
    target
        Target of three unknowns.
    starts
        ``starts(rng)``: a place where it has density.
    kept
        Which argument keeps the places where it is called.
    words
        More on the flat target, for messages.
    seen
        ``seen(arguments, path, places)``: proposals and decisions, or None if there is no telling.
    """

    call: Callable[[dict[str, Any], FloatArray, int, np.random.Generator], list[Any]]
    flat: dict[str, Any]
    start: FloatArray
    steps: Callable[[FloatArray], FloatArray]
    target: dict[str, Any]
    starts: Callable[[np.random.Generator], FloatArray]
    kept: int
    words: str
    seen: Callable[[list[Any], FloatArray, FloatArray], Seen | None]
    stays: bool = False
    """Whether a right chain may stay where it is on the flat target; its moves are tested then."""
    runs: int = 60
    draws: int = 80
    proposals: int = 3000

    def flat_walk(
        self, student: Student, rng: np.random.Generator
    ) -> tuple[dict[str, float], Finding]:
        """Test that the steps on a flat target are independent standard normal numbers."""
        calls = [self.call(self.flat, self.start, self.draws, rng) for _ in range(self.runs)]
        paths = [
            np.concatenate([self.start[None], draws_of(reply.value, self.draws, self.start.size)])
            for reply in student.ask_many(calls, seconds=60.0)
        ]
        with np.errstate(all="ignore"):
            z = np.array([self.steps(path) for path in paths])
        moved = (z != 0.0).any(axis=2)
        refused = 0 if self.stays else int((~moved).sum())
        words = (
            f"{self.runs} times {self.draws} draws of {self.start.size} unknowns from a density "
            f"that is the same everywhere{self.words}"
        )
        if refused:
            return {"steps: refused": 0.0}, Finding(
                False,
                words,
                f"{self.runs * self.draws} moves",
                f"{refused} draws repeat the one before",
                advice="With which probability is such a proposal accepted, with several unknowns?",
            )
        if self.stays:
            z = z[moved][None]
        p = steps_tests(z, rng)
        if self.stays:  # first moves are not first steps
            del p["steps: first"]
        worst = min(p, key=lambda name: p[name])
        first = worst == "steps: first"
        which = "the first steps" if first else "all moves" if self.stays else "all steps"
        got = z[:, 0] if first else z
        return p, Finding(
            False,
            words,
            f"{which}, in units of their sd by the statement: mean 0, sd 1, beyond 2 in 4.6 %",
            f"mean {got.mean():.2f}, sd {got.std():.2f}, beyond 2 in "
            f"{(np.abs(got) > FAR).mean():.1%}",
            advice=STEPS[worst.partition(": ")[2]],
        )

    def decisions(
        self, student: Student, rng: np.random.Generator
    ) -> tuple[dict[str, float], Finding]:
        """Test that proposals are accepted as often as they should, where they can be seen."""
        start = self.starts(rng)
        arguments = self.call(self.target, start, self.proposals, rng)
        arguments[self.kept] = arguments[self.kept] | {"keep": 30 * self.proposals}
        reply = student.ask(*arguments, seconds=60.0)
        draws = draws_of(reply.value, self.proposals, start.size)
        nothing: dict[str, float] = {}
        finding = Finding(False, f"{self.proposals} draws of {start.size} unknowns")
        if len(reply.places) != 1:
            return nothing, finding
        path = np.concatenate([start[None], draws])
        seen = self.seen(arguments, path, np.asarray(reply.places[0]))
        if seen is None:
            return nothing, finding
        chance = seen.chance()
        u = rng.random(len(chance))
        u = np.where(seen.accepted, u * chance, chance + u * (1.0 - chance))
        p = {f"decisions: {name}": value for name, value in normal_tests(u).items()}
        p["decisions: groups"] = groups_test(u[np.argsort(chance, kind="stable")])
        return p, told_of(finding.asked, chance, seen.accepted)


def steps_tests(z: FloatArray, rng: np.random.Generator) -> dict[str, float]:
    """Return p-values of tests that numbers are independent and standard normal.

    Parameters
    ----------
    z
        Shape (runs, draws, unknowns).
    rng
        Breaks ties.
    """
    z = np.where(np.isfinite(z), z, 40.0)
    runs, draws, dim = z.shape
    total = z.size
    far = stats.binom(total, 2.0 * stats.norm.sf(FAR))
    count = int((np.abs(z) > FAR).sum())
    before = np.sign(z[:, :-1])
    p = {
        "means": two_sided(stats.chi2(dim), float((z.sum(axis=(0, 1)) ** 2).sum() / runs / draws)),
        "spread": two_sided(stats.chi2(total), float((z**2).sum())),
        "sums": two_sided(stats.chi2(runs * draws), float((z.sum(axis=2) ** 2).sum() / dim)),
        "shape": float(stats.kstest(z.reshape(-1), "norm").pvalue),
        "tails": both_ends(far.cdf(count - 1) + rng.random() * far.pmf(count)),
        "last": two_sided(stats.norm(), float((z[:, 1:] * before).sum() / np.sqrt(before.size))),
        "first": two_sided(stats.chi2(runs * dim), float((z[:, 0] ** 2).sum())),
    }
    return {f"steps: {name}": value for name, value in p.items()}


def groups_test(u: FloatArray, groups: int = 10) -> float:
    """Return the p-value that numbers are uniform, by the means of those that stand together."""
    z = [ndtri(np.clip(part, EDGE, 1.0 - EDGE)) for part in np.array_split(u, groups)]
    return two_sided(stats.chi2(groups), float(sum(one.sum() ** 2 / one.size for one in z)))


def told_of(asked: str, chance: FloatArray, accepted: NDArray[np.bool_]) -> Finding:
    """Return a finding about decisions: the proposals that are told apart most."""
    edges = np.quantile(chance, np.linspace(0.0, 1.0, 6))
    groups = [(chance >= low) & (chance <= high) for low, high in itertools.pairwise(edges)]
    off = [
        abs((accepted[g] - chance[g]).sum()) / np.sqrt(0.1 + (chance[g] * (1.0 - chance[g])).sum())
        for g in groups
    ]
    worst = groups[int(np.argmax(off))]
    low, high = chance[worst].min(), chance[worst].max()
    return Finding(
        False,
        f"{asked}; the places where your function calls what it is given show its proposals",
        f"of the {worst.sum()} proposals whose probability of acceptance is "
        f"{low:.2g} to {high:.2g}, about {chance[worst].sum():.0f} are accepted",
        f"{accepted[worst].sum()} of them are accepted",
        advice="By which numbers is a decision made, in several unknowns? Are they those of the "
        "present state and of this proposal?",
    )


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
