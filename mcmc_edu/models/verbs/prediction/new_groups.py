"""Treatment of levels that were not fitted: one word for all grouping factors, or one for each.

new_groups="sample"                                     all factors
new_groups={"person": "sample", "question": "error"}    each its own, others the usual
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....formulas import Design

WORDS = ("error", "sample", "zero")

NewGroups = str | Mapping[str, str]
"""A word, or words by grouping factor."""


def ways(
    new_groups: NewGroups,
    design: Design,
    usual: str = "error",
    words: Sequence[str] = WORDS,
    argument: str = "new_groups",
) -> dict[str, str]:
    """Return the word for every grouping factor of a design.

    Parameters
    ----------
    usual
        The word of factors that a mapping leaves out.
    words
        Allowed words.
    argument
        Name of the argument in errors.

    Raises
    ------
    ValueError
        If a word is not allowed, or a factor is not in the design.
    """
    factors = list(dict.fromkeys(g.name for g in design.groupings))
    if not isinstance(new_groups, Mapping):
        _check(new_groups, argument, words)
        return dict.fromkeys(factors, new_groups)
    for factor, word in new_groups.items():
        if factor not in factors:
            known = ", ".join(map(repr, factors)) or "none"
            raise ValueError(
                f"{argument} names {factor!r}, which is no grouping factor of this model; there "
                f"are {known}"
            )
        _check(word, f"{argument}[{factor!r}]", words)
    return {factor: new_groups.get(factor, usual) for factor in factors}


def _check(word: str, name: str, words: Sequence[str]) -> None:
    if not isinstance(word, str) or word not in words:
        raise ValueError(f"{name} is {word!r}; it must be one of {', '.join(map(repr, words))}")


def without_column(new_groups: NewGroups, design: Design) -> tuple[str, ...]:
    """Return factors whose new levels have effects of 0; new rows may lack their columns."""
    return tuple(name for name, way in ways(new_groups, design).items() if way == "zero")
