"""Bugs planted in `regression/density/recover/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "more draws change the effects of the first",
        "regression/density/recover/chain.py",
        "recover_chain",
        "rng.standard_normal((n, effects))",
        "np.ascontiguousarray(rng.standard_normal((effects, n)).T)",
        "test_post.py::test_more_draws_leave_the_effects_of_the_first_as_they_are",
    ),
    Mutant(
        "effects of a collapsed term are put at their mean, not drawn",
        "regression/density/recover/general.py",
        "draw_effects",
        "xi[k, j] += inverse[m, k, j] * zeta[m, j]",
        "xi[k, j] += 0.0",
        "test_kernel.py::test_effects_of_a_collapsed_term_have_their_conditional_distribution",
    ),
    Mutant(
        "effects of a collapsed term are drawn with the transposed root",
        "regression/density/recover/general.py",
        "draw_effects",
        "xi[k, j] += inverse[m, k, j] * zeta[m, j]",
        "xi[m, j] += inverse[m, k, j] * zeta[k, j]",
        "test_kernel.py::test_effects_of_a_collapsed_term_have_their_conditional_distribution",
    ),
    Mutant(
        "a centred line is reported with its mean twice",
        "regression/density/recover/lines.py",
        "fill_effects",
        "u[k, j] - mean[k, j]",
        "u[k, j]",
        "test_post.py::test_natural_gives_back_what_a_person_asks_for",
    ),
]
