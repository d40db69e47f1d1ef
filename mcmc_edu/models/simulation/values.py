"""Values of parameters that a simulation is given, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import numpy as np

from ...compiling import FloatArray
from ...formulas import Grouping
from ...priors.joint import RegularizedHorseshoe
from ...regression.prepare.quantity_names import HORSESHOE
from ..prepared import Prepared
from .parameters import Values

SHOWN = 12
"""Names in a message."""


def checked(model: Prepared, values: Mapping[str, Any] | None) -> dict[str, FloatArray]:
    """Return values by name as arrays: shape (), of effects (levels,).

    Raises
    ------
    ValueError
        If a name is none of the model's, or a value cannot be.
    """
    scalars, effects = names_of(model)
    found: dict[str, FloatArray] = {}
    for name, value in (values or {}).items():
        if name in effects:
            found[name] = _effects(name, value, effects[name])
        elif name in scalars:
            found[name] = _number(name, value)
        else:
            raise _unknown(name, [*scalars, *effects])
    _check_ranges(model, found)
    _check_together(model, found)
    return found


def names_of(model: Prepared) -> tuple[list[str], dict[str, Grouping]]:
    """Names of the scalar parameters, and of the effects with their groupings."""
    shrunk = any(isinstance(c.prior, RegularizedHorseshoe) for c in model.priors.common)
    scalars = [*model.design.names, *model.family.own, *(HORSESHOE if shrunk else ())]
    groupings = model.design.groupings
    if model.pooling == "partial":
        scalars += [f"sd({g.name}: {name})" for g in groupings for name in g.names]
        scalars += [
            f"cor({g.name}: {g.names[j]}, {g.names[i]})"
            for g in groupings
            for i in range(len(g.names) if g.correlated else 0)
            for j in range(i)
        ]
    return scalars, {f"b({g.name}: {name})": g for g in groupings for name in g.names}


def _number(name: str, value: Any) -> FloatArray:
    try:
        number = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        number = np.empty(0)
    if number.shape != () or not np.isfinite(number):
        raise ValueError(f"values has {value!r} for {name!r}; give one finite number")
    return number


def _effects(name: str, value: Any, g: Grouping) -> FloatArray:
    """Effects of all levels, in their order, from an array or by level."""
    many = len(g.levels)
    if isinstance(value, Mapping):
        by_level = {str(level): one for level, one in value.items()}
        if by_level.keys() != set(g.levels):
            raise ValueError(
                f"values has {name!r} for the levels {_listing(by_level)}; give one for each of "
                f"the {many} levels {_listing(g.levels)}"
            )
        value = [by_level[level] for level in g.levels]
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != (many,) or not np.isfinite(found).all():
        raise ValueError(
            f"values has {value!r} for {name!r}; give {many} finite numbers, one for each of the "
            f"levels {_listing(g.levels)}"
        )
    return found


def _unknown(name: str, names: list[str]) -> ValueError:
    entry = name.partition("[")[0] if name.startswith("b(") else ""
    if entry in names:
        return ValueError(
            f"values has {name!r}, the effect of one level; give those of all levels together, "
            f"{{{entry!r}: [...]}}"
        )
    near = get_close_matches(name, names, n=3)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
    return ValueError(
        f"values names {name!r}, which this model has not{hint} It has {_listing(names)}"
    )


def _check_ranges(model: Prepared, found: Values) -> None:
    """Refuse scales that are not positive, and correlations beyond 1."""
    scales = () if model.family.thresholds else model.family.own
    for name, value in found.items():
        if name in (*scales, *HORSESHOE) and value <= 0.0:
            raise ValueError(f"values has {value:g} for {name!r}; give a number above 0")
        if name.startswith("sd(") and value < 0.0:
            raise ValueError(f"values has {value:g} for {name!r}, an sd; give 0 or more")
        if name.startswith("cor(") and not -1.0 < value < 1.0:
            raise ValueError(
                f"values has {value:g} for {name!r}; give a number strictly between -1 and 1"
            )


def _check_together(model: Prepared, found: Values) -> None:
    """Refuse part of what only makes sense as a whole."""
    for g in model.design.groupings:
        names = [f"b({g.name}: {name})" for name in g.names]
        _refuse_part(f"effects of {g.name}", names, found)
    if model.family.thresholds:
        _refuse_part("thresholds", model.family.own, found)
        for low, high in pairwise(name for name in model.family.own if name in found):
            if found[low] >= found[high]:
                raise ValueError(
                    f"values has {found[low]:g} for {low!r} and {found[high]:g} for {high!r}; "
                    "thresholds must increase"
                )
    if found.keys() & set(HORSESHOE):
        shrunk = [c.name for c in model.priors.common if isinstance(c.prior, RegularizedHorseshoe)]
        _refuse_part("coefficients with their horseshoe prior", [*shrunk, *HORSESHOE], found)


def _refuse_part(what: str, names: Iterable[str], found: Values) -> None:
    absent = [name for name in names if name not in found]
    if absent and any(name in found for name in names):
        raise ValueError(
            f"values has some of the {what} but not {_listing(absent)}, which go together; give "
            "all of them, or none"
        )


def _listing(names: Iterable[str]) -> str:
    listed = list(map(repr, names))
    return ", ".join(listed[:SHOWN]) + (", ..." if len(listed) > SHOWN else "")
