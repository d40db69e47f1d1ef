"""The lowest versions that setup.cfg declares, as constraints to test with."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
SETUP = """
[options]
install_requires =
    numpy>=2.0
[options.extras_require]
table =
    pandas>=2.2.2
unused =
    notebook>=7.2
test =
    pytest>=8.2
    mcmc_edu[table]
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("lowest", ROOT / ".ci" / "lowest.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_lower_bounds_become_versions_of_all_that_the_tests_need(script: ModuleType) -> None:
    assert script.lowest(SETUP) == ["numpy==2.0", "pandas==2.2.2", "pytest==8.2"]


def test_a_requirement_without_a_lower_bound_is_refused(script: ModuleType) -> None:
    with pytest.raises(ValueError, match="without a lower bound: pandas"):
        script.lowest(SETUP.replace("pandas>=2.2.2", "pandas"))


def test_every_requirement_of_the_package_has_one(script: ModuleType) -> None:
    found = script.lowest((ROOT / "setup.cfg").read_text(encoding="utf-8"))
    assert {"numba", "numpy", "pandas", "pytest"} <= {line.split("==")[0] for line in found}
