"""Examines programs that draw: a sequential test with a stated level, and odds over known bugs.

The null hypothesis is that the draws follow the right law.  Under it the likelihood ratio of any
bug's law to the right one is a martingale with mean 1, and so is the average of all bugs' ratios.
By Ville's inequality it ever exceeds 1/a with probability at most a, however often one looks.
Bugs that are not known are found by the draws' own distribution functions, whose values are
independent and uniform under the null.  A right program is failed with probability at most LEVEL
in all.

A bug gets its name if its odds are at least ODDS to 1 against all other known bugs and "unknown"
together.  "Unknown" is given the odds by which the draws contradict the bug's own law: a p-value of
goodness of fit, turned into a bet (V. Vovk and R. Wang 2021, *Annals of Statistics* 49).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import logsumexp

from ...compiling import FloatArray
from ...seeds import generator
from .finding import Finding, Stop
from .laws import Law, log_mean
from .student import Student

LEVEL = 1e-5
"""Probability of failing a right program, at most."""
ODDS = 99.0
UNKNOWN = 1e-3
"""Prior odds of "unknown" to any one known bug."""
NO_BUG = math.log(1e4)
"""A known bug is ruled out when the right law is so much likelier, in logs."""
BEHIND = 80.0
"""Ways to make a mistake are left when the right law is so much likelier, in logs."""
SHORT = 50
"""Runs with fewer draws are taken together."""
IMPOSSIBLE = -1e6
"""Log likelihood of draws that the right law cannot make, when bugs are compared with it."""
SHARES = {"known bugs": 0.4, "goodness of fit": 0.3, "invariance": 0.3}
"""How the level is shared between the three ways of failing."""


@dataclass(frozen=True)
class Setting:
    """One way to run the submission, and the laws that its draws may follow."""

    words: str
    """What is asked, in words."""
    arguments: Callable[[np.random.Generator, int], list[Any]]
    """``arguments(rng, n)``: arguments of the call that makes n draws."""
    path: Callable[[list[Any], Any], FloatArray]
    """``path(arguments, value)``: start and draws in the form that the laws take."""
    right: Sequence[Law]
    """The right law, or several if the statement leaves a choice, in the same order everywhere."""
    bugs: Mapping[str, Sequence[Law]]
    """Laws of each kind of bug: as many as there are ways to make the mistake, in the same order
    in all settings."""
    draws: int = 400
    chains: int = 1
    """How many calls of this kind are made at a time."""
    described: Callable[[FloatArray], str] | None = None
    """``described(path)``: a path in words, by default by its mean and sd."""


@dataclass
class Evidence:
    """What has been seen of a submission so far."""

    draws: int = 0
    ways: dict[str, FloatArray] = field(default_factory=dict)
    """Log likelihood of each way to make each mistake."""
    rights: FloatArray | float = 0.0
    """Log likelihood of each right law."""
    paths: list[tuple[Setting, FloatArray]] = field(default_factory=list)
    impossible: int = 0
    """Draws that the right law cannot make."""

    @property
    def logs(self) -> dict[str, float]:
        """Log likelihood ratio of each kind of bug to the right law: the average of its ways."""
        right = max(float(np.max(self.rights)), IMPOSSIBLE)
        return {name: log_mean(ways) - right for name, ways in self.ways.items()}

    def uniforms(self, rng: np.random.Generator) -> list[FloatArray]:
        """Return the uniforms of all runs under the right law that fits best."""
        best = int(np.argmax(self.rights))
        return [setting.right[best].uniforms(path, rng) for setting, path in self.paths]

    def fails(self) -> bool:
        """Say whether the bets against the right law have won, at their share of the level."""
        return self.impossible > 0 or self.log_bet() > -math.log(LEVEL * SHARES["known bugs"])

    def tells(self) -> bool:
        """Say whether one known bug is much likelier than all others, and than none."""
        logs = sorted([0.0, *self.logs.values()])
        return logs[-1] - float(logsumexp(logs[:-1])) > NO_BUG

    def log_bet(self) -> float:
        """Return the log of the average likelihood ratio of all bugs."""
        return log_mean(np.array(list(self.logs.values())))


@dataclass(frozen=True)
class Chance:
    """Rules for a program that draws.

    Parameters
    ----------
    arguments
        Names of the function's arguments.
    settings
        Ways to run it.
    relations
        ``relation(student, rng)``: exact relations, which return a finding if they fail, or None.
        They come first; the draws may then tell the name of the bug.
    rounds, least
        How often all settings are run at most, and at least.
    invariance
        ``invariance(student, rng) -> (p, Finding)``: p-value of a test in more dimensions from
        exact starts, and what to say if it fails.
    """

    arguments: Sequence[str]
    settings: Sequence[Setting]
    relations: Sequence[Callable[[Student, np.random.Generator], Finding | None]] = ()
    invariance: Callable[[Student, np.random.Generator], tuple[float, Finding]] | None = None
    rounds: int = 6
    least: int = 2
    fit: Callable[[Sequence[Setting], Sequence[FloatArray]], float] | None = None
    """``fit(settings, uniforms)``: p-value that the uniforms of all runs are independent and
    uniform; by default `goodness_of_fit`."""
    lenient: bool = False
    """Whether a submission that changes what it is given is examined on: its draws tell why."""
    changing: str | None = None
    """Name of the bug of changing what is given, if it has one."""
    randomness: str | None = None
    """Name of the bug of using NumPy's global random state, if it has one."""

    def examine(self, student: Student, seed: int) -> Finding:
        """Run exact relations, then all settings until it is clear, then the test of invariance."""
        rng = generator(seed)
        told: Finding | None = None
        student.lenient = self.lenient
        try:
            for relation in self.relations:
                told = told or relation(student, rng)
            if student.global_random and self.randomness:
                return global_state(self.randomness)
            if told and told.sure:
                return told
            evidence = self._gathered(student, rng, failed=told is not None)
            fit = self._fit(evidence, evidence.uniforms(rng))
            numbers = {"questions": student.questions, "draws": evidence.draws, "p": fit}
            # the fit may be looked at after any round that ends it: each has its share
            share = LEVEL * SHARES["goodness of fit"] / (self.rounds - self.least + 1)
            wrong = evidence.fails() or fit < share
            if student.changed:
                told = told or changes(student.changed, self.changing)
            if told and told.bug and not wrong:
                return replace(told, evidence=numbers)
            if told or wrong:
                found = named(evidence, numbers, rng, self._fit)
                if told:
                    return replace(told, bug=found.bug, bugs=found.bugs, evidence=numbers)
                return found
            if self.invariance is not None:
                p, finding = self.invariance(student, rng)
                numbers["p"] = combined([fit, p])
                if p < LEVEL * SHARES["invariance"]:
                    return replace(finding, evidence=numbers)
            return Finding(True, evidence=numbers)
        except Stop as stop:
            return told or stop.finding

    def _fit(self, evidence: Evidence, uniforms: Sequence[FloatArray]) -> float:
        """Return the p-value that these numbers of all runs are independent and uniform."""
        if self.fit is None:
            return goodness_of_fit(uniforms)
        return self.fit([setting for setting, _ in evidence.paths], uniforms)

    def _gathered(self, student: Student, rng: np.random.Generator, failed: bool) -> Evidence:
        """Run all settings until it is clear whether it fails and, if so, why."""
        evidence = Evidence()
        for round_ in range(self.rounds):
            for setting in self.settings:
                see(evidence, setting, student, rng)
            failed = failed or evidence.fails()
            clear = max(evidence.logs.values()) < -NO_BUG
            if round_ + 1 >= self.least and (clear or (failed and evidence.tells())):
                break
        return evidence


