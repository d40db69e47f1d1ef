"""`verify` holds for every exercise, and finds the fault that is planted in a copy of it."""

import json
from pathlib import Path

import pytest
from planted_faults import FAULTS, Fault, exercise_with

from mcmc_edu.cli import main
from mcmc_edu.exercises import catalogue
from mcmc_edu.exercises.verifying import Verification, Verified, verify

ids = {"ids": lambda fault: fault.exercise}
LONG = {"nuts"}
"""Exercises with an answer that takes ten seconds to examine."""
quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def first_lines(verification: Verification) -> list[str]:
    """Return what does not hold, without the grader's messages."""
    return [p.partition("\n")[0] for v in verification.exercises for p in v.problems]


def test_there_is_a_fault_for_each_exercise() -> None:
    names = [exercise.name for exercise in catalogue.exercises()]
    assert sorted(fault.exercise for fault in FAULTS) == sorted(names)
    assert {fault.file for fault in FAULTS} == {"solution.py", "stub.py", "bank.py", "rules.py"}


@quiet
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, marks=[pytest.mark.slow] if fault.exercise in LONG else [])
        for fault in FAULTS
    ],
    **ids,
)
def test_verify_holds_where_no_fault_is_planted(fault: Fault) -> None:
    table = verify([catalogue.find(fault.exercise)], only=fault.only)
    assert first_lines(table) == []
    assert table.holds


@quiet
@pytest.mark.parametrize("fault", FAULTS, **ids)
def test_verify_finds_the_fault_that_is_planted(fault: Fault, tmp_path: Path) -> None:
    with exercise_with(fault, tmp_path) as exercise:
        table = verify([exercise], only=fault.only)
    assert first_lines(table) == [f"{fault.exercise}: {problem}" for problem in fault.problems]
    assert not table.holds


def test_a_planted_fault_is_gone_afterwards(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.exercise == "jacobian")
    exercise = catalogue.find("jacobian")
    before = exercise.rules, exercise.bank
    with exercise_with(fault, tmp_path) as copy:
        assert copy.rules is not before[0]
        assert copy.folder == tmp_path / "jacobian"
    assert exercise.rules is before[0]
    assert exercise.bank is before[1]
    assert not exercise.folder.is_relative_to(tmp_path)


def test_a_command_verifies_and_fails_with_a_fault(tmp_path: Path, capsys) -> None:
    assert main(["exercises", "verify", "rmse"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "rmse ..."
    assert said[-1].split() == ["rmse", "3", "8", "8", "0"]
    fault = next(fault for fault in FAULTS if fault.exercise == "rmse")
    with exercise_with(fault, tmp_path):
        assert main(["exercises", "verify", "rmse"]) == 1
        assert "rmse: right, but failed: solution\n" in capsys.readouterr().out
        assert main(["exercises", "verify", "rmse", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert not report["holds"]
    assert report["exercises"][0]["problems"][0].startswith("rmse: right, but failed: solution")


def test_only_what_is_asked_for_is_looked_at() -> None:
    exercise = catalogue.find("rmse")
    (found,) = verify([exercise], only=["loop", "root-missing"]).exercises
    assert found == Verified("rmse", [], bugs=2, named=2, misnamed=0, right=1)
    with pytest.raises(ValueError, match="no such part of these exercises: lop, rootless"):
        verify([exercise], only=["rootless", "loop", "lop"])


def test_the_table_adds_up() -> None:
    table = Verification([Verified("a", [], 2, 1, 0, 3), Verified("b", ["b: the stub passes"], 5)])
    assert not table.holds
    assert [line.split() for line in str(table).splitlines()[1:]] == [
        ["a", "3", "2", "1", "0"],
        ["b", "0", "5", "0", "0"],
        ["all", "3", "7", "1", "0"],
        ["b:", "the", "stub", "passes"],
    ]
