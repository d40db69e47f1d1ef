"""Processes of submissions end with them; what is refused in them is the package alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_sandbox import LINUX, processes_with, written

from mcmc_edu.exercises.sandbox import Answer, Limits, Submission, child, warden

LEAVES = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, 99)
        time.sleep(6)
        os._exit(0)
    time.sleep(0.3)  # the other leaves the session
    return 1.0
"""


@LINUX
def test_a_process_that_left_the_session_goes_with_the_submission(tmp_path: Path) -> None:
    limits = Limits(confined=False)
    with Submission(written(tmp_path, LEAVES), "f", limits=limits) as submission:
        assert isinstance(submission.ask(), Answer)
        word = submission._folder.name
    assert processes_with(word) == []


@LINUX
def test_children_of_children_are_found() -> None:
    source = "import os, time\nif os.fork(): os.wait()\ntime.sleep(20)"
    with subprocess.Popen([sys.executable, "-c", source]) as process:
        for _ in range(100):
            found = warden.descendants(os.getpid())
            below = set(found) - {process.pid}
            if below & set(warden.descendants(process.pid)):
                break
            time.sleep(0.05)
        among = {process.pid, *warden.descendants(process.pid)} <= set(found)
        for pid in [*warden.descendants(process.pid), process.pid]:
            os.kill(pid, 9)
    assert below
    assert among


def test_the_folder_goes_with_the_submission(tmp_path: Path) -> None:
    with Submission(written(tmp_path, "def f():\n    return 1.0"), "f") as submission:
        folder = submission._folder
        assert folder.exists()
    assert not folder.exists()


def test_only_the_package_is_refused() -> None:
    refuse = child.NoPackage().find_spec
    for name in ("mcmc_edu", "mcmc_edu.samplers.hmc"):
        with pytest.raises(ImportError, match="may not import mcmc_edu"):
            refuse(name, None)
    for name in ("mcmc_education", "numpy", "my.mcmc_edu"):
        refuse(name, None)
