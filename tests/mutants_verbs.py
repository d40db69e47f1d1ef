"""Bugs on purpose in what a fit can be asked and told (see mutants.py)."""

from mutants import Mutant

SAVING = "models/saving.py"
SOURCE = "models/source.py"
HYPOTHESES = "models/hypotheses.py"
CONDITIONAL = "models/conditional.py"
PRIORS = "models/prior_predictive.py"
EXPORTING = "draws/exporting.py"
FIT_COMMAND = "cli/fit.py"
NEW_GROUPS = "models/new_groups.py"

MUTANTS = [
    Mutant(
        "what is imported later is not listed",
        "later.py",
        "sorted({*vars(sys.modules[package]), *names})",
        "sorted(vars(sys.modules[package]))",
        "test_rooms.py::test_all_names_are_listed_before_any_is_used",
    ),
    Mutant(
        "a name is imported later and type checkers are not told",
        "models/__init__.py",
        "    from .comparing import compare\n",
        "",
        "test_rooms.py::test_type_checkers_see_what_is_imported_later[models]",
    ),
    Mutant(
        "the forms of the terms are chosen anew",
        SAVING,
        "    model.choices = tuple(Choice(*choice) for choice in description",
        "    tuple(Choice(*choice) for choice in description",
        "test_verbs.py::test_a_loaded_model_keeps_forms_that_would_not_be_chosen_again",
    ),
    Mutant(
        "priors forget that they are to be scaled",
        SAVING,
        'scaled = {"autoscale": True} if value["autoscale"] else {}',
        "scaled: dict[str, bool] = {}",
        "test_verbs.py::test_a_loaded_model_is_the_same_model[priors]",
    ),
    Mutant(
        "a file is trusted",
        SAVING,
        "reason = None if newer or trust else",
        "reason = None if newer or not trust else",
        "test_verbs.py::test_files_that_were_tampered_with[formula]",
    ),
    Mutant(
        "levels of a categorical are in the order of the dictionary",
        "formulas/columns.py",
        '"levels": levels, "ordered": ordered',
        '"levels": sorted(levels), "ordered": ordered',
        "test_verbs.py::test_levels_of_odd_kinds_keep_names_and_order",
    ),
    Mutant(
        "text that is evaluated passes for text",
        SOURCE,
        r"(?<!\w)(?:'[^'\\]*'",
        r"(?:'[^'\\]*'",
        "test_verbs.py::test_formulas_that_could_do_harm",
    ),
    Mutant(
        "the columns are those of the user, who may change them",
        SOURCE,
        "frame, dropped = tables.whole({name: columns[name] for name in used}, missing)",
        "frame, dropped = {name: columns[name] for name in used}, 0",
        "test_verbs.py::test_only_columns_in_use_are_kept_and_they_are_copies",
    ),
    Mutant(
        "right minus left",
        HYPOTHESES,
        "np.broadcast_to(left - right, shape)",
        "np.broadcast_to(right - left, shape)",
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "a minus sign is passed over",
        HYPOTHESES,
        "return -value if isinstance(node.op, ast.USub) else value",
        "return value",
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "the Monte Carlo error is that of the difference",
        HYPOTHESES,
        '"mcse": diagnostics.mcse_mean(holds)',
        '"mcse": diagnostics.mcse_mean(difference)',
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "the offset of the mean stays",
        CONDITIONAL,
        "return replace(made, offset=np.zeros_like(made.offset), trials=None, groupings=new)",
        "return replace(made, trials=None, groupings=new)",
        "test_verbs.py::test_a_numeric_predictor_goes_from_end_to_end",
    ),
    Mutant(
        "the first group's effects are in the middle of the population",
        CONDITIONAL,
        "return replace(made, offset=np.zeros_like(made.offset), trials=None, groupings=new)",
        "return replace(made, offset=np.zeros_like(made.offset), trials=None)",
        "test_verbs.py::test_a_numeric_predictor_goes_from_end_to_end",
    ),
    Mutant(
        "the second predictor takes places two standard deviations apart",
        CONDITIONAL,
        "return [self.held - sd, self.held, self.held + sd]",
        "return [self.held - 2 * sd, self.held, self.held + 2 * sd]",
        "test_verbs.py::test_two_predictors",
    ),
    Mutant(
        "a slash in a name begins a new group of the tree",
        EXPORTING,
        'new = name.replace("/", "|")',
        "new = name",
        "test_verbs.py::test_names_that_a_tree_cannot_have",
    ),
    Mutant(
        "entries of a vector are numbered anew",
        EXPORTING,
        "return int(label) if label.isdecimal() else label",
        "return 0",
        "test_draws.py::test_the_tree_has_theta_where_nothing_is_natural",
    ),
    Mutant(
        "a scalar and a vector of one name are one",
        EXPORTING,
        "return name if stem in names else stem",
        "return stem",
        "test_draws.py::test_the_tree_loses_no_quantity[names0-theirs0]",
    ),
    Mutant(
        "a quantity takes the place of the chains",
        EXPORTING,
        'while new in {"chain", "draw", *taken',
        "while new in {*taken",
        "test_draws.py::test_the_tree_loses_no_quantity[names1-theirs1]",
    ),
    Mutant(
        "the intercept's prior is taken at x = 0",
        PRIORS,
        "units.coefficients(beta) @ rows.columns.T",
        "units.slopes(beta) @ rows.columns.T",
        "test_verbs.py::test_moments_of_a_gaussian_hierarchy",
    ),
    Mutant(
        "every row has effects of its own",
        PRIORS,
        "b[:, :, g.index], g.columns",
        "b[:, :, np.arange(g.index.size) % len(g.levels)], g.columns",
        "test_verbs.py::test_moments_of_a_gaussian_hierarchy",
    ),
    Mutant(
        "effects are correlated after ||",
        PRIORS,
        "if size > 1 and g.correlated:",
        "if size > 1:",
        "test_verbs.py::test_correlations_of_effects",
    ),
    Mutant(
        "decov shares the standard deviation out, not the variance",
        "regression/joint_priors.py",
        "np.sqrt(shares) * math.sqrt(k)",
        "shares * k",
        "test_verbs.py::test_scales_under_decov",
    ),
    Mutant(
        "LKJ draws factors for matrices",
        "regression/joint_priors.py",
        "return np.asarray(roots @ roots.swapaxes(1, 2))",
        "return roots",
        "test_verbs.py::test_correlations_are_of_lkj",
    ),
    Mutant(
        "decov forgets the noise",
        PRIORS,
        'own.get("sigma", np.ones(draws))',
        "np.ones(draws)",
        "test_verbs.py::test_decov_is_in_units_of_the_noise",
    ),
    Mutant(
        "the file is tried after the fit",
        FIT_COMMAND,
        "    _check(options)\n    fit = _fit(options, _read(options.data))\n",
        "    fit = _fit(options, _read(options.data))\n    _check(options)\n",
        "test_fit_command.py::test_nothing_is_computed_before_the_file_is_known_to_be_writable",
    ),
    Mutant(
        "the option for missing values is not passed on",
        FIT_COMMAND,
        'missing="drop" if options.drop_missing else "error"',
        'missing="error"',
        "test_fit_command.py::test_rows_with_missing_values_are_left_out_if_asked",
    ),
    Mutant(
        "a fit is loaded with priors chosen anew",
        "models/saving.py",
        "return lambda design, family, given, unpooled: found",
        "return resolved.resolve_today",
        "test_formats.py::test_a_fit_keeps_what_its_defaults_came_to[gaussian]",
    ),
    Mutant(
        "a file forgets that a level had no pooling",
        "regression/resolved.py",
        '"varying": [[chosen(one) for one in term] for term in priors.varying],',
        '"varying": [[chosen(one) for one in term[:1]] for term in priors.varying],',
        "test_formats.py::test_a_fit_of_format_1_saved_again_keeps_its_priors[none]",
    ),
    Mutant(
        "one factor's word is all factors'",
        NEW_GROUPS,
        "new_groups.get(factor, usual) for",
        "next(iter(new_groups.values()), usual) for",
        "test_new_groups.py::test_each_factor_has_its_own_word",
    ),
    Mutant(
        "a group of two columns is there if one of them is",
        "formulas/design.py",
        "not all(name in columns for name in bar.group)",
        "not any(name in columns for name in bar.group)",
        "test_new_groups.py::test_a_group_of_two_columns_is_new_if_either_is_absent",
    ),
    Mutant(
        "few draws are the first ones",
        "models/few_draws.py",
        "np.arange(number) * total // number",
        "np.arange(number)",
        "test_predictions.py::test_few_draws_are_every_so_many_of_all",
    ),
    Mutant(
        "new levels keep their numbers in a block of rows",
        "models/predictions.py",
        "index[new] = -1 - renumbered",
        "pass",
        "test_predictions.py::test_new_outcomes_in_blocks_have_their_law",
    ),
]
