"""Bugs planted in `targets/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "the centred schools forget -log tau, with its gradient",
        "targets/eight_schools.py",
        "centered",
        "grad[1] += z * z - 1.0",
        "grad[1] += z * z; logp += theta[1]",
        "test_targets.py::test_eight_schools_in_both_coordinates_are_one_posterior",
    ),
    Mutant(
        "the exact posterior of the schools has no log-Jacobian",
        "targets/eight_schools.py",
        "_given_tau",
        "log_prior = log_tau - np.log1p((tau / PRIOR_SD) ** 2)",
        "log_prior = -np.log1p((tau / PRIOR_SD) ** 2)",
        "test_targets.py::test_eight_schools_moments_by_quadrature_and_as_published",
    ),
    Mutant(
        "exact draws leave out the spread of mu",
        "targets/eight_schools.py",
        "exact_draws",
        "mu += rng.standard_normal(n) *",
        "mu += 0.0 * rng.standard_normal(n) *",
        "test_targets.py::test_exact_draws_have_the_moments",
    ),
    Mutant(
        "a gradient on the wrong scale: right where sd = 1",
        "targets/normals.py",
        "diagonal_normal",
        "grad[i] = -slope",
        "grad[i] = -math.sqrt(data.precision[i]) * d",
        "test_targets.py::test_the_gradient_agrees_with_differences",
    ),
    Mutant(
        "a gradient of the wrong sign in a target",
        "targets/shapes.py",
        "bent_normal",
        "grad[0] = -x / data.sd + 2.0 * y",
        "grad[0] = -x / data.sd - 2.0 * y",
        "test_targets.py::test_the_gradient_agrees_with_differences",
    ),
    Mutant(
        "the funnel's x has variance exp(2v)",
        "targets/shapes.py",
        "neal_funnel",
        "v, precision = theta[0], exp(-theta[0])",
        "v, precision = theta[0], exp(-2.0 * theta[0])",
        "test_targets.py::test_the_density_is_scipys",
    ),
    Mutant(
        "the mixture's modes have changed their weights",
        "targets/shapes.py",
        "mixture.exact_draws",
        "np.where(rng.random(n) < weight, half, -half)",
        "np.where(rng.random(n) < weight, -half, half)",
        "test_targets.py::test_exact_draws_have_the_moments",
    ),
]
