"""Every planted bug of mutants.py and mutants_*.py turns its tests red."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mutants import Mutant

ROOT = Path(__file__).parent.parent
TABLES = sorted(path.stem for path in Path(__file__).parent.glob("mutants*.py"))
MUTANTS: list[Mutant] = [m for table in TABLES for m in importlib.import_module(table).MUTANTS]


def run(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """Run tests of the copy in `folder`, uncompiled: most of the bugs are in compiled functions."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
        + [f"tests/{test}" for test in tests],
        cwd=folder,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("mcmc_edu", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    return tmp_path


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug)
def test_the_table_fits_the_code(mutant: Mutant) -> None:
    source = (ROOT / "mcmc_edu" / mutant.file).read_text(encoding="utf-8")
    assert source.count(mutant.right) == 1
    file, test = mutant.caught_by.split("::")
    name = test.split("[")[0]
    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug)
def test_a_bug_is_caught(mutant: Mutant, copy: Path) -> None:
    file = copy / "mcmc_edu" / mutant.file
    source = file.read_text(encoding="utf-8")
    file.write_text(source.replace(mutant.right, mutant.wrong), encoding="utf-8")
    found = run(copy, mutant.caught_by)
    assert found.returncode == 1, found.stdout + found.stderr  # 1: tests ran, and some failed
    assert f"FAILED tests/{mutant.caught_by}" in found.stdout


@pytest.mark.slow
def test_without_a_bug_they_all_pass(copy: Path) -> None:
    """Red must mean the bug: the same tests, on the code as it is."""
    found = run(copy, *sorted({mutant.caught_by for mutant in MUTANTS}))
    assert found.returncode == 0, found.stdout
