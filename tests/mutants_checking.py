"""Bugs on purpose in leave-one-out and in predictive checks (see mutants.py)."""

from mutants import Mutant

LOO = "models/verbs/loo/loo.py"
COMPARING = "models/verbs/loo/compare.py"
LEFT_OUT = "models/verbs/loo/leave_out.py"
CHECKS = "models/verbs/checks.py"
PREDICTIVE = "plots/predictive.py"
ESTIMATES = "plots/estimates.py"

CLOSED = "test_loo.py::test_rows_against_the_closed_form_of_a_normal_mean"
DENSE = "test_loo.py::test_the_density_of_a_group_is_the_dense_normal"
NUMBERS = "test_loo.py::test_a_level_without_rows_is_new_and_the_others_are_numbered_again"
EFFICIENCY = "test_loo.py::test_the_relative_efficiency_is_that_of_the_likelihoods_mean"
BY_HAND = "test_loo.py::test_compare_by_hand"
VARIANCES = "test_checks.py::test_residuals_are_standardised_by_scipys_variance"

MUTANTS = [
    Mutant(
        "what has been seen is taken for what has not",
        LOO,
        "return Loo(elpd, seen, k,",
        "return Loo(seen, seen, k,",
        CLOSED,
    ),
    Mutant(
        "the density of a row is summed over draws, not averaged",
        LOO,
        "logsumexp(log_lik, axis=(0, 1)) - math.log(draws)",
        "logsumexp(log_lik, axis=(0, 1))",
        CLOSED,
    ),
    Mutant(
        "the standard error is of a mean",
        "models/verbs/loo/result.py",
        "math.sqrt(n) * values.std(ddof=1)",
        "values.std(ddof=1) / math.sqrt(n)",
        BY_HAND,
    ),
    Mutant(
        "the difference's error is that of two independent estimates",
        COMPARING,
        '"se": sum_error(difference)',
        '"se": math.hypot(best.se, other.se)',
        BY_HAND,
    ),
    Mutant(
        "the worst model is the best",
        COMPARING,
        "key=lambda name: -found[name].elpd",
        "key=lambda name: found[name].elpd",
        BY_HAND,
    ),
    Mutant(
        "a success out of other numbers of trials is the same outcome",
        COMPARING,
        "if x is not None and y is not None}",
        "if kind == 'outcome'}",
        "test_loo.py::test_fits_of_other_trials_are_refused_before_anything_is_computed",
    ),
    Mutant(
        "models are held to the first only",
        COMPARING,
        "in combinations(outcomes.items(), 2):",
        "in list(combinations(outcomes.items(), 2))[: len(outcomes) - 1]:",
        "test_loo.py::test_compare_takes_a_count_out_of_trials_for_a_count",
    ),
    Mutant(
        "a Pareto k that is not a number is trusted",
        "models/verbs/loo/result.py",
        "~(self.pareto_k <= self.limit)",
        "self.pareto_k > self.limit",
        "test_loo.py::test_what_is_printed",
    ),
    Mutant(
        "the k of a tail that overflows is believed",
        LOO,
        "if np.isfinite(found[0]):",
        "if True:",
        "test_loo.py::test_a_row_whose_weights_overflow_is_not_trusted",
    ),
    Mutant(
        "efficiency is that of the log likelihood",
        LOO,
        "ess_mean(np.exp(log_lik - log_lik.max()))",
        "ess_mean(log_lik)",
        "test_loo.py::test_the_efficiency_is_not_that_of_the_log_likelihood",
    ),
    Mutant(
        "efficiency is not limited",
        LOO,
        "min(effective / log_lik.size, 1.0)",
        "effective / log_lik.size",
        EFFICIENCY,
    ),
    Mutant(
        "half of the determinant is forgotten",
        LEFT_OUT,
        "0.5 * ((s * e).sum(axis=-1) - np.linalg.slogdet(inner)[1])",
        "0.5 * ((s * e).sum(axis=-1) - 0.5 * np.linalg.slogdet(inner)[1])",
        DENSE,
    ),
    Mutant(
        "the noise's sd is taken for its precision",
        LEFT_OUT,
        'precision = fit.draws["sigma"] ** -2.0',
        'precision = fit.draws["sigma"] ** -1.0',
        DENSE,
    ),
    Mutant(
        "effects of a left-out level are those that were fitted with it",
        LEFT_OUT,
        "new = np.flatnonzero((here > 0) & (here ==",
        "new = np.flatnonzero((here < 0) & (here ==",
        DENSE,
    ),
    Mutant(
        "levels that are left keep the numbers they had",
        LEFT_OUT,
        "groupings.append(replace(g, levels=levels, index=index,",
        "groupings.append(replace(g, levels=levels, index=g.index[kept],",
        NUMBERS,
    ),
    Mutant(
        "a row left out is found by the number its level had",
        LEFT_OUT,
        "place = {level: j for j, level in enumerate(levels)}",
        "place = {level: j for j, level in enumerate(g.levels)}",
        NUMBERS,
    ),
    Mutant(
        "the draws of a replicated data set are shuffled against each other",
        "models/verbs/prediction/few_draws.py",
        "x.reshape(-1, *x.shape[2:])[chosen]",
        "np.sort(x.reshape(-1, *x.shape[2:])[chosen], axis=0)",
        "test_checks.py::test_some_draws_keep_together",
    ),
    Mutant(
        "draws are replicated more than once",
        CHECKS,
        "rng.choice(total, min(number, total), replace=False)",
        "rng.choice(total, number)",
        "test_checks.py::test_replicated_data_are_of_different_draws_and_reproducible",
    ),
    Mutant(
        "Student's scale is taken for its sd",
        "families/student.py",
        "** 2 * nu / np.where(heavy, 1.0, nu - 2.0)",
        "** 2 * np.where(heavy, 1.0, 1.0)",
        VARIANCES,
    ),
    Mutant(
        "a count's extra variance is forgotten",
        "families/negbin.py",
        'mean + mean**2 / own["phi"]',
        "mean",
        VARIANCES,
    ),
    Mutant(
        "a success is one trial's",
        "families/binomial.py",
        "mean * (1.0 - mean / trials)",
        "mean * (1.0 - mean)",
        VARIANCES,
    ),
    Mutant(
        "the means of groups are of all rows",
        CHECKS,
        "(indicator / indicator.sum(axis=0))",
        "(indicator / y.shape[-1])",
        "test_checks.py::test_level_means",
    ),
    Mutant(
        "a tie is not reached",
        PREDICTIVE,
        "np.mean(values >= observed)",
        "np.mean(values > observed)",
        "test_checks.py::test_a_tie_counts_as_reached",
    ),
    Mutant(
        "groups keep the names of another order",
        PREDICTIVE,
        "levels[int(order[i])] for i in shown",
        "levels[i] for i in shown",
        "test_checks.py::test_the_ribbon_marks_groups_outside_their_interval",
    ),
    Mutant(
        "an ellipse of two dimensions has the share of one",
        ESTIMATES,
        "* -2.0 * np.log1p(-share)",
        "* 2.7055",
        "test_checks.py::test_the_ellipse_holds_its_share",
    ),
    Mutant(
        "arrows point back",
        ESTIMATES,
        "xy=(b[0], b[1]), xytext=(a[0], a[1])",
        "xy=(a[0], a[1]), xytext=(b[0], b[1])",
        "test_checks.py::test_arrows_go_from_no_pooling_to_partial_pooling",
    ),
    Mutant(
        "a panel shows the replicated rows of all groups",
        "plots/along.py",
        "outcome[rows], data_sets[:, rows], np.ptp(place))",
        "outcome[rows], data_sets[:, : rows.sum()], np.ptp(place))",
        "test_ribbons.py::test_a_panel_a_level_with_the_intervals_of_its_rows",
    ),
    Mutant(
        "the replicated rows keep their order when the observed are sorted by level",
        CHECKS,
        "place[order], y[order], y_rep[:, order]",
        "place[order], y[order], y_rep",
        "test_ribbons.py::test_a_panel_a_level_with_the_intervals_of_its_rows",
    ),
    Mutant(
        "the error of a difference of models is that of one of them",
        "models/verbs/loo/compare.py",
        "both = np.hypot(best.errors, other.errors)",
        "both = other.errors",
        "test_digits.py::test_loo_and_comparisons",
    ),
]
