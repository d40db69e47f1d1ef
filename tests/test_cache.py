"""Machine code on disk: found by the next process, never stale, and nobody else's business."""

import shutil
from pathlib import Path

import pytest
from llvmlite.binding import get_host_cpu_name
from processes import copy_package, finish, run, start

SMALLEST = """
    import numpy as np
    from mcmc_edu.compiling import bind, compiling_announced

    with compiling_announced():
        print(bind(lambda theta, data: -theta[0])(np.array([3.0])))
        print(bind(lambda theta, data: 7)(np.array([3.0])))
"""
"""The smallest chain: it calls a density, and a gate, once for floats and once for integers."""

GATE = "return logp if logp == logp else -math.inf"


def edit(folder: Path, old: str, new: str, file: str = "compiling/ieee.py") -> None:
    path = folder / "mcmc_edu" / file
    source = path.read_text()
    assert source.count(old) == 1
    path.write_text(source.replace(old, new))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_package(tmp_path)


@pytest.fixture(
    params=[pytest.param("beside the source", marks=pytest.mark.slow), "NUMBA_CACHE_DIR"]
)
def place(request: pytest.FixtureRequest, copy: Path) -> dict[str, str]:
    """Where the cache is: what the environment says of it."""
    return {} if request.param == "beside the source" else {"NUMBA_CACHE_DIR": str(copy / "cache")}


def test_an_edited_callee_is_never_run_stale(copy: Path, place: dict[str, str]) -> None:
    """The gate lives in another file than the chain that is cached.  An edit, and its undoing,
    show in the next process without clearing any cache.
    """
    assert run(SMALLEST, copy, **place).startswith("-3.0\n7.0\nmcmc_edu: compiling, once ... ")
    assert run(SMALLEST, copy, **place) == "-3.0\n7.0\n"
    edit(copy, GATE, "return 2.0 * logp")
    assert run(SMALLEST, copy, **place).startswith("-6.0\n14.0\nmcmc_edu: compiling, once ... ")
    edit(copy, "return 2.0 * logp", GATE)
    assert run(SMALLEST, copy, **place).startswith("-3.0\n7.0\n")


def test_the_users_own_caches_are_left_alone(copy: Path, place: dict[str, str]) -> None:
    """A user's cached function keeps numba's own cache, in numba's own place, and is found there
    though the package was edited.
    """
    script = """
        import numba
        from mcmc_edu.compiling import log

        @numba.njit(cache=True)
        def mine(x):
            return x + 1

        mine(1), log(1.0)
        for function in (mine, log):
            print(type(function._cache).__module__, sum(function.stats.cache_hits.values()))
            print(function.stats.cache_path)
    """

    def caches() -> list[str]:
        """Kind and hits of the user's cache, and of ours."""
        users, users_folder, ours, our_folder = run(script, copy, **place).splitlines()
        for folder, source in ((users_folder, copy), (our_folder, copy / "mcmc_edu/compiling")):
            expected = copy / "cache" if place else source / "__pycache__"
            assert expected in (Path(folder), Path(folder).parent)
        return [users, ours]

    assert caches() == ["numba.core.caching 0", "mcmc_edu.compiling.private 0"]
    assert caches() == ["numba.core.caching 1", "mcmc_edu.compiling.private 1"]
    edit(copy, GATE, "return logp")
    assert caches() == ["numba.core.caching 1", "mcmc_edu.compiling.private 0"]


@pytest.mark.slow
def test_two_copies_of_the_package_share_a_folder(tmp_path: Path) -> None:
    """Each has its own machine code there: neither runs the other's, nor compiles twice."""
    copies = [copy_package(tmp_path / name) for name in ("one", "two")]
    edit(copies[1], GATE, "return 2.0 * logp")
    place = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    for rest in ("mcmc_edu: compiling, once ... ", ""):
        for copy, expected in zip(copies, ("-3.0\n7.0\n", "-6.0\n14.0\n"), strict=True):
            found = run(SMALLEST, copy, **place)
            assert found.startswith(expected + rest)
            assert ("compiling" in found) == bool(rest)


