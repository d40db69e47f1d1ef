"""Which form each term takes, and why: collapsed, centred or non-centred.

Of Gaussian outcomes the term with the most levels is integrated out, which beats both other forms
wherever it can be had.  For any other term the question is whether the data of a level fix its
coefficients better than the population does.  With tau the sd among levels, and v_j the variance
with which level j's own data determine its coefficient,

    phi = mean of tau^2 / (tau^2 + v_j)

is the share that the data decide: above two thirds the term is centred, else non-centred, which
where it is wrong is slow, while a centred term may stick in the funnel.  tau and v come from one
Newton step of every level away from the completely pooled fit, so that no chain is needed, and tau
is measured in the units of the data.

Source: O. Papaspiliopoulos, G. Roberts, M. Sköld (2007), *Statistical Science* 22, 59-73, for the
share; the moment estimate of tau is that of R. DerSimonian and N. Laird (1986).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..compiling import FloatArray
from ..densities import families
from ..formulas import Design, Grouping
from .assembly import assemble
from .family import Family
from .observations import outcomes_of, scaled_x, scaled_z
from .prior_choice import choose
from .units import Units

CHOICES = ("auto", "centered", "noncentered", "collapsed")


@dataclass(frozen=True)
class Choice:
    """The form of a term, and the reason for it."""

    form: str
    reason: str


def choose_forms(
    design: Design, family: Family, units: Units, wanted: str | Mapping[str, str]
) -> tuple[Choice, ...]:
    """Choose the form of every grouping.

    Parameters
    ----------
    wanted
        One of `CHOICES` for all, or for grouping factors by name; those that it does not name are
        chosen as by ``"auto"``, and so is what cannot be collapsed because another term is.

    Raises
    ------
    ValueError
        If a form is unknown, or collapsing is asked for where the outcome is not Gaussian, or of
        two terms.
    """
    names = [g.name for g in design.groupings]
    asked = dict.fromkeys(names, wanted) if isinstance(wanted, str) else dict(wanted)
    _check(asked, names, family, wanted)
    taken = "collapsed" in asked.values()
    if wanted == "collapsed" and len(names) > 1:
        asked = dict.fromkeys(names, "auto")
        taken = False
    largest = None if taken or family.name != "gaussian" else _largest(design, asked)
    shares = None
    found: list[Choice] = []
    for t, g in enumerate(design.groupings):
        form = asked.get(g.name, "auto")
        if form == "collapsed" and any(choice.form == form for choice in found):
            form = "auto"  # a second term of the group
        if form != "auto":
            found.append(Choice(form, "as asked for"))
        elif t == largest:
            count = len(g.names) * len(g.levels)
            found.append(
                Choice("collapsed", f"Gaussian outcomes: its {count} effects integrated out")
            )
        else:
            shares = data_shares(design, family, units) if shares is None else shares
            found.append(_by_share(shares[t]))
    return tuple(found)


def _check(
    asked: Mapping[str, str], names: list[str], family: Family, wanted: str | Mapping[str, str]
) -> None:
    for name, form in asked.items():
        if name not in names:
            raise ValueError(
                f"parameterization names {name!r}; the terms are of {', '.join(names) or 'nothing'}"
            )
        if form not in CHOICES:
            allowed = ", ".join(map(repr, CHOICES))
            raise ValueError(f"parameterization is {form!r}; it must be one of {allowed}")
        if form == "collapsed" and family.name != "gaussian":
            raise ValueError(
                f"parameterization is 'collapsed', which integrates the effects out exactly; with "
                f"the {family.name} family that cannot be done: take 'auto'"
            )
    collapsed = [name for name, form in asked.items() if form == "collapsed"]
    if len(collapsed) > 1 and not isinstance(wanted, str):
        raise ValueError(
            f"parameterization collapses {' and '.join(collapsed)}; only one term can be: leave "
            "the others to 'auto'"
        )


def _largest(design: Design, asked: Mapping[str, str]) -> int | None:
    """The free term of most levels."""
    free = [t for t, g in enumerate(design.groupings) if asked.get(g.name, "auto") == "auto"]
    return max(free, key=lambda t: len(design.groupings[t].levels), default=None)


def _by_share(share: float) -> Choice:
    form = "centered" if share > 2.0 / 3.0 else "noncentered"
    return Choice(form, f"the data decide {share:.0%} of its effects")


def data_shares(design: Design, family: Family, units: Units) -> list[float]:
    """Of every grouping the share phi, averaged over its coefficients and levels."""
    score, weight = pooled_score(design, family, units)
    return [
        _share(g, z, score, weight)
        for g, z in zip(design.groupings, scaled_z(design, units), strict=True)
    ]


def pooled_score(design: Design, family: Family, units: Units) -> tuple[FloatArray, FloatArray]:
    """First derivative of each row's log density with respect to eta, and minus the second, where
    complete pooling fits best; in the kernel's units, shape (n,) each.
    """
    from scipy import optimize

    pooled = replace(design, groupings=())
    without = replace(units, z_scale=())
    model = assemble(pooled, family, without, choose(pooled, family, without, {}), ())

    def lost(theta: FloatArray) -> tuple[float, FloatArray]:
        grad = np.empty(theta.size)
        value = model.log_density(theta, grad, model.data)
        return -value, -grad

    best = optimize.minimize(lost, np.zeros(len(model.names)), jac=True, method="L-BFGS-B").x
    beta, own = best[: len(design.names)], best[len(design.names) :]
    if family.thresholds:
        own = np.cumsum([*own[:1], *np.exp(own[1:])])
    y = outcomes_of(design, family, units)
    trials = np.ones(y.size) if design.trials is None else design.trials
    eta = design.offset / units.y_scale + scaled_x(design, units) @ beta
    step = 1e-4

    def score(at: FloatArray) -> FloatArray:
        found = at.copy()
        families.log_likelihood(
            family.number, found, y, trials, float(design.y.size), 0.0, own, np.zeros(own.size)
        )
        return found

    return score(eta), np.maximum((score(eta - step) - score(eta + step)) / (2.0 * step), 1e-12)


def _share(g: Grouping, z: FloatArray, score: FloatArray, weight: FloatArray) -> float:
    """Phi of one grouping; z (n, K) in the kernel's units."""
    k, levels = z.shape[1], len(g.levels)
    information = np.empty((levels, k, k))
    slope = np.empty((levels, k))
    for a in range(k):
        slope[:, a] = np.bincount(g.index, z[:, a] * score, levels)
        for b in range(k):
            information[:, a, b] = np.bincount(g.index, z[:, a] * z[:, b] * weight, levels)
    size = np.trace(information.mean(axis=0)) / k
    inverse = np.linalg.inv(information + 1e-6 * size * np.eye(k))
    step = np.einsum("jab,jb->ja", inverse, slope)
    v = np.diagonal(inverse, axis1=1, axis2=2)
    trust = 1.0 / (v * v)
    tau2 = np.maximum(((step * step - v) * trust).sum(axis=0) / trust.sum(axis=0), 0.0)
    return float((tau2 / (tau2 + v)).mean())
