"""lme4's formula grammar: the response, the common terms, and the bars.

    parse("Reaction ~ Days + (Days | Subject)")

A bar ``(coefficients | group)`` gives every level of the group its own coefficients.  This file
splits the text; the design matrices of the parts come from `design`.  Grammar: Bates, Maechler,
Bolker and Walker (2015), J. Stat. Software 67(1), section 2.1, Table 2; ``trials(n)`` and
``se(s)`` are brms'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from .scanning import NAME, FormulaError, call, from_r, outside, signed, split, words

__all__ = ["Bar", "Formula", "FormulaError", "Response", "parse"]

RESPONSE_FUNCTIONS = {"I", "abs", "center", "exp", "log", "log10", "log1p", "log2", "scale", "sqrt"}
"""Functions that a response may call."""


@dataclass(frozen=True)
class Response:
    """Response of a formula: the outcome, with trials or standard errors."""

    outcome: str
    """A column or an expression: ``y``, ``log(y)``; for counts of successes, the successes."""
    trials: str | None = None
    """Number of trials of each row: a column, an expression or a number."""
    se: str | None = None
    """Known standard error of each row's outcome, in the same way."""


@dataclass(frozen=True)
class Bar:
    """Coefficients that every level of a group has of its own."""

    coefficients: str
    """Their terms, ``"1 + Days"``, the intercept always said: 1 or 0 comes first."""
    group: tuple[str, ...]
    """Column of the group; or several, for the combinations of their levels."""
    correlated: bool = True
    """False after ``||``: all the coefficients are independent, a factor's among them."""


@dataclass(frozen=True)
class Formula:
    """A formula in parts."""

    text: str
    """As it was given."""
    response: Response
    common: str
    """Terms outside the bars, ``"1 + Days"``, the intercept always said: 1 or 0 comes first."""
    bars: tuple[Bar, ...] = ()
    offsets: tuple[str, ...] = ()
    """Expressions added to the linear predictor with coefficient 1."""


def parse(text: str) -> Formula:
    """Split a formula into its parts.

    Parameters
    ----------
    text
        ``response ~ terms``.  The response is a column or an expression, ``k | trials(n)`` or
        ``p(k, n)``, or an ``estimate | se(s)`` with its known standard error.  Among the terms,
        joined by ``+``, are bars ``(x | g)``, or ``(x || g)`` for independent coefficients, and
        ``offset(expression)``.  The group of a bar is a column, ``a:b`` (combinations) or ``a/b``
        (a and a:b).  ``0`` or ``-1`` leave out an intercept.

    Raises
    ------
    FormulaError
        If the formula cannot be read, or says what lme4 does not allow; with what to write.

    Examples
    --------
    >>> parse("y ~ x + (x || school/class)").bars
    (Bar(coefficients='1 + x', group=('school',), correlated=False), \
Bar(coefficients='1 + x', group=('school', 'class'), correlated=False))
    """
    if not isinstance(text, str):
        raise FormulaError(f"the formula is {text!r}; give text, 'y ~ x + (x | group)'")
    sides = [side for _, side in split(from_r(text), "~")]
    if len(sides) != 2:
        raise FormulaError(f"`{text}` has {len(sides) - 1} tildes; write one, 'response ~ terms'")
    left, right = sides
    if not left or not right:
        raise FormulaError(
            f"`{text}` has nothing {'before' if not left else 'after'} its tilde; write "
            "'response ~ terms', or 'response ~ 1' for an intercept only"
        )
    if len(pieces := split(right, "|")) > 1:
        bar = " | ".join(piece for _, piece in pieces if piece)
        raise FormulaError(
            f"`{right}` has a bar outside parentheses; put its terms and its group into "
            f"parentheses, as in ({bar}), and join it to others by +"
        )
    terms = list(_flat(right))
    return Formula(text, _response(left), _sum(_plain(terms)), _bars(terms), _offsets(terms))


