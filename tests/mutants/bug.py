"""A bug on purpose, and the source with it: found by function and statement, not by line.

A statement is looked for as Python reads it: line ends, indentation, comments and the comma before
a closing bracket do not count, and strings that stand side by side are one.  So a row of a table
lives on when the formatter wraps a line, and when a function moves within its file.
"""

import ast
import io
import re
import tokenize
from functools import cache
from keyword import iskeyword
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent.parent.parent / "mcmc_edu"


class Mutant(NamedTuple):
    """A bug that somebody could write, and the test that must turn red.

    `right` stands once in the `function` (dotted, like ``Journey.go``; a class is its body; empty:
    the file) of the `file`; the bug has `wrong` in its place.  Later lines of `wrong` are indented
    as the line in which `right` begins.  In a file that is not Python, `right` is text.
    """

    bug: str
    file: str
    function: str
    right: str
    wrong: str
    caught_by: str


class Token(NamedTuple):
    """A word of the source, and the characters it takes up: from `start` to before `end`."""

    text: str
    start: int
    end: int


LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}
LITERAL = re.compile(r"""([a-zA-Z]*)('''|\"\"\"|'|")(.*)\2""", re.DOTALL)


def tokens(source: str) -> list[Token]:
    """List the words of a source that count."""
    found: list[Token] = []
    for token in _whole_strings(source):
        if token.text in (")", "]", "}") and found and found[-1].text == ",":
            if not _makes_a_tuple(found):
                found.pop()
        elif found and (joined := _joined(found[-1].text, token.text)):
            token = Token(joined, found.pop().start, token.end)
        found.append(token)
    return found


def _makes_a_tuple(found: list[Token]) -> bool:
    """Say whether the comma at the end makes a tuple of one thing, as in ``(a,)`` and ``x[a,]``."""
    depth = 0
    for i in range(len(found) - 2, -1, -1):
        text = found[i].text
        if text in (")", "]", "}"):
            depth += 1
        elif text in ("(", "[", "{") and depth:
            depth -= 1
        elif text == "," and depth == 0:
            return False
        elif text in ("(", "[", "{"):
            before = found[i - 1].text if i else ""
            follows = before in (")", "]") or (before.isidentifier() and not iskeyword(before))
            return (text == "(" and not follows) or (text == "[" and follows)
    return False


def _whole_strings(source: str) -> list[Token]:
    """List the words but layout; an f-string, which Python 3.12 takes apart, is one word."""
    lines = _lines(source)
    found: list[Token] = []
    begun: list[int] = []
    try:
        for kind, text, (row, column), (end_row, end_column), _ in tokenize.generate_tokens(
            io.StringIO(source).readline
        ):
            start, end = lines[row - 1] + column, lines[end_row - 1] + end_column
            name = tokenize.tok_name[kind]
            if name == "FSTRING_START":
                begun.append(start)
            elif name == "FSTRING_END":
                first = begun.pop()
                if not begun:
                    found.append(Token(source[first:end], first, end))
            elif not begun and kind not in LAYOUT:
                found.append(Token(text, start, end))
    except (tokenize.TokenError, IndentationError):  # a part of a statement ends too soon
        pass
    return found


def _joined(one: str, other: str) -> str | None:
    """Join two strings that stand side by side, or say that they are not such."""
    first, second = LITERAL.fullmatch(one), LITERAL.fullmatch(other)
    if not (first and second) or first[2] != second[2] or len(first[2]) == 3:
        return None
    kinds = {first[1].lower(), second[1].lower()}
    if not kinds <= {"", "f"}:
        return None
    kind = max(kinds)
    bodies = [
        part[3].replace("{", "{{").replace("}", "}}") if kind and not part[1] else part[3]
        for part in (first, second)
    ]
    return kind + first[2] + "".join(bodies) + first[2]


def _lines(source: str) -> list[int]:
    """List where each line begins, and two ends."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [*starts, starts[-1]]


def spans(source: str, function: str) -> list[tuple[int, int]]:
    """List where a function stands, decorators included: overloads and setters share a name."""
    if not function:
        return [(0, len(source))]
    lines = _lines(source)
    return [
        (
            lines[min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1],
            lines[node.end_lineno or node.lineno],
        )
        for name, node in functions(ast.parse(source))
        if name == function
    ]


Definition = ast.FunctionDef | ast.ClassDef


def functions(tree: ast.AST, before: str = "") -> list[tuple[str, Definition]]:
    """List all functions and classes of a tree by their dotted names, nested ones too."""
    found: list[tuple[str, Definition]] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition):
            found += [(before + node.name, node), *functions(node, f"{before}{node.name}.")]
        else:
            found += functions(node, before)
    return found


@cache
def _read(file: Path) -> tuple[str, list[Token]]:
    source = file.read_text(encoding="utf-8")
    return source, tokens(source) if file.suffix == ".py" else []


@cache
def _spans(file: Path, function: str) -> list[tuple[int, int]]:
    return spans(_read(file)[0], function)


def places(mutant: Mutant, package: Path = PACKAGE) -> list[tuple[int, int]]:
    """List where `right` stands in its function: one place, if the row fits the code."""
    file = package / mutant.file
    source, words = _read(file)
    if file.suffix != ".py":
        found = [match.start() for match in re.finditer(re.escape(mutant.right), source)]
        return [(start, start + len(mutant.right)) for start in found]
    wanted = [token.text for token in tokens(mutant.right)]
    found = []
    for start, end in _spans(file, mutant.function):
        own = [word for word in words if start <= word.start and word.end <= end]
        texts = [word.text for word in own]
        for i in range(len(own) - len(wanted) + 1):
            if texts[i : i + len(wanted)] == wanted:
                found.append((own[i].start, own[i + len(wanted) - 1].end))
    return found


def planted(mutant: Mutant, package: Path = PACKAGE) -> str:
    """Make the text of the file with the bug in it.

    Raises
    ------
    ValueError
        If `right` does not stand exactly once in its function.

    """
    found = places(mutant, package)
    if len(found) != 1:
        raise ValueError(
            f"{mutant.bug!r}: `{mutant.right}` stands {len(found)} times in "
            f"{mutant.function or 'the file'} of {mutant.file}, not once"
        )
    source = _read(package / mutant.file)[0]
    start, end = found[0]
    line = source[source.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    return source[:start] + mutant.wrong.replace("\n", "\n" + indent) + source[end:]
