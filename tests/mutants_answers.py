"""Bugs on purpose in what a model refuses, and in what it says of new rows (see mutants.py)."""

from mutants import Mutant

QUANTITY_NAMES = "regression/prepare/quantity_names.py"
PRIOR_NAMES = "regression/prior_choice/names.py"
DESIGN = "formulas/design.py"
MODEL = "models/model.py"
LOO = "models/verbs/loo/loo.py"
PREDICTION = "models/verbs/prediction/linear_predictor.py"

MUTANTS = [
    Mutant(
        "a coefficient may have the name of a parameter",
        QUANTITY_NAMES,
        "reserved = {*family.own, *HORSESHOE}",
        "reserved = {*HORSESHOE}",
        "test_models.py::test_a_column_with_the_name_of_a_parameter_is_refused[gaussian-sigma-sigma]",
    ),
    Mutant(
        "any column may be called Intercept",
        QUANTITY_NAMES,
        "if name == INTERCEPT and (column != 1.0).any():",
        "if name == INTERCEPT and (column != 1.0).all():",
        "test_models.py::test_a_column_with_the_name_of_a_parameter_is_refused"
        "[gaussian-Intercept-0 + Intercept]",
    ),
    Mutant(
        "trials with a gap are passed over, as outcomes are",
        DESIGN,
        "    needed += [name for names in trials for name in names]",
        "    needed += [n for ns in trials for n in ns if not tables.has_gaps(columns[n])]",
        "test_design.py::test_rows_without_trials_or_with_gaps_in_the_outcome",
    ),
    Mutant(
        "rows are not counted where no column is in use",
        DESIGN,
        'tables.whole(chosen, "new", tables.size(columns))',
        'tables.whole(chosen, "new")',
        "test_design.py::test_rows_are_counted_where_no_column_is_in_use",
    ),
    Mutant(
        "rows are numbered after some were left out",
        "families/outcomes.py",
        "int(rows[i]) + 1",
        "i + 1",
        "test_models.py::test_rows_are_numbered_as_in_the_data",
    ),
    Mutant(
        "levels that are all alike are asked for",
        "models/prepared.py",
        'groups=self.pooling != "complete"',
        "groups=True",
        "test_models.py::test_all_levels_alike_need_no_level",
    ),
    Mutant(
        "trials of new rows are not looked at",
        "models/prepared.py",
        "        outcomes.check_trials(made, self.family)\n",
        "",
        "test_models.py::test_trials_of_new_rows_are_checked",
    ),
    Mutant(
        "a mean of trials must be a whole number",
        "models/verbs/conditional/effects.py",
        "return model.design_for(data)",
        "return model.rows(data)",
        "test_models.py::test_trials_that_are_a_predictor_too_are_held_at_their_mean",
    ),
    Mutant(
        "correlations that a term has not change its scales",
        PRIOR_NAMES,
        "return has_correlations(grouping) and any(",
        "return any(",
        "test_models.py::test_correlations_that_a_term_has_not_leave_its_scales_alone",
    ),
    Mutant(
        "any name of a correlation is taken",
        PRIOR_NAMES,
        '("sd", "cor", "covariance") if has_correlations(grouping) else ("sd", "covariance")',
        '("sd", "cor", "covariance")',
        "test_models.py::test_models_can_share_priors_and_say_which_are_unused",
    ),
    Mutant(
        "the error of a logarithm is that of the mean itself",
        LOO,
        "return found, mcse_mean(p) / float(p.mean())",
        "return found, mcse_mean(p)",
        "test_loo.py::test_the_error_of_the_log_of_a_mean",
    ),
    Mutant(
        "the row that is named is the one with the smallest predictor",
        PREDICTION,
        "eta.reshape(-1, eta.shape[-1]).max(axis=0)",
        "-eta.reshape(-1, eta.shape[-1]).max(axis=0)",
        "test_verbs.py::test_counts_too_large_to_draw",
    ),
]
