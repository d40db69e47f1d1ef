"""A submission, in a process of its own: asked by the grader, ended with all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from . import codec

HERE = Path(__file__).parent
INSTALL = "pip install 'mcmc_edu[exercises]'"
START_SECONDS = 300.0
"""For Python and NumPy to start, before the submission is read, however busy the machine."""
MESSAGE_BYTES = 1 << 27
"""A longer answer is refused before it is read."""
PRINTED_BYTES = 20_000
"""Of what a submission prints, this much is kept."""


@dataclass(frozen=True)
class Limits:
    """Limits of a submission's process."""

    load_seconds: float = 60.0
    """For the import of the submission, and for its first call, which may compile."""
    cpu_seconds: int = 120
    """Of CPU time for everything together."""
    memory_bytes: int = 4 << 30
    """Of address space."""
    file_bytes: int = 1 << 20
    """Of one file."""
    confined: bool = True
    """Whether the kernel refuses processes, network and files elsewhere, where it can (Linux)."""


@dataclass(frozen=True)
class Answer:
    """What a call returned, and what it did besides."""

    value: Any
    seconds: float
    calls: list[int] = field(default_factory=list)
    """How often it called each of the functions that it was given."""
    places: list[Any] = field(default_factory=list)
    """Where it called those that keep it, each of shape (calls, dim)."""
    changed: list[int] = field(default_factory=list)
    """Which arguments, by place, it has changed."""
    global_random: bool = False
    """Whether it used or set NumPy's global random state."""
    patched: list[str] = field(default_factory=list)
    """Functions of other modules that it has replaced."""


@dataclass(frozen=True)
class Raised:
    """An error of the submission's."""

    error: str
    message: str
    where: dict[str, Any] | None
    """Line, function and code in the submission; None if the error came from elsewhere."""


@dataclass(frozen=True)
class Ended:
    """The process ended without an answer, or was ended."""

    why: str
    """"time", "cpu", "memory", "exit" (it left by itself), "signal" (it crashed) or "message"."""
    detail: str
    calls: int
    """Calls of the submission that had returned."""
    used: int
    """Calls that it had made of functions that it was given."""


Reply = Answer | Raised | Ended


