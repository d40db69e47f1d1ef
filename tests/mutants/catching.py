"""Plant bugs, each in a process of its own, and see which the tests catch.

Run as a script with the names of bugs or files, or of none for all of them::

    PYTHONPATH=tests python -m mutants.catching samplers/nuts.py

One process imports the libraries.  For each bug it forks a child, in which the import of the one
module finds the source with the bug; no file is written.  A test that starts a process or reads the
module as a file would look at the code without the bug; so for such a test, for a bug in a file of
data, and where there is no fork, the package and the tests are copied with the bug in them.
"""

import importlib
import importlib.abc
import importlib.machinery
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from . import every_mutant
from .bug import PACKAGE, Mutant, planted

ROOT = PACKAGE.parent
CAUGHT, MISSED, NEEDS_A_COPY = 0, 1, 77
"""How a child ends."""

LIBRARIES = (
    "numba.np.arrayobj",
    "numba.types",
    "scipy.stats",
    "scipy.optimize",
    "scipy.integrate",
    "scipy.special",
    "matplotlib.pyplot",
    "pandas",
    "formulaic",
    "doctest",
    "pdb",
)
UNCOMPILED = {
    "NUMBA_DISABLE_JIT": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # they take a third of the time of a quick test
    "MPLBACKEND": "agg",
}
"""Most of the bugs are in compiled functions, and compiling takes longer than the tests."""


def module_of(file: str) -> str:
    """Name the module in a file of the package."""
    return ".".join(["mcmc_edu", *Path(file).with_suffix("").parts]).removesuffix(".__init__")


class WithTheBug(SourceFileLoader):
    """Load a module from a source that is in no file, and keep nothing of it on disk."""

    source = b""

    def get_data(self, path: str) -> bytes:
        """Give the source with the bug; there is no compiled file."""
        if not path.endswith(".py"):
            raise OSError(path)
        return self.source

    def set_data(self, path: str, data: Any, **options: Any) -> None:
        """Write no file."""


class Finder(importlib.abc.MetaPathFinder):
    """Find one module with a bug in it; Python finds all others."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source.encode()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the module as always, and change its loader."""
        if name != self.name:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(name)
        spec.loader = loader = WithTheBug(name, spec.origin)
        loader.source = self.source
        spec.cached = None
        return spec


class Watch:
    """A pytest plugin that notes whether a test ran and failed."""

    def __init__(self, test: str) -> None:
        self.test, self.failed = f"tests/{test}", False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure of the test; an error in its fixtures is none."""
        name = report.nodeid
        if name == self.test or name.startswith(self.test + "["):
            self.failed |= report.when == "call" and report.failed


def arguments(*tests: str) -> list[str]:
    """List the arguments for pytest; traces would read the file, which has no bug."""
    options = ["-q", "-o", "addopts=--strict-markers", "-p", "no:cacheprovider", "--tb=line"]
    return [*options, *(f"tests/{test}" for test in tests)]


def in_this_process(mutant: Mutant) -> int:
    """Plant the bug and run the test here, where the package is not imported yet."""
    os.environ.update(UNCOMPILED)
    file = str(PACKAGE / mutant.file)

    def look_out(event: str, details: tuple[Any, ...]) -> None:
        reads = event == "open" and details[0] == file
        if reads or event in ("subprocess.Popen", "os.fork", "os.posix_spawn"):
            os._exit(NEEDS_A_COPY)

    sys.meta_path.insert(0, Finder(module_of(mutant.file), planted(mutant)))
    sys.addaudithook(look_out)
    watch = Watch(mutant.caught_by)
    ended = pytest.main(["-x", *arguments(mutant.caught_by)], plugins=[watch])
    return CAUGHT if ended == pytest.ExitCode.TESTS_FAILED and watch.failed else MISSED


def in_a_fork(mutant: Mutant, output: Path) -> int:
    """Do so in a child, whose output goes to a file."""
    sys.stdout.flush()
    child = os.fork()
    if child > 0:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = MISSED
    try:
        with output.open("w") as into:
            os.dup2(into.fileno(), 1)
            os.dup2(into.fileno(), 2)
        code = in_this_process(mutant)
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def in_a_copy(mutant: Mutant, output: Path) -> int:
    """Run the test in a copy of the package and the tests, with the bug in its file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("mcmc_edu", "tests"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        shutil.copy(ROOT / "setup.cfg", folder)
        (folder / "mcmc_edu" / mutant.file).write_text(planted(mutant), encoding="utf-8")
        with output.open("w") as into:
            ended = subprocess.run(
                [sys.executable, "-m", "pytest", "-rf", "-x", *arguments(mutant.caught_by)],
                cwd=folder,
                env=os.environ | UNCOMPILED,
                stdout=into,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
    failed = f"FAILED tests/{mutant.caught_by}" in output.read_text()
    return CAUGHT if ended == pytest.ExitCode.TESTS_FAILED and failed else MISSED


def caught(mutant: Mutant) -> tuple[bool, str]:
    """Say whether the test of a bug ran and failed, in a fork if that will do, and what it said."""
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "output"
        found = NEEDS_A_COPY
        if hasattr(os, "fork") and mutant.file.endswith(".py"):
            found = in_a_fork(mutant, output)
        if found == NEEDS_A_COPY:
            found = in_a_copy(mutant, output)
            return found == CAUGHT, "in a copy: " + output.read_text()
        return found == CAUGHT, output.read_text()


def main(*wanted: str) -> int:
    """Print the bugs that no test caught, with what their tests said; count them."""
    missed = 0
    for mutant in every_mutant():
        if not wanted or {mutant.file, mutant.bug} & set(wanted):
            found, output = caught(mutant)
            print(f"{'caught' if found else 'MISSED'}: {mutant.file}: {mutant.bug}", flush=True)
            if not found:
                missed += 1
                print(f"{mutant.caught_by}:\n{output}", flush=True)
    return missed


def serve() -> None:
    """Answer each bug's name, a line of the input, with whether it was caught and the output."""
    mutants = {mutant.bug: mutant for mutant in every_mutant()}
    for line in sys.stdin:
        print(json.dumps(caught(mutants[json.loads(line)])), flush=True)


if __name__ == "__main__":
    os.environ.update(UNCOMPILED)
    for library in LIBRARIES:
        importlib.import_module(library)
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        sys.exit(min(main(*sys.argv[1:]), 1))
