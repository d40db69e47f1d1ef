"""Every planted bug of the tables in `mutants/` turns its test red."""

import ast
import collections
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mutants import bug, every_mutant
from mutants.bug import Mutant, planted, tokens
from mutants.catching import UNCOMPILED, arguments

ROOT = Path(__file__).parent.parent
MUTANTS = every_mutant()
SETTING: dict[str, Any] = {
    "cwd": ROOT,
    "env": os.environ
    | UNCOMPILED
    | {"PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])},
}
"""Where, and how, the tests of a bug run."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug)
def test_the_table_fits_the_code(mutant: Mutant) -> None:
    source = planted(mutant)
    if mutant.file.endswith(".py"):
        right = (ROOT / "mcmc_edu" / mutant.file).read_text(encoding="utf-8")
        assert ast.dump(ast.parse(source)) != ast.dump(ast.parse(right))
    file, test = mutant.caught_by.split("::")
    name = test.split("[")[0]
    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_no_two_bugs_have_one_name() -> None:
    names = collections.Counter(mutant.bug for mutant in MUTANTS)
    assert [name for name, times in names.items() if times > 1] == []


def test_the_place_of_a_bug_does_not_depend_on_the_form_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "it.py").write_text(
        "class A:\n"
        "    def go(self):\n"
        "        x = f(\n"
        "            'one {} '  # a comment\n"
        "            f'{two}',\n"
        "        )\n"
        "        return (x,)\n"
        "\n"
        "def go(x):\n"
        "    return (x)\n"
    )
    row = Mutant("", "it.py", "A.go", "x = f(f'one {{}} {two}')", "x = 1\ny = 2", "")
    lines = planted(row, tmp_path).split("\n")
    assert lines[2:5] == ["        x = 1", "        y = 2", "        return (x,)"]
    other = row._replace(function="", right="return (x)", wrong="return 2")
    assert planted(other, tmp_path).endswith("def go(x):\n    return 2\n")
    for other in (row._replace(function="go"), row._replace(function="", right="x", wrong="y")):
        with pytest.raises(ValueError, match=r"stands \d+ times in .* of it.py, not once"):
            planted(other, tmp_path)


def test_a_comma_counts_where_it_makes_a_tuple() -> None:
    def texts(source: str) -> list[str]:
        return [token.text for token in tokens(source)]

    assert texts("f(a,)\n") == texts("f(a)\n")
    assert texts("[a, b,]") == texts("[a,\nb]")
    assert texts("(a,)") != texts("(a)")
    assert texts("x[a,]") != texts("x[a]")
    assert bug.places(MUTANTS[0])


@pytest.fixture(scope="module")
def catching() -> Iterator[subprocess.Popen[str]]:
    """Start the process that plants bugs: it imports the libraries once."""
    with subprocess.Popen(
        [sys.executable, "-m", "mutants.catching", "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **SETTING,
    ) as process:
        yield process
        process.stdin.close()


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug)
def test_a_bug_is_caught(mutant: Mutant, catching: subprocess.Popen[str]) -> None:
    catching.stdin.write(json.dumps(mutant.bug) + "\n")
    catching.stdin.flush()
    caught, output = json.loads(catching.stdout.readline())
    assert caught, output


@pytest.mark.slow
def test_without_a_bug_they_all_pass() -> None:
    """Red must mean the bug: the same tests, on the code as it is."""
    tests = sorted({mutant.caught_by for mutant in MUTANTS})
    found = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments(*tests)],
        capture_output=True,
        text=True,
        check=False,
        **SETTING,
    )
    assert found.returncode == 0, found.stdout
