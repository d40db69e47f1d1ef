"""Examines programs that draw: a sequential test with a stated level, and odds over known bugs.

The null hypothesis is that the draws follow the right law.  Under it the likelihood ratio of any
bug's law to the right one is a martingale with mean 1, and so is the average of all bugs' ratios.
By Ville's inequality it ever exceeds 1/a with probability at most a, however often one looks.
Bugs that are not known are found by goodness of fit (`fit`).  A right program is failed with
probability at most LEVEL in all.

A bug gets its name if its odds are at least ODDS to 1 against all other known bugs and "unknown"
together.  "Unknown" is given the odds by which the draws contradict the bug's own law, as two bets
against it that are 1 on average if it holds: a p-value of goodness of fit, turned into a bet (V.
Vovk and R. Wang 2021, *Annals of Statistics* 49), and the likelihood ratio of other laws in one of
the settings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.special import logsumexp

from ...compiling import FloatArray
from ...seeds import generator
from ..laws.accept_reject import Law, log_mean
from ..laws.fit import bet_against, fits, smallest_of
from .finding import Finding, Stop
from .student import Student, changes, global_state
from .telling import look, thought, thought_of_parts

LEVEL = 1e-5
"""Probability of failing a right program, at most."""
ODDS = 99.0
UNKNOWN = 1e-3
"""Prior odds of "unknown" to any one known bug."""
TWO = 5e-3
"""Prior odds of two bugs at once to any one of them."""
NO_BUG = math.log(1e4)
"""A known bug is ruled out when the right law is so much likelier, in logs."""
BEHIND = 40.0
"""Ways to make a mistake are left when another law is so much likelier, in logs."""
IMPOSSIBLE = -1e6
"""Log likelihood of draws that the right law cannot make, when bugs are compared with it."""
SHARES = {"known bugs": 0.4, "goodness of fit": 0.3, "more draws": 0.1, "closely": 0.2}
"""How the level is shared between the ways of failing."""


Test = Callable[[Student, np.random.Generator], tuple[dict[str, float], Finding]]


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
    """``described(path)``: a path in words, by default as `telling.Look` has it."""
    unknowns: tuple[str, ...] = ()
    """Names of unknowns that are drawn one after the other, if they are."""

    @property
    def parts(self) -> int:
        """In how many parts the uniforms of a run come: one for each of these unknowns."""
        return max(len(self.unknowns), 1)


@dataclass
class Evidence:
    """What has been seen of a submission so far."""

    draws: int = 0
    ways: dict[str, FloatArray] = field(default_factory=dict)
    """Log likelihood of each way to make each mistake."""
    rights: FloatArray | float = 0.0
    """Log likelihood of each right law."""
    paths: list[tuple[Setting, FloatArray]] = field(default_factory=list)
    logs_of_paths: list[dict[str, FloatArray]] = field(default_factory=list)
    """Log likelihood of each way to make each mistake, and of "right", in each of them."""
    impossible: int = 0
    """Draws that the right law cannot make."""

    @property
    def logs(self) -> dict[str, float]:
        """Log likelihood ratio of each kind of bug to the right law: the average of its ways."""
        right = max(float(np.max(self.rights)), IMPOSSIBLE)
        two = math.log(TWO)
        return {
            name: log_mean(ways) - right + (two if " + " in name else 0.0)
            for name, ways in self.ways.items()
        }

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

    def log_bet_against(self, name: str, way: int) -> float:
        """Return the log of a bet that another law holds in one of the settings."""
        bets = []
        for one in {id(setting): setting for setting, _ in self.paths}.values():
            runs = [
                logs
                for (setting, _), logs in zip(self.paths, self.logs_of_paths, strict=True)
                if setting is one
            ]
            sums = {kind: np.sum([run[kind] for run in runs], axis=0) for kind in runs[0]}
            others = [log_mean(logs) for kind, logs in sums.items() if kind != name]
            bets.append(log_mean(np.array(others)) - float(sums[name][way]))
        return log_mean(np.array(bets))


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
    closely
        ``test(student, rng) -> (p_values, Finding)``: tests in more dimensions, if all else is
        well, and what to say if one fails.
    """

    arguments: Sequence[str]
    settings: Sequence[Setting]
    relations: Sequence[Callable[[Student, np.random.Generator], Finding | None]] = ()
    closely: Sequence[Test] = ()
    rounds: int = 8
    least: int = 2
    further: int = 4
    """How often all settings are run again, for goodness of fit alone, if all is well so far."""
    before_a_name: int = 8
    """How often all settings are run, at least, before a submission that failed gets a name."""
    fit: Callable[[Sequence[Setting], Sequence[FloatArray]], float] | None = None
    """``fit(settings, uniforms)``: p-value that the uniforms of all runs are independent and
    uniform; by default the tests of `fits`."""
    start_first: Callable[[Student, np.random.Generator], Finding | None] | None = None
    """Finds whether the start is the first draw; if so, it is left out of what is examined."""
    lenient: bool = False
    """Whether a submission that changes what it is given is examined on: its draws tell why."""
    bug_tests: Sequence[str] = ("all", "mean", "spread")
    """Which of `fit.normal_tests` are made of a known bug's law before its name is given."""
    changing: str | None = None
    """Name of the bug of changing what is given, if it has one."""
    randomness: str | None = None
    """Name of the bug of using NumPy's global random state, if it has one."""

    def examine(self, student: Student, seed: int) -> Finding:
        """Run exact relations, then all settings until it is clear, then look closely."""
        rng = generator(seed)
        told: Finding | None = None
        student.lenient = self.lenient
        try:
            for relation in self.relations:
                told = told or relation(student, rng)
            if student.global_random and self.randomness:
                return global_state(self.arguments, self.randomness)
            if told and told.sure:
                return told
            first = self.start_first(student, rng) if self.start_first else None
            evidence = self._gathered(student, rng, told is not None, first is not None)
            p_values = self._fits(evidence, evidence.uniforms(rng))
            fit = smallest_of(list(p_values.values()))
            numbers = {"questions": student.questions, "draws": evidence.draws, "p": fit}
            # the fit may be looked at after any round that ends it: each has its share
            share = LEVEL * SHARES["goodness of fit"] / (self.rounds - self.least + 1)
            wrong = evidence.fails() or fit < share
            if student.changed:
                told = told or changes("any call", student.changed, self.changing)
            if told and told.bug and not wrong:
                return replace(told, evidence=numbers)
            found = None
            if told or wrong:
                found = named(evidence, numbers, rng, self._bug_fits, student)
            if first:
                return with_start(first, found, numbers)
            if found:
                if told:
                    told = told if not found.bug else replace(told, advice="")
                    return replace(told, bug=found.bug, bugs=found.bugs, evidence=numbers)
                return found
            found = self._more(student, rng, p_values) or self._closely(student, rng, p_values)
            numbers = {"questions": student.questions, "draws": evidence.draws}
            numbers |= {"p": smallest_of(list(p_values.values()))}
            if found:
                return replace(found, evidence=numbers)
            return Finding(True, evidence=numbers | {"p_values": p_values})
        except Stop as stop:
            return told or stop.finding

    def _more(
        self, student: Student, rng: np.random.Generator, p_values: dict[str, float]
    ) -> Finding | None:
        """Run all settings again, for goodness of fit; add p-values to those that there are."""
        if not self.further:
            return None
        evidence = Evidence()
        for _ in range(self.further):
            for setting in self.settings:
                see(evidence, setting, student, rng, known=False)
        fit = self._fits(evidence, evidence.uniforms(rng))
        p_values |= {f"{name}, more": p for name, p in fit.items()}
        share = LEVEL * SHARES["more draws"]
        if evidence.impossible or smallest_of(list(fit.values())) < share:
            return told_by_numbers(evidence, None, {}, student, rng)
        return None

    def _closely(
        self, student: Student, rng: np.random.Generator, p_values: dict[str, float]
    ) -> Finding | None:
        """Make the tests in more dimensions; add p-values to those that there are."""
        for test in self.closely:
            found, finding = test(student, rng)
            p_values |= found
            share = LEVEL * SHARES["closely"] / len(self.closely)
            if found and smallest_of(list(found.values())) < share:
                return finding
        return None

    def _fits(
        self,
        evidence: Evidence,
        uniforms: Sequence[FloatArray],
        tests: Sequence[str] = ("all", "mean", "spread"),
    ) -> dict[str, float]:
        """Return p-values that these numbers of all runs are independent and uniform."""
        if self.fit is None:
            parts = [
                (part, path, (id(setting), k))
                for (setting, path), u in zip(evidence.paths, uniforms, strict=True)
                for k, part in enumerate(np.split(u, setting.parts, axis=-1))
            ]
            numbers, paths, settings = zip(*parts, strict=True)
            return fits(numbers, paths, settings, tests)
        return {"values": self.fit([setting for setting, _ in evidence.paths], uniforms)}

    def _bug_fits(self, evidence: Evidence, uniforms: Sequence[FloatArray]) -> dict[str, float]:
        """Return p-values that these numbers, by the law of a bug, are independent and uniform."""
        return self._fits(evidence, uniforms, self.bug_tests)

    def _gathered(
        self, student: Student, rng: np.random.Generator, failed: bool, start_first: bool
    ) -> Evidence:
        """Run all settings until it is clear whether it fails and, if so, why."""
        evidence = Evidence()
        for round_ in range(self.rounds):
            try:
                for setting in self.settings:
                    see(evidence, setting, student, rng, start_first)
            except Stop:
                if evidence.paths and evidence.fails():  # that says more than the end
                    break
                raise
            failed = failed or evidence.fails()
            clear = max(evidence.logs.values()) < -NO_BUG and not failed
            least = self.before_a_name if failed else self.least
            if round_ + 1 >= least and (clear or (failed and evidence.tells())):
                break
        return evidence


