"""Bugs planted in `models/verbs/prediction/`, by file."""

from .bug import Mutant

MUTANTS = [
    Mutant(
        "the draws of a replicated data set are shuffled against each other",
        "models/verbs/prediction/few_draws.py",
        "subset_draws.take",
        "x.reshape(-1, *x.shape[2:])[chosen]",
        "np.sort(x.reshape(-1, *x.shape[2:])[chosen], axis=0)",
        "test_checks.py::test_some_draws_keep_together",
    ),
    Mutant(
        "few draws are the first ones",
        "models/verbs/prediction/few_draws.py",
        "evenly",
        "np.arange(number) * total // number",
        "np.arange(number)",
        "test_predictions.py::test_few_draws_are_every_so_many_of_all",
    ),
    Mutant(
        "the row that is named is the one with the smallest predictor",
        "models/verbs/prediction/linear_predictor.py",
        "outcomes",
        "eta.reshape(-1, eta.shape[-1]).max(axis=0)",
        "-eta.reshape(-1, eta.shape[-1]).max(axis=0)",
        "test_verbs.py::test_counts_too_large_to_draw",
    ),
    Mutant(
        "one factor's word is all factors'",
        "models/verbs/prediction/new_groups.py",
        "ways",
        "new_groups.get(factor, usual) for",
        "next(iter(new_groups.values()), usual) for",
        "test_new_groups.py::test_each_factor_has_its_own_word",
    ),
    Mutant(
        "new levels keep their numbers in a block of rows",
        "models/verbs/prediction/predictions.py",
        "_some_of",
        "index[new] = -1 - renumbered",
        "pass",
        "test_predictions.py::test_new_outcomes_in_blocks_have_their_law",
    ),
]