class Submission:
    """A submission in its own process; use it in a `with` block.

    Parameters
    ----------
    work
        The file with the student's code, or a function, which travels by cloudpickle.
    name
        Name of the function that is asked for.
    graded
        Whether importing mcmc_edu is refused in the process.
    limits
        Limits of the process.

    Attributes
    ----------
    loaded : Raised or Ended or None
        Why it could not be loaded; None if it was.
    functions : list of str
        Names of the functions that it has.
    in_force : list of str
        Which limits the operating system keeps here; see `confine`.
    files : list of str
        Names of the files that it has written; known once it is closed.
    printed : str
        What it has printed, cut after some pages; known once it is closed.
    """

    def __init__(
        self,
        work: Path | Callable[..., Any],
        name: str,
        *,
        graded: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self.name, self.limits = name, limits or Limits()
        self.functions: list[str] = []
        self.in_force: list[str] = []
        self.loaded: Raised | Ended | None = None
        self._asked = 0
        self._threads: list[threading.Thread] = []
        self._printed = bytearray()
        self._folder = Path(tempfile.mkdtemp(prefix="mcmc_edu_exercise_"))
        try:
            self._start(work, graded)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the submission itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """End the process and all that it started."""
        self.close()

    def ask(self, *arguments: Any, seconds: float = 10.0) -> Reply:
        """Call the function once.

        Parameters
        ----------
        *arguments
            Arrays, numbers, words and collections of them.  A function or a generator is described:
            ``{"$density": description}``, ``{"$gradient": description}``, ``{"$rng": seed}``.
        seconds
            Time limit of the call, from the second one on: the first may compile.
        """
        reply = self._request({"arguments": list(arguments)}, seconds)
        return reply if isinstance(reply, Ended | Raised) else _reply(reply)

    def ask_many(self, calls: Sequence[Sequence[Any]], *, seconds: float = 10.0) -> list[Reply]:
        """Call the function once for each list of arguments, in one message.

        Calls after the first error are not made; `seconds` is for all of them together.
        """
        replies = self._request({"many": [list(call) for call in calls]}, seconds)
        return [replies] if isinstance(replies, Ended | Raised) else list(map(_reply, replies))

    def close(self) -> None:
        """End the process with everything that it started, keep what it left, remove its folder."""
        if hasattr(self, "_process"):
            _end(self._process)
            for thread in self._threads:  # until what was printed is read
                thread.join(timeout=5.0)
            for stream in (self._requests, self._answers, self._output):
                with contextlib.suppress(OSError):
                    stream.close()
            self.printed = bytes(self._printed).decode(errors="replace")
        if (work := self._folder / "work").exists():
            self.files = sorted(path.name for path in work.iterdir())
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self, work: Path | Callable[..., Any], graded: bool) -> None:
        settings: dict[str, Any] = {
            "folder": str(self._folder / "work"),
            "progress": str(self._folder / "progress"),
            "graded": graded,
            "name": self.name,
            "cpu_seconds": self.limits.cpu_seconds,
            "memory_bytes": self.limits.memory_bytes,
            "file_bytes": self.limits.file_bytes,
            "confined": self.limits.confined,
        }
        (self._folder / "work").mkdir()
        self._progress = self._folder / "progress"
        self._progress.write_bytes(bytes(16))
        if isinstance(work, Path):
            (self._folder / "submission.py").write_bytes(work.read_bytes())
            settings["file"] = str(self._folder / "submission.py")
        else:
            (self._folder / "function").write_bytes(_pickled(work))
            settings["pickle"] = str(self._folder / "function")
        command = [sys.executable, "-I", str(HERE / "child.py"), json.dumps(settings)]
        if sys.platform == "linux":
            command = [sys.executable, "-I", "-S", str(HERE / "warden.py"), *command]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._folder / "work",
            env=_environment(),
            start_new_session=True,
        )
        self._requests = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        self._output = cast(BinaryIO, self._process.stderr)
        self._messages: queue.Queue[Any] = queue.Queue()
        self._threads = [
            threading.Thread(target=work_, daemon=True) for work_ in (self._read, self._drain)
        ]
        for thread in self._threads:
            thread.start()
        ready = self._receive(START_SECONDS)
        if isinstance(ready, Ended):
            self.close()
            raise RuntimeError(f"the process of a submission did not start: {self.printed[-2000:]}")
        self.in_force = ready["ready"]
        reply = self._receive(self.limits.load_seconds)
        if isinstance(reply, Ended):
            self.loaded = reply
        elif "error" in reply:
            self.loaded = Raised(reply["error"], reply["message"], reply["where"])
        else:
            self.functions = reply["functions"]

    def _request(self, request: dict[str, Any], seconds: float) -> Any:
        """Send a request, and return the message that answers it, or how the process ended."""
        if self.loaded is not None:
            return self.loaded
        allowed = max(seconds, self.limits.load_seconds) if self._asked == 0 else seconds
        self._asked += 1
        self._send(request | {"name": self.name})
        reply = self._receive(allowed)
        if isinstance(reply, Ended):
            self.loaded = reply  # there is nothing left to ask
            return reply
        return reply.get("many", reply)

    def _send(self, request: Any) -> None:
        message = codec.dumps(request)
        with contextlib.suppress(BrokenPipeError, OSError):  # it has ended: `_receive` says so
            self._requests.write(struct.pack("=q", len(message)) + message)
            self._requests.flush()

    def _receive(self, seconds: float) -> Any:
        """Return a message, or how the process ended."""
        start = time.monotonic()
        try:
            message = self._messages.get(timeout=seconds)
        except queue.Empty:
            _end(self._process)
            return self._ended("time", f"no answer within {time.monotonic() - start:.0f} s")
        return message if isinstance(message, dict) else self._how_it_ended(message)

    def _how_it_ended(self, message: Any) -> Ended:
        if isinstance(message, ValueError):
            _end(self._process)
            return self._ended("message", str(message))
        code = self._process.wait(timeout=30.0)
        number = -code if code < 0 else code - 128 if code > 128 else 0
        if not number:
            return self._ended("exit", f"exit code {code}")
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        why = {"SIGXCPU": "cpu", "SIGXFSZ": "files"}.get(name, "signal")
        return self._ended(why, name)

    def _ended(self, why: str, detail: str) -> Ended:
        calls, used = struct.unpack("=qq", self._progress.read_bytes()[:16])
        return Ended(why, detail, calls, used)

    def _read(self) -> None:
        """Put messages into the queue as they come; at the end, None."""
        stream = self._answers
        with contextlib.suppress(OSError, ValueError):
            while len(head := stream.read(8)) == 8:
                length = struct.unpack("=q", head)[0]
                if not 0 <= length <= MESSAGE_BYTES:
                    self._messages.put(ValueError(f"an answer of {length} bytes"))
                    return
                try:
                    self._messages.put(codec.loads(stream.read(length)))
                except ValueError as error:
                    self._messages.put(error)
                    return
        self._messages.put(None)

    def _drain(self) -> None:
        """Keep the beginning of what is printed; read the rest, so that printing never waits."""
        stream = self._output
        with contextlib.suppress(OSError, ValueError):
            while block := os.read(stream.fileno(), 1 << 16):
                self._printed += block[: PRINTED_BYTES - len(self._printed)]


def _reply(message: dict[str, Any]) -> Answer | Raised:
    """Return what a message says."""
    if "error" in message:
        return Raised(message["error"], message["message"], message["where"])
    return Answer(**message)


def _environment() -> dict[str, str]:
    """Return the environment of the process: one thread, and no word of the grader's."""
    kept = {"PATH", "HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
    return environment | dict.fromkeys(threads, "1")


def _pickled(function: Callable[..., Any]) -> bytes:
    """Return a function with its code, so that the process needs none of the modules here."""
    try:
        import cloudpickle
    except ImportError:
        raise ImportError(f"functions are sent by cloudpickle: {INSTALL}; or give a file") from None
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    by_value = module is not None and _is_users(module)
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        return bytes(cloudpickle.dumps(function))
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)


def _is_users(module: Any) -> bool:
    """Say whether a module is a file of the user's, or of our bank, not of another package."""
    if module.__name__.startswith(f"{__package__.rpartition('.')[0]}.tasks."):
        return True
    file = getattr(module, "__file__", None)
    if module.__name__ == "__main__" or not file:
        return False
    return not {"site-packages", "dist-packages"} & set(Path(file).parts) and not Path(
        file
    ).is_relative_to(Path(os.__file__).parent)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process; its warden, where there is one, ends all that it has started."""
    if process.poll() is not None:
        return
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10.0)
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
        process.wait()
