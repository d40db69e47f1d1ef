"""Bugs on purpose in the gradient densities and in the exact answer (see mutants.py)."""

from mutants import Mutant

JOINT = "models/joint.py"
COLLAPSED = "models/collapsed.py"
SUMMARIES = "models/summaries.py"
HIERARCHICAL = "models/hierarchical.py"
UNPOOLED = "models/unpooled.py"
GIVEN = "comparison/given_scales.py"
QUADRATURE = "comparison/quadrature.py"
EXACT = "comparison/exact.py"

TEXTBOOK = "test_hierarchical.py::test_centered_is_the_textbook_with_jacobians"
CHANGE = "test_hierarchical.py::test_noncentered_is_centered_after_a_change_of_variables"
GRADIENTS = "test_hierarchical.py::test_gradients"
DENSE = "test_hierarchical.py::test_collapsed_is_the_normal_of_all_rows"
DRAWN = "test_hierarchical.py::test_effects_are_drawn_from_their_conditional"
OTHER_CODE = "test_exact.py::test_agrees_with_dense_normals_on_another_grid"
POST = "test_exact.py::test_the_posts_data_to_six_digits"

MUTANTS = [
    Mutant(
        "a scale's prior and log-Jacobian are dropped",
        JOINT,
        "        logp += scale.logp\n",
        "        logp += 0.0\n",
        TEXTBOOK,
    ),
    Mutant(
        "a scale's prior and log-Jacobian are dropped from the gradient",
        JOINT,
        "grad[size + k] = scale.d_logp",
        "grad[size + k] = 0.0",
        GRADIENTS,
    ),
    Mutant(
        "J - 1 instead of J factors 1 / tau in the gradient",
        JOINT,
        "(squares - groups) * scales[k, 1]",
        "(squares - groups + 1) * scales[k, 1]",
        GRADIENTS,
    ),
    Mutant(
        "J - 1 instead of J factors 1 / tau in the density",
        JOINT,
        "0.5 * squares + groups * (log(",
        "0.5 * squares + (groups - 1) * (log(",
        TEXTBOOK,
    ),
    Mutant(
        "the population's pull has the wrong sign",
        JOINT,
        "grad[k] += pull * inverse",
        "grad[k] -= pull * inverse",
        GRADIENTS,
    ),
    Mutant(
        "the prior of the means is dropped",
        JOINT,
        "logp += 0.5 * theta[k] * grad[k]",
        "logp += 0.0",
        TEXTBOOK,
    ),
    Mutant(
        "the noise's sd is taken for a variance",
        JOINT,
        "precision = 1.0 / (sigma * sigma)",
        "precision = 1.0 / sigma",
        TEXTBOOK,
    ),
    Mutant(
        "what no line explains is forgotten",
        JOINT,
        "    rss = data.rss\n",
        "    rss = 0.0\n",
        TEXTBOOK,
    ),
    Mutant(
        "the change of variables forgets the chain rule for tau",
        JOINT,
        "grad[at] = tau * d_effect - xi",
        "grad[at] = d_effect - xi",
        GRADIENTS,
    ),
    Mutant(
        "what no line explains is forgotten, collapsed",
        COLLAPSED,
        "q = found.noise + data.rss / (sigma * sigma)",
        "q = found.noise",
        DENSE,
    ),
    Mutant(
        "the determinants already multiplied up are thrown away",
        COLLAPSED,
        "return Marginal(log_det + log(product), noise)",
        "return Marginal(log(product), noise)",
        "test_hierarchical.py::test_many_groups_do_not_overflow_the_determinants",
    ),
    Mutant(
        "the effects' uncertainty is left out of the gradient",
        COLLAPSED,
        "(sums[k, SQUARES] - sums[k, FREEDOM]) * scales[k, 1]",
        "(sums[k, SQUARES] - data.outcome.shape[1]) * scales[k, 1]",
        GRADIENTS,
    ),
    Mutant(
        "effects are drawn with C^-1 for C^-T",
        COLLAPSED,
        "                x[k] += zeta[t, j, k]\n            _backward(factor, x)",
        "                x[k] += zeta[t, j, k]\n            _forward(factor, x)",
        DRAWN,
    ),
    Mutant(
        "a mean of effects instead of draws",
        COLLAPSED,
        "x[k] += zeta[t, j, k]",
        "x[k] += 0.0",
        DRAWN,
    ),
    Mutant(
        "all chains' effects share a stream",
        HIERARCHICAL,
        "default_rng([k, *bits])",
        "default_rng([0, *bits])",
        "test_hierarchical.py::test_the_effects_of_chain_k_are_the_same_whatever_the_number_of_chains",
    ),
    Mutant(
        "effects have the same noise in every run",
        HIERARCHICAL,
        "default_rng([k, *bits])",
        "default_rng([k])",
        "test_hierarchical.py::test_other_draws_have_other_effects_noise",
    ),
    Mutant(
        "a flat coefficient's log-Jacobian is dropped",
        UNPOOLED,
        "logp += coefficient.logp",
        "logp += 0.0",
        "test_hierarchical.py::test_unpooled_is_the_textbook_with_jacobians",
    ),
    Mutant(
        "rows are not sorted into their groups",
        SUMMARIES,
        '[np.argsort(group, kind="stable")]',
        "",
        "test_hierarchical.py::test_rows_may_come_in_any_order",
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
