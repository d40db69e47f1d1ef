"""Scanner of formula text: brackets, quotes, sums, calls and words.

The scanner does not interpret formulas; `formula` does.  A mark counts only at the top level:
``split("x + log(a + b)", "+")`` gives two pieces.  Quoted parts, 'text', "text" or `a column`, are
skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class FormulaError(ValueError):
    """Error of a formula that cannot be read or does not fit the data, with a remedy."""


class Word(NamedTuple):
    """A name in a formula."""

    name: str
    called: bool
    """Whether arguments in parentheses follow the name, as for a function or a method."""
    quoted: bool = False
    """Whether the name is in backticks, and therefore a column."""


CLOSES = {"(": ")", "[": "]", "{": "}"}
QUOTES = "'\"`"
NAME = r"[^\W\d][\w.]*"
WORD = re.compile(
    rf"""'[^']*'|"[^"]*"|\d[\w.]*        # no names: text, numbers
    |`(?P<quoted>[^`]*)`
    |(?P<name>{NAME})(?P<called>\s*\()?(?P<keyword>\s*=(?!=))?""",
    re.VERBOSE,
)
SHOWN = 8
"""Columns, levels or rows in a message."""
PYTHON = {"True", "False", "None", "and", "or", "not", "in", "is", "if", "else"}


def quoted(name: str) -> str:
    """Write the name of a column as a formula takes it, in backticks where it needs them."""
    return name if re.fullmatch(NAME, name) else f"`{name}`"


def outside(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield position, character and bracket depth of all unquoted characters.

    A bracket lies outside itself.

    Raises
    ------
    FormulaError
        If a bracket or a quotation is not closed, or a closing bracket has no opening one.
    """
    opened: list[int] = []
    quote = ""
    for i, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
            continue
        if character in QUOTES:
            quote = character
            continue
        ends = character in CLOSES.values()
        if ends and (not opened or CLOSES[text[opened.pop()]] != character):
            raise FormulaError(
                f"`{text}` is unbalanced: the {character} after `{text[:i]}` closes nothing; "
                "leave it out, or open it"
            )
        yield i, character, len(opened)
        if character in CLOSES:
            opened.append(i)
    if opened:
        raise FormulaError(f"`{text}` is unbalanced: close `{text[opened[-1] :]}`")
    if quote:
        raise FormulaError(f"`{text}` has a quotation without end; close it with {quote}")


def split(text: str, marks: str) -> list[tuple[str, str]]:
    """Split `text` at top-level `marks`; each piece follows its mark ("" for the first).

    Examples
    --------
    >>> split("x + f(a - b) - 1", "+-")
    [('', 'x'), ('+', 'f(a - b)'), ('-', '1')]
    """
    at = [i for i, character, depth in outside(text) if depth == 0 and character in marks]
    return [
        (text[start] if start >= 0 else "", text[start + 1 : end].strip())
        for start, end in zip([-1, *at], [*at, len(text)], strict=True)
    ]


def signed(text: str) -> Iterator[tuple[str, str]]:
    """Yield the terms of a sum, each with its sign."""
    sign, piece = "+", ""
    for mark, piece in split(text, "+-"):
        if mark == "-":
            sign = "-" if sign == "+" else "+"
        if piece:
            yield sign, piece
            sign = "+"
    if not piece:
        raise FormulaError(
            f"`{text}` lacks a term at its end; write it, or 1 for an intercept only"
        )


def call(text: str) -> tuple[str, str] | None:
    """Return name and arguments if the whole text is one call, else None.

    Parentheses alone have the name "".

    Examples
    --------
    >>> call("log(x + 1)"), call("(a + b)"), call("log(x) * log(z)"), call("x")
    (('log', 'x + 1'), ('', 'a + b'), None, None)
    """
    found = re.match(rf"({NAME})?\s*\(", text)
    if found is None:
        return None
    closing = next(i for i, character, depth in outside(text) if character == ")" and depth == 0)
    if closing < len(text) - 1:
        return None
    return found[1] or "", text[found.end() : closing].strip()


def inside_calls(text: str) -> list[bool]:
    """Return for every character whether it is in the arguments of a call, or in [] or {}.

    Examples
    --------
    >>> "".join("ab"[inside] for inside in inside_calls("(x + log(z)) * z"))
    'aaaaaaaaabaaaaaa'
    """
    opened: list[bool] = []
    called, end = [False] * len(text), 0
    for i, character, _ in outside(text):
        called[end : i + 1] = [any(opened)] * (i + 1 - end)
        end = i + 1
        if character in CLOSES.values():
            opened.pop()
            called[i] = any(opened)
        elif character in CLOSES:
            opened.append(character != "(" or bool(re.search(r"[\w)\]]$", text[:i])))
    return called


def words(text: str) -> list[Word]:
    """Return the names in `text`: columns and functions.

    Keyword arguments, numbers and quoted text are skipped.

    Examples
    --------
    >>> [word.name for word in words("log(x) + bs(age, df=3) + C(a, levels=['b', 'c'])")]
    ['log', 'x', 'bs', 'age', 'C', 'a']
    """
    return [
        Word(found["quoted"] or found["name"], bool(found["called"]), bool(found["quoted"]))
        for found in WORD.finditer(text)
        if found["quoted"] or (found["name"] and not found["keyword"] and found[0] not in PYTHON)
    ]


def from_r(text: str) -> str:
    """Translate R's ``^`` and ``as.factor`` to Python.

    Examples
    --------
    >>> from_r("I(x^2) + as.factor(k)")
    'I(x**2) + factor(k)'
    """
    hats = {i for i, character, _ in outside(text) if character == "^"}
    text = "".join("**" if i in hats else character for i, character in enumerate(text))
    return WORD.sub(lambda found: re.sub(r"^as\.factor(?=\s*\()", "factor", found[0]), text)