def see(evidence: Evidence, setting: Setting, student: Student, rng: np.random.Generator) -> None:
    """Run the submission once in a setting, and add what the draws say."""
    calls = [setting.arguments(rng, setting.draws) for _ in range(setting.chains)]
    for arguments, reply in zip(calls, student.ask_many(calls, 60.0), strict=True):
        path = setting.path(arguments, reply.value)
        right = np.array([total(law.logs(path)) for law in setting.right])
        evidence.draws += len(path) - 1
        evidence.paths.append((setting, path))
        evidence.rights = evidence.rights + right
        evidence.impossible += int(not np.isfinite(right).any())
        behind = max(float(np.max(evidence.rights)), IMPOSSIBLE) - BEHIND
        for name, laws in setting.bugs.items():
            ways = evidence.ways.setdefault(name, np.zeros(len(laws)))
            for k, law in enumerate(laws):  # a bet may be left as lost: that only lowers the rest
                ways[k] = -np.inf if ways[k] < behind else ways[k] + total(law.logs(path))


def total(logs: FloatArray) -> float:
    """Return the sum of log densities; once a draw is impossible, there is no more to say."""
    return float(logs.sum()) if np.isfinite(logs).all() else -math.inf


def goodness_of_fit(uniforms: Sequence[FloatArray]) -> float:
    """Return the p-value that all these numbers are independent and uniform on (0, 1).

    Kolmogorov-Smirnov in each long run, and in all short ones together.
    """
    long = [u for u in uniforms if len(u) >= SHORT]
    short = [u for u in uniforms if len(u) < SHORT]
    runs = [*long, np.concatenate(short)] if short else long
    return combined([float(stats.kstest(u, "uniform").pvalue) for u in runs])


