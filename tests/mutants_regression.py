"""Bugs planted in regression/ and models/: each must turn the named test red."""

from mutants import Mutant

KERNEL = "regression/density/general/posterior.py"
UNRAVEL = "regression/density/recover/general.py"
EFFECTS = "regression/density/forms.py"
COVARIANCE = "regression/density/covariance.py"
COLLAPSING = "regression/density/general/collapsed.py"
MEANS = "regression/coordinates/group_means.py"
POPULATION = "regression/density/population.py"
OBSERVATIONS = "regression/prepare/rows_data.py"
BACK = "regression/quantities.py"
UNITS = "regression/coordinates/units.py"
FAMILIES = "families/likelihood.py"
SPECIAL = "densities/special.py"
TRANSFORMS = "densities/transforms.py"
PREDICTION = "models/verbs/prediction/linear_predictor.py"

PAPER = "test_kernel.py::test_density_is_the_one_on_paper"
QUANTITIES = "test_kernel.py::test_quantities_are_those_on_paper"
GRADIENT = "test_kernel.py::test_gradient_by_differences"
CENTERED = f"{GRADIENT}[correlated-gaussian identity; x|g centered; half-t and LKJ]"
THREE = f"{GRADIENT}[correlated-gaussian identity; x+w|g centered; half-t and LKJ]"
DECOV = f"{GRADIENT}[correlated-gaussian identity; x|g noncentered; decov]"
COLLAPSED = (
    "test_kernel.py::test_gradient_of_the_collapsed_form_by_differences"
    "[correlated-half-t and LKJ-x|g collapsed]"
)
DENSE = "test_kernel.py::test_collapsed_density_is_that_of_the_rows_all_at_once"
DRAWN = "test_kernel.py::test_effects_of_a_collapsed_term_have_their_conditional_distribution"

