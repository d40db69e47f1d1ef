"""Posterior probabilities of statements: ``fit.hypothesis("Days - 10 > 0")``.

A statement compares two expressions.  The share of draws in which the statement holds estimates its
posterior probability.  The Monte Carlo error is the error of a mean of zeros and ones.  The
difference of the two sides is summarised like any quantity.  Statements joined by ``and``, ``or``
and ``not`` only have a probability.

Python's own parser parses the text.  Only the few kinds of nodes listed here are evaluated.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import diagnostics
from ...compiling import FloatArray
from ...digits import ERROR_OF_ERROR
from ...draws.summary import errors
from ...table import Table
from ..fitted import Fitted

BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "abs": np.abs,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[FloatArray, FloatArray], Any]] = {
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
}

Truth = NDArray[np.bool_]


def hypothesis(fit: Fitted, text: str) -> Table:
    """Estimate how probable a statement about the parameters is.

    Parameters
    ----------
    text
        Two expressions compared by >, >=, < or <=: names of draws, numbers, + - * / ^ (or **),
        abs, exp, log, sqrt and parentheses.  Or several such statements, joined by ``and``,
        ``or`` and ``not``.  Names that are more than letters and digits go into backticks, such
        as ``"`sd(Subject: Days)` > 5"`` or ``"`b(Subject: Days)[308]` > 0"``.

    Returns
    -------
    Table
        One row: mean, sd and the 5 % and 95 % quantiles of left minus right (None of several
        statements), the posterior probability of the statement, and its Monte Carlo standard
        error (mcse).

    Raises
    ------
    ValueError
        If the text cannot be read, names no parameter, or asks for equality.

    Examples
    --------
    >>> fit = example_fit()
    >>> bool(fit.hypothesis("Days - 5 > 0")["Days - 5 > 0"]["probability"] > 0.9)
    True
    """
    tree, names = _parsed(text)
    statement = _Statement(fit, text, names)
    holds, difference = statement.holds(tree)
    if not statement.used:
        raise ValueError(f"`{text}` names no parameter; there are {_listing(fit)}")
    return _table(text, difference, holds)


def _table(text: str, difference: FloatArray | None, holds: Truth) -> Table:
    row: dict[str, float | None] = dict.fromkeys(("mean", "sd", "q5", "q95"))
    if difference is not None:
        q5, q95 = np.quantile(difference, [0.05, 0.95])
        row = {
            "mean": float(difference.mean()),
            "sd": float(difference.std(ddof=1)),
            "q5": float(q5),
            "q95": float(q95),
        }
    long = holds.shape[1] >= diagnostics.MIN_DRAWS
    probability = float(holds.mean())
    mcse = diagnostics.mcse_mean(holds) if long else float("nan")
    row |= {"probability": probability, "mcse": mcse}
    notes = []
    if probability in (0.0, 1.0):
        notes.append(
            f"All {holds.size} draws say the same: a probability so near to {probability:.0f} "
            "cannot be told from it by these draws."
        )
    return Table(
        {text.strip(): row},
        {"probability": ".4f", "mcse": ".4f"},
        notes,
        partial(_errors, difference, mcse),
    )


def _errors(difference: FloatArray | None, mcse: float, text: str) -> dict[str, float]:
    """Return the Monte Carlo errors of the row; mcse is the error of the probability."""
    of_difference = {} if difference is None else errors({text: difference}, text)
    return of_difference | {"probability": mcse, "mcse": ERROR_OF_ERROR * mcse}


def _parsed(text: str) -> tuple[ast.expr, list[str]]:
    """Parse the text, and list the names in backticks.

    In the parsed statement `_quoted_0_`, `_quoted_1_`, ... stand for these names.
    """
    if not isinstance(text, str):
        raise TypeError(f"the hypothesis is {text!r}; give text, 'x > 0'")
    names: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        names.append(found[1])
        return f" _quoted_{len(names) - 1}_ "

    plain = re.sub(r"`([^`]*)`", stand_in, text).strip().replace("^", "**")
    if re.search(r"(?<![<>!=])=|!=", plain):
        raise ValueError(
            f"`{text}` asks for equality, whose probability is 0 (of inequality: 1) whatever the "
            "data, because parameters are continuous; compare by > or <, or look at the interval "
            "q5 to q95 of the difference"
        )
    try:
        return ast.parse(plain, mode="eval").body, names
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            f"`{text}` cannot be read; write 'x > 0', or 'x > 0 and z < 1', and names that are "
            "more than letters and digits in backticks: '`sd(g: x)` > 5'"
        ) from None


@dataclass
class _Statement:
    """Evaluation of a statement on the draws of a fit."""

    fit: Fitted
    text: str
    names: list[str]
    """Names in backticks."""
    used: bool = False
    """Whether a parameter has been named."""

    def holds(self, node: ast.expr) -> tuple[Truth, FloatArray | None]:
        """Return the draws in which a statement is true, shape (chain, draw).

        Also returns left minus right of a single comparison; None for joined statements.
        """
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if isinstance(node, ast.BoolOp):
            join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
            return join.reduce([self.holds(part)[0] for part in node.values]), None
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.holds(node.operand)[0], None
        raise ValueError(
            f"`{self.text}` must have one comparison, as in 'x > 0' or 'x + z < 2 * w', or several "
            f"joined by and, or, not; `{self._shown(node)}` is none"
        )

    def _compared(self, node: ast.Compare) -> tuple[Truth, FloatArray]:
        if len(node.ops) != 1:
            raise ValueError(
                f"`{self.text}` must have one comparison at a time: write '0 < x and x < 1', not "
                "'0 < x < 1'"
            )
        if type(node.ops[0]) not in COMPARISONS:
            raise ValueError(f"`{self.text}` must compare by >, >=, < or <=")
        left, right = (self._value(side) for side in (node.left, node.comparators[0]))
        shape = self.fit.draws.array.shape[:2]
        with np.errstate(all="ignore"):
            difference = np.broadcast_to(left - right, shape)
        bad = int((~np.isfinite(difference)).sum())
        if bad:
            raise ValueError(
                f"`{self.text}` is not finite in {bad} of {difference.size} draws; see that "
                "nothing divides by 0, overflows, or takes a root or logarithm of a negative number"
            )
        holds = COMPARISONS[type(node.ops[0])](left, right)
        return np.broadcast_to(holds, shape), difference

    def _value(self, node: ast.expr) -> Any:
        """Evaluate an expression: a number, or draws of shape (chain, draw)."""
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            return np.float64(str(node.value))  # an integer beyond all floats becomes infinite
        if isinstance(node, ast.Name):
            self.used = True
            return _draws(self.fit, self._name(node.id))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            value = self._value(node.operand)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            left, right = self._value(node.left), self._value(node.right)
            with np.errstate(all="ignore"):
                return BINARY[type(node.op)](left, right)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._called(node, node.func.id)
        raise ValueError(
            f"`{self.text}` may have names, numbers, + - * / ^ or **, {', '.join(FUNCTIONS)} and "
            "parentheses only; put names that are more than letters and digits in backticks: "
            "'`sd(g: x)` > 5'"
        )

    def _called(self, node: ast.Call, name: str) -> Any:
        if name not in FUNCTIONS:
            raise ValueError(
                f"`{self.text}` calls {self._name(name)!r}; it may have names, numbers and the "
                f"functions {', '.join(FUNCTIONS)}; put names that are more than letters and "
                "digits in backticks: '`sd(g: x)` > 5'"
            )
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise ValueError(f"`{self.text}`: {name} takes one number, as in {name}(x)")
        value = self._value(node.args[0])
        with np.errstate(all="ignore"):
            return FUNCTIONS[name](value)

    def _name(self, found: str) -> str:
        """Return a name as the user wrote it."""
        quoted = re.fullmatch(r"_quoted_(\d+)_", found)
        return self.names[int(quoted[1])] if quoted else found

    def _shown(self, node: ast.expr) -> str:
        """Return part of the text as the user wrote it, without backticks."""
        plain = ast.unparse(node)
        return re.sub(r"_quoted_(\d+)_", lambda found: self.names[int(found[1])], plain)


def _draws(fit: Fitted, name: str) -> FloatArray:
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


def _listing(fit: Fitted, name: str = "") -> str:
    known = list(fit.draws.natural)
    return ", ".join(get_close_matches(name, known, 3) or known)
