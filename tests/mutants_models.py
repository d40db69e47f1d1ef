"""Bugs on purpose in the gradient densities and in the exact answer (see mutants.py)."""

from mutants import Mutant

LINES = "regression/density/lines/posterior.py"
JOINT = "regression/density/lines/sampled.py"
MARGINAL = "regression/density/lines/collapsed.py"
POPULATION = "regression/density/population.py"
EFFECTS = "regression/density/forms.py"
CHAIN = "regression/density/recover/chain.py"
GIVEN = "comparison/conditional_normal.py"
QUADRATURE = "comparison/quadrature.py"
EXACT = "comparison/exact.py"

TEXTBOOK = "test_post.py::test_centered_is_the_textbook_with_jacobians"
CHANGE = "test_post.py::test_noncentered_is_centered_after_a_change_of_variables"
GRADIENTS = "test_post.py::test_gradients"
DENSE = "test_post.py::test_collapsed_is_the_normal_of_all_rows"
DRAWN = "test_post.py::test_effects_are_drawn_from_their_conditional"
KERNEL = "test_kernel.py::test_lines_are_the_kernel_without_its_rows"
COLLAPSED = "test_kernel.py::test_gradient_of_collapsed_lines_by_differences"
OTHER_CODE = "test_exact.py::test_agrees_with_dense_normals_on_another_grid"
POST = "test_exact.py::test_the_posts_data_to_six_digits"

