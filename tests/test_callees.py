"""Functions that a density calls: found wherever they are named, and compiled with it."""

import importlib
import sys
import textwrap
import types
import warnings

import helper_module
import numba
import numpy as np
import pytest
from numpy import linalg, ones
from scripts import run_script

import mcmc_edu as me
from mcmc_edu.compiling import UNCOMPILED, BoundDensity, bind, threads_for
from mcmc_edu.compiling.binding import parallel
from mcmc_edu.compiling.binding.references import names_used

compiled_only = pytest.mark.skipif(UNCOMPILED, reason="nothing is compiled")
package = types.ModuleType("package")
package.inner = helper_module


def helper(x):
    return -0.5 * x * x


def in_a_comprehension(theta, data):
    return sum([helper(x) for x in theta])


def in_a_lambda(theta, data):
    half = lambda x: helper(x)  # noqa: E731
    return half(theta[0]) + half(theta[1])


def in_an_inner_function(theta, data):
    def of(x):
        def further(y):
            return helper(y)

        return further(x)

    return of(theta[0]) + of(theta[1])


def in_a_helpers_comprehension(theta, data):
    return sum(in_a_list(theta))


def in_a_list(x):
    return [helper(y) for y in x]


def of_a_module(theta, data):
    return helper_module.as_ever(theta[0]) + helper_module.half_square(theta[1])


def of_a_package(theta, data):
    return package.inner.as_ever(theta[0]) + package.inner.half_square(theta[1])


def of_a_module_in_a_comprehension(theta, data):
    return sum([helper_module.as_ever(x) for x in theta])


def from_numpy(theta, data):
    return -0.5 * np.sum(theta * theta * ones(2)) + 0.0 * linalg.norm(theta)


def as_a_default(theta, data, half=helper):
    return half(theta[0]) + half(theta[1])


def of_an_outer_function():
    import helper_module as inner

    def own(x):
        return inner.as_ever(x)

    def of(theta, data):
        return own(theta[0]) + sum([own(x) for x in theta[1:]])

    return of


def that_call_each_other(theta, data):
    return helper(theta[0]) + even(3, helper(theta[1]))


def even(n, x):
    return x if n == 0 else odd(n - 1, x)


def odd(n, x):
    return x if n == 0 else even(n - 1, x)


def in_a_map(theta, data):
    return sum(list(map(helper, theta)))


def everything(theta, data):
    half = lambda x: helper(x)  # noqa: E731
    total = 0.25 * sum([half(x) for x in theta]) * ones(1)[0]
    total += 0.25 * (helper_module.as_ever(theta[0]) + package.inner.half_square(theta[1]))
    return total + 0.5 * as_a_default(theta, data)


STYLES = [
    in_a_comprehension,
    in_a_lambda,
    in_an_inner_function,
    in_a_helpers_comprehension,
    of_a_module,
    of_a_package,
    of_a_module_in_a_comprehension,
    from_numpy,
    as_a_default,
    of_an_outer_function(),
    that_call_each_other,
    in_a_map,
]
POINTS = np.random.default_rng(1).normal(size=(20, 2))


@compiled_only
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "density",
    [everything, *(pytest.param(style, marks=pytest.mark.slow) for style in STYLES)],
    ids=lambda density: density.__name__,
)
def test_functions_that_a_density_calls_are_compiled(density) -> None:
    bound = bind(density)
    assert bound.mode == "compiled"
    for theta in POINTS:
        assert bound(theta) == pytest.approx(-0.5 * theta @ theta, rel=1e-14)
        assert bound(theta) == density(theta, ())


def test_a_module_is_left_as_it_was() -> None:
    bind(of_a_module)
    assert helper_module.as_ever(2.0) == -2.0
    assert type(helper_module.half_square) is types.FunctionType
    assert sys.modules["helper_module"] is importlib.import_module("helper_module")


