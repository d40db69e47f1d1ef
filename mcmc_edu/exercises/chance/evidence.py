"""What has been seen of a program that draws: draws, and how likely each law makes them.

The null hypothesis is that the draws follow the right law.  Under it the likelihood ratio of any
bug's law to the right one is a martingale with mean 1, and so is the average of all bugs' ratios.
By Ville's inequality it ever exceeds 1/a with probability at most a, however often one looks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import logsumexp

from ...compiling import FloatArray
from ..grading.student import Student
from ..laws.accept_reject import Law, log_mean

LEVEL = 1e-5
"""Probability of failing a right program, at most."""
SHARES = {"known bugs": 0.4, "goodness of fit": 0.3, "more draws": 0.1, "closely": 0.2}
"""How the level is shared between the ways of failing."""
TWO = 5e-3
"""Prior odds of two bugs at once to any one of them."""
NO_BUG = math.log(1e4)
"""A known bug is ruled out when the right law is so much likelier, in logs."""
BEHIND = 40.0
"""Ways to make a mistake are left when another law is so much likelier, in logs."""
IMPOSSIBLE = -1e6
"""Log likelihood of draws that the right law cannot make, when bugs are compared with it."""


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
    advice: str = ""
    """What to think about, if it is described."""
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


def see(
    evidence: Evidence,
    setting: Setting,
    student: Student,
    rng: np.random.Generator,
    start_first: bool = False,
    known: bool = True,
) -> None:
    """Run the submission once in a setting, and add what the draws say.

    If the start is the first draw, `start_first`, that draw is left out, unless it is the only one.
    The laws of known bugs are looked at if `known`.
    """
    calls = [setting.arguments(rng, setting.draws) for _ in range(setting.chains)]
    for arguments, reply in zip(calls, student.ask_many(calls, 60.0), strict=True):
        path = setting.path(arguments, reply.value)
        path = path[1:] if start_first and len(path) > 2 else path
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
