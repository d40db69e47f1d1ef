"""Functions that write into an array although machine code is told that it may not be written."""

from __future__ import annotations

import ast
import inspect
import textwrap
from types import FunctionType
from typing import Any

from .references import code_names, is_users, names_used, reached

WRITE_ANYWAY = {"ascontiguousarray", "asfortranarray", "fill_diagonal", "flat", "nditer"}
"""What numba lets write into an array that may not be written."""


def writes_anyway(log_density: Any) -> bool:
    """Whether a function, or one that it calls, may write into what is given as read-only."""
    names = names_used(log_density)
    if names & WRITE_ANYWAY:
        return True
    found = (getattr(value, "py_func", value) for value in reached(log_density))
    dotting = [f for f in found if is_users(f) and "dot" in code_names(f.__code__)]
    return any(map(_dots_into, dotting)) or ("dot" in names and not dotting)  # by another name


def _dots_into(function: FunctionType) -> bool:
    """Whether it may call ``np.dot(x, y, out)``, whose last array numba takes without a look."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):  # no source to be read: it may
        return True
    return any(isinstance(node, ast.Call) and _has_out(node) for node in ast.walk(tree))


def _has_out(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    return name == "dot" and (len(call.args) > 2 or bool(call.keywords))
