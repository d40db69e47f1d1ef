"""Bugs planted in `regression/prior_choice/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "a prior of a sd is scaled to the data by sd(y) sd(x)",
        "regression/prior_choice/choice.py",
        "_varying",
        "unit, one = units.y_scale / float(term.scale[k])",
        "unit, one = units.y_scale * float(term.scale[k])",
        "test_kernel.py::test_density_is_the_one_on_paper[gaussian identity; x|g "
        "noncentered; scaled]",
    ),
    Mutant(
        "the prior of sigma is not scaled to the data",
        "regression/prior_choice/choice.py",
        "_own",
        'unit = units.y_scale if name == "sigma" else 1.0',
        "unit = 1.0",
        "test_kernel.py::test_density_is_the_one_on_paper[gaussian identity; x|g "
        "noncentered; scaled]",
    ),
    Mutant(
        "the prior of one sd is that of all",
        "regression/prior_choice/choice.py",
        "_varying",
        "given[one] if one else fallback",
        "fallback",
        "test_one_sd.py::test_the_particular_beats_the_general",
    ),
    Mutant(
        "categories between numbers are not missed",
        "regression/prior_choice/empty_categories.py",
        "left_out",
        "if not between:",
        "if between:",
        "test_reported_verbs.py::test_numbers_between_which_there_are_others_are_said",
    ),
    Mutant(
        "correlations that a term has not change its scales",
        "regression/prior_choice/names.py",
        "gives_correlation",
        "return has_correlations(grouping) and any(name in given for name in names)",
        "return any(name in given for name in names)",
        "test_models.py::test_correlations_that_a_term_has_not_leave_its_scales_alone",
    ),
    Mutant(
        "any name of a correlation is taken",
        "regression/prior_choice/names.py",
        "names_with_priors",
        '("sd", "cor", "covariance") if has_correlations(grouping) else ("sd", "covariance")',
        '("sd", "cor", "covariance")',
        "test_models.py::test_models_can_share_priors_and_say_which_are_unused",
    ),
    Mutant(
        "brms's scale has no floor",
        "regression/prior_choice/packages.py",
        "_brms",
        "scale = max(scale, round(1.4826 * float(np.median(np.abs(y - middle))), 1))",
        "scale = max(0.0, round(1.4826 * float(np.median(np.abs(y - middle))), 1))",
        "test_packages.py::test_brms[poisson]",
    ),
    Mutant(
        "brms does not round its median",
        "regression/prior_choice/packages.py",
        "_brms",
        "location = round(middle, 1) -",
        "location = middle -",
        "test_packages.py::test_brms[negbin]",
    ),
    Mutant(
        "rstanarm's probit is as its logit",
        "regression/prior_choice/packages.py",
        "_rstanarm",
        'if family.link != "probit":',
        "if True:",
        "test_packages.py::test_rstanarm[probit]",
    ),
    Mutant(
        "a file forgets that a level had no pooling",
        "regression/prior_choice/resolved.py",
        "plain",
        '"varying": [[chosen(one) for one in term] for term in priors.varying],',
        '"varying": [[chosen(one) for one in term[:1]] for term in priors.varying],',
        "test_formats.py::test_a_fit_of_format_1_saved_again_keeps_its_priors[none]",
    ),
]
