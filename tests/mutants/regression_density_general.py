"""Bugs planted in `regression/density/general/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "the determinant's gradient is forgotten",
        "regression/density/general/collapsed.py",
        "pull_back_determinant",
        "d_effect_chol[i, k] -= dot(qr_r[m, i], w[m, k]) / sigma",
        "d_effect_chol[i, k] -= 0.0",
        "test_kernel.py::test_gradient_of_the_collapsed_form_by_differences"
        "[correlated-half-t and LKJ-x|g collapsed]",
    ),
    Mutant(
        "decov's scale does not reach sigma's gradient",
        "regression/density/general/posterior.py",
        "pull_back_coefficients",
        "shared.d_own[0] += d_log_sigma",
        "shared.d_own[0] += 0.0",
        "test_kernel.py::test_gradient_by_differences[correlated-gaussian identity; x|g "
        "noncentered; decov]",
    ),
    Mutant(
        "the determinant of a collapsed term counts twice",
        "regression/density/general/posterior.py",
        "coefficients_collapsed",
        "return logp - determinant.value",
        "return logp - 2.0 * determinant.value",
        "test_kernel.py::test_collapsed_density_is_that_of_the_rows_all_at_once",
    ),
    Mutant(
        "derivatives by a term's effects do not begin at 0",
        "regression/density/general/posterior.py",
        "workspace",
        "d_b[i] = 0.0",
        "d_b[i] = 1.0",
        "test_kernel.py::test_gradient_by_differences[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "the effects and the linear predictor share memory",
        "regression/density/general/posterior.py",
        "workspace",
        "eta=scratch[d:e],",
        "eta=scratch[b : b + data.y.size],",
        "test_kernel.py::test_gradient_by_differences[correlated-gaussian identity; 1|g; uniform]",
    ),
    Mutant(
        "collapsed effects of estimates have twice the noise",
        "regression/density/general/posterior.py",
        "coefficients_collapsed",
        "if data.has_sigma else 1.0",
        "if data.has_sigma else 2.0",
        "test_known_errors.py::test_the_density_is_the_one_on_paper",
    ),
]
