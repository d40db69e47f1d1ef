"""How many arguments a log density takes, which says whether it has a gradient."""

from __future__ import annotations

import inspect
from collections.abc import Callable


def arguments_of(log_density: Callable[..., float]) -> int:
    """How many arguments a log density takes by place: 2, or 3 with a gradient.

    Raises
    ------
    TypeError
        If it takes neither, or does not tell.
    """
    if not callable(log_density):
        raise TypeError(
            f"log_density is {type(log_density).__name__}; it must be a function "
            "f(theta, data) or f(theta, grad, data)"
        )
    parameters, needed, others = _parameters(log_density)
    given = ", ".join([*parameters, *others])
    form = (
        "it must be f(theta, data), or f(theta, grad, data) to give a gradient. Data are always "
        "passed: name the argument even where it is not used"
    )
    gradient = len(parameters) > 1 and parameters[1].lower().lstrip("_").startswith("grad")
    if gradient and len(parameters) < 3:
        raise TypeError(f"log_density takes a gradient, but no data ({given}); {form}")
    if others or needed > 3 or len(parameters) < 2:
        raise TypeError(f"log_density takes {needed} arguments ({given}); {form}")
    if needed == 3 or gradient:
        return 3
    if needed < 2 and len(parameters) > 2 and parameters[1].lower() != "data":
        raise TypeError(
            f"log_density takes ({given}), of which {len(parameters) - needed} may be left out: "
            f"whether it has a gradient cannot be told; {form}"
        )
    return 2


def _parameters(log_density: Callable[..., float]) -> tuple[list[str], int, list[str]]:
    """List the arguments that are passed by place.

    Returns their names, how many have no default, and the arguments that such a call leaves out.
    """
    try:
        parameters = inspect.signature(log_density).parameters.values()
    except ValueError:  # a builtin does not always say
        raise TypeError(
            f"log_density is {log_density!r}, which does not tell its arguments; pass a function "
            "f(theta, data) or f(theta, grad, data) that calls it"
        ) from None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    by_place = [p for p in parameters if p.kind in kinds]
    others = [
        str(p) if p.kind is inspect.Parameter.VAR_POSITIONAL else f"{p.name}, by name only"
        for p in parameters
        if p.kind is inspect.Parameter.VAR_POSITIONAL
        or (p.kind is inspect.Parameter.KEYWORD_ONLY and p.default is inspect.Parameter.empty)
    ]
    needed = sum(p.default is inspect.Parameter.empty for p in by_place)
    return [p.name for p in by_place], needed, others
