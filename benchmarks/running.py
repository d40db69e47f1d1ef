"""Run one peer's process: two cores, caches of its own, a time limit."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure
import problems
from environments import HERE, NotWithinError, Peer, PeerError, last_line, name_of, python_of

import mcmc_edu

Worth = Callable[[Path, str, dict[str, Any]], dict[str, Any]]
"""What draws in a file are worth, given the problem and what the peer reported."""

CORES = 2
MEMORY = 0.7
"""Part of the machine's memory that a process may take, so that one that would take all of it
fails by itself."""
RUNS = HERE / ".runs"
"""Compile caches and the problems' data; nothing in it needs to be kept."""

COLD, NEW, WARM = STATES = ("cold", "new model", "warm")
"""Of the compile caches: empty; filled by another problem only; filled by this one."""
FILLED = "filled"
"""Mark in a cache: its problem has been run."""


def cache_of(module: str, name: str) -> Path:
    return RUNS / "caches" / module / name


def ready_cache(
    module: str, name: str, problem: str, state: str, data: Path, timeout: float
) -> Path:
    """Bring the cache of a peer and a problem into a state, and return its folder."""
    cache = cache_of(module, name)
    if state != WARM:
        shutil.rmtree(cache, ignore_errors=True)
    if state == NEW:
        other = primed(module, problem, data.parent, timeout)
        shutil.copytree(other, cache, ignore=shutil.ignore_patterns(FILLED))
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def primed(module: str, problem: str, folder: Path, timeout: float) -> Path:
    """Return a cache that another problem has filled, untimed, at the first call."""
    other = "eight_schools_noncentered" if problem.startswith("ill") else "ill_conditioned_normal"
    cache = cache_of(module, f"primed by {other}")
    if not (cache / FILLED).exists():
        with tempfile.TemporaryDirectory() as out:
            data = problems.write_data(other, folder)
            process(module, command(module, other, 1, Path(out) / "out.json", data), cache, timeout)
        (cache / FILLED).touch()
    return cache


def command(module: str, problem: str, seed: int, out: Path, data: Path) -> list[str]:
    return ["-m", "peers", module, problem, str(seed), str(out), "--data", str(data)]


def environ_for(module: str, cache: Path) -> dict[str, str]:
    """Send every peer's compile cache to one folder, so that cold can mean empty.

    JAX has such a cache only if asked to; it is asked to.  The list of fonts that Matplotlib makes
    when it is first imported is no compiled code, and is kept elsewhere.
    """
    environ = dict(os.environ)
    if name_of(module) == "ours":  # the package that measures is the one that is measured
        environ["PYTHONPATH"] = str(Path(mcmc_edu.__file__).parent.parent)
    else:
        environ.pop("PYTHONPATH", None)
    return environ | {
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "PYTENSOR_FLAGS": f"base_compiledir={cache / 'pytensor'}",
        "JAX_COMPILATION_CACHE_DIR": str(cache / "jax"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "XDG_CACHE_HOME": str(cache),
        "MPLCONFIGDIR": str(RUNS / "matplotlib"),
    }


def confine() -> None:
    """Keep this process and its children on two cores, and each to a part of the memory."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    import resource  # where it is called there is one

    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    most = int(MEMORY * whole)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def process(module: str, arguments: list[str], cache: Path, timeout: float) -> None:
    """Run the peer's Python with these arguments; `PeerError` with its reason if it fails."""
    with tempfile.TemporaryFile("w+") as errors:
        child = subprocess.Popen(
            [str(python_of(module)), *arguments],
            cwd=HERE,
            env=environ_for(module, cache),
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
            preexec_fn=confine if os.name == "posix" else None,
        )
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise NotWithinError(f"not within {timeout:.0f} s") from None
        finally:
            end(child)
        errors.seek(0)
        if code:
            raise PeerError(last_line(errors.read()))


def end(child: subprocess.Popen[bytes]) -> None:
    """End the process, and those it started and left behind."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def prepare(module: str, timeout: float) -> None:
    """Import a peer once, untimed: bytecode and lists of fonts are made, and what fails is told."""
    shutil.rmtree(RUNS / "caches" / module, ignore_errors=True)
    cache = cache_of(module, "import")
    process(module, ["-c", f"import peers.{module}"], cache, timeout)


def run(
    peer: Peer,
    problem: str,
    seed: int,
    *,
    data: Path,
    draws: int,
    warmup: int,
    state: str,
    timeout: float,
    worth: Worth = measure.worth,
    cache_name: str | None = None,
) -> dict[str, Any]:
    """Run one peer on one problem in a process; what it reports and what its draws are worth."""
    cache = ready_cache(peer.module, cache_name or problem, problem, state, data, timeout)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        size = ["--draws", str(draws), "--warmup", str(peer.warmup or warmup)]
        arguments = [*command(peer.module, problem, seed, out, data), *size]
        try:
            if state == WARM and not (cache / FILLED).exists():
                process(peer.module, arguments, cache, timeout)
            process(peer.module, [*arguments, "--spawned", repr(time.time())], cache, timeout)
        except NotWithinError:  # it has compiled all the same
            (cache / FILLED).touch()
            raise
        (cache / FILLED).touch()
        report = json.loads(out.read_text())
        return report | worth(out.with_suffix(".npz"), problem, report) | {"load": load}
