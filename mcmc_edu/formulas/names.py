"""Names in a formula: which are columns, and the aliases that formulaic sees."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache

from .scanning import SHOWN, WORD, FormulaError, inside_calls, words

MODULES = {"np", "contr"}
"""Names before a dot that are no columns: np.log(x), C(a, contr.sum)."""
ONE_COLUMN = "as_one_column"
"""Function that wraps an expression which must give a single column."""
FUNCTIONS = ("sqrt", "abs", "log1p", "expm1", "rescale", "C", "factor", ONE_COLUMN)
"""Functions that a formula may call besides formulaic's own."""


def used(text: str, columns: Iterable[str]) -> list[str]:
    """Return the names of the columns in an expression.

    Raises
    ------
    FormulaError
        If a name is neither a column nor a function.
    """
    known = set(columns)
    found = []
    for word in words(text):
        root = word.name if word.quoted else word.name.split(".")[0]
        if word.name in known and not word.called:
            found.append(word.name)
        elif (
            root in known and root != word.name and root not in MODULES
        ):  # an attribute, x.values, or a method of x
            found.append(root)
        elif not word.called and root not in MODULES:
            raise unknown(word.name, known)
    return found


def unknown(name: str, columns: Iterable[str]) -> FormulaError:
    """Make the error for a name that is not a column."""
    names = sorted(columns)
    for mark in (";", "\t", "|"):
        if len(names) == 1 and mark in names[0]:
            return FormulaError(
                f"the data have no column {name!r} but one of the name {names[0]!r}: the column "
                f"separator is {mark!r}; read them by pandas.read_csv(file, sep={mark!r})"
            )
    near = get_close_matches(name, names, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "."
    some = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    return FormulaError(f"the data have no column {name!r}{hint} They have {some or 'none'}")


ALIAS = re.compile(r"\b(column|given|exact)_([0-9a-f]+)_\b")
"""A column in what formulaic gets to see: as a term has it; as an expression does; as C does."""


def alias(name: str, role: str = "column") -> str:
    """Return the name of a column in the text that formulaic sees.

    A name that formulaic or Python would misread, such as ``1``, ``class``, ``log`` or ``µm``, is
    spelled in hexadecimal digits.
    """
    harmless = re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) and not ALIAS.fullmatch(name)
    if role == "column" and harmless and name not in _taken():
        return name
    return f"{role}_{name.encode('utf-8', 'surrogatepass').hex()}_"


@cache
def _taken() -> frozenset[str]:
    """Names that mean something to Python or in a formula."""
    from formulaic.transforms import TRANSFORMS

    return frozenset({*keyword.kwlist, *TRANSFORMS, *FUNCTIONS})


def unaliased(text: str) -> str:
    """`text` with the names of columns as they were."""

    def name(found: re.Match[str]) -> str:
        return bytes.fromhex(found[2]).decode("utf-8", "surrogatepass")

    return ALIAS.sub(name, text)


def aliased(text: str, factors: Mapping[str, object]) -> str:
    """Rewrite `text` for formulaic, with columns replaced by their `alias`.

    Inside a call a column has its original values.  Exceptions are C(a), factor(a) and, if a is a
    factor, I(a), which use the factor.
    """
    inside = inside_calls(text)

    def spell(found: re.Match[str]) -> str:
        name = found["quoted"] or found["name"]
        if not name or found["keyword"]:
            return found[0]
        whole = name in factors and not found["called"]
        root = name if whole or found["quoted"] else name.split(".")[0]
        if root not in factors or (not whole and (root == name or root in MODULES)):
            return found[0]
        rest = found[0].strip("`")[len(root) :]
        follows = text[found.end() :].lstrip()
        if rest or inside[found.start()] or follows[:1] == "[":
            return alias(root, _role(text[: found.start()], rest + follows, factors[root])) + rest
        return alias(root)

    return WORD.sub(spell, text)


def _role(before: str, after: str, factor: object) -> str:
    """Return the role of a column in an expression, from the text before and after it."""
    call = re.search(r"(?<![\w.])(C|factor|I)\(\s*$", before)
    if call is None or after[:1] not in (")", ",") or (call[1] == "I" and factor is None):
        return "given"
    return "exact" if factor is None else "column"
