"""The process of a submission: load it, then call it as the grader asks, until it asks no more.

    python -I child.py SETTINGS

SETTINGS is JSON: the folder to work in, limits, whether mcmc_edu may be imported.  Requests come
through standard input and answers leave through standard output, which the submission does not see:
what it prints goes to standard error.  Nothing here knows what answer would be right.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import json
import linecache
import math
import mmap
import os
import struct
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, BinaryIO, TextIO

import numpy as np

if __package__:
    from . import codec, confine, densities
else:  # run as a script, without the package
    sys.path.insert(0, str(Path(__file__).parent))
    import codec  # type: ignore[no-redef,import-not-found]
    import confine  # type: ignore[no-redef,import-not-found]
    import densities  # type: ignore[no-redef,import-not-found]

    sys.path.pop(0)

FILE = "submission.py"
"""Name of a submission that comes as a file; of one that comes as a function there is no file."""
PROGRESS = "progress"
"""File in which calls of the submission, and of what it was given, are counted."""


class NoPackage(importlib.abc.MetaPathFinder):
    """Refuses to import the package: in graded work the student writes it."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        """Refuse the package, and leave all else to others."""
        if fullname.partition(".")[0] == "mcmc_edu":
            raise ImportError("graded work may not import mcmc_edu: write it yourself")


class Progress:
    """Counts that the grader can read even if this process never answers."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 16)
        self._counts = [0, 0]

    def called(self) -> None:
        """Count a call of the submission that has returned."""
        self._add(0)

    def used(self) -> None:
        """Count a call of a function that the submission was given."""
        self._add(1)

    def _add(self, which: int) -> None:
        self._counts[which] += 1
        struct.pack_into("=q", self._memory, 8 * which, self._counts[which])


class Uncounted(Progress):
    """Counts nothing: for functions that are called in the grader's own process."""

    def __init__(self) -> None:
        pass

    def _add(self, which: int) -> None:
        pass


def read(stream: BinaryIO) -> Any:
    """Read one message: its length in eight bytes, then itself; None at the end."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    return codec.loads(stream.read(struct.unpack("=q", head)[0]))


def write(stream: BinaryIO, value: Any) -> None:
    """Write one message."""
    message = codec.dumps(value)
    stream.write(struct.pack("=q", len(message)) + message)
    stream.flush()


def private_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for messages, and give the submission others."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False, errors="replace")
    sys.stdin = os.fdopen(0, "r", closefd=False)
    return requests, answers


def show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning, with the line of the submission that led to it, if there is one."""
    frame: FrameType | None = sys._getframe(1)
    frames = []
    while frame is not None:
        frames.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    own = [place for place in frames if _is_own(place[0])]
    own = [place for place in own if place[0] == FILE] or own  # what it makes of strings is no line
    if own:
        line = linecache.getline(*own[0])
        filename, lineno = FILE, own[0][1]
    words = warnings.formatwarning(message, category, filename, lineno, line)
    print(words, end="", file=sys.stderr)


def load(settings: dict[str, Any]) -> dict[str, Any]:
    """Run the file of the submission, or unpickle its function; return functions by name."""
    if "file" in settings:
        module = ModuleType("submission")
        module.__file__ = FILE
        sys.modules["submission"] = module
        source = Path(settings["file"]).read_text(encoding="utf-8-sig")
        linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
        exec(compile(source, FILE, "exec"), module.__dict__)
        return module.__dict__
    import pickle  # of the student's own function, in the student's own process

    with open(settings["pickle"], "rb") as file:
        return {settings["name"]: pickle.load(file)}


def failure(error: BaseException) -> dict[str, Any]:
    """Describe an error by its type, message and line in the submission; no line of ours."""
    where = None
    for frame in traceback.extract_tb(error.__traceback__):
        if _is_own(frame.filename):
            where = {"line": frame.lineno, "function": frame.name, "code": frame.line or ""}
    if isinstance(error, SyntaxError) and error.filename == FILE:
        where = {"line": error.lineno, "function": "", "code": (error.text or "").strip()}
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return {"error": type(error).__name__, "message": message[:2000], "where": where}


def _is_own(filename: str) -> bool:
    """Say whether code comes from the submission and not from a library or from here."""
    here = str(Path(__file__).parent)
    return filename == FILE or (
        not filename.endswith(".pyx")
        and not any(
            filename.startswith(root)
            for root in (here, sys.prefix, sys.base_prefix, "<frozen", "<__array")
        )
    )


def given(argument: Any, progress: Progress, made: list[Any]) -> Any:
    """Return an argument: what is described as a function or a generator is made."""
    if isinstance(argument, dict) and "$density" in argument:
        function = densities.log_density(argument["$density"])
        made.append(densities.Counted(function, progress.used, argument.get("keep", 0)))
        return made[-1]
    if isinstance(argument, dict) and "$gradient" in argument:
        function = densities.gradient(argument["$gradient"])
        made.append(densities.Counted(function, progress.used, argument.get("keep", 0)))
        return made[-1]
    if isinstance(argument, dict) and "$rng" in argument:
        return np.random.default_rng(argument["$rng"])
    return argument