def test_names_are_found_in_inner_functions_and_modules() -> None:
    def density(theta, data):
        return sum([package.inner.as_ever(x) for x in theta])

    assert {"inner", "as_ever", "half_square", "SCALE"} <= names_used(density)
    assert "ones" in names_used(from_numpy)
    assert "half_square" not in names_used(in_a_comprehension)


# Functions that are compiled already


@numba.vectorize
def by_entries(x):
    return -0.5 * x * x


@numba.cfunc("float64(float64)")
def for_c(x):
    return -0.5 * x * x


def of_compiled_functions(theta, data):
    return by_entries(theta[0]) + for_c(theta[1])


@numba.cfunc("float64(float64[:], float64)")
def itself_for_c(theta, data):
    return data * (theta[0] * theta[0] + theta[1] * theta[1])


@pytest.mark.parametrize("density", [of_compiled_functions, itself_for_c], ids=["called", "itself"])
def test_vectorized_functions_and_those_for_c_may_be_kept_in_files(density, tmp_path) -> None:
    arguments = {"sampler": me.Metropolis(scale=1.0), "draws": 50, "warmup": 0, "seed": 1}
    drawn = [
        me.sample(f, [0.1, 0.2], data=-0.5, file=tmp_path / f"{k}.npz", progress=False, **arguments)
        for k, f in enumerate((density, in_a_comprehension))
    ]
    np.testing.assert_allclose(drawn[0].array, drawn[1].array, rtol=1e-12)


# Densities with threads of their own


@numba.njit(parallel=True)
def threaded(x):
    total = 0.0
    for i in numba.prange(x.size):
        total -= 0.5 * x[i] * x[i]
    return total


def calls_it(theta, data):
    return threaded(theta)


def calls_it_inside(theta, data):
    return sum([calls_it(theta, data)])


@compiled_only
def test_threads_of_a_density_are_known() -> None:
    assert all(parallel.is_parallel(f) for f in (threaded, calls_it, calls_it_inside))
    assert not any(parallel.is_parallel(f) for f in (everything, of_compiled_functions, for_c))


@pytest.mark.parametrize(
    ("layer", "threads"), [("tbb", 4), ("omp", 4), ("workqueue", 1), (None, 1)], ids=str
)
def test_chains_take_turns_where_the_threading_layer_cannot_be_shared(
    layer, threads, monkeypatch
) -> None:
    def threading_layer():
        if layer is None:
            raise ValueError("Threading layer is not initialized.")
        return layer

    monkeypatch.setattr(numba, "threading_layer", threading_layer)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert threads_for(True, 4) == threads
        assert threads_for(False, 4) == 4
        assert threads_for(True, 1) == 1
    assert ["one after the other" in str(warning.message) for warning in told] == [True] * (
        threads == 1
    )


@compiled_only
@pytest.mark.slow
def test_a_density_with_threads_does_not_end_the_process(tmp_path) -> None:
    """On workqueue two chains at a time do: macOS may have no other."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent("""
        import numba
        import numpy as np
        import mcmc_edu as me

        @numba.njit(parallel=True)
        def threaded(x):
            parts = np.zeros(50)
            for i in numba.prange(50):
                parts[i] = -0.01 * x[0] * x[0]
            return parts.sum()

        def density(theta, data):
            return threaded(theta)

        draws = me.sample(density, [0.1], sampler=me.Metropolis(scale=2.0), draws=2000, warmup=0,
                          chains=2, threads=2, seed=1, progress=False)
        print(numba.threading_layer(), draws.array.shape)
        """)
    )
    found = run_script(script, tmp_path, NUMBA_THREADING_LAYER="workqueue")
    assert found.returncode == 0, found.stderr
    assert found.stdout == "workqueue (2, 2000, 1)\n"
    assert "chains run one after the other" in found.stderr


def test_a_bound_density_says_whether_it_has_threads() -> None:
    assert not bind(in_a_comprehension).parallel
    assert BoundDensity.__dataclass_fields__["parallel"].default is False