def combined(p_values: Sequence[float]) -> float:
    """Return the p-value of several independent ones, by the smallest of them (L. Tippett 1931)."""
    smallest = min(p_values)
    return float(-np.expm1(len(p_values) * np.log1p(-min(smallest, 1.0 - 1e-16))))


def bet_against(p: float) -> float:
    """Return the value of a bet against a hypothesis whose p-value is p; 1 on average under it."""
    p = min(max(p, 1e-300), 1.0 - 1e-9)
    log_p = math.log(p)
    return (1.0 - p + p * log_p) / (p * log_p**2)


def named(
    evidence: Evidence,
    numbers: dict[str, Any],
    rng: np.random.Generator,
    fit_of: Callable[[Evidence, Sequence[FloatArray]], float],
) -> Finding:
    """Return the finding of a submission that failed, with the bug's name if the odds suffice.

    Two bugs at once have both names, joined by `` + ``.
    """
    logs = evidence.logs
    best = max(logs, key=lambda name: logs[name])
    others = [value for name, value in logs.items() if name != best] + [0.0]
    fit, against = 0.0, math.inf
    if np.isfinite(logs[best]):
        way = int(np.argmax(evidence.ways[best]))
        laws = [(setting.bugs[best][way], path) for setting, path in evidence.paths]
        fit = fit_of(evidence, [law.uniforms(path, rng) for law, path in laws])
        against = float(np.exp(min(logsumexp(others) - logs[best], 50.0)))
    odds = 1.0 / (against + UNKNOWN * bet_against(fit) + 1e-300)
    numbers |= {"odds": odds, "best": best, "fit of the best": fit}
    setting, path = evidence.paths[0]
    return Finding(
        False,
        asked=setting.words,
        expected="draws that follow the rule of the statement",
        got=(setting.described or described)(path),
        bug=best if odds >= ODDS else None,
        bugs=tuple(best.split(" + ")) if odds >= ODDS else (),
        evidence=numbers,
    )


def changes(names: set[str], bug: str | None) -> Finding:
    """Return the finding of a submission that changes what it was given."""
    return Finding(
        False,
        "any call",
        "arguments are as they were after the call",
        f"{', '.join(sorted(names))} has been changed",
        bug=bug,
        bugs=(bug,) if bug else (),
        advice=""
        if bug
        else "`b = a` makes no copy of an array: both names mean the same numbers, "
        "and `b += 1` changes them. `b = a.copy()` makes one.",
    )


def global_state(bug: str) -> Finding:
    """Return the finding of a submission that draws from NumPy's global random state."""
    return Finding(
        False,
        "random numbers from `rng` alone",
        "NumPy's global random state is as it was",
        "your function uses or seeds it (`np.random.normal`, `np.random.seed`, ...)",
        bug=bug,
        bugs=(bug,),
    )


def described(path: FloatArray) -> str:
    """Describe draws by numbers that a student can compute, too."""
    x = path[1:]
    stayed = float((x == path[:-1]).mean())
    return f"mean {x.mean():.3g}, sd {x.std():.3g}; {stayed:.0%} repeat the draw before"
