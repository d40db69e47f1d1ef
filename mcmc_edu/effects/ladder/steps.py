"""Steps of a ladder, each with the formula that it is.

With treatment z, factors a and b, and a covariate x:

    constant            y ~ z + scale(x) + (1 | a) + (1 | b)
    varying by a        y ~ z + scale(x) + (1 + z | a) + (1 | b)
    varying by each     y ~ z + scale(x) + (1 + z | a) + (1 + z | b)
    with interactions   y ~ z + scale(x) + (1 + z | a) + (1 + z | b) + (1 + z | a:b)
    full                y ~ scale(x)*z + (1 + scale(x)*z | a) + ... + (1 + scale(x)*z | a:b)

Three factors have three pairs in the step with interactions, and a:b:c in the full model.  With two
factors and no covariate the step with interactions is the full model, and the last.

Gelman writes ``(1 + x*z | a*b)``, which lme4 does not read: it stands for the bars above.
Covariates are in units of their sd about their mean, so that priors of sds have one unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from ...formulas.scanning import quoted
from .question import Question

CONSTANT, EACH, PAIRS, FULL = "constant", "varying by each", "with interactions", "full"


@dataclass(frozen=True)
class Step:
    """A step of a ladder."""

    name: str
    formula: str
    """In lme4's notation, as `me.Model` reads it."""


def steps_of(question: Question) -> tuple[Step, ...]:
    """Write the steps of a ladder, from one effect for all to the full model."""
    z, factors = quoted(question.treatment), question.factors
    covariates = [f"scale({quoted(name)})" for name in question.covariates]
    plain = [z, *covariates]
    ones = [_bar("1", (name,)) for name in factors]
    each = [_bar(f"1 + {z}", (name,)) for name in factors]
    pairs = [_bar(f"1 + {z}", two) for two in combinations(factors, 2)]
    steps = [
        _step(question, CONSTANT, plain, ones),
        _step(question, f"varying by {factors[0]}", plain, [each[0], *ones[1:]]),
        _step(question, EACH, plain, each),
        _step(question, PAIRS, plain, [*each, *pairs]),
    ]
    if covariates or len(factors) > 2:
        crossed = f"{_sum(covariates)}*{z}" if covariates else z
        bars = [_bar(f"1 + {crossed}", group) for group in intersections(factors)]
        steps.append(_step(question, FULL, [crossed], bars))
    return tuple(steps)


def intersections(factors: Sequence[str]) -> list[tuple[str, ...]]:
    """List the factors, their pairs, triples and so on, up to all of them together."""
    sizes = range(1, len(factors) + 1)
    return [group for size in sizes for group in combinations(factors, size)]


def _step(question: Question, name: str, terms: Iterable[str], bars: Iterable[str]) -> Step:
    right = " + ".join([*terms, *question.controls, *bars])
    return Step(name, f"{question.outcome} ~ {right}")


def _bar(coefficients: str, group: Sequence[str]) -> str:
    return f"({coefficients} | {':'.join(map(quoted, group))})"


def _sum(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"