def _response(text: str) -> Response:
    (_, outcome), *additions = split(text, "|")
    if additions:
        return Response(_known(outcome), *_addition(text, [piece for _, piece in additions]))
    if (called := call(outcome)) is None or called[0] != "p":
        return Response(_known(outcome))
    arguments = [argument for _, argument in split(called[1], ",")]
    if len(arguments) != 2 or not all(arguments):
        raise FormulaError(f"`{outcome}` must have two arguments, p(successes, trials)")
    return Response(_known(arguments[0]), arguments[1])


def _addition(text: str, additions: list[str]) -> tuple[str | None, str | None]:
    """Parse the trials or the standard errors after the bar of a response."""
    called = call(additions[0]) if len(additions) == 1 else None
    name, arguments = called or ("", "")
    if name == "trials" and arguments:
        return arguments, None
    if name == "se" and arguments:
        return None, _standard_errors(text, [piece for _, piece in split(arguments, ",")])
    if name == "weights":
        raise FormulaError(
            f"`{text}`: weights are no part of the formula; leave them out of it, and give the "
            f"model weights={arguments!r}"
        )
    raise FormulaError(
        f"`{text}`: after the bar of a response only trials(n) and se(s) are known; write "
        "'successes | trials(n) ~ terms' or 'estimate | se(s) ~ terms', n and s a column, an "
        "expression or a number"
    )


def _standard_errors(text: str, arguments: list[str]) -> str:
    errors, *options = arguments
    words_of_options = [option.replace(" ", "").removeprefix("sigma=") for option in options]
    if errors and words_of_options in ([], ["FALSE"], ["False"], ["F"]):
        return errors
    if words_of_options in (["TRUE"], ["True"], ["T"]):
        raise FormulaError(
            f"`{text}`: a residual sd beside known standard errors is the sd of an effect of each "
            f"row; make a column `row` of the rows' numbers, and write se({errors}) and, among "
            "the terms, (1 | row), whose sd it is"
        )
    raise FormulaError(f"`{text}` must have one argument in se(s), the standard errors")


def _known(outcome: str) -> str:
    """Return the outcome after checking that it only calls `RESPONSE_FUNCTIONS`."""
    if not outcome:
        raise FormulaError("the response has no outcome; write 'outcome | trials(n) ~ terms'")
    called = {word.name.removeprefix("np.") for word in words(outcome) if word.called}
    for name in sorted(called - RESPONSE_FUNCTIONS):
        raise FormulaError(
            f"`{outcome}`: unknown response function {name!r}; known are "
            f"{', '.join(sorted(RESPONSE_FUNCTIONS))}, and for successes out of n trials "
            "'k | trials(n)' or 'p(k, n)' (in place of cbind(k, n - k)); or make a column of it"
        )
    return outcome


def _flat(text: str) -> Iterator[tuple[str, str]]:
    """Yield the terms of a sum with their signs, without parentheses around plain sums."""
    for sign, term in signed(text):
        called = call(term)
        grouped = called is not None and called[0] == ""
        if called and grouped and sign == "+" and len(split(called[1], "|")) == 1:
            yield from _flat(called[1])
        else:
            yield sign, term


def _is_bar(term: str) -> bool:
    return any(character == "|" for _, character, _ in outside(term))


def _is_offset(term: str) -> bool:
    return any(word.called and word.name == "offset" for word in words(term))


def _plain(terms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(sign, term) for sign, term in terms if not _is_bar(term) and not _is_offset(term)]


def _sum(terms: list[tuple[str, str]]) -> str:
    """Join the terms into one text that starts with an explicit intercept, 1 or 0.

    If the terms set the intercept several times, the last one counts.
    """
    intercept, others = "1", ""
    for sign, term in terms:
        if term in ("0", "1"):
            intercept = "1" if (term == "1") == (sign == "+") else "0"
        elif any(re.fullmatch(r"[\d.]+", piece) for _, piece in split(term, ":")):
            raise FormulaError(
                f"the term `{term}` is no column; write the columns out, and 1 or 0 for with or "
                "without an intercept"
            )
        else:
            others += f" {sign} {term}"
    return intercept + others


