"""Examines functions that decide yes or no by chance: how often, at several questions.

Each known bug gives each question a probability of yes.  The bets and the odds are those of
`chance`: the decisions of a question are one number of yes among so many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import xlog1py, xlogy

from ...compiling import FloatArray
from ...seeds import generator
from ..grading.finding import Finding, Stop, shown
from ..grading.student import Student, global_state
from ..laws.accept_reject import log_mean
from ..laws.fit import bet_against, both_ends, combined, normal_tests, smallest_of
from .evidence import LEVEL, NO_BUG
from .naming import ODDS, UNKNOWN

SHARES = {"known bugs": 0.5, "goodness of fit": 0.3, "far": 0.2}
"""How the level is shared between the ways of failing."""


@dataclass(frozen=True)
class Decisions:
    """Rules for a function ``f(..., rng) -> bool``.

    Parameters
    ----------
    arguments
        Names of the function's arguments; the last one is the generator.
    questions
        ``questions(rng)``: the arguments of each question, without the generator.
    right
        ``right(*question)``: the probability of yes.
    bugs
        For each kind of bug the ways to make it: functions like `right`.  NaN stands for an error.
    edges
        ``edges(rng)``: further questions, whose answer is certain; with the kind of bug, if any,
        that gives the other answer there (or an error) and is right elsewhere.  A kind that is
        written with a place, as ``kind/low``, has its name only if all its places go wrong.
    far
        ``far(rng)``: further questions by chance, with numbers so large that some computations lose
        their difference; asked if all else is well.
    times
        How often each question is asked in a round.
    """

    arguments: Sequence[str]
    questions: Callable[[np.random.Generator], Sequence[tuple[float, ...]]]
    right: Callable[..., float]
    bugs: Mapping[str, Sequence[Callable[..., float]]]
    edges: Callable[[np.random.Generator], Sequence[tuple[tuple[float, ...], str]]]
    far: Callable[[np.random.Generator], Sequence[tuple[float, ...]]] = lambda rng: []
    times: int = 300
    rounds: int = 6
    randomness: str = "other-randomness"

    def examine(self, student: Student, seed: int) -> Finding:
        """Ask every question many times, then those whose answer is certain."""
        rng = generator(seed)
        try:
            return self._examined(student, rng)
        except Stop as stop:
            return stop.finding

    def _examined(self, student: Student, rng: np.random.Generator) -> Finding:
        questions = list(self.questions(rng))
        if told := self._same_seed(student, rng, questions):
            return told
        yes = np.zeros(len(questions))
        ways = {}
        for round_ in range(1, self.rounds + 1):
            yes += self._asked(student, rng, questions)
            times = round_ * self.times
            right = self._logs(self.right, questions, yes, times)
            ways = {
                kind: np.array([self._logs(way, questions, yes, times) for way in found])
                for kind, found in self.bugs.items()
            }
            logs = {kind: log_mean(found) - max(right, -1e6) for kind, found in ways.items()}
            best = max(logs, key=lambda kind: logs[kind])
            others = [0.0, *(value for kind, value in logs.items() if kind != best)]
            ahead = logs[best] - float(np.logaddexp.reduce(others))
            if round_ > 1 and (logs[best] < -NO_BUG or ahead > NO_BUG):
                break
        p_values = self._fits(self.right, questions, yes, times, rng)
        numbers: dict[str, Any] = {"questions": student.questions, "p_values": p_values}
        numbers["p"] = smallest_of(list(p_values.values()))
        wrong = log_mean(np.array(list(logs.values()))) > -np.log(LEVEL * SHARES["known bugs"])
        wrong |= numbers["p"] < LEVEL * SHARES["goodness of fit"] / self.rounds
        wrong |= not np.isfinite(right)
        if not wrong:
            found = self._edges(student, rng, numbers)
            return self._far(student, rng, found) if found.passed else found
        way = self.bugs[best][int(np.argmax(ways[best]))]
        fit = 0.0
        if np.isfinite(logs[best]):
            fit = self._fits(way, questions, yes, times, rng)["decisions"]
        against = np.exp(min(float(np.logaddexp.reduce(others)) - logs[best], 50.0))
        odds = 1.0 / (against + UNKNOWN * bet_against(fit) + 1e-300)
        numbers |= {"odds": odds, "best": best, "fit of the best": fit}
        bug = best if odds >= ODDS else None
        advice = "" if bug else _pattern(yes / times)
        told = self._told(student, questions, yes, times)
        return replace(told, bug=bug, bugs=(bug,) if bug else (), advice=advice, evidence=numbers)

    def _told(
        self, student: Student, questions: Sequence[tuple[float, ...]], yes: FloatArray, times: int
    ) -> Finding:
        """Return a finding about the question whose answers are farthest from the right share."""
        right = np.array([self.right(*question) for question in questions])
        worst = int(np.argmax(np.abs(yes / times - right)))
        return Finding(
            False,
            f"{times} times {student.called(questions[worst])[:-1]}, rng)",
            f"True about {right[worst]:.0%} of the time",
            f"True {yes[worst] / times:.0%} of the time",
        )

    def _far(self, student: Student, rng: np.random.Generator, found: Finding) -> Finding:
        """Ask the questions with large numbers; `found` is what is returned if all is well."""
        questions = list(self.far(rng))
        if not questions:
            return found
        yes = self._asked(student, rng, questions)
        p = {
            f"{test}, far": value
            for test, value in self._fits(self.right, questions, yes, self.times, rng).items()
        }
        p_values = found.evidence["p_values"] | p
        evidence = found.evidence | {"p_values": p_values, "questions": student.questions}
        if smallest_of(list(p.values())) < LEVEL * SHARES["far"]:
            advice = (
                "The numbers are large, and their difference is small. Which step of yours loses "
                "the small one?"
            )
            told = self._told(student, questions, yes, self.times)
            return replace(told, advice=advice, evidence=evidence)
        return replace(found, evidence=evidence)

    def _asked(
        self, student: Student, rng: np.random.Generator, questions: Sequence[tuple[float, ...]]
    ) -> FloatArray:
        """Return how often the answer to each question is yes."""
        calls = [[*q, _new(rng)] for q in questions for _ in range(self.times)]
        replies = student.ask_many(calls)
        said = [decision(r.value, student, c) for r, c in zip(replies, calls, strict=True)]
        if student.global_random:
            raise Stop(global_state(self.arguments, self.randomness))
        counts: FloatArray = np.array(said, dtype=float).reshape(-1, self.times).sum(axis=1)
        return counts

    def _same_seed(
        self, student: Student, rng: np.random.Generator, questions: Sequence[tuple[float, ...]]
    ) -> Finding | None:
        """Require the same decisions from generators of the same seed, others from another."""
        seeds = [_new(rng) for _ in range(60)]
        answers = []
        for _ in range(2):
            calls = [[*questions[0], seed] for seed in seeds]
            replies = student.ask_many(calls)
            answers.append(
                [decision(r.value, student, c) for r, c in zip(replies, calls, strict=True)]
            )
        if answers[0] == answers[1]:
            return None
        return Finding(
            False,
            "the same question twice, with generators of the same seed",
            "the same decision",
            "another decision the second time",
            bug=self.randomness,
            bugs=(self.randomness,),
        )

    def _edges(
        self, student: Student, rng: np.random.Generator, numbers: dict[str, Any]
    ) -> Finding:
        """Ask the questions whose answer is certain."""
        faults: list[tuple[str, Finding]] = []
        edges = self.edges(rng)
        for question, kind in edges:
            certain = self.right(*question) > 0.5
            for _ in range(8):
                arguments = [*question, _new(rng)]
                try:
                    answer = student.ask(*arguments)
                    said = decision(answer.value, student, arguments)
                except Stop as stop:
                    if kind == "":
                        raise
                    faults.append((kind, stop.finding))
                    break
                if said != certain:
                    called = student.called(arguments)
                    faults.append((kind, Finding(False, called, shown(certain), shown(said))))
                    break
        if not faults:
            return Finding(True, evidence=numbers)
        first = faults[0][1]
        kinds = {kind.partition("/")[0] for kind, _ in faults}
        places = {kind for _, kind in edges if kind.partition("/")[0] in kinds}
        whole = places == {kind for kind, _ in faults}
        bug = kinds.pop() if len(kinds) == 1 and whole else None
        bug = bug or None
        return Finding(
            False,
            first.asked,
            first.expected,
            first.got,
            bug=bug,
            bugs=(bug,) if bug else (),
            advice=first.advice if not bug else "",
            evidence=numbers,
        )

    def _logs(
        self,
        way: Callable[..., float],
        questions: Sequence[tuple[float, ...]],
        yes: FloatArray,
        times: int,
    ) -> float:
        """Return the log likelihood of a way to decide."""
        chances = np.array([way(*question) for question in questions])
        if np.isnan(chances).any():
            return -np.inf
        with np.errstate(all="ignore"):
            return float((xlogy(yes, chances) + xlog1py(times - yes, -chances)).sum())

    def _fits(
        self,
        way: Callable[..., float],
        questions: Sequence[tuple[float, ...]],
        yes: FloatArray,
        times: int,
        rng: np.random.Generator,
    ) -> dict[str, float]:
        """Return p-values of the numbers of yes: by the worst question, and by all together."""
        u = []
        for question, count in zip(questions, yes, strict=True):
            chance = way(*question)
            if chance in (0.0, 1.0):
                if count != times * chance:
                    return {"decisions": 0.0}
                continue
            law = stats.binom(times, chance)
            u.append(law.cdf(count - 1) + rng.random() * law.pmf(count))  # ties broken by chance
        if not u:
            return {"decisions": 1.0}
        worst = combined([both_ends(one) for one in u])
        together = normal_tests(np.array(u))
        return {"decisions": worst} | {
            f"decisions: {test}": together[test] for test in ("mean", "spread")
        }


def decision(value: Any, student: Student, arguments: Sequence[Any]) -> bool:
    """Return a decision; raise `Stop` if it is none."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise Stop(
        Finding(
            False,
            student.called(arguments),
            "True or False",
            shown(value),
            advice="Return the decision itself: a comparison is True or False.",
        )
    )


def _new(rng: np.random.Generator) -> dict[str, int]:
    return {"$rng": int(rng.integers(1 << 40))}


def _pattern(shares: FloatArray) -> str:
    """Describe decisions that no known bug explains."""
    if (shares == 1.0).all():
        return "It says True to all questions: does it look at its arguments?"
    if (shares == 0.0).all():
        return "It says False to all questions: does it look at its arguments?"
    if ((shares == 0.0) | (shares == 1.0)).all():
        return "It always answers a question in the same way: where does chance come in?"
    return "Ask it the same question a thousand times, and count. Which share should be True?"