MUTANTS = [
    Mutant(
        "the second bar of a group hides the first",
        "models/verbs/coefficients.py",
        "found.setdefault(g.name, {})[name] = draws",
        "found[g.name] = {name: draws}",
        "test_models.py::test_two_bars_of_one_group",
    ),
    Mutant(
        "both bars of a group are collapsed",
        "regression/prepare/form_choice.py",
        'form = "auto"  # a second term of the group',
        "pass",
        "test_models.py::test_two_bars_of_one_group",
    ),
    Mutant(
        "mu is dropped when centring",
        EFFECTS,
        "xi[k, j] = c[k, j] - xi[k, j]",
        "xi[k, j] = c[k, j]",
        PAPER,
    ),
    Mutant(
        "the mean of a centred term stays in the rows as well",
        MEANS,
        "                in_group_mean[q] = 1",
        "                in_group_mean[q] = 0",
        PAPER,
    ),
    Mutant(
        "the determinant of a centred term is forgotten",
        EFFECTS,
        " - levels * log_det",
        "",
        CENTERED,
    ),
    Mutant(
        "the root is taken for its transpose when non-centring",
        EFFECTS,
        "b[k, j] += effect_chol[k, m] * xi[m, j]",
        "b[k, j] += effect_chol[m, k] * xi[m, j]",
        PAPER,
    ),
    Mutant(
        "a variance for a standard deviation",
        COVARIANCE,
        "            effect_chol[i, k] *= tau[i]",
        "            effect_chol[i, k] *= tau[i] * tau[i]",
        PAPER,
    ),
    Mutant(
        "the Jacobian of a half-t scale is missing",
        "densities/priors.py",
        "logp = constant - 0.5 * (nu + 1.0) * log_1_plus_q + u",
        "logp = constant - 0.5 * (nu + 1.0) * log_1_plus_q",
        CENTERED,
    ),
    Mutant(
        "the reverse pass of the correlations forgets what is left for later columns",
        TRANSFORMS,
        "left_bar = z * factor_bar[i, j] + r * left_bar",
        "left_bar = z * factor_bar[i, j]",
        THREE,
    ),
    Mutant(
        "the reverse pass of the correlations has the wrong sign",
        TRANSFORMS,
        "- z * left[j + 1] * left_bar",
        "+ z * left[j + 1] * left_bar",
        CENTERED,
    ),
    Mutant(
        "decov forgets the number of coefficients",
        COVARIANCE,
        "0.5 * (math.log(size) + log_pi)",
        "0.5 * log_pi",
        PAPER,
    ),
    Mutant(
        "decov's scale does not reach sigma's gradient",
        KERNEL,
        "        shared.d_own[0] += d_log_sigma",
        "        shared.d_own[0] += 0.0",
        DECOV,
    ),
    Mutant(
        "the determinant of a collapsed term counts twice",
        KERNEL,
        "return logp - determinant.value",
        "return logp - 2.0 * determinant.value",
        DENSE,
    ),
    Mutant(
        "the determinant's gradient is forgotten",
        COLLAPSING,
        "d_effect_chol[i, k] -= dot(qr_r[m, i], w[m, k]) / sigma",
        "d_effect_chol[i, k] -= 0.0",
        COLLAPSED,
    ),
    Mutant(
        "effects of a collapsed term are put at their mean, not drawn",
        UNRAVEL,
        "xi[k, j] += inverse[m, k, j] * zeta[m, j]",
        "xi[k, j] += 0.0",
        DRAWN,
    ),
    Mutant(
        "effects of a collapsed term are drawn with the transposed root",
        UNRAVEL,
        "xi[k, j] += inverse[m, k, j] * zeta[m, j]",
        "xi[m, j] += inverse[m, k, j] * zeta[k, j]",
        DRAWN,
    ),
    Mutant(
        "the offset is added twice",
        OBSERVATIONS,
        "y = (design.y - design.offset - units.y_center) / units.y_scale",
        "y = (design.y - 2.0 * design.offset - units.y_center) / units.y_scale",
        PAPER,
    ),
    Mutant(
        "rows of a cell are lost",
        "regression/prepare/summaries.py",
        "rest.append(triangles[:, own:, k:].reshape(-1, q + 1))",
        "rest.append(triangles[:1, own:, k:].reshape(-1, q + 1))",
        PAPER,
    ),
    Mutant(
        "the intercept is reported at the centre",
        "regression/coordinates/units.py",
        "left = self.y_center - self.shift(slopes)",
        "left = self.y_center - 0.0 * self.shift(slopes)",
        QUANTITIES,
    ),
    Mutant(
        "scales are reported in the kernel's units",
        BACK,
        "effect_chol = units.y_scale * units.terms[t].effect_chol(",
        "effect_chol = units.terms[t].effect_chol(",
        QUANTITIES,
    ),
    Mutant(
        "sigma is reported in the kernel's units",
        BACK,
        'found["sigma"] = found["sigma"] * self.units.y_scale',
        'found["sigma"] = found["sigma"]',
        QUANTITIES,
    ),
    Mutant(
        "a prior of a sd is scaled to the data by sd(y) sd(x)",
        "regression/prior_choice/choice.py",
        "unit, one = units.y_scale / float(term.scale[k])",
        "unit, one = units.y_scale * float(term.scale[k])",
        f"{PAPER}[gaussian identity; x|g noncentered; scaled]",
    ),
    Mutant(
        "the prior of sigma is not scaled to the data",
        "regression/prior_choice/choice.py",
        'unit = units.y_scale if name == "sigma" else 1.0',
        "unit = 1.0",
        f"{PAPER}[gaussian identity; x|g noncentered; scaled]",
    ),
    Mutant(
        "LKJ counts a column too many",
        TRANSFORMS,
        "return eta + 0.5 * (k - 2 - j)",
        "return eta + 0.5 * (k - 1 - j)",
        PAPER,
    ),
    Mutant(
        "LKJ without the log-Jacobian of the hyperbolic tangents",
        TRANSFORMS,
        "logp += 2.0 * b * log_sech(y[at])",
        "logp += 2.0 * (b - 1.0) * log_sech(y[at])",
        PAPER,
    ),
    Mutant(
        "a row of a correlation's root is longer than 1",
        TRANSFORMS,
        "            left *= sech(y[at])\n            log_left",
        "            left *= 1.0\n            log_left",
        PAPER,
    ),
    Mutant(
        "y is scaled by its variance",
        UNITS,
        "    if sd > 1e-14 * size:\n        return sd",
        "    if sd > 1e-14 * size:\n        return sd * sd",
        "test_kernel.py::test_the_unit_of_the_outcome_is_of_no_consequence",
    ),
    Mutant(
        "binomial trials are forgotten in the score",
        FAMILIES,
        "eta[i] = y[i] - trials[i] * share",
        "eta[i] = y[i] - share",
        "test_families.py::test_derivatives_by_differences",
    ),
    Mutant(
        "Student's t has the tails of the normal distribution in its score",
        FAMILIES,
        "(z / (nu + z * z) if q < 1e300 else 1.0 / z)",
        "(z / nu if q < 1e300 else 1.0 / z)",
        "test_families.py::test_derivatives_by_differences",
    ),
    Mutant(
        "phi is taken for its logarithm",
        FAMILIES,
        "x = eta[i] - own[0]",
        "x = eta[i] - phi",
        "test_families.py::test_log_likelihood_is_scipys_far_out_too",
    ),
    Mutant(
        "digamma's series lacks a term",
        SPECIAL,
        "return log(x) - 0.5 / x - w * tail - down",
        "return log(x) - 0.5 / x - down",
        "test_families.py::test_digamma",
    ),
    Mutant(
        "the upper half of log Phi is that of the lower",
        SPECIAL,
        "return LogCDF(math.log1p(-below), density / (1.0 - below))",
        "return LogCDF(math.log(below), density / (1.0 - below))",
        "test_families.py::test_log_normal_cdf_and_its_slope",
    ),
    Mutant(
        "thresholds without the log-Jacobian",
        "regression/density/thresholds.py",
        "            logp += u[k]",
        "            logp += 0.0",
        f"{PAPER}[ordered logit; 1|g; defaults]",
    ),
    Mutant(
        "a threshold moves itself only, not those above it",
        "regression/density/thresholds.py",
        "of_all_above += d_c[k]",
        "of_all_above = d_c[k]",
        f"{GRADIENT}[correlated-ordered logit; 1|g; defaults]",
    ),
    Mutant(
        "how far two thresholds are apart does not reach the gradient",
        FAMILIES,
        "            d_own[k - 1] -= share",
        "            d_own[k - 1] -= 0.0",
        "test_categories.py::test_ordered_derivatives_by_differences",
    ),
    Mutant(
        "thresholds stay where they are for centred predictors",
        BACK,
        "own.T + shift",
        "own.T",
        f"{QUANTITIES}[ordered logit; no terms; defaults]",
    ),
    Mutant(
        "the first category is not among those that share",
        FAMILIES,
        "        total = math.exp(-high)",
        "        total = 0.0",
        "test_categories.py::test_categorical_likelihood_is_scipys_far_out_too",
    ),
    Mutant(
        "a category's predictors are centred in the rows of all",
        UNITS,
        "np.where(self.intercept < 0, self._anchor(columns), columns[:, self.intercept])",
        "1.0",
        f"{PAPER}[categorical logit; 1|g; defaults]",
    ),
    Mutant(
        "effects of one category are in all",
        "families/categories.py",
        "    columns[c] = g.columns",
        "    columns[:] = g.columns",
        "test_categories.py::test_the_linear_predictor_of_new_rows_on_paper",
    ),
    Mutant(
        "words have the order of the dictionary",
        "formulas/design.py",
        "not tables.is_text(make.frame[name])",
        "True",
        "test_categories.py::test_outcomes_that_are_refused",
    ),
    Mutant(
        "the horseshoe's slab counts as a scale, not as a variance",
        "regression/density/horseshoe.py",
        "log(2.0) - 2.0 * a * u[1] - tail",
        "log(2.0) - a * u[1] - tail",
        f"{PAPER}[gaussian identity; 1|g; horseshoe]",
    ),
    Mutant(
        "what is large passes the slab",
        "regression/density/horseshoe.py",
        "m + 0.5 * log_logistic_cdf(2.0 * (u[1] - m)).value",
        "m",
        f"{PAPER}[gaussian identity; 1|g; horseshoe]",
    ),
    Mutant(
        "the global scale of a horseshoe does not learn",
        "regression/density/horseshoe.py",
        "        grad[0] += through * (1.0 - share)",
        "        grad[0] += 0.0",
        f"{GRADIENT}[correlated-gaussian identity; 1|g; horseshoe]",
    ),
    Mutant(
        "a row of half-t has the constant of t",
        "densities/priors.py",
        "return math.log(2.0) + student_constant(a) - math.log(b)",
        "return student_constant(a) - math.log(b)",
        "test_kernel.py::test_rows_of_priors_are_normalised",
    ),
    Mutant(
        "derivatives by a term's effects do not begin at 0",
        KERNEL,
        "d_b[i] = 0.0",
        "d_b[i] = 1.0",
        f"{GRADIENT}[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "the effects and the linear predictor share memory",
        KERNEL,
        "eta=scratch[d:e],",
        "eta=scratch[b : b + data.y.size],",
        f"{GRADIENT}[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "derivatives by the population do not begin at 0",
        POPULATION,
        "zeros[i] = 0.0",
        "zeros[i] = 1.0",
        f"{GRADIENT}[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "without a term, lines have scales that are learnt",
        "regression/density/lines/posterior.py",
        "return data.terms.shape[0] == 1 and term_of(data.terms, 0).form != UNPOOLED",
        "return data.terms.shape[0] == 0 or term_of(data.terms, 0).form != UNPOOLED",
        "test_kernel.py::test_lines_are_the_kernel_without_its_rows"
        "[correlated-defaults-line of all]",
    ),
    Mutant(
        "slopes of scales are those of the family's own parameters",
        POPULATION,
        "first = population.beta.size + population.own.size + term.first",
        "first = population.beta.size + term.first",
        f"{GRADIENT}[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "an empty category of an ordered outcome is dropped",
        "families/categories.py",
        "made = _with_declared(design) if family.thresholds else design",
        "made = design",
        "test_reported_verbs.py::test_an_ordered_outcome_keeps_what_is_declared",
    ),
    Mutant(
        "categories between numbers are not missed",
        "regression/prior_choice/empty_categories.py",
        "    if not between:\n        return None",
        "    if between:\n        return None",
        "test_reported_verbs.py::test_numbers_between_which_there_are_others_are_said",
    ),
    Mutant(
        "new rows do not know the categories of numbers",
        "families/categories.py",
        "y=np.array(y if known else [], dtype=float), outcome_levels=levels)",
        "y=np.array(y if known else [], dtype=float))",
        "test_reported_verbs.py::test_categories_of_numbers_have_new_rows",
    ),
]
