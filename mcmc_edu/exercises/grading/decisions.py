"""Examines functions that decide yes or no by chance: how often, at several questions.

Each known bug gives each question a probability of yes.  The bets and the odds are those of
`chance`: the decisions of a question are one number of yes among so many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import xlog1py, xlogy

from ...compiling import FloatArray
from ...seeds import generator
from ..laws.accept_reject import log_mean
from ..laws.fit import bet_against, combined
from .chance import LEVEL, NO_BUG, ODDS, UNKNOWN
from .finding import Finding, Stop, shown
from .student import Student, global_state


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
        that gives the other answer there (or an error) and is right elsewhere.
    times
        How often each question is asked in a round.
    """

    arguments: Sequence[str]
    questions: Callable[[np.random.Generator], Sequence[tuple[float, ...]]]
    right: Callable[..., float]
    bugs: Mapping[str, Sequence[Callable[..., float]]]
    edges: Callable[[np.random.Generator], Sequence[tuple[tuple[float, ...], str]]]
    times: int = 60
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
            if logs[best] < -NO_BUG or (round_ > 1 and ahead > NO_BUG):
                break
        numbers: dict[str, Any] = {"questions": student.questions}
        numbers["p"] = self._fit(self.right, questions, yes, times, rng)
        share = LEVEL * 0.5
        wrong = log_mean(np.array(list(logs.values()))) > -np.log(share)
        wrong |= not np.isfinite(right) or numbers["p"] < share / self.rounds
        if not wrong:
            return self._edges(student, rng, numbers)
        way = self.bugs[best][int(np.argmax(ways[best]))]
        fit = self._fit(way, questions, yes, times, rng) if np.isfinite(logs[best]) else 0.0
        against = np.exp(min(float(np.logaddexp.reduce(others)) - logs[best], 50.0))
        odds = 1.0 / (against + UNKNOWN * bet_against(fit) + 1e-300)
        numbers |= {"odds": odds, "best": best, "fit of the best": fit}
        right_share = np.array([self.right(*question) for question in questions])
        worst = int(np.argmax(np.abs(yes / times - right_share)))
        bug = best if odds >= ODDS else None
        advice = "" if bug else _pattern(yes / times)
        return Finding(
            False,
            f"{times} times {student.called(questions[worst])[:-1]}, rng)",
            f"True about {right_share[worst]:.0%} of the time",
            f"True {yes[worst] / times:.0%} of the time",
            bug=bug,
            bugs=(bug,) if bug else (),
            advice=advice,
            evidence=numbers,
        )

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
        for question, kind in self.edges(rng):
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
        kinds = {kind for kind, _ in faults}
        bug = kinds.pop() if len(kinds) == 1 else None
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

    def _fit(
        self,
        way: Callable[..., float],
        questions: Sequence[tuple[float, ...]],
        yes: FloatArray,
        times: int,
        rng: np.random.Generator,
    ) -> float:
        """Return the p-value of the numbers of yes: both tails, ties broken by chance."""
        p = []
        for question, count in zip(questions, yes, strict=True):
            chance = way(*question)
            if chance in (0.0, 1.0):
                if count != times * chance:
                    return 0.0
                continue
            law = stats.binom(times, chance)
            u = law.cdf(count - 1) + rng.random() * law.pmf(count)
            p.append(float(2.0 * min(u, 1.0 - u)))
        return combined(p) if p else 1.0


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
