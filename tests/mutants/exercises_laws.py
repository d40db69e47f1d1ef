"""Bugs planted in `exercises/laws/`, by file."""

from .bug import Mutant

FIT = "exercises/laws/fit.py"
WALK = "exercises/laws/accept_reject.py"
MUTANTS = [
    Mutant(
        "moves are ordered before those that stay",
        FIT,
        "two_orders",
        "stay + (1.0 - stay) * np.abs(2.0 * share - 1.0)",
        "(1.0 - stay) * np.abs(2.0 * share - 1.0)",
        "test_exercise_fit.py::test_two_orders_of_a_draw",
    ),
    Mutant(
        "what stays lies below all moves along the line",
        FIT,
        "two_orders",
        "np.where(above, stay, 0.0)",
        "stay",
        "test_exercise_fit.py::test_two_orders_of_a_draw",
    ),
    Mutant(
        "a draw is reflected by itself",
        FIT,
        "reflected",
        "last = np.concatenate([[0.0], u[:-1]])",
        "last = u",
        "test_exercise_fit.py::test_p_values_of_the_right_law_are_uniform",
    ),
    Mutant(
        "the side is that of all draws",
        FIT,
        "standing",
        "mean = np.cumsum(x) / count",
        "mean = np.full(len(x), x.mean())",
        "test_exercise_fit.py::test_standing_is_that_of_the_path_so_far",
    ),
    Mutant(
        "first draws have no test",
        FIT,
        "fits",
        "if u.size < SHORT:",
        "if False:",
        "test_exercise_fit.py::test_first_draws_of_short_runs_have_a_test_of_their_own",
    ),
    Mutant(
        "several p-values count as one",
        FIT,
        "smallest_of",
        "len(p_values) * min(p_values)",
        "min(p_values)",
        "test_exercise_fit.py::test_p_values_together",
    ),
    Mutant(
        "independent p-values count as one",
        FIT,
        "combined",
        "len(p_values) * np.log1p",
        "np.log1p",
        "test_exercise_fit.py::test_p_values_together",
    ),
    Mutant(
        "a bet wins more than it should",
        FIT,
        "bet_against",
        "return (1.0 - p + p * log_p) / (p * log_p**2)",
        "return 1.0 / p",
        "test_exercise_fit.py::test_a_bet_against_is_one_on_average",
    ),
    Mutant(
        "draws that stay have the density of moves",
        WALK,
        "AcceptReject.logs",
        "return np.where(there == x, stayed,",
        "return np.where(there == np.inf, stayed,",
        "test_exercise_chance.py::test_a_walk_has_the_law_of_its_density_and_of_staying",
    ),
    Mutant(
        "moves that are recorded alone are not more probable",
        WALK,
        "OnlyMoves.logs",
        "- np.log(self.law.chance_to_move(x))",
        "",
        "test_exercise_chance.py::test_laws_of_what_is_recorded",
    ),
]
