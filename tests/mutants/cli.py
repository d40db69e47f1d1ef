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
]
