"""Bugs planted in `exercises/`, its sandbox and its command, by file."""

from .bug import Mutant

CHECKING = "exercises/checking.py"
MUTANTS = [
    Mutant(
        "warnings are called prints",
        CHECKING,
        "_said",
        "warned = [k for k, line in enumerate(lines) if WARNING.match(line)]",
        "warned = []",
        "test_exercises.py::test_warnings_are_no_prints",
    ),
    Mutant(
        "warnings are told of right answers",
        CHECKING,
        "_said",
        "if warned and not passed:",
        "if warned:",
        "test_exercises.py::test_warnings_are_no_prints",
    ),
    Mutant(
        "graded work that is wrong has a score",
        CHECKING,
        "check",
        "if not result.passed:",
        "if False:",
        "test_exercises.py::test_graded_work_returns_a_float_or_raises_and_is_silent",
    ),
    Mutant(
        "hints are one too far",
        CHECKING,
        "examine",
        'f"Hint {hint}: {exercise.about.hints[hint - 1]}"',
        'f"Hint {hint}: {exercise.about.hints[hint % 3]}"',
        "test_exercises.py::test_a_hint_stands_below_the_message",
    ),
    Mutant(
        "verify overlooks a wrong name",
        "exercises/verifying.py",
        "verify_one",
        "elif result.bug not in (None, kind):",
        "elif False:",
        "test_verifying.py::test_verify_finds_the_fault_that_is_planted",
    ),
    Mutant(
        "verify overlooks a bug that passes",
        "exercises/verifying.py",
        "verify_one",
        'verified.problems.append(f"{name}: wrong, but passes: {which}")',
        "pass",
        "test_verifying.py::test_verify_finds_the_fault_that_is_planted",
    ),
    Mutant(
        "a wrong answer passes",
        "exercises/result.py",
        "result_of",
        "1.0 if finding.passed else 0.0",
        "1.0",
        "test_exercises.py::test_the_report_is_one_json",
    ),
    Mutant(
        "a density takes any shape",
        "exercises/sandbox/densities.py",
        "_point",
        "if point.shape != (dim,):",
        "if False:",
        "test_students.py::test_what_a_try_is_told",
    ),
    Mutant(
        "a line of a library is called the student's",
        "exercises/sandbox/child.py",
        "_is_own",
        'not filename.endswith(".pyx") and',
        "",
        "test_exercises.py::test_the_line_of_an_error_is_the_students",
    ),
]
