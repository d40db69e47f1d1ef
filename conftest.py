"""What holds for every run of the tests: they find all compiled; --nudge is another machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
EVERY_PROCESS = ROOT / "tests" / "every_process"
"""On the path of all processes that tests start: see its `sitecustomize`."""

collect_ignore = [str(EVERY_PROCESS)]
sys.path.insert(0, str(EVERY_PROCESS))

import nudging  # noqa: E402 (it is found there)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that makes this machine another one."""
    parser.addoption(
        "--nudge",
        action="count",
        default=0,
        help="move all results of numpy.linalg and scipy.linalg by a unit in the last place; "
        "given twice, three times ...: other units, yet another machine",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Nudge here and in the processes that tests start; tell those which warnings are errors."""
    if machine := config.getoption("nudge"):
        os.environ[nudging.VARIABLE] = str(machine)
        nudging.install()
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(EVERY_PROCESS) not in path:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(EVERY_PROCESS), *filter(None, path)])


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile before several processes run tests: they would all compile the same."""
    config = session.config
    several = bool(config.getoption("numprocesses", None))
    uncompiled = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
    if not several or uncompiled or config.getoption("collectonly"):
        return
    with config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        compile_ = [sys.executable, "-m", "tests.compile_everything"]
        subprocess.run(compile_, cwd=ROOT, check=False)  # if it fails, tests tell why


@pytest.fixture(autouse=True)
def _example(request: pytest.FixtureRequest, doctest_namespace: dict[str, object]) -> None:
    """Let the examples in docstrings of verbs have a fit to look at."""
    if isinstance(request.node, pytest.DoctestItem):
        from mcmc_edu.models.example import example_fit

        doctest_namespace["example_fit"] = example_fit
