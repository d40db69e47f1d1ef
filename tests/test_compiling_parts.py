"""The parts of `compiling`, each on its own, by what it says in its docstring."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mcmc_edu.compiling import announcing, cache, users_line
from mcmc_edu.compiling.binding.arguments import arguments_of
from mcmc_edu.compiling.binding.callees import with_callees
from mcmc_edu.compiling.binding.object_mode import PythonCall, why_object_mode
from mcmc_edu.compiling.binding.references import is_users, reached
from mcmc_edu.compiling.entries import _check_layouts
from mcmc_edu.compiling.packing import copied, has_single_precision, plain, same_data
from mcmc_edu.compiling.views import as_matrix


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a package of two files the one whose sources are stamped."""
    (tmp_path / "one.py").write_text("1")
    (tmp_path / "two.py").write_text("2")
    monkeypatch.setattr(cache, "PACKAGE", tmp_path.resolve())
    monkeypatch.setattr(cache, "_edited", set())
    cache._sources.cache_clear()
    yield tmp_path
    cache._sources.cache_clear()


def stamp() -> str:
    cache._sources.cache_clear()
    return cache.source_stamp.__wrapped__()


def test_the_stamp_is_another_after_any_edit(package: Path) -> None:
    stamps = [stamp()]
    for one, two in (("1", "3"), ("3", "1"), ("1", "2")):
        (package / "one.py").write_text(one)
        (package / "two.py").write_text(two)
        stamps.append(stamp())
    assert stamps[3] == stamps[0]
    assert len(set(stamps)) == 3
    (package / "one.py").rename(package / "once.py")
    assert stamp() not in stamps


def test_an_edit_and_a_new_file_are_noticed_on_import(package: Path) -> None:
    cache._sources()
    cache.check_for_edits(str(package / "one.py"))
    assert cache.stamp_holds()
    (package / "three.py").write_text("3")
    cache.check_for_edits(str(package / "three.py"))
    assert not cache.stamp_holds()


def test_what_is_the_packages_own() -> None:
    def closed_over():
        return plain

    value = 1.0
    own = compile("def of_the_package(): return 1", str(cache.PACKAGE / "a" / "b.py"), "exec")
    names: dict = {}
    exec(own, names)
    around = compile(
        "def outer(value):\n def inner(): return value\n return inner",
        str(cache.PACKAGE / "a.py"),
        "exec",
    )
    exec(around, names)
    assert cache.is_ours(names["of_the_package"])
    assert not cache.is_ours(names["outer"](value))
    assert not cache.is_ours(closed_over)


def test_the_users_line_is_the_first_outside_the_package() -> None:
    names = {"users_line": users_line}
    text = "def one(): return users_line()\ndef two(): return one()"
    exec(compile(text, str(cache.PACKAGE / "a.py"), "exec"), names)
    assert [users_line(), names["one"](), names["two"]()] == [1, 2, 3]


def own_function() -> SimpleNamespace:
    return SimpleNamespace(py_func=plain)


