"""Choice of the form of each term, with the reason: collapsed, centred or non-centred.

For Gaussian outcomes the term with the most levels is collapsed, that is, integrated out.  Where it
is possible, this beats both other forms.  For any other term the question is whether a level's data
fix its coefficients better than the population does.  `shares` finds the share that the data
decide, given all other terms.  If the share is above two thirds, the term is centred, else
non-centred.  A wrong non-centred form is only slow, but a wrong centred form may get stuck in the
funnel.

Source: O. Papaspiliopoulos, G. Roberts, M. Sköld (2007), *Statistical Science* 22, 59-73.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...families.family import Family
from ...formulas import Design
from ..coordinates.units import Units
from .shares import data_shares

MOSTLY = 0.9
"""Share above which a centred term has practically no funnel."""

IN_FILES = {"unpooled": "apart"}
"""Names of forms in saved fits, if different."""

CHOICES = ("auto", "centered", "noncentered", "collapsed")


@dataclass(frozen=True)
class FormChoice:
    """The form of a term, and the reason for it."""

    form: str
    reason: str
    share: float | None = None
    """Lower bound of the share that the data decide, if it was computed."""

    def plain(self) -> list[str | float | None]:
        """List the form, the reason and the share, as a saved fit keeps them."""
        return [IN_FILES.get(self.form, self.form), self.reason, self.share]

    @classmethod
    def of_plain(cls, form: str, reason: str, share: float | None = None) -> FormChoice:
        """Make the choice that `plain` listed."""
        known = {name: today for today, name in IN_FILES.items()}
        return cls(known.get(form, form), reason, share)


def choose_forms(
    design: Design, family: Family, units: Units, wanted: str | Mapping[str, str]
) -> tuple[FormChoice, ...]:
    """Choose the form of every grouping.

    Parameters
    ----------
    wanted
        One of `CHOICES` for all terms, or a mapping from grouping factors to `CHOICES`.  Factors
        without an entry use ``"auto"``, and so does a term that cannot be collapsed because
        another term is.

    Raises
    ------
    ValueError
        If a form or a factor is unknown, if the outcome to be collapsed is not Gaussian, or if two
        terms are to be collapsed.
    """
    names = [g.name for g in design.groupings]
    asked = dict.fromkeys(names, wanted) if isinstance(wanted, str) else dict(wanted)
    check_forms(names, family, wanted)
    taken = "collapsed" in asked.values()
    if wanted == "collapsed" and len(names) > 1:
        asked = dict.fromkeys(names, "auto")
        taken = False
    largest = None if taken or not family.exactly_normal else _largest(design, asked)
    shares = None
    found: list[FormChoice] = []
    for t, g in enumerate(design.groupings):
        form = asked.get(g.name, "auto")
        if form == "collapsed" and any(choice.form == form for choice in found):
            form = "auto"  # a second term of the group
        if form != "auto":
            found.append(FormChoice(form, "as asked for"))
        elif t == largest:
            count = len(g.names) * len(g.levels)
            found.append(
                FormChoice("collapsed", f"Gaussian outcomes: its {count} effects integrated out")
            )
        else:
            shares = data_shares(design, family, units) if shares is None else shares
            found.append(_by_share(shares[t]))
    return tuple(found)


def check_forms(names: Sequence[str], family: Family, wanted: str | Mapping[str, str]) -> None:
    """Refuse forms that are unknown, or that terms of these grouping factors cannot have.

    Raises
    ------
    ValueError
        See `choose_forms`.
    """
    asked = dict.fromkeys(names, wanted) if isinstance(wanted, str) else dict(wanted)
    words = {"all terms": wanted} if isinstance(wanted, str) else wanted
    for form in words.values():
        if form not in CHOICES:
            allowed = ", ".join(map(repr, CHOICES))
            raise ValueError(f"parameterization is {form!r}; it must be one of {allowed}")
    for name, form in asked.items():
        if name not in names:
            raise ValueError(
                f"parameterization names {name!r}; the terms are of {', '.join(names) or 'nothing'}"
            )
        if form == "collapsed" and not family.exactly_normal:
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
    """Return the term with the most levels among the terms left to ``"auto"``."""
    free = [t for t, g in enumerate(design.groupings) if asked.get(g.name, "auto") == "auto"]
    return max(free, key=lambda t: len(design.groupings[t].levels), default=None)


def easy(choices: Sequence[FormChoice]) -> bool:
    """Return whether all sampled terms are easy: no short steps are needed.

    A centred term is easy if the data decide nearly all of its effects.
    """
    return all(
        choice.form in ("collapsed", "unpooled")
        or (choice.form == "centered" and choice.share is not None and choice.share >= MOSTLY)
        for choice in choices
    )


def _by_share(share: float) -> FormChoice:
    form = "centered" if share > 2.0 / 3.0 else "noncentered"
    return FormChoice(form, f"the data decide at least {share:.0%} of its effects", share)