def see(
    evidence: Evidence,
    setting: Setting,
    student: Student,
    rng: np.random.Generator,
    start_first: bool = False,
    known: bool = True,
) -> None:
    """Run the submission once in a setting, and add what the draws say.

    If the start is the first draw, `start_first`, that draw is left out.  The laws of known bugs
    are looked at if `known`.
    """
    calls = [setting.arguments(rng, setting.draws) for _ in range(setting.chains)]
    for arguments, reply in zip(calls, student.ask_many(calls, 60.0), strict=True):
        path = setting.path(arguments, reply.value)
        path = path[1:] if start_first else path
        right = np.array([total(law.logs(path)) for law in setting.right])
        evidence.draws += len(path) - 1
        evidence.paths.append((setting, path))
        evidence.impossible += int(not np.isfinite(right).any())
        best = max([float(np.max(evidence.rights)), *map(np.max, evidence.ways.values())])
        behind = max(best, IMPOSSIBLE) - BEHIND
        evidence.rights = evidence.rights + right
        if not known:
            continue
        logs_of_path = {"right": right}
        for name, laws in setting.bugs.items():
            ways = evidence.ways.setdefault(name, np.zeros(len(laws)))
            logs_of_path[name] = np.array(
                [  # a bet may be left as lost: that only lowers the rest
                    -np.inf if way < behind else total(law.logs(path))
                    for way, law in zip(ways, laws, strict=True)
                ]
            )
            evidence.ways[name] = ways + logs_of_path[name]
        evidence.logs_of_paths.append(logs_of_path)