MUTANTS = [
    Mutant(
        "the noise's prior and log-Jacobian are dropped",
        POPULATION,
        "        logp += scale.logp\n",
        "        logp += 0.0\n",
        TEXTBOOK,
    ),
    Mutant(
        "the noise's prior and log-Jacobian are dropped from the gradient",
        POPULATION,
        "grad[a] = scale.d_logp",
        "grad[a] = 0.0",
        GRADIENTS,
    ),
    Mutant(
        "J - 1 instead of J factors 1 / tau in the gradient",
        JOINT,
        "fill_lower(d_00 - levels * s_00,",
        "fill_lower(d_00 - (levels - 1) * s_00,",
        GRADIENTS,
    ),
    Mutant(
        "J - 1 instead of J factors 1 / tau in the density",
        JOINT,
        " - levels * log_det)",
        " - (levels - 1) * log_det)",
        TEXTBOOK,
    ),
    Mutant(
        "the population's pull has the wrong sign",
        JOINT,
        "m[0, j], m[1, j] = w_0, w_1",
        "m[0, j], m[1, j] = -w_0, w_1",
        GRADIENTS,
    ),
    Mutant(
        "the prior of the means is dropped",
        POPULATION,
        "logp += coefficient.logp",
        "logp += 0.0",
        TEXTBOOK,
    ),
    Mutant(
        "the noise's sd is taken for a variance",
        LINES,
        "squares = sums.noise + data.rss / (sigma * sigma)",
        "squares = sums.noise + data.rss / sigma",
        TEXTBOOK,
    ),
    Mutant(
        "what no line explains is forgotten",
        LINES,
        "squares = sums.noise + data.rss / (sigma * sigma)",
        "squares = sums.noise",
        DENSE,
    ),
    Mutant(
        "the change of variables forgets the chain rule for tau",
        JOINT,
        "d_x_0[j] = t.t_00 * p_0",
        "d_x_0[j] = p_0",
        GRADIENTS,
    ),
    Mutant(
        "a coefficient that is not there has a scale of 0",
        "regression/density/lines/two_by_two.py",
        "return Lower(effect_chol[0, 0], 0.0, 1.0)",
        "return Lower(effect_chol[0, 0], 0.0, 0.0)",
        KERNEL,
    ),
    Mutant(
        "the means of collapsed lines are pulled by sigma's power of one",
        LINES,
        "shared.d_beta[q] /= sigma * sigma",
        "shared.d_beta[q] /= sigma",
        GRADIENTS,
    ),
    Mutant(
        "the determinants already multiplied up are thrown away",
        MARGINAL,
        "        log_det + log(product),",
        "        log(product),",
        "test_post.py::test_many_groups_do_not_overflow_the_determinants",
    ),
    Mutant(
        "the effects' uncertainty is left out of the gradient",
        MARGINAL,
        "((p_00 - s_00) * t.t_00",
        "(p_00 * t.t_00",
        GRADIENTS,
    ),
    Mutant(
        "what two coefficients share of the determinant has the wrong sign",
        MARGINAL,
        "s_01 - s_det * v_01",
        "s_01 + s_det * v_01",
        COLLAPSED,
    ),
    Mutant(
        "effects are drawn as if they were independent",
        MARGINAL,
        "(zeta[0, j] - from_second) / c_00",
        "zeta[0, j] / c_00",
        DRAWN,
    ),
    Mutant(
        "a mean of effects instead of draws",
        MARGINAL,
        "w.w_11 * e.x_1 + x\n",
        "w.w_11 * e.x_1\n",
        DRAWN,
    ),
    Mutant(
        "all chains' effects share a stream",
        "driver/quantities.py",
        "np.random.default_rng(seed)",
        "np.random.default_rng(seeds[0])",
        "test_quantities.py::test_every_chain_has_a_generator_of_its_own",
    ),
    Mutant(
        "effects have the same noise in every run",
        "driver/quantities.py",
        "np.random.default_rng(seed)",
        "np.random.default_rng(k)",
        "test_post.py::test_chains_in_the_same_place_have_different_effects",
    ),
    Mutant(
        "more draws change the effects of the first",
        CHAIN,
        "rng.standard_normal((n, effects))",
        "np.ascontiguousarray(rng.standard_normal((effects, n)).T)",
        "test_post.py::test_more_draws_leave_the_effects_of_the_first_as_they_are",
    ),
    Mutant(
        "a flat coefficient's log-Jacobian is dropped",
        EFFECTS,
        "            logp += coefficient.logp",
        "            logp += 0.0",
        "test_post.py::test_unpooled_is_the_textbook_with_jacobians",
    ),
    Mutant(
        "lines that stand alone are not there",
        LINES,
        "c[k, j] += b[k, j]",
        "c[k, j] += 0.0",
        "test_post.py::test_unpooled_is_the_textbook_with_jacobians",
    ),
    Mutant(
        "a centred line is reported with its mean twice",
        "regression/density/recover/lines.py",
        "u[k, j] - mean[k, j]",
        "u[k, j]",
        "test_post.py::test_natural_gives_back_what_a_person_asks_for",
    ),
    Mutant(
        "rows are not sorted into their groups",
        "regression/prepare/summaries.py",
        'order = np.argsort(cell, kind="stable")',
        "order = np.arange(cell.size)",
        "test_post.py::test_rows_may_come_in_any_order",
    ),
    Mutant(
        "quadrature: the prior of the means is dropped",
        GIVEN,
        "q_00, q_11 = q_00 + prior, q_11 + prior",
        "q_00, q_11 = q_00 + 1e-9, q_11 + 1e-9",
        OTHER_CODE,
    ),
    Mutant(
        "quadrature: the means are taken for known",
        GIVEN,
        "variances.append(d * (f_0, f_1)[k] + from_mu)",
        "variances.append(d * (f_0, f_1)[k])",
        POST,
    ),
    Mutant(
        "quadrature: an sd is taken for a variance",
        GIVEN,
        "square_0, square_1, noise = (points * points)[:, :, np.newaxis]",
        "square_0, square_1, noise = points[:, :, np.newaxis]",
        POST,
    ),
    Mutant(
        "quadrature: what no line explains is forgotten",
        GIVEN,
        "squares += data.rss / (sigma * sigma)",
        "squares += 0.0",
        POST,
    ),
    Mutant(
        "quadrature: the box is too small",
        QUADRATURE,
        "NEGLIGIBLE = 1e-11",
        "NEGLIGIBLE = 1e-2",
        POST,
    ),
    Mutant(
        "quadrature: the box cannot grow",
        QUADRATURE,
        "min(upper, axis.high + width)",
        "axis.high",
        "test_exact.py::test_an_end_that_cuts_mass_off_moves_outward_but_not_beyond_the_prior",
    ),
    Mutant(
        "quadrature: points are not weighed by their spacing",
        QUADRATURE,
        "weight * half * axis.spread * np.cosh(t)",
        "weight * half * axis.spread",
        POST,
    ),
    Mutant(
        "quadrature: one grid is enough",
        EXACT,
        "if error < TOLERANCE:",
        "if error < np.inf:",
        "test_exact.py::test_what_does_not_converge_is_not_answered",
    ),
]
