"""Names the bug of a program that draws, or says what can be seen of its draws.

A bug gets its name if its odds are at least ODDS to 1 against all other known bugs and "unknown"
together.  "Unknown" is given the odds by which the draws contradict the bug's own law, as two bets
against it that are 1 on average if it holds: a p-value of goodness of fit, turned into a bet (V.
Vovk and R. Wang 2021, *Annals of Statistics* 49), and the likelihood ratio of other laws in one of
the settings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import logsumexp

from ...compiling import FloatArray
from ..grading.finding import Finding
from ..grading.student import Student
from ..laws.fit import bet_against, fits, smallest_of
from .evidence import Evidence, Setting
from .telling import look, thought, thought_of_parts

ODDS = 99.0
UNKNOWN = 1e-3
"""Prior odds of "unknown" to any one known bug."""


def named(
    evidence: Evidence,
    facts: dict[str, Any],
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
    facts |= {"odds": odds, "best": best, "fit of the best": fit}
    bug = best if odds >= ODDS else None
    return told_by_numbers(evidence, bug, facts, student, rng)


def told_by_numbers(
    evidence: Evidence,
    bug: str | None,
    facts: dict[str, Any],
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
    finding = Finding(False, setting.words, bug=bug, bugs=bugs, evidence=facts)
    if setting.described:
        rule = "outcomes that follow the rule of the statement"
        advice = "" if bug else setting.advice
        return replace(finding, expected=rule, got=setting.described(path), advice=advice)
    arguments = setting.arguments(rng, 4 * setting.draws)
    ours, theirs = look(setting.path(arguments, student.right_value(arguments))), look(path)
    if setting.unknowns:
        expected, got = ours.as_parts(setting.unknowns), theirs.as_parts(setting.unknowns)
        advice = thought_of_parts(theirs, ours, setting.unknowns)
    else:
        expected, got, advice = ours.as_chain(), theirs.as_chain(), thought(theirs, ours)
    expected += f" (of {ours.draws} draws)"
    return replace(finding, expected=expected, got=got, advice="" if bug else advice)


def with_start(first: Finding, found: Finding | None, facts: dict[str, Any]) -> Finding:
    """Return the finding of a submission whose first draw is the start, and what else was found."""
    if found is None:
        return replace(first, evidence=facts)
    if not found.bugs or not first.bugs:
        advice = f"{first.got}. That is not all that is wrong."
        return replace(found, bug=None, bugs=(), advice=advice, evidence=facts)
    bugs = (*first.bugs, *found.bugs)
    return replace(found, bug=" + ".join(bugs), bugs=bugs, evidence=facts)
