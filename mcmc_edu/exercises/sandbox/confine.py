"""Limits of the process in which a submission runs.  Once set, the process cannot lift them.

On Linux, three mechanisms of the kernel, none of which needs rights:

    setrlimit   CPU time, memory, size of files; no core dumps
    Landlock    files are written in one folder only (from Linux 5.13)
    seccomp     no new processes or programs, no signals to other processes and no look into them,
                no network (x86-64 and 64-bit ARM)

On macOS there is the first, on Windows none of them.  `confine` says which are in force.
This file runs in the process of the submission and imports the standard library alone.

Sources: seccomp(2), landlock(7) and prctl(2) of the Linux man-pages.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
SECCOMP_MODE_FILTER = 2
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
"""What the filter answers; REFUSE is or'ed with the error number that the caller sees."""
CLONE_THREAD = 0x00010000

WRITE_TO_FILE = 1 << 1 | 1 << 14
"""Landlock's rights to write to, and to truncate, a file that is there."""

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SYSTEM_CALLS = {
    "x86_64": {
        "clone": 56,
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "kill": 62,
        "tkill": 200,
        "tgkill": 234,
        "ptrace": 101,
        "socket": 41,
        "execveat": 322,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "clone3": 435,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297,
        "io_uring_setup": 425,
    },
    "aarch64": {
        "clone": 220,
        "execve": 221,
        "kill": 129,
        "tkill": 130,
        "tgkill": 131,
        "ptrace": 117,
        "socket": 198,
        "execveat": 281,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "clone3": 435,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240,
        "io_uring_setup": 425,
    },
}
NO_SUCH_CALL = ("clone3", "io_uring_setup")
"""Refused as unknown: libraries then use `clone`, whose flags the filter can read."""
TO_ITSELF = ("kill", "tgkill")
"""Allowed if the first argument is the process itself, as in `os.abort`."""


def limit_resources(cpu_seconds: int, memory_bytes: int, file_bytes: int) -> list[str]:
    """Set limits that the kernel keeps, and return the names of those that are in force."""
    if sys.platform == "win32":
        return []
    import resource

    wanted = {
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_AS": memory_bytes,
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_CORE": 0,
    }
    done = []
    for name, value in wanted.items():
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS has no limit of address space
            continue
        done.append(name)
    return done


def confine(folder: str) -> list[str]:
    """Refuse files outside `folder`, processes, signals and network; return what is in force."""
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return []
    done = []
    if _landlock(libc, folder):
        done.append("landlock")
    if _seccomp(libc):
        done.append("seccomp")
    return done


def _seccomp(libc: ctypes.CDLL) -> bool:
    """Install the filter of system calls; return whether it is in force."""
    machine = platform.machine()
    if machine not in SYSTEM_CALLS:
        return False
    program = b"".join(filter_program(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head, 0, 0) == 0)


def filter_program(machine: str, pid: int) -> list[bytes]:
    """Return the filter in the kernel's small language: load, compare, jump, answer.

    Offsets are those of `struct seccomp_data`: 0 the call's number, 4 the architecture, 16 the
    lower half of its first argument.
    """

    def load(offset: int) -> bytes:
        return struct.pack("HBBI", 0x20, 0, 0, offset)

    def if_equal(value: int, then: int, otherwise: int) -> bytes:
        return struct.pack("HBBI", 0x15, then, otherwise, value)

    def if_bits(value: int, then: int, otherwise: int) -> bytes:
        return struct.pack("HBBI", 0x45, then, otherwise, value)

    def answer(value: int) -> bytes:
        return struct.pack("HBBI", 0x06, 0, 0, value)

    refuse = answer(REFUSE | errno.EPERM)
    program = [load(4), if_equal(AUDIT_ARCH[machine], 1, 0), refuse, load(0)]
    if machine == "x86_64":  # the calls of 32-bit pointers have numbers of their own: none of them
        program += [struct.pack("HBBI", 0x35, 0, 1, 0x40000000), refuse]
    for name, number in SYSTEM_CALLS[machine].items():
        if name in NO_SUCH_CALL:
            program += [if_equal(number, 0, 1), answer(REFUSE | errno.ENOSYS)]
        elif name == "clone":  # a thread is allowed, a process is not
            program += [if_equal(number, 0, 4), load(16), if_bits(CLONE_THREAD, 1, 0), refuse]
            program += [answer(ALLOW)]
        elif name in TO_ITSELF:
            program += [if_equal(number, 0, 4), load(16), if_equal(pid, 1, 0), refuse]
            program += [answer(ALLOW)]
        else:
            program += [if_equal(number, 0, 1), refuse]
    return [*program, answer(ALLOW)]


def _landlock(libc: ctypes.CDLL, folder: str) -> bool:
    """Refuse to write, make or remove files outside `folder`; return whether that is in force."""
    create, add_rule, restrict = 444, 445, 446
    version = libc.syscall(create, None, 0, 1)
    if version < 1:
        return False
    write = 0b1_1111_1111_0010  # write a file (bit 1); remove and make files of all kinds (4 to 12)
    if version >= 2:
        write |= 1 << 13  # move between folders
    if version >= 3:
        write |= 1 << 14  # truncate
    attribute = struct.pack("Q", write)
    rules = libc.syscall(create, attribute, len(attribute), 0)
    if rules < 0:
        return False
    try:
        for path in (folder, "/dev/null"):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = write if path == folder else write & WRITE_TO_FILE
            libc.syscall(add_rule, rules, 1, struct.pack("=Qi", allowed, place), 0)
            os.close(place)
        return bool(libc.syscall(restrict, rules, 0) == 0)
    finally:
        os.close(rules)
