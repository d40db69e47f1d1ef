"""Bugs planted in `models/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "a name is imported later and type checkers are not told",
        "models/__init__.py",
        "",
        "from .verbs.loo.compare import compare",
        "",
        "test_rooms.py::test_type_checkers_see_what_is_imported_later[models]",
    ),
    Mutant(
        "the forms of the terms are chosen anew",
        "models/loading.py",
        "rebuild",
        "made.changed(fixed_choices=choices)",
        "made",
        "test_verbs.py::test_a_loaded_model_keeps_forms_that_would_not_be_chosen_again",
    ),
    Mutant(
        "priors forget that they are to be scaled",
        "models/loading.py",
        "_prior",
        'scaled = {"autoscale": True} if value["autoscale"] else {}',
        "scaled: dict[str, bool] = {}",
        "test_verbs.py::test_a_loaded_model_is_the_same_model[priors]",
    ),
    Mutant(
        "a file is trusted",
        "models/loading.py",
        "_check",
        "reason = None if newer or trust else",
        "reason = None if newer or not trust else",
        "test_verbs.py::test_files_that_were_tampered_with[formula]",
    ),
    Mutant(
        "a fit is loaded with priors chosen anew",
        "models/loading.py",
        "_resolve",
        "return lambda design, family, given, unpooled: found",
        "return resolved.resolve_today",
        "test_formats.py::test_a_fit_keeps_what_its_defaults_came_to[gaussian]",
    ),
    Mutant(
        "levels that are all alike are asked for",
        "models/prepared.py",
        "Prepared.design_for",
        'groups=self.pooling != "complete"',
        "groups=True",
        "test_models.py::test_all_levels_alike_need_no_level",
    ),
    Mutant(
        "trials of new rows are not looked at",
        "models/prepared.py",
        "Prepared.rows",
        "outcomes.check_trials(made, self.family)",
        "",
        "test_models.py::test_trials_of_new_rows_are_checked",
    ),
    Mutant(
        "the intercept's prior is taken at x = 0",
        "models/prior_predictive.py",
        "prior_predictive",
        "units.coefficients(beta) @ rows.columns.T",
        "units.slopes(beta) @ rows.columns.T",
        "test_verbs.py::test_moments_of_a_gaussian_hierarchy",
    ),
    Mutant(
        "every row has effects of its own",
        "models/prior_predictive.py",
        "prior_predictive",
        "b[:, :, g.index], g.columns",
        "b[:, :, np.arange(g.index.size) % len(g.levels)], g.columns",
        "test_verbs.py::test_moments_of_a_gaussian_hierarchy",
    ),
    Mutant(
        "effects are correlated after ||",
        "models/prior_predictive.py",
        "_effects",
        "if size > 1 and g.correlated:",
        "if size > 1:",
        "test_verbs.py::test_correlations_of_effects",
    ),
    Mutant(
        "decov forgets the noise",
        "models/prior_predictive.py",
        "_effects",
        'own.get("sigma", np.ones(draws))',
        "np.ones(draws)",
        "test_verbs.py::test_decov_is_in_units_of_the_noise",
    ),
    Mutant(
        "text that is evaluated passes for text",
        "models/source.py",
        "",
        '(rf"""(?<!\\w)(?:\'[^\'\\\\]*\'|"[^"\\\\]*")                # text, not the f\'\' that is '
        "evaluated\n"
        "    |`(?P<quoted>[^`]*)`\n"
        "    |(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?(?!\\w)\n"
        "    |(?P<name>{NAME})(?P<called>\\s*\\()?(?P<keyword>\\s*=(?!=))?\n"
        '    |[-+*/:^|~(),=<>!&\\[\\]\\s]""", re.VERBOSE)',
        '(rf"""(?:\'[^\'\\\\]*\'|"[^"\\\\]*")                # text, not the f\'\' that is '
        "evaluated\n"
        "    |`(?P<quoted>[^`]*)`\n"
        "    |(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?(?!\\w)\n"
        "    |(?P<name>{NAME})(?P<called>\\s*\\()?(?P<keyword>\\s*=(?!=))?\n"
        '    |[-+*/:^|~(),=<>!&\\[\\]\\s]""", re.VERBOSE)',
        "test_verbs.py::test_formulas_that_could_do_harm",
    ),
    Mutant(
        "the columns are those of the user, who may change them",
        "models/source.py",
        "Source.of_table",
        "frame, dropped = tables.whole({name: columns[name] for name in used}, missing)",
        "frame, dropped = {name: columns[name] for name in used}, 0",
        "test_verbs.py::test_only_columns_in_use_are_kept_and_they_are_copies",
    ),
    Mutant(
        "the population's mean has a variance of 3",
        "models/textbook.py",
        "partial_pooling",
        "normal(mu_alpha, 0.0, 3.0)",
        "normal(mu_alpha, 0.0, 3.0**0.5)",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "the population's sd is taken for a variance",
        "models/textbook.py",
        "partial_pooling",
        "normal(beta[j], mu_beta, sigma_beta)",
        "normal(beta[j], mu_beta, sigma_beta**0.5)",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "the noise's sd is taken for a variance",
        "models/textbook.py",
        "normal",
        "z = (x - mean) / sd",
        "z = (x - mean) / sd**0.5",
        "test_textbook.py::test_agrees_with_scipy",
    ),
    Mutant(
        "U(0, 10) has no upper end",
        "models/textbook.py",
        "scale",
        "return uniform(sigma, 0.0, 10.0) if sigma > 0.0",
        "return -log(10.0) if sigma > 0.0",
        "test_textbook.py::test_scales_live_between_0_and_10",
    ),
    Mutant(
        "one scale's prior is forgotten",
        "models/textbook.py",
        "partial_pooling",
        "prior += scale(sigma_alpha) + scale(sigma_beta) + scale(sigma)",
        "prior += scale(sigma_alpha) + scale(sigma)",
        "test_textbook.py::test_scales_live_between_0_and_10",
    ),
    Mutant(
        "U(-100, 100) is ignored",
        "models/textbook.py",
        "no_pooling",
        "uniform(alpha[j], -100.0, 100.0) +",
        "-log(200.0) +",
        "test_textbook.py::test_flat_coefficients_live_between_minus_100_and_100",
    ),
    Mutant(
        "intercept and slope change places",
        "models/textbook.py",
        "log_likelihood",
        "alpha[j] + beta[j] * data.x[i]",
        "beta[j] + alpha[j] * data.x[i]",
        "test_textbook.py::test_agrees_with_scipy",
    ),
]
