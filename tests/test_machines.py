"""What the tests make of other machines: their warnings."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

import mcmc_edu as me

OURS = [
    ("mcmc_edu.sample", me.ObjectModeWarning),
    ("mcmc_edu.checkpoint", UserWarning),
    ("mcmc_edu.draws.summary", RuntimeWarning),
]
OTHERS = [
    ("mcmc_edu.plots.canvas", DeprecationWarning),  # of what we call, in its next version
    ("mcmc_edu.plots.canvas", PendingDeprecationWarning),
    ("mcmc_edu.models.loo", FutureWarning),
    ("mcmc_edu.models.loo", np.exceptions.VisibleDeprecationWarning),
    ("mcmc_edu.sample", ResourceWarning),
    ("matplotlib.font_manager", UserWarning),
    ("scipy.stats", RuntimeWarning),
]


def warn(module: str, category: type[Warning]) -> None:
    """Warn as a line of this module would."""
    line = "import warnings; warnings.warn('words', category, stacklevel=1)"
    exec(line, {"__name__": module, "category": category})


@pytest.mark.parametrize(("module", "category"), OURS)
def test_a_warning_of_ours_is_an_error(module: str, category: type[Warning]) -> None:
    with pytest.raises(category, match="words"):
        warn(module, category)


@pytest.mark.parametrize(("module", "category"), OTHERS)
def test_a_warning_of_another_library_is_none(module: str, category: type[Warning]) -> None:
    with warnings.catch_warnings(record=True):
        warn(module, category)


@pytest.mark.parametrize(
    ("module", "category", "error"),
    [
        ("mcmc_edu.sample", "UserWarning", True),
        ("mcmc_edu.sample", "RuntimeWarning", True),
        ("__main__", "RuntimeWarning", True),
        ("mcmc_edu.sample", "DeprecationWarning", False),
        ("scipy.stats", "RuntimeWarning", False),
    ],
)
def test_it_is_the_same_in_processes_that_tests_start(module, category, error: bool) -> None:
    line = "import warnings; warnings.warn('words', category, stacklevel=1)"
    code = f"exec({line!r}, {{'__name__': {module!r}, 'category': {category}}})"
    found = subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False)
    assert found.returncode == (1 if error else 0)