def _offsets(terms: list[tuple[str, str]]) -> tuple[str, ...]:
    found = []
    for sign, term in terms:
        if not _is_offset(term) or _is_bar(term):
            continue
        called = call(term)
        if called is None or called[0] != "offset" or not called[1] or sign == "-":
            raise FormulaError(
                f"`{sign} {term}`: an offset stands alone in the sum; write + offset(expression), "
                "with the whole expression in its parentheses"
            )
        found.append(called[1])
    return tuple(found)


def _bars(terms: list[tuple[str, str]]) -> tuple[Bar, ...]:
    found: list[Bar] = []
    for sign, term in terms:
        if not _is_bar(term):
            continue
        called = call(term)
        if called is None or called[0] or sign == "-":
            raise FormulaError(
                f"`{sign} {term}`: a bar stands alone in the sum, as in y ~ x + (1 + x | group); "
                "leave out what multiplies it, calls it or takes it away"
            )
        for bar in _expand(called[1]):
            if any(_same(bar, other) for other in found):
                raise FormulaError(
                    f"`({bar.coefficients} | {':'.join(bar.group)})` is in the formula twice, "
                    f"once from `{term}`; leave one out"
                )
            found.append(bar)
    return tuple(found)


def _same(one: Bar, other: Bar) -> bool:
    """Return whether two bars are equal; a:b and b:a are the same combinations."""
    return one.coefficients == other.coefficients and set(one.group) == set(other.group)


def _expand(text: str) -> Iterator[Bar]:
    """Yield the bars that ``coefficients | group``, without parentheses, stands for."""
    pieces = [piece for _, piece in split(text.replace("||", "|"), "|")]
    if len(pieces) != 2 or _is_bar("".join(pieces)):
        raise FormulaError(
            f"`({text})` has a bar within a bar; write bars side by side, (1 | a) + (1 | b)"
        )
    coefficients, group = pieces
    if not coefficients or not group:
        raise FormulaError(
            f"`({text})` is empty on one side of its bar; write (1 | group) for an intercept of "
            "each level"
        )
    if _is_offset(coefficients):
        raise FormulaError(f"`({text})` has an offset in a bar; write it outside, + offset(...)")
    bar = " || " if "||" in text else " | "
    while (called := call(group)) is not None and called[0] == "":
        group = called[1]
    groups = _groups(group)
    if len(split(group, "+*")) > 1:
        instead = " + ".join(f"({coefficients}{bar}{':'.join(columns)})" for columns in groups)
        raise FormulaError(
            f"`({text})`: a group is a column, or columns joined by : or /; write {instead}"
        )
    terms = _sum(list(_flat(coefficients)))
    if terms == "0":
        raise FormulaError(f"`({text})` has no coefficient left; write (1 | {group})")
    yield from (Bar(terms, columns, bar == " | ") for columns in groups)


def _groups(text: str) -> list[tuple[str, ...]]:
    """Expand ``+``, ``*``, ``/`` and ``:`` between columns; a*b becomes a + b + a:b."""
    if len(pieces := _pieces(text, "+")) > 1:
        return [group for piece in pieces for group in _groups(piece)]
    if len(pieces := _pieces(text, "*")) > 1:
        finest = [_groups(piece)[-1] for piece in pieces]
        sizes = range(1, len(finest) + 1)
        return [sum(some, ()) for size in sizes for some in combinations(finest, size)]
    nested = [_columns(piece) for piece in _pieces(text, "/")]
    return [sum(nested[: depth + 1], ()) for depth in range(len(nested))]


def _pieces(text: str, mark: str) -> list[str]:
    return [piece for _, piece in split(text, mark)]


def _columns(text: str) -> tuple[str, ...]:
    """Names of the columns in ``a:b``, each once."""
    names = _pieces(text, ":")
    for name in names:
        if not re.fullmatch(rf"{NAME}|`[^`]+`", name):
            raise FormulaError(
                f"`{name}` is no group: a group is a column, or columns joined by : or /; make a "
                "column of it first (a group is a factor anyhow, without C() or factor())"
            )
    return tuple(dict.fromkeys(name.strip("`") for name in names))
