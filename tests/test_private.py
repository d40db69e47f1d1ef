"""numba's private names: all in one file, and each may go."""

import ast
import json
from pathlib import Path

import numba
import pytest
from processes import ROOT, run

from mcmc_edu.compiling import private

PACKAGE = ROOT / "mcmc_edu"
PRIVATE = PACKAGE / "compiling" / "private.py"

SAMPLE = """
    import json, sys
    sys.path.insert(0, {tests!r})
    from hiding import hide

    for name in {hidden!r}:
        hide(name)
    from typing import NamedTuple
    import numpy as np
    import mcmc_edu as me

    class Data(NamedTuple):
        y: np.ndarray
        sd: float
        n: int

    def log_density(theta, grad, data):
        logp = grad[0] = 0.0
        for i in range(data.n):
            z = (data.y[i] - theta[0]) / data.sd
            logp -= 0.5 * z * z
            grad[0] += z / data.sd
        return logp

    found = []
    for sampler in ({samplers}):
        draws = me.sample(log_density, [0.0], data=Data(np.arange(3.0), 1.5, 3), sampler=sampler,
                          draws=20, warmup=30, chains=2, seed=1)
        found.append([x.hex() for x in draws.array.ravel()])
    print(json.dumps(found))
"""
METROPOLIS = "me.Metropolis(scale=1.0),"
ALL = METROPOLIS + 'me.NUTS(metric="dense"), me.HMC(steps=3), me.GIST()'


def sample(folder: Path, *hidden: str, samplers: str = METROPOLIS) -> tuple[list[str], list[str]]:
    """Draws, and what is said, where these names are hidden; nothing is compiled beforehand."""
    script = SAMPLE.format(tests=str(ROOT / "tests"), hidden=hidden, samplers=samplers)
    draws, *said = run(
        script, folder, PYTHONPATH=str(ROOT), NUMBA_CACHE_DIR=str(folder / "cache")
    ).splitlines()
    return json.loads(draws), said


@pytest.fixture(scope="module")
def as_ever(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    draws, said = sample(tmp_path_factory.mktemp("normal"))
    assert len(said) == 1
    assert said[0].startswith("mcmc_edu: compiling, once ... ")
    return draws


def check_without(device: private.Device, name: str, folder: Path, expected: list[str]) -> None:
    """The same draws, and one line that names what is lost; "once" only if it is once."""
    draws, (loss, *said) = sample(folder, name)
    assert draws == expected
    assert loss == (
        f"mcmc_edu: numba {numba.__version__} has no {name.replace(':', '.')}: the package works "
        f"without, but {device.without}"
    )
    kept = device not in (private.DISK, private.ONE_SIGNATURE)
    assert bool(list(folder.rglob("*.nbc"))) == kept
    if device is private.EVENTS:
        assert said == []
    else:
        assert len(said) == 1
        assert said[0].startswith(f"mcmc_edu: compiling{', once' if kept else ''} ... ")


ONE_OF_EACH = [
    pytest.param(device, device.names[0], id=device.names[0], marks=marks)
    for device in private.DEVICES
    for marks in [() if device is private.DISK else pytest.mark.slow]
]
OTHERS = [(device, name) for device in private.DEVICES for name in device.names[1:]]


@pytest.mark.parametrize(("device", "name"), ONE_OF_EACH)
def test_without_a_device(
    device: private.Device, name: str, tmp_path: Path, as_ever: list[str]
) -> None:
    check_without(device, name, tmp_path, as_ever)


@pytest.mark.slow
@pytest.mark.parametrize(("device", "name"), OTHERS, ids=[name for _, name in OTHERS])
def test_without_a_name(
    device: private.Device, name: str, tmp_path: Path, as_ever: list[str]
) -> None:
    check_without(device, name, tmp_path, as_ever)


@pytest.mark.slow
def test_without_any_of_them_all_samplers_make_the_same_draws(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    expected, _ = sample(tmp_path / "all", samplers=ALL)
    names = [name for device in private.DEVICES for name in device.names]
    draws, said = sample(tmp_path, *names, samplers=ALL)
    assert draws == expected
    assert len(said) == len(private.DEVICES)
    assert not list(tmp_path.glob("cache/**/*.nbc"))


def test_all_of_them_are_there() -> None:
    assert private.losses() == []


PUBLIC = {
    "numba": {"njit", "objmode", "threading_layer", "typeof", "types"},
    "types": {"Array", "boolean", "float64", "int64"},
}
"""What other files use of numba, as its manual describes it."""

REACHABLE = {
    name.rpartition(":")[2].rpartition(".")[2]
    for device in (private.ONE_SIGNATURE, private.DISK, private.SHORT_CALLS, private.LEAN_CODE)
    for name in device.names
    if name.startswith(("dispatcher:", "core.cpu:CPUTargetOptions.", "core.codegen:"))
}
"""Private names that are used without an import: of what `njit` returns, and its options."""


def private_uses(source: str) -> list[str]:
    """What a file uses of numba that is not public."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.startswith("numba.")]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "numba":
            found += [a.name for a in node.names if (node.module, a.name) != ("numba", "types")]
        elif isinstance(node, ast.keyword) and node.arg in REACHABLE:
            found.append(str(node.arg))
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            private = node.attr not in PUBLIC.get(owner, {node.attr})
            if private or (node.attr in REACHABLE and owner != "re"):
                found.append(ast.unparse(node))
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PRIVATE)


def test_no_other_file_uses_a_private_name() -> None:
    used = {str(path.relative_to(PACKAGE)): private_uses(path.read_text()) for path in FILES}
    assert {file: names for file, names in used.items() if names} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from numba.core import caching", ["caching"]),
        ("import numba.np.arrayobj", ["numba.np.arrayobj"]),
        ("numba.core.config", ["numba.core"]),
        ("types.npy_rng", ["types.npy_rng"]),
        ("entry.dispatcher.compile(signature)", ["entry.dispatcher.compile"]),
        ("numba.njit(forceinline=True)(f)", ["forceinline"]),
        ("dispatcher._cache = None", ["dispatcher._cache"]),
        ("re.compile('x'), numba.njit(nogil=True)(f), types.Array", []),
    ],
)
def test_the_check_sees_private_names(line: str, found: list[str]) -> None:
    assert private_uses(line) == found


def test_the_file_of_private_names_lists_all_that_it_uses() -> None:
    """So that each is taken away above."""
    listed = {
        name.replace(":", ".").rpartition(".")[2] for d in private.DEVICES for name in d.names
    }
    owners = (
        "types",
        "dispatcher",
        "context",
        "target_context",
        "codegen",
        "caching",
        "event",
        "result",
        "library",
        "super()",
    )
    used = {
        node.attr
        for node in ast.walk(ast.parse(PRIVATE.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in owners
    }
    assert used - listed == {"Array", "Tuple", "py_func"}  # which the manual describes
