"""Find rows of the tables again whose statements went to another function or file::

    PYTHONPATH=tests python -m mutants.rekey [old_name=new_name ...]

A row that no longer fits is looked for in the whole package, with names replaced as given.  If its
statement stands in one place, the row is written again with that file and function; rows that are
printed as not found are for whoever moved the code.  A row stays in its table: `ruff format`
afterwards, and move it by hand if its room is another.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from . import TABLES, every_mutant
from .bug import PACKAGE, Mutant, functions, places, spans

FOLDER = Path(__file__).parent


def fits(mutant: Mutant) -> bool:
    """Say whether the statement stands once where the row says."""
    return (PACKAGE / mutant.file).exists() and len(places(mutant)) == 1


def anywhere(mutant: Mutant) -> Iterator[Mutant]:
    """Give the row for each place of the package in which the statement stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        source = path.read_text(encoding="utf-8")
        for start, end in places(mutant._replace(file=file, function="")):
            around = [
                (last - first, name)
                for name, _ in functions(ast.parse(source))
                for first, last in spans(source, name)
                if first <= start and end <= last
            ]
            yield mutant._replace(file=file, function=min(around, default=(0, ""))[1])


def renamed(mutant: Mutant, names: dict[str, str]) -> Mutant:
    """Replace names in the statements of a row and in its function."""
    if not names:
        return mutant
    any_of = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
    changed = {
        field: any_of.sub(lambda match: names[match[1]], getattr(mutant, field))
        for field in ("function", "right", "wrong")
    }
    return mutant._replace(**changed)


def written(mutant: Mutant) -> str:
    """Write a row as Python."""
    return "Mutant(\n" + "".join(f"    {value!r},\n" for value in mutant) + ")"


def rewrite(table: Path, rows: dict[str, Mutant]) -> None:
    """Write rows of a table again, by the names of their bugs; the others stay as they are."""
    source = table.read_text(encoding="utf-8")
    lines = source.split("\n")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: call.lineno, reverse=True):
        bug = ast.literal_eval(call.args[0])
        if bug in rows and call.end_lineno is not None:
            lines[call.lineno - 1 : call.end_lineno] = [written(rows[bug]) + ","]
    table.write_text("\n".join(lines), encoding="utf-8")


def main(*arguments: str) -> int:
    """Find the rows that do not fit, and count those that are not found."""
    names = dict(argument.split("=", 1) for argument in arguments)
    found, lost = {}, 0
    for mutant in every_mutant():
        if fits(mutant):
            continue
        nearby = renamed(mutant, names)
        rows = [nearby] if fits(nearby) else list(anywhere(nearby))
        same = [row for row in rows if row.function == nearby.function]
        rows = same if len(same) == 1 else rows
        if len(rows) == 1:
            found[mutant.bug] = rows[0]
            print(f"{mutant.bug}: {rows[0].file}, {rows[0].function or 'the file'}")
        else:
            lost += 1
            print(f"NOT FOUND ({len(rows)} places): {mutant.file}: {mutant.bug}: {nearby.right}")
    for table in TABLES:
        rewrite(FOLDER / f"{table}.py", found)
    return lost


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
