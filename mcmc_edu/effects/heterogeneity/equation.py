"""The model of varying effects as the formula that it is.

    y ~ T * (z1 + z2) + controls + (1 + T | z1:z2)

The products of T with the modifiers are lambda, what is systematic about effects; the bar has what
is left, an intercept and an effect of each group, drawn jointly from a normal population.

Source: J. Alley (2023), *Using Bayesian Hierarchical Models to Estimate Heterogeneous Effects*.
His equation has no modifiers outside the products, his code has: `main_effects`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...formulas.scanning import quoted


def equation(
    outcome: str,
    treatments: Sequence[str],
    effects: Mapping[str, str],
    factors: Sequence[str],
    controls: Sequence[str],
    *,
    main_effects: bool,
    intercepts: bool,
    extra: str,
) -> str:
    """Put the formula together.

    Parameters
    ----------
    outcome
        Left side.
    treatments
        Their columns.
    effects
        The effect equation of each treatment, terms in its modifiers.
    factors
        Columns whose combinations are the groups.
    controls
        Terms.
    main_effects
        Whether the modifiers shift the intercept, too.
    intercepts
        Whether the groups' intercepts vary.
    extra
        More terms, such as ``+ (1 | country)``.
    """
    if main_effects:
        terms = [f"{quoted(t)} * ({effects[t]})" for t in treatments]
    else:
        terms = [f"{quoted(t)} + {quoted(t)}:({effects[t]})" for t in treatments]
    bar = " + ".join(["1" if intercepts else "0", *map(quoted, treatments)])
    terms += [*controls, f"({bar} | {':'.join(map(quoted, factors))})"]
    more = extra.strip().removeprefix("+").strip()
    return f"{outcome} ~ {' + '.join([*terms, *([more] if more else [])])}"
