"""A user's density in some fifty styles: right, or refused by name, however it is run.

Right is the same draws as of the plain loop: compiled, as Python inside a compiled chain, and
uncompiled.
"""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pandas")

from density_styles import STYLES, Style, drawn
from scripts import run_script

import mcmc_edu as me
from mcmc_edu.compiling import UNCOMPILED, bind
from mcmc_edu.compiling.binding import bound as binding

compiled_only = pytest.mark.skipif(UNCOMPILED, reason="nothing is compiled")
TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    return drawn(STYLES["a loop"])


def check(style: Style, reference: np.ndarray) -> None:
    if style.refused is None:
        np.testing.assert_allclose(drawn(style), reference, rtol=1e-10)
    else:
        with pytest.raises((TypeError, ValueError), match=style.refused):
            drawn(style)


def test_there_are_enough_styles(reference) -> None:
    right = [name for name, style in STYLES.items() if style.refused is None]
    assert len(right) >= 30
    assert len(np.unique(reference)) > 10


def test_the_draws_are_of_two_normals() -> None:
    style = STYLES["a loop"]
    draws = me.sample(
        style.density,
        [0.5, -0.5],
        data=style.data,
        sampler=me.HMC(steps=2, step_size=0.9),
        draws=2000,
        warmup=0,
        chains=2,
        seed=1,
        progress=False,
    ).array
    for k, mean in enumerate((1.0, -1.0)):
        x = draws[:, :, k]
        assert abs(x.mean() - mean) < 4.5 * me.mcse_mean(x)
        assert abs(x.std() - 2.0) < 0.2


@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
@pytest.mark.parametrize("name", STYLES)
def test_as_python_inside_a_compiled_chain(name: str, reference, monkeypatch) -> None:
    def refuse(*arguments):
        raise NotImplementedError("nothing is compiled here")

    monkeypatch.setattr(binding, "_bind_compiled", refuse)
    check(STYLES[name], reference)


@pytest.fixture(scope="module")
def uncompiled(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("uncompiled")
    found = run_script(
        TESTS / "density_styles.py", folder, TESTS, TESTS.parent, NUMBA_DISABLE_JIT="1"
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", STYLES)
def test_uncompiled(name: str, reference, uncompiled) -> None:
    style, found = STYLES[name], uncompiled[name]
    if style.refused is None:
        np.testing.assert_allclose(found["draws"], reference, rtol=1e-10)
    else:
        assert re.search(style.refused, found["error"])


@compiled_only
@pytest.mark.slow
@pytest.mark.parametrize("name", STYLES)
def test_compiled(name: str, reference) -> None:
    style = STYLES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(style, reference)
        if style.refused is None:
            assert bind(style.density, style.data).mode == style.mode


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::mcmc_edu.ObjectModeWarning")
def test_a_method_may_keep_a_large_gradient() -> None:
    class Keeps:
        last = None

        def density(self, theta, grad, data):
            grad[:] = -theta
            if self.last is not None:
                self.last[:] = np.nan
            self.last = grad
            return -0.5 * float(theta @ theta)

    start = np.full(300_000, 0.1)
    draws = me.sample(
        Keeps().density,
        start,
        sampler=me.HMC(steps=2, step_size=1e-3),
        draws=3,
        warmup=0,
        chains=2,
        seed=1,
        progress=False,
    )
    assert np.isfinite(draws.array).all()
    assert (draws.array != 0.1).all()
