"""Priors of a ladder: stronger with each order of interaction, and for few levels.

    sd of a coefficient in a bar ~ HalfT(3, unit * scale / 2^(order - 1))

The order counts the variables that the coefficient crosses, the bar's factors among them: 1 for
the intercepts of a, 2 for z by a or for the intercepts of a:b, 3 for z by a:b, 4 for x:z by a:b.
The unit is sd(y) of a Gaussian outcome and 1 on the scale of a logit or a log.

Two or three levels cannot inform an sd, and its prior decides: HalfNormal, whose tail is short,
takes the place of HalfT.  A bar of a:b has (levels of a - 1)(levels of b - 1) contrasts of its
own, and counts as few if these are one or two, as the contrasts of two or three levels are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import numpy as np

from ...families import family_of
from ...formulas import INTERCEPT, design
from ...priors.joint import LKJ
from ...priors.univariate import HalfNormal, HalfT, Prior
from ...regression.prior_choice.names import (
    CLASSES,
    has_correlations,
    names_with_priors,
    scale_names,
)
from .question import Question

SCALE = 0.5
"""Scale of the first order, in units of the outcome."""
SHAPE = 2.0
"""Shape of the LKJ prior of correlations."""
FEW = 2
"""So many contrasts between levels are few."""


def unit_of(question: Question) -> float:
    """Return the unit of the linear predictor: sd(y), or 1 on the scale of a logit or a log.

    Outliers of a Student outcome do not count: its unit is the median absolute deviation, scaled to
    be the sd of normal numbers.
    """
    if question.family not in ("gaussian", "student"):
        return 1.0
    y = np.asarray(design(f"{question.outcome} ~ 1", question.frame, "error", None).y)
    spread = float(np.std(y, ddof=1))
    if question.family == "student":
        spread = 1.4826 * float(np.median(np.abs(y - np.median(y)))) or spread
    if not spread > 0.0:
        raise ValueError(f"outcome: {question.outcome!r} is constant. Its effects cannot be told")
    return spread


def order_of(factors: Sequence[str], coefficient: str) -> int:
    """Count the variables that a coefficient of a bar crosses.

    Examples
    --------
    >>> order_of(("a",), "Intercept"), order_of(("a", "b"), "z[new]:scale(x)")
    (1, 4)
    """
    return len(factors) + len(_parts(coefficient))


def _parts(coefficient: str) -> list[str]:
    """List the variables of a coefficient, without their levels."""
    bare = re.sub(r"\[[^\]]*\]", "", coefficient)
    return [] if bare == INTERCEPT else bare.split(":")


def priors_of(
    question: Question, formula: str, unit: float, scale: float, given: Mapping[str, Prior]
) -> dict[str, Prior]:
    """Choose the priors of a step: one for each sd, and one for all correlations.

    Parameters
    ----------
    question
        What the ladder is asked.
    formula
        The formula of the step.
    unit
        Unit of the linear predictor: see `unit_of`.
    scale
        Scale of the first order, in such units.
    given
        The user's own, which take the place of these where they are of the same.
    """
    made = design(formula, question.frame, "error", None)
    known = names_with_priors(made, family_of(question.family, None), False)
    own = {name: prior for name, prior in given.items() if name in (*known, *CLASSES)}
    found: dict[str, Prior] = {}
    for grouping in made.groupings:
        if any(name in own for name in scale_names(grouping)):
            continue
        for name in grouping.names:
            width = question.width if question.treatment in _parts(name) else 1.0
            found[f"sd({grouping.name}: {name})"] = sd_prior(
                question, grouping.name.split(":"), name, unit * scale / width
            )
    if any(has_correlations(grouping) for grouping in made.groupings):
        found["cor"] = LKJ(SHAPE)
    joint = any(name.startswith("covariance") for name in own)
    return ({} if joint else found) | own


def sd_prior(
    question: Question, factors: Sequence[str], coefficient: str, scale: float, above: int = 0
) -> Prior:
    """Return the prior of one sd; `above` counts further variables that the coefficient crosses."""
    size = scale * 0.5 ** (order_of(factors, coefficient) + above - 1)
    contrasts = math.prod(len(question.levels(name)) - 1 for name in factors)
    return HalfNormal(size) if contrasts <= FEW else HalfT(3.0, size)


def check_given(question: Question, formulas: Sequence[str], given: Mapping[str, Prior]) -> None:
    """Refuse priors of what no step has.

    Raises
    ------
    ValueError
        If a name is of no parameter of any step.
    """
    family = family_of(question.family, None)
    known: dict[str, None] = {}
    for formula in formulas:
        made = design(formula, question.frame, "error", None)
        known |= dict.fromkeys(names_with_priors(made, family, False))
    for name in given:
        if name not in known:
            near = get_close_matches(name, list(known), 3) or list(known)[:8]
            raise ValueError(
                f"priors names {name!r}, which no step of this ladder has. Steps have "
                f"{', '.join(near)}"
            )
