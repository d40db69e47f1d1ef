"""Submissions run in a process of their own, from which values come back and nothing else."""

import contextlib
import enum
import os
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hostile import BANK, Hostile
from scipy import stats

from mcmc_edu.exercises.sandbox import Answer, Ended, Limits, Raised, Submission, codec, densities
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
    assert isinstance(reply, Answer)
    assert (reply.changed, reply.global_random, reply.patched) == ([0], True, ["math.exp"])
    assert submission.files == ["note.txt"]
    assert submission.printed == "here\n"


@pytest.mark.parametrize(
    ("end", "then"), [("", "return 1.0"), ("", "raise ValueError"), ("\n", "while True: pass")]
)
def test_what_is_printed_is_there_however_a_call_goes_on(
    tmp_path: Path, end: str, then: str
) -> None:
    limits = Limits(load_seconds=20.0)
    source = f"def f(now):\n    if now:\n        print('here', end={end!r})\n        {then}"
    with Submission(written(tmp_path, source), "f", limits=limits) as submission:
        submission.ask(False)
        submission.ask(True, seconds=1.0)
    assert submission.printed == f"here{end}"


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


EPERM, ENOSYS = 0x00050001, 0x00050026
ALLOWED = 0x7FFF0000
REFUSED = {
    "x86_64": {
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "execveat": 322,
        "tkill": 200,
        "ptrace": 101,
        "socket": 41,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297,
    },
    "aarch64": {
        "execve": 221,
        "execveat": 281,
        "tkill": 130,
        "ptrace": 117,
        "socket": 198,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240,
    },
}
"""Numbers of system calls in Linux' tables, syscall_64.tbl and asm-generic/unistd.h."""
BY_ARGUMENT = {
    "x86_64": {"clone": 56, "kill": 62, "tgkill": 234},
    "aarch64": {"clone": 220, "kill": 129, "tgkill": 131},
}
HARMLESS = {"x86_64": (0, 1, 9, 202, 257), "aarch64": (63, 64, 222, 98, 56)}
"""read, write, mmap, futex, openat."""
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def decided(machine: str, number: int, argument: int = 0, architecture: int = 0) -> int:
    """Run the filter of process 1234 as the kernel does, and return what it answers to a call."""
    program = filter_program(machine, 1234)
    data = {0: number, 4: architecture or ARCHITECTURE[machine], 16: argument}
    held, place = 0, 0
    while True:
        code, then, otherwise, value = struct.unpack("=HBBI", program[place])
        if code == 0x06:
            return value
        place += 1
        if code == 0x20:
            held = data[value]
        else:
            holds = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}[code]
            place += then if holds else otherwise


@pytest.mark.parametrize("machine", sorted(SYSTEM_CALLS))
def test_the_filter_has_no_hole(machine: str) -> None:
    refused = {name: decided(machine, number) for name, number in REFUSED[machine].items()}
    assert refused == dict.fromkeys(refused, EPERM)
    assert {decided(machine, number) for number in HARMLESS[machine]} == {ALLOWED}
    assert [decided(machine, number) for number in (435, 425)] == [ENOSYS, ENOSYS]
    calls = BY_ARGUMENT[machine]
    new_process, new_thread = 0x01200011, 0x003D0F00  # flags of fork and of pthread_create
    assert decided(machine, calls["clone"], new_process) == EPERM
    assert decided(machine, calls["clone"], new_thread) == ALLOWED
    for name in ("kill", "tgkill"):
        assert decided(machine, calls[name], 1234) == ALLOWED
        for other in (1, 1235, 0, 0xFFFFFFFF):
            assert decided(machine, calls[name], other) == EPERM
    assert decided(machine, 0, architecture=0x40000003) == EPERM  # calls of 32-bit x86


def test_calls_with_32_bit_pointers_are_refused() -> None:
    assert {decided("x86_64", 0x40000000 + number) for number in (0, 57, 520)} == {EPERM}