def total(logs: FloatArray) -> float:
    """Return the sum of log densities; once a draw is impossible, there is no more to say."""
    return float(logs.sum()) if np.isfinite(logs).all() else -math.inf


def named(
    evidence: Evidence,
    numbers: dict[str, Any],
    rng: np.random.Generator,
    fits_of: Callable[[Evidence, Sequence[FloatArray]], dict[str, float]],
    student: Student,
) -> Finding:
    """Return the finding of a submission that failed, with the bug's name if the odds suffice.

    Two bugs at once have both names, joined by `` + ``.
    """
    logs = evidence.logs
    best = max(logs, key=lambda name: logs[name])
    others = [value for name, value in logs.items() if name != best] + [0.0]
    fit, against, unknown = 0.0, math.inf, math.inf
    if np.isfinite(logs[best]):
        way = int(np.argmax(evidence.ways[best]))
        laws = [(setting.bugs[best][way], path) for setting, path in evidence.paths]
        uniforms = [law.uniforms(path, rng) for law, path in laws]
        fit = smallest_of(list(fits_of(evidence, uniforms).values()))
        against = float(np.exp(min(logsumexp(others) - logs[best], 50.0)))
        elsewhere = float(np.exp(min(evidence.log_bet_against(best, way), 50.0)))
        unknown = 0.5 * (bet_against(fit) + elsewhere)
    odds = 1.0 / (against + UNKNOWN * unknown + 1e-300)
    numbers |= {"odds": odds, "best": best, "fit of the best": fit}
    bug = best if odds >= ODDS else None
    return told_by_numbers(evidence, bug, numbers, student, rng)


def told_by_numbers(
    evidence: Evidence,
    bug: str | None,
    numbers: dict[str, Any],
    student: Student,
    rng: np.random.Generator,
) -> Finding:
    """Return the finding of draws, beside those of a right answer, in the setting that tells most.

    That of the worst fit, among those of one long run.
    """
    right = int(np.argmax(evidence.rights))
    long = [run for run in evidence.paths if run[0].chains == 1] or evidence.paths[:1]

    def fit(run: tuple[Setting, FloatArray]) -> float:
        uniforms = run[0].right[right].uniforms(run[1], rng)
        return min(fits([uniforms], [run[1]], [0]).values())

    setting, path = min(long, key=fit)
    bugs = tuple(bug.split(" + ")) if bug else ()
    finding = Finding(False, setting.words, bug=bug, bugs=bugs, evidence=numbers)
    if setting.described:
        rule = "outcomes that follow the rule of the statement"
        return replace(finding, expected=rule, got=setting.described(path))
    arguments = setting.arguments(rng, 4 * setting.draws)
    ours, theirs = look(setting.path(arguments, student.right_value(arguments))), look(path)
    if setting.unknowns:
        expected, got = ours.as_parts(setting.unknowns), theirs.as_parts(setting.unknowns)
        advice = thought_of_parts(theirs, ours, setting.unknowns)
    else:
        expected, got, advice = ours.as_chain(), theirs.as_chain(), thought(theirs, ours)
    expected += f" (of {ours.draws} draws)"
    return replace(finding, expected=expected, got=got, advice="" if bug else advice)


def with_start(first: Finding, found: Finding | None, numbers: dict[str, Any]) -> Finding:
    """Return the finding of a submission whose first draw is the start, and what else was found."""
    if found is None:
        return replace(first, evidence=numbers)
    if not found.bugs or not first.bugs:
        advice = f"{first.got}. That is not all that is wrong."
        return replace(found, bug=None, bugs=(), advice=advice, evidence=numbers)
    bugs = (*first.bugs, *found.bugs)
    return replace(found, bug=" + ".join(bugs), bugs=bugs, evidence=numbers)
