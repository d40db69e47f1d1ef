"""The page of warnings has the words of every warning and note that the package can print."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mcmc_edu"
PAGE = ROOT / "lessons" / "warnings.md"

WARN = {
    "_old_names.py": ["_say"],
    "compiling/entries.py": ["compiled"],
    "compiling/binding/object_mode.py": ["why_object_mode"],
    "compiling/binding/parallel.py": ["threads_for"],
    "draws/arviz.py": ["_say_what_is_renamed"],
    "draws/summary.py": ["*"],
    "driver/checkpoint.py": ["_no_error_ends_the_run"],
    "effects/heterogeneity/evidence.py": ["evidence"],
    "effects/heterogeneity/fitted.py": ["HeterogeneousFit.notes"],
    "effects/heterogeneity/heterogeneous.py": ["heterogeneous"],
    "effects/heterogeneity/look_out.py": ["Groups.notes"],
    "gradients/report.py": ["*"],
    "models/prior_notes.py": ["*"],
    "models/verbs/hypothesis.py": ["_table"],
    "models/verbs/loo/result.py": ["Loo.notes", "Loo._monte_carlo"],
    "regression/prior_choice/empty_categories.py": ["notes", "left_out"],
    "verification/result.py": ["SBC._verdict", "SBC._few_draws"],
}
"""Functions that make warnings, by file; ``*`` stands for all of a file."""

PASS_ON = {
    "cli/effect.py",
    "cli/fit.py",
    "compiling/binding/bound.py",
    "driver/journey.py",
    "effects/ladder/path.py",
    "effects/ladder/sensitivity.py",
    "effects/heterogeneity/question.py",
    "gradients/check.py",
    "models/prepared.py",
    "models/prior_summary.py",
    "models/verbs/loo/compare.py",
    "models/verbs/summaries.py",
    "table.py",
}
"""Files that print what others say."""

EXPLAIN = {
    "comparison/exact.py",
    "comparison/report.py",
    "effects/heterogeneity/group_effects.py",
    "effects/heterogeneity/modifier_effects.py",
    "effects/ladder/result.py",
    "models/simulation/simulate.py",
    "models/verbs/conditional/effects.py",
    "models/verbs/effect/averaged.py",
    "models/verbs/effect/effect.py",
    "models/verbs/effect/poststratify.py",
}
"""Files whose notes say what a table shows, and warn of nothing."""

SHORTEST = 18
"""Pieces between two numbers that are shorter are too common to be looked for."""


def words(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split())


def functions(tree: ast.Module) -> dict[str, ast.AST]:
    """Functions of a module by name, methods with the name of their class."""
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            inside = [one for one in node.body if isinstance(one, ast.FunctionDef)]
            found |= {f"{node.name}.{one.name}": one for one in inside}
    return found


def texts(node: ast.AST) -> Iterator[str]:
    """Constant pieces of all strings but docstrings, keys, subscripts and what errors say."""
    if isinstance(node, ast.Raise | ast.Subscript):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    children = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
    for child in children:
        yield from texts(child)


def pieces(path: Path, names: list[str]) -> list[str]:
    """Pieces of text that warnings of these functions are made of."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = functions(tree)
    chosen = [tree] if names == ["*"] else [known[name] for name in names]
    found = [words(piece) for node in chosen for text in texts(node) for piece in text.split("{}")]
    return [piece for piece in found if len(piece) >= SHORTEST and " " in piece]


@pytest.mark.parametrize("file", WARN)
def test_every_warning_stands_on_the_page(file: str) -> None:
    page = words(PAGE.read_text(encoding="utf-8"))
    found = pieces(PACKAGE / file, WARN[file])
    assert found
    assert [piece for piece in found if piece not in page] == []


def test_every_file_that_warns_is_known() -> None:
    """A new file that warns, or has notes, must be put into one of the three lists above."""
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        warns = any(
            (isinstance(node, ast.Attribute) and node.attr in ("warn", "notes"))
            or (isinstance(node, ast.Name) and node.id in ("notes", "say_once"))
            or (isinstance(node, ast.keyword) and node.arg == "notes")
            or (isinstance(node, ast.FunctionDef) and node.name == "notes")
            for node in tree
        )
        name = path.relative_to(PACKAGE).as_posix()
        if warns and name not in {*WARN, *PASS_ON, *EXPLAIN}:
            wrong.append(name)
    assert wrong == []


def test_a_new_warning_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "new.py"
    file.write_text(
        'def f(x):\n    """Say nothing of interest to the reader."""\n'
        '    if x:\n        raise ValueError("x is not to be used like this")\n'
        '    yield f"The chains of {x} walked out of the room."\n'
    )
    assert pieces(file, ["f"]) == ["walked out of the room."]
    assert pieces(file, ["*"]) == ["walked out of the room."]


def test_the_page_names_lessons_that_there_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = re.findall(r"[Ll]essons? (\d\d)\w?(?: and (\d\d))?", page)
    numbers = {number for pair in listed for number in pair if number}
    assert len(numbers) > 8
    assert [n for n in numbers if not list((ROOT / "lessons").glob(f"{n}*_*.py"))] == []
