"""Names that changed still work, and say what they are called now."""

import subprocess
import sys
import warnings
from importlib import import_module

import numpy as np
import pytest

import mcmc_edu as me
from mcmc_edu._old_names import MODULES, NAMES


def test_modules_that_moved_are_imported_under_their_old_names() -> None:
    """In a process of its own: what is imported once is not looked for again."""
    code = (
        "import sys, warnings\n"
        "from importlib import import_module\n"
        "from mcmc_edu._old_names import MODULES\n"
        "for old, new in MODULES.items():\n"
        "    with warnings.catch_warnings(record=True) as caught:\n"
        "        warnings.simplefilter('always')\n"
        "        found = import_module(f'mcmc_edu.{old}')\n"
        "    assert found is import_module(f'mcmc_edu.{new}'), old\n"
        "    assert any(f'mcmc_edu.{new} now' in str(w.message) for w in caught), old\n"
        "print(len(MODULES))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (str(len(MODULES)), 0), done.stderr


def test_the_warning_points_to_the_line_that_imports(tmp_path) -> None:
    file = tmp_path / "user.py"
    file.write_text("import warnings\n\nfrom mcmc_edu.densities.targets import funnel\n")
    done = subprocess.run(
        [sys.executable, "-W", "always", str(file)], capture_output=True, text=True, check=True
    )
    assert "user.py:3: DeprecationWarning: mcmc_edu.densities.targets is" in done.stderr


@pytest.mark.parametrize(
    ("room", "old", "new"),
    [(room, old, new) for room, names in NAMES.items() for old, new in names.items()],
)
def test_names_that_moved_are_found_under_their_old_ones(room: str, old: str, new: str) -> None:
    package = import_module(f"mcmc_edu.{room}".rstrip("."))
    with pytest.warns(DeprecationWarning, match=rf"is mcmc_edu\.{new} now"):
        found = getattr(package, old)
    module, _, name = new.rpartition(".")
    expected = import_module(f"mcmc_edu.{module}".rstrip("."))
    assert found is getattr(expected, name)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match=r"module 'mcmc_edu\.densities' has no attribute 'x'"):
        me.densities.x  # noqa: B018
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not hasattr(me.regression, "Modell")


def test_a_statistic_is_found_under_its_old_name() -> None:
    flags = np.zeros((1, 4), dtype=bool)
    found = me.Draws(np.zeros((1, 4, 1)), ["x"], {"cut_off": flags}, {}, {}, {})
    assert list(found.stats) == ["reached_limit"]
    with pytest.warns(DeprecationWarning, match="is mcmc_edu.*reached_limit.* now"):
        assert found.stats["cut_off"] is flags
    with pytest.raises(KeyError, match="energy"):
        found.stats["energy"]


def test_a_method_is_found_under_its_old_name() -> None:
    sampler = me.Metropolis(scale=0.5)
    with pytest.warns(DeprecationWarning, match="is mcmc_edu.Metropolis.increment_chol now"):
        assert sampler.root(2).tolist() == [0.5, 0.5]
    with pytest.raises(AttributeError, match="'Metropolis' object has no attribute 'scales'"):
        sampler.scales  # noqa: B018
