"""Questions that name columns where they cannot be: refused before any model is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...formulas.names import used
from ...formulas.scanning import quoted


def refuse_twice(
    of_outcome: Sequence[str],
    treatments: Sequence[str],
    modifiers: Sequence[str],
    controls: Sequence[str],
) -> None:
    """Refuse a column that is in two places."""
    for argument, columns in (("treatment", treatments), ("modifiers", modifiers)):
        for name in columns:
            if name in of_outcome:
                raise ValueError(f"{argument}: {name!r} is the outcome, or in it. Leave it out")
    for name in modifiers:
        if name in treatments:
            raise ValueError(f"modifiers: {name!r} is the treatment. Leave it out")
    for term in controls:
        if term in map(quoted, [*treatments, *modifiers]):
            raise ValueError(
                f"controls: {term!r} is a treatment or a modifier, which are in the model "
                "already. Leave it out"
            )


def refuse_strangers(
    effects: Mapping[str, str], modifiers: Sequence[str], controls: Sequence[str], frame: Any
) -> None:
    """Refuse columns in an effect equation that are neither modifiers nor in controls."""
    known = {*modifiers, *(name for term in controls for name in used(term, frame.columns))}
    for text in effects.values():
        for name in used(text, frame.columns):
            if name not in known:
                raise ValueError(
                    f"effect_formula={text!r}: expected modifiers, or columns of controls, and "
                    f"{name!r} is neither. Add it to modifiers, so that it makes groups, or to "
                    "controls"
                )


def refuse_unknown(argument: str, given: Any, treatments: Sequence[str]) -> None:
    """Refuse a mapping from what is no treatment."""
    unknown = (
        [name for name in given if name not in treatments] if isinstance(given, Mapping) else []
    )
    if unknown:
        raise ValueError(f"{argument}: expected names of treatments, and {unknown[0]!r} is none")
