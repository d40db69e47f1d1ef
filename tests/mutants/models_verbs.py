"""Bugs planted in `models/verbs/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "draws are replicated more than once",
        "models/verbs/checks.py",
        "replicated",
        "rng.choice(total, min(number, total), replace=False)",
        "rng.choice(total, number)",
        "test_checks.py::test_replicated_data_are_of_different_draws_and_reproducible",
    ),
    Mutant(
        "the means of groups are of all rows",
        "models/verbs/checks.py",
        "level_means",
        "(indicator / indicator.sum(axis=0))",
        "(indicator / y.shape[-1])",
        "test_checks.py::test_level_means",
    ),
    Mutant(
        "the replicated rows keep their order when the observed are sorted by level",
        "models/verbs/checks.py",
        "_along",
        "place[order], y[order], y_rep[:, order]",
        "place[order], y[order], y_rep",
        "test_ribbons.py::test_a_panel_a_level_with_the_intervals_of_its_rows",
    ),
    Mutant(
        "the second bar of a group hides the first",
        "models/verbs/coefficients.py",
        "_by_group",
        "found.setdefault(g.name, {})[name] = draws",
        "found[g.name] = {name: draws}",
        "test_models.py::test_two_bars_of_one_group",
    ),
    Mutant(
        "right minus left",
        "models/verbs/hypothesis.py",
        "_Statement._compared",
        "np.broadcast_to(left - right, shape)",
        "np.broadcast_to(right - left, shape)",
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "a minus sign is passed over",
        "models/verbs/hypothesis.py",
        "_Statement._value",
        "return -value if isinstance(node.op, ast.USub) else value",
        "return value",
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "the Monte Carlo error is that of the difference",
        "models/verbs/hypothesis.py",
        "_table",
        "mcse = diagnostics.mcse_mean(holds)",
        "mcse = diagnostics.mcse_mean(difference)",
        "test_verbs.py::test_probabilities_of_normal_differences",
    ),
    Mutant(
        "and is or",
        "models/verbs/hypothesis.py",
        "_Statement.holds",
        "join = np.logical_and if",
        "join = np.logical_or if",
        "test_verbs.py::test_statements_joined",
    ),
]