def files(folder: Path, pattern: str) -> list[Path]:
    found = sorted((folder / "cache").rglob(pattern))
    assert found
    return found


@pytest.mark.slow
def test_code_of_other_sources_in_the_right_file_is_not_run(copy: Path) -> None:
    """numba keeps a list of what there is beside the code.  Processes of two versions, in two
    containers and one folder, can leave the list of one with the code of the other.
    """
    place = {"NUMBA_CACHE_DIR": str(copy / "cache")}
    run(SMALLEST, copy, **place)
    for path in files(copy, "*.nbc"):
        path.rename(path.with_suffix(".other"))
    edit(copy, GATE, "return 2.0 * logp")
    run(SMALLEST, copy, **place)
    put_code_of_the_other(copy)
    assert run(SMALLEST, copy, **place).startswith("-6.0\n14.0\nmcmc_edu: compiling, once ... ")
    assert run(SMALLEST, copy, **place) == "-6.0\n14.0\n"


def put_code_of_the_other(copy: Path) -> None:
    for path in files(copy, "*.other"):
        path.replace(path.with_suffix(".nbc"))


@pytest.mark.slow
@pytest.mark.skipif(get_host_cpu_name() == "generic", reason="there is no other processor")
def test_code_for_another_processor_in_the_right_file_is_not_run(copy: Path) -> None:
    """The same in a folder that the machines of a cluster share, where it would crash."""
    place = {"NUMBA_CACHE_DIR": str(copy / "cache")}
    run(SMALLEST, copy, NUMBA_CPU_NAME="generic", **place)
    for path in files(copy, "*.nb[ci]"):
        path.rename(path.with_suffix(".other" if path.suffix == ".nbc" else ".list"))
    run(SMALLEST, copy, NUMBA_CPU_NAME=None, **place)
    put_code_of_the_other(copy)
    again = run(SMALLEST, copy, NUMBA_CPU_NAME=None, **place)
    assert again.startswith("-3.0\n7.0\nmcmc_edu: compiling, once ... ")
    assert run(SMALLEST, copy, NUMBA_CPU_NAME=None, **place) == "-3.0\n7.0\n"


@pytest.mark.slow
def test_code_for_other_types_in_the_right_file_is_not_run(copy: Path) -> None:
    """So can two processes that compile a function for different types at the same time."""
    place = {"NUMBA_CACHE_DIR": str(copy / "cache")}
    run(SMALLEST, copy, **place)
    one, two = files(copy, "ieee.nan_to_minus_inf*.nbc")
    shutil.move(one, copy / "moved")
    shutil.move(two, one)
    shutil.move(copy / "moved", two)
    assert run(SMALLEST, copy, **place).startswith("-3.0\n7.0\n")
    assert run(SMALLEST, copy, **place) == "-3.0\n7.0\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
def test_a_damaged_file_is_replaced(copy: Path, kind: str) -> None:
    """What a full disk or a power cut leaves behind."""
    place = {"NUMBA_CACHE_DIR": str(copy / "cache")}
    run(SMALLEST, copy, **place)
    for path in files(copy, kind):
        path.write_bytes(path.read_bytes()[:60])
    assert run(SMALLEST, copy, **place).startswith("-3.0\n7.0\nmcmc_edu: compiling, once ... ")
    assert run(SMALLEST, copy, **place) == "-3.0\n7.0\n"


@pytest.mark.slow
def test_processes_that_compile_at_the_same_time_agree(copy: Path, place: dict[str, str]) -> None:
    running = [start(SMALLEST, copy, **place) for _ in range(3)]
    for process in running:
        assert finish(process).startswith("-3.0\n7.0\n")
    assert run(SMALLEST, copy, **place) == "-3.0\n7.0\n"


