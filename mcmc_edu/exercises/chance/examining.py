"""Examines a program that draws: a sequential test with a stated level.

Exact relations come first.  Then draws are weighed: each known bug against the right law
(`evidence`).  Mistakes that are not known show in the goodness of fit, first of the same draws,
then of more of them, then in more unknowns (`closely`).  A right program is failed with probability
at most LEVEL in all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...compiling import FloatArray
from ...seeds import generator
from ..grading.finding import Finding, Stop
from ..grading.student import Student, changes, global_state
from ..laws.fit import fits, smallest_of
from .evidence import LEVEL, NO_BUG, SHARES, Evidence, Setting, see
from .naming import named, told_by_numbers, with_start

Test = Callable[[Student, np.random.Generator], tuple[dict[str, float], Finding]]


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
            facts = {"questions": student.questions, "draws": evidence.draws, "p": fit}
            # the fit may be looked at after any round that ends it: each has its share
            share = LEVEL * SHARES["goodness of fit"] / (self.rounds - self.least + 1)
            wrong = evidence.fails() or fit < share
            if student.changed:
                told = told or changes("any call", student.changed, self.changing)
            if told and told.bug and not wrong:
                return replace(told, evidence=facts)
            found = None
            if told or wrong:
                found = named(evidence, facts, rng, self._bug_fits, student)
            if first:
                return with_start(first, found, facts)
            if found:
                if told:
                    told = told if not found.bug else replace(told, advice="")
                    return replace(told, bug=found.bug, bugs=found.bugs, evidence=facts)
                return found
            found = self._more(student, rng, p_values) or self._closely(student, rng, p_values)
            facts = {"questions": student.questions, "draws": evidence.draws}
            facts |= {"p": smallest_of(list(p_values.values()))}
            if found:
                return replace(found, evidence=facts)
            return Finding(True, evidence=facts | {"p_values": p_values})
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
            uniforms, paths, settings = zip(*parts, strict=True)
            return fits(uniforms, paths, settings, tests)
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