@LINUX
def test_limits_are_those_that_were_asked_for(tmp_path: Path) -> None:
    source = (
        "import resource as r\ndef f():\n"
        "    kinds = (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_CORE)\n"
        "    return [list(r.getrlimit(kind)) for kind in kinds]"
    )
    limits = Limits(cpu_seconds=77, memory_bytes=3 << 30, file_bytes=54321)
    with Submission(written(tmp_path, source), "f", limits=limits) as submission:
        reply = submission.ask()
        assert {"RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE"} <= set(submission.in_force)
    assert isinstance(reply, Answer)
    assert reply.value == [[77, 77], [3 << 30, 3 << 30], [54321, 54321], [0, 0]]


@LINUX
def test_files_elsewhere_are_neither_made_nor_changed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("as it was")
    source = (
        "import os\n"
        "def f(path):\n"
        "    refused = []\n"
        "    for act in (lambda: open(path, 'r+'), lambda: open(path + '2', 'w'),\n"
        "                lambda: os.remove(path), lambda: os.mkdir(path + '3')):\n"
        "        try: act()\n"
        "        except PermissionError: refused.append(True)\n"
        "        else: refused.append(False)\n"
        "    open(os.devnull, 'w').close()\n"
        "    open('own', 'w').close()\n"
        "    return refused"
    )
    with Submission(written(tmp_path, source), "f") as submission:
        if "landlock" not in submission.in_force:
            pytest.skip("the kernel does not refuse it here")
        reply = submission.ask(str(theirs))
    assert submission.files == ["own"]
    assert isinstance(reply, Answer)
    assert reply.value == [True, True, True, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.py", "theirs"]


def test_the_first_call_has_the_time_of_loading(tmp_path: Path) -> None:
    with Submission(written(tmp_path, "def f(x):\n    return x + 1"), "f") as submission:
        assert isinstance(submission.ask(1.0, seconds=0.0), Answer)  # it may compile


def test_the_clock_of_loading_starts_when_python_has_started(tmp_path: Path) -> None:
    limits = Limits(load_seconds=0.0)
    with Submission(written(tmp_path, "while True: pass"), "f", limits=limits) as submission:
        assert isinstance(submission.loaded, Ended)
        assert submission.loaded.why == "time"
        assert submission.ask() == submission.loaded


def test_calls_after_an_error_are_not_made(tmp_path: Path) -> None:
    source = "def f(x):\n    open(f'{x}', 'w').close()\n    return 1 / x"
    with Submission(written(tmp_path, source), "f") as submission:
        replies = submission.ask_many([[2], [0], [4]])
    assert submission.files == ["0", "2"]
    assert [type(reply) for reply in replies] == [Answer, Raised]


def test_of_what_is_printed_and_said_the_beginning_is_kept(tmp_path: Path) -> None:
    source = "def f():\n    print('a' * 100_000)\n    raise ValueError('b' * 100_000)"
    with Submission(written(tmp_path, source), "f") as submission:
        reply = submission.ask()
    assert isinstance(reply, Raised)
    assert reply.message == "b" * 2000
    assert set(submission.printed) == {"a"}
    assert len(submission.printed) == 20_000


def test_calls_of_what_is_given_are_counted_and_their_places_kept(tmp_path: Path) -> None:
    source = "def f(g):\n    return [g([float(k)]) for k in range(5)]"
    density = {"kind": "normal", "mean": np.zeros(1), "precision": np.eye(1)}
    with Submission(written(tmp_path, source), "f") as submission:
        reply = submission.ask({"$density": density, "keep": 3})
    assert isinstance(reply, Answer)
    assert reply.value == [0.0, -0.5, -2.0, -4.5, -8.0]
    assert reply.calls == [5]
    assert np.array_equal(reply.places[0], [[0.0], [1.0], [2.0]])


class Colour(enum.IntEnum):
    """A number with a name."""

    RED = 3


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Colour.RED, 3),
        (np.array([1j]), "<an object of type numpy.ndarray of dtype complex128>"),
        (np.complex128(1j), "<an object of type numpy.complex128>"),
        ({1: 2}, "<an object of type dict>"),
        (object(), "<an object of type object>"),
    ],
    ids=["enum", "complex array", "complex", "dict", "object"],
)
def test_what_cannot_be_sent_is_called_by_its_type(value: object, sent: object) -> None:
    back = codec.loads(codec.dumps(value))
    if isinstance(sent, str):
        assert repr(back).startswith(sent)
    else:
        assert type(back) is int
        assert back == sent


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="they are ordinary ones here")
def test_long_doubles_are_not_sent() -> None:
    for value in (np.longdouble(1.0), np.zeros(3, dtype=np.longdouble)):
        assert isinstance(codec.loads(codec.dumps(value)), codec.Other)


