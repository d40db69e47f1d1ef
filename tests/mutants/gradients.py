"""Bugs planted in `gradients/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "a check whose tolerance cannot fail",
        "gradients/check.py",
        "_check_at",
        '("cannot tell" if not resolved[i] else "ok" if error[i] <= rtol else "wrong")',
        '("cannot tell" if not resolved[i] else "ok" if error[i] <= rtol * point.size * '
        '1e6 else "wrong")',
        "test_gradients.py::test_the_tolerance_is_what_it_says",
    ),
    Mutant(
        "a check that excuses every error by the differences' own",
        "gradients/check.py",
        "_check_at",
        "resolved = (doubt <= rtol * size) | (doubt <= negligible)",
        "resolved = doubt < np.inf",
        "test_gradients.py::test_where_differences_do_not_settle_it_says_so",
    ),
    Mutant(
        "a check that forgets to fill grad with NaN",
        "gradients/check.py",
        "written_gradient",
        "np.full(point.size, np.nan), np.full(point.size, 0.75)",
        "np.zeros(point.size), np.full(point.size, 0.75)",
        "test_gradients.py::test_a_rebound_name_writes_nothing",
    ),
    Mutant(
        "one-sided differences",
        "gradients/differences.py",
        "finite_difference.by_differences",
        "moved[1, i] = left = theta[i] - h",
        "moved[1, i] = left = theta[i]",
        "test_gradients.py::test_finite_difference_agrees_with_the_written_gradient",
    ),
    Mutant(
        "differences across the edge of the support",
        "gradients/differences.py",
        "finite_difference.by_differences",
        "left, below = theta[i], logp",
        "below = logp",
        "test_gradients.py::test_at_the_edge_of_the_support_differences_are_one_sided",
    ),
    Mutant(
        "beside the entry moved there is anything",
        "gradients/differences.py",
        "finite_difference.by_differences",
        "moved[1, :] = theta",
        "moved[1, :] = 0.0",
        "test_gradients.py::test_finite_difference_agrees_with_the_written_gradient",
    ),
]
