"""What the tests make of other machines: their warnings, their last digits."""

import os
import subprocess
import sys
import warnings

import nudging
import numpy as np
import pytest
import scipy.linalg

import mcmc_edu as me

OURS = [
    ("mcmc_edu.driver.sample", me.ObjectModeWarning),
    ("mcmc_edu.driver.checkpoint", UserWarning),
    ("mcmc_edu.draws.summary", RuntimeWarning),
]
OTHERS = [
    ("mcmc_edu.plots.canvas", DeprecationWarning),  # of what we call, in its next version
    ("mcmc_edu.plots.canvas", PendingDeprecationWarning),
    ("mcmc_edu.models.verbs.loo.loo", FutureWarning),
    ("mcmc_edu.models.verbs.loo.loo", np.exceptions.VisibleDeprecationWarning),
    ("mcmc_edu.driver.sample", ResourceWarning),
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
        ("mcmc_edu.driver.sample", "UserWarning", True),
        ("mcmc_edu.driver.sample", "RuntimeWarning", True),
        ("__main__", "RuntimeWarning", True),
        ("mcmc_edu.driver.sample", "DeprecationWarning", False),
        ("scipy.stats", "RuntimeWarning", False),
    ],
)
def test_it_is_the_same_in_processes_that_tests_start(module, category, error: bool) -> None:
    line = "import warnings; warnings.warn('words', category, stacklevel=1)"
    code = f"exec({line!r}, {{'__name__': {module!r}, 'category': {category}}})"
    found = subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False)
    assert found.returncode == (1 if error else 0)


def units_away(moved: np.ndarray, values: np.ndarray) -> np.ndarray:
    return (moved - values) / np.spacing(np.abs(values))


def test_a_result_is_nudged_by_a_unit_in_the_last_place() -> None:
    values = np.random.default_rng(1).normal(size=(30, 20))
    moved = nudging.nudged(values)
    away = units_away(moved, values)
    assert set(np.abs(away).ravel()) <= {0.5, 1.0}  # half a unit below a power of 2
    assert 0.4 < np.mean(away > 0.0) < 0.6
    np.testing.assert_array_equal(nudging.nudged(values.copy()), moved)


def test_there_is_more_than_one_other_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).normal(size=(30, 20))
    moved = []
    for machine in "123":
        monkeypatch.setenv(nudging.VARIABLE, machine)
        moved.append(nudging.nudged(values))
        assert 0.4 < np.mean(moved[-1] > values) < 0.6
        assert all(0.4 < np.mean(moved[-1] != other) < 0.6 for other in moved[:-1])


@pytest.mark.parametrize("found", [7, True, np.arange(3), "text", None, np.zeros(2), np.eye(3)])
def test_what_is_exact_on_every_machine_stays(found) -> None:
    moved = nudging.nudged(found)
    assert type(moved) is type(found)
    np.testing.assert_array_equal(moved, found)


def test_every_part_of_a_result_is_nudged() -> None:
    found = np.linalg.eigh(np.array([[2.0, 0.5], [0.5, 3.0]]))
    moved = nudging.nudged(found)
    assert type(moved) is type(found)
    for part, original in zip(moved, found, strict=True):
        assert (part != original).all()
    assert type(nudging.nudged(np.float64(0.3))) is np.float64
    assert type(nudging.nudged(0.3)) is float
    assert nudging.nudged(0.3) in {np.nextafter(0.3, 1.0), np.nextafter(0.3, 0.0)}
    assert nudging.nudged(np.array([0.3 + 0.7j])).imag != 0.7
    triangle = np.linalg.cholesky(np.array([[2.0, 0.5], [0.5, 3.0]]))
    assert nudging.nudged(triangle)[0, 1] == 0.0
    assert nudging.nudged(np.full((2, 3), 0.3, order="F")).flags.f_contiguous
    assert np.isnan(nudging.nudged(np.nan))
    assert nudging.nudged(np.inf) == np.inf


NUDGED = """
import numpy as np, scipy.linalg, mcmc_edu
a = np.array([[2.0, 0.5], [0.5, 3.0]])
print(np.linalg.inv(a)[0, 0].hex(), scipy.linalg.inv(a)[0, 0].hex())
"""


def test_another_machine_is_another_one_in_every_process() -> None:
    """Both libraries' functions, whether nudged here and now or not."""
    shown = []
    machine = os.environ.get(nudging.VARIABLE) or "1"
    for nudge in ("", machine):
        found = subprocess.run(
            [sys.executable, "-c", NUDGED],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {nudging.VARIABLE: nudge},
        )
        shown.append(found.stdout.split())
    for same, other in zip(*shown, strict=True):
        assert other == float(nudging.nudged(float.fromhex(same))).hex()
    here = [f(np.array([[2.0, 0.5], [0.5, 3.0]])) for f in (np.linalg.inv, scipy.linalg.inv)]
    nudge = os.environ.get(nudging.VARIABLE)
    assert [found[0, 0].hex() for found in here] == shown[bool(nudge)]