def test_seconds_of_compiling_count_once_and_ours_only(monkeypatch, capsys) -> None:
    now = [0.0]
    monkeypatch.setattr(announcing, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    monkeypatch.setattr(announcing, "is_kept", lambda dispatcher: True)
    heard = announcing._Announcer()
    foreign = SimpleNamespace(py_func=own_function)
    heard.on_start(foreign)
    heard.on_end(foreign)
    assert not heard.said
    for _ in range(2):  # one that compiles another
        for happens in (heard.on_start, heard.on_start, heard.on_end, heard.on_end):
            happens(own_function())
            now[0] += 1.0
    assert heard.seconds == 6.0
    assert capsys.readouterr().err == "mcmc_edu: compiling, once ..."


def test_an_announcement_within_another_is_the_same() -> None:
    with announcing.compiling_announced(muted=True) as outer:
        with announcing.compiling_announced() as inner:
            assert inner is outer
        assert announcing._announcing is outer
    assert announcing._announcing is None


VECTOR = (np.dtype(float), 1)


def test_arrays_of_the_layout_pass() -> None:
    _check_layouts("chain", (1.0, np.zeros(3), (np.zeros(2),)), [None, VECTOR, [VECTOR]])


@pytest.mark.parametrize(
    "array",
    [np.zeros(4)[::2], np.zeros((2, 2)), np.zeros(3, dtype=np.float32), np.broadcast_to(0.0, (1,))],
    ids=["strides", "axes", "dtype", "read-only"],
)
@pytest.mark.parametrize("within", [False, True], ids=["alone", "in a tuple"])
def test_arrays_that_would_be_misread_are_refused(array, within: bool) -> None:
    given, wanted = ((array,), [VECTOR]) if not within else (((array,),), [[VECTOR]])
    with pytest.raises(TypeError, match="chain is given an array of float"):
        _check_layouts("chain", given, wanted)


def test_integers_have_64_bits() -> None:
    assert plain((2**63 - 1, -(2**63))) == (2**63 - 1, -(2**63))
    for value in (2**63, -(2**63) - 1):
        with pytest.raises(TypeError, match=r"data\[1\] is -?\d+; an integer of a density's data"):
            plain((0, value))


def test_copies_keep_the_order_in_memory_and_share_nothing() -> None:
    given = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    (made,) = copied((given,))
    assert made.flags.f_contiguous
    assert not np.shares_memory(made, given)
    assert same_data((made, np.nan), (given, np.nan))
    assert not same_data((made, 1.0), (given, 2.0))


def test_single_precision_is_found_at_any_depth() -> None:
    assert has_single_precision((1.0, (np.zeros(2, dtype=np.float32),)))
    assert not has_single_precision((np.zeros(2), np.zeros(2, dtype=np.int32)))


def test_a_matrix_is_read_row_by_row() -> None:
    np.testing.assert_array_equal(as_matrix(np.arange(6.0), 2, 3), [[0, 1, 2], [3, 4, 5]])


def test_a_gradients_name_may_begin_with_an_underscore() -> None:
    assert arguments_of(lambda theta, _grad, data=(): 0.0) == 3
    assert arguments_of(lambda theta, data, scale=1.0: 0.0) == 2


@pytest.mark.parametrize(
    "function", [lambda theta, *data: 0.0, lambda theta, data, *, scale: 0.0], ids=["*", "by name"]
)
def test_arguments_that_are_not_given_by_place_are_refused(function) -> None:
    with pytest.raises(TypeError, match=r"log_density takes \d arguments"):
        arguments_of(function)


def countdown(n, step=1):
    return 0.0 if n <= 0 else countdown(n - step)


def doubled(x, by=2.0):
    return by * x


def of_parts(x, *, scale=3.0):
    return scale * doubled(x) + countdown(2)


def test_copies_of_functions_keep_their_defaults() -> None:
    copy = getattr(with_callees(of_parts), "py_func", with_callees(of_parts))
    assert copy is not of_parts
    assert copy.__kwdefaults__ == {"scale": 3.0}
    within = copy.__globals__["doubled"]
    assert within is not doubled
    assert getattr(within, "py_func", within).__defaults__ == (2.0,)
    assert of_parts.__globals__["doubled"] is doubled


def test_functions_of_the_libraries_are_left_to_numba() -> None:
    assert not is_users(np.polynomial.polynomial.polyval)
    assert is_users(doubled)


def test_defaults_are_among_what_a_function_reaches() -> None:
    def of_a_default(x, inner=doubled):
        return inner(x)

    assert doubled in list(reached(of_a_default))


def test_calls_of_python_are_found_by_their_numbers() -> None:
    one, other = PythonCall(lambda *_: 1.0), PythonCall(lambda *_: 2.0)
    found = [PythonCall.living[int(call.packed[0])] for call in (one, other)]
    assert found == [one, other]


def test_the_reason_for_object_mode_is_the_first_line_that_says_one() -> None:
    error = Exception("Failed in nopython mode pipeline\n\n  Unknown attribute 'pdf'\nmore")
    assert "of_parts cannot be compiled (Unknown attribute 'pdf')" in why_object_mode(
        of_parts, error
    )
