"""Bugs planted in densities/: each must turn the named test red (see test_mutants.py)."""

from mutants import Mutant

PRIORS = "densities/priors.py"
TRANSFORMS = "densities/transforms.py"
SPECIAL = "densities/special.py"
DIFFERENCES = "gradients/differences.py"
GRADIENTS = "gradients/check.py"
TARGETS = "targets/shapes.py"
SCHOOLS = "targets/eight_schools.py"

MUTANTS = [
    Mutant(
        "half-normal without its log-Jacobian",
        PRIORS,
        "constant - 0.5 * z * z + u, 1.0 - z * z)",
        "constant - 0.5 * z * z, -z * z)",
        "test_priors.py::test_integrates_to_one_over_the_line",
    ),
    Mutant(
        "the log-Jacobian is in the density and not in the gradient",
        PRIORS,
        "constant - rate * tau + u, 1.0 - rate * tau)",
        "constant - rate * tau + u, -rate * tau)",
        "test_priors.py::test_derivatives_agree_with_differences",
    ),
    Mutant(
        "half-t with the exponent of t (nu instead of nu + 1)",
        PRIORS,
        "- 0.5 * (nu + 1.0) * log_1_plus_q + u",
        "- 0.5 * nu * log_1_plus_q + u",
        "test_priors.py::test_agrees_with_scipy_and_the_log_jacobian",
    ),
    Mutant(
        "half-t not folded: its constant is t's",
        PRIORS,
        "_heavy_tailed(u, nu, s, math.log(2.0) + student_constant",
        "_heavy_tailed(u, nu, s, student_constant",
        "test_priors.py::test_integrates_to_one_over_the_line",
    ),
    Mutant(
        "half-t overflows with tau",
        PRIORS,
        "max(log_q, 0.0) + math.log1p(e)",
        "math.log1p(exp(log_q))",
        "test_priors.py::test_half_cauchy_is_even_around_the_logarithm_of_its_scale",
    ),
    Mutant(
        "d tau / dv of the uniform is tau",
        PRIORS,
        "Scale(tau, tau * s.above,",
        "Scale(tau, tau,",
        "test_priors.py::test_derivatives_agree_with_differences",
    ),
    Mutant(
        "log-gamma's last digits",
        SPECIAL,
        "tail = 1.0 / 1260.0 - w * tail",
        "tail = 1.0 / 1250.0 - w * tail",
        "test_transforms.py::test_log_gamma_near_its_zeros_and_over_the_usual_range",
    ),
    Mutant(
        "a sign in the reverse pass of the correlations",
        TRANSFORMS,
        "* factor_bar[i, j] - z * left[j + 1] * left_bar",
        "* factor_bar[i, j] + z * left[j + 1] * left_bar",
        "test_transforms.py::test_the_reverse_pass_agrees_with_complex_steps",
    ),
    Mutant(
        "the reverse pass overwrites what was there",
        TRANSFORMS,
        "y_bar[row + j] += r * r",
        "y_bar[row + j] = r * r",
        "test_transforms.py::test_the_reverse_pass_agrees_with_complex_steps",
    ),
    Mutant(
        "log s_ij is dropped from the correlations' log-Jacobian",
        TRANSFORMS,
        "log_jacobian += log_left + 2.0 * log_sech(y[at])",
        "log_jacobian += 2.0 * log_sech(y[at])",
        "test_transforms.py::test_the_log_jacobian_is_of_the_numeric_determinant",
    ),
    Mutant(
        "LKJ counts columns from 1 where they count from 0",
        TRANSFORMS,
        "return eta + 0.5 * (k - 2 - j)",
        "return eta + 0.5 * (k - 1 - j)",
        "test_transforms.py::test_lkj_is_a_power_of_the_determinant",
    ),
    Mutant(
        "LKJ(eta) with eta where eta - 1 belongs",
        TRANSFORMS,
        "b = eta + 0.5 * (k - 2 - column)",
        "b = eta + 1.0 + 0.5 * (k - 2 - column)",
        "test_transforms.py::test_every_correlation_of_a_draw_has_the_same_beta_marginal",
    ),
    Mutant(
        "LKJ without its constant",
        TRANSFORMS,
        "return lkj_constant(eta, k) + lkj_kernel",
        "return lkj_kernel",
        "test_transforms.py::test_lkj_integrates_to_one",
    ),
    Mutant(
        "the logit map without the width in its log-Jacobian",
        TRANSFORMS,
        "math.log(width) + s.log_slope",
        "s.log_slope",
        "test_transforms.py::test_slope_and_jacobian_are_derivatives",
    ),
    Mutant(
        "a gradient of the wrong sign in a target",
        TARGETS,
        "grad[0] = -x / data.sd + 2.0 * y",
        "grad[0] = -x / data.sd - 2.0 * y",
        "test_targets.py::test_the_gradient_agrees_with_differences",
    ),
    Mutant(
        "a gradient on the wrong scale: right where sd = 1",
        "targets/normals.py",
        "grad[i] = -slope",
        "grad[i] = -math.sqrt(data.precision[i]) * d",
        "test_targets.py::test_the_gradient_agrees_with_differences",
    ),
    Mutant(
        "the funnel's x has variance exp(2v)",
        TARGETS,
        "v, precision = theta[0], exp(-theta[0])",
        "v, precision = theta[0], exp(-2.0 * theta[0])",
        "test_targets.py::test_the_density_is_scipys",
    ),
    Mutant(
        "the centred schools forget -log tau, with its gradient",
        SCHOOLS,
        "grad[1] += z * z - 1.0",
        "grad[1] += z * z; logp += theta[1]",
        "test_targets.py::test_eight_schools_in_both_coordinates_are_one_posterior",
    ),
    Mutant(
        "the exact posterior of the schools has no log-Jacobian",
        SCHOOLS,
        "log_prior = log_tau - np.log1p(",
        "log_prior = -np.log1p(",
        "test_targets.py::test_eight_schools_moments_by_quadrature_and_as_published",
    ),
    Mutant(
        "exact draws leave out the spread of mu",
        SCHOOLS,
        "mu += rng.standard_normal(n) * ",
        "mu += 0.0 * rng.standard_normal(n) * ",
        "test_targets.py::test_exact_draws_have_the_moments",
    ),
    Mutant(
        "the mixture's modes have changed their weights",
        TARGETS,
        "np.where(rng.random(n) < weight, half, -half)",
        "np.where(rng.random(n) < weight, -half, half)",
        "test_targets.py::test_exact_draws_have_the_moments",
    ),
    Mutant(
        "a check whose tolerance cannot fail",
        GRADIENTS,
        'else "ok" if error[i] <= rtol else "wrong")',
        'else "ok" if error[i] <= rtol * point.size * 1e6 else "wrong")',
        "test_gradients.py::test_the_tolerance_is_what_it_says",
    ),
    Mutant(
        "a check that excuses every error by the differences' own",
        GRADIENTS,
        "resolved = (doubt <= rtol * size) | (doubt <= negligible)",
        "resolved = doubt < np.inf",
        "test_gradients.py::test_where_differences_do_not_settle_it_says_so",
    ),
    Mutant(
        "a check that forgets to fill grad with NaN",
        GRADIENTS,
        "np.full(point.size, np.nan), np.full(point.size, 0.75)",
        "np.zeros(point.size), np.full(point.size, 0.75)",
        "test_gradients.py::test_a_rebound_name_writes_nothing",
    ),
    Mutant(
        "one-sided differences",
        DIFFERENCES,
        "moved[1, i] = left = theta[i] - h",
        "moved[1, i] = left = theta[i]",
        "test_gradients.py::test_finite_difference_agrees_with_the_written_gradient",
    ),
    Mutant(
        "differences across the edge of the support",
        DIFFERENCES,
        "            left, below = theta[i], logp",
        "            below = logp",
        "test_gradients.py::test_at_the_edge_of_the_support_differences_are_one_sided",
    ),
    Mutant(
        "beside the entry moved there is anything",
        DIFFERENCES,
        "        moved[1, :] = theta\n",
        "        moved[1, :] = 0.0\n",
        "test_gradients.py::test_finite_difference_agrees_with_the_written_gradient",
    ),
    Mutant(
        "names in comprehensions are not seen",
        "compiling/binding/references.py",
        "return frozenset(code.co_names).union(*inner)",
        "return frozenset(code.co_names)",
        "test_callees.py::test_names_are_found_in_inner_functions_and_modules",
    ),
    Mutant(
        "chains share a threading layer that cannot be shared",
        "compiling/binding/parallel.py",
        '_layer() not in ("workqueue", None)',
        '_layer() != "workqueue" or True',
        "test_callees.py::test_chains_take_turns_where_the_threading_layer_cannot_be_shared",
    ),
    Mutant(
        "products are taken to write nowhere",
        "compiling/binding/writing.py",
        "len(call.args) > 2 or bool(call.keywords)",
        "len(call.args) > 3 or bool(call.keywords)",
        "test_reported_densities.py::test_products_without_a_place_need_no_copies",
    ),
]
