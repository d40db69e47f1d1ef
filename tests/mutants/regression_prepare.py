"""Bugs planted in `regression/prepare/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "both bars of a group are collapsed",
        "regression/prepare/form_choice.py",
        "choose_forms",
        'form = "auto"',
        "pass",
        "test_models.py::test_two_bars_of_one_group",
    ),
    Mutant(
        "a coefficient may have the name of a parameter",
        "regression/prepare/quantity_names.py",
        "refuse_shared_names",
        "reserved = {*family.own, *HORSESHOE}",
        "reserved = {*HORSESHOE}",
        "test_models.py::test_a_column_with_the_name_of_a_parameter_is_refused"
        "[gaussian-sigma-sigma]",
    ),
    Mutant(
        "any column may be called Intercept",
        "regression/prepare/quantity_names.py",
        "refuse_false_intercepts",
        "if name == INTERCEPT and (column != 1.0).any():",
        "if name == INTERCEPT and (column != 1.0).all():",
        "test_models.py::test_a_column_with_the_name_of_a_parameter_is_refused"
        "[gaussian-Intercept-0 + Intercept]",
    ),
    Mutant(
        "the offset is added twice",
        "regression/prepare/rows_data.py",
        "gaussian_outcomes",
        "y = (family.on_scale(design.y) - design.offset - units.y_center) / units.y_scale",
        "y = (family.on_scale(design.y) - 2.0 * design.offset - units.y_center) / units.y_scale",
        "test_kernel.py::test_density_is_the_one_on_paper",
    ),
    Mutant(
        "effects are shared out twice",
        "regression/prepare/shares.py",
        "data_shares",
        "slope = slope - weight * (term.eta - before)",
        "",
        "test_models.py::test_effects_of_two_factors_are_not_those_of_each_over_again",
    ),
    Mutant(
        "rows are not sorted into their groups",
        "regression/prepare/summaries.py",
        "summarise",
        'order = np.argsort(cell, kind="stable")',
        "order = np.arange(cell.size)",
        "test_post.py::test_rows_may_come_in_any_order",
    ),
    Mutant(
        "rows of a cell are lost",
        "regression/prepare/summaries.py",
        "summarise",
        "rest.append(triangles[:, own:, k:].reshape(-1, q + 1))",
        "rest.append(triangles[:1, own:, k:].reshape(-1, q + 1))",
        "test_kernel.py::test_density_is_the_one_on_paper",
    ),
    Mutant(
        "effects of later terms begin in those of the first",
        "regression/prepare/assembly.py",
        "layouts_of",
        "effects + size * levels",
        "effects + size",
        "test_kernel.py::test_gradient_by_differences",
    ),
    Mutant(
        "rows are divided by errors in other units",
        "regression/prepare/rows_data.py",
        "by_error",
        "error = design.se / units.y_scale",
        "error = design.se",
        "test_known_errors.py::test_the_density_is_the_one_on_paper",
    ),
    Mutant(
        "the errors are forgotten in the constant",
        "regression/prepare/rows_data.py",
        "gaussian_constant",
        "family.constant(design.y, np.zeros(0)) - known",
        "family.constant(design.y, np.zeros(0))",
        "test_known_errors.py::test_the_density_is_the_one_on_paper",
    ),
    Mutant(
        "effects are not divided by the errors",
        "regression/prepare/rows_data.py",
        "scaled_z",
        "by_error(term.turned(g, g.columns, g.index), design, units)",
        "term.turned(g, g.columns, g.index)",
        "test_known_errors.py::test_the_density_is_the_one_on_paper",
    ),
]
