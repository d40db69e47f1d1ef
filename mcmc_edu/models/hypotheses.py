"""How probable a statement about the parameters is: ``fit.hypothesis("Days - 10 > 0")``.

The statement compares two expressions.  The share of the draws in which it holds estimates its
posterior probability, with the Monte Carlo error of a mean of zeros and ones; the difference of
the two sides is summarised as any quantity is.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import diagnostics
from ..compiling import FloatArray
from ..table import Table

if TYPE_CHECKING:
    from .fit import Fit

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip
COMPARISONS: Mapping[type[ast.cmpop], Callable[[FloatArray, FloatArray], Any]] = {
    ast.Gt: np.greater, ast.GtE: np.greater_equal, ast.Lt: np.less, ast.LtE: np.less_equal,
}  # fmt: skip


def hypothesis(fit: Fit, text: str) -> Table:
    """Evaluate a statement on the draws: see `Fit.hypothesis`."""
    comparison, names = _parsed(text)
    left, right = (
        _value(side, fit, names, text) for side in (comparison.left, comparison.comparators[0])
    )
    shape = fit.draws.array.shape[:2]
    if np.ndim(left) == 0 and np.ndim(right) == 0:
        raise ValueError(f"`{text}` names no parameter; there are {_listing(fit)}")
    with np.errstate(all="ignore"):
        difference = np.broadcast_to(left - right, shape)
    bad = int((~np.isfinite(difference)).sum())
    if bad:
        raise ValueError(
            f"`{text}` is not finite in {bad} of {difference.size} draws; see that nothing "
            "divides by 0, overflows, or takes a root of a negative number"
        )
    holds = np.broadcast_to(COMPARISONS[type(comparison.ops[0])](left, right), shape)
    return _table(text, difference, holds)


def _table(text: str, difference: FloatArray, holds: Any) -> Table:
    q5, q95 = np.quantile(difference, [0.05, 0.95])
    long = difference.shape[1] >= diagnostics.MIN_DRAWS
    row = {
        "mean": float(difference.mean()), "sd": float(difference.std(ddof=1)),
        "q5": float(q5), "q95": float(q95), "probability": float(holds.mean()),
        "mcse": diagnostics.mcse_mean(holds) if long else float("nan"),
    }  # fmt: skip
    notes = []
    if row["probability"] in (0.0, 1.0):
        notes.append(
            f"All {holds.size} draws say the same: a probability so near to {holds.mean():.0f} "
            "cannot be told from it by these draws."
        )
    return Table({text.strip(): row}, {"probability": ".4f", "mcse": ".4f"}, notes)


def _parsed(text: str) -> tuple[ast.Compare, list[str]]:
    """The comparison, and the names that were in backticks: `_0`, `_1`, ... stand for them."""
    if not isinstance(text, str):
        raise TypeError(f"the hypothesis is {text!r}; give text, 'x > 0'")
    names: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        names.append(found[1])
        return f" _quoted_{len(names) - 1}_ "

    plain = re.sub(r"`([^`]*)`", stand_in, text).strip()
    if re.search(r"(?<![<>!=])=|!=", plain):
        raise ValueError(
            f"`{text}` asks for equality, whose probability is 0 (of inequality: 1) whatever the "
            "data, because parameters are continuous; compare by > or <, or look at the interval "
            "q5 to q95 of the difference"
        )
    try:
        tree = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            f"`{text}` cannot be read; write 'x > 0', and names that are more than letters and "
            "digits in backticks: '`sd(g: x)` > 5'"
        ) from None
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        raise ValueError(f"`{text}` must have one comparison, as in 'x > 0' or 'x + z < 2 * w'")
    if type(tree.ops[0]) not in COMPARISONS:
        raise ValueError(f"`{text}` must compare by >, >=, < or <=")
    return tree, names


def _value(node: ast.expr, fit: Fit, names: list[str], text: str) -> Any:
    """An expression's value: a number, or draws of shape (chain, draw)."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return np.float64(str(node.value))  # an integer beyond all floats becomes infinite
    if isinstance(node, ast.Name):
        quoted = re.fullmatch(r"_quoted_(\d+)_", node.id)
        return _draws(fit, names[int(quoted[1])] if quoted else node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, fit, names, text)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        left, right = (_value(side, fit, names, text) for side in (node.left, node.right))
        with np.errstate(all="ignore"):
            return BINARY[type(node.op)](left, right)
    raise ValueError(
        f"`{text}` may have names, numbers, + - * / ** and parentheses only; put names that are "
        "more than letters and digits in backticks: '`sd(g: x)` > 5'"
    )


def _draws(fit: Fit, name: str) -> FloatArray:
    """Draws of a scalar by name; of a level's effect, ``b(g: x)[level]``."""
    natural = fit.draws.natural
    if name in natural and natural[name].ndim == 2:
        return np.asarray(natural[name])
    for g in fit.model.design.groupings:
        for coefficient in g.names:
            effects = f"b({g.name}: {coefficient})"
            if name == effects:
                raise ValueError(
                    f"`{name}` has {len(g.levels)} levels; name one, `{name}[{g.levels[0]}]`"
                )
            level = name[len(effects) + 1 : -1]
            if name == f"{effects}[{level}]" and level in g.levels:
                return np.asarray(natural[effects][:, :, g.levels.index(level)])
    raise ValueError(f"no parameter {name!r}; there are {_listing(fit, name)}")


def _listing(fit: Fit, name: str = "") -> str:
    known = list(fit.draws.natural)
    return ", ".join(get_close_matches(name, known, 3) or known)
