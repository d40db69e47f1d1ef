"""The rooms of the package: who may import whom, and what an import may cost."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mcmc_edu"

ROOMS = [
    "_version",
    "_old_names",
    "_lazy",
    "compiling",
    "progress",
    "digits",
    "table",
    "rstream",
    "seeds",
    "densities",
    "gradients",
    "targets",
    "samplers",
    "diagnostics",
    "storage",
    "draws",
    "driver",
    "plots",
    "verification",
    "formulas",
    "priors",
    "families",
    "datasets",
    "regression",
    "models",
    "effects",
    "comparison",
    "exercises",
    "cli",
]
"""A room imports only from rooms before it in this list."""


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Dotted names of the modules a file imports, wherever in it; our own as ``mcmc_edu.x``."""
    package = ["mcmc_edu", *path.relative_to(PACKAGE).parent.parts]
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) + 1 - node.level]
            if node.module:
                found.append(".".join([*base, node.module]))
            else:
                found += [".".join([*base, alias.name]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "mcmc_edu":
            found += [f"mcmc_edu.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(node.module or "")
    return found


def files() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


def test_every_file_is_in_a_room() -> None:
    assert {room_of(path) for path in files()} <= set(ROOMS)


def test_rooms_import_only_from_rooms_above() -> None:
    wrong = []
    for path in files():
        own = room_of(path)
        for name in imports(path):
            if name.startswith("mcmc_edu."):
                other = name.split(".")[1]
                if ROOMS.index(other) > ROOMS.index(own):
                    wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


def test_the_check_sees_an_arrow_that_runs_backward(tmp_path: Path) -> None:
    file = PACKAGE / "compiling" / "cache.py"
    assert not [name for name in imports(file) if name.startswith("mcmc_edu")]
    assert "mcmc_edu.compiling" in imports(PACKAGE / "samplers" / "metropolis.py")
    assert "mcmc_edu.diagnostics" in imports(PACKAGE / "draws" / "summary.py")


MODELS = [
    "source",
    "pooling",
    "prepared",
    "sampling",
    "fitted",
    "prior_notes",
    "prior_summary",
    "stan",
    "verbs",
    "simulation",
    "prior_predictive",
    "fit",
    "model",
    "example",
    "loading",
    "textbook",
    "post",
]
"""A file or folder of models/ imports only from those before it in this list."""


def test_models_are_built_from_below() -> None:
    """From what a model is made of, by what is asked of a fit, to `Fit` and `Model`."""
    room, wrong = PACKAGE / "models", []
    for path in sorted(room.rglob("*.py")):
        own = path.relative_to(room).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for name in imports(path):
            if name.startswith("mcmc_edu.models."):
                other = name.split(".")[2]
                if MODELS.index(other) > MODELS.index(own):
                    wrong.append(f"{path.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of names each of which is reached from all others of its group (Tarjan 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_, found = [], []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        open_.append(name)
        for other in sorted(graph.get(name, ())):
            if other not in number:
                visit(other)
            if other in open_:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == number[name]:
            at = open_.index(name)
            found.append(sorted(open_[at:]))
            del open_[at:]

    for name in sorted(graph):
        if name not in number:
            visit(name)
    return [group for group in found if len(group) > 1]


def who_imports_whom() -> dict[str, set[str]]:
    """Files that a file imports, for type checkers only as well."""
    names = {
        ".".join(["mcmc_edu", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(
            ".__init__"
        ): path
        for path in files()
    }
    return {name: {n for n in imports(path) if n in names} - {name} for name, path in names.items()}


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(who_imports_whom()) == []


def test_a_circle_is_seen() -> None:
    graph = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set(), "e": {"f"}, "f": {"e"}}
    assert circles(graph) == [["a", "b", "c"], ["e", "f"]]


def test_no_room_is_crowded() -> None:
    """A room is a folder, its subfolders apart: at most 15 files or 2500 lines."""
    rooms = sorted({path.parent for path in files()})
    crowded = []
    for room in rooms:
        inside = list(room.glob("*.py"))
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in inside)
        if len(inside) > 15 or lines > 2500:
            crowded.append(f"{room.relative_to(PACKAGE)}: {len(inside)} files, {lines} lines")
    assert crowded == []


def test_numba_is_one_rooms_business() -> None:
    users = {room_of(p) for p in files() if any(n.split(".")[0] == "numba" for n in imports(p))}
    assert users == {"compiling"}


def test_import_brings_neither_matplotlib_nor_pandas_nor_scipy_stats() -> None:
    code = (
        "import sys, mcmc_edu; "
        "print([m for m in ('matplotlib', 'pandas', 'scipy.stats') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


LAZY = [PACKAGE / room / "__init__.py" for room in ("", "models")]
"""Files that import some names when they are first used."""


def for_type_checkers(path: Path) -> dict[str, str]:
    """What stands under ``if TYPE_CHECKING``: the module of each name."""
    found = {}
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for line in node.body:
                found |= {alias.name: line.module or alias.name for alias in line.names}
    return found


@pytest.mark.parametrize("path", LAZY, ids=["mcmc_edu", "models"])
def test_type_checkers_see_what_is_imported_later(path: Path) -> None:
    name = ".".join(["mcmc_edu", *path.relative_to(PACKAGE).parent.parts])
    package = importlib.import_module(name)
    assert for_type_checkers(path) == package.LAZY
    assert set(package.LAZY) <= set(package.__all__)
    for lazy, module in package.LAZY.items():
        found = getattr(package, lazy)
        if module == lazy:  # a room itself
            assert found.__name__ == f"{name}.{lazy}"
        elif hasattr(found, "__name__"):
            assert lazy not in package.LAZY.values()  # the module would take its place
            assert found.__name__ == lazy
    with pytest.raises(AttributeError, match=rf"module '{name}' has no attribute 'Modell'"):
        package.Modell  # noqa: B018


def test_all_names_are_listed_before_any_is_used() -> None:
    code = (
        "import sys, mcmc_edu as me; print({*me.__all__} - {*dir(me)}, "
        "{*me.models.__all__} - {*dir(me.models)}, 'mcmc_edu.formulas' in sys.modules, "
        "'mcmc_edu.models.fit' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["set()", "set()", "False", "False"]


def test_a_star_brings_all_names() -> None:
    code = "import mcmc_edu; from mcmc_edu import *; print({*mcmc_edu.__all__} - {*globals()})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