WATCHED: list[tuple[ModuleType, str]] = [
    *((np, name) for name in ("exp", "log", "sqrt", "sum", "mean", "array", "isfinite", "abs")),
    *((np.random, name) for name in ("default_rng", "Generator", "seed", "normal")),
    *((np.linalg, name) for name in ("norm", "cholesky", "inv", "solve")),
    *((math, name) for name in ("exp", "log", "sqrt", "lgamma", "isfinite")),
    *((time, name) for name in ("time", "sleep", "perf_counter")),
]
ORIGINAL = [getattr(module, name) for module, name in WATCHED]


def patched() -> list[str]:
    """Return the names of watched functions that are no longer what they were."""
    return [
        f"{module.__name__}.{name}"
        for (module, name), original in zip(WATCHED, ORIGINAL, strict=True)
        if getattr(module, name, None) is not original
    ]


def copy_of(arguments: Sequence[Any]) -> list[Any]:
    """Copy the arrays among arguments, and dicts with the arrays in them; None for all else."""
    return [_copy(a) if isinstance(a, np.ndarray | dict) else None for a in arguments]


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return np.copy(value) if isinstance(value, np.ndarray) else value


def _is_as_before(now: Any, then: Any) -> bool:
    if isinstance(then, dict):
        return list(now) == list(then) and all(_is_as_before(now[k], then[k]) for k in then)
    if isinstance(then, np.ndarray):
        return isinstance(now, np.ndarray) and np.array_equal(now, then, equal_nan=True)
    return bool(now == then)


def changed(arguments: Sequence[Any], before: Sequence[Any]) -> list[int]:
    """Return the places of the arrays and dicts that a call has changed."""
    return [
        place
        for place, (now, then) in enumerate(zip(arguments, before, strict=True))
        if then is not None and not _is_as_before(now, then)
    ]


def _global_state() -> bytes:
    """Return NumPy's global random state, which a submission must not use."""
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 (to see whether it changes)
    return bytes(state["key"].tobytes()) + str(state["pos"]).encode()


def answer(function: Callable[..., Any], given_: Sequence[Any], progress: Progress) -> Any:
    """Call the submission once, and say what came back and what it did besides."""
    made: list[Any] = []
    arguments = [given(argument, progress, made) for argument in given_]
    before, state = copy_of(arguments), _global_state()
    start = time.perf_counter()
    try:
        value = function(*arguments)
    except BaseException as error:  # SystemExit, too
        return failure(error) | {"calls": [one.calls for one in made]}
    finally:  # what was printed goes out before the answer
        with contextlib.suppress(Exception):
            sys.stdout.flush()
    reply = {"value": value, "seconds": time.perf_counter() - start}
    progress.called()
    reply["calls"] = [one.calls for one in made]
    reply["places"] = [np.array(one.places) for one in made if one.places and one.alike]
    reply["changed"] = changed(arguments, before)
    reply["global_random"] = _global_state() != state
    reply["patched"] = patched()
    return reply


def answers_of(
    function: Callable[..., Any], calls: Sequence[Sequence[Any]], progress: Progress
) -> list[Any]:
    """Call the submission once for each list of arguments, up to the first error."""
    replies: list[Any] = []
    for call in calls:
        replies.append(answer(function, call, progress))
        if "error" in replies[-1]:
            break
    return replies


def _missing(name: str) -> Callable[..., Any]:
    """Return a function that says that there is none of this name."""

    def missing(*_: Any) -> None:
        raise NameError(f"there is no function {name!r}")

    return missing


def main() -> None:
    """Answer requests until there are no more."""
    settings = json.loads(sys.argv[1])
    requests, answers = private_streams()
    os.chdir(settings["folder"])
    progress = Progress(settings["progress"])
    force = confine.limit_resources(
        settings["cpu_seconds"], settings["memory_bytes"], settings["file_bytes"]
    )
    if settings["confined"]:
        force += confine.confine(settings["folder"])
    if settings["graded"]:
        sys.meta_path.insert(0, NoPackage())
    write(answers, {"ready": force})
    warnings.showwarning = show_warning
    try:
        functions = load(settings)
    except BaseException as error:  # SystemExit, too
        write(answers, failure(error))
        return
    names = [name for name, value in functions.items() if callable(value) and name[:2] != "__"]
    write(answers, {"functions": names, "patched": patched()})
    while (request := read(requests)) is not None:
        function = functions.get(request["name"]) or _missing(request["name"])
        if "many" in request:
            reply: Any = {"many": answers_of(function, request["many"], progress)}
        else:
            reply = answer(function, request["arguments"], progress)
        try:
            write(answers, reply)
        except BaseException as error:  # what came back contains itself, or does not end
            write(answers, failure(error))


if __name__ == "__main__":
    main()
