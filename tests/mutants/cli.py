"""Bugs planted in `cli/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "the file is tried after the fit",
        "cli/fit.py",
        "run",
        "_check_out(options.out)\nfit = fitted(options, read(options.data), lambda model: None)",
        "fit = fitted(options, read(options.data), lambda model: None)\n_check_out(options.out)",
        "test_fit_command.py::test_nothing_is_computed_before_the_file_is_known_to_be_writable",
    ),
    Mutant(
        "the option for missing values is not passed on",
        "cli/fit.py",
        "fitted",
        'missing="drop" if options.drop_missing else "error"',
        'missing="error"',
        "test_fit_command.py::test_rows_with_missing_values_are_left_out_if_asked",
    ),
    Mutant(
        "a reader's notebook is written over",
        "cli/lessons.py",
        "build",
        "if not fresh:",
        "if False:",
        "test_lessons_command.py::test_notebooks_are_built_and_a_readers_own_stays",
    ),
    Mutant(
        "lesson 2 is not 02",
        "cli/lessons.py",
        "find",
        'r"0\\1"',
        'r"\\1"',
        "test_lessons_command.py::test_a_lesson_is_found_by_its_number[1-01]",
    ),
]
