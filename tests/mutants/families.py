"""Bugs planted in `families/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "effects of one category are in all",
        "families/categories.py",
        "_in_block",
        "columns[c] = g.columns",
        "columns[:] = g.columns",
        "test_categories.py::test_the_linear_predictor_of_new_rows_on_paper",
    ),
    Mutant(
        "an empty category of an ordered outcome is dropped",
        "families/categories.py",
        "coded",
        "made = _with_declared(design) if family.thresholds else design",
        "made = design",
        "test_reported_verbs.py::test_an_ordered_outcome_keeps_what_is_declared",
    ),
    Mutant(
        "new rows do not know the categories of numbers",
        "families/categories.py",
        "_new_rows",
        "(made, y=np.array(y if known else [], dtype=float), outcome_levels=levels)",
        "(made, y=np.array(y if known else [], dtype=float))",
        "test_reported_verbs.py::test_categories_of_numbers_have_new_rows",
    ),
    Mutant(
        "rows are numbered after some were left out",
        "families/outcomes.py",
        "row_number",
        "int(rows[i]) + 1",
        "i + 1",
        "test_models.py::test_rows_are_numbered_as_in_the_data",
    ),
    Mutant(
        "an error of 0 is a standard error",
        "families/outcomes.py",
        "check_se",
        "design.se <= 0.0",
        "design.se < 0.0",
        "test_known_errors.py::test_what_is_no_standard_error_is_refused",
    ),
    Mutant(
        "standard errors of other families are passed over",
        "families/outcomes.py",
        "check",
        "if design.se is not None and not family.known_se:",
        "if False:",
        "test_known_errors.py::test_what_is_no_standard_error_is_refused",
    ),
]
