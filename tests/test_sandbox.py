"""Submissions run in a process of their own, from which values come back and nothing else."""

import contextlib
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hostile import BANK, Hostile

from mcmc_edu.exercises.sandbox import Answer, Ended, Limits, Raised, Submission, codec
from mcmc_edu.exercises.sandbox.confine import SYSTEM_CALLS, filter_program

IMPATIENT = Limits(load_seconds=1.0, memory_bytes=1 << 30)
PATIENT = Limits(memory_bytes=1 << 30)
"""For what ends by itself, however busy the machine is."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="kept by Linux")


def written(tmp_path: Path, source: str) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(source, encoding="utf-8")
    return path


def processes_with(word: str) -> list[str]:
    """Return the command lines of living processes that have a word."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if word in command:
                found.append(command)
    return found


@LINUX
@pytest.mark.parametrize("hostile", BANK, ids=lambda hostile: hostile.name)
def test_a_hostile_submission_is_contained(hostile: Hostile, tmp_path: Path) -> None:
    limits = IMPATIENT if hostile.seen == "time" else PATIENT
    with Submission(written(tmp_path, hostile.source), "f", limits=limits) as submission:
        if "seccomp" not in submission.in_force and hostile.seen == "PermissionError":
            pytest.skip("the kernel does not refuse it here")
        reply = submission.ask(seconds=limits.load_seconds)
        folder = submission._folder
    seen = {Answer: "answer", Raised: getattr(reply, "error", ""), Ended: getattr(reply, "why", "")}
    assert seen[type(reply)] == hostile.seen, reply
    assert not folder.exists()
    assert processes_with(folder.name) == []


def test_there_are_thirty_hostile_submissions() -> None:
    assert len({hostile.name for hostile in BANK}) >= 30


LEAVES = """
import os, sys, time
def f():
    for _ in range(5):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 99)
            time.sleep(999)
    return 1.0
"""


@LINUX
def test_processes_that_leave_the_session_are_found(tmp_path: Path) -> None:
    limits = Limits(confined=False)
    with Submission(written(tmp_path, LEAVES), "f", limits=limits) as submission:
        assert isinstance(submission.ask(), Answer)
        word = submission._folder.name
        assert len(processes_with(word)) >= 7
    assert processes_with(word) == []


@LINUX
def test_processes_go_when_the_submission_is_stopped_in_the_middle(tmp_path: Path) -> None:
    source = LEAVES.replace("return 1.0", "while True: pass")
    limits = Limits(confined=False, load_seconds=2.0)
    with Submission(written(tmp_path, source), "f", limits=limits) as submission:
        word = submission._folder.name
        reply = submission.ask(seconds=1.0)
    assert isinstance(reply, Ended)
    assert reply.why == "time"
    assert processes_with(word) == []


def test_what_was_done_before_a_timeout_is_told(tmp_path: Path) -> None:
    source = "def f(log_density):\n    for _ in range(37): log_density([0.0])\n    while True: pass"
    density = {"$density": {"kind": "normal", "mean": np.zeros(1), "precision": np.eye(1)}}
    with Submission(written(tmp_path, source), "f", limits=IMPATIENT) as submission:
        reply = submission.ask(density, seconds=0.5)
        after = submission.ask(density)
    assert isinstance(reply, Ended)
    assert (reply.calls, reply.used) == (0, 37)
    assert after == reply


def test_a_function_travels_with_its_code() -> None:
    pytest.importorskip("cloudpickle")
    factor = 3.0

    def f(x: np.ndarray) -> np.ndarray:
        return factor * x

    with Submission(f, "f") as submission:
        reply = submission.ask(np.arange(3.0))
        again = submission.ask_many([[np.ones(1)], [np.zeros(1)]])
    assert isinstance(reply, Answer)
    assert np.array_equal(reply.value, [0.0, 3.0, 6.0])
    assert [answer.value.item() for answer in again if isinstance(answer, Answer)] == [3.0, 0.0]


def test_an_error_is_told_with_its_line_and_no_line_of_ours(tmp_path: Path) -> None:
    source = "def g(x):\n    return 1 / x\ndef f():\n    return g(0)"
    with Submission(written(tmp_path, source), "f") as submission:
        reply = submission.ask()
    assert reply == Raised(
        "ZeroDivisionError",
        "division by zero",
        {"line": 2, "function": "g", "code": "return 1 / x"},
    )


def test_graded_work_may_not_import_the_package(tmp_path: Path) -> None:
    path = written(tmp_path, "def f():\n    import mcmc_edu\n    return 1.0")
    with Submission(path, "f", graded=True) as submission:
        reply = submission.ask()
    assert isinstance(reply, Raised)
    assert reply.error == "ImportError"
    assert "may not import mcmc_edu" in reply.message


def test_what_a_call_does_besides_is_told(tmp_path: Path) -> None:
    source = (
        "import numpy as np, math\n"
        "def f(x):\n    x += 1\n    np.random.normal()\n    math.exp = max\n"
        "    open('note.txt', 'w').close()\n    print('here')\n    return 2.0"
    )
    with Submission(written(tmp_path, source), "f") as submission:
        reply = submission.ask(np.zeros(2))
        assert submission.files == ["note.txt"]
    assert isinstance(reply, Answer)
    assert (reply.changed, reply.global_random, reply.patched) == ([0], True, ["math.exp"])
    assert submission.printed == "here\n"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.1,
        float("inf"),
        "word",
        [1, 2.5],
        (1, "a"),
        {"a": (np.arange(3), [np.float64(2.5)])},
        np.zeros((0, 2)),
        np.array([True, False]),
    ],
    ids=str,
)
def test_messages_come_back_as_they_were(value: object) -> None:
    back = codec.loads(codec.dumps(value))
    assert repr(back) == repr(value)
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "message", [b"\xff", b"{", b'{"a": 1, "b": 2}', b'{"$array": ["O", [1], ""]}', b'{"$x": 1}']
)
def test_a_damaged_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (numpy and json have messages of their own)
        codec.loads(message)


@pytest.mark.parametrize("machine", sorted(SYSTEM_CALLS))
def test_the_filter_jumps_within_itself(machine: str) -> None:
    program = filter_program(machine, 1234)
    for place, line in enumerate(program):
        kind = int.from_bytes(line[:2], sys.byteorder)
        if kind & 0x07 == 0x05:  # a jump
            assert all(place + 1 + line[k] < len(program) for k in (2, 3))
    assert len(program) < 4096


def test_nothing_of_the_environment_reaches_a_submission(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "very secret")
    path = written(tmp_path, "import os\ndef f():\n    return str(dict(os.environ))")
    with Submission(path, "f") as submission:
        reply = submission.ask()
    assert isinstance(reply, Answer)
    assert "very secret" not in reply.value
    assert os.environ["SECRET_TOKEN"] == "very secret"