def test_arrays_may_be_changed_where_they_arrive() -> None:
    back = codec.loads(codec.dumps(np.array([[1.0, 2.0], [3.0, 4.0]])[:, ::-1]))
    back[0, 0] = 7.0
    assert np.array_equal(back, [[7.0, 1.0], [4.0, 3.0]])


PRECISION = np.array([[1.5, -0.9], [-0.9, 1.1]])
HILLS = {"weights": np.array([0.3, 0.7]), "means": np.array([-1.0, 2.0])}
DENSITIES = {
    "normal": (
        {"mean": np.array([1.0, -2.0]), "precision": PRECISION, "constant": 5.0},
        lambda x: stats.multivariate_normal([1.0, -2.0], np.linalg.inv(PRECISION)).logpdf(x),
        np.array([[0.3, 1.0], [2.0, -2.5], [1.0, -2.0]]),
    ),
    "mixture": (
        HILLS | {"sds": np.array([0.8, 1.1])},
        lambda x: np.log(0.3 * stats.norm.pdf(x[0], -1, 0.8) + 0.7 * stats.norm.pdf(x[0], 2, 1.1)),
        np.array([[0.0], [2.5], [-3.0]]),
    ),
    "gamma": (
        {"shape": np.array([3.0, 2.0]), "rate": np.array([1.5, 0.5]), "constant": -7.0},
        lambda x: stats.gamma.logpdf(x, [3.0, 2.0], scale=[1 / 1.5, 2.0]).sum(),
        np.array([[0.5, 3.0], [2.0, 0.1], [1.0, -1.0]]),
    ),
    "steps": (
        {"edges": np.array([0.0, 1.0, 3.0]), "log_heights": np.log([0.4, 0.3])},
        lambda x: np.log(0.4 if 0 <= x[0] < 1 else 0.3) if 0 <= x[0] < 3 else -np.inf,
        np.array([[0.5], [1.0], [2.9], [3.0], [-0.1]]),
    ),
}


@pytest.mark.parametrize("kind", DENSITIES)
def test_densities_are_those_of_scipy_up_to_a_constant(kind: str) -> None:
    numbers, expected, places = DENSITIES[kind]
    f = densities.log_density({"kind": kind} | numbers)
    with np.errstate(divide="ignore"):
        difference = [f(place) - expected(place) for place in places if f(place) > -np.inf]
        assert [f(place) > -np.inf for place in places] == [expected(p) > -np.inf for p in places]
    np.testing.assert_allclose(difference, difference[0], rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("kind", ["normal", "mixture", "steps"])
def test_gradients_are_those_of_the_densities(kind: str) -> None:
    numbers, _, places = DENSITIES[kind]
    f = densities.log_density({"kind": kind} | numbers)
    gradient = densities.gradient({"kind": kind} | numbers)
    for place in places[:2] + 0.01:
        steps = 1e-6 * np.eye(place.size)
        expected = [(f(place + h) - f(place - h)) / 2e-6 for h in steps]
        np.testing.assert_allclose(gradient(place), expected, rtol=1e-6, atol=1e-7)