@pytest.mark.slow
def test_a_file_edited_while_python_runs_is_not_run_stale(copy: Path) -> None:
    """Imported once more, callee and caller are compiled as they are read, and nothing is kept: the
    next process, after the edit was undone, does not find it.
    """
    script = """
        import importlib
        from pathlib import Path
        from mcmc_edu import compiling
        from mcmc_edu.compiling import ieee
        from mcmc_edu.densities import transforms

        file = Path(ieee.__file__)
        source = file.read_text()
        print(transforms.positive(0.0).value)
        file.write_text(source.replace("709.782712893384", "-1.0"))  # exp(0) is infinite
        for module in (ieee, compiling, transforms):
            importlib.reload(module)
        print(transforms.positive(0.0).value)
        file.write_text(source)
    """
    assert run(script, copy) == run(script, copy) == "1.0\ninf\n"


@pytest.mark.slow
def test_a_density_that_runs_as_python_is_found_by_the_next_process(copy: Path) -> None:
    script = """
        import warnings
        import numpy as np
        from mcmc_edu.compiling import ObjectModeWarning, bind, compiling_announced
        warnings.simplefilter("ignore", ObjectModeWarning)
        with compiling_announced():
            print(bind(lambda theta, data: sorted(theta, key=str)[0])(np.array([3.0])))
    """
    assert run(script, copy).startswith("3.0\nmcmc_edu: compiling, once ... ")
    assert run(script, copy) == "3.0\n"


@pytest.mark.slow
def test_a_users_function_that_is_compiled_with_ours_costs_nothing(copy: Path) -> None:
    """It is no file of the package, so no edit of one: the machine code of ours is still found."""
    lines = [
        "from mcmc_edu.compiling import bind, compiled, compiling_announced",
        "import numpy as np",
        "print(compiled(lambda x: x)(1.0))",
        "with compiling_announced():",
        "    print(bind(lambda theta, data: -theta[0])(np.array([3.0])))",
    ]
    script = "\n".join(lines)
    assert run(script, copy).startswith("1.0\n-3.0\nmcmc_edu: compiling, once ... ")
    assert run(script, copy) == "1.0\n-3.0\n"


NOT_KEPT = (
    "mcmc_edu: machine code cannot be kept on this disk: it is compiled in every process; "
    "NUMBA_CACHE_DIR can name a folder for it\n"
)


def refuse_folders_beside_the_source(folder: Path) -> None:
    """Put a file where each of numba's folders would be: not even root makes a folder there."""
    for path in (folder / "mcmc_edu").rglob("__init__.py"):
        shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
        (path.parent / "__pycache__").touch()


def test_where_nothing_can_be_written_it_is_compiled_in_every_process(copy: Path) -> None:
    """And says so once."""
    refuse_folders_beside_the_source(copy)
    (copy / "file").touch()
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"), str(copy / "file"))
    for _ in range(2):
        printed = run(SMALLEST, copy, **nowhere)
        assert printed.startswith("-3.0\n7.0\n" + NOT_KEPT + "mcmc_edu: compiling ... ")
        assert printed.count("mcmc_edu:") == 2


@pytest.mark.slow
def test_of_a_package_that_cannot_be_written_it_is_kept_with_the_user(copy: Path) -> None:
    """And `NUMBA_CACHE_DIR` may name what is no folder."""
    refuse_folders_beside_the_source(copy)
    place = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(copy / "user"))
    place["NUMBA_CACHE_DIR"] = str(copy / "script.py")
    assert "mcmc_edu: compiling, once ..." in run(SMALLEST, copy, **place)
    assert run(SMALLEST, copy, **place) == "-3.0\n7.0\n"
    assert list((copy / "user").rglob("*.nbc"))


def test_a_full_disk_is_said_and_stops_nothing(copy: Path) -> None:
    full = """
    from numba.core import caching

    def refuse(self, *rest):
        raise OSError(28, "No space left on device")
    caching.IndexDataCacheFile.save = refuse
    """
    printed = run(full + SMALLEST, copy)
    assert printed.startswith("-3.0\n7.0\nmcmc_edu: compiling, once ... ")
    assert printed.endswith("s, but not kept (OSError: [Errno 28] No space left on device)\n")
