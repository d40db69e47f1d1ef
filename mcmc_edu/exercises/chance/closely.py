"""Looks closely at the steps and the decisions of a chain, in several unknowns.

Where the density is flat each proposal is accepted, so that the steps of the chain are those that
were proposed: standard normal numbers times a known length.  Where it is not, the decisions are
read from the places where the submission calls its functions (`places`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from ...compiling import FloatArray
from ..grading.finding import Finding
from ..grading.student import Student
from ..laws.fit import EDGE, both_ends, normal_tests, two_sided
from .places import Seen
from .relations import draws_of

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
    between = f"{low:.2g}" if f"{low:.2g}" == f"{high:.2g}" else f"{low:.2g} to {high:.2g}"
    return Finding(
        False,
        f"{asked}; the places where your function calls what it is given show its proposals",
        f"of the {worst.sum()} proposals whose probability of acceptance is "
        f"{between}, about {chance[worst].sum():.0f} are accepted",
        f"{accepted[worst].sum()} of them are accepted",
        advice="By which numbers is a decision made, in several unknowns? Are they those of the "
        "present state and of this proposal?",
    )
